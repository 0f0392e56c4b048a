// SPDX-License-Identifier: GPL-2.0-only
/*
 * Queued signals: allocation against RLIMIT_SIGPENDING, putting into and taking out of a pending set.
 *
 * Interface: <kernel/signal.h> and <kernel/signal_internal.h>.  Locking: the owner's siglock, except for
 * allocation, which counts atomically.
 */
#include <kernel/signal_internal.h>

#include <kernel/compat_signal.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <mm/slab.h>

static struct kmem_cache *sigqueue_cache;

/* Faults of the program itself are delivered before anything that came from outside. */
#define SYNCHRONOUS_SIGNALS (sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGILL) | \
			     sigmask(SIGTRAP) | sigmask(SIGFPE) | sigmask(SIGSYS))

void signals_init(void)
{
	sigqueue_cache = kmem_cache_create("sigqueue", sizeof(struct sigqueue), 0, SLAB_PANIC, NULL);
}

void clear_siginfo(siginfo_t *info)
{
	__builtin_memset(info, 0, sizeof(*info));
}

/* For user @u; past its limit only if @override (the kernel's own signals). Any context. */
struct sigqueue *sigqueue_get(struct task_struct *t, int sig, bool override)
{
	struct user_struct *u = t->real_cred->user;
	struct sigqueue *q;

	if ((unsigned long)atomic_inc_return(&u->sigpending) > task_rlimit(t, RLIMIT_SIGPENDING) && !override)
		goto undo;
	q = kmem_cache_alloc(sigqueue_cache, GFP_NOWAIT);
	if (!q)
		goto undo;
	INIT_LIST_HEAD(&q->list);
	q->flags = 0;
	q->user = get_uid(u);
	return q;
undo:
	atomic_dec(&u->sigpending);
	return NULL;
}

void sigqueue_put(struct sigqueue *q)
{
	if (q->flags & SIGQUEUE_PREALLOC)
		return;
	atomic_dec(&q->user->sigpending);
	free_uid(q->user);
	kmem_cache_free(sigqueue_cache, q);
}

void flush_sigqueue(struct sigpending *queue)
{
	struct sigqueue *q, *n;

	queue->signal = 0;
	list_for_each_entry_safe(q, n, &queue->list, list) {
		list_del_init(&q->list);
		sigqueue_put(q);
	}
}

/* Drop the queued signals of @mask. */
void flush_sigqueue_mask(struct sigpending *queue, ksigset_t mask)
{
	struct sigqueue *q, *n;

	if (!(queue->signal & mask))
		return;
	queue->signal &= ~mask;
	list_for_each_entry_safe(q, n, &queue->list, list) {
		if (mask & sigmask(q->info.si_signo)) {
			list_del_init(&q->list);
			sigqueue_put(q);
		}
	}
}

static int next_signal(const struct sigpending *pending, ksigset_t blocked)
{
	ksigset_t set = pending->signal & ~blocked;

	if (!set)
		return 0;
	if (set & SYNCHRONOUS_SIGNALS)
		set &= SYNCHRONOUS_SIGNALS;
	return __builtin_ctzll(set) + 1;
}

/*
 * Do si_pid and si_uid of @info tell who sent it?  In the queue si_uid is the kernel's id: who takes the signal sees
 * it as its user namespace does.
 */
bool has_sender_ids(const siginfo_t *info)
{
	if (info->si_code > 0)
		return info->si_signo == SIGCHLD && info->si_code < SI_KERNEL;
	return info->si_code != SI_TIMER && info->si_code != SI_SIGIO;
}

void siginfo_ids_from_user(siginfo_t *info)
{
	if (has_sender_ids(info))
		info->si_uid = uid_from_user(info->si_uid);
}

static void siginfo_ids_to_user(siginfo_t *info)
{
	if (has_sender_ids(info))
		info->si_uid = uid_to_user(info->si_uid);
}

/* Take the first entry of @sig; the bit stays set while another one is queued. */
static void collect_signal(int sig, struct sigpending *pending, siginfo_t *info, bool *resched_timer)
{
	struct sigqueue *q, *first = NULL;
	bool more = false;

	list_for_each_entry(q, &pending->list, list) {
		if (q->info.si_signo != sig)
			continue;
		if (first) {
			more = true;
			break;
		}
		first = q;
	}
	if (!more)
		sigdelset(&pending->signal, sig);
	if (first) {
		list_del_init(&first->list);
		*info = first->info;
		if (unlikely(current_user_ns() != &init_user_ns))
			siginfo_ids_to_user(info);
		*resched_timer = (first->flags & SIGQUEUE_PREALLOC) && info->si_code == SI_TIMER;
		sigqueue_put(first);
		return;
	}
	/* There was no memory to queue it: all that is known is that it came. */
	clear_siginfo(info);
	info->si_signo = sig;
	info->si_code = SI_USER;
}

