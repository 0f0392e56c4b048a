// SPDX-License-Identifier: GPL-2.0-only
/*
 * File systems without names.  Interface: pseudofs.h.
 *
 * Locking: none; a super block with a bare root directory, mounted in no namespace.
 */
#include <fs/pseudofs.h>

#include <fs/fs_context.h>
#include <kernel/cred.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>

static const struct super_operations default_super_ops = {
	.statfs		= simple_statfs,
};

static int fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct pseudo_fs *fs = container_of(fc->fs_type, struct pseudo_fs, type);
	struct inode *root;

	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_maxbytes = S64_MAX;
	sb->s_time_gran = 1;
	sb->s_magic = fs->magic;
	sb->s_op = fs->s_op ? fs->s_op : &default_super_ops;
	sb->s_d_op = fs->d_op;
	root = new_inode(sb);
	if (!root)
		return -ENOMEM;
	root->i_ino = 1;
	root->i_mode = S_IFDIR | 0600;
	root->i_atime = root->i_mtime = root->i_ctime = root->i_btime = current_time(root);
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

static int get_tree(struct fs_context *fc)
{
	return get_tree_nodev(fc, fill_super);
}

static const struct fs_context_operations context_ops = {
	.get_tree	= get_tree,
};

static int init_fs_context(struct fs_context *fc)
{
	fc->ops = &context_ops;
	return 0;
}

void pseudo_fs_mount(struct pseudo_fs *fs)
{
	fs->type.init_fs_context = init_fs_context;
	fs->type.kill_sb = kill_anon_super;
	INIT_LIST_HEAD(&fs->type.list);
	INIT_LIST_HEAD(&fs->type.supers);
	fs->mnt = kern_mount(&fs->type);
	BUG_ON(IS_ERR(fs->mnt));
}

struct inode *pseudo_inode(struct pseudo_fs *fs, umode_t mode)
{
	struct inode *inode = new_inode(fs->mnt->mnt_sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode->i_mode = mode;
	inode->i_uid = current_fsuid();
	inode->i_gid = current_fsgid();
	inode->i_atime = inode->i_mtime = inode->i_ctime = inode->i_btime = current_time(inode);
	return inode;
}

char *pseudo_dname(const char *kind, struct dentry *dentry, char *buf, int len)
{
	char text[48];
	int n = scnprintf(text, sizeof(text), "%s:[%llu]", kind, d_inode(dentry)->i_ino) + 1;

	if (n > len)
		return ERR_PTR(-ENAMETOOLONG);
	return memcpy(buf + len - n, text, n);
}
