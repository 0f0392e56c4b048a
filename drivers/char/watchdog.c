// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/watchdog: opening it starts the watchdog, each write or WDIOC_KEEPALIVE starts it over; a
 * close stops it only when the last write held a 'V' ("magic close").  Locking: watchdog_mutex
 * covers all state.
 */
#include <drivers/char/char.h>
#include <drivers/char/watchdog.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/locking/mutex.h>
#include <kernel/printk.h>
#include <asm/uaccess.h>
#include <linux/watchdog.h>

#define WATCHDOG_MINOR	130
#define DEFAULT_TIMEOUT	15

static const struct watchdog_ops *wdt;	/* [I] once set */
static DEFINE_MUTEX_RANK(watchdog_mutex, LOCK_RANK_DEVICE);
static bool is_open, may_stop;		/* [watchdog_mutex] */
static unsigned int timeout;		/* [watchdog_mutex] seconds */

static int watchdog_open(struct inode *inode, struct file *file)
{
	int error = -EBUSY;

	mutex_lock(&watchdog_mutex);
	if (!is_open) {
		is_open = true;
		may_stop = false;
		wdt->start(timeout);
		error = nonseekable_open(inode, file);
	}
	mutex_unlock(&watchdog_mutex);
	return error;
}

static int watchdog_release(struct inode *inode, struct file *file)
{
	mutex_lock(&watchdog_mutex);
	if (may_stop) {
		wdt->stop();
	} else {
		pr_crit("watchdog: closed without stopping, %u seconds to live\n", timeout);
		wdt->start(timeout);
	}
	is_open = false;
	mutex_unlock(&watchdog_mutex);
	return 0;
}

static void keep_alive(void)
{
	mutex_lock(&watchdog_mutex);
	wdt->start(timeout);
	mutex_unlock(&watchdog_mutex);
}

static ssize_t watchdog_write(struct kiocb *iocb, struct iov_iter *from)
{
	size_t n = iov_iter_count(from);
	bool magic = false;

	while (iov_iter_count(from)) {
		char buf[32];
		size_t got = copy_from_iter(buf, min(iov_iter_count(from), sizeof(buf)), from);

		if (!got)
			return -EFAULT;
		magic |= memchr(buf, 'V', got) != NULL;
	}
	mutex_lock(&watchdog_mutex);
	may_stop = magic;
	wdt->start(timeout);
	mutex_unlock(&watchdog_mutex);
	return n;
}

static int set_timeout(int __user *arg)
{
	int seconds;

	if (get_user(seconds, arg))
		return -EFAULT;
	if (seconds < 1 || (unsigned int)seconds > wdt->max_timeout)
		return -EINVAL;
	mutex_lock(&watchdog_mutex);
	timeout = seconds;
	wdt->start(timeout);
	mutex_unlock(&watchdog_mutex);
	return put_user(seconds, arg);
}

static int set_options(const int __user *arg)
{
	int options;

	if (get_user(options, arg))
		return -EFAULT;
	mutex_lock(&watchdog_mutex);
	if (options & WDIOS_DISABLECARD)
		wdt->stop();
	if (options & WDIOS_ENABLECARD)
		wdt->start(timeout);
	mutex_unlock(&watchdog_mutex);
	return options & (WDIOS_DISABLECARD | WDIOS_ENABLECARD) ? 0 : -EINVAL;
}

static int get_support(struct watchdog_info __user *arg)
{
	struct watchdog_info info = {
		.options = WDIOF_SETTIMEOUT | WDIOF_KEEPALIVEPING | WDIOF_MAGICCLOSE,
	};

	strscpy((char *)info.identity, wdt->identity, sizeof(info.identity));
	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static long watchdog_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	int __user *p = (int __user *)arg;

	switch (cmd) {
	case WDIOC_GETSUPPORT:
		return get_support((struct watchdog_info __user *)arg);
	case WDIOC_GETSTATUS:
	case WDIOC_GETBOOTSTATUS:
		return put_user(0, p);
	case WDIOC_SETOPTIONS:
		return set_options(p);
	case WDIOC_KEEPALIVE:
		keep_alive();
		return 0;
	case WDIOC_SETTIMEOUT:
		return set_timeout(p);
	case WDIOC_GETTIMEOUT:
		return put_user((int)READ_ONCE(timeout), p);
	case WDIOC_GETTIMELEFT:
		return wdt->time_left ? put_user((int)wdt->time_left(), p) : -EOPNOTSUPP;
	default:
		return -ENOTTY;
	}
}

static long watchdog_compat_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return watchdog_ioctl(file, cmd, (u32)arg);
}

static const struct file_operations watchdog_fops = {
	.open = watchdog_open,
	.release = watchdog_release,
	.write_iter = watchdog_write,
	.unlocked_ioctl = watchdog_ioctl,
	.compat_ioctl = watchdog_compat_ioctl,
	.llseek = no_llseek,
};

static struct miscdevice watchdog_misc = {
	.minor = WATCHDOG_MINOR,
	.name = "watchdog",
	.fops = &watchdog_fops,
};

int watchdog_register(const struct watchdog_ops *ops)
{
	if (wdt)
		return -EBUSY;
	wdt = ops;
	timeout = min(ops->max_timeout, (unsigned int)DEFAULT_TIMEOUT);
	return misc_register(&watchdog_misc);
}
