// SPDX-License-Identifier: GPL-2.0-only
/* t_vfork.c: vfork: the parent waits for exec or exit, memory is one; posix_spawn on top. */
#include "tap.h"

#include <sched.h>
#include <spawn.h>

extern char **environ;

TEST(parent_waits_for_exit)
{
	volatile int order = 0;
	pid_t pid = vfork();

	if (pid == 0) {
		sleep_ms(30);
		order = 1;
		_exit(3);
	}
	CHECK_EQ(order, 1);
	expect_exit(pid, 3);
}

HELPER(exit9)
{
	sleep_ms(200);
	return 9;
}

TEST(parent_goes_on_at_exec)
{
	char *args[] = { "x", "@t_vfork.exit9", NULL };
	pid_t pid = vfork();
	int ws;

	if (pid == 0) {
		execv(self_path, args);
		_exit(126);
	}
	CHECK_EQ(waitpid(pid, &ws, WNOHANG), 0);	/* still running: we did not wait for its end */
	expect_exit(pid, 9);
}

TEST(failed_exec)
{
	char *args[] = { "x", NULL };
	volatile int err = 0;
	pid_t pid = vfork();

	if (pid == 0) {
		execv("missing", args);
		err = errno;
		_exit(1);
	}
	CHECK_EQ(err, ENOENT);
	expect_exit(pid, 1);
}

TEST(child_killed)
{
	pid_t pid = vfork();

	if (pid == 0) {
		kill(getpid(), SIGKILL);
		_exit(0);
	}
	expect_signal(pid, SIGKILL);
}

/* A parent that waits in vfork can be killed, and only killed. */
TEST(waiting_parent_is_killable)
{
	volatile pid_t *page = shared_page();
	pid_t pid = fork();

	if (pid == 0) {
		if (vfork() == 0) {
			page[1] = getpid();
			page[0] = 1;
			for (;;)
				pause();
		}
		_exit(0);
	}
	CHECK(wait_flag((volatile int *)page));
	CHECK_OK(kill(pid, SIGKILL));
	expect_signal(pid, SIGKILL);
	kill(page[1], SIGKILL);
}

TEST(posix_spawn)
{
	char *args[] = { "x", "@t_vfork.exit9", NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t set;
	pid_t pid = 0;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addclose(&actions, 55);
	posix_spawn_file_actions_adddup2(&actions, 1, 44);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
	sigemptyset(&set);
	posix_spawnattr_setsigmask(&attr, &set);
	CHECK_EQ(posix_spawn(&pid, self_path, &actions, &attr, args, environ), 0);
	CHECK_EQ(getpgid(pid), pid);
	expect_exit(pid, 9);
	CHECK_EQ(posix_spawn(&pid, "/missing", NULL, NULL, args, environ), ENOENT);
	CHECK_ERR(wait(NULL), ECHILD);
}

TEST(repeated)
{
	volatile int i, bad = 0;
	int ws;
	pid_t pid;

	for (i = 0; i < 200; i++) {
		pid = vfork();
		if (pid == 0)
			_exit(i & 127);
		if (waitpid(pid, &ws, 0) != pid || WEXITSTATUS(ws) != (i & 127))
			bad++;
	}
	CHECK_EQ(bad, 0);
}

TEST(system_and_popen)
{
	char line[64] = "";
	FILE *pipe;

	if (access("/bin/sh", X_OK))
		skip("no /bin/sh");
	CHECK_EQ(system("exit 5"), 5 << 8);
	pipe = popen("echo hello from sh", "r");
	REQUIRE(pipe);
	fgets(line, sizeof(line), pipe);
	CHECK_STR(line, "hello from sh\n");
	CHECK_EQ(pclose(pipe), 0);
}
