// SPDX-License-Identifier: GPL-2.0-only
/* t_uname_sysinfo.c: uname, host name, sysinfo, getrandom, syslog, reboot's guards. */
#include "tap.h"

#include <linux/reboot.h>
#include <sys/klog.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>

TEST(uname)
{
	struct utsname uts;

	CHECK_OK(uname(&uts));
	CHECK_STR(uts.sysname, "Linux");
	CHECK(strncmp(uts.release, "6.1.", 4) == 0);
	/* The kernel's machine, also to a 32-bit program on a 64-bit one. */
	if (sizeof(long) == 8 || strncmp(uts.machine, "armv7l", 6))
		CHECK_STR(uts.machine, "aarch64");
	CHECK(uts.version[0] == '#');
	CHECK_ERR(uname((struct utsname *)8), EFAULT);
}

TEST(hostname)
{
	struct utsname uts, old;
	char name[70];
	pid_t pid;

	uname(&old);
	CHECK_OK(sethostname("testhost", 8));
	uname(&uts);
	CHECK_STR(uts.nodename, "testhost");
	CHECK(file_has("/proc/sys/kernel/hostname", "testhost\n"));
	CHECK_OK(setdomainname("testdomain", 10));
	uname(&uts);
	CHECK_STR(uts.domainname, "testdomain");
	memset(name, 'h', sizeof(name));
	CHECK_OK(sethostname(name, 64));
	CHECK_ERR(sethostname(name, 65), EINVAL);
	CHECK_ERR(sethostname(name, -1), EINVAL);
	CHECK_OK(sethostname(old.nodename, strlen(old.nodename)));
	CHECK_OK(setdomainname(old.domainname, strlen(old.domainname)));
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(sethostname("x", 1), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(sysinfo)
{
	struct sysinfo info;
	double uptime = 0;
	char buf[64];

	CHECK_OK(sysinfo(&info));
	CHECK(info.uptime >= 0);
	CHECK(info.totalram > 0 && info.freeram > 0 && info.freeram < info.totalram);
	CHECK(info.procs > 1);
	CHECK(info.mem_unit >= 1);
	read_file("/proc/uptime", buf, sizeof(buf));
	sscanf(buf, "%lf", &uptime);
	CHECK(uptime - info.uptime < 10 && info.uptime - uptime < 2);
	CHECK_ERR(sysinfo((struct sysinfo *)8), EFAULT);
}

TEST(reboot_guards)
{
	pid_t pid;

	CHECK_ERR(syscall(SYS_reboot, 1, 2, LINUX_REBOOT_CMD_RESTART, NULL), EINVAL);
	CHECK_ERR(syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, 0x1111, NULL),
		  EINVAL);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
				  LINUX_REBOOT_CMD_RESTART, NULL), EPERM);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
			 LINUX_REBOOT_CMD_CAD_OFF, NULL));
}

TEST(syslog)
{
	char *buf = malloc(1 << 20);
	int size = klogctl(10, NULL, 0);

	CHECK(size >= 4096);
	CHECK(klogctl(3, buf, 1 << 20) > 0);
	CHECK(memchr(buf, '<', 1) != NULL);
	CHECK_ERR(klogctl(77, NULL, 0), EINVAL);
	CHECK_ERR(klogctl(3, NULL, 10), EINVAL);
	CHECK_OK(klogctl(3, buf, 0));
}

static void as_user(void)
{
	char buf[64];

	become_user();
	CHECK_ERR(klogctl(3, buf, sizeof(buf)), EPERM);
	CHECK_ERR(klogctl(10, NULL, 0), EPERM);
	CHECK_ERR(klogctl(9, NULL, 0), EPERM);
	CHECK_ERR(open("/dev/kmsg", O_RDONLY), EPERM);
}

/* Debian's setting. */
TEST(syslog_is_not_for_users)
{
	CHECK(file_has("/proc/sys/kernel/dmesg_restrict", "1\n"));
	chmod("/dev/kmsg", 0666);
	in_child(as_user);
	chmod("/dev/kmsg", 0644);
}

TEST(kmsg)
{
	int fd = open("/dev/kmsg", O_RDWR | O_NONBLOCK);
	char buf[8192];
	ssize_t n;
	bool found = false;

	REQUIRE(fd >= 0);
	CHECK(write(fd, "<7>t_kmsg: a line\n", 18) == 18);
	while ((n = read(fd, buf, sizeof(buf) - 1)) > 0 || errno == EPIPE) {
		if (n <= 0)
			continue;
		buf[n] = '\0';
		found |= strstr(buf, "t_kmsg: a line\n") != NULL;
	}
	CHECK(found);
	CHECK_EQ(errno, EAGAIN);
}

TEST(reboot_refusals)
{
	long magic = (int)0xfee1dead;

	CHECK_ERR(syscall(SYS_reboot, 0, 672274793, 0, NULL), EINVAL);
	CHECK_ERR(syscall(SYS_reboot, magic, 1, 0, NULL), EINVAL);
	CHECK_ERR(syscall(SYS_reboot, magic, 672274793, 0x4711, NULL), EINVAL);
	CHECK_ERR(syscall(SYS_reboot, magic, 672274793, (int)0xa1b2c3d4, (void *)8), EFAULT);
	become_user();
	CHECK_ERR(syscall(SYS_reboot, 0, 0, 0, NULL), EPERM);
}