int dequeue_signal(struct task_struct *t, ksigset_t mask, siginfo_t *info, enum pid_type *type)
{
	struct sigpending *pending = &t->pending;
	bool resched_timer = false;
	int sig;

	assert_spin_locked(&t->sighand->siglock);
	*type = PIDTYPE_PID;
	sig = next_signal(pending, mask);
	if (!sig) {
		*type = PIDTYPE_TGID;
		pending = &t->signal->shared_pending;
		sig = next_signal(pending, mask);
	}
	if (sig)
		collect_signal(sig, pending, info, &resched_timer);
	recalc_sigpending_tsk(t);
	if (resched_timer) {
		/* A periodic POSIX timer counts its overruns up to now and is armed again. */
		spin_unlock(&t->sighand->siglock);
		posix_timer_rearm(info);
		spin_lock(&t->sighand->siglock);
		info->si_sys_private = 0;
	}
	return sig;
}

/* ---- preallocated: POSIX timers -------------------------------------------------------------- */

struct sigqueue *sigqueue_alloc(void)
{
	struct sigqueue *q = sigqueue_get(current, 0, false);

	if (q)
		q->flags = SIGQUEUE_PREALLOC;
	return q;
}

/* Also when it is still queued: then it goes once delivered. */
void sigqueue_free(struct sigqueue *q)
{
	struct sighand_struct *sighand = current->sighand;
	bool queued;

	spin_lock_irq(&sighand->siglock);
	q->flags &= ~SIGQUEUE_PREALLOC;
	queued = !list_empty(&q->list);
	spin_unlock_irq(&sighand->siglock);
	if (!queued)
		sigqueue_put(q);
}

struct own_codes {
	u8 sig, codes;		/* si_code 1 to codes has a meaning of its own */
	u8 kind;
};

/* NULL: a signal without. */
static const struct own_codes *own_codes_of(int sig)
{
	static const struct own_codes table[] = {
		{ SIGILL, NSIGILL, INFO_FAULT }, { SIGFPE, NSIGFPE, INFO_FAULT }, { SIGSEGV, NSIGSEGV, INFO_FAULT },
		{ SIGBUS, NSIGBUS, INFO_FAULT }, { SIGTRAP, NSIGTRAP, INFO_FAULT }, { SIGCHLD, NSIGCHLD, INFO_CHLD },
		{ SIGSYS, NSIGSYS, INFO_SYS },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(table); i++)
		if (table[i].sig == sig)
			return &table[i];
	return NULL;
}

enum siginfo_kind siginfo_kind(int sig, int code)
{
	const struct own_codes *own;

	if (code == SI_TIMER)
		return INFO_TIMER;
	if (code == SI_SIGIO)
		return INFO_POLL;
	if (code <= SI_USER)
		return code < SI_USER ? INFO_RT : INFO_KILL;
	own = own_codes_of(sig);
	if (own && code <= own->codes)
		return own->kind;
	return code <= NSIGPOLL ? INFO_POLL : INFO_KILL;	/* any signal, by F_SETSIG */
}

static bool is_known_code(int sig, int code)
{
	const struct own_codes *own = own_codes_of(sig);

	return code <= SI_USER || code == SI_KERNEL || code <= (own ? own->codes : NSIGPOLL);
}

int copy_siginfo_to_user(siginfo_t __user *to, const siginfo_t *from)
{
	if (is_compat_task())
		return compat_put_siginfo(to, from);
	return copy_to_user(to, from, sizeof(*from)) ? -EFAULT : 0;
}

int copy_siginfo_from_user(siginfo_t *to, const siginfo_t __user *from, int sig)
{
	if (is_compat_task())
		return compat_get_siginfo(to, from);
	if (copy_from_user(to, from, sizeof(*to)))
		return -EFAULT;
	if (is_known_code(sig ?: to->si_signo, to->si_code))
		return 0;
	/* One day it could mean something: what we do not know of it must be zero. */
	for (size_t i = offsetofend(siginfo_t, si_stime); i < sizeof(*to); i++)
		if (((const char *)to)[i])
			return -E2BIG;
	return 0;
}

int copy_sigevent_from_user(struct sigevent *to, const struct sigevent __user *from)
{
	if (is_compat_task())
		return compat_get_sigevent(to, from);
	return copy_from_user(to, from, sizeof(*to)) ? -EFAULT : 0;
}
