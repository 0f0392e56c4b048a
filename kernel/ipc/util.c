// SPDX-License-Identifier: GPL-2.0-only
/*
 * Identifiers, keys and permissions of System V IPC objects.
 *
 * An id is a sequence number and an index into the table; the sequence number grows each time the indices go
 * round, so that an old id does not mean a new object for a long time.
 *
 * Interface and locking: internal.h.
 */
#include <kernel/ipc/internal.h>

#include <kernel/cred.h>
#include <mm/page_alloc.h>

#define MIN_CYCLE 64	/* indices go round after so many at the earliest */

void ipc_init_ids(struct ipc_ids *ids)
{
	init_rwsem_rank(&ids->rwsem, LOCK_RANK_IPC);
	idr_init(&ids->objects);
	ids->keys = RB_ROOT;
	ids->in_use = 0;
	ids->seq = 0;
	ids->last_index = -1;
	ids->next_id = -1;
}

/* ---- keys ---------------------------------------------------------------------------------- */

static struct ipc_object *find_key(const struct ipc_ids *ids, key_t key)
{
	struct rb_node *n = ids->keys.rb_node;

	while (n) {
		struct ipc_object *obj = rb_entry(n, struct ipc_object, key_node);

		if (key == obj->key)
			return obj;
		n = key < obj->key ? n->rb_left : n->rb_right;
	}
	return NULL;
}

static void insert_key(struct ipc_ids *ids, struct ipc_object *obj)
{
	struct rb_node **link = &ids->keys.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = obj->key < rb_entry(parent, struct ipc_object, key_node)->key ? &parent->rb_left :
										       &parent->rb_right;
	}
	rb_link_node(&obj->key_node, parent, link);
	rb_insert_color(&obj->key_node, &ids->keys);
}

void ipc_hide_key(struct ipc_ids *ids, struct ipc_object *obj)
{
	assert_rwsem_write_held(&ids->rwsem);
	if (obj->key == IPC_PRIVATE)
		return;
	rb_erase(&obj->key_node, &ids->keys);
	obj->key = IPC_PRIVATE;
}

/* ---- the table ----------------------------------------------------------------------------- */

void ipc_init_object(struct ipc_object *obj, const struct ipc_params *params, void (*release)(struct ipc_object *))
{
	refcount_set(&obj->refs, 1);
	spin_lock_init_rank(&obj->lock, LOCK_RANK_OBJECT);
	obj->release = release;
	obj->key = params->key;
	obj->mode = params->flags & IPC_MODE;
	obj->uid = obj->cuid = current_euid();
	obj->gid = obj->cgid = current_egid();
}

/* The id that somebody asked for by sysctl, to restore what was saved. */
static int alloc_wanted_id(struct ipc_ids *ids, struct ipc_object *obj)
{
	int seq = ids->next_id / IPCMNI;
	int index = idr_alloc(&ids->objects, obj, ids->next_id % IPCMNI, IPCMNI, GFP_KERNEL);

	ids->next_id = -1;
	return index < 0 ? index : seq * IPCMNI + index;
}

static int alloc_id(struct ipc_ids *ids, struct ipc_object *obj)
{
	int end = min(max(ids->in_use * 3 / 2, MIN_CYCLE), IPCMNI);
	int index = idr_alloc_cyclic(&ids->objects, obj, 0, end, GFP_KERNEL);

	if (index < 0)
		return index;
	if (index <= ids->last_index)
		ids->seq = ids->seq + 1 < IPC_SEQ_MAX ? ids->seq + 1 : 0;
	ids->last_index = index;
	return ids->seq * IPCMNI + index;
}

int ipc_add(struct ipc_ids *ids, struct ipc_object *obj, int limit)
{
	int id;

	assert_rwsem_write_held(&ids->rwsem);
	if (ids->in_use >= min(limit, IPCMNI))
		return -ENOSPC;
	id = ids->next_id < 0 ? alloc_id(ids, obj) : alloc_wanted_id(ids, obj);
	if (id < 0)
		return id;
	obj->id = id;
	ids->in_use++;
	if (obj->key != IPC_PRIVATE)
		insert_key(ids, obj);
	return id;
}

void ipc_remove(struct ipc_ids *ids, struct ipc_object *obj)
{
	assert_held(&obj->lock);
	ipc_hide_key(ids, obj);
	idr_remove(&ids->objects, obj->id % IPCMNI);
	ids->in_use--;
	obj->deleted = true;
}

int ipc_max_index(const struct ipc_ids *ids)
{
	struct ipc_object *obj;
	int index, last = 0;

	idr_for_each_entry(&ids->objects, obj, index)
		last = index;
	return last;
}

void ipc_destroy_all(struct ipc_namespace *ns, struct ipc_ids *ids,
		     void (*remove)(struct ipc_namespace *, struct ipc_object *))
{
	struct ipc_object *obj;
	int index;

	down_write(&ids->rwsem);
	idr_for_each_entry(&ids->objects, obj, index) {
		spin_lock(&obj->lock);
		remove(ns, obj);
	}
	up_write(&ids->rwsem);
}

