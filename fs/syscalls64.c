// SPDX-License-Identifier: GPL-2.0-only
/* The file calls that only 64-bit programs make. Their 32-bit sisters are in syscalls32.c. */
#include <fs/internal.h>

#include <generated/syscalls.h>

long sys_newfstatat(int dfd, const char __user *name, struct stat __user *ust, int flag)
{
	if (flag & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH))
		return -EINVAL;
	return do_newstatat(dfd, name, flag, ust);
}

long sys_sync_file_range(int fd, loff_t off, loff_t len, unsigned int flags)
{
	return do_sync_file_range(fd, off, len, flags);
}
