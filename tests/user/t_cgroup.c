// SPDX-License-Identifier: GPL-2.0-only
/* Control groups: the tree, who is in it, controllers, threaded groups, kill, and CLONE_INTO_CGROUP. */
#include "cgroup.h"

#include <linux/sched.h>
#include <poll.h>
#include <pthread.h>
#include <sys/inotify.h>
#include <sys/statfs.h>
#include <sys/vfs.h>
#include <sys/xattr.h>

/* ---- the file system ------------------------------------------------------------------------- */

TEST(mount)
{
	struct statfs fs;
	struct stat st;
	char text[4096];

	cg_begin(NULL);
	CHECK_OK(statfs("cg", &fs));
	CHECK_EQ(fs.f_type, 0x63677270);
	CHECK_OK(stat("cg", &st));
	CHECK_EQ(st.st_ino, 1);
	CHECK_EQ(st.st_mode, S_IFDIR | 0555);
	CHECK_OK(stat("cg/t", &st));
	CHECK_EQ(st.st_mode, S_IFDIR | 0755);
	CHECK_EQ(st.st_nlink, 2);
	CHECK_OK(stat("cg/t/cgroup.procs", &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0644);
	CHECK_EQ(st.st_size, 0);
	CHECK_EQ(st.st_nlink, 1);
	CHECK_OK(stat("cg/t/cgroup.kill", &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0200);
	read_file("/proc/filesystems", text, sizeof(text));
	CHECK(strstr(text, "nodev\tcgroup2\n"));
	CHECK_OK(stat("/sys/fs/cgroup", &st));
	CHECK(S_ISDIR(st.st_mode));
	cg_end();
}

TEST(mount_options)
{
	cg_begin(NULL);
	mkdir("other", 0755);
	CHECK_ERR(mount("none", "other", "cgroup2", 0, "nonsense"), EINVAL);
	CHECK_OK(mount("none", "other", "cgroup2", 0, "nsdelegate,memory_recursiveprot"));
	CHECK(file_has("/proc/self/mountinfo", "nsdelegate,memory_recursiveprot"));
	CHECK_OK(access("other/t/cgroup.procs", F_OK));	/* one hierarchy */
	CHECK_OK(mount("none", "other", "cgroup2", MS_REMOUNT, ""));
	CHECK(!file_has("/proc/self/mountinfo", "nsdelegate"));
	CHECK_OK(umount("other"));
	cg_end();
}

TEST(operations_refused)
{
	cg_begin(NULL);
	CHECK_ERR(open("cg/t/file", O_CREAT | O_RDWR, 0644), EACCES);
	CHECK_ERR(unlink("cg/t/cgroup.procs"), EPERM);
	CHECK_ERR(rmdir("cg/t/cgroup.procs"), ENOTDIR);
	CHECK_ERR(rename("cg/t", "cg/u"), EPERM);
	CHECK_ERR(link("cg/t/cgroup.procs", "cg/t/l"), EPERM);
	CHECK_ERR(symlink("x", "cg/t/l"), EPERM);
	CHECK_ERR(mkdir("cg/t", 0755), EEXIST);
	CHECK_ERR(mkdir("cg/t/cgroup.procs", 0755), EEXIST);
	CHECK_ERR(mkdir("cg/t/a\nb", 0755), EINVAL);
	CHECK_ERR(open("cg/t/nothing", O_RDONLY), ENOENT);
	CHECK_EQ(cg_read_errno("t", "cgroup.kill"), EINVAL);	/* root may open it */
	CHECK_EQ(cg_write("t", "cgroup.controllers", "x"), EINVAL);
	CHECK_EQ(cg_write("t", "cgroup.events", "x"), EINVAL);
	cg_end();
}

TEST(write_sizes)
{
	static char big[5000];
	int fd;

	cg_begin(NULL);
	memset(big, ' ', sizeof(big));
	fd = open("cg/t/cgroup.max.depth", O_RDWR | O_TRUNC);
	CHECK_ERR(write(fd, big, sizeof(big)), E2BIG);
	CHECK_EQ(write(fd, "", 0), 0);
	CHECK_ERR(write(fd, (void *)8, 5), EFAULT);
	CHECK_EQ(write(fd, " 7 \n", 4), 4);
	CHECK_STR(cg_read("t", "cgroup.max.depth"), "7\n");
	close(fd);
	cg_end();
}

TEST(rmdir_busy)
{
	struct stat st;
	pid_t pid;

	cg_begin(NULL);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_OK(stat("cg/t", &st));
	CHECK_EQ(st.st_nlink, 3);
	CHECK_EQ(cg_rmdir("t"), EBUSY);
	pid = cg_sleeper("t/a");
	CHECK_EQ(cg_rmdir("t/a"), EBUSY);
	cg_kill(pid);
	CHECK_EQ(cg_rmdir("t/a"), 0);
	CHECK_EQ(cg_rmdir("t/a"), ENOENT);
	cg_end();
}

TEST(removed_while_open)
{
	int dir, file;
	char text[16];

	cg_begin(NULL);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	dir = open("cg/t/a", O_RDONLY | O_DIRECTORY);
	file = open("cg/t/a/cgroup.procs", O_RDWR);
	CHECK_EQ(cg_rmdir("t/a"), 0);
	CHECK_ERR(read(file, text, sizeof(text)), ENODEV);
	CHECK_ERR(write(file, "0", 1), ENODEV);
	CHECK_ERR(openat(dir, "cgroup.procs", O_RDONLY), ENOENT);
	CHECK_ERR(mkdirat(dir, "b", 0755), ENOENT);
	close(dir);
	close(file);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_STR(cg_read("t/a", "cgroup.procs"), "");
	CHECK_EQ(cg_rmdir("t/a"), 0);
	cg_end();
}

TEST(limits_of_the_tree)
{
	cg_begin(NULL);
	CHECK_STR(cg_read("t", "cgroup.max.depth"), "max\n");
	CHECK_STR(cg_read("t", "cgroup.max.descendants"), "max\n");
	CHECK_EQ(cg_write("t", "cgroup.max.depth", "-1"), ERANGE);
	CHECK_EQ(cg_write("t", "cgroup.max.depth", "x"), EINVAL);
	CHECK_EQ(cg_write("t", "cgroup.max.depth", "1"), 0);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_EQ(cg_mkdir("t/a/b"), EAGAIN);
	CHECK_EQ(cg_write("t", "cgroup.max.depth", "max"), 0);
	CHECK_EQ(cg_mkdir("t/a/b"), 0);
	CHECK_EQ(cg_value("t", "cgroup.stat", "nr_descendants"), 2);
	CHECK_EQ(cg_write("t", "cgroup.max.descendants", "2"), 0);
	CHECK_EQ(cg_mkdir("t/c"), EAGAIN);
	CHECK_EQ(cg_mkdir("t/a/b/c"), EAGAIN);
	CHECK_EQ(cg_rmdir("t/a/b"), 0);
	CHECK_EQ(cg_mkdir("t/c"), 0);
	CHECK_EQ(cg_rmdir("t/a"), 0);
	CHECK_EQ(cg_rmdir("t/c"), 0);
	CHECK_EQ(cg_value("t", "cgroup.stat", "nr_descendants"), 0);
	cg_end();
}

/* ---- who is where ---------------------------------------------------------------------------- */

TEST(proc_cgroup)
{
	char path[64], text[4096], line[32];
	pid_t pid;

	cg_begin(NULL);
	pid = cg_sleeper("t");
	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	CHECK(file_has(path, "0::/t\n"));
	snprintf(line, sizeof(line), "%d\n", pid);
	CHECK_STR(cg_read("t", "cgroup.procs"), line);
	CHECK_STR(cg_read("t", "cgroup.threads"), line);
	CHECK_EQ(cg_write_number("", "cgroup.procs", pid), 0);
	CHECK(file_has(path, "0::/\n"));
	CHECK_STR(cg_read("t", "cgroup.procs"), "");
	CHECK_EQ(cg_write_number("t", "cgroup.procs", pid), 0);
	kill(pid, SIGKILL);
	CHECK(wait_state(pid, 'Z'));
	CHECK_STR(cg_read("t", "cgroup.procs"), "");	/* a zombie is not in it */
	CHECK(file_has(path, "0::/t\n"));			/* but belongs to it */
	CHECK_EQ(cg_write_number("", "cgroup.procs", pid), 0);	/* and stays */
	CHECK(file_has(path, "0::/t\n"));
	CHECK_EQ(cg_rmdir("t"), 0);
	CHECK(file_has(path, "0::/t (deleted)\n"));
	expect_signal(pid, SIGKILL);
	read_file("/proc/cgroups", text, sizeof(text));
	CHECK(strstr(text, "#subsys_name\thierarchy\tnum_cgroups\tenabled\n") == text);
	cg_end();
}

TEST(fork_inherits)
{
	char text[64];
	pid_t pid;

	cg_begin(NULL);
	pid = fork();
	if (!pid) {
		pid_t child;

		CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
		child = fork();
		if (!child) {
			CHECK(file_has("/proc/self/cgroup", "0::/t\n"));
			snprintf(text, sizeof(text), "%d\n", getpid());
			CHECK(strstr(cg_read("t", "cgroup.procs"), text));
			finish();
		}
		expect_exit(child, 0);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(cg_value("t", "cgroup.events", "populated"), 0);
	cg_end();
}

TEST(attach_errors)
{
	cg_begin(NULL);
	CHECK_EQ(cg_write("t", "cgroup.procs", "x"), EINVAL);
	CHECK_EQ(cg_write("t", "cgroup.procs", "-1"), EINVAL);
	CHECK_EQ(cg_write("t", "cgroup.procs", "1 2"), EINVAL);
	CHECK_EQ(cg_write("t", "cgroup.procs", "999999"), ESRCH);
	CHECK_EQ(cg_write("t", "cgroup.procs", "2"), EINVAL);	/* kthreadd */
	cg_end();
}

static volatile int thread_stop;

static void *thread_main(void *tid)
{
	*(volatile pid_t *)tid = syscall(SYS_gettid);
	while (!thread_stop)
		sleep_ms(1);
	return NULL;
}

static pthread_t start_thread(volatile pid_t *tid)
{
	pthread_t thread;

	*tid = 0;
	pthread_create(&thread, NULL, thread_main, (void *)tid);
	while (!*tid)
		sleep_ms(1);
	return thread;
}

TEST(threads_move_together)
{
	volatile pid_t tid;
	char line[32], path[64];
	pthread_t thread;

	cg_begin(NULL);
	thread = start_thread(&tid);
	CHECK_EQ(cg_write_number("t", "cgroup.procs", tid), 0);	/* any thread stands for the process */
	snprintf(line, sizeof(line), "%d\n", getpid());
	CHECK_STR(cg_read("t", "cgroup.procs"), line);
	snprintf(line, sizeof(line), "%d\n%d\n", getpid(), tid);
	CHECK_STR(cg_read("t", "cgroup.threads"), line);
	snprintf(path, sizeof(path), "/proc/self/task/%d/cgroup", tid);
	CHECK(file_has(path, "0::/t\n"));
	/* A thread alone moves only within its domain. */
	CHECK_EQ(cg_write_number("", "cgroup.threads", tid), EOPNOTSUPP);
	CHECK_EQ(cg_write("", "cgroup.procs", "0"), 0);
	CHECK_STR(cg_read("t", "cgroup.threads"), "");
	thread_stop = 1;
	pthread_join(thread, NULL);
	cg_end();
}

TEST(events_populated)
{
	struct pollfd p = { .events = POLLPRI };
	char text[128], event[4096];
	int watch;
	pid_t pid;

	cg_begin(NULL);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	p.fd = open("cg/t/cgroup.events", O_RDONLY);
	watch = inotify_init1(IN_NONBLOCK);
	CHECK_OK(inotify_add_watch(watch, "cg/t/cgroup.events", IN_MODIFY));
	CHECK_STR(cg_read("t", "cgroup.events"), "populated 0\nfrozen 0\n");
	CHECK(read(p.fd, text, sizeof(text)) > 0);
	CHECK_EQ(poll(&p, 1, 0), 0);
	pid = cg_sleeper("t/a");
	CHECK_EQ(poll(&p, 1, 5000), 1);
	CHECK(p.revents & POLLPRI);
	CHECK(p.revents & POLLERR);
	CHECK_STR(cg_read("t", "cgroup.events"), "populated 1\nfrozen 0\n");
	CHECK_EQ(poll(&p, 1, 0), 1);		/* until it is read again */
	lseek(p.fd, 0, SEEK_SET);
	CHECK(read(p.fd, text, sizeof(text)) > 0);
	p.revents = 0;
	CHECK_EQ(poll(&p, 1, 0), 0);
	sleep_ms(30);
	CHECK(read(watch, event, sizeof(event)) >= (ssize_t)sizeof(struct inotify_event));
	CHECK_EQ(((struct inotify_event *)event)->mask, IN_MODIFY);
	cg_kill(pid);
	CHECK_EQ(poll(&p, 1, 5000), 1);
	CHECK_EQ(cg_value("t/a", "cgroup.events", "populated"), 0);
	sleep_ms(30);
	CHECK(read(watch, event, sizeof(event)) >= (ssize_t)sizeof(struct inotify_event));
	close(watch);
	close(p.fd);
	CHECK_EQ(cg_rmdir("t/a"), 0);
	cg_end();
}

/* ---- delegation ------------------------------------------------------------------------------ */

static void delegate(const char *group, uid_t uid)
{
	CHECK_OK(chown(cg_file(group, ""), uid, uid));
	CHECK_OK(chown(cg_file(group, "cgroup.procs"), uid, uid));
	CHECK_OK(chown(cg_file(group, "cgroup.threads"), uid, uid));
	CHECK_OK(chown(cg_file(group, "cgroup.subtree_control"), uid, uid));
}

TEST(delegation)
{
	struct stat st;
	pid_t pid, in;

	cg_begin(NULL);
	delegate("t", 1000);
	CHECK_EQ(cg_mkdir("t/inner"), 0);
	in = cg_sleeper("t");
	pid = fork();
	if (!pid) {
		become_user();
		CHECK_EQ(cg_mkdir("x"), EACCES);
		CHECK_EQ(cg_mkdir("t/a"), 0);
		CHECK_EQ(cg_mkdir("t/b"), 0);
		CHECK_OK(stat("cg/t/a/cgroup.procs", &st));
		CHECK_EQ(st.st_uid, 1000);		/* its maker's */
		CHECK_OK(stat("cg/t/inner/cgroup.procs", &st));
		CHECK_EQ(st.st_uid, 0);
		/* Not in: the common ancestor is not ours. */
		CHECK_EQ(cg_write("t/a", "cgroup.procs", "0"), EACCES);
		/* Within, whoever's process it is. */
		CHECK_EQ(cg_write_number("t/a", "cgroup.procs", in), 0);
		CHECK_EQ(cg_write_number("t/b", "cgroup.procs", in), 0);
		CHECK_EQ(cg_write_number("", "cgroup.procs", in), EACCES);
		CHECK_EQ(cg_write("t/a", "cgroup.freeze", "1"), 0);
		CHECK_EQ(cg_write("t", "cgroup.freeze", "1"), EACCES);
		CHECK_EQ(cg_rmdir("t/a"), 0);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(stat("cg/t/cgroup.procs", &st));
	CHECK_EQ(st.st_uid, 1000);
	CHECK_EQ(st.st_gid, 1000);
	CHECK_OK(chmod("cg/t/cgroup.procs", 0600));
	CHECK_OK(stat("cg/t/cgroup.procs", &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0600);
	cg_kill(in);
	cg_remove("t/b");
	cg_remove("t/inner");
	cg_end();
}

/* Whoever opened the file must be allowed, not whoever writes. */
TEST(write_by_openers_credentials)
{
	pid_t pid, in;
	int to_root[2], fd;

	cg_begin(NULL);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_OK(chown("cg/t/a/cgroup.procs", 1000, 1000));
	in = cg_sleeper("t");
	pipe(to_root);
	pid = fork();
	if (!pid) {
		fd = open("cg/t/a/cgroup.procs", O_WRONLY);
		(void)fd;
		finish();
	}
	expect_exit(pid, 0);
	/* Opened as user 1000, written as root. */
	CHECK_OK(seteuid(1000));
	fd = open("cg/t/a/cgroup.procs", O_WRONLY);
	CHECK(fd >= 0);
	CHECK_OK(seteuid(0));
	CHECK_ERR(dprintf(fd, "%d", in), EACCES);
	close(fd);
	close(to_root[0]);
	close(to_root[1]);
	cg_kill(in);
	cg_remove("t/a");
	cg_end();
}

TEST(xattrs)
{
	char value[32];
	pid_t pid;

	cg_begin(NULL);
	CHECK_OK(setxattr("cg/t", "user.note", "one", 3, 0));
	CHECK_OK(setxattr("cg/t", "trusted.note", "two", 3, 0));
	CHECK_OK(setxattr("cg/t/cgroup.procs", "user.note", "three", 5, 0));
	CHECK_ERR(setxattr("cg/t", "user.note", "one", 3, XATTR_CREATE), EEXIST);
	CHECK_EQ(getxattr("cg/t", "user.note", value, sizeof(value)), 3);
	CHECK_EQ(getxattr("cg/t", "trusted.note", value, sizeof(value)), 3);
	CHECK(!memcmp(value, "two", 3));
	CHECK_EQ(getxattr("cg/t/cgroup.procs", "user.note", value, sizeof(value)), 5);
	CHECK_ERR(getxattr("cg/t", "user.other", value, sizeof(value)), ENODATA);
	pid = fork();
	if (!pid) {
		become_user();
		CHECK_ERR(setxattr("cg/t", "user.note", "x", 1, 0), EACCES);
		CHECK_ERR(setxattr("cg/t", "trusted.note", "x", 1, 0), EPERM);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(removexattr("cg/t", "user.note"));
	CHECK_ERR(getxattr("cg/t", "user.note", value, sizeof(value)), ENODATA);
	cg_end();
}

/* ---- controllers ----------------------------------------------------------------------------- */

TEST(subtree_control)
{
	cg_begin("pids");
	CHECK_STR(cg_read("t", "cgroup.controllers"), "pids\n");
	CHECK_STR(cg_read("t", "cgroup.subtree_control"), "");
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "pids"), EINVAL);
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+nothing"), EINVAL);
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+"), EINVAL);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_EQ(cg_mkdir("t/a/b"), 0);
	CHECK_ERR(access("cg/t/a/pids.max", F_OK), ENOENT);
	CHECK_EQ(cg_write("t/a", "cgroup.subtree_control", "+pids"), ENOENT);	/* it has none to give */
	CHECK_EQ(cg_write("t/a", "cgroup.subtree_control", "-pids"), 0);
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "  +pids "), 0);
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+pids"), 0);
	CHECK_STR(cg_read("t", "cgroup.subtree_control"), "pids\n");
	CHECK_OK(access("cg/t/a/pids.max", F_OK));
	CHECK_STR(cg_read("t/a", "cgroup.controllers"), "pids\n");
	CHECK_EQ(cg_write("t/a", "cgroup.subtree_control", "+pids"), 0);
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "-pids"), EBUSY);	/* a child gives it on */
	CHECK_EQ(cg_write("t/a", "cgroup.subtree_control", "+pids -pids"), 0);
	CHECK_STR(cg_read("t/a", "cgroup.subtree_control"), "");
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "-pids"), 0);
	CHECK_ERR(access("cg/t/a/pids.max", F_OK), ENOENT);
	cg_remove("t/a/b");
	cg_remove("t/a");
	cg_end();
}

