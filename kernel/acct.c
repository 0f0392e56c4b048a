// SPDX-License-Identifier: GPL-2.0-only
/*
 * acct(2): records of processes that have ended, as acct(5) says, version 3.  Interface: <kernel/acct.h>.
 *
 * A process is in the files of its pid namespace and of all above it.  Whoever ends accounting, or has it go on in
 * another file, leaves a record of itself, too.  Nothing is written while the file system is nearly full.
 *
 * Locking: acct_mutex for the namespaces' files, and while one is written.  It is taken when the address space is
 * gone: who waits for it holds no memory that the writer could want.  siglock for what the threads leave.
 */
#include <kernel/acct.h>

#include <linux/acct.h>

#include <drivers/tty/tty.h>
#include <fs/mount.h>
#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/rusage.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <kernel/user_namespace.h>
#include <mm/mm.h>

static_assert(sizeof(struct acct_v3) == 64);

static DEFINE_MUTEX_RANK(acct_mutex, LOCK_RANK_SETUP);
int acct_files;
int acct_parm[3] = { 4, 2, 30 };

/* ---- numbers --------------------------------------------------------------------------------- */

/* comp_t: 13 bits and an exponent of 8, rounded. */
static comp_t to_comp(u64 v)
{
	unsigned int exponent = 0;
	bool up = false;

	for (; v > 0x1fff; v >>= 3, exponent++)
		up = v & 4;
	v += up;
	if (v > 0x1fff) {
		v >>= 3;
		exponent++;
	}
	return exponent > 7 ? 0xffff : exponent << 13 | v;
}

static comp_t ticks_of(const struct __kernel_old_timeval *tv)
{
	return to_comp((u64)tv->tv_sec * AHZ + (unsigned long)tv->tv_usec / (USEC_PER_SEC / AHZ));
}

/* The bits of an IEEE single. */
static u32 to_float(u64 v)
{
	int top = fls64(v) - 1;
	u32 fraction = top > 23 ? v >> (top - 23) : v << (23 - top);

	return v ? (u32)(127 + top) << 23 | (fraction & 0x7fffff) : 0;
}

/* ---- a record -------------------------------------------------------------------------------- */

void acct_collect_slow(struct task_struct *t)
{
	static const struct { u32 flag; u8 acct; } bits[] = {
		{ PF_SUPERPRIV, ASU }, { PF_DUMPCORE, ACORE }, { PF_SIGNALED, AXSIG },
	};
	u8 flags = thread_group_leader(t) && (t->flags & PF_FORKNOEXEC) ? AFORK : 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(bits); i++)
		flags |= t->flags & bits[i].flag ? bits[i].acct : 0;
	spin_lock_irq(&t->sighand->siglock);
	t->signal->acct_flags |= flags;
	t->signal->acct_pages = t->mm ? t->mm->total_vm : 0;
	spin_unlock_irq(&t->sighand->siglock);
}

/* What is known only of who has ended. */
static void fill_used(struct acct_v3 *ac)
{
	struct rusage ru;

	task_rusage(current, RUSAGE_SELF, &ru);
	ac->ac_utime = ticks_of(&ru.ru_utime);
	ac->ac_stime = ticks_of(&ru.ru_stime);
	ac->ac_minflt = to_comp(ru.ru_minflt);
	ac->ac_majflt = to_comp(ru.ru_majflt);
	ac->ac_flag = current->signal->acct_flags;
	ac->ac_mem = to_comp((u64)current->signal->acct_pages * (PAGE_SIZE / 1024));
	ac->ac_exitcode = current->group_leader->exit_code;
}

