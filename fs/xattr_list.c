// SPDX-License-Identifier: GPL-2.0-only
/*
 * Extended attributes in memory: user.*, trusted.* and security.*, in a list.  For file systems without a disk.
 *
 * Interface: xattr_list.h.  Locking: the list under the i_lock of its inode; whoever changes it holds i_rwsem too.
 */
#include <fs/xattr_list.h>

#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>

struct listed_xattr {
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

static struct listed_xattr *find_xattr(struct list_head *xattrs, const char *name)
{
	struct listed_xattr *x;

	list_for_each_entry(x, xattrs, list)
		if (!strcmp(x->name, name))
			return x;
	return NULL;
}

ssize_t xattr_list_get(struct inode *inode, struct list_head *xattrs, const char *name, void *buf, size_t size)
{
	ssize_t result = -ENODATA;
	struct listed_xattr *x;

	if (!is_supported(name))
		return -EOPNOTSUPP;
	spin_lock(&inode->i_lock);
	x = find_xattr(xattrs, name);
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

static struct listed_xattr *new_xattr(const char *name, const void *val, size_t size)
{
	struct listed_xattr *x = kvmalloc(sizeof(*x) + size + strlen(name) + 1, GFP_KERNEL);

	if (!x)
		return NULL;
	x->size = size;
	memcpy(x->value, val, size);
	x->name = x->value + size;
	strcpy(x->name, name);
	return x;
}

/* @fresh NULL: only remove. */
static int replace_xattr(struct inode *inode, struct list_head *xattrs, const char *name, struct listed_xattr *fresh,
			 int flags)
{
	struct listed_xattr *old;
	int err = 0;

	spin_lock(&inode->i_lock);
	old = find_xattr(xattrs, name);
	if (old && (flags & XATTR_CREATE))
		err = -EEXIST;
	else if (!old && (flags & XATTR_REPLACE))
		err = -ENODATA;
	if (!err) {
		if (old)
			list_del(&old->list);
		if (fresh)
			list_add_tail(&fresh->list, xattrs);
		inode->i_ctime = current_time(inode);
	}
	spin_unlock(&inode->i_lock);
	kvfree(err ? fresh : old);
	return err;
}

int xattr_list_set(struct inode *inode, struct list_head *xattrs, const char *name, const void *val, size_t size,
		   int flags)
{
	struct listed_xattr *fresh;

	if (!is_supported(name))
		return -EOPNOTSUPP;
	fresh = new_xattr(name, val, size);
	return fresh ? replace_xattr(inode, xattrs, name, fresh, flags) : -ENOMEM;
}

int xattr_list_remove(struct inode *inode, struct list_head *xattrs, const char *name)
{
	return is_supported(name) ? replace_xattr(inode, xattrs, name, NULL, XATTR_REPLACE) : -EOPNOTSUPP;
}

ssize_t xattr_list_names(struct inode *inode, struct list_head *xattrs, char *buf, size_t size)
{
	bool trusted = capable(CAP_SYS_ADMIN);
	struct listed_xattr *x;
	ssize_t used = 0;

	spin_lock(&inode->i_lock);
	list_for_each_entry(x, xattrs, list) {
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

size_t xattr_list_user_size(struct inode *inode, struct list_head *xattrs, unsigned int *count)
{
	struct listed_xattr *x;
	size_t size = 0;

	*count = 0;
	spin_lock(&inode->i_lock);
	list_for_each_entry(x, xattrs, list) {
		if (!str_has_prefix(x->name, XATTR_USER_PREFIX))
			continue;
		size += x->size;
		++*count;
	}
	spin_unlock(&inode->i_lock);
	return size;
}

void xattr_list_free(struct list_head *xattrs)
{
	struct listed_xattr *x, *next;

	list_for_each_entry_safe(x, next, xattrs, list)
		kvfree(x);
}
