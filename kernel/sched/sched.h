/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct task_struct, and the interface of the scheduler.
 *
 * Locks that protect fields of the structures below:
 *	[I]  immutable after creation (or after the task is visible)
 *	[a]  atomic operations
 *	[o]  written by the task itself only; others read it with READ_ONCE at their own risk
 *	[q]  the run-queue lock of the CPU the task is on
 *	[p]  task->pi_lock
 *	[t]  tasklist_lock (write to change, read to follow)
 *	[s]  task->sighand->siglock
 *	[l]  task->alloc_lock (task_lock())
 *	[c]  cred_guard: only changed by current, read by others under [l]
 *	[f]  the lock of kernel/futex_pi.c
 */
#pragma once

#include <kernel/arch.h>
#include <kernel/lib/atomic.h>
#include <kernel/lib/cpumask.h>
#include <kernel/lib/list.h>
#include <kernel/lib/rbtree.h>
#include <kernel/lib/refcount.h>
#include <kernel/locking/spinlock.h>
#include <kernel/pid_types.h>
#include <kernel/sched/preempt.h>
#include <kernel/signal_types.h>
#include <kernel/time/hrtimer.h>
#include <kernel/uapi.h>
#include <asm/current.h>

struct cgroup;
struct cred;
struct files_struct;
struct fs_struct;
struct mm_struct;
struct nameidata;
struct nsproxy;
struct pi_waiter;
struct pid;
struct restart_block;
struct robust_list_head;
struct rq;
struct sched_class;
struct sem_undo_list;
struct seccomp_filter;
struct signal_struct;
struct sighand_struct;
struct cfs_rq;
struct completion;
struct task_group;

/* ---- task states ------------------------------------------------------------------------ */
#define TASK_RUNNING		0x0000
#define TASK_INTERRUPTIBLE	0x0001
#define TASK_UNINTERRUPTIBLE	0x0002
#define __TASK_STOPPED		0x0004
#define __TASK_TRACED		0x0008
#define TASK_WAKEKILL		0x0100
#define TASK_DEAD		0x0080	/* has done its last schedule() */
#define TASK_NEW		0x0800
#define TASK_NOLOAD		0x0400
#define TASK_FROZEN		0x1000
#define TASK_IDLE		(TASK_UNINTERRUPTIBLE | TASK_NOLOAD)
#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_STOPPED		(TASK_WAKEKILL | __TASK_STOPPED)
#define TASK_TRACED		(TASK_WAKEKILL | __TASK_TRACED)
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)
/* exit_state */
#define EXIT_DEAD		0x10
#define EXIT_ZOMBIE		0x20
#define EXIT_TRACE		(EXIT_ZOMBIE | EXIT_DEAD) /* reaped by its tracer, its parent is told next */

/* ---- thread_flags: bit numbers; the assembly tests TIF_WORK_MASK and TIF_SYSCALL_WORK.
 * Bit 0 is TIF_NEED_RESCHED of <kernel/sched/preempt.h> ----------------------------------------- */
#define TIF_SIGPENDING		1	/* look for a signal on the way to user mode */
#define TIF_NOTIFY_RESUME	2	/* task work is queued */
#define TIF_SINGLESTEP		3
#define TIF_HW_DEBUG		4	/* it has hardware breakpoints: thread.hw_debug */
#define TIF_PAC			5	/* arm64: it has keys to authenticate pointers, beside the former two */
#define TIF_RESTORE_SIGMASK	6	/* saved_sigmask is to be restored */
#define TIF_SYSCALL_TRACE	8	/* ptrace syscall stops */
#define TIF_SECCOMP		9
#define TIF_SYSCALL_EMU		10	/* the tracer makes the calls itself: PTRACE_SYSEMU */
#define TIF_32BIT		16	/* AArch32 user mode on an arm64 kernel */
#define TIF_MEMDIE		17	/* chosen by the OOM killer: may dip into reserves */
#define TIF_WORK_MASK		0x0f
#define TIF_SYSCALL_WORK	0x700

