// SPDX-License-Identifier: GPL-2.0-only
/*
 * POSIX timers: timer_create(2) and its family; see k_itimer.h for the locks.
 *
 * A periodic timer that has sent its signal is not armed until the signal is dequeued; then it
 * moves forward past the present, and the intervals in between are the signal's overrun.  So a slow
 * receiver costs no interrupts.  If nobody wants the signal (ignored), the timer just goes on.
 */
#include <kernel/time/posix_timer.h>

#include <fs/seq_file.h>
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <kernel/time/clock_calls.h>
#include <kernel/time/k_itimer.h>
#include <kernel/time/tick.h>
#include <kernel/time/time_syscalls.h>
#include <kernel/time/timekeeping.h>
#include <kernel/time_namespace.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define DELAYTIMER_MAX	INT_MAX
#define MIN_INTERVAL_NS	1000		/* what an ignored timer of 1 ns may cost */
#define LOCK_RANK_KTIMER (LOCK_RANK_SPIN + 5)

/* ---- references and look-up ---------------------------------------------------------------- */

static void put_timer(struct k_itimer *timer)
{
	if (!refcount_dec_and_test(&timer->refs))
		return;
	put_pid(timer->target);
	if (timer->cpu_task)
		put_task_struct(timer->cpu_task);
	kfree(timer);
}

static struct k_itimer *find_locked(struct signal_struct *sig, int id)
{
	struct k_itimer *timer;

	list_for_each_entry(timer, &sig->posix_timers, list) {
		if (timer->id == id)
			return timer;
	}
	return NULL;
}

/* The timer of current's group, locked and referenced; NULL: no such.  Callers may have irqs
 * off. */
static struct k_itimer *lock_timer(__kernel_timer_t id, unsigned long *flags)
{
	struct k_itimer *timer;

	spin_lock_irqsave(&current->sighand->siglock, *flags);
	timer = find_locked(current->signal, id);
	if (timer)
		refcount_inc(&timer->refs);
	spin_unlock_irqrestore(&current->sighand->siglock, *flags);
	if (!timer)
		return NULL;
	spin_lock_irqsave(&timer->lock, *flags);
	if (!timer->deleted)
		return timer;
	spin_unlock_irqrestore(&timer->lock, *flags);
	put_timer(timer);
	return NULL;
}

static void unlock_timer(struct k_itimer *timer, unsigned long flags)
{
	spin_unlock_irqrestore(&timer->lock, flags);
	put_timer(timer);
}

/* ---- time ---------------------------------------------------------------------------------- */

static u64 clock_now(const struct k_itimer *timer)
{
	u64 ns = 0;

	if (timer->on_cpu_clock)
		return cpu_clock_sample(&timer->cpu_clock, timer->cpu_task);
	ktime_get_clock(timer->clock, &ns);
	return ns;
}

static u64 expires(const struct k_itimer *timer)
{
	if (timer->on_cpu_clock)
		return timer->cpu_expires;
	if (timer->notify == SIGEV_NONE)	/* never runs: its value is all there is */
		return timer->hrtimer.expires;
	return hrtimer_active(&timer->hrtimer) || timer->interval ? timer->hrtimer.expires : 0;
}

static bool uses_hrtimer(const struct k_itimer *timer)
{
	return !timer->on_cpu_clock || timer->polls;
}

/* When to look again at the CPU clock of another process: at the most all CPUs work for it. */
static u64 next_poll(const struct k_itimer *timer)
{
	u64 now = clock_now(timer), due = timer->cpu_expires;
	u64 wait = due > now ? (due - now) / NR_CPUS : 0;

	return min_t(u64, ktime_get_ns() + max_t(u64, wait, TICK_NSEC), KTIME_MAX);
}

static void arm(struct k_itimer *timer, u64 when)
{
	if (!timer->on_cpu_clock) {
		hrtimer_start(&timer->hrtimer, when, HRTIMER_MODE_ABS);
		return;
	}
	WRITE_ONCE(timer->cpu_expires, max_t(u64, when, 1));
	if (timer->polls)
		hrtimer_start(&timer->hrtimer, next_poll(timer), HRTIMER_MODE_ABS);
}

