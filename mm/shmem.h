/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pages whose only home is memory: tmpfs files, MAP_SHARED|MAP_ANONYMOUS, memfd, SysV shm.
 *
 * mm/shmem.c looks after the pages; the tmpfs file system (fs/tmpfs) has the names, inodes and
 * mounts. A tmpfs inode of a regular file says:
 *	inode->i_mapping->a_ops = &shmem_aops, after shmem_init_mapping(inode, limits of the mount)
 *	f_op: .mmap = shmem_mmap, .read_iter = shmem_file_read_iter,
 *	      .write_iter = generic_file_write_iter,
 *	      .llseek = shmem_file_llseek, .fallocate = shmem_fallocate, .fsync = shmem_fsync
 * and calls shmem_truncate() for ATTR_SIZE and shmem_evict() when the inode goes.  The seals of a
 * memfd are in i_mapping->seals; everything here obeys them (F_ADD_SEALS sets them, after
 * mapping_deny_writable() for F_SEAL_WRITE).
 */
#pragma once

#include <kernel/lib/atomic.h>
#include <kernel/lib/types.h>
#include <mm/filemap.h>

struct file;
struct inode;
struct iov_iter;
struct kiocb;
struct vm_area_struct;
struct vm_operations;

/* How many pages the files of one mount may have. */
struct shmem_limits {
	unsigned long	max_pages;	/* 0: no limit. Changed by remount */
	atomic_long_t	used_pages;	/* [a] */
};

extern const struct address_space_operations shmem_aops;
extern const struct vm_operations shmem_file_vm_ops;

void shmem_init_mapping(struct inode *inode, struct shmem_limits *limits);
/* A new file that will have @size bytes: promise the memory for all of them. -ENOMEM. */
int shmem_prepay(struct address_space *m, loff_t size);
int shmem_fault(struct vm_fault *vmf);
int shmem_mmap(struct file *file, struct vm_area_struct *vma);
/* holes read as zero, unallocated */
ssize_t shmem_file_read_iter(struct kiocb *iocb, struct iov_iter *to);
/* with SEEK_DATA, SEEK_HOLE */
loff_t shmem_file_llseek(struct file *file, loff_t off, int whence);
long shmem_fallocate(struct file *file, int mode, loff_t off, loff_t len); /* takes i_rwsem */
int shmem_fsync(struct file *file, loff_t start, loff_t end, int datasync); /* nothing to do */
int shmem_truncate(struct inode *inode, loff_t newsize);	/* i_rwsem held; sets i_size */
void shmem_evict(struct inode *inode);				/* evict_inode: all pages go */
/* The page at @index, allocated and zeroed if it is a hole: referenced, locked.
 * ERR_PTR(-ENOSPC...). */
struct page *shmem_get_page(struct inode *inode, pgoff_t index);
/* A page that holds the data already becomes the file's at @index, where there is none; the size is the caller's.
 * The caller's reference to the page is the file's from then on, if 0 is returned. */
int shmem_give_page(struct inode *inode, pgoff_t index, struct page *page);

/* A file of @size bytes on the internal tmpfs mount, not in any directory. ERR_PTR. In fs/tmpfs. */
struct file *shmem_file_setup(const char *name, loff_t size, unsigned long vm_flags);
/* Give an anonymous shared VMA its object. */
int shmem_zero_setup(struct vm_area_struct *vma);
