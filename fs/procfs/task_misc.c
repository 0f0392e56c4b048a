// SPDX-License-Identifier: GPL-2.0-only
/*
 * The other files of a task: limits, io, comm, mounts, OOM scores, wchan.
 */
#include <fs/procfs/internal.h>

#include <fs/mount.h>
#include <kernel/cred.h>
#include <kernel/kallsyms.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <kernel/time/posix_timer.h>
#include <mm/mm.h>
#include <asm/uaccess.h>

/* ---- limits -------------------------------------------------------------------------------- */

static const struct {
	const char *name, *unit;
} limit_names[RLIM_NLIMITS] = {
	[RLIMIT_CPU] = { "Max cpu time", "seconds" },
	[RLIMIT_FSIZE] = { "Max file size", "bytes" },
	[RLIMIT_DATA] = { "Max data size", "bytes" },
	[RLIMIT_STACK] = { "Max stack size", "bytes" },
	[RLIMIT_CORE] = { "Max core file size", "bytes" },
	[RLIMIT_RSS] = { "Max resident set", "bytes" },
	[RLIMIT_NPROC] = { "Max processes", "processes" },
	[RLIMIT_NOFILE] = { "Max open files", "files" },
	[RLIMIT_MEMLOCK] = { "Max locked memory", "bytes" },
	[RLIMIT_AS] = { "Max address space", "bytes" },
	[RLIMIT_LOCKS] = { "Max file locks", "locks" },
	[RLIMIT_SIGPENDING] = { "Max pending signals", "signals" },
	[RLIMIT_MSGQUEUE] = { "Max msgqueue size", "bytes" },
	[RLIMIT_NICE] = { "Max nice priority", "" },
	[RLIMIT_RTPRIO] = { "Max realtime priority", "" },
	[RLIMIT_RTTIME] = { "Max realtime timeout", "us" },
};

static void show_limit(struct seq_file *m, unsigned long value)
{
	if (value == RLIM_INFINITY)
		seq_printf(m, "%-20s ", "unlimited");
	else
		seq_printf(m, "%-20lu ", value);
}

int proc_pid_limits(struct seq_file *m, struct task_struct *t)
{
	int i;

	seq_printf(m, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
	for (i = 0; i < RLIM_NLIMITS; i++) {
		seq_printf(m, "%-25s ", limit_names[i].name);
		show_limit(m, task_rlimit(t, i));
		show_limit(m, task_rlimit_max(t, i));
		seq_printf(m, *limit_names[i].unit ? "%-10s\n" : "\n", limit_names[i].unit);
	}
	return 0;
}

/* ---- small ones ---------------------------------------------------------------------------- */

int proc_pid_io(struct seq_file *m, struct task_struct *t)
{
	struct signal_struct *sig = t->signal;
	u64 rchar, wchar, syscr, syscw;
	struct task_struct *thread;
	unsigned long flags;

	if (!ptrace_may_access(t, PTRACE_MODE_READ_FSCREDS))
		return -EACCES;
	if (!lock_task_sighand(t, &flags))
		return -ESRCH;
	rchar = sig->io_rchar;
	wchar = sig->io_wchar;
	syscr = sig->io_syscr;
	syscw = sig->io_syscw;
	for_each_thread(t, thread) {
		rchar += thread->io_rchar;
		wchar += thread->io_wchar;
		syscr += thread->io_syscr;
		syscw += thread->io_syscw;
	}
	unlock_task_sighand(t, &flags);
	seq_printf(m, "rchar: %llu\nwchar: %llu\nsyscr: %llu\nsyscw: %llu\n", rchar, wchar, syscr,
		   syscw);
	seq_puts(m, "read_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n");
	return 0;
}

int proc_pid_wchan(struct seq_file *m, struct task_struct *t)
{
	seq_puts(m, ptrace_may_access(t, PTRACE_MODE_READ_FSCREDS) && t->wchan ? t->wchan : "0");
	return 0;
}

int proc_pid_personality(struct seq_file *m, struct task_struct *t)
{
	if (!ptrace_may_access(t, PTRACE_MODE_ATTACH_FSCREDS))
		return -EACCES;
	seq_printf(m, "%08x\n", t->personality);
	return 0;
}

int proc_pid_schedstat(struct seq_file *m, struct task_struct *t)
{
	seq_printf(m, "%llu 0 %lu\n", task_sched_runtime(t), t->nvcsw + t->nivcsw);
	return 0;
}

int proc_pid_sched(struct seq_file *m, struct task_struct *t)
{
	sched_show_task(m, t, proc_seq_pid_ns(m));
	return 0;
}

/* On Linux a write resets statistics that nobody has switched on. */
static ssize_t sched_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct task_struct *t = get_proc_task(file_inode(file));

	if (!t)
		return -ESRCH;
	put_task_struct(t);
	return count;
}

const struct file_operations proc_sched_fops = {
	.open = proc_pid_show_open,
	.read_iter = seq_read_iter,
	.write = sched_write,
	.llseek = seq_lseek,
	.release = single_release,
};

int proc_pid_timers(struct seq_file *m, struct task_struct *t)
{
	return posix_timers_show(m, t, proc_seq_pid_ns(m));
}

