// SPDX-License-Identifier: GPL-2.0-only
/* t_setns.c: joining namespaces by file and by pidfd, and all that is refused. */
#include "tap.h"

#include <sched.h>
#include <sys/mount.h>

static int sys_setns(int fd, int type)
{
	return syscall(SYS_setns, fd, type);
}

static int pidfd_open(pid_t pid)
{
	return syscall(SYS_pidfd_open, pid, 0);
}

/* A child with the host name "child" in namespaces of its own, until @done opens or closes. */
struct other {
	pid_t		pid;
	struct gate	made, done;
};

static void other_start(struct other *o, int flags)
{
	gate_init(&o->made);
	gate_init(&o->done);
	o->pid = fork();
	if (o->pid == 0) {
		CHECK_OK(unshare(flags));
		if (flags & CLONE_NEWUTS)
			CHECK_OK(sethostname("child", 5));
		if (flags & CLONE_NEWNS) {
			CHECK_OK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
			CHECK_OK(mount("none", "/tmp", "tmpfs", 0, NULL));
			write_file("/tmp/mark", "");
		}
		gate_open(&o->made);
		gate_wait(&o->done);
		finish();
	}
	gate_wait(&o->made);
}

static void other_end(struct other *o)
{
	gate_open(&o->done);
	expect_exit(o->pid, 0);
}

static int open_ns(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, name);
	return CHECK_OK(open(path, O_RDONLY));
}

static bool host_is(const char *want)
{
	char name[65] = "";

	gethostname(name, sizeof(name));
	return !strcmp(name, want);
}

TEST(uts_by_file)
{
	int fd, own = open_ns(getpid(), "uts");
	struct other o;

	other_start(&o, CLONE_NEWUTS);
	fd = open_ns(o.pid, "uts");
	CHECK_OK(sys_setns(fd, CLONE_NEWUTS));
	CHECK(host_is("child"));
	CHECK_OK(sys_setns(own, 0));		/* 0: whatever it is */
	CHECK(!host_is("child"));
	other_end(&o);
	CHECK_OK(sys_setns(fd, 0));		/* the file keeps it */
	CHECK(host_is("child"));
}

TEST(wrong_kind)
{
	int fd = open_ns(getpid(), "uts"), user = open_ns(getpid(), "user");

	CHECK_ERR(sys_setns(fd, CLONE_NEWNS), EINVAL);
	CHECK_ERR(sys_setns(fd, CLONE_NEWUTS | CLONE_NEWNS), EINVAL);
	CHECK_ERR(sys_setns(fd, 1), EINVAL);
	CHECK_ERR(sys_setns(fd, -1), EINVAL);
	CHECK_ERR(sys_setns(user, 0), EINVAL);	/* one's own user namespace */
}

TEST(bad_descriptors)
{
	int fds[2], fd = CHECK_OK(open("/proc/self/status", O_RDONLY));

	CHECK_ERR(sys_setns(-1, 0), EBADF);
	CHECK_ERR(sys_setns(999, CLONE_NEWUTS), EBADF);
	CHECK_ERR(sys_setns(fd, 0), EINVAL);
	CHECK_ERR(sys_setns(fd, CLONE_NEWUTS), EINVAL);
	CHECK_OK(pipe(fds));
	CHECK_ERR(sys_setns(fds[0], 0), EINVAL);
	fd = CHECK_OK(open("/proc/self/ns/uts", O_PATH));
	CHECK_ERR(sys_setns(fd, 0), EBADF);
}

TEST(mnt_by_file)
{
	char cwd[256];
	struct other o;
	int fd;

	other_start(&o, CLONE_NEWNS);
	fd = open_ns(o.pid, "mnt");
	CHECK_ERR(access("/tmp/mark", F_OK), ENOENT);
	CHECK_OK(chdir("/proc"));
	CHECK_OK(sys_setns(fd, CLONE_NEWNS));
	CHECK_OK(access("/tmp/mark", F_OK));
	CHECK(getcwd(cwd, sizeof(cwd)) && !strcmp(cwd, "/"));
	other_end(&o);
	CHECK_OK(access("/tmp/mark", F_OK));
}

static int wait_in_clone(void *gate)
{
	gate_wait(gate);
	return 0;
}

