// SPDX-License-Identifier: GPL-2.0-only
/* t_futex_pi.c: futexes that lend priority: inversion, chains, deadlocks, dead owners, requeue. */
#include "tap.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <limits.h>

#ifndef FUTEX_LOCK_PI2
#define FUTEX_LOCK_PI2 13
#endif

static volatile int lock, other, cond, ready, done, handled;

static long futex(volatile int *addr, int op, int val, void *timeout, volatile int *addr2, int val3)
{
#ifdef SYS_futex_time64
	return syscall(sizeof(time_t) == 4 ? SYS_futex : SYS_futex_time64, addr, op, val, timeout,
		       addr2, val3);
#else
	return syscall(SYS_futex, addr, op, val, timeout, addr2, val3);
#endif
}

static long lock_pi(volatile int *addr)
{
	return futex(addr, FUTEX_LOCK_PI, 0, NULL, NULL, 0);
}

static long unlock_pi(volatile int *addr)
{
	return futex(addr, FUTEX_UNLOCK_PI, 0, NULL, NULL, 0);
}

static int my_tid(void)
{
	return syscall(SYS_gettid);
}

/* 0: the fair class. */
static void set_prio(int prio)
{
	struct sched_param param = { .sched_priority = prio };

	CHECK_OK(syscall(SYS_sched_setscheduler, 0, prio ? SCHED_FIFO : SCHED_OTHER, &param));
}

static void one_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	CHECK_OK(sched_setaffinity(0, sizeof(set), &set));
}

/* The priority /proc tells: -1 - n for real time n, so what was lent shows. */
static int shown_prio(int tid)
{
	char name[64], buf[1024], *p;
	int i;

	snprintf(name, sizeof(name), "/proc/self/task/%d/stat", tid);
	if (read_file(name, buf, sizeof(buf)) <= 0 || !(p = strrchr(buf, ')')))
		return INT_MAX;
	for (i = 0; i < 16 && p; i++)
		p = strchr(p + 1, ' ');
	return p ? atoi(p) : INT_MAX;
}

/* Busily: a thread that yields its CPU would prove nothing. */
static bool spin_until_prio(int want)
{
	long long end = now_ms() + 5000;

	while (shown_prio(my_tid()) != want)
		if (now_ms() > end)
			return false;
	return true;
}

/* Until this thread of ours sleeps: waits in the kernel. */
static void until_asleep(int tid)
{
	char name[64], buf[1024], *p;
	int tries;

	snprintf(name, sizeof(name), "/proc/self/task/%d/stat", tid);
	for (tries = 0; tries < 2000; tries++) {
		if (read_file(name, buf, sizeof(buf)) > 0 && (p = strrchr(buf, ')')) && p[2] == 'S')
			return;
		sleep_ms(1);
	}
	CHECK(!"asleep");
}

static void *low_thread(void *arg)
{
	int prio = (int)(long)arg;

	CHECK_OK(lock_pi(&lock));
	set_prio(prio);
	ready = 1;
	CHECK(spin_until_prio(-31));
	CHECK_EQ(done, 0);
	CHECK_OK(unlock_pi(&lock));
	if (prio)
		CHECK_EQ(shown_prio(my_tid()), -1 - prio);
	else
		CHECK_EQ(shown_prio(my_tid()), 20);
	return NULL;
}

static void *high_thread(void *arg)
{
	set_prio(30);
	CHECK_OK(lock_pi(&lock));
	done = 1;
	CHECK_OK(unlock_pi(&lock));
	return arg;
}

static void *mid_thread(void *arg)
{
	long long end;

	set_prio(20);
	CHECK_EQ(done, 1);	/* it may run only after low and high */
	for (end = now_ms() + 2000; !done && now_ms() < end; )
		;
	return arg;
}

static void inversion(int low_prio)
{
	pthread_t low, mid, high;

	one_cpu();
	set_prio(40);
	pthread_create(&low, NULL, low_thread, (void *)(long)low_prio);
	while (!ready)
		sleep_ms(1);
	pthread_create(&high, NULL, high_thread, NULL);
	pthread_create(&mid, NULL, mid_thread, NULL);
	pthread_join(high, NULL);
	pthread_join(mid, NULL);
	pthread_join(low, NULL);
	CHECK_EQ(lock, 0);
}

