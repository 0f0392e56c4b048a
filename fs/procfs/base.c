// SPDX-License-Identifier: GPL-2.0-only
/*
 * A directory per process, /proc/<pid>, and one per thread below it, /proc/<pid>/task/<tid>.
 *
 * A table lists the files; an inode holds the struct pid, never the task, so that an open file of a
 * dead process reads as ESRCH instead of keeping the task.  Dentries are revalidated: they go when
 * the task has gone, and are not kept when unused.
 *
 * Locking: tasklist_lock inside get_pid_task(); nothing else is needed.
 */
#include <fs/procfs/internal.h>

#include <fs/fs_struct.h>
#include <kernel/cgroup/cgroup.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/signal.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

struct task_struct *get_proc_task(const struct inode *inode)
{
	return get_pid_task(PROC_I(inode)->pid, PIDTYPE_PID);
}

struct mm_struct *proc_mm_access(const struct inode *inode, unsigned int mode)
{
	struct task_struct *t = get_proc_task(inode);
	struct mm_struct *mm;

	if (!t)
		return ERR_PTR(-ESRCH);
	mm = mm_access(t, mode);
	put_task_struct(t);
	return mm;
}

int proc_mm_may_access(const struct inode *inode, unsigned int mode)
{
	struct mm_struct *mm = proc_mm_access(inode, mode);

	if (IS_ERR(mm))
		return PTR_ERR(mm);
	if (mm)
		mmput(mm);
	return 0;
}

/* ---- symlinks: exe, cwd, root -------------------------------------------------------------- */

static int link_exe(struct dentry *dentry, struct task_struct *t, struct path *path)
{
	struct file *exe = get_task_exe_file(t);

	if (!exe)
		return -ENOENT;
	*path = exe->f_path;
	path_get(path);
	fput(exe);
	return 0;
}

static int link_fs(struct task_struct *t, struct path *path, bool root)
{
	int err = -ENOENT;

	task_lock(t);
	if (t->fs) {
		if (root)
			get_fs_root(t->fs, path);
		else
			get_fs_pwd(t->fs, path);
		err = 0;
	}
	task_unlock(t);
	return err;
}

static int link_cwd(struct dentry *dentry, struct task_struct *t, struct path *path)
{
	return link_fs(t, path, false);
}

static int link_root(struct dentry *dentry, struct task_struct *t, struct path *path)
{
	return link_fs(t, path, true);
}

static int proc_link_path(struct dentry *dentry, struct inode *inode, struct path *path)
{
	struct task_struct *t = get_proc_task(inode);
	int err = -EACCES;

	if (!t)
		return -ENOENT;
	if (ptrace_may_access(t, PTRACE_MODE_READ_FSCREDS))
		err = PROC_I(inode)->entry->get_link(dentry, t, path);
	put_task_struct(t);
	return err;
}

const char *proc_pid_get_link(struct dentry *dentry, struct inode *inode, void (**done)(void *), void **arg)
{
	struct path path;
	int err = proc_link_path(dentry, inode, &path);

	if (!err)
		err = nd_jump_link(&path);
	return ERR_PTR(err);
}

int proc_pid_readlink(struct dentry *dentry, char __user *ubuf, int size)
{
	struct path path;
	char *buf, *text;
	int err = proc_link_path(dentry, d_inode(dentry), &path);

	if (err)
		return err;
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	text = buf ? d_path(&path, buf, PATH_MAX) : ERR_PTR(-ENOMEM);
	path_put(&path);
	err = PTR_ERR(text);
	if (!IS_ERR(text)) {
		err = min_t(int, buf + PATH_MAX - 1 - text, size);
		if (copy_to_user(ubuf, text, err))
			err = -EFAULT;
	}
	kfree(buf);
	return err;
}

/* The owner of a process is its files' owner: it has no say about their modes. */
int proc_pid_setattr(struct dentry *dentry, struct iattr *attr)
{
	return attr->ia_valid & ATTR_MODE ? -EPERM : simple_setattr(dentry, attr);
}

static const struct inode_operations proc_pid_file_iops = {
	.setattr = proc_pid_setattr,
};
static const struct inode_operations proc_pid_link_iops = {
	.get_link = proc_pid_get_link,
	.readlink = proc_pid_readlink,
	.getattr = proc_pid_getattr, .setattr = proc_pid_setattr,
};

/* ---- files that one function shows --------------------------------------------------------- */

