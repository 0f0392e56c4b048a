// SPDX-License-Identifier: GPL-2.0-only
/*
 * devtmpfs: a tmpfs with a node for each registered device that has a number.
 *
 * There is one such tree, mounted inside the kernel at boot; mount(2) of the type gives it again.  Nodes come
 * and go as the device registry tells us; in between they are ordinary: user space may change their mode,
 * add directories, symbolic links and nodes of its own.
 *
 * Locking: the directories' i_rwsem, as for any other change of a tree.
 */
#include <fs/devfs/devtmpfs.h>

#include <drivers/base/device.h>
#include <fs/fs_context.h>
#include <fs/tmpfs/tmpfs.h>
#include <fs/vfs.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>

static struct vfsmount *dev_mnt;		/* [I] after boot */

/* ---- the tree -------------------------------------------------------------------------------- */

/* tmpfs makes the super block, which then bears our type. */
static const struct fs_context_operations internal_context_ops = {
	.free		= tmpfs_free_fc,
	.get_tree	= tmpfs_get_limited_tree,
};

static int internal_init_fs_context(struct fs_context *fc)
{
	int err = tmpfs_init_fs_context(fc);
	struct tmpfs_options *options = fc->fs_private;

	if (err)
		return err;
	options->mode = 0755;
	fc->ops = &internal_context_ops;
	return 0;
}

static struct file_system_type internal_type = {
	.name			= "devtmpfs",
	.init_fs_context	= internal_init_fs_context,
	.kill_sb		= kill_litter_super,
};

/* Another mount of the one tree; its options change that. */
static int devtmpfs_get_tree(struct fs_context *fc)
{
	struct super_block *sb = dev_mnt->mnt_sb;
	int err;

	atomic_inc(&sb->s_active);
	fc->root = dget(dev_mnt->mnt_root);
	fc->sb_flags_mask = MS_RMT_MASK;
	down_write(&sb->s_umount);
	err = reconfigure_super(fc);
	up_write(&sb->s_umount);
	return err;		/* the context drops its root */
}

static const struct fs_context_operations devtmpfs_context_ops = {
	.free		= tmpfs_free_fc,
	.parse_param	= tmpfs_parse_param,
	.get_tree	= devtmpfs_get_tree,
	.reconfigure	= tmpfs_reconfigure,
};

static int devtmpfs_init_fs_context(struct fs_context *fc)
{
	int err = tmpfs_init_fs_context(fc);

	fc->ops = &devtmpfs_context_ops;
	return err;
}

static struct file_system_type devtmpfs_type = {
	.name			= "devtmpfs",
	.init_fs_context	= devtmpfs_init_fs_context,
};

/* ---- nodes ----------------------------------------------------------------------------------- */

/* What is called @name in @dir, made as a directory if it is not there. Consumes @dir. */
static struct dentry *enter_directory(struct dentry *dir, const char *name, size_t len)
{
	struct inode *inode = d_inode(dir);
	struct dentry *child;
	int err = 0;

	inode_lock(inode);
	child = lookup_one_len(name, dir, len);
	if (!IS_ERR(child)) {
		if (d_is_negative(child))
			err = vfs_mkdir(inode, child, 0755);
		else if (!S_ISDIR(d_inode(child)->i_mode))
			err = -ENOTDIR;
	}
	inode_unlock(inode);
	dput(dir);
	if (!IS_ERR(child) && err) {
		dput(child);
		return ERR_PTR(err);
	}
	return child;
}

/* The directory where the device "a/b/c" belongs; *last becomes "c". */
static struct dentry *parent_of(const char *name, const char **last)
{
	struct dentry *dir = dget(dev_mnt->mnt_root);
	const char *slash;

	while (!IS_ERR(dir) && (slash = strchr(name, '/'))) {
		dir = enter_directory(dir, name, slash - name);
		name = slash + 1;
	}
	*last = name;
	return dir;
}

static int set_owner_and_mode(struct dentry *dentry, const struct device *dev)
{
	struct iattr attr = {
		.ia_valid = ATTR_MODE | ATTR_UID | ATTR_GID,
		.ia_mode = (d_inode(dentry)->i_mode & S_IFMT) | (dev->mode ? dev->mode & 07777 : 0600),
		.ia_uid = dev->uid,
		.ia_gid = dev->gid,
	};
	int err;

	inode_lock(d_inode(dentry));
	err = notify_change(dentry, &attr);
	inode_unlock(d_inode(dentry));
	return err;
}

static int make_node(const struct device *dev)
{
	umode_t mode = (dev->is_block ? S_IFBLK : S_IFCHR) | 0600;
	const char *name;
	struct dentry *dir = parent_of(dev->name, &name), *node;
	int err;

	if (IS_ERR(dir))
		return PTR_ERR(dir);
	inode_lock(d_inode(dir));
	node = lookup_one_len(name, dir, strlen(name));
	err = PTR_ERR_OR_ZERO(node);
	if (!err)
		err = vfs_mknod(d_inode(dir), node, mode, dev->devt);
	inode_unlock(d_inode(dir));
	if (!err)
		err = set_owner_and_mode(node, dev);
	if (!IS_ERR(node))
		dput(node);
	dput(dir);
	return err;
}

static bool is_node_of(const struct inode *inode, const struct device *dev)
{
	return inode->i_rdev == dev->devt && (dev->is_block ? S_ISBLK(inode->i_mode) : S_ISCHR(inode->i_mode));
}

/* Directories that are empty now stay: the next device of the kind wants them again. */
static int remove_node(const struct device *dev)
{
	const char *name;
	struct dentry *dir = parent_of(dev->name, &name), *node;
	int err;

	if (IS_ERR(dir))
		return PTR_ERR(dir);
	inode_lock(d_inode(dir));
	node = lookup_one_len(name, dir, strlen(name));
	err = PTR_ERR_OR_ZERO(node);
	if (!err) {
		/* User space may have put something else in its place. */
		if (d_is_positive(node) && is_node_of(d_inode(node), dev))
			err = vfs_unlink(d_inode(dir), node);
		dput(node);
	}
	inode_unlock(d_inode(dir));
	dput(dir);
	return err;
}

/* Devices may come and go on behalf of a user process: the nodes are made by the kernel all the same. */
static void as_kernel(int (*fn)(const struct device *dev), const struct device *dev)
{
	const struct cred *old;
	int err;

	if (!dev->devt)
		return;
	old = override_creds(&init_cred);
	err = fn(dev);
	revert_creds(old);
	if (err && err != -EEXIST)
		pr_warn("devtmpfs: node %s: error %d\n", dev->name, err);
}

static void device_added(struct device *dev)
{
	as_kernel(make_node, dev);
}

static void device_removed(struct device *dev)
{
	as_kernel(remove_node, dev);
}

static struct device_notifier notifier = {
	.added		= device_added,
	.removed	= device_removed,
};

void __init devtmpfs_init(void)
{
	dev_mnt = kern_mount(&internal_type);
	if (IS_ERR(dev_mnt))
		panic("devtmpfs: cannot be made (error %ld)", PTR_ERR(dev_mnt));
	BUG_ON(register_filesystem(&devtmpfs_type));
	device_register_notifier(&notifier);
}
