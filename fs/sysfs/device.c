// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices under /sys: where each one's directory is, and the symlinks that lead there.
 *
 *	devices/<bus>/<dev>		a bus device without a parent
 *	devices/virtual/<class>/<dev>	a class device without a parent
 *	<parent>/<class>/<dev>		a class device of a device
 *	<parent>/<dev>			a bus device's child on a bus, a partition of a disk
 *
 * A class device may be made while its parent is being probed, before that is registered itself:
 * then the parent's directory is made for it, and filled when the parent comes.
 *
 * Locking: sysfs_mutex for everything here.
 */
#include <fs/sysfs/internal.h>

#include <drivers/base/device.h>
#include <drivers/base/driver.h>
#include <drivers/base/of.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <mm/slab.h>

#define PATH_TEXT	256
#define MAX_LINKS	6

struct sysfs_device {
	struct list_head	list;		/* [t] */
	struct device		*dev;		/* [I] reference */
	struct sysfs_node	*dir;		/* [t] */
	bool			filled;		/* [t] it is registered */
	unsigned int		nr_links;	/* [t] */
	struct sysfs_node	*links[MAX_LINKS]; /* [t] elsewhere in the tree */
};
static LIST_HEAD(sysfs_devices);

/* ---- directories --------------------------------------------------------------------------- */

/* "net/tun" of class misc is called tun, as on Linux. */
static const char *device_base_name(const struct device *dev)
{
	const char *slash = strrchr(dev->name, '/');

	return slash ? slash + 1 : dev->name;
}

static struct sysfs_device *find_record(const struct device *dev)
{
	struct sysfs_device *d;

	list_for_each_entry(d, &sysfs_devices, list) {
		if (d->dev == dev)
			return d;
	}
	return NULL;
}

static struct sysfs_device *get_record(struct device *dev);

static struct sysfs_node *make_device_dir(struct device *dev)
{
	struct device *parent = dev->parent;
	struct sysfs_device *above = parent ? get_record(parent) : NULL;
	char path[PATH_TEXT];
	struct sysfs_node *dir;

	if (above) {
		dir = above->dir;
		if (dev->class && !(parent->class && !strcmp(parent->class, dev->class)))
			dir = sysfs_mkdir(dir, dev->class);
	} else {
		snprintf(path, sizeof(path), dev->class ? "devices/virtual/%s" : "devices/%s",
			 dev->class ? dev->class : dev->bus ? dev->bus : "system");
		dir = sysfs_make_path(path);
	}
	return sysfs_mkdir(dir, device_base_name(dev));
}

/* Of any device, registered or not yet. NULL: no memory. */
static struct sysfs_device *get_record(struct device *dev)
{
	struct sysfs_device *d = find_record(dev);

	if (d)
		return d;
	d = kzalloc(sizeof(*d), GFP_KERNEL);
	if (!d)
		return NULL;
	d->dir = make_device_dir(dev);
	if (!d->dir) {
		kfree(d);
		return NULL;
	}
	d->dev = get_device(dev);
	list_add_tail(&d->list, &sysfs_devices);
	return d;
}

/* ---- symlinks ------------------------------------------------------------------------------ */

/* A link to the device from elsewhere, which has to go with it. */
static void link_to_device(struct sysfs_device *d, const char *dir, const char *name)
{
	char path[PATH_TEXT];
	struct sysfs_node *link;

	sysfs_path(d->dir, path, sizeof(path));
	link = sysfs_add_link(sysfs_make_path(dir), name, path);
	if (link && d->nr_links < MAX_LINKS)
		d->links[d->nr_links++] = link;
}

static void link_devt(struct sysfs_device *d)
{
	const struct device *dev = d->dev;
	char name[32];

	if (!dev->devt)
		return;
	snprintf(name, sizeof(name), "%u:%u", MAJOR(dev->devt), MINOR(dev->devt));
	link_to_device(d, dev->is_block ? "dev/block" : "dev/char", name);
}

static void link_class(struct sysfs_device *d)
{
	const struct device *dev = d->dev;
	const struct sysfs_device *above = dev->parent ? find_record(dev->parent) : NULL;
	char path[PATH_TEXT];

	if (!dev->class)
		return;
	snprintf(path, sizeof(path), "class/%s", dev->class);
	link_to_device(d, path, device_base_name(dev));
	sysfs_add_link(d->dir, "subsystem", path);
	if (sysfs_is_disk(dev))
		link_to_device(d, "block", device_base_name(dev));
	if (above && !(dev->parent->class && !strcmp(dev->parent->class, dev->class))) {
		sysfs_path(above->dir, path, sizeof(path));
		sysfs_add_link(d->dir, "device", path);
	}
}

static void link_bus(struct sysfs_device *d)
{
	const struct device *dev = d->dev;
	char path[PATH_TEXT];

	if (!dev->bus || dev->class)
		return;
	snprintf(path, sizeof(path), "bus/%s/devices", dev->bus);
	link_to_device(d, path, dev->name);
	snprintf(path, sizeof(path), "bus/%s", dev->bus);
	sysfs_add_link(d->dir, "subsystem", path);
	if (!dev->driver)
		return;
	snprintf(path, sizeof(path), "bus/%s/drivers/%s", dev->bus, dev->driver->name);
	link_to_device(d, path, dev->name);
	sysfs_add_link(d->dir, "driver", path);
}

static void link_of_node(struct sysfs_device *d)
{
	char path[PATH_TEXT] = OF_BASE_PATH;
	const struct device_node *np = d->dev->of_node;

	if (!np || d->dev->class)
		return;
	of_full_path(np, path + strlen(path), sizeof(path) - strlen(path));
	sysfs_add_link(d->dir, "of_node", path);
}

/* ---- devices come and go ------------------------------------------------------------------- */

static void device_added(struct device *dev)
{
	struct sysfs_device *d;

	mutex_lock(&sysfs_mutex);
	d = get_record(dev);
	if (d && !d->filled) {
		d->filled = true;
		sysfs_add_device_files(d->dir, dev);
		link_class(d);
		link_bus(d);
		link_devt(d);
		link_of_node(d);
	}
	mutex_unlock(&sysfs_mutex);
}

/* What is below goes too: its devices' records keep no pointers to nodes that are gone. */
static void forget_below(struct sysfs_node *dir, struct list_head *records)
{
	struct sysfs_device *d, *next;

	list_for_each_entry_safe(d, next, &sysfs_devices, list) {
		struct sysfs_node *n = d->dir;

		while (n && n != dir)
			n = n->parent;
		if (n)
			list_move_tail(&d->list, records);
	}
}

static void unlink_record(struct sysfs_device *d, struct list_head *victims)
{
	while (d->nr_links)
		sysfs_unlink(d->links[--d->nr_links], victims);
}

static void device_removed(struct device *dev)
{
	struct sysfs_device *d;
	LIST_HEAD(victims);
	LIST_HEAD(records);

	mutex_lock(&sysfs_mutex);
	d = find_record(dev);
	if (d) {
		struct sysfs_node *dir = d->dir;

		forget_below(dir, &records);
		list_for_each_entry(d, &records, list)
			unlink_record(d, &victims);
		sysfs_unlink(dir, &victims);
	}
	mutex_unlock(&sysfs_mutex);
	sysfs_release(&victims);
	while ((d = list_first_entry_or_null(&records, struct sysfs_device, list))) {
		list_del(&d->list);
		put_device(d->dev);
		kfree(d);
	}
}

static struct device_notifier notifier = { .added = device_added, .removed = device_removed };

void sysfs_device_init(void)
{
	device_register_notifier(&notifier);
}
