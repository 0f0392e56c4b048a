// SPDX-License-Identifier: GPL-2.0-only
/* Limiting the rate of messages; see ratelimit.h. */
#include <kernel/lib/ratelimit.h>

#include <kernel/printk.h>
#include <kernel/time/timekeeping.h>

bool __ratelimit(struct ratelimit_state *rs)
{
	s64 now = (s64)ktime_get_ns() | 1;	/* never 0, which means "no interval yet" */
	s64 begin = atomic64_read(&rs->begin);

	if (!begin || (u64)(now - begin) >= rs->interval_ns) {
		/* Whoever moves the beginning opens the interval for all. */
		if (atomic64_try_cmpxchg(&rs->begin, &begin, now)) {
			int missed = atomic_xchg(&rs->missed, 0);

			atomic_set(&rs->printed, 0);
			if (missed)
				printk(KERN_WARNING "%d messages suppressed\n", missed);
		}
	}
	if (atomic_fetch_add_relaxed(1, &rs->printed) < rs->burst)
		return true;
	atomic_set(&rs->printed, rs->burst);
	atomic_inc(&rs->missed);
	return false;
}
