// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/firmware: the device tree as the kernel got it, node by node with the bytes of each
 * property, and as one blob.
 *
 * Inodes are made from struct device_node and struct property when they are asked for; i_cdev says
 * which.
 *
 * Locking: none, the tree never changes.
 */
#include <fs/sysfs/internal.h>

#include <drivers/base/of.h>
#include <drivers/base/of_fdt.h>
#include <kernel/lib/string.h>

/* Nodes and properties are told apart by their place in memory, without telling where that is. */
static u64 of_ino(const void *what)
{
	return (1ULL << 40) + ((unsigned long)what - (unsigned long)of_root);
}

static struct inode *of_inode(struct super_block *sb, const void *what, umode_t mode)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = of_ino(what);
	inode->i_mode = mode;
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	inode->i_cdev = (void *)what;
	return inode;
}

/* ---- properties ---------------------------------------------------------------------------- */

static ssize_t property_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	const struct property *p = file_inode(file)->i_cdev;

	return simple_read_from_buffer(buf, count, pos, p->value, p->length);
}

static const struct file_operations property_fops = {
	.read = property_read,
	.llseek = generic_file_llseek,
};

/* What firmware marks as a secret is root's business. */
static umode_t property_mode(const struct property *p)
{
	return !strncmp(p->name, "security-", 9) ? 0400 : 0444;
}

/* ---- nodes --------------------------------------------------------------------------------- */

static struct inode *find_entry(struct super_block *sb, struct device_node *np,
				const struct qstr *name)
{
	struct device_node *child;
	struct property *p;
	struct inode *inode;

	for_each_child_of_node(np, child) {
		if (strlen(child->name) == name->len && !memcmp(child->name, name->name, name->len))
			return sysfs_of_dir_inode(sb, child);
	}
	for (p = np->properties; p; p = p->next) {
		if (strlen(p->name) != name->len || memcmp(p->name, name->name, name->len))
			continue;
		inode = of_inode(sb, p, S_IFREG | property_mode(p));
		if (inode) {
			inode->i_fop = &property_fops;
			i_size_write(inode, p->length);
		}
		return inode;
	}
	return ERR_PTR(-ENOENT);
}

static struct dentry *of_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = find_entry(dir->i_sb, dir->i_cdev, &dentry->d_name);

	if (inode == ERR_PTR(-ENOENT)) {
		d_add(dentry, NULL);
		return NULL;
	}
	return inode ? d_splice_alias(inode, dentry) : ERR_PTR(-ENOMEM);
}

static bool of_emit(struct dir_context *ctx, const char *name, const void *what, unsigned int type,
		    loff_t *pos)
{
	if ((*pos)++ < ctx->pos)
		return true;
	if (!dir_emit(ctx, name, strlen(name), of_ino(what), type))
		return false;
	ctx->pos++;
	return true;
}

static int of_readdir(struct file *file, struct dir_context *ctx)
{
	struct device_node *np = file_inode(file)->i_cdev, *child;
	struct property *p;
	loff_t pos = 2;

	if (!dir_emit_dots(file, ctx))
		return 0;
	for (p = np->properties; p; p = p->next) {
		if (!of_emit(ctx, p->name, p, S_IFREG >> 12, &pos))
			return 0;
	}
	for_each_child_of_node(np, child) {
		if (!of_emit(ctx, child->name, child, S_IFDIR >> 12, &pos))
			return 0;
	}
	return 0;
}

static const struct inode_operations of_dir_iops = { .lookup = of_lookup };
static const struct file_operations of_dir_fops = {
	.iterate = of_readdir,
	.llseek = generic_file_llseek,
};

struct inode *sysfs_of_dir_inode(struct super_block *sb, struct device_node *np)
{
	struct inode *inode = of_inode(sb, np, S_IFDIR | 0555);

	if (inode) {
		inode->i_op = &of_dir_iops;
		inode->i_fop = &of_dir_fops;
		set_nlink(inode, 2);
	}
	return inode;
}

/* ---- the blob ------------------------------------------------------------------------------ */

static ssize_t fdt_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	size_t size = 0;
	const void *blob = of_fdt_blob(&size);

	return simple_read_from_buffer(buf, count, pos, blob, blob ? size : 0);
}

static const struct file_operations fdt_fops = { .read = fdt_read, .llseek = generic_file_llseek };

void sysfs_of_init(void)
{
	struct sysfs_node *firmware = sysfs_make_path("firmware"), *base;
	size_t size;

	if (!of_root)
		return;
	base = sysfs_make_path(OF_BASE_PATH);
	if (base)
		base->of_dir = of_root;
	if (of_fdt_blob(&size))
		sysfs_add_raw_file(firmware, "fdt", 0400, size, &fdt_fops);
}
