// SPDX-License-Identifier: GPL-2.0-only
/* t_sysv_sem.c: System V semaphores. */
#include "tap.h"

#include <pthread.h>
#include <sched.h>
#include <sys/ipc.h>
#include <sys/sem.h>

#define BAD	((void *)8)
/* The C library may look at the buffer; and the 32-bit ABI says so when it wants the new structures. */
#define raw_semctl(id, cmd, buf) syscall(SYS_semctl, id, 0, (cmd) | (sizeof(long) == 4 ? 0x100 : 0), buf)
#define KEY	0x7e57a2

union semun {
	int		val;
	struct semid_ds	*buf;
	unsigned short	*array;
	struct seminfo	*info;
	void		*pointer;
};

static int new_set(int n, int mode)
{
	int id = semget(IPC_PRIVATE, n, IPC_CREAT | mode);

	REQUIRE(id >= 0);
	return id;
}

static void drop(int id)
{
	CHECK_OK(semctl(id, 0, IPC_RMID));
}

static int op1(int id, int num, int op, int flags)
{
	struct sembuf s = { .sem_num = num, .sem_op = op, .sem_flg = flags };

	return semop(id, &s, 1);
}

static int value(int id, int num)
{
	return semctl(id, num, GETVAL);
}

static int set_value(int id, int num, int val)
{
	return semctl(id, num, SETVAL, (union semun){ .val = val });
}

TEST(get_by_key)
{
	int id = semget(KEY, 3, IPC_CREAT | IPC_EXCL | 0600);

	REQUIRE(id >= 0);
	CHECK_EQ(semget(KEY, 0, 0), id);
	CHECK_EQ(semget(KEY, 3, IPC_CREAT | 0600), id);
	CHECK_EQ(semget(KEY, 2, 0), id);
	CHECK_ERR(semget(KEY, 4, 0), EINVAL);
	CHECK_ERR(semget(KEY, 4, IPC_CREAT | IPC_EXCL), EEXIST);
	CHECK_ERR(semget(KEY, 3, IPC_CREAT | IPC_EXCL | 0600), EEXIST);
	CHECK_ERR(semget(KEY + 1, 3, 0600), ENOENT);
	drop(id);
	CHECK_ERR(semget(KEY, 0, 0), ENOENT);
}

TEST(get_errors)
{
	CHECK_ERR(semget(IPC_PRIVATE, 0, 0600), EINVAL);
	CHECK_ERR(semget(IPC_PRIVATE, -1, 0600), EINVAL);
	CHECK_ERR(semget(IPC_PRIVATE, 32001, 0600), EINVAL);
	CHECK_ERR(semget(KEY, 0, IPC_CREAT | 0600), EINVAL);
	CHECK_ERR(semget(KEY, -1, 0), EINVAL);
	{
		int id = semget(IPC_PRIVATE, 32000, 0600);

		CHECK_OK(id);
		CHECK_OK(set_value(id, 31999, 5));
		CHECK_EQ(value(id, 31999), 5);
		drop(id);
	}
}

TEST(simple_operations)
{
	int id = new_set(3, 0600);

	CHECK_EQ(value(id, 0), 0);
	CHECK_OK(op1(id, 0, 5, 0));
	CHECK_EQ(value(id, 0), 5);
	CHECK_OK(op1(id, 0, -3, 0));
	CHECK_EQ(value(id, 0), 2);
	CHECK_ERR(op1(id, 0, -3, IPC_NOWAIT), EAGAIN);
	CHECK_ERR(op1(id, 0, 0, IPC_NOWAIT), EAGAIN);
	CHECK_OK(op1(id, 1, 0, IPC_NOWAIT));
	CHECK_OK(op1(id, 0, -2, 0));
	CHECK_OK(op1(id, 0, 0, 0));
	CHECK_EQ(semctl(id, 0, GETPID), getpid());
	CHECK_EQ(semctl(id, 2, GETPID), 0);
	drop(id);
}

