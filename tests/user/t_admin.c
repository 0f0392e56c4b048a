// SPDX-License-Identifier: GPL-2.0-only
/* t_admin.c: swapon, swapoff, quotactl, quotactl_fd, vhangup: what is refused, and what little is done. */
#include "tap.h"

#include <linux/quota.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>

static void make_files(void)
{
	close(creat("f", 0600));
	mkdir("d", 0700);
	symlink("loop", "loop");
	mknod("null", S_IFCHR | 0600, makedev(1, 3));
	mknod("nodev", S_IFBLK | 0600, makedev(241, 0));
}

static const struct { const char *name; int err; } bad_areas[] = {
	{ "f", EINVAL }, { "d", EISDIR }, { "loop", ELOOP }, { "none", ENOENT }, { "", ENOENT }, { "f/x", ENOTDIR },
	{ "null", EINVAL }, { "nodev", ENXIO }, { "/proc/self/comm", EINVAL },
	{ (const char *)-1, EFAULT }, { NULL, EFAULT },
};

TEST(swap)
{
	make_files();
	for (unsigned int i = 0; i < ARRAY_SIZE(bad_areas); i++) {
		CHECK_ERR(syscall(SYS_swapon, bad_areas[i].name, 0), bad_areas[i].err);
		CHECK_ERR(syscall(SYS_swapoff, bad_areas[i].name), bad_areas[i].err);
	}
	CHECK_ERR(syscall(SYS_swapon, "none", 0x80000), EINVAL);
	CHECK_ERR(syscall(SYS_swapon, self_path, 0), ETXTBSY);
	CHECK_ERR(syscall(SYS_swapoff, self_path), ETXTBSY);
	truncate("f", 1 << 20);
	int fd = open("f", O_WRONLY);

	pwrite(fd, "SWAPSPACE2", 10, 4086);
	CHECK_ERR(syscall(SYS_swapon, "f", 0x8001), EINVAL);	/* not in this file system */
	become_user();
	CHECK_ERR(syscall(SYS_swapon, "none", 0), EPERM);
	CHECK_ERR(syscall(SYS_swapon, "none", 0x80000), EINVAL);
	CHECK_ERR(syscall(SYS_swapoff, NULL), EPERM);
}

static long quota(unsigned int cmd, int type, const char *special)
{
	return syscall(SYS_quotactl, QCMD(cmd, type), special, 0, NULL);
}

TEST(quotas)
{
	int fd;

	make_files();
	CHECK_OK(quota(Q_SYNC, USRQUOTA, NULL));
	CHECK_OK(quota(Q_SYNC, PRJQUOTA, NULL));
	CHECK_ERR(quota(Q_SYNC, MAXQUOTAS, NULL), EINVAL);
	CHECK_ERR(quota(Q_SYNC, USRQUOTA, "f"), ENOTBLK);
	CHECK_ERR(quota(Q_GETQUOTA, USRQUOTA, NULL), ENODEV);
	CHECK_ERR(quota(Q_GETQUOTA, USRQUOTA, "null"), ENOTBLK);
	CHECK_ERR(quota(Q_GETQUOTA, USRQUOTA, "none"), ENOENT);
	CHECK_ERR(quota(Q_GETQUOTA, USRQUOTA, "nodev"), ENODEV);
	CHECK_ERR(quota(Q_GETQUOTA, USRQUOTA, (const char *)-1), EFAULT);
	CHECK_ERR(quota(Q_GETQUOTA, 255, "none"), EINVAL);
	CHECK_ERR(quota(0x123, GRPQUOTA, "nodev"), ENODEV);
	fd = open("f", O_RDWR);
	CHECK_ERR(syscall(SYS_quotactl_fd, fd, QCMD(Q_GETQUOTA, USRQUOTA), 0, NULL), ENOSYS);
	CHECK_ERR(syscall(SYS_quotactl_fd, fd, QCMD(Q_GETQUOTA, MAXQUOTAS), 0, NULL), EINVAL);
	CHECK_ERR(syscall(SYS_quotactl_fd, -1, QCMD(Q_GETQUOTA, MAXQUOTAS), 0, NULL), EBADF);
}

static volatile sig_atomic_t hangups;

static void on_hangup(int sig __attribute__((unused)))
{
	hangups++;
}

TEST(hangup)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY), slave;
	pid_t pid;
	char c;

	CHECK_OK(vhangup());			/* no terminal: nothing to do */
	grantpt(master);
	unlockpt(master);
	pid = fork();
	if (!pid) {
		setsid();
		slave = open(ptsname(master), O_RDWR);
		REQUIRE(slave >= 0);
		set_handler(SIGHUP, on_hangup, 0);
		CHECK_OK(vhangup());
		CHECK_EQ(hangups, 1);
		CHECK_EQ(read(slave, &c, 1), 0);
		CHECK_ERR(write(slave, "x", 1), EIO);
		CHECK_ERR(open("/dev/tty", O_RDWR), ENXIO);
		finish();
	}
	expect_exit(pid, 0);
	become_user();
	CHECK_ERR(vhangup(), EPERM);
}
