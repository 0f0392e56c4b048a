/* SPDX-License-Identifier: GPL-2.0-only */
/* What seccomp.c, seccomp_log.c and seccomp_notify.c share. Locks: [a] atomic [I] immutable [n] notify_lock */
#pragma once

#include <linux/seccomp.h>

#include <kernel/bpf_classic.h>
#include <kernel/locking/mutex.h>
#include <kernel/lib/refcount.h>
#include <kernel/seccomp.h>
#include <kernel/sched/wait.h>

struct file;

struct seccomp_filter {
	refcount_t		usage;		/* [a] tasks, newer filters and a listener that point here */
	atomic_t		users;		/* [a] the same without the listener: who can still make a call */
	struct seccomp_filter	*prev;		/* [I] older one */
	unsigned int		depth;		/* [I] filters in the chain from here on */
	unsigned int		cost;		/* [I] instructions in the chain, and some for each filter */
	unsigned int		len;		/* [I] */
	bool			log;		/* [I] SECCOMP_FILTER_FLAG_LOG */
	bool			wait_killable;	/* [I] SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV */

	struct mutex		notify_lock;
	bool			has_listener;	/* [n] */
	unsigned int		requests;	/* [n] calls announced and not yet received */
	u64			next_id;	/* [n] */
	struct list_head	notifications;	/* [n] of struct notification */
	struct wait_queue_head	wait;		/* the listener's, for calls and for the end of the last user */

	struct sock_filter	insns[];	/* [I] */
};

void seccomp_put_filter(struct seccomp_filter *filter);
/* The open file of a listener to @filter; ERR_PTR. */
struct file *seccomp_listener_file(struct seccomp_filter *filter);
/* Nobody listens any more: those who wait get ENOSYS. */
void seccomp_forget_listener(struct seccomp_filter *filter);
/* Ask the listener about a call. true: it is to be made; else the result is set. */
bool seccomp_ask_listener(struct seccomp_filter *filter, struct pt_regs *regs, const struct seccomp_data *data);
/* Call @nr was answered with @ret by @match (NULL: allowed by all). */
void seccomp_log(const struct seccomp_filter *match, int nr, u32 ret);
