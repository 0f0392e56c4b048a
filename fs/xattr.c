// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extended attributes: setxattr(2) and its eleven sisters.
 *
 * The file system keeps the attributes; here are the rules for names, sizes and who may do what in
 * which name space: user.* follows the mode bits, trusted.* is for CAP_SYS_ADMIN (for others it is
 * not even there), security.* may be read by all.  Changes are made under the inode's i_rwsem.
 */
#include <fs/file_caps.h>
#include <fs/internal.h>

#include <generated/syscalls.h>
#include <kernel/lib/string.h>

#define XATTR_FLAGS (XATTR_CREATE | XATTR_REPLACE)

static bool in_space(const char *name, const char *prefix)
{
	return str_has_prefix(name, prefix);
}

/* ---- permission -------------------------------------------------------------------------- */

/* user.*: files and directories only; in a sticky directory only its owner. */
static int user_space_permission(const struct inode *inode, int mask)
{
	if (!S_ISREG(inode->i_mode) && !S_ISDIR(inode->i_mode))
		return (mask & MAY_WRITE) ? -EPERM : -ENODATA;
	if (S_ISDIR(inode->i_mode) && (inode->i_mode & S_ISVTX) && (mask & MAY_WRITE) &&
	    !inode_owner_or_capable(inode))
		return -EPERM;
	return 0;
}

static bool is_file_caps(const char *name)
{
	return !strcmp(name, XATTR_NAME_CAPS);
}

/* File capabilities have rules of their own: fs/file_caps.c. */
static int security_space_permission(const char *name, int mask)
{
	return (mask & MAY_WRITE) && !is_file_caps(name) && !capable(CAP_SYS_ADMIN) ? -EPERM : 0;
}

static int xattr_permission(struct inode *inode, const char *name, int mask)
{
	if ((mask & MAY_WRITE) && (inode->i_flags & (S_IMMUTABLE_INODE | S_APPEND_INODE)))
		return -EPERM;
	if (in_space(name, XATTR_SECURITY_PREFIX))
		return security_space_permission(name, mask);
	if (in_space(name, XATTR_SYSTEM_PREFIX))
		return 0;
	if (in_space(name, XATTR_TRUSTED_PREFIX)) {
		if (capable(CAP_SYS_ADMIN))
			return 0;
		return (mask & MAY_WRITE) ? -EPERM : -ENODATA;
	}
	if (in_space(name, XATTR_USER_PREFIX)) {
		int err = user_space_permission(inode, mask);

		if (err)
			return err;
	}
	return inode_permission(inode, mask);
}

/* 0, -EINVAL: a space without a name in it, or -EOPNOTSUPP: none that is known. */
static int check_space(const char *name)
{
	if (in_space(name, XATTR_SYSTEM_PREFIX))
		return 0;
	if (!in_space(name, XATTR_USER_PREFIX) && !in_space(name, XATTR_TRUSTED_PREFIX) &&
	    !in_space(name, XATTR_SECURITY_PREFIX))
		return -EOPNOTSUPP;
	return strchr(name, '.')[1] ? 0 : -EINVAL;
}

/* ---- one attribute ----------------------------------------------------------------------- */

static int vfs_setxattr(struct dentry *dentry, const char *name, const void *value, size_t size,
			int flags)
{
	struct vfs_ns_cap_data v3;
	struct inode *inode = d_inode(dentry);
	int err;

	if (is_file_caps(name)) {
		err = size ? file_caps_may_set(inode, &value, &size, &v3) : file_caps_may_remove(inode);
		if (err)
			return err;
	}
	inode_lock(inode);
	err = xattr_permission(inode, name, MAY_WRITE);
	if (!err) {
		err = -EOPNOTSUPP;
		if (inode->i_op->setxattr)
			err = check_space(name) ?: inode->i_op->setxattr(inode, name, value, size, flags);
	}
	if (!err && is_file_caps(name))
		inode->i_flags |= S_FILE_CAPS;
	inode_unlock(inode);
	if (!err && unlikely(atomic_read(&fsnotify_marks)))
		fsnotify_dentry(dentry, IN_ATTRIB, 0);
	return err;
}

