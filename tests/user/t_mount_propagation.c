// SPDX-License-Identifier: GPL-2.0-only
/* t_mount_propagation.c: shared, slave, private and unbindable mounts; the examples of mount_namespaces(7). */
#include "tap.h"

#include <sched.h>
#include <sys/mount.h>

static void tmpfs_on(const char *dir)
{
	mkdir(dir, 0755);
	REQUIRE(mount("none", dir, "tmpfs", 0, NULL) == 0);
}

/* A tmpfs on @dir with a file that tells which it is. */
static void marked_tmpfs_on(const char *dir, const char *mark)
{
	char name[100];

	tmpfs_on(dir);
	snprintf(name, sizeof(name), "%s/%s", dir, mark);
	write_file(name, "");
}

static void bind(const char *from, const char *to)
{
	mkdir(to, 0755);
	REQUIRE(mount(from, to, NULL, MS_BIND, NULL) == 0);
}

static void set_type(const char *dir, unsigned long type)
{
	REQUIRE(mount(NULL, dir, NULL, type, NULL) == 0);
}

/* The line of mountinfo for the last mount on <cwd>/path, or "". */
static const char *line_of(const char *path)
{
	static char lines[4][1000];
	static int turn;
	char cwd[200], want[300], line[1000], *found = lines[turn++ % 4];
	FILE *f = fopen("/proc/self/mountinfo", "r");

	getcwd(cwd, sizeof(cwd));
	snprintf(want, sizeof(want), " %s/%s ", cwd, path);
	*found = '\0';
	while (fgets(line, sizeof(line), f))
		if (strstr(line, want))
			strcpy(found, line);
	fclose(f);
	return found;
}

static int number_after(const char *line, const char *tag)
{
	const char *at = strstr(line, tag), *end = strstr(line, " - ");

	return at && at < end ? atoi(at + strlen(tag)) : 0;
}

static int shared(const char *path)
{
	return number_after(line_of(path), " shared:");
}

static int master(const char *path)
{
	return number_after(line_of(path), " master:");
}

static bool is_mounted(const char *path)
{
	return *line_of(path);
}

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* A shared mount m and a peer of it, p. */
static void make_peers(void)
{
	own_mounts();
	tmpfs_on("m");
	mkdir("m/d", 0755);
	set_type("m", MS_SHARED);
	bind("m", "p");
	REQUIRE(shared("m") && shared("m") == shared("p"));
}

/* ---- mounting -------------------------------------------------------------------------------- */

TEST(peers_receive)
{
	make_peers();
	marked_tmpfs_on("m/d", "one");
	CHECK(exists("p/d/one"));
	CHECK(shared("m/d") && shared("m/d") == shared("p/d"));
	CHECK(shared("m/d") != shared("m"));
	CHECK_OK(umount("p/d"));			/* from either side */
	CHECK(!is_mounted("m/d"));
	marked_tmpfs_on("p/d", "two");
	CHECK(exists("m/d/two"));
	CHECK_OK(umount("m/d"));
	CHECK(!is_mounted("p/d"));
}

TEST(slaves_receive_only)
{
	make_peers();
	set_type("p", MS_SLAVE);
	CHECK_EQ(master("p"), shared("m"));
	CHECK_EQ(shared("p"), 0);
	marked_tmpfs_on("m/d", "one");
	CHECK(exists("p/d/one"));
	CHECK_EQ(shared("p/d"), 0);
	CHECK_EQ(master("p/d"), shared("m/d"));
	CHECK_OK(umount("p/d"));
	CHECK(is_mounted("m/d"));
	CHECK_OK(umount("m/d"));
	marked_tmpfs_on("p/d", "two");
	CHECK(!exists("m/d/two"));
	CHECK_EQ(master("p/d"), 0);
}

TEST(private_receives_nothing)
{
	make_peers();
	set_type("p", MS_PRIVATE);
	tmpfs_on("m/d");
	CHECK(!is_mounted("p/d"));
	CHECK(shared("m"));
}

