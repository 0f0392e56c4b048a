// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of /proc/<pid>/mounts, mountinfo and mountstats, for procfs.
 *
 * Interface: mounts_open() of <fs/mount.h>.  The list is read under namespace_sem.
 */
#include <fs/mount.h>

#include <fs/internal.h>
#include <fs/poll.h>
#include <fs/seq_file.h>
#include <kernel/nsproxy.h>

struct mounts_view {
	struct mnt_namespace	*ns;
	struct path		root;		/* paths are shown as seen from here */
	int			(*show)(struct seq_file *, struct vfsmount *);
	u64			event;		/* what poll() has told */
};

struct flag_name {
	unsigned long	flag;
	const char	*name;
};

static const struct flag_name sb_flag_names[] = {
	{ MS_SYNCHRONOUS, ",sync" }, { MS_DIRSYNC, ",dirsync" }, { MS_MANDLOCK, ",mand" },
	{ MS_LAZYTIME, ",lazytime" },
};
static const struct flag_name mnt_flag_names[] = {
	{ MNT_NOSUID, ",nosuid" }, { MNT_NODEV, ",nodev" }, { MNT_NOEXEC, ",noexec" },
	{ MNT_NOATIME, ",noatime" }, { MNT_NODIRATIME, ",nodiratime" }, { MNT_RELATIME, ",relatime" },
	{ MNT_NOSYMFOLLOW, ",nosymfollow" },
};

static void show_flags(struct seq_file *m, const struct flag_name *names, unsigned int n, unsigned long flags)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (flags & names[i].flag)
			seq_puts(m, names[i].name);
}

static int show_sb_options(struct seq_file *m, struct vfsmount *mnt)
{
	struct super_block *sb = mnt->mnt_sb;

	show_flags(m, sb_flag_names, ARRAY_SIZE(sb_flag_names), sb->s_flags);
	return 0;
}

static int show_fs_options(struct seq_file *m, struct vfsmount *mnt)
{
	const struct super_operations *op = mnt->mnt_sb->s_op;

	return op->show_options ? op->show_options(m, mnt->mnt_root) : 0;
}

static void show_device(struct seq_file *m, struct vfsmount *mnt)
{
	seq_escape(m, real_mount(mnt)->mnt_devname, " \t\n\\#");
}

/* The mount point as seen from the reader's root. false: out of its sight. */
static bool show_mountpoint(struct seq_file *m, struct vfsmount *mnt, const char *before)
{
	const struct mounts_view *view = m->private;
	struct path path = { .mnt = mnt, .dentry = mnt->mnt_root };
	char *page = kmalloc(PATH_MAX, GFP_KERNEL), *text = NULL;

	if (page)
		text = d_path_from(&path, &view->root, page, PATH_MAX);
	if (text && !IS_ERR(text)) {
		seq_puts(m, before);
		seq_escape(m, text, " \t\n\\");
	} else {
		text = NULL;
	}
	kfree(page);
	return text;
}

static bool is_readonly(const struct vfsmount *mnt)
{
	return (mnt->mnt_flags & MNT_READONLY) || sb_rdonly(mnt->mnt_sb);
}

int show_vfsmnt(struct seq_file *m, struct vfsmount *mnt)
{
	size_t start = m->count;
	int err;

	show_device(m, mnt);
	if (!show_mountpoint(m, mnt, " ")) {
		m->count = start;
		return 0;
	}
	seq_printf(m, " %s %s", mnt->mnt_sb->s_type->name, is_readonly(mnt) ? "ro" : "rw");
	err = show_sb_options(m, mnt);
	if (err)
		return err;
	show_flags(m, mnt_flag_names, ARRAY_SIZE(mnt_flag_names), mnt->mnt_flags);
	err = show_fs_options(m, mnt);
	seq_puts(m, " 0 0\n");
	return err;
}

static void show_propagation(struct seq_file *m, const struct mount *r)
{
	const struct mounts_view *view = m->private;

	if (IS_MNT_SHARED(r))
		seq_printf(m, " shared:%d", r->mnt_group_id);
	if (r->mnt_master) {
		int master = r->mnt_master->mnt_group_id, visible = get_dominating_id(r, &view->root);

		seq_printf(m, " master:%d", master);
		if (visible && visible != master)
			seq_printf(m, " propagate_from:%d", visible);
	}
	if (r->mnt_unbindable)
		seq_puts(m, " unbindable");
}

