// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/net: what the rooms of the kernel put below proc_net, told of the network namespace that the task is
 * in.  /proc/net leads to one's own.
 *
 * An inode keeps the namespace that it was found for, so an open file goes on telling of it.  Names are looked up
 * anew each time: the task may be in another namespace by then.
 *
 * Locking: none needed; the entries are made at boot.
 */
#include <fs/procfs/internal.h>

#include <net/net_namespace.h>

struct proc_dir_entry *proc_net;		/* [I] after proc_init() */

struct net *proc_inode_net(const struct inode *inode)
{
	return to_net(PROC_I(inode)->ns);
}

/* Of the task whose directory it is, with a reference; NULL: it has left its namespaces, or is gone. */
static struct ns_common *dir_ns(const struct inode *dir)
{
	struct task_struct *t = get_proc_task(dir);
	struct ns_common *ns = t ? ns_of_task(&netns_operations, t) : NULL;

	if (t)
		put_task_struct(t);
	return ns;
}

static int net_revalidate(struct dentry *dentry, unsigned int flags)
{
	return 0;
}

static int net_delete_dentry(const struct dentry *dentry)
{
	return 1;
}

static const struct dentry_operations net_dentry_ops = {
	.d_revalidate = net_revalidate,
	.d_delete = net_delete_dentry,
};

static struct dentry *net_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct proc_dir_entry *de = proc_find_de(proc_net, &dentry->d_name);
	struct ns_common *ns = de ? dir_ns(dir) : NULL;
	struct inode *inode;

	if (!ns)
		return ERR_PTR(-ENOENT);
	inode = proc_get_inode(dir->i_sb, de);
	if (!inode) {
		put_ns(ns);
		return ERR_PTR(-ENOMEM);
	}
	PROC_I(inode)->ns = ns;
	dentry->d_op = &net_dentry_ops;
	return d_splice_alias(inode, dentry);
}

static int net_readdir(struct file *file, struct dir_context *ctx)
{
	struct ns_common *ns = dir_ns(file_inode(file));

	if (!ns)
		return -EINVAL;
	put_ns(ns);
	proc_readdir_de(file, ctx, proc_net);
	return 0;
}

const struct inode_operations proc_net_iops = {
	.lookup = net_lookup, .getattr = proc_pid_getattr, .setattr = proc_pid_setattr,
};
const struct file_operations proc_net_fops = { .iterate = net_readdir, .llseek = generic_file_llseek };

void __init proc_net_init(void)
{
	static struct proc_dir_entry net = {
		.name = "net", .mode = S_IFDIR | 0555, .parent = &net, .children = LIST_HEAD_INIT(net.children),
	};

	proc_net = &net;
	proc_symlink("net", NULL, "self/net");
}
