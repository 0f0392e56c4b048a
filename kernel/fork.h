/* SPDX-License-Identifier: GPL-2.0-only */
/* Fork's own business, beyond what <kernel/sched/sched.h> tells everybody. */
#pragma once

#include <kernel/sched/sched.h>

#define CLONE_LEGACY_FLAGS 0xffffffffULL	/* what fits clone(2)'s argument */

void fork_caches_init(void);
int nr_threads_now(void);
void nr_threads_dec(void);		/* tasklist_lock held for write */
