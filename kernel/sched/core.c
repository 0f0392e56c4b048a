// SPDX-License-Identifier: GPL-2.0-only
/*
 * The scheduler's core: switching tasks, waking them, preemption, and the hooks of fork and exit.
 *
 * __schedule() runs with preemption off and takes this CPU's rq->lock with irqs off; the lock is
 * handed through the switch and released in finish_task_switch() by the task that runs next.
 *
 * Wake-ups against going to sleep: a sleeper sets __state, then looks at its condition, then
 * __schedule()s, which clears on_rq and, when the registers are saved, on_cpu.  A waker sets the
 * condition, takes pi_lock, and looks at __state, on_rq and on_cpu in that order (with barriers in
 * between): whichever it finds still set it either undoes under rq->lock or waits for.
 */
#include <kernel/rseq.h>
#include <kernel/sched/internal.h>

#include <kernel/lib/err.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/signal.h>
#include <kernel/smp.h>
#include <kernel/time/tick.h>
#include <mm/mm.h>
#include <asm/uaccess.h>

#define ASSERT_SAME_OFFSET(member) \
	static_assert(offsetof(struct task_struct, member) == offsetof(struct task_head, member))
ASSERT_SAME_OFFSET(thread_flags);
ASSERT_SAME_OFFSET(stack_canary);
ASSERT_SAME_OFFSET(preempt_count);
ASSERT_SAME_OFFSET(cpu);

DEFINE_PER_CPU_ALIGNED(struct rq, runqueues);

static bool scheduler_running;		/* [I] once the idle loop runs: sleeping is possible */

/* ---- queue locks ----------------------------------------------------------------------------- */

struct rq *__task_rq_lock(struct task_struct *t)
{
	assert_held(&t->pi_lock);
	for (;;) {
		struct rq *rq = task_rq(t);

		rq_lock(rq);
		if (likely(rq == task_rq(t) && READ_ONCE(t->on_rq) != TASK_ON_RQ_MIGRATING))
			return rq;
		rq_unlock(rq);
		while (READ_ONCE(t->on_rq) == TASK_ON_RQ_MIGRATING)
			cpu_relax();
	}
}

struct rq *task_rq_lock(struct task_struct *t, unsigned long *flags)
{
	spin_lock_irqsave(&t->pi_lock, *flags);
	return __task_rq_lock(t);
}

void task_rq_unlock(struct rq *rq, struct task_struct *t, unsigned long flags)
{
	rq_unlock(rq);
	spin_unlock_irqrestore(&t->pi_lock, flags);
}

/* ---- on and off the queue ------------------------------------------------------------------ */

void activate_task(struct rq *rq, struct task_struct *t, int flags)
{
	t->sched_class->enqueue(rq, t, flags);
	rq->nr_running++;
	WRITE_ONCE(t->on_rq, TASK_ON_RQ_QUEUED);
}

void deactivate_task(struct rq *rq, struct task_struct *t, int flags)
{
	t->sched_class->dequeue(rq, t, flags);
	rq->nr_running--;
	WRITE_ONCE(t->on_rq, flags & DEQUEUE_SLEEP ? 0 : TASK_ON_RQ_MIGRATING);
}

void set_task_cpu(struct task_struct *t, unsigned int cpu)
{
	t->wake_cpu = cpu;
	if (t->rseq && t->cpu != cpu)
		set_task_flag(t, TIF_NOTIFY_RESUME);	/* it has to be told the number */
	WRITE_ONCE(t->cpu, cpu);
}

void detach_task(struct rq *rq, struct task_struct *t)
{
	deactivate_task(rq, t, 0);
}

void attach_task(struct rq *dst, struct task_struct *t)
{
	rq_lock(dst);
	update_rq_clock(dst);
	set_task_cpu(t, dst->cpu);
	activate_task(dst, t, 0);
	check_preempt(dst, t, 0);
	rq_unlock(dst);
}

void resched_curr(struct rq *rq)
{
	struct task_struct *curr = rq->curr;

	if (test_task_flag(curr, TIF_NEED_RESCHED))
		return;
	set_task_flag(curr, TIF_NEED_RESCHED);
	if (rq->cpu != smp_processor_id())
		smp_send_ipi(rq->cpu, IPI_RESCHEDULE);
}

void resched_curr_cpu(unsigned int cpu)
{
	struct rq *rq = cpu_rq(cpu);
	unsigned long flags = irq_save();

	rq_lock(rq);
	resched_curr(rq);
	rq_unlock(rq);
	irq_restore(flags);
}

