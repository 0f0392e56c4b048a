// SPDX-License-Identifier: GPL-2.0-only
/*
 * Moving tasks between CPUs: affinity, exec balancing, waiting for a task to leave its CPU.
 *
 * A queued task is moved by whoever holds its pi_lock and queue lock.  A running one is marked with
 * push_cpu; its own next __schedule() takes it off the queue, and the task that runs after it
 * queues it on the other CPU.
 */
#include <kernel/sched/internal.h>

#include <kernel/smp.h>

#define LEAVE_POLL_NS	(200 * NSEC_PER_USEC)

/* Takes pi_lock's and rq's lock from the caller and drops them. Returns whether it has to be
 * waited for. */
static bool move_away(struct task_struct *t, struct rq *rq, unsigned int dest, unsigned long flags)
{
	bool running = t->on_cpu;

	if (running) {
		t->push_cpu = dest;
		resched_curr(rq);
		rq_unlock(rq);
	} else if (task_queued(t)) {
		update_rq_clock(rq);
		detach_task(rq, t);
		rq_unlock(rq);
		attach_task(cpu_rq(dest), t);
	} else {
		rq_unlock(rq);	/* asleep: its wake-up will choose */
	}
	spin_unlock_irqrestore(&t->pi_lock, flags);
	return running;
}

/* Until @t no longer runs outside of its mask. */
static void wait_for_move(struct task_struct *t)
{
	while (READ_ONCE(t->on_cpu) && !cpumask_test_cpu(READ_ONCE(t->cpu), &t->cpus_mask)) {
		if (t == current) {
			schedule();
		} else {
			set_current_state(TASK_UNINTERRUPTIBLE);
			schedule_timeout_ns(LEAVE_POLL_NS);
		}
	}
}

int set_cpus_allowed(struct task_struct *t, const struct cpumask *mask)
{
	struct cpumask usable;
	unsigned long flags;
	unsigned int dest;
	struct rq *rq;

	if (!cpumask_and(&usable, mask, cpu_online_mask))
		return -EINVAL;
	rq = task_rq_lock(t, &flags);
	if (t->flags & PF_NO_SETAFFINITY) {
		task_rq_unlock(rq, t, flags);
		return -EINVAL;
	}
	cpumask_copy(&t->cpus_mask, mask);
	t->nr_cpus_allowed = cpumask_weight(mask);
	if (cpumask_test_cpu(t->cpu, mask) && cpu_online(t->cpu)) {
		t->push_cpu = -1;
		task_rq_unlock(rq, t, flags);
		return 0;
	}
	dest = cpumask_first(&usable);
	if (move_away(t, rq, dest, flags))
		wait_for_move(t);
	return 0;
}

/* A new program has no cache to lose: let it start on an idle CPU if this one has others to run. */
void sched_exec(void)
{
	struct task_struct *t = current;
	unsigned long flags;
	unsigned int dest;
	struct rq *rq;

	if (only_cpu() || t->nr_cpus_allowed == 1)
		return;
	rq = task_rq_lock(t, &flags);
	dest = select_task_rq(t, t->cpu, WF_EXEC);
	if (dest == rq->cpu || READ_ONCE(cpu_rq(dest)->nr_running) + 1 >= rq->nr_running) {
		task_rq_unlock(rq, t, flags);
		return;
	}
	move_away(t, rq, dest, flags);
	cond_resched();
}

/* Make @t enter the kernel if it runs in user mode on another CPU. */
void kick_process(struct task_struct *t)
{
	unsigned int cpu;

	preempt_disable();
	cpu = READ_ONCE(t->cpu);
	if (cpu != smp_processor_id() && cpu_curr(cpu) == t)
		smp_send_ipi(cpu, IPI_RESCHEDULE);
	preempt_enable();
}

void wait_task_inactive(struct task_struct *t)
{
	while (READ_ONCE(t->on_rq) || __atomic_load_n(&t->on_cpu, __ATOMIC_ACQUIRE)) {
		if (READ_ONCE(t->on_cpu) && !READ_ONCE(t->on_rq)) {
			cpu_relax();	/* in the middle of its switch */
			continue;
		}
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule_timeout_ns(LEAVE_POLL_NS);
	}
}
