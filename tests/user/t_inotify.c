// SPDX-License-Identifier: GPL-2.0-only
/* t_inotify.c: inotify: which events for which change, cookies, masks, queue, removal. */
#include "tap.h"

#include <limits.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>

static int in;
static char buf[8192] __attribute__((aligned(8)));
static char *next, *end;

static void start(void)
{
	in = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	REQUIRE(in >= 0);
	next = end = buf;
}

/* The next event, or NULL when there is none. */
static struct inotify_event *event(void)
{
	struct inotify_event *ev;
	ssize_t n;

	if (next == end) {
		n = read(in, buf, sizeof(buf));
		next = buf;
		end = buf + (n > 0 ? n : 0);
		if (n <= 0)
			return NULL;
	}
	ev = (struct inotify_event *)next;
	next += sizeof(*ev) + ev->len;
	return ev;
}

static void expect_event(unsigned int mask, const char *name)
{
	struct inotify_event *ev = event();

	if (!CHECK(ev != NULL))
		return;
	CHECK_EQ(ev->mask, mask);
	if (name)
		CHECK_STR(ev->len ? ev->name : "", name);
}

TEST(file_in_directory)
{
	int fd;

	start();
	mkdir("d", 0755);
	CHECK_OK(inotify_add_watch(in, "d", IN_ALL_EVENTS));
	fd = open("d/f", O_WRONLY | O_CREAT, 0644);
	expect_event(IN_CREATE, "f");
	expect_event(IN_OPEN, "f");
	write(fd, "x", 1);
	expect_event(IN_MODIFY, "f");
	close(fd);
	expect_event(IN_CLOSE_WRITE, "f");
	fd = open("d/f", O_RDONLY);
	expect_event(IN_OPEN, "f");
	read(fd, (char[1]){ 0 }, 1);
	expect_event(IN_ACCESS, "f");
	close(fd);
	expect_event(IN_CLOSE_NOWRITE, "f");
	chmod("d/f", 0600);
	expect_event(IN_ATTRIB, "f");
	unlink("d/f");
	expect_event(IN_DELETE, "f");
	mkdir("d/sub", 0755);
	expect_event(IN_CREATE | IN_ISDIR, "sub");
	rmdir("d/sub");
	expect_event(IN_DELETE | IN_ISDIR, "sub");
	CHECK(event() == NULL);
}

TEST(moves_have_cookies)
{
	struct inotify_event *ev;
	unsigned int cookie;

	start();
	mkdir("a", 0755);
	mkdir("b", 0755);
	write_file("a/f", "");
	inotify_add_watch(in, "a", IN_MOVE);
	inotify_add_watch(in, "b", IN_MOVE);
	rename("a/f", "b/g");
	ev = event();
	REQUIRE(ev);
	CHECK_EQ(ev->mask, IN_MOVED_FROM);
	CHECK_STR(ev->name, "f");
	cookie = ev->cookie;
	CHECK(cookie != 0);
	ev = event();
	REQUIRE(ev);
	CHECK_EQ(ev->mask, IN_MOVED_TO);
	CHECK_STR(ev->name, "g");
	CHECK_EQ(ev->cookie, cookie);
}

TEST(watching_the_file_itself)
{
	int wd;

	start();
	write_file("f", "");
	wd = inotify_add_watch(in, "f", IN_MODIFY | IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB);
	CHECK(wd > 0);
	write_file("f", "y");			/* truncated (empty already: no event), written */
	expect_event(IN_MODIFY, "");
	rename("f", "g");
	expect_event(IN_MOVE_SELF, "");
	unlink("g");
	expect_event(IN_ATTRIB, "");
	expect_event(IN_DELETE_SELF, "");
	expect_event(IN_IGNORED, "");
	CHECK(event() == NULL);
	CHECK_ERR(inotify_rm_watch(in, wd), EINVAL);
}

TEST(remove_and_masks)
{
	int wd;

	start();
	mkdir("d", 0755);
	wd = inotify_add_watch(in, "d", IN_CREATE);
	CHECK_EQ(inotify_add_watch(in, "d", IN_DELETE | IN_MASK_ADD), wd);
	close(open("d/f", O_CREAT | O_WRONLY, 0644));
	unlink("d/f");
	expect_event(IN_CREATE, "f");
	expect_event(IN_DELETE, "f");
	CHECK_EQ(inotify_add_watch(in, "d", IN_DELETE), wd);	/* replaces the mask */
	close(open("d/f", O_CREAT | O_WRONLY, 0644));
	unlink("d/f");
	expect_event(IN_DELETE, "f");
	CHECK_OK(inotify_rm_watch(in, wd));
	expect_event(IN_IGNORED, "");
	close(open("d/f", O_CREAT | O_WRONLY, 0644));
	CHECK(event() == NULL);
}

TEST(oneshot_and_onlydir)
{
	start();
	mkdir("d", 0755);
	write_file("f", "");
	inotify_add_watch(in, "d", IN_CREATE | IN_ONESHOT);
	close(open("d/1", O_CREAT | O_WRONLY, 0644));
	close(open("d/2", O_CREAT | O_WRONLY, 0644));
	expect_event(IN_CREATE, "1");
	expect_event(IN_IGNORED, "");
	CHECK(event() == NULL);
	CHECK_ERR(inotify_add_watch(in, "f", IN_MODIFY | IN_ONLYDIR), ENOTDIR);
}

TEST(equal_events_merge)
{
	int fd;

	start();
	write_file("f", "");
	inotify_add_watch(in, "f", IN_MODIFY);
	fd = open("f", O_WRONLY);
	write(fd, "a", 1);
	write(fd, "b", 1);
	write(fd, "c", 1);
	expect_event(IN_MODIFY, "");
	CHECK(event() == NULL);
}

TEST(poll_and_size)
{
	struct pollfd poller;
	int avail = -1;
	char small[8];

	start();
	mkdir("d", 0755);
	inotify_add_watch(in, "d", IN_CREATE);
	poller = (struct pollfd){ in, POLLIN, 0 };
	CHECK_EQ(poll(&poller, 1, 0), 0);
	CHECK_OK(ioctl(in, FIONREAD, &avail));
	CHECK_EQ(avail, 0);
	close(open("d/name", O_CREAT | O_WRONLY, 0644));
	CHECK_EQ(poll(&poller, 1, 0), 1);
	CHECK_OK(ioctl(in, FIONREAD, &avail));
	CHECK_EQ(avail, 32);			/* 16 and the name padded to 16 */
	CHECK_ERR(read(in, small, sizeof(small)), EINVAL);
}

TEST(refusals)
{
	start();
	CHECK_ERR(inotify_add_watch(in, "missing", IN_CREATE), ENOENT);
	CHECK_ERR(inotify_add_watch(in, ".", 0), EINVAL);
	CHECK_ERR(inotify_add_watch(0, ".", IN_CREATE), EINVAL);
	CHECK_ERR(inotify_add_watch(250, ".", IN_CREATE), EBADF);
	CHECK_ERR(inotify_rm_watch(in, 12345), EINVAL);
	CHECK_ERR(inotify_init1(0x40), EINVAL);
	CHECK_ERR(write(in, "x", 1), EBADF);
}
