// SPDX-License-Identifier: GPL-2.0-only
/*
 * What debuggers and checkpointing ask of a task beyond ptrace.
 *
 * Locking: each function's own.
 */
#include <fs/procfs/internal.h>

#include <kernel/lib/kstrtox.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <mm/mm.h>
#include <asm/uaccess.h>

/* The mm behind an open file of a task, with a reference; NULL: it has none. -ESRCH: the task has gone. */
static struct mm_struct *inode_mm(const struct inode *inode)
{
	struct task_struct *t = get_proc_task(inode);
	struct mm_struct *mm;

	if (!t)
		return ERR_PTR(-ESRCH);
	mm = get_task_mm(t);
	put_task_struct(t);
	return mm;
}

/* An unsigned number that somebody wrote into a file. */
static int take_number(const char __user *ubuf, size_t count, unsigned int *value)
{
	char text[32] = "";

	if (copy_from_user(text, ubuf, min(count, sizeof(text) - 1)))
		return -EFAULT;
	return kstrtouint(strim(text), 0, value);
}

/* ---- coredump_filter ----------------------------------------------------------------------- */

static ssize_t coredump_filter_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct mm_struct *mm = inode_mm(file_inode(file));
	char text[16];
	int n;

	if (IS_ERR_OR_NULL(mm))
		return PTR_ERR(mm);
	n = snprintf(text, sizeof(text), "%08x\n", get_dump_filter(mm));
	mmput(mm);
	return simple_read_from_buffer(buf, count, pos, text, n);
}

static void set_dump_filter(struct mm_struct *mm, unsigned long filter)
{
	unsigned long old = READ_ONCE(mm->flags), new;

	filter = (filter << MMF_DUMP_FILTER_SHIFT) & MMF_DUMP_FILTER_MASK;
	do {
		new = (old & ~MMF_DUMP_FILTER_MASK) | filter;
	} while (!__atomic_compare_exchange_n(&mm->flags, &old, new, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
}

static ssize_t coredump_filter_write(struct file *file, const char __user *ubuf, size_t count, loff_t *pos)
{
	struct mm_struct *mm;
	unsigned int filter;
	int err = take_number(ubuf, count, &filter);

	if (err)
		return err;
	mm = inode_mm(file_inode(file));
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	if (mm) {
		set_dump_filter(mm, filter);
		mmput(mm);
	}
	return count;
}

const struct file_operations proc_coredump_filter_fops = {
	.read = coredump_filter_read, .write = coredump_filter_write, .llseek = generic_file_llseek,
};
