/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Descriptor tables.
 *
 * Locks:  [L] files->file_lock   [a] atomic   [o] read without a lock by an owner that shares it with nobody
 *
 * A descriptor is looked up with fdget(): no reference is taken while the table has one user, since nobody
 * else can close it under us.
 */
#pragma once

#include <fs/vfs.h>

#define NR_OPEN_DEFAULT	64

struct fdtable {
	unsigned int	max_fds;
	struct file	**fd;			/* [L] */
	unsigned long	*close_on_exec;		/* [L] */
	unsigned long	*open_fds;		/* [L] */
};
struct files_struct {
	atomic_t	count;			/* [a] */
	spinlock_t	file_lock;
	unsigned int	next_fd;		/* [L] lowest that may be free */
	struct fdtable	*fdt;			/* [L] */
	struct fdtable	fdtab;			/* the first table, inside */
	unsigned long	close_on_exec_init[NR_OPEN_DEFAULT / (8 * sizeof(long))];
	unsigned long	open_fds_init[NR_OPEN_DEFAULT / (8 * sizeof(long))];
	struct file	*fd_array[NR_OPEN_DEFAULT];
};
struct fd {
	struct file	*file;			/* NULL: bad descriptor */
	bool		need_put, need_pos_unlock;
};
struct fd fdget(unsigned int fd);		/* not O_PATH ones */
struct fd fdget_raw(unsigned int fd);		/* O_PATH too */
struct fd fdget_pos(unsigned int fd);		/* with f_pos_lock where needed */
void fdput_pos(struct fd f);
static inline void fdput(struct fd f)
{
	if (unlikely(f.need_put))
		fput(f.file);
}
struct file *fget(unsigned int fd);		/* a reference, or NULL */
struct file *fget_raw(unsigned int fd);
struct file *fget_task(struct task_struct *t, unsigned int fd);
int get_unused_fd_flags(unsigned int flags);	/* O_CLOEXEC; -EMFILE, -ENOMEM */
void put_unused_fd(unsigned int fd);
void fd_install(unsigned int fd, struct file *file);	/* consumes the reference */
int receive_fd(struct file *file, unsigned int flags);	/* new descriptor for a passed file */
int close_fd(unsigned int fd);
int replace_fd(unsigned int fd, struct file *file, unsigned int flags);
struct files_struct *dup_fd(struct files_struct *old, int *err);
void put_files_struct(struct files_struct *files);
void exit_files(struct task_struct *t);
int unshare_files(void);			/* exec: a private table for current */
void do_close_on_exec(struct files_struct *files);
int iterate_fd(struct files_struct *files, unsigned int start,
	       int (*fn)(const void *p, struct file *f, unsigned int fd), const void *p);
extern struct files_struct init_files;
extern unsigned int sysctl_nr_open;
extern unsigned long files_max;		/* fs.file-max */
unsigned long nr_open_files(void);
