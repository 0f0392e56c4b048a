// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals that current brings upon itself, by a fault for instance: it can neither block nor ignore them.
 *
 * Locking: siglock, irqs off.
 */
#include <kernel/signal_internal.h>

static void force_sig_info_mode(siginfo_t *info, bool default_action)
{
	struct sighand_struct *sighand = current->sighand;
	int sig = info->si_signo;
	struct ksigaction *ka = &sighand->action[sig - 1];
	unsigned long flags;
	bool blocked;

	spin_lock_irqsave(&sighand->siglock, flags);
	blocked = sigismember(current->blocked, sig);
	if (blocked || ka->handler == (unsigned long)SIG_IGN || default_action) {
		ka->handler = (unsigned long)SIG_DFL;
		sigdelset(&current->blocked, sig);
	}
	/* Not even init survives its own fault, unless a debugger asked for it. */
	if (ka->handler == (unsigned long)SIG_DFL && (!current->ptrace || default_action))
		current->signal->flags &= ~SIGNAL_UNKILLABLE;
	send_signal_locked(sig, info, current, PIDTYPE_PID);
	set_task_flag(current, TIF_SIGPENDING);
	spin_unlock_irqrestore(&sighand->siglock, flags);
}

void force_sig_info(siginfo_t *info)
{
	force_sig_info_mode(info, false);
}

void force_exit_sig_info(siginfo_t *info)
{
	force_sig_info_mode(info, true);
}

static void force_sig_code(int sig, int code, unsigned long addr, bool default_action)
{
	siginfo_t info;

	clear_siginfo(&info);
	info.si_signo = sig;
	info.si_code = code;
	if (code != SI_KERNEL)
		info.si_addr = (void *)addr;
	force_sig_info_mode(&info, default_action);
}

void force_sig(int sig)
{
	force_sig_code(sig, SI_KERNEL, 0, false);
}

void force_sig_fault(int sig, int code, unsigned long addr)
{
	force_sig_code(sig, code, addr, false);
}

void force_exit_sig(int sig)
{
	force_sig_code(sig, SI_KERNEL, 0, true);
}

/* A signal frame could not be written: for SIGSEGV itself there is no second try. */
void force_sigsegv(int sig)
{
	force_sig_code(SIGSEGV, SI_KERNEL, 0, sig == SIGSEGV);
}