/* @t is of another class than what runs. One of the two may be the fair class and the other that of groups. */
static bool outranks(struct rq *rq, struct task_struct *t, int flags)
{
	int rank = t->sched_class->rank, curr_rank = rq->curr->sched_class->rank;

	return rank == curr_rank ? group_preempts(rq, t, flags) : rank > curr_rank;
}

void check_preempt(struct rq *rq, struct task_struct *t, int flags)
{
	const struct sched_class *curr_class = rq->curr->sched_class;

	/*
	 * Both fair, and the waker is about to sleep anyhow: a pipe's writer that waits for an answer.
	 * Or a parent that has just forked: it goes on, as on Linux.  The child first would save a switch where
	 * the parent does nothing but wait (fork+exec: one per cent), but fork would return after its slice.
	 */
	if ((flags & (WF_SYNC | WF_FORK)) && curr_class == &fair_sched_class && t->sched_class == curr_class)
		return;
	if (t->sched_class == curr_class ? curr_class->preempts(rq, t, flags)
					 : outranks(rq, t, flags))
		resched_curr(rq);
}

/* ---- waking up ------------------------------------------------------------------------------- */

/* It has not left the queue: let it run on. */
static bool wake_queued(struct task_struct *t, int flags)
{
	struct rq *rq = __task_rq_lock(t);
	bool queued = task_queued(t);

	if (queued) {
		WRITE_ONCE(t->__state, TASK_RUNNING);
		if (!t->on_cpu) {
			update_rq_clock(rq);
			check_preempt(rq, t, flags);
		}
	}
	rq_unlock(rq);
	return queued;
}

/* It is off the queue and, when its CPU has let go of it, ours: choose a CPU and queue it there. */
static void wake_sleeping(struct task_struct *t, int flags)
{
	unsigned int cpu = t->cpu;
	struct rq *rq;

	while (__atomic_load_n(&t->on_cpu, __ATOMIC_ACQUIRE))
		cpu_relax();
	if (!only_cpu())
		cpu = select_task_rq(t, t->wake_cpu, flags);
	if (cpu != t->cpu)
		set_task_cpu(t, cpu);
	rq = cpu_rq(cpu);
	rq_lock(rq);
	update_rq_clock(rq);
	if (t->contributes_to_load) {
		t->contributes_to_load = false;
		rq->nr_uninterruptible--;
	}
	WRITE_ONCE(t->__state, TASK_RUNNING);
	activate_task(rq, t, ENQUEUE_WAKEUP);
	check_preempt(rq, t, flags);
	rq_unlock(rq);
}

int try_to_wake_up(struct task_struct *t, unsigned int state_mask, int flags)
{
	unsigned long irqflags;
	int woken = 0;

	if (t == current) {	/* between setting its state and schedule() */
		if (!(READ_ONCE(t->__state) & state_mask))
			return 0;
		WRITE_ONCE(t->__state, TASK_RUNNING);
		return 1;
	}
	spin_lock_irqsave(&t->pi_lock, irqflags);
	smp_mb();		/* the caller's condition before our look at the state */
	if (READ_ONCE(t->__state) & state_mask) {
		woken = 1;
		smp_rmb();	/* __state before on_rq, see __schedule() */
		if (!READ_ONCE(t->on_rq) || !wake_queued(t, flags))
			wake_sleeping(t, flags);
	}
	spin_unlock_irqrestore(&t->pi_lock, irqflags);
	return woken;
}

int wake_up_process(struct task_struct *t)
{
	return try_to_wake_up(t, TASK_NORMAL, 0);
}

int wake_up_state(struct task_struct *t, unsigned int state_mask)
{
	return try_to_wake_up(t, state_mask, 0);
}

/* ---- switching ----------------------------------------------------------------------------- */

static void push_task(struct task_struct *t)
{
	int cpu = t->push_cpu;

	t->push_cpu = -1;
	if (cpu < 0 || !cpumask_test_cpu(cpu, &t->cpus_mask) || !cpu_online(cpu))
		cpu = select_task_rq(t, t->cpu, WF_EXEC);
	attach_task(cpu_rq(cpu), t);
}

/*
 * In the context of the task that was switched to; @prev ran before it on this CPU.  After on_cpu
 * is 0 a waker may run @prev elsewhere, or its last reference may go: what is needed is read
 * before.
 */
