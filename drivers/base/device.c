// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry of devices.  Interface: device.h.
 *
 * Locks: device_lock (a spin lock) guards the lists of devices and of notifiers, and
 * `registered`.  Notifiers are called without it, so that they may create nodes and register more
 * devices.
 */
#include <drivers/base/device.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/locking/spinlock.h>
#include <mm/slab.h>

static DEFINE_SPINLOCK_RANK(device_lock, LOCK_RANK_OBJECT);
static LIST_HEAD(device_list);		/* [device_lock] */
static LIST_HEAD(notifier_list);	/* [device_lock] to change; entries never leave */

void device_initialize(struct device *dev)
{
	refcount_set(&dev->refs, 1);
	INIT_LIST_HEAD(&dev->list);
}

void device_set_name(struct device *dev, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(dev->name, sizeof(dev->name), fmt, args);
	va_end(args);
}

void put_device(struct device *dev)
{
	struct device *parent;

	if (!dev || !refcount_dec_and_test(&dev->refs))
		return;
	parent = dev->parent;
	if (dev->release)
		dev->release(dev);
	put_device(parent);
}

static bool same_name_space(const struct device *a, const struct device *b)
{
	const char *space_a = a->class ? a->class : a->bus;
	const char *space_b = b->class ? b->class : b->bus;

	return space_a && space_b && !strcmp(space_a, space_b);
}

static int add_to_list(struct device *dev)
{
	struct device *other;

	list_for_each_entry(other, &device_list, list)
		if (same_name_space(dev, other) && !strcmp(dev->name, other->name))
			return -EEXIST;
	list_add_tail(&dev->list, &device_list);
	dev->registered = true;
	return 0;
}

/* The notifier after @n; entries never leave, so the pointer stays good without the lock. */
static struct device_notifier *next_notifier(struct device_notifier *n)
{
	struct list_head *next;

	spin_lock(&device_lock);
	next = n ? n->list.next : notifier_list.next;
	spin_unlock(&device_lock);
	return next == &notifier_list ? NULL : list_entry(next, struct device_notifier, list);
}

int device_register(struct device *dev)
{
	struct device_notifier *n;
	int error;

	get_device(dev);
	get_device(dev->parent);
	spin_lock(&device_lock);
	error = add_to_list(dev);
	spin_unlock(&device_lock);
	if (error) {
		put_device(dev->parent);
		dev->parent = NULL;
		refcount_dec(&dev->refs);
		return error;
	}
	for (n = next_notifier(NULL); n; n = next_notifier(n))
		if (n->added)
			n->added(dev);
	return 0;
}

void device_unregister(struct device *dev)
{
	struct device_notifier *n;
	bool was;

	spin_lock(&device_lock);
	was = dev->registered;
	dev->registered = false;
	if (was)
		list_del_init(&dev->list);
	spin_unlock(&device_lock);
	if (!was)
		return;
	for (n = next_notifier(NULL); n; n = next_notifier(n))
		if (n->removed)
			n->removed(dev);
	put_device(dev);
}

void device_register_notifier(struct device_notifier *n)
{
	struct device *dev;

	spin_lock(&device_lock);
	list_add_tail(&n->list, &notifier_list);
	spin_unlock(&device_lock);
	if (!n->added)
		return;
	for_each_device(dev)
		n->added(dev);
}

struct device *device_next(struct device *prev)
{
	struct list_head *next = NULL;
	struct device *dev = NULL;

	spin_lock(&device_lock);
	if (!prev)
		next = device_list.next;
	else if (prev->registered)
		next = prev->list.next;
	if (next && next != &device_list)
		dev = get_device(list_entry(next, struct device, list));
	spin_unlock(&device_lock);
	put_device(prev);
	return dev;
}

int device_for_each(int (*fn)(struct device *dev, void *data), void *data)
{
	struct device *dev;
	int ret;

	for_each_device(dev) {
		ret = fn(dev, data);
		if (ret) {
			put_device(dev);
			return ret;
		}
	}
	return 0;
}

struct device *device_find_devt(dev_t devt, bool is_block)
{
	struct device *dev;

	spin_lock(&device_lock);
	list_for_each_entry(dev, &device_list, list) {
		if (dev->devt == devt && devt && dev->is_block == is_block) {
			get_device(dev);
			spin_unlock(&device_lock);
			return dev;
		}
	}
	spin_unlock(&device_lock);
	return NULL;
}

/* ---- class devices without a structure around them ----------------------------------------- */

static void release_created(struct device *dev)
{
	kfree(dev);
}

struct device *device_create(const char *class, struct device *parent, dev_t devt, umode_t mode,
			     void *driver_data, const char *fmt, ...)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	va_list args;
	int error;

	if (!dev)
		return ERR_PTR(-ENOMEM);
	device_initialize(dev);
	dev->class = class;
	dev->parent = parent;
	dev->devt = devt;
	dev->mode = mode;
	dev->driver_data = driver_data;
	dev->release = release_created;
	va_start(args, fmt);
	vsnprintf(dev->name, sizeof(dev->name), fmt, args);
	va_end(args);
	error = device_register(dev);
	if (error) {
		put_device(dev);
		return ERR_PTR(error);
	}
	return dev;
}

void device_destroy(struct device *dev)
{
	device_unregister(dev);
	put_device(dev);
}
