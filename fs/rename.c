// SPDX-License-Identifier: GPL-2.0-only
/*
 * rename(2), renameat2(2).
 *
 * Locking: a move between directories is serialised per super block, so that the tree's shape stands still
 * while it is checked that no directory comes to lie below itself; then both parents are locked, an
 * ancestor before its descendant, then what is replaced.
 */
#include <fs/internal.h>

#include <fs/fsnotify.h>
#include <fs/mount.h>
#include <generated/syscalls.h>
#include <kernel/lib/string.h>

#define RENAME_LOCKS 16

/* By super block; two that share one only wait for each other. */
static struct mutex rename_mutex[RENAME_LOCKS];

static struct mutex *rename_mutex_of(const struct super_block *sb)
{
	return &rename_mutex[((unsigned long)sb >> 6) % RENAME_LOCKS];
}

void __init rename_init(void)
{
	int i;

	for (i = 0; i < RENAME_LOCKS; i++)
		mutex_init_rank(&rename_mutex[i], LOCK_RANK_RENAME);
}

/* The child of @ancestor that is @d or above it; NULL: @ancestor is not above @d. */
static struct dentry *child_on_the_way(struct dentry *ancestor, struct dentry *d)
{
	struct dentry *found = NULL;

	spin_lock(&rename_lock.lock);
	for (; d->d_parent != d; d = d->d_parent) {
		if (d->d_parent == ancestor) {
			found = d;
			break;
		}
	}
	spin_unlock(&rename_lock.lock);
	return found;
}

/* Lock both directories. Returns the child of one through which the other is reached ("trap"), or NULL. */
struct dentry *lock_rename(struct dentry *a, struct dentry *b)
{
	struct dentry *trap;

	if (a == b) {
		inode_lock(d_inode(a));
		return NULL;
	}
	mutex_lock(rename_mutex_of(a->d_sb));
	trap = child_on_the_way(b, a);
	if (trap) {
		inode_lock(d_inode(b));
		down_write_nested(&d_inode(a)->i_rwsem);
		return trap;
	}
	trap = child_on_the_way(a, b);
	inode_lock(d_inode(a));
	down_write_nested(&d_inode(b)->i_rwsem);
	return trap;
}

void unlock_rename(struct dentry *a, struct dentry *b)
{
	inode_unlock(d_inode(a));
	if (a == b)
		return;
	inode_unlock(d_inode(b));
	mutex_unlock(rename_mutex_of(a->d_sb));
}

/* ---- the move -------------------------------------------------------------------------------- */

struct renaming {
	struct inode	*old_dir, *new_dir;
	struct dentry	*old, *new;
	unsigned int	flags;		/* RENAME_* */
};

static int check_rename(const struct renaming *r)
{
	bool dir = S_ISDIR(d_inode(r->old)->i_mode);
	int err = may_delete(r->old_dir, r->old, dir);

	if (err)
		return err;
	if (d_is_negative(r->new))
		err = may_create(r->new_dir, r->new);
	else if (r->flags & RENAME_EXCHANGE)
		err = may_delete(r->new_dir, r->new, S_ISDIR(d_inode(r->new)->i_mode));
	else
		err = may_delete(r->new_dir, r->new, dir);
	if (err)
		return err;
	if (!r->old_dir->i_op->rename)
		return -EPERM;
	/* Moving a directory elsewhere changes its "..". */
	if (r->old_dir == r->new_dir)
		return 0;
	if (dir)
		err = inode_permission(d_inode(r->old), MAY_WRITE);
	if (!err && (r->flags & RENAME_EXCHANGE) && S_ISDIR(d_inode(r->new)->i_mode))
		err = inode_permission(d_inode(r->new), MAY_WRITE);
	return err;
}

static bool is_dir(const struct inode *inode)
{
	return inode && S_ISDIR(inode->i_mode);
}

/*
 * A directory that is replaced is locked below its parent, so that nothing is made in it meanwhile; of files both
 * are, in the order of their addresses.
 */