static int proc_pid_show(struct seq_file *m, void *v)
{
	struct inode *inode = m->private;
	struct task_struct *t = get_proc_task(inode);
	int err;

	if (!t)
		return -ESRCH;
	err = PROC_I(inode)->entry->show(m, t);
	put_task_struct(t);
	return err;
}

int proc_pid_show_open(struct inode *inode, struct file *file)
{
	return single_open(file, proc_pid_show, inode);
}

static const struct file_operations proc_pid_show_fops = {
	.open = proc_pid_show_open,
	.read_iter = seq_read_iter,
	.llseek = seq_lseek,
	.release = single_release,
};

/* ---- inodes -------------------------------------------------------------------------------- */

/* Root where the program was started, if there is one. */
static uid_t root_of(const struct user_namespace *ns, uid_t (*make_kid)(const struct user_namespace *, uid_t))
{
	uid_t kid = ns ? make_kid(ns, 0) : 0;

	return kid == ID_INVALID ? 0 : kid;
}

/* Files of a process belong to its effective user, unless it must not be looked into. */
static void proc_pid_owner(struct inode *inode, struct task_struct *t)
{
	const struct cred *c = get_task_cred(t);
	struct user_namespace *ns = NULL;
	struct mm_struct *mm;
	bool own = true;

	if (inode->i_mode != (S_IFDIR | 0555)) {
		task_lock(t);
		mm = t->mm;
		own = mm && get_dumpable(mm) == 1;
		if (mm && !own)
			ns = get_user_ns(mm->user_ns);
		task_unlock(t);
	}
	inode->i_uid = own ? c->euid : root_of(ns, make_kuid);
	inode->i_gid = own ? c->egid : root_of(ns, make_kgid);
	if (ns)
		put_user_ns(ns);
	put_cred(c);
}

struct inode *proc_pid_make_inode(struct super_block *sb, struct task_struct *t,
				  const struct pid_entry *entry)
{
	struct inode *inode = new_inode(sb);
	struct proc_inode *pi;

	if (!inode)
		return NULL;
	pi = PROC_I(inode);
	pi->entry = entry;
	pi->pid = get_task_pid(t, PIDTYPE_PID);
	if (!pi->pid) {
		iput(inode);
		return NULL;
	}
	inode->i_ino = get_next_ino();
	inode->i_mode = entry->mode;
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	if (entry->get_link)
		inode->i_op = &proc_pid_link_iops;
	else
		inode->i_op = entry->iop ? entry->iop : &proc_pid_file_iops;
	if (inode->i_op == &proc_tgid_iops || inode->i_op == &proc_tid_iops)
		inode->i_flags |= S_IMMUTABLE_INODE;
	if (entry->fop)
		inode->i_fop = entry->fop;
	else if (entry->show)
		inode->i_fop = &proc_pid_show_fops;
	set_nlink(inode, S_ISDIR(entry->mode) ? 2 : 1);
	proc_pid_owner(inode, t);
	return inode;
}

int proc_pid_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = d_inode(dentry);
	struct task_struct *t;

	if (!inode)
		return 0;
	t = get_proc_task(inode);
	if (!t)
		return 0;
	proc_pid_owner(inode, t);
	put_task_struct(t);
	return 1;
}

static int proc_pid_delete_dentry(const struct dentry *dentry)
{
	return 1;
}

const struct dentry_operations proc_pid_dentry_operations = {
	.d_revalidate = proc_pid_revalidate,
	.d_delete = proc_pid_delete_dentry,
};

int proc_pid_getattr(const struct path *path, struct kstat *stat, u32 mask, unsigned int flags)
{
	struct inode *inode = d_inode(path->dentry);
	struct task_struct *t = get_proc_task(inode);
	bool visible = !t || proc_may_see(inode->i_sb, t, HIDEPID_INVISIBLE);

	if (t)
		put_task_struct(t);
	if (!visible)
		return -ENOENT;
	generic_fillattr(inode, stat);
	return 0;
}

struct dentry *proc_pid_instantiate(struct dentry *dentry, struct task_struct *t,
				    const struct pid_entry *entry)
{
	struct inode *inode = proc_pid_make_inode(dentry->d_sb, t, entry);

	if (!inode)
		return ERR_PTR(-ENOENT);
	dentry->d_op = &proc_pid_dentry_operations;
	return d_splice_alias(inode, dentry);
}

