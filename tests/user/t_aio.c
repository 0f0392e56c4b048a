// SPDX-License-Identifier: GPL-2.0-only
/*
 * t_aio.c: io_setup, io_submit, io_getevents, io_cancel, io_destroy by their numbers, and the ring that user space
 * reads by itself.
 */
#include "tap.h"

#include <linux/aio_abi.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/uio.h>

struct ring {
	unsigned int	id, nr, head, tail, magic, compat_features, incompat_features, header_length;
	struct io_event	events[];
};

enum { ROOM = 8, DATA = 0x1234 };

static struct io_event events[64];
static struct timespec no_time;
static char buf[4096];

static long io_setup(unsigned int nr, aio_context_t *ctx) { return syscall(SYS_io_setup, nr, ctx); }
static long io_destroy(aio_context_t ctx) { return syscall(SYS_io_destroy, ctx); }
static long io_cancel(aio_context_t ctx, struct iocb *cb) { return syscall(SYS_io_cancel, ctx, cb, events); }

static long io_submit(aio_context_t ctx, long nr, void *list)
{
	return syscall(SYS_io_submit, ctx, nr, list);
}

static long io_getevents(aio_context_t ctx, long min, long nr, struct timespec *timeout)
{
	return syscall(SYS_io_getevents, ctx, min, nr, events, timeout);
}

static aio_context_t new_context(void)
{
	aio_context_t ctx = 0;

	REQUIRE(io_setup(ROOM, &ctx) == 0);
	return ctx;
}

static struct iocb request(int opcode, int fd, const void *data, size_t len, long long offset)
{
	return (struct iocb){ .aio_data = DATA, .aio_lio_opcode = opcode, .aio_fildes = fd, .aio_nbytes = len,
			      .aio_buf = (unsigned long)data, .aio_offset = offset };
}

static struct iocb poll_request(int fd, short what)
{
	return request(IOCB_CMD_POLL, fd, (void *)(unsigned long)what, 0, 0);
}

static long submit_one(aio_context_t ctx, struct iocb *cb)
{
	return io_submit(ctx, 1, &cb);
}

/* What the event of this request says, which must come. */
static long long result(aio_context_t ctx, struct iocb *cb)
{
	if (!CHECK_EQ(io_getevents(ctx, 1, 1, NULL), 1))
		return -9999;
	CHECK_EQ(events[0].obj, (unsigned long)cb);
	CHECK_EQ(events[0].data, cb->aio_data);
	CHECK_EQ(events[0].res2, 0);
	return events[0].res;
}

static long long outcome(aio_context_t ctx, struct iocb cb)
{
	CHECK_EQ(submit_one(ctx, &cb), 1);
	return result(ctx, &cb);
}

#define CHECK_REFUSED(ctx, error, ...)						\
	do {									\
		struct iocb refused_ = (__VA_ARGS__);				\
		CHECK_ERR(submit_one(ctx, &refused_), error);			\
	} while (0)

static int scratch_file(const char *text)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);

	REQUIRE(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	return fd;
}

static long sysctl_value(const char *name)
{
	char path[64], text[32] = "";

	snprintf(path, sizeof(path), "/proc/sys/fs/%s", name);
	read_file(path, text, sizeof(text));
	return strtol(text, NULL, 10);
}

static bool ring_is_mapped(aio_context_t ctx)
{
	char line[256], want[32];
	FILE *f = fopen("/proc/self/maps", "r");
	bool found = false;

	snprintf(want, sizeof(want), "%lx-", (unsigned long)ctx);
	while (f && fgets(line, sizeof(line), f))
		found |= strstr(line, want) && strstr(line, " rw-s ") && strstr(line, "/[aio] (deleted)\n");
	if (f)
		fclose(f);
	return found;
}

