// SPDX-License-Identifier: GPL-2.0-only
/*
 * Super blocks of tmpfs, ramfs and the rootfs, which differ in their limits and options only.
 *
 * Interface: the types of <fs/tmpfs/tmpfs.h>.  Locking: s_umount for limits that change.
 */
#include <fs/tmpfs/tmpfs.h>

#include <fs/fs_context.h>
#include <fs/internal.h>
#include <fs/seq_file.h>

/* ---- tmpfs ----------------------------------------------------------------------------------- */

static int tmpfs_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	const struct tmpfs_sb *info = TMPFS_SB(dentry->d_sb);
	unsigned long used = atomic_long_read(&info->limits.used_pages), max = info->limits.max_pages;

	simple_statfs(dentry, buf);
	if (max) {
		buf->f_blocks = max;
		buf->f_bfree = buf->f_bavail = max > used ? max - used : 0;
	}
	if (info->max_inodes) {
		unsigned long inodes = atomic_long_read(&info->used_inodes);

		buf->f_files = info->max_inodes;
		buf->f_ffree = info->max_inodes > inodes ? info->max_inodes - inodes : 0;
	}
	return 0;
}

static void tmpfs_put_super(struct super_block *sb)
{
	kfree(sb->s_fs_info);
	sb->s_fs_info = NULL;
}

/* Numbers are used again one day; when the file was made tells them apart. */
static u32 generation_of(const struct inode *inode)
{
	return (u32)inode->i_btime.tv_sec * 1000003 ^ (u32)inode->i_btime.tv_nsec;
}

static int tmpfs_encode_fh(const struct inode *inode, u32 *fh, unsigned int *words)
{
	bool fits = *words >= 3;

	*words = 3;
	if (!fits)
		return FILEID_INVALID;
	fh[0] = generation_of(inode);
	fh[1] = (u32)inode->i_ino;
	fh[2] = inode->i_ino >> 32;
	return FILEID_INO32_GEN;
}

static struct dentry *tmpfs_fh_to_dentry(struct super_block *sb, const u32 *fh, unsigned int words)
{
	struct dentry *dentry = NULL;
	struct inode *inode;

	if (words < 3)
		return NULL;
	inode = find_sb_inode(sb, fh[1] | (u64)fh[2] << 32);
	if (inode && generation_of(inode) == fh[0])
		dentry = d_find_alias(inode) ?: d_find_any_alias(inode);
	iput(inode);
	return dentry;
}

static const struct super_operations tmpfs_super_ops = {
	.keeps_flags	= true,
	.alloc_inode	= tmpfs_alloc_inode,
	.free_inode	= tmpfs_free_inode,
	.evict_inode	= tmpfs_evict_inode,
	.put_super	= tmpfs_put_super,
	.statfs		= tmpfs_statfs,
	.show_options	= tmpfs_show_options,
	.encode_fh	= tmpfs_encode_fh,
	.fh_to_dentry	= tmpfs_fh_to_dentry,
};

static int fill_root(struct super_block *sb, const struct tmpfs_options *o)
{
	struct tmpfs_sb *info = sb->s_fs_info;
	struct inode *root;

	info->mode = o->mode;
	info->uid = o->uid;
	info->gid = o->gid;
	root = tmpfs_get_inode(sb, NULL, S_IFDIR | o->mode, 0);
	if (root) {
		root->i_uid = o->uid;
		root->i_gid = o->gid;
	}
	sb->s_root = d_make_root(root);
	if (sb->s_root)
		return 0;
	tmpfs_put_super(sb);
	return -ENOMEM;
}

static int tmpfs_fill_super(struct super_block *sb, struct fs_context *fc)
{
	const struct tmpfs_options *o = fc->fs_private;
	struct tmpfs_sb *info = kzalloc(sizeof(*info), GFP_KERNEL);

	if (!info)
		return -ENOMEM;
	sb->s_fs_info = info;
	sb->s_op = &tmpfs_super_ops;
	sb->s_magic = TMPFS_MAGIC;
	/* Internal: shared memory is limited by what else limits memory. */
	if (!(sb->s_flags & MS_KERNMOUNT)) {
		info->limits.max_pages = (o->seen & TMPFS_SEEN_BLOCKS) ? o->max_pages : tmpfs_default_pages();
		info->max_inodes = (o->seen & TMPFS_SEEN_INODES) ? o->max_inodes : tmpfs_default_inodes();
	}
	info->huge = o->huge;
	info->inode64 = o->inode64;
	return fill_root(sb, o);
}

static int tmpfs_get_tree(struct fs_context *fc)
{
	return get_tree_nodev(fc, tmpfs_fill_super);
}

int tmpfs_get_limited_tree(struct fs_context *fc)
{
	fc->sb_flags &= ~(unsigned int)MS_KERNMOUNT;
	return tmpfs_get_tree(fc);
}

/* Not below what is in use, nor a limit where there was none. */
static int check_limits(struct fs_context *fc, const struct tmpfs_sb *info, const struct tmpfs_options *o)
{
	if ((o->seen & TMPFS_SEEN_BLOCKS) && o->max_pages) {
		if (!info->limits.max_pages)
			return invalfc(fc, "Cannot retroactively limit size");
		if ((unsigned long)atomic_long_read(&info->limits.used_pages) > o->max_pages)
			return invalfc(fc, "Too small a size for current use");
	}
	if ((o->seen & TMPFS_SEEN_INODES) && o->max_inodes) {
		if (!info->max_inodes)
			return invalfc(fc, "Cannot retroactively limit inodes");
		if ((unsigned long)atomic_long_read(&info->used_inodes) > o->max_inodes)
			return invalfc(fc, "Too few inodes for current use");
	}
	return 0;
}

