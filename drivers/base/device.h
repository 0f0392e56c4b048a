/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct device: everything the kernel drives or shows under /dev and /sys, and the one registry
 * of them.
 *
 * sysfs walks the registry, devtmpfs makes nodes: both learn of changes through a notifier.  A
 * device is counted; the registry holds one reference while it is registered.
 *
 * Locks:  [I] immutable after device_register()   [a] atomic   [d] device_lock (a spin lock)
 */
#pragma once

#include <kernel/lib/list.h>
#include <kernel/lib/refcount.h>
#include <kernel/lib/types.h>

struct device_node;
struct driver;
struct device;

#define DEVICE_NAME_LEN	40

/* A file in the device's sysfs directory; @show writes text (with newline), returns its length or
 * -errno. */
struct device_attribute {
	const char	*name;
	umode_t		mode;			/* 0444, 0644... */
	ssize_t		(*show)(struct device *dev, char *buf, size_t size);
	ssize_t		(*store)(struct device *dev, const char *buf, size_t count);
};

struct device {
	/* [I] "ttyAMA0", "vda1", "net/tun"; devices on a bus: "9000000.pl011" */
	char		name[DEVICE_NAME_LEN];
	const char	*class;			/* [I] "tty", "block" ...; NULL: on a bus only */
	const char	*bus;			/* [I] "platform" "virtio" "pci"; NULL: none */
	dev_t		devt;			/* [I] 0: no node in /dev */
	bool		is_block;		/* [I] kind of node */
	umode_t		mode;			/* [I] permissions of the node; 0: 0600 */
	uid_t		uid;			/* [I] owner of the node */
	gid_t		gid;
	struct device	*parent;		/* [I] counted; may be NULL */
	struct device_node *of_node;		/* [I] may be NULL */
	const struct driver *driver;		/* [I] who probed it; may be NULL */
	const char	*compatible;		/* [I] the string that matched; for probe() */
	void		*driver_data;		/* the driver's */
	const struct device_attribute *attrs;	/* [I] ends with a NULL name; may be NULL */
	/* [I] last reference went; NULL: static, stays */
	void		(*release)(struct device *dev);
	refcount_t	refs;			/* [a] */
	struct list_head list;			/* [d] */
	bool		registered;		/* [d] */
};

/* Zeroed or static memory in, one reference (the creator's). */
void device_initialize(struct device *dev);
void device_set_name(struct device *dev, const char *fmt, ...) __printf(2, 3);
/* Make it known: 0, -EEXIST (name taken in its class or bus; dev->parent is NULL then). May sleep
 * (notifiers). Takes its own reference on dev and on dev->parent. */
int __must_check device_register(struct device *dev);
void device_unregister(struct device *dev);		/* may sleep */
static inline struct device *get_device(struct device *dev)
{
	if (dev)
		refcount_inc(&dev->refs);
	return dev;
}
void put_device(struct device *dev);			/* NULL is fine */

/* Allocated, named, registered in one go: for class devices without state. ERR_PTR. */
struct device *device_create(const char *class, struct device *parent, dev_t devt, umode_t mode,
			     void *driver_data, const char *fmt, ...) __printf(6, 7);
void device_destroy(struct device *dev);		/* undoes device_create() */

/* Walk: the device after @prev (NULL: the first) with a reference; drops @prev's. NULL at the end.
 * A device that went while it was @prev ends the walk. Any process context. */
struct device *device_next(struct device *prev);
#define for_each_device(dev)	\
	for (dev = device_next(NULL); dev; dev = device_next(dev))
/* Calls fn for each until it returns non-zero; returns that. fn may sleep. */
int device_for_each(int (*fn)(struct device *dev, void *data), void *data);
/* The class device with this number, with a reference, or NULL. */
struct device *device_find_devt(dev_t devt, bool is_block);

/* Told of each device that comes (also of those that are there already) and goes, without locks
 * held, may sleep. Never unregistered. */
struct device_notifier {
	struct list_head	list;
	void			(*added)(struct device *dev);
	void			(*removed)(struct device *dev);
};
void device_register_notifier(struct device_notifier *n);
