/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The types of signal handling that task_struct and signal frames need; functions are in
 * <kernel/signal.h>.  A set of signals is one 64-bit word on both ports: bit (sig - 1).  Its bytes
 * are those of a 64-bit user's sigset_t and, little endian, of a 32-bit user's two words.
 */
#pragma once

#include <kernel/lib/list.h>
#include <kernel/lib/types.h>
#include <kernel/uapi.h>

#undef _NSIG
#define _NSIG 64

typedef u64 ksigset_t;

#define sigmask(sig)		(1ULL << ((sig) - 1))
#define sigismember(set, sig)	(!!((set) & sigmask(sig)))
#define sigaddset(set, sig)	(*(set) |= sigmask(sig))
#define sigdelset(set, sig)	(*(set) &= ~sigmask(sig))

struct sigpending {
	struct list_head	list;		/* of struct sigqueue */
	ksigset_t		signal;
};

/* As user space passes it to rt_sigaction (a 32-bit one's mask is aligned to 4), and as the kernel keeps it. */
struct ksigaction {
	unsigned long		handler;	/* 0 SIG_DFL, 1 SIG_IGN, or a user address */
	unsigned long		flags;		/* SA_* */
	unsigned long		restorer;
	ksigset_t		mask __attribute__((packed, aligned(4)));
};
static_assert(sizeof(struct ksigaction) == 3 * sizeof(long) + 8);

/* A signal on its way to a handler. */
struct ksignal {
	struct ksigaction	ka;
	siginfo_t		info;
	int			sig;
};
