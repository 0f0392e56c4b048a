// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files and directories of tmpfs, ramfs and the rootfs: names in the dcache, pages in mm/shmem.c.
 *
 * A name exists while its dentry does, so each has a reference of its own until unlink.  Interface:
 * <fs/tmpfs/tmpfs.h>; shmem_file_setup() of <mm/shmem.h>.
 *
 * Locking: the VFS's (i_rwsem around changes, i_lock for fields); the limits are atomic counts.
 */
#include <fs/tmpfs/tmpfs.h>

#include <fs/internal.h>
#include <kernel/lib/string.h>
#include <mm/mm.h>

#define DIRENT_SIZE	20	/* what an entry adds to a directory's size, as Linux shows it */
#define ALL_SEALS	(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)

static struct kmem_cache *tmpfs_inode_cache;
static struct vfsmount *shm_mnt;		/* [I] internal: no names, no limits */

static const struct inode_operations tmpfs_dir_iops, tmpfs_file_iops, tmpfs_link_iops, tmpfs_special_iops;

/* ---- inodes ---------------------------------------------------------------------------------- */

struct inode *tmpfs_alloc_inode(struct super_block *sb)
{
	struct tmpfs_inode *t = kmem_cache_alloc(tmpfs_inode_cache, GFP_KERNEL);

	if (!t)
		return NULL;
	INIT_LIST_HEAD(&t->xattrs);
	return &t->vfs;
}

void tmpfs_free_inode(struct inode *inode)
{
	kmem_cache_free(tmpfs_inode_cache, TMPFS_I(inode));
}

static bool reserve_inode(struct tmpfs_sb *info)
{
	long n = atomic_long_add_return_relaxed(1, &info->used_inodes);

	if (!info->max_inodes || n <= (long)info->max_inodes)
		return true;
	atomic_long_dec(&info->used_inodes);
	return false;
}

void tmpfs_evict_inode(struct inode *inode)
{
	if (S_ISREG(inode->i_mode))
		shmem_evict(inode);
	else if (S_ISLNK(inode->i_mode))
		kfree(inode->i_link);
	if (!list_empty(&TMPFS_I(inode)->xattrs))
		tmpfs_free_xattrs(inode);
	atomic_long_dec(&TMPFS_SB(inode->i_sb)->used_inodes);
}

static void set_operations(struct inode *inode, umode_t mode, dev_t dev)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		inode->i_op = &tmpfs_file_iops;
		inode->i_fop = &tmpfs_file_operations;
		shmem_init_mapping(inode, &TMPFS_SB(inode->i_sb)->limits);
		break;
	case S_IFDIR:
		inode->i_op = &tmpfs_dir_iops;
		inode->i_fop = &simple_dir_operations;
		inode->i_nlink = 2;
		inode->i_size = 2 * DIRENT_SIZE;
		break;
	case S_IFLNK:
		inode->i_op = &tmpfs_link_iops;
		break;
	default:
		inode->i_op = &tmpfs_special_iops;
		init_special_inode(inode, inode->i_mode, dev);
		break;
	}
}

struct inode *tmpfs_get_inode(struct super_block *sb, const struct inode *dir, umode_t mode, dev_t dev)
{
	struct inode *inode;

	if (!reserve_inode(TMPFS_SB(sb)))
		return NULL;
	inode = new_inode(sb);
	if (!inode) {
		atomic_long_dec(&TMPFS_SB(sb)->used_inodes);
		return NULL;
	}
	inode->i_ino = get_next_ino();
	inode_init_owner(inode, dir, mode);
	if (dir)
		inode->i_flags |= dir->i_flags & (S_NODUMP_INODE | S_NOATIME_INODE);
	inode->i_btime = inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	set_operations(inode, mode, dev);
	return inode;
}

/* ---- directories ----------------------------------------------------------------------------- */

static void dir_changed(struct inode *dir, int entries)
{
	struct timespec64 now = current_time(dir);

	i_size_write(dir, dir->i_size + entries * DIRENT_SIZE);
	spin_lock(&dir->i_lock);
	dir->i_mtime = dir->i_ctime = now;
	spin_unlock(&dir->i_lock);
}

