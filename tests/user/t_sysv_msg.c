// SPDX-License-Identifier: GPL-2.0-only
/* t_sysv_msg.c: System V message queues. */
#include "tap.h"

#include <limits.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#define BAD	((void *)8)
/* The C library may look at the buffer; and the 32-bit ABI says so when it wants the new structures. */
#define raw_msgctl(id, cmd, buf) syscall(SYS_msgctl, id, (cmd) | (sizeof(long) == 4 ? 0x100 : 0), buf)
#define KEY	0x7e57a1

struct message {
	long	type;
	char	text[64];
};

static int new_queue(int mode)
{
	int id = msgget(IPC_PRIVATE, IPC_CREAT | mode);

	REQUIRE(id >= 0);
	return id;
}

static void drop(int id)
{
	CHECK_OK(msgctl(id, IPC_RMID, NULL));
}

static int put(int id, long type, const char *text)
{
	struct message m = { .type = type };

	strcpy(m.text, text);
	return msgsnd(id, &m, strlen(text), IPC_NOWAIT);
}

static const char *get(int id, long type, int flags)
{
	static struct message m;
	ssize_t n;

	memset(&m, 0, sizeof(m));
	n = msgrcv(id, &m, sizeof(m.text) - 1, type, flags | IPC_NOWAIT);
	return n < 0 ? strerror(errno) : m.text;
}

