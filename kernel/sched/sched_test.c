// SPDX-License-Identifier: GPL-2.0-only
/* Tests of the scheduler that need no user space: sharing by weight, wake-ups, completions,
 * affinity. */
#include <kernel/sched/internal.h>

#include <kernel/kthread.h>
#include <kernel/lib/string.h>
#include <kernel/lib/unit.h>
#include <kernel/sched/completion.h>
#include <kernel/sched/policy.h>

/* ---- fair class on a queue of its own ------------------------------------------------------ */

#define SIM_TASKS	3
#define SIM_STEP_NS	1000000ULL

struct sim {
	struct rq		rq;
	struct task_struct	tasks[SIM_TASKS];
	struct task_struct	idle;
};
static struct sim sim;

static void sim_start(const int nice[SIM_TASKS])
{
	unsigned int i;

	memset(&sim, 0, sizeof(sim));
	sim.rq.cpu = smp_processor_id();
	sim.rq.curr = sim.rq.idle = &sim.idle;
	/* resched_curr() has nothing to say to a task that is flagged already. */
	sim.idle.thread_flags = 1UL << TIF_NEED_RESCHED;
	fair_init_rq(&sim.rq.cfs);
	for (i = 0; i < SIM_TASKS; i++) {
		struct task_struct *t = &sim.tasks[i];

		t->static_prio = DEFAULT_PRIO + nice[i];
		t->thread_flags = 1UL << TIF_NEED_RESCHED;
		fair_fork(t);
		fair_sched_class.enqueue(&sim.rq, t, ENQUEUE_INITIAL);
	}
}

static void sim_run(unsigned int steps)
{
	struct task_struct *curr = NULL, *next;

	while (steps--) {
		next = fair_sched_class.pick(&sim.rq);
		if (next != curr) {
			if (curr)
				fair_sched_class.put_prev(&sim.rq, curr);
			fair_sched_class.set_next(&sim.rq, next);
			sim.rq.curr = next;
		}
		curr = next;
		sim.rq.clock += SIM_STEP_NS;
		fair_sched_class.update(&sim.rq);
	}
	fair_sched_class.put_prev(&sim.rq, curr);
	sim.rq.curr = &sim.idle;
}

static u64 sim_share(unsigned int i)
{
	return sim.tasks[i].se.sum_exec_runtime / SIM_STEP_NS;
}

UNIT_TEST(fair_equal_weights)
{
	sim_start((const int[SIM_TASKS]) { 0, 0, 0 });
	sim_run(300);
	EXPECT(sim_share(0) >= 94 && sim_share(0) <= 106);
	EXPECT(sim_share(1) >= 94 && sim_share(1) <= 106);
	EXPECT_EQ(sim_share(0) + sim_share(1) + sim_share(2), 300);
}

/* Five steps of nice are a ratio of three. */
UNIT_TEST(fair_nice_ratio)
{
	sim_start((const int[SIM_TASKS]) { 0, 5, 5 });
	sim_run(1000);
	EXPECT(sim_share(0) > 560 && sim_share(0) < 640);
	EXPECT(sim_share(1) > 170 && sim_share(1) < 230);
}

/* One that sleeps and comes back gets no more than its share from then on. */
UNIT_TEST(fair_sleeper_keeps_lag)
{
	u64 before;

	sim_start((const int[SIM_TASKS]) { 0, 0, 0 });
	fair_sched_class.dequeue(&sim.rq, &sim.tasks[2], DEQUEUE_SLEEP);
	sim_run(200);
	fair_sched_class.enqueue(&sim.rq, &sim.tasks[2], ENQUEUE_WAKEUP);
	before = sim_share(2);
	sim_run(300);
	EXPECT(sim_share(2) - before >= 90 && sim_share(2) - before <= 110);
}

