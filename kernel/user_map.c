// SPDX-License-Identifier: GPL-2.0-only
/*
 * The maps of a user namespace: from the ids in it to the kernel's and back, and how they come to be: by one write
 * to /proc/<pid>/uid_map, gid_map, projid_map (user_namespaces(7)).
 *
 * Locking: a map is written once, under userns_lock, its number of extents last; it is read without a lock.
 */
#include <kernel/user_namespace.h>

#include <fs/seq_file.h>
#include <kernel/cred.h>
#include <kernel/lib/ctype.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/sort.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define FEW_EXTENTS 5		/* so many are searched one by one, and shown as they were written */

/* ---- looking up ------------------------------------------------------------------------------ */

static u32 extent_start(const struct id_extent *e, bool by_lower)
{
	return by_lower ? e->lower : e->first;
}

/* The extent that holds @id, and @count - 1 more. */
static const struct id_extent *find_extent(const struct id_map *map, u32 id, u32 count, bool by_lower)
{
	unsigned int lo = 0, hi = smp_load_acquire(&map->nr);
	const struct id_extent *e = by_lower ? map->by_lower : map->extents;
	u64 last = (u64)id + count - 1;

	if (hi <= FEW_EXTENTS) {
		for (; hi; hi--, e++)
			if (id >= extent_start(e, by_lower) && last < (u64)extent_start(e, by_lower) + e->count)
				return e;
		return NULL;
	}
	while (lo < hi) {
		unsigned int mid = (lo + hi) / 2;
		u32 start = extent_start(&e[mid], by_lower);

		if (id < start)
			hi = mid;
		else if ((u64)id >= (u64)start + e[mid].count)
			lo = mid + 1;
		else
			return last < (u64)start + e[mid].count ? &e[mid] : NULL;
	}
	return NULL;
}

u32 id_map_down(const struct id_map *map, u32 id, u32 count)
{
	const struct id_extent *e = find_extent(map, id, count, false);

	return e ? e->lower + (id - e->first) : ID_INVALID;
}

u32 id_map_up(const struct id_map *map, u32 kid)
{
	const struct id_extent *e = find_extent(map, kid, 1, true);

	return e ? e->first + (kid - e->lower) : ID_INVALID;
}

void id_map_free(struct id_map *map)
{
	if (map->by_lower != map->extents)
		kfree(map->by_lower);
	kfree(map->extents);
}

/* ---- parsing --------------------------------------------------------------------------------- */

static bool next_number(char **text, u32 *value)
{
	char *p = skip_spaces(*text);
	u32 n = 0;

	for (; isdigit(*p); p++)
		n = n * 10 + (*p - '0');
	if (*p && !isspace(*p))
		return false;
	*text = p;
	*value = n;
	return true;
}

/* "first lower count"; none of both ranges may wrap or hold ID_INVALID. */
static bool parse_extent(char *line, struct id_extent *e)
{
	if (!next_number(&line, &e->first) || !*line || !next_number(&line, &e->lower) || !*line ||
	    !next_number(&line, &e->count) || *skip_spaces(line))
		return false;
	if (e->first == ID_INVALID || e->lower == ID_INVALID)
		return false;
	return e->first + e->count > e->first && e->lower + e->count > e->lower;
}

static bool ranges_overlap(u32 a, u32 a_count, u32 b, u32 b_count)
{
	return a <= b + b_count - 1 && b <= a + a_count - 1;
}

static bool overlaps(const struct id_map *map, const struct id_extent *e)
{
	unsigned int i;

	for (i = 0; i < map->nr; i++) {
		const struct id_extent *old = &map->extents[i];

		if (ranges_overlap(old->first, old->count, e->first, e->count) ||
		    ranges_overlap(old->lower, old->count, e->lower, e->count))
			return true;
	}
	return false;
}

