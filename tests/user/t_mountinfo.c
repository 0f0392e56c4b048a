// SPDX-License-Identifier: GPL-2.0-only
/* t_mountinfo.c: the text of /proc/<pid>/mountinfo, mounts and mountstats; poll on them. */
#include "tap.h"

#include <linux/stat.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/sysmacros.h>

static char cwd[200];

static void own_namespace(void)
{
	own_mounts();
	getcwd(cwd, sizeof(cwd));
}

/* The last line of @file that has @want. */
static const char *line_with(const char *file, const char *want)
{
	static char found[1000];
	char line[1000];
	FILE *f = fopen(file, "r");

	*found = '\0';
	while (f && fgets(line, sizeof(line), f))
		if (strstr(line, want))
			strcpy(found, line);
	if (f)
		fclose(f);
	return found;
}

static const char *info_of(const char *path)
{
	char want[300];

	snprintf(want, sizeof(want), " %s/%s ", cwd, path);
	return line_with("/proc/self/mountinfo", want);
}

static int mount_id(const char *path)
{
	struct statx sx;

	REQUIRE(syscall(__NR_statx, AT_FDCWD, path, 0, STATX_BASIC_STATS | STATX_MNT_ID, &sx) == 0);
	CHECK(sx.stx_mask & STATX_MNT_ID);
	return sx.stx_mnt_id;
}

TEST(fields)
{
	char want[600];
	struct stat st;

	own_namespace();
	mkdir("m", 0755);
	REQUIRE(mount("my source", "m", "tmpfs", MS_NOSUID, "size=1m") == 0);
	stat("m", &st);
	snprintf(want, sizeof(want), "%d %d %u:%u / %s/m rw,nosuid,relatime - tmpfs my\\040source rw,size=1024k",
		 mount_id("m"), mount_id("."), major(st.st_dev), minor(st.st_dev), cwd);
	if (!CHECK(!strncmp(info_of("m"), want, strlen(want))))
		note("%s, want %s", info_of("m"), want);
	snprintf(want, sizeof(want), "my\\040source %s/m tmpfs rw,nosuid,relatime,size=1024k", cwd);
	CHECK(file_has("/proc/self/mounts", want));
	CHECK(strstr(line_with("/proc/self/mounts", want), " 0 0\n"));
	snprintf(want, sizeof(want), "device my\\040source mounted on %s/m with fstype tmpfs\n", cwd);
	CHECK(file_has("/proc/self/mountstats", want));
	umount("m");
}

/* Of a bind mount the root is the part that is shown. */
TEST(roots)
{
	char want[300];

	own_namespace();
	mkdir("m", 0755);
	mkdir("b", 0755);
	REQUIRE(mount("none", "m", "tmpfs", 0, NULL) == 0);
	mkdir("m/part of it", 0755);
	mkdir("m/part of it/x", 0755);
	CHECK_OK(mount("m/part of it", "b", NULL, MS_BIND, NULL));
	snprintf(want, sizeof(want), " /part\\040of\\040it %s/b rw", cwd);
	CHECK(strstr(info_of("b"), want));
	CHECK_OK(rename("m/part of it", "m/p"));
	snprintf(want, sizeof(want), " /p %s/b rw", cwd);
	CHECK(strstr(info_of("b"), want));
	rmdir("m/p/x");
	CHECK_OK(rmdir("m/p"));			/* nothing is mounted on it */
	snprintf(want, sizeof(want), " /p//deleted %s/b rw", cwd);
	CHECK(strstr(info_of("b"), want));
	umount("b");
	umount("m");
}

