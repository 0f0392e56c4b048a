/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals: the shared state of a thread group, and the interface of kernel/signal.c.
 *
 * Locks: sighand->siglock [s] protects every pending set, queue, action and the group's stop and exit
 * state.  It is taken with irqs off and nests inside tasklist_lock.  sighand itself may go away when a
 * task exits: take it through lock_task_sighand().
 */
#pragma once

#include <kernel/lib/refcount.h>
#include <kernel/sched/sched.h>
#include <kernel/sched/wait.h>
#include <kernel/signal_types.h>
#include <kernel/time/itimer_types.h>

struct tty_struct;
struct pid;
struct user_struct;
struct taskstats;

struct sighand_struct {
	spinlock_t		siglock;
	refcount_t		count;			/* [a] */
	struct wait_queue_head	signalfd_wqh;
	ksigset_t		touched;		/* [s] whose action may be more than all zero */
	struct ksigaction	action[_NSIG];		/* [s] */
};

struct core_state;

struct signal_struct {
	refcount_t		sigcnt;			/* [a] tasks that point here, dead ones too */
	atomic_t		live;			/* [a] threads not yet in exit */
	int			nr_threads;		/* [t] */
	struct list_head	thread_head;		/* [t] */
	struct wait_queue_head	wait_chldexit;		/* wait4() sleeps here */
	struct sigpending	shared_pending;		/* [s] */
	unsigned int		multi_signals;		/* [s] counts those sent to several groups at once */
	unsigned int		flags;			/* [s] SIGNAL_* */
	int			group_exit_code;	/* [s] */
	int			notify_count;		/* [s] exec waits for the others */
	struct task_struct	*group_exec_task;	/* [s] */
	struct core_state	*core_state;	/* [s] a core dump is being written */
	int			group_stop_count;	/* [s] */
	unsigned int		is_child_subreaper:1, has_child_subreaper:1; /* [t] */
	struct list_head	posix_timers;		/* [s] of struct k_itimer */
	int			next_posix_timer_id;	/* [s] */
	struct hrtimer		real_timer;		/* ITIMER_REAL */
	u64			it_real_incr;		/* [s] ns */
	struct cpu_itimer	it[2];			/* [s] ITIMER_PROF, ITIMER_VIRTUAL */
	struct pid		*pids[PIDTYPE_MAX];	/* [t] TGID, PGID, SID of the group */
	struct pid		*tty_old_pgrp;		/* [s] */
	struct pid		*ptracer;		/* [t] PR_SET_PTRACER: kernel/yama.c */
	int			leader;			/* [t] session leader */
	u32			acct_pages;		/* [s] of the address space when a thread died last */
	struct tty_struct	*tty;			/* [s] controlling terminal */
	u64			utime, stime, cutime, cstime;	/* [s] of dead threads; of waited children */
	u64			sum_sched_runtime;	/* [s] */
	unsigned long		nvcsw, nivcsw, cnvcsw, cnivcsw;	/* [s] */
	unsigned long		min_flt, maj_flt, cmin_flt, cmaj_flt; /* [s] */
	unsigned long		inblock, oublock, cinblock, coublock; /* [s] */
	unsigned long		maxrss, cmaxrss;	/* [s] pages */
	u64			io_rchar, io_wchar, io_syscr, io_syscw; /* [s] dead threads */
	struct rlimit		rlim[RLIM_NLIMITS];	/* [l] of the leader */
	short			oom_score_adj, oom_score_adj_min; /* [s] */
	u8			acct_flags;		/* [s] what threads did that died during accounting */
};

#define SIGNAL_STOP_STOPPED	0x01
#define SIGNAL_STOP_CONTINUED	0x02
#define SIGNAL_GROUP_EXIT	0x04
#define SIGNAL_CLD_STOPPED	0x10
#define SIGNAL_CLD_CONTINUED	0x20
#define SIGNAL_UNKILLABLE	0x40	/* init of a pid namespace */

