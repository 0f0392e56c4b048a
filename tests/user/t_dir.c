// SPDX-License-Identifier: GPL-2.0-only
/* t_dir.c: mkdir, rmdir, getdents64, rename, renameat2, link, symlink, unlink, getcwd. */
#include "tap.h"

#include <dirent.h>

static int entries(const char *path)
{
	DIR *dir = opendir(path);
	int n = 0;

	REQUIRE(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

TEST(mkdir_rmdir)
{
	CHECK_OK(mkdir("d", 0755));
	CHECK_ERR(mkdir("d", 0755), EEXIST);
	CHECK_ERR(mkdir("no/d", 0755), ENOENT);
	write_file("f", "");
	CHECK_ERR(mkdir("f", 0755), EEXIST);
	CHECK_ERR(mkdir("f/d", 0755), ENOTDIR);
	CHECK_ERR(rmdir("f"), ENOTDIR);
	CHECK_ERR(rmdir("missing"), ENOENT);
	CHECK_ERR(rmdir("d/."), EINVAL);
	CHECK_ERR(rmdir("d/.."), ENOTEMPTY);
	CHECK_OK(mkdir("d/e/", 0755));
	CHECK_ERR(rmdir("d"), ENOTEMPTY);
	CHECK_OK(rmdir("d/e/"));
	CHECK_OK(rmdir("d"));
	CHECK_ERR(rmdir("/"), EBUSY);
}

TEST(setgid_directory)
{
	struct stat st;

	mkdir("d", 0755);
	CHECK_OK(chown("d", 0, 1000));
	CHECK_OK(chmod("d", 02755));
	mkdir("d/e", 0755);
	stat("d/e", &st);
	CHECK(st.st_gid == 1000 && st.st_mode & S_ISGID);
	write_file("d/f", "");
	stat("d/f", &st);
	CHECK_EQ(st.st_gid, 1000);
}

TEST(getdents)
{
	char name[20], seen[300] = { 0 };
	struct dirent *entry;
	DIR *dir;
	int i, n = 0, dots = 0;

	mkdir("d", 0755);
	for (i = 0; i < 300; i++) {
		snprintf(name, sizeof(name), "d/file%03d", i);
		close(open(name, O_CREAT | O_WRONLY, 0600));
	}
	dir = opendir("d");
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.') {
			dots++;
			CHECK_EQ(entry->d_type, DT_DIR);
			continue;
		}
		i = atoi(entry->d_name + 4);
		REQUIRE(i >= 0 && i < 300);
		CHECK_EQ(seen[i], 0);
		seen[i] = 1;
		n++;
	}
	CHECK_EQ(n, 300);
	CHECK_EQ(dots, 2);
	rewinddir(dir);
	for (n = 0; readdir(dir); n++)
		;
	CHECK_EQ(n, 302);
	closedir(dir);
}

TEST(getdents_types_and_errors)
{
	char buf[512], small[8];
	struct dirent *entry;
	DIR *dir;
	int fd, found = 0;

	mkdir("d", 0755);
	write_file("d/f", "");
	mkdir("d/dir", 0755);
	symlink("f", "d/link");
	mkfifo("d/fifo", 0600);
	dir = opendir("d");
	while ((entry = readdir(dir))) {
		found += strcmp(entry->d_name, "f") == 0 && entry->d_type == DT_REG;
		found += strcmp(entry->d_name, "dir") == 0 && entry->d_type == DT_DIR;
		found += strcmp(entry->d_name, "link") == 0 && entry->d_type == DT_LNK;
		found += strcmp(entry->d_name, "fifo") == 0 && entry->d_type == DT_FIFO;
	}
	closedir(dir);
	CHECK_EQ(found, 4);
	fd = open("d", O_RDONLY);
	CHECK_ERR(syscall(SYS_getdents64, fd, small, sizeof(small)), EINVAL);
	CHECK_ERR(syscall(SYS_getdents64, open("d/f", O_RDONLY), buf, sizeof(buf)), ENOTDIR);
	CHECK_ERR(syscall(SYS_getdents64, fd, (void *)8, sizeof(buf)), EFAULT);
	unlink("d/f");
	unlink("d/link");
	unlink("d/fifo");
	rmdir("d/dir");
	rmdir("d");
	CHECK_ERR(syscall(SYS_getdents64, fd, buf, sizeof(buf)), ENOENT);
}

