// SPDX-License-Identifier: GPL-2.0-only
/*
 * harness.c: what tap.h declares: checks, running one program's tests, helpers for tests.
 *
 * Output goes straight to descriptor 1 by write(2), one line at a time, so that nothing is printed
 * twice after fork and nothing is lost when a test dies. The failure count is per process.
 */
#include "tap.h"

#include <dirent.h>
#include <ftw.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/utsname.h>

enum { STATUS_FAILED = 1, STATUS_SKIPPED = 77 };

extern const struct test_case __start_test_cases[], __stop_test_cases[];
extern const struct test_helper __start_test_helpers[], __stop_test_helpers[];

const char *self_path = "/tests/run";
static int failures;		/* atomic: threads fail too */
static volatile pid_t running;	/* the test the time limit would kill */
static volatile sig_atomic_t timed_out;

static void say(const char *format, ...)
{
	char line[400];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (n >= (int)sizeof(line)) {
		n = sizeof(line) - 1;
		line[n - 1] = '\n';
	}
	if (write(STDOUT_FILENO, line, n) < 0)
		_exit(STATUS_FAILED);
}

void note(const char *format, ...)
{
	char line[300];
	va_list args;
	int err = errno;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	say("# %s\n", line);
	errno = err;
}

static void fail(const char *file, int line, const char *what, const char *detail)
{
	__atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);
	note("%s:%d: %s: %s", file, line, what, detail);
}

bool check(bool good, const char *file, int line, const char *what)
{
	char detail[64];

	if (good)
		return true;
	snprintf(detail, sizeof(detail), "false (errno %d, %.40s)", errno, strerror(errno));
	fail(file, line, what, detail);
	return false;
}

bool check_eq(long long got, long long want, const char *file, int line, const char *what)
{
	char detail[128];

	if (got == want)
		return true;
	snprintf(detail, sizeof(detail), "got %lld (%#llx), want %lld (%#llx), errno %d",
		 got, (unsigned long long)got, want, (unsigned long long)want, errno);
	fail(file, line, what, detail);
	return false;
}

bool check_str(const char *got, const char *want, const char *file, int line, const char *what)
{
	char detail[200];

	if (got && strcmp(got, want) == 0)
		return true;
	snprintf(detail, sizeof(detail), "got \"%.80s\", want \"%.80s\"", got ? got : "(null)", want);
	fail(file, line, what, detail);
	return false;
}

long check_err(long result, int want, const char *file, int line, const char *what)
{
	char detail[128];
	int err = errno;

	if (result == -1 && err == want)
		return result;
	snprintf(detail, sizeof(detail), "got %ld, errno %d (%.30s), want errno %d (%.30s)",
		 result, err, strerror(err), want, strerror(want));
	fail(file, line, what, detail);
	return result;
}

long check_ok(long result, const char *file, int line, const char *what)
{
	char detail[80];

	if (result != -1)
		return result;
	snprintf(detail, sizeof(detail), "errno %d (%.40s)", errno, strerror(errno));
	fail(file, line, what, detail);
	return result;
}

void skip(const char *reason)
{
	note("SKIP %s", reason);
	_exit(STATUS_SKIPPED);
}

void finish(void)
{
	_exit(failures ? STATUS_FAILED : 0);
}

void expect_exit(pid_t pid, int status)
{
	int ws = 0;

	if (!CHECK(waitpid(pid, &ws, 0) == pid))
		return;
	if (!WIFEXITED(ws) || WEXITSTATUS(ws) != status) {
		note("child %d: wait status %#x, want exit %d", pid, ws, status);
		CHECK(!"child's exit status");
	}
}

void in_child(void (*fn)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		fn();
		finish();
	}
	expect_exit(pid, 0);
}

void expect_signal(pid_t pid, int sig)
{
	int ws = 0;

	if (!CHECK(waitpid(pid, &ws, 0) == pid))
		return;
	if (!WIFSIGNALED(ws) || WTERMSIG(ws) != sig) {
		note("child %d: wait status %#x, want signal %d", pid, ws, sig);
		CHECK(!"child's death signal");
	}
}

static sigjmp_buf fault_jump;
static siginfo_t fault_info;

