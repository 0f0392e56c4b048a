/* SPDX-License-Identifier: GPL-2.0-only */
/* Character devices of the kernel itself, and the registry of miscellaneous ones (major 10). */
#pragma once

#include <drivers/base/device.h>
#include <fs/vfs.h>

/* Major 1, "mem": /dev/null and its kin. From drivers_init(). */
void mem_init_devices(void);
extern const struct file_operations kmsg_fops, random_fops, urandom_fops;

/* Major 10. */
#define MISC_DYNAMIC_MINOR	255
struct miscdevice {
	int			minor;		/* or MISC_DYNAMIC_MINOR: set by misc_register() */
	const char		*name;
	const struct file_operations *fops;
	umode_t			mode;		/* of the node; 0: 0600 */
	struct device		*parent;
	struct device		*device;	/* [I] after misc_register() */
	struct list_head	list;
};
int __must_check misc_register(struct miscdevice *misc);	/* -EBUSY, -ENOMEM; may sleep */
void misc_deregister(struct miscdevice *misc);
struct seq_file;
void show_misc(struct seq_file *m);		/* /proc/misc */

/* A hardware random number generator: read() fills at most @n bytes, waits if @wait, and may
 * sleep. */
struct hwrng {
	const char	*name;
	ssize_t		(*read)(struct hwrng *rng, void *buf, size_t n, bool wait);
	unsigned int	quality;	/* entropy bits per 1024 bits of output */
	void		*priv;
	struct list_head list;
};
int __must_check hwrng_register(struct hwrng *rng);	/* starts feeding the pool from it */
