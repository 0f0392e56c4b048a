// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resource usage: getrusage.  Locking: siglock for the group's accumulated counters.
 */
#include <kernel/rusage.h>

#include <generated/syscalls.h>
#include <kernel/compat.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <mm/mm.h>
#include <asm/uaccess.h>

static void ns_to_timeval(u64 ns, struct timeval *tv)
{
	u32 rem;

	tv->tv_sec = div_u64_rem(ns, NSEC_PER_SEC, &rem);
	tv->tv_usec = rem / 1000;
}

static void add_thread(struct task_struct *t, struct rusage *ru)
{
	ru->ru_nvcsw += t->nvcsw;
	ru->ru_nivcsw += t->nivcsw;
	ru->ru_minflt += t->min_flt;
	ru->ru_majflt += t->maj_flt;
}

static void add_group(const struct signal_struct *sig, struct rusage *ru)
{
	ru->ru_nvcsw += sig->nvcsw;
	ru->ru_nivcsw += sig->nivcsw;
	ru->ru_minflt += sig->min_flt;
	ru->ru_majflt += sig->maj_flt;
	ru->ru_inblock += sig->inblock;
	ru->ru_oublock += sig->oublock;
}

static void add_children(const struct signal_struct *sig, struct rusage *ru)
{
	ru->ru_nvcsw += sig->cnvcsw;
	ru->ru_nivcsw += sig->cnivcsw;
	ru->ru_minflt += sig->cmin_flt;
	ru->ru_majflt += sig->cmaj_flt;
	ru->ru_inblock += sig->cinblock;
	ru->ru_oublock += sig->coublock;
}

/* Largest resident set in KiB: the dead address spaces' and the living one's. */
static unsigned long max_rss(struct task_struct *t)
{
	unsigned long rss = t->signal->maxrss;
	struct mm_struct *mm = get_task_mm(t);

	if (mm) {
		rss = max(rss, max(mm->hiwater_rss, get_mm_rss(mm)));
		mmput(mm);
	}
	return rss * (PAGE_SIZE / 1024);
}

void task_rusage(struct task_struct *t, int who, struct rusage *ru)
{
	struct signal_struct *sig = t->signal;
	u64 utime = 0, stime = 0, ut, st;
	struct task_struct *thread;
	unsigned long flags;

	memset(ru, 0, sizeof(*ru));
	if (who == RUSAGE_THREAD) {
		task_cputime(t, &utime, &stime);
		add_thread(t, ru);
		ru->ru_maxrss = max_rss(t);
		goto out;
	}
	if (who != RUSAGE_CHILDREN)
		ru->ru_maxrss = max_rss(t);
	if (!lock_task_sighand(t, &flags))
		goto out;
	if (who != RUSAGE_CHILDREN)
		thread_group_cputime(t, &utime, &stime);
	if (who == RUSAGE_CHILDREN || who == RUSAGE_BOTH) {
		ut = sig->cutime;
		st = sig->cstime;
		utime += ut;
		stime += st;
		add_children(sig, ru);
		ru->ru_maxrss = max(ru->ru_maxrss, (long)(sig->cmaxrss * (PAGE_SIZE / 1024)));
	}
	if (who != RUSAGE_CHILDREN) {
		add_group(sig, ru);
		for_each_thread(t, thread)
			add_thread(thread, ru);
	}
	unlock_task_sighand(t, &flags);
out:
	ns_to_timeval(utime, (struct timeval *)&ru->ru_utime);
	ns_to_timeval(stime, (struct timeval *)&ru->ru_stime);
}

/* struct rusage of 32-bit programs: the same 18 words, narrower. */
struct compat_rusage {
	compat_long_t words[18];
};
static_assert(sizeof(struct rusage) == 18 * sizeof(long));

int put_rusage(void __user *to, const struct rusage *ru)
{
	const long *words = (const long *)ru;
	struct compat_rusage c;

	if (!is_compat_task())
		return copy_to_user(to, ru, sizeof(*ru)) ? -EFAULT : 0;
	for (unsigned int i = 0; i < ARRAY_SIZE(c.words); i++)
		c.words[i] = words[i];
	return copy_to_user(to, &c, sizeof(c)) ? -EFAULT : 0;
}

long sys_getrusage(int who, struct rusage __user *uru)
{
	struct rusage ru;

	if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN && who != RUSAGE_THREAD)
		return -EINVAL;
	task_rusage(current, who, &ru);
	return put_rusage(uru, &ru);
}
