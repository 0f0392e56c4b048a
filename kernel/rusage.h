/* SPDX-License-Identifier: GPL-2.0-only */
/* Resource usage of a task, a process, or its children: kernel/rusage.c. */
#pragma once

#include <kernel/uapi.h>

struct task_struct;
/* @who: RUSAGE_SELF, RUSAGE_THREAD, RUSAGE_CHILDREN or RUSAGE_BOTH. @t is current or being reaped. */
void task_rusage(struct task_struct *t, int who, struct rusage *ru);
/* To user memory, as current's ABI has it. 0 or -EFAULT. */
int put_rusage(void __user *to, const struct rusage *ru);