TEST(slave_and_shared)
{
	make_peers();
	set_type("p", MS_SLAVE);
	set_type("p", MS_SHARED);
	CHECK_EQ(master("p"), shared("m"));
	CHECK(shared("p") && shared("p") != shared("m"));
	bind("p", "q");				/* a peer of the slave, and a slave of its master */
	CHECK_EQ(shared("q"), shared("p"));
	CHECK_EQ(master("q"), shared("m"));
	marked_tmpfs_on("m/d", "one");
	CHECK(exists("p/d/one"));
	CHECK(exists("q/d/one"));
	CHECK_EQ(shared("p/d"), shared("q/d"));
	CHECK_EQ(master("p/d"), shared("m/d"));
	CHECK_OK(umount("m/d"));
	CHECK(!is_mounted("p/d") && !is_mounted("q/d"));
	marked_tmpfs_on("q/d", "two");
	CHECK(exists("p/d/two"));
	CHECK(!exists("m/d/two"));
}

TEST(chain_of_slaves)
{
	make_peers();
	set_type("p", MS_SLAVE);
	set_type("p", MS_SHARED);
	bind("p", "q");
	set_type("q", MS_SLAVE);
	CHECK_EQ(master("q"), shared("p"));
	tmpfs_on("m/d");
	CHECK_EQ(master("q/d"), shared("p/d"));
	CHECK_EQ(master("p/d"), shared("m/d"));
	/* The one in the middle goes: its slave goes to its master. */
	set_type("p", MS_PRIVATE);
	CHECK_EQ(master("q"), shared("m"));
	set_type("m", MS_PRIVATE);
	CHECK_EQ(master("q"), 0);
}

TEST(a_slave_without_peers_becomes_private)
{
	own_mounts();
	tmpfs_on("m");
	set_type("m", MS_SHARED);
	set_type("m", MS_SLAVE);
	CHECK_EQ(shared("m") + master("m"), 0);
	set_type("m", MS_UNBINDABLE);
	set_type("m", MS_SLAVE);
	CHECK(strstr(line_of("m"), " unbindable - "));
	set_type("m", MS_SHARED);
	CHECK(!strstr(line_of("m"), "unbindable"));
}

/* Only where the mount point can be seen. */
TEST(parts)
{
	own_mounts();
	tmpfs_on("m");
	mkdir("m/a", 0755);
	mkdir("m/a/d", 0755);
	mkdir("m/b", 0755);
	set_type("m", MS_SHARED);
	bind("m/a", "a");
	bind("m/b", "b");
	CHECK_EQ(shared("a"), shared("m"));
	marked_tmpfs_on("m/a/d", "x");
	CHECK(exists("a/d/x"));
	CHECK(!is_mounted("b/d"));
	marked_tmpfs_on("m/b", "y");
	CHECK(exists("b/y"));				/* over its root */
}

/* A master's copy that the middle cannot see still makes slaves of its own. */
TEST(slave_of_who_cannot_see)
{
	own_mounts();
	tmpfs_on("m");
	mkdir("m/a", 0755);
	mkdir("m/a/d", 0755);
	mkdir("m/b", 0755);
	set_type("m", MS_SHARED);
	bind("m", "p");
	set_type("p", MS_SLAVE);
	set_type("p", MS_SHARED);
	bind("p", "q");
	set_type("q", MS_SLAVE);
	bind("p/b", "pb");
	CHECK_OK(umount2("p", MNT_DETACH));
	CHECK_EQ(master("q"), shared("pb"));
	tmpfs_on("m/a/d");
	CHECK_EQ(master("q/a/d"), shared("m/a/d"));
}

TEST(trees_propagate_whole)
{
	make_peers();
	tmpfs_on("t");
	mkdir("t/u", 0755);
	marked_tmpfs_on("t/u", "deep");
	REQUIRE(mount("t", "m/d", NULL, MS_BIND | MS_REC, NULL) == 0);
	CHECK(exists("p/d/u/deep"));
	CHECK_EQ(shared("p/d/u"), shared("m/d/u"));
	CHECK(shared("m/d/u"));
	CHECK_EQ(shared("t/u"), 0);
	CHECK_ERR(umount("m/d"), EBUSY);
	CHECK_OK(umount2("m/d", MNT_DETACH));
	CHECK(!is_mounted("p/d") && !is_mounted("p/d/u"));
}

/* What a receiver has at that place already stays on top. */
TEST(below_what_is_there)
{
	make_peers();
	set_type("p", MS_SLAVE);
	marked_tmpfs_on("p/d", "mine");
	marked_tmpfs_on("m/d", "masters");
	CHECK(exists("p/d/mine"));
	CHECK(!exists("p/d/masters"));
	CHECK_OK(umount("p/d"));
	CHECK(exists("p/d/masters"));
	CHECK_OK(umount("m/d"));
	CHECK(!is_mounted("p/d"));
}

