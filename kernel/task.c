// SPDX-License-Identifier: GPL-2.0-only
/*
 * The task_struct itself: the first one, allocation and the last reference, names, task work.
 *
 * A task_struct and its kernel stack live as long as its usage count: one for the task's own running,
 * one for whoever reaps it, more for those who look at it.
 *
 * Locking: task->alloc_lock for comm and the work list; the caches are their own.
 */
#include <kernel/task.h>

#include <fs/file.h>
#include <fs/fs_struct.h>
#include <kernel/cgroup/cgroup.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/nsproxy.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/random.h>
#include <kernel/seccomp.h>
#include <kernel/signal.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>

DEFINE_RWLOCK_RANK(tasklist_lock, LOCK_RANK_TASKLIST);
int max_threads;
static struct kmem_cache *task_struct_cache;

struct sighand_struct init_sighand = {
	.siglock = __SPIN_LOCK_INIT(init_sighand.siglock, LOCK_RANK_SIGHAND),
	.count = REFCOUNT_INIT(1),
	.signalfd_wqh = __WAIT_QUEUE_HEAD_INIT(init_sighand.signalfd_wqh),
};

#define RLIM_UNLIMITED	{ RLIM_INFINITY, RLIM_INFINITY }
struct signal_struct init_signals = {
	.sigcnt = REFCOUNT_INIT(1),
	.live = ATOMIC_INIT(1),
	.nr_threads = 1,
	.thread_head = LIST_HEAD_INIT(init_task.thread_node),
	.wait_chldexit = __WAIT_QUEUE_HEAD_INIT(init_signals.wait_chldexit),
	.shared_pending.list = LIST_HEAD_INIT(init_signals.shared_pending.list),
	.posix_timers = LIST_HEAD_INIT(init_signals.posix_timers),
	.pids = {
		[PIDTYPE_TGID] = &init_struct_pid,
		[PIDTYPE_PGID] = &init_struct_pid,
		[PIDTYPE_SID] = &init_struct_pid,
	},
	.rlim = {
		[RLIMIT_CPU] = RLIM_UNLIMITED,
		[RLIMIT_FSIZE] = RLIM_UNLIMITED,
		[RLIMIT_DATA] = RLIM_UNLIMITED,
		[RLIMIT_STACK] = { 8 << 20, RLIM_INFINITY },
		[RLIMIT_CORE] = { 0, RLIM_INFINITY },
		[RLIMIT_RSS] = RLIM_UNLIMITED,
		[RLIMIT_NPROC] = { 0, 0 },		/* fork_init() */
		[RLIMIT_NOFILE] = { 1024, 4096 },
		[RLIMIT_MEMLOCK] = { 8 << 20, 8 << 20 },
		[RLIMIT_AS] = RLIM_UNLIMITED,
		[RLIMIT_LOCKS] = RLIM_UNLIMITED,
		[RLIMIT_SIGPENDING] = { 0, 0 },		/* fork_init() */
		[RLIMIT_MSGQUEUE] = { 819200, 819200 },
		[RLIMIT_NICE] = { 0, 0 },
		[RLIMIT_RTPRIO] = { 0, 0 },
		[RLIMIT_RTTIME] = RLIM_UNLIMITED,
	},
};

/* pid 0: what the boot CPU runs as, later its idle task. */
struct task_struct init_task __aligned(64) = {
	.stack = init_stack,		/* of the linker script; head.S points sp at its end */
	.preempt_count = 1,		/* until the scheduler runs */
	.flags = PF_KTHREAD | PF_IDLE,
	.usage = REFCOUNT_INIT(2),
	.prio = 120,
	.static_prio = 120,
	.normal_prio = 120,
	.policy = SCHED_NORMAL,
	.pi_lock = __SPIN_LOCK_INIT(init_task.pi_lock, LOCK_RANK_PI),
	.nr_cpus_allowed = CONFIG_NR_CPUS,
	.cpus_mask = CPU_MASK_ALL,
	.timer_slack_ns = 50000,
	.default_timer_slack_ns = 50000,
	.tasks = LIST_HEAD_INIT(init_task.tasks),
	.real_parent = &init_task,
	.parent = &init_task,
	.children = LIST_HEAD_INIT(init_task.children),
	.last_zombie = &init_task.children,
	.sibling = LIST_HEAD_INIT(init_task.sibling),
	.group_leader = &init_task,
	.thread_node = LIST_HEAD_INIT(init_signals.thread_head),
	.ptraced = LIST_HEAD_INIT(init_task.ptraced),
	.ptrace_entry = LIST_HEAD_INIT(init_task.ptrace_entry),
	.thread_pid = &init_struct_pid,
	.active_mm = &init_mm,
	.fs = &init_fs,
	.files = &init_files,
	.nsproxy = &init_nsproxy,
	.signal = &init_signals,
	.sighand = &init_sighand,
	.cred = &init_cred,
	.real_cred = &init_cred,
	.pending.list = LIST_HEAD_INIT(init_task.pending.list),
	.pi_state_list = LIST_HEAD_INIT(init_task.pi_state_list),
	.comm = "swapper",
	.task_works = LIST_HEAD_INIT(init_task.task_works),
	.alloc_lock = __SPIN_LOCK_INIT(init_task.alloc_lock, LOCK_RANK_TASK),
};

