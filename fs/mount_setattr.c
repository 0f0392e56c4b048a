// SPDX-License-Identifier: GPL-2.0-only
/*
 * mount_setattr(2): change the flags and the propagation of a mount, or of all mounts of a tree at once.
 *
 * Locking: namespace_sem for writing.  Writers are kept out of mounts that become read-only one after the other;
 * if one has writers, the others are let in again.
 */
#include <fs/mount.h>

#include <fs/file.h>
#include <fs/internal.h>
#include <fs/nsfs.h>
#include <generated/syscalls.h>
#include <kernel/nsproxy.h>
#include <kernel/user_namespace.h>
#include <kernel/usercopy.h>

#define PROPAGATION	(MS_UNBINDABLE | MS_PRIVATE | MS_SLAVE | MS_SHARED)
#define ATTRS		(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | \
			 MOUNT_ATTR__ATIME | MOUNT_ATTR_NODIRATIME | MOUNT_ATTR_NOSYMFOLLOW | MOUNT_ATTR_IDMAP)

/* The change in the kernel's terms. */
struct mount_change {
	unsigned int	set, clear;	/* MNT_* */
	unsigned int	propagation;	/* MS_*, 0: as it is */
	bool		recurse, idmap;
};

unsigned int mnt_flags_of_attrs(u64 attrs)
{
	return ((attrs & MOUNT_ATTR_RDONLY) ? MNT_READONLY : 0) | ((attrs & MOUNT_ATTR_NOSUID) ? MNT_NOSUID : 0) |
	       ((attrs & MOUNT_ATTR_NODEV) ? MNT_NODEV : 0) | ((attrs & MOUNT_ATTR_NOEXEC) ? MNT_NOEXEC : 0) |
	       ((attrs & MOUNT_ATTR_NODIRATIME) ? MNT_NODIRATIME : 0) |
	       ((attrs & MOUNT_ATTR_NOSYMFOLLOW) ? MNT_NOSYMFOLLOW : 0);
}

/* ---- arguments ------------------------------------------------------------------------------- */

/* Access times are one value, not flags: who sets another one must clear all of it. */
static int parse_atime(struct mount_change *change, const struct mount_attr *attr)
{
	u64 clear = attr->attr_clr & MOUNT_ATTR__ATIME;

	if (!clear)
		return (attr->attr_set & MOUNT_ATTR__ATIME) ? -EINVAL : 0;
	if (clear != MOUNT_ATTR__ATIME)
		return -EINVAL;
	change->clear |= MNT_RELATIME | MNT_NOATIME;
	switch (attr->attr_set & MOUNT_ATTR__ATIME) {
	case MOUNT_ATTR_RELATIME:
		change->set |= MNT_RELATIME;
		return 0;
	case MOUNT_ATTR_NOATIME:
		change->set |= MNT_NOATIME;
		return 0;
	case MOUNT_ATTR_STRICTATIME:
		return 0;
	}
	return -EINVAL;
}

/* The user namespace whose mapping the mount is to get. */
static int check_idmap_ns(const struct file *file)
{
	struct ns_common *ns = nsfs_file_ns(file);

	if (!ns || ns->ops != &userns_operations)
		return -EINVAL;
	if (to_user_ns(ns) == &init_user_ns || !ns_capable(to_user_ns(ns), CAP_SYS_ADMIN))
		return -EPERM;
	return 0;
}

static int parse_idmap(struct mount_change *change, const struct mount_attr *attr)
{
	struct fd f;
	int err;

	if (!((attr->attr_set | attr->attr_clr) & MOUNT_ATTR_IDMAP))
		return 0;
	if ((attr->attr_clr & MOUNT_ATTR_IDMAP) || attr->userns_fd > INT_MAX)
		return -EINVAL;
	f = fdget(attr->userns_fd);
	if (!f.file)
		return -EBADF;
	err = check_idmap_ns(f.file);
	fdput(f);
	change->idmap = true;
	return err;
}

static int parse_change(struct mount_change *change, const struct mount_attr *attr)
{
	int err;

	if ((attr->propagation & ~(u64)PROPAGATION) || (attr->propagation & (attr->propagation - 1)))
		return -EINVAL;
	change->propagation = attr->propagation;
	if ((attr->attr_set | attr->attr_clr) & ~(u64)ATTRS)
		return -EINVAL;
	change->set = mnt_flags_of_attrs(attr->attr_set);
	change->clear = mnt_flags_of_attrs(attr->attr_clr);
	err = parse_atime(change, attr);
	return err ?: parse_idmap(change, attr);
}

