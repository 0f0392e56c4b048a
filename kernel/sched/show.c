// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of /proc/<pid>/sched: what the scheduler knows of a task, in the layout of Linux.
 *
 * Linux's lines about load averages of single tasks (PELT) and NUMA faults are missing: nothing here keeps them.
 * Locking: the run queue's lock for the snapshot.
 */
#include <fs/seq_file.h>
#include <kernel/lib/math64.h>
#include <kernel/pid.h>
#include <kernel/sched/internal.h>
#include <kernel/signal.h>

static void show_number(struct seq_file *m, const char *name, s64 n)
{
	seq_printf(m, "%-45s:%21lld\n", name, (long long)n);
}

/* Milliseconds. */
static void show_ns(struct seq_file *m, const char *name, u64 ns)
{
	u32 rest;
	u64 ms = div_u64_rem(ns, 1000000, &rest);

	seq_printf(m, "%-45s:%14llu.%06u\n", name, (unsigned long long)ms, rest);
}

void sched_show_task(struct seq_file *m, struct task_struct *t, struct pid_namespace *ns)
{
	struct sched_entity se;
	unsigned long flags;
	struct rq *rq;

	seq_printf(m, "%s (%d, #threads: %d)\n", t->comm, task_pid_nr_type_ns(t, PIDTYPE_PID, ns),
		   t->signal->nr_threads);
	seq_puts(m, "-------------------------------------------------------------------\n");
	(void)task_sched_runtime(t);		/* up to now, if it runs */
	rq = task_rq_lock(t, &flags);
	se = t->se;
	task_rq_unlock(rq, t, flags);
	show_ns(m, "se.exec_start", se.exec_start);
	show_ns(m, "se.vruntime", se.vruntime);
	show_ns(m, "se.sum_exec_runtime", se.sum_exec_runtime);
	show_number(m, "nr_switches", t->nvcsw + t->nivcsw);
	show_number(m, "nr_voluntary_switches", t->nvcsw);
	show_number(m, "nr_involuntary_switches", t->nivcsw);
	/* On 64-bit machines Linux's weights have ten more bits. */
	show_number(m, "se.load.weight", (s64)se.weight << (sizeof(long) == 8 ? 10 : 0));
	show_number(m, "policy", t->policy);
	show_number(m, "prio", t->prio);
}