TEST(no_internal_processes)
{
	pid_t pid;

	cg_begin("memory");
	CHECK_EQ(cg_mkdir("t/a"), 0);
	pid = cg_sleeper("t");
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+memory"), EBUSY);
	CHECK_EQ(cg_write_number("t/a", "cgroup.procs", pid), 0);
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+memory"), 0);
	CHECK_EQ(cg_write_number("t", "cgroup.procs", pid), EBUSY);
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "-memory"), 0);
	CHECK_EQ(cg_write_number("t", "cgroup.procs", pid), 0);
	cg_kill(pid);
	cg_remove("t/a");
	cg_end();
}

/* ---- threaded groups ------------------------------------------------------------------------- */

TEST(threaded)
{
	volatile pid_t tid;
	char line[32];
	pthread_t thread;

	cg_begin(NULL);
	CHECK_STR(cg_read("t", "cgroup.type"), "domain\n");
	CHECK_EQ(cg_read_errno("", "cgroup.type"), ENOENT);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_EQ(cg_mkdir("t/b"), 0);
	CHECK_EQ(cg_write("t/a", "cgroup.type", "domain"), EINVAL);
	CHECK_EQ(cg_write("t/a", "cgroup.type", "threaded"), 0);
	CHECK_EQ(cg_write("t/a", "cgroup.type", "threaded"), 0);
	CHECK_STR(cg_read("t/a", "cgroup.type"), "threaded\n");
	CHECK_STR(cg_read("t", "cgroup.type"), "domain threaded\n");
	CHECK_STR(cg_read("t/b", "cgroup.type"), "domain invalid\n");
	CHECK_EQ(cg_write("t/b", "cgroup.procs", "0"), EOPNOTSUPP);
	CHECK_EQ(cg_read_errno("t/a", "cgroup.procs"), EOPNOTSUPP);
	CHECK_EQ(cg_write("t/a", "cgroup.kill", "1"), EOPNOTSUPP);

	CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
	thread = start_thread(&tid);
	CHECK_EQ(cg_write_number("t/a", "cgroup.threads", tid), 0);
	snprintf(line, sizeof(line), "%d\n", tid);
	CHECK_STR(cg_read("t/a", "cgroup.threads"), line);
	snprintf(line, sizeof(line), "%d\n", getpid());
	CHECK_STR(cg_read("t", "cgroup.threads"), line);
	CHECK_STR(cg_read("t", "cgroup.procs"), line);
	CHECK_EQ(cg_write_number("t/a", "cgroup.procs", getpid()), 0);	/* all of it */
	CHECK_STR(cg_read("t", "cgroup.procs"), line);			/* shown at the top */
	CHECK_EQ(cg_write("", "cgroup.procs", "0"), 0);
	thread_stop = 1;
	pthread_join(thread, NULL);
	CHECK_EQ(cg_write("t/b", "cgroup.type", "threaded"), 0);
	cg_remove("t/a");
	cg_remove("t/b");
	CHECK_STR(cg_read("t", "cgroup.type"), "domain\n");
	cg_end();
}

