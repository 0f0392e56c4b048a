// SPDX-License-Identifier: GPL-2.0-only
/* fcntl(2) of 32-bit programs, whose record locks have 32-bit offsets, and fcntl64(2), which has the wide ones, too. */
#include <fs/fcntl.h>

#include <generated/syscalls.h>
#include <asm/uaccess.h>

struct flock32 {
	s16	type, whence;
	s32	start, len, pid;
};
static_assert(sizeof(struct flock32) == 16);

static bool fits_offset(loff_t v)
{
	return v == (s32)v;
}

/* The lock found; its offsets may be too wide. */
static long put_flock(struct flock32 __user *ufl, const struct flock64 *wide)
{
	struct flock32 fl = {
		.type = wide->l_type, .whence = wide->l_whence, .pid = wide->l_pid,
		.start = wide->l_start, .len = wide->l_len,
	};

	if (wide->l_type != F_UNLCK &&
	    (!fits_offset(wide->l_start) || (wide->l_len && !fits_offset(wide->l_start + wide->l_len - 1))))
		return -EOVERFLOW;
	return copy_to_user(ufl, &fl, sizeof(fl)) ? -EFAULT : 0;
}

static long fcntl_lock32(unsigned int fd, struct file *f, unsigned int cmd, struct flock32 __user *ufl)
{
	struct flock64 wide;
	struct flock32 fl;
	long err;

	if (copy_from_user(&fl, ufl, sizeof(fl)))
		return -EFAULT;
	wide = (struct flock64){
		.l_type = fl.type, .l_whence = fl.whence, .l_pid = fl.pid, .l_start = fl.start, .l_len = fl.len,
	};
	err = fcntl_lock(fd, f, cmd, &wide);
	if (!err && cmd == F_GETLK)
		err = put_flock(ufl, &wide);
	return err;
}

static long fcntl_file32(unsigned int fd, struct file *f, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return -EINVAL;		/* fcntl64() has these */
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
		return fcntl_lock32(fd, f, cmd, (struct flock32 __user *)arg);
	}
	return do_fcntl(fd, f, cmd, arg);
}

static long fcntl_file64(unsigned int fd, struct file *f, unsigned int cmd, unsigned long arg)
{
	struct flock64 __user *ufl = (struct flock64 __user *)arg;

	switch (cmd) {
	case F_GETLK64:
		return fcntl_lock64(fd, f, F_GETLK, ufl);
	case F_SETLK64:
		return fcntl_lock64(fd, f, F_SETLK, ufl);
	case F_SETLKW64:
		return fcntl_lock64(fd, f, F_SETLKW, ufl);
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return fcntl_lock64(fd, f, cmd, ufl);
	}
	return fcntl_file32(fd, f, cmd, arg);
}

static long with_file(unsigned int fd, unsigned int cmd, unsigned long arg,
		      long (*op)(unsigned int fd, struct file *f, unsigned int cmd, unsigned long arg))
{
	struct fd f = fcntl_fdget(fd, cmd);
	long result;

	if (!f.file)
		return -EBADF;
	result = op(fd, f.file, cmd, arg);
	fdput(f);
	return result;
}

long sys_fcntl32(unsigned int fd, unsigned int cmd, unsigned long arg)
{
	return with_file(fd, cmd, arg, fcntl_file32);
}

long sys_fcntl64(unsigned int fd, unsigned int cmd, unsigned long arg)
{
	return with_file(fd, cmd, arg, fcntl_file64);
}