TEST(setup_makes_a_ring)
{
	aio_context_t ctx = new_context(), other = new_context();
	struct ring *ring = (struct ring *)ctx;

	CHECK(ring_is_mapped(ctx));
	CHECK_EQ(ring->id, 0);
	CHECK_EQ(((struct ring *)other)->id, 1);
	CHECK_EQ(ring->magic, 0xa10a10a1);
	CHECK_EQ(ring->compat_features, 1);
	CHECK_EQ(ring->incompat_features, 0);
	CHECK_EQ(ring->header_length, sizeof(*ring));
	CHECK_EQ(ring->head, 0);
	CHECK_EQ(ring->tail, 0);
	CHECK_EQ((ring->nr + 1) * sizeof(struct io_event) % getpagesize(), 0);
	CHECK(ring->nr > 2 * ROOM);
	CHECK_OK(io_destroy(ctx));
	CHECK(!ring_is_mapped(ctx));
	CHECK_ERR(io_destroy(ctx), EINVAL);
	CHECK_OK(io_destroy(other));
}

TEST(setup_refuses)
{
	aio_context_t ctx = 0;

	CHECK_ERR(io_setup(0, &ctx), EINVAL);
	CHECK_ERR(io_setup(1, NULL), EFAULT);
	CHECK_ERR(io_setup(0, NULL), EFAULT);
	CHECK_ERR(io_setup(0x400001, &ctx), EINVAL);
	CHECK_ERR(io_setup(0xffffffff, &ctx), EINVAL);
	CHECK_ERR(io_setup(0x80000000, &ctx), EAGAIN);
	CHECK_ERR(io_setup(sysctl_value("aio-max-nr") + 1, &ctx), EAGAIN);
	ctx = 1;
	CHECK_ERR(io_setup(1, &ctx), EINVAL);
	CHECK_ERR(io_destroy(0), EINVAL);
	CHECK_ERR(io_destroy((aio_context_t)shared_page()), EINVAL);
}

TEST(count_and_limit)
{
	long max = sysctl_value("aio-max-nr"), nr = sysctl_value("aio-nr");
	aio_context_t ctx = 0, other = 0;
	char text[32];

	CHECK_EQ(max, 65536);
	snprintf(text, sizeof(text), "%ld", nr + 10);
	write_file("/proc/sys/fs/aio-max-nr", text);
	CHECK_OK(io_setup(10, &ctx));
	CHECK_EQ(sysctl_value("aio-nr"), nr + 10);
	CHECK_ERR(io_setup(1, &other), EAGAIN);
	CHECK_EQ(other, 0);
	io_destroy(ctx);
	CHECK_OK(io_setup(1, &other));
	CHECK_EQ(sysctl_value("aio-nr"), nr + 1);
	io_destroy(other);
	CHECK_EQ(sysctl_value("aio-nr"), nr);
	write_file("/proc/sys/fs/aio-max-nr", "65536");
}

TEST(read_and_write)
{
	struct iovec segs[2] = { { buf, 2 }, { buf + 100, 10 } };
	aio_context_t ctx = new_context();
	int fd = scratch_file("");

	CHECK_EQ(outcome(ctx, request(IOCB_CMD_PWRITE, fd, "hello", 5, 0)), 5);
	CHECK_EQ(outcome(ctx, request(IOCB_CMD_PREAD, fd, buf, 100, 1)), 4);
	CHECK_STR(buf, "ello");
	CHECK_EQ(outcome(ctx, request(IOCB_CMD_PREADV, fd, segs, 2, 0)), 5);
	CHECK(!memcmp(buf, "he", 2) && !memcmp(buf + 100, "llo", 3));
	segs[1].iov_len = 1;
	CHECK_EQ(outcome(ctx, request(IOCB_CMD_PWRITEV, fd, segs, 2, 5)), 3);
	CHECK_EQ(outcome(ctx, request(IOCB_CMD_PREAD, fd, buf, 100, 8)), 0);
	CHECK_EQ(outcome(ctx, request(IOCB_CMD_PREAD, fd, (void *)8, 5, 0)), -EFAULT);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
	CHECK(file_has("file", "hellohel"));
	fcntl(fd, F_SETFL, O_APPEND);
	CHECK_EQ(outcome(ctx, request(IOCB_CMD_PWRITE, fd, "!", 1, 0)), 1);
	CHECK(file_has("file", "hellohel!"));
	CHECK_EQ(outcome(ctx, request(IOCB_CMD_FSYNC, fd, NULL, 0, 0)), 0);
	CHECK_EQ(outcome(ctx, request(IOCB_CMD_FDSYNC, fd, NULL, 0, 0)), 0);
}

