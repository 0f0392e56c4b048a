// SPDX-License-Identifier: GPL-2.0-only
/*
 * memfd_create(2): a file in memory that has no name, and seals that forbid changes for good.
 *
 * The seals are in the mapping, under the inode's i_rwsem; mm/shmem.c obeys them.  A named file of
 * tmpfs cannot be sealed: to fcntl(2) it looks as if F_SEAL_SEAL were set.
 */
#include <fs/memfd.h>

#include <fs/internal.h>
#include <generated/syscalls.h>
#include <kernel/lib/string.h>
#include <mm/mm.h>
#include <mm/shmem.h>

#define MFD_PREFIX	"memfd:"
#define MFD_PREFIX_LEN	(sizeof(MFD_PREFIX) - 1)
#define MFD_NAME_SIZE	(NAME_MAX - MFD_PREFIX_LEN + 1)	/* with its NUL */
#define MFD_FLAGS	(MFD_CLOEXEC | MFD_ALLOW_SEALING)
#define ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)

static int memfd_name(char buf[NAME_MAX + 1], const char __user *uname)
{
	long len;

	memcpy(buf, MFD_PREFIX, MFD_PREFIX_LEN);
	len = strncpy_from_user(buf + MFD_PREFIX_LEN, uname, MFD_NAME_SIZE);
	if (len < 0)
		return len;
	return len >= (long)MFD_NAME_SIZE ? -EINVAL : 0;
}

static int memfd_install(const char *name, unsigned int flags)
{
	int fd = get_unused_fd_flags((flags & MFD_CLOEXEC) ? O_CLOEXEC : 0);
	struct file *f;

	if (fd < 0)
		return fd;
	f = shmem_file_setup(name, 0, VM_NORESERVE);
	if (IS_ERR(f)) {
		put_unused_fd(fd);
		return PTR_ERR(f);
	}
	f->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
	f->f_flags |= O_LARGEFILE;
	f->f_mapping->seals = (flags & MFD_ALLOW_SEALING) ? 0 : F_SEAL_SEAL;
	fd_install(fd, f);
	return fd;
}

long sys_memfd_create(const char __user *uname, unsigned int flags)
{
	unsigned int huge = MFD_HUGETLB | (unsigned int)MAP_HUGE_MASK << MAP_HUGE_SHIFT;
	char name[NAME_MAX + 1];
	int err;

	if (flags & ~(MFD_FLAGS | (flags & MFD_HUGETLB ? huge : 0)))
		return -EINVAL;
	err = memfd_name(name, uname);
	if (!err && (flags & MFD_HUGETLB))
		err = -ENODEV;		/* as if there were no pages of that size */
	return err ?: memfd_install(name, flags);
}

/* ---- seals ------------------------------------------------------------------------------- */

static bool is_in_memory(const struct file *f)
{
	return S_ISREG(file_inode(f)->i_mode) && f->f_mapping->a_ops == &shmem_aops;
}

static bool can_have_seals(const struct file *f)
{
	const struct dentry *dentry = f->f_path.dentry;

	return dentry->d_parent == dentry;	/* in no directory: not a file of a mounted tmpfs */
}

static int add_seals(struct file *f, unsigned int seals)
{
	struct address_space *m = f->f_mapping;
	struct inode *inode = file_inode(f);
	int err = 0;

	if (!(f->f_mode & FMODE_WRITE))
		return -EPERM;
	if ((seals & ~ALL_SEALS) || !is_in_memory(f))
		return -EINVAL;
	inode_lock(inode);
	if (!can_have_seals(f) || (m->seals & F_SEAL_SEAL))
		err = -EPERM;
	else if ((seals & F_SEAL_WRITE) && !(m->seals & F_SEAL_WRITE))
		err = mapping_deny_writable(m);
	if (!err)
		m->seals |= seals;
	inode_unlock(inode);
	return err;
}

long memfd_fcntl(struct file *f, unsigned int cmd, unsigned long arg)
{
	if (cmd == F_ADD_SEALS)
		return arg > UINT_MAX ? -EINVAL : add_seals(f, arg);
	if (!is_in_memory(f))
		return -EINVAL;
	return can_have_seals(f) ? READ_ONCE(f->f_mapping->seals) : F_SEAL_SEAL;
}
