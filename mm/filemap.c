// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page cache: which pages of an inode are in memory.
 *
 * The cache owns one reference to each page.  A page that is looked up comes with a reference but
 * may be truncated at any time: who needs it to stay locks it and looks whether page->mapping is
 * still the same. A new page is locked and not uptodate until it has been read or overwritten.
 *
 * Locking: see <mm/filemap.h>.  Reading and writing files is in filemap_io.c, faults in
 * filemap_fault.c, truncation in truncate.c.
 */
#include <fs/vfs.h>
#include <kernel/cgroup/memory.h>
#include <kernel/sched/sched.h>
#include <mm/filemap.h>
#include <mm/internal.h>

void address_space_init(struct address_space *m, struct inode *host,
			const struct address_space_operations *ops)
{
	m->host = host;
	xa_init(&m->i_pages);
	spin_lock_init_rank(&m->lock, LOCK_RANK_MAPPING);
	m->nrpages = 0;
	m->a_ops = ops;
	init_rwsem_rank(&m->i_mmap_lock, LOCK_RANK_RMAP_FILE);
	INIT_LIST_HEAD(&m->i_mmap);
	atomic_set(&m->i_mmap_writable, 0);
	m->wb_err = 0;
	m->unevictable = false;
	m->seals = 0;
	m->shmem_limits = NULL;
	m->prepaid = false;
	INIT_LIST_HEAD(&m->dirty_list);
}

struct page *find_get_page(struct address_space *m, pgoff_t index)
{
	unsigned long flags;
	struct page *page;

	spin_lock_irqsave(&m->lock, flags);
	page = xa_load(&m->i_pages, index);
	if (page)
		get_page(page);
	spin_unlock_irqrestore(&m->lock, flags);
	return page;
}

struct page *find_lock_page(struct address_space *m, pgoff_t index)
{
	struct page *page;

	while ((page = find_get_page(m, index))) {
		lock_page(page);
		if (likely(page->mapping == m))
			return page;
		unlock_page(page);
		put_page(page);
	}
	return NULL;
}

unsigned int find_get_pages(struct address_space *m, pgoff_t first, pgoff_t last, unsigned int mark,
			    struct page **pages, unsigned int max)
{
	unsigned long flags;
	unsigned int n, i;

	spin_lock_irqsave(&m->lock, flags);
	n = xa_extract(&m->i_pages, (void **)pages, first, last, max, mark);
	for (i = 0; i < n; i++)
		get_page(pages[i]);
	spin_unlock_irqrestore(&m->lock, flags);
	return n;
}

/* ---- adding and removing ---------------------------------------------------------------- */

static void account_page(struct address_space *m, struct page *page, long n)
{
	mod_page_stat(NR_FILE_PAGES, n);
	if (PageSwapBacked(page))
		mod_page_stat(NR_SHMEM_PAGES, n);
}

static int try_add(struct address_space *m, struct page *page, pgoff_t index)
{
	unsigned long flags;
	int err;

	spin_lock_irqsave(&m->lock, flags);
	err = xa_insert(&m->i_pages, index, page, GFP_NOWAIT);
	if (!err) {
		get_page(page);
		page->mapping = m;
		page->index = index;
		m->nrpages++;
	}
	spin_unlock_irqrestore(&m->lock, flags);
	return err == -EBUSY ? -EEXIST : err;
}

int add_to_page_cache(struct page *page, struct address_space *m, pgoff_t index)
{
	int err, tries;

	DEBUG_ASSERT(PageLocked(page));
	if (m->unevictable)
		SetPageSwapBacked(page);
	if (unlikely(current->cgroup)) {
		err = cgroup_charge_page(page);
		if (err)
			return err;
	}
	err = try_add(m, page, index);
	/* The tree's nodes come from the atomic reserve: fill it up. */
	for (tries = 0; unlikely(err == -ENOMEM) && tries < 3; tries++) {
		if (!try_to_free_pages(32))
			break;
		err = try_add(m, page, index);
	}
	if (err) {
		if (PageCharged(page))
			cgroup_uncharge_page(page);
		return err;
	}
	account_page(m, page, 1);
	if (!m->unevictable)
		lru_add(page);
	return 0;
}