static void lock_victims(struct inode *source, struct inode *target, bool exchange)
{
	struct inode *first = is_dir(source) ? NULL : source, *second = is_dir(target) ? NULL : target;

	if (is_dir(target) && !exchange)
		down_write_nested(&target->i_rwsem);
	if (first && second && second < first) {
		first = target;
		second = source;
	}
	if (first)
		inode_lock(first);
	if (second)
		down_write_nested(&second->i_rwsem);
}

static void unlock_victims(struct inode *source, struct inode *target, bool exchange)
{
	if (!is_dir(source))
		inode_unlock(source);
	if (target && (!is_dir(target) || !exchange))
		inode_unlock(target);
}

static int rename_locked(struct renaming *r, struct inode *target)
{
	bool exchange = r->flags & RENAME_EXCHANGE;
	int err;

	if (is_local_mountpoint(r->old) || is_local_mountpoint(r->new))
		return -EBUSY;
	if (target && S_ISDIR(target->i_mode) && !exchange)
		d_prune_children(r->new);
	err = r->old_dir->i_op->rename(r->old_dir, r->old, r->new_dir, r->new, r->flags);
	if (err)
		return err;
	if (exchange) {
		d_exchange(r->old, r->new);
		return 0;
	}
	if (target && S_ISDIR(target->i_mode)) {
		target->i_flags |= S_DEAD;
		spin_lock(&r->new->d_lock);
		r->new->d_flags |= DCACHE_CANT_MOUNT;
		spin_unlock(&r->new->d_lock);
	}
	d_move(r->old, r->new);
	return 0;
}

/* inotify and dnotify: both directories see it, tied together by a number. */
static void notify_rename(const struct renaming *r, const char *old_name, struct inode *source, struct inode *target)
{
	static atomic_t cookies;
	u32 cookie = atomic_inc_return(&cookies);
	u32 dir = S_ISDIR(source->i_mode) ? IN_ISDIR : 0;

	fsnotify_inode(r->old_dir, IN_MOVED_FROM | dir, old_name, cookie);
	fsnotify_inode(r->new_dir, IN_MOVED_TO | dir, (const char *)r->old->d_name.name, cookie);
	if (r->old_dir == r->new_dir)
		fsnotify_inode(r->old_dir, FS_RENAME_WITHIN, old_name, 0);
	fsnotify_inode(source, IN_MOVE_SELF, NULL, 0);
	if (!target)
		return;
	if (r->flags & RENAME_EXCHANGE)
		fsnotify_inode(target, IN_MOVE_SELF, NULL, 0);
	else
		fsnotify_inode(target, IN_ATTRIB, NULL, 0);
}

static int vfs_rename(struct renaming *r)
{
	struct inode *source = d_inode(r->old), *target = d_inode(r->new);
	char *old_name = NULL;
	int err;

	if (source == target)		/* two links of one file: nothing happens */
		return 0;
	err = check_rename(r);
	if (err)
		return err;
	if (unlikely(atomic_read(&fsnotify_marks)))
		old_name = kstrdup((const char *)r->old->d_name.name, GFP_KERNEL);
	if (target)
		ihold(target);
	lock_victims(source, target, r->flags & RENAME_EXCHANGE);
	err = rename_locked(r, target);
	unlock_victims(source, target, r->flags & RENAME_EXCHANGE);
	if (!err && old_name)
		notify_rename(r, old_name, source, target);
	kfree(old_name);
	iput(target);
	return err;
}

/* ---- the calls ------------------------------------------------------------------------------- */

/* Names with a slash at the end are directories. */
static int check_slashes(const struct renaming *r, const struct qstr *old_last, const struct qstr *new_last)
{
	bool exchange = r->flags & RENAME_EXCHANGE;

	if (exchange && !S_ISDIR(d_inode(r->new)->i_mode) && new_last->name[new_last->len])
		return -ENOTDIR;
	if (!S_ISDIR(d_inode(r->old)->i_mode)) {
		if (old_last->name[old_last->len] || (!exchange && new_last->name[new_last->len]))
			return -ENOTDIR;
	}
	return 0;
}