static void fault_handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	fault_info = *info;
	siglongjmp(fault_jump, sig);
}

int fault_of(void (*fn)(void *arg), void *arg, siginfo_t *info)
{
	static const int sigs[] = { SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGSYS };
	static char stack[65536];
	struct sigaction act = { .sa_sigaction = fault_handler }, old[ARRAY_SIZE(sigs)];
	stack_t alt = { .ss_sp = stack, .ss_size = sizeof(stack) };
	volatile int got;
	size_t i;

	act.sa_flags = SA_SIGINFO | SA_ONSTACK;
	sigaltstack(&alt, NULL);
	for (i = 0; i < ARRAY_SIZE(sigs); i++)
		sigaction(sigs[i], &act, &old[i]);
	got = sigsetjmp(fault_jump, 1);
	if (got == 0)
		fn(arg);
	for (i = 0; i < ARRAY_SIZE(sigs); i++)
		sigaction(sigs[i], &old[i], NULL);
	if (got && info)
		*info = fault_info;
	return got;
}

void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	REQUIRE(fd >= 0);
	CHECK_EQ(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

int try_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), err = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		err = errno;
	close(fd);
	return err;
}

ssize_t read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t done = 0;
	ssize_t n = 0;

	buf[0] = '\0';
	if (fd < 0)
		return -1;
	while (done < size - 1 && (n = read(fd, buf + done, size - 1 - done)) > 0)
		done += n;
	close(fd);
	buf[done] = '\0';
	return n < 0 ? -1 : (ssize_t)done;
}

bool kernel_is_64bit(void)
{
	struct utsname uts;

	return uname(&uts) == 0 && strcmp(uts.machine, "aarch64") == 0;
}

bool is_compat(void)
{
	return sizeof(long) == 4 && kernel_is_64bit();
}

bool file_has(const char *path, const char *text)
{
	static char buf[65536];

	return read_file(path, buf, sizeof(buf)) >= 0 && strstr(buf, text);
}

int open_fds(void)
{
	int fd, count = 0;

	for (fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

void sleep_ms(int ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000L };

	while (nanosleep(&ts, &ts) < 0 && errno == EINTR)
		;
}

long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

bool wait_flag(volatile int *flag)
{
	int i;

	for (i = 0; i < 5000 && !*flag; i++)
		sleep_ms(1);
	return *flag;
}

bool wait_state(pid_t pid, char state)
{
	char path[40], buf[512], *p;
	int i;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	for (i = 0; i < 1000; i++) {
		if (read_file(path, buf, sizeof(buf)) > 0) {
			p = strrchr(buf, ')');
			if (p && p[2] == state)
				return true;
		}
		sleep_ms(5);
	}
	return false;
}

void *shared_page(void)
{
	void *page = mmap(NULL, getpagesize(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
			  -1, 0);

	REQUIRE(page != MAP_FAILED);
	return page;
}

void become_user(void)
{
	REQUIRE(setgroups(0, NULL) == 0);
	REQUIRE(setresgid(1000, 1000, 1000) == 0);
	REQUIRE(setresuid(1000, 1000, 1000) == 0);
}

void own_mounts(void)
{
	REQUIRE(unshare(CLONE_NEWNS) == 0);
	REQUIRE(mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) == 0);
}

void set_handler(int sig, void (*handler)(int), int flags)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = flags };

	REQUIRE(sigaction(sig, &act, NULL) == 0);
}

void block_signal(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	REQUIRE(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
}

void gate_init(struct gate *gate)
{
	REQUIRE(pipe(gate->fd) == 0);
}

void gate_open(struct gate *gate)
{
	close(gate->fd[1]);
}

void gate_wait(struct gate *gate)
{
	char byte;

	close(gate->fd[1]);
	while (read(gate->fd[0], &byte, 1) < 0 && errno == EINTR)
		;
}

static void on_time_limit(int sig)
{
	(void)sig;
	timed_out = 1;
	if (running > 0) {
		kill(-running, SIGKILL);
		kill(running, SIGKILL);
	}
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path) && errno != ENOENT ? 0 : 0;
}