UNIT_TEST(fair_sums_return_to_zero)
{
	unsigned int i;

	sim_start((const int[SIM_TASKS]) { -20, 0, 19 });
	sim_run(100);
	for (i = 0; i < SIM_TASKS; i++)
		fair_sched_class.dequeue(&sim.rq, &sim.tasks[i], DEQUEUE_SLEEP);
	EXPECT_EQ(sim.rq.cfs.nr, 0);
	EXPECT_EQ(sim.rq.cfs.load, 0);
	EXPECT_EQ(sim.rq.cfs.sum, 0);
	EXPECT(!rb_first_cached(&sim.rq.cfs.tree));
}

/* ---- real threads -------------------------------------------------------------------------- */

struct ping {
	struct completion	go, back;
	unsigned int		rounds;
	unsigned int		cpu;
	bool			stop;
};

static int ping_thread(void *data)
{
	struct ping *p = data;

	for (;;) {
		wait_for_completion(&p->go);
		if (READ_ONCE(p->stop))
			return 42;
		p->rounds++;
		p->cpu = smp_processor_id();
		complete(&p->back);
	}
}

/* @t was referenced when it was made. */
static void ping_stop(struct ping *p, struct task_struct *t)
{
	WRITE_ONCE(p->stop, true);
	complete(&p->go);
	EXPECT_EQ(kthread_stop(t), 42);
	put_task_struct(t);
}

UNIT_TEST(sched_completions_ping_pong)
{
	struct ping p = { 0 };
	struct task_struct *t;
	unsigned int i;

	init_completion(&p.go);
	init_completion(&p.back);
	t = kthread_create(ping_thread, &p, "test-ping");
	EXPECT(!IS_ERR(t));
	if (IS_ERR(t))
		return;
	get_task_struct(t);
	wake_up_process(t);
	for (i = 0; i < 100; i++) {
		complete(&p.go);
		wait_for_completion(&p.back);
	}
	EXPECT_EQ(p.rounds, 100);
	ping_stop(&p, t);
}

UNIT_TEST(sched_timeout_of_completion)
{
	struct completion c;
	u64 before = ktime_get_ns();

	init_completion(&c);
	EXPECT_EQ(wait_for_completion_timeout(&c, 2000000), 0);
	EXPECT(ktime_get_ns() - before >= 2000000);
	complete(&c);
	EXPECT(wait_for_completion_timeout(&c, 2000000) > 0);
	EXPECT(!try_wait_for_completion(&c));
}

UNIT_TEST(sched_thread_on_each_cpu)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		struct ping p = { .cpu = NR_CPUS };
		struct task_struct *t;

		init_completion(&p.go);
		init_completion(&p.back);
		t = kthread_create_on_cpu(ping_thread, &p, cpu, "test-cpu");
		EXPECT(!IS_ERR(t));
		if (IS_ERR(t))
			return;
		get_task_struct(t);
		wake_up_process(t);
		complete(&p.go);
		wait_for_completion(&p.back);
		EXPECT_EQ(p.cpu, cpu);
		ping_stop(&p, t);
	}
}

static int spin_thread(void *data)
{
	while (!kthread_should_stop())
		cpu_relax();
	return 0;
}

/* A spinner in the kernel is preempted, and a real-time thread runs before it. */
UNIT_TEST(sched_rt_preempts_fair)
{
	struct task_struct *spinner, *t;
	struct ping p = { 0 };
	unsigned int cpu = get_cpu();

	put_cpu();
	init_completion(&p.go);
	init_completion(&p.back);
	spinner = kthread_create_on_cpu(spin_thread, NULL, cpu, "test-spin");
	t = kthread_create_on_cpu(ping_thread, &p, cpu, "test-rt");
	EXPECT(!IS_ERR(spinner) && !IS_ERR(t));
	if (IS_ERR(spinner) || IS_ERR(t))
		return;
	get_task_struct(spinner);
	get_task_struct(t);
	EXPECT_EQ(sched_set_fifo(t, 10), 0);
	EXPECT_EQ(task_prio(t), -11);
	wake_up_process(t);
	wake_up_process(spinner);
	complete(&p.go);
	wait_for_completion(&p.back);
	EXPECT_EQ(p.rounds, 1);
	ping_stop(&p, t);
	kthread_stop(spinner);
	put_task_struct(spinner);
}
