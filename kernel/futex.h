/* SPDX-License-Identifier: GPL-2.0-only */
/* Futexes, as fork, exit and exec need them: kernel/futex.c. */
#pragma once

#include <kernel/lib/types.h>

struct task_struct;
void futex_init(void);
/* Wake @nr waiters on a word of current's memory (shared key). Errors are nobody's concern. */
void futex_wake_user(u32 __user *uaddr, int nr);
/* exit and exec: hand on the robust futexes of current. May sleep. */
void futex_exit_release(struct task_struct *t);
/* The scheduler: @t's own priority was changed; it may be waiting and lend it. No locks held. */
void futex_pi_prio_changed(struct task_struct *t);