#define JOBCTL_STOP_DEQUEUED	0x00010000	/* about to stop, siglock dropped: SIGCONT clears it */
#define JOBCTL_STOP_PENDING	0x00020000
#define JOBCTL_STOP_CONSUME	0x00040000
#define JOBCTL_TRAP_STOP	0x00080000
#define JOBCTL_TRAP_NOTIFY	0x00100000
#define JOBCTL_TRAPPING		0x00200000
#define JOBCTL_LISTENING	0x00400000
#define JOBCTL_PTRACE_FROZEN	0x01000000	/* a tracer's request is under way: not even SIGKILL wakes it */
#define JOBCTL_TRAP_FREEZE	0x00800000	/* sleep in get_signal() while it is set: the group freezes */
#define JOBCTL_FROZEN		0x02000000	/* counted as frozen; changed under [t], too */
#define JOBCTL_STOPPED		0x04000000
#define JOBCTL_TRACED		0x08000000
#define JOBCTL_STOP_SIGMASK	0xffff
#define JOBCTL_TRAP_MASK	(JOBCTL_TRAP_STOP | JOBCTL_TRAP_NOTIFY)

/* kernel-made siginfo shorthands */
#define SEND_SIG_NOINFO		((siginfo_t *)0)
#define SEND_SIG_PRIV		((siginfo_t *)1)

void signals_init(void);
/* Returns with siglock held (irqs off) and the sighand, or NULL when @t has exited. */
struct sighand_struct *lock_task_sighand(struct task_struct *t, unsigned long *flags);
void unlock_task_sighand(struct task_struct *t, unsigned long *flags);
/* Send: no permission check. 0, -EAGAIN (queue limit), -ESRCH. @type says whom: PID thread, else group. */
int do_send_sig_info(int sig, siginfo_t *info, struct task_struct *t, enum pid_type type);
int send_sig(int sig, struct task_struct *t, int priv);
int send_signal_locked(int sig, siginfo_t *info, struct task_struct *t, enum pid_type type);
/* With permission check as kill(2). */
int group_send_sig_info(int sig, siginfo_t *info, struct task_struct *t, enum pid_type type);
int kill_pid_info(int sig, siginfo_t *info, struct pid *pid);
int kill_pid(struct pid *pid, int sig, int priv);
int kill_pgrp(struct pid *pgrp, int sig, int priv);
int kill_pgrp_locked(struct pid *pgrp, int sig, int priv);	/* [t] held */
void send_sig_group_locked(int sig, struct task_struct *t);	/* [t] held: pdeath_signal */
void force_sig(int sig);
void force_sig_info(siginfo_t *info);
void force_sigsegv(int sig);		/* a frame could not be written */
void force_exit_sig(int sig);		/* default action, whatever the handler */
void force_exit_sig_info(siginfo_t *info);
/* Choose the next signal to deliver to current; false: none. Stops and default deaths happen inside. */
bool get_signal(struct ksignal *ksig);
void signal_setup_done(int failed, struct ksignal *ksig, bool stepping);
ksigset_t sigmask_to_save(void);
int dequeue_signal(struct task_struct *t, ksigset_t mask, siginfo_t *info, enum pid_type *type); /* [s] held */
void recalc_sigpending(void);		/* [s] held */
void recalc_sigpending_tsk(struct task_struct *t);
void calculate_sigpending(void);
void signal_wake_up_state(struct task_struct *t, unsigned int state);	/* [s] held */
static inline void signal_wake_up(struct task_struct *t, bool fatal)
{
	unsigned int state = 0;

	if (fatal && !(t->jobctl & JOBCTL_PTRACE_FROZEN)) {
		t->jobctl &= ~JOBCTL_TRACED;
		state = TASK_WAKEKILL | __TASK_TRACED;
	}
	signal_wake_up_state(t, state);
}
void set_current_blocked(ksigset_t set);	/* SIGKILL and SIGSTOP are taken out */
int sigprocmask(int how, ksigset_t set, ksigset_t *old);
/* ppoll & co: block @set until the call returns; undone by the signal delivery or by the restore. */
int set_user_sigmask(const void __user *umask, size_t sigsetsize);
void restore_saved_sigmask_unless(bool interrupted);
static inline void restore_saved_sigmask(void)
{
	if (test_task_flag(current, TIF_RESTORE_SIGMASK)) {
		clear_task_flag(current, TIF_RESTORE_SIGMASK);
		set_current_blocked(current->saved_sigmask);
	}
}
bool sigsuspend_blocked(int sig);
void flush_signals(struct task_struct *t);	/* pending ones of a task: dropped */
void flush_signal_handlers(struct task_struct *t, bool force_default);
void flush_sigqueue(struct sigpending *queue);
void exit_signals(struct task_struct *t);	/* hand shared signals to another thread */
bool zap_other_threads(struct task_struct *t);	/* [s] held; count of others */
bool do_notify_parent(struct task_struct *t, int sig);	/* [t] held for write; true: reap at once */
void do_notify_parent_cldstop(struct task_struct *t, bool for_ptracer, int why);
bool is_current_pgrp_orphaned(void);
bool unhandled_signal(struct task_struct *t, int sig);
/* SA_ONSTACK: where a frame starts. Alternate-stack queries for frames and sigaltstack(2). */
unsigned long sigsp(unsigned long sp, struct ksignal *ksig);
bool on_sig_stack(unsigned long sp);
/* What @uss points to is current's ABI's stack_t. */
int save_altstack(void __user *uss);
int restore_altstack(const void __user *uss);
/* Which member of siginfo's union a signal with this code uses. */
enum siginfo_kind { INFO_KILL, INFO_TIMER, INFO_POLL, INFO_FAULT, INFO_CHLD, INFO_RT, INFO_SYS };
enum siginfo_kind siginfo_kind(int sig, int code);
int copy_siginfo_to_user(siginfo_t __user *to, const siginfo_t *from);
/* For signal @sig, 0: the one it names. -EFAULT, -E2BIG */
int copy_siginfo_from_user(siginfo_t *to, const siginfo_t __user *from, int sig);
void siginfo_ids_from_user(siginfo_t *info);	/* si_uid, if it has one, becomes the kernel's id */
int copy_sigevent_from_user(struct sigevent *to, const struct sigevent __user *from);
void clear_siginfo(siginfo_t *info);

