// SPDX-License-Identifier: GPL-2.0-only
/* t_exec.c: execve and execveat: what survives, what is reset, every refusal, scripts, auxv. */
#include "tap.h"

#include <elf.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/resource.h>

extern char **environ;

/* Exit with argv[1] as status. */
HELPER(status)
{
	return argc > 1 ? atoi(argv[1]) : 99;
}

static pid_t exec_helper(char *const args[], char *const env[])
{
	pid_t pid = fork();

	if (pid == 0) {
		execve(self_path, args, env);
		_exit(126);
	}
	return pid;
}

static void write_program(const char *name, const char *text)
{
	write_file(name, text);
	chmod(name, 0755);
}

TEST(basic)
{
	char *args[] = { "x", "@t_exec.status", "23", NULL };

	expect_exit(exec_helper(args, environ), 23);
}

HELPER(args)
{
	int i;

	CHECK_EQ(argc, 5);
	CHECK_STR(argv[1], "");
	CHECK_STR(argv[2], "two words");
	CHECK_EQ(strlen(argv[3]), 100000);
	CHECK_STR(argv[4], "last");
	CHECK(argv[5] == NULL);
	CHECK_STR(getenv("A"), "1");
	CHECK_STR(getenv("EMPTY"), "");
	for (i = 0; environ[i]; i++)
		;
	CHECK_EQ(i, 3);
	finish();
}

TEST(arguments_and_environment)
{
	char *big = malloc(100001);
	char *args[] = { "x", "@t_exec.args", "", "two words", big, "last", NULL };
	char *env[] = { "A=1", "EMPTY=", "LONG=1234567890", NULL };

	memset(big, 'b', 100000);
	big[100000] = '\0';
	expect_exit(exec_helper(args, env), 0);
}

TEST(refusals)
{
	char *args[] = { "x", NULL };
	int fd;

	CHECK_ERR(execve("missing", args, environ), ENOENT);
	CHECK_ERR(execve("", args, environ), ENOENT);
	CHECK_ERR(execve("/dev", args, environ), EACCES);
	CHECK_ERR(execve("/dev/null", args, environ), EACCES);
	CHECK_ERR(execve("/dev/null/x", args, environ), ENOTDIR);
	write_file("noexec", "#!/bin/sh\n");
	CHECK_ERR(execve("noexec", args, environ), EACCES);
	symlink("loop", "loop");
	CHECK_ERR(execve("loop", args, environ), ELOOP);
	write_program("text", "plain text");
	CHECK_ERR(execve("text", args, environ), ENOEXEC);
	write_program("empty", "");
	CHECK_ERR(execve("empty", args, environ), ENOEXEC);
	fd = open("text", O_WRONLY);
	CHECK_ERR(execve("text", args, environ), ETXTBSY);
	close(fd);
	CHECK_ERR(execve((char *)8, args, environ), EFAULT);
	CHECK_ERR(execve(self_path, (char **)8, environ), EFAULT);
	args[0] = (char *)8;
	CHECK_ERR(execve(self_path, args, environ), EFAULT);
}

TEST(too_big)
{
	enum { COUNT = 40, SIZE = 120000 };
	static char *args[COUNT + 3];
	char *big = malloc(200000);
	struct rlimit lim;
	int i;

	memset(big, 'x', 200000);
	big[131072] = '\0';	/* one string may have 128 KiB with its NUL */
	args[0] = "x";
	args[1] = big;
	CHECK_ERR(execve(self_path, args, environ), E2BIG);
	big[SIZE] = '\0';
	for (i = 1; i < COUNT; i++)
		args[i] = big;
	getrlimit(RLIMIT_STACK, &lim);
	lim.rlim_cur = 8 << 20;
	setrlimit(RLIMIT_STACK, &lim);
	CHECK_ERR(execve(self_path, args, environ), E2BIG);
}

HELPER(signals)
{
	struct sigaction act;
	sigset_t set;
	stack_t alt;

	sigaction(SIGUSR1, NULL, &act);
	CHECK(act.sa_handler == SIG_DFL);
	sigaction(SIGUSR2, NULL, &act);
	CHECK(act.sa_handler == SIG_IGN);
	sigprocmask(SIG_BLOCK, NULL, &set);
	CHECK(sigismember(&set, SIGTERM) == 1);
	sigpending(&set);
	CHECK(sigismember(&set, SIGTERM) == 1);
	sigaltstack(NULL, &alt);
	CHECK(alt.ss_flags == SS_DISABLE);
	finish();
}

