// SPDX-License-Identifier: GPL-2.0-only
/*
 * storm.c [SECONDS [WORKERS]]: storms that race on several CPUs: fork and exit, exec, threads that
 * come and go, pipes passed around, faults and copy-on-write, signals in both directions, mappings
 * torn down under threads that use them, futexes, files renamed and removed, pseudo-terminals, three
 * generations that share one region's page tables and change it at once.
 * Every worker checks its own results; the program exits 0 if none found a wrong one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096 };

static const char *self;
static int worker;

/* A storm runs once per call and says whether what it saw was right. */
typedef int storm(void);

static int forks(void)
{
	pid_t pids[8];
	int i, ws, good = 1;

	for (i = 0; i < 8; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(i);
	}
	for (i = 0; i < 8; i++)
		good &= pids[i] < 0 || (waitpid(pids[i], &ws, 0) == pids[i] && ws == i << 8);
	return good;
}

static int execs(void)
{
	int ws = 0;
	pid_t pid = vfork();

	if (pid == 0) {
		execl(self, self, "exit", "42", NULL);
		_exit(1);
	}
	return waitpid(pid, &ws, 0) == pid && ws == 42 << 8;
}

static void *thread_main(void *arg)
{
	int *counter = arg;

	__atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

static int threads(void)
{
	pthread_t tids[8];
	int counter = 0, made = 0, i;

	for (i = 0; i < 8; i++)
		made += pthread_create(&tids[made], NULL, thread_main, &counter) == 0;
	for (i = 0; i < made; i++)
		pthread_join(tids[i], NULL);
	return counter == made;
}

static int pipes(void)
{
	char out[3000], in[3000];
	int fd[2], sv[2], ws = 0;
	size_t done = 0;
	ssize_t n;
	pid_t pid;

	if (pipe(fd) || socketpair(AF_UNIX, SOCK_STREAM, 0, sv))
		return 0;
	memset(out, worker + 'a', sizeof(out));
	pid = fork();
	if (pid == 0) {
		/* Echo everything from the pipe to the socket. */
		close(fd[1]);
		while ((n = read(fd[0], in, 700)) > 0)
			if (write(sv[1], in, n) != n)
				_exit(1);
		_exit(0);
	}
	close(fd[0]);
	close(sv[1]);
	n = write(fd[1], out, sizeof(out));
	close(fd[1]);
	while (done < sizeof(in) && (n = read(sv[0], in + done, sizeof(in) - done)) > 0)
		done += n;
	close(sv[0]);
	return waitpid(pid, &ws, 0) == pid && ws == 0 && done == sizeof(in) &&
	       memcmp(in, out, sizeof(in)) == 0;
}

static int faults(void)
{
	size_t pages = 64, i;
	unsigned char *p = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int ws = 0, good = 1;
	pid_t pid;

	if (p == MAP_FAILED)
		return 0;
	for (i = 0; i < pages; i++)
		p[i * PAGE] = i;
	pid = fork();
	for (i = 0; i < pages; i++) {
		good &= p[i * PAGE] == i;
		p[i * PAGE] = i + (pid == 0 ? 1 : 2);
	}
	for (i = 0; i < pages; i++)
		good &= p[i * PAGE] == (unsigned char)(i + (pid == 0 ? 1 : 2));
	if (pid == 0)
		_exit(!good);
	munmap(p, pages * PAGE);
	return waitpid(pid, &ws, 0) == pid && ws == 0 && good;
}

static volatile sig_atomic_t received;

static void on_signal(int sig)
{
	(void)sig;
	received++;
}

static int signals(void)
{
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	pid_t parent = getpid(), pid;
	int i, ws = 0;

	received = 0;
	sigaction(SIGUSR1, &act, NULL);
	pid = fork();
	if (pid == 0) {
		for (i = 0; i < 20; i++)
			kill(parent, SIGUSR1);
		pause();
		_exit(1);
	}
	while (!received)
		usleep(100);
	for (i = 0; i < 20; i++)
		kill(pid, SIGUSR1);
	kill(pid, SIGKILL);
	return waitpid(pid, &ws, 0) == pid && (WIFSIGNALED(ws) || ws == 1 << 8);
}

static char *volatile shared_map;
static volatile int stop_touching;

static void *touch(void *arg)
{
	(void)arg;
	while (!stop_touching) {
		char *p = shared_map;

		p[0]++;
		p[PAGE]++;
	}
	return NULL;
}

/* One thread uses a mapping that the other keeps replacing, protecting and moving back. */
static int mappings(void)
{
	pthread_t tid;
	int i;

	stop_touching = 0;
	shared_map = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	if (pthread_create(&tid, NULL, touch, NULL))
		return 1;
	for (i = 0; i < 50; i++) {
		mmap(shared_map, 2 * PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		madvise(shared_map, 2 * PAGE, MADV_DONTNEED);
		mprotect(shared_map, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
		mprotect(shared_map, PAGE, PROT_READ | PROT_WRITE);
	}
	stop_touching = 1;
	pthread_join(tid, NULL);
	return munmap(shared_map, 2 * PAGE) == 0;
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int guarded;

static void *contend(void *arg)
{
	int i;

	for (i = 0; i < 300; i++) {
		pthread_mutex_lock(&mutex);
		guarded++;
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

static int futexes(void)
{
	pthread_t tids[4];
	int i, made = 0;

	guarded = 0;
	for (i = 0; i < 4; i++)
		made += pthread_create(&tids[made], NULL, contend, NULL) == 0;
	for (i = 0; i < made; i++)
		pthread_join(tids[i], NULL);
	return guarded == made * 300;
}

/* All workers use the same few names, so they meet. */
static int files(void)
{
	char a[32], b[32], buf[64];
	int i, fd, good = 1;

	for (i = 0; i < 20; i++) {
		snprintf(a, sizeof(a), "/tmp/storm/f%d", rand() % 4);
		snprintf(b, sizeof(b), "/tmp/storm/d%d/f%d", rand() % 2, rand() % 4);
		fd = open(a, O_CREAT | O_RDWR | O_APPEND, 0644);
		if (fd >= 0) {
			good &= write(fd, "line\n", 5) == 5;
			good &= pread(fd, buf, sizeof(buf), 0) >= 5;
			close(fd);
		}
		rename(a, b);
		link(b, a);
		if (rand() % 2)
			unlink(rand() % 2 ? a : b);
		rename(b, a);
	}
	return good;
}

static int terminals(void)
{
	char name[32], buf[64];
	int master = open("/dev/ptmx", O_RDWR | O_NOCTTY), slave, n = 0, zero = 0, good;

	if (master < 0)
		return errno == ENOSPC;
	ioctl(master, TIOCSPTLCK, &zero);
	ioctl(master, TIOCGPTN, &n);
	snprintf(name, sizeof(name), "/dev/pts/%d", n);
	slave = open(name, O_RDWR | O_NOCTTY);
	good = slave >= 0 && write(master, "hello\n", 6) == 6 && read(slave, buf, 64) == 6;
	close(rand() % 2 ? master : slave);
	close(master);
	close(slave);
	return good;
}

/*
 * Three generations share the page tables of a region of 12 MiB, and each changes it in every way there is while
 * the others do; expected[] of each says what its first byte of every 16th page must be.
 */
enum { FAMILY_PAGES = 3072, FAMILY_STEP = 16, FAMILY_SPOTS = FAMILY_PAGES / FAMILY_STEP };
static unsigned char expected[FAMILY_SPOTS];
static volatile int family_stop;

static void *keep_writing(void *arg)
{
	volatile unsigned long *word = arg;
	unsigned long n;

	for (n = 1; !family_stop; n++) {
		*word = n;
		if (*word != n)
			return arg;
	}
	return NULL;
}

static int family_change(unsigned char *region, int spot)
{
	const size_t len = FAMILY_STEP * PAGE;
	unsigned char *p = region + spot * len, *moved;

	switch (rand() % 6) {
	case 0:
		*p = expected[spot] = rand();
		return 1;
	case 1:
		return mprotect(p, len, PROT_READ) == 0 && *p == expected[spot] &&
		       mprotect(p, len, PROT_READ | PROT_WRITE) == 0;
	case 2:
		expected[spot] = 0;
		return madvise(p, len, MADV_DONTNEED) == 0;
	case 3:
		expected[spot] = 0;
		return mmap(p, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == p;
	case 4:
		moved = mremap(p, len, len, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
		return moved != MAP_FAILED && *moved == expected[spot] && *p == 0 &&
		       mremap(moved, len, len, MREMAP_MAYMOVE | MREMAP_FIXED, p) == p;
	default:
		return *p == expected[spot];
	}
}

static int family_member(unsigned char *region, int generation)
{
	int i, ws, good = 1;
	pid_t pid = 0;

	srand(rand() + generation);
	if (generation < 3) {
		pid = fork();
		if (pid == 0)
			_exit(!family_member(region, generation + 1));
	}
	for (i = 0; i < 60; i++)
		good &= family_change(region, rand() % (FAMILY_SPOTS - 1));
	for (i = 0; i < FAMILY_SPOTS - 1; i++)
		good &= region[i * FAMILY_STEP * PAGE] == expected[i];
	return (pid <= 0 || (waitpid(pid, &ws, 0) == pid && ws == 0)) && good;
}

static int families(void)
{
	unsigned char *region = mmap(NULL, FAMILY_PAGES * PAGE, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	void *wrong = NULL;
	pthread_t writer;
	int i, good;

	if (region == MAP_FAILED)
		return 0;
	for (i = 0; i < FAMILY_SPOTS; i++)
		region[i * FAMILY_STEP * PAGE] = expected[i] = i + 1;
	family_stop = 0;
	if (pthread_create(&writer, NULL, keep_writing, region + (FAMILY_PAGES - 1) * PAGE))
		return 0;
	good = family_member(region, 1);
	family_stop = 1;
	pthread_join(writer, &wrong);
	munmap(region, FAMILY_PAGES * PAGE);
	return good && !wrong;
}

static storm *const storms[] = { forks, execs, threads, pipes, faults, signals, mappings, futexes,
				 files, terminals, families };
static const char *const names[] = { "forks", "execs", "threads", "pipes", "faults", "signals",
				     "mappings", "futexes", "files", "terminals", "families" };

static int work(time_t end)
{
	int bad = 0;

	srand(getpid());
	while (time(NULL) < end) {
		int i = rand() % (sizeof(storms) / sizeof(storms[0]));

		alarm(60);			/* a storm that hangs kills its worker */
		if (!storms[i]()) {
			printf("storm: worker %d: %s saw a wrong result\n", worker, names[i]);
			fflush(stdout);
			bad++;
		}
	}
	return bad != 0;
}

int main(int argc, char **argv)
{
	int seconds = argc > 1 ? atoi(argv[1]) : 10, workers = argc > 2 ? atoi(argv[2]) : 6;
	time_t end = time(NULL) + seconds;
	int i, ws, bad = 0;

	if (argc > 2 && strcmp(argv[1], "exit") == 0)
		return atoi(argv[2]);
	self = argv[0];
	mkdir("/tmp/storm", 0777);
	mkdir("/tmp/storm/d0", 0777);
	mkdir("/tmp/storm/d1", 0777);
	for (i = 0; i < workers; i++) {
		worker = i;
		if (fork() == 0)
			_exit(work(end));
	}
	while (wait(&ws) > 0)
		bad += ws != 0;
	if (system("rm -rf /tmp/storm"))
		bad++;
	printf("storm: %d workers, %d bad\n", workers, bad);
	return bad != 0;
}
