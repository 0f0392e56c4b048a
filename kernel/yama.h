/* SPDX-License-Identifier: GPL-2.0-only */
/* Yama: who may attach to whom with ptrace, beyond the credentials. See yama.c. */
#pragma once

#include <kernel/lib/types.h>

struct pid;
struct task_struct;

#define YAMA_DISABLED	0
#define YAMA_RELATIONAL	1	/* to descendants, and to those who said PR_SET_PTRACER */
#define YAMA_CAPABILITY	2	/* with CAP_SYS_PTRACE */
#define YAMA_NO_ATTACH	3	/* nobody, until the machine is booted again */

extern int yama_ptrace_scope;		/* kernel.yama.ptrace_scope */

/* May current attach to @t? tasklist_lock held. */
bool yama_allows_attach(struct task_struct *t);
/* May current make @parent its tracer? tasklist_lock held. */
bool yama_allows_traceme(struct task_struct *parent);
long prctl_set_ptracer(unsigned long who);
void put_ptracer(struct pid *ptracer);		/* of a signal_struct that goes */
