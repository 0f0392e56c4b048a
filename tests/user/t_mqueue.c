// SPDX-License-Identifier: GPL-2.0-only
/* t_mqueue.c: POSIX message queues. */
#include "tap.h"

#include <limits.h>
#include <linux/netlink.h>
#include <mqueue.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>

#define BAD	((void *)8)
#define NAME	"/t_mqueue"

/* A fresh queue of n messages of size bytes. */
static mqd_t new_queue(int flags, long n, long size)
{
	struct mq_attr attr = { .mq_maxmsg = n, .mq_msgsize = size };
	mqd_t q;

	mq_unlink(NAME);
	q = mq_open(NAME, O_CREAT | O_EXCL | O_RDWR | flags, 0600, &attr);
	REQUIRE(q >= 0);
	return q;
}

static void drop(mqd_t q)
{
	CHECK_OK(mq_close(q));
	CHECK_OK(mq_unlink(NAME));
}

static struct timespec from_now(int ms)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec += ms * 1000000L;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	return ts;
}

static int raw_open(const char *name, int flags, int mode, void *attr)
{
	return syscall(SYS_mq_open, name, flags, mode, attr);
}

TEST(open_and_unlink)
{
	struct mq_attr attr;
	mqd_t q, other;

	mq_unlink(NAME);
	CHECK_ERR(mq_open(NAME, O_RDWR), ENOENT);
	q = mq_open(NAME, O_CREAT | O_RDWR, 0600, NULL);
	REQUIRE(q >= 0);
	CHECK_EQ(fcntl(q, F_GETFD), FD_CLOEXEC);
	CHECK_OK(mq_getattr(q, &attr));
	CHECK_EQ(attr.mq_maxmsg, 10);
	CHECK_EQ(attr.mq_msgsize, 8192);
	CHECK_EQ(attr.mq_curmsgs, 0);
	CHECK_EQ(attr.mq_flags, 0);
	CHECK_ERR(mq_open(NAME, O_CREAT | O_EXCL | O_RDWR, 0600, NULL), EEXIST);
	other = mq_open(NAME, O_RDONLY | O_NONBLOCK);
	CHECK_OK(other);
	CHECK_OK(mq_getattr(other, &attr));
	CHECK_EQ(attr.mq_flags, O_NONBLOCK);
	CHECK_OK(mq_unlink(NAME));
	CHECK_ERR(mq_unlink(NAME), ENOENT);
	CHECK_ERR(mq_open(NAME, O_RDWR), ENOENT);
	/* It goes on while it is open. */
	CHECK_OK(mq_send(q, "x", 1, 0));
	{
		char buf[8192];

		CHECK_EQ(mq_receive(other, buf, sizeof(buf), NULL), 1);
	}
	CHECK_OK(mq_close(other));
	CHECK_OK(mq_close(q));
	CHECK_ERR(mq_close(q), EBADF);
}

TEST(names)
{
	char name[300];

	CHECK_ERR(raw_open("", O_CREAT | O_RDWR, 0600, NULL), ENOENT);
	CHECK_ERR(raw_open("/a", O_CREAT | O_RDWR, 0600, NULL), EACCES);
	CHECK_ERR(raw_open("a/b", O_CREAT | O_RDWR, 0600, NULL), EACCES);
	CHECK_ERR(raw_open(".", O_RDWR, 0600, NULL), EACCES);
	CHECK_ERR(raw_open("..", O_CREAT | O_RDWR, 0600, NULL), EACCES);
	CHECK_ERR(raw_open(BAD, O_CREAT | O_RDWR, 0600, NULL), EFAULT);
	memset(name, 'n', sizeof(name));
	name[256] = '\0';
	CHECK_ERR(raw_open(name, O_CREAT | O_RDWR, 0600, NULL), ENAMETOOLONG);
	CHECK_ERR(syscall(SYS_mq_unlink, name), ENAMETOOLONG);
	name[255] = '\0';
	CHECK_OK(raw_open(name, O_CREAT | O_RDWR, 0600, NULL));
	CHECK_OK(syscall(SYS_mq_unlink, name));
	CHECK_ERR(syscall(SYS_mq_unlink, BAD), EFAULT);
	CHECK_ERR(syscall(SYS_mq_unlink, ""), ENOENT);
	CHECK_ERR(syscall(SYS_mq_unlink, "a/b"), EACCES);
	CHECK_ERR(syscall(SYS_mq_unlink, "."), EACCES);
	CHECK_ERR(mq_open("noslash", O_RDWR), EINVAL);
}

