// SPDX-License-Identifier: GPL-2.0-only
/* quotactl(2), quotactl_fd(2): no file system here has quotas, so this is what is wrong with a call. Locking: none. */
#include <fs/internal.h>

#include <generated/syscalls.h>
#include <linux/quota.h>

#define SUBCMD(cmd)	((cmd) >> SUBCMDSHIFT)
#define KIND(cmd)	((cmd) & SUBCMDMASK)

long sys_quotactl(unsigned int cmd, const char __user *special, int id, void __user *addr)
{
	struct path path;
	int err;

	if (KIND(cmd) >= MAXQUOTAS)
		return -EINVAL;
	if (!special)
		return SUBCMD(cmd) == (unsigned int)Q_SYNC ? 0 : -ENODEV;
	err = user_path_at(AT_FDCWD, special, LOOKUP_FOLLOW, &path);
	if (err)
		return err;
	err = S_ISBLK(d_inode(path.dentry)->i_mode) ? -ENODEV : -ENOTBLK;	/* nothing of ours is on a device */
	path_put(&path);
	return err;
}

long sys_quotactl_fd(unsigned int fd, unsigned int cmd, int id, void __user *addr)
{
	struct fd f = fdget_raw(fd);

	if (!f.file)
		return -EBADF;
	fdput(f);
	return KIND(cmd) >= MAXQUOTAS ? -EINVAL : -ENOSYS;
}