TEST(all_or_none)
{
	int id = new_set(3, 0600);
	struct sembuf ops[] = { { 0, 2, 0 }, { 1, 3, 0 }, { 2, -1, IPC_NOWAIT } };

	CHECK_ERR(semop(id, ops, 3), EAGAIN);
	CHECK_EQ(value(id, 0), 0);
	CHECK_EQ(value(id, 1), 0);
	CHECK_OK(set_value(id, 2, 1));
	CHECK_OK(semop(id, ops, 3));
	CHECK_EQ(value(id, 0), 2);
	CHECK_EQ(value(id, 1), 3);
	CHECK_EQ(value(id, 2), 0);
	/* Operations see what those before them did. */
	{
		struct sembuf more[] = { { 2, 4, 0 }, { 2, -4, IPC_NOWAIT }, { 2, 0, IPC_NOWAIT } };

		CHECK_OK(semop(id, more, 3));
		CHECK_EQ(value(id, 2), 0);
	}
	drop(id);
}

TEST(operation_errors)
{
	int id = new_set(2, 0600);
	static struct sembuf many[501];
	struct sembuf s = { 0, 1, 0 };

	CHECK_ERR(semop(id, &s, 0), EINVAL);
	CHECK_ERR(semop(-1, &s, 1), EINVAL);
	CHECK_ERR(semop(0x7fff7fff, &s, 1), EINVAL);
	CHECK_ERR(semop(id, many, 501), E2BIG);
	CHECK_OK(semop(id, many, 500));
	CHECK_ERR(semop(id, BAD, 1), EFAULT);
	CHECK_ERR(op1(id, 2, 1, 0), EFBIG);
	CHECK_ERR(op1(id, 65535, 1, 0), EFBIG);
	CHECK_OK(set_value(id, 0, 32767));
	CHECK_ERR(op1(id, 0, 1, 0), ERANGE);
	CHECK_OK(set_value(id, 0, 32766));
	CHECK_OK(op1(id, 0, 1, 0));
	CHECK_EQ(value(id, 0), 32767);
	CHECK_OK(op1(id, 0, -32767, 0));
	drop(id);
}

TEST(control_errors)
{
	int id = new_set(2, 0600);
	unsigned short values[2] = { 1, 40000 };
	union semun arg = { .array = values };

	CHECK_ERR(semctl(-1, 0, GETVAL), EINVAL);
	CHECK_ERR(semctl(0x7fff7fff, 0, GETVAL), EINVAL);
	CHECK_ERR(semctl(id, 2, GETVAL), EINVAL);
	CHECK_ERR(semctl(id, -1, GETVAL), EINVAL);
	CHECK_ERR(semctl(id, 2, GETPID), EINVAL);
	CHECK_ERR(semctl(id, 2, GETNCNT), EINVAL);
	CHECK_ERR(semctl(id, 2, GETZCNT), EINVAL);
	CHECK_ERR(set_value(id, 2, 1), EINVAL);
	CHECK_ERR(set_value(id, 0, -1), ERANGE);
	CHECK_ERR(set_value(id, 0, 32768), ERANGE);
	CHECK_OK(set_value(id, 0, 32767));
	CHECK_ERR(semctl(id, 0, SETALL, arg), ERANGE);
	CHECK_EQ(value(id, 0), 32767);
	CHECK_ERR(raw_semctl(id, SETALL, BAD), EFAULT);
	CHECK_ERR(raw_semctl(id, GETALL, BAD), EFAULT);
	CHECK_ERR(raw_semctl(id, IPC_STAT, BAD), EFAULT);
	CHECK_ERR(raw_semctl(id, IPC_SET, BAD), EFAULT);
	CHECK_ERR(raw_semctl(id, IPC_INFO, BAD), EFAULT);
	CHECK_ERR(raw_semctl(id, SEM_INFO, BAD), EFAULT);
	CHECK_ERR(semctl(id, 0, 99, arg), EINVAL);
	CHECK_ERR(semctl(id, 0, -1, arg), EINVAL);
	drop(id);
	CHECK_ERR(semctl(id, 0, IPC_RMID), EINVAL);
}

TEST(all_values)
{
	int id = new_set(5, 0600), i;
	unsigned short in[5] = { 1, 2, 3, 4, 32767 }, out[5] = { 0 };

	CHECK_OK(semctl(id, 0, SETALL, (union semun){ .array = in }));
	CHECK_OK(semctl(id, 0, GETALL, (union semun){ .array = out }));
	for (i = 0; i < 5; i++)
		CHECK_EQ(out[i], in[i]);
	CHECK_EQ(semctl(id, 3, GETPID), getpid());
	drop(id);
}

