// SPDX-License-Identifier: GPL-2.0-only
/* t_threads.c: POSIX threads: creation, TLS, mutexes, signals to threads, robust mutexes, cancel. */
#include "tap.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sched.h>
#include <semaphore.h>

static __thread int local = 5;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static volatile int value;

static void *return_arg(void *arg)
{
	return arg;
}

TEST(create_and_join)
{
	pthread_t thread;
	void *result;

	CHECK_EQ(pthread_create(&thread, NULL, return_arg, (void *)77L), 0);
	CHECK_EQ(pthread_join(thread, &result), 0);
	CHECK_EQ((long)result, 77);
}

static void *use_tls(void *arg)
{
	long me = (long)arg;
	int i;

	if (local != 5)
		return (void *)1L;
	for (i = 0; i < 50; i++) {
		local = me;
		sched_yield();
		if (local != me)
			return (void *)2L;
	}
	return NULL;
}

TEST(tls)
{
	pthread_t threads[8];
	void *result;
	long i;

	for (i = 0; i < 8; i++)
		pthread_create(&threads[i], NULL, use_tls, (void *)(i + 100));
	for (i = 0; i < 8; i++) {
		pthread_join(threads[i], &result);
		CHECK_EQ((long)result, 0);
	}
	CHECK_EQ(local, 5);
}

static void *identify(void *arg)
{
	pid_t *ids = arg;

	ids[0] = getpid();
	ids[1] = syscall(SYS_gettid);
	ids[2] = getppid();
	return NULL;
}

TEST(one_process)
{
	pid_t ids[3];
	pthread_t thread;

	pthread_create(&thread, NULL, identify, ids);
	pthread_join(thread, NULL);
	CHECK_EQ(ids[0], getpid());
	CHECK(ids[1] != getpid());
	CHECK_EQ(ids[2], getppid());
}

static void *add_many(void *arg)
{
	int i;

	for (i = 0; i < 2000; i++) {
		pthread_mutex_lock(&mutex);
		value++;
		pthread_mutex_unlock(&mutex);
	}
	return arg;
}

TEST(mutex)
{
	pthread_t threads[6];
	int i;

	for (i = 0; i < 6; i++)
		pthread_create(&threads[i], NULL, add_many, NULL);
	for (i = 0; i < 6; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(value, 12000);
}

static void *ping(void *arg)
{
	int i;

	pthread_mutex_lock(&mutex);
	for (i = 0; i < 200; i++) {
		while (value % 2 == 0)
			pthread_cond_wait(&cond, &mutex);
		value++;
		pthread_cond_signal(&cond);
	}
	pthread_mutex_unlock(&mutex);
	return arg;
}

TEST(condition_variable)
{
	struct timespec when;
	pthread_t thread;
	int i;

	pthread_create(&thread, NULL, ping, NULL);
	pthread_mutex_lock(&mutex);
	for (i = 0; i < 200; i++) {
		value++;
		pthread_cond_signal(&cond);
		while (value % 2 == 1)
			pthread_cond_wait(&cond, &mutex);
	}
	CHECK_EQ(value, 400);
	clock_gettime(CLOCK_REALTIME, &when);
	when.tv_nsec += 20000000;
	if (when.tv_nsec >= 1000000000) {
		when.tv_nsec -= 1000000000;
		when.tv_sec++;
	}
	CHECK_EQ(pthread_cond_timedwait(&cond, &mutex, &when), ETIMEDOUT);
	pthread_mutex_unlock(&mutex);
	pthread_join(thread, NULL);
}

static sem_t sem_a, sem_b;

static void *sem_thread(void *arg)
{
	int i;

	for (i = 0; i < 100; i++) {
		sem_wait(&sem_a);
		value++;
		sem_post(&sem_b);
	}
	return arg;
}

TEST(semaphores)
{
	pthread_t thread;
	int i;

	sem_init(&sem_a, 0, 0);
	sem_init(&sem_b, 0, 0);
	pthread_create(&thread, NULL, sem_thread, NULL);
	for (i = 0; i < 100; i++) {
		sem_post(&sem_a);
		sem_wait(&sem_b);
	}
	pthread_join(thread, NULL);
	CHECK_EQ(value, 100);
}

TEST(process_shared_semaphore)
{
	sem_t *sem = shared_page();
	pid_t pid;

	sem_init(sem, 1, 0);
	pid = fork();
	if (pid == 0) {
		sleep_ms(10);
		sem_post(sem);
		finish();
	}
	CHECK_OK(sem_wait(sem));
	expect_exit(pid, 0);
}

static pthread_barrier_t barrier;

static void *barrier_thread(void *arg)
{
	int i;

	for (i = 0; i < 20; i++) {
		__atomic_add_fetch(&value, 1, __ATOMIC_SEQ_CST);
		pthread_barrier_wait(&barrier);
		if (value < (i + 1) * 4)
			*(int *)arg = 1;
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

TEST(barriers)
{
	pthread_t threads[4];
	int bad = 0, i;

	pthread_barrier_init(&barrier, NULL, 4);
	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, barrier_thread, &bad);
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(bad, 0);
	CHECK_EQ(value, 80);
}

static volatile pid_t handled_by;

static void note_tid(int sig)
{
	(void)sig;
	handled_by = syscall(SYS_gettid);
}

static void *wait_for_handler(void *arg)
{
	*(pid_t *)arg = syscall(SYS_gettid);
	while (!handled_by)
		sched_yield();
	return NULL;
}

TEST(pthread_kill_reaches_its_thread)
{
	volatile pid_t tid = 0;
	pthread_t thread;

	set_handler(SIGUSR1, note_tid, 0);
	pthread_create(&thread, NULL, wait_for_handler, (void *)&tid);
	while (!tid)
		sched_yield();
	CHECK_EQ(pthread_kill(thread, SIGUSR1), 0);
	pthread_join(thread, NULL);
	CHECK_EQ(handled_by, tid);
}

TEST(process_signal_finds_an_unblocked_thread)
{
	volatile pid_t tid = 0;
	pthread_t thread;

	set_handler(SIGUSR1, note_tid, 0);
	pthread_create(&thread, NULL, wait_for_handler, (void *)&tid);
	block_signal(SIGUSR1);
	while (!tid)
		sched_yield();
	kill(getpid(), SIGUSR1);
	pthread_join(thread, NULL);
	CHECK_EQ(handled_by, tid);
}

static void *lock_and_die(void *arg)
{
	pthread_mutex_lock(arg);
	return NULL;
}

TEST(robust_mutex)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t robust;
	pthread_t thread;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&robust, &attr);
	pthread_create(&thread, NULL, lock_and_die, &robust);
	pthread_join(thread, NULL);
	CHECK_EQ(pthread_mutex_lock(&robust), EOWNERDEAD);
	CHECK_EQ(pthread_mutex_consistent(&robust), 0);
	CHECK_EQ(pthread_mutex_unlock(&robust), 0);
	CHECK_EQ(pthread_mutex_lock(&robust), 0);
}

