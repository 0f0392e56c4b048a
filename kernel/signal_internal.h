/* SPDX-License-Identifier: GPL-2.0-only */
/* What signal.c, sigqueue.c and signal_syscalls.c share. */
#pragma once

#include <kernel/signal.h>
#include <kernel/time/posix_timer.h>
#include <asm/uaccess.h>

#define STOP_SIGNALS	(sigmask(SIGSTOP) | sigmask(SIGTSTP) | sigmask(SIGTTIN) | sigmask(SIGTTOU))
#define KERNEL_ONLY_SIGNALS (sigmask(SIGKILL) | sigmask(SIGSTOP))
#define IGNORED_BY_DEFAULT (sigmask(SIGCONT) | sigmask(SIGCHLD) | sigmask(SIGWINCH) | sigmask(SIGURG))
#define COREDUMP_SIGNALS (sigmask(SIGQUIT) | sigmask(SIGILL) | sigmask(SIGTRAP) | sigmask(SIGABRT) | \
			  sigmask(SIGFPE) | sigmask(SIGSEGV) | sigmask(SIGBUS) | sigmask(SIGSYS) | \
			  sigmask(SIGXCPU) | sigmask(SIGXFSZ))

static inline bool valid_signal(unsigned long sig)
{
	return sig <= _NSIG;
}

/* siglock held; false: @t is dying, and nothing stops it any more. */
static inline bool task_set_jobctl_pending(struct task_struct *t, unsigned long mask)
{
	if (fatal_signal_pending(t) || (t->flags & PF_EXITING))
		return false;
	if (mask & JOBCTL_STOP_SIGMASK)
		t->jobctl &= ~JOBCTL_STOP_SIGMASK;
	t->jobctl |= mask;
	return true;
}
/* One thread less for the group stop to wait for; true: it was the last. siglock held. */
bool participate_group_stop(struct task_struct *t);
/* tasklist_lock held, so that the sighand stays. */
bool has_sender_ids(const siginfo_t *info);
int send_sig_tasklist_locked(int sig, siginfo_t *info, struct task_struct *t, enum pid_type type);

struct sigqueue *sigqueue_get(struct task_struct *t, int sig, bool override);
void sigqueue_put(struct sigqueue *q);
void flush_sigqueue_mask(struct sigpending *queue, ksigset_t mask);
/* kill(2)'s rule: may current send @sig to @t? 0, -EPERM. */
int check_kill_permission(int sig, const siginfo_t *info, struct task_struct *t);
/* sigaction(2), under no lock; either pointer may be NULL. */
int do_sigaction(int sig, const struct ksigaction *act, struct ksigaction *old);
/* Sleep under the mask @set until a signal is delivered: -ERESTARTNOHAND. */
long do_sigsuspend(ksigset_t set);
