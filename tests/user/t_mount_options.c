// SPDX-License-Identifier: GPL-2.0-only
/* t_mount_options.c: the options of tmpfs, ramfs, devpts, proc, sysfs and devtmpfs. */
#include "tap.h"

#include <dirent.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statfs.h>

static void own_namespace(void)
{
	own_mounts();
	mkdir("m", 0755);
}

static int mount_with(const char *type, const char *options)
{
	return mount("none", "m", type, 0, options);
}

/* The options of the mount on m in mountinfo, with their commas. */
static const char *shown(void)
{
	static char found[1000];
	char cwd[200], want[300], line[1000], *at;
	FILE *f = fopen("/proc/self/mountinfo", "r");

	getcwd(cwd, sizeof(cwd));
	snprintf(want, sizeof(want), " %s/m ", cwd);
	*found = '\0';
	while (fgets(line, sizeof(line), f)) {
		at = strstr(line, want) ? strstr(line, " - ") : NULL;
		at = at ? strstr(at, " none ") : NULL;
		if (at)
			snprintf(found, sizeof(found), "%.*s,", (int)strcspn(at + 6, "\n"), at + 6);
	}
	fclose(f);
	return found;
}

static bool shows(const char *option)
{
	char want[100];

	snprintf(want, sizeof(want), ",%s,", option);
	if (strstr(shown(), want))
		return true;
	note("%s, not %s", shown(), option);
	return false;
}

/* ---- tmpfs ----------------------------------------------------------------------------------- */

static long blocks(void)
{
	struct statfs st;

	return statfs("m", &st) ? -1 : (long)st.f_blocks;
}

static long files(void)
{
	struct statfs st;

	return statfs("m", &st) ? -1 : (long)st.f_files;
}

TEST(tmpfs_sizes)
{
	static const struct { const char *option, *shown; long blocks; } cases[] = {
		{ "size=1m", "size=1024k", 256 }, { "size=1M", "size=1024k", 256 }, { "size=4096", "size=4k", 1 },
		{ "size=1", "size=4k", 1 }, { "size=4097", "size=8k", 2 }, { "size=0x10000", "size=64k", 16 },
		{ "nr_blocks=3", "size=12k", 3 }, { "nr_blocks=1k", "size=4096k", 1024 },
		{ "size=0", "size=0k", 0 }, { "size=1g,size=8k", "size=8k", 2 },
	};
	unsigned int i;

	own_namespace();
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		CHECK_OK(mount_with("tmpfs", cases[i].option));
		CHECK(shows(cases[i].shown));
		CHECK_EQ(blocks(), cases[i].blocks);
		umount("m");
	}
	CHECK_OK(mount_with("tmpfs", NULL));
	CHECK(!strstr(shown(), "size="));
	{
		long half = blocks();

		umount("m");
		CHECK_OK(mount_with("tmpfs", "size=25%"));
		CHECK(labs(blocks() - half / 2) <= 1);
		umount("m");
	}
	CHECK_OK(mount_with("tmpfs", "nr_inodes=1k"));
	CHECK(shows("nr_inodes=1024"));
	CHECK_EQ(files(), 1024);
	umount("m");
	CHECK_OK(mount_with("tmpfs", "nr_inodes=0"));
	CHECK(shows("nr_inodes=0"));
	CHECK_EQ(files(), 0);
}

TEST(tmpfs_root)
{
	struct stat st;

	own_namespace();
	CHECK_OK(mount_with("tmpfs", NULL));
	CHECK_OK(stat("m", &st));
	CHECK_EQ(st.st_mode, S_IFDIR | 01777);
	CHECK(!strstr(shown(), "mode=") && !strstr(shown(), "uid=") && !strstr(shown(), "gid="));
	umount("m");
	CHECK_OK(mount_with("tmpfs", "mode=2750,uid=5,gid=0x10"));
	CHECK_OK(stat("m", &st));
	CHECK_EQ(st.st_mode, S_IFDIR | 02750);
	CHECK_EQ(st.st_uid, 5);
	CHECK_EQ(st.st_gid, 16);
	CHECK(shows("mode=2750"));
	CHECK(shows("uid=5"));
	CHECK(shows("gid=16"));
	umount("m");
	CHECK_OK(mount_with("tmpfs", "mode=177777"));
	CHECK_OK(stat("m", &st));
	CHECK_EQ(st.st_mode & 07777, 07777);
	umount("m");
	CHECK_OK(mount_with("tmpfs", "mode=7"));
	CHECK(shows("mode=007"));
}