static int vfs_removexattr(struct dentry *dentry, const char *name)
{
	struct inode *inode = d_inode(dentry);
	int err;

	inode_lock(inode);
	err = xattr_permission(inode, name, MAY_WRITE);
	if (!err && is_file_caps(name))
		err = file_caps_may_remove(inode);
	if (!err) {
		err = -EOPNOTSUPP;
		if (inode->i_op->removexattr)
			err = check_space(name) ?: inode->i_op->removexattr(inode, name);
	}
	if (!err && is_file_caps(name))
		inode->i_flags &= ~S_FILE_CAPS;
	inode_unlock(inode);
	if (!err && unlikely(atomic_read(&fsnotify_marks)))
		fsnotify_dentry(dentry, IN_ATTRIB, 0);
	return err;
}

static ssize_t vfs_getxattr(struct inode *inode, const char *name, void *buf, size_t size)
{
	int err = xattr_permission(inode, name, MAY_READ);

	if (err)
		return err;
	err = inode->i_op->getxattr ? check_space(name) : -EOPNOTSUPP;
	if (err)
		return err;
	if (is_file_caps(name))
		return file_caps_get(inode, buf, size);
	return inode->i_op->getxattr(inode, name, buf, size);
}

/* ---- arguments --------------------------------------------------------------------------- */

static int get_xattr_name(char name[XATTR_NAME_MAX + 1], const char __user *uname)
{
	long len = strncpy_from_user(name, uname, XATTR_NAME_MAX + 1);

	if (len < 0)
		return len;
	return !len || len > XATTR_NAME_MAX ? -ERANGE : 0;
}

static int setxattr_user(const struct path *path, const char __user *uname,
			 const void __user *uvalue, size_t size, int flags)
{
	char name[XATTR_NAME_MAX + 1];
	void *value = NULL;
	int err;

	if (flags & ~XATTR_FLAGS)
		return -EINVAL;
	err = get_xattr_name(name, uname);
	if (err)
		return err;
	if (size > XATTR_SIZE_MAX)
		return -E2BIG;
	if (size) {
		value = kvmalloc(size, GFP_KERNEL);
		if (!value)
			return -ENOMEM;
		err = copy_from_user(value, uvalue, size) ? -EFAULT : 0;
	}
	err = err ?: mnt_want_write(path->mnt);
	if (!err) {
		err = vfs_setxattr(path->dentry, name, value, size, flags);
		mnt_drop_write(path->mnt);
	}
	kvfree(value);
	return err;
}

static ssize_t getxattr_user(const struct path *path, const char __user *uname, void __user *uvalue,
			     size_t size)
{
	char name[XATTR_NAME_MAX + 1];
	void *value = NULL;
	ssize_t n = get_xattr_name(name, uname);

	if (n)
		return n;
	size = min(size, (size_t)XATTR_SIZE_MAX);
	if (size) {
		value = kvmalloc(size, GFP_KERNEL);
		if (!value)
			return -ENOMEM;
	}
	n = vfs_getxattr(d_inode(path->dentry), name, value, size);
	if (n > 0 && size && copy_to_user(uvalue, value, n))
		n = -EFAULT;
	else if (n == -ERANGE && size == XATTR_SIZE_MAX)
		n = -E2BIG;
	kvfree(value);
	return n;
}

static int removexattr_user(const struct path *path, const char __user *uname)
{
	char name[XATTR_NAME_MAX + 1];
	int err = get_xattr_name(name, uname);

	if (err)
		return err;
	err = mnt_want_write(path->mnt);
	if (err)
		return err;
	err = vfs_removexattr(path->dentry, name);
	mnt_drop_write(path->mnt);
	return err;
}

/* ---- lists ------------------------------------------------------------------------------- */

/* Take the names out of @list that its reader must not know of; the length that is left. */
static ssize_t drop_hidden_names(char *list, ssize_t len)
{
	char *from = list, *to = list, *end = list + len;

	if (capable(CAP_SYS_ADMIN))
		return len;
	while (from < end) {
		size_t n = strlen(from) + 1;

		if (!in_space(from, XATTR_TRUSTED_PREFIX)) {
			memmove(to, from, n);
			to += n;
		}
		from += n;
	}
	return to - list;
}