static void finish_task_switch(struct task_struct *prev)
{
	struct rq *rq = this_rq();
	struct mm_struct *mm = rq->prev_mm;
	unsigned int prev_state = READ_ONCE(prev->__state);
	bool push = prev->on_rq == TASK_ON_RQ_MIGRATING;

	rq->prev_mm = NULL;
	lock_debug_acquired(lock_debug_of(&rq->lock), false);
	smp_store_release(&prev->on_cpu, 0);
	rq_unlock(rq);
	if (unlikely(push))
		push_task(prev);
	irq_enable();
	if (mm)
		mmdrop(mm);
	if (unlikely(prev_state == TASK_DEAD))
		sched_dead(prev);
}

/* Kernel threads borrow the address space they find: no table switch, one reference. */
static inline void switch_mm(struct rq *rq, struct task_struct *prev, struct task_struct *next)
{
	if (next->mm) {
		pgtable_switch(prev->active_mm, next->mm);
		if (!prev->mm) {
			rq->prev_mm = prev->active_mm;
			prev->active_mm = NULL;
		}
	} else {
		next->active_mm = prev->active_mm;
		if (prev->mm)
			mmgrab(prev->active_mm);
		else
			prev->active_mm = NULL;
	}
}

static inline void context_switch(struct rq *rq, struct task_struct *prev, struct task_struct *next)
{
	prev->sched_class->put_prev(rq, prev);
	next->sched_class->set_next(rq, next);
	rq->nr_switches++;
	rq->curr = next;
	next->on_cpu = 1;
	if (unlikely(prev->rseq))
		rseq_switch_out(prev);
	switch_mm(rq, prev, next);
	lock_debug_release(lock_debug_of(&rq->lock), false);
	prev = switch_to(prev, next);
	finish_task_switch(prev);
}

static inline struct task_struct *pick_next_task(struct rq *rq)
{
	struct task_struct *next;

	if (likely(rq->nr_running && rq->nr_running == rq->cfs.nr))
		return fair_sched_class.pick(rq);
	do {
		if (rq->rt.nr)
			return rt_sched_class.pick(rq);
		next = fair_sched_class.pick(rq);
		if (next)
			return next;
	} while (newidle_balance(rq));
	return rq->idle;
}

/* @prev leaves the queue to sleep, unless a signal keeps it awake. */
static inline void prepare_sleep(struct rq *rq, struct task_struct *prev, unsigned int state)
{
	if (signal_pending_state(state, prev)) {
		WRITE_ONCE(prev->__state, TASK_RUNNING);
		return;
	}
	if ((state & TASK_UNINTERRUPTIBLE) && !(state & (TASK_NOLOAD | TASK_FROZEN))) {
		prev->contributes_to_load = true;
		rq->nr_uninterruptible++;
	}
	deactivate_task(rq, prev, DEQUEUE_SLEEP);
}

/* Preemption is off (once); irqs are on. @preempt: it does not want to sleep, whatever its
 * state. */
static void __schedule(bool preempt)
{
	struct task_struct *prev, *next;
	unsigned int state;
	struct rq *rq;

	irq_disable();
	rq = this_rq();
	prev = rq->curr;
	rq_lock(rq);
	smp_mb();		/* prev's __state, against wakers: see try_to_wake_up() */
	update_rq_clock(rq);
	state = READ_ONCE(prev->__state);
	if (!preempt && state)
		prepare_sleep(rq, prev, state);
	else if (unlikely(prev->push_cpu >= 0))
		detach_task(rq, prev);
	else
		prev->sched_class->update(rq);
	next = pick_next_task(rq);
	if (test_task_flag(prev, TIF_NEED_RESCHED))
		clear_task_flag(prev, TIF_NEED_RESCHED);
	if (likely(prev != next)) {
		if (prev->on_rq)
			prev->nivcsw++;
		else
			prev->nvcsw++;
		context_switch(rq, prev, next);	/* unlocks, enables irqs */
	} else {
		rq_unlock(rq);
		irq_enable();
	}
}

static void check_stack(const struct task_struct *t)
{
	if (unlikely(*STACK_END(t) != STACK_END_MAGIC))
		panic("kernel stack of %s/%d was overrun", t->comm, t->pid);
}