TEST(get_by_key)
{
	int id = msgget(KEY, IPC_CREAT | IPC_EXCL | 0600);

	REQUIRE(id >= 0);
	CHECK_EQ(msgget(KEY, 0), id);
	CHECK_EQ(msgget(KEY, IPC_CREAT | 0600), id);
	CHECK_ERR(msgget(KEY, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	CHECK_ERR(msgget(KEY + 1, 0600), ENOENT);
	CHECK_ERR(msgget(KEY + 1, IPC_EXCL | 0600), ENOENT);
	drop(id);
	CHECK_ERR(msgget(KEY, 0), ENOENT);
	CHECK_ERR(msgctl(id, IPC_RMID, NULL), EINVAL);
}

TEST(private_queues_differ)
{
	int a = new_queue(0600), b = new_queue(0600);

	CHECK(a != b);
	CHECK_OK(put(a, 1, "a"));
	CHECK_STR(get(b, 0, 0), strerror(ENOMSG));
	drop(a);
	drop(b);
}

TEST(stale_id)
{
	int a = new_queue(0600), b;
	struct msqid_ds ds;

	drop(a);
	b = new_queue(0600);
	CHECK(a != b);
	CHECK_ERR(msgctl(a, IPC_STAT, &ds), EINVAL);
	CHECK_ERR(msgsnd(a, &(struct message){ .type = 1 }, 1, 0), EINVAL);
	CHECK_ERR(msgrcv(a, &(struct message){ .type = 1 }, 1, 0, 0), EINVAL);
	/* The same index under another sequence number. */
	CHECK_ERR(msgctl(b + 32768, IPC_STAT, &ds), EINVAL);
	drop(b);
}

TEST(send_errors)
{
	int id = new_queue(0600);
	struct message m = { .type = 1 };
	char *big = calloc(1, 10000);

	CHECK_ERR(msgsnd(-1, &m, 1, 0), EINVAL);
	CHECK_ERR(msgsnd(0x7fff7fff, &m, 1, 0), EINVAL);
	CHECK_ERR(msgsnd(id, BAD, 1, 0), EFAULT);
	m.type = 0;
	CHECK_ERR(msgsnd(id, &m, 1, 0), EINVAL);
	m.type = -1;
	CHECK_ERR(msgsnd(id, &m, 1, 0), EINVAL);
	m.type = 1;
	CHECK_ERR(msgsnd(id, &m, -1, 0), EINVAL);
	CHECK_ERR(msgsnd(id, &m, 8193, 0), EINVAL);
	*(long *)big = 1;
	CHECK_OK(msgsnd(id, big, 8192, 0));
	CHECK_OK(msgsnd(id, big, 0, 0));
	CHECK_EQ(msgrcv(id, big, 9000, 0, 0), 8192);
	CHECK_EQ(msgrcv(id, big, 9000, 0, 0), 0);
	/* The text ends where nothing is mapped. */
	{
		char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		munmap(page + 4096, 4096);
		*(long *)(page + 4096 - 16) = 1;
		CHECK_ERR(msgsnd(id, page + 4096 - 16, 64, 0), EFAULT);
		CHECK_OK(msgsnd(id, page + 4096 - 16, 16 - sizeof(long), 0));
	}
	drop(id);
}

TEST(receive_errors)
{
	int id = new_queue(0600);
	struct message m;

	CHECK_ERR(msgrcv(-1, &m, 1, 0, 0), EINVAL);
	CHECK_ERR(msgrcv(id, &m, -1, 0, 0), EINVAL);
	CHECK_ERR(msgrcv(id, &m, 1, 0, IPC_NOWAIT), ENOMSG);
	CHECK_OK(put(id, 5, "hello"));
	CHECK_ERR(msgrcv(id, &m, 4, 0, 0), E2BIG);
	CHECK_EQ(msgrcv(id, &m, 4, 0, MSG_NOERROR), 4);
	CHECK_EQ(m.type, 5);
	CHECK(!memcmp(m.text, "hell", 4));
	CHECK_STR(get(id, 0, 0), strerror(ENOMSG));
	/* A bad buffer loses the message. */
	CHECK_OK(put(id, 5, "hello"));
	CHECK_ERR(msgrcv(id, BAD, 64, 0, 0), EFAULT);
	CHECK_STR(get(id, 0, 0), strerror(ENOMSG));
	drop(id);
}

TEST(choice_by_type)
{
	int id = new_queue(0600);

	CHECK_OK(put(id, 3, "three"));
	CHECK_OK(put(id, 1, "one"));
	CHECK_OK(put(id, 2, "two"));
	CHECK_OK(put(id, 2, "two again"));
	CHECK_STR(get(id, 2, 0), "two");
	CHECK_STR(get(id, -2, 0), "one");
	CHECK_STR(get(id, -2, 0), "two again");
	CHECK_STR(get(id, -2, 0), strerror(ENOMSG));
	CHECK_STR(get(id, 3, MSG_EXCEPT), strerror(ENOMSG));
	CHECK_STR(get(id, 2, MSG_EXCEPT), "three");
	CHECK_OK(put(id, LONG_MAX, "last"));
	CHECK_STR(get(id, LONG_MIN, 0), "last");
	drop(id);
}

TEST(lowest_type_first)
{
	int id = new_queue(0600), i;
	static const int types[] = { 9, 4, 7, 4, 8 };
	static const char *const want[] = { "1", "3", "2", "4", "0" };

	for (i = 0; i < 5; i++)
		CHECK_OK(put(id, types[i], (char[]){ '0' + i, 0 }));
	for (i = 0; i < 5; i++)
		CHECK_STR(get(id, -100, 0), want[i]);
	drop(id);
}

TEST(copy_leaves_it)
{
	int id = new_queue(0600);
	struct message m;

	CHECK_ERR(msgrcv(id, &m, 64, 0, MSG_COPY), EINVAL);
	CHECK_ERR(msgrcv(id, &m, 64, 0, MSG_COPY | MSG_EXCEPT | IPC_NOWAIT), EINVAL);
	CHECK_ERR(msgrcv(id, &m, 64, 0, MSG_COPY | IPC_NOWAIT), ENOMSG);
	CHECK_OK(put(id, 3, "three"));
	CHECK_OK(put(id, 4, "four"));
	CHECK_EQ(msgrcv(id, &m, 64, 1, MSG_COPY | IPC_NOWAIT), 4);
	CHECK_EQ(m.type, 4);
	CHECK(!memcmp(m.text, "four", 4));
	CHECK_EQ(msgrcv(id, &m, 64, 0, MSG_COPY | IPC_NOWAIT), 5);
	CHECK_ERR(msgrcv(id, &m, 64, 2, MSG_COPY | IPC_NOWAIT), ENOMSG);
	CHECK_ERR(msgrcv(id, &m, 64, -1, MSG_COPY | IPC_NOWAIT), ENOMSG);
	CHECK_ERR(msgrcv(id, &m, 2, 0, MSG_COPY | IPC_NOWAIT), E2BIG);
	CHECK_ERR(msgrcv(id, &m, 2, 0, MSG_COPY | MSG_NOERROR | IPC_NOWAIT), EINVAL);
	CHECK_ERR(msgrcv(id, BAD, 64, 0, MSG_COPY | IPC_NOWAIT), EFAULT);
	CHECK_STR(get(id, 0, 0), "three");
	CHECK_STR(get(id, 0, 0), "four");
	drop(id);
}

TEST(status)
{
	int id = new_queue(0640);
	time_t now = time(NULL);
	struct msqid_ds ds;
	struct message m;

	CHECK_OK(msgctl(id, IPC_STAT, &ds));
	CHECK_EQ(ds.msg_perm.__key, IPC_PRIVATE);
	CHECK_EQ(ds.msg_perm.mode, 0640);
	CHECK_EQ(ds.msg_perm.uid, geteuid());
	CHECK_EQ(ds.msg_perm.cuid, geteuid());
	CHECK_EQ(ds.msg_perm.gid, getegid());
	CHECK_EQ(ds.msg_perm.cgid, getegid());
	CHECK_EQ(ds.msg_qnum, 0);
	CHECK_EQ(ds.msg_cbytes, 0);
	CHECK_EQ(ds.msg_qbytes, 16384);
	CHECK_EQ(ds.msg_lspid, 0);
	CHECK_EQ(ds.msg_lrpid, 0);
	CHECK_EQ(ds.msg_stime, 0);
	CHECK_EQ(ds.msg_rtime, 0);
	CHECK(ds.msg_ctime >= now - 1 && ds.msg_ctime <= now + 2);
	CHECK_OK(put(id, 1, "12345"));
	CHECK_OK(put(id, 1, "678"));
	CHECK_OK(msgctl(id, IPC_STAT, &ds));
	CHECK_EQ(ds.msg_qnum, 2);
	CHECK_EQ(ds.msg_cbytes, 8);
	CHECK_EQ(ds.msg_lspid, getpid());
	CHECK(ds.msg_stime >= now - 1 && ds.msg_stime <= now + 2);
	CHECK_EQ(msgrcv(id, &m, 64, 0, 0), 5);
	CHECK_OK(msgctl(id, IPC_STAT, &ds));
	CHECK_EQ(ds.msg_qnum, 1);
	CHECK_EQ(ds.msg_cbytes, 3);
	CHECK_EQ(ds.msg_lrpid, getpid());
	CHECK(ds.msg_rtime >= now - 1);
	drop(id);
}

TEST(control_errors)
{
	int id = new_queue(0600);
	struct msqid_ds ds;

	CHECK_ERR(msgctl(-1, IPC_STAT, &ds), EINVAL);
	CHECK_ERR(msgctl(id, -1, &ds), EINVAL);
	CHECK_ERR(msgctl(id, 99, &ds), EINVAL);
	CHECK_ERR(raw_msgctl(id, IPC_STAT, BAD), EFAULT);
	CHECK_ERR(raw_msgctl(id, IPC_SET, BAD), EFAULT);
	CHECK_ERR(raw_msgctl(id, IPC_INFO, BAD), EFAULT);
	CHECK_ERR(raw_msgctl(id, MSG_INFO, BAD), EFAULT);
	CHECK_ERR(msgctl(0x7fff7fff, IPC_RMID, NULL), EINVAL);
	CHECK_ERR(msgctl(0x7fff7fff, MSG_STAT, &ds), EINVAL);
	drop(id);
}

TEST(set)
{
	int id = new_queue(0600);
	struct msqid_ds ds;

	CHECK_OK(msgctl(id, IPC_STAT, &ds));
	ds.msg_perm.mode = 07777;
	ds.msg_perm.uid = 1234;
	ds.msg_perm.gid = 4321;
	ds.msg_qbytes = 10;
	CHECK_OK(msgctl(id, IPC_SET, &ds));
	memset(&ds, 0, sizeof(ds));
	CHECK_OK(msgctl(id, IPC_STAT, &ds));
	CHECK_EQ(ds.msg_perm.mode, 0777);
	CHECK_EQ(ds.msg_perm.uid, 1234);
	CHECK_EQ(ds.msg_perm.gid, 4321);
	CHECK_EQ(ds.msg_perm.cuid, geteuid());
	CHECK_EQ(ds.msg_qbytes, 10);
	CHECK_OK(put(id, 1, "12345678"));
	CHECK_ERR(put(id, 1, "901"), EAGAIN);
	CHECK_OK(put(id, 1, "90"));
	CHECK_ERR(put(id, 1, "1"), EAGAIN);
	CHECK_OK(put(id, 1, ""));
	ds.msg_perm.uid = -1;
	CHECK_ERR(msgctl(id, IPC_SET, &ds), EINVAL);
	drop(id);
}

/* Empty messages count, too: as many as bytes. */
TEST(number_of_messages_is_limited)
{
	int id = new_queue(0600), i;
	struct msqid_ds ds;

	CHECK_OK(msgctl(id, IPC_STAT, &ds));
	ds.msg_qbytes = 20;
	CHECK_OK(msgctl(id, IPC_SET, &ds));
	for (i = 0; i < 20; i++)
		CHECK_OK(put(id, 1, ""));
	CHECK_ERR(put(id, 1, ""), EAGAIN);
	drop(id);
}

TEST(permissions)
{
	int id = msgget(KEY, IPC_CREAT | 0600), open_id = msgget(KEY + 1, IPC_CREAT | 0604);
	struct msqid_ds ds;
	pid_t pid;

	CHECK_OK(put(open_id, 1, "x"));
	pid = fork();
	if (!pid) {
		become_user();
		CHECK_ERR(msgget(KEY, 0400), EACCES);
		CHECK_ERR(msgget(KEY, 0020), EACCES);
		CHECK_EQ(msgget(KEY, 0), id);
		CHECK_ERR(msgctl(id, IPC_STAT, &ds), EACCES);
		CHECK_ERR(msgctl(id & 0x7fff, MSG_STAT, &ds), EACCES);
		CHECK_EQ(msgctl(id & 0x7fff, 13 /* MSG_STAT_ANY */, &ds), id);
		CHECK_ERR(msgctl(id, IPC_RMID, NULL), EPERM);
		memset(&ds, 0, sizeof(ds));
		CHECK_ERR(msgctl(id, IPC_SET, &ds), EPERM);
		CHECK_ERR(put(id, 1, "x"), EACCES);
		CHECK_STR(get(id, 0, 0), strerror(EACCES));
		CHECK_EQ(msgget(KEY + 1, 0400), open_id);
		CHECK_ERR(msgget(KEY + 1, 0600), EACCES);
		CHECK_OK(msgctl(open_id, IPC_STAT, &ds));
		CHECK_ERR(put(open_id, 1, "x"), EACCES);
		CHECK_STR(get(open_id, 0, 0), "x");
		finish();
	}
	expect_exit(pid, 0);
	drop(id);
	drop(open_id);
}

TEST(owner_without_privilege)
{
	pid_t pid = fork();

	if (!pid) {
		struct msqid_ds ds;
		int id;

		become_user();
		id = new_queue(0);
		CHECK_ERR(put(id, 1, "x"), EACCES);
		CHECK_STR(get(id, 0, 0), strerror(EACCES));
		CHECK_ERR(msgctl(id, IPC_STAT, &ds), EACCES);
		memset(&ds, 0, sizeof(ds));
		ds.msg_perm.uid = getuid();
		ds.msg_perm.gid = getgid();
		ds.msg_perm.mode = 0600;
		ds.msg_qbytes = 16385;
		CHECK_ERR(msgctl(id, IPC_SET, &ds), EPERM);
		ds.msg_qbytes = 100;
		CHECK_OK(msgctl(id, IPC_SET, &ds));
		CHECK_OK(put(id, 1, "x"));
		drop(id);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(info)
{
	int id = new_queue(0600), last;
	struct msqid_ds ds;
	struct msginfo info;

	CHECK_OK(put(id, 1, "12345"));
	memset(&info, 0xff, sizeof(info));
	last = msgctl(0, IPC_INFO, (struct msqid_ds *)&info);
	CHECK(last >= (id & 0x7fff));
	CHECK_EQ(info.msgmni, 32000);
	CHECK_EQ(info.msgmax, 8192);
	CHECK_EQ(info.msgmnb, 16384);
	CHECK_EQ(info.msgssz, 16);
	CHECK_EQ(info.msgseg, 0xffff);
	CHECK_EQ(info.msgtql, 16384);
	CHECK_EQ(info.msgmap, 16384);
	CHECK_EQ(info.msgpool, 512000);
	CHECK_EQ(msgctl(0, MSG_INFO, (struct msqid_ds *)&info), last);
	CHECK(info.msgpool >= 1);
	CHECK(info.msgmap >= 1);
	CHECK(info.msgtql >= 5);
	CHECK_EQ(msgctl(id & 0x7fff, MSG_STAT, &ds), id);
	CHECK_EQ(ds.msg_cbytes, 5);
	CHECK_EQ(msgctl(id & 0x7fff, 13, &ds), id);
	drop(id);
}

TEST(sleeping_receiver)
{
	int id = new_queue(0600);
	pid_t pid = fork();
	struct msqid_ds ds;

	if (!pid) {
		struct message m;

		CHECK_EQ(msgrcv(id, &m, 64, 7, 0), 5);
		CHECK(!memcmp(m.text, "seven", 5));
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	CHECK_OK(put(id, 6, "six"));
	CHECK_OK(put(id, 7, "seven"));
	expect_exit(pid, 0);
	CHECK_OK(msgctl(id, IPC_STAT, &ds));
	CHECK_EQ(ds.msg_lrpid, pid);
	CHECK_EQ(ds.msg_qnum, 1);
	drop(id);
}

TEST(sleeping_receiver_gets_e2big)
{
	int id = new_queue(0600);
	pid_t pid = fork();

	if (!pid) {
		struct message m;

		CHECK_ERR(msgrcv(id, &m, 2, 0, 0), E2BIG);
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	CHECK_OK(put(id, 1, "long"));
	expect_exit(pid, 0);
	CHECK_STR(get(id, 0, 0), "long");
	drop(id);
}

TEST(sleeping_sender)
{
	int id = new_queue(0600);
	struct msqid_ds ds;
	pid_t pid;

	CHECK_OK(msgctl(id, IPC_STAT, &ds));
	ds.msg_qbytes = 5;
	CHECK_OK(msgctl(id, IPC_SET, &ds));
	CHECK_OK(put(id, 1, "12345"));
	pid = fork();
	if (!pid) {
		CHECK_OK(msgsnd(id, &(struct message){ .type = 2, .text = "abc" }, 3, 0));
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	CHECK_STR(get(id, 0, 0), "12345");
	expect_exit(pid, 0);
	CHECK_STR(get(id, 0, 0), "abc");
	/* A larger queue wakes, too. */
	CHECK_OK(put(id, 1, "12345"));
	pid = fork();
	if (!pid) {
		CHECK_OK(msgsnd(id, &(struct message){ .type = 2, .text = "abc" }, 3, 0));
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	ds.msg_qbytes = 50;
	CHECK_OK(msgctl(id, IPC_SET, &ds));
	expect_exit(pid, 0);
	drop(id);
}

TEST(removal_wakes)
{
	int id = new_queue(0600), full = new_queue(0600), i;
	struct msqid_ds ds;
	pid_t pid[4];

	CHECK_OK(msgctl(full, IPC_STAT, &ds));
	ds.msg_qbytes = 1;
	CHECK_OK(msgctl(full, IPC_SET, &ds));
	CHECK_OK(put(full, 1, "x"));
	for (i = 0; i < 4; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			struct message m = { .type = 1 };

			if (i & 1)
				CHECK_ERR(msgrcv(id, &m, 1, 0, 0), EIDRM);
			else
				CHECK_ERR(msgsnd(full, &m, 1, 0), EIDRM);
			finish();
		}
	}
	for (i = 0; i < 4; i++)
		CHECK(wait_state(pid[i], 'S'));
	drop(id);
	drop(full);
	for (i = 0; i < 4; i++)
		expect_exit(pid[i], 0);
}

static void on_signal(int sig)
{
	(void)sig;
}

TEST(signal_interrupts)
{
	int id = new_queue(0600), full = new_queue(0600), i;
	struct msqid_ds ds;
	pid_t pid;

	CHECK_OK(msgctl(full, IPC_STAT, &ds));
	ds.msg_qbytes = 1;
	CHECK_OK(msgctl(full, IPC_SET, &ds));
	CHECK_OK(put(full, 1, "x"));
	/* Never restarted, whatever SA_RESTART says. */
	for (i = 0; i < 4; i++) {
		pid = fork();
		if (!pid) {
			struct message m = { .type = 1 };

			set_handler(SIGUSR1, on_signal, i & 2 ? SA_RESTART : 0);
			if (i & 1)
				CHECK_ERR(msgrcv(id, &m, 1, 0, 0), EINTR);
			else
				CHECK_ERR(msgsnd(full, &m, 1, 0), EINTR);
			finish();
		}
		CHECK(wait_state(pid, 'S'));
		sleep_ms(20);
		kill(pid, SIGUSR1);
		expect_exit(pid, 0);
	}
	/* A stop and continue goes unseen. */
	pid = fork();
	if (!pid) {
		struct message m;

		CHECK_EQ(msgrcv(id, &m, 64, 0, 0), 2);
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	kill(pid, SIGSTOP);
	CHECK(wait_state(pid, 'T'));
	kill(pid, SIGCONT);
	CHECK_OK(put(id, 1, "ok"));
	expect_exit(pid, 0);
	drop(id);
	drop(full);
}

TEST(killed_while_asleep)
{
	int id = new_queue(0600);
	pid_t pid = fork();

	if (!pid) {
		struct message m;

		msgrcv(id, &m, 64, 0, 0);
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
	CHECK_OK(put(id, 1, "still good"));
	CHECK_STR(get(id, 0, 0), "still good");
	drop(id);
}

/* Many senders and receivers: what was sent is received, once. */
TEST(many_at_once)
{
	enum { PAIRS = 4, EACH = 60 };
	int id = new_queue(0600), i, j;
	long *sum = shared_page();
	struct msqid_ds ds;
	pid_t pid[2 * PAIRS];

	CHECK_OK(msgctl(id, IPC_STAT, &ds));
	ds.msg_qbytes = 40;
	CHECK_OK(msgctl(id, IPC_SET, &ds));
	for (i = 0; i < 2 * PAIRS; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			struct message m = { .type = 1 };

			for (j = 1; j <= EACH; j++) {
				if (i & 1) {
					m.type = 1 + (j & 1);
					memcpy(m.text, &j, sizeof(j));
					CHECK_OK(msgsnd(id, &m, 4 + j % 7, 0));
				} else {
					int value;

					CHECK_OK(msgrcv(id, &m, 64, i & 2 ? 0 : -2, 0));
					memcpy(&value, m.text, sizeof(value));
					__atomic_fetch_add(sum, value, __ATOMIC_SEQ_CST);
				}
			}
			finish();
		}
	}
	for (i = 0; i < 2 * PAIRS; i++)
		expect_exit(pid[i], 0);
	CHECK_EQ(*sum, PAIRS * (long)EACH * (EACH + 1) / 2);
	drop(id);
}

/* Removal in the middle of traffic. */
TEST(removal_race)
{
	int round, i;

	for (round = 0; round < 10; round++) {
		int id = new_queue(0600);
		pid_t pid[4];

		for (i = 0; i < 4; i++) {
			pid[i] = fork();
			if (!pid[i]) {
				struct message m = { .type = 1 };
				int err = 0;

				while (!err)
					err = (i & 1 ? msgrcv(id, &m, 64, 0, 0) : msgsnd(id, &m, 8, 0)) < 0 ? errno : 0;
				CHECK(err == EIDRM || err == EINVAL);
				finish();
			}
		}
		sleep_ms(3);
		drop(id);
		for (i = 0; i < 4; i++)
			expect_exit(pid[i], 0);
	}
}

TEST(proc_text)
{
	int id = msgget(KEY, IPC_CREAT | 0640);
	char text[16384], line[256], *p;
	struct msqid_ds ds;

	REQUIRE(id >= 0);
	CHECK_OK(put(id, 1, "12345"));
	CHECK_OK(msgctl(id, IPC_STAT, &ds));
	CHECK(read_file("/proc/sysvipc/msg", text, sizeof(text)) > 0);
	p = strchr(text, '\n');
	REQUIRE(p);
	*p++ = '\0';
	CHECK_STR(text, "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid"
			"      stime      rtime      ctime");
	snprintf(line, sizeof(line), "%10d %10d   640  %10d %10d %5d %5d %5d %5d %5d %5d %10ld %10ld %10ld\n", KEY, id,
		 5, 1, getpid(), 0, 0, 0, 0, 0, (long)ds.msg_stime, 0L, (long)ds.msg_ctime);
	CHECK(strstr(p, line) != NULL);
	if (!strstr(p, line))
		note("%s", p);
	drop(id);
}

TEST(limits_by_sysctl)
{
	static const char *const names[] = { "msgmax", "msgmnb", "msgmni" };
	static const char *const values[] = { "8192\n", "16384\n", "32000\n" };
	char path[64], text[64];
	struct message m = { .type = 1 };
	size_t i;
	int id;

	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "/proc/sys/kernel/%s", names[i]);
		CHECK(read_file(path, text, sizeof(text)) > 0);
		CHECK_STR(text, values[i]);
	}
	write_file("/proc/sys/kernel/msgmax", "10");
	write_file("/proc/sys/kernel/msgmnb", "100");
	id = new_queue(0600);
	CHECK_ERR(msgsnd(id, &m, 11, 0), EINVAL);
	CHECK_OK(msgsnd(id, &m, 10, 0));
	{
		struct msqid_ds ds;

		CHECK_OK(msgctl(id, IPC_STAT, &ds));
		CHECK_EQ(ds.msg_qbytes, 100);
	}
	write_file("/proc/sys/kernel/msgmni", "0");
	CHECK_ERR(msgget(IPC_PRIVATE, 0600), ENOSPC);
	write_file("/proc/sys/kernel/msgmni", "32000");
	write_file("/proc/sys/kernel/msgmax", "8192");
	write_file("/proc/sys/kernel/msgmnb", "16384");
	drop(id);
}

TEST(next_id)
{
	char text[32];
	int id;

	CHECK(read_file("/proc/sys/kernel/msg_next_id", text, sizeof(text)) > 0);
	CHECK_STR(text, "-1\n");
	write_file("/proc/sys/kernel/msg_next_id", "98405");	/* 3 * 32768 + 101 */
	CHECK(read_file("/proc/sys/kernel/msg_next_id", text, sizeof(text)) > 0);
	CHECK_STR(text, "98405\n");
	id = new_queue(0600);
	CHECK_EQ(id, 98405);
	CHECK(read_file("/proc/sys/kernel/msg_next_id", text, sizeof(text)) > 0);
	CHECK_STR(text, "-1\n");
	drop(id);
}

/* Without IPC_64 the 32-bit ABI means the structures of old, with 16-bit ids. */
TEST(old_structures)
{
#ifdef __arm__
	struct {
		int		key;
		unsigned short	uid, gid, cuid, cgid, mode, seq;
		void		*first, *last;
		long		stime, rtime, ctime;
		unsigned long	lcbytes, lqbytes;
		unsigned short	cbytes, qnum, qbytes, lspid, lrpid;
	} old;
	int id = msgget(KEY, IPC_CREAT | 0640);
	struct msqid_ds ds;

	CHECK_OK(put(id, 1, "12345"));
	CHECK_OK(syscall(SYS_msgctl, id, IPC_STAT, &old));
	CHECK_EQ(old.key, KEY);
	CHECK_EQ(old.mode, 0640);
	CHECK_EQ(old.cbytes, 5);
	if (!kernel_is_64bit())		/* where Linux forgets it */
		CHECK_EQ(old.lcbytes, 5);
	CHECK_EQ(old.qnum, 1);
	CHECK_EQ(old.qbytes, 16384);
	CHECK_EQ(old.lspid, getpid());
	CHECK(old.stime > 0);
	old.uid = 7;
	old.qbytes = kernel_is_64bit() ? 999 : 0;
	old.lqbytes = 999;
	CHECK_OK(syscall(SYS_msgctl, id, IPC_SET, &old));
	CHECK_OK(msgctl(id, IPC_STAT, &ds));
	CHECK_EQ(ds.msg_perm.uid, 7);
	CHECK_EQ(ds.msg_qbytes, 999);
	CHECK_ERR(syscall(SYS_msgctl, id, IPC_STAT, BAD), EFAULT);
	CHECK_ERR(syscall(SYS_msgctl, id, 99, &old), EINVAL);
	CHECK_OK(syscall(SYS_msgctl, id, IPC_RMID, NULL));
#else
	struct msqid_ds ds;
	int id = new_queue(0600);

	CHECK_ERR(syscall(SYS_msgctl, id, IPC_STAT | 0x100, &ds), EINVAL);
	drop(id);
#endif
}
