// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of /proc that list drivers and devices: devices, misc, consoles, tty/drivers,
 * partitions, diskstats; and the directory net, where the network's rooms put theirs.
 *
 * Locking: the registry of devices locks itself.
 */
#include <fs/procfs/internal.h>

#include <drivers/base/device.h>
#include <drivers/base/driver.h>
#include <drivers/block/blk.h>
#include <drivers/tty/tty.h>
#include <drivers/tty/tty_driver.h>
#include <kernel/lib/bitmap.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/printk.h>
#include <mm/slab.h>

struct major_walk {
	struct seq_file	*m;
	unsigned long	seen[BITS_TO_LONGS(1 << (32 - MINORBITS))];
};

/* One line for each major: called after the driver of the first disk that has it. */
static int show_block_major(struct device *dev, void *data)
{
	const struct device *parent = dev->parent;
	struct major_walk *walk = data;
	unsigned int major = MAJOR(dev->devt);

	if (dev->is_block && dev->devt && !__test_and_set_bit(major, walk->seen))
		seq_printf(walk->m, "%3u %s\n", major,
			   parent && parent->driver ? parent->driver->name : dev->name);
	return 0;
}

static void show_devices(struct seq_file *m)
{
	struct major_walk *walk = kzalloc(sizeof(*walk), GFP_KERNEL);

	chrdev_show(m);
	seq_puts(m, "\nBlock devices:\n");
	if (walk) {
		walk->m = m;
		device_for_each(show_block_major, walk);
		kfree(walk);
	}
}

static int show_misc_device(struct device *dev, void *data)
{
	if (dev->class && !strcmp(dev->class, "misc") && dev->devt)
		seq_printf(data, "%3u %s\n", MINOR(dev->devt), dev->name);
	return 0;
}

static void show_misc(struct seq_file *m)
{
	device_for_each(show_misc_device, m);
}

static void show_console(struct seq_file *m, const struct console *con, unsigned int flags)
{
	struct tty_driver *driver;
	char name[sizeof(con->name) + 12];
	int index = 0;

	snprintf(name, sizeof(name), "%s%d", con->name, con->index);
	seq_printf(m, "%-20s %c%c%c (%c%c%c%c%c%c)", name, '-', con->write ? 'W' : '-', '-',
		   flags & CON_ENABLED ? 'E' : ' ', flags & CON_CONSDEV ? 'C' : ' ',
		   flags & CON_BOOT ? 'B' : ' ', flags & CON_PRINTBUFFER ? 'p' : ' ', ' ',
		   flags & CON_ANYTIME ? 'a' : ' ');
	driver = con->device ? con->device((struct console *)con, &index) : NULL;
	if (driver)
		seq_printf(m, " %4u:%u", driver->major, driver->minor_start + index);
	seq_putc(m, '\n');
}

static void show_consoles(struct seq_file *m)
{
	struct console *con;
	unsigned int n;

	for (n = 0; (con = console_nth(n)); n++)
		show_console(m, con, READ_ONCE(con->flags));
}

void proc_devices_init(void)
{
	struct proc_dir_entry *tty = proc_mkdir("tty", NULL);

	proc_create_text("consoles", 0444, NULL, show_consoles);
	proc_create_text("devices", 0444, NULL, show_devices);
	proc_create_text("diskstats", 0444, NULL, show_diskstats);
	proc_create_text("misc", 0444, NULL, show_misc);
	proc_create_text("partitions", 0444, NULL, show_partitions);
	if (tty)
		proc_create_text("drivers", 0444, tty, show_tty_drivers);
	proc_symlink("device-tree", NULL, "/sys/firmware/devicetree/base");
	proc_net_init();
}