static void some_handler(int sig)
{
	(void)sig;
}

TEST(signal_state)
{
	char *args[] = { "x", "@t_exec.signals", NULL };
	stack_t alt = { .ss_sp = malloc(65536), .ss_size = 65536 };
	pid_t pid = fork();

	if (pid == 0) {
		set_handler(SIGUSR1, some_handler, 0);
		signal(SIGUSR2, SIG_IGN);
		block_signal(SIGTERM);
		raise(SIGTERM);
		sigaltstack(&alt, NULL);
		execve(self_path, args, environ);
		_exit(126);
	}
	expect_exit(pid, 0);
}

HELPER(fds)
{
	CHECK_ERR(fcntl(50, F_GETFD), EBADF);
	CHECK_EQ(fcntl(51, F_GETFD), 0);
	CHECK_EQ(lseek(51, 0, SEEK_CUR), 3);
	finish();
}

TEST(close_on_exec)
{
	char *args[] = { "x", "@t_exec.fds", NULL };
	int fd = open("f", O_RDWR | O_CREAT, 0600);

	write(fd, "abcdef", 6);
	lseek(fd, 3, SEEK_SET);
	dup3(fd, 50, O_CLOEXEC);
	dup2(fd, 51);
	expect_exit(exec_helper(args, environ), 0);
	CHECK_EQ(fcntl(50, F_GETFD), FD_CLOEXEC);
}

HELPER(attributes)
{
	struct rlimit lim;
	char cwd[256], comm[17] = "";

	CHECK_EQ(getpid(), atoi(argv[1]));
	CHECK_EQ(getppid(), atoi(argv[2]));
	CHECK_EQ(umask(0), 031);
	CHECK(getcwd(cwd, sizeof(cwd)) && strcmp(cwd, "/dev") == 0);
	getrlimit(RLIMIT_NOFILE, &lim);
	CHECK_EQ(lim.rlim_cur, 88);
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), 3);
	CHECK(alarm(0) > 0);
	prctl(PR_GET_NAME, comm);
	CHECK_STR(comm, strrchr(self_path, '/') + 1);
	finish();
}

TEST(kept_attributes)
{
	struct rlimit lim = { 88, 100 };
	char mine[20], parents[20];
	char *args[] = { "x", "@t_exec.attributes", mine, parents, NULL };
	pid_t pid = fork();

	if (pid == 0) {
		snprintf(mine, sizeof(mine), "%d", getpid());
		snprintf(parents, sizeof(parents), "%d", getppid());
		umask(031);
		chdir("/dev");
		setrlimit(RLIMIT_NOFILE, &lim);
		setpriority(PRIO_PROCESS, 0, 3);
		prctl(PR_SET_NAME, "something");
		alarm(20);
		execve(self_path, args, environ);
		_exit(126);
	}
	expect_exit(pid, 0);
}

static void make_script(const char *path, const char *first_line)
{
	char text[512];

	snprintf(text, sizeof(text), "%s\n", first_line);
	write_file(path, text);
	CHECK_OK(chmod(path, 0755));
}

HELPER(script)
{
	CHECK_EQ(argc, 4);
	CHECK_STR(argv[1], "./script");
	CHECK_STR(argv[2], "one");
	CHECK_STR(argv[3], "two");
	finish();
}

static pid_t exec_path(const char *path, char *const args[])
{
	pid_t pid = fork();

	if (pid == 0) {
		execve(path, args, environ);
		_exit(100 + errno);
	}
	return pid;
}

TEST(script)
{
	char *args[] = { "ignored", "one", "two", NULL };
	char line[200];

	snprintf(line, sizeof(line), "#! %s \t@t_exec.script  ", self_path);
	make_script("script", line);
	expect_exit(exec_path("./script", args), 0);
}

HELPER(nested)
{
	return argc;
}

TEST(script_refusals)
{
	char *args[] = { "x", NULL };

	make_script("s1", "#!/no/such/interpreter");
	CHECK_ERR(execve("s1", args, environ), ENOENT);
	make_script("s2", "#!");
	CHECK_ERR(execve("s2", args, environ), ENOEXEC);
	make_script("s3", "#!   ");
	CHECK_ERR(execve("s3", args, environ), ENOEXEC);
	make_script("s4", "#!/dev/null");
	CHECK_ERR(execve("s4", args, environ), EACCES);
	make_script("s5", "#!./s5");
	CHECK_ERR(execve("s5", args, environ), ELOOP);
}

