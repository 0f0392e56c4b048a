// SPDX-License-Identifier: GPL-2.0-only
/*
 * High-resolution timers; see hrtimer.h.
 *
 * One tree for each CPU, of all clocks, by expiry in monotonic time; when CLOCK_REALTIME is set,
 * the keys of its timers are computed anew.  A timer is queued on the CPU that starts it, unless
 * its callback is just running on another one.  base->running tells cancellers to wait.
 *
 * base->lock is taken with irqs off, one base at a time.
 */
#include <kernel/time/hrtimer.h>

#include <kernel/lib/bug.h>
#include <kernel/lib/math64.h>
#include <kernel/percpu.h>
#include <kernel/smp.h>
#include <kernel/sched/sched.h>
#include <kernel/time/clockevent.h>
#include <kernel/time/tick.h>
#include <kernel/time/timekeeping.h>

struct hrtimer_base {
	spinlock_t		lock;
	struct rb_root_cached	tree;		/* [lock] */
	struct hrtimer		*running;	/* [lock] whose callback runs */
};
static DEFINE_PER_CPU(struct hrtimer_base, hrtimer_bases) = {
	.lock = __SPIN_LOCK_INIT(hrtimer_bases.lock, LOCK_RANK_TIMER),
	.tree = { { NULL }, NULL },
};

static inline struct hrtimer *node_timer(struct rb_node *node)
{
	return rb_entry(node, struct hrtimer, node);
}

static bool earlier(struct rb_node *a, const struct rb_node *b)
{
	return node_timer(a)->mono_expires < rb_entry(b, struct hrtimer, node)->mono_expires;
}

static void set_key(struct hrtimer *t)
{
	s64 offset = ktime_clock_offset(t->clock);

	t->mono_expires = t->expires;
	if (offset)
		t->mono_expires = (s64)t->expires > offset ? t->expires - offset : 0;
}

/* @base locked. */
static void enqueue(struct hrtimer_base *base, struct hrtimer *t)
{
	set_key(t);
	rb_add_cached(&t->node, &base->tree, earlier);
	t->queued = true;
}

static void dequeue(struct hrtimer_base *base, struct hrtimer *t)
{
	rb_erase_cached(&t->node, &base->tree);
	t->queued = false;
}

static u64 first_expiry(const struct hrtimer_base *base)
{
	struct rb_node *first = rb_first_cached(&base->tree);

	return first ? node_timer(first)->mono_expires : U64_MAX;
}

/* The base @t is on, locked; irqs off. */
static struct hrtimer_base *lock_base(struct hrtimer *t)
{
	for (;;) {
		int cpu = READ_ONCE(t->cpu);
		struct hrtimer_base *base = cpu < 0 ? this_cpu_ptr(&hrtimer_bases)
						    : per_cpu_ptr(&hrtimer_bases, cpu);

		spin_lock(&base->lock);
		if (t->cpu == cpu) {
			if (cpu < 0)
				t->cpu = smp_processor_id();
			return base;
		}
		spin_unlock(&base->lock);
	}
}

/* As lock_base(), but @t is off any tree and, if possible, belongs to this CPU's base. */
static struct hrtimer_base *lock_base_here(struct hrtimer *t)
{
	struct hrtimer_base *here = this_cpu_ptr(&hrtimer_bases);

	for (;;) {
		struct hrtimer_base *base = lock_base(t);

		if (t->queued)
			dequeue(base, t);
		if (base == here || base->running == t)
			return base;
		t->cpu = smp_processor_id();
		spin_unlock(&base->lock);
	}
}

void hrtimer_init(struct hrtimer *t, clockid_t clock, enum hrtimer_restart (*fn)(struct hrtimer *))
{
	*t = (struct hrtimer) { .clock = clock, .function = fn, .cpu = -1 };
}

void hrtimer_start(struct hrtimer *t, u64 ns, int mode)
{
	unsigned long flags = irq_save();
	struct hrtimer_base *base = lock_base_here(t);

	if (mode == HRTIMER_MODE_REL) {
		u64 now = ktime_get_ns() + ktime_clock_offset(t->clock);

		ns = now + ns < now ? KTIME_MAX : now + ns;
	}
	t->expires = min_t(u64, ns, KTIME_MAX);
	enqueue(base, t);
	/* On another CPU's base its callback is running: that interrupt programs the next event. */
	if (base == this_cpu_ptr(&hrtimer_bases) && !base->running)
		clockevents_program_earlier(first_expiry(base));
	spin_unlock(&base->lock);
	irq_restore(flags);
}