TEST(tmpfs_bad)
{
	static const char *const bad[] = {
		"nosuch", "nosuch=1", "size", "size=", "size=x", "size=1q", "size=10%%", "nr_blocks=1x", "nr_inodes=",
		"mode=8", "mode=", "mode", "uid=x", "uid=-1", "uid", "gid=1g", "huge=1", "huge", "inode64=1",
		"inode32=", "mpol=nosuch", "mpol", "size=1m,bad", "ro=1x=",
	};
	unsigned int i;

	own_namespace();
	for (i = 0; i + 1 < ARRAY_SIZE(bad); i++) {
		if (mount_with("tmpfs", bad[i]) == 0 || errno != EINVAL) {
			note("%s", bad[i]);
			CHECK(!"refused");
			umount("m");
		}
	}
	/* What is left out, and flags of every file system. */
	CHECK_OK(mount_with("tmpfs", ",,size=4k,,"));
	CHECK(shows("size=4k"));
	umount("m");
	CHECK_OK(mount_with("tmpfs", "ro,sync,size=4k"));
	CHECK(!strncmp(shown(), "ro,sync,size=4k", 15));
	umount("m");
	CHECK_OK(mount(NULL, "m", "tmpfs", 0, "source=other"));
	umount("m");
	CHECK_ERR(mount("a", "m", "tmpfs", 0, "source=b"), EINVAL);
}

TEST(tmpfs_hints)
{
	own_namespace();
	CHECK_OK(mount_with("tmpfs", "inode32"));
	umount("m");
	CHECK_OK(mount_with("tmpfs", "huge=never"));
	CHECK(!strstr(shown(), "huge="));
	umount("m");
	/* Where there are huge pages. */
	if (mount_with("tmpfs", "huge=within_size") == 0) {
		CHECK(shows("huge=within_size"));
		CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT, "huge=advise"));
		CHECK(shows("huge=advise"));
		umount("m");
	} else {
		CHECK_EQ(errno, EINVAL);
	}
	if (kernel_is_64bit()) {
		CHECK_OK(mount_with("tmpfs", "inode64"));
		CHECK(shows("inode64"));
	} else {
		CHECK_ERR(mount_with("tmpfs", "inode64"), EINVAL);
	}
}

TEST(tmpfs_remount)
{
	static char block[4096];
	int fd, i;

	own_namespace();
	CHECK_OK(mount_with("tmpfs", "size=64k,nr_inodes=10,mode=700"));
	fd = open("m/f", O_CREAT | O_WRONLY, 0600);
	for (i = 0; i < 8; i++)
		CHECK_EQ(write(fd, block, sizeof(block)), sizeof(block));
	close(fd);
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT, "size=32k"));
	CHECK_EQ(blocks(), 8);
	CHECK_ERR(mount(NULL, "m", NULL, MS_REMOUNT, "size=28k"), EINVAL);
	CHECK_EQ(blocks(), 8);
	CHECK_ERR(mount(NULL, "m", NULL, MS_REMOUNT, "nr_inodes=1"), EINVAL);
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT, "nr_inodes=2"));
	CHECK_ERR(open("m/g", O_CREAT | O_WRONLY, 0600), ENOSPC);
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT, "mode=755,uid=5"));	/* read, and that is all */
	CHECK(shows("mode=700"));
	CHECK(!strstr(shown(), "uid="));
	CHECK_ERR(mount(NULL, "m", NULL, MS_REMOUNT, "nosuch"), EINVAL);
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT, NULL));
	CHECK_EQ(blocks(), 8);
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT, "size=0,nr_inodes=0"));
	CHECK_ERR(mount(NULL, "m", NULL, MS_REMOUNT, "size=1m"), EINVAL);	/* no limit where there was none */
	CHECK_ERR(mount(NULL, "m", NULL, MS_REMOUNT, "nr_inodes=100"), EINVAL);
	umount("m");
}

/* ---- ramfs, sysfs, devtmpfs ------------------------------------------------------------------ */

TEST(ramfs)
{
	struct stat st;

	own_namespace();
	CHECK_OK(mount_with("ramfs", NULL));
	CHECK_OK(stat("m", &st));
	CHECK_EQ(st.st_mode, S_IFDIR | 0755);
	CHECK_STR(shown(), "rw,");
	CHECK_EQ(blocks(), 0);
	umount("m");
	CHECK_OK(mount_with("ramfs", "mode=1711,nosuch=5,size=banana"));
	CHECK_OK(stat("m", &st));
	CHECK_EQ(st.st_mode, S_IFDIR | 01711);
	CHECK(shows("mode=1711"));
	umount("m");
	CHECK_ERR(mount_with("ramfs", "mode=9"), EINVAL);
}