/* The new name keeps its dentry. */
static void add_entry(struct inode *dir, struct dentry *dentry, struct inode *inode)
{
	dir_changed(dir, 1);
	dget(dentry);
	d_instantiate(dentry, inode);
}

static int tmpfs_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev)
{
	struct inode *inode = tmpfs_get_inode(dir->i_sb, dir, mode, dev);

	if (!inode)
		return -ENOSPC;
	add_entry(dir, dentry, inode);
	return 0;
}

static int tmpfs_create(struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	return tmpfs_mknod(dir, dentry, mode | S_IFREG, 0);
}

static int tmpfs_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	int err = tmpfs_mknod(dir, dentry, mode | S_IFDIR, 0);

	if (!err)
		inc_nlink(dir);
	return err;
}

static int tmpfs_symlink(struct inode *dir, struct dentry *dentry, const char *target)
{
	size_t len = strlen(target);
	char *text;
	struct inode *inode;

	if (len > PATH_MAX - 1)
		return -ENAMETOOLONG;
	text = kmemdup(target, len + 1, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	inode = tmpfs_get_inode(dir->i_sb, dir, S_IFLNK | 0777, 0);
	if (!inode) {
		kfree(text);
		return -ENOSPC;
	}
	inode->i_link = text;
	inode->i_size = len;
	add_entry(dir, dentry, inode);
	return 0;
}

static int tmpfs_tmpfile(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct inode *inode = tmpfs_get_inode(dir->i_sb, dir, mode, 0);

	if (!inode)
		return -ENOSPC;
	clear_nlink(inode);
	d_instantiate(dentry, inode);
	return 0;
}

static int tmpfs_link(struct dentry *old, struct inode *dir, struct dentry *dentry)
{
	i_size_write(dir, dir->i_size + DIRENT_SIZE);
	return simple_link(old, dir, dentry);
}

static int tmpfs_unlink(struct inode *dir, struct dentry *dentry)
{
	i_size_write(dir, dir->i_size - DIRENT_SIZE);
	return simple_unlink(dir, dentry);
}

static int tmpfs_rmdir(struct inode *dir, struct dentry *dentry)
{
	int err = simple_rmdir(dir, dentry);

	if (!err)
		i_size_write(dir, dir->i_size - DIRENT_SIZE);
	return err;
}

static int move_entry(struct inode *odir, struct dentry *od, struct inode *ndir, struct dentry *nd,
		      unsigned int flags)
{
	bool replaced = d_is_positive(nd);
	int err = simple_rename(odir, od, ndir, nd, flags);

	if (err || (flags & RENAME_EXCHANGE))
		return err;
	i_size_write(odir, odir->i_size - DIRENT_SIZE);
	if (!replaced)
		i_size_write(ndir, ndir->i_size + DIRENT_SIZE);
	return 0;
}

/*
 * A whiteout (a device 0:0, which hides a name of a lower layer) comes where the file was.  Until the caller has
 * moved the dentry there are two of this name, and who looks finds either.
 */
static int move_and_hide(struct inode *odir, struct dentry *od, struct inode *ndir, struct dentry *nd,
			 unsigned int flags)
{
	struct dentry *whiteout = d_alloc(od->d_parent, &od->d_name);
	struct inode *inode;
	int err;

	if (!whiteout)
		return -ENOMEM;
	inode = tmpfs_get_inode(odir->i_sb, odir, S_IFCHR, 0);
	err = inode ? move_entry(odir, od, ndir, nd, flags & ~RENAME_WHITEOUT) : -ENOSPC;
	if (!err) {
		add_entry(odir, whiteout, inode);
		d_rehash(whiteout);
	} else {
		iput(inode);
	}
	dput(whiteout);
	return err;
}

static int tmpfs_rename(struct inode *odir, struct dentry *od, struct inode *ndir, struct dentry *nd,
			unsigned int flags)
{
	return flags & RENAME_WHITEOUT ? move_and_hide(odir, od, ndir, nd, flags) :
					 move_entry(odir, od, ndir, nd, flags);
}

/* ---- files ----------------------------------------------------------------------------------- */

static int tmpfs_setattr(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err = setattr_prepare(dentry, attr);

	if (err)
		return err;
	if ((attr->ia_valid & ATTR_SIZE) && S_ISREG(inode->i_mode)) {
		if (attr->ia_size != inode->i_size)
			err = shmem_truncate(inode, attr->ia_size);
		if (err)
			return err;
	}
	setattr_copy(inode, attr);
	return 0;
}

static ssize_t write_locked(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *f = iocb->ki_filp;
	ssize_t n = generic_write_checks(iocb, from);
	int err;

	if (n <= 0)
		return n;
	err = file_remove_privs(f);
	if (!err)
		err = file_update_time(f);
	return err ?: generic_perform_write(iocb, from);
}

static ssize_t tmpfs_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	ssize_t n;

	inode_lock(inode);
	n = write_locked(iocb, from);
	inode_unlock(inode);
	return n;
}

