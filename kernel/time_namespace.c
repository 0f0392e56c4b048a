// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time namespaces.  Interface: <kernel/time_namespace.h>.
 *
 * unshare makes one for the children only, whose offsets can be set until the first of them is born.  The vDSO reads
 * the page right below its code: the clock's own, or the namespace's, which has the offsets and sends it to the page
 * below.  All who share an address space are in the same namespace.
 *
 * Locking: timens_lock for the offsets of all that are not frozen.
 */
#include <kernel/time_namespace.h>

#include <fs/seq_file.h>
#include <kernel/cred.h>
#include <kernel/lib/math64.h>
#include <kernel/locking/mutex.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <kernel/time/vdso_data.h>
#include <kernel/user_namespace.h>
#include <mm/mm.h>
#include <mm/slab.h>

static DEFINE_MUTEX(timens_lock);

struct time_namespace init_time_ns = {
	.ns = {
		.ops = &timens_operations,
		.user_ns = &init_user_ns,
		.inum = NS_INUM_TIME,
		.count = REFCOUNT_INIT(1),
	},
	.frozen = true,
};

/* ---- what the clocks show ---------------------------------------------------------------------- */

static s64 offset_of(const struct time_namespace *ns, clockid_t clock)
{
	switch (clock) {
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
		return ns->offset[TIMENS_MONOTONIC];
	case CLOCK_BOOTTIME:
	case CLOCK_BOOTTIME_ALARM:
		return ns->offset[TIMENS_BOOTTIME];
	default:
		return 0;
	}
}

s64 timens_offset_slow(clockid_t clock)
{
	return offset_of(to_time_ns(current->nsproxy->ns[NS_TIME]), clock);
}

u64 timens_to_host_slow(clockid_t clock, u64 ns)
{
	s64 offset = timens_offset_slow(clock);

	if (offset > 0 && ns <= (u64)offset)
		return 1;
	return min_t(u64, ns - offset, KTIME_MAX);
}

/* ---- the vDSO's page --------------------------------------------------------------------------- */

struct page *timens_vvar_page(struct vm_area_struct *vma, unsigned long nr)
{
	struct page *page = NULL;

	if (nr > 0) {
		/* Whose else it is, is not known: it is not for others to read. */
		if (vma->vm_mm != current->mm || !current->nsproxy)
			return NULL;
		page = to_time_ns(current->nsproxy->ns[NS_TIME])->page;
	}
	return page ?: virt_to_page(&vdso_data_page);
}

/* Nothing changes from now on: somebody comes in. */
static void freeze(struct time_namespace *ns)
{
	struct vdso_data *d;
	clockid_t clock;

	mutex_lock(&timens_lock);
	if (!ns->frozen) {
		d = page_address(ns->page);
		for (clock = 0; clock < VDSO_CLOCKS; clock++) {
			struct timespec64 ts = ns_to_timespec64(offset_of(ns, clock));

			d->base[clock] = (struct vdso_base) { ts.tv_sec, ts.tv_nsec };
		}
		d->timens = 1;
		d->seq = 1;			/* for ever: never to be read as a clock's */
		ns->frozen = true;
	}
	mutex_unlock(&timens_lock);
}

void timens_enter(struct task_struct *t)
{
	freeze(to_time_ns(t->nsproxy->ns[NS_TIME]));
	if (t->mm)
		special_mapping_forget(t->mm, timens_vvar_page);
}

/* ---- operations -------------------------------------------------------------------------------- */

static struct ns_common *timens_clone(struct ns_common *old, struct user_namespace *user_ns, struct fs_struct *fs)
{
	struct time_namespace *ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	int err = -ENOMEM;

	if (!ns)
		return ERR_PTR(-ENOMEM);
	ns->page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	if (!ns->page)
		goto free_ns;
	err = ns_init(&ns->ns, &timens_operations, user_ns);
	if (err)
		goto free_page;
	mutex_lock(&timens_lock);
	for (int i = 0; i < TIMENS_CLOCKS; i++)
		ns->offset[i] = to_time_ns(old)->offset[i];
	mutex_unlock(&timens_lock);
	return &ns->ns;

free_page:
	put_page(ns->page);
free_ns:
	kfree(ns);
	return ERR_PTR(err);
}

