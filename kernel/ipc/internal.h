/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kinds of System V IPC share: identifiers, keys, permissions, the namespace.
 *
 * An object is found by its id, or by its key, in the table of its kind (struct ipc_ids), which has a
 * reference to it; a look-up gives another one.  Removal takes it out of the table and marks it deleted;
 * whoever has a reference then finds it deleted under its lock.
 *
 * Locks: [I] immutable  [a] atomic  [T] ids->rwsem  [l] the object's lock  [w] single word, sysctl
 * Order: mmap_lock > ids->rwsem > object's lock > lock of a list of adjustments (sem_undo.c).
 * No user memory is touched with any of them held.
 */
#pragma once

#include <kernel/ipc/ipc.h>
#include <kernel/lib/err.h>
#include <kernel/locking/spinlock.h>
#include <kernel/nsproxy.h>
#include <kernel/pid.h>
#include <kernel/time/timekeeping.h>
#include <kernel/uapi.h>

#define IPCMNI			32768	/* most objects of a kind; ids are seq * IPCMNI + index */
#define IPC_SEQ_MAX		(INT_MAX / IPCMNI)

/* Permissions, in all three places: ipc_check_access() looks at the one that applies. */
#define IPC_MODE		0777
#define IPC_READ		0444
#define IPC_WRITE		0222
#define IPC_EXEC		0111

struct ipc_object {
	refcount_t		refs;		/* [a] */
	spinlock_t		lock;
	void			(*release)(struct ipc_object *obj);	/* [I] when the last reference goes */
	bool			deleted;	/* [l] */
	int			id;		/* [I] */
	key_t			key;		/* [T] write and [l]; IPC_PRIVATE: not in ids->keys */
	struct rb_node		key_node;	/* [T] */
	uid_t			uid, cuid;	/* [l]; cuid [I] */
	gid_t			gid, cgid;	/* [l]; cgid [I] */
	umode_t			mode;		/* [l] permissions and SHM_* */
};

/* What semget, msgget and shmget ask for. */
struct ipc_params {
	key_t	key;
	int	flags;		/* IPC_CREAT, IPC_EXCL, permissions */
	size_t	size;		/* bytes or semaphores */
};
struct ipc_ops {
	/* A new object: its id or -errno. ids->rwsem held for write. */
	int (*create)(struct ipc_namespace *ns, const struct ipc_params *params);
	/* Does the object suit? NULL: always. ids->rwsem held, and the object's lock. */
	int (*check)(const struct ipc_object *obj, const struct ipc_params *params);
};

/* ---- util.c ---- */
void ipc_init_ids(struct ipc_ids *ids);
int ipc_get(struct ipc_namespace *ns, struct ipc_ids *ids, const struct ipc_params *params, const struct ipc_ops *ops);
/* A zeroed object with one reference, the table's: key, creator, permissions. */
void ipc_init_object(struct ipc_object *obj, const struct ipc_params *params, void (*release)(struct ipc_object *));
/* Into the table: the id or -ENOSPC, -ENOMEM. ids->rwsem held for write. */
int ipc_add(struct ipc_ids *ids, struct ipc_object *obj, int limit);
/* Out of the table and deleted; the table's reference is the caller's. rwsem for write and obj->lock held. */
void ipc_remove(struct ipc_ids *ids, struct ipc_object *obj);
/* The object has no key any more: found by its id only. rwsem for write and obj->lock held. */
void ipc_hide_key(struct ipc_ids *ids, struct ipc_object *obj);
/* With a reference. ERR_PTR(-EINVAL). */
struct ipc_object *ipc_find(struct ipc_ids *ids, int id);
struct ipc_object *ipc_find_index(struct ipc_ids *ids, int index);
/* IPC_RMID and IPC_SET: the object if current may do that; no reference. rwsem held for write. -EINVAL, -EPERM. */
struct ipc_object *ipc_find_owned(struct ipc_namespace *ns, struct ipc_ids *ids, int id);
static inline void ipc_put(struct ipc_object *obj)
{
	if (refcount_dec_and_test(&obj->refs))
		obj->release(obj);
}
/* obj->lock held: 0, -EACCES, or -EIDRM. @flags: permissions wanted, in any of the three places. */
int ipc_check_access(struct ipc_namespace *ns, const struct ipc_object *obj, int flags);
/* For the *_STAT commands, as the former; those that anybody may give want no permission. Locks @obj on success. */
int ipc_lock_for_stat(struct ipc_namespace *ns, struct ipc_object *obj, bool any);
int ipc_max_index(const struct ipc_ids *ids);		/* 0 when there is none; rwsem held */
void ipc_perm_to_user(const struct ipc_object *obj, struct ipc64_perm *perm);
int ipc_set_perm(struct ipc_object *obj, const struct ipc64_perm *perm);	/* obj->lock held; -EINVAL */
/* Take all objects away, by @remove(ns, obj), called with rwsem for write and obj->lock held; it drops that lock. */
void ipc_destroy_all(struct ipc_namespace *ns, struct ipc_ids *ids,
		     void (*remove)(struct ipc_namespace *, struct ipc_object *));

/* Remember who did something last. */
static inline void ipc_set_pid(struct pid **where, struct pid *pid)
{
	struct pid *old = *where;

	if (old == pid)
		return;
	*where = get_pid(pid);
	put_pid(old);
}
/* Times in *_ds are 64 bits on both ABIs: of the 32-bit one, the field itself and the one behind it. */
static inline void ipc_put_time(void *field, time64_t time)
{
	__builtin_memcpy(field, &time, sizeof(time));
}

static inline time64_t ipc_get_time(const void *field)
{
	time64_t time;

	__builtin_memcpy(&time, field, sizeof(time));
	return time;
}

/* ---- the kinds ---- */
void sem_init_ns(struct ipc_namespace *ns);
void sem_exit_ns(struct ipc_namespace *ns);
void msg_init_ns(struct ipc_namespace *ns);
void msg_exit_ns(struct ipc_namespace *ns);
void shm_init_ns(struct ipc_namespace *ns);
void shm_exit_ns(struct ipc_namespace *ns);
void shm_destroy_orphans(struct ipc_namespace *ns);	/* shm_rmid_forced was set */
void mq_init_ns(struct ipc_namespace *ns);
void mq_exit_ns(struct ipc_namespace *ns);
struct seq_file;
int sem_proc_show(struct seq_file *m, void *unused);
int msg_proc_show(struct seq_file *m, void *unused);
int shm_proc_show(struct seq_file *m, void *unused);
void ipc_sysctl_init(void);
