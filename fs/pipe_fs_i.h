/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pipe: a ring of page-sized buffers between readers and writers.
 *
 * Each used slot holds a counted page and says which bytes of it are data; the page may be the pipe's own,
 * or a page of a file's cache that splice(2) put there and that nobody may write to.
 *
 * Locks:  [p] pipe->mutex (read without it by poll and sleepers, as a hint)   [i] inode->i_lock   [I] immutable
 */
#pragma once

#include <fs/fasync.h>
#include <fs/vfs.h>
#include <kernel/sched/wait.h>

struct user_struct;

#define PIPE_DEF_BUFFERS	16
#define PIPE_MIN_DEF_BUFFERS	2	/* of a user who has very many pipes */
#define PIPE_TMP_PAGES		2

#define PIPE_BUF_CAN_MERGE	1	/* the page is the pipe's own: a later write may fill it up */
#define PIPE_BUF_PACKET		2	/* O_DIRECT: one read takes one of these */

struct pipe_buffer {
	struct page	*page;
	unsigned int	offset, len;
	unsigned int	flags;		/* PIPE_BUF_* */
};

struct pipe_inode_info {
	struct mutex		mutex;
	wait_queue_head_t	rd_wait, wr_wait;
	unsigned int		head, tail;	/* [p] free running: filled at head, emptied at tail */
	unsigned int		ring_size;	/* [p] slots, a power of two */
	unsigned int		readers, writers; /* [p] open files */
	unsigned int		r_counter, w_counter; /* [p] opens so far */
	unsigned int		files;		/* [i] struct files that use it */
	bool			poll_usage;	/* somebody polled it: wake for each write */
	bool			named;		/* [I] a FIFO: keeps times */
	struct fasync_queue	rd_fasync, wr_fasync; /* O_ASYNC of the two sides */
	struct page		*tmp_page[PIPE_TMP_PAGES]; /* [p] spare pages */
	struct pipe_buffer	*bufs;		/* [p] ring_size of them */
	struct user_struct	*user;		/* [I] whose pipe_bufs it counts against */
	struct pipe_buffer	first_bufs[PIPE_DEF_BUFFERS];
};

extern unsigned int pipe_max_size;		/* fs.pipe-max-size, bytes */
extern unsigned long pipe_user_pages_hard, pipe_user_pages_soft;

static inline unsigned int pipe_occupancy(const struct pipe_inode_info *pipe)
{
	return READ_ONCE(pipe->head) - READ_ONCE(pipe->tail);
}
static inline bool pipe_empty(const struct pipe_inode_info *pipe)
{
	return READ_ONCE(pipe->head) == READ_ONCE(pipe->tail);
}
static inline bool pipe_full(const struct pipe_inode_info *pipe)
{
	return pipe_occupancy(pipe) >= READ_ONCE(pipe->ring_size);
}
static inline struct pipe_buffer *pipe_buf(const struct pipe_inode_info *pipe, unsigned int slot)
{
	return &pipe->bufs[slot & (pipe->ring_size - 1)];
}
/* Is there anything to do for a reader (data, or end of file), a writer (room, or nobody to read)? */
static inline bool pipe_readable(const struct pipe_inode_info *pipe)
{
	return !pipe_empty(pipe) || !READ_ONCE(pipe->writers);
}
static inline bool pipe_writable(const struct pipe_inode_info *pipe)
{
	return !pipe_full(pipe) || !READ_ONCE(pipe->readers);
}

/* The pipe behind an open file, or NULL when it is something else. */
struct pipe_inode_info *get_pipe_info(const struct file *file);
/* A pipe of the kernel's: read end in files[0], write end in files[1]. @flags: O_NONBLOCK, O_DIRECT. */
int create_pipe_files(struct file *files[2], int flags);
/* fcntl(2): F_SETPIPE_SZ, F_GETPIPE_SZ; -EBADF when @file is not a pipe. */
long pipe_fcntl(struct file *file, unsigned int cmd, unsigned long arg);
void pipe_init(void);

/* For splice; [p] held where the name does not say otherwise. */
void pipe_release_tail(struct pipe_inode_info *pipe);	/* the buffer at tail is used up */
void pipe_push(struct pipe_inode_info *pipe, struct page *page, unsigned int offset, unsigned int len,
	       unsigned int flags);			/* takes over a page reference; there is room */
void pipe_wake_readers(struct pipe_inode_info *pipe);	/* not held */
void pipe_wake_writers(struct pipe_inode_info *pipe);	/* not held */
/* Copy from @from into the pipe as far as there is room now: bytes, -EFAULT, -ENOMEM. */
ssize_t pipe_fill(struct pipe_inode_info *pipe, struct iov_iter *from, bool packet);
