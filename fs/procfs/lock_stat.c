// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/lock_stat of debug builds: how often each class of locks was taken, and contended.
 *
 * A line is "name rank acquired contended spins"; a class that nobody took since the last reset has
 * none.  Writing 0 resets, as on Linux, whose file of the same name counts more and looks
 * different.
 *
 * Locking: none; see kernel/locking/lockstat.c.
 */
#include <fs/procfs/internal.h>

#include <kernel/lib/string.h>
#include <kernel/locking/lockstat.h>
#include <asm/uaccess.h>

static int lock_stat_show(struct seq_file *m, void *v)
{
	struct lock_class_stat s;
	unsigned int n;

	seq_puts(m, "# name rank acquired contended spins\n");
	for (n = 0; lock_stat_nth(n, &s); n++)
		if (s.acquired || s.contended)
			seq_printf(m, "%s %u %lu %lu %lu\n", s.name, s.rank, s.acquired,
				   s.contended, s.spins);
	return 0;
}

static int lock_stat_open(struct inode *inode, struct file *file)
{
	return single_open(file, lock_stat_show, NULL);
}

static ssize_t lock_stat_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	char c;

	if (!count || get_user(c, buf))
		return count ? -EFAULT : 0;
	if (c != '0')
		return -EINVAL;
	lock_stat_reset();
	return count;
}

static const struct file_operations lock_stat_fops = {
	.open = lock_stat_open,
	.read_iter = seq_read_iter,
	.write = lock_stat_write,
	.llseek = seq_lseek,
	.release = single_release,
};

void proc_lock_stat_init(void)
{
	proc_create("lock_stat", 0600, NULL, &lock_stat_fops, NULL);
}
