/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel threads.  kthreadd (pid 2) forks them, so that they inherit nothing from whoever asked.
 *
 * A thread starts stopped inside kthread_create() and runs threadfn(data) after its first wake-up;
 * it ends by returning, or do_exit().  kthread_stop() asks it to return, waits for it and gives the
 * result.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/err.h>
#include <kernel/lib/types.h>
#include <kernel/sched/sched.h>

/* May sleep; not before kthreadd runs. ERR_PTR(-ENOMEM, -EINTR). */
struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char *namefmt, ...)
	__printf(3, 4);
/* Bound to @cpu for good, with the name's %u being the cpu. */
struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
					  const char *name);

#define kthread_run(threadfn, data, namefmt, ...) ({				\
	struct task_struct *__kt = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__); \
	if (!IS_ERR(__kt))							\
		wake_up_process(__kt);						\
	__kt; })

int kthread_stop(struct task_struct *t);	/* -EINTR: it never ran */
bool kthread_should_stop(void);
void *kthread_data(struct task_struct *t);
int kthreadd(void *unused);			/* the body of pid 2 */
extern struct task_struct *kthreadd_task;
