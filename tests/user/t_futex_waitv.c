// SPDX-License-Identifier: GPL-2.0-only
/* t_futex_waitv.c: waiting for several words at once. */
#include "tap.h"

#include <linux/futex.h>
#include <pthread.h>

#ifndef SYS_futex_waitv
#define SYS_futex_waitv	449
#endif

#define NR	4
#define MAX	128

struct waitv {
	uint64_t	val;
	uint64_t	uaddr;
	uint32_t	flags;
	uint32_t	reserved;
};

struct ts64 {
	int64_t		sec;
	int64_t		nsec;
};

#define SIZE_32		2
#define PRIVATE		128

static volatile int words[MAX + 1], handled, waiting;
static long answer;
static int answer_errno;

static long waitv(const void *v, unsigned int nr, unsigned int flags, const void *ts, int clock)
{
	return syscall(SYS_futex_waitv, v, nr, flags, ts, clock);
}

static long futex(volatile int *addr, int op, int val, long val2, volatile int *addr2, int val3)
{
	return syscall(SYS_futex, addr, op, val, val2, addr2, val3);
}

static void fill(struct waitv *v, volatile int *w, int nr, int flags)
{
	int i;

	for (i = 0; i < nr; i++)
		v[i] = (struct waitv){ w[i], (uintptr_t)&w[i], flags, 0 };
}

static struct ts64 in_ms(clockid_t clock, int ms)
{
	struct timespec now;
	long long ns;

	clock_gettime(clock, &now);
	ns = now.tv_nsec + ms * 1000000LL;
	return (struct ts64){ now.tv_sec + ns / 1000000000, ns % 1000000000 };
}

/* Wait for w[0..nr), the words as they are now, as shared memory or not. */
struct job {
	volatile int	*w;
	int		nr, flags;
};

static void *wait_for(void *arg)
{
	struct job *job = arg;
	struct waitv v[MAX];

	fill(v, job->w, job->nr, job->flags);
	waiting = syscall(SYS_gettid);
	answer = waitv(v, job->nr, 0, NULL, 0);
	answer_errno = errno;
	return NULL;
}

/* Wake until the waiter, which comes to its place in its own time, is there. */
static bool wake_one(volatile int *w, int op)
{
	int tries;

	for (tries = 0; tries < 5000; tries++) {
		if (futex(w, op, 1, 0, NULL, 0) == 1)
			return true;
		sleep_ms(1);
	}
	return false;
}

TEST(refusals)
{
	struct waitv v[MAX + 1];
	struct ts64 late = in_ms(CLOCK_MONOTONIC, 1000000), bad = { 0, 1000000000 }, before = { -1, 0 };

	fill(v, words, MAX + 1, SIZE_32);
	CHECK_ERR(waitv(v, 1, 1, NULL, 0), EINVAL);
	CHECK_ERR(waitv(v, 0, 0, NULL, 0), EINVAL);
	CHECK_ERR(waitv(v, MAX + 1, 0, NULL, 0), EINVAL);
	CHECK_ERR(waitv(NULL, 1, 0, NULL, 0), EINVAL);
	CHECK_ERR(waitv((void *)16, 1, 0, NULL, 0), EFAULT);
	/* The timeout comes before the list, its clock before the timeout. */
	CHECK_ERR(waitv((void *)16, 1, 0, &late, CLOCK_BOOTTIME), EINVAL);
	CHECK_ERR(waitv((void *)16, 1, 0, (void *)16, -1), EINVAL);
	CHECK_ERR(waitv((void *)16, 1, 0, &bad, CLOCK_REALTIME), EINVAL);
	CHECK_ERR(waitv((void *)16, 1, 0, &before, CLOCK_MONOTONIC), EINVAL);
	CHECK_ERR(waitv(v, 1, 0, (void *)16, CLOCK_MONOTONIC), EFAULT);
	/* Without a timeout nobody looks at the clock. */
	v[0].val = 1;
	CHECK_ERR(waitv(v, 1, 0, NULL, 99), EAGAIN);
}

TEST(refused_members)
{
	struct waitv v[2];
	static const uint32_t flags[] = { 0, 1, 3, PRIVATE, SIZE_32 | 4, SIZE_32 | 256, SIZE_32 | 0x80000000u };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(flags); i++) {
		fill(v, words, 2, SIZE_32);
		v[0].val = 1;		/* the whole list is looked at first */
		v[1].flags = flags[i];
		CHECK_ERR(waitv(v, 2, 0, NULL, 0), EINVAL);
	}
	fill(v, words, 2, SIZE_32);
	v[1].reserved = 1;
	CHECK_ERR(waitv(v, 2, 0, NULL, 0), EINVAL);
	fill(v, words, 2, SIZE_32 | PRIVATE);
	v[1].uaddr++;
	CHECK_ERR(waitv(v, 2, 0, NULL, 0), EINVAL);
	v[1].uaddr = 16;
	CHECK_ERR(waitv(v, 2, 0, NULL, 0), EFAULT);
	v[1].flags = SIZE_32;
	CHECK_ERR(waitv(v, 2, 0, NULL, 0), EFAULT);
}