static bool name_is(const struct dentry *dentry, const char *name)
{
	return strlen(name) == dentry->d_name.len &&
	       !memcmp(name, dentry->d_name.name, dentry->d_name.len);
}

struct dentry *proc_pid_lookup_in(struct inode *dir, struct dentry *dentry,
				  const struct pid_entry *table, unsigned int n)
{
	struct task_struct *t = get_proc_task(dir);
	struct dentry *res = ERR_PTR(-ENOENT);
	unsigned int i;

	if (!t)
		return res;
	for (i = 0; i < n; i++) {
		if (name_is(dentry, table[i].name)) {
			res = proc_pid_instantiate(dentry, t, &table[i]);
			break;
		}
	}
	put_task_struct(t);
	return res;
}

int proc_pid_readdir_in(struct file *file, struct dir_context *ctx, const struct pid_entry *table,
			unsigned int n)
{
	struct task_struct *t = get_proc_task(file_inode(file));

	if (!t)
		return -ENOENT;
	put_task_struct(t);
	if (!dir_emit_dots(file, ctx))
		return 0;
	while (ctx->pos < n + 2) {
		const struct pid_entry *e = &table[ctx->pos - 2];

		if (!dir_emit(ctx, e->name, strlen(e->name), file_inode(file)->i_ino + ctx->pos,
			      e->mode >> 12))
			return 0;
		ctx->pos++;
	}
	return 0;
}

/* ---- the tables ---------------------------------------------------------------------------- */

#ifdef CONFIG_FAULT_INJECTION
#define FAULT_ENTRIES									\
	PID_FILE("fail-nth", 0644, &proc_fail_nth_fops),				\
	PID_FILE("make-it-fail", 0644, &proc_make_it_fail_fops),
#else
#define FAULT_ENTRIES
#endif

/* <mm/mempolicy.h>: Debian's 32-bit kernel has none. */
#if BITS_PER_LONG == 64
#define NUMA_ENTRIES PID_FILE("numa_maps", 0444, &proc_numa_maps_fops),
#else
#define NUMA_ENTRIES
#endif

#define COMMON_ENTRIES									\
	FAULT_ENTRIES									\
	NUMA_ENTRIES									\
	PID_DIR("fd", 0500, &proc_fd_iops, &proc_fd_fops),				\
	PID_DIR("fdinfo", 0555, &proc_fdinfo_iops, &proc_fdinfo_fops),			\
	PID_DIR("ns", 0511, &proc_ns_iops, &proc_ns_fops),				\
	PID_DIR("attr", 0555, &proc_attr_iops, &proc_attr_fops),			\
	PID_SHOW_WRITE("sched", 0644, proc_pid_sched, &proc_sched_fops),		\
	PID_DIR("net", 0555, &proc_net_iops, &proc_net_fops),				\
	PID_FILE("environ", 0400, &proc_environ_fops),					\
	PID_FILE("auxv", 0400, &proc_auxv_fops),					\
	PID_SHOW("status", 0444, proc_pid_status),					\
	PID_SHOW("personality", 0400, proc_pid_personality),				\
	PID_SHOW("limits", 0444, proc_pid_limits),					\
	PID_FILE("comm", 0644, &proc_comm_fops),					\
	PID_FILE("cmdline", 0444, &proc_cmdline_fops),					\
	PID_SHOW("statm", 0444, proc_pid_statm),					\
	PID_FILE("maps", 0444, &proc_maps_fops),					\
	PID_FILE("mem", 0600, &proc_mem_fops),						\
	PID_LINK("cwd", link_cwd),							\
	PID_LINK("root", link_root),							\
	PID_LINK("exe", link_exe),							\
	PID_FILE("mounts", 0444, &proc_mounts_fops),					\
	PID_FILE("mountinfo", 0444, &proc_mountinfo_fops),				\
	PID_FILE("smaps", 0444, &proc_smaps_fops),					\
	PID_SHOW("smaps_rollup", 0444, proc_pid_smaps_rollup),				\
	PID_SHOW("wchan", 0444, proc_pid_wchan),					\
	PID_SHOW("syscall", 0400, proc_pid_syscall),					\
	PID_SHOW("stack", 0400, proc_pid_stack),					\
	PID_FILE("pagemap", 0400, &proc_pagemap_fops),					\
	PID_FILE("clear_refs", 0200, &proc_clear_refs_fops),				\
	PID_SHOW("schedstat", 0444, proc_pid_schedstat),				\
	PID_SHOW("oom_score", 0444, proc_pid_oom_score),				\
	PID_FILE("oom_adj", 0644, &proc_oom_adj_fops),					\
	PID_FILE("oom_score_adj", 0644, &proc_oom_score_adj_fops),			\
	PID_SHOW("cgroup", 0444, proc_pid_cgroup),					\
	PID_FILE("uid_map", 0644, &proc_uid_map_fops),					\
	PID_FILE("gid_map", 0644, &proc_gid_map_fops),					\
	PID_FILE("projid_map", 0644, &proc_projid_map_fops),				\
	PID_FILE("setgroups", 0644, &proc_setgroups_fops),				\
	PID_SHOW("io", 0400, proc_pid_io)