TEST(threaded_refused)
{
	pid_t pid;

	cg_begin("memory");
	CHECK_EQ(cg_mkdir("t/a"), 0);
	pid = cg_sleeper("t/a");
	CHECK_EQ(cg_write("t/a", "cgroup.type", "threaded"), EOPNOTSUPP);	/* populated */
	cg_kill(pid);
	CHECK(cg_wait("t/a", "cgroup.events", "populated", 0));
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+memory"), 0);
	CHECK_EQ(cg_write("t/a", "cgroup.type", "threaded"), EOPNOTSUPP);	/* not a threaded controller */
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "-memory"), 0);
	CHECK_EQ(cg_write("t/a", "cgroup.type", "threaded"), 0);
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+memory"), EOPNOTSUPP);
	cg_remove("t/a");
	cg_end();
}

/* ---- cgroup.kill ----------------------------------------------------------------------------- */

TEST(kill)
{
	pid_t a, b;

	cg_begin(NULL);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	a = cg_sleeper("t");
	b = cg_sleeper("t/a");
	CHECK_EQ(cg_write("t", "cgroup.kill", "0"), ERANGE);
	CHECK_EQ(cg_write("t", "cgroup.kill", "x"), EINVAL);
	CHECK_EQ(cg_write("t", "cgroup.kill", "1"), 0);
	expect_signal(a, SIGKILL);
	expect_signal(b, SIGKILL);
	CHECK_EQ(cg_value("t", "cgroup.events", "populated"), 0);
	cg_remove("t/a");
	cg_end();
}