TEST(pipes)
{
	aio_context_t ctx = new_context();
	int p[2];

	REQUIRE(pipe2(p, O_NONBLOCK) == 0);
	CHECK_EQ(outcome(ctx, request(IOCB_CMD_PREAD, p[0], buf, 5, 0)), -EAGAIN);
	CHECK_EQ(outcome(ctx, request(IOCB_CMD_PWRITE, p[1], "hello", 5, 100)), 5);
	CHECK_EQ(outcome(ctx, request(IOCB_CMD_PREAD, p[0], buf, 100, 100)), 5);
	CHECK_REFUSED(ctx, EBADF, request(IOCB_CMD_PREAD, p[1], buf, 5, 0));
	CHECK_REFUSED(ctx, EINVAL, request(IOCB_CMD_FSYNC, p[0], NULL, 0, 0));
}

TEST(requests_refused)
{
	aio_context_t ctx = new_context();
	int fd = scratch_file("hello"), rd = open("file", O_RDONLY), event = eventfd(0, EFD_NONBLOCK);
	struct iocb cb;

	CHECK_REFUSED(ctx, EBADF, request(IOCB_CMD_PREAD, -1, buf, 5, 0));
	CHECK_REFUSED(ctx, EBADF, request(IOCB_CMD_PWRITE, rd, buf, 5, 0));
	CHECK_REFUSED(ctx, EINVAL, request(IOCB_CMD_PREAD, fd, buf, 5, -1));
	CHECK_REFUSED(ctx, EINVAL, request(IOCB_CMD_PREAD, open(".", O_RDONLY), buf, 5, 0));
	CHECK_REFUSED(ctx, EINVAL, request(IOCB_CMD_PWRITE, event, buf, 8, 0));
	CHECK_REFUSED(ctx, EINVAL, request(IOCB_CMD_NOOP, fd, buf, 0, 0));
	CHECK_REFUSED(ctx, EINVAL, request(4, fd, buf, 0, 0));
	CHECK_REFUSED(ctx, EINVAL, request(9, fd, buf, 0, 0));
	CHECK_REFUSED(ctx, EINVAL, request(IOCB_CMD_FSYNC, fd, NULL, 1, 0));
	CHECK_REFUSED(ctx, EINVAL, request(IOCB_CMD_PREADV, fd, buf, 1025, 0));
	CHECK_REFUSED(ctx, EFAULT, request(IOCB_CMD_PREADV, fd, (void *)8, 2, 0));
	cb = request(IOCB_CMD_PREAD, fd, buf, 5, 0);
	cb.aio_reserved2 = 1;
	CHECK_REFUSED(ctx, EINVAL, cb);
	cb.aio_reserved2 = 0;
	cb.aio_nbytes = ~0ULL;
	CHECK_REFUSED(ctx, EINVAL, cb);
	cb.aio_nbytes = 5;
	cb.aio_rw_flags = 0x40;
	CHECK_REFUSED(ctx, EOPNOTSUPP, cb);
	cb.aio_rw_flags = 0;
	cb.aio_flags = IOCB_FLAG_IOPRIO;
	cb.aio_reqprio = 0x8000;
	CHECK_REFUSED(ctx, EINVAL, cb);
	cb.aio_reqprio = 0x4003;
	cb.aio_rw_flags = 2;				/* RWF_DSYNC */
	CHECK_EQ(outcome(ctx, cb), 5);
	CHECK_EQ(io_getevents(ctx, 0, 64, &no_time), 0);
}