TEST(status)
{
	int id = new_set(7, 0640);
	time_t now = time(NULL);
	struct semid_ds ds;
	union semun arg = { .buf = &ds };

	CHECK_OK(semctl(id, 0, IPC_STAT, arg));
	CHECK_EQ(ds.sem_perm.mode, 0640);
	CHECK_EQ(ds.sem_perm.uid, geteuid());
	CHECK_EQ(ds.sem_nsems, 7);
	CHECK_EQ(ds.sem_otime, 0);
	CHECK(ds.sem_ctime >= now - 1 && ds.sem_ctime <= now + 2);
	CHECK_OK(op1(id, 0, 0, 0));
	CHECK_OK(semctl(id, 0, IPC_STAT, arg));
	CHECK(ds.sem_otime >= now - 1 && ds.sem_otime <= now + 2);
	ds.sem_perm.uid = 77;
	ds.sem_perm.gid = 78;
	ds.sem_perm.mode = 0123;
	CHECK_OK(semctl(id, 0, IPC_SET, arg));
	memset(&ds, 0, sizeof(ds));
	CHECK_OK(semctl(id, 0, IPC_STAT, arg));
	CHECK_EQ(ds.sem_perm.uid, 77);
	CHECK_EQ(ds.sem_perm.gid, 78);
	CHECK_EQ(ds.sem_perm.mode, 0123);
	ds.sem_perm.uid = -1;
	CHECK_ERR(semctl(id, 0, IPC_SET, arg), EINVAL);
	CHECK_EQ(semctl(id & 0x7fff, 0, SEM_STAT, arg), id);
	CHECK_EQ(semctl(id & 0x7fff, 0, 20 /* SEM_STAT_ANY */, arg), id);
	drop(id);
	CHECK_ERR(semctl(id & 0x7fff, 0, SEM_STAT, arg), EINVAL);
}

TEST(info)
{
	int id = new_set(7, 0600), last;
	struct seminfo info;
	union semun arg = { .info = &info };

	last = semctl(0, 0, IPC_INFO, arg);
	CHECK(last >= (id & 0x7fff));
	CHECK_EQ(info.semmni, 32000);
	CHECK_EQ(info.semmsl, 32000);
	CHECK_EQ(info.semmns, 1024000000);
	CHECK_EQ(info.semopm, 500);
	CHECK_EQ(info.semvmx, 32767);
	CHECK_EQ(info.semmnu, 1024000000);
	CHECK_EQ(info.semmap, 1024000000);
	CHECK_EQ(info.semume, 500);
	CHECK_EQ(info.semusz, 20);
	CHECK_EQ(info.semaem, 32767);
	CHECK_EQ(semctl(0, 0, SEM_INFO, arg), last);
	CHECK(info.semusz >= 1);
	CHECK(info.semaem >= 7);
	drop(id);
}

TEST(permissions)
{
	int id = semget(KEY, 2, IPC_CREAT | 0600), open_id = new_set(2, 0604);
	struct semid_ds ds;
	union semun arg = { .buf = &ds };
	pid_t pid = fork();

	if (!pid) {
		become_user();
		CHECK_ERR(semget(KEY, 0, 0400), EACCES);
		CHECK_EQ(semget(KEY, 0, 0), id);
		CHECK_ERR(op1(id, 0, 1, 0), EACCES);
		CHECK_ERR(op1(id, 0, 0, 0), EACCES);
		CHECK_ERR(value(id, 0), EACCES);
		CHECK_ERR(set_value(id, 0, 1), EACCES);
		CHECK_ERR(semctl(id, 0, GETALL, (union semun){ .pointer = BAD }), EACCES);
		CHECK_ERR(semctl(id, 0, SETALL, (union semun){ .pointer = BAD }), EACCES);
		CHECK_ERR(semctl(id, 0, IPC_STAT, arg), EACCES);
		CHECK_ERR(semctl(id & 0x7fff, 0, SEM_STAT, arg), EACCES);
		CHECK_EQ(semctl(id & 0x7fff, 0, 20, arg), id);
		CHECK_ERR(semctl(id, 0, IPC_SET, arg), EPERM);
		CHECK_ERR(semctl(id, 0, IPC_RMID), EPERM);
		CHECK_ERR(op1(open_id, 0, 1, 0), EACCES);
		CHECK_OK(op1(open_id, 0, 0, 0));
		CHECK_EQ(value(open_id, 0), 0);
		CHECK_ERR(set_value(open_id, 0, 0), EACCES);
		finish();
	}
	expect_exit(pid, 0);
	drop(id);
	drop(open_id);
}

