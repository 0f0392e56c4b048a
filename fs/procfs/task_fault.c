// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/fail-nth and make-it-fail; see <kernel/fault_inject.h>.
 *
 * Locking: none; the fields say so.
 */
#include <fs/procfs/internal.h>

#include <kernel/cred.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/sched/sched.h>
#include <asm/uaccess.h>

static ssize_t show_number(char __user *buf, size_t count, loff_t *pos, unsigned int value)
{
	char text[16];

	return simple_read_from_buffer(buf, count, pos, text, snprintf(text, sizeof(text), "%u\n", value));
}

static int read_number(const char __user *buf, size_t count, unsigned int *value)
{
	char text[16];

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, count))
		return -EFAULT;
	text[count] = '\0';
	return kstrtouint(strim(text), 0, value);
}

static ssize_t fail_nth_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct task_struct *t = get_proc_task(file_inode(file));
	unsigned int nth;

	if (!t)
		return -ESRCH;
	nth = READ_ONCE(t->fail_nth);
	put_task_struct(t);
	return show_number(buf, count, pos, nth);
}

static ssize_t fail_nth_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct task_struct *t;
	unsigned int nth;
	int err = read_number(buf, count, &nth);

	if (err)
		return err;
	t = get_proc_task(file_inode(file));
	if (!t)
		return -ESRCH;
	WRITE_ONCE(t->fail_nth, nth);
	put_task_struct(t);
	return count;
}

static ssize_t make_it_fail_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct task_struct *t = get_proc_task(file_inode(file));
	bool fail;

	if (!t)
		return -ESRCH;
	fail = t->make_it_fail;
	put_task_struct(t);
	return show_number(buf, count, pos, fail);
}

static ssize_t make_it_fail_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct task_struct *t;
	unsigned int fail;
	int err;

	if (!capable(CAP_SYS_RESOURCE))
		return -EPERM;
	err = read_number(buf, count, &fail);
	if (err || fail > 1)
		return err ? err : -EINVAL;
	t = get_proc_task(file_inode(file));
	if (!t)
		return -ESRCH;
	WRITE_ONCE(t->make_it_fail, fail);
	put_task_struct(t);
	return count;
}

const struct file_operations proc_fail_nth_fops = {
	.read = fail_nth_read, .write = fail_nth_write, .llseek = generic_file_llseek,
};
const struct file_operations proc_make_it_fail_fops = {
	.read = make_it_fail_read, .write = make_it_fail_write, .llseek = generic_file_llseek,
};
