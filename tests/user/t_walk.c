// SPDX-License-Identifier: GPL-2.0-only
/*
 * t_walk.c: path walks that race with everything that changes what a name means: creating, unlinking, renaming,
 * exchanging, rmdir, mounting, chmod, chdir, and the cache being emptied.  A walk may find the old or the
 * new, nothing else; a change that was over before the walk began counts.
 */
#include "tap.h"

#include <pthread.h>
#include <sys/mount.h>

enum { STORM_MS = 700 };

struct shared {
	volatile int	stop;
	volatile int	turn;		/* odd: something is being changed */
	volatile long	rounds;		/* what the changer has done */
	ino_t		ino[2];
};

static struct shared *sh;

/* Run each function over and over in a process of its own for a while; changer first. */
static void storm(void (*const fn[])(void), int n)
{
	pid_t pids[8];
	int i;

	for (i = 0; i < n; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			while (!sh->stop) {
				fn[i]();
				if (i == 0)
					sh->rounds++;
			}
			finish();
		}
	}
	sleep_ms(STORM_MS);
	sh->stop = 1;
	for (i = 0; i < n; i++)
		expect_exit(pids[i], 0);
	CHECK(sh->rounds > 0);
}

/* One of these, or errno 0: the call worked. */
static void check_result(long ret, const char *what, int err1, int err2)
{
	if (ret < 0 && errno != err1 && errno != err2) {
		note("%s: %s", what, strerror(errno));
		CHECK(!"an error that cannot be");
	}
}

/* ---- a name that comes and goes -------------------------------------------------------------- */

static void come_and_go(void)
{
	int fd = open("d/x", O_CREAT | O_EXCL | O_RDWR, 0644);

	CHECK(fd >= 0);
	close(fd);
	CHECK_OK(unlink("d/x"));
}

static void stat_it(void)
{
	struct stat st;
	long ret = stat("d/x", &st);

	check_result(ret, "stat", ENOENT, 0);
	if (ret == 0)
		CHECK(S_ISREG(st.st_mode) && st.st_size == 0);
}

static void open_it(void)
{
	int fd = open("d/x", O_RDONLY);
	struct stat st;

	check_result(fd, "open", ENOENT, 0);
	if (fd < 0)
		return;
	CHECK_OK(fstat(fd, &st));
	CHECK(S_ISREG(st.st_mode));
	close(fd);
}

static void walk_through_it(void)
{
	CHECK(access("d/x/y", F_OK) < 0);
	check_result(-1, "access below a file", ENOENT, ENOTDIR);
}

TEST(create_unlink)
{
	void (*const fn[])(void) = { come_and_go, stat_it, open_it, walk_through_it, open_it };

	sh = shared_page();
	mkdir("d", 0755);
	storm(fn, ARRAY_SIZE(fn));
}

/* ---- a name that is always there ------------------------------------------------------------- */

static void replace(void)
{
	close(open("d/new", O_CREAT | O_RDWR, 0644));
	CHECK_OK(rename("d/new", "d/x"));
}

static void always_there(void)
{
	struct stat st;
	int fd;

	CHECK_OK(stat("d/x", &st));
	fd = CHECK_OK(open("d/x", O_RDONLY));
	close(fd);
	fd = CHECK_OK(open("d/x", O_RDWR | O_CREAT, 0600));
	close(fd);
}

TEST(rename_over)
{
	void (*const fn[])(void) = { replace, always_there, always_there, always_there };

	sh = shared_page();
	mkdir("d", 0755);
	write_file("d/x", "");
	storm(fn, ARRAY_SIZE(fn));
}

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

static void exchange(void)
{
	CHECK_OK(syscall(SYS_renameat2, AT_FDCWD, "d", AT_FDCWD, "e-with-a-name-too-long-to-lie-inside-a-dentry",
			 RENAME_EXCHANGE));
}

static void either(void)
{
	struct stat st;

	CHECK_OK(stat("d/sub/x", &st));
	CHECK(st.st_ino == sh->ino[0] || st.st_ino == sh->ino[1]);
	CHECK_OK(stat("e-with-a-name-too-long-to-lie-inside-a-dentry/sub/x", &st));
	CHECK(st.st_ino == sh->ino[0] || st.st_ino == sh->ino[1]);
}

/* Up again by "..": whatever the names are now, this leads back. */
static void up_and_down(void)
{
	struct stat st;

	CHECK_OK(stat("d/sub/../../d/sub/x", &st));
	CHECK(st.st_ino == sh->ino[0] || st.st_ino == sh->ino[1]);
}

