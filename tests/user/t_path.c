// SPDX-License-Identifier: GPL-2.0-only
/* t_path.c: path walk: dots, slashes, symlink chains and loops, lengths, searching without right. */
#include "tap.h"

TEST(dots_and_slashes)
{
	struct stat a, b;

	mkdir("d", 0755);
	write_file("d/f", "x");
	CHECK_OK(stat("d/f", &a));
	CHECK_OK(stat(".//d/./../d//f", &b));
	CHECK_EQ(a.st_ino, b.st_ino);
	CHECK_OK(stat("/..", &a));
	CHECK_OK(stat("/", &b));
	CHECK_EQ(a.st_ino, b.st_ino);
	CHECK_OK(stat("/../../..", &b));
	CHECK_EQ(a.st_ino, b.st_ino);
	CHECK_OK(access("d/", F_OK));
	CHECK_OK(access("d//.", F_OK));
	CHECK_ERR(access("d/f/", F_OK), ENOTDIR);
	CHECK_ERR(access("d/f/..", F_OK), ENOTDIR);
	CHECK_ERR(access("d/f/.", F_OK), ENOTDIR);
	CHECK_ERR(access("", F_OK), ENOENT);
	CHECK_ERR(access("missing/..", F_OK), ENOENT);
}

TEST(loops)
{
	symlink("loop", "loop");
	CHECK_ERR(access("loop", F_OK), ELOOP);
	symlink("b", "a");
	symlink("a", "b");
	CHECK_ERR(access("a", F_OK), ELOOP);
	CHECK_ERR(access("a/x", F_OK), ELOOP);
	CHECK_ERR(open("a", O_WRONLY | O_CREAT, 0644), ELOOP);
	CHECK_OK(faccessat(AT_FDCWD, "a", F_OK, AT_SYMLINK_NOFOLLOW));
}

TEST(forty_links)
{
	char name[16], target[16];
	int i;

	write_file("l0", "end");
	for (i = 1; i <= 41; i++) {
		snprintf(name, sizeof(name), "l%d", i);
		snprintf(target, sizeof(target), "l%d", i - 1);
		symlink(target, name);
	}
	CHECK_OK(access("l40", F_OK));
	CHECK_ERR(access("l41", F_OK), ELOOP);
}

TEST(links_in_the_middle)
{
	char cwd[200], path[260];

	getcwd(cwd, sizeof(cwd));
	mkdir("real", 0755);
	mkdir("real/sub", 0755);
	write_file("real/sub/f", "x");
	symlink("real", "rel");
	symlink("../real/sub", "real/up");
	snprintf(path, sizeof(path), "%s/real", cwd);
	symlink(path, "abs");
	symlink("rel/sub/", "slash");
	CHECK_OK(access("rel/sub/f", F_OK));
	CHECK_OK(access("rel/up/f", F_OK));
	CHECK_OK(access("abs/up/../sub/f", F_OK));
	CHECK_OK(access("slash/f", F_OK));
	CHECK_OK(access("rel/../real", F_OK));	/* .. is the target's parent */
	symlink("real/sub/f", "tofile");
	CHECK_ERR(access("tofile/", F_OK), ENOTDIR);
	CHECK_ERR(access("tofile/x", F_OK), ENOTDIR);
}

TEST(trailing_slash_on_link_to_directory)
{
	struct stat st;

	mkdir("d", 0755);
	symlink("d", "l");
	CHECK_OK(lstat("l/", &st));
	CHECK(S_ISDIR(st.st_mode));
	CHECK_ERR(rmdir("l"), ENOTDIR);
	CHECK_ERR(unlink("l/"), ENOTDIR);
	CHECK_ERR(mkdir("l", 0755), EEXIST);
	symlink("void", "dangling");
	CHECK_ERR(mkdir("dangling", 0755), EEXIST);
}

TEST(lengths)
{
	static char name[5000], path[8192];
	int i;

	memset(name, 'n', sizeof(name));
	name[256] = '\0';
	CHECK_ERR(open(name, O_WRONLY | O_CREAT, 0644), ENAMETOOLONG);
	CHECK_ERR(access(name, F_OK), ENAMETOOLONG);
	name[255] = '\0';
	CHECK_OK(open(name, O_WRONLY | O_CREAT, 0644));
	CHECK_OK(unlink(name));
	/* A path may have 4095 bytes and its NUL. */
	for (i = 0; i < 4094; i += 2)
		memcpy(path + i, "./", 2);
	path[4094] = '.';
	path[4095] = '\0';
	CHECK_OK(access(path, F_OK));
	path[4095] = '/';
	path[4096] = '\0';
	CHECK_ERR(access(path, F_OK), ENAMETOOLONG);
	memset(name, 't', 4096);
	name[4096] = '\0';
	CHECK_ERR(symlink(name, "s"), ENAMETOOLONG);
	name[4095] = '\0';
	CHECK_OK(symlink(name, "s"));
	CHECK_EQ(readlink("s", path, sizeof(path)), 4095);
}

TEST(search_permission)
{
	pid_t pid;

	mkdir("d", 0755);
	mkdir("d/closed", 0600);
	write_file("d/closed/f", "x");
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(access("d/closed/f", F_OK), EACCES);
		CHECK_ERR(open("d/closed/f", O_RDONLY), EACCES);
		CHECK_ERR(chdir("d/closed"), EACCES);
		CHECK_ERR(access("d/closed/missing", F_OK), EACCES);
		CHECK_OK(access("d/closed", F_OK));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(access("d/closed/f", F_OK));
}

TEST(proc_links)
{
	char target[64], link[64];
	int fd;

	write_file("f", "x");
	fd = open("f", O_RDONLY);
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	unlink("f");
	/* A magic link leads to the file itself, not to a name. */
	CHECK_OK(open(link, O_RDONLY));
	CHECK(readlink(link, target, sizeof(target)) > 0);
	CHECK_OK(access("/proc/self/cwd/.", F_OK));
	CHECK_OK(access("/proc/self/root/dev/null", F_OK));
}

TEST(odd_names)
{
	static const char *const names[] = { " ", "...", "a b", "\x01\x7f", "\xff\xfe", "-", "*",
					     "\xc3\xa4" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		CHECK_OK(close(open(names[i], O_CREAT | O_WRONLY, 0644)));
		CHECK_OK(access(names[i], F_OK));
		CHECK_OK(unlink(names[i]));
	}
}
