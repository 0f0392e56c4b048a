// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory controller: which group has how many pages, and what happens when it has too many.
 *
 * A page of a group (PG_charged) says in page->private whose it is: of the nearest group with the controller on, seen
 * from the task that was first to touch it.  Each charge counts in all groups up to the root, which is not counted;
 * it keeps a reference until the page is freed, so a removed group goes when its pages have.
 *
 * memory.max is checked by each charge: pages of files are reclaimed, then somebody in the group is killed.
 * memory.high is not a limit, but who is above it reclaims, and then sleeps, on the way back to user mode.
 *
 * Locking: the counts are atomic; limits are read without a lock.  task->charge_group is the task's own copy of
 * task->cgroup, with a reference, which it renews when it sees that it has been moved.
 */
#include <kernel/cgroup/memory.h>

#include <fs/seq_file.h>
#include <kernel/cgroup/internal.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>
#include <mm/mm.h>

#define STACK_PAGES	(THREAD_SIZE / PAGE_SIZE)
#define MAX_TRIES	100		/* of 10 ms: whoever was killed does not go away */
#define MIN_PENALTY_NS	(10 * NSEC_PER_MSEC)
#define MAX_PENALTY_NS	(2 * NSEC_PER_SEC)

bool cgroup_memory_low_used;

static const char *const event_names[NR_MEMORY_EVENTS] = {
	[MEMORY_LOW] = "low", [MEMORY_HIGH] = "high", [MEMORY_MAX] = "max",
	[MEMORY_OOM] = "oom", [MEMORY_OOM_KILL] = "oom_kill", [MEMORY_OOM_GROUP_KILL] = "oom_group_kill",
};

void cgroup_memory_reset(struct cgroup *c, bool on)
{
	WRITE_ONCE(c->memory.on, on);
	c->memory.min = c->memory.low = 0;
	c->memory.high = c->memory.max = c->memory.swap_max = LONG_MAX;
	c->memory.oom_group = false;
}

void cgroup_memory_event(struct cgroup *c, enum memory_event event)
{
	atomic_long_inc(&c->memory.events_local[event]);
	cgroup_notify(c, CGROUP_EVENT_MEMORY_LOCAL);
	for (; c->parent; c = c->parent) {
		atomic_long_inc(&c->memory.events[event]);
		cgroup_notify(c, CGROUP_EVENT_MEMORY);
	}
}

/* ---- counting -------------------------------------------------------------------------------- */

/* The nearest group that has the controller; NULL: only the root has. */
static struct cgroup *memory_group(struct cgroup *c)
{
	while (c && !READ_ONCE(c->memory.on))
		c = c->parent;
	return c && c->parent ? c : NULL;
}

static struct cgroup *current_group(void)
{
	struct task_struct *t = current;

	if (unlikely(READ_ONCE(t->cgroup) != t->charge_group)) {
		cgroup_put(t->charge_group);
		read_lock(&tasklist_lock);
		t->charge_group = t->cgroup ? cgroup_get(t->cgroup) : NULL;
		read_unlock(&tasklist_lock);
	}
	return memory_group(t->charge_group);
}

static void count_stat(struct cgroup *c, enum memory_stat stat, long n)
{
	for (; c->parent; c = c->parent)
		atomic_long_add(n, &c->memory.stat[stat]);
}

static void uncharge(struct cgroup *c, struct cgroup *end, long n)
{
	for (; c != end; c = c->parent)
		atomic_long_sub(n, &c->memory.usage);
}

static void note_peak(struct cgroup *c, long usage)
{
	if (usage > READ_ONCE(c->memory.peak))
		WRITE_ONCE(c->memory.peak, usage);
}

/* NULL: done.  Else the group whose limit is in the way; nothing is charged. */
static struct cgroup *try_charge(struct cgroup *c, long n, bool force)
{
	struct cgroup *up;

	for (up = c; up->parent; up = up->parent) {
		long usage = atomic_long_add_return(n, &up->memory.usage);

		if (usage > READ_ONCE(up->memory.max) && !force) {
			uncharge(c, up->parent, n);
			return up;
		}
		note_peak(up, usage);
	}
	return NULL;
}

/* ---- limits ---------------------------------------------------------------------------------- */

