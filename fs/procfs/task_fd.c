// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/fd and fdinfo: directories whose entries are made from what the task has open.
 */
#include <fs/procfs/internal.h>

#include <fs/file.h>
#include <fs/mount.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

/* ---- descriptors --------------------------------------------------------------------------- */

static int fd_get_link(struct dentry *dentry, struct task_struct *t, struct path *path)
{
	struct file *f = fget_task(t, PROC_I(d_inode(dentry))->fd);

	if (!f)
		return -ENOENT;
	*path = f->f_path;
	path_get(path);
	fput(f);
	return 0;
}

static int fdinfo_show(struct seq_file *m, void *v)
{
	struct inode *inode = m->private;
	struct task_struct *t = get_proc_task(inode);
	struct file *f;

	if (!t)
		return -ENOENT;
	f = fget_task(t, PROC_I(inode)->fd);
	put_task_struct(t);
	if (!f)
		return -ENOENT;
	seq_printf(m, "pos:\t%lld\nflags:\t0%o\nmnt_id:\t%d\nino:\t%llu\n", (long long)f->f_pos,
		   f->f_flags, real_mount(f->f_path.mnt)->mnt_id, file_inode(f)->i_ino);
	if (f->f_op->show_fdinfo)
		f->f_op->show_fdinfo(m, f);
	fput(f);
	return 0;
}

static int fdinfo_open(struct inode *inode, struct file *file)
{
	return single_open(file, fdinfo_show, inode);
}

static const struct file_operations fdinfo_file_fops = {
	.open = fdinfo_open,
	.read_iter = seq_read_iter,
	.llseek = seq_lseek,
	.release = single_release,
};

static const struct pid_entry fd_entry = PID_LINK("", fd_get_link);
static const struct pid_entry fdinfo_entry = PID_FILE("", 0444, &fdinfo_file_fops);

static int fd_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = d_inode(dentry);
	struct task_struct *t = inode ? get_proc_task(inode) : NULL;
	struct file *f;

	if (!t)
		return 0;
	f = fget_task(t, PROC_I(inode)->fd);
	put_task_struct(t);
	if (!f)
		return 0;
	if (S_ISLNK(inode->i_mode))		/* the bits tell how it is open */
		inode->i_mode = S_IFLNK | (f->f_mode & FMODE_READ ? 0500 : 0) |
				(f->f_mode & FMODE_WRITE ? 0300 : 0);
	fput(f);
	return 1;
}

static int fd_delete_dentry(const struct dentry *dentry)
{
	return 1;
}

static const struct dentry_operations fd_dentry_operations = {
	.d_revalidate = fd_revalidate,
	.d_delete = fd_delete_dentry,
};

static int name_to_fd(const struct qstr *name)
{
	unsigned int i, n = 0;

	if (!name->len || name->len > 8 || (name->name[0] == '0' && name->len > 1))
		return -1;
	for (i = 0; i < name->len; i++) {
		if (name->name[i] < '0' || name->name[i] > '9')
			return -1;
		n = n * 10 + name->name[i] - '0';
	}
	return n;
}

static struct dentry *fd_lookup_common(struct inode *dir, struct dentry *dentry,
				       const struct pid_entry *entry)
{
	int fd = name_to_fd(&dentry->d_name);
	struct task_struct *t = get_proc_task(dir);
	struct dentry *res = ERR_PTR(-ENOENT);
	struct inode *inode;
	struct file *f;

	if (!t)
		return res;
	f = fd >= 0 ? fget_task(t, fd) : NULL;
	if (f) {
		fput(f);
		inode = proc_pid_make_inode(dir->i_sb, t, entry);
		if (inode) {
			PROC_I(inode)->fd = fd;
			dentry->d_op = &fd_dentry_operations;
			d_add(dentry, inode);
			res = fd_revalidate(dentry, 0) > 0 ? NULL : ERR_PTR(-ENOENT);
		}
	}
	put_task_struct(t);
	return res;
}

static struct dentry *fd_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return fd_lookup_common(dir, dentry, &fd_entry);
}

static struct dentry *fdinfo_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return fd_lookup_common(dir, dentry, &fdinfo_entry);
}

/* The descriptor at or after *fd. */
static bool next_fd(struct task_struct *t, unsigned int *fd)
{
	struct files_struct *files;
	bool found = false;

	task_lock(t);
	files = t->files;
	if (files) {
		spin_lock(&files->file_lock);
		for (; *fd < files->fdt->max_fds && !found; (*fd)++)
			found = files->fdt->fd[*fd] != NULL;
		*fd -= found;
		spin_unlock(&files->file_lock);
	}
	task_unlock(t);
	return found;
}

static int fd_readdir_type(struct file *file, struct dir_context *ctx, unsigned int type)
{
	struct task_struct *t = get_proc_task(file_inode(file));
	unsigned int fd;
	char name[12];

	if (!t)
		return -ENOENT;
	if (dir_emit_dots(file, ctx)) {
		for (fd = ctx->pos - 2; next_fd(t, &fd); fd++) {
			ctx->pos = fd + 2;
			if (!dir_emit(ctx, name, snprintf(name, sizeof(name), "%u", fd),
				      fd + 0x10000, type))
				break;
			ctx->pos = fd + 3;
		}
	}
	put_task_struct(t);
	return 0;
}

static int fd_readdir(struct file *file, struct dir_context *ctx)
{
	return fd_readdir_type(file, ctx, S_IFLNK >> 12);
}

static int fdinfo_readdir(struct file *file, struct dir_context *ctx)
{
	return fd_readdir_type(file, ctx, S_IFREG >> 12);
}

/* What is one's own may be looked at even after a change of identity. */
int proc_own_permission(struct inode *inode, int mask)
{
	int err = generic_permission(inode, mask);
	struct task_struct *t;

	if (!err)
		return 0;
	t = get_proc_task(inode);
	if (t) {
		if (t->signal == current->signal)
			err = 0;
		put_task_struct(t);
	}
	return err;
}

const struct inode_operations proc_fd_iops = {
	.lookup = fd_lookup, .permission = proc_own_permission, .getattr = proc_pid_getattr,
	.setattr = proc_pid_setattr,
};
const struct file_operations proc_fd_fops = {
	.iterate = fd_readdir,
	.llseek = generic_file_llseek,
};
const struct inode_operations proc_fdinfo_iops = {
	.lookup = fdinfo_lookup, .permission = proc_own_permission, .getattr = proc_pid_getattr,
	.setattr = proc_pid_setattr,
};
const struct file_operations proc_fdinfo_fops = {
	.iterate = fdinfo_readdir,
	.llseek = generic_file_llseek,
};