TEST(submit_counts)
{
	aio_context_t ctx = new_context();
	int fd = scratch_file("hello");
	struct iocb good = request(IOCB_CMD_PREAD, fd, buf, 1, 0), bad = request(IOCB_CMD_PREAD, -1, buf, 1, 0);
	struct iocb *list[3] = { &good, &bad, &good };

	CHECK_ERR(io_submit(ctx, -1, list), EINVAL);
	CHECK_EQ(io_submit(ctx, 0, NULL), 0);
	CHECK_ERR(io_submit(ctx, 1, NULL), EFAULT);
	CHECK_ERR(io_submit(0, 0, list), EINVAL);
	CHECK_ERR(io_submit((aio_context_t)shared_page() + 8, 1, list), EINVAL);
	CHECK_EQ(io_submit(ctx, 3, list), 1);
	list[1] = (struct iocb *)8;
	CHECK_EQ(io_submit(ctx, 3, list), 1);
	list[0] = &bad;
	CHECK_ERR(io_submit(ctx, 3, list), EBADF);
	CHECK_EQ(io_getevents(ctx, 0, 64, &no_time), 2);
	good.aio_key = 77;
	CHECK_EQ(submit_one(ctx, &good), 1);
	CHECK_EQ(good.aio_key, 0);
}

/* As many events as there is room for, then EAGAIN; whoever takes them makes room. */
TEST(full_ring)
{
	aio_context_t ctx = new_context();
	struct iocb cb = request(IOCB_CMD_PREAD, scratch_file("x"), buf, 1, 0);
	struct ring *ring = (struct ring *)ctx;
	long n = 0, got, taken = 0;

	while (submit_one(ctx, &cb) == 1)
		n++;
	CHECK_EQ(errno, EAGAIN);
	CHECK(n >= ROOM && n < (long)ring->nr);
	CHECK_EQ(ring->tail - ring->head, n);
	while ((got = io_getevents(ctx, 0, ARRAY_SIZE(events), &no_time)) > 0)
		taken += got;
	CHECK_EQ(taken, n);
	CHECK_EQ(ring->head, ring->tail);
	for (int i = 0; i < ROOM; i++)			/* around the end */
		CHECK_EQ(outcome(ctx, cb), 1);
}

/* Events taken as libaio does, without a call. */
TEST(ring_read_by_user)
{
	aio_context_t ctx = new_context();
	struct iocb cb = request(IOCB_CMD_PREAD, scratch_file("hello"), buf, 3, 0);
	struct ring *ring = (struct ring *)ctx;

	CHECK_EQ(submit_one(ctx, &cb), 1);
	CHECK_EQ(submit_one(ctx, &cb), 1);
	CHECK_EQ(ring->head, 0);
	CHECK_EQ(ring->tail, 2);
	CHECK_EQ(ring->events[0].res, 3);
	CHECK_EQ(ring->events[1].obj, (unsigned long)&cb);
	ring->head = 1;
	CHECK_EQ(io_getevents(ctx, 0, 64, &no_time), 1);
	CHECK_EQ(ring->head, 2);
}

TEST(getevents_arguments)
{
	aio_context_t ctx = new_context();
	struct iocb cb = request(IOCB_CMD_PREAD, scratch_file("hello"), buf, 3, 0);
	struct timespec soon = { 0, 20000000 };
	long long start = now_ms();

	CHECK_ERR(io_getevents(ctx, -1, 1, &no_time), EINVAL);
	CHECK_ERR(io_getevents(ctx, 2, 1, &no_time), EINVAL);
	CHECK_ERR(io_getevents(ctx, 0, -1, &no_time), EINVAL);
	CHECK_ERR(io_getevents(0, 0, 1, &no_time), EINVAL);
	CHECK_ERR(io_getevents(ctx, 1, 1, (struct timespec *)8), EFAULT);
	CHECK_EQ(io_getevents(ctx, 0, 1, NULL), 0);
	CHECK_EQ(io_getevents(ctx, 1, 1, &soon), 0);
	CHECK(now_ms() - start >= 19);
	CHECK_EQ(submit_one(ctx, &cb), 1);
	CHECK_ERR(syscall(SYS_io_getevents, ctx, 1, 1, 8, &no_time), EFAULT);
	CHECK_EQ(io_getevents(ctx, 2, 2, &soon), 1);
	CHECK_EQ(io_getevents(ctx, 0, 2, &no_time), 0);
}