static long excess(struct cgroup *c, long limit)
{
	return atomic_long_read(&c->memory.usage) - limit;
}

/* Room for @n pages in @c, one way or the other: false, there will be none. */
static bool make_room(struct cgroup *c, long n)
{
	if (reclaim_group_pages(c, n))
		return true;
	cgroup_memory_event(c, MEMORY_OOM);
	return out_of_memory_in(c, READ_ONCE(c->memory.max));
}

static void note_over_high(struct cgroup *c)
{
	for (; c->parent; c = c->parent) {
		if (likely(excess(c, READ_ONCE(c->memory.high)) <= 0))
			continue;
		current->over_high++;
		set_task_flag(current, TIF_NOTIFY_RESUME);
		return;
	}
}

/* 0, or -ENOMEM: nobody in the group can be killed.  May sleep.  Who is dying gets what it wants. */
static int charge(struct cgroup *c, long n)
{
	struct cgroup *full;
	int tries;

	for (tries = 0; (full = try_charge(c, n, fatal_signal_pending(current))); tries++) {
		if (!tries)
			cgroup_memory_event(full, MEMORY_MAX);
		if (tries == MAX_TRIES || !make_room(full, n))
			return -ENOMEM;
	}
	note_over_high(c);
	return 0;
}

static enum memory_stat stat_of_page(const struct page *page)
{
	return PageAnon(page) ? MEMORY_ANON : PageSwapBacked(page) ? MEMORY_SHMEM : MEMORY_FILE;
}

int cgroup_charge_page(struct page *page)
{
	struct cgroup *c = current_group();
	int err;

	if (!c || (current->flags & PF_KTHREAD))
		return 0;
	err = charge(c, 1);
	if (err)
		return err;
	count_stat(c, stat_of_page(page), 1);
	page->private = (unsigned long)cgroup_get(c);
	set_bit(PG_charged, &page->flags);
	return 0;
}

void cgroup_uncharge_page(struct page *page)
{
	struct cgroup *c = (struct cgroup *)page->private;

	clear_bit(PG_charged, &page->flags);
	page->private = 0;
	count_stat(c, stat_of_page(page), -1);
	uncharge(c, &cgroup_root, 1);
	cgroup_put(c);
}

/* A task's stack is charged whatever the limit; the next page that somebody touches feels it. */
void cgroup_charge_stack(struct task_struct *child)
{
	struct cgroup *c = memory_group(child->cgroup);

	child->stack_group = c ? cgroup_get(c) : NULL;
	if (!c)
		return;
	try_charge(c, STACK_PAGES, true);
	count_stat(c, MEMORY_STACK, STACK_PAGES);
}

void cgroup_uncharge_stack(struct task_struct *t)
{
	struct cgroup *c = t->stack_group;

	if (!c)
		return;
	count_stat(c, MEMORY_STACK, -(long)STACK_PAGES);
	uncharge(c, &cgroup_root, STACK_PAGES);
	cgroup_put(c);
}

/* ---- reclaim and OOM ask --------------------------------------------------------------------- */

/* The caller has a reference to @page. */
static struct cgroup *page_group(const struct page *page)
{
	return (struct cgroup *)page->private;
}

bool cgroup_owns_page(const struct cgroup *c, const struct page *page)
{
	return PageCharged(page) && cgroup_is_descendant(page_group(page), c);
}

/*
 * Is the page's group, and each above it, within what memory.low (or memory.min alone) promises?  With
 * memory_recursiveprot a group that promises nothing has its share in what those above it do.
 */
bool cgroup_protects_page(const struct page *page, bool low)
{
	bool promised = false;
	struct cgroup *c;

	for (c = page_group(page); c->parent; c = c->parent) {
		long floor = READ_ONCE(c->memory.min);

		if (low)
			floor = max(floor, READ_ONCE(c->memory.low));
		if (!floor && cgroup_recursiveprot)
			continue;
		if (excess(c, floor) > 0)
			return false;
		promised = true;
	}
	return promised;
}

void cgroup_note_low(const struct page *page)
{
	if (cgroup_protects_page(page, true))
		cgroup_memory_event(page_group(page), MEMORY_LOW);
}

