/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * THE lock order.  A lock may be taken only while every lock held in the same context (task or
 * interrupt) has a smaller rank; ranks grow inwards.  Two locks of one rank nest only through the
 * *_nested() functions, whose caller states the order in a comment (address, parent before child).
 *
 * Debug builds check the order on each acquisition (lockrank.c) and report the first violation of
 * each place with both locks.  Sleeping locks have ranks below LOCK_RANK_SPIN, spin locks above it:
 * so no sleeping lock is ever taken inside a spin lock.
 *
 * LOCK_RANK_NONE takes a lock out of the order check (it is still tracked as held).
 */
#pragma once

enum lock_rank {
	LOCK_RANK_NONE = 0,

	/* ---- sleeping locks: mutex, rwsem ---- */
	LOCK_RANK_SETUP = 10,		/* module-wide set-up: driver binding, sysctl writers */
	LOCK_RANK_CRED_GUARD = 20,	/* exec and ptrace attach exclude each other */
	LOCK_RANK_PIPE = 26,		/* a pipe; splice reads and writes files inside */
	LOCK_RANK_TTY_DEVICE = 30,	/* one terminal's open/close/hangup */
	LOCK_RANK_TTY_LDISC = 34,	/* line discipline read/write sides */
	LOCK_RANK_EPOLL_GLOBAL = 40,	/* loop check of nested epolls */
	LOCK_RANK_EPOLL = 44,		/* one epoll instance */
	LOCK_RANK_AIO = 48,		/* who takes events of asynchronous I/O out of a ring */
	LOCK_RANK_FILE_POS = 50,	/* struct file: read/write/lseek share a position */
	LOCK_RANK_SEQ_FILE = 52,	/* the buffer of a file made on the fly */
	LOCK_RANK_FS_CONTEXT = 54,	/* a file system being made: fsconfig, fsmount */
	LOCK_RANK_NAMESPACE = 56,	/* namespace_sem: the mount trees */
	LOCK_RANK_MOUNT = 60,		/* super block: mount, umount, remount */
	LOCK_RANK_SB_WRITERS = 64,	/* freeze protection */
	LOCK_RANK_RENAME = 68,		/* one cross-directory rename per super block */
	LOCK_RANK_INODE_DIR = 72,	/* inode rwsem of a directory; parent before child */
	LOCK_RANK_INODE = 76,		/* inode rwsem of anything else */
	LOCK_RANK_CGROUP = 80,		/* the tree of control groups */
	LOCK_RANK_SOCKET = 82,		/* one socket's mutex */
	LOCK_RANK_RTNL = 84,		/* network devices */
	LOCK_RANK_MMAP = 90,		/* mm->mmap_lock: page faults below all of the above */
	LOCK_RANK_IPC = 92,		/* System V id tables: unmapping may remove a segment */
	LOCK_RANK_INVALIDATE = 94,	/* mapping: truncate against page faults */
	LOCK_RANK_RMAP_FILE = 100,	/* mapping's VMA tree; inside page locks, which have no rank */
	LOCK_RANK_RMAP_ANON = 104,	/* anon_vma */
	LOCK_RANK_JOURNAL = 112,	/* file system private: journal, allocation groups, FAT */
	LOCK_RANK_FS_ALLOC = 116,	/* file system private: block and inode bitmaps */
	LOCK_RANK_BUFFER = 120,		/* buffer head */
	LOCK_RANK_BLOCK = 124,		/* block device, request queue set-up */
	LOCK_RANK_DEVICE = 130,		/* a driver's own sleeping lock */
	LOCK_RANK_WORKQUEUE = 140,	/* work queue and kthread creation */
	LOCK_RANK_MUTEX = 150,		/* default of mutexes and rwsems: innermost sleeping lock */

	/* ---- spin locks ---- */
	LOCK_RANK_SPIN = 200,
	LOCK_RANK_TASKLIST = 210,	/* relations between tasks */
	LOCK_RANK_TASK = 216,		/* task->alloc_lock (task_lock) */
	LOCK_RANK_FILES = 220,		/* a descriptor table */
	LOCK_RANK_FS_STRUCT = 222,	/* cwd, root */
	LOCK_RANK_MOUNT_HASH = 226,	/* mount lookup */
	LOCK_RANK_RENAME_SEQ = 228,	/* rename_lock: the shape of the dentry tree */
	LOCK_RANK_DENTRY = 230,		/* dentry; parent before child */
	LOCK_RANK_DCACHE = 234,		/* dentry hash and LRU */
	LOCK_RANK_INODE_LOCK = 238,	/* inode->i_lock */
	LOCK_RANK_INODE_HASH = 242,	/* inode hash, super block's lists */
	/* mm->page_table_lock; parent mm before child mm.  A leaf table that several mms share is
	 * protected by none of their locks and does not change: pgtable_share.c. */
	LOCK_RANK_PAGE_TABLE = 250,
	LOCK_RANK_MAPPING = 254,	/* page cache tree of a mapping */
	LOCK_RANK_LRU = 258,		/* reclaim lists */
	LOCK_RANK_FUTEX = 262,		/* a futex hash bucket; by address */
	LOCK_RANK_FUTEX_PI = 264,	/* who waits for whom at futexes that lend priority */
	LOCK_RANK_SIGHAND = 270,	/* sighand->siglock, irqs off */
	LOCK_RANK_PID = 274,		/* pid tables */
	LOCK_RANK_OBJECT = 280,		/* a file, pipe, terminal, driver: outer object lock */
	LOCK_RANK_OBJECT_INNER = 284,	/* ditto, inside one of the former */
	LOCK_RANK_LEAF = 290,		/* the default: only what follows may be taken inside */
	LOCK_RANK_SLEEPLOCK = 296,	/* wait lists of mutexes and rwsems */
	LOCK_RANK_POLL_WAIT = 300,	/* a wait queue that wakes another one (epoll) */
	LOCK_RANK_WAIT = 304,		/* wait queues */
	LOCK_RANK_WORK = 308,		/* work pool: queue_work from anywhere */
	LOCK_RANK_TIMER = 312,		/* hrtimer bases */
	LOCK_RANK_PI = 320,		/* task->pi_lock */
	LOCK_RANK_RQ = 324,		/* run queues; by CPU number */
	LOCK_RANK_CPU_QUOTA = 326,	/* what a task group may run yet */
	LOCK_RANK_SLAB = 330,		/* slab caches */
	LOCK_RANK_VMALLOC = 334,	/* kernel virtual ranges */
	LOCK_RANK_ZONE = 338,		/* page allocator */
	LOCK_RANK_ASID = 342,		/* ASID allocation in context switch */
	LOCK_RANK_IRQ = 350,		/* irq descriptors and domains */
	LOCK_RANK_IRQCHIP = 354,	/* interrupt controller registers */
	LOCK_RANK_TIMEKEEPING = 358,	/* clock update */
	LOCK_RANK_SMP = 362,		/* cross-calls */
	LOCK_RANK_RANDOM = 366,		/* entropy pool */
	LOCK_RANK_CONSOLE = 380,	/* console hardware */
	LOCK_RANK_PRINTK = 390,		/* the log ring */
};