TEST(below_goes_first)
{
	make_peers();
	set_type("p", MS_SLAVE);
	marked_tmpfs_on("p/d", "mine");
	marked_tmpfs_on("m/d", "masters");
	CHECK_OK(umount("m/d"));			/* from under p's own */
	CHECK(exists("p/d/mine"));
	CHECK_OK(umount("p/d"));
	CHECK(!is_mounted("p/d"));
}

/* ---- unmounting ------------------------------------------------------------------------------ */

TEST(a_busy_copy)
{
	int fd;

	make_peers();
	marked_tmpfs_on("m/d", "f");
	fd = open("p/d/f", O_RDONLY);
	CHECK_ERR(umount("m/d"), EBUSY);
	CHECK(is_mounted("m/d") && is_mounted("p/d"));
	CHECK_OK(umount2("m/d", MNT_DETACH));
	CHECK(!is_mounted("m/d") && !is_mounted("p/d"));
	close(fd);
}

/* A copy that has something else on it stays. */
TEST(a_copy_with_children)
{
	make_peers();
	set_type("p", MS_SLAVE);
	tmpfs_on("m/d");
	mkdir("m/d/x", 0755);
	marked_tmpfs_on("p/d/x", "own");
	CHECK_OK(umount("m/d"));
	CHECK(exists("p/d/x/own"));
	CHECK_OK(umount("p/d/x"));
	CHECK_OK(umount("p/d"));
}

TEST(detach_of_a_tree)
{
	make_peers();
	tmpfs_on("m/d");
	mkdir("m/d/x", 0755);
	mkdir("m/d/y", 0755);
	tmpfs_on("m/d/x");
	tmpfs_on("m/d/y");
	CHECK(is_mounted("p/d/x") && is_mounted("p/d/y"));
	CHECK_OK(umount2("m/d", MNT_DETACH));
	CHECK(!is_mounted("p/d/x") && !is_mounted("p/d/y") && !is_mounted("p/d"));
}

TEST(detach_of_a_tree_keeps_what_is_others)
{
	make_peers();
	set_type("p", MS_SLAVE);
	tmpfs_on("m/d");
	mkdir("m/d/x", 0755);
	mkdir("m/d/y", 0755);
	tmpfs_on("m/d/x");
	marked_tmpfs_on("p/d/y", "own");
	CHECK_OK(umount2("m/d", MNT_DETACH));
	CHECK(!is_mounted("p/d/x"));
	CHECK(exists("p/d/y/own"));
	umount2("p", MNT_DETACH);
}

/* ---- bind, unbindable ------------------------------------------------------------------------ */

/* The table of mount_namespaces(7) on what a bind mount becomes. */
TEST(bind_takes_the_type)
{
	static const struct { unsigned long type; bool shared, master, refused; } from[] = {
		{ MS_SHARED, true, false, false }, { MS_PRIVATE, false, false, false },
		{ MS_SLAVE, false, true, false }, { MS_UNBINDABLE, false, false, true },
	};
	unsigned int i;
	int err;

	for (i = 0; i < ARRAY_SIZE(from); i++) {
		if (i)
			umount2("m", MNT_DETACH);
		make_peers();
		set_type("m", from[i].type);
		mkdir("new", 0755);
		err = mount("m", "new", NULL, MS_BIND, NULL) ? errno : 0;
		CHECK_EQ(err, from[i].refused ? EINVAL : 0);
		if (from[i].refused)
			continue;
		CHECK_EQ(!!shared("new"), from[i].shared);
		CHECK_EQ(!!master("new"), from[i].master);
		CHECK_EQ(shared("new"), shared("m"));
		CHECK_EQ(master("new"), master("m"));
		umount("new");
		umount("p");
	}
}

TEST(bind_below_a_shared_mount)
{
	make_peers();
	tmpfs_on("s");
	CHECK_OK(mount("s", "m/d", NULL, MS_BIND, NULL));
	CHECK(shared("m/d"));			/* a private one becomes shared */
	CHECK_EQ(shared("s"), 0);
	CHECK_OK(umount("m/d"));
	/* A slave becomes a slave that is shared, too. */
	set_type("s", MS_SHARED);
	bind("s", "s2");
	set_type("s2", MS_SLAVE);
	CHECK_OK(mount("s2", "m/d", NULL, MS_BIND, NULL));
	CHECK(shared("m/d"));
	CHECK_EQ(master("m/d"), shared("s"));
	CHECK_EQ(shared("m/d"), shared("p/d"));
	CHECK_EQ(master("p/d"), shared("s"));
}