/* Whole intervals from @from past @now; counts them. */
static u64 forward(u64 from, u64 now, u64 interval, s64 *count)
{
	u64 n;

	if (now < from)
		return from;
	n = div64_u64(now - from, interval) + 1;
	*count += n;
	return from + n * interval;
}

/* ---- expiry: timer->lock held, irqs off ---------------------------------------------------- */

/* Returns whether the timer should go on by itself since the signal was not taken. */
static bool fire(struct k_itimer *timer)
{
	siginfo_t *info = &timer->sigq->info;

	if (timer->notify == SIGEV_NONE)
		return timer->interval != 0;
	timer->sequence++;
	if (!timer->sequence)
		timer->sequence = 1;
	if (list_empty(&timer->sigq->list))
		info->si_sys_private = timer->interval ? timer->sequence : 0;
	else
		timer->sequence = info->si_sys_private;
	return send_sigqueue(timer->sigq, timer->target, timer->type) != 0 && timer->interval;
}

static enum hrtimer_restart hrtimer_fire(struct hrtimer *hrtimer)
{
	struct k_itimer *timer = container_of(hrtimer, struct k_itimer, hrtimer);
	enum hrtimer_restart restart = HRTIMER_NORESTART;
	unsigned long flags;

	spin_lock_irqsave(&timer->lock, flags);
	if (!timer->deleted && fire(timer)) {
		timer->overrun += hrtimer_forward_now(hrtimer, max_t(u64, timer->interval,
								     MIN_INTERVAL_NS));
		restart = HRTIMER_RESTART;
	}
	spin_unlock_irqrestore(&timer->lock, flags);
	return restart;
}

static void cpu_fire(struct k_itimer *timer)
{
	u64 due = timer->cpu_expires;

	WRITE_ONCE(timer->cpu_expires, 0);
	if (fire(timer))
		WRITE_ONCE(timer->cpu_expires, forward(due, clock_now(timer), timer->interval, &timer->overrun));
	else if (timer->interval)
		timer->cpu_base = due;		/* where posix_timer_rearm() goes on */
}

/* The tick of the other process does not know of this timer. It ends with that process. */
static enum hrtimer_restart poll_cpu_clock(struct hrtimer *hrtimer)
{
	struct k_itimer *timer = container_of(hrtimer, struct k_itimer, hrtimer);
	enum hrtimer_restart restart = HRTIMER_NORESTART;
	unsigned long flags;
	u64 now;

	spin_lock_irqsave(&timer->lock, flags);
	now = clock_now(timer);
	if (!timer->deleted && timer->cpu_expires && now >= timer->cpu_expires)
		cpu_fire(timer);
	if (!timer->deleted && timer->cpu_expires && now) {
		hrtimer->expires = next_poll(timer);
		restart = HRTIMER_RESTART;
	}
	spin_unlock_irqrestore(&timer->lock, flags);
	return restart;
}

void k_itimer_cpu_fire(struct k_itimer *timer)
{
	struct sighand_struct *sighand;
	unsigned long flags, sflags;

	spin_lock_irqsave(&timer->lock, flags);
	if (!timer->deleted && timer->cpu_expires)
		cpu_fire(timer);
	spin_unlock_irqrestore(&timer->lock, flags);
	sighand = lock_task_sighand(timer->cpu_task, &sflags);
	timer->firing = false;
	if (sighand)
		unlock_task_sighand(timer->cpu_task, &sflags);
	put_timer(timer);
}

static int overrun_to_int(s64 overrun)
{
	return min_t(s64, overrun, DELAYTIMER_MAX);
}

void posix_timer_rearm(siginfo_t *info)
{
	unsigned long flags;
	struct k_itimer *timer = lock_timer(info->si_tid, &flags);
	u64 next;

	if (!timer)
		return;
	if (timer->interval && timer->sequence == info->si_sys_private) {
		next = forward(timer->on_cpu_clock ? timer->cpu_base : timer->hrtimer.expires, clock_now(timer),
			       timer->interval, &timer->overrun);
		/* The first of them is the expiration that the signal itself tells. */
		timer->overrun_last = max_t(s64, timer->overrun - 1, 0);
		timer->overrun = 0;
		timer->sequence++;
		arm(timer, next);
		info->si_overrun = overrun_to_int(timer->overrun_last);
	}
	unlock_timer(timer, flags);
}

