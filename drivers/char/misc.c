// SPDX-License-Identifier: GPL-2.0-only
/*
 * Miscellaneous character devices share major 10; each has one minor.
 * Locking: misc_mutex for the list; a device that is open must not be deregistered.
 */
#include <drivers/char/char.h>
#include <fs/seq_file.h>
#include <kernel/lib/err.h>
#include <kernel/locking/mutex.h>

#define DYNAMIC_FIRST	128
#define DYNAMIC_LAST	254

static DEFINE_MUTEX(misc_mutex);
static LIST_HEAD(misc_list);		/* [misc_mutex] */


static bool minor_taken(int minor)
{
	struct miscdevice *m;

	list_for_each_entry(m, &misc_list, list)
		if (m->minor == minor)
			return true;
	return false;
}

/* [misc_mutex] */
static int choose_minor(struct miscdevice *misc)
{
	if (misc->minor != MISC_DYNAMIC_MINOR)
		return minor_taken(misc->minor) ? -EBUSY : 0;
	for (int minor = DYNAMIC_FIRST; minor <= DYNAMIC_LAST; minor++) {
		if (!minor_taken(minor)) {
			misc->minor = minor;
			return 0;
		}
	}
	return -EBUSY;
}

int misc_register(struct miscdevice *misc)
{
	int error;

	mutex_lock(&misc_mutex);
	error = choose_minor(misc);
	if (!error)
		error = register_chrdev(MISC_MAJOR, misc->minor, 1, "misc", misc->fops);
	if (!error)
		list_add_tail(&misc->list, &misc_list);
	mutex_unlock(&misc_mutex);
	if (error)
		return error;
	misc->device = device_create("misc", misc->parent, MKDEV(MISC_MAJOR, misc->minor),
				     misc->mode, misc, "%s", misc->name);
	if (!IS_ERR(misc->device))
		return 0;
	error = PTR_ERR(misc->device);
	misc->device = NULL;
	misc_deregister(misc);
	return error;
}

void misc_deregister(struct miscdevice *misc)
{
	if (misc->device)
		device_destroy(misc->device);
	mutex_lock(&misc_mutex);
	list_del(&misc->list);
	unregister_chrdev(MISC_MAJOR, misc->minor, 1);
	mutex_unlock(&misc_mutex);
}

void show_misc(struct seq_file *m)
{
	struct miscdevice *misc;

	mutex_lock(&misc_mutex);
	list_for_each_entry(misc, &misc_list, list)
		seq_printf(m, "%3d %s\n", misc->minor, misc->name);
	mutex_unlock(&misc_mutex);
}