static int parse_map(char *text, struct id_map *map)
{
	while (text) {
		char *next = strchr(text, '\n');
		struct id_extent e;

		if (next) {
			*next++ = '\0';
			if (!*next)
				next = NULL;
		}
		if (!parse_extent(text, &e) || overlaps(map, &e))
			return -EINVAL;
		if (map->nr + 1 == ID_MAP_MAX_EXTENTS && next)
			return -EINVAL;
		map->extents[map->nr++] = e;
		text = next;
	}
	return map->nr ? 0 : -EINVAL;
}

/* ---- who may write what ---------------------------------------------------------------------- */

static struct id_map *map_of(struct user_namespace *ns, enum id_map_kind kind)
{
	return kind == ID_MAP_UID ? &ns->uid_map : kind == ID_MAP_GID ? &ns->gid_map : &ns->projid_map;
}

/*
 * Root of the parent, mapped: file capabilities that one gives to programs inside would count outside.  So it takes
 * CAP_SETFCAP there.
 */
static bool may_map_root(const struct cred *opener, struct user_namespace *ns, const struct id_map *map)
{
	unsigned int i;

	for (i = 0; i < map->nr && map->extents[i].lower; i++)
		;
	if (i == map->nr)
		return true;
	if (opener->user_ns == ns)
		return ns->parent_could_setfcap;
	return file_ns_capable(opener, ns->ns.user_ns, CAP_SETFCAP);
}

/* Without privilege: one's own id. For the group, only after one has given up setgroups(2). */
static bool maps_own_id(const struct cred *opener, struct user_namespace *ns, const struct id_map *map,
			enum id_map_kind kind)
{
	struct user_namespace *parent = ns->ns.user_ns;
	u32 id = map->extents[0].lower;

	if (map->nr != 1 || map->extents[0].count != 1 || ns->owner != opener->euid)
		return false;
	if (kind == ID_MAP_UID)
		return make_kuid(parent, id) == opener->euid;
	return !ns->setgroups_allowed && make_kgid(parent, id) == opener->egid;
}

static bool may_set_map(const struct cred *opener, struct user_namespace *ns, const struct id_map *map,
			enum id_map_kind kind)
{
	struct user_namespace *parent = ns->ns.user_ns;
	int cap = kind == ID_MAP_UID ? CAP_SETUID : CAP_SETGID;

	if (kind == ID_MAP_PROJID)
		return true;
	if (kind == ID_MAP_UID && !may_map_root(opener, ns, map))
		return false;
	if (maps_own_id(opener, ns, map, kind))
		return true;
	return ns_capable(parent, cap) && file_ns_capable(opener, parent, cap);
}

/* ---- setting --------------------------------------------------------------------------------- */

/* The parent's ids become the kernel's. */
static int lower_to_kernel(struct id_map *map, const struct id_map *parent)
{
	unsigned int i;

	for (i = 0; i < map->nr; i++) {
		struct id_extent *e = &map->extents[i];

		e->lower = id_map_down(parent, e->lower, e->count);
		if (e->lower == ID_INVALID)
			return -EPERM;
	}
	return 0;
}

static int cmp_first(const void *a, const void *b)
{
	u32 x = ((const struct id_extent *)a)->first, y = ((const struct id_extent *)b)->first;

	return x < y ? -1 : x > y;
}

static int cmp_lower(const void *a, const void *b)
{
	u32 x = ((const struct id_extent *)a)->lower, y = ((const struct id_extent *)b)->lower;

	return x < y ? -1 : x > y;
}

static int index_map(struct id_map *map)
{
	size_t size = map->nr * sizeof(struct id_extent);

	map->by_lower = map->extents;
	if (map->nr <= FEW_EXTENTS)
		return 0;
	map->by_lower = kmemdup(map->extents, size, GFP_KERNEL);
	if (!map->by_lower)
		return -ENOMEM;
	sort(map->extents, map->nr, sizeof(struct id_extent), cmp_first, NULL);
	sort(map->by_lower, map->nr, sizeof(struct id_extent), cmp_lower, NULL);
	return 0;
}