/* All names into @list (kvmalloc'ed): what is hidden from the reader must not count. */
static ssize_t list_names(struct dentry *dentry, char **list)
{
	struct inode *inode = d_inode(dentry);
	ssize_t n;

	*list = NULL;
	if (!inode->i_op->listxattr)
		return -EOPNOTSUPP;
	for (;;) {
		ssize_t room = inode->i_op->listxattr(dentry, NULL, 0);

		if (room <= 0)
			return room;
		if (room > XATTR_LIST_MAX)
			return -E2BIG;
		*list = kvmalloc(room, GFP_KERNEL);
		if (!*list)
			return -ENOMEM;
		n = inode->i_op->listxattr(dentry, *list, room);
		if (n >= 0)
			return drop_hidden_names(*list, n);
		kvfree(*list);
		*list = NULL;
		if (n != -ERANGE)	/* else one was added meanwhile */
			return n;
	}
}

static ssize_t listxattr_user(const struct path *path, char __user *ulist, size_t size)
{
	char *list;
	ssize_t n = list_names(path->dentry, &list);

	if (n > 0 && size) {
		if ((size_t)n > size)
			n = -ERANGE;
		else if (copy_to_user(ulist, list, n))
			n = -EFAULT;
	}
	kvfree(list);
	return n;
}

/* ---- the calls --------------------------------------------------------------------------- */

static long set_by_name(const char __user *name, unsigned int lookup, const char __user *attr,
			const void __user *value, size_t size, int flags)
{
	struct path path;
	int err = user_path_at(AT_FDCWD, name, lookup, &path);

	if (err)
		return err;
	err = setxattr_user(&path, attr, value, size, flags);
	path_put(&path);
	return err;
}

long sys_setxattr(const char __user *path, const char __user *name, const void __user *value,
		  size_t size, int flags)
{
	return set_by_name(path, LOOKUP_FOLLOW, name, value, size, flags);
}

long sys_lsetxattr(const char __user *path, const char __user *name, const void __user *value,
		   size_t size, int flags)
{
	return set_by_name(path, 0, name, value, size, flags);
}

long sys_fsetxattr(int fd, const char __user *name, const void __user *value, size_t size,
		   int flags)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = setxattr_user(&f.file->f_path, name, value, size, flags);
	fdput(f);
	return err;
}

static long get_by_name(const char __user *name, unsigned int lookup, const char __user *attr,
			void __user *value, size_t size)
{
	struct path path;
	ssize_t n = user_path_at(AT_FDCWD, name, lookup, &path);

	if (n)
		return n;
	n = getxattr_user(&path, attr, value, size);
	path_put(&path);
	return n;
}

long sys_getxattr(const char __user *path, const char __user *name, void __user *value, size_t size)
{
	return get_by_name(path, LOOKUP_FOLLOW, name, value, size);
}

long sys_lgetxattr(const char __user *path, const char __user *name, void __user *value,
		   size_t size)
{
	return get_by_name(path, 0, name, value, size);
}

long sys_fgetxattr(int fd, const char __user *name, void __user *value, size_t size)
{
	struct fd f = fdget(fd);
	ssize_t n;

	if (!f.file)
		return -EBADF;
	n = getxattr_user(&f.file->f_path, name, value, size);
	fdput(f);
	return n;
}

static long list_by_name(const char __user *name, unsigned int lookup, char __user *list,
			 size_t size)
{
	struct path path;
	ssize_t n = user_path_at(AT_FDCWD, name, lookup, &path);

	if (n)
		return n;
	n = listxattr_user(&path, list, size);
	path_put(&path);
	return n;
}

long sys_listxattr(const char __user *path, char __user *list, size_t size)
{
	return list_by_name(path, LOOKUP_FOLLOW, list, size);
}

long sys_llistxattr(const char __user *path, char __user *list, size_t size)
{
	return list_by_name(path, 0, list, size);
}

long sys_flistxattr(int fd, char __user *list, size_t size)
{
	struct fd f = fdget(fd);
	ssize_t n;

	if (!f.file)
		return -EBADF;
	n = listxattr_user(&f.file->f_path, list, size);
	fdput(f);
	return n;
}

static long remove_by_name(const char __user *name, unsigned int lookup, const char __user *attr)
{
	struct path path;
	int err = user_path_at(AT_FDCWD, name, lookup, &path);

	if (err)
		return err;
	err = removexattr_user(&path, attr);
	path_put(&path);
	return err;
}

long sys_removexattr(const char __user *path, const char __user *name)
{
	return remove_by_name(path, LOOKUP_FOLLOW, name);
}

long sys_lremovexattr(const char __user *path, const char __user *name)
{
	return remove_by_name(path, 0, name);
}

long sys_fremovexattr(int fd, const char __user *name)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = removexattr_user(&f.file->f_path, name);
	fdput(f);
	return err;
}