TEST(inversion_of_fifo)
{
	inversion(10);
}

TEST(inversion_of_fair)
{
	inversion(0);
}

static volatile int middle_tid;

static void *middle_thread(void *arg)
{
	set_prio(5);
	middle_tid = my_tid();
	CHECK_OK(lock_pi(&other));
	ready = 1;
	CHECK_OK(lock_pi(&lock));
	CHECK_OK(unlock_pi(&lock));
	CHECK_OK(unlock_pi(&other));
	return arg;
}

static void *end_thread(void *arg)
{
	set_prio(30);
	CHECK_OK(lock_pi(&other));
	CHECK_OK(unlock_pi(&other));
	return arg;
}

/* We own lock; middle owns other and waits for lock; end waits for other. */
TEST(chain)
{
	pthread_t middle, end;
	int tries;

	CHECK_OK(lock_pi(&lock));
	pthread_create(&middle, NULL, middle_thread, NULL);
	CHECK(wait_flag(&ready));
	until_asleep(middle_tid);
	CHECK_EQ(shown_prio(my_tid()), -6);
	pthread_create(&end, NULL, end_thread, NULL);
	for (tries = 0; shown_prio(my_tid()) != -31 && tries < 2000; tries++)
		sleep_ms(1);
	CHECK_EQ(shown_prio(my_tid()), -31);
	CHECK_EQ(shown_prio(middle_tid), -31);
	CHECK_ERR(lock_pi(&other), EDEADLK);
	CHECK_OK(unlock_pi(&lock));
	CHECK_EQ(shown_prio(my_tid()), 20);
	pthread_join(middle, NULL);
	pthread_join(end, NULL);
	CHECK_EQ(lock, 0);
	CHECK_EQ(other, 0);
}

/* A waiter that is given another priority lends that one. */
TEST(waiters_change_of_priority)
{
	struct sched_param param = { .sched_priority = 30 };
	pthread_t middle;

	CHECK_OK(lock_pi(&lock));
	pthread_create(&middle, NULL, middle_thread, NULL);
	CHECK(wait_flag(&ready));
	until_asleep(middle_tid);
	CHECK_OK(syscall(SYS_sched_setscheduler, middle_tid, SCHED_FIFO, &param));
	CHECK_EQ(shown_prio(my_tid()), -31);
	param.sched_priority = 0;
	CHECK_OK(syscall(SYS_sched_setscheduler, middle_tid, SCHED_OTHER, &param));
	CHECK_EQ(shown_prio(my_tid()), 20);
	CHECK_OK(unlock_pi(&lock));
	pthread_join(middle, NULL);
}

static volatile int order[3], orders, tids[3];

static void *ordered_thread(void *arg)
{
	int i = (int)(long)arg;

	set_prio(10 + i * 5);
	tids[i] = my_tid();
	CHECK_OK(lock_pi(&lock));
	order[orders++] = i;
	CHECK_OK(unlock_pi(&lock));
	return NULL;
}

TEST(best_waiter_first)
{
	static const int arrival[] = { 1, 0, 2 };
	pthread_t threads[3];
	int i;

	CHECK_OK(lock_pi(&lock));
	for (i = 0; i < 3; i++) {
		pthread_create(&threads[i], NULL, ordered_thread, (void *)(long)arrival[i]);
		CHECK(wait_flag(&tids[arrival[i]]));
		until_asleep(tids[arrival[i]]);
	}
	CHECK_OK(unlock_pi(&lock));
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < 3; i++)
		CHECK_EQ(order[i], 2 - i);
	CHECK_EQ(lock, 0);
}

/* The flag comes into the word before the waiter is queued, and an owner that leaves in between is gone: ESRCH. */
static bool until_waiting(volatile int *word, pid_t waiter)
{
	int tries;

	for (tries = 0; !(*word & FUTEX_WAITERS) && tries < 5000; tries++)
		sleep_ms(1);
	return tries < 5000 && wait_state(waiter, 'S');
}

static void *dying_owner(void *arg)
{
	CHECK_OK(lock_pi(&lock));
	ready = my_tid();
	CHECK(until_waiting(&lock, getpid()));
	return arg;
}