static void fork_bomb(void)
{
	for (;;)
		if (fork() < 0)
			sched_yield();
}

/* Nobody escapes by forking; of Linux 6.1, where who is half-made may, it takes more than one try. */
TEST(kill_fork_bomb)
{
	struct rlimit_pair {
		unsigned long cur, max;
	} limit = { 40, 40 };
	int round, tries;
	pid_t pid;

	cg_begin(NULL);
	signal(SIGCHLD, SIG_IGN);
	for (round = 0; round < 3; round++) {
		pid = fork();
		if (!pid) {
			CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
			syscall(SYS_setrlimit, 6 /* NPROC */, &limit);
			become_user();
			fork_bomb();
		}
		sleep_ms(60);
		for (tries = 0; tries < 50 && cg_value("t", "cgroup.events", "populated"); tries++) {
			CHECK_EQ(cg_write("t", "cgroup.kill", "1"), 0);
			sleep_ms(100);
		}
		CHECK(cg_wait("t", "cgroup.events", "populated", 0));
		CHECK_STR(cg_read("t", "cgroup.procs"), "");
	}
	while (waitpid(-1, NULL, 0) > 0)
		;
	cg_end();
}

/* ---- storms ---------------------------------------------------------------------------------- */

/* Two movers push processes around while these fork and exit. */
TEST(migration_storm)
{
	static const char *const where[] = { "t", "t/a", "t/a/b", "" };
	long long end = now_ms() + 3000;
	pid_t forker[4], mover;
	int i;

	cg_begin(NULL);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_EQ(cg_mkdir("t/a/b"), 0);
	for (i = 0; i < 4; i++) {
		forker[i] = fork();
		if (!forker[i]) {
			for (;;) {
				pid_t child = fork();

				if (!child)
					_exit(0);
				waitpid(child, NULL, 0);
			}
		}
	}
	mover = fork();
	for (i = 0; i < 2000 && now_ms() < end; i++) {
		int err = cg_write_number(where[(i * 7 + !mover) % 4], "cgroup.procs", forker[(i + !mover * 2) % 4]);

		if (err)
			CHECK_EQ(err, 0);
	}
	if (!mover)
		finish();
	expect_exit(mover, 0);
	for (i = 0; i < 4; i++)
		cg_kill(forker[i]);
	CHECK(cg_wait("t", "cgroup.events", "populated", 0));
	cg_remove("t/a/b");
	cg_remove("t/a");
	cg_end();
}

