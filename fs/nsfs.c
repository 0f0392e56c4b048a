// SPDX-License-Identifier: GPL-2.0-only
/*
 * nsfs: a file for each namespace that somebody looks at.  Its number is the inode's, so stat(2) tells whether
 * two are the same; open or bind-mounted it keeps the namespace alive.  Interface: nsfs.h; ioctl_ns(2).
 *
 * Locking: the inode hash.  There is at most one inode for a namespace, with a reference to it.
 */
#include <fs/nsfs.h>

#include <linux/nsfs.h>

#include <fs/file.h>
#include <fs/internal.h>
#include <fs/pseudofs.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/ns_common.h>
#include <kernel/user_namespace.h>

static void nsfs_evict_inode(struct inode *inode)
{
	if (inode->i_private)
		put_ns(inode->i_private);
}

static int nsfs_drop_inode(struct inode *inode)
{
	return 1;
}

static char *nsfs_dname(struct dentry *dentry, char *buf, int len)
{
	struct ns_common *ns = d_inode(dentry)->i_private;
	char text[48];
	int n = nsfs_name(ns, text, sizeof(text)) + 1;

	if (n > len)
		return ERR_PTR(-ENAMETOOLONG);
	return memcpy(buf + len - n, text, n);
}

static const struct dentry_operations nsfs_dentry_ops = {
	.d_dname	= nsfs_dname,
};

static const struct super_operations nsfs_super_ops = {
	.evict_inode	= nsfs_evict_inode,
	.drop_inode	= nsfs_drop_inode,
	.statfs		= simple_statfs,
};

static struct pseudo_fs nsfs = {
	.type		= { .name = "nsfs" },
	.magic		= NSFS_MAGIC,
	.s_op		= &nsfs_super_ops,
	.d_op		= &nsfs_dentry_ops,
};

int nsfs_name(const struct ns_common *ns, char *buf, size_t size)
{
	return scnprintf(buf, size, "%s:[%u]", ns->ops->name, ns->inum);
}

struct ns_common *nsfs_dentry_ns(const struct dentry *dentry)
{
	return dentry->d_sb == nsfs.mnt->mnt_sb ? d_inode(dentry)->i_private : NULL;
}

struct ns_common *nsfs_file_ns(const struct file *file)
{
	return nsfs_dentry_ns(file->f_path.dentry);
}

/* ---- ioctl_ns(2) ----------------------------------------------------------------------------- */

static long put_owner_uid(const struct ns_common *ns, uid_t __user *uid)
{
	if (ns->ops != &userns_operations)
		return -EINVAL;
	return put_user(uid_to_user(container_of(ns, struct user_namespace, ns)->owner), uid) ? -EFAULT : 0;
}

long nsfs_open(struct ns_common *ns)
{
	struct path path;
	struct file *f;
	int fd, err;

	if (IS_ERR(ns))
		return PTR_ERR(ns);
	err = nsfs_get_path(ns, &path);
	if (err)
		return err;
	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0) {
		path_put(&path);
		return fd;
	}
	f = dentry_open(&path, O_RDONLY, current_cred());
	path_put(&path);
	if (IS_ERR(f)) {
		put_unused_fd(fd);
		return PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
}

static long nsfs_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct ns_common *ns = file_inode(file)->i_private;

	switch (cmd) {
	case NS_GET_USERNS:
		return nsfs_open(ns_get_owner(ns));
	case NS_GET_PARENT:
		return ns->ops->get_parent ? nsfs_open(ns->ops->get_parent(ns)) : -EINVAL;
	case NS_GET_NSTYPE:
		return ns->ops->type;
	case NS_GET_OWNER_UID:
		return put_owner_uid(ns, (uid_t __user *)arg);
	}
	return -ENOTTY;
}

static const struct file_operations nsfs_file_ops = {
	.unlocked_ioctl	= nsfs_ioctl,
	.llseek		= no_llseek,
};

/* ---- making ---------------------------------------------------------------------------------- */

static struct inode *nsfs_get_inode(struct ns_common *ns)
{
	struct inode *inode = iget_locked(nsfs.mnt->mnt_sb, ns->inum);

	if (!inode || !(inode->i_state & I_NEW)) {
		put_ns(ns);
		return inode;
	}
	inode->i_mode = S_IFREG | 0444;
	inode->i_flags |= S_IMMUTABLE_INODE;
	inode->i_fop = &nsfs_file_ops;
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	inode->i_private = ns;
	unlock_new_inode(inode);
	return inode;
}

int nsfs_get_path(struct ns_common *ns, struct path *path)
{
	const struct qstr no_name = QSTR("");
	struct inode *inode = nsfs_get_inode(ns);
	struct dentry *dentry;

	if (!inode)
		return -ENOMEM;
	dentry = d_alloc_pseudo(nsfs.mnt->mnt_sb, &no_name);
	if (!dentry) {
		iput(inode);
		return -ENOMEM;
	}
	d_instantiate(dentry, inode);
	path->mnt = mntget(nsfs.mnt);
	path->dentry = dentry;
	return 0;
}

void __init nsfs_init(void)
{
	pseudo_fs_mount(&nsfs);
}