/* ---- task->flags: PF_* [o], the values Linux shows in /proc/<pid>/stat ----------------------- */
#define PF_IDLE			0x00000002
#define PF_EXITING		0x00000004
#define PF_WQ_WORKER		0x00000020
#define PF_FORKNOEXEC		0x00000040
#define PF_MCE_PROCESS		0x00000080	/* prctl(PR_MCE_KILL): it said when, */
#define PF_SUPERPRIV		0x00000100
#define PF_DUMPCORE		0x00000200
#define PF_SIGNALED		0x00000400
#define PF_MEMALLOC		0x00000800
#define PF_NPROC_EXCEEDED	0x00001000
#define PF_IO_FLUSHER		0x00180000
#define PF_KTHREAD		0x00200000
#define PF_RANDOMIZE		0x00400000
#define PF_NO_SETAFFINITY	0x04000000
#define PF_MCE_EARLY		0x08000000	/* namely early */

#define TASK_COMM_LEN		16

/* Priorities as Linux counts them inside: 0..99 real time, 100..139 nice. */
#define MAX_RT_PRIO		100
#define MAX_PRIO		140
#define DEFAULT_PRIO		120

/* Fair-class state of a task; see kernel/sched/fair.c. */
struct sched_entity {
	struct rb_node	run_node;		/* [q] in the deadline tree */
	u64		vruntime;		/* [q] ns weighted */
	u64		deadline;		/* [q] virtual */
	u64		min_vruntime;		/* [q] of the subtree: augmented tree */
	u64		slice;			/* [q] ns */
	s64		vlag;			/* [q] kept while sleeping */
	u64		exec_start;		/* [q] rq clock */
	u64		sum_exec_runtime;	/* [q] ns */
	u64		prev_sum_exec_runtime;	/* [q] */
	u64		charged;		/* [q] of sum_exec_runtime, to quotas of groups */
	u32		weight;			/* [q] from nice */
	u32		inv_weight;		/* [q] 2^32 / weight */
	bool		on_rq;			/* [q] */
	struct cfs_rq	*queue;			/* [I] a group: its members; NULL: a task */
};

struct sched_rt_entity {
	struct list_head run_list;		/* [q] */
	unsigned int	time_slice;		/* [q] ticks left, SCHED_RR */
	unsigned int	awake;			/* [q] ticks that hit it since it slept: RLIMIT_RTTIME */
};

/* How an interrupted sleep goes on in restart_syscall(2). */
struct restart_block {
	long (*fn)(struct restart_block *);
	union {
		struct {
			clockid_t	clock;
			int		type;		/* which time structure rmtp points to */
			void __user	*rmtp;
			u64		expires;
		} nanosleep;
		struct {
			u32 __user	*uaddr;
			u32		val, flags, bitset;
			u64		time;
		} futex;
		struct {
			void __user	*ufds;
			int		nfds, has_timeout;
			u64		expires;
		} poll;
	};
};

struct task_struct {
	/* --- offsets used by assembly; keep first --- */
	unsigned long		thread_flags;	/* [a] TIF_* */
	unsigned long		stack_canary;	/* [I] */
	int			preempt_count;	/* [o] */
	unsigned int		cpu;		/* [q] */
	void			*stack;		/* [I] lowest address of the kernel stack */
	unsigned int		__state;	/* [p][q] TASK_*; set by the task itself, cleared by wakers */
	unsigned int		flags;		/* [o] PF_* */
	struct thread_struct	thread;		/* [o] cpu_context, tls, fault, fp: arch */

	refcount_t		usage;		/* [a] task_struct and stack live while > 0 */

