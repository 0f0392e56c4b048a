// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/timens_offsets: the clocks of the time namespace that the task's children will be in.
 *
 * A write is parsed here; whether it may be is kernel/time_namespace.c's business.  No locks.
 */
#include <fs/procfs/internal.h>

#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/time/timekeeping.h>
#include <kernel/time_namespace.h>
#include <mm/slab.h>

#define MAX_LINES	2	/* of a write: what follows is for the next one */

int proc_pid_timens_offsets(struct seq_file *m, struct task_struct *t)
{
	timens_offsets_show(m, t);
	return 0;
}

/* "monotonic 10 500", or the clock's number */
static bool parse_line(const char *line, clockid_t *clock, struct timespec64 *offset)
{
	s64 sec;
	char name[10];

	if (sscanf(line, "%9s %lld %lu", name, &sec, (unsigned long *)&offset->tv_nsec) != 3 ||
	    offset->tv_nsec < 0 || offset->tv_nsec >= NSEC_PER_SEC)
		return false;
	offset->tv_sec = sec;
	if (!strcmp(name, "monotonic") || !strcmp(name, "1"))
		*clock = CLOCK_MONOTONIC;
	else if (!strcmp(name, "boottime") || !strcmp(name, "7"))
		*clock = CLOCK_BOOTTIME;
	else
		return false;
	return true;
}

static ssize_t write_text(struct file *file, char *text, size_t count)
{
	struct timespec64 offsets[MAX_LINES];
	clockid_t clocks[MAX_LINES];
	char *line = text, *next;
	struct task_struct *t;
	unsigned int n = 0;
	int err;

	do {
		next = strchr(line, '\n');
		if (next) {
			*next++ = '\0';
			if (!*next)
				next = NULL;
		}
		if (!parse_line(line, &clocks[n], &offsets[n]))
			return -EINVAL;
		line = next;
	} while (++n < MAX_LINES && line);
	if (line)
		count = line - text;
	t = get_proc_task(file_inode(file));
	if (!t)
		return -ESRCH;
	err = timens_offsets_set(t, file->f_cred, clocks, offsets, n);
	put_task_struct(t);
	return err ?: (ssize_t)count;
}

static ssize_t timens_write(struct file *file, const char __user *ubuf, size_t count, loff_t *pos)
{
	ssize_t ret;
	char *text;

	if (*pos || count >= PAGE_SIZE)
		return -EINVAL;
	text = memdup_user_nul(ubuf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);
	ret = write_text(file, text, count);
	kfree(text);
	return ret;
}

const struct file_operations proc_timens_offsets_fops = {
	.open = proc_pid_show_open,
	.read_iter = seq_read_iter,
	.write = timens_write,
	.llseek = seq_lseek,
	.release = single_release,
};