TEST(mkdir_rmdir_storm)
{
	long long end = now_ms() + 3000;
	char name[32];
	pid_t pid;
	int i;

	cg_begin(NULL);
	pid = fork();
	for (i = 0; i < 400 && now_ms() < end; i++) {
		snprintf(name, sizeof(name), "t/%d", i % 3);
		cg_mkdir(name);
		if (i % 5 == 0)
			cg_read(name, "cgroup.events");
		cg_rmdir(name);
	}
	if (!pid)
		finish();
	expect_exit(pid, 0);
	cg_end();
}

/* ---- CLONE_INTO_CGROUP ----------------------------------------------------------------------- */

static pid_t clone_into(int fd, unsigned long long flags)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP | flags, .exit_signal = flags & CLONE_THREAD ? 0 : SIGCHLD, .cgroup = fd,
	};

	return syscall(SYS_clone3, &args, sizeof(args));
}

TEST(clone_into_cgroup)
{
	int fd;
	pid_t pid;

	cg_begin(NULL);
	fd = open("cg/t", O_PATH | O_DIRECTORY);
	pid = clone_into(fd, 0);
	if (!pid) {
		CHECK(file_has("/proc/self/cgroup", "0::/t\n"));
		finish();
	}
	CHECK(pid > 0);
	expect_exit(pid, 0);
	CHECK(file_has("/proc/self/cgroup", "0::/\n"));
	close(fd);
	fd = open("cg", O_RDONLY);
	pid = clone_into(fd, 0);
	if (!pid)
		finish();
	CHECK(pid > 0);
	expect_exit(pid, 0);
	close(fd);
	cg_end();
}

