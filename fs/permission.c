// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may do what with an inode, and the counts that keep writers and execution apart.
 *
 * Mode bits are read without a lock: a chmod takes effect for the next check.
 * i_writecount: > 0 that many writers; < 0 that many who execute it and deny writing.
 */
#include <fs/internal.h>

/* Privileges in a user namespace count for what belongs to those who are in it. */
bool capable_wrt_inode(const struct inode *inode, int cap)
{
	struct user_namespace *ns = current_user_ns();

	return kuid_has_mapping(ns, inode->i_uid) && kgid_has_mapping(ns, inode->i_gid) && ns_capable(ns, cap);
}

/* For the file's owner, group and others; then what privileges add. */
int generic_permission(struct inode *inode, int mask)
{
	unsigned int mode = inode->i_mode;

	if (current_fsuid() == inode->i_uid)
		mode >>= 6;
	else if ((((mode >> 3) ^ mode) & 7) && in_group_p(inode->i_gid))
		mode >>= 3;
	mask &= MAY_READ | MAY_WRITE | MAY_EXEC;
	if (!(mask & ~mode))
		return 0;
	if (S_ISDIR(inode->i_mode)) {
		if (!(mask & MAY_WRITE) && capable_wrt_inode(inode, CAP_DAC_READ_SEARCH))
			return 0;
		return capable_wrt_inode(inode, CAP_DAC_OVERRIDE) ? 0 : -EACCES;
	}
	if (mask == MAY_READ && capable_wrt_inode(inode, CAP_DAC_READ_SEARCH))
		return 0;
	if ((!(mask & MAY_EXEC) || (inode->i_mode & 0111)) && capable_wrt_inode(inode, CAP_DAC_OVERRIDE))
		return 0;
	return -EACCES;
}

int inode_permission(struct inode *inode, int mask)
{
	if (mask & MAY_WRITE) {
		umode_t mode = inode->i_mode;

		if (sb_rdonly(inode->i_sb) && (S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode)))
			return -EROFS;
		if (inode->i_flags & S_IMMUTABLE_INODE)
			return -EPERM;
	}
	if (inode->i_op->permission)
		return inode->i_op->permission(inode, mask);
	return generic_permission(inode, mask);
}

int path_permission(const struct path *path, int mask)
{
	return inode_permission(d_inode(path->dentry), mask);
}

bool inode_owner_or_capable(const struct inode *inode)
{
	struct user_namespace *ns = current_user_ns();

	return current_fsuid() == inode->i_uid || (kuid_has_mapping(ns, inode->i_uid) && ns_capable(ns, CAP_FOWNER));
}

bool check_sticky(const struct inode *dir, const struct inode *inode)
{
	if (!(dir->i_mode & S_ISVTX) || inode->i_uid == current_fsuid() || dir->i_uid == current_fsuid())
		return false;
	return !capable_wrt_inode(inode, CAP_FOWNER);
}

/* A name may be made in @dir: write and search permission, and the directory still exists. */
int may_create(struct inode *dir, struct dentry *child)
{
	if (d_is_positive(child))
		return -EEXIST;
	if (dir->i_flags & S_DEAD)
		return -ENOENT;
	/* The file system of a user namespace has no name for who is outside. */
	if (!kuid_has_mapping(dir->i_sb->s_user_ns, current_fsuid()) ||
	    !kgid_has_mapping(dir->i_sb->s_user_ns, current_fsgid()))
		return -EOVERFLOW;
	return inode_permission(dir, MAY_WRITE | MAY_EXEC);
}

int may_delete(struct inode *dir, struct dentry *victim, bool isdir)
{
	struct inode *inode = d_inode(victim);
	int err;

	if (!inode)
		return -ENOENT;
	err = inode_permission(dir, MAY_WRITE | MAY_EXEC);
	if (err)
		return err;
	if (dir->i_flags & S_APPEND_INODE)
		return -EPERM;
	if (check_sticky(dir, inode) || (inode->i_flags & (S_IMMUTABLE_INODE | S_APPEND_INODE)))
		return -EPERM;
	if (isdir) {
		if (!S_ISDIR(inode->i_mode))
			return -ENOTDIR;
		if (victim->d_parent == victim)
			return -EBUSY;
	} else if (S_ISDIR(inode->i_mode)) {
		return -EISDIR;
	}
	return (dir->i_flags & S_DEAD) ? -ENOENT : 0;
}

int get_write_access(struct inode *inode)
{
	int n = atomic_read(&inode->i_writecount);

	do
		if (n < 0)
			return -ETXTBSY;
	while (!atomic_try_cmpxchg(&inode->i_writecount, &n, n + 1));
	return 0;
}

void put_write_access(struct inode *inode)
{
	atomic_dec(&inode->i_writecount);
}

int deny_write_access(struct file *file)
{
	atomic_t *count = &file_inode(file)->i_writecount;
	int n = atomic_read(count);

	do
		if (n > 0)
			return -ETXTBSY;
	while (!atomic_try_cmpxchg(count, &n, n - 1));
	return 0;
}

void allow_write_access(struct file *file)
{
	if (file)
		atomic_inc(&file_inode(file)->i_writecount);
}
