/* SPDX-License-Identifier: GPL-2.0-only */
/* Process accounting: a record for each process that has ended, in a file for each pid namespace. acct(2), acct(5) */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

struct file;
struct pid_namespace;
struct task_struct;

/* Of a pid namespace; all under the lock of acct.c. */
struct acct_file {
	struct file	*file;		/* reference; NULL: nothing is written */
	bool		has_room;	/* in its file system, when that was last looked at */
	u64		look_again;	/* when: monotonic ns */
};

extern int acct_files;			/* [a] how many there are */
void acct_collect_slow(struct task_struct *t);
void acct_process_slow(void);
void acct_exit_ns(struct pid_namespace *ns);	/* its init is the last one there */
/* /proc/sys/kernel/acct: goes on at this percentage of free blocks, stops at that, looks after so many seconds. */
extern int acct_parm[3];

/* A thread is exiting and still has its address space. */
static inline void acct_collect(struct task_struct *t)
{
	if (unlikely(READ_ONCE(acct_files)))
		acct_collect_slow(t);
}

/* It was the last of its process, and has none: may sleep. */
static inline void acct_process(bool group_dead)
{
	if (unlikely(READ_ONCE(acct_files)) && group_dead)
		acct_process_slow();
}
