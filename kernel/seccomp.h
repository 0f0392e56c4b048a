/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * seccomp: a task gives up system calls, for itself and its descendants, for ever.
 *
 * Interface of kernel/seccomp.c.  task->seccomp_mode and seccomp_filter are siglock's; the task itself reads
 * its own without.  A filter never changes and is shared by all who inherited it.
 */
#pragma once

#include <kernel/lib/types.h>

struct pt_regs;
struct task_struct;

/* TIF_SECCOMP, on the way into a call: false: it is not to be run, the result is set. */
bool seccomp_enter(struct pt_regs *regs);
/* fork: @child is as confined as current. siglock held. */
void seccomp_inherit(struct task_struct *child);
/* The last reference to @t goes. */
void seccomp_release(struct task_struct *t);
/* How many filters, for /proc. siglock held. */
unsigned int seccomp_filter_count(const struct task_struct *t);
/* ptrace: the @n'th filter of @t, which is frozen; what is known of it. A size, or -errno. */
long seccomp_get_filter(struct task_struct *t, unsigned long n, void __user *to);
long seccomp_get_metadata(struct task_struct *t, unsigned long size, void __user *umeta);
long prctl_set_seccomp(unsigned long mode, unsigned long filter);
/* /proc/sys/kernel/seccomp: the names of all actions, or of those that are logged, and a newline. Its length. */
size_t seccomp_list_actions(char *buf, size_t size, bool available);
int seccomp_set_logged(char *names);	/* separated by blanks; changes them. 0 or -EINVAL */