TEST(mnt_with_a_shared_root)
{
	static char stack[16384] __attribute__((aligned(16)));
	int fd = open_ns(getpid(), "mnt");
	struct gate gate;
	pid_t pid;

	gate_init(&gate);
	pid = clone(wait_in_clone, stack + sizeof(stack), CLONE_FS | SIGCHLD, &gate);
	CHECK_ERR(sys_setns(fd, 0), EINVAL);
	gate_open(&gate);
	expect_exit(pid, 0);
	CHECK_OK(sys_setns(fd, 0));
}

TEST(pid_by_file)
{
	int fd = open_ns(getpid(), "pid");

	CHECK_OK(sys_setns(fd, CLONE_NEWPID));
	CHECK_OK(sys_setns(fd, 0));
}

TEST(several_by_pidfd)
{
	struct other o;
	int fd;

	other_start(&o, CLONE_NEWNS | CLONE_NEWUTS);
	fd = CHECK_OK(pidfd_open(o.pid));
	CHECK_OK(sys_setns(fd, CLONE_NEWUTS | CLONE_NEWNS));
	CHECK(host_is("child"));
	CHECK_OK(access("/tmp/mark", F_OK));
	other_end(&o);
}

TEST(one_by_pidfd)
{
	struct other o;
	int fd;

	other_start(&o, CLONE_NEWNS | CLONE_NEWUTS);
	fd = CHECK_OK(pidfd_open(o.pid));
	CHECK_OK(sys_setns(fd, CLONE_NEWUTS));
	CHECK(host_is("child"));
	CHECK_ERR(access("/tmp/mark", F_OK), ENOENT);
	other_end(&o);
}

TEST(pidfd_flags)
{
	int fd = CHECK_OK(pidfd_open(getpid()));

	CHECK_ERR(sys_setns(fd, 0), EINVAL);
	CHECK_ERR(sys_setns(fd, CLONE_VM), EINVAL);
	CHECK_ERR(sys_setns(fd, CLONE_NEWUTS | CLONE_FILES), EINVAL);
	CHECK_ERR(sys_setns(fd, 1), EINVAL);
	CHECK_ERR(sys_setns(fd, CLONE_NEWUTS | CLONE_NEWUSER), EINVAL);	/* our own user namespace */
}

TEST(pidfd_of_the_dead)
{
	pid_t pid = fork();
	int fd;

	if (pid == 0)
		_exit(0);
	fd = CHECK_OK(pidfd_open(pid));
	CHECK(wait_state(pid, 'Z'));
	CHECK_ERR(sys_setns(fd, CLONE_NEWUTS), ESRCH);
	expect_exit(pid, 0);
	CHECK_ERR(sys_setns(fd, CLONE_NEWUTS), ESRCH);
}

TEST(unprivileged)
{
	int uts = open_ns(getpid(), "uts"), mnt = open_ns(getpid(), "mnt"), pidns = open_ns(getpid(), "pid");
	int other = CHECK_OK(pidfd_open(getppid()));
	pid_t pid = fork();

	if (pid == 0) {
		become_user();
		CHECK_ERR(sys_setns(uts, 0), EPERM);
		CHECK_ERR(sys_setns(mnt, 0), EPERM);
		CHECK_ERR(sys_setns(pidns, 0), EPERM);
		CHECK_ERR(sys_setns(uts, CLONE_NEWNS), EINVAL);		/* before the privilege */
		CHECK_ERR(sys_setns(other, CLONE_NEWUTS), EPERM);
		CHECK_ERR(sys_setns(other, 0), EINVAL);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(refused_leaves_all_as_it_was)
{
	int fd, before = open_ns(getpid(), "uts");
	struct stat st, st2;
	struct other o;

	/* The user namespace is refused first, so the names stay. */
	other_start(&o, CLONE_NEWNS | CLONE_NEWUTS);
	fd = CHECK_OK(pidfd_open(o.pid));
	CHECK_ERR(sys_setns(fd, CLONE_NEWUTS | CLONE_NEWUSER), EINVAL);
	CHECK(!host_is("child"));
	CHECK_OK(fstat(before, &st));
	CHECK_OK(stat("/proc/self/ns/uts", &st2));
	CHECK_EQ(st.st_ino, st2.st_ino);
	other_end(&o);
}
