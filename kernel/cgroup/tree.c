// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree of groups: making, removing, finding, naming.
 *
 * Locking: cgroup_mutex for the shape of the tree. Parents and names never change, so that a path needs no lock.
 */
#include <kernel/cgroup/internal.h>

#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>

DEFINE_MUTEX_RANK(cgroup_mutex, LOCK_RANK_CGROUP);
static u64 last_id;			/* [m] */

struct cgroup cgroup_root = {
	.refs = REFCOUNT_INIT(1),
	.name = "",
	.mode = S_IFDIR | 0555,
	.children = LIST_HEAD_INIT(cgroup_root.children),
	.attrs = LIST_HEAD_INIT(cgroup_root.attrs),
	.dom = &cgroup_root,
	.max_depth = INT_MAX,
	.max_descendants = INT_MAX,
	.pids_max = LONG_MAX,
};

/* In a work item: the last reference may go anywhere, and what is to be freed may be large. */
static void free_cgroup(struct work_struct *work)
{
	struct cgroup *c = container_of(work, struct cgroup, free_work), *up;

	for (up = c->parent; up; up = up->parent)
		atomic_dec(&up->nr_dying);
	cgroup_put(c->parent);
	cgroup_free_attrs(c);
	cgroup_cpu_free(c);
	kfree(c->name);
	kfree(c);
}

void cgroup_put(struct cgroup *c)
{
	if (c && refcount_dec_and_test(&c->refs))
		schedule_work(&c->free_work);
}

struct cgroup *cgroup_get_of_task(struct task_struct *t)
{
	struct cgroup *c;

	read_lock(&tasklist_lock);
	c = cgroup_get(task_cgroup(t));
	read_unlock(&tasklist_lock);
	return c;
}

bool cgroup_is_descendant(const struct cgroup *c, const struct cgroup *of)
{
	while (c->level > of->level)
		c = c->parent;
	return c == of;
}

/* ---- making ---------------------------------------------------------------------------------- */

/* [m] held. */
static bool hierarchy_is_full(struct cgroup *parent)
{
	struct cgroup *c;
	int depth = 1;

	for (c = parent; c; c = c->parent, depth++)
		if (c->nr_descendants >= c->max_descendants || depth > c->max_depth)
			return true;
	return false;
}

static struct cgroup *alloc_cgroup(struct cgroup *parent, const char *name, umode_t mode)
{
	struct cgroup *c = kzalloc(sizeof(*c), GFP_KERNEL);
	int i;

	if (!c)
		return NULL;
	c->name = kstrdup(name, GFP_KERNEL);
	if (!c->name) {
		kfree(c);
		return NULL;
	}
	refcount_set(&c->refs, 1);
	INIT_WORK(&c->free_work, free_cgroup);
	c->parent = parent;
	if (cgroup_cpu_create(c)) {
		kfree(c->name);
		kfree(c);
		return NULL;
	}
	c->level = parent->level + 1;
	c->uid = current_fsuid();
	c->gid = current_fsgid();
	c->mode = mode;
	INIT_LIST_HEAD(&c->children);
	INIT_LIST_HEAD(&c->attrs);
	c->dom = c;
	c->max_depth = c->max_descendants = INT_MAX;
	c->pids_max = LONG_MAX;
	cgroup_memory_reset(c, false);
	for (i = 0; i < NR_CGROUP_EVENTS; i++)
		init_waitqueue_head(&c->events[i].wait);
	return c;
}

/* [m] held: @c is in the tree from now on. */
static void link_cgroup(struct cgroup *c, struct cgroup *parent)
{
	struct cgroup *up;

	c->id = ++last_id;
	cgroup_get(parent);
	list_add_tail(&c->sibling, &parent->children);
	for (up = parent; up; up = up->parent)
		up->nr_descendants++;
	cgroup_update_controllers(parent);
	write_lock_irq(&tasklist_lock);
	c->freezers = parent->freezers;
	cgroup_update_frozen(c);
	write_unlock_irq(&tasklist_lock);
}

struct cgroup *cgroup_create(struct cgroup *parent, const char *name, umode_t mode)
{
	struct cgroup *c;
	int err;

