// SPDX-License-Identifier: GPL-2.0-only
/*
 * Getting memory back: clean pages of files, and what other caches give up (shrinkers).
 *
 * Pages of files that can be read again sit on one list, oldest at its end.  The clock hand takes
 * them from there: a page that was used since gets another round, one that is mapped is unmapped,
 * one that is dirty is left to the flusher, the rest is freed.  tmpfs pages and private memory are
 * not on it: there is no swap.
 *
 * kswapd does this in the background between the low and the high watermark; an allocation that
 * finds nothing does it itself.  PF_MEMALLOC marks who reclaims, so that it does not start over
 * inside.
 *
 * Locking: lru_lock (irqs off) for the list; shrinker_lock for the shrinkers.  Called from any
 * allocation that may sleep, so other sleeping locks are only tried.
 */
#include <kernel/cgroup/memory.h>
#include <kernel/kthread.h>
#include <kernel/locking/mutex.h>
#include <kernel/printk.h>
#include <kernel/sched/wait.h>
#include <mm/filemap.h>
#include <mm/internal.h>
#include <mm/slab_internal.h>

#define BATCH 32

static DEFINE_SPINLOCK_RANK(lru_lock, LOCK_RANK_LRU);
static LIST_HEAD(lru);				/* [lru_lock] newest first */
static unsigned long lru_count;			/* [lru_lock] */

/* only ever tried while others are held */
static DEFINE_MUTEX_RANK(shrinker_lock, LOCK_RANK_NONE);
static LIST_HEAD(shrinkers);			/* [shrinker_lock] */

static struct task_struct *kswapd_task;
static DECLARE_WAIT_QUEUE_HEAD(kswapd_wait);
static bool kswapd_wanted;			/* [a] */

/* ---- the list --------------------------------------------------------------------------- */

void lru_add(struct page *page)
{
	unsigned long flags;

	spin_lock_irqsave(&lru_lock, flags);
	SetPageLru(page);
	list_add(&page->lru, &lru);
	lru_count++;
	spin_unlock_irqrestore(&lru_lock, flags);
}

void lru_remove(struct page *page)
{
	unsigned long flags;

	spin_lock_irqsave(&lru_lock, flags);
	if (TestClearPageLru(page)) {
		list_del_init(&page->lru);
		lru_count--;
	}
	spin_unlock_irqrestore(&lru_lock, flags);
}

void mark_page_accessed(struct page *page)
{
	SetPageReferenced(page);
}

unsigned long nr_lru_pages(void)
{
	return READ_ONCE(lru_count);
}

/* Take up to @max of the oldest pages, each with a reference, and move them to the front. */
static unsigned int take_oldest(struct page **pages, unsigned int max)
{
	unsigned int n = 0, looked = 0;
	unsigned long flags;

	spin_lock_irqsave(&lru_lock, flags);
	while (n < max && looked++ < 2 * max && !list_empty(&lru)) {
		struct page *page = list_last_entry(&lru, struct page, lru);

		list_move(&page->lru, &lru);
		if (get_page_unless_zero(page))
			pages[n++] = page;
	}
	spin_unlock_irqrestore(&lru_lock, flags);
	return n;
}

/*
 * Is @page to be reclaimed at all?  @group: only its pages, NULL: all.  Those within memory.min of their group never
 * are, those within memory.low not in the first round.
 */
static bool may_reclaim(const struct page *page, const struct cgroup *group, bool first_round)
{
	if (group && !cgroup_owns_page(group, page))
		return false;
	if (likely(!PageCharged(page)))
		return true;
	return !cgroup_protects_page(page, first_round);
}

/* true: @page was freed, but for the caller's reference. */
static bool reclaim_page(struct page *page)
{
	struct address_space *m = READ_ONCE(page->mapping);

	if (!m || TestClearPageReferenced(page) || PageDirty(page) || PageWriteback(page))
		return false;
	if (page_mapped(page)) {
		if (!trylock_page(page))
			return false;
		if (page->mapping && !page_was_young(page))
			try_to_unmap_page(page);
		unlock_page(page);
		if (page_mapped(page))
			return false;
	}
	return invalidate_page(m, page);
}

static bool try_reclaim(struct page *page, const struct cgroup *group, bool first_round)
{
	if (!may_reclaim(page, group, first_round) || !reclaim_page(page))
		return false;
	if (!first_round && PageCharged(page))
		cgroup_note_low(page);
	return true;
}