TEST(eventfd_is_told)
{
	aio_context_t ctx = new_context();
	int fd = scratch_file("hello"), event = eventfd(0, EFD_NONBLOCK);
	struct iocb cb = request(IOCB_CMD_PREAD, fd, buf, 3, 0);
	uint64_t value = 0;

	cb.aio_flags = IOCB_FLAG_RESFD;
	cb.aio_resfd = event;
	CHECK_EQ(outcome(ctx, cb), 3);
	CHECK_EQ(outcome(ctx, cb), 3);
	CHECK_EQ(read(event, &value, 8), 8);
	CHECK_EQ(value, 2);
	cb.aio_resfd = 999;
	CHECK_REFUSED(ctx, EBADF, cb);
	cb.aio_resfd = fd;
	CHECK_REFUSED(ctx, EINVAL, cb);
}

TEST(poll)
{
	aio_context_t ctx = new_context();
	struct iocb cb;
	int p[2];

	REQUIRE(pipe(p) == 0);
	CHECK_EQ(outcome(ctx, poll_request(p[1], POLLOUT)), POLLOUT);
	cb = poll_request(p[0], POLLIN);
	CHECK_EQ(submit_one(ctx, &cb), 1);
	CHECK_EQ(io_getevents(ctx, 0, 1, &no_time), 0);
	CHECK_EQ(write(p[1], "x", 1), 1);
	CHECK(result(ctx, &cb) & POLLIN);
	CHECK_EQ(outcome(ctx, cb), POLLIN);
	CHECK_EQ(read(p[0], buf, 1), 1);
	CHECK_EQ(submit_one(ctx, &cb), 1);
	close(p[1]);
	CHECK_EQ(result(ctx, &cb), POLLHUP);
	CHECK_REFUSED(ctx, EINVAL, poll_request(scratch_file(""), POLLPRI));
	cb.aio_nbytes = 1;
	CHECK_REFUSED(ctx, EINVAL, cb);
}

/* Through a work item: an eventfd that is watched, and told of it. */
TEST(poll_and_eventfd)
{
	aio_context_t ctx = new_context();
	int event = eventfd(0, 0);
	struct iocb cb = poll_request(event, POLLIN);
	uint64_t value = 1, sum = 0;

	cb.aio_flags = IOCB_FLAG_RESFD;
	cb.aio_resfd = event;
	CHECK_EQ(submit_one(ctx, &cb), 1);
	CHECK_EQ(write(event, &value, 8), 8);
	CHECK(result(ctx, &cb) & POLLIN);
	while (sum < 2) {			/* ours, and what is told after the event is there */
		REQUIRE(read(event, &value, 8) == 8);
		sum += value;
	}
	CHECK_EQ(sum, 2);
}

TEST(cancel)
{
	aio_context_t ctx = new_context();
	struct iocb cb, other;
	int p[2];

	REQUIRE(pipe(p) == 0);
	cb = other = poll_request(p[0], POLLIN);
	CHECK_ERR(io_cancel(ctx, NULL), EFAULT);
	CHECK_ERR(io_cancel(ctx, &cb), EINVAL);
	CHECK_EQ(submit_one(ctx, &cb), 1);
	CHECK_EQ(submit_one(ctx, &other), 1);
	CHECK_ERR(io_cancel(0, &cb), EINVAL);
	CHECK_ERR(io_cancel(ctx, &cb), EINPROGRESS);
	CHECK_ERR(io_cancel(ctx, &cb), EINVAL);
	CHECK_EQ(result(ctx, &cb), 0);
	CHECK_EQ(io_getevents(ctx, 0, 1, &no_time), 0);
	CHECK_EQ(write(p[1], "x", 1), 1);
	CHECK(result(ctx, &other) & POLLIN);
	CHECK_ERR(io_cancel(ctx, &other), EINVAL);
}