/* ---- create and delete --------------------------------------------------------------------- */

/* Whom a SIGEV_THREAD_ID means: a thread of this group. */
static struct pid *notify_target(const struct sigevent *ev)
{
	struct task_struct *t;
	struct pid *pid;

	if (ev->sigev_notify & SIGEV_THREAD_ID) {
		t = find_get_task_by_vpid(ev->sigev_notify_thread_id);
		if (!t)
			return NULL;
		pid = t->tgid == current->tgid ? get_task_pid(t, PIDTYPE_PID) : NULL;
		put_task_struct(t);
		return pid;
	}
	return get_task_pid(current, PIDTYPE_TGID);
}

static int check_sigevent(const struct sigevent *ev)
{
	int how = ev->sigev_notify & ~SIGEV_THREAD_ID;

	if ((how != SIGEV_SIGNAL && how != SIGEV_NONE && how != SIGEV_THREAD) ||
	    ((ev->sigev_notify & SIGEV_THREAD_ID) && how != SIGEV_SIGNAL))
		return -EINVAL;
	if (how != SIGEV_NONE && (ev->sigev_signo < 1 || ev->sigev_signo > _NSIG))
		return -EINVAL;
	return 0;
}

static int init_clock(struct k_itimer *timer, clockid_t clock)
{
	timer->clock = clock;
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
	case CLOCK_TAI:
		hrtimer_init(&timer->hrtimer, clock, hrtimer_fire);
		return 0;
	case CLOCK_REALTIME_ALARM:
	case CLOCK_BOOTTIME_ALARM:
		if (!capable(CAP_WAKE_ALARM))
			return -EPERM;
		hrtimer_init(&timer->hrtimer, clock == CLOCK_REALTIME_ALARM ? CLOCK_REALTIME : CLOCK_BOOTTIME,
			     hrtimer_fire);
		return 0;
	}
	timer->on_cpu_clock = true;
	if (cpu_clock_find(clock, &timer->cpu_clock, &timer->cpu_task))
		return -EINVAL;
	timer->polls = timer->cpu_task->tgid != current->tgid;
	if (timer->polls)
		hrtimer_init(&timer->hrtimer, CLOCK_MONOTONIC, poll_cpu_clock);
	return 0;
}

/* A number that no timer of the group has, from where the last one was given. siglock held. */
static int add_timer_locked(struct signal_struct *sig, struct k_itimer *timer)
{
	int start = sig->next_posix_timer_id, id = start;

	while (find_locked(sig, id)) {
		id = id == INT_MAX ? 0 : id + 1;
		if (id == start)
			return -EAGAIN;
	}
	sig->next_posix_timer_id = id == INT_MAX ? 0 : id + 1;
	timer->id = id;
	timer->sigq->info.si_tid = id;
	list_add(&timer->list, &sig->posix_timers);
	return 0;
}

static struct k_itimer *make_timer(clockid_t clock, const struct sigevent *ev)
{
	struct k_itimer *timer = kzalloc(sizeof(*timer), GFP_KERNEL);
	int err;

	if (!timer)
		return ERR_PTR(-EAGAIN);
	spin_lock_init_rank(&timer->lock, LOCK_RANK_KTIMER);
	refcount_set(&timer->refs, 1);
	INIT_LIST_HEAD(&timer->list);
	err = init_clock(timer, clock);
	if (err)
		goto fail;
	err = -EAGAIN;
	timer->sigq = sigqueue_alloc();
	if (!timer->sigq)
		goto fail;
	err = -EINVAL;
	timer->target = notify_target(ev);
	if (!timer->target)
		goto fail;
	timer->notify = ev->sigev_notify;
	timer->type = ev->sigev_notify & SIGEV_THREAD_ID ? PIDTYPE_PID : PIDTYPE_TGID;
	clear_siginfo(&timer->sigq->info);
	timer->sigq->info.si_signo = ev->sigev_signo;
	timer->sigq->info.si_code = SI_TIMER;
	timer->sigq->info.si_value = ev->sigev_value;
	return timer;
fail:
	if (timer->sigq)
		sigqueue_free(timer->sigq);
	put_timer(timer);
	return ERR_PTR(err);
}