static unsigned long shrink_round(unsigned long want, const struct cgroup *group, bool first_round)
{
	unsigned long freed = 0, scanned = 0, limit = 2 * nr_lru_pages() + BATCH;
	struct page *pages[BATCH];
	unsigned int n, i;

	while (freed < want && scanned < limit) {
		n = take_oldest(pages, BATCH);
		if (!n)
			break;
		for (i = 0; i < n; i++) {
			freed += try_reclaim(pages[i], group, first_round);
			put_page(pages[i]);
		}
		scanned += n;
		cond_resched();
	}
	count_vm_event(PGSCAN, scanned);
	count_vm_event(PGSTEAL, freed);
	return freed;
}

static unsigned long shrink_lru(unsigned long want)
{
	unsigned long freed = shrink_round(want, NULL, true);

	if (freed < want && READ_ONCE(cgroup_memory_low_used))
		freed += shrink_round(want - freed, NULL, false);
	return freed;
}

unsigned long reclaim_group_pages(struct cgroup *c, unsigned long nr)
{
	unsigned long freed;

	if (current->flags & PF_MEMALLOC)
		return 0;
	current->flags |= PF_MEMALLOC;
	freed = shrink_round(nr, c, true);
	if (freed < nr && READ_ONCE(cgroup_memory_low_used))
		freed += shrink_round(nr - freed, c, false);
	current->flags &= ~PF_MEMALLOC;
	return freed;
}

/* ---- shrinkers -------------------------------------------------------------------------- */

void register_shrinker(struct shrinker *s)
{
	mutex_lock(&shrinker_lock);
	list_add_tail(&s->list, &shrinkers);
	mutex_unlock(&shrinker_lock);
}

void unregister_shrinker(struct shrinker *s)
{
	mutex_lock(&shrinker_lock);
	list_del_init(&s->list);
	mutex_unlock(&shrinker_lock);
}

/* Objects freed; how many pages that gives shows when their slabs are empty. */
static unsigned long run_shrinkers(unsigned long nr)
{
	unsigned long freed = 0, have;
	struct shrinker *s;

	if (!mutex_trylock(&shrinker_lock))
		return 0;
	list_for_each_entry(s, &shrinkers, list) {
		have = s->count(s);
		if (have)
			freed += s->scan(s, max(nr, have / 8));
	}
	mutex_unlock(&shrinker_lock);
	return freed;
}

unsigned long try_to_free_pages(unsigned long nr)
{
	unsigned long freed, before;

	if ((current->flags & PF_MEMALLOC) || in_atomic() || irqs_disabled())
		return 0;
	current->flags |= PF_MEMALLOC;
	freed = shrink_lru(nr);
	if (freed < nr) {
		before = nr_free_pages();
		run_shrinkers(nr);
		slab_shrink();
		if (nr_free_pages() > before)
			freed += nr_free_pages() - before;
	}
	if (freed < nr && page_stat(NR_DIRTY_PAGES))
		wake_flusher();
	current->flags &= ~PF_MEMALLOC;
	return freed;
}

/* echo 1 > /proc/sys/vm/drop_caches: 1 pages, 2 objects. */
void drop_caches(unsigned int what)
{
	if (what & 1)
		shrink_lru(~0UL);
	if (what & 2) {
		while (run_shrinkers(1024) > 64)
			cond_resched();
		slab_shrink();
	}
}

/* ---- in the background ------------------------------------------------------------------ */

void wake_kswapd(void)
{
	if (!kswapd_task || READ_ONCE(kswapd_wanted))
		return;
	WRITE_ONCE(kswapd_wanted, true);
	wake_up(&kswapd_wait);
}

bool kswapd_running(void)
{
	return kswapd_task;
}

static int kswapd(void *unused)
{
	for (;;) {
		wait_event_idle(kswapd_wait, READ_ONCE(kswapd_wanted));
		while (nr_free_pages() < high_watermark_pages() && try_to_free_pages(64))
			cond_resched();
		/* Whether or not there was something: not again at once. */
		__set_current_state(TASK_IDLE);
		schedule_timeout_ns(50000000);
		WRITE_ONCE(kswapd_wanted, false);
	}
	return 0;
}

void kswapd_init(void)
{
	struct task_struct *t = kthread_run(kswapd, NULL, "kswapd0");

	if (IS_ERR(t))
		pr_err("no kswapd: %pe\n", t);
	else
		kswapd_task = t;
}