static void show_fs_root(struct seq_file *m, struct vfsmount *mnt)
{
	const struct super_operations *op = mnt->mnt_sb->s_op;
	char *page, *text;

	if (op->show_path) {
		op->show_path(m, mnt->mnt_root);
		return;
	}
	page = kmalloc(PATH_MAX, GFP_KERNEL);
	text = page ? dentry_path(mnt->mnt_root, page, PATH_MAX) : NULL;
	if (text && !IS_ERR(text))
		seq_escape(m, text, " \t\n\\");
	kfree(page);
}

int show_mountinfo(struct seq_file *m, struct vfsmount *mnt)
{
	struct super_block *sb = mnt->mnt_sb;
	struct mount *r = real_mount(mnt);
	size_t start = m->count;
	int err;

	seq_printf(m, "%d %d %u:%u ", r->mnt_id, r->mnt_parent->mnt_id, MAJOR(sb->s_dev), MINOR(sb->s_dev));
	show_fs_root(m, mnt);
	if (!show_mountpoint(m, mnt, " ")) {
		m->count = start;
		return 0;
	}
	seq_puts(m, (mnt->mnt_flags & MNT_READONLY) ? " ro" : " rw");
	show_flags(m, mnt_flag_names, ARRAY_SIZE(mnt_flag_names), mnt->mnt_flags);
	show_propagation(m, r);
	seq_printf(m, " - %s ", sb->s_type->name);
	show_device(m, mnt);
	seq_puts(m, sb_rdonly(sb) ? " ro" : " rw");
	err = show_sb_options(m, mnt);
	if (!err)
		err = show_fs_options(m, mnt);
	seq_putc(m, '\n');
	return err;
}

int show_vfsstat(struct seq_file *m, struct vfsmount *mnt)
{
	size_t start = m->count;

	seq_puts(m, "device ");
	show_device(m, mnt);
	if (!show_mountpoint(m, mnt, " mounted on ")) {
		m->count = start;
		return 0;
	}
	seq_printf(m, " with fstype %s\n", mnt->mnt_sb->s_type->name);
	return 0;
}

static void *mounts_start(struct seq_file *m, loff_t *pos)
{
	struct mounts_view *view = m->private;
	struct list_head *entry;
	loff_t n = *pos;

	down_read(&namespace_sem);
	list_for_each(entry, &view->ns->list)
		if (!n--)
			return entry;
	return NULL;
}

static void *mounts_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct mounts_view *view = m->private;
	struct list_head *entry = ((struct list_head *)v)->next;

	(*pos)++;
	return entry == &view->ns->list ? NULL : entry;
}

static void mounts_stop(struct seq_file *m, void *v)
{
	up_read(&namespace_sem);
}

static int mounts_show(struct seq_file *m, void *v)
{
	struct mounts_view *view = m->private;

	return view->show(m, &list_entry((struct list_head *)v, struct mount, mnt_list)->mnt);
}

static const struct seq_operations mounts_seq_ops = {
	.start = mounts_start, .next = mounts_next, .stop = mounts_stop, .show = mounts_show,
};

static int view_task(struct mounts_view *view, struct task_struct *task)
{
	int err = -EINVAL;

	task_lock(task);
	if (task->nsproxy && task->fs) {
		view->ns = to_mnt_ns(get_ns(task->nsproxy->ns[NS_MNT]));
		get_fs_root(task->fs, &view->root);
		err = 0;
	}
	task_unlock(task);
	return err;
}

int mounts_open(struct file *file, struct task_struct *task, int (*show)(struct seq_file *, struct vfsmount *))
{
	struct mounts_view *view = kzalloc(sizeof(*view), GFP_KERNEL);
	int err = -ENOMEM;

	if (!view)
		return err;
	err = view_task(view, task);
	if (err)
		goto free_view;
	view->show = show;
	view->event = view->ns->event;
	err = seq_open(file, &mounts_seq_ops);
	if (err)
		goto put_view;
	((struct seq_file *)file->private_data)->private = view;
	return 0;

put_view:
	path_put(&view->root);
	put_ns(&view->ns->ns);
free_view:
	kfree(view);
	return err;
}

int mounts_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;
	struct mounts_view *view = m->private;

	path_put(&view->root);
	put_ns(&view->ns->ns);
	kfree(view);
	return seq_release(inode, file);
}

__poll_t mounts_poll(struct file *file, struct poll_table_struct *table)
{
	struct seq_file *m = file->private_data;
	struct mounts_view *view = m->private;
	__poll_t result = EPOLLIN | EPOLLRDNORM;
	u64 event;

	poll_wait(file, &view->ns->poll, table);
	event = READ_ONCE(view->ns->event);
	if (view->event != event) {
		view->event = event;
		result |= EPOLLERR | EPOLLPRI;
	}
	return result;
}
