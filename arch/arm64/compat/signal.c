// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signal frames of 32-bit programs: written on the user stack in arm's layout (sigframe.h), and taken back by
 * sigreturn and rt_sigreturn, which trust nothing in them.
 */
#include <kernel/lib/string.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <mm/mm.h>
#include <generated/syscalls.h>
#include <asm/cpu.h>
#include <asm/uaccess.h>
#include "sigframe.h"

/* What Linux writes where an rt frame has uc_flags, so that the two can be told apart. */
#define SIGFRAME_MARK	0x5ac3c35aU

/* Offsets in the sigpage. */
#define TRAMPOLINE_RT	12		/* rt_sigreturn's, after those of sigreturn */
#define TRAMPOLINE_THUMB 8		/* the Thumb one, after the ARM one */

#define FSR_WRITE	(1 << 11)

/* ---- writing ------------------------------------------------------------------------ */

/* d0-d31 are the lower 16 vector registers. */
static int write_vfp(struct compat_ucontext __user *uc)
{
	struct compat_vfp_frame vfp = { .magic = VFP_MAGIC, .size = sizeof(vfp), .fpexc = 1U << 30 };
	const struct fp_state *fp = &current->thread.fp;

	preempt_disable();
	fpu_save(current);
	preempt_enable();
	memcpy(vfp.fpregs, fp->vregs, sizeof(vfp.fpregs));
	vfp.fpscr = compat_get_fpscr(fp);
	if (copy_to_user(uc->uc_regspace, &vfp, sizeof(vfp)))
		return -EFAULT;
	return put_user(0U, uc->uc_regspace + sizeof(vfp) / sizeof(u32));
}

static int write_context(struct compat_ucontext __user *uc, const struct pt_regs *regs, u64 oldset, u32 flags)
{
	const struct thread_struct *thread = &current->thread;
	struct compat_sigcontext sc = {
		.error_code = thread->fault_code & ISS_WNR ? FSR_WRITE : 0,
		.oldmask = (u32)oldset,
		.fault_address = thread->fault_address,
	};
	u32 uregs[COMPAT_NGREG];

	compat_get_regs(regs, uregs);
	memcpy(sc.regs, uregs, sizeof(sc.regs));
	if (put_user(flags, &uc->uc_flags) || put_user(0U, &uc->uc_link) ||
	    copy_to_user(&uc->uc_mcontext, &sc, sizeof(sc)) ||
	    copy_to_user(uc->uc_sigmask, &oldset, sizeof(oldset)))
		return -EFAULT;
	return write_vfp(uc);
}

static void enter_handler(const struct ksignal *ksig, struct pt_regs *regs, void __user *sp)
{
	unsigned long offset = ksig->ka.flags & SA_SIGINFO ? TRAMPOLINE_RT : 0;
	u32 handler = ksig->ka.handler, ret = ksig->ka.restorer;
	bool thumb = handler & 1;

	if (!(ksig->ka.flags & SA_RESTORER))
		ret = current->mm->vdso + offset + (thumb ? TRAMPOLINE_THUMB + 1 : 0);
	regs->pstate &= ~(u64)(COMPAT_PSR_T_BIT | COMPAT_PSR_E_BIT | COMPAT_PSR_IT_MASK);
	if (thumb)
		regs->pstate |= COMPAT_PSR_T_BIT;
	regs->regs[0] = ksig->sig;
	regs->regs[COMPAT_REG_SP] = (unsigned long)sp;
	regs->regs[COMPAT_REG_LR] = ret;
	regs->pc = handler & (thumb ? ~1U : ~3U);
}

static int setup_frame(struct ksignal *ksig, u64 oldset, struct pt_regs *regs, unsigned long sp)
{
	struct compat_sigframe __user *frame = (void __user *)((sp - sizeof(*frame)) & ~7UL);

	if (!access_ok(frame, sizeof(*frame)) || write_context(&frame->uc, regs, oldset, SIGFRAME_MARK))
		return -EFAULT;
	enter_handler(ksig, regs, frame);
	return 0;
}