TEST(unbindable)
{
	own_mounts();
	tmpfs_on("m");
	mkdir("m/a", 0755);
	mkdir("m/b", 0755);
	tmpfs_on("m/a");
	tmpfs_on("m/b");
	mkdir("m/b/c", 0755);
	tmpfs_on("m/b/c");
	set_type("m/b", MS_UNBINDABLE);
	mkdir("copy", 0755);
	CHECK_ERR(mount("m/b", "copy", NULL, MS_BIND, NULL), EINVAL);
	CHECK_OK(mount("m", "copy", NULL, MS_BIND | MS_REC, NULL));
	CHECK(is_mounted("copy/a"));
	CHECK(!is_mounted("copy/b") && !is_mounted("copy/b/c"));
	CHECK_OK(umount2("copy", MNT_DETACH));
	/* A new namespace has it all the same. */
	CHECK_OK(unshare(CLONE_NEWNS));
	CHECK(strstr(line_of("m/b"), " unbindable - "));
	CHECK(is_mounted("m/b/c"));
}

/* The example of the page: without unbindable mounts, each rbind doubles what there is. */
TEST(unbindable_stops_the_explosion)
{
	own_mounts();
	tmpfs_on("top");
	mkdir("top/x", 0755);
	mkdir("top/y", 0755);
	set_type("top", MS_PRIVATE);
	CHECK_OK(mount("top", "top/x", NULL, MS_BIND | MS_REC, NULL));
	CHECK_OK(mount("top", "top/y", NULL, MS_BIND | MS_REC, NULL));
	CHECK(is_mounted("top/y/x"));
	umount2("top", MNT_DETACH);
	tmpfs_on("top");
	mkdir("top/x", 0755);
	mkdir("top/y", 0755);
	CHECK_OK(mount("top", "top/x", NULL, MS_BIND | MS_REC, NULL));
	set_type("top/x", MS_UNBINDABLE);
	CHECK_OK(mount("top", "top/y", NULL, MS_BIND | MS_REC, NULL));
	CHECK(!is_mounted("top/y/x"));
}

/* ---- moving ---------------------------------------------------------------------------------- */

TEST(move_into_a_shared_mount)
{
	make_peers();
	marked_tmpfs_on("s", "f");
	CHECK_OK(mount("s", "m/d", NULL, MS_MOVE, NULL));
	CHECK(exists("p/d/f"));
	CHECK_EQ(shared("m/d"), shared("p/d"));
	CHECK(shared("m/d"));
	CHECK_ERR(mount("m/d", "s", NULL, MS_MOVE, NULL), EINVAL);	/* and not out of one */
}

TEST(move_unbindable)
{
	make_peers();
	tmpfs_on("s");
	mkdir("s/t", 0755);
	tmpfs_on("s/t");
	set_type("s/t", MS_UNBINDABLE);
	CHECK_ERR(mount("s", "m/d", NULL, MS_MOVE, NULL), EINVAL);
	CHECK_EQ(shared("s"), 0);
	mkdir("elsewhere", 0755);
	CHECK_OK(mount("s", "elsewhere", NULL, MS_MOVE, NULL));
	CHECK(strstr(line_of("elsewhere/t"), " unbindable - "));
}

TEST(move_keeps_the_type)
{
	make_peers();
	set_type("p", MS_SLAVE);
	mkdir("new", 0755);
	CHECK_OK(mount("p", "new", NULL, MS_MOVE, NULL));
	CHECK_EQ(master("new"), shared("m"));
	tmpfs_on("m/d");
	CHECK(is_mounted("new/d"));
}

/* ---- namespaces ------------------------------------------------------------------------------ */