	/* --- scheduler --- */
	int			on_cpu;		/* [q] running right now (smp_load_acquire by wakers) */
	int			on_rq;		/* [q] queued or running */
	int			prio;		/* [q] effective, 0..139 as Linux counts */
	int			static_prio;	/* [q] 100 + 20 + nice */
	int			normal_prio;	/* [q] without inheritance */
	unsigned int		rt_priority;	/* [q] 1..99 */
	unsigned int		policy;		/* [q] SCHED_* */
	int			pi_prio;	/* [q] lent by waiters of PI futexes; MAX_PRIO: none */
	int			push_cpu;	/* [q] where to move when it leaves its CPU; -1 */
	bool			sched_reset_on_fork; /* [q] */
	bool			contributes_to_load; /* [q] counted in nr_uninterruptible */
	const struct sched_class *sched_class;	/* [q] */
	struct sched_entity	se;
	struct task_group	*sched_group;	/* [q] NULL: the root */
	struct sched_rt_entity	rt;
	spinlock_t		pi_lock;	/* wake-ups, affinity, PI */
	struct cpumask		cpus_mask;	/* [p][q] user's affinity */
	int			nr_cpus_allowed; /* [p][q] */
	int			wake_cpu;	/* [p] last CPU hint */
	u64			last_ran;	/* [q] */
	unsigned long		nvcsw, nivcsw;	/* [o] context switches */
	u64			utime, stime;	/* [o] ns, charged at ticks */
	u64			prev_utime, prev_stime;	/* [p] what was told last: never goes back */
	u64			start_time;	/* [I] monotonic ns */
	u64			start_boottime;	/* [I] */
	u64			timer_slack_ns, default_timer_slack_ns; /* [o] */
	unsigned long		min_flt, maj_flt; /* [o] */

	/* --- relations [t] --- */
	struct list_head	tasks;		/* all thread-group leaders, from init_task */
	struct task_struct	*real_parent;	/* who forked it (or its reaper): task_set_real_parent() */
	pid_t			ppid;		/* its process, as we number it: getppid(2) reads it without a lock */
	struct task_struct	*parent;	/* who gets SIGCHLD: tracer or real_parent */
	struct list_head	children;	/* leaders; zombies first, in the order they died */
	struct list_head	*last_zombie;	/* in children, or &children: where the next one goes */
	struct list_head	sibling;
	struct task_struct	*group_leader;
	struct list_head	thread_node;	/* in signal->thread_head */
	struct list_head	ptraced, ptrace_entry;
	unsigned int		ptrace;		/* PT_* */
	unsigned long		ptrace_message;
	siginfo_t		*last_siginfo;	/* [s] while in a ptrace stop */

	pid_t			pid, tgid;	/* [I] (exec by a thread swaps them under [t]) in the init ns */
	struct pid		*thread_pid;	/* [t] */
	struct hlist_node	pid_links[PIDTYPE_MAX]; /* [t] */

	/* --- exit --- */
	int			exit_state;	/* [t] 0, EXIT_ZOMBIE, EXIT_DEAD */
	int			exit_code, exit_signal;	/* [t] */
	int			pdeath_signal;	/* [o] */
	unsigned long		jobctl;		/* [s] JOBCTL_* */
	struct completion	*vfork_done;	/* [l] */

	/* --- what clone shares or copies --- */
	struct mm_struct	*mm;		/* [l] NULL: kernel thread */
	struct mm_struct	*active_mm;	/* [q] borrowed by kernel threads */
	struct fs_struct	*fs;		/* [l] */
	struct files_struct	*files;		/* [l] */
	struct nsproxy		*nsproxy;	/* [l] */
	struct io_context	*io_context;	/* [l] kernel/ioprio.c; NULL: no priority was set */
	struct cgroup		*cgroup;	/* [t] NULL: the root; kernel/cgroup */
	u64			cgroup_utime, cgroup_stime; /* [t] what it had run when it came there */
	struct cgroup		*charge_group;	/* [o] what cgroup was when it charged memory last: reference */
	struct cgroup		*stack_group;	/* [I] who pays for the kernel stack: reference, or NULL */
	unsigned int		over_high;	/* [o] pages charged above memory.high: to be slept off */
	struct signal_struct	*signal;	/* [I] until release */
	struct sighand_struct	*sighand;	/* [t]+[s]: NULL after exit */
	const struct cred	*cred;		/* [l] effective (subjective) */
	const struct cred	*real_cred;	/* [l] objective */
	struct sem_undo_list	*sysvsem;	/* [o] kernel/ipc/sem_undo.c */
	struct hlist_head	shm_created;	/* the lock of kernel/ipc/shm.c */

