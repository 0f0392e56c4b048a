// SPDX-License-Identifier: GPL-2.0-only
/* t_futex.c: the futex system call itself: wait, wake, requeue, bitset, op, PI, robust list. */
#include "tap.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>

static volatile int word, woken, waiting;

static long futex(volatile int *addr, int op, int val, void *timeout, volatile int *addr2, int val3)
{
#ifdef SYS_futex_time64
	return syscall(sizeof(time_t) == 4 ? SYS_futex : SYS_futex_time64, addr, op, val, timeout,
		       addr2, val3);
#else
	return syscall(SYS_futex, addr, op, val, timeout, addr2, val3);
#endif
}

static void *waiter(void *arg)
{
	__atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
	while (futex(&word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0) < 0 && errno == EINTR)
		;
	__atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
	return arg;
}

/* Wake until n have been woken in all; the kernel's answers must add up to n. */
static void wake_all(volatile int *addr, int n)
{
	int tries, done = 0;

	for (tries = 0; done < n && tries < 5000; tries++) {
		done += futex(addr, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0);
		sleep_ms(1);
	}
	CHECK_EQ(done, n);
}

TEST(wait_checks_the_value)
{
	word = 1;
	CHECK_ERR(futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0), EAGAIN);
	CHECK_ERR(futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 1), EAGAIN);
	CHECK_EQ(futex(&word, FUTEX_WAKE, 1, NULL, NULL, 0), 0);
}

TEST(refusals)
{
	struct timespec bad = { 0, 2000000000 };

	word = 0;
	CHECK_ERR(futex((int *)((char *)&word + 1), FUTEX_WAIT, 0, NULL, NULL, 0), EINVAL);
	CHECK_ERR(futex((int *)((char *)&word + 2), FUTEX_WAKE, 1, NULL, NULL, 0), EINVAL);
	CHECK_ERR(futex((int *)16, FUTEX_WAIT, 0, NULL, NULL, 0), EFAULT);
	CHECK_ERR(futex(&word, FUTEX_WAIT, 0, &bad, NULL, 0), EINVAL);
	CHECK_ERR(futex(&word, 99, 0, NULL, NULL, 0), ENOSYS);
	CHECK_ERR(futex(&word, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0), EINVAL);
	CHECK_ERR(futex(&word, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0), EINVAL);
	CHECK_ERR(futex(&word, FUTEX_WAIT, 0, (void *)8, NULL, 0), EFAULT);
}

TEST(timeouts)
{
	struct timespec rel = { 0, 20000000 }, abs;
	long long start = now_ms();

	word = 0;
	CHECK_ERR(futex(&word, FUTEX_WAIT, 0, &rel, NULL, 0), ETIMEDOUT);
	CHECK(now_ms() - start >= 19);
	clock_gettime(CLOCK_MONOTONIC, &abs);
	abs.tv_nsec += 20000000;
	abs.tv_sec += abs.tv_nsec / 1000000000;
	abs.tv_nsec %= 1000000000;
	start = now_ms();
	CHECK_ERR(futex(&word, FUTEX_WAIT_BITSET, 0, &abs, NULL, ~0), ETIMEDOUT);
	CHECK(now_ms() - start >= 18);
	clock_gettime(CLOCK_REALTIME, &abs);
	CHECK_ERR(futex(&word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &abs, NULL, ~0),
		  ETIMEDOUT);
}

TEST(wake_counts)
{
	pthread_t threads[5];
	int i;

	for (i = 0; i < 5; i++)
		pthread_create(&threads[i], NULL, waiter, NULL);
	while (waiting < 5)
		sched_yield();
	wake_all(&word, 5);
	for (i = 0; i < 5; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(woken, 5);
	CHECK_EQ(futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 100, NULL, NULL, 0), 0);
}

