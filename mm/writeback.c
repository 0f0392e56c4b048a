// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dirty pages and how they get to their disk.
 *
 * A page is dirty from the first write on: set_page_dirty() tags it in its mapping's tree and puts
 * the mapping on a list.  A flusher thread writes what is on the list five seconds later; fsync and
 * sync write at once and wait; a writer that makes too much dirty writes some of it itself.
 *
 * Before a page is written its mappings lose their write permission, under the page lock: so a
 * later write through one faults, waits for the lock, and makes the page dirty again.
 *
 * A mapping without writepage (tmpfs) only has the flag.
 *
 * Locking: dirty_lock for the list of mappings (outside i_lock); mapping->lock for tags.
 */
#include <fs/vfs.h>
#include <kernel/kthread.h>
#include <kernel/printk.h>
#include <kernel/sched/wait.h>
#include <mm/filemap.h>
#include <mm/internal.h>

#define BATCH		16
#define FLUSH_DELAY_NS	5000000000ULL

static DEFINE_SPINLOCK_RANK(dirty_lock, LOCK_RANK_INODE_LOCK - 2);
static LIST_HEAD(dirty_mappings);		/* [dirty_lock] */
static DEFINE_MUTEX_RANK(flush_mutex, LOCK_RANK_SB_WRITERS + 1); /* one round at a time */
static DECLARE_WAIT_QUEUE_HEAD(flusher_wait);
static DECLARE_WAIT_QUEUE_HEAD(hurry_wait);
static bool flush_now;				/* [a] */

/* ---- the dirty flag --------------------------------------------------------------------- */

static void tag_page(struct address_space *m, struct page *page, unsigned int tag, bool on)
{
	unsigned long flags;

	spin_lock_irqsave(&m->lock, flags);
	if (page->mapping == m) {
		if (on)
			xa_set_mark(&m->i_pages, page->index, tag);
		else
			xa_clear_mark(&m->i_pages, page->index, tag);
	}
	spin_unlock_irqrestore(&m->lock, flags);
}

static void note_dirty_mapping(struct address_space *m)
{
	bool first;

	if (!list_empty(&m->dirty_list))
		return;
	spin_lock(&dirty_lock);
	first = list_empty(&dirty_mappings);
	if (list_empty(&m->dirty_list))
		list_add_tail(&m->dirty_list, &dirty_mappings);
	spin_unlock(&dirty_lock);
	if (first)
		wake_up(&flusher_wait);
}

void forget_dirty_mapping(struct address_space *m)
{
	if (list_empty(&m->dirty_list))
		return;
	spin_lock(&dirty_lock);
	list_del_init(&m->dirty_list);
	spin_unlock(&dirty_lock);
}

static bool has_backing(const struct address_space *m)
{
	return m && m->a_ops && m->a_ops->writepage;
}

void set_page_dirty(struct page *page)
{
	struct address_space *m = READ_ONCE(page->mapping);

	if (PageDirty(page) || TestSetPageDirty(page) || PageAnon(page) || !has_backing(m))
		return;
	mod_page_stat(NR_DIRTY_PAGES, 1);
	tag_page(m, page, PAGECACHE_TAG_DIRTY, true);
	note_dirty_mapping(m);
}

bool clear_page_dirty(struct page *page)
{
	struct address_space *m = page->mapping;

	if (!TestClearPageDirty(page))
		return false;
	if (has_backing(m)) {
		mod_page_stat(NR_DIRTY_PAGES, -1);
		tag_page(m, page, PAGECACHE_TAG_DIRTY, false);
	}
	return true;
}

void set_page_writeback(struct page *page)
{
	DEBUG_ASSERT(PageLocked(page));
	get_page(page);
	SetPageWriteback(page);
	tag_page(page->mapping, page, PAGECACHE_TAG_WRITEBACK, true);
}

void end_page_writeback(struct page *page)
{
	if (page->mapping)
		tag_page(page->mapping, page, PAGECACHE_TAG_WRITEBACK, false);
	ClearPageWriteback(page);
	smp_mb();
	wake_page_waiters(page);
	put_page(page);
}

/* ---- errors: a count above bit 12, the last error below --------------------------------- */

void mapping_set_error(struct address_space *m, int error)
{
	unsigned long flags;

	if (!error)
		return;
	spin_lock_irqsave(&m->lock, flags);
	m->wb_err = ((m->wb_err + 0x1000) & 0x7ffff000) | (-error & 0xfff);
	spin_unlock_irqrestore(&m->lock, flags);
}

int filemap_check_wb_err(struct address_space *m, int *since)
{
	int now = READ_ONCE(m->wb_err);

	if (now == *since)
		return 0;
	*since = now;
	return -(now & 0xfff);
}

/* ---- writing ---------------------------------------------------------------------------- */

