// SPDX-License-Identifier: GPL-2.0-only
/*
 * mount(2): its five calls in one - a new file system, bind, move, remount, propagation.
 *
 * Interface: do_mount() of <fs/vfs.h>.  Locking: see mount_attach.c.
 */
#include <fs/mount.h>

#include <fs/fs_context.h>
#include <fs/internal.h>
#include <fs/nsfs.h>
#include <generated/syscalls.h>
#include <kernel/lib/string.h>

#define MOUNT_PROPAGATION	(MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE)
#define SB_FLAGS		(MS_RDONLY | MS_SYNCHRONOUS | MS_MANDLOCK | MS_DIRSYNC | MS_SILENT | \
				 MS_POSIXACL | MS_LAZYTIME | MS_I_VERSION)

/* ---- new file systems ------------------------------------------------------------------------ */

static int parse_source_and_options(struct fs_context *fc, const char *dev_name, char *data)
{
	int err = dev_name ? vfs_parse_fs_string(fc, "source", dev_name) : 0;

	return err ?: parse_monolithic_mount_data(fc, data);
}

static int do_new_mount(struct path *path, const char *type, unsigned long flags, unsigned int mnt_flags,
			const char *dev_name, char *data)
{
	struct file_system_type *t;
	struct fs_context *fc;
	int err;

	if (!type)
		return -EINVAL;
	t = get_fs_type(type);
	if (!t)
		return -ENODEV;
	fc = fs_context_for_mount(t, flags & SB_FLAGS);
	if (IS_ERR(fc))
		return PTR_ERR(fc);
	err = parse_source_and_options(fc, dev_name, data);
	if (!err && !mount_capable(fc))
		err = -EPERM;
	if (!err)
		err = vfs_get_tree(fc);
	if (!err)
		err = add_new_mount(fc, path, mnt_flags);
	put_fs_context(fc);
	return err;
}

/* ---- bind, move, remount, propagation -------------------------------------------------------- */

struct mount *copy_for_bind(const struct path *old, bool recurse)
{
	struct mount *m = real_mount(old->mnt);

	if (m->mnt_unbindable || (!check_mnt(m) && !nsfs_dentry_ns(old->dentry)))
		return ERR_PTR(-EINVAL);
	if (!recurse && has_locked_children(m, old->dentry))
		return ERR_PTR(-EINVAL);
	m = recurse ? copy_tree(m, old->dentry, CL_KEEP_MNT_NS_FILE) : clone_mount(m, old->dentry, 0);
	if (!IS_ERR(m))
		m->mnt.mnt_flags &= ~MNT_LOCKED;
	return m;
}

static int do_bind(struct path *path, const char *old_name, bool recurse)
{
	struct mount *m;
	struct path old;
	int err;

	if (!old_name || !*old_name)
		return -EINVAL;
	err = kern_path(old_name, LOOKUP_FOLLOW | LOOKUP_AUTOMOUNT, &old);
	if (err)
		return err;
	err = mnt_ns_would_loop(old.dentry) ? -EINVAL : lock_mount(path);
	if (err)
		goto out;
	m = copy_for_bind(&old, recurse);
	err = PTR_ERR_OR_ZERO(m);
	if (!err)
		err = graft_tree(m, path);
	up_write(&namespace_sem);
	if (err && !IS_ERR(m))
		put_tree(m);
out:
	path_put(&old);
	return err;
}

static int do_move(struct path *path, const char *old_name)
{
	struct path old;
	int err;

	if (!old_name || !*old_name)
		return -EINVAL;
	err = kern_path(old_name, LOOKUP_FOLLOW, &old);
	if (err)
		return err;
	err = do_move_mount(&old, path);
	path_put(&old);
	return err;
}

static bool is_readonly(const struct mount *m)
{
	return (m->mnt.mnt_flags & MNT_READONLY) || sb_rdonly(m->mnt.mnt_sb);
}

