// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arm PrimeCell real-time clock PL031 (Arm DDI 0224): seconds since 1970 in one register, which
 * set the kernel's clock at boot.  /dev/rtc0 reads and sets it.  Locking: single register
 * accesses need none.
 */
#include <drivers/base/driver.h>
#include <drivers/char/char.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>
#include <kernel/printk.h>
#include <kernel/time/timekeeping.h>
#include <asm/io.h>
#include <asm/uaccess.h>
#include <linux/rtc.h>

#define RTC_DR		0x00
#define RTC_LR		0x08

#define SECS_PER_DAY	86400

static void __iomem *rtc_base;		/* [I] after probe */

/* Days since 1970-01-01 of a date; months from 1. Counting years from March puts the leap day
 * last. */
static s64 days_from_date(int year, int month, int day)
{
	int y = month > 2 ? year : year - 1;
	int era_year = y - 1600;	/* a multiple of 400 before any date we meet */
	int month_from_march = (month + 9) % 12;
	s64 days = (s64)era_year * 365 + era_year / 4 - era_year / 100 + era_year / 400;

	days += (153 * month_from_march + 2) / 5 + day - 1;
	return days - 135080;		/* 1600-03-01 to 1970-01-01 */
}

static void date_from_seconds(u32 seconds, struct rtc_time *tm)
{
	u32 days = seconds / SECS_PER_DAY, rest = seconds % SECS_PER_DAY;
	int year = 1970, month = 1;

	*tm = (struct rtc_time){ .tm_hour = rest / 3600, .tm_min = rest / 60 % 60,
		.tm_sec = rest % 60,
				 .tm_wday = (days + 4) % 7, .tm_isdst = 0 };
	while ((s64)days >= days_from_date(year + 1, 1, 1))
		year++;
	while (month < 12 && (s64)days >= days_from_date(year, month + 1, 1))
		month++;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	tm->tm_mday = days - days_from_date(year, month, 1) + 1;
	tm->tm_yday = days - days_from_date(year, 1, 1);
}

static int rtc_read_time(struct rtc_time __user *arg)
{
	struct rtc_time tm;

	date_from_seconds(readl(rtc_base + RTC_DR), &tm);
	return copy_to_user(arg, &tm, sizeof(tm)) ? -EFAULT : 0;
}

static bool valid_time(const struct rtc_time *tm)
{
	return tm->tm_year >= 70 && tm->tm_year < 206 && tm->tm_mon >= 0 && tm->tm_mon < 12 &&
	       tm->tm_mday >= 1 && tm->tm_mday <= 31 && tm->tm_hour >= 0 && tm->tm_hour < 24 &&
	       tm->tm_min >= 0 && tm->tm_min < 60 && tm->tm_sec >= 0 && tm->tm_sec < 60;
}

static int rtc_set_time(const struct rtc_time __user *arg)
{
	struct rtc_time tm;
	s64 seconds;

	if (!capable(CAP_SYS_TIME))
		return -EACCES;
	if (copy_from_user(&tm, arg, sizeof(tm)))
		return -EFAULT;
	if (!valid_time(&tm))
		return -EINVAL;
	seconds = days_from_date(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * SECS_PER_DAY +
		  tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec;
	if (seconds > U32_MAX)
		return -EINVAL;
	writel(seconds, rtc_base + RTC_LR);
	return 0;
}

static long rtc_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case RTC_RD_TIME:
		return rtc_read_time((struct rtc_time __user *)arg);
	case RTC_SET_TIME:
		return rtc_set_time((const struct rtc_time __user *)arg);
	default:
		return -ENOTTY;
	}
}

static long rtc_compat_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return rtc_ioctl(file, cmd, (u32)arg);
}

static const struct file_operations rtc_fops = {
	.unlocked_ioctl = rtc_ioctl,
	.compat_ioctl = rtc_compat_ioctl,
	.llseek = no_llseek,
};

#define RTC_MAJOR	251	/* of the range for dynamic majors */

static int rtc_probe(struct device *dev)
{
	struct device *node;
	u32 now;
	int error;

	if (rtc_base)
		return -EBUSY;
	rtc_base = of_iomap(dev->of_node, 0);
	if (!rtc_base)
		return -ENOMEM;
	now = readl(rtc_base + RTC_DR);
	timekeeping_set_boot_time(now);
	error = register_chrdev(RTC_MAJOR, 0, 1, "rtc", &rtc_fops);
	if (error)
		return 0;		/* the clock is set: that was the point */
	node = device_create("rtc", dev, MKDEV(RTC_MAJOR, 0), 0600, NULL, "rtc0");
	if (IS_ERR(node))
		pr_warn("rtc-pl031: no /dev/rtc0\n");
	pr_info("rtc-pl031: %u seconds since 1970\n", now);
	return 0;
}

static const char *const rtc_match[] = { "arm,pl031", NULL };
DRIVER(rtc_pl031, DRIVER_DEVICE, rtc_match, rtc_probe);