TEST(owner_dies)
{
	int tid = my_tid();
	pthread_t thread;

	pthread_create(&thread, NULL, dying_owner, NULL);
	CHECK(wait_flag(&ready));
	CHECK_OK(lock_pi(&lock));
	CHECK_EQ(lock & FUTEX_TID_MASK, tid);
	CHECK(lock & FUTEX_OWNER_DIED);
	CHECK_OK(unlock_pi(&lock));
	CHECK_EQ(lock, 0);
	pthread_join(thread, NULL);
	lock = ready;		/* nobody has this number now */
	CHECK_ERR(lock_pi(&lock), ESRCH);
	CHECK_ERR(futex(&lock, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0), ESRCH);
}

struct shared {
	struct robust_list_head	head;
	struct robust_list	entry;
	volatile int		word;
};

/* The owner's robust list says so even if nobody waited. */
TEST(robust_owner_dies)
{
	struct shared *s = shared_page();
	int tid = my_tid();
	pid_t pid = fork();

	if (pid == 0) {
		s->head.list.next = (void *)((char *)&s->entry + 1);
		s->head.futex_offset = offsetof(struct shared, word) -
				       offsetof(struct shared, entry);
		s->entry.next = &s->head.list;
		CHECK_OK(syscall(SYS_set_robust_list, &s->head, sizeof(s->head)));
		CHECK_OK(lock_pi(&s->word));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ((unsigned int)s->word, FUTEX_OWNER_DIED);
	CHECK_OK(lock_pi(&s->word));
	CHECK_EQ(s->word & ~FUTEX_WAITERS, (int)(tid | FUTEX_OWNER_DIED));
	CHECK_OK(unlock_pi(&s->word));
}

/* Another process kills the owner: the waiter, in its own memory, gets the lock. */
TEST(killed_process_hands_over)
{
	struct shared *s = shared_page();
	pid_t pid = fork();

	if (pid == 0) {
		CHECK_OK(lock_pi(&s->word));
		s->head.futex_offset = 1;
		CHECK(until_waiting(&s->word, getppid()));
		raise(SIGKILL);
	}
	while (!*(volatile long *)&s->head.futex_offset)
		sched_yield();
	CHECK_OK(lock_pi(&s->word));
	CHECK_EQ(s->word & FUTEX_TID_MASK, my_tid());
	CHECK(s->word & FUTEX_OWNER_DIED);
	CHECK_OK(unlock_pi(&s->word));
	expect_signal(pid, SIGKILL);
}

static struct timespec soon(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	ts.tv_nsec += 20000000;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	return ts;
}

static void *holder(void *arg)
{
	CHECK_OK(lock_pi(&lock));
	ready = 1;
	CHECK(wait_flag(&done));
	CHECK_OK(unlock_pi(&lock));
	return arg;
}

TEST(timeouts)
{
	struct timespec bad = { 0, 2000000000 }, ts;
	long long start;
	pthread_t thread;

	pthread_create(&thread, NULL, holder, NULL);
	CHECK(wait_flag(&ready));
	start = now_ms();
	ts = soon(CLOCK_REALTIME);
	CHECK_ERR(futex(&lock, FUTEX_LOCK_PI, 0, &ts, NULL, 0), ETIMEDOUT);
	CHECK(now_ms() - start >= 18);
	start = now_ms();
	ts = soon(CLOCK_MONOTONIC);
	CHECK_ERR(futex(&lock, FUTEX_LOCK_PI2, 0, &ts, NULL, 0), ETIMEDOUT);
	CHECK(now_ms() - start >= 18);
	ts = soon(CLOCK_REALTIME);
	CHECK_ERR(futex(&lock, FUTEX_LOCK_PI2 | FUTEX_CLOCK_REALTIME, 0, &ts, NULL, 0), ETIMEDOUT);
	CHECK_ERR(futex(&lock, FUTEX_LOCK_PI | FUTEX_CLOCK_REALTIME, 0, &ts, NULL, 0), ENOSYS);
	CHECK_ERR(futex(&lock, FUTEX_LOCK_PI, 0, &bad, NULL, 0), EINVAL);
	CHECK_ERR(futex(&lock, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0), EAGAIN);
	CHECK_ERR(unlock_pi(&lock), EPERM);
	done = 1;
	pthread_join(thread, NULL);
	CHECK_OK(futex(&lock, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0));
	CHECK_OK(unlock_pi(&lock));
	CHECK_ERR(lock_pi((int *)16), EFAULT);
	CHECK_ERR(lock_pi((int *)((char *)&lock + 1)), EINVAL);
}

static void on_signal(int sig)
{
	(void)sig;
	handled = 1;
}

static void *signalled(void *arg)
{
	*(volatile int *)arg = my_tid();
	CHECK_OK(lock_pi(&lock));
	CHECK_OK(unlock_pi(&lock));
	return NULL;
}

/* A handler runs, and the call goes on, SA_RESTART or not. */
TEST(signals)
{
	static volatile int tid;
	pthread_t thread;

	set_handler(SIGUSR1, on_signal, 0);
	CHECK_OK(lock_pi(&lock));
	pthread_create(&thread, NULL, signalled, (void *)&tid);
	CHECK(wait_flag(&tid));
	until_asleep(tid);
	pthread_kill(thread, SIGUSR1);
	CHECK(wait_flag(&handled));
	until_asleep(tid);
	CHECK_OK(unlock_pi(&lock));
	pthread_join(thread, NULL);
	CHECK_EQ(lock, 0);
}

static volatile int passed;

static void *cond_waiter(void *arg)
{
	*(volatile int *)arg = my_tid();
	CHECK_OK(futex(&cond, FUTEX_WAIT_REQUEUE_PI, 0, NULL, &lock, 0));
	CHECK_EQ(lock & FUTEX_TID_MASK, my_tid());
	passed++;
	CHECK_OK(unlock_pi(&lock));
	return NULL;
}

static void requeue(bool held, long nr, int moved)
{
	pthread_t threads[3];
	int i;

	for (i = 0; i < 3; i++) {
		pthread_create(&threads[i], NULL, cond_waiter, (void *)&tids[i]);
		CHECK(wait_flag(&tids[i]));
		until_asleep(tids[i]);
	}
	CHECK_ERR(futex(&cond, FUTEX_WAKE, 1, NULL, NULL, 0), EINVAL);
	CHECK_ERR(futex(&cond, FUTEX_CMP_REQUEUE_PI, 1, (void *)nr, &lock, 1), EAGAIN);
	CHECK_ERR(futex(&cond, FUTEX_CMP_REQUEUE_PI, 2, (void *)nr, &lock, 0), EINVAL);
	CHECK_ERR(futex(&cond, FUTEX_CMP_REQUEUE_PI, 1, (void *)nr, &other, 0), EINVAL);
	if (held)
		CHECK_OK(lock_pi(&lock));
	CHECK_EQ(futex(&cond, FUTEX_CMP_REQUEUE_PI, 1, (void *)nr, &lock, 0), moved);
	if (held) {
		CHECK_EQ(passed, 0);
		CHECK_OK(unlock_pi(&lock));
	}
	if (moved < 3)
		CHECK_EQ(futex(&cond, FUTEX_CMP_REQUEUE_PI, 1, (void *)nr, &lock, 0), 3 - moved);
	for (i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(passed, 3);
	CHECK_EQ(lock, 0);
}

TEST(requeue_to_held)
{
	requeue(true, INT_MAX, 3);
}

TEST(requeue_to_free)
{
	requeue(false, INT_MAX, 3);
}

TEST(requeue_some)
{
	requeue(true, 1, 2);
}

TEST(requeue_timeouts)
{
	struct timespec ts = soon(CLOCK_MONOTONIC);

	CHECK_ERR(futex(&cond, FUTEX_WAIT_REQUEUE_PI, 0, &ts, &lock, 0), ETIMEDOUT);
	CHECK_ERR(futex(&cond, FUTEX_WAIT_REQUEUE_PI, 1, &ts, &lock, 0), EAGAIN);
	CHECK_ERR(futex(&cond, FUTEX_WAIT_REQUEUE_PI, 0, &ts, &cond, 0), EINVAL);
	CHECK_EQ(futex(&cond, FUTEX_CMP_REQUEUE_PI, 1, (void *)1L, &lock, 0), 0);
}

static void *dying_mutex_owner(void *arg)
{
	CHECK_EQ(pthread_mutex_lock(arg), 0);
	return NULL;
}

/* As the C library uses it. */
TEST(mutexes)
{
	pthread_mutexattr_t attr;
	pthread_mutex_t mutex;
	pthread_t thread;

	pthread_mutexattr_init(&attr);
	CHECK_EQ(pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT), 0);
	CHECK_EQ(pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST), 0);
	REQUIRE(pthread_mutex_init(&mutex, &attr) == 0);
	pthread_create(&thread, NULL, dying_mutex_owner, &mutex);
	pthread_join(thread, NULL);
	CHECK_EQ(pthread_mutex_lock(&mutex), EOWNERDEAD);
	CHECK_EQ(pthread_mutex_consistent(&mutex), 0);
	CHECK_EQ(pthread_mutex_unlock(&mutex), 0);
	CHECK_EQ(pthread_mutex_lock(&mutex), 0);
	CHECK_EQ(pthread_mutex_unlock(&mutex), 0);
}

