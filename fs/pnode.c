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

int mnt_alloc_group_id(struct mount *m)
{
	int id = ida_alloc_min(&group_ids, 1, GFP_KERNEL);

	if (id < 0)
		return id;
	m->mnt_group_id = id;
	return 0;
}

void mnt_release_group_id(struct mount *m)
{
	if (m->mnt_group_id)
		ida_free(&group_ids, m->mnt_group_id);
	m->mnt_group_id = 0;
}

void cleanup_group_ids(struct mount *m, bool recurse)
{
	struct mount *p;

	for (p = m; p; p = recurse ? next_mnt(p, m) : NULL)
		if (!IS_MNT_SHARED(p))
			mnt_release_group_id(p);
}

int invent_group_ids(struct mount *m, bool recurse)
{
	struct mount *p;
	int err;

	for (p = m; p; p = recurse ? next_mnt(p, m) : NULL) {
		err = p->mnt_group_id ? 0 : mnt_alloc_group_id(p);
		if (err) {
			cleanup_group_ids(m, recurse);
			return err;
		}
	}
	return 0;
}

void set_mnt_shared(struct mount *m)
{
	m->mnt_shared = true;
	m->mnt_unbindable = false;
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

/* Out of its peer group; the group's id goes with its last member. Returns a peer, one that shows the same if any. */
static struct mount *leave_group(struct mount *m)
{
	struct mount *peer = NULL, *p;

	list_for_each_entry(p, &m->mnt_share, mnt_share) {
		if (!peer || p->mnt.mnt_root == m->mnt.mnt_root)
			peer = p;
		if (p->mnt.mnt_root == m->mnt.mnt_root)
			break;
	}
	if (peer) {
		list_del_init(&m->mnt_share);
		m->mnt_group_id = 0;
	}
	mnt_release_group_id(m);
	m->mnt_shared = false;
	return peer;
}

static void set_master(struct mount *m, struct mount *master)
{
	list_del_init(&m->mnt_slave);
	m->mnt_master = master;
	if (master)
		list_add(&m->mnt_slave, &master->mnt_slave_list);
}

void join_group(struct mount *m, struct mount *with)
{
	set_master(m, with->mnt_master);
	if (!IS_MNT_SHARED(with))
		return;
	m->mnt_group_id = with->mnt_group_id;
	list_add(&m->mnt_share, &with->mnt_share);
	set_mnt_shared(m);
}

void change_mnt_propagation(struct mount *m, unsigned long type)
{
	struct mount *peer;

	if (type == MS_SHARED) {	/* it has a group id */
		set_mnt_shared(m);
		return;
	}
	peer = leave_group(m);
	reassign_slaves(m, peer ?: m->mnt_master);
	if (type == MS_SLAVE) {
		if (peer)
			set_master(m, peer);
		return;
	}
	set_master(m, NULL);
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

static struct mount *copy_on_group(int group_id, const struct hlist_head *copies)
{
	struct mount *copy;

	hlist_for_each_entry(copy, copies, mnt_hash)
		if (copy->mnt_parent->mnt_group_id == group_id)
			return copy;
	return NULL;
}

/* What @receiver's copy is a copy of: as a peer of what its own group got, else as a slave of what its masters got. */
static struct mount *origin_for(const struct mount *receiver, const struct mount *parent, struct mount *source,
				const struct hlist_head *copies, unsigned int *flags)
{
	const struct mount *master = receiver;
	struct mount *copy;

	*flags = IS_MNT_SHARED(receiver) ? CL_MAKE_SHARED : 0;
	if (!IS_MNT_SHARED(receiver)) {
		*flags |= CL_SLAVE;
		master = receiver->mnt_master;
	}
	for (; master; master = master->mnt_master) {
		if (master->mnt_group_id == parent->mnt_group_id)
			break;
		copy = copy_on_group(master->mnt_group_id, copies);
		if (copy)
			return copy;
		*flags |= CL_SLAVE;
	}
	return source;
}

static int copy_for(struct mount *receiver, const struct mount *parent, struct mount *source,
		    struct hlist_head *copies)
{
	unsigned int flags;
	struct mount *origin = origin_for(receiver, parent, source, copies, &flags), *copy;

	copy = copy_tree(origin, origin->mnt.mnt_root, flags);
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	copy->mnt_parent = receiver;
	hlist_add_head(&copy->mnt_hash, copies);
	return reserve_mounts(receiver->mnt_ns, copy);
}

static bool sees(const struct mount *m, const struct dentry *mountpoint)
{
	return m->mnt_ns && !is_anon_ns(m->mnt_ns) && is_subdir(mountpoint, m->mnt.mnt_root);
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
	for (i = 0; i < n && !err; i++)
		if (sees(receivers[i], mountpoint))
			err = copy_for(receivers[i], parent, source, copies);
	kfree(receivers);
	return err;
}

/* ---- unmounting ------------------------------------------------------------------------------ */

/* The mount on @m's root, which was there before @m came in by propagation, or was mounted on it since. */
static struct mount *find_topper(struct mount *m)
{
	return __lookup_mnt(&m->mnt, m->mnt.mnt_root);
}

/* What will be at @m's place when all that leaves has left: @m, or what stands on it; NULL: nothing. */
static struct mount *who_stays(struct mount *m)
{
	while (m && m->mnt_leaving)
		m = find_topper(m);
	return m;
}

/* Would a child stay behind? Not the topper, which takes the place of what it covers; there is room for one. */
static bool has_staying_child(const struct mount *m)
{
	struct mount *child;

	list_for_each_entry(child, &m->mnt_mounts, mnt_child)
		if (child->mnt_mountpoint != m->mnt.mnt_root && who_stays(child))
			return true;
	return false;
}

/* What is mounted at the same place of the mounts that receive @m's unmounting goes, too, if it can. true: some did. */
static bool propagate_one_umount(struct mount *m, struct list_head *leaving)
{
	struct mount *receiver, *child;
	bool found = false;

	find_receivers(m->mnt_parent);
	for (receiver = m->mnt_parent->mnt_copy; receiver; receiver = receiver->mnt_copy) {
		child = __lookup_mnt(&receiver->mnt, m->mnt_mountpoint);
		if (!child || child->mnt_leaving || has_staying_child(child))
			continue;
		child->mnt_leaving = true;
		list_move_tail(&child->mnt_list, leaving);
		found = true;
	}
	return found;
}

/* @m stands on a mount that leaves: it takes the place of the lowest of those that stand on each other and leave. */
static void sink(struct mount *m)
{
	struct mount *place = m->mnt_parent;

	while (place->mnt_parent->mnt_leaving) {
		DEBUG_ASSERT(place->mnt_mountpoint == place->mnt_parent->mnt.mnt_root);
		place = place->mnt_parent;
	}
	reattach_mnt(m, place->mnt_parent, place->mnt_mountpoint);
}

void propagate_umount(struct list_head *tree)
{
	LIST_HEAD(others);
	struct mount *m;
	bool found;

	/* From the leaves on, and again while that lets more go. */
	do {
		found = false;
		list_for_each_entry_reverse(m, tree, mnt_list)
			if (mnt_has_parent(m) && propagate_one_umount(m, &others))
				found = true;
	} while (found);
	list_for_each_entry(m, &others, mnt_list) {
		struct mount *topper = find_topper(m);

		if (topper && !topper->mnt_leaving)
			sink(topper);
	}
	list_splice_tail(&others, tree);
}

static bool has_other_refs(const struct mount *m, int refs)
{
	return atomic_read(&m->mnt_count) > refs;
}

/* A copy has the tree's reference, and that of what covers it. With other mounts on it, it would stay anyway. */
static bool copy_busy(struct mount *copy)
{
	bool covered = find_topper(copy);

	if (!covered && !list_empty(&copy->mnt_mounts))
		return false;
	return has_other_refs(copy, covered ? 2 : 1);
}

bool propagate_mount_busy(struct mount *m, int refs)
{
	struct mount *receiver, *copy;

	if (!list_empty(&m->mnt_mounts) || has_other_refs(m, refs))
		return true;
	if (!mnt_has_parent(m))
		return false;
	find_receivers(m->mnt_parent);
	for (receiver = m->mnt_parent->mnt_copy; receiver; receiver = receiver->mnt_copy) {
		copy = __lookup_mnt(&receiver->mnt, m->mnt_mountpoint);
		if (copy && copy_busy(copy))
			return true;
	}
	return false;
}

/* ---- what mountinfo tells -------------------------------------------------------------------- */

/* A mount of @m's group that is in @ns and can be seen from @root. */
static struct mount *visible_peer(struct mount *m, const struct mnt_namespace *ns, const struct path *root)
{
	struct mount *p = m;

	do {
		if (p->mnt_ns == ns && is_path_reachable(p, p->mnt.mnt_root, root))
			return p;
		p = list_empty(&p->mnt_share) ? m : list_next_entry(p, mnt_share);
	} while (p != m);
	return NULL;
}

int get_dominating_id(const struct mount *m, const struct path *root)
{
	struct mount *master, *peer;

	for (master = m->mnt_master; master; master = master->mnt_master) {
		peer = visible_peer(master, m->mnt_ns, root);
		if (peer)
			return peer->mnt_group_id;
	}
	return 0;
}
