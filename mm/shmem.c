// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages that have no home but memory: tmpfs files, shared anonymous memory, memfd, SysV shm.
 *
 * The page cache of the inode is the file.  A page is made (zeroed, uptodate) when it is first
 * written or mapped; a hole reads as zeros and takes no memory.  Such pages are PG_swapbacked,
 * never reclaimed, and counted against the limit of their mount and the commit limit.  For the latter
 * the size of a file counts instead that was made with it (shared anonymous memory, SysV shm).
 *
 * inode->i_blocks is what has been counted: pages are added to it one by one, and what truncation
 * removed is taken off afterwards by comparing it with the number of pages (recalc_blocks).
 *
 * Locking: i_rwsem for size; page lock; i_lock for i_blocks.
 */
#include <fs/internal.h>
#include <kernel/sched/sched.h>
#include <mm/internal.h>
#include <mm/shmem.h>

#define BLOCKS_PER_PAGE	(PAGE_SIZE / 512)

/* ---- counting --------------------------------------------------------------------------- */

static long pages_of(loff_t size)
{
	return (long)((size + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

int shmem_prepay(struct address_space *m, loff_t size)
{
	if (vm_enough_memory(pages_of(size)))
		return -ENOMEM;
	m->prepaid = true;
	return 0;
}

/* The size will be @size; i_rwsem held, or nobody else knows the file. */
static void size_changes(struct address_space *m, loff_t size)
{
	if (m->prepaid)
		vm_unacct_memory(pages_of(i_size_read(m->host)) - pages_of(size));
}

static int charge_page(struct address_space *m)
{
	struct shmem_limits *l = m->shmem_limits;

	if (!m->prepaid && vm_enough_memory(1))
		return -ENOSPC;
	if (!l)
		return 0;
	if (atomic_long_add_return(1, &l->used_pages) <= (long)READ_ONCE(l->max_pages) ||
	    !READ_ONCE(l->max_pages))
		return 0;
	atomic_long_dec(&l->used_pages);
	if (!m->prepaid)
		vm_unacct_memory(1);
	return -ENOSPC;
}

static void uncharge_pages(struct address_space *m, unsigned long n)
{
	if (m->shmem_limits)
		atomic_long_sub(n, &m->shmem_limits->used_pages);
	if (!m->prepaid)
		vm_unacct_memory(n);
}

/* Take off what has left the page cache. */
static void recalc_blocks(struct inode *inode)
{
	struct address_space *m = inode->i_mapping;
	unsigned long counted, have, freed = 0;

	spin_lock(&inode->i_lock);
	counted = (unsigned long)(inode->i_blocks / BLOCKS_PER_PAGE);
	have = READ_ONCE(m->nrpages);
	if (counted > have) {
		freed = counted - have;
		inode->i_blocks -= (u64)freed * BLOCKS_PER_PAGE;
	}
	spin_unlock(&inode->i_lock);
	if (freed)
		uncharge_pages(m, freed);
}

void shmem_init_mapping(struct inode *inode, struct shmem_limits *limits)
{
	inode->i_mapping->a_ops = &shmem_aops;
	inode->i_mapping->unevictable = true;
	inode->i_mapping->shmem_limits = limits;
}

/* ---- pages ------------------------------------------------------------------------------ */

/* Make @page, which has been charged and whose contents are good, the one at @index: locked. */
static int insert_page(struct inode *inode, pgoff_t index, struct page *page)
{
	int err;

	page->flags = 1UL << PG_locked | 1UL << PG_uptodate;
	err = add_to_page_cache(page, inode->i_mapping, index);
	if (err) {
		page->flags = 0;
		return err;
	}
	/* Until the lock is dropped nobody can truncate it: i_blocks never lags behind for long. */
	spin_lock(&inode->i_lock);
	inode->i_blocks += BLOCKS_PER_PAGE;
	spin_unlock(&inode->i_lock);
	return 0;
}

/* A new page at @index: locked, referenced. ERR_PTR(-EEXIST): somebody was faster. */
static struct page *add_page(struct inode *inode, pgoff_t index)
{
	struct address_space *m = inode->i_mapping;
	struct page *page;
	int err = charge_page(m);

	if (err)
		return ERR_PTR(err);
	err = -ENOMEM;
	page = alloc_page(GFP_USER | __GFP_ZERO);
	if (!page)
		goto uncharge;
	err = insert_page(inode, index, page);
	if (err)
		goto free;
	return page;

free:
	put_page(page);
uncharge:
	uncharge_pages(m, 1);
	return ERR_PTR(err);
}

int shmem_give_page(struct inode *inode, pgoff_t index, struct page *page)
{
	struct address_space *m = inode->i_mapping;
	int err = charge_page(m);

	if (err)
		return err;
	err = insert_page(inode, index, page);
	if (err) {
		uncharge_pages(m, 1);
		return err;
	}
	unlock_page(page);
	put_page(page);			/* the page cache has its own */
	return 0;
}

struct page *shmem_get_page(struct inode *inode, pgoff_t index)
{
	struct page *page;

	for (;;) {
		page = find_lock_page(inode->i_mapping, index);
		if (page)
			return page;
		page = add_page(inode, index);
		if (!IS_ERR(page) || PTR_ERR(page) != -EEXIST)
			return page;
	}
}

int shmem_fault(struct vm_fault *vmf)
{
	struct inode *inode = vmf->vma->vm_file->f_mapping->host;
	pgoff_t end = (pgoff_t)((i_size_read(inode) + PAGE_SIZE - 1) >> PAGE_SHIFT);
	struct page *page;

	if (vmf->pgoff >= end)
		return VM_FAULT_SIGBUS;
	page = shmem_get_page(inode, vmf->pgoff);
	if (IS_ERR(page))
		return PTR_ERR(page) == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
	vmf->page = page;
	return VM_FAULT_LOCKED;
}

const struct vm_operations shmem_file_vm_ops = {
	.fault		= shmem_fault,
	.map_pages	= filemap_map_pages,
};

int shmem_mmap(struct file *file, struct vm_area_struct *vma)
{
	unsigned int seals = file->f_mapping->seals;

	if ((seals & F_SEAL_FUTURE_WRITE) && (vma->vm_flags & VM_SHARED)) {
		if (vma->vm_flags & VM_WRITE)
			return -EPERM;
		vma->vm_flags &= ~VM_MAYWRITE;
	}
	file_accessed(file);
	vma->vm_ops = &shmem_file_vm_ops;
	return 0;
}

int shmem_zero_setup(struct vm_area_struct *vma)
{
	struct file *file = shmem_file_setup("dev/zero", vma->vm_end - vma->vm_start,
					     vma->vm_flags);

	if (IS_ERR(file))
		return PTR_ERR(file);
	if (vma->vm_file)
		fput(vma->vm_file);
	vma->vm_file = file;
	vma->vm_ops = &shmem_file_vm_ops;
	vma->vm_pgoff = 0;
	return 0;
}

/* ---- read and write --------------------------------------------------------------------- */

ssize_t shmem_file_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct address_space *m = iocb->ki_filp->f_mapping;
	ssize_t done = 0;

	while (iov_iter_count(to)) {
		loff_t size = i_size_read(m->host), pos = iocb->ki_pos;
		unsigned int offset = pos & ~PAGE_MASK;
		size_t n = min(PAGE_SIZE - offset, iov_iter_count(to)), copied;
		struct page *page;

		if (pos >= size)
			break;
		n = min_t(u64, n, size - pos);
		page = find_get_page(m, pos >> PAGE_SHIFT);
		if (page) {
			copied = copy_page_to_iter(page, offset, n, to);
			put_page(page);
		} else {
			copied = iov_iter_zero(n, to);
		}
		iocb->ki_pos += copied;
		done += copied;
		if (copied < n)
			return done ? done : -EFAULT;
		cond_resched();
	}
	file_accessed(iocb->ki_filp);
	return done;
}

static int shmem_write_begin(struct file *file, struct address_space *m, loff_t pos,
			     unsigned int len, struct page **pagep)
{
	struct page *page;

	if (unlikely(m->seals)) {
		if (m->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
			return -EPERM;
		if ((m->seals & F_SEAL_GROW) && pos + len > i_size_read(m->host))
			return -EPERM;
	}
	page = shmem_get_page(m->host, pos >> PAGE_SHIFT);
	if (IS_ERR(page))
		return PTR_ERR(page);
	*pagep = page;
	return 0;
}

static int shmem_write_end(struct file *file, struct address_space *m, loff_t pos, unsigned int len,
			   unsigned int copied, struct page *page)
{
	ClearPageExecSynced(page);
	if (pos + copied > i_size_read(m->host)) {
		size_changes(m, pos + copied);
		i_size_write(m->host, pos + copied);
	}
	unlock_page(page);
	put_page(page);
	return copied;
}

const struct address_space_operations shmem_aops = {
	.write_begin	= shmem_write_begin,
	.write_end	= shmem_write_end,
};

/* ---- seeking ---------------------------------------------------------------------------- */

static loff_t next_data(struct address_space *m, loff_t off, loff_t size)
{
	unsigned long index = off >> PAGE_SHIFT, first = index, flags;
	void *page;

	spin_lock_irqsave(&m->lock, flags);
	page = xa_find(&m->i_pages, &index, (size - 1) >> PAGE_SHIFT, XA_PRESENT);
	spin_unlock_irqrestore(&m->lock, flags);
	if (!page)
		return -ENXIO;
	return index == first ? off : (loff_t)index << PAGE_SHIFT;
}

static loff_t next_hole(struct address_space *m, loff_t off, loff_t size)
{
	unsigned long index = off >> PAGE_SHIFT, first = index, flags;
	bool found;

	spin_lock_irqsave(&m->lock, flags);
	found = xa_find_free(&m->i_pages, &index, (size - 1) >> PAGE_SHIFT);
	spin_unlock_irqrestore(&m->lock, flags);
	if (!found)
		return size;
	return index == first ? off : (loff_t)index << PAGE_SHIFT;
}

loff_t shmem_file_llseek(struct file *file, loff_t off, int whence)
{
	struct address_space *m = file->f_mapping;
	loff_t size = i_size_read(m->host);

	if (whence != SEEK_DATA && whence != SEEK_HOLE)
		return generic_file_llseek_size(file, off, whence, m->host->i_sb->s_maxbytes, size);
	if (off < 0 || off >= size)
		return -ENXIO;
	off = whence == SEEK_DATA ? next_data(m, off, size) : next_hole(m, off, size);
	if (off >= 0)
		file->f_pos = off;
	return off;
}

int shmem_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	return 0;
}

/* ---- size ------------------------------------------------------------------------------- */

int shmem_truncate(struct inode *inode, loff_t newsize)
{
	struct address_space *m = inode->i_mapping;
	loff_t oldsize = i_size_read(inode);

	if ((newsize < oldsize && (m->seals & F_SEAL_SHRINK)) ||
	    (newsize > oldsize && (m->seals & F_SEAL_GROW)))
		return -EPERM;
	size_changes(m, newsize);
	truncate_setsize(inode, newsize);
	/* Preallocated pages may lie beyond the old end, too. */
	if (newsize <= oldsize && m->nrpages)
		truncate_pagecache(inode, newsize);
	recalc_blocks(inode);
	return 0;
}

void shmem_evict(struct inode *inode)
{
	truncate_inode_pages(inode->i_mapping, 0);
	recalc_blocks(inode);
	size_changes(inode->i_mapping, 0);
}

static long punch_hole(struct inode *inode, loff_t off, loff_t len)
{
	struct address_space *m = inode->i_mapping;
	loff_t lo = ALIGN(off, (loff_t)PAGE_SIZE), hi = ALIGN_DOWN(off + len, (loff_t)PAGE_SIZE);

	if (m->seals & (F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
		return -EPERM;
	if (lo < hi)
		unmap_mapping_range(m, lo, hi - lo, false);
	truncate_inode_pages_range(m, off, off + len - 1);
	recalc_blocks(inode);
	return 0;
}

static long allocate(struct inode *inode, loff_t off, loff_t len)
{
	struct address_space *m = inode->i_mapping;
	pgoff_t index = off >> PAGE_SHIFT, last = (pgoff_t)((off + len - 1) >> PAGE_SHIFT);
	loff_t was = max(i_size_read(inode), off);
	struct page *page;
	long err = 0;

	if (m->shmem_limits && m->shmem_limits->max_pages &&
	    last - index >= m->shmem_limits->max_pages)
		return -ENOSPC;
	for (; index <= last; index++) {
		page = signal_pending(current) ? ERR_PTR(-EINTR) : shmem_get_page(inode, index);
		if (IS_ERR(page)) {
			err = PTR_ERR(page);
			break;
		}
		unlock_page(page);
		put_page(page);
		cond_resched();
	}
	if (err) {	/* what was made behind the end of the file is of no use */
		truncate_inode_pages_range(m, ALIGN(was, (loff_t)PAGE_SIZE), -1);
		recalc_blocks(inode);
	}
	return err;
}

long shmem_fallocate(struct file *file, int mode, loff_t off, loff_t len)
{
	struct inode *inode = file->f_mapping->host;
	long err;

	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE))
		return -EOPNOTSUPP;
	inode_lock(inode);
	if (mode & FALLOC_FL_PUNCH_HOLE) {
		err = punch_hole(inode, off, len);
	} else if ((inode->i_mapping->seals & F_SEAL_GROW) && off + len > i_size_read(inode)) {
		err = -EPERM;
	} else {
		err = inode_newsize_ok(inode, off + len) ?: allocate(inode, off, len);
		if (!err && !(mode & FALLOC_FL_KEEP_SIZE) && off + len > i_size_read(inode)) {
			size_changes(inode->i_mapping, off + len);
			i_size_write(inode, off + len);
		}
	}
	if (!err) {
		file_update_time(file);
		err = file_remove_privs(file);
	}
	inode_unlock(inode);
	return err;
}