static int setup_rt_frame(struct ksignal *ksig, u64 oldset, struct pt_regs *regs, unsigned long sp)
{
	struct compat_rt_sigframe __user *frame = (void __user *)((sp - sizeof(*frame)) & ~7UL);

	if (!access_ok(frame, sizeof(*frame)) || copy_siginfo_to_user((siginfo_t __user *)&frame->info, &ksig->info) ||
	    save_altstack(&frame->sig.uc.uc_stack) || write_context(&frame->sig.uc, regs, oldset, 0))
		return -EFAULT;
	enter_handler(ksig, regs, frame);
	regs->regs[1] = (unsigned long)&frame->info;
	regs->regs[2] = (unsigned long)&frame->sig.uc;
	return 0;
}

int compat_setup_signal_frame(struct ksignal *ksig, u64 oldset, struct pt_regs *regs)
{
	unsigned long sp = sigsp((u32)regs->regs[COMPAT_REG_SP], ksig);
	int err;

	if (ksig->ka.flags & SA_SIGINFO)
		err = setup_rt_frame(ksig, oldset, regs, sp);
	else
		err = setup_frame(ksig, oldset, regs, sp);
	if (!err)
		current->thread.fault_code = 0;
	return err;
}

/* ---- taking back -------------------------------------------------------------------- */

/* thread.fp is stale while current runs: what a 32-bit program has of the registers is replaced. */
static int restore_vfp(const struct compat_ucontext __user *uc)
{
	struct fp_state *fp = &current->thread.fp;
	struct compat_vfp_frame vfp;

	if (copy_from_user(&vfp, uc->uc_regspace, sizeof(vfp)))
		return -EFAULT;
	if (vfp.magic != VFP_MAGIC || vfp.size != sizeof(vfp))
		return -EINVAL;
	preempt_disable();
	memcpy(fp->vregs, vfp.fpregs, sizeof(vfp.fpregs));
	compat_set_fpscr(fp, vfp.fpscr);
	fpu_restore(current);
	preempt_enable();
	return 0;
}

static int restore_context(struct pt_regs *regs, const struct compat_ucontext __user *uc)
{
	struct compat_sigcontext sc;
	u64 set;

	if (copy_from_user(&set, uc->uc_sigmask, sizeof(set)) ||
	    copy_from_user(&sc, &uc->uc_mcontext, sizeof(sc)))
		return -EFAULT;
	set_current_blocked(set);
	if (!compat_set_regs(regs, sc.regs))
		return -EINVAL;
	return restore_vfp(uc);
}

static long finish_sigreturn(struct pt_regs *regs, int err)
{
	regs->syscallno = NO_SYSCALL;		/* r0 is not a result: nothing to restart */
	current->restart_block.fn = NULL;
	if (err)
		force_sig_fault(SIGSEGV, SEGV_MAPERR, (u32)regs->regs[COMPAT_REG_SP]);
	else if (test_task_flag(current, TIF_SINGLESTEP))
		regs->pstate |= PSTATE_SS;
	return regs->regs[0];
}

long sys_sigreturn(void)
{
	struct pt_regs *regs = task_pt_regs(current);
	struct compat_sigframe __user *frame = compat_ptr(regs->regs[COMPAT_REG_SP]);
	int err = -EFAULT;

	if (!((unsigned long)frame & 7) && access_ok(frame, sizeof(*frame)))
		err = restore_context(regs, &frame->uc);
	return finish_sigreturn(regs, err);
}

long sys_rt_sigreturn32(void)
{
	struct pt_regs *regs = task_pt_regs(current);
	struct compat_rt_sigframe __user *frame = compat_ptr(regs->regs[COMPAT_REG_SP]);
	int err = -EFAULT;

	if (!((unsigned long)frame & 7) && access_ok(frame, sizeof(*frame))) {
		err = restore_context(regs, &frame->sig.uc);
		if (!err)
			err = restore_altstack(&frame->sig.uc.uc_stack);
	}
	return finish_sigreturn(regs, err);
}