int hrtimer_try_to_cancel(struct hrtimer *t)
{
	struct hrtimer_base *base;
	unsigned long flags;
	int result = 0;

	if (READ_ONCE(t->cpu) < 0)	/* never started */
		return 0;
	flags = irq_save();
	base = lock_base(t);
	if (base->running == t) {
		result = -1;
	} else if (t->queued) {
		dequeue(base, t);
		result = 1;
	}
	spin_unlock(&base->lock);
	irq_restore(flags);
	return result;
}

int hrtimer_cancel(struct hrtimer *t)
{
	int result;

	while ((result = hrtimer_try_to_cancel(t)) < 0)
		cpu_relax();
	return result;
}

bool hrtimer_active(const struct hrtimer *t)
{
	int cpu = READ_ONCE(t->cpu);

	return READ_ONCE(t->queued) ||
	       (cpu >= 0 && READ_ONCE(per_cpu(hrtimer_bases, cpu).running) == t);
}

u64 hrtimer_get_remaining(const struct hrtimer *t)
{
	struct hrtimer *timer = (struct hrtimer *)t;
	unsigned long flags = irq_save();
	struct hrtimer_base *base = lock_base(timer);
	u64 expires = t->expires, now;

	spin_unlock(&base->lock);
	irq_restore(flags);
	now = ktime_get_ns() + ktime_clock_offset(t->clock);
	return expires > now ? expires - now : 0;
}

u64 hrtimer_forward_now(struct hrtimer *t, u64 interval)
{
	u64 now = ktime_get_ns() + ktime_clock_offset(t->clock);
	u64 count;

	if (now < t->expires || !interval)
		return 0;
	count = div64_u64(now - t->expires, interval) + 1;
	t->expires = min_t(u64, t->expires + count * interval, KTIME_MAX);
	return count;
}

/* Run what is due. The lock is dropped for each callback. */
static void run_timers(struct hrtimer_base *base, u64 now)
{
	spin_lock(&base->lock);
	while (first_expiry(base) <= now) {
		struct hrtimer *t = node_timer(rb_first_cached(&base->tree));
		enum hrtimer_restart restart;

		dequeue(base, t);
		base->running = t;
		spin_unlock(&base->lock);
		restart = t->function(t);	/* without a restart t may be gone after this */
		spin_lock(&base->lock);
		if (restart == HRTIMER_RESTART && !t->queued)
			enqueue(base, t);
		base->running = NULL;
	}
	spin_unlock(&base->lock);
}

void hrtimer_reprogram(void)
{
	struct hrtimer_base *base = this_cpu_ptr(&hrtimer_bases);
	u64 next;

	spin_lock(&base->lock);
	next = first_expiry(base);
	spin_unlock(&base->lock);
	clockevents_program(min(next, tick_next()));
}

void hrtimer_interrupt(void)
{
	struct hrtimer_base *base = this_cpu_ptr(&hrtimer_bases);
	u64 now = ktime_get_ns();

	run_timers(base, now);
	if (tick_next() <= now)
		tick_handle(now);
	else
		timekeeping_tick();
	hrtimer_reprogram();
}

/* CLOCK_REALTIME moved: new keys for this CPU's timers of that clock. */
static void rekey_base(void *unused)
{
	struct hrtimer_base *base = this_cpu_ptr(&hrtimer_bases);
	struct rb_root_cached old;
	struct rb_node *node;

	spin_lock(&base->lock);
	old = base->tree;
	base->tree = RB_ROOT_CACHED;
	while ((node = rb_first_cached(&old))) {
		rb_erase_cached(node, &old);
		enqueue(base, node_timer(node));
	}
	spin_unlock(&base->lock);
	hrtimer_reprogram();
}

void hrtimers_clock_was_set(void)
{
	if (irqs_disabled())	/* at boot */
		rekey_base(NULL);
	else
		on_each_cpu(rekey_base, NULL, true);
}

void hrtimers_init_cpu(unsigned int cpu)
{
	struct hrtimer_base *base = per_cpu_ptr(&hrtimer_bases, cpu);

	spin_lock_init_rank(&base->lock, LOCK_RANK_TIMER);
	base->tree = RB_ROOT_CACHED;
	base->running = NULL;
}