/* Threads may fill an eighth of memory with their stacks and structures. */
void fork_init(void)
{
	u64 threads = (u64)totalram_pages() * PAGE_SIZE / 8 / (THREAD_SIZE + sizeof(struct task_struct));
	struct rlimit *rlim = init_signals.rlim;

	task_struct_cache = kmem_cache_create("task_struct", sizeof(struct task_struct), 64,
					      SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	max_threads = clamp_t(u64, threads, 20, 1U << 22);
	rlim[RLIMIT_NPROC].rlim_cur = rlim[RLIMIT_NPROC].rlim_max = max_threads / 2;
	rlim[RLIMIT_SIGPENDING] = rlim[RLIMIT_NPROC];
}

/*
 * A copy of current with its own stack and two references.  Everything that the child may not share by
 * accident is cleared here, so that copy_process() can tell by a NULL what it has not got to yet.
 */
struct task_struct *dup_task_struct(void)
{
	struct task_struct *t = kmem_cache_alloc(task_struct_cache, GFP_KERNEL);
	void *stack;

	if (!t)
		return NULL;
	stack = alloc_kernel_stack();
	if (!stack) {
		kmem_cache_free(task_struct_cache, t);
		return NULL;
	}
	*t = *current;
	t->stack = stack;
	*STACK_END(t) = STACK_END_MAGIC;
	t->stack_canary = get_random_long() & CANARY_MASK;
	t->thread_flags &= 1UL << TIF_32BIT | 1UL << TIF_PAC;
	refcount_set(&t->usage, 2);
	t->mm = NULL;
	t->active_mm = NULL;
	t->fs = NULL;
	t->files = NULL;
	t->nsproxy = NULL;
	t->signal = NULL;
	t->sighand = NULL;
	t->cred = NULL;
	t->real_cred = NULL;
	t->sysvsem = NULL;
	t->cgroup = NULL;
	t->sched_group = NULL;
	t->charge_group = NULL;
	t->stack_group = NULL;
	t->thread_pid = NULL;
	t->vfork_done = NULL;
	t->last_siginfo = NULL;
	t->journal_info = NULL;
	t->wchan = NULL;
	return t;
}

/* A task_struct that never ran, or whose last reference went. */
void free_task(struct task_struct *t)
{
	release_thread(t);
	free_kernel_stack(t->stack);
	kmem_cache_free(task_struct_cache, t);
}

void __put_task_struct(struct task_struct *t)
{
	ASSERT(t != current && t != &init_task);
	ASSERT(t->exit_state || !t->thread_pid);
	put_signal_struct(t->signal);
	seccomp_release(t);
	exit_creds(t);
	if (unlikely(t->cgroup || t->charge_group || t->stack_group))
		cgroup_free_task(t);
	free_task(t);
}

/* ---- names ----------------------------------------------------------------------------------- */

void set_task_comm(struct task_struct *t, const char *name)
{
	task_lock(t);
	strscpy_pad(t->comm, name, TASK_COMM_LEN);
	task_unlock(t);
}

void get_task_comm(char buf[TASK_COMM_LEN], struct task_struct *t)
{
	task_lock(t);
	memcpy(buf, t->comm, TASK_COMM_LEN);
	task_unlock(t);
}

/* ---- task work ------------------------------------------------------------------------------- */

int task_work_add(struct task_struct *t, struct callback_head_work *work)
{
	int err = 0;

	task_lock(t);
	if (t->exit_state)
		err = -ESRCH;
	else
		list_add_tail(&work->node, &t->task_works);
	task_unlock(t);
	if (!err) {
		set_task_flag(t, TIF_NOTIFY_RESUME);
		kick_process(t);
	}
	return err;
}

void task_work_run(void)
{
	struct callback_head_work *work;

	for (;;) {
		task_lock(current);
		work = list_first_entry_or_null(&current->task_works, struct callback_head_work, node);
		if (work)
			list_del_init(&work->node);
		task_unlock(current);
		if (!work)
			return;
		work->func(work);
	}
}