/* Removing while reading: every name is seen once, none twice. */
TEST(remove_while_reading)
{
	char name[40];
	struct dirent *entry;
	DIR *dir;
	int i, n = 0;

	mkdir("d", 0755);
	for (i = 0; i < 200; i++) {
		snprintf(name, sizeof(name), "d/n%d", i);
		close(open(name, O_CREAT | O_WRONLY, 0600));
	}
	dir = opendir("d");
	while ((entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(name, sizeof(name), "d/%.30s", entry->d_name);
		CHECK_OK(unlink(name));
		n++;
	}
	closedir(dir);
	CHECK_EQ(n, 200);
	CHECK_OK(rmdir("d"));
}

TEST(rename_files)
{
	char buf[8];

	write_file("a", "A");
	write_file("b", "B");
	CHECK_OK(rename("a", "c"));
	CHECK_ERR(access("a", F_OK), ENOENT);
	CHECK_OK(rename("c", "b"));		/* replaces */
	read_file("b", buf, sizeof(buf));
	CHECK_STR(buf, "A");
	CHECK_ERR(rename("missing", "x"), ENOENT);
	CHECK_OK(rename("b", "b"));
	link("b", "b2");
	CHECK_OK(rename("b", "b2"));		/* one and the same file: nothing happens */
	CHECK_OK(access("b", F_OK));
	CHECK_ERR(rename("b", "no/x"), ENOENT);
	CHECK_ERR(rename("b", "b2/x"), ENOTDIR);
}

TEST(rename_directories)
{
	mkdir("a", 0755);
	mkdir("b", 0755);
	mkdir("a/sub", 0755);
	write_file("f", "");
	CHECK_ERR(rename("a", "a/sub/x"), EINVAL);
	CHECK_ERR(rename("a", "f"), ENOTDIR);
	CHECK_ERR(rename("f", "a"), EISDIR);
	CHECK_ERR(rename("b", "a"), ENOTEMPTY);
	CHECK_OK(rename("a", "b"));		/* over an empty directory */
	CHECK_OK(access("b/sub", F_OK));
	CHECK_ERR(rename("b/.", "x"), EBUSY);
	CHECK_ERR(rename("b/..", "x"), EBUSY);
	mkdir("c", 0755);
	CHECK_OK(rename("b/sub", "c/sub"));
	{
		struct stat parent, dotdot;

		stat("c", &parent);
		stat("c/sub/..", &dotdot);
		CHECK_EQ(parent.st_ino, dotdot.st_ino);
		CHECK_EQ(parent.st_nlink, 3);
	}
	CHECK_ERR(rename("c", "/dev/shm/other_fs"), EXDEV);
}

TEST(renameat2)
{
	char buf[8];

	write_file("a", "A");
	write_file("b", "B");
	CHECK_ERR(renameat2(AT_FDCWD, "a", AT_FDCWD, "b", RENAME_NOREPLACE), EEXIST);
	CHECK_OK(renameat2(AT_FDCWD, "a", AT_FDCWD, "c", RENAME_NOREPLACE));
	CHECK_OK(renameat2(AT_FDCWD, "c", AT_FDCWD, "b", RENAME_EXCHANGE));
	read_file("b", buf, sizeof(buf));
	CHECK_STR(buf, "A");
	read_file("c", buf, sizeof(buf));
	CHECK_STR(buf, "B");
	mkdir("d", 0755);
	CHECK_OK(renameat2(AT_FDCWD, "d", AT_FDCWD, "b", RENAME_EXCHANGE));
	CHECK_OK(access("b/.", F_OK));
	CHECK_ERR(renameat2(AT_FDCWD, "c", AT_FDCWD, "none", RENAME_EXCHANGE), ENOENT);
	CHECK_ERR(renameat2(AT_FDCWD, "c", AT_FDCWD, "x", 0x80), EINVAL);
	CHECK_ERR(renameat2(AT_FDCWD, "c", AT_FDCWD, "x", RENAME_EXCHANGE | RENAME_NOREPLACE),
		  EINVAL);
}

TEST(links)
{
	struct stat st;

	write_file("f", "x");
	CHECK_OK(link("f", "g"));
	CHECK_ERR(link("f", "g"), EEXIST);
	CHECK_ERR(link("missing", "h"), ENOENT);
	mkdir("d", 0755);
	CHECK_ERR(link("d", "e"), EPERM);
	CHECK_ERR(link("f", "/dev/shm/other_fs"), EXDEV);
	symlink("f", "s");
	CHECK_OK(link("s", "hard"));		/* a link to the symlink itself */
	lstat("hard", &st);
	CHECK(S_ISLNK(st.st_mode));
	CHECK_OK(linkat(AT_FDCWD, "s", AT_FDCWD, "followed", AT_SYMLINK_FOLLOW));
	lstat("followed", &st);
	CHECK(S_ISREG(st.st_mode) && st.st_nlink == 3);
}

TEST(symlinks)
{
	char buf[16];

	CHECK_OK(symlink("target", "s"));
	CHECK_ERR(symlink("other", "s"), EEXIST);
	CHECK_ERR(symlink("", "e"), ENOENT);
	memset(buf, '#', sizeof(buf));
	CHECK_EQ(readlink("s", buf, sizeof(buf)), 6);
	CHECK(memcmp(buf, "target#", 7) == 0);	/* no NUL is added */
	CHECK_EQ(readlink("s", buf, 3), 3);
	CHECK_ERR(readlink("s", buf, 0), EINVAL);
	write_file("f", "");
	CHECK_ERR(readlink("f", buf, sizeof(buf)), EINVAL);
	CHECK_ERR(readlink("missing", buf, sizeof(buf)), ENOENT);
	CHECK_EQ(readlinkat(open("s", O_PATH | O_NOFOLLOW), "", buf, sizeof(buf)), 6);
}

TEST(unlink)
{
	mkdir("d", 0755);
	write_file("f", "");
	CHECK_ERR(unlink("d"), EISDIR);
	CHECK_ERR(unlink("missing"), ENOENT);
	CHECK_ERR(unlink("f/"), ENOTDIR);
	CHECK_ERR(unlink("f/x"), ENOTDIR);
	CHECK_OK(unlink("f"));
	CHECK_OK(unlinkat(AT_FDCWD, "d", AT_REMOVEDIR));
	CHECK_ERR(unlinkat(AT_FDCWD, "d", 0x4000), EINVAL);
}

TEST(cwd)
{
	char buf[256], small[3], top[256];

	REQUIRE(getcwd(top, sizeof(top)));
	mkdir("d", 0755);
	mkdir("d/e", 0755);
	CHECK_OK(chdir("d/e"));
	getcwd(buf, sizeof(buf));
	CHECK(strncmp(buf, top, strlen(top)) == 0);
	CHECK_STR(buf + strlen(top), "/d/e");
	CHECK_ERR(syscall(SYS_getcwd, small, sizeof(small)), ERANGE);
	CHECK_OK(rename("../../d", "../../x"));
	getcwd(buf, sizeof(buf));
	CHECK_STR(buf + strlen(top), "/x/e");
	rmdir("../e");
	CHECK_ERR(syscall(SYS_getcwd, buf, sizeof(buf)), ENOENT);
	CHECK_ERR(open("f", O_CREAT | O_WRONLY, 0644), ENOENT);
	CHECK_OK(chdir(".."));
	getcwd(buf, sizeof(buf));
	CHECK_STR(buf + strlen(top), "/x");
	CHECK_ERR(chdir("missing"), ENOENT);
	write_file("f", "");
	CHECK_ERR(chdir("f"), ENOTDIR);
	CHECK_ERR(fchdir(open("f", O_RDONLY)), ENOTDIR);
	CHECK_ERR(fchdir(99), EBADF);
}

TEST(deep_tree)
{
	int i;

	for (i = 0; i < 100; i++) {
		REQUIRE(mkdir("deep", 0755) == 0);
		REQUIRE(chdir("deep") == 0);
	}
	write_file("bottom", "");
	CHECK_EQ(entries("."), 3);
	unlink("bottom");
	for (i = 0; i < 100; i++) {
		REQUIRE(chdir("..") == 0);
		REQUIRE(rmdir("deep") == 0);
	}
	CHECK_EQ(entries("."), 2);
}

TEST(concurrent_renames)
{
	int i, n;
	pid_t pids[3];

	mkdir("a", 0755);
	mkdir("b", 0755);
	for (i = 0; i < 3; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			for (n = 0; n < 200; n++) {
				char from[20], to[20];

				snprintf(from, sizeof(from), "a/f%d", i);
				snprintf(to, sizeof(to), "b/f%d", i);
				close(open(from, O_CREAT | O_WRONLY, 0644));
				CHECK_OK(rename(from, to));
				CHECK_OK(rename(to, from));
				CHECK_OK(unlink(from));
			}
			finish();
		}
	}
	for (i = 0; i < 3; i++)
		expect_exit(pids[i], 0);
	CHECK_EQ(entries("a"), 2);
	CHECK_EQ(entries("b"), 2);
}

