/* SPDX-License-Identifier: GPL-2.0-only */
/* I/O priorities: what ioprio_set(2) has said of a task; nothing here orders its reads and writes by them. */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/sched/sched.h>

int ioprio_check(int ioprio);	/* may current ask for it? 0, -EINVAL, -EPERM */
int copy_io_slow(unsigned long clone_flags, struct task_struct *child);
void exit_io_slow(struct task_struct *t);

/*
 * fork, with a child that has none: CLONE_IO shares it, else the child has what its parent has.  0 or -ENOMEM;
 * exit_io() undoes it.
 */
static inline int copy_io(unsigned long clone_flags, struct task_struct *child)
{
	return likely(!current->io_context) ? 0 : copy_io_slow(clone_flags, child);
}
static inline void exit_io(struct task_struct *t)
{
	if (unlikely(t->io_context))
		exit_io_slow(t);
}
