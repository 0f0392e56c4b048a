// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tree of sysfs: directories, files and symlinks that stand for devices.
 *
 * Locking: sysfs_mutex for the shape of the tree.  A file's functions run without it, counted in
 * node->active, so that what they show may go only when they are done.
 */
#include <fs/sysfs/internal.h>

#include <drivers/base/device.h>
#include <kernel/lib/string.h>
#include <kernel/sched/wait.h>
#include <mm/slab.h>

#define UNLINKED	INT_MIN		/* added to active */

DEFINE_MUTEX(sysfs_mutex);
static DECLARE_WAIT_QUEUE_HEAD(inactive_wait);
static u64 next_ino = 2;		/* [t] */

struct sysfs_node sysfs_root = {
	.name = "", .mode = S_IFDIR | 0555, .ino = 1,
	.refs = REFCOUNT_INIT(1),
	.children = LIST_HEAD_INIT(sysfs_root.children),
	.sibling = LIST_HEAD_INIT(sysfs_root.sibling),
};

struct sysfs_node *sysfs_get(struct sysfs_node *n)
{
	refcount_inc(&n->refs);
	return n;
}

void sysfs_put(struct sysfs_node *n)
{
	if (!n || !refcount_dec_and_test(&n->refs))
		return;
	put_device(n->dev);
	kfree(n->target);
	kfree(n->name);
	kfree(n);
}

bool sysfs_get_active(struct sysfs_node *n)
{
	if (atomic_inc_return(&n->active) > 0)
		return true;
	sysfs_put_active(n);
	return false;
}

void sysfs_put_active(struct sysfs_node *n)
{
	if (atomic_dec_return(&n->active) == UNLINKED)
		wake_up_all(&inactive_wait);
}

/* ---- making -------------------------------------------------------------------------------- */

struct sysfs_node *sysfs_find(struct sysfs_node *dir, const char *name, size_t len)
{
	struct sysfs_node *n;

	list_for_each_entry(n, &dir->children, sibling) {
		if (strlen(n->name) == len && !memcmp(n->name, name, len))
			return n;
	}
	return NULL;
}

/* NULL also when the name is taken: the first one stays. */
static struct sysfs_node *add_node(struct sysfs_node *dir, const char *name, umode_t mode,
				   struct device *dev)
{
	struct sysfs_node *n;

	if (!dir || sysfs_find(dir, name, strlen(name)))
		return NULL;
	n = kzalloc(sizeof(*n), GFP_KERNEL);
	if (!n)
		return NULL;
	n->name = kstrdup(name, GFP_KERNEL);
	if (!n->name) {
		kfree(n);
		return NULL;
	}
	n->mode = mode;
	n->ino = next_ino++;
	refcount_set(&n->refs, 1);
	INIT_LIST_HEAD(&n->children);
	n->dev = get_device(dev);
	n->parent = dir;
	list_add_tail(&n->sibling, &dir->children);
	return n;
}

struct sysfs_node *sysfs_mkdir(struct sysfs_node *dir, const char *name)
{
	struct sysfs_node *n = dir ? sysfs_find(dir, name, strlen(name)) : NULL;

	return n ? n : add_node(dir, name, S_IFDIR | 0555, NULL);
}

struct sysfs_node *sysfs_make_path(const char *path)
{
	struct sysfs_node *dir = &sysfs_root;
	char name[64];

	while (dir && *path) {
		size_t len = strchrnul(path, '/') - path;

		strscpy(name, path, min(len + 1, sizeof(name)));
		dir = sysfs_mkdir(dir, name);
		path += len;
		while (*path == '/')
			path++;
	}
	return dir;
}

struct sysfs_node *sysfs_add_file(struct sysfs_node *dir, const struct sysfs_attr *attr,
				  struct device *dev, unsigned int number)
{
	struct sysfs_node *n = add_node(dir, attr->name, S_IFREG | attr->mode, dev);

	if (n) {
		n->attr = attr;
		n->number = number;
	}
	return n;
}

struct sysfs_node *sysfs_add_device_file(struct sysfs_node *dir,
					 const struct device_attribute *attr, struct device *dev)
{
	struct sysfs_node *n = add_node(dir, attr->name, S_IFREG | attr->mode, dev);

	if (n)
		n->dev_attr = attr;
	return n;
}

struct sysfs_node *sysfs_add_raw_file(struct sysfs_node *dir, const char *name, umode_t mode,
				      loff_t size, const struct file_operations *fops)
{
	struct sysfs_node *n = add_node(dir, name, S_IFREG | mode, NULL);

	if (n) {
		n->size = size;
		n->fops = fops;
	}
	return n;
}

/* ---- symlinks ------------------------------------------------------------------------------ */

void sysfs_path(const struct sysfs_node *n, char *buf, size_t size)
{
	if (!n->parent) {
		buf[0] = '\0';
		return;
	}
	sysfs_path(n->parent, buf, size);
	if (buf[0])
		strlcat(buf, "/", size);
	strlcat(buf, n->name, size);
}

/* Relative, as Linux's: up from the link's directory to the root, and down @path. */
struct sysfs_node *sysfs_add_link(struct sysfs_node *dir, const char *name, const char *path)
{
	struct sysfs_node *n = add_node(dir, name, S_IFLNK | 0777, NULL), *up;
	size_t size = strlen(path) + 1;

	if (!n)
		return NULL;
	for (up = dir; up->parent; up = up->parent)
		size += 3;
	n->target = kzalloc(size, GFP_KERNEL);
	if (!n->target) {
		list_del(&n->sibling);
		sysfs_put(n);
		return NULL;
	}
	for (up = dir; up->parent; up = up->parent)
		strlcat(n->target, "../", size);
	strlcat(n->target, path, size);
	return n;
}

/* ---- unlinking ----------------------------------------------------------------------------- */

void sysfs_unlink(struct sysfs_node *n, struct list_head *victims)
{
	struct sysfs_node *child;

	while ((child = list_first_entry_or_null(&n->children, struct sysfs_node, sibling)))
		sysfs_unlink(child, victims);
	n->parent = NULL;
	list_move_tail(&n->sibling, victims);
	atomic_add(UNLINKED, &n->active);
	smp_mb__after_atomic();
}

void sysfs_release(struct list_head *victims)
{
	struct sysfs_node *n;

	while ((n = list_first_entry_or_null(victims, struct sysfs_node, sibling))) {
		wait_event(inactive_wait, atomic_read(&n->active) == UNLINKED);
		list_del_init(&n->sibling);
		sysfs_put(n);
	}
}