/* Of current, as @ns sees it. */
static void fill_record(struct acct_v3 *ac, struct pid_namespace *ns)
{
	const struct user_namespace *user_ns = ns->acct.file->f_cred->user_ns;
	struct signal_struct *sig = current->signal;
	u64 run = ktime_get_ns() - current->group_leader->start_time;
	u32 etime = to_float(div_u64(run, NSEC_PER_SEC / AHZ));

	memset(ac, 0, sizeof(*ac));
	ac->ac_version = 3 | ACCT_BYTEORDER;
	ac->ac_uid = from_kuid_munged(user_ns, current_uid());
	ac->ac_gid = from_kgid_munged(user_ns, current_gid());
	ac->ac_btime = ktime_get_real_seconds() - div_u64(run, NSEC_PER_SEC);
	memcpy(&ac->ac_etime, &etime, sizeof(etime));
	get_task_comm(ac->ac_comm, current);
	read_lock(&tasklist_lock);
	ac->ac_pid = pid_nr_ns(task_tgid(current), ns);
	ac->ac_ppid = pid_nr_ns(task_tgid(current->real_parent), ns);
	read_unlock(&tasklist_lock);
	spin_lock_irq(&current->sighand->siglock);
	if (sig->tty)
		ac->ac_tty = old_encode_dev(tty_devnum(sig->tty));
	spin_unlock_irq(&current->sighand->siglock);
	if (current->flags & PF_EXITING)
		fill_used(ac);
}

/* ---- the file -------------------------------------------------------------------------------- */

static bool has_room(struct acct_file *a)
{
	u64 now = ktime_get_ns();
	struct kstatfs s;
	bool room;

	if (now < a->look_again || vfs_statfs(&a->file->f_path, &s))
		return a->has_room;
	room = a->has_room ? s.f_bavail > div_u64(s.f_blocks * acct_parm[1], 100) :
			     s.f_bavail >= div_u64(s.f_blocks * acct_parm[0], 100);
	if (room != a->has_room)
		pr_info("Process accounting %s\n", room ? "resumed" : "paused");
	a->has_room = room;
	a->look_again = now + acct_parm[2] * NSEC_PER_SEC;
	return room;
}

/* With the rights of who opened it, and whatever size files of current may have. */
static void write_record(struct pid_namespace *ns)
{
	struct rlimit *limit = &current->signal->rlim[RLIMIT_FSIZE];
	unsigned long old_limit = READ_ONCE(limit->rlim_cur);
	const struct cred *old;
	struct acct_v3 ac;
	loff_t pos = 0;

	assert_mutex_held(&acct_mutex);
	if (!has_room(&ns->acct))
		return;
	fill_record(&ac, ns);
	old = override_creds(ns->acct.file->f_cred);
	WRITE_ONCE(limit->rlim_cur, RLIM_INFINITY);
	kernel_write(ns->acct.file, &ac, sizeof(ac), &pos);	/* a record that cannot be written is lost */
	WRITE_ONCE(limit->rlim_cur, old_limit);
	revert_creds(old);
}

void acct_process_slow(void)
{
	mutex_lock(&acct_mutex);
	for (struct pid_namespace *ns = task_active_pid_ns(current); ns; ns = ns->parent)
		if (ns->acct.file)
			write_record(ns);
	mutex_unlock(&acct_mutex);
}

/* @file NULL: none. Consumes it. */
static void change_file(struct pid_namespace *ns, struct file *file)
{
	struct file *old;

	mutex_lock(&acct_mutex);
	old = ns->acct.file;
	if (old)
		write_record(ns);
	ns->acct = (struct acct_file){ .file = file };
	WRITE_ONCE(acct_files, acct_files + !!file - !!old);
	mutex_unlock(&acct_mutex);
	if (old)
		filp_close(old, NULL);
}

void acct_exit_ns(struct pid_namespace *ns)
{
	change_file(ns, NULL);
}

/* What the kernel makes up has no place for records, and what is mounted nowhere nobody could find. */
static int check_file(const struct file *file)
{
	if (!S_ISREG(file_inode(file)->i_mode))
		return -EACCES;
	return file->f_op->write_iter && READ_ONCE(real_mount(file->f_path.mnt)->mnt_ns) ? 0 : -EINVAL;
}

long sys_acct(const char __user *uname)
{
	struct file *file = NULL;
	char *name;
	int err;

	if (!capable(CAP_SYS_PACCT))
		return -EPERM;
	if (uname) {
		name = getname(uname);
		if (IS_ERR(name))
			return PTR_ERR(name);
		file = filp_open(name, O_WRONLY | O_APPEND | O_LARGEFILE, 0);
		putname(name);
		if (IS_ERR(file))
			return PTR_ERR(file);
		err = check_file(file);
		if (err) {
			filp_close(file, NULL);
			return err;
		}
	}
	change_file(task_active_pid_ns(current), file);
	return 0;
}