TEST(requeue)
{
	static volatile int other;
	pthread_t threads[4];
	int i, tries, moved;

	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, waiter, NULL);
	/* All four are moved, none woken; the count says when all have come to wait. */
	for (tries = moved = 0; moved < 4 && tries < 5000; tries++) {
		moved += futex(&word, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 0, (void *)100L,
			       &other, 0);
		sleep_ms(1);
	}
	CHECK_EQ(moved, 4);
	CHECK_EQ(woken, 0);
	CHECK_EQ(futex(&word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 100, NULL, NULL, 0), 0);
	CHECK_EQ(futex(&other, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 100, NULL, NULL, 0), 4);
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	word = 1;
	CHECK_ERR(futex(&word, FUTEX_CMP_REQUEUE, 1, (void *)1L, &other, 0), EAGAIN);
}

static void *bit_waiter(void *arg)
{
	__atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
	futex(&word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 2);
	woken = 1;
	return arg;
}

TEST(bitset)
{
	pthread_t thread;
	int tries;

	pthread_create(&thread, NULL, bit_waiter, NULL);
	while (!waiting)
		sched_yield();
	sleep_ms(10);
	CHECK_EQ(futex(&word, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 1), 0);
	CHECK_EQ(woken, 0);
	for (tries = 0; tries < 5000; tries++) {
		if (futex(&word, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 6) == 1)
			break;
		sleep_ms(1);
	}
	pthread_join(thread, NULL);
	CHECK_EQ(woken, 1);
}

TEST(wake_op)
{
	volatile int target = 5;
	int op = FUTEX_OP(FUTEX_OP_ADD, 3, FUTEX_OP_CMP_EQ, 5);

	CHECK_EQ(futex(&word, FUTEX_WAKE_OP, 1, (void *)1L, &target, op), 0);
	CHECK_EQ(target, 8);
	op = FUTEX_OP(FUTEX_OP_SET, 100, FUTEX_OP_CMP_GT, 7);
	CHECK_EQ(futex(&word, FUTEX_WAKE_OP, 1, (void *)1L, &target, op), 0);
	CHECK_EQ(target, 100);
	op = FUTEX_OP(FUTEX_OP_OR, 3, FUTEX_OP_CMP_EQ, 0);
	futex(&word, FUTEX_WAKE_OP, 1, (void *)1L, &target, op);
	CHECK_EQ(target, 103);
	op = FUTEX_OP(FUTEX_OP_ANDN, 3, FUTEX_OP_CMP_EQ, 0);
	futex(&word, FUTEX_WAKE_OP, 1, (void *)1L, &target, op);
	CHECK_EQ(target, 100);
	op = FUTEX_OP(FUTEX_OP_XOR, 4, FUTEX_OP_CMP_EQ, 0);
	futex(&word, FUTEX_WAKE_OP, 1, (void *)1L, &target, op);
	CHECK_EQ(target, 96);
}

TEST(shared_between_processes)
{
	volatile int *page = shared_page();
	int tries;
	pid_t pid = fork();

	if (pid == 0) {
		CHECK_EQ(futex(page, FUTEX_WAIT, 0, NULL, NULL, 0), 0);
		finish();
	}
	for (tries = 0; tries < 5000 && futex(page, FUTEX_WAKE, 1, NULL, NULL, 0) != 1; tries++)
		sleep_ms(1);
	expect_exit(pid, 0);
}

TEST(shared_through_a_file)
{
	int fd = open("f", O_RDWR | O_CREAT, 0600), tries;
	volatile int *a, *b;
	pid_t pid;

	ftruncate(fd, 4096);
	a = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	b = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	REQUIRE(a != b);
	pid = fork();
	if (pid == 0) {
		futex(a + 1, FUTEX_WAIT, 0, NULL, NULL, 0);
		finish();
	}
	for (tries = 0; tries < 5000 && futex(b + 1, FUTEX_WAKE, 1, NULL, NULL, 0) != 1; tries++)
		sleep_ms(1);
	expect_exit(pid, 0);
}

static void on_signal(int sig)
{
	(void)sig;
}