/* Kill and reap what a finished test left behind; how many processes were still alive. */
static int reap_strays(void)
{
	int strays = 0, tries;
	siginfo_t info;

	for (tries = 0; tries < 100; tries++) {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG) < 0)
			break;	/* no children at all */
		if (info.si_pid)
			tries = 0;
		else
			sleep_ms(2);
	}
	if (tries == 100) {
		DIR *proc = opendir("/proc");
		struct dirent *entry;
		char path[300], buf[512], *p;

		while (proc && (entry = readdir(proc))) {
			snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
			if (atoi(entry->d_name) <= 0 || read_file(path, buf, sizeof(buf)) <= 0)
				continue;
			p = strrchr(buf, ')');
			if (!p || atoi(p + 4) != getpid())
				continue;
			note("left running: %.60s", buf);
			kill(atoi(entry->d_name), SIGKILL);
			strays++;
		}
		if (proc)
			closedir(proc);
		while (strays && waitpid(-1, NULL, 0) > 0)
			;
	}
	return strays;
}

static void run_child(const struct test_case *test, const char *dir)
{
	setpgid(0, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	signal(SIGALRM, SIG_DFL);
	if (chdir(dir) < 0)
		note("no directory of its own: %s", strerror(errno));
	umask(022);
	test->run();
	finish();
}

/* One test: its TAP line, and false if it failed. */
static bool run_case(const struct test_case *test, int number)
{
	char dir[32], why[64] = "";
	int ws = 0, strays;
	bool good, skipped;

	snprintf(dir, sizeof(dir), "/tmp/t.%d", getpid());
	mkdir(dir, 0777);
	chmod(dir, 0777);
	timed_out = 0;
	running = fork();
	if (running == 0)
		run_child(test, dir);
	if (running < 0) {
		say("not ok %d - %s # fork: %s\n", number, test->name, strerror(errno));
		return false;
	}
	alarm(test->seconds);
	while (waitpid(running, &ws, 0) < 0 && errno == EINTR)
		;
	alarm(0);
	running = 0;
	strays = reap_strays();
	nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);

	skipped = WIFEXITED(ws) && WEXITSTATUS(ws) == STATUS_SKIPPED;
	good = (skipped || (WIFEXITED(ws) && WEXITSTATUS(ws) == 0)) && !strays;
	if (timed_out)
		snprintf(why, sizeof(why), " # no end after %u s", test->seconds);
	else if (WIFSIGNALED(ws))
		snprintf(why, sizeof(why), " # died: signal %d (%s)", WTERMSIG(ws),
			 strsignal(WTERMSIG(ws)));
	else if (strays)
		snprintf(why, sizeof(why), " # %d children left running", strays);
	else if (skipped)
		snprintf(why, sizeof(why), " # SKIP");
	say("%s %d - %s%s\n", good ? "ok" : "not ok", number, test->name, why);
	return good;
}

const struct test_case *all_cases(size_t *count)
{
	*count = __stop_test_cases - __start_test_cases;
	return __start_test_cases;
}

bool program_exists(const char *program)
{
	const struct test_case *test;

	for (test = __start_test_cases; test < __stop_test_cases; test++)
		if (strcmp(test->program, program) == 0)
			return true;
	return false;
}

/* Run a program's tests, or only the one named; 0 if all are good. */
int run_program(const char *program, const char *only)
{
	const struct test_case *test;
	int number = 0, bad = 0;

	set_handler(SIGALRM, on_time_limit, 0);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (test = __start_test_cases; test < __stop_test_cases; test++) {
		if (strcmp(test->program, program) || (only && strcmp(test->name, only)))
			continue;
		bad += !run_case(test, ++number);
	}
	say("1..%d\n", number);
	return bad || !number;
}

int run_helper(const char *name, int argc, char **argv)
{
	const struct test_helper *helper;
	char full[80];

	for (helper = __start_test_helpers; helper < __stop_test_helpers; helper++) {
		snprintf(full, sizeof(full), "%s.%s", helper->program, helper->name);
		if (strcmp(full, name) == 0)
			return helper->main(argc, argv);
	}
	fprintf(stderr, "no helper %s\n", name);
	return 127;
}