TEST(rename_whiteout)
{
	struct stat st;

	write_file("a", "one");
	write_file("b", "two");
	CHECK_OK(mkdir("d", 0755));
	CHECK_OK(renameat2(AT_FDCWD, "a", AT_FDCWD, "c", RENAME_WHITEOUT));
	CHECK_OK(lstat("a", &st));
	CHECK_EQ(st.st_mode, S_IFCHR);
	CHECK_EQ(st.st_rdev, 0);
	CHECK(file_has("c", "one"));
	CHECK_OK(renameat2(AT_FDCWD, "b", AT_FDCWD, "c", RENAME_WHITEOUT));
	CHECK(file_has("c", "two"));
	CHECK_OK(lstat("b", &st));
	CHECK_EQ(st.st_mode, S_IFCHR);
	CHECK_OK(renameat2(AT_FDCWD, "d", AT_FDCWD, "e", RENAME_WHITEOUT | RENAME_NOREPLACE));
	CHECK_OK(lstat("d", &st));
	CHECK_EQ(st.st_mode, S_IFCHR);
	CHECK_OK(lstat("e", &st));
	CHECK(S_ISDIR(st.st_mode));
	/* refused: nothing is left behind */
	write_file("e/x", "");
	CHECK_OK(mkdir("g", 0755));
	CHECK_ERR(renameat2(AT_FDCWD, "g", AT_FDCWD, "e", RENAME_WHITEOUT), ENOTEMPTY);
	CHECK_OK(lstat("g", &st));
	CHECK(S_ISDIR(st.st_mode));
	CHECK_ERR(renameat2(AT_FDCWD, "c", AT_FDCWD, "e", RENAME_WHITEOUT | RENAME_EXCHANGE), EINVAL);
	CHECK_OK(unlink("a"));
}
