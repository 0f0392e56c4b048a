// SPDX-License-Identifier: GPL-2.0-only
/*
 * run.c: main() of the test binary.
 *
 *	run [PATTERN...]	run the programs (t_fork) or single tests (t_fork.basic) that match
 *				shell patterns, each program in a process of its own
 *	run -l			list the programs
 *	run -x PATTERN ...	all but these
 *	run -n COUNT ...	everything COUNT times
 *	run -f NAME ...		only from program NAME on
 *	run -m ...		say after each program how much memory is free
 *	run --program NAME [TEST]	(internal) one program, in this process
 *	run @PROGRAM.HELPER ...	(internal) a HELPER
 *
 * The output is "# BEGIN t_x", TAP, "# END t_x STATUS MS", and a "# SUMMARY" line at the end. As
 * process 1 it mounts what the tests need first and powers the machine off afterwards.
 */
#include "tap.h"

#include <fnmatch.h>
#include <linux/reboot.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/sysmacros.h>

enum { PROGRAM_SECONDS = 240 };

static volatile pid_t running;
static bool tell_memory;
static const char *first_program;

static void on_time_limit(int sig)
{
	(void)sig;
	if (running > 0)
		kill(running, SIGKILL);
}

static void become_init(void)
{
	int fd;

	mkdir("/proc", 0555);
	mkdir("/sys", 0555);
	mkdir("/dev", 0755);
	mkdir("/tmp", 01777);
	mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
	mkdir("/dev/pts", 0755);
	mkdir("/dev/shm", 01777);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("devpts", "/dev/pts", "devpts", 0, "mode=620,gid=5");
	mount("tmpfs", "/dev/shm", "tmpfs", 0, "mode=1777");
	mount("tmpfs", "/tmp", "tmpfs", 0, "mode=1777");
	symlink("/proc/self/fd", "/dev/fd");
	fd = open("/dev/console", O_RDWR);
	if (fd >= 0) {
		dup2(fd, 0);
		dup2(fd, 1);
		dup2(fd, 2);
		if (fd > 2)
			close(fd);
	}
}

static bool matches(const char *program, char **patterns, const char **only)
{
	static char name[64];
	char *dot;

	*only = NULL;
	if (!*patterns)
		return true;
	for (; *patterns; patterns++) {
		snprintf(name, sizeof(name), "%s", *patterns);
		dot = strchr(name, '.');
		if (dot)
			*dot = '\0';
		if (fnmatch(name, program, 0) == 0) {
			*only = dot ? dot + 1 : NULL;
			return true;
		}
	}
	return false;
}

static long meminfo(const char *name)
{
	static char text[4096];
	char *line;

	read_file("/proc/meminfo", text, sizeof(text));
	line = strstr(text, name);
	return line ? atol(line + strlen(name)) : -1;
}

/* Run one program in a process of its own; true if it is good. */
static bool run_one(const char *program, const char *only)
{
	char *args[] = { (char *)self_path, "--program", (char *)program, (char *)only, NULL };
	long long start = now_ms();
	int ws = 0;

	printf("# BEGIN %s\n", program);
	fflush(stdout);
	running = fork();
	if (running == 0) {
		execv(self_path, args);
		perror(self_path);
		_exit(127);
	}
	alarm(PROGRAM_SECONDS);
	while (running > 0 && waitpid(running, &ws, 0) < 0 && errno == EINTR)
		;
	alarm(0);
	printf("# END %s %d %lld\n", program, WIFEXITED(ws) ? WEXITSTATUS(ws) : 256 + WTERMSIG(ws),
	       now_ms() - start);
	if (tell_memory)
		printf("# MEM %s free=%ld slab=%ld\n", program, meminfo("MemFree:"),
		       meminfo("Slab:"));
	fflush(stdout);
	return running > 0 && ws == 0;
}

/* Call run_one for, or only count or list, every matching program. */
static int run_all(char **patterns, bool exclude, bool list, int *failed)
{
	const char *only, *last = "";
	const struct test_case *test;
	size_t i, count;
	int programs = 0;

	test = all_cases(&count);
	for (i = 0; i < count; i++, test++) {
		if (strcmp(test->program, last) == 0)
			continue;
		last = test->program;
		if (first_program && strcmp(last, first_program) < 0)
			continue;
		if (matches(last, patterns, &only) == exclude)
			continue;
		programs++;
		if (list)
			printf("%s\n", last);
		else
			*failed += !run_one(last, exclude ? NULL : only);
	}
	return programs;
}

static void report(int programs, int failed, long long ms)
{
	printf("# SUMMARY programs=%d failed=%d ms=%lld\n", programs, failed, ms);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	long long start;
	bool exclude = false, list = false;
	int programs = 0, failed = 0, repeat = 1;
	static char path[256];

	if (argv[0][0] == '/')
		self_path = argv[0];
	else if (readlink("/proc/self/exe", path, sizeof(path) - 1) > 0)
		self_path = path;
	if (argc > 1 && argv[1][0] == '@')
		return run_helper(argv[1] + 1, argc - 1, argv + 1);
	if (argc > 2 && strcmp(argv[1], "--program") == 0)
		return run_program(argv[2], argv[3]);

	if (getpid() == 1)
		become_init();
	argv++;
	for (; *argv && (*argv)[0] == '-'; argv++) {
		list |= strcmp(*argv, "-l") == 0;
		exclude |= strcmp(*argv, "-x") == 0;
		tell_memory |= strcmp(*argv, "-m") == 0;
		if (strcmp(*argv, "-n") == 0 && argv[1])
			repeat = atoi(*++argv);
		else if (strcmp(*argv, "-f") == 0 && argv[1])
			first_program = *++argv;
	}
	set_handler(SIGALRM, on_time_limit, 0);
	start = now_ms();
	while (repeat-- > 0)
		programs += run_all(argv, exclude && *argv, list, &failed);
	if (!list)
		report(programs, failed, now_ms() - start);
	if (getpid() == 1) {
		sync();
		reboot(LINUX_REBOOT_CMD_POWER_OFF);
		for (;;)
			pause();
	}
	return failed || !programs;
}
