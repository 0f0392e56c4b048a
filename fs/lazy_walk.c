// SPDX-License-Identifier: GPL-2.0-only
/*
 * The quick beginning of a path walk: without locks or references on the way.
 *
 * lazy_walk() follows the plain components of a name through the dcache as far as it can: directories
 * that may be searched, mount points, the file at the end.  Whatever else turns up (a symbolic link, "..", a
 * name that is not cached, a file system with checks of its own) is left to the walk of namei.c, which goes on
 * from there.  Each dentry's d_seq is read before and checked after its fields; what was reached is taken
 * hold of at the end and counts only if neither it nor any mount changed meanwhile.
 *
 * Locking: inside walk_begin()/walk_end(), which keep all that is looked at in memory.  A removal that is in
 * progress can at worst hide a name: then the slow walk asks again, properly.
 */
#include <fs/namei.h>

#include <fs/mount.h>
#include <fs/walk_guard.h>

struct position {
	struct path	path;		/* no references */
	struct inode	*inode;		/* of path.dentry */
	u32		seq;		/* d_seq of path.dentry when inode was read */
};

static u32 seq_begin(const struct dentry *dentry)
{
	return smp_load_acquire(&dentry->d_seq);
}

static bool seq_changed(const struct dentry *dentry, u32 seq)
{
	smp_rmb();
	return READ_ONCE(dentry->d_seq) != seq;
}

/* Stops at the first difference, so a text that changes under us is not read beyond its NUL. */
static bool same_name(const unsigned char *text, const unsigned char *name, unsigned int len)
{
	while (len--)
		if (READ_ONCE(*text++) != *name++)
			return false;
	return true;
}

/* A child of @dir by name; @pos->inode and @pos->seq are set. NULL: not seen. */
static struct dentry *find_child(const struct dentry *dir, const struct qstr *name, struct position *pos)
{
	struct hlist_node *node = READ_ONCE(dentry_bucket(dir, name->hash)->head.first);

	for (; node; node = READ_ONCE(node->next)) {
		struct dentry *dentry = hlist_entry(node, struct dentry, d_hash);
		u32 seq;

		if (READ_ONCE(dentry->d_name.hash) != name->hash)
			continue;
		seq = seq_begin(dentry);
		if ((seq & 1) || READ_ONCE(dentry->d_parent) != dir || READ_ONCE(dentry->d_name.len) != name->len ||
		    !same_name(READ_ONCE(dentry->d_name.name), name->name, name->len))
			continue;
		pos->inode = READ_ONCE(dentry->d_inode);
		pos->seq = seq;
		return seq_changed(dentry, seq) ? NULL : dentry;
	}
	return NULL;
}

/* Over what is mounted on pos->path. false: it is gone again. */
static bool cross_mounts(struct position *pos)
{
	while (READ_ONCE(pos->path.dentry->d_flags) & DCACHE_MOUNTED) {
		struct mount *m = __lookup_mnt(pos->path.mnt, pos->path.dentry);

		if (!m)
			break;		/* in another namespace, or the end's check of mount_lock will tell */
		pos->path.mnt = &m->mnt;
		pos->path.dentry = m->mnt.mnt_root;
		pos->seq = seq_begin(pos->path.dentry);
		pos->inode = d_inode(pos->path.dentry);
	}
	return pos->inode && !(pos->seq & 1);
}

static bool may_search(struct inode *inode)
{
	if (inode->i_op->permission)
		return false;
	return likely((inode->i_mode & 0111) == 0111) || !generic_permission(inode, MAY_EXEC);
}

/* One component. false: @pos is unchanged and the slow walk's. */
static bool step(struct position *pos, const struct qstr *name, bool more)
{
	struct position next = { .path.mnt = pos->path.mnt };

	next.path.dentry = find_child(pos->path.dentry, name, &next);
	if (!next.path.dentry || !next.inode || seq_changed(pos->path.dentry, pos->seq))
		return false;
	if (next.path.dentry->d_op && next.path.dentry->d_op->d_revalidate)
		return false;
	if (unlikely(READ_ONCE(next.path.dentry->d_flags) & DCACHE_MOUNTED) && !cross_mounts(&next))
		return false;
	if (S_ISDIR(next.inode->i_mode) || (!more && !S_ISLNK(next.inode->i_mode))) {
		*pos = next;
		return true;
	}
	return false;
}

/* As far as it goes; returns what is left of @name. */
static const char *walk(struct position *pos, const char *name, bool parent_only)
{
	struct qstr last;

	for (;;) {
		const char *rest;
		bool more;

		name = skip_slashes(name);
		if (!*name || !may_search(pos->inode))
			return name;
		rest = scan_component(name, &last);
		/* The slash of "x/" demands a directory as much as a further component does. */
		more = *rest;
		if (last_type_of(&last) != LAST_NORM || (parent_only && !*skip_slashes(rest)))
			return name;
		if (last.len > NAME_MAX || !step(pos, &last, more))
			return name;
		name = rest;
	}
}

/*
 * Take references; true: and what was reached is still there.  The atomic operations order the counts before
 * the reads of d_seq and mount_lock: d_delete() and do_umount() do it the other way round, with a barrier.
 */
static bool legitimize(const struct position *pos, struct path *got, u32 mount_seq)
{
	got->mnt = NULL;
	got->dentry = NULL;
	if (!atomic_inc_not_zero(&real_mount(pos->path.mnt)->mnt_count))
		return false;
	got->mnt = pos->path.mnt;
	if (!dget_live(pos->path.dentry))
		return false;
	got->dentry = pos->path.dentry;
	return !seq_changed(got->dentry, pos->seq) && !read_seqretry(&mount_lock, mount_seq);
}

/*
 * Walk from @start (a path of current->fs, read consistently here, or one the caller holds) into nd->path.
 * Returns what is left of @name, or NULL: nothing was done.
 */
const char *lazy_walk(struct nameidata *nd, const char *name, const struct path *start, struct fs_struct *fs)
{
	struct position pos;
	struct path got;
	u32 mount_seq;
	u32 seq;
	bool ok;

	walk_begin();
	if (fs) {
		/* not its lock: that cost a walk 20 instructions, and what was read stays in memory as above */
		do {
			seq = read_seqcount_begin(&fs->seq);
			pos.path = *start;
		} while (read_seqcount_retry(&fs->seq, seq));
	} else {
		pos.path = *start;
	}
	mount_seq = READ_ONCE(mount_lock.seqcount.sequence);
	smp_rmb();
	pos.seq = seq_begin(pos.path.dentry);
	pos.inode = d_inode(pos.path.dentry);
	if (unlikely((mount_seq & 1) || (pos.seq & 1) || !pos.inode || !S_ISDIR(pos.inode->i_mode))) {
		walk_end();
		return NULL;
	}
	name = walk(&pos, name, nd->flags & LOOKUP_PARENT);
	ok = legitimize(&pos, &got, mount_seq);
	walk_end();
	if (likely(ok)) {
		nd->path = got;
		nd->inode = pos.inode;
		return name;
	}
	path_put(&got);
	return NULL;
}
