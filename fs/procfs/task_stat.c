// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/stat, status, statm: what ps and top read.  Field by field as proc(5) lists them.
 *
 * Locking: a snapshot is taken under tasklist_lock and siglock, then printed without locks.
 */
#include <fs/procfs/internal.h>

#include <fs/file.h>
#include <fs/fs_struct.h>
#include <kernel/cred.h>
#include <kernel/seccomp.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <kernel/time_namespace.h>
#include <drivers/tty/tty.h>
#include <mm/mempolicy.h>
#include <mm/mm.h>

/* What relations and signals were at one moment. */
struct task_snapshot {
	pid_t		pid, tgid, ppid, pgid, sid, tty_pgrp, tracer;
	unsigned int	tty_nr;
	struct tty_struct *tty;		/* reference until collect_tty() */
	int		nr_threads, exit_signal;
	unsigned int	seccomp_filters;
	ksigset_t	pending, shared, blocked, ignored, caught;
	unsigned long	min_flt, maj_flt, cmin_flt, cmaj_flt, rsslim;
	u64		utime, stime, cutime, cstime;
	unsigned int	queued;
};

static void collect_actions(struct task_struct *t, struct task_snapshot *s)
{
	int sig;

	for (sig = 1; sig <= _NSIG; sig++) {
		unsigned long handler = t->sighand->action[sig - 1].handler;

		if (handler == (unsigned long)SIG_IGN)
			sigaddset(&s->ignored, sig);
		else if (handler != (unsigned long)SIG_DFL)
			sigaddset(&s->caught, sig);
	}
}

/* siglock held. */
static void collect_signal_state(struct task_struct *t, struct task_snapshot *s, bool whole)
{
	struct signal_struct *sig = t->signal;
	struct task_struct *thread;

	s->pending = t->pending.signal;
	s->shared = sig->shared_pending.signal;
	s->blocked = t->blocked;
	s->seccomp_filters = seccomp_filter_count(t);
	s->nr_threads = sig->nr_threads;
	s->queued = atomic_read(&t->real_cred->user->sigpending);
	s->rsslim = sig->rlim[RLIMIT_RSS].rlim_cur;
	s->cutime = sig->cutime;
	s->cstime = sig->cstime;
	s->cmin_flt = sig->cmin_flt;
	s->cmaj_flt = sig->cmaj_flt;
	s->min_flt = t->min_flt;
	s->maj_flt = t->maj_flt;
	if (whole) {
		s->min_flt = sig->min_flt;
		s->maj_flt = sig->maj_flt;
		for_each_thread(t, thread) {
			s->min_flt += thread->min_flt;
			s->maj_flt += thread->maj_flt;
		}
	}
	collect_actions(t, s);
	s->tty = tty_kref_get(sig->tty);
}

/* Without the locks of the snapshot: the terminal has its own. */
static void collect_tty(struct task_snapshot *s, struct pid_namespace *ns)
{
	struct pid *pgrp;

	if (!s->tty)
		return;
	pgrp = tty_get_pgrp(s->tty);
	s->tty_nr = new_encode_dev(tty_devnum(s->tty));
	s->tty_pgrp = pgrp ? pid_nr_ns(pgrp, ns) : -1;
	put_pid(pgrp);
	tty_kref_put(s->tty);
	s->tty = NULL;
}

static void snapshot(struct task_struct *t, struct task_snapshot *s, bool whole, struct pid_namespace *ns)
{
	bool whole_time = false;
	unsigned long flags;

	*s = (struct task_snapshot){ .tty_pgrp = -1, .rsslim = RLIM_INFINITY };
	read_lock_irqsave(&tasklist_lock, flags);
	if (t->thread_pid) {
		s->pid = pid_nr_ns(t->thread_pid, ns);
		s->tgid = pid_nr_ns(task_tgid(t), ns);
		s->pgid = pid_nr_ns(task_pgrp(t), ns);
		s->sid = pid_nr_ns(task_session(t), ns);
		s->ppid = pid_nr_ns(task_tgid(t->real_parent), ns);
		s->tracer = t->ptrace ? pid_nr_ns(task_pid_type(t->parent, PIDTYPE_PID), ns) : 0;
	}
	s->exit_signal = t->exit_signal;
	if (t->sighand) {
		spin_lock(&t->sighand->siglock);
		collect_signal_state(t, s, whole);
		if (whole)
			thread_group_cputime(t, &s->utime, &s->stime);
		spin_unlock(&t->sighand->siglock);
		whole_time = whole;
	}
	read_unlock_irqrestore(&tasklist_lock, flags);
	collect_tty(s, ns);
	if (!whole_time)
		task_cputime(t, &s->utime, &s->stime);
}

