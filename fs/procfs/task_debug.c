// SPDX-License-Identifier: GPL-2.0-only
/*
 * What debuggers and checkpointing ask of a task beyond ptrace.
 *
 * Locking: each function's own.
 */
#include <fs/procfs/internal.h>

#include <kernel/cred.h>
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

/* ---- syscall, stack ------------------------------------------------------------------------ */

/* Asleep, so that its registers and stack hold still for a while; or it is the one who asks. */
static bool holds_still(struct task_struct *t)
{
	return t == current || (READ_ONCE(t->__state) != TASK_RUNNING && !READ_ONCE(t->on_cpu));
}

int proc_pid_syscall(struct seq_file *m, struct task_struct *t)
{
	const struct pt_regs *regs = task_pt_regs(t);
	unsigned long args[6];

	if (!ptrace_may_access(t, PTRACE_MODE_ATTACH_FSCREDS))
		return -EPERM;
	if (!holds_still(t)) {
		seq_puts(m, "running\n");
		return 0;
	}
	seq_printf(m, "%ld", syscall_nr(regs));
	if (syscall_nr(regs) >= 0) {
		syscall_args(regs, args);
		for (int i = 0; i < 6; i++)
			seq_printf(m, " 0x%lx", args[i]);
	}
	seq_printf(m, " 0x%lx 0x%lx\n", user_stack_pointer(regs), instruction_pointer(regs));
	return 0;
}

int proc_pid_stack(struct seq_file *m, struct task_struct *t)
{
	struct unwind_frame frame;

	if (!capable(CAP_SYS_ADMIN))
		return -EACCES;
	if (!ptrace_may_access(t, PTRACE_MODE_ATTACH_FSCREDS))
		return -EPERM;
	if (!holds_still(t))
		return 0;
	unwind_start(&frame, t, NULL);
	do
		seq_printf(m, "[<0>] %pS\n", (void *)frame.pc);
	while (unwind_next(&frame));
	return 0;
}

/* ---- children ------------------------------------------------------------------------------ */

int proc_tid_children(struct seq_file *m, struct task_struct *t)
{
	struct pid_namespace *ns = task_active_pid_ns(current);
	struct task_struct *child;

	read_lock(&tasklist_lock);
	list_for_each_entry(child, &t->children, sibling)
		seq_printf(m, "%d ", pid_nr_ns(child->thread_pid, ns));
	read_unlock(&tasklist_lock);
	return 0;
}

/* ---- timerslack_ns ------------------------------------------------------------------------- */

static ssize_t timerslack_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct task_struct *t = get_proc_task(file_inode(file));
	bool may = t == current || capable(CAP_SYS_NICE);
	char text[24];
	int n;

	if (!t)
		return -ESRCH;
	n = snprintf(text, sizeof(text), "%llu\n", t->timer_slack_ns);
	put_task_struct(t);
	return may ? simple_read_from_buffer(buf, count, pos, text, n) : -EPERM;
}

static ssize_t timerslack_write(struct file *file, const char __user *ubuf, size_t count, loff_t *pos)
{
	char text[24] = "";
	struct task_struct *t;
	unsigned long long ns;
	ssize_t ret = count;

	if (copy_from_user(text, ubuf, min(count, sizeof(text) - 1)))
		return -EFAULT;
	if (kstrtoull(strim(text), 10, &ns))
		return -EINVAL;
	t = get_proc_task(file_inode(file));
	if (!t)
		return -ESRCH;
	if (t == current || capable(CAP_SYS_NICE))
		t->timer_slack_ns = ns ? ns : t->default_timer_slack_ns;
	else
		ret = -EPERM;
	put_task_struct(t);
	return ret;
}

const struct file_operations proc_timerslack_fops = {
	.read = timerslack_read, .write = timerslack_write, .llseek = generic_file_llseek,
};
