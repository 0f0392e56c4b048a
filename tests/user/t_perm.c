// SPDX-License-Identifier: GPL-2.0-only
/* t_perm.c: permissions: owner, group, other, root, sticky, set-id, chmod, chown, access. */
#include "tap.h"

#include <grp.h>

static void as_user(void (*fn)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		become_user();
		fn();
		finish();
	}
	expect_exit(pid, 0);
}

static void make(const char *path, int uid, int gid, int mode)
{
	close(open(path, O_CREAT | O_WRONLY, 0600));
	CHECK_OK(chown(path, uid, gid));
	CHECK_OK(chmod(path, mode));
}

static void classes(void)
{
	CHECK_OK(open("mine", O_RDWR));
	CHECK_ERR(open("mine_noread", O_RDONLY), EACCES);	/* the owner class decides alone */
	CHECK_OK(open("group", O_RDONLY));
	CHECK_ERR(open("group", O_WRONLY), EACCES);
	CHECK_ERR(open("other", O_WRONLY), EACCES);
	CHECK_OK(open("other", O_RDONLY));
	CHECK_ERR(open("rootonly", O_RDONLY), EACCES);
	CHECK_ERR(truncate("other", 0), EACCES);
}

TEST(owner_group_other)
{
	make("mine", 1000, 0, 0600);
	make("mine_noread", 1000, 1000, 0077);
	make("group", 0, 1000, 0640);
	make("other", 0, 0, 0604);
	make("rootonly", 0, 0, 0600);
	as_user(classes);
}

static void in_group(void)
{
	CHECK_OK(open("f", O_RDWR));
}