TEST(clone_into_errors)
{
	struct clone_args args = { .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD };
	int fd, dir;
	pid_t pid;

	cg_begin("memory");
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_ERR(clone_into(999, 0), EBADF);
	fd = open("/", O_RDONLY);
	CHECK_ERR(clone_into(fd, 0), EBADF);		/* not of cgroup2 */
	close(fd);
	fd = open("cg/t/cgroup.procs", O_RDWR);
	CHECK_ERR(clone_into(fd, 0), EBADF);		/* not a directory */
	close(fd);
	args.cgroup = 1ULL << 31;
	CHECK_ERR(syscall(SYS_clone3, &args, sizeof(args)), EINVAL);
	args.cgroup = 0;
	CHECK_ERR(syscall(SYS_clone3, &args, CLONE_ARGS_SIZE_VER1), EINVAL);

	dir = open("cg/t", O_RDONLY);
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+memory"), 0);
	CHECK_ERR(clone_into(dir, 0), EBUSY);
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "-memory"), 0);
	CHECK_EQ(cg_mkdir("t/b"), 0);
	CHECK_EQ(cg_write("t/b", "cgroup.type", "threaded"), 0);
	fd = open("cg/t/a", O_RDONLY);
	CHECK_ERR(clone_into(fd, 0), EOPNOTSUPP);		/* domain invalid */
	close(fd);
	pid = fork();
	if (!pid) {
		become_user();
		CHECK_ERR(clone_into(dir, 0), EACCES);
		finish();
	}
	expect_exit(pid, 0);
	close(dir);
	dir = open("cg/t/b", O_RDONLY);
	cg_remove("t/b");
	CHECK_ERR(clone_into(dir, 0), ENOENT);
	close(dir);
	cg_remove("t/a");
	cg_end();
}