TEST(exchange)
{
	void (*const fn[])(void) = { exchange, either, up_and_down, either };
	struct stat st;

	sh = shared_page();
	mkdir("d", 0755);
	mkdir("d/sub", 0755);
	mkdir("e-with-a-name-too-long-to-lie-inside-a-dentry", 0755);
	mkdir("e-with-a-name-too-long-to-lie-inside-a-dentry/sub", 0755);
	write_file("d/sub/x", "");
	write_file("e-with-a-name-too-long-to-lie-inside-a-dentry/sub/x", "");
	stat("d/sub/x", &st);
	sh->ino[0] = st.st_ino;
	stat("e-with-a-name-too-long-to-lie-inside-a-dentry/sub/x", &st);
	sh->ino[1] = st.st_ino;
	storm(fn, ARRAY_SIZE(fn));
}

/* ---- directories that come and go ------------------------------------------------------------ */

static void make_tree(void)
{
	CHECK_OK(mkdir("d/t", 0755));
	write_file("d/t/x", "abc");
	unlink("d/t/x");
	check_result(rmdir("d/t"), "rmdir", ENOTEMPTY, 0);
	if (access("d/t/made", F_OK) == 0) {
		unlink("d/t/made");
		rmdir("d/t");
	}
	unlink("d/t/made");
	rmdir("d/t");
}

static void look_into_tree(void)
{
	struct stat st;
	int fd = open("d/t", O_RDONLY | O_DIRECTORY);

	check_result(fd, "open the directory", ENOENT, 0);
	check_result(stat("d/t/x", &st), "stat", ENOENT, 0);
	if (fd < 0)
		return;
	check_result(fstatat(fd, "x", &st, 0), "fstatat", ENOENT, 0);
	CHECK_OK(fstatat(fd, ".", &st, 0));
	close(fd);
}

TEST(mkdir_rmdir)
{
	void (*const fn[])(void) = { make_tree, look_into_tree, look_into_tree, look_into_tree };

	sh = shared_page();
	mkdir("d", 0755);
	storm(fn, ARRAY_SIZE(fn));
}

/* ---- mounts ---------------------------------------------------------------------------------- */

static void mount_and_unmount(void)
{
	CHECK_OK(mount("walk", "m", "tmpfs", 0, NULL));
	write_file("m/x", "over");
	while (umount2("m", sh->rounds & 1 ? MNT_DETACH : 0) < 0)
		REQUIRE(errno == EBUSY);
}

static void look_over_mount(void)
{
	char c[5] = "";
	int fd = open("m/x", O_RDONLY);

	check_result(fd, "open", ENOENT, 0);
	if (fd < 0)
		return;
	CHECK(read(fd, c, 4) >= 0);
	CHECK(!*c || !strcmp(c, "over"));
	close(fd);
}

static void look_below_mount(void)
{
	struct stat st;

	check_result(stat("m/below/y", &st), "stat", ENOENT, 0);
	CHECK_OK(stat("m", &st));
	CHECK_OK(stat("m/..", &st));	/* m itself, if m is taken off in between */
}

TEST(mount_umount)
{
	void (*const fn[])(void) = { mount_and_unmount, look_over_mount, look_below_mount, look_over_mount };

	sh = shared_page();
	mkdir("m", 0755);
	mkdir("m/below", 0755);
	write_file("m/below/y", "");
	storm(fn, ARRAY_SIZE(fn));
	CHECK_OK(access("m/below/y", F_OK));
}

/* ---- permission ------------------------------------------------------------------------------ */

/* turn % 4: 0 open to all, 1 closing, 2 closed, 3 opening. */
static void change_mode(void)
{
	int i;

	__atomic_add_fetch(&sh->turn, 1, __ATOMIC_SEQ_CST);
	CHECK_OK(chmod("p", 0700));
	__atomic_add_fetch(&sh->turn, 1, __ATOMIC_SEQ_CST);
	for (i = 0; i < 50; i++)
		access("p", F_OK);
	__atomic_add_fetch(&sh->turn, 1, __ATOMIC_SEQ_CST);
	CHECK_OK(chmod("p", 0755));
	__atomic_add_fetch(&sh->turn, 1, __ATOMIC_SEQ_CST);
	for (i = 0; i < 50; i++)
		access("p", F_OK);
}

static void try_access(void)
{
	int before, ret, err, after;

	if (getuid() == 0)
		become_user();
	before = __atomic_load_n(&sh->turn, __ATOMIC_SEQ_CST);
	ret = access("p/q/x", F_OK);
	err = errno;
	after = __atomic_load_n(&sh->turn, __ATOMIC_SEQ_CST);
	CHECK(ret == 0 || err == EACCES);
	if (before == after && before % 4 == 0)
		CHECK(ret == 0);
	if (before == after && before % 4 == 2)
		CHECK(ret < 0);
}

TEST(chmod_counts)
{
	void (*const fn[])(void) = { change_mode, try_access, try_access, try_access };

	sh = shared_page();
	chmod(".", 0755);
	mkdir("p", 0755);
	mkdir("p/q", 0755);
	write_file("p/q/x", "");
	storm(fn, ARRAY_SIZE(fn));
}

