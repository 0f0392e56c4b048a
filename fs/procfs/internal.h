/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of procfs share. */
#pragma once

#include <fs/procfs/proc_fs.h>
#include <fs/seq_file.h>
#include <fs/vfs.h>
#include <kernel/pid.h>

#define FIRST_PROCESS_POS 0x10000	/* readdir of /proc: registered entries come before */

/* A made-once entry; the tree is changed at boot and read without a lock after. */
struct proc_dir_entry {
	const char		*name;
	umode_t			mode;
	u64			ino;
	struct proc_dir_entry	*parent;
	struct list_head	children;	/* in order of creation */
	struct list_head	sibling;
	const struct file_operations *fops;	/* NULL: directory, symlink or show */
	int			(*show)(struct seq_file *, void *);
	const char		*target;	/* symlink; NULL: self, and thread-self with data */
	void			*data;
	const struct ctl_table	*ctl;		/* a variable of /proc/sys */
};
extern struct proc_dir_entry proc_root;

/* What a mount shows of processes: options.c. */
enum { HIDEPID_OFF, HIDEPID_NO_ACCESS, HIDEPID_INVISIBLE, HIDEPID_NOT_PTRACEABLE = 4 };
struct proc_fs_info {
	struct pid_namespace	*pid_ns;	/* [I] whose numbers; reference */
	unsigned int		hide_pid;	/* HIDEPID_*: from whom may not trace them */
	gid_t			pid_gid;	/* who is in it sees all, but for HIDEPID_NOT_PTRACEABLE */
	bool			pid_only;	/* processes, and nothing else */
};
static inline struct proc_fs_info *proc_sb_info(const struct super_block *sb)
{
	return sb->s_fs_info;
}
struct fs_context;
int proc_init_fs_context(struct fs_context *fc);
int proc_get_tree(struct fs_context *fc);			/* root.c */
void proc_apply_options(struct super_block *sb, struct fs_context *fc);
int proc_show_options(struct seq_file *m, struct dentry *root);
/* May current see of @t what the mount hides from @hide_pid_min on? */
bool proc_may_see(const struct super_block *sb, struct task_struct *t, unsigned int hide_pid_min);

struct ns_common;
struct pid_entry;
/* The inode of anything in procfs. [I] after creation; i_lock protects nothing of it. */
struct proc_inode {
	struct inode		vfs_inode;
	struct proc_dir_entry	*pde;		/* static entries */
	struct pid		*pid;		/* of a task: reference */
	const struct pid_entry	*entry;		/* which file of the task */
	unsigned int		fd;		/* /proc/<pid>/fd/N */
	struct ns_common	*ns;		/* below /proc/<pid>/net: reference */
};
static inline struct proc_inode *PROC_I(const struct inode *inode)
{
	return container_of(inode, struct proc_inode, vfs_inode);
}

/* One name in a task's directory. */
struct pid_entry {
	const char		*name;
	umode_t			mode;
	const struct inode_operations *iop;	/* NULL: a file */
	const struct file_operations *fop;	/* NULL: shown by @show */
	int			(*show)(struct seq_file *m, struct task_struct *t);
	/* symlink: reference to where it leads; 0 or -errno */
	int			(*get_link)(struct dentry *dentry, struct task_struct *t,
					    struct path *path);
};
#define PID_DIR(n, m, i, f)	{ .name = n, .mode = S_IFDIR | (m), .iop = i, .fop = f }
#define PID_SHOW(n, m, s)	{ .name = n, .mode = S_IFREG | (m), .show = s }
#define PID_FILE(n, m, f)	{ .name = n, .mode = S_IFREG | (m), .fop = f }
/* @f opens with proc_pid_show_open(). */
#define PID_SHOW_WRITE(n, m, s, f)	{ .name = n, .mode = S_IFREG | (m), .show = s, .fop = f }
#define PID_LINK(n, g)		{ .name = n, .mode = S_IFLNK | 0777, .get_link = g }

/* The task of a procfs inode with a reference, or NULL when it has gone. */
struct task_struct *get_proc_task(const struct inode *inode);
/* mm_access() to its memory; ERR_PTR(-ESRCH): it has gone. */
struct mm_struct *proc_mm_access(const struct inode *inode, unsigned int mode);
/* The same question asked at open. 0 or an error. */
int proc_mm_may_access(const struct inode *inode, unsigned int mode);
/* How a link whose entry has get_link() is followed and read. */
const char *proc_pid_get_link(struct dentry *dentry, struct inode *inode, void (**done)(void *), void **arg);
int proc_pid_readlink(struct dentry *dentry, char __user *ubuf, int size);
/* open of a file whose entry has show() */
int proc_pid_show_open(struct inode *inode, struct file *file);
/* Like generic_permission(), but a process may always look at its own. */
int proc_own_permission(struct inode *inode, int mask);
struct inode *proc_get_inode(struct super_block *sb, struct proc_dir_entry *de);
/* An inode of @t's file @entry; NULL: no memory, or @t has gone. */
struct inode *proc_pid_make_inode(struct super_block *sb, struct task_struct *t,
				  const struct pid_entry *entry);
