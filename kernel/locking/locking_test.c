// SPDX-License-Identifier: GPL-2.0-only
/* Tests of locks: counts under contention between threads, states without it. */
#include <kernel/kthread.h>
#include <kernel/lib/unit.h>
#include <kernel/locking/mutex.h>
#include <kernel/locking/rwsem.h>
#include <kernel/sched/completion.h>

#define THREADS	4
#define ROUNDS	2000

struct contest {
	struct mutex		mutex;
	struct rw_semaphore	rwsem;
	spinlock_t		spin;
	rwlock_t		rw;
	unsigned int		by_mutex, by_rwsem, by_spin, by_rw, bad;
	struct completion	done;
};

static int contestant(void *data)
{
	struct contest *c = data;
	unsigned int i, seen;

	for (i = 0; i < ROUNDS; i++) {
		mutex_lock(&c->mutex);
		seen = ++c->by_mutex;
		if (i % 64 == 0)
			yield();
		c->bad += c->by_mutex != seen;
		mutex_unlock(&c->mutex);

		down_write(&c->rwsem);
		seen = ++c->by_rwsem;
		if (i % 64 == 0)
			yield();
		c->bad += c->by_rwsem != seen;
		downgrade_write(&c->rwsem);
		up_read(&c->rwsem);

		down_read(&c->rwsem);
		up_read(&c->rwsem);

		spin_lock(&c->spin);
		c->by_spin++;
		spin_unlock(&c->spin);

		write_lock(&c->rw);
		c->by_rw++;
		write_unlock(&c->rw);
		read_lock(&c->rw);
		read_unlock(&c->rw);
	}
	complete(&c->done);
	return 0;
}

UNIT_TEST(locks_under_contention)
{
	static struct contest c;
	unsigned int i, started = 0;

	c = (struct contest) { 0 };
	mutex_init(&c.mutex);
	init_rwsem(&c.rwsem);
	spin_lock_init(&c.spin);
	rwlock_init(&c.rw);
	init_completion(&c.done);
	for (i = 0; i < THREADS; i++)
		started += !IS_ERR(kthread_run(contestant, &c, "test-lock/%u", i));
	for (i = 0; i < started; i++)
		wait_for_completion(&c.done);
	EXPECT_EQ(started, THREADS);
	EXPECT_EQ(c.bad, 0);
	EXPECT_EQ(c.by_mutex, THREADS * ROUNDS);
	EXPECT_EQ(c.by_rwsem, THREADS * ROUNDS);
	EXPECT_EQ(c.by_spin, THREADS * ROUNDS);
	EXPECT_EQ(c.by_rw, THREADS * ROUNDS);
	EXPECT_EQ(c.mutex.owner, 0);
	EXPECT_EQ(c.rwsem.count, 0);
}

UNIT_TEST(trylocks)
{
	DEFINE_MUTEX(m);
	DECLARE_RWSEM(s);
	spinlock_t l;

	spin_lock_init(&l);
	EXPECT(mutex_trylock(&m));
	EXPECT(!mutex_trylock(&m));
	mutex_unlock(&m);
	EXPECT(!mutex_is_locked(&m));

	EXPECT(down_read_trylock(&s));
	EXPECT(down_read_trylock(&s));
	EXPECT(!down_write_trylock(&s));
	up_read(&s);
	up_read(&s);
	EXPECT(down_write_trylock(&s));
	EXPECT(!down_read_trylock(&s));
	downgrade_write(&s);
	EXPECT(down_read_trylock(&s));
	up_read(&s);
	up_read(&s);
	EXPECT(!rwsem_is_locked(&s));

	EXPECT(spin_trylock(&l));
	EXPECT(spin_is_locked(&l));
	EXPECT(!spin_trylock(&l));
	spin_unlock(&l);
	EXPECT(!spin_is_locked(&l));
}

UNIT_TEST(seqcount_retry)
{
	seqcount_t s = SEQCNT_ZERO(s);
	u32 seq = read_seqcount_begin(&s);

	EXPECT(!read_seqcount_retry(&s, seq));
	write_seqcount_begin(&s);
	EXPECT(read_seqcount_retry(&s, seq));
	write_seqcount_end(&s);
	EXPECT(read_seqcount_retry(&s, seq));
	seq = read_seqcount_begin(&s);
	EXPECT(!read_seqcount_retry(&s, seq));
}
