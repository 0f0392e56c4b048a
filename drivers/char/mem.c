// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/null, /dev/zero, /dev/full, and the nodes of the other devices with major 1 (kmsg.c,
 * random_dev.c). /dev/mem and /dev/port are not built.  No state, no locks.
 */
#include <drivers/char/char.h>
#include <kernel/lib/err.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <mm/mm.h>
#include <mm/shmem.h>
#include <asm/uaccess.h>

static ssize_t null_read(struct kiocb *iocb, struct iov_iter *to)
{
	return 0;
}

static ssize_t null_write(struct kiocb *iocb, struct iov_iter *from)
{
	size_t n = iov_iter_count(from);

	iov_iter_advance(from, n);
	return n;
}

static loff_t null_llseek(struct file *file, loff_t off, int whence)
{
	return file->f_pos = 0;
}

/* In pieces, so that a huge read can be interrupted. */
static ssize_t zero_read(struct kiocb *iocb, struct iov_iter *to)
{
	size_t done = 0;

	while (iov_iter_count(to)) {
		size_t chunk = min_t(size_t, iov_iter_count(to), PAGE_SIZE);
		size_t n = iov_iter_zero(chunk, to);

		done += n;
		if (n < chunk)
			return done ? (ssize_t)done : -EFAULT;
		if (signal_pending(current))
			return done;
		cond_resched();
	}
	return done;
}

/*
 * The same for read(2), without an iterator (411 -> 320 instructions for a byte).
 */
static ssize_t zero_read_user(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	size_t done = 0;

	while (done < count) {
		size_t chunk = min_t(size_t, count - done, PAGE_SIZE);
		size_t left = clear_user(buf + done, chunk);

		done += chunk - left;
		if (unlikely(left))
			return done ? (ssize_t)done : -EFAULT;
		if (done == count || signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

static ssize_t full_write(struct kiocb *iocb, struct iov_iter *from)
{
	return -ENOSPC;
}

/* A private mapping is anonymous memory; a shared one gets an object of its own. */
static int zero_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_SHARED)
		return shmem_zero_setup(vma);
	vma->vm_ops = NULL;
	return 0;
}

static const struct file_operations null_fops = {
	.llseek = null_llseek,
	.read_iter = null_read,
	.write_iter = null_write,
};
static const struct file_operations zero_fops = {
	.llseek = null_llseek,
	.read = zero_read_user,
	.read_iter = zero_read,
	.write_iter = null_write,
	.mmap = zero_mmap,
};
static const struct file_operations full_fops = {
	.llseek = null_llseek,
	.read = zero_read_user,
	.read_iter = zero_read,
	.write_iter = full_write,
};

static const struct {
	unsigned int		minor;
	const char		*name;
	umode_t			mode;
	const struct file_operations *fops;
} mem_devices[] = {
	{ 3, "null", 0666, &null_fops },
	{ 5, "zero", 0666, &zero_fops },
	{ 7, "full", 0666, &full_fops },
	{ 8, "random", 0666, &random_fops },
	{ 9, "urandom", 0666, &urandom_fops },
	{ 11, "kmsg", 0644, &kmsg_fops },
};

void mem_init_devices(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(mem_devices); i++) {
		struct device *dev;

		if (register_chrdev(MEM_MAJOR, mem_devices[i].minor, 1, "mem",
				    mem_devices[i].fops)) {
			pr_err("mem: cannot register /dev/%s\n", mem_devices[i].name);
			continue;
		}
		dev = device_create("mem", NULL, MKDEV(MEM_MAJOR, mem_devices[i].minor),
				    mem_devices[i].mode, NULL, "%s", mem_devices[i].name);
		if (IS_ERR(dev))
			pr_err("mem: no node for /dev/%s\n", mem_devices[i].name);
	}
}
