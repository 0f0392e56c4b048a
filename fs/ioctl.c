// SPDX-License-Identifier: GPL-2.0-only
/* ioctl(2): the requests that mean the same for every file; all others go to the file's driver. */
#include <fs/internal.h>

#include <generated/syscalls.h>
#include <kernel/compat.h>

static int set_file_flag(struct file *f, unsigned int flag, int __user *arg)
{
	int on;

	if (get_user(on, arg))
		return -EFAULT;
	spin_lock(&f->f_lock);
	if (on)
		f->f_flags |= flag;
	else
		f->f_flags &= ~flag;
	spin_unlock(&f->f_lock);
	return 0;
}

static int ioctl_fioasync(unsigned int fd, struct file *f, int __user *arg)
{
	int on, err;

	if (get_user(on, arg))
		return -EFAULT;
	if (!on == !(f->f_flags & FASYNC))
		return 0;
	if (!f->f_op->fasync)
		return -ENOTTY;
	err = f->f_op->fasync(fd, f, on);
	return err < 0 ? err : set_file_flag(f, FASYNC, arg);
}

static int ioctl_fioqsize(const struct inode *inode, loff_t __user *arg)
{
	loff_t size = i_size_read(inode);

	if (!S_ISDIR(inode->i_mode) && !S_ISREG(inode->i_mode) && !S_ISLNK(inode->i_mode))
		return -ENOTTY;
	return copy_to_user(arg, &size, sizeof(size)) ? -EFAULT : 0;
}

/* -ENOIOCTLCMD: the driver's. */
static long common_ioctl(unsigned int fd, struct file *f, unsigned int cmd, unsigned long arg)
{
	struct inode *inode = file_inode(f);
	int __user *iarg = (int __user *)arg;
	long err;

	switch (cmd) {
	case FIOCLEX:
		set_close_on_exec(fd, true);
		return 0;
	case FIONCLEX:
		set_close_on_exec(fd, false);
		return 0;
	case FIONBIO:
		return set_file_flag(f, O_NONBLOCK, iarg);
	case FIOASYNC:
		return ioctl_fioasync(fd, f, iarg);
	case FIOQSIZE:
		return ioctl_fioqsize(inode, (loff_t __user *)arg);
	case FIGETBSZ:
		return put_user((int)inode->i_sb->s_blocksize, iarg);
	case FIONREAD:
		if (S_ISREG(inode->i_mode))
			return put_user((int)(i_size_read(inode) - f->f_pos), iarg);
		break;
	}
	err = remap_ioctl(f, cmd, arg);
	return err == -ENOIOCTLCMD ? inode_flags_ioctl(f, cmd, arg) : err;
}

/* A driver has a compat_ioctl if 32-bit programs' structures, or numbers, are others. */
static long driver_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	if (is_compat_task() && f->f_op->compat_ioctl)
		return f->f_op->compat_ioctl(f, cmd, arg);
	return f->f_op->unlocked_ioctl ? f->f_op->unlocked_ioctl(f, cmd, arg) : -ENOTTY;
}

long sys_ioctl(unsigned int fd, unsigned int cmd, unsigned long arg)
{
	struct fd f = fdget(fd);
	long err;

	if (!f.file)
		return -EBADF;
	err = common_ioctl(fd, f.file, cmd, arg);
	if (err == -ENOIOCTLCMD)
		err = driver_ioctl(f.file, cmd, arg);
	fdput(f);
	return err == -ENOIOCTLCMD ? -ENOTTY : err;
}
