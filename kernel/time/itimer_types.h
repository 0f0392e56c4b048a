/* SPDX-License-Identifier: GPL-2.0-only */
/* CPU-time interval timer of a thread group: ns of CPU time. */
#pragma once

#include <kernel/lib/types.h>

struct cpu_itimer {
	u64 expires;		/* 0: off */
	u64 incr;
};