/* The mount's own flags only. [n] */
static int set_mnt_flags(struct mount *m, unsigned int mnt_flags)
{
	int err = (mnt_flags & MNT_READONLY) && !is_readonly(m) ? mnt_make_readonly(m) : 0;

	if (err)
		return err;
	write_seqlock(&mount_lock);
	WRITE_ONCE(m->mnt.mnt_flags, mnt_flags | (m->mnt.mnt_flags & MNT_LOCKS));
	write_sequnlock(&mount_lock);
	touch_mnt_namespace(m->mnt_ns);
	return 0;
}

static int check_remount(const struct path *path, unsigned int mnt_flags)
{
	struct mount *m = real_mount(path->mnt);

	if (path->dentry != path->mnt->mnt_root || !check_mnt(m))
		return -EINVAL;
	return may_change_locked_flags(m, mnt_flags) ? 0 : -EPERM;
}

/* MS_REMOUNT with MS_BIND. */
static int do_reconfigure_mnt(const struct path *path, unsigned int mnt_flags)
{
	struct super_block *sb = path->mnt->mnt_sb;
	int err = check_remount(path, mnt_flags);

	if (err)
		return err;
	down_write(&namespace_sem);
	down_read(&sb->s_umount);
	err = set_mnt_flags(real_mount(path->mnt), mnt_flags);
	up_read(&sb->s_umount);
	up_write(&namespace_sem);
	return err;
}

static int do_remount(const struct path *path, unsigned long flags, unsigned int mnt_flags, char *data)
{
	struct super_block *sb = path->mnt->mnt_sb;
	struct fs_context *fc;
	int err = check_remount(path, mnt_flags);

	if (err)
		return err;
	fc = fs_context_for_reconfigure(path->dentry, flags & SB_FLAGS, MS_RMT_MASK);
	if (IS_ERR(fc))
		return PTR_ERR(fc);
	err = parse_monolithic_mount_data(fc, data);
	if (!err && !ns_capable(sb->s_user_ns, CAP_SYS_ADMIN))
		err = -EPERM;
	if (!err) {
		down_write(&sb->s_umount);
		err = reconfigure_super(fc);
		up_write(&sb->s_umount);
	}
	put_fs_context(fc);
	if (!err) {
		down_write(&namespace_sem);
		err = set_mnt_flags(real_mount(path->mnt), mnt_flags);
		up_write(&namespace_sem);
	}
	return err;
}

static int do_change_type(const struct path *path, unsigned long flags)
{
	struct mount *m = real_mount(path->mnt), *p;
	unsigned long type = flags & ~(unsigned long)(MS_REC | MS_SILENT);
	bool recurse = flags & MS_REC;
	int err;

	if (path->dentry != path->mnt->mnt_root || (type & ~MOUNT_PROPAGATION) || (type & (type - 1)))
		return -EINVAL;
	down_write(&namespace_sem);
	err = check_mnt(m) ? 0 : -EINVAL;
	if (!err && type == MS_SHARED)
		err = invent_group_ids(m, recurse);
	if (!err) {
		write_seqlock(&mount_lock);
		for (p = m; p; p = recurse ? next_mnt(p, m) : NULL)
			change_mnt_propagation(p, type);
		write_sequnlock(&mount_lock);
		touch_mnt_namespace(m->mnt_ns);
	}
	up_write(&namespace_sem);
	return err;
}

/* ---- mount(2) -------------------------------------------------------------------------------- */

