// SPDX-License-Identifier: GPL-2.0-only
/*
 * Character devices: which driver has which device numbers.
 *
 * Interface: register_chrdev() of <fs/vfs.h>.  A driver registers a range of minors of one major with its
 * operations; opening a node puts those into the file and calls their open().  Drivers never leave while
 * files are open.  Locking: chrdev_lock (spin) for the ranges.
 */
#include <fs/internal.h>

#include <fs/seq_file.h>
#include <kernel/lib/string.h>

struct chrdev_range {
	struct list_head		list;		/* chrdev_lock; sorted by major and minor */
	unsigned int			major, baseminor, count;
	const struct file_operations	*fops;
	char				name[32];
};

static DEFINE_SPINLOCK(chrdev_lock);
static LIST_HEAD(chrdevs);

static bool ranges_overlap(const struct chrdev_range *a, const struct chrdev_range *b)
{
	return a->major == b->major && a->baseminor < b->baseminor + b->count &&
	       b->baseminor < a->baseminor + a->count;
}

static bool range_before(const struct chrdev_range *a, const struct chrdev_range *b)
{
	return a->major != b->major ? a->major < b->major : a->baseminor < b->baseminor;
}

static int insert_range(struct chrdev_range *r)
{
	struct chrdev_range *pos;

	list_for_each_entry(pos, &chrdevs, list)
		if (ranges_overlap(pos, r))
			return -EBUSY;
	list_for_each_entry(pos, &chrdevs, list)
		if (range_before(r, pos))
			break;
	list_add_tail(&r->list, &pos->list);
	return 0;
}

int register_chrdev(unsigned int major, unsigned int baseminor, unsigned int count, const char *name,
		    const struct file_operations *fops)
{
	struct chrdev_range *r;
	int err;

	if (!major || major >= (1U << (32 - MINORBITS)) || !count || baseminor + count - 1 > MINORMASK ||
	    baseminor + count < count)
		return -EINVAL;
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
	r->major = major;
	r->baseminor = baseminor;
	r->count = count;
	r->fops = fops;
	strscpy(r->name, name, sizeof(r->name));
	spin_lock(&chrdev_lock);
	err = insert_range(r);
	spin_unlock(&chrdev_lock);
	if (err)
		kfree(r);
	return err;
}

void unregister_chrdev(unsigned int major, unsigned int baseminor, unsigned int count)
{
	struct chrdev_range *r, *found = NULL;

	spin_lock(&chrdev_lock);
	list_for_each_entry(r, &chrdevs, list) {
		if (r->major == major && r->baseminor == baseminor && r->count == count) {
			list_del(&r->list);
			found = r;
			break;
		}
	}
	spin_unlock(&chrdev_lock);
	kfree(found);
}

static const struct file_operations *chrdev_fops(dev_t dev)
{
	const struct file_operations *fops = NULL;
	struct chrdev_range *r;

	spin_lock(&chrdev_lock);
	list_for_each_entry(r, &chrdevs, list) {
		if (r->major == MAJOR(dev) && MINOR(dev) - r->baseminor < r->count) {
			fops = r->fops;
			break;
		}
	}
	spin_unlock(&chrdev_lock);
	return fops;
}

static int chrdev_open(struct inode *inode, struct file *f)
{
	const struct file_operations *fops = chrdev_fops(inode->i_rdev);

	if (!fops)
		return -ENXIO;
	f->f_op = fops;
	return fops->open ? fops->open(inode, f) : 0;
}

const struct file_operations def_chr_fops = {
	.open	= chrdev_open,
	.llseek	= noop_llseek,
};

/* The character half of /proc/devices. */
void chrdev_show(struct seq_file *m)
{
	struct chrdev_range *r;
	unsigned int last = 0;

	seq_puts(m, "Character devices:\n");
	spin_lock(&chrdev_lock);
	list_for_each_entry(r, &chrdevs, list) {
		if (r->major != last)
			seq_printf(m, "%3u %s\n", r->major, r->name);
		last = r->major;
	}
	spin_unlock(&chrdev_lock);
}
