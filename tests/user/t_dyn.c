// SPDX-License-Identifier: GPL-2.0-only
/*
 * t_dyn.c: dynamically linked programs: ours (dyn/hello.c) and Debian's bash and coreutils, where
 * the initramfs has them (mkrootfs.sh --dyn).
 */
#include "tap.h"

static char out[8192];

/* Run a program, its output in out; the wait status. */
static int run(char *const args[])
{
	int fd[2], ws = -1;
	size_t done = 0;
	ssize_t n;
	pid_t pid;

	if (access(args[0], X_OK))
		skip("not in this initramfs");
	REQUIRE(pipe(fd) == 0);
	pid = fork();
	if (pid == 0) {
		dup2(fd[1], 1);
		close(fd[0]);
		close(fd[1]);
		setenv("PATH", "/dyn:/bin", 1);
		execv(args[0], args);
		_exit(126);
	}
	close(fd[1]);
	while ((n = read(fd[0], out + done, sizeof(out) - 1 - done)) > 0)
		done += n;
	out[done] = '\0';
	close(fd[0]);
	waitpid(pid, &ws, 0);
	return ws;
}

TEST(hello)
{
	char *args[] = { "/tests/dyn-hello", "/tests/libdyn.so", NULL };

	if (access("/dyn/ls", X_OK))
		skip("no dynamic linker in this initramfs");
	CHECK_EQ(run(args), 0);
	CHECK_STR(out, "hello constructed=1 answer=42 thread=8 main=7\n");
}

TEST(coreutils)
{
	char *ls[] = { "/dyn/ls", "-l", "/dev/null", NULL };
	char *factor[] = { "/dyn/factor", "1234567891011", NULL };
	char *sum[] = { "/dyn/sha256sum", "/dev/null", NULL };
	char *bad[] = { "/dyn/ls", "/nowhere", NULL };

	CHECK_EQ(run(ls), 0);
	CHECK(strncmp(out, "crw-rw-rw- 1 ", 13) == 0);
	CHECK_EQ(run(factor), 0);
	CHECK_STR(out, "1234567891011: 3 7 13 67 107 630803\n");
	CHECK_EQ(run(sum), 0);
	CHECK(strncmp(out, "e3b0c44298fc1c14", 16) == 0);
	CHECK_EQ(run(bad), 2 << 8);
}

TEST(bash)
{
	char *args[] = { "/dyn/bash", "-c",
		"set -o pipefail; a=(1 2 3); echo ${#a[@]} $((6*7)) $(seq 1 100 | sort -rn | "
		"{ read x; echo $x; cat >/dev/null; }); cat <(echo sub) <<<here; "
		"for i in {1..20}; do (exit $i) & done; wait; echo done", NULL };

	CHECK_EQ(run(args), 0);
	CHECK_STR(out, "3 42 100\nsub\ndone\n");
}

TEST(missing_interpreter)
{
	char *args[] = { "./prog", NULL };
	extern char **environ;
	char buf[4096];
	ssize_t size;
	char *interp;
	int fd;

	fd = open("/dyn/env", O_RDONLY);
	if (fd < 0)
		skip("not in this initramfs");
	size = read(fd, buf, sizeof(buf));
	close(fd);
	interp = memmem(buf, size, "/lib/ld-linux", 13);
	REQUIRE(interp);
	interp[5] = 'X';
	fd = open("prog", O_CREAT | O_WRONLY, 0755);
	write(fd, buf, size);
	close(fd);
	CHECK_ERR(execve("./prog", args, environ), ENOENT);
}
