/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rest of the kernel calls of System V IPC and POSIX message queues.
 *
 * A task has a list of semaphore adjustments (task->sysvsem), made when it is first needed and shared by
 * clone(CLONE_SYSVSEM), and a list of the shared memory segments that it made (task->shm_created).  Both
 * are NULL for nearly all tasks, and that is all that fork and exit look at.
 */
#pragma once

#include <kernel/ipc/namespace.h>
#include <kernel/sched/sched.h>

void ipc_init(void);		/* boot, after vfs_init() */

/* fork: the child is to share the list of current, which gets one. -ENOMEM. */
int share_semundo(struct task_struct *child);
void leave_semundo(struct task_struct *t);	/* the last user's adjustments are made */
void leave_created_shm(struct task_struct *t);

static inline int copy_semundo(u64 flags, struct task_struct *child)
{
	return flags & CLONE_SYSVSEM ? share_semundo(child) : 0;
}
static inline void exit_sem(struct task_struct *t)
{
	if (unlikely(t->sysvsem))
		leave_semundo(t);
}
static inline void exit_shm(struct task_struct *t)
{
	if (unlikely(t->shm_created.first))
		leave_created_shm(t);
}