/* Out of the list, stopped; drops the list's reference. */
static void delete_timer(struct k_itimer *timer)
{
	spin_lock_irq(&timer->lock);
	timer->deleted = true;
	WRITE_ONCE(timer->cpu_expires, 0);
	spin_unlock_irq(&timer->lock);
	if (uses_hrtimer(timer))
		hrtimer_cancel(&timer->hrtimer);
	sigqueue_free(timer->sigq);	/* nobody looks at it once deleted is set */
	put_timer(timer);
}

long sys_timer_create(clockid_t clock, struct sigevent __user *uev, __kernel_timer_t __user *uid)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	struct k_itimer *timer;
	int err, id;

	if (uev && copy_sigevent_from_user(&ev, uev))
		return -EFAULT;
	err = clock_check_timers(clock) ?: check_sigevent(&ev);
	if (err)
		return err;
	/* Programs see the number before it is certain that there will be a timer. */
	if (put_user(READ_ONCE(current->signal->next_posix_timer_id), uid))
		return -EFAULT;
	timer = make_timer(clock, &ev);
	if (IS_ERR(timer))
		return PTR_ERR(timer);
	spin_lock_irq(&current->sighand->siglock);
	err = add_timer_locked(current->signal, timer);
	id = timer->id;
	if (!uev)
		timer->sigq->info.si_int = id;
	spin_unlock_irq(&current->sighand->siglock);
	if (err) {
		delete_timer(timer);
		return err;
	}
	if (put_user(id, uid)) {
		sys_timer_delete(id);
		return -EFAULT;
	}
	return 0;
}

long sys_timer_delete(__kernel_timer_t id)
{
	struct k_itimer *timer;

	spin_lock_irq(&current->sighand->siglock);
	timer = find_locked(current->signal, id);
	if (timer)
		list_del_init(&timer->list);
	spin_unlock_irq(&current->sighand->siglock);
	if (!timer)
		return -EINVAL;
	delete_timer(timer);
	return 0;
}

void exit_itimers(struct task_struct *t)
{
	struct k_itimer *timer, *next;
	LIST_HEAD(dead);

	if (list_empty(&t->signal->posix_timers))
		return;
	spin_lock_irq(&t->sighand->siglock);
	list_splice_init(&t->signal->posix_timers, &dead);
	spin_unlock_irq(&t->sighand->siglock);
	list_for_each_entry_safe(timer, next, &dead, list) {
		list_del_init(&timer->list);
		delete_timer(timer);
	}
}

/* ---- set and get --------------------------------------------------------------------------- */

/* timer->lock held. */
static void read_timer(struct k_itimer *timer, struct itimerspec64 *it)
{
	u64 now = clock_now(timer), when = expires(timer);
	s64 unused = 0;

	*it = (struct itimerspec64) { .it_interval = ns_to_timespec64(timer->interval) };
	if (!when)
		return;
	/* Between its signal and the dequeuing a periodic timer is not armed: tell the next
	 * time. */
	if (timer->interval)
		when = forward(when, now, timer->interval, &unused);
	if (when > now)
		it->it_value = ns_to_timespec64(when - now);
	else if (timer->notify != SIGEV_NONE)
		it->it_value.tv_nsec = 1;
}

static int set_timer(__kernel_timer_t id, int flags, const struct itimerspec64 *new,
		     struct itimerspec64 *old)
{
	struct k_itimer *timer;
	unsigned long irqflags;
	u64 value;