TEST(nested_scripts)
{
	char *args[] = { "x", NULL };
	char line[200];

	snprintf(line, sizeof(line), "#!%s @t_exec.nested", self_path);
	make_script("n1", line);
	make_script("n2", "#!./n1");
	make_script("n3", "#!./n2");
	/* run @t_exec.nested ./n1 ./n2 ./n3: the helper's argc counts from its own name. */
	expect_exit(exec_path("./n3", args), 4);
}

TEST(execveat)
{
	char *args[] = { "x", "@t_exec.status", "31", NULL };
	int fd = open(self_path, O_PATH | O_CLOEXEC), dir = open("/dev", O_PATH | O_DIRECTORY);
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		syscall(SYS_execveat, fd, "", args, environ, AT_EMPTY_PATH);
		_exit(126);
	}
	expect_exit(pid, 31);
	CHECK_ERR(syscall(SYS_execveat, fd, "", args, environ, 0), ENOENT);
	CHECK_ERR(syscall(SYS_execveat, fd, "x", args, environ, ~0), EINVAL);
	CHECK_ERR(syscall(SYS_execveat, fd, (void *)8, args, environ, ~0), EFAULT);
	CHECK_ERR(syscall(SYS_execveat, 99, "x", args, environ, 0), EBADF);
	CHECK_ERR(syscall(SYS_execveat, dir, "nope", args, environ, 0), ENOENT);
	CHECK_ERR(syscall(SYS_execveat, dir, "null", args, environ, 0), EACCES);
	CHECK_ERR(syscall(SYS_execveat, dir, "null", args, environ, 0x4000000), EINVAL);
	symlink(self_path, "link");
	CHECK_ERR(syscall(SYS_execveat, AT_FDCWD, "link", args, environ, AT_SYMLINK_NOFOLLOW),
		  ELOOP);
}

TEST(script_by_closed_descriptor)
{
	char *args[] = { "x", NULL };
	char line[200];
	int fd;

	snprintf(line, sizeof(line), "#!%s @t_exec.nested", self_path);
	make_script("s", line);
	fd = open("s", O_RDONLY | O_CLOEXEC);
	CHECK_ERR(syscall(SYS_execveat, fd, "", args, environ, AT_EMPTY_PATH), ENOENT);
}

static void *exec_thread(void *arg)
{
	char *args[] = { "x", "@t_exec.thread", arg, NULL };

	execve(self_path, args, environ);
	_exit(126);
}

HELPER(thread)
{
	/* The thread that called exec is now the leader: the process keeps its number. */
	CHECK_EQ(getpid(), atoi(argv[1]));
	CHECK_EQ(syscall(SYS_gettid), getpid());
	CHECK(!file_has("/proc/self/status", "Threads:\t2"));
	finish();
}

static void *idle_thread(void *arg)
{
	for (;;)
		pause();
	return arg;
}

TEST(from_a_thread)
{
	static char mine[20];
	pthread_t thread;
	pid_t pid = fork();

	if (pid == 0) {
		snprintf(mine, sizeof(mine), "%d", getpid());
		pthread_create(&thread, NULL, idle_thread, NULL);
		pthread_create(&thread, NULL, exec_thread, mine);
		for (;;)
			pause();
	}
	expect_exit(pid, 0);
}

HELPER(auxv)
{
	char *name = (char *)getauxval(AT_EXECFN);
	unsigned char *random = (unsigned char *)getauxval(AT_RANDOM);
	int i, zeros = 0;

	CHECK_EQ(getauxval(AT_PAGESZ), 4096);
	CHECK_EQ(getauxval(AT_CLKTCK), 100);
	CHECK_EQ(getauxval(AT_UID), 0);
	CHECK_EQ(getauxval(AT_EUID), 0);
	CHECK_EQ(getauxval(AT_GID), 0);
	CHECK_EQ(getauxval(AT_EGID), 0);
	CHECK_EQ(getauxval(AT_SECURE), 0);
	CHECK_EQ(getauxval(AT_FLAGS), 0);
	CHECK(getauxval(AT_PHDR) != 0);
	CHECK(getauxval(AT_PHNUM) > 0);
	CHECK(getauxval(AT_ENTRY) != 0);
	CHECK(getauxval(AT_HWCAP) != 0);
	CHECK(getauxval(AT_PLATFORM) != 0);
	CHECK_STR(name, self_path);
	REQUIRE(random);
	for (i = 0; i < 16; i++)
		zeros += random[i] == 0;
	CHECK(zeros < 8);
	CHECK_EQ(getauxval(AT_PHENT), sizeof(void *) == 8 ? sizeof(Elf64_Phdr)
							  : sizeof(Elf32_Phdr));
	finish();
}