TEST(open_attributes)
{
	struct mq_attr attr = { .mq_maxmsg = 0, .mq_msgsize = 10 };

	mq_unlink(NAME);
	CHECK_ERR(raw_open("t_mqueue", O_CREAT | O_RDWR, 0600, BAD), EFAULT);
	CHECK_ERR(mq_open(NAME, O_CREAT | O_RDWR, 0600, &attr), EINVAL);
	attr.mq_maxmsg = -1;
	CHECK_ERR(mq_open(NAME, O_CREAT | O_RDWR, 0600, &attr), EINVAL);
	attr = (struct mq_attr){ .mq_maxmsg = 5, .mq_msgsize = 0 };
	CHECK_ERR(mq_open(NAME, O_CREAT | O_RDWR, 0600, &attr), EINVAL);
	attr = (struct mq_attr){ .mq_maxmsg = 65537, .mq_msgsize = 1 };
	CHECK_ERR(mq_open(NAME, O_CREAT | O_RDWR, 0600, &attr), EINVAL);
	attr = (struct mq_attr){ .mq_maxmsg = 1, .mq_msgsize = 16777217 };
	CHECK_ERR(mq_open(NAME, O_CREAT | O_RDWR, 0600, &attr), EINVAL);
	CHECK_ERR(mq_open(NAME, O_RDWR), ENOENT);
	/* Of a queue that exists they do not count. */
	drop(new_queue(0, 3, 7));
	{
		mqd_t q = new_queue(0, 3, 7);

		CHECK_OK(mq_close(mq_open(NAME, O_CREAT | O_RDWR, 0600, &attr)));
		CHECK_OK(mq_getattr(q, &attr));
		CHECK_EQ(attr.mq_maxmsg, 3);
		CHECK_EQ(attr.mq_msgsize, 7);
		drop(q);
	}
}

TEST(access_modes)
{
	char buf[8192];
	mqd_t q = new_queue(0, 3, 16), reader = mq_open(NAME, O_RDONLY), writer = mq_open(NAME, O_WRONLY);

	CHECK_ERR(mq_send(reader, "x", 1, 0), EBADF);
	CHECK_ERR(mq_receive(writer, buf, sizeof(buf), NULL), EBADF);
	CHECK_ERR(raw_open("t_mqueue", O_RDWR | O_WRONLY, 0, NULL), EINVAL);
	CHECK_OK(mq_send(writer, "x", 1, 0));
	CHECK_EQ(mq_receive(reader, buf, sizeof(buf), NULL), 1);
	drop(q);
}

TEST(order_by_priority)
{
	mqd_t q = new_queue(0, 10, 16);
	static const struct { unsigned int prio; const char *text; } sent[] = {
		{ 1, "b1" }, { 0, "d" }, { 32767, "a" }, { 1, "b2" }, { 0, "e" }, { 1, "b3" },
	};
	static const char *const want[] = { "a", "b1", "b2", "b3", "d", "e" };
	char buf[16];
	unsigned int prio;
	int i;

	for (i = 0; i < 6; i++)
		CHECK_OK(mq_send(q, sent[i].text, strlen(sent[i].text) + 1, sent[i].prio));
	for (i = 0; i < 6; i++) {
		CHECK(mq_receive(q, buf, sizeof(buf), &prio) > 0);
		CHECK_STR(buf, want[i]);
		CHECK_EQ(prio, i == 0 ? 32767 : i < 4 ? 1 : 0);
	}
	drop(q);
}

TEST(send_and_receive_errors)
{
	mqd_t q = new_queue(O_NONBLOCK, 2, 16);
	int pipe_fd[2];
	char buf[32];

	CHECK_ERR(mq_send(-1, "x", 1, 0), EBADF);
	CHECK_ERR(mq_receive(-1, buf, 32, NULL), EBADF);
	pipe(pipe_fd);
	CHECK_ERR(mq_send(pipe_fd[1], "x", 1, 0), EBADF);
	CHECK_ERR(mq_receive(pipe_fd[0], buf, 32, NULL), EBADF);
	CHECK_ERR(mq_send(q, "x", 17, 0), EMSGSIZE);
	CHECK_ERR(mq_send(q, "x", 1, 32768), EINVAL);
	CHECK_ERR(mq_send(q, BAD, 1, 0), EFAULT);
	CHECK_ERR(mq_receive(q, buf, 15, NULL), EMSGSIZE);
	CHECK_ERR(mq_receive(q, buf, 16, NULL), EAGAIN);
	CHECK_OK(mq_send(q, "", 0, 32767));
	CHECK_OK(mq_send(q, "0123456789abcdef", 16, 0));
	CHECK_ERR(mq_send(q, "x", 1, 0), EAGAIN);
	CHECK_EQ(mq_receive(q, buf, 32, NULL), 0);
	CHECK_ERR(mq_receive(q, BAD, 16, NULL), EFAULT);
	CHECK_ERR(mq_receive(q, buf, 16, NULL), EAGAIN);	/* it is lost */
	CHECK_OK(mq_send(q, "x", 1, 5));
	CHECK_ERR(syscall(SYS_mq_timedreceive, q, buf, 16, BAD, NULL), EFAULT);
	drop(q);
}

