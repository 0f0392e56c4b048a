// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing attributes: notify_change(), the checks and the copy that file systems use, utimensat(2).
 *
 * Locking: the caller of notify_change() holds the inode's i_rwsem for writing; fields change under i_lock.
 */
#include <fs/file_caps.h>
#include <fs/internal.h>

#include <generated/syscalls.h>
#include <kernel/signal.h>

#define ATTR_NEEDS_MUTABLE (ATTR_MODE | ATTR_UID | ATTR_GID | ATTR_ATIME_SET | ATTR_MTIME_SET | ATTR_TIMES_SET)

/* ---- checks ---------------------------------------------------------------------------------- */

static bool may_chown(const struct inode *inode, uid_t uid)
{
	if (current_fsuid() == inode->i_uid && uid == inode->i_uid)
		return true;
	return capable_wrt_inode(inode, CAP_CHOWN);
}

static bool may_chgrp(const struct inode *inode, gid_t gid)
{
	if (current_fsuid() == inode->i_uid && (gid == inode->i_gid || in_group_p(gid)))
		return true;
	return capable_wrt_inode(inode, CAP_CHOWN);
}

int inode_newsize_ok(const struct inode *inode, loff_t size)
{
	int err;

	if (size < 0)
		return -EINVAL;
	if (size <= inode->i_size)
		return 0;
	err = check_file_size_limit(size);
	if (err)
		return err;
	return size > inode->i_sb->s_maxbytes ? -EFBIG : 0;
}

static int check_new_mode(const struct inode *inode, struct iattr *attr)
{
	gid_t gid = (attr->ia_valid & ATTR_GID) ? attr->ia_gid : inode->i_gid;

	if (!inode_owner_or_capable(inode))
		return -EPERM;
	if (!in_group_p(gid) && !capable_wrt_inode(inode, CAP_FSETID))
		attr->ia_mode &= ~S_ISGID;
	return 0;
}

int setattr_prepare(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	unsigned int valid = attr->ia_valid;
	int err;

	if (valid & ATTR_SIZE) {
		err = inode_newsize_ok(inode, attr->ia_size);
		if (err)
			return err;
	}
	if (valid & ATTR_FORCE)
		goto kill_caps;
	if ((valid & ATTR_UID) && !may_chown(inode, attr->ia_uid))
		return -EPERM;
	if ((valid & ATTR_GID) && !may_chgrp(inode, attr->ia_gid))
		return -EPERM;
	if (valid & ATTR_MODE) {
		err = check_new_mode(inode, attr);
		if (err)
			return err;
	}
	if ((valid & (ATTR_MTIME_SET | ATTR_ATIME_SET | ATTR_TIMES_SET)) && !inode_owner_or_capable(inode))
		return -EPERM;
kill_caps:
	return (valid & ATTR_KILL_CAPS) ? file_caps_kill(inode) : 0;
}

void setattr_copy(struct inode *inode, const struct iattr *attr)
{
	unsigned int valid = attr->ia_valid;

	spin_lock(&inode->i_lock);
	if (valid & ATTR_UID)
		inode->i_uid = attr->ia_uid;
	if (valid & ATTR_GID)
		inode->i_gid = attr->ia_gid;
	if (valid & ATTR_ATIME)
		inode->i_atime = attr->ia_atime;
	if (valid & ATTR_MTIME)
		inode->i_mtime = attr->ia_mtime;
	if (valid & ATTR_CTIME)
		inode->i_ctime = attr->ia_ctime;
	if (valid & ATTR_MODE) {
		umode_t mode = attr->ia_mode;

		if (!in_group_p(inode->i_gid) && !capable_wrt_inode(inode, CAP_FSETID))
			mode &= ~S_ISGID;
		inode->i_mode = mode;
	}
	spin_unlock(&inode->i_lock);
}

/* ---- the change ------------------------------------------------------------------------------ */

static int may_setattr(struct inode *inode, unsigned int valid)
{
	if ((valid & ATTR_NEEDS_MUTABLE) && (inode->i_flags & (S_IMMUTABLE_INODE | S_APPEND_INODE)))
		return -EPERM;
	/* utimes(NULL) and the like: the owner, or whoever may write. */
	if (valid & ATTR_TOUCH) {
		if (inode->i_flags & S_IMMUTABLE_INODE)
			return -EPERM;
		if (!inode_owner_or_capable(inode))
			return inode_permission(inode, MAY_WRITE);
	}
	return 0;
}

