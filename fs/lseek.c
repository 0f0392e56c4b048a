// SPDX-License-Identifier: GPL-2.0-only
/* lseek(2): the usual ways to move a file's position. Locking: the caller holds f_pos_lock where needed. */
#include <fs/internal.h>

#include <generated/syscalls.h>

loff_t generic_file_llseek_size(struct file *f, loff_t off, int whence, loff_t maxsize, loff_t eof)
{
	switch (whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		if (!off)
			return f->f_pos;
		off += f->f_pos;
		break;
	case SEEK_END:
		off += eof;
		break;
	case SEEK_DATA:		/* no holes are known: all is data up to the end */
		if ((u64)off >= (u64)eof)
			return -ENXIO;
		break;
	case SEEK_HOLE:
		if ((u64)off >= (u64)eof)
			return -ENXIO;
		off = eof;
		break;
	default:
		return -EINVAL;
	}
	if (off < 0 || off > maxsize)
		return -EINVAL;
	if (off != f->f_pos) {
		f->f_pos = off;
		f->f_version = 0;
	}
	return off;
}

loff_t generic_file_llseek(struct file *f, loff_t off, int whence)
{
	struct inode *inode = f->f_mapping->host;

	return generic_file_llseek_size(f, off, whence, inode->i_sb->s_maxbytes, i_size_read(inode));
}

loff_t no_llseek(struct file *f, loff_t off, int whence)
{
	return -ESPIPE;
}

loff_t noop_llseek(struct file *f, loff_t off, int whence)
{
	return f->f_pos;
}

loff_t vfs_llseek(struct file *f, loff_t off, int whence)
{
	if (!(f->f_mode & FMODE_LSEEK) || !f->f_op->llseek)
		return -ESPIPE;
	return f->f_op->llseek(f, off, whence);
}

long sys_lseek(unsigned int fd, off_t off, unsigned int whence)
{
	struct fd f = fdget_pos(fd);
	loff_t pos = -EINVAL;

	if (!f.file)
		return -EBADF;
	if (whence <= SEEK_MAX)
		pos = vfs_llseek(f.file, off, whence);
	fdput_pos(f);
	return pos == (loff_t)(off_t)pos ? pos : -EOVERFLOW;
}
