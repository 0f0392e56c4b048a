/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How the rest of the kernel puts files into /proc.  Entries are made at boot and never removed,
 * except through proc_remove() by whoever made them.
 */
#pragma once

#include <fs/seq_file.h>

struct pid;
struct pid_namespace;
struct proc_dir_entry;
/* Whose pids a mount of procfs shows; and the same of the file that is being read. */
struct pid_namespace *proc_pid_ns(const struct super_block *sb);
static inline struct pid_namespace *proc_seq_pid_ns(const struct seq_file *m)
{
	return proc_pid_ns(file_inode(m->file)->i_sb);
}
/* The process whose directory /proc/<pid> @file is, no reference; else ERR_PTR(-EBADF). */
struct pid *proc_tgid_pid(const struct file *file);
void proc_init(void);		/* boot, from vfs_init(), when files and mounts work */
/* A read-only file shown by @show(m, data). @parent NULL: /proc itself. */
struct proc_dir_entry *proc_create_single(const char *name, umode_t mode,
					  struct proc_dir_entry *parent,
					  int (*show)(struct seq_file *, void *), void *data);
/* The same for a @show that cannot fail and wants no data. */
struct proc_dir_entry *proc_create_text(const char *name, umode_t mode,
					struct proc_dir_entry *parent,
					void (*show)(struct seq_file *m));
struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent,
		const struct file_operations *fops, void *data);
struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent);
struct proc_dir_entry *proc_symlink(const char *name, struct proc_dir_entry *parent,
				    const char *target);
void proc_remove(struct proc_dir_entry *e);
extern struct proc_dir_entry *proc_net;	/* /proc/<pid>/net; after proc_init() */
void *pde_data(const struct inode *inode);

/* /proc/sys: a table of variables per directory path, e.g. sysctl_register("kernel", table, n). */
struct ctl_table {
	const char	*procname;
	void		*data;
	int		maxlen;
	umode_t		mode;
	/* Default: sysctl_int. Read: the whole text into @buf of *len bytes, its length into *len.
	 * Write: the value from @buf, NUL-terminated, which may be changed. 0 or -errno. @pos is
	 * only for strings. */
	int (*handler)(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos);
	umode_t (*permission)(const struct ctl_table *t);	/* MAY_* bits for current; default: by @mode */
	long		min, max;	/* for integer handlers, when max > min */
};
int sysctl_int(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos);
int sysctl_ulong(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos);
int sysctl_string(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos);
void sysctl_register(const char *dir, const struct ctl_table *table, unsigned int n);