TEST(values)
{
	struct waitv v[NR];
	struct ts64 end = in_ms(CLOCK_MONOTONIC, 20);
	int i;

	for (i = 0; i < NR; i++) {
		fill(v, words, NR, SIZE_32 | PRIVATE);
		v[i].val++;
		CHECK_ERR(waitv(v, NR, 0, NULL, 0), EAGAIN);
	}
	/* Half of val counts. */
	fill(v, words, NR, SIZE_32);
	v[0].val |= 7ULL << 32;
	CHECK_ERR(waitv(v, NR, 0, &end, CLOCK_MONOTONIC), ETIMEDOUT);
}

TEST(timeouts)
{
	static const clockid_t clocks[] = { CLOCK_MONOTONIC, CLOCK_REALTIME };
	struct waitv v[MAX];
	struct ts64 end, past = { 1, 0 };
	long long start;
	size_t i;

	fill(v, words, MAX, SIZE_32);
	for (i = 0; i < ARRAY_SIZE(clocks); i++) {
		start = now_ms();
		end = in_ms(clocks[i], 30);
		CHECK_ERR(waitv(v, MAX, 0, &end, clocks[i]), ETIMEDOUT);
		CHECK(now_ms() - start >= 28);
		CHECK_ERR(waitv(v, MAX, 0, &past, clocks[i]), ETIMEDOUT);
	}
	v[MAX - 1].val = 1;		/* the words come first */
	CHECK_ERR(waitv(v, MAX, 0, &past, CLOCK_MONOTONIC), EAGAIN);
}

TEST(each_of_them_wakes)
{
	struct job job = { words, MAX, SIZE_32 | PRIVATE };
	pthread_t thread;
	int i;

	for (i = 0; i < MAX; i += 31) {
		pthread_create(&thread, NULL, wait_for, &job);
		CHECK(wake_one(&words[i], FUTEX_WAKE | FUTEX_PRIVATE_FLAG));
		pthread_join(thread, NULL);
		CHECK_EQ(answer, i);
	}
	for (i = 0; i < MAX; i++)	/* nothing of it stays behind */
		CHECK_EQ(futex(&words[i], FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, NULL, 0), 0);
}

TEST(bitset_wakes)
{
	struct job job = { words, NR, SIZE_32 };
	pthread_t thread;
	int tries, woken = 0;

	pthread_create(&thread, NULL, wait_for, &job);
	for (tries = 0; !woken && tries < 5000; tries++) {
		sleep_ms(1);
		woken = futex(&words[2], FUTEX_WAKE_BITSET, 1, 0, NULL, 4);
	}
	CHECK_EQ(woken, 1);
	pthread_join(thread, NULL);
	CHECK_EQ(answer, 2);
}

TEST(same_word_twice)
{
	struct waitv v[2] = { { 0, (uintptr_t)&words[0], SIZE_32, 0 }, { 0, (uintptr_t)&words[0], SIZE_32, 0 } };
	struct ts64 end = in_ms(CLOCK_MONOTONIC, 20);

	CHECK_ERR(waitv(v, 2, 0, &end, CLOCK_MONOTONIC), ETIMEDOUT);
	CHECK_EQ(futex(&words[0], FUTEX_WAKE, 9, 0, NULL, 0), 0);
}

TEST(processes_share)
{
	volatile int *shared = shared_page();
	struct job job = { shared, NR, SIZE_32 };
	pid_t pid = fork();

	if (!pid) {
		wait_for(&job);
		CHECK_EQ(answer, 3);
		finish();
	}
	CHECK(wake_one(&shared[3], FUTEX_WAKE));
	expect_exit(pid, 0);
}

/* A private word is not found with a shared key in shared memory. */
TEST(private_is_not_shared)
{
	volatile int *shared = shared_page();
	struct job job = { shared, NR, SIZE_32 | PRIVATE };
	pthread_t thread;

	pthread_create(&thread, NULL, wait_for, &job);
	while (!waiting)
		sleep_ms(1);
	sleep_ms(20);
	CHECK_EQ(futex(&shared[1], FUTEX_WAKE, 1, 0, NULL, 0), 0);
	CHECK(wake_one(&shared[1], FUTEX_WAKE | FUTEX_PRIVATE_FLAG));
	pthread_join(thread, NULL);
	CHECK_EQ(answer, 1);
}

