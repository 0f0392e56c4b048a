// SPDX-License-Identifier: GPL-2.0-only
/*
 * swapon(2), swapoff(2): there is no swap, so this is what is wrong with a call; a valid swap area on a device is
 * ENOSYS, as from a kernel without swap.  Locking: none.
 */
#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>

#define SWAP_FLAGS_VALID	0x7ffff		/* priority, prefer, three ways to discard */

static const char signature[] = "SWAPSPACE2";

static int check_area(struct file *file)
{
	char text[sizeof(signature) - 1];
	loff_t pos = PAGE_SIZE - sizeof(text);

	if (!S_ISBLK(file_inode(file)->i_mode) || kernel_read(file, text, sizeof(text), &pos) != sizeof(text))
		return -EINVAL;
	return memcmp(text, signature, sizeof(text)) ? -EINVAL : -ENOSYS;
}

static int open_area(const char __user *uname, bool check)
{
	struct file *file;
	char *name;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	name = getname(uname);
	if (IS_ERR(name))
		return PTR_ERR(name);
	file = filp_open(name, O_RDWR | O_LARGEFILE, 0);
	putname(name);
	if (IS_ERR(file))
		return PTR_ERR(file);
	err = check ? check_area(file) : -EINVAL;
	filp_close(file, NULL);
	return err;
}

long sys_swapon(const char __user *name, int flags)
{
	return flags & ~SWAP_FLAGS_VALID ? -EINVAL : open_area(name, true);
}

long sys_swapoff(const char __user *name)
{
	return open_area(name, false);
}