/* In thousandths of memory, plus the adjustment, as oom.c weighs it. */
int proc_pid_oom_score(struct seq_file *m, struct task_struct *t)
{
	struct mm_struct *mm = get_task_mm(t);
	long points = 0;

	if (mm) {
		points = get_mm_rss(mm) * 1000 / totalram_pages();
		points += t->signal->oom_score_adj;
		points = (1000 + points) * 2 / 3;	/* Linux's scale: 666 for an idle process */
		mmput(mm);
	}
	seq_printf(m, "%ld\n", max(points, 0L));
	return 0;
}

static ssize_t read_number(struct file *file, char __user *buf, size_t count, loff_t *pos,
			   int divide)
{
	struct task_struct *t = get_proc_task(file_inode(file));
	char text[16];
	int n;

	if (!t)
		return -ESRCH;
	n = snprintf(text, sizeof(text), "%d\n", t->signal->oom_score_adj / divide);
	put_task_struct(t);
	return simple_read_from_buffer(buf, count, pos, text, n);
}

static ssize_t write_oom(struct file *file, const char __user *ubuf, size_t count, int lo, int hi,
			 int scale)
{
	struct task_struct *t;
	char text[16];
	int value, err = 0;

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, ubuf, count))
		return -EFAULT;
	text[count] = '\0';
	if (kstrtoint(strim(text), 0, &value) || value < lo || value > hi)
		return -EINVAL;
	value = value * scale;
	t = get_proc_task(file_inode(file));
	if (!t)
		return -ESRCH;
	if (value < t->signal->oom_score_adj_min && !capable(CAP_SYS_RESOURCE)) {
		err = -EACCES;
	} else {
		t->signal->oom_score_adj = value;
		if (capable(CAP_SYS_RESOURCE))
			t->signal->oom_score_adj_min = value;
	}
	put_task_struct(t);
	return err ? err : (ssize_t)count;
}

static ssize_t oom_score_adj_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return read_number(file, buf, count, pos, 1);
}

static ssize_t oom_score_adj_write(struct file *file, const char __user *buf, size_t count,
				   loff_t *pos)
{
	return write_oom(file, buf, count, -1000, 1000, 1);
}

/* The old scale, -17 .. 15. */
static ssize_t oom_adj_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return read_number(file, buf, count, pos, 58);
}

static ssize_t oom_adj_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	return write_oom(file, buf, count, -17, 15, 58);
}

const struct file_operations proc_oom_score_adj_fops = {
	.read = oom_score_adj_read, .write = oom_score_adj_write, .llseek = generic_file_llseek,
};
const struct file_operations proc_oom_adj_fops = {
	.read = oom_adj_read, .write = oom_adj_write, .llseek = generic_file_llseek,
};

static ssize_t comm_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct task_struct *t = get_proc_task(file_inode(file));
	char text[TASK_COMM_LEN + 1];

	if (!t)
		return -ESRCH;
	get_task_comm(text, t);
	put_task_struct(t);
	strlcat(text, "\n", sizeof(text));
	return simple_read_from_buffer(buf, count, pos, text, strlen(text));
}

static ssize_t comm_write(struct file *file, const char __user *ubuf, size_t count, loff_t *pos)
{
	struct task_struct *t = get_proc_task(file_inode(file));
	char text[TASK_COMM_LEN] = "";
	ssize_t ret = count;

	if (!t)
		return -ESRCH;
	if (t->signal != current->signal)
		ret = -EINVAL;
	else if (copy_from_user(text, ubuf, min(count, sizeof(text) - 1)))
		ret = -EFAULT;
	else
		set_task_comm(t, text);
	put_task_struct(t);
	return ret;
}

const struct file_operations proc_comm_fops = {
	.read = comm_read,
	.write = comm_write,
	.llseek = generic_file_llseek,
};

/* ---- mounts -------------------------------------------------------------------------------- */

static int open_mounts(struct inode *inode, struct file *file,
		       int (*show)(struct seq_file *, struct vfsmount *))
{
	struct task_struct *t = get_proc_task(inode);
	int err;

	if (!t)
		return -EINVAL;
	err = mounts_open(file, t, show);
	put_task_struct(t);
	return err;
}

static int open_proc_mounts(struct inode *inode, struct file *file)
{
	return open_mounts(inode, file, show_vfsmnt);
}

static int open_mountinfo(struct inode *inode, struct file *file)
{
	return open_mounts(inode, file, show_mountinfo);
}

static int open_mountstats(struct inode *inode, struct file *file)
{
	return open_mounts(inode, file, show_vfsstat);
}

#define MOUNTS_FOPS(o) {								\
	.open = o, .read_iter = seq_read_iter, .llseek = seq_lseek,			\
	.release = mounts_release, .poll = mounts_poll,					\
}
const struct file_operations proc_mounts_fops = MOUNTS_FOPS(open_proc_mounts);
const struct file_operations proc_mountinfo_fops = MOUNTS_FOPS(open_mountinfo);
const struct file_operations proc_mountstats_fops = MOUNTS_FOPS(open_mountstats);