/* ---- stat ---------------------------------------------------------------------------------- */

static void stat_memory(struct seq_file *m, struct task_struct *t, const struct task_snapshot *s,
			bool see)
{
	struct mm_struct *mm = get_task_mm(t);

	seq_printf(m, " %lu %lu %lu", mm ? mm->total_vm << PAGE_SHIFT : 0, mm ? get_mm_rss(mm) : 0,
		   s->rsslim);
	if (mm && see)
		seq_printf(m, " %lu %lu %lu", mm->start_code, mm->end_code, mm->start_stack);
	else
		seq_printf(m, " %d %d 0", !!mm, !!mm);
	seq_puts(m, " 0 0");			/* esp, eip: only of the exiting and dumping */
	seq_printf(m, " %lu %lu %lu %lu", (unsigned long)(s->pending & 0x7fffffff),
		   (unsigned long)(s->blocked & 0x7fffffff),
		   (unsigned long)(s->ignored & 0x7fffffff),
		   (unsigned long)(s->caught & 0x7fffffff));
	seq_printf(m, " %d 0 0 %d %u %u %u", see && task_state_char(t) != 'R' ? 1 : 0,
		   s->exit_signal, READ_ONCE(t->cpu), t->rt_priority, t->policy);
	seq_puts(m, " 0 0 0");			/* block I/O delay, guest times */
	if (mm && see)
		seq_printf(m, " %lu %lu %lu %lu %lu %lu %lu", mm->start_data, mm->end_data,
			   mm->start_brk, mm->arg_start, mm->arg_end, mm->env_start, mm->env_end);
	else
		seq_puts(m, " 0 0 0 0 0 0 0");
	seq_printf(m, " %d\n", see ? t->exit_code : 0);
	if (mm)
		mmput(mm);
}

static int do_task_stat(struct seq_file *m, struct task_struct *t, bool whole)
{
	bool see = ptrace_may_access(t, PTRACE_MODE_READ_FSCREDS);
	struct task_snapshot s;
	char comm[TASK_COMM_LEN];

	snapshot(t, &s, whole, proc_seq_pid_ns(m));
	get_task_comm(comm, t);
	seq_printf(m, "%d (%s) %c %d %d %d %d %d %u %lu %lu %lu %lu", s.pid, comm,
		   task_state_char(t), s.ppid, s.pgid, s.sid, (int)s.tty_nr, s.tty_pgrp, t->flags,
		   s.min_flt, s.cmin_flt, s.maj_flt, s.cmaj_flt);
	seq_printf(m, " %llu %llu %lld %lld %d %d %d 0 %llu", nsec_to_clock_t(s.utime),
		   nsec_to_clock_t(s.stime), (s64)nsec_to_clock_t(s.cutime),
		   (s64)nsec_to_clock_t(s.cstime), task_prio(t), task_nice(t), s.nr_threads,
		   nsec_to_clock_t(t->start_boottime + timens_offset(CLOCK_BOOTTIME)));
	stat_memory(m, t, &s, see);
	return 0;
}

int proc_pid_stat(struct seq_file *m, struct task_struct *t)
{
	return do_task_stat(m, t, true);
}

int proc_tid_stat(struct seq_file *m, struct task_struct *t)
{
	return do_task_stat(m, t, false);
}

/* ---- status -------------------------------------------------------------------------------- */

static const char *state_text(char c)
{
	switch (c) {
	case 'R': return "R (running)";
	case 'S': return "S (sleeping)";
	case 'D': return "D (disk sleep)";
	case 'T': return "T (stopped)";
	case 't': return "t (tracing stop)";
	case 'X': return "X (dead)";
	case 'Z': return "Z (zombie)";
	case 'I': return "I (idle)";
	}
	return "R (running)";
}

