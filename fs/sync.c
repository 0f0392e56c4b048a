// SPDX-License-Identifier: GPL-2.0-only
/* sync, syncfs, fsync, fdatasync, sync_file_range. */
#include <fs/internal.h>

#include <fs/mount.h>
#include <generated/syscalls.h>

int vfs_fsync(struct file *f, int datasync)
{
	int err;

	if (!f->f_op->fsync)
		return -EINVAL;
	err = f->f_op->fsync(f, 0, LLONG_MAX, datasync);
	if (!err && f->f_mapping)
		err = filemap_check_wb_err(f->f_mapping, &f->f_wb_err);
	return err;
}

static long do_fsync(unsigned int fd, int datasync)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = vfs_fsync(f.file, datasync);
	fdput(f);
	return err;
}

long sys_fsync(unsigned int fd)
{
	return do_fsync(fd, 0);
}

long sys_fdatasync(unsigned int fd)
{
	return do_fsync(fd, 1);
}

static void sync_one(struct super_block *sb, void *arg)
{
	sync_filesystem(sb);
}

long sys_sync(void)
{
	sync_dirty_mappings(false);
	iterate_supers(sync_one, NULL);
	sync_dirty_mappings(true);
	return 0;
}

long sys_syncfs(int fd)
{
	struct fd f = fdget(fd);

	if (!f.file)
		return -EBADF;
	sync_filesystem(f.file->f_path.dentry->d_sb);
	fdput(f);
	return 0;
}

static int sync_range(struct file *f, loff_t off, loff_t len, unsigned int flags)
{
	struct address_space *mapping = f->f_mapping;
	umode_t mode = file_inode(f)->i_mode;
	loff_t end = off + len;
	int err = 0;

	if (flags & ~(SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER))
		return -EINVAL;
	if (off < 0 || end < 0 || end < off)
		return -EINVAL;
	end = len ? end - 1 : LLONG_MAX;
	if (!S_ISREG(mode) && !S_ISBLK(mode) && !S_ISDIR(mode) && !S_ISLNK(mode))
		return -ESPIPE;
	if (flags & (SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WAIT_AFTER))
		err = filemap_write_and_wait_range(mapping, off, end);
	else if (flags & SYNC_FILE_RANGE_WRITE)
		err = filemap_fdatawrite_range(mapping, off, end);
	return err;
}

long do_sync_file_range(int fd, loff_t off, loff_t len, unsigned int flags)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = sync_range(f.file, off, len, flags);
	fdput(f);
	return err;
}
