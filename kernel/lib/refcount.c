// SPDX-License-Identifier: GPL-2.0-only
/* What happens to a reference count that was misused; see refcount.h. */
#include <kernel/lib/refcount.h>

#include <kernel/lib/bug.h>

void refcount_bad(refcount_t *r, const char *what)
{
	static bool warned;

	/* Far from both ends, so that concurrent users cannot bring it back to zero. */
	atomic_set(&r->refs, REFCOUNT_SATURATED);
	if (!__atomic_exchange_n(&warned, true, __ATOMIC_RELAXED))
		warn_at(__FILE__, __LINE__, what);
}