TEST(timeouts)
{
	mqd_t q = new_queue(0, 1, 16);
	struct timespec ts = from_now(50);
	long long before = now_ms();
	char buf[16];

	CHECK_ERR(mq_timedreceive(q, buf, 16, NULL, &ts), ETIMEDOUT);
	CHECK(now_ms() - before >= 49);
	CHECK_ERR(mq_timedreceive(q, buf, 16, NULL, &ts), ETIMEDOUT);	/* in the past */
	CHECK_OK(mq_timedsend(q, "x", 1, 0, &ts));		/* need not wait */
	CHECK_ERR(mq_timedsend(q, "x", 1, 0, &ts), ETIMEDOUT);
	ts = from_now(30);
	CHECK_ERR(mq_timedsend(q, "x", 1, 0, &ts), ETIMEDOUT);
	CHECK_EQ(mq_timedreceive(q, buf, 16, NULL, &ts), 1);
	ts.tv_nsec = 1000000000;
	CHECK_ERR(mq_timedreceive(q, buf, 16, NULL, &ts), EINVAL);
	CHECK_ERR(mq_timedsend(q, "x", 1, 0, &ts), EINVAL);
	ts.tv_nsec = -1;
	CHECK_ERR(mq_timedsend(q, "x", 1, 0, &ts), EINVAL);
	ts = (struct timespec){ -1, 0 };
	CHECK_ERR(mq_timedreceive(q, buf, 16, NULL, &ts), EINVAL);
	CHECK_ERR(mq_timedreceive(-1, buf, 16, NULL, &ts), EINVAL);
	CHECK_ERR(syscall(SYS_mq_timedsend, q, "x", 1, 0, BAD), EFAULT);
	CHECK_ERR(syscall(SYS_mq_timedreceive, q, buf, 16, NULL, BAD), EFAULT);
	CHECK_ERR(syscall(SYS_mq_timedsend, -1, "x", 1, 99999, BAD), EFAULT);
#ifdef SYS_mq_timedsend_time64
	{
		long long t64[2] = { 1, 0 };

		CHECK_ERR(syscall(SYS_mq_timedreceive_time64, q, buf, 16, NULL, t64), ETIMEDOUT);
		CHECK_OK(syscall(SYS_mq_timedsend_time64, q, "x", 1, 0, t64));
		CHECK_ERR(syscall(SYS_mq_timedsend_time64, q, "x", 1, 0, t64), ETIMEDOUT);
		CHECK_EQ(syscall(SYS_mq_timedreceive, q, buf, 16, NULL, NULL), 1);
		CHECK_ERR(syscall(SYS_mq_timedreceive, q, buf, 16, NULL, (long[2]){ 1, 0 }), ETIMEDOUT);
		CHECK_OK(syscall(SYS_mq_timedsend, q, "x", 1, 0, (long[2]){ 1, 0 }));
	}
#endif
	drop(q);
}

