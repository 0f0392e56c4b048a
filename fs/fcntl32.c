// SPDX-License-Identifier: GPL-2.0-only
/* fcntl64(2) of 32-bit programs: fcntl(2) with 64-bit offsets in record locks. */
#include <fs/fcntl.h>

#include <generated/syscalls.h>

static long fcntl64_lock(unsigned int fd, unsigned int cmd, struct flock64 __user *ufl)
{
	struct fd f = fdget(fd);
	long err;

	if (!f.file)
		return -EBADF;
	err = fcntl_lock64(fd, f.file, cmd, ufl);
	fdput(f);
	return err;
}

long sys_fcntl64(unsigned int fd, unsigned int cmd, unsigned long arg)
{
	struct flock64 __user *ufl = (struct flock64 __user *)arg;

	switch (cmd) {
	case F_GETLK64:
		return fcntl64_lock(fd, F_GETLK, ufl);
	case F_SETLK64:
		return fcntl64_lock(fd, F_SETLK, ufl);
	case F_SETLKW64:
		return fcntl64_lock(fd, F_SETLKW, ufl);
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
		return fcntl64_lock(fd, cmd, ufl);
	}
	return sys_fcntl(fd, cmd, arg);
}