void schedule(void)
{
	struct task_struct *t = current;

	if (IS_ENABLED(CONFIG_DEBUG)) {
		check_stack(t);
		if (unlikely(t->preempt_count && !panic_in_progress))
			panic("schedule() in atomic context: preempt_count %#x, irqs %s",
			      t->preempt_count, irqs_disabled() ? "off" : "on");
		lock_debug_check_sleep();
	}
	do {
		preempt_disable();
		__schedule(false);
		preempt_enable_no_resched();
	} while (need_resched());
}

/* Preemption stays off here, so that nothing but this runs another task instead of the idle one. */
void schedule_idle(void)
{
	do {
		__schedule(false);
	} while (need_resched());
}

/* The last reason against preemption has gone and somebody else should run. */
void preempt_schedule(void)
{
	if (unlikely(preempt_count() || irqs_disabled()))
		return;
	do {
		preempt_disable();
		__schedule(true);
		preempt_enable_no_resched();
	} while (need_resched());
}

/* From the end of an interrupt in the kernel: irqs off before and after. */
void preempt_schedule_irq(void)
{
	do {
		preempt_disable();
		__schedule(true);	/* turns irqs on */
		irq_disable();
		preempt_enable_no_resched();
	} while (need_resched());
}

/* First thing a new task does; preempt_count is 1 from sched_fork(), irqs are off. */
void schedule_tail(struct task_struct *prev)
{
	finish_task_switch(prev);
	preempt_enable();
	if (current->set_child_tid)
		put_user(task_pid_vnr(current), current->set_child_tid);
	calculate_sigpending();
}

void yield(void)
{
	struct rq *rq;

	__set_current_state(TASK_RUNNING);
	irq_disable();
	rq = this_rq();
	rq_lock(rq);
	update_rq_clock(rq);
	rq->curr->sched_class->yield(rq);
	rq_unlock(rq);
	irq_enable();
	schedule();
}

int cond_resched(void)
{
	if (!need_resched() || in_atomic() || irqs_disabled())
		return 0;
	preempt_schedule();
	return 1;
}

void might_sleep_at(const char *file, int line)
{
	if (likely(!in_atomic() && !irqs_disabled()) || !scheduler_running || panic_in_progress)
		return;
	pr_err("sleeping function called at %s:%d: preempt_count %#x, irqs %s, %s/%d\n", file, line,
	       preempt_count(), irqs_disabled() ? "off" : "on", current->comm, current->pid);
	warn_at(file, line, "might_sleep");
}

/* ---- tick ------------------------------------------------------------------------------------ */

void sched_tick(bool user)
{
	struct rq *rq = this_rq();
	struct task_struct *curr = rq->curr;

	rq_lock(rq);
	update_rq_clock(rq);
	curr->sched_class->tick(rq, curr);
	rq_unlock(rq);
	account_tick(rq, curr, user);
	calc_load_tick(rq->clock);
	trigger_balance(rq);
}

/* ---- fork and exit --------------------------------------------------------------------------- */

int sched_fork(unsigned long clone_flags, struct task_struct *child)
{
	child->__state = TASK_NEW;
	child->on_rq = 0;
	child->on_cpu = 0;
	child->preempt_count = 1;	/* the switch to it; see schedule_tail() */
	child->push_cpu = -1;
	child->kthread_data = NULL;
	child->kthread_flags = 0;
	child->contributes_to_load = false;
	child->nvcsw = child->nivcsw = 0;
	child->utime = child->stime = 0;
	child->prev_utime = child->prev_stime = 0;
	spin_lock_init_rank(&child->pi_lock, LOCK_RANK_PI);
	INIT_LIST_HEAD(&child->rt.run_list);
	child->rt.time_slice = child->rt.awake = 0;
	child->pi_prio = MAX_PRIO;
	clear_task_flag(child, TIF_NEED_RESCHED);
	if (child->sched_reset_on_fork) {
		if (task_has_rt_policy(child) || task_nice(child) < 0)
			child->static_prio = DEFAULT_PRIO;
		child->policy = SCHED_NORMAL;
		child->rt_priority = 0;
		child->sched_reset_on_fork = false;
	}
	fair_fork(child);
	set_load_class(child);
	set_task_cpu(child, smp_processor_id());
	return 0;
}

void sched_cancel_fork(struct task_struct *child)
{
}