static void timens_free(struct ns_common *common)
{
	struct time_namespace *ns = to_time_ns(common);

	ns_exit(common);
	put_page(ns->page);		/* an address space may still have it */
	kfree(ns);
}

/* Does nobody else use current's address space? Whoever looks at it for a moment counts in mm_users, too. */
static bool has_mm_alone(void)
{
	struct task_struct *p;
	bool alone = true;

	if (current->signal->nr_threads > 1)
		return false;
	if (atomic_read(&current->mm->mm_users) == 1)
		return true;
	read_lock(&tasklist_lock);
	for_each_process(p)
		if (p != current && p->mm == current->mm && !(p->flags & PF_KTHREAD))
			alone = false;
	read_unlock(&tasklist_lock);
	return alone;
}

static int timens_install(struct nsset *set, struct ns_common *ns)
{
	static const int slots[] = { NS_TIME, NS_TIME_FOR_CHILDREN };

	/* The page is all threads'. */
	if (!has_mm_alone())
		return -EUSERS;
	if (!ns_may_install(set, ns))
		return -EPERM;
	for (unsigned int i = 0; i < ARRAY_SIZE(slots); i++) {
		put_ns(set->nsproxy->ns[slots[i]]);
		set->nsproxy->ns[slots[i]] = get_ns(ns);
	}
	return 0;
}

const struct ns_operations timens_operations = {
	.name = "time",
	.type = CLONE_NEWTIME,
	.slot = NS_TIME,
	.ucount = UCOUNT_TIME,
	.free = timens_free,
	.install = timens_install,
};

const struct ns_operations timens_for_children_operations = {
	.name = "time_for_children",
	.shown = "time",
	.type = CLONE_NEWTIME,
	.slot = NS_TIME_FOR_CHILDREN,
	.clone = timens_clone,
};

/* ---- /proc/<pid>/timens_offsets ---------------------------------------------------------------- */

void timens_offsets_show(struct seq_file *m, struct task_struct *t)
{
	struct ns_common *common = ns_of_task(&timens_for_children_operations, t);
	static const char *const names[] = { "monotonic", "boottime" };

	if (!common)
		return;
	for (int i = 0; i < TIMENS_CLOCKS; i++) {
		struct timespec64 ts = ns_to_timespec64(READ_ONCE(to_time_ns(common)->offset[i]));

		seq_printf(m, "%-10s %10lld %9ld\n", names[i], (s64)ts.tv_sec, ts.tv_nsec);
	}
	put_ns(common);
}

/* The clock may show neither a time before its beginning nor one that it could not go on from for centuries. */
static int check_offset(const struct timespec64 *offset)
{
	s64 sec = div_s64(ktime_get_ns() + offset->tv_nsec, NSEC_PER_SEC);

	if (offset->tv_sec > KTIME_SEC_MAX || offset->tv_sec < -KTIME_SEC_MAX)
		return -ERANGE;
	sec += offset->tv_sec;
	return sec < 0 || sec > KTIME_SEC_MAX / 2 ? -ERANGE : 0;
}

int timens_offsets_set(struct task_struct *t, const struct cred *opener, const clockid_t *clocks,
		       const struct timespec64 *offsets, unsigned int n)
{
	struct ns_common *common = ns_of_task(&timens_for_children_operations, t);
	struct time_namespace *ns;
	unsigned int i;
	int err = 0;

	if (!common)
		return -ESRCH;
	ns = to_time_ns(common);
	if (!file_ns_capable(opener, common->user_ns, CAP_SYS_TIME))
		err = -EPERM;
	for (i = 0; i < n && !err; i++)
		err = check_offset(&offsets[i]);
	mutex_lock(&timens_lock);
	if (!err && ns->frozen)
		err = -EACCES;
	for (i = 0; i < n && !err; i++)		/* Commit. */
		WRITE_ONCE(ns->offset[clocks[i] == CLOCK_MONOTONIC ? TIMENS_MONOTONIC : TIMENS_BOOTTIME],
			   offsets[i].tv_sec * NSEC_PER_SEC + offsets[i].tv_nsec);
	mutex_unlock(&timens_lock);
	put_ns(common);
	return err;
}
