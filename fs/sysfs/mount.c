// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sysfs file system: its super block, and how nodes are looked up, listed, read and written.
 *
 * Locking: sysfs_mutex for look-ups; a directory is listed entry by entry, since the reader's
 * memory may fault. An entry of a directory has its inode number as position, which never changes.
 */
#include <fs/sysfs/internal.h>

#include <drivers/base/device.h>
#include <fs/fs_context.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>

static struct sysfs_node *node_of(const struct inode *inode)
{
	return inode->i_private;
}

/* ---- files --------------------------------------------------------------------------------- */

static ssize_t show_node(struct sysfs_node *n, char *buf, size_t size)
{
	if (n->attr)
		return n->attr->show(n, buf, size);
	return n->dev_attr->show ? n->dev_attr->show(n->dev, buf, size) : -EIO;
}

static ssize_t sysfs_read(struct file *file, char __user *ubuf, size_t count, loff_t *pos)
{
	struct sysfs_node *n = node_of(file_inode(file));
	char *buf = kmalloc(SYSFS_TEXT_MAX, GFP_KERNEL);
	ssize_t ret = -ENODEV;

	if (!buf)
		return -ENOMEM;
	if (sysfs_get_active(n)) {
		ret = show_node(n, buf, SYSFS_TEXT_MAX);
		sysfs_put_active(n);
	}
	if (ret >= 0)
		ret = simple_read_from_buffer(ubuf, count, pos, buf, ret);
	kfree(buf);
	return ret;
}

static ssize_t sysfs_write(struct file *file, const char __user *ubuf, size_t count, loff_t *pos)
{
	struct sysfs_node *n = node_of(file_inode(file));
	ssize_t ret = -ENODEV;
	char *buf;

	if (!n->dev_attr || !n->dev_attr->store)
		return -EIO;
	count = min_t(size_t, count, SYSFS_TEXT_MAX - 1);
	buf = memdup_user_nul(ubuf, count);
	if (IS_ERR(buf))
		return PTR_ERR(buf);
	if (sysfs_get_active(n)) {
		ret = n->dev_attr->store(n->dev, buf, count);
		sysfs_put_active(n);
	}
	if (ret > 0)
		*pos += ret;
	kfree(buf);
	return ret;
}

static const struct file_operations sysfs_file_fops = {
	.read = sysfs_read, .write = sysfs_write, .llseek = generic_file_llseek,
};

static const char *sysfs_get_link(struct dentry *dentry, struct inode *inode, void (**done)(void *),
				  void **arg)
{
	return node_of(inode)->target;
}

static const struct inode_operations sysfs_link_iops = { .get_link = sysfs_get_link };

/* ---- directories --------------------------------------------------------------------------- */

static const struct inode_operations sysfs_dir_iops;
static const struct file_operations sysfs_dir_fops;

/* Takes over the reference of @n. */
static struct inode *sysfs_inode(struct super_block *sb, struct sysfs_node *n)
{
	struct inode *inode = n->of_dir ? sysfs_of_dir_inode(sb, n->of_dir) : new_inode(sb);

	if (!inode || n->of_dir) {
		sysfs_put(n);
		return inode;
	}
	inode->i_ino = n->ino;
	inode->i_mode = n->mode;
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	inode->i_private = n;
	if (S_ISDIR(n->mode)) {
		inode->i_op = &sysfs_dir_iops;
		inode->i_fop = &sysfs_dir_fops;
		set_nlink(inode, 2);
	} else if (S_ISLNK(n->mode)) {
		inode->i_op = &sysfs_link_iops;
		i_size_write(inode, strlen(n->target));
	} else {
		inode->i_fop = n->fops ? n->fops : &sysfs_file_fops;
		i_size_write(inode, n->fops ? n->size : (loff_t)SYSFS_TEXT_MAX);
	}
	return inode;
}