static const struct pid_entry tgid_entries[] = {
	PID_DIR("task", 0555, &proc_task_dir_iops, &proc_task_dir_fops),
	COMMON_ENTRIES,
	PID_DIR("map_files", 0500, &proc_map_files_iops, &proc_map_files_fops),
	PID_SHOW("stat", 0444, proc_pid_stat),
	PID_SHOW("timers", 0444, proc_pid_timers),
	PID_FILE("mountstats", 0400, &proc_mountstats_fops),
	PID_FILE("coredump_filter", 0644, &proc_coredump_filter_fops),
	PID_SHOW_WRITE("timens_offsets", 0644, proc_pid_timens_offsets, &proc_timens_offsets_fops),
	PID_FILE("timerslack_ns", 0666, &proc_timerslack_fops),
};

static const struct pid_entry tid_entries[] = {
	COMMON_ENTRIES,
	PID_SHOW("stat", 0444, proc_tid_stat),
	PID_SHOW("children", 0444, proc_tid_children),
};

static struct dentry *proc_tgid_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return proc_pid_lookup_in(dir, dentry, tgid_entries, ARRAY_SIZE(tgid_entries));
}

static int proc_tgid_readdir(struct file *file, struct dir_context *ctx)
{
	return proc_pid_readdir_in(file, ctx, tgid_entries, ARRAY_SIZE(tgid_entries));
}

static struct dentry *proc_tid_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return proc_pid_lookup_in(dir, dentry, tid_entries, ARRAY_SIZE(tid_entries));
}

static int proc_tid_readdir(struct file *file, struct dir_context *ctx)
{
	return proc_pid_readdir_in(file, ctx, tid_entries, ARRAY_SIZE(tid_entries));
}

/* The directory of a process that has gone leads nowhere, nor does one that the mount hides. */
static int proc_pid_permission(struct inode *inode, int mask)
{
	struct task_struct *t = get_proc_task(inode);
	bool visible;

	if (!t)
		return -ESRCH;
	visible = proc_may_see(inode->i_sb, t, HIDEPID_NO_ACCESS);
	put_task_struct(t);
	if (!visible)
		return proc_sb_info(inode->i_sb)->hide_pid == HIDEPID_INVISIBLE ? -ENOENT : -EPERM;
	return generic_permission(inode, mask);
}

const struct inode_operations proc_tgid_iops = {
	.lookup = proc_tgid_lookup, .permission = proc_pid_permission, .getattr = proc_pid_getattr,
	.setattr = proc_pid_setattr,
};
const struct file_operations proc_tgid_fops = {
	.iterate = proc_tgid_readdir,
	.llseek = generic_file_llseek,
};
const struct inode_operations proc_tid_iops = {
	.lookup = proc_tid_lookup, .permission = proc_pid_permission, .getattr = proc_pid_getattr,
	.setattr = proc_pid_setattr,
};
const struct file_operations proc_tid_fops = {
	.iterate = proc_tid_readdir,
	.llseek = generic_file_llseek,
};

struct pid *proc_tgid_pid(const struct file *file)
{
	return file->f_op == &proc_tgid_fops ? PROC_I(file_inode(file))->pid : ERR_PTR(-EBADF);
}

static const struct pid_entry tgid_dir = PID_DIR("", 0555, &proc_tgid_iops, &proc_tgid_fops);
static const struct pid_entry tid_dir = PID_DIR("", 0555, &proc_tid_iops, &proc_tid_fops);

/* ---- /proc/<pid> --------------------------------------------------------------------------- */

