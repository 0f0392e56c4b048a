// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mount propagation: peer groups and slaves (mount_namespaces(7)).
 *
 * Peers form a ring and share a group id; a slave hangs in the list of one mount of its master's group and
 * receives what happens there, but nothing goes the other way.  All under namespace_sem for writing.
 */
#include <fs/mount.h>

#include <fs/internal.h>
#include <kernel/lib/idr.h>

static DEFINE_IDA(group_ids);		/* [n] */

/* ---- membership ------------------------------------------------------------------------------ */

int mnt_make_shared(struct mount *m)
{
	int id;

	if (IS_MNT_SHARED(m))
		return 0;
	id = ida_alloc_min(&group_ids, 1, GFP_KERNEL);
	if (id < 0)
		return id;
	m->mnt_group_id = id;
	return 0;
}

int invent_group_ids(struct mount *m)
{
	struct mount *p;
	int err = 0;

	for (p = m; p && !err; p = next_mnt(p, m))
		err = mnt_make_shared(p);
	return err;
}

void mnt_release_group_id(struct mount *m)
{
	if (m->mnt_group_id)
		ida_free(&group_ids, m->mnt_group_id);
	m->mnt_group_id = 0;
}

/* Hand @m's slaves to @master, or make them their own masters. */
static void reassign_slaves(struct mount *m, struct mount *master)
{
	struct mount *s, *next;

	list_for_each_entry_safe(s, next, &m->mnt_slave_list, mnt_slave) {
		s->mnt_master = master;
		if (master)
			list_move(&s->mnt_slave, &master->mnt_slave_list);
		else
			list_del_init(&s->mnt_slave);
	}
}

/* Out of its peer group; the group's id goes with its last member. Slaves stay with the other peers. */
static struct mount *leave_group(struct mount *m)
{
	struct mount *peer = NULL;

	if (!list_empty(&m->mnt_share)) {
		peer = list_next_entry(m, mnt_share);
		list_del_init(&m->mnt_share);
		m->mnt_group_id = 0;
	}
	mnt_release_group_id(m);
	return peer;
}

static void set_master(struct mount *m, struct mount *master)
{
	list_del_init(&m->mnt_slave);
	m->mnt_master = master;
	if (master)
		list_add(&m->mnt_slave, &master->mnt_slave_list);
}

void change_mnt_propagation(struct mount *m, unsigned long type)
{
	struct mount *peer;

	if (type == MS_SHARED) {
		m->mnt_unbindable = false;	/* invent_group_ids() did the rest */
		return;
	}
	peer = leave_group(m);
	reassign_slaves(m, peer ?: m->mnt_master);
	if (type == MS_SLAVE) {
		if (peer)
			set_master(m, peer);
	} else {
		set_master(m, NULL);
	}
	m->mnt_unbindable = type == MS_UNBINDABLE;
}

/* ---- who receives ---------------------------------------------------------------------------- */

/* The receivers are chained by mnt_copy while they are being found: @last is the chain's end. */
static struct mount *add_receiver(struct mount *m, struct mount *last, unsigned int generation)
{
	if (m->mnt_mark == generation)
		return last;
	m->mnt_mark = generation;
	m->mnt_copy = NULL;
	last->mnt_copy = m;
	return m;
}

static struct mount *add_peers(struct mount *m, struct mount *last, unsigned int generation)
{
	struct mount *p;

	list_for_each_entry(p, &m->mnt_share, mnt_share)
		last = add_receiver(p, last, generation);
	return last;
}

/* Chain everybody who receives what happens on @m, @m first; masters come before their slaves. */
static void find_receivers(struct mount *m)
{
	unsigned int generation = ++mnt_generation;
	struct mount *last = m, *pos, *s;

	m->mnt_mark = generation;
	m->mnt_copy = NULL;
	for (pos = m; pos; pos = pos->mnt_copy) {
		last = add_peers(pos, last, generation);
		list_for_each_entry(s, &pos->mnt_slave_list, mnt_slave)
			last = add_receiver(s, last, generation);
	}
}

/* ---- mounting -------------------------------------------------------------------------------- */

/* What the tree at @master's place is: the copy that its slaves' copies are slaves of. */
static struct mount *copy_on_peer_of(struct mount *m, struct hlist_head *copies)
{
	struct mount *copy;

	hlist_for_each_entry(copy, copies, mnt_hash)
		if (copy->mnt_parent == m ||
		    (m->mnt_group_id && copy->mnt_parent->mnt_group_id == m->mnt_group_id))
			return copy;
	return NULL;
}

static int copy_for(struct mount *receiver, struct mount *parent, struct mount *source,
		    struct hlist_head *copies)
{
	struct mount *origin = source, *copy;
	unsigned int flags = 0;

	if (receiver->mnt_group_id != parent->mnt_group_id) {
		origin = copy_on_peer_of(receiver, copies);
		if (!origin) {
			origin = receiver->mnt_master ? copy_on_peer_of(receiver->mnt_master, copies) : NULL;
			origin = origin ?: source;
			flags = CL_SLAVE;
		}
	}
	copy = copy_tree(origin, origin->mnt.mnt_root, flags);
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	if ((flags & CL_SLAVE) && IS_MNT_SHARED(receiver)) {
		int err = invent_group_ids(copy);

		if (err) {
			copy->mnt_parent = copy;
			hlist_add_head(&copy->mnt_hash, copies);
			return err;
		}
	}
	copy->mnt_parent = receiver;
	hlist_add_head(&copy->mnt_hash, copies);
	return 0;
}

int propagate_mnt(struct mount *parent, struct dentry *mountpoint, struct mount *source,
		  struct hlist_head *copies)
{
	struct mount **receivers, *m;
	unsigned int i, n = 0;
	int err = 0;

	find_receivers(parent);
	for (m = parent->mnt_copy; m; m = m->mnt_copy)
		n++;
	if (!n)
		return 0;
	/* copy_tree() uses the marks itself: remember whom we found. */
	receivers = kmalloc_array(n, sizeof(*receivers), GFP_KERNEL);
	if (!receivers)
		return -ENOMEM;
	for (m = parent->mnt_copy, i = 0; m; m = m->mnt_copy)
		receivers[i++] = m;
	for (i = 0; i < n && !err; i++) {
		m = receivers[i];
		if (m->mnt.mnt_sb == parent->mnt.mnt_sb && m->mnt_ns && is_subdir(mountpoint, m->mnt.mnt_root))
			err = copy_for(m, parent, source, copies);
	}
	kfree(receivers);
	return err;
}

/* ---- unmounting ------------------------------------------------------------------------------ */

static bool has_other_refs(const struct mount *m, int refs)
{
	return !list_empty(&m->mnt_mounts) || atomic_read(&m->mnt_count) > refs;
}

void propagate_umount(struct mount *m, struct list_head *victims)
{
	struct dentry *mountpoint = m->mnt_mountpoint;
	struct mount *receiver;

	if (!mnt_has_parent(m))
		return;
	find_receivers(m->mnt_parent);
	for (receiver = m->mnt_parent->mnt_copy; receiver; receiver = receiver->mnt_copy) {
		struct mount *child = __lookup_mnt(&receiver->mnt, mountpoint);

		if (child && list_empty(&child->mnt_mounts))
			umount_tree(child, victims);
	}
}

bool mount_busy(struct mount *m, int refs)
{
	return has_other_refs(m, refs);
}