bool cgroup_has_process(struct cgroup *c, struct task_struct *p)
{
	return cgroup_is_descendant(task_cgroup(p), c);
}

void cgroup_oom_killed(struct task_struct *p)
{
	struct cgroup *c = memory_group(p->cgroup);

	if (c)
		cgroup_memory_event(c, MEMORY_OOM_KILL);
}

struct cgroup *cgroup_oom_group(struct task_struct *p, struct cgroup *domain)
{
	struct cgroup *c, *group = NULL;

	for (c = memory_group(p->cgroup); c && c->parent; c = c->parent) {
		if (READ_ONCE(c->memory.oom_group))
			group = c;
		if (c == domain)
			break;
	}
	if (group)
		cgroup_memory_event(group, MEMORY_OOM_GROUP_KILL);
	return group;
}

/* ---- memory.high ----------------------------------------------------------------------------- */

/* A sleep for @pages charged while @over of @high were too many: 1 s for 32 of them at an eighth, as on Linux. */
static u64 penalty(long over, long high, unsigned int pages)
{
	u64 share = div64_u64((u64)min(over, high) << 12, max(high, 1L));	/* 4096: all of it */

	return min((share * share * NSEC_PER_SEC >> 18) * pages / 32, MAX_PENALTY_NS);
}

void cgroup_handle_over_high(void)
{
	unsigned int pages = current->over_high;
	struct cgroup *c = current_group();
	u64 ns = 0;

	current->over_high = 0;
	for (; c && c->parent; c = c->parent) {
		long high = READ_ONCE(c->memory.high), over = excess(c, high);

		if (over <= 0)
			continue;
		cgroup_memory_event(c, MEMORY_HIGH);
		over -= reclaim_group_pages(c, over);
		if (over > 0)
			ns = max(ns, penalty(over, high, pages));
	}
	if (ns < MIN_PENALTY_NS || fatal_signal_pending(current))
		return;
	set_current_state(TASK_KILLABLE);
	schedule_timeout_ns(ns);
}

/* ---- files ----------------------------------------------------------------------------------- */

static void show_pages(struct seq_file *m, long pages)
{
	cgroup_show_max(m, pages == LONG_MAX ? S64_MAX : (s64)pages << PAGE_SHIFT, S64_MAX);
}

static int parse_pages(char *text, long *pages)
{
	unsigned long long bytes;
	char *end;

	if (!strcmp(text, "max")) {
		*pages = LONG_MAX;
		return 0;
	}
	bytes = memparse(text, &end);
	if (*end || end == text)
		return -EINVAL;
	*pages = min_t(u64, bytes >> PAGE_SHIFT, LONG_MAX);
	return 0;
}

static int show_current(struct seq_file *m, struct cgroup *c)
{
	show_pages(m, max(atomic_long_read(&c->memory.usage), 0L));
	return 0;
}

static int show_peak(struct seq_file *m, struct cgroup *c)
{
	show_pages(m, READ_ONCE(c->memory.peak));
	return 0;
}

#define LIMIT_FILE(name)								\
static int show_##name(struct seq_file *m, struct cgroup *c)				\
{											\
	show_pages(m, READ_ONCE(c->memory.name));					\
	return 0;									\
}											\
static int write_##name(struct cgroup_open *open, char *text)				\
{											\
	long pages;									\
	int err = parse_pages(text, &pages);						\
											\
	if (err)									\
		return err;								\
	WRITE_ONCE(open->cgrp->memory.name, pages);					\
	return enforce_##name(open->cgrp);						\
}

static inline int enforce_min(struct cgroup *c) { return 0; }
static inline int enforce_swap_max(struct cgroup *c) { return 0; }
static inline int enforce_low(struct cgroup *c)
{
	WRITE_ONCE(cgroup_memory_low_used, true);
	return 0;
}

static int enforce_high(struct cgroup *c)
{
	long over = excess(c, READ_ONCE(c->memory.high));

	if (over > 0)
		reclaim_group_pages(c, over);
	return 0;
}

/* Whatever it takes. */
static int enforce_max(struct cgroup *c)
{
	long over;
	int tries;

	for (tries = 0; tries < MAX_TRIES && !signal_pending(current); tries++) {
		over = excess(c, READ_ONCE(c->memory.max));
		if (over <= 0 || !make_room(c, over))
			break;
	}
	return 0;
}