static int sysfs_revalidate(struct dentry *dentry, unsigned int flags)
{
	const struct inode *inode = d_inode(dentry);

	if (!inode)
		return 0;		/* it may have come meanwhile */
	return !node_of(inode) || atomic_read(&node_of(inode)->active) >= 0;
}

static const struct dentry_operations sysfs_dentry_operations = {
	.d_revalidate = sysfs_revalidate,
};

static struct dentry *sysfs_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct sysfs_node *n;
	struct inode *inode;

	mutex_lock(&sysfs_mutex);
	n = sysfs_find(node_of(dir), (const char *)dentry->d_name.name, dentry->d_name.len);
	if (n)
		sysfs_get(n);
	mutex_unlock(&sysfs_mutex);
	if (!n) {
		d_add(dentry, NULL);
		return NULL;
	}
	inode = sysfs_inode(dir->i_sb, n);
	return inode ? d_splice_alias(inode, dentry) : ERR_PTR(-ENOMEM);
}

/* The first child with a number of at least @ino, with a reference. */
static struct sysfs_node *next_child(struct sysfs_node *dir, u64 ino)
{
	struct sysfs_node *n, *found = NULL;

	mutex_lock(&sysfs_mutex);
	list_for_each_entry(n, &dir->children, sibling) {
		if (n->ino >= ino) {
			found = sysfs_get(n);
			break;
		}
	}
	mutex_unlock(&sysfs_mutex);
	return found;
}

static int sysfs_readdir(struct file *file, struct dir_context *ctx)
{
	struct sysfs_node *dir = node_of(file_inode(file)), *n;
	bool ok = true;

	if (!dir_emit_dots(file, ctx))
		return 0;
	while (ok && (n = next_child(dir, ctx->pos))) {
		ctx->pos = n->ino;
		ok = dir_emit(ctx, n->name, strlen(n->name), n->ino, n->mode >> 12);
		if (ok)
			ctx->pos++;
		sysfs_put(n);
	}
	return 0;
}

static const struct inode_operations sysfs_dir_iops = { .lookup = sysfs_lookup };
static const struct file_operations sysfs_dir_fops = {
	.iterate = sysfs_readdir,
	.llseek = generic_file_llseek,
};

/* ---- super block --------------------------------------------------------------------------- */

static void sysfs_evict_inode(struct inode *inode)
{
	truncate_inode_pages(&inode->i_data, 0);
	sysfs_put(node_of(inode));
	inode->i_private = NULL;
}

static int sysfs_drop_inode(struct inode *inode)
{
	return 1;		/* made again at the next look-up */
}

static const struct super_operations sysfs_sops = {
	.evict_inode = sysfs_evict_inode, .drop_inode = sysfs_drop_inode, .statfs = simple_statfs,
};

static int sysfs_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct inode *root;

	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_magic = SYSFS_MAGIC;
	sb->s_op = &sysfs_sops;
	sb->s_d_op = &sysfs_dentry_operations;
	sb->s_time_gran = 1;
	root = sysfs_inode(sb, sysfs_get(&sysfs_root));
	if (!root)
		return -ENOMEM;
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

static int sysfs_get_tree(struct fs_context *fc)
{
	return get_tree_single(fc, sysfs_fill_super);
}

static const struct fs_context_operations sysfs_context_ops = { .get_tree = sysfs_get_tree };

static int sysfs_init_fs_context(struct fs_context *fc)
{
	fc->ops = &sysfs_context_ops;
	return 0;
}

static struct file_system_type sysfs_fs_type = {
	.name = "sysfs",
	.init_fs_context = sysfs_init_fs_context,
	.kill_sb = kill_anon_super,
};

void sysfs_init(void)
{
	mutex_lock(&sysfs_mutex);
	sysfs_system_init();
	sysfs_of_init();
	mutex_unlock(&sysfs_mutex);
	sysfs_device_init();
	register_filesystem(&sysfs_fs_type);
}