TEST(robust_mutex_of_a_killed_process)
{
	pthread_mutex_t *robust = shared_page();
	volatile int *flag = shared_page();
	pthread_mutexattr_t attr;
	pid_t pid;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(robust, &attr);
	pid = fork();
	if (pid == 0) {
		pthread_mutex_lock(robust);
		*flag = 1;
		for (;;)
			pause();
	}
	CHECK(wait_flag(flag));
	CHECK_EQ(pthread_mutex_trylock(robust), EBUSY);
	kill(pid, SIGKILL);
	CHECK_EQ(pthread_mutex_lock(robust), EOWNERDEAD);
	expect_signal(pid, SIGKILL);
}

static void *sleep_forever(void *arg)
{
	for (;;)
		pause();
	return arg;
}

TEST(cancel)
{
	pthread_t thread;
	void *result;

	pthread_create(&thread, NULL, sleep_forever, NULL);
	sleep_ms(5);
	CHECK_EQ(pthread_cancel(thread), 0);
	CHECK_EQ(pthread_join(thread, &result), 0);
	CHECK(result == PTHREAD_CANCELED);
}

TEST(fork_takes_only_the_caller)
{
	pthread_t thread;
	pid_t pid;

	pthread_create(&thread, NULL, sleep_forever, NULL);
	pid = fork();
	if (pid == 0) {
		CHECK(file_has("/proc/self/status", "Threads:\t1\n"));
		finish();
	}
	expect_exit(pid, 0);
	CHECK(file_has("/proc/self/status", "Threads:\t2\n"));
	pthread_cancel(thread);
	pthread_join(thread, NULL);
}

TEST(fatal_signal_takes_all)
{
	pthread_t thread;
	pid_t pid = fork();

	if (pid == 0) {
		pthread_create(&thread, NULL, sleep_forever, NULL);
		pthread_create(&thread, NULL, sleep_forever, NULL);
		sleep_ms(2);
		pthread_kill(thread, SIGTERM);
		sleep_forever(NULL);
	}
	expect_signal(pid, SIGTERM);
}