LIMIT_FILE(min)
LIMIT_FILE(low)
LIMIT_FILE(high)
LIMIT_FILE(max)
LIMIT_FILE(swap_max)

static void show_event_counts(struct seq_file *m, const atomic_long_t *counts)
{
	int i;

	for (i = 0; i < NR_MEMORY_EVENTS; i++)
		seq_printf(m, "%s %ld\n", event_names[i], atomic_long_read(&counts[i]));
}

static int show_events(struct seq_file *m, struct cgroup *c)
{
	show_event_counts(m, c->memory.events);
	return 0;
}

static int show_events_local(struct seq_file *m, struct cgroup *c)
{
	show_event_counts(m, c->memory.events_local);
	return 0;
}

static s64 stat_bytes(struct cgroup *c, enum memory_stat stat)
{
	return (s64)max(atomic_long_read(&c->memory.stat[stat]), 0L) << PAGE_SHIFT;
}

static int show_stat(struct seq_file *m, struct cgroup *c)
{
	s64 stack = stat_bytes(c, MEMORY_STACK), shmem = stat_bytes(c, MEMORY_SHMEM);

	seq_printf(m, "anon %lld\nfile %lld\nkernel %lld\nkernel_stack %lld\nshmem %lld\n", stat_bytes(c, MEMORY_ANON),
		   stat_bytes(c, MEMORY_FILE) + shmem, stack, stack, shmem);
	return 0;
}

static int show_oom_group(struct seq_file *m, struct cgroup *c)
{
	seq_printf(m, "%d\n", READ_ONCE(c->memory.oom_group));
	return 0;
}

static int write_oom_group(struct cgroup_open *open, char *text)
{
	int value, err = kstrtoint(text, 0, &value);

	if (err || value < 0 || value > 1)
		return err ? err : -EINVAL;
	WRITE_ONCE(open->cgrp->memory.oom_group, value);
	return 0;
}

static int write_reclaim(struct cgroup_open *open, char *text)
{
	long pages;
	int err = parse_pages(text, &pages);

	if (err)
		return err;
	while (pages > 0) {
		long freed = reclaim_group_pages(open->cgrp, pages);

		if (signal_pending(current))
			return -EINTR;
		if (!freed)
			return -EAGAIN;
		pages -= freed;
	}
	return 0;
}

static int show_zero(struct seq_file *m, struct cgroup *c)
{
	seq_puts(m, "0\n");
	return 0;
}

#define FLAGS	CGROUP_FILE_NOT_ON_ROOT
#define SLOW	(CGROUP_FILE_NOT_ON_ROOT | CGROUP_FILE_UNLOCKED)
#define NONE	CGROUP_NO_EVENT
const struct cgroup_file cgroup_memory_files[] = {
	{ "memory.current", 0444, FLAGS, NONE, show_current, NULL },
	{ "memory.peak", 0444, FLAGS, NONE, show_peak, NULL },
	{ "memory.min", 0644, FLAGS, NONE, show_min, write_min },
	{ "memory.low", 0644, FLAGS, NONE, show_low, write_low },
	{ "memory.high", 0644, SLOW, NONE, show_high, write_high },
	{ "memory.max", 0644, SLOW, NONE, show_max, write_max },
	{ "memory.events", 0444, FLAGS, CGROUP_EVENT_MEMORY, show_events, NULL },
	{ "memory.events.local", 0444, FLAGS, CGROUP_EVENT_MEMORY_LOCAL, show_events_local, NULL },
	{ "memory.stat", 0444, FLAGS, NONE, show_stat, NULL },
	{ "memory.oom.group", 0644, FLAGS, NONE, show_oom_group, write_oom_group },
	{ "memory.reclaim", 0200, CGROUP_FILE_UNLOCKED, NONE, NULL, write_reclaim },
	{ "memory.swap.current", 0444, FLAGS, NONE, show_zero, NULL },
	{ "memory.swap.max", 0644, FLAGS, NONE, show_swap_max, write_swap_max },
};
const unsigned int nr_cgroup_memory_files = ARRAY_SIZE(cgroup_memory_files);