/* In the reader's namespace, and in all from there to the task's own. */
static void status_numbers(struct seq_file *m, struct task_struct *t, const char *name, enum pid_type type)
{
	struct pid_namespace *ns = proc_seq_pid_ns(m);
	struct pid *own = get_task_pid(t, PIDTYPE_PID), *pid = get_task_pid(t, type);
	unsigned int level;

	seq_puts(m, name);
	for (level = ns->level; own && level <= own->level; level++)
		seq_printf(m, "\t%d", pid_nr_ns(pid, own->numbers[level].ns));
	seq_putc(m, '\n');
	put_pid(pid);
	put_pid(own);
}

static void status_ids(struct seq_file *m, struct task_struct *t, const struct task_snapshot *s)
{
	const struct cred *c = get_task_cred(t);
	unsigned int fdsize = 0;
	int i, umask = -1;

	task_lock(t);
	if (t->files)
		fdsize = t->files->fdt->max_fds;
	if (t->fs)
		umask = t->fs->umask;
	task_unlock(t);
	if (umask >= 0)
		seq_printf(m, "Umask:\t%#04o\n", umask);
	seq_printf(m, "State:\t%s\n", state_text(task_state_char(t)));
	seq_printf(m, "Tgid:\t%d\nNgid:\t0\nPid:\t%d\nPPid:\t%d\nTracerPid:\t%d\n", s->tgid, s->pid,
		   s->ppid, s->tracer);
	seq_printf(m, "Uid:\t%u\t%u\t%u\t%u\n", uid_to_user(c->uid), uid_to_user(c->euid),
		   uid_to_user(c->suid), uid_to_user(c->fsuid));
	seq_printf(m, "Gid:\t%u\t%u\t%u\t%u\n", gid_to_user(c->gid), gid_to_user(c->egid),
		   gid_to_user(c->sgid), gid_to_user(c->fsgid));
	seq_printf(m, "FDSize:\t%u\nGroups:\t", fdsize);
	for (i = 0; i < c->group_info->ngroups; i++)
		seq_printf(m, "%u ", gid_to_user(c->group_info->gid[i]));
	seq_puts(m, i ? "\n" : " \n");
	put_cred(c);
	status_numbers(m, t, "NStgid:", PIDTYPE_TGID);
	status_numbers(m, t, "NSpid:", PIDTYPE_PID);
	status_numbers(m, t, "NSpgid:", PIDTYPE_PGID);
	status_numbers(m, t, "NSsid:", PIDTYPE_SID);
}

#define KIB(pages) ((unsigned long)(pages) << (PAGE_SHIFT - 10))

static void status_memory(struct seq_file *m, struct mm_struct *mm, bool dumping)
{
	unsigned long anon = atomic_long_read(&mm->rss[MM_ANONPAGES]);
	unsigned long file = atomic_long_read(&mm->rss[MM_FILEPAGES]);
	unsigned long shmem = atomic_long_read(&mm->rss[MM_SHMEMPAGES]);
	unsigned long rss = anon + file + shmem, tables;
	unsigned long text =
		(ALIGN(mm->end_code, PAGE_SIZE) - (mm->start_code & PAGE_MASK)) >> PAGE_SHIFT;

	text = min(text, mm->exec_vm);
	spin_lock(&mm->page_table_lock);
	tables = pgtable_count(&mm->pgt);
	spin_unlock(&mm->page_table_lock);
	seq_printf(m, "VmPeak:\t%8lu kB\nVmSize:\t%8lu kB\nVmLck:\t%8lu kB\nVmPin:\t%8lu kB\n",
		   KIB(max(mm->hiwater_vm, mm->total_vm)), KIB(mm->total_vm), KIB(mm->locked_vm),
		   0UL);
	seq_printf(m, "VmHWM:\t%8lu kB\nVmRSS:\t%8lu kB\n"
		   "RssAnon:\t%8lu kB\nRssFile:\t%8lu kB\nRssShmem:\t%8lu kB\n",
		   KIB(max(mm->hiwater_rss, rss)), KIB(rss), KIB(anon), KIB(file), KIB(shmem));
	seq_printf(m, "VmData:\t%8lu kB\nVmStk:\t%8lu kB\nVmExe:\t%8lu kB\n"
		   "VmLib:\t%8lu kB\nVmPTE:\t%8lu kB\nVmSwap:\t%8lu kB\n",
		   KIB(mm->data_vm), KIB(mm->stack_vm), KIB(text), KIB(mm->exec_vm - text),
		   KIB(tables), 0UL);
	seq_printf(m, "HugetlbPages:\t%8lu kB\nCoreDumping:\t%d\nTHP_enabled:\t%d\n", 0UL, dumping,
		   !(mm->flags & MMF_DISABLE_THP));
}