/* ---- links, and a cache that is emptied ------------------------------------------------------ */

static void retarget(void)
{
	symlink(sh->rounds & 1 ? "one" : "two/", "l.new");
	CHECK_OK(rename("l.new", "l"));
}

static void follow(void)
{
	struct stat st;

	CHECK_OK(stat("l/x", &st));
	CHECK(st.st_ino == sh->ino[0] || st.st_ino == sh->ino[1]);
	CHECK_OK(lstat("l", &st));
	CHECK(S_ISLNK(st.st_mode));
	CHECK_ERR(open("l", O_RDONLY | O_NOFOLLOW), ELOOP);
}

/* Names nobody uses are let go while others walk over them. */
static void empty_cache(void)
{
	char name[40];
	int i;

	for (i = 0; i < 30; i++) {
		snprintf(name, sizeof(name), "one/none-%d", i);
		access(name, F_OK);
	}
	write_file("/proc/sys/vm/drop_caches", "2");
}

TEST(links_and_reclaim)
{
	void (*const fn[])(void) = { retarget, follow, empty_cache, follow };
	struct stat st;

	sh = shared_page();
	mkdir("one", 0755);
	mkdir("two", 0755);
	write_file("one/x", "");
	write_file("two/x", "");
	symlink("one", "l");
	stat("one/x", &st);
	sh->ino[0] = st.st_ino;
	stat("two/x", &st);
	sh->ino[1] = st.st_ino;
	storm(fn, ARRAY_SIZE(fn));
}

/* ---- a working directory that threads share -------------------------------------------------- */

static void *walker(void *arg)
{
	struct stat st;

	(void)arg;
	while (!sh->stop) {
		if (stat("x", &st) == 0)
			CHECK(st.st_ino == sh->ino[0] || st.st_ino == sh->ino[1]);
		else
			CHECK(errno == ENOENT);
		if (stat("../x", &st) == 0)
			CHECK(st.st_ino == sh->ino[0] || st.st_ino == sh->ino[1]);
	}
	return NULL;
}

TEST(chdir_threads)
{
	pthread_t threads[3];
	long long end;
	struct stat st;
	int i;

	sh = shared_page();
	mkdir("a", 0755);
	mkdir("a/b", 0755);
	write_file("a/x", "");
	write_file("a/b/x", "");
	stat("a/x", &st);
	sh->ino[0] = st.st_ino;
	stat("a/b/x", &st);
	sh->ino[1] = st.st_ino;
	for (i = 0; i < 3; i++)
		REQUIRE(pthread_create(&threads[i], NULL, walker, NULL) == 0);
	for (end = now_ms() + STORM_MS; now_ms() < end;) {
		CHECK_OK(chdir("a"));
		CHECK_OK(chdir("b"));
		CHECK_OK(chdir("../.."));
	}
	sh->stop = 1;
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
}

/* ---- what the end of a name demands ---------------------------------------------------------- */

TEST(ends)
{
	struct stat st;

	mkdir("d", 0755);
	write_file("d/f", "");
	CHECK_OK(stat("d/", &st));
	CHECK_OK(stat("d//.//", &st));
	CHECK_ERR(stat("d/f/", &st), ENOTDIR);
	CHECK_ERR(stat("d/f/.", &st), ENOTDIR);
	CHECK_ERR(stat("d/f/..", &st), ENOTDIR);
	CHECK_ERR(open("d/f/", O_RDONLY), ENOTDIR);
	CHECK_ERR(open("d/f", O_RDONLY | O_DIRECTORY), ENOTDIR);
	CHECK_ERR(open("d/f", O_RDWR | O_CREAT | O_EXCL, 0644), EEXIST);
	CHECK_ERR(open("d", O_RDWR | O_CREAT, 0644), EISDIR);
	CHECK_ERR(open("d/", O_RDWR | O_CREAT, 0644), EISDIR);
	CHECK_ERR(open("d/g/", O_RDWR | O_CREAT, 0644), EISDIR);
	CHECK_ERR(mkdir("d/", 0755), EEXIST);
	CHECK_ERR(unlink("d/f/"), ENOTDIR);
	CHECK_ERR(stat("", &st), ENOENT);
	/* A directory that is gone but still someone's. */
	CHECK_OK(chdir("d"));
	unlink("f");
	CHECK_OK(rmdir("../d"));
	CHECK_ERR(stat("f", &st), ENOENT);
	CHECK_ERR(open("f", O_RDWR | O_CREAT, 0644), ENOENT);
	CHECK_OK(stat(".", &st));
	CHECK_EQ(st.st_nlink, 0);
	CHECK_OK(chdir(".."));
}