TEST(auxiliary_vector)
{
	char *args[] = { "x", "@t_exec.auxv", NULL };

	expect_exit(exec_helper(args, environ), 0);
}

HELPER(stack)
{
	CHECK_EQ((uintptr_t)__builtin_frame_address(0) % sizeof(void *), 0);
	CHECK(argv[1] == NULL);
	printf("%p %p\n", (void *)argv, (void *)getauxval(AT_RANDOM));
	fflush(stdout);
	finish();
}

static void capture_stack(char *out, size_t size)
{
	char *args[] = { "x", "@t_exec.stack", NULL };
	int fd[2];
	pid_t pid;
	ssize_t n;

	REQUIRE(pipe(fd) == 0);
	pid = fork();
	if (pid == 0) {
		dup2(fd[1], 1);
		execve(self_path, args, environ);
		_exit(126);
	}
	close(fd[1]);
	n = read(fd[0], out, size - 1);
	out[n > 0 ? n : 0] = '\0';
	close(fd[0]);
	expect_exit(pid, 0);
}

TEST(addresses_are_random)
{
	char one[100], two[100];

	capture_stack(one, sizeof(one));
	capture_stack(two, sizeof(two));
	CHECK(one[0] && two[0]);
	CHECK(strcmp(one, two) != 0);
}

TEST(damaged_elf)
{
	char *args[] = { "x", NULL };
	static char image[8192];
	struct {
		size_t	offset;
		int	value;
		int	err;
	} const cases[] = {
		{ 0, 0, ENOEXEC },		/* magic */
		{ 16, 1, ENOEXEC },		/* type: ET_REL */
		{ 18, 3, ENOEXEC },		/* machine: i386 */
		{ sizeof(void *) == 8 ? 54 : 42, 7, ENOEXEC },	/* phentsize */
	};
	size_t i;
	ssize_t size = read_file(self_path, image, sizeof(image));
	pid_t pid;
	int fd, ws;

	REQUIRE(size == sizeof(image) - 1);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		char save = image[cases[i].offset];

		image[cases[i].offset] = cases[i].value;
		fd = open("bad", O_WRONLY | O_CREAT | O_TRUNC, 0755);
		write(fd, image, size);
		close(fd);
		image[cases[i].offset] = save;
		CHECK_ERR(execve("./bad", args, environ), cases[i].err);
	}
	/* Headers good, content cut off: an error or a signal, never more. */
	fd = open("bad", O_WRONLY | O_CREAT | O_TRUNC, 0755);
	write(fd, image, size);
	close(fd);
	pid = exec_path("./bad", args);
	CHECK_EQ(waitpid(pid, &ws, 0), pid);
	CHECK(WIFSIGNALED(ws) || WEXITSTATUS(ws) != 0);
}

/* What is no interpreter's name, and a name that ends where the kernel stops to read. */
TEST(names_of_interpreters)
{
	char *args[] = { "s", NULL }, line[300];

	memset(line, 'n', sizeof(line));
	memcpy(line, "#!/", 3);
	line[255] = '\0';
	write_program("s255", line);
	CHECK_ERR(execve("s255", args, environ), ENOENT);
	line[255] = 'n';
	line[256] = '\0';
	write_program("s256", line);
	CHECK_ERR(execve("s256", args, environ), ENOEXEC);
	write_program("nothing", "#!");
	CHECK_ERR(execve("nothing", args, environ), EACCES);
	write_program("blank", "#! ");
	CHECK_ERR(execve("blank", args, environ), EACCES);
	write_file("blank", "#! \n");
	CHECK_ERR(execve("blank", args, environ), ENOEXEC);
}