	/* --- signals --- */
	ksigset_t		blocked;	/* [s], written by the task only */
	ksigset_t		real_blocked;	/* [s] during sigtimedwait */
	ksigset_t		saved_sigmask;	/* [o] with TIF_RESTORE_SIGMASK */
	struct sigpending	pending;	/* [s] */
	unsigned long		sas_ss_sp, sas_ss_size; /* [o] alternate stack */
	unsigned int		sas_ss_flags;	/* [o] */
	struct restart_block	restart_block;	/* [o] */

	/* --- futexes, threads --- */
	int __user		*set_child_tid, *clear_child_tid; /* [o] */
	struct robust_list_head __user *robust_list;	/* [o] */
	struct list_head	pi_state_list;		/* [f] contended PI futexes it owns */
	struct pi_waiter	*pi_blocked_on;		/* [f] the PI futex it waits for */
	bool			futex_exited;		/* [f] it can own no more of them */
	struct rseq __user	*rseq;			/* [o] */
	u32			rseq_sig;		/* [o] */
	bool			rseq_event;		/* [o] preempted since it looked; by irqs on its CPU too */

	/* --- odds and ends --- */
	char			comm[TASK_COMM_LEN];	/* [l] */
	unsigned int		personality;	/* [o] */
	unsigned int		in_execve:1, sched_migrated:1; /* [o] */
	unsigned int		exit_stop_owed:1; /* [o] the tracer is to be told of the end of this call */
	bool			no_new_privs;	/* [s] only ever set, by the task or by seccomp's TSYNC */
	int			seccomp_mode;	/* [s] SECCOMP_MODE_* */
	struct seccomp_filter	*seccomp_filter; /* [s] the newest of its chain */
	int			pagefault_disabled;	/* [o] */
	u32			mempolicy;		/* [o] <mm/mempolicy.h> */
	int			link_count, total_link_count;	/* [o] symlink nesting in a walk */
	struct nameidata	*nameidata;	/* [o] the path walk in progress: fs/namei.c */
	void			*journal_info;	/* [o] for file systems */
	struct list_head	task_works;	/* [l] run on the way to user mode */
	spinlock_t		alloc_lock;	/* [l] itself; nests inside tasklist_lock */
	u64			io_rchar, io_wchar, io_syscr, io_syscw; /* [o] /proc/<pid>/io */
	const char		*wchan;		/* [o] what it waits for, for a panic's report */
	void			*kthread_data;	/* [I] kernel threads: the argument; kernel/kthread.c */
	unsigned long		kthread_flags;	/* [a] KTHREAD_* */
	int			kthread_result;	/* [o] until KTHREAD_EXITED */
#ifdef CONFIG_FAULT_INJECTION
	unsigned int		fail_nth;	/* [o] or through /proc; kernel/fault_inject.h */
	bool			make_it_fail;	/* likewise */
#endif
#ifdef CONFIG_DEBUG
	unsigned int		lock_depth;	/* [o] */
	const void		*held_locks[16]; /* [o] rank checker, kernel/locking/lockrank.c */
#endif
};

/*
 * Kernel stack: 8 KiB, a guard page below it (vmalloc), pt_regs at its top. All of tests/user together used
 * at most 4,176 bytes of one on arm64 and 3,000 on arm, interrupts included.
 */
#define THREAD_SIZE		8192
#define STACK_END(t)		((unsigned long *)(t)->stack)

extern struct task_struct init_task;	/* pid 0, CPU 0's idle task, static */
extern rwlock_t tasklist_lock;		/* relations between tasks, pid links */

static inline struct task_struct *get_task_struct(struct task_struct *t)
{
	refcount_inc(&t->usage);
	return t;
}
void __put_task_struct(struct task_struct *t);
static inline void put_task_struct(struct task_struct *t)
{
	if (refcount_dec_and_test(&t->usage))
		__put_task_struct(t);
}