static void status_capabilities(struct seq_file *m, struct task_struct *t, const struct task_snapshot *s)
{
	const struct cred *c = get_task_cred(t);

	seq_printf(m, "CapInh:\t%016llx\nCapPrm:\t%016llx\nCapEff:\t%016llx\n"
		   "CapBnd:\t%016llx\nCapAmb:\t%016llx\n",
		   c->cap_inheritable.val, c->cap_permitted.val, c->cap_effective.val,
		   c->cap_bset.val, c->cap_ambient.val);
	put_cred(c);
	seq_printf(m, "NoNewPrivs:\t%d\nSeccomp:\t%d\nSeccomp_filters:\t%u\n", t->no_new_privs,
		   READ_ONCE(t->seccomp_mode), s->seccomp_filters);
}

/* What prctl(2) says of them. */
static void status_speculation(struct seq_file *m)
{
	long store = arch_prctl(PR_GET_SPECULATION_CTRL, PR_SPEC_STORE_BYPASS, 0, 0, 0);
	long branch = arch_prctl(PR_GET_SPECULATION_CTRL, PR_SPEC_INDIRECT_BRANCH, 0, 0, 0);

	seq_printf(m, "Speculation_Store_Bypass:\t%s\nSpeculationIndirectBranch:\t%s\n",
		   store == PR_SPEC_NOT_AFFECTED ? "not vulnerable" : "unknown",
		   branch == -EINVAL ? "unsupported" : "unknown");
}

static void status_cpus(struct seq_file *m, struct task_struct *t)
{
	seq_printf(m, "Cpus_allowed:\t%*pb\n", nr_cpu_ids, &t->cpus_mask);
	seq_printf(m, "Cpus_allowed_list:\t%*pbl\n", nr_cpu_ids, &t->cpus_mask);
	seq_printf(m, "Mems_allowed:\t%s\nMems_allowed_list:\t0\n", HAVE_MEMPOLICY ? "0001" : "1");
	seq_printf(m, "voluntary_ctxt_switches:\t%lu\nnonvoluntary_ctxt_switches:\t%lu\n", t->nvcsw,
		   t->nivcsw);
}

int proc_pid_status(struct seq_file *m, struct task_struct *t)
{
	struct mm_struct *mm = get_task_mm(t);
	struct task_snapshot s;
	char comm[TASK_COMM_LEN];

	snapshot(t, &s, true, proc_seq_pid_ns(m));
	get_task_comm(comm, t);
	seq_puts(m, "Name:\t");
	seq_escape(m, comm, "\n\\");
	seq_putc(m, '\n');
	status_ids(m, t, &s);
	if (mm) {
		status_memory(m, mm, READ_ONCE(t->signal->core_state));
		mmput(mm);
	}
	seq_printf(m, "Threads:\t%d\nSigQ:\t%u/%lu\n", s.nr_threads, s.queued,
		   task_rlimit(t, RLIMIT_SIGPENDING));
	seq_printf(m, "SigPnd:\t%016llx\nShdPnd:\t%016llx\nSigBlk:\t%016llx\n"
		   "SigIgn:\t%016llx\nSigCgt:\t%016llx\n",
		   s.pending, s.shared, s.blocked, s.ignored, s.caught);
	status_capabilities(m, t, &s);
	status_speculation(m);
	status_cpus(m, t);
	return 0;
}

int proc_pid_statm(struct seq_file *m, struct task_struct *t)
{
	struct mm_struct *mm = get_task_mm(t);
	unsigned long shared, text;

	if (!mm) {
		seq_puts(m, "0 0 0 0 0 0 0\n");
		return 0;
	}
	shared = atomic_long_read(&mm->rss[MM_FILEPAGES]) +
		 atomic_long_read(&mm->rss[MM_SHMEMPAGES]);
	text = (ALIGN(mm->end_code, PAGE_SIZE) - (mm->start_code & PAGE_MASK)) >> PAGE_SHIFT;
	seq_printf(m, "%lu %lu %lu %lu 0 %lu 0\n", mm->total_vm, get_mm_rss(mm), shared, text,
		   mm->data_vm + mm->stack_vm);
	mmput(mm);
	return 0;
}