TEST(supplementary_groups)
{
	gid_t groups[] = { 50, 60, 70 };
	pid_t pid;

	make("f", 0, 60, 0660);
	pid = fork();
	if (pid == 0) {
		CHECK_OK(setgroups(3, groups));
		CHECK_OK(setresgid(1000, 1000, 1000));
		CHECK_OK(setresuid(1000, 1000, 1000));
		in_group();
		CHECK_EQ(getgroups(0, NULL), 3);
		CHECK_ERR(setgroups(0, NULL), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(root_may_all_but_execute)
{
	char *args[] = { "x", NULL };

	make("f", 1000, 1000, 0);
	CHECK_OK(open("f", O_RDWR));
	CHECK_OK(access("f", R_OK | W_OK));
	CHECK_ERR(access("f", X_OK), EACCES);
	CHECK_ERR(execv("f", args), EACCES);
	chmod("f", 0010);
	CHECK_OK(access("f", X_OK));
	mkdir("d", 0);
	CHECK_OK(access("d", X_OK));
	CHECK_OK(chdir("d"));
}

static void directory_rights(void)
{
	CHECK_ERR(unlink("ro/f"), EACCES);
	CHECK_ERR(open("ro/new", O_CREAT | O_WRONLY, 0644), EACCES);
	CHECK_ERR(mkdir("ro/d", 0755), EACCES);
	CHECK_ERR(rename("ro/f", "ro/g"), EACCES);
	CHECK_ERR(link("mine", "ro/l"), EACCES);
	CHECK_ERR(symlink("x", "ro/s"), EACCES);
	CHECK_ERR(open("xonly", O_RDONLY), EACCES);
	CHECK_OK(open("xonly/f", O_RDONLY));
	CHECK_OK(open("ronly", O_RDONLY));
	CHECK_ERR(open("ronly/f", O_RDONLY), EACCES);
	CHECK_OK(unlink("open/f"));		/* the directory decides, not the file */
}

TEST(directories)
{
	mkdir("ro", 0755);
	make("ro/f", 1000, 1000, 0666);
	make("mine", 1000, 1000, 0666);
	mkdir("xonly", 0711);
	make("xonly/f", 0, 0, 0644);
	mkdir("ronly", 0744);
	make("ronly/f", 0, 0, 0644);
	mkdir("open", 0755);
	CHECK_OK(chmod("open", 0777));
	make("open/f", 0, 0, 0600);
	as_user(directory_rights);
}

static void sticky_rights(void)
{
	CHECK_ERR(unlink("tmp/roots"), EPERM);
	CHECK_ERR(rename("tmp/roots", "tmp/x"), EPERM);
	CHECK_ERR(rename("tmp/mine", "tmp/roots"), EPERM);
	CHECK_OK(rename("tmp/mine", "tmp/mine2"));
	CHECK_OK(unlink("tmp/mine2"));
	CHECK_ERR(rmdir("tmp/rootsdir"), EPERM);
}

TEST(sticky)
{
	mkdir("tmp", 0755);
	CHECK_OK(chmod("tmp", 01777));
	make("tmp/roots", 0, 0, 0666);
	make("tmp/mine", 1000, 1000, 0666);
	mkdir("tmp/rootsdir", 0777);
	as_user(sticky_rights);
}

static void chmod_rights(void)
{
	struct stat st;

	CHECK_ERR(chmod("roots", 0777), EPERM);
	CHECK_OK(chmod("mine", 0751));
	CHECK_OK(chmod("mine_rootgroup", 02755));
	stat("mine_rootgroup", &st);
	CHECK_EQ(st.st_mode & 07777, 0755);	/* set-gid for a foreign group is dropped */
	CHECK_OK(chmod("mine", 06751));
	stat("mine", &st);
	CHECK_EQ(st.st_mode & 07777, 06751);
}

TEST(chmod)
{
	struct stat st;

	make("roots", 0, 0, 0600);
	make("mine", 1000, 1000, 0600);
	make("mine_rootgroup", 1000, 0, 0600);
	as_user(chmod_rights);
	CHECK_OK(chmod("roots", 0100000 | 04755));	/* only the permission bits count */
	stat("roots", &st);
	CHECK_EQ(st.st_mode, S_IFREG | 04755);
	CHECK_OK(fchmod(open("roots", O_RDONLY), 0600));
	CHECK_OK(fchmodat(AT_FDCWD, "roots", 0644, 0));
	CHECK_ERR(chmod("missing", 0644), ENOENT);
}

static void chown_rights(void)
{
	CHECK_ERR(chown("mine", 0, -1), EPERM);
	CHECK_ERR(chown("mine", 1001, -1), EPERM);
	CHECK_ERR(chown("mine", -1, 5), EPERM);
	CHECK_OK(chown("mine", -1, 1000));
	CHECK_OK(chown("mine", 1000, -1));
	CHECK_ERR(chown("roots", 1000, -1), EPERM);
}

TEST(chown)
{
	struct stat st;

	make("mine", 1000, 1000, 0600);
	make("roots", 0, 0, 0600);
	as_user(chown_rights);
	CHECK_OK(chown("roots", 12, 34));
	stat("roots", &st);
	CHECK(st.st_uid == 12 && st.st_gid == 34);
	CHECK_OK(chown("roots", -1, -1));
	stat("roots", &st);
	CHECK(st.st_uid == 12 && st.st_gid == 34);
	symlink("roots", "l");
	CHECK_OK(lchown("l", 7, 8));
	lstat("l", &st);
	CHECK(st.st_uid == 7 && st.st_gid == 8);
	stat("l", &st);
	CHECK_EQ(st.st_uid, 12);
	CHECK_OK(fchown(open("roots", O_RDONLY), 70000, 80000));
	stat("roots", &st);
	CHECK(st.st_uid == 70000 && st.st_gid == 80000);
}

TEST(chown_and_write_drop_set_id)
{
	struct stat st;
	int fd;
	pid_t pid;

	make("f", 1000, 1000, 06777);
	chown("f", 1000, 1000);
	stat("f", &st);
	CHECK_EQ(st.st_mode & 07777, 0777);
	chmod("f", 06777);
	pid = fork();
	if (pid == 0) {
		become_user();
		setresuid(-1, -1, -1);
		fd = open("f", O_WRONLY);
		CHECK_EQ(write(fd, "x", 1), 1);
		finish();
	}
	expect_exit(pid, 0);
	stat("f", &st);
	CHECK_EQ(st.st_mode & 07777, 0777);
	/* Without group execute the set-gid bit is not a set-gid bit, and stays. */
	chmod("f", 02767);
	chown("f", 1000, 1000);
	stat("f", &st);
	CHECK_EQ(st.st_mode & 07777, 02767);
}

static void access_rights(void)
{
	CHECK_OK(access("f", F_OK));
	CHECK_OK(access("f", R_OK));
	CHECK_ERR(access("f", W_OK), EACCES);
	CHECK_ERR(access("f", R_OK | X_OK), EACCES);
	CHECK_ERR(access("f", 8), EINVAL);
	CHECK_ERR(access("missing", F_OK), ENOENT);
}

TEST(access)
{
	make("f", 0, 0, 0644);
	as_user(access_rights);
}

/* access asks for the real ids, AT_EACCESS and open for the effective. */
TEST(access_uses_real_ids)
{
	pid_t pid;

	make("f", 0, 0, 0600);
	pid = fork();
	if (pid == 0) {
		CHECK_OK(setresuid(1000, 0, 0));
		CHECK_ERR(access("f", R_OK), EACCES);
		CHECK_OK(syscall(SYS_faccessat2, AT_FDCWD, "f", R_OK, AT_EACCESS));
		CHECK_OK(open("f", O_RDONLY));
		finish();
	}
	expect_exit(pid, 0);
	pid = fork();
	if (pid == 0) {
		CHECK_OK(setresuid(0, 1000, 0));
		CHECK_OK(access("f", R_OK));
		CHECK_ERR(open("f", O_RDONLY), EACCES);
		finish();
	}
	expect_exit(pid, 0);
}

HELPER(ids)
{
	printf("%d %d %d %d\n", getuid(), geteuid(), getgid(), getegid());
	fflush(stdout);
	return 0;
}

/* A copy of this binary with given owner and mode. */
static void copy_self(const char *path, int uid, int gid, int mode)
{
	static char buf[65536];
	int in = open(self_path, O_RDONLY), out = open(path, O_WRONLY | O_CREAT, 0700);
	ssize_t n;

	while ((n = read(in, buf, sizeof(buf))) > 0)
		write(out, buf, n);
	close(in);
	close(out);
	CHECK_OK(chown(path, uid, gid));
	CHECK_OK(chmod(path, mode));
}

static void ids_of(const char *path, char *out, size_t size)
{
	char *args[] = { "x", "@t_perm.ids", NULL };
	int fd[2];
	ssize_t n;
	pid_t pid;

	pipe(fd);
	pid = fork();
	if (pid == 0) {
		dup2(fd[1], 1);
		become_user();
		execv(path, args);
		_exit(126);
	}
	close(fd[1]);
	n = read(fd[0], out, size - 1);
	out[n > 0 ? n : 0] = '\0';
	close(fd[0]);
	expect_exit(pid, 0);
}

TEST(set_id_programs)
{
	char out[64];

	copy_self("suid", 0, 0, 04755);
	ids_of("./suid", out, sizeof(out));
	CHECK_STR(out, "1000 0 1000 1000\n");
	CHECK_OK(chmod("suid", 02755));
	ids_of("./suid", out, sizeof(out));
	CHECK_STR(out, "1000 1000 1000 0\n");
	CHECK_OK(chmod("suid", 06755));
	CHECK_OK(chown("suid", 7, 8));
	CHECK_OK(chmod("suid", 06755));
	ids_of("./suid", out, sizeof(out));
	CHECK_STR(out, "1000 7 1000 8\n");
}

static void protected_fifo(void)
{
	CHECK_ERR(mknod("/tmp/x.dev", S_IFCHR | 0666, 0x103), EPERM);
	CHECK_OK(mknod("fifo", S_IFIFO | 0600, 0));
}

TEST(mknod)
{
	as_user(protected_fifo);
	CHECK_OK(mknod("plain", S_IFREG | 0600, 0));
	CHECK_OK(mknod("zero", 0600, 0));
	CHECK_ERR(mknod("plain", S_IFREG | 0600, 0), EEXIST);
	CHECK_ERR(mknod("dir", S_IFDIR | 0700, 0), EPERM);
	CHECK_ERR(mknod("odd", 0170000 | 0600, 0), EINVAL);
}

static void make_set_gid(void)
{
	struct stat st;

	become_user();
	umask(0);
	CHECK_OK(close(CHECK_OK(open("d/run", O_CREAT | O_WRONLY, 02775))));
	CHECK_OK(stat("d/run", &st));
	CHECK_EQ(st.st_gid, 500);
	CHECK_EQ(st.st_mode & 07777, 0775);	/* of a group one is not in */
	CHECK_OK(close(CHECK_OK(open("d/lock", O_CREAT | O_WRONLY, 02664))));
	CHECK_OK(stat("d/lock", &st));
	CHECK_EQ(st.st_mode & 07777, 02664);
}

TEST(set_gid_in_directory)
{
	CHECK_OK(mkdir("d", 0777));
	CHECK_OK(chown("d", 0, 500));
	CHECK_OK(chmod("d", 02777));
	in_child(make_set_gid);
}

static void link_as_user(void)
{
	become_user();
	CHECK_ERR(link("roots", "d/a"), EPERM);
	CHECK_ERR(link("set", "d/a"), EPERM);
	CHECK_ERR(link("fifo", "d/a"), EPERM);
	CHECK_OK(link("shared", "d/a"));
	CHECK_OK(link("mine", "d/b"));
}

TEST(protected_hardlinks)
{
	const char *name = "/proc/sys/fs/protected_hardlinks";
	char was[16] = "";

	read_file(name, was, sizeof(was));
	CHECK_OK(mkdir("d", 0777));
	CHECK_OK(chmod("d", 0777));
	write_file("roots", "");
	write_file("shared", "");
	CHECK_OK(chmod("shared", 0666));
	write_file("set", "");
	CHECK_OK(chmod("set", 04777));
	CHECK_OK(mkfifo("fifo", 0666));
	write_file("mine", "");
	CHECK_OK(chown("mine", 1000, 1000));
	write_file(name, "1");
	in_child(link_as_user);
	write_file(name, was);
}