#define task_lock(t)	spin_lock(&(t)->alloc_lock)
#define task_unlock(t)	spin_unlock(&(t)->alloc_lock)

static inline bool test_task_flag(const struct task_struct *t, int flag)
{
	return READ_ONCE(t->thread_flags) & (1UL << flag);
}
static inline void set_task_flag(struct task_struct *t, int flag)
{
	__atomic_fetch_or(&t->thread_flags, 1UL << flag, __ATOMIC_SEQ_CST);
}
static inline void clear_task_flag(struct task_struct *t, int flag)
{
	__atomic_fetch_and(&t->thread_flags, ~(1UL << flag), __ATOMIC_SEQ_CST);
}
static inline bool thread_group_leader(const struct task_struct *t)
{
	return t->exit_signal >= 0;
}
static inline bool signal_pending(const struct task_struct *t)
{
	return unlikely(test_task_flag(t, TIF_SIGPENDING));
}
static inline bool fatal_signal_pending(const struct task_struct *t)
{
	return signal_pending(t) && sigismember(READ_ONCE(t->pending.signal), SIGKILL);
}
/* Is there a signal that ends a sleep in @state? */
static inline bool signal_pending_state(unsigned int state, const struct task_struct *t)
{
	if (likely(!(state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL))) || !signal_pending(t))
		return false;
	return (state & TASK_INTERRUPTIBLE) || fatal_signal_pending(t);
}

/* ---- preemption: preempt_disable(), in_interrupt() ... are in <kernel/sched/preempt.h> ------- */
/* Debug builds complain when called with preemption or interrupts off. */
void might_sleep_at(const char *file, int line);
#ifdef CONFIG_DEBUG
#define might_sleep()	might_sleep_at(__FILE__, __LINE__)
#else
#define might_sleep()	do { } while (0)
#endif

/* ---- scheduling ------------------------------------------------------------------------- */
#define set_current_state(s)	smp_store_mb_state(s)
static inline void smp_store_mb_state(unsigned int s)
{
	WRITE_ONCE(current->__state, s);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}
#define __set_current_state(s)	WRITE_ONCE(current->__state, (s))

void sched_init(void);				/* boot CPU, before interrupts */
void sched_init_cpu(unsigned int cpu, struct task_struct *idle);
void schedule(void);				/* may sleep; honours current->__state */
void schedule_idle_loop(void) __noreturn;	/* the idle task's life, kernel/sched/idle.c */
int wake_up_process(struct task_struct *t);	/* any context; 1 if it was asleep */
int wake_up_state(struct task_struct *t, unsigned int state_mask);
void sched_tick(bool user);			/* timer interrupt, irqs off */
void resched_curr_cpu(unsigned int cpu);
int sched_fork(unsigned long clone_flags, struct task_struct *child); /* copy_process; state NEW */
void sched_cancel_fork(struct task_struct *child);
void wake_up_new_task(struct task_struct *child);	/* chooses the CPU */
void sched_exec(void);				/* exec: move to an idler CPU if worth it */
void sched_dead(struct task_struct *t);		/* the last schedule() is over: finish_task_switch */
void do_task_dead(void) __noreturn;		/* exit: never runs again */
void kick_process(struct task_struct *t);	/* make it notice TIF flags if running in user mode */
void wait_task_inactive(struct task_struct *t);	/* until it is off its CPU */
void yield(void);
int cond_resched(void);
/* Sleep in current->__state until @expires (absolute, ns of @clock) or a wake-up. 0: time is up;
 * -EINTR: woken. NULL @expires: no time limit. */