TEST(without_options)
{
	own_namespace();
	CHECK_ERR(mount_with("sysfs", "nosuch"), EINVAL);
	CHECK_OK(mount_with("sysfs", "ro"));
	umount("m");
	CHECK_OK(mount_with("sysfs", NULL));
	umount("m");
	CHECK_ERR(mount_with("devtmpfs", "nosuch"), EINVAL);
}

/* ---- devpts ---------------------------------------------------------------------------------- */

TEST(devpts)
{
	struct stat st;
	int ptmx, n;

	own_namespace();
	CHECK_OK(mount_with("devpts", NULL));
	CHECK(shows("mode=600"));
	CHECK(shows("ptmxmode=000"));
	CHECK_OK(stat("m/ptmx", &st));
	CHECK_EQ(st.st_mode, S_IFCHR);
	umount("m");
	CHECK_OK(mount_with("devpts", "newinstance,uid=3,gid=5,mode=620,ptmxmode=666,max=2"));
	CHECK_STR(shown(), "rw,uid=3,gid=5,mode=620,ptmxmode=666,max=2,");
	CHECK_OK(stat("m/ptmx", &st));
	CHECK_EQ(st.st_mode, S_IFCHR | 0666);
	ptmx = CHECK_OK(open("m/ptmx", O_RDWR | O_NOCTTY));
	CHECK_OK(stat("m/0", &st));			/* numbers of its own */
	CHECK(st.st_uid == 3 && st.st_gid == 5);
	CHECK_EQ(st.st_mode, S_IFCHR | 0620);
	n = open("m/ptmx", O_RDWR | O_NOCTTY);
	CHECK(n >= 0);
	CHECK_ERR(open("m/ptmx", O_RDWR | O_NOCTTY), ENOSPC);
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT, "ptmxmode=600"));	/* the rest is what it is by default */
	CHECK_STR(shown(), "rw,mode=600,ptmxmode=600,");
	CHECK_OK(stat("m/ptmx", &st));
	CHECK_EQ(st.st_mode, S_IFCHR | 0600);
	close(n);
	close(ptmx);
	umount("m");
	CHECK_ERR(mount_with("devpts", "nosuch"), EINVAL);
	CHECK_ERR(mount_with("devpts", "max=1048577"), EINVAL);
	CHECK_ERR(mount_with("devpts", "mode=8"), EINVAL);
	CHECK_ERR(mount_with("devpts", "uid=x"), EINVAL);
}

/* ---- proc ------------------------------------------------------------------------------------ */

static bool lists(const char *dir, const char *name)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	bool found = false;

	while (d && (e = readdir(d)))
		found |= !strcmp(e->d_name, name);
	if (d)
		closedir(d);
	return found;
}

