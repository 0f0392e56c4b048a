// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last resort: kill the process that has most memory (corrected by its oom_score_adj), so that
 * the rest goes on.
 *
 * init, kernel threads and processes with an adjustment of -1000 are never chosen.  While a victim
 * is dying nobody else is killed, unless it does not get away in time.  A victim may use the memory
 * reserves.
 *
 * Locking: oom_lock, one killer at a time; tasklist_lock for the search.
 */
#include <kernel/cgroup/memory.h>
#include <kernel/cred.h>
#include <kernel/locking/mutex.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <mm/internal.h>

#define ADJ_NEVER	(-1000)
#define VICTIM_TIME_NS	5000000000ULL

static DEFINE_MUTEX(oom_lock);
static u64 last_kill;			/* [oom_lock] ns */

struct task_struct *lock_task_with_mm(struct task_struct *p)
{
	struct task_struct *t;

	if (p->flags & PF_KTHREAD)
		return NULL;
	for_each_thread(p, t) {
		task_lock(t);
		if (t->mm)
			return t;
		task_unlock(t);
	}
	return NULL;
}

/* Pages, with the adjustment in thousandths of @total. LONG_MIN: not to be killed. tasklist_lock held. */
static long badness(struct task_struct *p, unsigned long total)
{
	long adj = p->signal->oom_score_adj, points;
	struct task_struct *t;

	if (is_global_init(p) || adj == ADJ_NEVER)
		return LONG_MIN;
	t = lock_task_with_mm(p);
	if (!t)
		return LONG_MIN;
	points = get_mm_rss(t->mm);
	task_unlock(t);
	return points + adj * (long)(total / 1000);
}

long oom_badness(struct task_struct *p)
{
	return badness(p, totalram_pages());
}

/* The worst process of @group (NULL: of all) with a reference, or NULL. *dying: one that was killed is still there. */
static struct task_struct *select_victim(struct cgroup *group, unsigned long total, bool *dying)
{
	struct task_struct *p, *t, *best = NULL;
	long points, most = LONG_MIN;

	*dying = false;
	read_lock(&tasklist_lock);
	for_each_process(p) {
		if (group && !cgroup_has_process(group, p))
			continue;
		t = lock_task_with_mm(p);
		if (t) {
			*dying |= t->mm->oom_victim;
			task_unlock(t);
		}
		points = badness(p, total);
		if (points > most) {
			most = points;
			best = p;
		}
	}
	if (best)
		get_task_struct(best);
	read_unlock(&tasklist_lock);
	return best;
}

static unsigned long mm_kib(struct mm_struct *mm, int counter)
{
	return atomic_long_read(&mm->rss[counter]) << (PAGE_SHIFT - 10);
}

static void report(struct task_struct *p, struct mm_struct *mm)
{
	pr_err("Out of memory: Killed process %d (%s) total-vm:%lukB, anon-rss:%lukB, "
	       "file-rss:%lukB, shmem-rss:%lukB, UID:%u oom_score_adj:%d\n", p->pid, p->comm,
	       mm->total_vm << (PAGE_SHIFT - 10), mm_kib(mm, MM_ANONPAGES),
	       mm_kib(mm, MM_FILEPAGES), mm_kib(mm, MM_SHMEMPAGES), p->real_cred->uid,
	       p->signal->oom_score_adj);
}

/* Everybody who shares the memory must go, or nothing is freed. tasklist_lock held. */
static void kill_sharers(struct mm_struct *mm)
{
	struct task_struct *p, *t;

	for_each_process(p) {
		bool shares;

		if (is_global_init(p))
			continue;
		t = lock_task_with_mm(p);
		if (!t)
			continue;
		shares = t->mm == mm;
		task_unlock(t);
		if (!shares)
			continue;
		for_each_thread(p, t)
			set_task_flag(t, TIF_MEMDIE);
		do_send_sig_info(SIGKILL, SEND_SIG_PRIV, p, PIDTYPE_TGID);
	}
}

static void kill_victim(struct task_struct *p)
{
	struct mm_struct *mm = NULL;
	struct task_struct *t;

	read_lock(&tasklist_lock);
	t = lock_task_with_mm(p);
	if (t) {
		mm = t->mm;
		mmgrab(mm);
		mm->oom_victim = true;
		task_unlock(t);
		report(p, mm);
		kill_sharers(mm);
	}
	read_unlock(&tasklist_lock);
	if (mm)
		mmdrop(mm);
	count_vm_event(OOM_KILL, 1);
}

/* All of @group, but who is never to be killed. tasklist_lock held. */
static void kill_group(struct cgroup *group)
{
	struct task_struct *p, *t;

	for_each_process(p) {
		if (!cgroup_has_process(group, p) || badness(p, 0) == LONG_MIN)
			continue;
		for_each_thread(p, t)
			set_task_flag(t, TIF_MEMDIE);
		do_send_sig_info(SIGKILL, SEND_SIG_PRIV, p, PIDTYPE_TGID);
		cgroup_oom_killed(p);
	}
}

/* memory.events, and memory.oom.group: the victim does not die alone. */
static void tell_groups(struct task_struct *victim, struct cgroup *domain)
{
	struct cgroup *group;

	read_lock(&tasklist_lock);
	group = cgroup_oom_group(victim, domain);
	if (group)
		kill_group(group);
	else
		cgroup_oom_killed(victim);
	read_unlock(&tasklist_lock);
}

static bool kill_one(struct cgroup *domain, unsigned long total)
{
	struct task_struct *victim;
	bool dying;

	victim = select_victim(domain, total, &dying);
	if (dying && ktime_get_ns() - last_kill < VICTIM_TIME_NS) {
		if (victim)
			put_task_struct(victim);
		return true;
	}
	if (!victim)
		return false;
	last_kill = ktime_get_ns();
	kill_victim(victim);
	if (unlikely(victim->cgroup))
		tell_groups(victim, domain);
	put_task_struct(victim);
	return true;
}

/* true: somebody was killed, or is dying; and some time has passed. */
static bool kill_and_wait(struct cgroup *domain, unsigned long total)
{
	bool killed = true;

	if (mutex_trylock(&oom_lock)) {
		killed = kill_one(domain, total);
		mutex_unlock(&oom_lock);
	}
	if (killed && !fatal_signal_pending(current)) {
		set_current_state(TASK_KILLABLE);
		schedule_timeout_ns(10000000);
	}
	return killed;
}

bool out_of_memory_in(struct cgroup *c, unsigned long pages)
{
	return kill_and_wait(c, pages);
}

bool out_of_memory(gfp_t gfp, unsigned int order)
{
	/* Early in boot, or inside a lock that the victim may need. */
	if (!current->mm && !(gfp & __GFP_USER) && !kswapd_running())
		return false;
	return kill_and_wait(NULL, totalram_pages());
}
