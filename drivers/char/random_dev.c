// SPDX-License-Identifier: GPL-2.0-only
/* /dev/random and /dev/urandom: the pool of kernel/random.c as files. */
#include <drivers/char/char.h>
#include <fs/poll.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/random.h>
#include <kernel/sched/wait.h>
#include <kernel/uapi.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define MAX_SEED	(16 * 1024)	/* of RNDADDENTROPY */

static ssize_t random_dev_read(struct file *file, char __user *buf, size_t n, loff_t *pos)
{
	return random_read(buf, n, file->f_flags & O_NONBLOCK);
}

static ssize_t urandom_dev_read(struct file *file, char __user *buf, size_t n, loff_t *pos)
{
	return urandom_read(buf, n);
}

static ssize_t random_dev_write(struct file *file, const char __user *buf, size_t n, loff_t *pos)
{
	return random_write(buf, n);
}

static __poll_t random_dev_poll(struct file *file, poll_table *wait)
{
	poll_wait(file, &random_wait, wait);
	return random_poll_mask();
}

/* RNDADDENTROPY: { bits, bytes, data }. */
static int add_entropy(int __user *arg)
{
	int bits, size;
	void *data;
	int error = 0;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (get_user(bits, arg) || get_user(size, arg + 1))
		return -EFAULT;
	if (bits < 0 || size < 0 || size > MAX_SEED)
		return -EINVAL;
	data = kmalloc(size, GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	if (copy_from_user(data, arg + 2, size))
		error = -EFAULT;
	else
		add_hwgenerator_randomness(data, size, min(bits, size * 8));
	kfree(data);
	return error;
}

static int credit_entropy(const int __user *arg)
{
	int bits;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (get_user(bits, arg))
		return -EFAULT;
	if (bits < 0)
		return -EINVAL;
	add_hwgenerator_randomness(NULL, 0, bits);
	return 0;
}

static long random_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	int __user *p = (int __user *)arg;

	switch (cmd) {
	case RNDGETENTCNT:
		return put_user((int)random_entropy_avail(), p);
	case RNDADDTOENTCNT:
		return credit_entropy(p);
	case RNDADDENTROPY:
		return add_entropy(p);
	case RNDZAPENTCNT:
	case RNDCLEARPOOL:
	case RNDRESEEDCRNG:
		return capable(CAP_SYS_ADMIN) ? 0 : -EPERM;	/* nothing that could be cleared */
	default:
		return -EINVAL;
	}
}

static long random_compat_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return random_ioctl(file, cmd, (u32)arg);
}

const struct file_operations random_fops = {
	.read = random_dev_read,
	.write = random_dev_write,
	.poll = random_dev_poll,
	.unlocked_ioctl = random_ioctl,
	.compat_ioctl = random_compat_ioctl,
	.llseek = noop_llseek,
};
const struct file_operations urandom_fops = {
	.read = urandom_dev_read,
	.write = random_dev_write,
	.unlocked_ioctl = random_ioctl,
	.compat_ioctl = random_compat_ioctl,
	.llseek = noop_llseek,
};
