// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mode, owner and extended attributes of a group's files.  Inodes come and go; what was changed of one is kept in a
 * list of the group, by the low byte of the inode's number, until the group goes.
 *
 * Locking: cgroup_mutex for the list and what is in it; extended attributes as in fs/xattr_list.c.
 */
#include <kernel/cgroup/attr.h>

#include <fs/xattr_list.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>

/* As on Linux: of user.*, which anybody may set on what is his. */
#define MAX_USER_XATTRS		128
#define MAX_USER_XATTR_SIZE	(128U << 10)

struct cgroup_attr {
	struct list_head	list;		/* [m] never taken off while the group is there */
	unsigned int		ino;		/* [I] the low byte */
	umode_t			mode;		/* [m] */
	uid_t			uid;		/* [m] */
	gid_t			gid;		/* [m] */
	struct list_head	xattrs;		/* the inode's i_lock */
};

static unsigned int number_of(const struct inode *inode)
{
	return inode->i_ino & 0xff;
}

static struct cgroup_attr *find_attr(struct cgroup *c, unsigned int ino)
{
	struct cgroup_attr *a;

	list_for_each_entry(a, &c->attrs, list)
		if (a->ino == ino)
			return a;
	return NULL;
}

void cgroup_attr_apply(struct inode *inode, struct cgroup *c, umode_t mode)
{
	struct cgroup_attr *a;

	mutex_lock(&cgroup_mutex);
	a = find_attr(c, number_of(inode));
	inode->i_mode = a ? a->mode : mode;
	inode->i_uid = a ? a->uid : c->uid;
	inode->i_gid = a ? a->gid : c->gid;
	mutex_unlock(&cgroup_mutex);
}

int cgroup_attr_permission(struct cgroup *c, unsigned int ino, umode_t mode, int mask)
{
	struct cgroup_attr *a = find_attr(c, ino);
	struct inode like = {
		.i_mode = a ? a->mode : mode,
		.i_uid = a ? a->uid : c->uid,
		.i_gid = a ? a->gid : c->gid,
	};

	return generic_permission(&like, mask);
}

/* The record of @inode, made if need be; what it says is what the inode has now. NULL: no memory. */
static struct cgroup_attr *keep_attr(struct inode *inode)
{
	struct cgroup_attr *a, *fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);
	struct cgroup *c = inode->i_private;

	if (!fresh)
		return NULL;
	mutex_lock(&cgroup_mutex);
	a = find_attr(c, number_of(inode));
	if (!a) {
		a = fresh;
		fresh = NULL;
		a->ino = number_of(inode);
		INIT_LIST_HEAD(&a->xattrs);
		list_add(&a->list, &c->attrs);
	}
	a->mode = inode->i_mode;
	a->uid = inode->i_uid;
	a->gid = inode->i_gid;
	mutex_unlock(&cgroup_mutex);
	kfree(fresh);
	return a;
}

void cgroup_free_attrs(struct cgroup *c)
{
	struct cgroup_attr *a, *next;

	list_for_each_entry_safe(a, next, &c->attrs, list) {
		xattr_list_free(&a->xattrs);
		kfree(a);
	}
}

/* The size is nothing: ">" truncates before it writes. */
int cgroup_setattr(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err = setattr_prepare(dentry, attr);

	if (err)
		return err;
	setattr_copy(inode, attr);
	if (!(attr->ia_valid & (ATTR_MODE | ATTR_UID | ATTR_GID)))
		return 0;
	return keep_attr(inode) ? 0 : -ENOMEM;
}

/* ---- extended attributes --------------------------------------------------------------------- */

static struct list_head *xattrs_of(struct inode *inode)
{
	struct cgroup_attr *a;

	mutex_lock(&cgroup_mutex);
	a = find_attr(inode->i_private, number_of(inode));
	mutex_unlock(&cgroup_mutex);
	return a ? &a->xattrs : NULL;
}

ssize_t cgroup_getxattr(struct inode *inode, const char *name, void *buf, size_t size)
{
	struct list_head *xattrs = xattrs_of(inode);

	return xattrs ? xattr_list_get(inode, xattrs, name, buf, size) : -ENODATA;
}

int cgroup_setxattr(struct inode *inode, const char *name, const void *val, size_t size, int flags)
{
	struct cgroup_attr *a = keep_attr(inode);
	unsigned int count;

	if (!a)
		return -ENOMEM;
	if (str_has_prefix(name, XATTR_USER_PREFIX) &&
	    (xattr_list_user_size(inode, &a->xattrs, &count) + size > MAX_USER_XATTR_SIZE || count >= MAX_USER_XATTRS))
		return -ENOSPC;
	return xattr_list_set(inode, &a->xattrs, name, val, size, flags);
}

int cgroup_removexattr(struct inode *inode, const char *name)
{
	struct list_head *xattrs = xattrs_of(inode);

	return xattrs ? xattr_list_remove(inode, xattrs, name) : -ENODATA;
}

ssize_t cgroup_listxattr(struct dentry *dentry, char *buf, size_t size)
{
	struct inode *inode = d_inode(dentry);
	struct list_head *xattrs = xattrs_of(inode);

	return xattrs ? xattr_list_names(inode, xattrs, buf, size) : 0;
}