TEST(interrupted)
{
	pid_t me = getpid(), pid;

	set_handler(SIGUSR1, on_signal, 0);
	pid = fork();
	if (pid == 0) {
		wait_state(me, 'S');
		kill(me, SIGUSR1);
		_exit(0);
	}
	CHECK_ERR(futex(&word, FUTEX_WAIT, 0, NULL, NULL, 0), EINTR);
	expect_exit(pid, 0);
}

TEST(robust_list_calls)
{
	struct robust_list_head *head = NULL;
	size_t len = 0;

	CHECK_OK(syscall(SYS_get_robust_list, 0, &head, &len));
	CHECK_EQ(len, sizeof(struct robust_list_head));
	CHECK(head != NULL);
	CHECK_ERR(syscall(SYS_set_robust_list, head, 3), EINVAL);
	CHECK_ERR(syscall(SYS_get_robust_list, 999999, &head, &len), ESRCH);
}

/* A robust list that goes in circles or into nowhere must not trouble the exit. */
TEST(damaged_robust_list)
{
	struct robust_list_head *head = shared_page();
	pid_t pid;

	pid = fork();
	if (pid == 0) {
		head->list.next = (void *)((char *)head + 64);
		((struct robust_list *)((char *)head + 64))->next = (void *)((char *)head + 64);
		syscall(SYS_set_robust_list, head, sizeof(*head));
		_exit(3);
	}
	expect_exit(pid, 3);
	pid = fork();
	if (pid == 0) {
		syscall(SYS_set_robust_list, (void *)16, sizeof(*head));
		_exit(4);
	}
	expect_exit(pid, 4);
}

static void *pi_thread(void *arg)
{
	CHECK_OK(futex(arg, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
	woken = 1;
	CHECK_OK(futex(arg, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
	return NULL;
}

TEST(pi_lock)
{
	static volatile int lock;
	pthread_t thread;
	int tid = syscall(SYS_gettid);

	if (futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0) < 0 && errno == ENOSYS)
		skip("no priority inheritance (CAVEATS)");
	CHECK_OK(futex(&lock, FUTEX_LOCK_PI, 0, NULL, NULL, 0));
	CHECK_EQ(lock & FUTEX_TID_MASK, tid);
	CHECK_ERR(futex(&lock, FUTEX_LOCK_PI, 0, NULL, NULL, 0), EDEADLK);
	CHECK_ERR(futex(&lock, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0), EDEADLK);
	pthread_create(&thread, NULL, pi_thread, (void *)&lock);
	sleep_ms(20);
	CHECK_EQ(woken, 0);
	CHECK(lock & FUTEX_WAITERS);
	CHECK_OK(futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0));
	pthread_join(thread, NULL);
	CHECK_EQ(woken, 1);
	CHECK_EQ(lock, 0);
	CHECK_ERR(futex(&lock, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0), EPERM);
}

TEST(realtime_is_not_for_relative_waits)
{
	struct timespec now = { 0, 0 };
	uint32_t word = 0;

	CHECK_ERR(syscall(SYS_futex, &word, FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 0, &now, NULL, 0), ENOSYS);
	CHECK_ERR(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &now, NULL, 1), ETIMEDOUT);
}

/* Private memory that is read-only never changes. */
TEST(read_only_word)
{
	uint32_t *word = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK_ERR(syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0), EFAULT);
	CHECK_ERR(syscall(SYS_futex, word, FUTEX_WAIT, 1, NULL, NULL, 0), EFAULT);
	CHECK_ERR(syscall(SYS_futex, word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0), EAGAIN);
	mprotect(word, 4096, PROT_READ | PROT_WRITE);
	*word = 2;
	CHECK_EQ(syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0), 0);
	mprotect(word, 4096, PROT_READ);
	CHECK_ERR(syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0), EFAULT);
	word = mmap(NULL, 8192, PROT_READ, MAP_PRIVATE, open(self_path, O_RDONLY), 0);
	CHECK_EQ(syscall(SYS_futex, word, FUTEX_WAKE, 1, NULL, NULL, 0), 0);
	CHECK_ERR(syscall(SYS_futex, word, FUTEX_WAIT, 1, NULL, NULL, 0), EAGAIN);
}
