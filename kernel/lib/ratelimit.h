/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * At most `burst` events per `interval_ns`.  __ratelimit() says whether this event may be
 * reported.  Lock-free and usable in any context; near the end of an interval it may let a few
 * events too many through, which is all right for messages.
 */
#pragma once

#include <kernel/lib/atomic.h>

struct ratelimit_state {
	atomic64_t begin;		/* [a] start of the current interval, ns; 0: none */
	atomic_t printed;		/* [a] events let through in it */
	atomic_t missed;		/* [a] events held back, since the last report */
	u64 interval_ns;		/* [I] */
	int burst;			/* [I] */
};

#define DEFAULT_RATELIMIT_INTERVAL_NS	5000000000ULL
#define DEFAULT_RATELIMIT_BURST		10

#define RATELIMIT_STATE_INIT(name, ns, n) { .interval_ns = (ns), .burst = (n) }
#define DEFINE_RATELIMIT_STATE(name, ns, n) \
	struct ratelimit_state name = RATELIMIT_STATE_INIT(name, ns, n)

bool __ratelimit(struct ratelimit_state *rs);

#define ratelimit_default() ({								\
	static DEFINE_RATELIMIT_STATE(__rs, DEFAULT_RATELIMIT_INTERVAL_NS,		\
				      DEFAULT_RATELIMIT_BURST);				\
	__ratelimit(&__rs); })