/* One page, referenced by the caller. 0 or -errno. */
static int write_one(struct address_space *m, struct page *page, struct writeback_control *wbc)
{
	int err;

	if (wbc->sync)
		lock_page(page);
	else if (!trylock_page(page))
		return 0;
	if (page->mapping != m || (PageWriteback(page) && !wbc->sync))
		goto unlock;
	wait_on_page_writeback(page);
	write_protect_page(page);
	if (!clear_page_dirty(page))
		goto unlock;
	if (wbc->nr_to_write)
		wbc->nr_to_write--;
	err = m->a_ops->writepage(page, wbc);
	mapping_set_error(m, err);
	return err;

unlock:
	unlock_page(page);
	return 0;
}

static int write_pages(struct address_space *m, pgoff_t first, pgoff_t last,
		       struct writeback_control *wbc)
{
	struct page *pages[BATCH];
	unsigned int n, i;
	int err = 0, e;

	while (first <= last && wbc->nr_to_write) {
		n = find_get_pages(m, first, last, PAGECACHE_TAG_DIRTY, pages, BATCH);
		if (!n)
			break;
		first = pages[n - 1]->index + 1;
		for (i = 0; i < n; i++) {
			e = write_one(m, pages[i], wbc);
			put_page(pages[i]);
			if (e && !err)
				err = e;
		}
		if (!first)
			break;
		cond_resched();
	}
	return err;
}

static void wait_pages(struct address_space *m, pgoff_t first, pgoff_t last)
{
	struct page *pages[BATCH];
	unsigned int n, i;

	while (first <= last &&
	       (n = find_get_pages(m, first, last, PAGECACHE_TAG_WRITEBACK, pages, BATCH))) {
		first = pages[n - 1]->index + 1;
		for (i = 0; i < n; i++) {
			wait_on_page_writeback(pages[i]);
			put_page(pages[i]);
		}
		if (!first)
			break;
	}
}

static pgoff_t last_index(loff_t end)
{
	if (end < 0 || end >> PAGE_SHIFT > (loff_t)(~0UL >> 1))
		return ~0UL;
	return (pgoff_t)(end >> PAGE_SHIFT);
}

int filemap_fdatawrite_range(struct address_space *m, loff_t start, loff_t end)
{
	struct writeback_control wbc = { .sync = true, .nr_to_write = ~0UL };

	if (!m->nrpages || !has_backing(m))
		return 0;
	return write_pages(m, (pgoff_t)(start >> PAGE_SHIFT), last_index(end), &wbc);
}

int filemap_write_and_wait_range(struct address_space *m, loff_t start, loff_t end)
{
	int before = READ_ONCE(m->wb_err), err;

	err = filemap_fdatawrite_range(m, start, end);
	if (!m->nrpages || !has_backing(m))
		return err;
	wait_pages(m, (pgoff_t)(start >> PAGE_SHIFT), last_index(end));
	return err ? err : filemap_check_wb_err(m, &before);
}

static void flush_mapping(struct address_space *m, bool wait)
{
	struct writeback_control wbc = { .sync = wait, .nr_to_write = ~0UL };

	write_pages(m, 0, ~0UL, &wbc);
	if (wait)
		wait_pages(m, 0, ~0UL);
	if (xa_marked(&m->i_pages, PAGECACHE_TAG_DIRTY))
		note_dirty_mapping(m);
}

/* Everything that is on the list now. The inode reference keeps the mapping. */
void sync_dirty_mappings(bool wait)
{
	struct address_space *m;
	struct inode *inode;
	LIST_HEAD(work);

	mutex_lock(&flush_mutex);
	spin_lock(&dirty_lock);
	list_splice_init(&dirty_mappings, &work);
	while ((m = list_first_entry_or_null(&work, struct address_space, dirty_list))) {
		list_del_init(&m->dirty_list);
		inode = igrab(m->host);
		spin_unlock(&dirty_lock);
		if (inode) {
			flush_mapping(m, wait);
			iput(inode);
		}
		spin_lock(&dirty_lock);
	}
	spin_unlock(&dirty_lock);
	mutex_unlock(&flush_mutex);
}

void balance_dirty_pages(struct address_space *m)
{
	struct writeback_control wbc = { .nr_to_write = 64 };

	if (!has_backing(m) || page_stat(NR_DIRTY_PAGES) < totalram_pages() / 5)
		return;
	write_pages(m, 0, ~0UL, &wbc);
}

void wake_flusher(void)
{
	WRITE_ONCE(flush_now, true);
	wake_up(&hurry_wait);
}

static int flusher(void *unused)
{
	for (;;) {
		wait_event_idle(flusher_wait, !list_empty(&dirty_mappings));
		wait_event_interruptible_timeout(hurry_wait, READ_ONCE(flush_now), FLUSH_DELAY_NS);
		WRITE_ONCE(flush_now, false);
		sync_dirty_mappings(false);
	}
	return 0;
}

void writeback_init(void)
{
	struct task_struct *t = kthread_run(flusher, NULL, "flush");

	if (IS_ERR(t))
		pr_err("no flusher thread: %pe\n", t);
}