static unsigned int mnt_flags_of(const struct path *path, unsigned long flags)
{
	unsigned int mnt_flags = 0;

	if (!(flags & MS_NOATIME))
		mnt_flags |= MNT_RELATIME;
	if (flags & MS_NOSUID)
		mnt_flags |= MNT_NOSUID;
	if (flags & MS_NODEV)
		mnt_flags |= MNT_NODEV;
	if (flags & MS_NOEXEC)
		mnt_flags |= MNT_NOEXEC;
	if (flags & MS_NOATIME)
		mnt_flags |= MNT_NOATIME;
	if (flags & MS_NODIRATIME)
		mnt_flags |= MNT_NODIRATIME;
	if (flags & MS_STRICTATIME)
		mnt_flags &= ~(MNT_RELATIME | MNT_NOATIME);
	if (flags & MS_RDONLY)
		mnt_flags |= MNT_READONLY;
	if (flags & MS_NOSYMFOLLOW)
		mnt_flags |= MNT_NOSYMFOLLOW;
	/* A remount that says nothing about access times keeps them. */
	if ((flags & MS_REMOUNT) && !(flags & (MS_NOATIME | MS_NODIRATIME | MS_RELATIME | MS_STRICTATIME))) {
		const unsigned int atime = MNT_NOATIME | MNT_NODIRATIME | MNT_RELATIME;

		mnt_flags = (mnt_flags & ~atime) | (path->mnt->mnt_flags & atime);
	}
	return mnt_flags;
}

static int path_mount(struct path *path, const char *dev_name, const char *type, unsigned long flags, char *data)
{
	unsigned int mnt_flags;

	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~(unsigned long)MS_MGC_MSK;
	if (flags & MS_NOUSER)
		return -EINVAL;
	if (!may_mount())
		return -EPERM;
	mnt_flags = mnt_flags_of(path, flags);
	if ((flags & (MS_REMOUNT | MS_BIND)) == (MS_REMOUNT | MS_BIND))
		return do_reconfigure_mnt(path, mnt_flags);
	if (flags & MS_REMOUNT)
		return do_remount(path, flags, mnt_flags, data);
	if (flags & MS_BIND)
		return do_bind(path, dev_name, flags & MS_REC);
	if (flags & MOUNT_PROPAGATION)
		return do_change_type(path, flags);
	if (flags & MS_MOVE)
		return do_move(path, dev_name);
	return do_new_mount(path, type, flags, mnt_flags, dev_name, data);
}

int do_mount(const char *dev_name, const char *dir, const char *type, unsigned long flags, void *data)
{
	struct path path;
	int err = kern_path(dir, LOOKUP_FOLLOW | LOOKUP_AUTOMOUNT, &path);

	if (err)
		return err;
	err = path_mount(&path, dev_name, type, flags, data);
	path_put(&path);
	return err;
}

char *copy_user_string(const char __user *s, size_t max)
{
	long len;
	char *copy;

	if (!s)
		return NULL;
	copy = kmalloc(max, GFP_KERNEL);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	len = strncpy_from_user(copy, s, max);
	if (len >= 0 && (size_t)len < max)
		return copy;
	kfree(copy);
	return ERR_PTR(len < 0 ? len : -EINVAL);
}

/* Options: up to a page, of which the end may be missing; terminated. */
static void *copy_mount_options(const void __user *data)
{
	char *copy;
	size_t left;

	if (!data)
		return NULL;
	copy = kmalloc(PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	left = copy_from_user(copy, data, PAGE_SIZE);
	if (left == PAGE_SIZE) {
		kfree(copy);
		return ERR_PTR(-EFAULT);
	}
	memset(copy + PAGE_SIZE - left, 0, left);
	copy[PAGE_SIZE - 1] = '\0';
	return copy;
}

long sys_mount(char __user *dev_name, char __user *dir_name, char __user *type, unsigned long flags,
	       void __user *data)
{
	char *ktype, *kdev;
	struct path path;
	void *options;
	long err;

	ktype = copy_user_string(type, PATH_MAX);
	if (IS_ERR(ktype))
		return PTR_ERR(ktype);
	kdev = copy_user_string(dev_name, PATH_MAX);
	err = PTR_ERR_OR_ZERO(kdev);
	if (err)
		goto free_type;
	options = copy_mount_options(data);
	err = PTR_ERR_OR_ZERO(options);
	if (err)
		goto free_dev;
	err = user_path_at(AT_FDCWD, dir_name, LOOKUP_FOLLOW | LOOKUP_AUTOMOUNT, &path);
	if (!err) {
		err = path_mount(&path, kdev, ktype, flags, options);
		path_put(&path);
	}
	kfree(options);
free_dev:
	kfree(kdev);
free_type:
	kfree(ktype);
	return err;
}