TEST(stop_takes_all)
{
	volatile int *counter = shared_page();
	int before, i;
	pid_t pid = fork();

	if (pid == 0) {
		pthread_t thread;

		pthread_create(&thread, NULL, sleep_forever, NULL);
		for (;;)
			++*counter;
	}
	CHECK(wait_flag(counter));
	kill(pid, SIGSTOP);
	CHECK_EQ(waitpid(pid, NULL, WUNTRACED), pid);
	before = *counter;
	sleep_ms(20);
	CHECK_EQ(*counter, before);
	kill(pid, SIGCONT);
	CHECK_EQ(waitpid(pid, NULL, WCONTINUED), pid);
	for (i = 0; i < 100 && *counter == before; i++)	/* its CPU may be slow */
		sleep_ms(20);
	CHECK(*counter != before);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

TEST(many_threads)
{
	pthread_t threads[50];
	int i, round;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < 50; i++)
			REQUIRE(pthread_create(&threads[i], NULL, return_arg, NULL) == 0);
		for (i = 0; i < 50; i++)
			pthread_join(threads[i], NULL);
	}
	CHECK(wait_state(getpid(), 'R'));
	/* A joined thread has left user mode for good, but may be a moment from the end of its exit. */
	for (i = 0; i < 100 && !file_has("/proc/self/status", "Threads:\t1\n"); i++)
		usleep(10000);
	CHECK(file_has("/proc/self/status", "Threads:\t1\n"));
}

static long vmalloc_used_kb(void)
{
	static char text[4096];
	char *line;

	read_file("/proc/meminfo", text, sizeof(text));
	line = strstr(text, "VmallocUsed:");
	REQUIRE(line);
	return atol(line + strlen("VmallocUsed:"));
}

/* The kernel stacks of the dead are not kept, but for a few. */
TEST(stacks_of_the_dead)
{
	enum { MANY = 400 };
	static pid_t pids[MANY];
	long before = vmalloc_used_kb(), with_them;
	int fd[2], i;

	REQUIRE(pipe(fd) == 0);
	for (i = 0; i < MANY; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			close(fd[1]);
			read(fd[0], &i, 1);
			_exit(0);
		}
		REQUIRE(pids[i] > 0);
	}
	with_them = vmalloc_used_kb();
	close(fd[1]);
	for (i = 0; i < MANY; i++)
		expect_exit(pids[i], 0);
	if (with_them - before < MANY)	/* Linux on arm */
		skip("stacks are not in vmalloc's space");
	CHECK(with_them - before >= MANY * 6);	/* KiB; a stack has 8, and few come from those kept */
	for (i = 0; i < 100 && vmalloc_used_kb() - before > (with_them - before) / 4; i++)
		usleep(50000);
	CHECK(vmalloc_used_kb() - before <= (with_them - before) / 4);
}

static void *sum_floats(void *arg)
{
	double x = (long)arg, y = 0;
	int i;

	for (i = 0; i < 200000; i++)
		y += x;
	return (void *)(long)(y == x * 200000);
}

TEST(floating_point_is_per_thread)
{
	pthread_t threads[4];
	void *good;
	long i;

	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, sum_floats, (void *)(i + 3));
	for (i = 0; i < 4; i++) {
		pthread_join(threads[i], &good);
		CHECK(good != NULL);
	}
}

TEST(task_directory)
{
	char path[64];
	pthread_t thread;

	pthread_create(&thread, NULL, sleep_forever, NULL);
	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", getpid());
	CHECK_OK(access(path, R_OK));
	pthread_cancel(thread);
	pthread_join(thread, NULL);
}

static volatile bool enough;

static void *short_lived(void *arg)
{
	return arg;
}

static void *thread_maker(void *arg)
{
	pthread_t thread;

	while (!enough)
		if (pthread_create(&thread, NULL, short_lived, NULL) == 0)
			pthread_join(thread, NULL);
	return arg;
}

/* The times of a group are added up while its threads come and go: by another process, and by one of them. */
TEST(times_of_a_changing_group)
{
	pthread_t makers[2];
	char path[64], text[512];
	struct rusage usage;
	pid_t pid, group = getpid();
	int i;

	for (i = 0; i < 2; i++)
		REQUIRE(pthread_create(&makers[i], NULL, thread_maker, NULL) == 0);
	pid = fork();
	if (pid == 0) {
		snprintf(path, sizeof(path), "/proc/%d/stat", group);
		for (i = 0; i < 500; i++)
			CHECK(read_file(path, text, sizeof(text)) > 0);
		finish();
	}
	for (i = 0; i < 2000; i++)
		CHECK_OK(getrusage(RUSAGE_SELF, &usage));
	expect_exit(pid, 0);
	enough = true;
	for (i = 0; i < 2; i++)
		pthread_join(makers[i], NULL);
}