/* Contexts are the address space's, not its copy's. */
TEST(fork_leaves_contexts)
{
	long nr = sysctl_value("aio-nr");
	aio_context_t ctx = new_context(), own = 0;
	struct iocb cb = request(IOCB_CMD_PREAD, scratch_file("hello"), buf, 3, 0);
	char *far = mmap(NULL, 16 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid = fork();

	if (pid == 0) {
		munmap(far, 16 << 20);
		far += 8 << 20;			/* where there are no page tables */
		CHECK(ring_is_mapped(ctx));
		CHECK_ERR(submit_one(ctx, &cb), EINVAL);
		CHECK_ERR(io_getevents(ctx, 0, 1, &no_time), EINVAL);
		CHECK_ERR(io_destroy(ctx), EINVAL);
		CHECK(mremap((void *)ctx, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, far) == MAP_FAILED);
		CHECK_EQ(errno, EINVAL);
		CHECK(ring_is_mapped(ctx));
		CHECK_OK(io_setup(100, &own));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(sysctl_value("aio-nr"), nr + ROOM);	/* the child's went with it */
	CHECK_EQ(outcome(ctx, cb), 3);
}

HELPER(look_for_contexts)
{
	aio_context_t ctx = strtoul(argv[1], NULL, 0);

	CHECK_EQ(sysctl_value("aio-nr"), atol(argv[2]));
	CHECK_ERR(io_getevents(ctx, 0, 1, &no_time), EINVAL);
	CHECK_EQ(argc, 3);
	return 0;
}

TEST(exec_ends_contexts)
{
	char nr[16], ctx[24];
	pid_t pid;

	snprintf(nr, sizeof(nr), "%ld", sysctl_value("aio-nr"));
	pid = fork();
	if (pid == 0) {
		snprintf(ctx, sizeof(ctx), "%lu", (unsigned long)new_context());
		execl(self_path, self_path, "@t_aio.look_for_contexts", ctx, nr, NULL);
		_exit(99);
	}
	expect_exit(pid, 0);
}

TEST(ring_moved_and_unmapped)
{
	long nr = sysctl_value("aio-nr");
	aio_context_t ctx = new_context(), moved;
	struct iocb cb = request(IOCB_CMD_PREAD, scratch_file("hello"), buf, 3, 0);
	void *to = shared_page();

	CHECK(mremap((void *)ctx, 4096, 8192, MREMAP_MAYMOVE) == MAP_FAILED);
	CHECK_EQ(errno, EFAULT);
	REQUIRE(mremap((void *)ctx, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	moved = (aio_context_t)to;
	CHECK_ERR(submit_one(ctx, &cb), EINVAL);
	CHECK_EQ(outcome(moved, cb), 3);
	munmap(to, 4096);
	CHECK_ERR(submit_one(moved, &cb), EINVAL);
	CHECK_ERR(io_destroy(moved), EINVAL);
	CHECK_EQ(sysctl_value("aio-nr"), nr + ROOM);
	/* What is there now looks like the ring of context 0. */
	REQUIRE(mmap(to, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == to);
	CHECK_EQ(submit_one(moved, &cb), 1);
	CHECK_OK(io_destroy(moved));
	CHECK_EQ(sysctl_value("aio-nr"), nr);
}

static volatile int asleep;

static void *waiter(void *ctx)
{
	asleep = 1;
	CHECK_ERR(io_getevents(*(aio_context_t *)ctx, 1, 1, NULL), EINVAL);
	return NULL;
}

/* Who waits for events, and what waits to become one, both end with the context. */
TEST(destroy_wakes)
{
	aio_context_t ctx = new_context();
	struct iocb cb;
	pthread_t thread;
	int p[2];

	REQUIRE(pipe(p) == 0);
	REQUIRE(pthread_create(&thread, NULL, waiter, &ctx) == 0);
	CHECK(wait_flag(&asleep));
	sleep_ms(50);
	CHECK_OK(io_destroy(ctx));
	pthread_join(thread, NULL);
	ctx = new_context();
	cb = poll_request(p[0], POLLIN);
	CHECK_EQ(submit_one(ctx, &cb), 1);
	CHECK_OK(io_destroy(ctx));
	close(p[0]);
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < 500 && write(p[1], "x", 1) == 1; i++)	/* it lets go of the file, soon */
		sleep_ms(10);
	CHECK_ERR(write(p[1], "x", 1), EPIPE);
}

static void on_signal(int sig)
{
	asleep = sig;
}

static long pgetevents(aio_context_t ctx, long min, struct timespec *timeout, const unsigned long long *mask,
		       size_t size)
{
	struct {
		const void	*mask;
		size_t		size;
	} arg = { mask, size };

	return syscall(SYS_io_pgetevents, ctx, min, 1L, events, timeout, mask ? &arg : NULL);
}

TEST(signals)
{
	aio_context_t ctx = new_context();
	struct iocb cb = request(IOCB_CMD_PREAD, scratch_file("hello"), buf, 3, 0);
	unsigned long long none = 0;
	pid_t pid, parent = getpid();

	CHECK_EQ(pgetevents(ctx, 0, &no_time, NULL, 0), 0);
	CHECK_EQ(pgetevents(ctx, 0, &no_time, &none, 8), 0);
	CHECK_ERR(pgetevents(ctx, 0, &no_time, &none, 4), EINVAL);
	CHECK_ERR(pgetevents(ctx, 0, &no_time, (void *)8, 8), EFAULT);
	set_handler(SIGUSR1, on_signal, SA_RESTART);
	pid = fork();
	if (pid == 0) {
		wait_state(parent, 'S');
		kill(parent, SIGUSR1);
		_exit(0);
	}
	CHECK_ERR(io_getevents(ctx, 1, 1, NULL), EINTR);
	expect_exit(pid, 0);
	block_signal(SIGUSR1);
	asleep = 0;
	raise(SIGUSR1);
	CHECK_EQ(io_getevents(ctx, 0, 1, &no_time), 0);
	CHECK_EQ(asleep, 0);
	CHECK_ERR(pgetevents(ctx, 1, NULL, &none, 8), EINTR);
	CHECK_EQ(asleep, SIGUSR1);
	/* Events go first, and the signal is taken all the same. */
	asleep = 0;
	raise(SIGUSR1);
	CHECK_EQ(submit_one(ctx, &cb), 1);
	CHECK_EQ(pgetevents(ctx, 1, NULL, &none, 8), 1);
	CHECK_EQ(asleep, SIGUSR1);
	CHECK_OK(raise(SIGUSR1));
}

enum { ROUNDS = 30 };

static int race_pipe[2];
static volatile bool racing = true;

static void *make_ready(void *unused)
{
	while (racing) {
		CHECK_EQ(write(race_pipe[1], "x", 1), 1);
		CHECK_EQ(read(race_pipe[0], buf, 1), 1);
	}
	return unused;
}

static void *take_all(void *ctx)
{
	struct timespec soon = { 0, 1000000 };

	while (racing)
		syscall(SYS_io_getevents, *(aio_context_t *)ctx, 1L, 64L, events, &soon);
	return NULL;
}

/* Requests become ready, are cancelled, taken and end with their context, all at once. */
TEST(races)
{
	pthread_t writer, reader;
	aio_context_t ctx;
	struct iocb cb[4];

	REQUIRE(pipe(race_pipe) == 0);
	ctx = new_context();
	REQUIRE(pthread_create(&writer, NULL, make_ready, NULL) == 0);
	REQUIRE(pthread_create(&reader, NULL, take_all, &ctx) == 0);
	for (int i = 0; i < ROUNDS; i++) {
		for (size_t n = 0; n < ARRAY_SIZE(cb); n++) {
			cb[n] = poll_request(race_pipe[0], POLLIN);
			if (submit_one(ctx, &cb[n]) != 1)
				CHECK_EQ(errno, EAGAIN);	/* nobody takes them so fast */
		}
		for (size_t n = 0; n < ARRAY_SIZE(cb); n += 2)
			CHECK_EQ(io_cancel(ctx, &cb[n]), -1);
		if (i % 3 == 0) {
			CHECK_OK(io_destroy(ctx));
			ctx = new_context();
		}
	}
	racing = false;
	pthread_join(writer, NULL);
	pthread_join(reader, NULL);
	CHECK_OK(io_destroy(ctx));
}