TEST(odd_names)
{
	char want[400];

	own_namespace();
	mkdir("a b\tc\nd\\e#f", 0755);
	REQUIRE(mount("s p\tt\nn\\b#h", "a b\tc\nd\\e#f", "tmpfs", 0, NULL) == 0);
	snprintf(want, sizeof(want),
		 " / %s/a\\040b\\011c\\012d\\134e#f rw,relatime - tmpfs s\\040p\\011t\\012n\\134b\\043h rw", cwd);
	CHECK(file_has("/proc/self/mountinfo", want));
	snprintf(want, sizeof(want), "s\\040p\\011t\\012n\\134b\\043h %s/a\\040b\\011c\\012d\\134e#f tmpfs rw", cwd);
	CHECK(file_has("/proc/self/mounts", want));
	umount("a b\tc\nd\\e#f");
	mkdir("m", 0755);
	REQUIRE(mount(NULL, "m", "tmpfs", 0, NULL) == 0);
	CHECK(strstr(info_of("m"), " - tmpfs none rw"));
	umount("m");
	REQUIRE(mount("", "m", "tmpfs", 0, NULL) == 0);
	CHECK(strstr(info_of("m"), " - tmpfs  rw"));
	umount("m");
}

TEST(flags)
{
	static const struct { unsigned long flags; const char *text; } cases[] = {
		{ MS_RDONLY, " ro,relatime - tmpfs none ro" },
		{ MS_NOSUID | MS_NODEV | MS_NOEXEC, " rw,nosuid,nodev,noexec,relatime - tmpfs none rw" },
		{ MS_NOATIME, " rw,noatime - tmpfs none rw" },
		{ MS_NOATIME | MS_NODIRATIME, " rw,noatime,nodiratime - tmpfs none rw" },
		{ MS_NODIRATIME, " rw,nodiratime,relatime - tmpfs none rw" },
		{ MS_STRICTATIME, " rw - tmpfs none rw" },
		{ MS_STRICTATIME | MS_NOATIME, " rw - tmpfs none rw" },
		{ 256 /* MS_NOSYMFOLLOW */, " rw,relatime,nosymfollow - tmpfs none rw" },
		{ MS_SYNCHRONOUS, " rw,relatime - tmpfs none rw,sync" },
		{ MS_DIRSYNC, " rw,relatime - tmpfs none rw,dirsync" },
		{ 1 << 25 /* MS_LAZYTIME */, " rw,relatime - tmpfs none rw,lazytime" },
		{ MS_SILENT, " rw,relatime - tmpfs none rw" },
		{ MS_MGC_VAL, " rw,relatime - tmpfs none rw" },
	};
	unsigned int i;

	own_namespace();
	mkdir("m", 0755);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		CHECK_OK(mount("none", "m", "tmpfs", cases[i].flags, NULL));
		if (!CHECK(strstr(info_of("m"), cases[i].text)))
			note("flags %#lx: %s", cases[i].flags, info_of("m"));
		umount("m");
	}
}

TEST(remounts)
{
	own_namespace();
	mkdir("m", 0755);
	REQUIRE(mount("none", "m", "tmpfs", MS_NOEXEC | MS_NOATIME, NULL) == 0);
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT, NULL));		/* flags go, access times stay */
	CHECK(strstr(info_of("m"), " rw,noatime - tmpfs none rw"));
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT | MS_RDONLY | MS_RELATIME | MS_NOSUID, NULL));
	CHECK(strstr(info_of("m"), " ro,nosuid,relatime - tmpfs none ro"));
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT | MS_BIND, NULL));	/* the mount only */
	CHECK(strstr(info_of("m"), " rw,relatime - tmpfs none ro"));
	CHECK(file_has("/proc/self/mounts", "/m tmpfs ro,relatime"));
	CHECK_ERR(mkdir("m/d", 0755), EROFS);
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT | MS_SYNCHRONOUS | MS_DIRSYNC, NULL));
	CHECK(strstr(info_of("m"), " rw,relatime - tmpfs none rw,sync"));
	CHECK(!strstr(info_of("m"), "dirsync"));			/* that is for mounting only */
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NODEV | MS_NODIRATIME, NULL));
	CHECK(strstr(info_of("m"), " ro,nodev,nodiratime,relatime - tmpfs none rw,sync"));
	umount("m");
}