/* The tree no longer has it; the cache's reference is dropped. m->lock held. */
void __delete_from_page_cache(struct address_space *m, struct page *page)
{
	xa_erase(&m->i_pages, page->index);
	page->mapping = NULL;
	m->nrpages--;
}

void forget_cached_page(struct address_space *m, struct page *page)
{
	account_page(m, page, -1);
	if (m->a_ops && m->a_ops->freepage)
		m->a_ops->freepage(page);
	put_page(page);
}

void delete_from_page_cache(struct page *page)
{
	struct address_space *m = page->mapping;
	unsigned long flags;

	DEBUG_ASSERT(PageLocked(page) && m);
	clear_page_dirty(page);
	spin_lock_irqsave(&m->lock, flags);
	__delete_from_page_cache(m, page);
	spin_unlock_irqrestore(&m->lock, flags);
	forget_cached_page(m, page);
}

struct page *find_or_create_page(struct address_space *m, pgoff_t index, gfp_t gfp)
{
	struct page *page;
	int err;

	for (;;) {
		page = find_lock_page(m, index);
		if (page)
			return page;
		page = alloc_page(gfp);
		if (!page)
			return ERR_PTR(-ENOMEM);
		__set_bit(PG_locked, &page->flags);
		err = add_to_page_cache(page, m, index);
		if (!err)
			return page;
		page->flags = 0;
		put_page(page);
		if (err != -EEXIST)
			return ERR_PTR(err);
	}
}

/* ---- reading ---------------------------------------------------------------------------- */

/* Locked page, not uptodate: read it. Unlocked in the end. 0, -EIO, -EINTR or
 * AOP_TRUNCATED_PAGE. */
int read_page_and_wait(struct address_space *m, struct page *page, struct file *file)
{
	int err;

	if (!m->a_ops || !m->a_ops->readpage) {
		unlock_page(page);
		return -EIO;
	}
	err = m->a_ops->readpage(file, page);
	if (err)
		return err;
	if (PageUptodate(page))
		return 0;
	err = lock_page_killable(page);
	if (err)
		return err;
	if (!page->mapping)
		err = AOP_TRUNCATED_PAGE;
	else if (!PageUptodate(page))
		err = -EIO;
	unlock_page(page);
	return err;
}

struct page *read_mapping_page(struct address_space *m, pgoff_t index, struct file *file)
{
	struct page *page;
	int err;

	for (;;) {
		page = find_get_page(m, index);
		if (page && PageUptodate(page))
			return page;
		if (page)
			put_page(page);
		page = find_or_create_page(m, index, GFP_KERNEL);
		if (IS_ERR(page))
			return page;
		if (PageUptodate(page)) {
			unlock_page(page);
			return page;
		}
		err = read_page_and_wait(m, page, file);
		if (!err)
			return page;
		put_page(page);
		if (err != AOP_TRUNCATED_PAGE)
			return ERR_PTR(err);
	}
}

/* Start reading [first, last] as far as it is not there. Errors show when somebody wants the
 * page. */
void page_cache_readahead(struct address_space *m, struct file *file, pgoff_t first, pgoff_t last)
{
	loff_t size = i_size_read(m->host);
	struct page *page;

	if (!m->a_ops || !m->a_ops->readpage || size <= 0)
		return;
	last = min(last, (pgoff_t)((size - 1) >> PAGE_SHIFT));
	for (; first <= last; first++) {
		page = find_get_page(m, first);
		if (page) {
			put_page(page);
			continue;
		}
		page = alloc_page(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
		if (!page)
			return;
		__set_bit(PG_locked, &page->flags);
		if (add_to_page_cache(page, m, first)) {
			page->flags = 0;
			put_page(page);
			return;
		}
		m->a_ops->readpage(file, page);
		put_page(page);
	}
}

/* A page is missing: does it look like sequential reading?  Then read more at once. */
void readahead_on_miss(struct address_space *m, struct file *file, pgoff_t index)
{
	unsigned long window = 4;
	struct page *prev;

	if (!index) {
		window = 8;
	} else {
		prev = find_get_page(m, index - 1);
		if (prev) {
			put_page(prev);
			window = 32;
		}
	}
	page_cache_readahead(m, file, index, index + window - 1);
}