/* What user 1000, in group 1000, gets of our own directory there. */
static void look_as_user(const char *proc, bool listed, int open_errno, int stat_errno)
{
	char dir[100], name[20], file[120];
	pid_t pid;

	snprintf(name, sizeof(name), "%d", getpid());
	snprintf(dir, sizeof(dir), "%s/%s", proc, name);
	snprintf(file, sizeof(file), "%s/stat", dir);
	pid = fork();
	if (pid == 0) {
		struct stat st;

		become_user();
		CHECK_EQ(lists(proc, name), listed);
		if (open_errno)
			CHECK_ERR(open(file, O_RDONLY), open_errno);
		else
			CHECK_OK(open(file, O_RDONLY));
		if (stat_errno)
			CHECK_ERR(stat(dir, &st), stat_errno);
		else
			CHECK_OK(stat(dir, &st));
		/* One's own are there in any case. */
		snprintf(name, sizeof(name), "%d", getpid());
		CHECK(lists(proc, name));
		snprintf(file, sizeof(file), "%s/self/stat", proc);
		CHECK_OK(open(file, O_RDONLY));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(proc_hidepid)
{
	static const struct {
		const char *option, *shown;
		bool listed;
		int open_errno, stat_errno;
	} cases[] = {
		{ NULL, NULL, true, 0, 0 },
		{ "hidepid=0", NULL, true, 0, 0 },
		{ "hidepid=off", NULL, true, 0, 0 },
		{ "hidepid=1", "hidepid=noaccess", true, EPERM, 0 },
		{ "hidepid=noaccess", "hidepid=noaccess", true, EPERM, 0 },
		{ "hidepid=2", "hidepid=invisible", false, ENOENT, ENOENT },
		{ "hidepid=invisible", "hidepid=invisible", false, ENOENT, ENOENT },
		{ "hidepid=4", "hidepid=ptraceable", false, ENOENT, ENOENT },
		{ "hidepid=ptraceable", "hidepid=ptraceable", false, ENOENT, ENOENT },
	};
	unsigned int i;

	own_namespace();
	chmod(".", 0755);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		note("%s", cases[i].option);
		CHECK_OK(mount_with("proc", cases[i].option));
		if (cases[i].shown)
			CHECK(shows(cases[i].shown));
		else
			CHECK_STR(shown(), "rw,");
		look_as_user("m", cases[i].listed, cases[i].open_errno, cases[i].stat_errno);
		umount("m");
	}
}

/* Whoever is in the group sees all, except with "ptraceable". */
TEST(proc_gid)
{
	own_namespace();
	chmod(".", 0755);
	CHECK_OK(mount_with("proc", "hidepid=2,gid=1000"));
	CHECK_STR(shown(), "rw,gid=1000,hidepid=invisible,");
	look_as_user("m", true, 0, 0);
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT, "hidepid=4"));
	CHECK_STR(shown(), "rw,gid=1000,hidepid=ptraceable,");
	look_as_user("m", false, ENOENT, ENOENT);
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT, "hidepid=0,gid=0"));
	CHECK_STR(shown(), "rw,");
	look_as_user("m", true, 0, 0);
}

TEST(proc_subset)
{
	own_namespace();
	CHECK_OK(mount_with("proc", "subset=pid"));
	CHECK_STR(shown(), "rw,subset=pid,");
	CHECK_OK(access("m/self/stat", F_OK));
	CHECK_OK(access("m/thread-self/stat", F_OK));
	CHECK_OK(access("m/1", F_OK));
	CHECK_ERR(access("m/meminfo", F_OK), ENOENT);
	CHECK_ERR(access("m/sys", F_OK), ENOENT);
	CHECK(!lists("m", "meminfo") && !lists("m", "sys") && !lists("m", "mounts"));
	CHECK(lists("m", "self") && lists("m", "thread-self") && lists("m", "1"));
}

/* Each mount is one of its own. */
TEST(proc_instances)
{
	struct stat a, b;

	own_namespace();
	CHECK_OK(mount_with("proc", "hidepid=2"));
	CHECK_OK(stat("m", &a));
	CHECK_OK(stat("/proc", &b));
	CHECK(a.st_dev != b.st_dev);
	CHECK(!file_has("/proc/self/mounts", "/proc proc rw,relatime,hidepid"));
	CHECK_OK(access("/proc/meminfo", F_OK));
}

TEST(proc_bad)
{
	static const char *const bad[] = {
		"nosuch", "hidepid", "hidepid=", "hidepid=3", "hidepid=5", "hidepid=none", "gid", "gid=x", "subset=net",
		"subset", "hidepid=-1",
	};
	unsigned int i;

	own_namespace();
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		if (mount_with("proc", bad[i]) == 0 || errno != EINVAL) {
			note("%s", bad[i]);
			CHECK(!"refused");
			umount("m");
		}
	}
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* Whatever /proc/filesystems lists without a device can be opened by name; nothing else can. */
TEST(filesystems)
{
	char line[100], name[50];
	FILE *f = fopen("/proc/filesystems", "r");
	int n = 0;

	REQUIRE(f);
	while (fgets(line, sizeof(line), f)) {
		int fd;

		if (sscanf(line, "nodev %49s", name) != 1)
			continue;
		fd = syscall(430 /* fsopen */, name, 0);
		if (!CHECK(fd >= 0))
			note("%s", name);
		close(fd);
		n++;
	}
	fclose(f);
	CHECK(n >= 5);
	CHECK(file_has("/proc/filesystems", "nodev\ttmpfs\n"));
	own_namespace();
	CHECK_ERR(mount_with("nosuchfs", NULL), ENODEV);
	CHECK_ERR(mount_with("", NULL), ENODEV);
	CHECK_ERR(mount_with("tmpfs.x", NULL), ENODEV);
	CHECK_ERR(mount_with(NULL, NULL), EINVAL);
}
