// SPDX-License-Identifier: GPL-2.0-only
/* t_mount_storm.c: many processes change the same mounts at once; all is well afterwards. */
#include "tap.h"

#include <linux/mount.h>
#include <sched.h>

extern int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);
extern int umount2(const char *target, int flags);
#define MNT_DETACH	2
#define MNT_EXPIRE	4

#define WORKERS	6
#define RUN_MS	1500

static unsigned int seed;

static unsigned int pick(unsigned int n)
{
	seed = seed * 1103515245 + 12345;
	return (seed >> 16) % n;
}

static const char *any_dir(void)
{
	static const char *const dirs[] = { "t", "t/a", "t/b", "t/a/c", "t/b/c", "u", "u/a", "u/b" };

	return dirs[pick(ARRAY_SIZE(dirs))];
}

static void new_mount(void)
{
	mount("none", any_dir(), "tmpfs", 0, "size=64k");
}

static void bind(void)
{
	mount(any_dir(), any_dir(), NULL, MS_BIND | (pick(2) ? MS_REC : 0), NULL);
}

static void move(void)
{
	mount(any_dir(), any_dir(), NULL, MS_MOVE, NULL);
}

static void unmount(void)
{
	static const int flags[] = { 0, MNT_DETACH, MNT_DETACH, MNT_EXPIRE };

	umount2(any_dir(), flags[pick(4)]);
}

static void set_type(void)
{
	static const unsigned long types[] = { MS_SHARED, MS_SHARED, MS_SLAVE, MS_PRIVATE, MS_UNBINDABLE };

	mount(NULL, any_dir(), NULL, types[pick(5)] | (pick(2) ? MS_REC : 0), NULL);
}

static void remount(void)
{
	mount(NULL, any_dir(), NULL, MS_REMOUNT | (pick(2) ? MS_BIND : 0) | (pick(4) ? 0 : MS_RDONLY), NULL);
}

static void names(void)
{
	char name[40];

	snprintf(name, sizeof(name), "%s/%c", any_dir(), "abc"[pick(3)]);
	if (pick(4))
		mkdir(name, 0755);
	else
		rmdir(name);
}

static void look(void)
{
	static char text[65536];
	struct stat st;

	read_file(pick(2) ? "/proc/self/mountinfo" : "/proc/self/mounts", text, sizeof(text));
	stat(any_dir(), &st);
}

static void detached(void)
{
	int fd = syscall(__NR_open_tree, AT_FDCWD, any_dir(), OPEN_TREE_CLONE | (pick(2) ? AT_RECURSIVE : 0));

	if (fd < 0)
		return;
	mkdirat(fd, "a", 0755);
	if (pick(2))
		syscall(__NR_move_mount, fd, "", AT_FDCWD, any_dir(), MOVE_MOUNT_F_EMPTY_PATH);
	close(fd);
}

static void setattr(void)
{
	struct mount_attr attr = {
		.attr_set = pick(3) ? MOUNT_ATTR_NODEV : MOUNT_ATTR_RDONLY, .attr_clr = pick(2) ? MOUNT_ATTR_RDONLY : 0,
		.propagation = pick(3) ? 0 : MS_SHARED,
	};

	syscall(__NR_mount_setattr, AT_FDCWD, any_dir(), pick(2) ? AT_RECURSIVE : 0, &attr, sizeof(attr));
}

/* A namespace that comes and goes, with the same mounts as peers. */
static void namespace(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (unshare(CLONE_NEWNS) == 0) {
			new_mount();
			bind();
			unmount();
		}
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void work(int n, long long end)
{
	static void (*const steps[])(void) = {
		new_mount, bind, move, unmount, unmount, set_type, remount, names, look, detached, setattr, namespace,
		unmount, names,
	};

	seed = n * 7919 + 1;
	while (now_ms() < end)
		steps[pick(ARRAY_SIZE(steps))]();
	finish();
}

static int count_lines(const char *path)
{
	FILE *f = fopen(path, "r");
	int c, n = 0;

	while (f && (c = getc(f)) != EOF)
		n += c == '\n';
	if (f)
		fclose(f);
	return n;
}

/* The numbers that a new mount gets: always the lowest that are free. */
struct numbers {
	unsigned int mount_id, minor, group;
};

static struct numbers next_numbers(void)
{
	struct numbers n = { 0 };
	char line[500], *at;
	FILE *f;

	mkdir("probe", 0755);
	mount("none", "probe", "tmpfs", 0, NULL);
	mount(NULL, "probe", NULL, MS_SHARED, NULL);
	f = fopen("/proc/self/mountinfo", "r");
	while (fgets(line, sizeof(line), f)) {
		at = strstr(line, "/probe ") ? strstr(line, "shared:") : NULL;
		if (at && sscanf(line, "%u %*u %*u:%u", &n.mount_id, &n.minor) == 2)
			n.group = atoi(at + strlen("shared:"));
	}
	fclose(f);
	umount2("probe", 0);
	return n;
}

/* What was unmounted may take a moment to go. */
static bool nothing_is_left(const struct numbers *before)
{
	struct numbers now;
	int i;

	for (i = 0; i < 30; i++) {
		now = next_numbers();
		if (now.mount_id <= before->mount_id && now.minor <= before->minor && now.group <= before->group)
			return true;
		sleep_ms(100);
	}
	note("mount %u, was %u; device %u, was %u; group %u, was %u", now.mount_id, before->mount_id, now.minor,
	     before->minor, now.group, before->group);
	return false;
}

TEST(storm)
{
	char limit[20] = "100000";
	struct numbers first;
	int before, i;
	pid_t pids[WORKERS];
	long long end;

	own_mounts();
	before = count_lines("/proc/self/mountinfo");
	first = next_numbers();
	/* Shared mounts on each other double what there is, each time. */
	read_file("/proc/sys/fs/mount-max", limit, sizeof(limit));
	write_file("/proc/sys/fs/mount-max", "200");
	mkdir("all", 0755);
	REQUIRE(mount("none", "all", "tmpfs", 0, NULL) == 0 && chdir("all") == 0);
	mkdir("t", 0755);
	mkdir("u", 0755);
	REQUIRE(mount("none", "t", "tmpfs", 0, NULL) == 0);
	mkdir("t/a", 0755);
	mkdir("t/b", 0755);
	REQUIRE(mount(NULL, "t", NULL, MS_SHARED, NULL) == 0);
	end = now_ms() + RUN_MS;
	for (i = 0; i < WORKERS; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			work(i, end);
	}
	for (i = 0; i < WORKERS; i++)
		expect_exit(pids[i], 0);
	write_file("/proc/sys/fs/mount-max", limit);
	REQUIRE(chdir("..") == 0);
	CHECK_OK(umount2("all", MNT_DETACH));
	CHECK_EQ(count_lines("/proc/self/mountinfo"), before);
	CHECK(nothing_is_left(&first));
}