TEST(waiting)
{
	int id = new_set(2, 0600);
	pid_t down = fork(), zero;

	if (!down) {
		CHECK_OK(op1(id, 0, -2, 0));
		finish();
	}
	CHECK(wait_state(down, 'S'));
	CHECK_EQ(semctl(id, 0, GETNCNT), 1);
	CHECK_EQ(semctl(id, 0, GETZCNT), 0);
	CHECK_OK(op1(id, 0, 1, 0));
	zero = fork();
	if (!zero) {
		CHECK_OK(op1(id, 0, 0, 0));
		finish();
	}
	CHECK(wait_state(zero, 'S'));
	CHECK_EQ(semctl(id, 0, GETZCNT), 1);
	CHECK_EQ(semctl(id, 1, GETZCNT), 0);
	CHECK_OK(op1(id, 0, 1, 0));	/* 2, the first takes them, 0 */
	expect_exit(down, 0);
	expect_exit(zero, 0);
	CHECK_EQ(value(id, 0), 0);
	CHECK_EQ(semctl(id, 0, GETNCNT), 0);
	CHECK_EQ(semctl(id, 0, GETPID), zero);
	drop(id);
}

TEST(setting_wakes)
{
	int id = new_set(2, 0600);
	pid_t pid = fork();

	if (!pid) {
		CHECK_OK(op1(id, 1, -3, 0));
		CHECK_OK(op1(id, 1, 0, 0));
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	CHECK_OK(set_value(id, 1, 4));
	CHECK(wait_state(pid, 'S'));
	CHECK_OK(semctl(id, 0, SETALL, (union semun){ .array = (unsigned short[]){ 1, 0 } }));
	expect_exit(pid, 0);
	drop(id);
}

/* A waiter that would bring a value over the limit gets the error when its turn comes. */
TEST(error_while_waiting)
{
	int id = new_set(2, 0600);
	pid_t pid;

	CHECK_OK(set_value(id, 1, 32767));
	pid = fork();
	if (!pid) {
		struct sembuf ops[] = { { 0, -1, 0 }, { 1, 1, 0 } };

		CHECK_ERR(semop(id, ops, 2), ERANGE);
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	CHECK_OK(op1(id, 0, 1, 0));
	expect_exit(pid, 0);
	CHECK_EQ(value(id, 0), 1);
	drop(id);
}

TEST(timeout)
{
	int id = new_set(1, 0600);
	struct sembuf s = { 0, -1, 0 };
	struct timespec ts = { 0, 50000000 };
	long long before = now_ms();

	CHECK_ERR(semtimedop(id, &s, 1, &ts), EAGAIN);
	CHECK(now_ms() - before >= 50);
	ts = (struct timespec){ 0, 0 };
	CHECK_ERR(semtimedop(id, &s, 1, &ts), EAGAIN);
	ts = (struct timespec){ 0, 1000000000 };
	CHECK_ERR(semtimedop(id, &s, 1, &ts), EINVAL);
	ts = (struct timespec){ -1, 0 };
	CHECK_ERR(semtimedop(id, &s, 1, &ts), EINVAL);
	ts = (struct timespec){ 0, -1 };
	CHECK_ERR(semtimedop(id, &s, 1, &ts), EINVAL);
	CHECK_ERR(syscall(SYS_semtimedop, id, &s, 1, BAD), EFAULT);
	CHECK_EQ(semctl(id, 0, GETNCNT), 0);
	CHECK_OK(op1(id, 0, 1, 0));
	ts = (struct timespec){ 5, 0 };
	CHECK_OK(semtimedop(id, &s, 1, &ts));
	CHECK_OK(op1(id, 0, 1, 0));
	CHECK_OK(semtimedop(id, &s, 1, NULL));
#ifdef SYS_semtimedop_time64
	{
		long long t64[2] = { 0, 1000000 };

		CHECK_ERR(syscall(SYS_semtimedop_time64, id, &s, 1, t64), EAGAIN);
		t64[1] = 1000000000;
		CHECK_ERR(syscall(SYS_semtimedop_time64, id, &s, 1, t64), EINVAL);
	}
#endif
	drop(id);
}

TEST(removal_wakes)
{
	int id = new_set(1, 0600), i;
	pid_t pid[3];

	CHECK_OK(set_value(id, 0, 1));
	for (i = 0; i < 3; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			CHECK_ERR(op1(id, 0, i == 1 ? 0 : -2, i == 2 ? SEM_UNDO : 0), EIDRM);
			finish();
		}
	}
	for (i = 0; i < 3; i++)
		CHECK(wait_state(pid[i], 'S'));
	drop(id);
	for (i = 0; i < 3; i++)
		expect_exit(pid[i], 0);
}

static void on_signal(int sig)
{
	(void)sig;
}

TEST(signal_interrupts)
{
	int id = new_set(1, 0600), i;

	for (i = 0; i < 2; i++) {
		pid_t pid = fork();

		if (!pid) {
			set_handler(SIGUSR1, on_signal, i ? SA_RESTART : 0);
			CHECK_ERR(op1(id, 0, -1, 0), EINTR);
			finish();
		}
		CHECK(wait_state(pid, 'S'));
		sleep_ms(20);
		CHECK_EQ(semctl(id, 0, GETNCNT), 1);
		kill(pid, SIGUSR1);
		expect_exit(pid, 0);
		CHECK_EQ(semctl(id, 0, GETNCNT), 0);
	}
	drop(id);
}

TEST(undo_at_exit)
{
	int id = new_set(3, 0600);
	pid_t pid;

	CHECK_OK(set_value(id, 0, 5));
	pid = fork();
	if (!pid) {
		struct sembuf ops[] = { { 0, -3, SEM_UNDO }, { 1, 4, SEM_UNDO }, { 2, 2, 0 } };

		CHECK_OK(semop(id, ops, 3));
		CHECK_EQ(value(id, 0), 2);
		CHECK_EQ(value(id, 1), 4);
		CHECK_OK(op1(id, 1, -1, SEM_UNDO));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(value(id, 0), 5);
	CHECK_EQ(value(id, 1), 0);
	CHECK_EQ(value(id, 2), 2);
	CHECK_EQ(semctl(id, 0, GETPID), pid);
	drop(id);
}

TEST(undo_wakes)
{
	int id = new_set(1, 0600);
	pid_t holder, waiter;

	CHECK_OK(set_value(id, 0, 1));
	holder = fork();
	if (!holder) {
		CHECK_OK(op1(id, 0, -1, SEM_UNDO));
		pause();
	}
	while (value(id, 0))
		sleep_ms(1);
	waiter = fork();
	if (!waiter) {
		CHECK_OK(op1(id, 0, -1, 0));
		finish();
	}
	CHECK(wait_state(waiter, 'S'));
	kill(holder, SIGKILL);
	expect_signal(holder, SIGKILL);
	expect_exit(waiter, 0);
	CHECK_EQ(value(id, 0), 0);
	drop(id);
}

TEST(undo_by_kill)
{
	int id = new_set(1, 0600);
	pid_t pid;

	pid = fork();
	if (!pid) {
		CHECK_OK(op1(id, 0, 3, SEM_UNDO));
		pause();
	}
	while (value(id, 0) != 3)
		sleep_ms(1);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
	CHECK_EQ(value(id, 0), 0);
	drop(id);
}

HELPER(look_at_undo)
{
	int id = atoi(argv[1]);

	return argc != 2 || value(id, 0) != 3;
}

/* exec keeps the adjustments, fork does not copy them. */
TEST(undo_over_exec_and_fork)
{
	int id = new_set(1, 0600);
	char number[16];
	pid_t pid = fork();

	snprintf(number, sizeof(number), "%d", id);
	if (!pid) {
		CHECK_OK(op1(id, 0, 3, SEM_UNDO));
		pid = fork();
		if (!pid)
			_exit(0);
		expect_exit(pid, 0);
		CHECK_EQ(value(id, 0), 3);
		execv(self_path, (char *[]){ (char *)self_path, "@t_sysv_sem.look_at_undo", number, NULL });
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(value(id, 0), 0);
	drop(id);
}

TEST(undo_is_forgotten_by_setting)
{
	int id = new_set(2, 0600);
	pid_t pid = fork();

	if (!pid) {
		struct sembuf ops[] = { { 0, 3, SEM_UNDO }, { 1, 3, SEM_UNDO } };

		CHECK_OK(semop(id, ops, 2));
		CHECK_OK(set_value(id, 0, 7));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(value(id, 0), 7);
	CHECK_EQ(value(id, 1), 0);
	pid = fork();
	if (!pid) {
		CHECK_OK(op1(id, 1, 3, SEM_UNDO));
		CHECK_OK(semctl(id, 0, SETALL, (union semun){ .array = (unsigned short[]){ 1, 2 } }));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(value(id, 1), 2);
	drop(id);
}

/* What others did meanwhile may not leave enough: the value stops at zero, and at the top. */
TEST(undo_stays_in_range)
{
	int id = new_set(2, 0600);
	struct gate gate;
	pid_t pid;

	gate_init(&gate);
	CHECK_OK(set_value(id, 1, 10));
	pid = fork();
	if (!pid) {
		struct sembuf ops[] = { { 0, 5, SEM_UNDO }, { 1, -10, SEM_UNDO } };

		CHECK_OK(semop(id, ops, 2));
		gate_wait(&gate);
		finish();
	}
	while (value(id, 0) != 5)
		sleep_ms(1);
	CHECK_OK(op1(id, 0, -3, 0));
	CHECK_OK(op1(id, 1, 32767, 0));
	gate_open(&gate);
	expect_exit(pid, 0);
	CHECK_EQ(value(id, 0), 0);
	CHECK_EQ(value(id, 1), 32767);
	drop(id);
}

TEST(undo_of_removed_set)
{
	int id = new_set(2, 0600), other = new_set(1, 0600);
	pid_t pid = fork();

	if (!pid) {
		CHECK_OK(op1(id, 0, 5, SEM_UNDO));
		CHECK_OK(op1(other, 0, 5, SEM_UNDO));
		drop(id);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(value(other, 0), 0);
	drop(other);
}

TEST(undo_range)
{
	int id = new_set(1, 0600);
	pid_t pid = fork();

	if (!pid) {
		int i;

		/* adjust may become -32768, and 32767 */
		CHECK_OK(op1(id, 0, 32767, SEM_UNDO));
		CHECK_OK(op1(id, 0, -1, 0));
		CHECK_OK(op1(id, 0, 1, SEM_UNDO));
		CHECK_OK(op1(id, 0, -1, 0));
		CHECK_ERR(op1(id, 0, 1, SEM_UNDO), ERANGE);
		for (i = 0; i < 3; i++)
			CHECK_EQ(value(id, 0), 32766);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(value(id, 0), 0);
	drop(id);
}

static int thread_id;

static void *undo_thread(void *unused)
{
	CHECK_OK(op1(thread_id, 0, 2, SEM_UNDO));
	return unused;
}

/* Threads share the adjustments: made when the last of them ends. */
TEST(threads_share)
{
	pthread_t thread;
	pid_t pid;

	thread_id = new_set(1, 0600);
	pid = fork();
	if (!pid) {
		pthread_create(&thread, NULL, undo_thread, NULL);
		pthread_join(thread, NULL);
		sleep_ms(20);
		CHECK_EQ(value(thread_id, 0), 2);
		CHECK_OK(op1(thread_id, 0, 3, SEM_UNDO));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(value(thread_id, 0), 0);
	drop(thread_id);
}

static pid_t clone_fork(unsigned long flags)
{
	return syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
}

TEST(clone_sysvsem)
{
	int id = new_set(1, 0600);
	pid_t pid = fork();

	if (!pid) {
		pid = clone_fork(CLONE_SYSVSEM);
		if (!pid) {
			CHECK_OK(op1(id, 0, 4, SEM_UNDO));
			_exit(0);
		}
		expect_exit(pid, 0);
		CHECK_EQ(value(id, 0), 4);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(value(id, 0), 0);
	pid = fork();
	if (!pid) {
		CHECK_OK(op1(id, 0, 4, SEM_UNDO));
		CHECK_OK(unshare(CLONE_SYSVSEM));
		CHECK_EQ(value(id, 0), 0);
		CHECK_OK(op1(id, 0, 2, SEM_UNDO));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(value(id, 0), 0);
	drop(id);
}

/* Exits that undo, against operations and removal. */
TEST(undo_race)
{
	int round, i;

	for (round = 0; round < 10; round++) {
		int id = new_set(2, 0600);
		pid_t pid[5];

		CHECK_OK(set_value(id, 0, 1));
		for (i = 0; i < 5; i++) {
			pid[i] = fork();
			if (!pid[i]) {
				struct sembuf ops[] = { { 0, -1, SEM_UNDO }, { 1, 1, SEM_UNDO } };
				int ret = semop(id, ops, 2);

				CHECK(!ret || errno == EIDRM || errno == EINVAL);
				finish();
			}
		}
		if (round & 1) {
			sleep_ms(1);
			drop(id);
		}
		for (i = 0; i < 5; i++)
			expect_exit(pid[i], 0);
		if (!(round & 1)) {
			CHECK_EQ(value(id, 0), 1);
			CHECK_EQ(value(id, 1), 0);
			drop(id);
		}
	}
}

TEST(mutual_exclusion)
{
	int id = new_set(1, 0600), i, j;
	int *shared = shared_page();
	pid_t pid[4];

	CHECK_OK(set_value(id, 0, 1));
	for (i = 0; i < 4; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			for (j = 0; j < 100; j++) {
				CHECK_OK(op1(id, 0, -1, SEM_UNDO));
				shared[0]++;
				if (j % 50 == 0)
					sched_yield();
				CHECK_OK(op1(id, 0, 1, SEM_UNDO));
			}
			finish();
		}
	}
	for (i = 0; i < 4; i++)
		expect_exit(pid[i], 0);
	CHECK_EQ(shared[0], 400);
	CHECK_EQ(value(id, 0), 1);
	drop(id);
}

TEST(proc_text)
{
	int id = semget(KEY, 7, IPC_CREAT | 0640);
	char text[16384], line[256], *p;
	struct semid_ds ds;

	REQUIRE(id >= 0);
	CHECK_OK(semctl(id, 0, IPC_STAT, (union semun){ .buf = &ds }));
	CHECK(read_file("/proc/sysvipc/sem", text, sizeof(text)) > 0);
	p = strchr(text, '\n');
	REQUIRE(p);
	*p++ = '\0';
	CHECK_STR(text, "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime");
	snprintf(line, sizeof(line), "%10d %10d   640 %10d %5d %5d %5d %5d %10ld %10ld\n", KEY, id, 7, 0, 0, 0, 0, 0L,
		 (long)ds.sem_ctime);
	CHECK(strstr(p, line) != NULL);
	drop(id);
}

TEST(limits_by_sysctl)
{
	char text[64];
	struct sembuf ops[3] = { { 0, 1, 0 }, { 0, 1, 0 }, { 0, 1, 0 } };
	int id;

	CHECK(read_file("/proc/sys/kernel/sem", text, sizeof(text)) > 0);
	CHECK_STR(text, "32000\t1024000000\t500\t32000\n");
	write_file("/proc/sys/kernel/sem", "4 1024000000 2 32000");
	CHECK_ERR(semget(IPC_PRIVATE, 5, 0600), EINVAL);
	id = new_set(4, 0600);
	CHECK_ERR(semop(id, ops, 3), E2BIG);
	CHECK_OK(semop(id, ops, 2));
	write_file("/proc/sys/kernel/sem", "32000 4 500 32000");
	CHECK_ERR(semget(IPC_PRIVATE, 5, 0600), ENOSPC);
	write_file("/proc/sys/kernel/sem", "32000 1024000000 500 0");
	CHECK_ERR(semget(IPC_PRIVATE, 1, 0600), ENOSPC);
	write_file("/proc/sys/kernel/sem", "32000 1024000000 500 32000");
	drop(id);
}

TEST(old_structures)
{
#ifdef __arm__
	struct {
		int		key;
		unsigned short	uid, gid, cuid, cgid, mode, seq;
		long		otime, ctime;
		void		*pointers[4];
		unsigned short	nsems;
	} old;
	int id = semget(KEY, 7, IPC_CREAT | 0640);

	CHECK_OK(syscall(SYS_semctl, id, 0, IPC_STAT, &old));
	CHECK_EQ(old.key, KEY);
	CHECK_EQ(old.mode, 0640);
	CHECK_EQ(old.nsems, 7);
	CHECK(old.ctime > 0);
	old.mode = 0600;
	CHECK_OK(syscall(SYS_semctl, id, 0, IPC_SET, &old));
	CHECK_OK(syscall(SYS_semctl, id, 0, IPC_STAT, &old));
	CHECK_EQ(old.mode, 0600);
	CHECK_OK(syscall(SYS_semctl, id, 0, SETVAL, 3));
	CHECK_EQ(value(id, 0), 3);
	CHECK_OK(syscall(SYS_semctl, id, 0, IPC_RMID, 0));
#else
	skip("the 64-bit ABI has none");
#endif
}
