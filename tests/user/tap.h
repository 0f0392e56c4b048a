/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tap.h: the small harness of the user-space tests.
 *
 * A program t_X.c holds TEST(name) functions; all programs are linked into one static binary, run,
 * which executes itself once per program (run.c). Every TEST runs in a forked child of its own, in
 * an empty directory of its own, under a time limit, so it may change what it likes: handlers,
 * credentials, descriptors, limits. It is one TAP line; CHECKs that fail are '#' lines before it.
 * Children that a test leaves running fail it.
 *
 * CHECK goes on after a failure, REQUIRE ends the test. In a forked child end with finish(), which
 * carries failures to expect_exit(pid, 0) in the parent. HELPER(name) defines a main() that a test
 * can exec as { self_path, "@t_X.name", args... }.
 */
#pragma once

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct test_case {
	const char	*program;
	const char	*name;
	void		(*run)(void);
	unsigned int	seconds;	/* how long it may take */
};

struct test_helper {
	const char	*program;
	const char	*name;
	int		(*main)(int argc, char **argv);
};

#define CASE_SECONDS	30
#define TEST(ident)	TEST_CASE(test_##ident, case_##ident, #ident, CASE_SECONDS)
#define SLOW_TEST(ident) TEST_CASE(test_##ident, case_##ident, #ident, 4 * CASE_SECONDS)
#define TEST_CASE(function, variable, name, seconds)				\
	static void function(void);						\
	static const struct test_case variable					\
	__attribute__((used, section("test_cases"), aligned(sizeof(long)))) =	\
		{ PROGRAM, name, function, seconds };				\
	static void function(void)

#define HELPER(ident)								\
	static int helper_##ident(int argc, char **argv);			\
	static const struct test_helper helper_case_##ident			\
	__attribute__((used, section("test_helpers"), aligned(sizeof(long)))) =	\
		{ PROGRAM, #ident, helper_##ident };				\
	static int helper_##ident(int argc __attribute__((unused)),		\
				  char **argv __attribute__((unused)))

#define CHECK(cond)	check((cond), __FILE__, __LINE__, #cond)
#define CHECK_EQ(got, want)							\
	check_eq((long long)(got), (long long)(want), __FILE__, __LINE__, #got " == " #want)
#define CHECK_STR(got, want)	check_str((got), (want), __FILE__, __LINE__, #got)
/* The call fails with this errno; and: the call does not fail. Both give the call's result. */
#define CHECK_ERR(call, want)							\
	(errno = 0, check_err((long)(call), (want), __FILE__, __LINE__, #call))
#define CHECK_OK(call)								\
	(errno = 0, check_ok((long)(call), __FILE__, __LINE__, #call))
#define REQUIRE(cond)								\
	do {									\
		if (!check((cond), __FILE__, __LINE__, #cond))			\
			finish();						\
	} while (0)

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/* The absolute name of the running binary, to exec it again. */
extern const char *self_path;

bool check(bool good, const char *file, int line, const char *what);
bool check_eq(long long got, long long want, const char *file, int line, const char *what);
bool check_str(const char *got, const char *want, const char *file, int line, const char *what);
long check_err(long result, int want, const char *file, int line, const char *what);
long check_ok(long result, const char *file, int line, const char *what);

/* Say something in a '#' line. */
void note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* End this test as skipped, or end this process with its failures as exit status. */
void skip(const char *reason) __attribute__((noreturn));
void finish(void) __attribute__((noreturn));

/* Reap pid and check that it exited with this status, or died by this signal. */
void expect_exit(pid_t pid, int status);
void expect_signal(pid_t pid, int sig);

/* Run fn in a child; what it CHECKs counts. */
void in_child(void (*fn)(void));

/* Run fn(arg); the signal its fault raised, with its siginfo, or 0. */
int fault_of(void (*fn)(void *arg), void *arg, siginfo_t *info);

/* Files: write a whole file, read one (NUL-terminated, at most size - 1), compare a line's value. */
void write_file(const char *path, const char *text);
ssize_t read_file(const char *path, char *buf, size_t size);
int try_write(const char *path, const char *text);	/* one write(2) to a file that is there: 0, or the errno */
bool file_has(const char *path, const char *text);
bool kernel_is_64bit(void);		/* whatever this program is: arm programs run there, too */
bool is_compat(void);			/* a 32-bit program on a 64-bit kernel */
int open_fds(void);

/* Time: sleep, and a monotonic clock, both in milliseconds. */
void sleep_ms(int ms);
long long now_ms(void);
/* Wait until *flag, which another thread, process or handler sets, is not 0; false after 5 s. */
bool wait_flag(volatile int *flag);
/* Wait until process pid is in state ('S' sleeping, 'T' stopped ...) as /proc says; false after 5 s. */
bool wait_state(pid_t pid, char state);

/* A zeroed page shared with children to come. */
void *shared_page(void);
/* Become the unprivileged user 1000 (all ids, no supplementary groups). */
void become_user(void);
/* A mount namespace of one's own, into and out of which nothing propagates. */
void own_mounts(void);
/* sigaction with no flags and an empty mask; and block one signal. */
void set_handler(int sig, void (*handler)(int), int flags);
void block_signal(int sig);

/* A pipe used as a barrier between processes: child waits until the parent says go, or closes. */
struct gate {
	int	fd[2];
};

void gate_init(struct gate *gate);
void gate_open(struct gate *gate);
void gate_wait(struct gate *gate);

/* run.c's interface to harness.c. */
int run_program(const char *program, const char *only);
int run_helper(const char *name, int argc, char **argv);
bool program_exists(const char *program);
const struct test_case *all_cases(size_t *count);