	if (!timespec64_valid(&new->it_value) || !timespec64_valid(&new->it_interval))
		return -EINVAL;
	for (;;) {
		timer = lock_timer(id, &irqflags);
		if (!timer)
			return -EINVAL;
		if (!uses_hrtimer(timer) || hrtimer_try_to_cancel(&timer->hrtimer) >= 0)
			break;
		unlock_timer(timer, irqflags);	/* its callback waits for the lock */
		cpu_relax();
	}
	if (old)
		read_timer(timer, old);
	timer->sequence += 2;		/* a signal on its way does not re-arm it */
	timer->overrun = timer->overrun_last = 0;
	timer->interval = 0;
	timer->hrtimer.expires = 0;
	WRITE_ONCE(timer->cpu_expires, 0);
	value = timespec64_to_ns(&new->it_value);
	if (value) {
		timer->interval = timespec64_to_ns(&new->it_interval);
		if (flags & TIMER_ABSTIME)
			value = timens_to_host(timer->clock, value);
		else
			value = min_t(u64, value + clock_now(timer), KTIME_MAX);
		if (timer->on_cpu_clock)
			timer->cpu_base = value;
		else
			timer->hrtimer.expires = value;
		if (timer->notify != SIGEV_NONE || timer->on_cpu_clock)
			arm(timer, value);
	}
	unlock_timer(timer, irqflags);
	return 0;
}

static int get_timer(__kernel_timer_t id, struct itimerspec64 *it)
{
	unsigned long irqflags;
	struct k_itimer *timer = lock_timer(id, &irqflags);

	if (!timer)
		return -EINVAL;
	read_timer(timer, it);
	unlock_timer(timer, irqflags);
	return 0;
}

long sys_timer_settime(__kernel_timer_t id, int flags, const struct __kernel_itimerspec __user *uval,
		       struct __kernel_itimerspec __user *uold)
{
	struct itimerspec64 new, old;
	int err;

	if (!uval)
		return -EINVAL;
	err = get_itimerspec64(&new, uval);
	if (!err)
		err = set_timer(id, flags, &new, uold ? &old : NULL);
	if (!err && uold)
		err = put_itimerspec64(&old, uold);
	return err;
}

long sys_timer_settime_time32(__kernel_timer_t id, int flags, const void __user *uval,
			      void __user *uold)
{
	struct itimerspec64 new, old;
	int err;

	if (!uval)
		return -EINVAL;
	err = get_old_itimerspec32(&new, uval);
	if (!err)
		err = set_timer(id, flags, &new, uold ? &old : NULL);
	if (!err && uold)
		err = put_old_itimerspec32(&old, uold);
	return err;
}

long sys_timer_gettime(__kernel_timer_t id, struct __kernel_itimerspec __user *uval)
{
	struct itimerspec64 it;
	int err = get_timer(id, &it);

	return err ? err : put_itimerspec64(&it, uval);
}

long sys_timer_gettime_time32(__kernel_timer_t id, void __user *uval)
{
	struct itimerspec64 it;
	int err = get_timer(id, &it);

	return err ? err : put_old_itimerspec32(&it, uval);
}

long sys_timer_getoverrun(__kernel_timer_t id)
{
	unsigned long irqflags;
	struct k_itimer *timer = lock_timer(id, &irqflags);
	int overrun;

	if (!timer)
		return -EINVAL;
	overrun = overrun_to_int(timer->overrun_last);
	unlock_timer(timer, irqflags);
	return overrun;
}

/* ---- /proc/<pid>/timers -------------------------------------------------------------------- */

static void show_timer(struct seq_file *m, const struct k_itimer *timer, struct pid_namespace *ns)
{
	static const char kinds[][8] = { [SIGEV_SIGNAL] = "signal", [SIGEV_NONE] = "none", [SIGEV_THREAD] = "thread" };
	const siginfo_t *info = &timer->sigq->info;

	seq_printf(m, "ID: %d\nsignal: %d/%0*lx\n", timer->id, info->si_signo, (int)(2 * sizeof(long)),
		   (unsigned long)info->si_value.sival_ptr);
	seq_printf(m, "notify: %s/%s.%d\nClockID: %d\n", kinds[timer->notify & ~SIGEV_THREAD_ID],
		   timer->notify & SIGEV_THREAD_ID ? "tid" : "pid", pid_nr_ns(timer->target, ns), timer->clock);
}

int posix_timers_show(struct seq_file *m, struct task_struct *t, struct pid_namespace *ns)
{
	struct k_itimer *timer;
	unsigned long flags;

	if (!lock_task_sighand(t, &flags))
		return -ESRCH;
	list_for_each_entry(timer, &t->signal->posix_timers, list)
		show_timer(m, timer, ns);
	unlock_task_sighand(t, &flags);
	return 0;
}