/* A waiter can be moved to another word: waking that one gives the index of the place it was queued for. */
TEST(requeue)
{
	struct job job = { words, NR, SIZE_32 };
	static volatile int other;
	pthread_t thread;
	int tries, moved = 0;

	pthread_create(&thread, NULL, wait_for, &job);
	for (tries = 0; !moved && tries < 5000; tries++) {
		sleep_ms(1);
		moved = futex(&words[1], FUTEX_CMP_REQUEUE, 0, 9, &other, 0);
	}
	CHECK_EQ(moved, 1);
	CHECK_EQ(futex(&words[1], FUTEX_WAKE, 1, 0, NULL, 0), 0);
	CHECK_EQ(futex(&other, FUTEX_WAKE, 1, 0, NULL, 0), 1);
	pthread_join(thread, NULL);
	CHECK_EQ(answer, 1);
	CHECK_EQ(futex(&other, FUTEX_WAKE, 1, 0, NULL, 0), 0);
}

static void on_signal(int sig)
{
	handled = sig;
}

static void *interrupted(void *arg)
{
	struct ts64 end = in_ms(CLOCK_MONOTONIC, 1000000);
	struct waitv v[NR];

	fill(v, words, NR, SIZE_32 | PRIVATE);
	waiting = syscall(SYS_gettid);
	answer = waitv(v, NR, 0, &end, CLOCK_MONOTONIC);
	answer_errno = errno;
	return arg;
}

static void signal_it(pthread_t *thread, int flags)
{
	int tries;

	set_handler(SIGUSR1, on_signal, flags);
	pthread_create(thread, NULL, interrupted, NULL);
	while (!waiting)
		sleep_ms(1);
	CHECK(wait_state(waiting, 'S'));
	pthread_kill(*thread, SIGUSR1);
	for (tries = 0; !handled && tries < 5000; tries++)
		sleep_ms(1);
	CHECK_EQ(handled, SIGUSR1);
}

TEST(a_signal_interrupts)
{
	pthread_t thread;

	signal_it(&thread, 0);
	pthread_join(thread, NULL);
	CHECK_EQ(answer, -1);
	CHECK_EQ(answer_errno, EINTR);
}

TEST(a_signal_restarts)
{
	pthread_t thread;

	signal_it(&thread, SA_RESTART);
	CHECK(wake_one(&words[2], FUTEX_WAKE | FUTEX_PRIVATE_FLAG));
	pthread_join(thread, NULL);
	CHECK_EQ(answer, 2);
}

/* Words in pages that are not there yet are faulted in, in between two others. */
TEST(fresh_pages)
{
	char *area = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct ts64 end = in_ms(CLOCK_MONOTONIC, 20);
	struct waitv v[3];
	int i;

	REQUIRE(area != MAP_FAILED);
	for (i = 0; i < 3; i++)
		v[i] = (struct waitv){ 0, (uintptr_t)area + 4096 * i, SIZE_32 | (i == 1 ? 0 : PRIVATE), 0 };
	CHECK_ERR(waitv(v, 3, 0, &end, CLOCK_MONOTONIC), ETIMEDOUT);
	munmap(area + 4096, 4096);
	CHECK_ERR(waitv(v, 3, 0, &end, CLOCK_MONOTONIC), EFAULT);
}

/* Many wakers and one waiter: no wake-up is lost, and each word's are told. */
static volatile int stop;

static void *poster(void *arg)
{
	volatile int *w = arg;

	while (!stop) {
		__atomic_add_fetch(w, 1, __ATOMIC_SEQ_CST);
		futex(w, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, 0, NULL, 0);
		sleep_ms(1);
	}
	return NULL;
}

TEST(many_wakers)
{
	struct ts64 end = in_ms(CLOCK_MONOTONIC, 25000);
	pthread_t thread[NR];
	int i, rounds, told[NR] = { 0 };
	struct waitv v[NR];
	long got;

	for (i = 0; i < NR; i++)
		pthread_create(&thread[i], NULL, poster, (void *)&words[i]);
	for (rounds = 0; rounds < 300; rounds++) {
		fill(v, words, NR, SIZE_32 | PRIVATE);
		got = waitv(v, NR, 0, &end, CLOCK_MONOTONIC);
		if (got < 0 && errno == EAGAIN)
			continue;
		REQUIRE(got >= 0 && got < NR);
		told[got]++;
	}
	stop = 1;
	for (i = 0; i < NR; i++) {
		pthread_join(thread[i], NULL);
		CHECK(told[i] > 0);
	}
}