TEST(sleepers_are_served)
{
	mqd_t q = new_queue(0, 1, 16);
	struct mq_attr attr;
	pid_t pid = fork();
	char buf[16];

	if (!pid) {
		unsigned int prio;

		CHECK_EQ(mq_receive(q, buf, 16, &prio), 5);
		CHECK(!memcmp(buf, "hello", 5));
		CHECK_EQ(prio, 9);
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	CHECK_OK(mq_send(q, "hello", 5, 9));
	CHECK_OK(mq_getattr(q, &attr));
	CHECK_EQ(attr.mq_curmsgs, 0);
	expect_exit(pid, 0);
	CHECK_OK(mq_send(q, "first", 5, 1));
	pid = fork();
	if (!pid) {
		CHECK_OK(mq_send(q, "second", 6, 2));
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	CHECK_EQ(mq_receive(q, buf, 16, NULL), 5);
	CHECK_OK(mq_getattr(q, &attr));
	CHECK_EQ(attr.mq_curmsgs, 1);
	expect_exit(pid, 0);
	CHECK_EQ(mq_receive(q, buf, 16, NULL), 6);
	drop(q);
}

static void on_signal(int sig)
{
	(void)sig;
}

TEST(signals_interrupt)
{
	mqd_t q = new_queue(0, 1, 16);
	char buf[16];
	pid_t pid = fork();

	if (!pid) {
		set_handler(SIGUSR1, on_signal, 0);
		CHECK_ERR(mq_receive(q, buf, 16, NULL), EINTR);
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	sleep_ms(20);
	kill(pid, SIGUSR1);
	expect_exit(pid, 0);
	pid = fork();
	if (!pid) {
		set_handler(SIGUSR1, on_signal, SA_RESTART);
		CHECK_EQ(mq_receive(q, buf, 16, NULL), 1);
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	sleep_ms(20);
	kill(pid, SIGUSR1);
	sleep_ms(20);
	CHECK_OK(mq_send(q, "x", 1, 0));
	expect_exit(pid, 0);
	CHECK_OK(mq_send(q, "x", 1, 0));
	pid = fork();
	if (!pid) {
		set_handler(SIGUSR1, on_signal, 0);
		CHECK_ERR(mq_send(q, "y", 1, 0), EINTR);
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	sleep_ms(20);
	kill(pid, SIGUSR1);
	expect_exit(pid, 0);
	CHECK_EQ(mq_receive(q, buf, 16, NULL), 1);
	drop(q);
}

TEST(attributes)
{
	mqd_t q = new_queue(0, 2, 16);
	struct mq_attr new = { .mq_flags = O_NONBLOCK, .mq_maxmsg = 99 }, old;
	char buf[16];

	CHECK_OK(mq_setattr(q, &new, &old));
	CHECK_EQ(old.mq_flags, 0);
	CHECK_EQ(old.mq_maxmsg, 2);
	CHECK_OK(mq_getattr(q, &old));
	CHECK_EQ(old.mq_flags, O_NONBLOCK);
	CHECK_EQ(old.mq_maxmsg, 2);
	CHECK_EQ(fcntl(q, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
	CHECK_ERR(mq_receive(q, buf, 16, NULL), EAGAIN);
	new.mq_flags = O_NONBLOCK | 1;
	CHECK_ERR(mq_setattr(q, &new, NULL), EINVAL);
	CHECK_ERR(mq_setattr(-1, &new, NULL), EINVAL);
	new.mq_flags = 0;
	CHECK_ERR(mq_setattr(-1, &new, NULL), EBADF);
	CHECK_ERR(mq_setattr(0, &new, NULL), EBADF);
	CHECK_ERR(mq_getattr(-1, &old), EBADF);
	CHECK_ERR(syscall(SYS_mq_getsetattr, q, BAD, NULL), EFAULT);
	CHECK_ERR(syscall(SYS_mq_getsetattr, q, NULL, BAD), EFAULT);
	CHECK_OK(syscall(SYS_mq_getsetattr, q, NULL, NULL));
	drop(q);
}

TEST(permissions)
{
	mqd_t q = new_queue(0, 2, 16);
	pid_t pid = fork();

	if (!pid) {
		become_user();
		CHECK_ERR(mq_open(NAME, O_RDONLY), EACCES);
		CHECK_ERR(mq_open(NAME, O_RDWR), EACCES);
		CHECK_ERR(mq_open(NAME, O_CREAT | O_RDWR, 0600, NULL), EACCES);
		CHECK_ERR(syscall(SYS_mq_unlink, "t_mqueue"), EPERM);
		CHECK_ERR(mq_unlink(NAME), EACCES);	/* the C library's word for it */
		{
			mqd_t own = mq_open("/t_mqueue.own", O_CREAT | O_RDWR, 0, NULL);

			CHECK_OK(own);
			CHECK_ERR(mq_open("/t_mqueue.own", O_RDONLY), EACCES);
			CHECK_OK(mq_unlink("/t_mqueue.own"));
		}
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(fchmod(q, 0604));
	pid = fork();
	if (!pid) {
		become_user();
		CHECK_OK(mq_open(NAME, O_RDONLY));
		CHECK_ERR(mq_open(NAME, O_WRONLY), EACCES);
		finish();
	}
	expect_exit(pid, 0);
	drop(q);
}

TEST(umask_counts)
{
	struct stat st;
	mqd_t q;

	umask(027);
	mq_unlink(NAME);
	q = mq_open(NAME, O_CREAT | O_RDWR, 0666, NULL);
	CHECK_OK(fstat(q, &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0640);
	CHECK_EQ(st.st_size, 80);
	CHECK_EQ(st.st_nlink, 1);
	drop(q);
}

TEST(unprivileged_limits)
{
	pid_t pid = fork();

	if (!pid) {
		struct mq_attr attr = { .mq_maxmsg = 11, .mq_msgsize = 10 };

		become_user();
		CHECK_ERR(mq_open("/t_mqueue.u", O_CREAT | O_RDWR, 0600, &attr), EINVAL);
		attr = (struct mq_attr){ .mq_maxmsg = 10, .mq_msgsize = 8193 };
		CHECK_ERR(mq_open("/t_mqueue.u", O_CREAT | O_RDWR, 0600, &attr), EINVAL);
		finish();
	}
	expect_exit(pid, 0);
}

/* What a queue could hold counts, with what each message costs. */
TEST(rlimit_msgqueue)
{
	unsigned long cost = 4 * (16 + 12 * (kernel_is_64bit() ? 8 : 4));
	pid_t pid = fork();

	if (!pid) {
		struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 16 };
		mqd_t q;

		become_user();
		setrlimit(RLIMIT_MSGQUEUE, &(struct rlimit){ cost - 1, cost + 10 });
		CHECK_ERR(mq_open("/t_mqueue.r", O_CREAT | O_RDWR, 0600, &attr), EMFILE);
		setrlimit(RLIMIT_MSGQUEUE, &(struct rlimit){ cost, cost + 10 });
		q = mq_open("/t_mqueue.r", O_CREAT | O_RDWR, 0600, &attr);
		CHECK_OK(q);
		CHECK_ERR(mq_open("/t_mqueue.s", O_CREAT | O_RDWR, 0600, &attr), EMFILE);
		CHECK_OK(mq_unlink("/t_mqueue.r"));
		CHECK_ERR(mq_open("/t_mqueue.s", O_CREAT | O_RDWR, 0600, &attr), EMFILE);
		CHECK_OK(mq_close(q));
		CHECK_OK(mq_open("/t_mqueue.s", O_CREAT | O_RDWR, 0600, &attr));
		CHECK_OK(mq_unlink("/t_mqueue.s"));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(descriptor_limit)
{
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 3, 3 });
	while (dup(0) >= 0)
		;
	CHECK_ERR(mq_open(NAME, O_CREAT | O_RDWR, 0600, NULL), EMFILE);
}

TEST(limits_by_sysctl)
{
	static const char *const names[] = { "queues_max", "msg_max", "msgsize_max", "msg_default", "msgsize_default" };
	static const char *const values[] = { "256\n", "10\n", "8192\n", "10\n", "8192\n" };
	char path[64], text[64];
	struct mq_attr attr;
	size_t i;
	mqd_t q;

	for (i = 0; i < 5; i++) {
		snprintf(path, sizeof(path), "/proc/sys/fs/mqueue/%s", names[i]);
		CHECK(read_file(path, text, sizeof(text)) > 0);
		CHECK_STR(text, values[i]);
	}
	write_file("/proc/sys/fs/mqueue/msg_default", "3");
	write_file("/proc/sys/fs/mqueue/msgsize_default", "128");
	q = mq_open(NAME, O_CREAT | O_RDWR, 0600, NULL);
	CHECK_OK(mq_getattr(q, &attr));
	CHECK_EQ(attr.mq_maxmsg, 3);
	CHECK_EQ(attr.mq_msgsize, 128);
	drop(q);
	write_file("/proc/sys/fs/mqueue/msg_default", "10");
	write_file("/proc/sys/fs/mqueue/msgsize_default", "8192");
	{
		int fd = open("/proc/sys/fs/mqueue/msg_max", O_WRONLY);

		CHECK_ERR(write(fd, "0", 1), EINVAL);
		CHECK_ERR(write(fd, "65537", 5), EINVAL);
	}
	write_file("/proc/sys/fs/mqueue/queues_max", "0");
	{
		pid_t pid = fork();

		if (!pid) {
			become_user();
			CHECK_ERR(mq_open("/t_mqueue.x", O_CREAT | O_RDWR, 0600, NULL), ENOSPC);
			finish();
		}
		expect_exit(pid, 0);
	}
	q = mq_open(NAME, O_CREAT | O_RDWR, 0600, NULL);
	CHECK_OK(q);
	drop(q);
	write_file("/proc/sys/fs/mqueue/queues_max", "256");
}

static volatile siginfo_t seen;
static volatile int seen_count;

static void on_message(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	memcpy((void *)&seen, info, sizeof(*info));
	seen_count++;
}

TEST(notify_by_signal)
{
	mqd_t q = new_queue(0, 5, 16);
	struct sigaction sa = { .sa_sigaction = on_message, .sa_flags = SA_SIGINFO | SA_RESTART };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 4711 };
	char buf[16];
	pid_t pid;

	sigaction(SIGUSR1, &sa, NULL);
	CHECK_OK(mq_notify(q, &ev));
	CHECK_ERR(mq_notify(q, &ev), EBUSY);
	pid = fork();
	if (!pid) {
		CHECK_ERR(mq_notify(q, &ev), EBUSY);
		CHECK_OK(mq_notify(q, NULL));		/* not its own: nothing happens */
		CHECK_OK(mq_send(q, "x", 1, 0));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(seen_count, 1);
	CHECK_EQ(seen.si_code, SI_MESGQ);
	CHECK_EQ(seen.si_signo, SIGUSR1);
	CHECK_EQ(seen.si_value.sival_int, 4711);
	CHECK_EQ(seen.si_pid, pid);
	CHECK_EQ(seen.si_uid, getuid());
	/* Once only; and only when the queue was empty. */
	CHECK_OK(mq_notify(q, &ev));
	CHECK_OK(mq_send(q, "y", 1, 0));
	CHECK_EQ(seen_count, 1);
	CHECK_EQ(mq_receive(q, buf, 16, NULL), 1);
	CHECK_EQ(mq_receive(q, buf, 16, NULL), 1);
	CHECK_OK(mq_send(q, "z", 1, 0));
	CHECK_EQ(seen_count, 2);
	CHECK_EQ(mq_receive(q, buf, 16, NULL), 1);
	CHECK_OK(mq_send(q, "z", 1, 0));
	CHECK_EQ(seen_count, 2);
	drop(q);
}

/* A sleeping receiver gets the message, and nobody is told. */
TEST(no_notice_when_somebody_waits)
{
	mqd_t q = new_queue(0, 5, 16);
	struct sigaction sa = { .sa_sigaction = on_message, .sa_flags = SA_SIGINFO | SA_RESTART };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	char buf[16];
	pid_t pid;

	sigaction(SIGUSR1, &sa, NULL);
	pid = fork();
	if (!pid) {
		CHECK_EQ(mq_receive(q, buf, 16, NULL), 1);
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	CHECK_OK(mq_notify(q, &ev));
	CHECK_OK(mq_send(q, "x", 1, 0));
	expect_exit(pid, 0);
	CHECK_EQ(seen_count, 0);
	CHECK_OK(mq_send(q, "x", 1, 0));
	CHECK_EQ(seen_count, 1);
	drop(q);
}

TEST(notify_removal)
{
	mqd_t q = new_queue(0, 5, 16), same;
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL };
	struct sigevent none = { .sigev_notify = SIGEV_NONE };

	CHECK_OK(mq_notify(q, &ev));
	CHECK_OK(mq_notify(q, NULL));
	CHECK_OK(mq_send(q, "x", 1, 0));
	mq_receive(q, (char[16]){ 0 }, 16, NULL);
	/* Closing any descriptor of the queue removes it. */
	CHECK_OK(mq_notify(q, &ev));
	same = mq_open(NAME, O_RDONLY);
	CHECK_OK(mq_close(same));
	CHECK_OK(mq_send(q, "x", 1, 0));
	mq_receive(q, (char[16]){ 0 }, 16, NULL);
	CHECK_OK(mq_notify(q, &none));
	CHECK_ERR(mq_notify(q, &none), EBUSY);
	CHECK_OK(mq_send(q, "x", 1, 0));
	CHECK_OK(mq_notify(q, &none));
	/* So does the end of the process. */
	CHECK_OK(mq_notify(q, NULL));
	{
		pid_t pid = fork();

		if (!pid) {
			CHECK_OK(mq_notify(q, &none));
			finish();
		}
		expect_exit(pid, 0);
	}
	CHECK_OK(mq_notify(q, &none));
	drop(q);
}

HELPER(wait_for_sender)
{
	/* The queue is open still, and the registration there; but this is another program. */
	sleep_ms(200);
	return argc != 1;
}

TEST(no_notice_after_exec)
{
	mqd_t q = new_queue(0, 5, 16);
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	char path[64];
	pid_t pid = fork();

	if (!pid) {
		fcntl(q, F_SETFD, 0);
		CHECK_OK(mq_notify(q, &ev));
		execl(self_path, self_path, "@t_mqueue.wait_for_sender", NULL);
		finish();
	}
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	for (;;) {
		char text[256] = "";
		ssize_t n = read_file(path, text, sizeof(text));

		if (n > 0 && memmem(text, n, "wait_for_sender", 15))
			break;
		sleep_ms(1);
	}
	CHECK_OK(mq_send(q, "x", 1, 0));
	expect_exit(pid, 0);
	drop(q);
}

TEST(notify_errors)
{
	mqd_t q = new_queue(0, 5, 16);
	struct sigevent ev = { .sigev_notify = 99 };
	int pipe_fd[2];
	char cookie[32];

	CHECK_ERR(syscall(SYS_mq_notify, q, BAD), EFAULT);
	CHECK_ERR(syscall(SYS_mq_notify, q, &ev), EINVAL);
	ev = (struct sigevent){ .sigev_notify = SIGEV_SIGNAL, .sigev_signo = 65 };
	CHECK_ERR(syscall(SYS_mq_notify, q, &ev), EINVAL);
	ev.sigev_signo = -1;
	CHECK_ERR(syscall(SYS_mq_notify, q, &ev), EINVAL);
	ev.sigev_signo = SIGUSR1;
	CHECK_ERR(syscall(SYS_mq_notify, -1, &ev), EBADF);
	pipe(pipe_fd);
	CHECK_ERR(syscall(SYS_mq_notify, pipe_fd[0], &ev), EBADF);
	CHECK_ERR(syscall(SYS_mq_notify, pipe_fd[0], NULL), EBADF);
	CHECK_OK(syscall(SYS_mq_notify, q, NULL));
	ev = (struct sigevent){ .sigev_notify = SIGEV_THREAD, .sigev_signo = -1, .sigev_value.sival_ptr = BAD };
	CHECK_ERR(syscall(SYS_mq_notify, q, &ev), EFAULT);
	ev.sigev_value.sival_ptr = cookie;
	CHECK_ERR(syscall(SYS_mq_notify, q, &ev), EBADF);
	ev.sigev_signo = pipe_fd[0];
	CHECK_ERR(syscall(SYS_mq_notify, q, &ev), ENOTSOCK);
	ev.sigev_signo = socket(AF_UNIX, SOCK_DGRAM, 0);
	CHECK_ERR(syscall(SYS_mq_notify, q, &ev), EINVAL);
	drop(q);
}

TEST(polling)
{
	mqd_t q = new_queue(0, 1, 16);
	struct pollfd p = { .fd = q, .events = POLLIN | POLLOUT };
	pid_t pid;

	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK_EQ(p.revents, POLLOUT);
	CHECK_OK(mq_send(q, "x", 1, 0));
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK_EQ(p.revents, POLLIN);
	pid = fork();
	if (!pid) {
		p.events = POLLOUT;
		CHECK_EQ(poll(&p, 1, 5000), 1);
		CHECK_EQ(p.revents, POLLOUT);
		p.events = POLLIN;
		CHECK_EQ(poll(&p, 1, 5000), 1);
		CHECK_EQ(p.revents, POLLIN);
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	mq_receive(q, (char[16]){ 0 }, 16, NULL);
	sleep_ms(30);
	CHECK_OK(mq_send(q, "x", 1, 0));
	expect_exit(pid, 0);
	drop(q);
}

TEST(text_of_a_queue)
{
	mqd_t q = new_queue(0, 5, 16);
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR2 };
	char buf[128] = "", want[128];

	CHECK(read(q, buf, sizeof(buf)) > 0);
	CHECK_STR(buf, "QSIZE:0          NOTIFY:0     SIGNO:0     NOTIFY_PID:0     \n");
	CHECK_EQ(read(q, buf, sizeof(buf)), 0);
	CHECK_OK(mq_send(q, "12345", 5, 0));
	CHECK_OK(mq_send(q, "678", 3, 0));
	CHECK_OK(mq_notify(q, &ev));
	memset(buf, 0, sizeof(buf));
	CHECK(pread(q, buf, sizeof(buf), 0) > 0);
	snprintf(want, sizeof(want), "QSIZE:8          NOTIFY:0     SIGNO:%-5d NOTIFY_PID:%-6d\n", SIGUSR2, getpid());
	CHECK_STR(buf, want);
	CHECK_ERR(write(q, "x", 1), EINVAL);
	drop(q);
}

TEST(file_system)
{
	mqd_t q, made;
	struct mq_attr attr;
	char text[128];
	struct stat st;

	CHECK_OK(mkdir("m", 0755));
	q = new_queue(0, 5, 16);
	CHECK_OK(mount("none", "m", "mqueue", 0, NULL));
	CHECK_OK(stat("m", &st));
	CHECK_EQ(st.st_mode, S_IFDIR | 01777);
	CHECK_OK(stat("m/t_mqueue", &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0600);
	CHECK_OK(mq_send(q, "12345", 5, 0));
	CHECK(read_file("m/t_mqueue", text, sizeof(text)) > 0);
	CHECK(!strncmp(text, "QSIZE:5 ", 8));
	made = open("m/made", O_CREAT | O_RDWR, 0644);
	CHECK_OK(made);
	CHECK_OK(mq_getattr(made, &attr));
	CHECK_EQ(attr.mq_maxmsg, 10);
	CHECK_OK(mq_send(made, "x", 1, 0));
	CHECK_OK(close(made));
	CHECK_OK(mq_close(mq_open("/made", O_RDWR)));
	CHECK_OK(unlink("m/made"));
	CHECK_ERR(mq_open("/made", O_RDWR), ENOENT);
	CHECK_ERR(mkdir("m/d", 0755), EPERM);
	CHECK_ERR(symlink("x", "m/l"), EPERM);
	CHECK_ERR(link("m/t_mqueue", "m/l"), EPERM);
	CHECK_ERR(rename("m/t_mqueue", "m/l"), EPERM);
	drop(q);
	CHECK_ERR(stat("m/t_mqueue", &st), ENOENT);
	CHECK_OK(umount("m"));
	CHECK(file_has("/proc/filesystems", "nodev\tmqueue\n"));
}

TEST(namespaces)
{
	mqd_t q = new_queue(0, 5, 16);
	pid_t pid = fork();

	if (!pid) {
		struct stat st;

		CHECK_OK(mkdir("m", 0755));
		CHECK_OK(unshare(CLONE_NEWIPC | CLONE_NEWNS));
		CHECK_OK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
		CHECK_ERR(mq_open(NAME, O_RDWR), ENOENT);
		CHECK_OK(mq_open("/inside", O_CREAT | O_RDWR, 0600, NULL));
		CHECK_OK(mount("none", "m", "mqueue", 0, NULL));
		CHECK_OK(stat("m/inside", &st));
		CHECK_ERR(stat("m/t_mqueue", &st), ENOENT);
		/* An open queue of another namespace can be used. */
		CHECK_OK(mq_send(q, "x", 1, 0));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_ERR(mq_open("/inside", O_RDWR), ENOENT);
	CHECK_EQ(mq_receive(q, (char[16]){ 0 }, 16, NULL), 1);
	drop(q);
}

/* A mount that outlives its namespace: what is there is there, nothing new can be made. */
TEST(mount_without_namespace)
{
	pid_t pid;
	struct stat st;
	int i, fd;

	CHECK_OK(mkdir("m", 0755));
	pid = fork();
	if (!pid) {
		CHECK_OK(unshare(CLONE_NEWIPC));
		CHECK_OK(mount("none", "m", "mqueue", 0, NULL));
		CHECK_OK(mq_open("/inside", O_CREAT | O_RDWR, 0600, NULL));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(stat("m/inside", &st));
	for (i = 0; i < 100; i++) {
		fd = open("m/more", O_CREAT | O_RDWR, 0600);
		if (fd < 0)
			break;
		close(fd);
		unlink("m/more");
		sleep_ms(10);
	}
	CHECK(fd < 0 && errno == EACCES);
	CHECK_OK(unlink("m/inside"));
	CHECK_OK(umount("m"));
}

TEST(many_at_once)
{
	enum { PAIRS = 3, EACH = 60 };
	mqd_t q = new_queue(0, 3, 16);
	long *sum = shared_page();
	pid_t pid[2 * PAIRS];
	int i, j;

	for (i = 0; i < 2 * PAIRS; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			char buf[16];

			for (j = 1; j <= EACH; j++) {
				if (i & 1) {
					memcpy(buf, &j, sizeof(j));
					CHECK_OK(mq_send(q, buf, 4 + j % 12, j % 5));
				} else {
					int value;

					CHECK(mq_receive(q, buf, 16, NULL) >= 4);
					memcpy(&value, buf, sizeof(value));
					__atomic_fetch_add(sum, value, __ATOMIC_SEQ_CST);
				}
			}
			finish();
		}
	}
	for (i = 0; i < 2 * PAIRS; i++)
		expect_exit(pid[i], 0);
	CHECK_EQ(*sum, PAIRS * (long)EACH * (EACH + 1) / 2);
	drop(q);
}

static void note_cookie(struct sigevent *ev, int sock, unsigned char cookie[32])
{
	memset(cookie, 'c', 32);
	*ev = (struct sigevent){
		.sigev_notify = SIGEV_THREAD, .sigev_signo = sock, .sigev_value.sival_ptr = cookie,
	};
}

/* What the C library builds SIGEV_THREAD on: 32 bytes to a netlink socket, the last of which says what happened. */
TEST(notified_through_netlink)
{
	int sock = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, 0);
	mqd_t q = mq_open("/note", O_CREAT | O_RDWR, 0600, NULL);
	struct sockaddr_nl from;
	socklen_t len = sizeof(from);
	unsigned char cookie[32], got[64];
	struct sigevent ev;

	REQUIRE(sock >= 0 && q >= 0);
	note_cookie(&ev, sock, cookie);
	CHECK_OK(syscall(SYS_mq_notify, q, &ev));
	CHECK_ERR(syscall(SYS_mq_notify, q, &ev), EBUSY);
	CHECK_ERR(recv(sock, got, sizeof(got), 0), EAGAIN);
	CHECK_OK(mq_send(q, "1", 1, 0));
	CHECK_EQ(recvfrom(sock, got, sizeof(got), 0, (struct sockaddr *)&from, &len), 32);
	CHECK(!memcmp(got, cookie, 31));
	CHECK_EQ(got[31], 1);
	CHECK_EQ(from.nl_pid, 0);
	CHECK_OK(mq_send(q, "2", 1, 0));		/* not told again, and not while there is one */
	CHECK_ERR(recv(sock, got, sizeof(got), 0), EAGAIN);
	CHECK_OK(syscall(SYS_mq_notify, q, &ev));
	CHECK_OK(syscall(SYS_mq_notify, q, NULL));
	CHECK_EQ(recv(sock, got, sizeof(got), 0), 32);
	CHECK_EQ(got[31], 2);
	CHECK_OK(syscall(SYS_mq_notify, q, &ev));
	CHECK_OK(mq_close(q));
	CHECK_EQ(recv(sock, got, sizeof(got), 0), 32);
	CHECK_EQ(got[31], 2);
	mq_unlink("/note");
}

/* The socket may be gone when there is something to tell. */
TEST(nobody_listens_to_notes)
{
	int sock = socket(AF_NETLINK, SOCK_RAW, 0);
	mqd_t q = mq_open("/note", O_CREAT | O_RDWR, 0600, NULL);
	unsigned char cookie[32];
	struct sigevent ev;

	note_cookie(&ev, sock, cookie);
	CHECK_OK(syscall(SYS_mq_notify, q, &ev));
	close(sock);
	CHECK_OK(mq_send(q, "1", 1, 0));
	sock = socket(AF_NETLINK, SOCK_RAW, 0);
	note_cookie(&ev, sock, cookie);
	CHECK_ERR(syscall(SYS_mq_notify, sock, &ev), EBADF);
	CHECK_OK(syscall(SYS_mq_notify, q, &ev));
	mq_unlink("/note");				/* it ends with this process */
}

static volatile int thread_told;

static void told(union sigval value)
{
	thread_told = value.sival_int;
}

TEST(thread_is_told)
{
	mqd_t q = mq_open("/note", O_CREAT | O_RDWR, 0600, NULL);
	struct sigevent ev = {
		.sigev_notify = SIGEV_THREAD, .sigev_notify_function = told, .sigev_value.sival_int = 77,
	};

	REQUIRE(q >= 0);
	CHECK_OK(mq_notify(q, &ev));
	CHECK_OK(mq_send(q, "1", 1, 0));
	CHECK(wait_flag(&thread_told));
	CHECK_EQ(thread_told, 77);
	mq_unlink("/note");
}
