// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fault injection: who fails when; see fault_inject.h.
 *
 * Locking: none. fail_nth and make_it_fail are the task's own, but for a write through /proc, which wins or
 * loses against a question that is asked at the same time. Chance needs no exact count.
 */
#include <kernel/fault_inject.h>

#include <kernel/lib/cmdline.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/printk.h>
#include <kernel/sched/preempt.h>
#include <kernel/sched/sched.h>

struct fail_chance {
	unsigned int	interval;	/* [I] every so many questions ... */
	unsigned int	percent;	/* [I] ... one fails with this probability; 0: none */
	int		times;		/* failures that are left; -1: without end */
	unsigned int	asked;
};
static struct fail_chance chances[NR_FAIL_POINTS];

/* 0 to 99. Any sequence will do, so two CPUs may get the same number. */
static unsigned int throw_dice(void)
{
	static u32 state = 2463534242U;
	u32 x = READ_ONCE(state);

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	WRITE_ONCE(state, x);
	return x % 100;
}

static bool fails_by_chance(struct fail_chance *c)
{
	if (!c->percent || !READ_ONCE(c->times) || ++c->asked % c->interval || throw_dice() >= c->percent)
		return false;
	if (c->times > 0)
		c->times--;
	return true;
}

bool should_fail(enum fail_point point)
{
	struct task_struct *t = current;
	unsigned int nth = READ_ONCE(t->fail_nth);

	if (likely(!nth && !t->make_it_fail) || in_interrupt())
		return false;
	if (!nth)
		return fails_by_chance(&chances[point]);
	WRITE_ONCE(t->fail_nth, nth - 1);
	return nth == 1;
}

void fault_inject_fork(struct task_struct *child)
{
	child->fail_nth = 0;
}

static void parse_chance(const char *key, struct fail_chance *c)
{
	const char *text = cmdline_get(key);
	unsigned int interval, percent;
	int space, times;

	if (!text)
		return;
	if (sscanf(text, "%u,%u,%d,%d", &interval, &percent, &space, &times) != 4 || !interval) {
		pr_warn("%s=%s: not INTERVAL,PROBABILITY,SPACE,TIMES\n", key, text);
		return;
	}
	*c = (struct fail_chance){ .interval = interval, .percent = percent, .times = times };
}

void fault_inject_init(void)
{
	parse_chance("failslab", &chances[FAIL_SLAB]);
	parse_chance("fail_page_alloc", &chances[FAIL_PAGE_ALLOC]);
	parse_chance("fail_usercopy", &chances[FAIL_USERCOPY]);
}
