// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/ns: a link for each kind of namespace, which leads to the file of the one that the task is in.
 *
 * The kinds are those of ns_table[]; the inode keeps its index in `fd`.
 */
#include <fs/procfs/internal.h>

#include <fs/internal.h>
#include <fs/nsfs.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/ns_common.h>

/* The namespace that the link stands for now, with a reference. */
static struct ns_common *link_ns(struct inode *inode)
{
	struct task_struct *t = get_proc_task(inode);
	struct ns_common *ns = ERR_PTR(-EACCES);

	if (!t)
		return ns;
	if (ptrace_may_access(t, PTRACE_MODE_READ_FSCREDS))
		ns = ns_of_task(ns_table[PROC_I(inode)->fd], t) ?: ERR_PTR(-ENOENT);
	put_task_struct(t);
	return ns;
}

static const char *ns_get_link(struct dentry *dentry, struct inode *inode, void (**done)(void *), void **arg)
{
	struct ns_common *ns = link_ns(inode);
	struct path path;
	int err = PTR_ERR(ns);

	if (!IS_ERR(ns))
		err = nsfs_get_path(ns, &path);
	if (!err)
		err = nd_jump_link(&path);
	return ERR_PTR(err);
}

static int ns_readlink(struct dentry *dentry, char __user *ubuf, int size)
{
	struct ns_common *ns = link_ns(d_inode(dentry));
	char text[48];
	int len;

	if (IS_ERR(ns))
		return PTR_ERR(ns);
	len = min(nsfs_name(ns, text, sizeof(text)), size);
	put_ns(ns);
	return copy_to_user(ubuf, text, len) ? -EFAULT : len;
}

static const struct inode_operations ns_link_iops = {
	.get_link = ns_get_link,
	.readlink = ns_readlink,
	.getattr = proc_pid_getattr, .setattr = proc_pid_setattr,
};

static const struct pid_entry ns_entry = { .mode = S_IFLNK | 0777, .iop = &ns_link_iops };

static int find_kind(const struct qstr *name)
{
	unsigned int i;

	for (i = 0; i < ns_table_size; i++)
		if (strlen(ns_table[i]->name) == name->len && !memcmp(ns_table[i]->name, name->name, name->len))
			return i;
	return -1;
}

static struct dentry *ns_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct task_struct *t = get_proc_task(dir);
	int i = find_kind(&dentry->d_name);
	struct inode *inode = NULL;

	if (!t)
		return ERR_PTR(-ENOENT);
	if (i >= 0)
		inode = proc_pid_make_inode(dentry->d_sb, t, &ns_entry);
	put_task_struct(t);
	if (!inode)
		return ERR_PTR(-ENOENT);
	PROC_I(inode)->fd = i;
	dentry->d_op = &proc_pid_dentry_operations;
	return d_splice_alias(inode, dentry);
}

static int ns_readdir(struct file *file, struct dir_context *ctx)
{
	struct inode *inode = file_inode(file);
	struct task_struct *t = get_proc_task(inode);

	if (!t)
		return -ENOENT;
	put_task_struct(t);
	if (!dir_emit_dots(file, ctx))
		return 0;
	for (; ctx->pos < ns_table_size + 2; ctx->pos++) {
		const char *name = ns_table[ctx->pos - 2]->name;

		if (!dir_emit(ctx, name, strlen(name), inode->i_ino + ctx->pos, DT_LNK))
			break;
	}
	return 0;
}

const struct inode_operations proc_ns_iops = {
	.lookup = ns_lookup, .getattr = proc_pid_getattr, .setattr = proc_pid_setattr,
};
const struct file_operations proc_ns_fops = {
	.iterate = ns_readdir,
	.llseek = generic_file_llseek,
};
