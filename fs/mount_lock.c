// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a less privileged mount namespace must not do to the mounts that it got from a more privileged one: see
 * what they cover, clear their flags, or mount anew what is there in part only (mount_namespaces(7)).
 *
 * Interface: <fs/mount.h>.  Locking: namespace_sem, and mount_lock as a writer for changes.
 */
#include <fs/mount.h>

#include <fs/internal.h>
#include <kernel/user_namespace.h>

#define MNT_ATIME	(MNT_NOATIME | MNT_NODIRATIME | MNT_RELATIME)

static unsigned int lock_flags(unsigned int flags)
{
	flags |= MNT_LOCKED | MNT_LOCK_ATIME;
	if (flags & MNT_READONLY)
		flags |= MNT_LOCK_READONLY;
	if (flags & MNT_NODEV)
		flags |= MNT_LOCK_NODEV;
	if (flags & MNT_NOSUID)
		flags |= MNT_LOCK_NOSUID;
	if (flags & MNT_NOEXEC)
		flags |= MNT_LOCK_NOEXEC;
	return flags;
}

void lock_mount_tree(struct mount *m)
{
	struct mount *p;

	for (p = m; p; p = next_mnt(p, m))
		p->mnt.mnt_flags = lock_flags(p->mnt.mnt_flags);
}

bool may_change_locked_flags(const struct mount *m, unsigned int new)
{
	unsigned int old = m->mnt.mnt_flags;

	if (((old & MNT_LOCK_READONLY) && !(new & MNT_READONLY)) || ((old & MNT_LOCK_NODEV) && !(new & MNT_NODEV)) ||
	    ((old & MNT_LOCK_NOSUID) && !(new & MNT_NOSUID)) || ((old & MNT_LOCK_NOEXEC) && !(new & MNT_NOEXEC)))
		return false;
	return !(old & MNT_LOCK_ATIME) || (old & MNT_ATIME) == (new & MNT_ATIME);
}

bool has_locked_children(struct mount *m, struct dentry *dentry)
{
	struct mount *child;

	list_for_each_entry(child, &m->mnt_mounts, mnt_child)
		if ((child->mnt.mnt_flags & MNT_LOCKED) && is_subdir(child->mnt_mountpoint, dentry))
			return true;
	return false;
}

/* Is all of @m's file system there to be seen, and may one see it with @flags? namespace_sem held. */
static bool shows_all(struct mount *m, unsigned int flags)
{
	unsigned int have = m->mnt.mnt_flags;

	if (m->mnt.mnt_root != m->mnt.mnt_sb->s_root || has_locked_children(m, m->mnt.mnt_root))
		return false;
	if (sb_rdonly(m->mnt.mnt_sb))
		have |= MNT_LOCK_READONLY;
	if ((have & MNT_LOCK_READONLY) && !(flags & MNT_READONLY))
		return false;
	return !(have & MNT_LOCK_ATIME) || (have & MNT_ATIME) == (flags & MNT_ATIME);
}

/*
 * proc and sysfs tell about all of the machine.  Where somebody has hidden parts of them, or made them read-only, a
 * fresh mount in a user namespace must not bring them back.
 */
bool mount_too_revealing(const struct super_block *sb, unsigned int *flags)
{
	struct mnt_namespace *ns = current_mnt_ns();
	bool too_much = true;
	struct mount *m;

	if (ns->ns.user_ns == &init_user_ns || !(sb->s_type->fs_flags & FS_USERNS_VISIBLE))
		return false;
	down_read(&namespace_sem);
	list_for_each_entry(m, &ns->list, mnt_list) {
		if (m->mnt.mnt_sb->s_type == sb->s_type && shows_all(m, *flags)) {
			*flags |= m->mnt.mnt_flags & (MNT_LOCK_READONLY | MNT_LOCK_ATIME);
			too_much = false;
			break;
		}
	}
	up_read(&namespace_sem);
	return too_much;
}