	if (strchr(name, '\n'))
		return ERR_PTR(-EINVAL);	/* it would break the lines of /proc/<pid>/cgroup */
	c = alloc_cgroup(parent, name, mode);
	if (!c)
		return ERR_PTR(-ENOMEM);
	err = cgroup_lock_live(parent);
	if (!err) {
		if (hierarchy_is_full(parent))
			err = -EAGAIN;
		else
			link_cgroup(cgroup_get(c), parent);
		mutex_unlock(&cgroup_mutex);
	}
	if (!err)
		return c;
	cgroup_cpu_free(c);
	kfree(c->name);
	kfree(c);
	return ERR_PTR(err);
}

/* ---- removing -------------------------------------------------------------------------------- */

/* [m] held. */
static void unlink_cgroup(struct cgroup *c)
{
	struct cgroup *up;

	list_del_init(&c->sibling);
	cgroup_cpu_stop(c);
	for (up = c->parent; up; up = up->parent) {
		up->nr_descendants--;
		atomic_inc(&up->nr_dying);
	}
	write_lock_irq(&tasklist_lock);
	c->dead = true;
	write_unlock_irq(&tasklist_lock);
}

int cgroup_remove(struct cgroup *c)
{
	int err = cgroup_lock_live(c);

	if (err)
		return err;
	/* Nobody comes into an empty group but by attaching and CLONE_INTO_CGROUP, which take the mutex. */
	if (READ_ONCE(c->nr_subtree) || !list_empty(&c->children))
		err = -EBUSY;
	else
		unlink_cgroup(c);
	mutex_unlock(&cgroup_mutex);
	if (!err)
		cgroup_put(c);
	return err;
}

int cgroup_lock_live(struct cgroup *c)
{
	mutex_lock(&cgroup_mutex);
	if (!c->dead)
		return 0;
	mutex_unlock(&cgroup_mutex);
	return -ENODEV;
}

/* ---- finding --------------------------------------------------------------------------------- */

struct cgroup *cgroup_find_child(struct cgroup *c, const char *name, size_t len)
{
	struct cgroup *child, *found = NULL;

	mutex_lock(&cgroup_mutex);
	list_for_each_entry(child, &c->children, sibling) {
		if (strlen(child->name) == len && !memcmp(child->name, name, len)) {
			found = cgroup_get(child);
			break;
		}
	}
	mutex_unlock(&cgroup_mutex);
	return found;
}

struct cgroup *cgroup_next_child(struct cgroup *c, u64 id)
{
	struct cgroup *child, *found = NULL;

	mutex_lock(&cgroup_mutex);
	list_for_each_entry(child, &c->children, sibling) {
		if (child->id >= id) {
			found = cgroup_get(child);
			break;
		}
	}
	mutex_unlock(&cgroup_mutex);
	return found;
}

unsigned int cgroup_nr_children(struct cgroup *c)
{
	struct list_head *pos;
	unsigned int n = 0;

	mutex_lock(&cgroup_mutex);
	list_for_each(pos, &c->children)
		n++;
	mutex_unlock(&cgroup_mutex);
	return n;
}

struct cgroup *cgroup_next_descendant(struct cgroup *c, struct cgroup *top)
{
	if (!list_empty(&c->children))
		return list_first_entry(&c->children, struct cgroup, sibling);
	for (; c != top; c = c->parent)
		if (!list_is_last(&c->sibling, &c->parent->children))
			return list_next_entry(c, sibling);
	return NULL;
}

/* ---- naming ---------------------------------------------------------------------------------- */

static char *prepend(char *start, char *end, const char *name)
{
	size_t len = strlen(name);

	if (!end || (size_t)(end - start) < len + 1)
		return NULL;
	end -= len;
	memcpy(end, name, len);
	*--end = '/';
	return end;
}

char *cgroup_path(struct cgroup *c, struct cgroup *root, char *buf, size_t size)
{
	char *text = buf + size - 1;

	*text = '\0';
	if (c == root)
		return prepend(buf, text, "");
	for (; !cgroup_is_descendant(root, c); c = c->parent)
		text = prepend(buf, text, c->name);
	/* @c is above @root now, or @root itself. */
	for (; root != c; root = root->parent)
		text = prepend(buf, text, "..");
	return text;
}