/* Owner and group follow the task's credentials. */
int proc_pid_revalidate(struct dentry *dentry, unsigned int flags);
int proc_pid_setattr(struct dentry *dentry, struct iattr *attr);
int proc_pid_getattr(const struct path *path, struct kstat *stat, u32 mask, unsigned int flags);
extern const struct dentry_operations proc_pid_dentry_operations;
/* Instantiate one entry under @dentry: NULL or ERR_PTR, as lookup returns. */
struct dentry *proc_pid_instantiate(struct dentry *dentry, struct task_struct *t,
				    const struct pid_entry *entry);
struct dentry *proc_pid_lookup_in(struct inode *dir, struct dentry *dentry,
				  const struct pid_entry *table, unsigned int n);
int proc_pid_readdir_in(struct file *file, struct dir_context *ctx, const struct pid_entry *table,
			unsigned int n);

struct proc_dir_entry *proc_find_de(struct proc_dir_entry *parent, const struct qstr *name);	/* or NULL */
struct dentry *proc_lookup_de(struct inode *dir, struct dentry *dentry, struct proc_dir_entry *de);
int proc_readdir_de(struct file *file, struct dir_context *ctx, struct proc_dir_entry *de);
extern const struct inode_operations proc_dir_iops;
extern const struct file_operations proc_dir_fops;

/* a link without a target: self, thread-self */
extern const struct inode_operations proc_self_iops;

/* root of a task: base.c */
struct dentry *proc_pid_lookup(struct inode *dir, struct dentry *dentry);
int proc_pid_readdir(struct file *file, struct dir_context *ctx);
extern const struct inode_operations proc_tgid_iops, proc_tid_iops, proc_task_dir_iops,
	proc_fd_iops, proc_fdinfo_iops, proc_ns_iops, proc_map_files_iops, proc_attr_iops, proc_net_iops;
extern const struct file_operations proc_tgid_fops, proc_tid_fops, proc_task_dir_fops, proc_fd_fops,
	proc_fdinfo_fops, proc_ns_fops, proc_map_files_fops, proc_attr_fops, proc_net_fops;

/* the files of a task */
int proc_pid_stat(struct seq_file *m, struct task_struct *t);		/* task_stat.c */
int proc_tid_stat(struct seq_file *m, struct task_struct *t);
int proc_pid_status(struct seq_file *m, struct task_struct *t);
int proc_pid_statm(struct seq_file *m, struct task_struct *t);
extern const struct file_operations proc_cmdline_fops, proc_environ_fops, proc_auxv_fops,
	proc_maps_fops, proc_smaps_fops, proc_numa_maps_fops, proc_mem_fops; /* task_mm.c */
extern const struct file_operations proc_fail_nth_fops, proc_make_it_fail_fops; /* task_fault.c */
int proc_pid_smaps_rollup(struct seq_file *m, struct task_struct *t);
extern const struct file_operations proc_mounts_fops, proc_mountinfo_fops, proc_mountstats_fops,
	proc_comm_fops, proc_oom_score_adj_fops, proc_oom_adj_fops;	/* task_misc.c */
extern const struct file_operations proc_uid_map_fops, proc_gid_map_fops, proc_projid_map_fops,
	proc_setgroups_fops;						/* task_userns.c */
int proc_pid_limits(struct seq_file *m, struct task_struct *t);
int proc_pid_io(struct seq_file *m, struct task_struct *t);
int proc_pid_wchan(struct seq_file *m, struct task_struct *t);
int proc_pid_oom_score(struct seq_file *m, struct task_struct *t);
int proc_pid_personality(struct seq_file *m, struct task_struct *t);
int proc_pid_schedstat(struct seq_file *m, struct task_struct *t);
int proc_pid_sched(struct seq_file *m, struct task_struct *t);
int proc_pid_timers(struct seq_file *m, struct task_struct *t);
extern const struct file_operations proc_sched_fops;

extern const struct file_operations proc_coredump_filter_fops, proc_timerslack_fops;	/* task_debug.c */
int proc_pid_timens_offsets(struct seq_file *m, struct task_struct *t);	/* task_timens.c */
extern const struct file_operations proc_timens_offsets_fops;
int proc_pid_syscall(struct seq_file *m, struct task_struct *t);
int proc_pid_stack(struct seq_file *m, struct task_struct *t);
int proc_tid_children(struct seq_file *m, struct task_struct *t);
extern const struct file_operations proc_pagemap_fops, proc_clear_refs_fops;	/* task_pages.c */

void proc_system_init(void);			/* system.c: meminfo, stat ... */
void proc_devices_init(void);			/* devices.c */
void proc_net_init(void);			/* task_net.c */
#ifdef CONFIG_DEBUG
void proc_lock_stat_init(void);		/* lock_stat.c */
#else
static inline void proc_lock_stat_init(void) { }
#endif
void proc_kmsg_init(void);			/* kmsg.c: kmsg, kallsyms */
extern int kptr_restrict;			/* kernel.kptr_restrict */
void proc_sysctl_init(void);			/* sysctl_tables.c */
extern const struct file_operations proc_sys_file_fops;
extern const struct inode_operations proc_sys_file_iops;