/* ---- looking up ---------------------------------------------------------------------------- */

struct ipc_object *ipc_find_index(struct ipc_ids *ids, int index)
{
	struct ipc_object *obj;

	down_read(&ids->rwsem);
	obj = idr_find(&ids->objects, index % IPCMNI);
	if (obj)
		refcount_inc(&obj->refs);
	up_read(&ids->rwsem);
	return obj ? obj : ERR_PTR(-EINVAL);
}

struct ipc_object *ipc_find(struct ipc_ids *ids, int id)
{
	struct ipc_object *obj;

	if (id < 0)
		return ERR_PTR(-EINVAL);
	obj = ipc_find_index(ids, id);
	if (IS_ERR(obj) || obj->id == id)
		return obj;
	ipc_put(obj);
	return ERR_PTR(-EINVAL);
}

struct ipc_object *ipc_find_owned(struct ipc_namespace *ns, struct ipc_ids *ids, int id)
{
	struct ipc_object *obj = idr_find(&ids->objects, id % IPCMNI);
	uid_t euid = current_euid();

	assert_rwsem_write_held(&ids->rwsem);
	if (!obj || obj->id != id)
		return ERR_PTR(-EINVAL);
	if (euid != obj->cuid && euid != obj->uid && !ns_capable(ns->ns.user_ns, CAP_SYS_ADMIN))
		return ERR_PTR(-EPERM);
	return obj;
}

/* ---- permissions --------------------------------------------------------------------------- */

static bool may_access(struct ipc_namespace *ns, const struct ipc_object *obj, int flags)
{
	int wanted = (flags >> 6 | flags >> 3 | flags) & S_IRWXO, granted = obj->mode;

	if (current_euid() == obj->cuid || current_euid() == obj->uid)
		granted >>= 6;
	else if (in_group_p(obj->cgid) || in_group_p(obj->gid))
		granted >>= 3;
	return !(wanted & ~granted) || ns_capable(ns->ns.user_ns, CAP_IPC_OWNER);
}

int ipc_check_access(struct ipc_namespace *ns, const struct ipc_object *obj, int flags)
{
	assert_held(&obj->lock);
	if (!may_access(ns, obj, flags))
		return -EACCES;
	return obj->deleted ? -EIDRM : 0;
}

int ipc_lock_for_stat(struct ipc_namespace *ns, struct ipc_object *obj, bool any)
{
	int err;

	spin_lock(&obj->lock);
	err = ipc_check_access(ns, obj, any ? 0 : IPC_READ);
	if (err)
		spin_unlock(&obj->lock);
	return err;
}

void ipc_perm_to_user(const struct ipc_object *obj, struct ipc64_perm *perm)
{
	perm->key = obj->key;
	perm->uid = uid_to_user(obj->uid);
	perm->gid = gid_to_user(obj->gid);
	perm->cuid = uid_to_user(obj->cuid);
	perm->cgid = gid_to_user(obj->cgid);
	perm->mode = obj->mode;
	perm->seq = obj->id / IPCMNI;
}

int ipc_set_perm(struct ipc_object *obj, const struct ipc64_perm *perm)
{
	uid_t uid = uid_from_user(perm->uid);
	gid_t gid = gid_from_user(perm->gid);

	assert_held(&obj->lock);
	if (uid == ID_INVALID || gid == ID_INVALID)
		return -EINVAL;
	obj->uid = uid;
	obj->gid = gid;
	obj->mode = (obj->mode & ~IPC_MODE) | (perm->mode & IPC_MODE);
	return 0;
}

/* ---- semget, msgget, shmget ---------------------------------------------------------------- */

static int get_existing(struct ipc_namespace *ns, struct ipc_object *obj, const struct ipc_params *params,
			const struct ipc_ops *ops)
{
	int err = 0;

	if ((params->flags & IPC_CREAT) && (params->flags & IPC_EXCL))
		return -EEXIST;
	spin_lock(&obj->lock);
	if (ops->check)
		err = ops->check(obj, params);
	if (!err)
		err = ipc_check_access(ns, obj, params->flags);
	spin_unlock(&obj->lock);
	return err ? err : obj->id;
}

int ipc_get(struct ipc_namespace *ns, struct ipc_ids *ids, const struct ipc_params *params, const struct ipc_ops *ops)
{
	struct ipc_object *obj = NULL;
	int ret;

	down_write(&ids->rwsem);
	if (params->key != IPC_PRIVATE)
		obj = find_key(ids, params->key);
	if (obj)
		ret = get_existing(ns, obj, params, ops);
	else if (params->key == IPC_PRIVATE || (params->flags & IPC_CREAT))
		ret = ops->create(ns, params);
	else
		ret = -ENOENT;
	up_write(&ids->rwsem);
	return ret;
}