int schedule_hrtimeout(const u64 *expires, clockid_t clock);
/* Sleep in current->__state at most @ns; returns the ns that were left (0: all gone). */
u64 schedule_timeout_ns(u64 ns);
#define MAX_SCHEDULE_TIMEOUT_NS	(~0ULL)
void msleep(unsigned int ms);			/* uninterruptible */
/* CPU time of a task including what it runs right now; ns. */
void task_cputime(struct task_struct *t, u64 *utime, u64 *stime);
/* siglock or tasklist_lock held, or all threads but @t gone: a thread that exits leaves the list walked here. */
void thread_group_cputime(struct task_struct *t, u64 *utime, u64 *stime);
u64 task_sched_runtime(struct task_struct *t);
/* /proc/<pid>/sched, with the numbers of @ns: show.c */
struct seq_file;
struct pid_namespace;
void sched_show_task(struct seq_file *m, struct task_struct *t, struct pid_namespace *ns);
void set_user_nice(struct task_struct *t, int nice);
static inline int task_nice(const struct task_struct *t)
{
	return t->static_prio - 120;
}
int task_prio(const struct task_struct *t);	/* the "priority" of /proc/<pid>/stat */
int set_cpus_allowed(struct task_struct *t, const struct cpumask *mask);
struct task_struct *idle_task(unsigned int cpu);
struct task_struct *cpu_curr(unsigned int cpu);
unsigned int nr_running(void);
u64 nr_context_switches(void);
extern unsigned long avenrun[3];		/* load averages, fixed point with 11 bits */
void get_avenrun(unsigned long loads[3]);	/* brought up to date first */
unsigned int nr_uninterruptible(void);
/* Lend @t the priority @prio (0..139; MAX_PRIO: nothing any more): PI futexes. */
void sched_set_pi_prio(struct task_struct *t, int prio);
extern unsigned int total_forks;

/* The state letter of /proc/<pid>/stat. */
char task_state_char(const struct task_struct *t);

/* ---- life of a process: kernel/fork.c, exit.c, wait.c ---------------------------------------- */
struct kernel_clone_args {
	u64			flags;		/* CLONE_*, without the exit signal */
	int __user		*pidfd, *child_tid, *parent_tid;
	int			exit_signal;
	unsigned long		stack, stack_size, tls;
	pid_t			*set_tid;	/* kernel copy */
	size_t			set_tid_size;
	int			cgroup;
	int			(*fn)(void *);	/* kernel thread */
	void			*fn_arg;
	const char		*name;		/* kernel thread's comm */
	bool			kthread, idle;
	bool			trace;		/* the child of a traced task is traced, too */
};
pid_t kernel_clone(struct kernel_clone_args *args);
struct task_struct *copy_process(struct pid *pid, struct kernel_clone_args *args);
struct task_struct *fork_idle(unsigned int cpu);
pid_t kernel_thread(int (*fn)(void *), void *arg, const char *name, unsigned long flags);
pid_t user_mode_thread(int (*fn)(void *), void *arg, unsigned long flags);
void do_exit(long code) __noreturn;
void do_group_exit(int code) __noreturn;
void release_task(struct task_struct *t);
void mm_release(struct task_struct *t, struct mm_struct *mm); /* clear_child_tid, robust list, vfork_done */
void set_task_comm(struct task_struct *t, const char *name);
void get_task_comm(char buf[TASK_COMM_LEN], struct task_struct *t);
void fork_init(void);
extern int max_threads;

/* Out of its parent's children; tasklist_lock held for write. */
static inline void unlink_sibling(struct task_struct *t)
{
	if (t->real_parent->last_zombie == &t->sibling)
		t->real_parent->last_zombie = t->sibling.prev;
	list_del_init(&t->sibling);
}

/* Iterate: hold tasklist_lock (read). */
#define for_each_process(p) \
	list_for_each_entry(p, &init_task.tasks, tasks)
#define for_each_thread(leader, t) \
	list_for_each_entry(t, &(leader)->signal->thread_head, thread_node)
#define for_each_process_thread(p, t) for_each_process(p) for_each_thread(p, t)

/* Deferred work of a task, run in its own context on the way to user mode. */
struct callback_head_work {
	struct list_head	node;
	void			(*func)(struct callback_head_work *);
};
int task_work_add(struct task_struct *t, struct callback_head_work *work); /* -ESRCH when exiting */
void task_work_run(void);
