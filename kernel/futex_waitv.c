// SPDX-License-Identifier: GPL-2.0-only
/*
 * futex_waitv: sleep until one of up to 128 words is woken.
 *
 * The call hangs one waiter of its own in the queue of each word; the answer is the index of one that somebody
 * took off.  Wake and requeue (futex.c) see nothing but single waiters of one task.
 *
 * Locking: each word's bucket lock by itself, never two.  Each queueing sets the state, and whether somebody has taken
 * one off is looked at behind the last of them: a wake-up at any moment keeps the task from sleeping.
 */
#include <kernel/futex_internal.h>

#include <generated/syscalls.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <kernel/time_namespace.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

static_assert(sizeof(struct futex_waitv) == 24);

/* Its first error decides. */
static int copy_waitv(struct futex_waitv *v, const struct futex_waitv __user *uv, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (copy_from_user(&v[i], &uv[i], sizeof(v[i])))
			return -EFAULT;
		if ((v[i].flags & ~(FUTEX_32 | FUTEX_PRIVATE_FLAG)) || v[i].__reserved || !(v[i].flags & FUTEX_32))
			return -EINVAL;
	}
	return 0;
}

static u32 __user *word_of(const struct futex_waitv *v)
{
	return (u32 __user *)(unsigned long)v->uaddr;
}

static void put_keys(struct futex_waiter *w, unsigned int from, unsigned int to)
{
	while (from < to)
		futex_put_key(&w[from++].key);
}

static int get_keys(const struct futex_waitv *v, struct futex_waiter *w, unsigned int nr)
{
	unsigned int i;
	int err;

	for (i = 0; i < nr; i++) {
		err = futex_get_key(word_of(&v[i]), v[i].flags & FUTEX_PRIVATE_FLAG, &w[i].key);
		if (err) {
			put_keys(w, 0, i);
			return err;
		}
		w[i].bucket = futex_key_bucket(&w[i].key);
		w[i].task = current;
		w[i].bitset = FUTEX_BITSET_MATCH_ANY;
		w[i].pi = NULL;
	}
	return 0;
}

/* The last one that was woken, or -1. */
static int unqueue_all(struct futex_waiter *w, unsigned int nr)
{
	int woken = -1;
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (futex_unqueue(&w[i]))
			woken = i;
	return woken;
}

/* 0: queued at all words, with the state set. 1: not, but *woken was woken meanwhile. Or an error. */
static int queue_all(const struct futex_waitv *v, struct futex_waiter *w, unsigned int nr, int *woken)
{
	unsigned int i;
	int err;

	for (;;) {
		err = get_keys(v, w, nr);
		if (err)
			return err;
		for (i = 0; i < nr && !err; i++)
			err = futex_try_queue(&w[i], word_of(&v[i]), v[i].val);
		if (!err)
			return 0;
		__set_current_state(TASK_RUNNING);
		i--;
		*woken = unqueue_all(w, i);
		put_keys(w, i, nr);
		if (*woken >= 0)
			return 1;
		if (err == -EAGAIN)
			return err;
		err = fault_in_user(v[i].uaddr, sizeof(u32), false);
		if (err)
			return err;
	}
}

static bool any_woken(struct futex_waiter *w, unsigned int nr)
{
	while (nr--)
		if (futex_woken(&w[nr]))
			return true;
	return false;
}

static int wait_multiple(const struct futex_waitv *v, struct futex_waiter *w, unsigned int nr, const u64 *expires,
			 clockid_t clock)
{
	int err, woken, in_time = -EINTR;

	for (;;) {
		err = queue_all(v, w, nr, &woken);
		if (err)
			return err > 0 ? woken : err;
		if (!any_woken(w, nr))
			in_time = schedule_hrtimeout(expires, clock);
		__set_current_state(TASK_RUNNING);
		woken = unqueue_all(w, nr);
		if (woken >= 0)
			return woken;
		if (!in_time)
			return -ETIMEDOUT;
		if (signal_pending(current))
			return -ERESTARTSYS;	/* the end is absolute: just call again */
	}
}

static int get_expires(const struct __kernel_timespec __user *utime, clockid_t clock, u64 *expires)
{
	struct timespec64 ts;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC)
		return -EINVAL;
	if (get_timespec64(&ts, utime))
		return -EFAULT;
	if (!timespec64_valid(&ts))
		return -EINVAL;
	*expires = timens_to_host(clock, timespec64_to_ns(&ts));
	return 0;
}

long sys_futex_waitv(struct futex_waitv __user *uv, unsigned int nr, unsigned int flags,
		     const struct __kernel_timespec __user *utime, clockid_t clock)
{
	struct futex_waiter *w;
	struct futex_waitv *v;
	u64 expires;
	int ret;

	if (flags || !nr || nr > FUTEX_WAITV_MAX || !uv)
		return -EINVAL;
	ret = utime ? get_expires(utime, clock, &expires) : 0;
	if (ret)
		return ret;
	v = kmalloc_array(nr, sizeof(*v) + sizeof(*w), GFP_KERNEL);
	if (!v)
		return -ENOMEM;
	w = (struct futex_waiter *)(v + nr);
	ret = copy_waitv(v, uv, nr);
	if (!ret)
		ret = wait_multiple(v, w, nr, utime ? &expires : NULL, clock);
	kfree(v);
	return ret;
}