/* ---- the tables ------------------------------------------------------------------------------ */

#define TMPFS_XATTR_OPS				\
	.getxattr	= tmpfs_getxattr,	\
	.setxattr	= tmpfs_setxattr,	\
	.removexattr	= tmpfs_removexattr,	\
	.listxattr	= tmpfs_listxattr

static const struct inode_operations tmpfs_dir_iops = {
	.lookup		= simple_lookup,
	.create		= tmpfs_create,
	.link		= tmpfs_link,
	.unlink		= tmpfs_unlink,
	.symlink	= tmpfs_symlink,
	.mkdir		= tmpfs_mkdir,
	.rmdir		= tmpfs_rmdir,
	.mknod		= tmpfs_mknod,
	.rename		= tmpfs_rename,
	.tmpfile	= tmpfs_tmpfile,
	.setattr	= tmpfs_setattr,
	TMPFS_XATTR_OPS,
};
static const struct inode_operations tmpfs_file_iops = { .setattr = tmpfs_setattr, TMPFS_XATTR_OPS };
static const struct inode_operations tmpfs_special_iops = { .setattr = tmpfs_setattr, TMPFS_XATTR_OPS };
static const struct inode_operations tmpfs_link_iops = {
	.get_link = simple_get_link, .setattr = tmpfs_setattr, TMPFS_XATTR_OPS,
};

const struct file_operations tmpfs_file_operations = {
	.llseek		= shmem_file_llseek,
	.read_iter	= shmem_file_read_iter,
	.write_iter	= tmpfs_write_iter,
	.mmap		= shmem_mmap,
	.fsync		= shmem_fsync,
	.fallocate	= shmem_fallocate,
};

/* ---- files without names --------------------------------------------------------------------- */

struct file *shmem_file_setup(const char *name, loff_t size, unsigned long vm_flags)
{
	struct inode *inode;
	struct file *f;

	if (size < 0 || size > shm_mnt->mnt_sb->s_maxbytes)
		return ERR_PTR(-EINVAL);
	inode = tmpfs_get_inode(shm_mnt->mnt_sb, NULL, S_IFREG | 0777, 0);
	if (!inode)
		return ERR_PTR(-ENOSPC);
	clear_nlink(inode);
	f = ERR_PTR(-ENOMEM);
	if ((vm_flags & VM_NORESERVE) || !shmem_prepay(inode->i_mapping, size)) {
		inode->i_size = size;
		f = alloc_file_pseudo(inode, shm_mnt, name, O_RDWR, &tmpfs_file_operations);
	}
	if (IS_ERR(f))
		iput(inode);
	return f;
}

void __init tmpfs_init(void)
{
	tmpfs_inode_cache = kmem_cache_create("shmem_inode_cache", sizeof(struct tmpfs_inode), 0,
					      SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	if (register_filesystem(&tmpfs_fs_type) || register_filesystem(&ramfs_fs_type))
		panic("tmpfs: cannot register");
	shm_mnt = kern_mount(&tmpfs_fs_type);
	if (IS_ERR(shm_mnt))
		panic("tmpfs: cannot mount: error %ld", PTR_ERR(shm_mnt));
}