static int check_pair(const struct renaming *r, const struct dentry *trap)
{
	if (d_is_negative(r->old))
		return -ENOENT;
	if ((r->flags & RENAME_NOREPLACE) && d_is_positive(r->new))
		return -EEXIST;
	if ((r->flags & RENAME_EXCHANGE) && d_is_negative(r->new))
		return -ENOENT;
	/* A directory into itself; onto a directory that contains it. */
	if (r->old == trap)
		return -EINVAL;
	if (r->new == trap)
		return (r->flags & RENAME_EXCHANGE) ? -EINVAL : -ENOTEMPTY;
	return 0;
}

static int rename_between(const struct path *from, const struct qstr *old_last, const struct path *to,
			  const struct qstr *new_last, unsigned int flags)
{
	struct renaming r = { .old_dir = d_inode(from->dentry), .new_dir = d_inode(to->dentry), .flags = flags };
	struct dentry *trap = lock_rename(from->dentry, to->dentry);
	bool replaced = false;
	int err;

	r.old = lookup_hash(old_last, from->dentry, 0);
	err = PTR_ERR_OR_ZERO(r.old);
	if (err)
		goto unlock;
	r.new = lookup_hash(new_last, to->dentry, LOOKUP_RENAME_TARGET);
	err = PTR_ERR_OR_ZERO(r.new);
	if (err)
		goto put_old;
	err = check_pair(&r, trap) ?: check_slashes(&r, old_last, new_last);
	if (!err) {
		replaced = d_is_positive(r.new);
		err = vfs_rename(&r);
	}
	unlock_rename(from->dentry, to->dentry);
	if (!err && replaced && !(flags & RENAME_EXCHANGE))
		detach_mounts(r.new);
	dput(r.new);
	dput(r.old);
	return err;

put_old:
	dput(r.old);
unlock:
	unlock_rename(from->dentry, to->dentry);
	return err;
}

static int rename_names(int olddfd, const char *oldname, int newdfd, const char *newname, unsigned int flags)
{
	enum last_type old_type, new_type;
	struct qstr old_last, new_last;
	struct path from, to;
	int err = filename_parentat(olddfd, oldname, 0, &from, &old_last, &old_type);

	if (err)
		return err;
	err = filename_parentat(newdfd, newname, 0, &to, &new_last, &new_type);
	if (err)
		goto put_from;
	err = -EXDEV;
	if (from.mnt != to.mnt)
		goto put_to;
	err = -EBUSY;
	if (old_type != LAST_NORM)
		goto put_to;
	if (new_type != LAST_NORM) {
		err = (flags & RENAME_NOREPLACE) ? -EEXIST : -EBUSY;
		goto put_to;
	}
	err = mnt_want_write(from.mnt);
	if (!err) {
		err = rename_between(&from, &old_last, &to, &new_last, flags);
		mnt_drop_write(from.mnt);
	}
put_to:
	path_put(&to);
put_from:
	path_put(&from);
	return err;
}

long sys_renameat2(int olddfd, const char __user *oldname, int newdfd, const char __user *newname, unsigned int flags)
{
	struct pathname from, to;
	int err;

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT))
		return -EINVAL;
	if ((flags & (RENAME_NOREPLACE | RENAME_WHITEOUT)) && (flags & RENAME_EXCHANGE))
		return -EINVAL;
	err = pathname_get(&from, oldname, 0);
	if (err)
		return err;
	err = pathname_get(&to, newname, 0);
	if (!err) {
		err = rename_names(olddfd, from.name, newdfd, to.name, flags);
		pathname_put(&to);
	}
	pathname_put(&from);
	return err;
}

long sys_renameat(int olddfd, const char __user *oldname, int newdfd, const char __user *newname)
{
	return sys_renameat2(olddfd, oldname, newdfd, newname, 0);
}

long sys_rename(const char __user *oldname, const char __user *newname)
{
	return sys_renameat2(AT_FDCWD, oldname, AT_FDCWD, newname, 0);
}