/* signal allocation for fork: kernel/signal.c */
extern struct sighand_struct init_sighand;
extern struct signal_struct init_signals;
int unshare_sighand(struct task_struct *t);	/* exec: a private table of actions; -ENOMEM */
void __cleanup_sighand(struct sighand_struct *sighand);
void put_signal_struct(struct signal_struct *sig);
void signalfd_cleanup(struct sighand_struct *sighand);	/* fs/signalfd.c: wake pollers of a dying table */

static inline unsigned long task_rlimit(const struct task_struct *t, unsigned int limit)
{
	return READ_ONCE(t->signal->rlim[limit].rlim_cur);
}
static inline unsigned long task_rlimit_max(const struct task_struct *t, unsigned int limit)
{
	return READ_ONCE(t->signal->rlim[limit].rlim_max);
}
#define rlimit(limit)		task_rlimit(current, limit)
#define rlimit_max(limit)	task_rlimit_max(current, limit)

/* Queue of preallocated signals, for POSIX timers and real-time signals. */
struct sigqueue {
	struct list_head	list;		/* [s] */
	unsigned int		flags;
	siginfo_t		info;
	struct user_struct	*user;		/* whose RLIMIT_SIGPENDING it counts against */
};
#define SIGQUEUE_PREALLOC	1
struct sigqueue *sigqueue_alloc(void);
void sigqueue_free(struct sigqueue *q);
int send_sigqueue(struct sigqueue *q, struct pid *pid, enum pid_type type);
