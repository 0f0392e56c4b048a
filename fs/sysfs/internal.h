/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of sysfs share: the tree of nodes, which is made when devices come, and how it is
 * shown.
 *
 * Locks:  [I] immutable while linked   [a] atomic   [t] sysfs_mutex
 * A node is counted: one reference for being linked, one for each inode.  Its show and store
 * functions are called between sysfs_get_active() and sysfs_put_active(), without the mutex;
 * unlinking waits for them.
 */
#pragma once

#include <fs/sysfs/sysfs.h>
#include <fs/vfs.h>
#include <kernel/lib/refcount.h>

struct device;
struct device_attribute;
struct device_node;
struct sysfs_node;

#define SYSFS_TEXT_MAX	PAGE_SIZE	/* longest text of a file */

struct sysfs_attr {
	const char	*name;
	umode_t		mode;
	/* The whole text into @buf; its length or -errno. */
	ssize_t		(*show)(struct sysfs_node *n, char *buf, size_t size);
};

struct sysfs_node {
	char			*name;		/* [I] */
	umode_t			mode;		/* [I] */
	u64			ino;		/* [I] grows with time: position in its directory */
	refcount_t		refs;		/* [a] */
	atomic_t		active;		/* [a] calls under way; negative: unlinked */
	struct sysfs_node	*parent;	/* [t] NULL: root, or unlinked */
	struct list_head	children;	/* [t] by ino */
	struct list_head	sibling;	/* [t] */
	char			*target;	/* [I] symlink: text */
	const struct sysfs_attr	*attr;		/* [I] file of sysfs */
	const struct device_attribute *dev_attr; /* [I] file of a driver */
	struct device		*dev;		/* [I] reference, or NULL */
	unsigned int		number;		/* [I] of a CPU */
	struct device_node	*of_dir;	/* [I] directory that of.c shows */
	const struct file_operations *fops;	/* [I] file that is not text */
	loff_t			size;		/* [I] of it */
};
extern struct sysfs_node sysfs_root;
extern struct mutex sysfs_mutex;

/* node.c; all of these: [t] held. NULL: no memory. */
struct sysfs_node *sysfs_find(struct sysfs_node *dir, const char *name, size_t len);
struct sysfs_node *sysfs_mkdir(struct sysfs_node *dir, const char *name); /* or what is there */
struct sysfs_node *sysfs_make_path(const char *path);			/* "class/tty" */
struct sysfs_node *sysfs_add_file(struct sysfs_node *dir, const struct sysfs_attr *attr,
				  struct device *dev, unsigned int number);
struct sysfs_node *sysfs_add_device_file(struct sysfs_node *dir,
					 const struct device_attribute *attr, struct device *dev);
struct sysfs_node *sysfs_add_raw_file(struct sysfs_node *dir, const char *name, umode_t mode,
				      loff_t size, const struct file_operations *fops);
struct sysfs_node *sysfs_add_link(struct sysfs_node *dir, const char *name, const char *path);
/* From the root, without a slash at the beginning. */
void sysfs_path(const struct sysfs_node *n, char *buf, size_t size);
/* Take @n and all below it out of the tree, into @victims: for sysfs_release(), unlocked. */
void sysfs_unlink(struct sysfs_node *n, struct list_head *victims);
/* No locks held: waits until nobody calls the victims' functions, and drops them. */
void sysfs_release(struct list_head *victims);
bool sysfs_get_active(struct sysfs_node *n);	/* false: it is gone */
void sysfs_put_active(struct sysfs_node *n);
struct sysfs_node *sysfs_get(struct sysfs_node *n);
void sysfs_put(struct sysfs_node *n);		/* NULL is fine */

/* of.c: the device tree; not made of nodes, but looked up as it is asked for. */
#define OF_BASE_PATH	"firmware/devicetree/base"
struct inode *sysfs_of_dir_inode(struct super_block *sb, struct device_node *np);
void sysfs_of_init(void);			/* [t] held */

/* device_attr.c, block.c, system.c. [t] held. */
void sysfs_add_device_files(struct sysfs_node *dir, struct device *dev);
void sysfs_add_block_files(struct sysfs_node *dir, struct device *dev);
int sysfs_block_uevent(const struct device *dev, char *buf, size_t size);	/* DEVTYPE=... */
bool sysfs_is_disk(const struct device *dev);		/* a whole disk, not a partition */
void sysfs_system_init(void);
void sysfs_device_init(void);