int tmpfs_reconfigure(struct fs_context *fc)
{
	const struct tmpfs_options *o = fc->fs_private;
	struct tmpfs_sb *info = TMPFS_SB(fc->root->d_sb);
	int err = check_limits(fc, info, o);

	if (err)
		return err;
	if (o->seen & TMPFS_SEEN_BLOCKS)
		info->limits.max_pages = o->max_pages;
	if (o->seen & TMPFS_SEEN_INODES)
		info->max_inodes = o->max_inodes;
	if (o->seen & TMPFS_SEEN_HUGE)
		info->huge = o->huge;
	if (o->seen & TMPFS_SEEN_INUMS)
		info->inode64 = o->inode64;
	return 0;
}

void tmpfs_free_fc(struct fs_context *fc)
{
	kfree(fc->fs_private);
}

static int init_options(struct fs_context *fc, const struct fs_context_operations *ops, umode_t mode)
{
	struct tmpfs_options *o = kzalloc(sizeof(*o), GFP_KERNEL);

	if (!o)
		return -ENOMEM;
	o->mode = mode;
	o->uid = current_fsuid();
	o->gid = current_fsgid();
	fc->fs_private = o;
	fc->ops = ops;
	return 0;
}

static const struct fs_context_operations tmpfs_context_ops = {
	.free		= tmpfs_free_fc,
	.parse_param	= tmpfs_parse_param,
	.get_tree	= tmpfs_get_tree,
	.reconfigure	= tmpfs_reconfigure,
};

int tmpfs_init_fs_context(struct fs_context *fc)
{
	return init_options(fc, &tmpfs_context_ops, 01777);
}

struct file_system_type tmpfs_fs_type = {
	.name			= "tmpfs",
	.fs_flags		= FS_USERNS_MOUNT,
	.init_fs_context	= tmpfs_init_fs_context,
	.kill_sb		= kill_litter_super,
};

/* The root of all. */
static const struct fs_context_operations rootfs_context_ops = {
	.free		= tmpfs_free_fc,
	.parse_param	= tmpfs_parse_param,
	.get_tree	= tmpfs_get_limited_tree,
	.reconfigure	= tmpfs_reconfigure,
};

static int rootfs_init_fs_context(struct fs_context *fc)
{
	return init_options(fc, &rootfs_context_ops, 0755);
}

struct file_system_type rootfs_fs_type = {
	.name			= "rootfs",
	.init_fs_context	= rootfs_init_fs_context,
	.kill_sb		= kill_litter_super,
};

/* ---- ramfs: no limits ------------------------------------------------------------------------ */

#define RAMFS_DEFAULT_MODE 0755

static int ramfs_show_options(struct seq_file *m, struct dentry *root)
{
	umode_t mode = TMPFS_SB(root->d_sb)->mode;

	if (mode != RAMFS_DEFAULT_MODE)
		seq_printf(m, ",mode=%o", mode);
	return 0;
}

static const struct super_operations ramfs_super_ops = {
	.alloc_inode	= tmpfs_alloc_inode,
	.free_inode	= tmpfs_free_inode,
	.evict_inode	= tmpfs_evict_inode,
	.put_super	= tmpfs_put_super,
	.statfs		= simple_statfs,
	.show_options	= ramfs_show_options,
};

static int ramfs_fill_super(struct super_block *sb, struct fs_context *fc)
{
	sb->s_fs_info = kzalloc(sizeof(struct tmpfs_sb), GFP_KERNEL);
	if (!sb->s_fs_info)
		return -ENOMEM;
	sb->s_op = &ramfs_super_ops;
	sb->s_magic = RAMFS_MAGIC;
	return fill_root(sb, fc->fs_private);
}

static int ramfs_get_tree(struct fs_context *fc)
{
	return get_tree_nodev(fc, ramfs_fill_super);
}

/* Anything is accepted: by tradition, since it may stand in for tmpfs. */
static int ramfs_parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	static const struct fs_parameter_spec specs[] = { { "mode", 0, FS_PARAM_U32_OCT }, { NULL } };
	struct tmpfs_options *o = fc->fs_private;
	union fs_parse_result result;
	int opt = fs_parse(fc, specs, param, &result);

	if (opt == -ENOPARAM) {
		int err = vfs_parse_fs_param_source(fc, param);

		return err == -ENOPARAM ? 0 : err;
	}
	if (opt < 0)
		return opt;
	o->mode = result.number & S_IALLUGO;
	return 0;
}

static const struct fs_context_operations ramfs_context_ops = {
	.free		= tmpfs_free_fc,
	.parse_param	= ramfs_parse_param,
	.get_tree	= ramfs_get_tree,
};

static int ramfs_init_fs_context(struct fs_context *fc)
{
	return init_options(fc, &ramfs_context_ops, RAMFS_DEFAULT_MODE);
}

struct file_system_type ramfs_fs_type = {
	.name			= "ramfs",
	.fs_flags		= FS_USERNS_MOUNT,
	.init_fs_context	= ramfs_init_fs_context,
	.kill_sb		= kill_litter_super,
};
