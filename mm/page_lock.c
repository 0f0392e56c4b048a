// SPDX-License-Identifier: GPL-2.0-only
/*
 * Waiting for a page: until it is unlocked (PG_locked), or written out (PG_writeback).
 *
 * Sleepers share a hashed table of wait queues.  One that is about to sleep sets PG_waiters and
 * looks at the flag once more; who clears the flag wakes the whole queue if PG_waiters is set.
 * Both are atomic operations on the same word, so one of the two sees the other.
 */
#include <kernel/lib/err.h>
#include <kernel/lib/hash.h>
#include <kernel/sched/wait.h>
#include <mm/filemap.h>
#include <mm/internal.h>
#include <mm/page.h>

#define QUEUE_BITS 6

static struct wait_queue_head queues[1 << QUEUE_BITS];

void page_lock_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(queues); i++)
		init_waitqueue_head(&queues[i]);
}

static struct wait_queue_head *queue_of(struct page *page)
{
	return &queues[hash_ptr(page, QUEUE_BITS)];
}

void wake_page_waiters(struct page *page)
{
	if (unlikely(TestClearPageWaiters(page)))
		wake_up_all(queue_of(page));
}

static bool try_flag(struct page *page, int flag)
{
	return flag == PG_locked ? trylock_page(page) : !test_bit(flag, &page->flags);
}

/* Sleep until the lock is had, or PG_writeback is clear. -EINTR: a signal that ends this kind of
 * sleep. */
static int wait_flag(struct page *page, int flag, unsigned int state)
{
	struct wait_queue_head *wq = queue_of(page);
	DEFINE_WAIT(wait);
	int err = 0;

	might_sleep();
	for (;;) {
		prepare_to_wait(wq, &wait, state);
		SetPageWaiters(page);
		smp_mb();
		if (try_flag(page, flag))
			break;
		if (signal_pending_state(state, current)) {
			err = -EINTR;
			break;
		}
		schedule();
	}
	finish_wait(wq, &wait);
	return err;
}

void lock_page_slow(struct page *page)
{
	wait_flag(page, PG_locked, TASK_UNINTERRUPTIBLE);
}

int lock_page_killable(struct page *page)
{
	return trylock_page(page) ? 0 : wait_flag(page, PG_locked, TASK_KILLABLE);
}

void wait_on_page_writeback(struct page *page)
{
	if (PageWriteback(page))
		wait_flag(page, PG_writeback, TASK_UNINTERRUPTIBLE);
}
