// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extended attributes of tmpfs: user.*, trusted.* and security.*, kept in a list of the inode.
 * Locking: the list under inode->i_lock; whoever changes it holds i_rwsem too.
 */
#include <fs/tmpfs/tmpfs.h>

#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>

struct tmpfs_xattr {
	struct list_head	list;
	char			*name;		/* after the value in the same allocation */
	size_t			size;
	char			value[];
};

static bool is_supported(const char *name)
{
	return str_has_prefix(name, XATTR_USER_PREFIX) || str_has_prefix(name, XATTR_TRUSTED_PREFIX) ||
	       str_has_prefix(name, XATTR_SECURITY_PREFIX);
}

static struct tmpfs_xattr *find_xattr(struct inode *inode, const char *name)
{
	struct tmpfs_xattr *x;

	list_for_each_entry(x, &TMPFS_I(inode)->xattrs, list)
		if (!strcmp(x->name, name))
			return x;
	return NULL;
}

ssize_t tmpfs_getxattr(struct inode *inode, const char *name, void *buf, size_t size)
{
	ssize_t result = -ENODATA;
	struct tmpfs_xattr *x;

	if (!is_supported(name))
		return -EOPNOTSUPP;
	spin_lock(&inode->i_lock);
	x = find_xattr(inode, name);
	if (x) {
		result = x->size;
		if (size && size < x->size)
			result = -ERANGE;
		else if (size)
			memcpy(buf, x->value, x->size);
	}
	spin_unlock(&inode->i_lock);
	return result;
}

static struct tmpfs_xattr *new_xattr(const char *name, const void *val, size_t size)
{
	struct tmpfs_xattr *x = kvmalloc(sizeof(*x) + size + strlen(name) + 1, GFP_KERNEL);

	if (!x)
		return NULL;
	x->size = size;
	memcpy(x->value, val, size);
	x->name = x->value + size;
	strcpy(x->name, name);
	return x;
}

/* @fresh NULL: only remove. */
static int replace_xattr(struct inode *inode, const char *name, struct tmpfs_xattr *fresh, int flags)
{
	struct tmpfs_xattr *old;
	int err = 0;

	spin_lock(&inode->i_lock);
	old = find_xattr(inode, name);
	if (old && (flags & XATTR_CREATE))
		err = -EEXIST;
	else if (!old && (flags & XATTR_REPLACE))
		err = -ENODATA;
	if (!err) {
		if (old)
			list_del(&old->list);
		if (fresh)
			list_add_tail(&fresh->list, &TMPFS_I(inode)->xattrs);
		inode->i_ctime = current_time(inode);
	}
	spin_unlock(&inode->i_lock);
	kvfree(err ? fresh : old);
	return err;
}

int tmpfs_setxattr(struct inode *inode, const char *name, const void *val, size_t size, int flags)
{
	struct tmpfs_xattr *fresh;

	if (!is_supported(name))
		return -EOPNOTSUPP;
	fresh = new_xattr(name, val, size);
	return fresh ? replace_xattr(inode, name, fresh, flags) : -ENOMEM;
}

int tmpfs_removexattr(struct inode *inode, const char *name)
{
	return is_supported(name) ? replace_xattr(inode, name, NULL, XATTR_REPLACE) : -EOPNOTSUPP;
}

ssize_t tmpfs_listxattr(struct dentry *dentry, char *buf, size_t size)
{
	struct inode *inode = d_inode(dentry);
	bool trusted = capable(CAP_SYS_ADMIN);
	struct tmpfs_xattr *x;
	ssize_t used = 0;

	spin_lock(&inode->i_lock);
	list_for_each_entry(x, &TMPFS_I(inode)->xattrs, list) {
		size_t len = strlen(x->name) + 1;

		if (!trusted && str_has_prefix(x->name, XATTR_TRUSTED_PREFIX))
			continue;
		if (size && used + len > size) {
			used = -ERANGE;
			break;
		}
		if (size)
			memcpy(buf + used, x->name, len);
		used += len;
	}
	spin_unlock(&inode->i_lock);
	return used;
}

void tmpfs_free_xattrs(struct inode *inode)
{
	struct tmpfs_xattr *x, *next;

	list_for_each_entry_safe(x, next, &TMPFS_I(inode)->xattrs, list)
		kvfree(x);
}