/* Files of namespaces. */
TEST(namespace_files)
{
	char link[100] = "", want[400];

	own_namespace();
	write_file("f", "");
	REQUIRE(readlink("/proc/self/ns/uts", link, sizeof(link) - 1) > 0);
	CHECK_OK(mount("/proc/self/ns/uts", "f", NULL, MS_BIND, NULL));
	snprintf(want, sizeof(want), " %s %s/f rw - nsfs nsfs rw\n", link, cwd);
	if (!CHECK(strstr(info_of("f"), want)))
		note("%s, want %s", info_of("f"), want);
	snprintf(want, sizeof(want), "nsfs %s/f nsfs rw 0 0\n", cwd);
	CHECK(file_has("/proc/self/mounts", want));
	umount("f");
}

/* What is not below the reader's root is not listed. */
TEST(seen_from_a_root)
{
	own_namespace();
	mkdir("r", 0755);
	REQUIRE(mount("none", "r", "tmpfs", 0, NULL) == 0);
	mkdir("r/proc", 0755);
	mkdir("r/d", 0755);
	REQUIRE(mount("proc", "r/proc", "proc", 0, NULL) == 0);
	REQUIRE(mount("one", "r/d", "tmpfs", 0, NULL) == 0);
	REQUIRE(chroot("r") == 0);
	CHECK(file_has("/proc/self/mountinfo", " / / rw,relatime - tmpfs none rw"));
	CHECK(file_has("/proc/self/mountinfo", " / /d rw,relatime - tmpfs one rw"));
	CHECK(!file_has("/proc/self/mountinfo", "rootfs"));
	REQUIRE(chroot("/d") == 0);
	CHECK_EQ(open("/proc/self/mountinfo", O_RDONLY), -1);
}

static int changed(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLPRI };

	return poll(&p, 1, 0) == 1 ? p.revents : 0;
}

TEST(poll_tells_of_changes)
{
	int info, mounts;

	own_namespace();
	mkdir("m", 0755);
	info = open("/proc/self/mountinfo", O_RDONLY);
	mounts = open("/proc/self/mounts", O_RDONLY);
	CHECK_EQ(changed(info), 0);
	CHECK_OK(mount("none", "m", "tmpfs", 0, NULL));
	CHECK_EQ(changed(info), POLLPRI | POLLERR);
	CHECK_EQ(changed(info), 0);				/* told once */
	CHECK_EQ(changed(mounts), POLLPRI | POLLERR);		/* each file */
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT | MS_NODEV, NULL));
	CHECK_EQ(changed(info), POLLPRI | POLLERR);
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT | MS_BIND | MS_NODEV | MS_NOSUID, NULL));
	CHECK_EQ(changed(info), POLLPRI | POLLERR);
	CHECK_OK(umount("m"));
	CHECK_EQ(changed(info), POLLPRI | POLLERR);
	{
		struct pollfd p = { .fd = info, .events = POLLIN };

		CHECK_EQ(poll(&p, 1, 0), 1);
		CHECK_EQ(p.revents, POLLIN);			/* it can always be read */
	}
}

TEST(poll_wakes)
{
	struct pollfd p;
	pid_t pid;

	own_namespace();
	mkdir("m", 0755);
	p.fd = open("/proc/self/mountinfo", O_RDONLY);
	p.events = POLLPRI;
	pid = fork();
	if (pid == 0) {
		sleep_ms(50);
		CHECK_OK(mount("none", "m", "tmpfs", 0, NULL));
		finish();
	}
	CHECK_EQ(poll(&p, 1, 5000), 1);
	CHECK_EQ(p.revents, POLLPRI | POLLERR);
	expect_exit(pid, 0);
}

TEST(mount_root_attribute)
{
	struct statx sx;

	own_namespace();
	mkdir("m", 0755);
	REQUIRE(mount("none", "m", "tmpfs", 0, NULL) == 0);
	mkdir("m/d", 0755);
	REQUIRE(syscall(__NR_statx, AT_FDCWD, "m", 0, STATX_BASIC_STATS, &sx) == 0);
	CHECK(sx.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT);
	CHECK(sx.stx_attributes & STATX_ATTR_MOUNT_ROOT);
	REQUIRE(syscall(__NR_statx, AT_FDCWD, "m/d", 0, STATX_BASIC_STATS, &sx) == 0);
	CHECK(!(sx.stx_attributes & STATX_ATTR_MOUNT_ROOT));
	umount("m");
}