/* A decimal number without leading zeros; -1: not one. */
static long name_to_int(const struct qstr *name)
{
	unsigned long n = 0;
	unsigned int i;

	if (!name->len || name->len > 10 || (name->name[0] == '0' && name->len > 1))
		return -1;
	for (i = 0; i < name->len; i++) {
		unsigned int digit = name->name[i] - '0';

		if (digit > 9)
			return -1;
		n = n * 10 + digit;
		if (n > INT_MAX)
			return -1;
	}
	return n;
}

struct dentry *proc_pid_lookup(struct inode *dir, struct dentry *dentry)
{
	long nr = name_to_int(&dentry->d_name);
	struct task_struct *t = nr > 0 ? find_get_task_by_pid_ns(nr, proc_pid_ns(dir->i_sb)) : NULL;
	struct dentry *res;

	if (!t)
		return ERR_PTR(-ENOENT);
	/* A thread's number works too, unlisted. */
	if (proc_sb_info(dir->i_sb)->hide_pid == HIDEPID_NOT_PTRACEABLE &&
	    !proc_may_see(dir->i_sb, t, HIDEPID_NO_ACCESS))
		res = ERR_PTR(-ENOENT);
	else
		res = proc_pid_instantiate(dentry, t, &tgid_dir);
	put_task_struct(t);
	return res;
}

int proc_pid_readdir(struct file *file, struct dir_context *ctx)
{
	struct pid_namespace *ns = proc_pid_ns(file_inode(file)->i_sb);
	struct task_struct *t;
	struct pid *pid;
	char name[12];
	int nr, len;
	bool ok = true;

	for (nr = ctx->pos - FIRST_PROCESS_POS; ok && (pid = find_ge_pid_ns(max(nr, 1), ns));
	     nr++) {
		nr = pid_nr_ns(pid, ns);
		t = get_pid_task(pid, PIDTYPE_TGID);		/* group leaders only */
		if (t) {
			len = snprintf(name, sizeof(name), "%d", nr);
			if (proc_may_see(file_inode(file)->i_sb, t, HIDEPID_INVISIBLE))
				ok = dir_emit(ctx, name, len, nr + 0x10000, S_IFDIR >> 12);
			put_task_struct(t);
		}
		put_pid(pid);
		if (ok)
			ctx->pos = FIRST_PROCESS_POS + nr + 1;
	}
	return 0;
}

/* ---- /proc/<pid>/task ---------------------------------------------------------------------- */

static struct dentry *proc_task_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct task_struct *leader = get_proc_task(dir), *t = NULL;
	struct dentry *res = ERR_PTR(-ENOENT);
	long nr = name_to_int(&dentry->d_name);

	if (!leader)
		return res;
	if (nr > 0)
		t = find_get_task_by_pid_ns(nr, proc_pid_ns(dir->i_sb));
	if (t && t->signal == leader->signal)
		res = proc_pid_instantiate(dentry, t, &tid_dir);
	if (t)
		put_task_struct(t);
	put_task_struct(leader);
	return res;
}

/* The thread at position @n, with a reference. */
static struct task_struct *nth_thread(struct task_struct *leader, loff_t n)
{
	struct task_struct *t, *found = NULL;

	read_lock(&tasklist_lock);
	if (leader->sighand) {
		for_each_thread(leader, t) {
			if (n-- == 0) {
				found = get_task_struct(t);
				break;
			}
		}
	}
	read_unlock(&tasklist_lock);
	return found;
}

static int proc_task_readdir(struct file *file, struct dir_context *ctx)
{
	struct task_struct *leader = get_proc_task(file_inode(file)), *t;
	char name[12];
	int nr;

	if (!leader)
		return -ENOENT;
	if (!dir_emit_dots(file, ctx))
		goto out;
	while ((t = nth_thread(leader, ctx->pos - 2))) {
		nr = task_pid_nr_type_ns(t, PIDTYPE_PID, proc_pid_ns(file_inode(file)->i_sb));
		put_task_struct(t);
		if (!dir_emit(ctx, name, snprintf(name, sizeof(name), "%d", nr), nr + 0x10000,
			      S_IFDIR >> 12))
			break;
		ctx->pos++;
	}
out:
	put_task_struct(leader);
	return 0;
}

const struct inode_operations proc_task_dir_iops = {
	.lookup = proc_task_lookup,
	.getattr = proc_pid_getattr, .setattr = proc_pid_setattr,
};
const struct file_operations proc_task_dir_fops = {
	.iterate = proc_task_readdir,
	.llseek = generic_file_llseek,
};
