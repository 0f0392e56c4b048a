/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Core dumps: the memory and registers of a process that dies of a signal, as a file for debuggers.
 *
 * fs/coredump.c decides whether there is a dump, stops the other threads and opens what it goes to;
 * fs/core_pattern.c makes the name; fs/elf_core.c writes the contents.
 *
 * Locks: [s] siglock of the process
 */
#pragma once

#include <kernel/lib/list.h>
#include <kernel/lib/types.h>
#include <kernel/sched/completion.h>
#include <kernel/uapi.h>

struct file;
struct task_struct;

/* mm's dumpable: who may see what is in the process, as a dump or with ptrace. */
#define SUID_DUMP_DISABLE	0
#define SUID_DUMP_USER		1
#define SUID_DUMP_ROOT		2	/* a dump for root's eyes only */

#define CORE_NAME_SIZE		128	/* of kernel.core_pattern, with its NUL */

/* A thread that waits until the dump has been written. It lives on that thread's stack. */
struct core_thread {
	struct list_head	entry;		/* [s] in core_state->threads */
	struct task_struct	*task;		/* [s] NULL: go on dying */
};

/* A dump in the making; on the stack of the thread that makes it. signal->core_state */
struct core_state {
	struct list_head	threads;	/* [s] the other threads that died of the same signal */
	unsigned int		missing;	/* [s] those that have not come to rest yet */
	struct completion	all_stopped;
};

struct core_dump {
	const siginfo_t		*info;		/* why */
	struct core_state	*state;
	struct file		*file;
	int			dumpable;	/* SUID_DUMP_* when it died */
	unsigned long		limit;		/* most bytes to write; holes do not count */
	unsigned long		written;
	loff_t			pos;		/* in the file */
	loff_t			hole;		/* bytes after pos that are to be skipped */
};

/* Current dies of info->si_signo: write a dump if there is to be one. It marks the group as exiting then. */
void do_coredump(const siginfo_t *info);
/* do_exit(), first of all: threads of a process that is being dumped wait here. */
void coredump_join(struct task_struct *t);
/* A thread of such a process is on its way out by itself. siglock held. */
void coredump_leave(struct core_state *state);

/* For the writer of the contents; false: give up. */
bool dump_emit(struct core_dump *dump, const void *data, size_t n);
void dump_skip(struct core_dump *dump, size_t n);
/* Write the whole dump. true: there is one, if perhaps cut off by its limit. */
bool elf_core_dump(struct core_dump *dump);
bool elf_core_dump32(struct core_dump *dump);		/* of a 32-bit program on a 64-bit kernel */

/*
 * What kernel.core_pattern says: a file's name in name->text or, name->argc words for a program that reads
 * the dump, with name->argv pointing to them. Free with core_name_free(). 0, -ENOMEM.
 */
struct core_name {
	char		*text;		/* NUL-terminated */
	size_t		size, used;	/* of the text; used is without the NUL */
	bool		pipe;
	unsigned int	argc;
	size_t		*word;		/* where each of argc words begins in text */
	const char	**argv;		/* NULL-terminated */
};
int core_name_make(struct core_name *name, const struct core_dump *dump);
void core_name_free(struct core_name *name);

extern char core_pattern[CORE_NAME_SIZE];		/* kernel.core_pattern */
extern int core_uses_pid, core_pipe_limit, suid_dumpable;	/* kernel., kernel., fs. */