static pthread_mutex_t busy_mutex;
static long counter;

static void *contender(void *arg)
{
	int i;

	for (i = 0; i < 500; i++) {
		pthread_mutex_lock(&busy_mutex);
		counter++;
		if (i % 16 == 0)
			sched_yield();
		pthread_mutex_unlock(&busy_mutex);
	}
	return arg;
}

TEST(contention)
{
	pthread_mutexattr_t attr;
	pthread_t threads[6];
	int i;

	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setprotocol(&attr, PTHREAD_PRIO_INHERIT);
	REQUIRE(pthread_mutex_init(&busy_mutex, &attr) == 0);
	for (i = 0; i < 6; i++)
		pthread_create(&threads[i], NULL, contender, NULL);
	for (i = 0; i < 6; i++)
		pthread_join(threads[i], NULL);
	CHECK_EQ(counter, 3000);
}

static volatile int locks[3], owners[3];

static void lock_for_a_while(int i, unsigned int *seed, int depth)
{
	struct timespec ts = soon(CLOCK_REALTIME);
	int tid = my_tid();

	if (rand_r(seed) % 4 == 0)
		ts.tv_sec += 60;
	if (futex(&locks[i], FUTEX_LOCK_PI, 0, &ts, NULL, 0) < 0) {
		CHECK(errno == ETIMEDOUT || errno == EDEADLK);
		return;
	}
	CHECK_EQ(owners[i], 0);
	owners[i] = tid;
	if (depth < 2 && rand_r(seed) % 2)
		lock_for_a_while((i + 1 + rand_r(seed) % 2) % 3, seed, depth + 1);
	else
		sched_yield();
	CHECK_EQ(owners[i], tid);
	owners[i] = 0;
	CHECK_OK(unlock_pi(&locks[i]));
}