/* Set-id bits that are to go become a change of the mode. */
static void kill_set_id(const struct inode *inode, struct iattr *attr)
{
	umode_t mode = inode->i_mode, kill = 0;

	if ((attr->ia_valid & ATTR_KILL_SUID) && (mode & S_ISUID))
		kill |= S_ISUID;
	if ((attr->ia_valid & ATTR_KILL_SGID) && (mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		kill |= S_ISGID;
	attr->ia_valid &= ~(ATTR_KILL_SUID | ATTR_KILL_SGID);
	if (!kill)
		return;
	attr->ia_mode = ((attr->ia_valid & ATTR_MODE) ? attr->ia_mode : mode) & ~kill;
	attr->ia_valid |= ATTR_MODE;
}

static u32 notify_mask(unsigned int valid)
{
	bool both = (valid & (ATTR_ATIME | ATTR_MTIME)) == (ATTR_ATIME | ATTR_MTIME);
	u32 mask = 0;

	if (valid & (ATTR_UID | ATTR_GID | ATTR_MODE))
		mask |= IN_ATTRIB;
	if (valid & ATTR_SIZE)
		mask |= IN_MODIFY;
	if (both)
		mask |= IN_ATTRIB;
	else if (valid & ATTR_ATIME)
		mask |= IN_ACCESS;
	else if (valid & ATTR_MTIME)
		mask |= IN_MODIFY;
	return mask;
}

int notify_change(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	struct timespec64 now = current_time(inode);
	int err = may_setattr(inode, attr->ia_valid);

	if (err)
		return err;
	attr->ia_ctime = now;
	if (!(attr->ia_valid & ATTR_ATIME_SET))
		attr->ia_atime = now;
	if (!(attr->ia_valid & ATTR_MTIME_SET))
		attr->ia_mtime = now;
	kill_set_id(inode, attr);
	if (!(inode->i_flags & S_FILE_CAPS))
		attr->ia_valid &= ~ATTR_KILL_CAPS;
	if (!(attr->ia_valid & ~ATTR_FORCE))
		return 0;
	err = inode->i_op->setattr ? inode->i_op->setattr(dentry, attr) : simple_setattr(dentry, attr);
	if (!err && unlikely(atomic_read(&fsnotify_marks))) {
		u32 mask = notify_mask(attr->ia_valid);

		if (mask)
			fsnotify_dentry(dentry, mask, 0);
	}
	return err;
}

/* Set-id bits go unless the caller is privileged, capabilities in any case. */
unsigned int attr_of_privs(const struct inode *inode)
{
	umode_t mode = READ_ONCE(inode->i_mode);
	unsigned int set_id = 0;

	if (mode & S_ISUID)
		set_id |= ATTR_KILL_SUID;
	if ((mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP))
		set_id |= ATTR_KILL_SGID;
	if (set_id && (!S_ISREG(mode) || capable(CAP_FSETID)))
		set_id = 0;
	return set_id | ((inode->i_flags & S_FILE_CAPS) ? ATTR_KILL_CAPS : 0);
}

int file_remove_privs(struct file *f)
{
	struct inode *inode = file_inode(f);
	struct iattr attr;

	if (likely(!(READ_ONCE(inode->i_mode) & (S_ISUID | S_ISGID)) && !(inode->i_flags & S_FILE_CAPS)))
		return 0;
	attr.ia_valid = attr_of_privs(inode);
	if (!attr.ia_valid)
		return 0;
	attr.ia_valid |= ATTR_FORCE;
	return notify_change(f->f_path.dentry, &attr);
}

/* ---- times ----------------------------------------------------------------------------------- */

static bool nsec_valid(long nsec)
{
	return nsec == UTIME_OMIT || nsec == UTIME_NOW || (unsigned long)nsec < NSEC_PER_SEC;
}

static void set_time(struct iattr *attr, const struct timespec64 *from, struct timespec64 *to,
		     unsigned int valid, unsigned int set)
{
	if (from->tv_nsec == UTIME_OMIT)
		return;
	attr->ia_valid |= valid;
	if (from->tv_nsec == UTIME_NOW)
		return;
	*to = *from;
	if (to->tv_sec == S64_MAX || to->tv_sec == S64_MIN)
		to->tv_nsec = 0;	/* the range ends with a whole second */
	attr->ia_valid |= set;
}

static int utimes_path(const struct path *path, const struct timespec64 *times)
{
	struct inode *inode = d_inode(path->dentry);
	struct iattr attr = { .ia_valid = ATTR_CTIME };
	int err;

	if (times && times[0].tv_nsec == UTIME_NOW && times[1].tv_nsec == UTIME_NOW)
		times = NULL;
	if (times) {
		set_time(&attr, &times[0], &attr.ia_atime, ATTR_ATIME, ATTR_ATIME_SET);
		set_time(&attr, &times[1], &attr.ia_mtime, ATTR_MTIME, ATTR_MTIME_SET);
		attr.ia_valid |= ATTR_TIMES_SET;
	} else {
		attr.ia_valid |= ATTR_ATIME | ATTR_MTIME | ATTR_TOUCH;
	}
	err = mnt_want_write(path->mnt);
	if (err)
		return err;
	inode_lock(inode);
	err = notify_change(path->dentry, &attr);
	inode_unlock(inode);
	mnt_drop_write(path->mnt);
	return err;
}

static int utimes_fd(int fd, const struct timespec64 *times, int flags)
{
	struct fd f;
	int err;

	if (flags)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	err = utimes_path(&f.file->f_path, times);
	fdput(f);
	return err;
}

int do_utimes(int dfd, const char __user *name, struct timespec64 *times, int flags)
{
	unsigned int lookup = (flags & AT_SYMLINK_NOFOLLOW) ? 0 : LOOKUP_FOLLOW;
	struct path path;
	int err;

	if (times && (!nsec_valid(times[0].tv_nsec) || !nsec_valid(times[1].tv_nsec)))
		return -EINVAL;
	if (!name && dfd != AT_FDCWD)
		return utimes_fd(dfd, times, flags);
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	err = user_path_at(dfd, name, lookup, &path);
	if (err)
		return err;
	err = utimes_path(&path, times);
	path_put(&path);
	return err;
}

static bool both_omitted(const struct timespec64 *t)
{
	return t[0].tv_nsec == UTIME_OMIT && t[1].tv_nsec == UTIME_OMIT;
}

long sys_utimensat(int dfd, const char __user *name, struct __kernel_timespec __user *ts, int flags)
{
	struct timespec64 times[2];

	if (ts) {
		if (get_timespec64(&times[0], &ts[0]) || get_timespec64(&times[1], &ts[1]))
			return -EFAULT;
		if (both_omitted(times))
			return 0;
	}
	return do_utimes(dfd, name, ts ? times : NULL, flags);
}
