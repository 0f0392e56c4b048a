/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * User namespaces: which ids there are, and whose capabilities count where.
 *
 * The kernel's own user and group ids ("kuid", in plain uid_t) are those of the first user namespace.  What comes
 * from a user goes through make_kuid(), what goes to one through from_kuid_munged(): never compare or store the
 * number of a user.
 *
 * Locks:  [I] immutable   [u] userns_lock (mutex); a map is written once, nr last
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/ns_common.h>
#include <kernel/ucounts.h>

#define ID_INVALID		((uid_t)-1)
#define OVERFLOW_ID		65534	/* what has no number in the reader's namespace */
#define ID_MAP_MAX_EXTENTS	340
#define USERNS_MAX_LEVEL	33

struct id_extent {
	u32	first;			/* in the namespace */
	u32	lower;			/* the kernel's */
	u32	count;
};
struct id_map {
	unsigned int		nr;		/* [u] 0: not written yet */
	struct id_extent	*extents;	/* [u] by first, if there are many */
	struct id_extent	*by_lower;	/* [u] the same; of few, also the same array */
};

struct user_namespace {
	struct ns_common	ns;		/* its user_ns is the parent; NULL: the first one */
	int			level;		/* [I] */
	uid_t			owner;		/* [I] effective ids of who made it */
	gid_t			group;		/* [I] */
	bool			parent_could_setfcap; /* [I] */
	bool			setgroups_allowed; /* [u] */
	struct id_map		uid_map, gid_map, projid_map;
	int			ucount_max[UCOUNT_KINDS]; /* [a] /proc/sys/user */
};
extern struct user_namespace init_user_ns;
extern const struct ns_operations userns_operations;
extern struct mutex userns_lock;

static inline struct user_namespace *to_user_ns(struct ns_common *ns)
{
	return container_of(ns, struct user_namespace, ns);
}
static inline struct user_namespace *get_user_ns(struct user_namespace *ns)
{
	if (unlikely(ns != &init_user_ns))
		get_ns(&ns->ns);
	return ns;
}
static inline void put_user_ns(struct user_namespace *ns)
{
	if (unlikely(ns != &init_user_ns))
		put_ns(&ns->ns);
}

/* Put a namespace of its own, in which it has all capabilities, into @new, which nobody has seen. 0 or -errno */
int create_user_ns(struct cred *new);
bool userns_may_setgroups(const struct user_namespace *ns);
/* The user namespace that @ns belongs to, with a reference, if it is current's own or below: ERR_PTR(-EPERM). */
struct ns_common *ns_get_owner(struct ns_common *ns);
static inline bool is_ancestor_user_ns(const struct user_namespace *ancestor, const struct user_namespace *ns)
{
	while (ns && ns != ancestor)
		ns = ns->ns.user_ns;
	return ns;
}

/* ---- ids: kernel/user_map.c ------------------------------------------------------------------ */
u32 id_map_down(const struct id_map *map, u32 id, u32 count);	/* all of @count ids in one extent; ID_INVALID */
u32 id_map_up(const struct id_map *map, u32 kid);
void id_map_free(struct id_map *map);

/* In the first namespace the ids are the kernel's. */
static inline uid_t make_kuid(const struct user_namespace *ns, uid_t uid)
{
	return likely(ns == &init_user_ns) ? uid : id_map_down(&ns->uid_map, uid, 1);
}
static inline gid_t make_kgid(const struct user_namespace *ns, gid_t gid)
{
	return likely(ns == &init_user_ns) ? gid : id_map_down(&ns->gid_map, gid, 1);
}
static inline uid_t from_kuid(const struct user_namespace *ns, uid_t kuid)
{
	return likely(ns == &init_user_ns) ? kuid : id_map_up(&ns->uid_map, kuid);
}
static inline gid_t from_kgid(const struct user_namespace *ns, gid_t kgid)
{
	return likely(ns == &init_user_ns) ? kgid : id_map_up(&ns->gid_map, kgid);
}
static inline bool kuid_has_mapping(const struct user_namespace *ns, uid_t kuid)
{
	return from_kuid(ns, kuid) != ID_INVALID;
}
static inline bool kgid_has_mapping(const struct user_namespace *ns, gid_t kgid)
{
	return from_kgid(ns, kgid) != ID_INVALID;
}
/* For the eyes of users: never ID_INVALID, which would mean "leave as it is". */
static inline uid_t from_kuid_munged(const struct user_namespace *ns, uid_t kuid)
{
	uid_t uid = from_kuid(ns, kuid);

	return likely(uid != ID_INVALID) ? uid : OVERFLOW_ID;
}
static inline gid_t from_kgid_munged(const struct user_namespace *ns, gid_t kgid)
{
	gid_t gid = from_kgid(ns, kgid);

	return likely(gid != ID_INVALID) ? gid : OVERFLOW_ID;
}

/* /proc/<pid>/{uid_map,gid_map,projid_map,setgroups} of @ns, opened as @file. user_namespaces(7) */
struct file;
struct seq_file;
enum id_map_kind { ID_MAP_UID, ID_MAP_GID, ID_MAP_PROJID };
ssize_t id_map_write(struct file *file, struct user_namespace *ns, enum id_map_kind kind, const char __user *buf,
		     size_t count, loff_t *pos);
void id_map_show(struct seq_file *m, struct user_namespace *ns, enum id_map_kind kind);
ssize_t setgroups_write(struct user_namespace *ns, const char __user *buf, size_t count, loff_t *pos);