/* ---- the change ------------------------------------------------------------------------------ */

static unsigned int changed_flags(const struct mount_change *change, const struct mount *m)
{
	return (m->mnt.mnt_flags & ~change->clear) | change->set;
}

static struct mount *next_changed(const struct mount_change *change, struct mount *p, struct mount *root)
{
	return change->recurse ? next_mnt(p, root) : NULL;
}

/* Keep writers out of what becomes read-only: all or -EBUSY. [n] */
static int hold_writers(const struct mount_change *change, struct mount *root)
{
	unsigned int generation = ++mnt_generation;	/* marks whom it was done to */
	struct mount *p, *q;
	int err = 0;

	if (!(change->set & MNT_READONLY))
		return 0;
	for (p = root; p && !err; p = next_changed(change, p, root)) {
		if (p->mnt.mnt_flags & MNT_READONLY)
			continue;
		err = mnt_make_readonly(p);
		if (!err)
			p->mnt_mark = generation;
	}
	for (q = root; err && q; q = next_changed(change, q, root))
		if (q->mnt_mark == generation)
			WRITE_ONCE(q->mnt.mnt_flags, q->mnt.mnt_flags & ~MNT_READONLY);
	return err;
}

static void commit(const struct mount_change *change, struct mount *root)
{
	struct mount *p;

	write_seqlock(&mount_lock);
	for (p = root; p; p = next_changed(change, p, root)) {
		WRITE_ONCE(p->mnt.mnt_flags, changed_flags(change, p));
		if (change->propagation)
			change_mnt_propagation(p, change->propagation);
	}
	write_sequnlock(&mount_lock);
	touch_mnt_namespace(root->mnt_ns);
}

static bool may_change_all(const struct mount_change *change, struct mount *m)
{
	struct mount *p;

	for (p = m; p; p = next_changed(change, p, m))
		if (!may_change_locked_flags(p, changed_flags(change, p)))
			return false;
	return true;
}

/* [n] */
static int change_tree(const struct mount_change *change, struct mount *m)
{
	int err;

	if (!is_ours(m))
		return -EINVAL;
	if (change->idmap)
		return -EINVAL;		/* no file system here can be mapped */
	if (!may_change_all(change, m))
		return -EPERM;
	if (change->propagation == MS_SHARED) {
		err = invent_group_ids(m, change->recurse);
		if (err)
			return err;
	}
	err = hold_writers(change, m);
	if (!err)
		commit(change, m);
	else
		cleanup_group_ids(m, change->recurse);
	return err;
}

static int do_mount_setattr(const struct path *path, const struct mount_change *change)
{
	int err;

	if (path->dentry != path->mnt->mnt_root)
		return -EINVAL;
	down_write(&namespace_sem);
	err = change_tree(change, real_mount(path->mnt));
	up_write(&namespace_sem);
	return err;
}

long sys_mount_setattr(int dfd, const char __user *name, unsigned int flags, struct mount_attr __user *uattr,
		       size_t usize)
{
	unsigned int lookup = LOOKUP_FOLLOW | LOOKUP_AUTOMOUNT;
	struct mount_change change = { .recurse = flags & AT_RECURSIVE };
	struct mount_attr attr;
	struct path path;
	int err;

	if (flags & ~(AT_EMPTY_PATH | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT))
		return -EINVAL;
	if (usize > PAGE_SIZE)
		return -E2BIG;
	if (usize < MOUNT_ATTR_SIZE_VER0)
		return -EINVAL;
	if (!may_mount())
		return -EPERM;
	err = copy_struct_from_user(&attr, sizeof(attr), uattr, usize);
	if (err || (!attr.attr_set && !attr.attr_clr && !attr.propagation))
		return err;
	err = parse_change(&change, &attr);
	if (err)
		return err;
	if (flags & AT_NO_AUTOMOUNT)
		lookup &= ~LOOKUP_AUTOMOUNT;
	if (flags & AT_SYMLINK_NOFOLLOW)
		lookup &= ~LOOKUP_FOLLOW;
	if (flags & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	err = user_path_at(dfd, name, lookup, &path);
	if (err)
		return err;
	err = do_mount_setattr(&path, &change);
	path_put(&path);
	return err;
}