/* userns_lock held. @new takes the place of the empty map. */
static int set_map(const struct cred *opener, struct user_namespace *ns, enum id_map_kind kind, char *text,
		   struct id_map *new)
{
	struct id_map *map = map_of(ns, kind);
	int err;

	if (map->nr)
		return -EPERM;			/* once */
	if (kind != ID_MAP_PROJID && !file_ns_capable(opener, ns, CAP_SYS_ADMIN))
		return -EPERM;
	err = parse_map(text, new);
	if (!err && !may_set_map(opener, ns, new, kind))
		err = -EPERM;
	if (!err)
		err = lower_to_kernel(new, map_of(ns->ns.user_ns, kind));
	if (!err)
		err = index_map(new);
	if (err)
		return err;
	map->extents = new->extents;
	map->by_lower = new->by_lower;
	smp_store_release(&map->nr, new->nr);
	return 0;
}

ssize_t id_map_write(struct file *file, struct user_namespace *ns, enum id_map_kind kind, const char __user *buf,
		     size_t count, loff_t *pos)
{
	const struct cred *opener = file->f_cred;
	struct id_map new = { 0 };
	int err = -ENOMEM;
	char *text;

	if (!ns->ns.user_ns || (opener->user_ns != ns && opener->user_ns != ns->ns.user_ns))
		return -EPERM;
	if (*pos || count >= PAGE_SIZE)
		return -EINVAL;
	text = memdup_user_nul(buf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);
	new.extents = kmalloc(ID_MAP_MAX_EXTENTS * sizeof(struct id_extent), GFP_KERNEL);
	if (new.extents) {
		mutex_lock(&userns_lock);
		err = set_map(opener, ns, kind, text, &new);
		mutex_unlock(&userns_lock);
	}
	kfree(text);
	if (err) {
		kfree(new.extents);
		return err;
	}
	*pos = count;
	return count;
}

/* The lower ids as the opener sees them; in its own namespace, those of the parent. */
void id_map_show(struct seq_file *m, struct user_namespace *ns, enum id_map_kind kind)
{
	struct user_namespace *seer = m->file->f_cred->user_ns;
	const struct id_map *map = map_of(ns, kind);
	unsigned int i, nr = smp_load_acquire(&map->nr);

	if (seer == ns && ns->ns.user_ns)
		seer = ns->ns.user_ns;
	for (i = 0; i < nr; i++) {
		const struct id_extent *e = &map->extents[i];

		seq_printf(m, "%10u %10u %10u\n", e->first, id_map_up(map_of(seer, kind), e->lower), e->count);
	}
}

/* ---- setgroups ------------------------------------------------------------------------------- */

bool userns_may_setgroups(const struct user_namespace *ns)
{
	bool yes;

	if (likely(ns == &init_user_ns))
		return true;
	mutex_lock(&userns_lock);
	yes = ns->gid_map.nr && ns->setgroups_allowed;
	mutex_unlock(&userns_lock);
	return yes;
}

/* Denied for good, and only before there are groups: else a group could be dropped that takes rights away. */
static int set_setgroups(struct user_namespace *ns, bool allow)
{
	int err = 0;

	mutex_lock(&userns_lock);
	if (allow ? !ns->setgroups_allowed : ns->gid_map.nr != 0)
		err = -EPERM;
	else
		ns->setgroups_allowed = allow;
	mutex_unlock(&userns_lock);
	return err;
}

ssize_t setgroups_write(struct user_namespace *ns, const char __user *buf, size_t count, loff_t *pos)
{
	char text[8], *rest;
	bool allow;
	int err;

	if (*pos || count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	text[count] = '\0';
	allow = !strncmp(text, "allow", 5);
	if (!allow && strncmp(text, "deny", 4))
		return -EINVAL;
	rest = skip_spaces(text + (allow ? 5 : 4));
	if (*rest)
		return -EINVAL;
	err = set_setgroups(ns, allow);
	if (err)
		return err;
	*pos = count;
	return count;
}