/* The copy of a mount is its peer, in whatever namespace. */
TEST(peers_across_namespaces)
{
	struct gate go, back;
	pid_t pid;

	make_peers();
	gate_init(&go);
	gate_init(&back);
	pid = fork();
	if (pid == 0) {
		int id = shared("m");

		CHECK_OK(unshare(CLONE_NEWNS));
		CHECK_EQ(shared("m"), id);
		marked_tmpfs_on("m/d", "child");
		set_type("p", MS_SLAVE);
		gate_open(&go);
		gate_wait(&back);
		CHECK(!is_mounted("m/d"));
		CHECK(!is_mounted("p/d"));
		tmpfs_on("p/d");
		finish();
	}
	gate_wait(&go);
	CHECK(exists("m/d/child"));
	CHECK(exists("p/d/child"));
	CHECK_OK(umount("p/d"));
	gate_open(&back);
	expect_exit(pid, 0);
	CHECK(!is_mounted("m/d"));
	CHECK(!is_mounted("p/d"));
}

/* The first example of the page: of two mounts, one shared, one private, a new namespace follows one. */
TEST(example_shared_and_private)
{
	struct gate go, back;
	pid_t pid;

	own_mounts();
	tmpfs_on("S");
	tmpfs_on("P");
	set_type("S", MS_SHARED);
	mkdir("S/a", 0755);
	mkdir("P/b", 0755);
	gate_init(&go);
	gate_init(&back);
	pid = fork();
	if (pid == 0) {
		CHECK_OK(unshare(CLONE_NEWNS));
		gate_open(&go);
		gate_wait(&back);
		CHECK(is_mounted("S/a"));
		CHECK(!is_mounted("P/b"));
		finish();
	}
	gate_wait(&go);
	tmpfs_on("S/a");
	tmpfs_on("P/b");
	gate_open(&back);
	expect_exit(pid, 0);
}

/* propagate_from: the master's group has no member below our root, but its master has. */
TEST(propagate_from)
{
	char link[100];
	int id;

	own_mounts();
	tmpfs_on("r");
	mkdir("r/m", 0755);
	mkdir("r/q", 0755);
	mkdir("r/proc", 0755);
	CHECK_OK(mount("proc", "r/proc", "proc", 0, NULL));
	CHECK_OK(mount("none", "r/m", "tmpfs", 0, NULL));
	set_type("r/m", MS_SHARED);
	id = shared("r/m");
	bind("r/m", "mid");
	set_type("mid", MS_SLAVE);
	set_type("mid", MS_SHARED);
	CHECK_OK(mount("mid", "r/q", NULL, MS_BIND, NULL));
	set_type("r/q", MS_SLAVE);
	snprintf(link, sizeof(link), " master:%d - ", shared("mid"));
	CHECK(strstr(line_of("r/q"), link));
	snprintf(link, sizeof(link), " /q rw,relatime master:%d propagate_from:%d - tmpfs", shared("mid"), id);
	CHECK_OK(chroot("r"));
	CHECK(file_has("/proc/self/mountinfo", link));
}

/* ---- errors ---------------------------------------------------------------------------------- */

TEST(errors)
{
	own_mounts();
	tmpfs_on("m");
	mkdir("m/d", 0755);
	CHECK_ERR(mount(NULL, "m/d", NULL, MS_SHARED, NULL), EINVAL);
	CHECK_ERR(mount(NULL, "m", NULL, MS_SHARED | MS_PRIVATE, NULL), EINVAL);
	CHECK_ERR(mount(NULL, "m", NULL, MS_SLAVE | MS_RDONLY, NULL), EINVAL);
	CHECK_ERR(mount(NULL, "missing", NULL, MS_SHARED, NULL), ENOENT);
	CHECK_OK(mount(NULL, "m", NULL, MS_SHARED | MS_SILENT, NULL));
	CHECK_OK(mount(NULL, "m", NULL, MS_SHARED | MS_REC, NULL));
}

/* fs.mount-max holds for each namespace; nothing is left of what was refused. */
TEST(limit)
{
	char old[20] = "100000";
	int before;

	make_peers();
	read_file("/proc/sys/fs/mount-max", old, sizeof(old));
	write_file("/proc/sys/fs/mount-max", "1");
	CHECK_ERR(mount("none", "m/d", "tmpfs", 0, NULL), ENOSPC);
	before = shared("m");
	CHECK_ERR(mount("m", "m/d", NULL, MS_BIND, NULL), ENOSPC);
	write_file("/proc/sys/fs/mount-max", old);
	CHECK(!is_mounted("m/d") && !is_mounted("p/d"));
	CHECK_EQ(shared("m"), before);
	CHECK_OK(mount("none", "m/d", "tmpfs", 0, NULL));
	CHECK(is_mounted("p/d"));
}