void wake_up_new_task(struct task_struct *child)
{
	unsigned long flags;
	struct rq *rq;

	spin_lock_irqsave(&child->pi_lock, flags);
	WRITE_ONCE(child->__state, TASK_RUNNING);
	set_task_cpu(child, select_task_rq(child, child->cpu, WF_FORK));
	rq = cpu_rq(child->cpu);
	rq_lock(rq);
	update_rq_clock(rq);
	activate_task(rq, child, ENQUEUE_INITIAL);
	check_preempt(rq, child, WF_FORK);
	rq_unlock(rq);
	spin_unlock_irqrestore(&child->pi_lock, flags);
}

void sched_dead(struct task_struct *t)
{
	put_task_struct(t);
}

void do_task_dead(void)
{
	unsigned long flags;

	/* A waker that saw the old state has left by now; none will match the new one. */
	spin_lock_irqsave(&current->pi_lock, flags);
	WRITE_ONCE(current->__state, TASK_DEAD);
	spin_unlock_irqrestore(&current->pi_lock, flags);
	preempt_disable();
	__schedule(false);
	BUG();
}

/* ---- the sum of all queues ----------------------------------------------------------------- */

struct task_struct *cpu_curr(unsigned int cpu)
{
	return READ_ONCE(cpu_rq(cpu)->curr);
}

struct task_struct *idle_task(unsigned int cpu)
{
	return cpu_rq(cpu)->idle;
}

unsigned int nr_running(void)
{
	unsigned int cpu, n = 0;

	for_each_online_cpu(cpu)
		n += READ_ONCE(cpu_rq(cpu)->nr_running);
	return n;
}

unsigned int nr_uninterruptible(void)
{
	unsigned int cpu;
	int n = 0;

	for_each_possible_cpu(cpu)
		n += READ_ONCE(cpu_rq(cpu)->nr_uninterruptible);
	return max(n, 0);
}

u64 nr_context_switches(void)
{
	unsigned int cpu;
	u64 n = 0;

	for_each_possible_cpu(cpu)
		n += READ_ONCE(cpu_rq(cpu)->nr_switches);
	return n;
}

char task_state_char(const struct task_struct *t)
{
	unsigned int state = READ_ONCE(t->__state);

	if (READ_ONCE(t->exit_state) & EXIT_DEAD)
		return 'X';
	if (READ_ONCE(t->exit_state) & EXIT_ZOMBIE)
		return 'Z';
	if (state == TASK_IDLE)
		return 'I';
	if (state & TASK_UNINTERRUPTIBLE)
		return 'D';
	if (state & TASK_INTERRUPTIBLE)
		return 'S';
	if (state & __TASK_STOPPED)
		return 'T';
	if (state & __TASK_TRACED)
		return 't';
	if (state & TASK_DEAD)
		return 'X';
	return 'R';
}

/* ---- set-up ------------------------------------------------------------------------------ */

void sched_init_cpu(unsigned int cpu, struct task_struct *idle)
{
	struct rq *rq = cpu_rq(cpu);

	spin_lock_init_rank(&rq->lock, LOCK_RANK_RQ);
	rq->cpu = cpu;
	rq->idle = rq->curr = idle;
	fair_init_rq(&rq->cfs);
	rt_init_rq(&rq->rt);
	idle->sched_class = &idle_sched_class;
	idle->prio = idle->normal_prio = idle->static_prio = MAX_PRIO;
	idle->pi_prio = MAX_PRIO;
	idle->policy = SCHED_NORMAL;
	idle->push_cpu = -1;
	idle->flags |= PF_IDLE | PF_NO_SETAFFINITY;
	idle->__state = TASK_RUNNING;
	idle->on_rq = TASK_ON_RQ_QUEUED;
	idle->on_cpu = 1;
	idle->preempt_count = 1;	/* never preempted: it gives way by itself */
	spin_lock_init_rank(&idle->pi_lock, LOCK_RANK_PI);
	cpumask_copy(&idle->cpus_mask, cpumask_of(cpu));
	idle->nr_cpus_allowed = 1;
	set_task_cpu(idle, cpu);
	rq->clock = sched_clock();
}

void sched_init(void)
{
	sched_init_cpu(0, &init_task);
	/* init and kthreadd are forked from this task and inherit from it. */
	init_task.static_prio = init_task.normal_prio = init_task.prio = DEFAULT_PRIO;
	cpumask_setall(&init_task.cpus_mask);
	init_task.nr_cpus_allowed = NR_CPUS;
	init_task.flags &= ~PF_NO_SETAFFINITY;
}

/* The boot CPU's idle task enters the idle loop: from now on tasks can sleep. */
void sched_start(void)
{
	scheduler_running = true;
}
