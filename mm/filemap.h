/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page cache: the pages of an inode, by index.
 *
 * Locks:  [x] mapping->lock (irq-safe spinlock; the tree)   [i] i_mmap_lock (the VMAs that map it)
 *	   page lock: contents while not uptodate, truncation.   inode->i_rwsem: size, writes.
 * Order: i_rwsem > page lock > i_mmap_lock > page_table_lock > mapping->lock.
 */
#pragma once

#include <kernel/lib/err.h>
#include <kernel/lib/list.h>
#include <kernel/lib/xarray.h>
#include <kernel/locking/rwsem.h>
#include <kernel/locking/spinlock.h>
#include <mm/page.h>

struct file;
struct inode;
struct iov_iter;
struct kiocb;
struct vm_area_struct;
struct vm_fault;
struct writeback_control;

struct address_space_operations {
	/* Fill a locked page that is not uptodate; unlocks it when done (maybe later). */
	int (*readpage)(struct file *file, struct page *page);
	/* Write a locked dirty page out; unlocks it. NULL: memory is its home (tmpfs). */
	int (*writepage)(struct page *page, struct writeback_control *wbc);
	/* Prepare [pos, pos+len) inside one page for copying: returns it locked with a reference.
	 * NULL: a default that reads the page unless it is wholly overwritten. */
	int (*write_begin)(struct file *file, struct address_space *mapping, loff_t pos,
			   unsigned int len, struct page **pagep);
	int (*write_end)(struct file *file, struct address_space *mapping, loff_t pos,
			 unsigned int len, unsigned int copied, struct page *page);
	void (*freepage)(struct page *page);
	sector_t (*bmap)(struct address_space *mapping, sector_t block);
};

struct address_space {
	struct inode		*host;		/* [I] */
	struct xarray		i_pages;	/* [x] struct page by index */
	spinlock_t		lock;
	unsigned long		nrpages;	/* [x] */
	const struct address_space_operations *a_ops; /* [I] */
	struct rw_semaphore	i_mmap_lock;
	struct list_head	i_mmap;		/* [i] VMAs */
	/* [a] VM_SHARED|VM_MAYWRITE maps; negative: denied */
	atomic_t		i_mmap_writable;
	int			wb_err;		/* [x] errseq-like last write error */
	bool			unevictable;	/* [I] tmpfs: never reclaimed */
	bool			prepaid;	/* [I] tmpfs: the commit limit counts the size, not the pages */
	unsigned int		seals;		/* [host's i_rwsem] memfd: F_SEAL_* */
	/* [I] tmpfs: whose space its pages take; NULL: nobody's */
	struct shmem_limits	*shmem_limits;
	/* [dirty_lock of mm/writeback.c] mappings with dirty pages */
	struct list_head	dirty_list;
};
/* Shared writable mappings against F_SEAL_WRITE: 0, -EPERM (denied), -EBUSY (mapped). */
static inline int mapping_map_writable(struct address_space *m)
{
	int old = atomic_read(&m->i_mmap_writable);

	do {
		if (old < 0)
			return -EPERM;
	} while (!atomic_try_cmpxchg(&m->i_mmap_writable, &old, old + 1));
	return 0;
}
static inline void mapping_unmap_writable(struct address_space *m)
{
	atomic_dec(&m->i_mmap_writable);
}
static inline int mapping_deny_writable(struct address_space *m)
{
	int old = atomic_read(&m->i_mmap_writable);

	do {
		if (old > 0)
			return -EBUSY;
	} while (!atomic_try_cmpxchg(&m->i_mmap_writable, &old, old - 1));
	return 0;
}
static inline void mapping_allow_writable(struct address_space *m)
{
	atomic_inc(&m->i_mmap_writable);
}

#define PAGECACHE_TAG_DIRTY	0
#define PAGECACHE_TAG_WRITEBACK	1

void address_space_init(struct address_space *m, struct inode *host,
			const struct address_space_operations *ops);
/* reference or NULL */
struct page *find_get_page(struct address_space *m, pgoff_t index);
struct page *find_lock_page(struct address_space *m, pgoff_t index);
/* Find or make; locked, referenced. A new page is not uptodate. ERR_PTR. */
struct page *find_or_create_page(struct address_space *m, pgoff_t index, gfp_t gfp);
/* Find or read: uptodate, referenced, not locked. ERR_PTR(-EIO...). */
struct page *read_mapping_page(struct address_space *m, pgoff_t index, struct file *file);
/* page locked; takes a ref */
int add_to_page_cache(struct page *page, struct address_space *m, pgoff_t index);
void delete_from_page_cache(struct page *page);					/* page locked */
void truncate_inode_pages(struct address_space *m, loff_t start);
/* end inclusive, page part zeroed */
void truncate_inode_pages_range(struct address_space *m, loff_t start, loff_t end);
/* i_size, unmap, truncate; i_rwsem held */
void truncate_setsize(struct inode *inode, loff_t newsize);
void truncate_pagecache(struct inode *inode, loff_t newsize);
/* Unmap [start, start+len) (len 0: to the end) from every VMA. */
void unmap_mapping_range(struct address_space *m, loff_t start, loff_t len, bool even_cows);
unsigned long invalidate_mapping_pages(struct address_space *m, pgoff_t start, pgoff_t end);
/* Start reading [first, last] as far as it is not there: no errors, the reader will see them. */
void page_cache_readahead(struct address_space *m, struct file *file, pgoff_t first, pgoff_t last);
void set_page_dirty(struct page *page);
int filemap_write_and_wait_range(struct address_space *m, loff_t start, loff_t end);
int filemap_fdatawrite_range(struct address_space *m, loff_t start, loff_t end);
/* errors not yet reported to this file */
int filemap_check_wb_err(struct address_space *m, int *since);
/* What writepage is told. */
struct writeback_control {
	bool			sync;		/* the caller waits: do not skip busy pages */
	unsigned long		nr_to_write;
};
void set_page_writeback(struct page *page);	/* by writepage, page locked, before it unlocks */
void mapping_set_error(struct address_space *m, int error);
void sync_dirty_mappings(bool wait);		/* sync(2): every mapping */
void balance_dirty_pages(struct address_space *m); /* a writer waits when too much is dirty */
void writeback_init(void);			/* starts the flusher thread */
void address_space_destroy(struct address_space *m);	/* inode goes: it must be empty */
void unmap_mapping_page(struct page *page);	/* page locked: out of every page table */

ssize_t generic_file_read_iter(struct kiocb *iocb, struct iov_iter *to);
ssize_t generic_file_write_iter(struct kiocb *iocb, struct iov_iter *from);
/* i_rwsem held; moves ki_pos */
ssize_t generic_perform_write(struct kiocb *iocb, struct iov_iter *from);
int generic_file_mmap(struct file *file, struct vm_area_struct *vma);
int filemap_fault(struct vm_fault *vmf);
bool filemap_map_pages(struct vm_fault *vmf, pgoff_t first, pgoff_t last);
int filemap_page_mkwrite(struct vm_fault *vmf);
extern const struct vm_operations generic_file_vm_ops;
