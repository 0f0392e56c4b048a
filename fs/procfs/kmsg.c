// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/kmsg, the log as klogd reads it, and /proc/kallsyms, the kernel's symbols.
 *
 * Locking: the log has its own; the symbol table does not change.
 */
#include <fs/procfs/internal.h>

#include <fs/poll.h>
#include <kernel/cred.h>
#include <kernel/kallsyms.h>
#include <kernel/printk.h>
#include <mm/slab.h>

/* syslog(2)'s actions that this file is made of. */
#define SYSLOG_READ		2
#define SYSLOG_SIZE_UNREAD	9

static int kmsg_open(struct inode *inode, struct file *file)
{
	return capable(CAP_SYSLOG) || capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
}

static ssize_t kmsg_file_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	if ((file->f_flags & O_NONBLOCK) && do_syslog(SYSLOG_SIZE_UNREAD, NULL, 0) <= 0)
		return -EAGAIN;
	return do_syslog(SYSLOG_READ, buf, min_t(size_t, count, INT_MAX));
}

static __poll_t kmsg_poll(struct file *file, struct poll_table_struct *table)
{
	poll_wait(file, &log_wait, table);
	return do_syslog(SYSLOG_SIZE_UNREAD, NULL, 0) > 0 ? EPOLLIN | EPOLLRDNORM : 0;
}

static const struct file_operations kmsg_fops = {
	.open = kmsg_open, .read = kmsg_file_read, .poll = kmsg_poll, .llseek = generic_file_llseek,
};

/* ---- kallsyms ------------------------------------------------------------------------------ */

int kptr_restrict;		/* kernel.kptr_restrict: 2 hides addresses from everybody */

struct symbol_reader {
	struct ksymbol	sym;
	bool		see;	/* [I] the opener may know addresses */
};

static void *symbol_start(struct seq_file *m, loff_t *pos)
{
	struct symbol_reader *r = m->private;

	return kallsyms_nth(*pos, &r->sym) ? r : NULL;
}

static void *symbol_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return symbol_start(m, pos);
}

static void symbol_stop(struct seq_file *m, void *v)
{
}

static int symbol_show(struct seq_file *m, void *v)
{
	struct symbol_reader *r = v;

	seq_printf(m, "%0*lx %c %s\n", (int)(2 * sizeof(long)), r->see ? r->sym.addr : 0,
		   r->sym.type, r->sym.name);
	return 0;
}

static const struct seq_operations symbol_ops = {
	.start = symbol_start, .next = symbol_next, .stop = symbol_stop, .show = symbol_show,
};

static int kallsyms_open(struct inode *inode, struct file *file)
{
	struct symbol_reader *r = __seq_open_private(file, &symbol_ops, sizeof(*r));

	if (!r)
		return -ENOMEM;
	r->see = READ_ONCE(kptr_restrict) < 2 && capable(CAP_SYSLOG);
	return 0;
}

static const struct file_operations kallsyms_fops = {
	.open = kallsyms_open,
	.read_iter = seq_read_iter,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

void proc_kmsg_init(void)
{
	proc_create("kallsyms", 0444, NULL, &kallsyms_fops, NULL);
	proc_create("kmsg", 0400, NULL, &kmsg_fops, NULL);
}