static void *storm_thread(void *arg)
{
	unsigned int seed = (unsigned int)(long)arg;
	int i, k;

	for (i = 0; i < 10; i++) {
		set_prio(rand_r(&seed) % 3 * (1 + rand_r(&seed) % 20));
		k = rand_r(&seed) % 3;
		if (owners[k] != my_tid())
			lock_for_a_while(k, &seed, 0);
	}
	set_prio(0);
	CHECK_EQ(shown_prio(my_tid()), 20);
	return NULL;
}

/* Random priorities, nesting in any order (so deadlocks), time limits. */
TEST(storm)
{
	pthread_t threads[4];
	long i;

	for (i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, storm_thread, (void *)(i + 1));
	for (i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < 3; i++) {
		CHECK_EQ(locks[i] & FUTEX_TID_MASK, 0);
		CHECK_EQ(owners[i], 0);
	}
	CHECK_EQ(shown_prio(my_tid()), 20);
}

/* One that nobody has but a dead one: the word says that somebody asked. */
TEST(dead_owner_keeps_waiters)
{
	uint32_t word;
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	expect_exit(pid, 0);
	word = pid;
	CHECK_ERR(syscall(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL, NULL, 0), ESRCH);
	CHECK_EQ(word, pid | FUTEX_WAITERS);
	word = pid;
	CHECK_ERR(syscall(SYS_futex, &word, FUTEX_TRYLOCK_PI, 0, NULL, NULL, 0), ESRCH);
	CHECK_EQ(word, pid | FUTEX_WAITERS);
}
