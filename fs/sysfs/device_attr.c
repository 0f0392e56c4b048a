// SPDX-License-Identifier: GPL-2.0-only
/* The files of every device: dev, uevent, and those of its driver. Locking: see internal.h. */
#include <fs/sysfs/internal.h>

#include <drivers/base/device.h>
#include <drivers/base/driver.h>
#include <drivers/base/of.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>

static ssize_t show_dev(struct sysfs_node *n, char *buf, size_t size)
{
	return scnprintf(buf, size, "%u:%u\n", MAJOR(n->dev->devt), MINOR(n->dev->devt));
}

static int devt_uevent(const struct device *dev, char *buf, size_t size)
{
	int n;

	if (!dev->devt)
		return 0;
	n = scnprintf(buf, size, "MAJOR=%u\nMINOR=%u\nDEVNAME=%s\n", MAJOR(dev->devt),
		      MINOR(dev->devt), dev->name);
	if (dev->mode)
		n += scnprintf(buf + n, size - n, "DEVMODE=%#o\n", dev->mode & 0777);
	if (dev->uid)
		n += scnprintf(buf + n, size - n, "DEVUID=%u\n", dev->uid);
	if (dev->gid)
		n += scnprintf(buf + n, size - n, "DEVGID=%u\n", dev->gid);
	return n;
}

static int of_uevent(const struct device *dev, char *buf, size_t size)
{
	const struct device_node *np = dev->of_node;
	char path[256];
	const char *s;
	int n, i;

	if (!np || dev->class)
		return 0;
	of_full_path(np, path, sizeof(path));
	n = scnprintf(buf, size, "OF_NAME=%.*s\nOF_FULLNAME=%s\n",
		      (int)(strchrnul(np->name, '@') - np->name), np->name, path);
	for (i = 0; !of_property_read_string_index(np, "compatible", i, &s); i++)
		n += scnprintf(buf + n, size - n, "OF_COMPATIBLE_%d=%s\n", i, s);
	return n + scnprintf(buf + n, size - n, "OF_COMPATIBLE_N=%d\n", i);
}

static ssize_t show_uevent(struct sysfs_node *node, char *buf, size_t size)
{
	const struct device *dev = node->dev;
	int n = devt_uevent(dev, buf, size);

	if (dev->is_block)
		n += sysfs_block_uevent(dev, buf + n, size - n);
	if (dev->driver)
		n += scnprintf(buf + n, size - n, "DRIVER=%s\n", dev->driver->name);
	return n + of_uevent(dev, buf + n, size - n);
}

static const struct sysfs_attr dev_attr = { "dev", 0444, show_dev };
static const struct sysfs_attr uevent_attr = { "uevent", 0444, show_uevent };

void sysfs_add_device_files(struct sysfs_node *dir, struct device *dev)
{
	const struct device_attribute *attr;

	sysfs_add_file(dir, &uevent_attr, dev, 0);
	if (dev->devt)
		sysfs_add_file(dir, &dev_attr, dev, 0);
	for (attr = dev->attrs; attr && attr->name; attr++)
		sysfs_add_device_file(dir, attr, dev);
	if (dev->is_block)
		sysfs_add_block_files(dir, dev);
}
