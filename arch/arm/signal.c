// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signal frames: written on the user stack as libc and unwinders expect them (asm/sigframe.h), and
 * taken back by sigreturn and rt_sigreturn, which trust nothing in them.  Handlers installed
 * without SA_RESTORER return through the sigpage (kuser.S), which exec maps into every program.
 */
#include <kernel/lib/string.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <mm/mm.h>
#include <generated/syscalls.h>
#include <asm/entry.h>
#include <asm/sigframe.h>
#include <asm/uaccess.h>

/* What Linux writes where an rt frame has uc_flags, so that the two can be told apart. */
#define SIGFRAME_MARK	0x5ac3c35aUL

/* Offsets in the sigpage. */
#define TRAMPOLINE_RT	12		/* rt_sigreturn's, after those of sigreturn */
#define TRAMPOLINE_THUMB 8		/* the Thumb one, after the ARM one */

/* Carried out of an exception return, these bits would leave user mode or change how it runs. */
bool valid_user_regs(struct pt_regs *regs)
{
	const unsigned long flags = APSR_MASK | PSR_T_BIT | PSR_ENDIAN_MASK | PSR_IT_MASK;
	bool valid = (regs->ARM_cpsr & (MODE_MASK | PSR_I_BIT | PSR_J_BIT)) == USR_MODE;

	regs->ARM_cpsr &= flags;
	regs->ARM_cpsr |= USR_MODE;
	return valid;
}

/* ---- writing ------------------------------------------------------------------------ */

static int write_vfp(struct user_ucontext __user *uc)
{
	struct thread_struct *thread = &current->thread;
	struct vfp_sigframe vfp = { .magic = VFP_MAGIC, .size = sizeof(vfp), .fpexc = 1U << 30 };
	unsigned long __user *end = uc->uc_regspace;

	if (fpu_nr_regs) {
		preempt_disable();
		fpu_save(current);
		preempt_enable();
		memcpy(vfp.fpregs, thread->fp.vregs, sizeof(vfp.fpregs));
		vfp.fpscr = thread->fp.fpscr;
		if (copy_to_user(uc->uc_regspace, &vfp, sizeof(vfp)))
			return -EFAULT;
		end += sizeof(vfp) / sizeof(*end);
	}
	return put_user(0UL, end);
}

static int write_context(struct user_ucontext __user *uc, const struct pt_regs *regs, u64 oldset,
			 unsigned long flags)
{
	const struct thread_struct *thread = &current->thread;
	struct sigcontext sc = {
		.trap_no = thread->trap_no,
		.error_code = thread->fault_code,
		.oldmask = (unsigned long)oldset,
		.fault_address = thread->fault_address,
	};

	memcpy(&sc.arm_r0, regs->uregs, 17 * sizeof(unsigned long));
	if (put_user(flags, &uc->uc_flags) || put_user(NULL, &uc->uc_link) ||
	    copy_to_user(&uc->uc_mcontext, &sc, sizeof(sc)) ||
	    copy_to_user(&uc->uc_sigmask, &oldset, sizeof(oldset)))
		return -EFAULT;
	return write_vfp(uc);
}
static_assert(offsetof(struct sigcontext, arm_cpsr) - offsetof(struct sigcontext, arm_r0) == 64);

/* Where the handler returns to. Without SA_RESTORER the frame has the code too, for unwinders. */
static int choose_return(const struct ksignal *ksig, bool thumb, struct sigframe __user *frame,
			 unsigned long *ret)
{
	unsigned long offset = ksig->ka.flags & SA_SIGINFO ? TRAMPOLINE_RT : 0;

	if (ksig->ka.flags & SA_RESTORER) {
		*ret = ksig->ka.restorer;
		return 0;
	}
	if (thumb)
		offset += TRAMPOLINE_THUMB;
	*ret = current->mm->vdso + offset + thumb;
	if (copy_to_user(frame->retcode, (const char *)sigpage + offset, thumb ? 4 : 8))
		return -EFAULT;
	return 0;
}

static int enter_handler(const struct ksignal *ksig, struct pt_regs *regs,
			 struct sigframe __user *frame, void __user *sp)
{
	unsigned long handler = ksig->ka.handler;
	bool thumb = handler & 1;
	unsigned long ret;

	if (choose_return(ksig, thumb, frame, &ret))
		return -EFAULT;
	regs->ARM_cpsr &= ~(PSR_T_BIT | PSR_ENDIAN_MASK | PSR_IT_MASK);
	if (thumb)
		regs->ARM_cpsr |= PSR_T_BIT;
	regs->ARM_r0 = ksig->sig;
	regs->ARM_sp = (unsigned long)sp;
	regs->ARM_lr = ret;
	regs->ARM_pc = handler & (thumb ? ~1UL : ~3UL);
	return 0;
}

static int setup_frame(struct ksignal *ksig, u64 oldset, struct pt_regs *regs, unsigned long sp)
{
	struct sigframe __user *frame = (void __user *)((sp - sizeof(*frame)) & ~7UL);

	if (!access_ok(frame, sizeof(*frame)) ||
	    write_context(&frame->uc, regs, oldset, SIGFRAME_MARK))
		return -EFAULT;
	return enter_handler(ksig, regs, frame, frame);
}

static int setup_rt_frame(struct ksignal *ksig, u64 oldset, struct pt_regs *regs, unsigned long sp)
{
	struct rt_sigframe __user *frame = (void __user *)((sp - sizeof(*frame)) & ~7UL);

	if (!access_ok(frame, sizeof(*frame)) || copy_siginfo_to_user(&frame->info, &ksig->info) ||
	    save_altstack(&frame->sig.uc.uc_stack) ||
	    write_context(&frame->sig.uc, regs, oldset, 0) ||
	    enter_handler(ksig, regs, &frame->sig, frame))
		return -EFAULT;
	regs->ARM_r1 = (unsigned long)&frame->info;
	regs->ARM_r2 = (unsigned long)&frame->sig.uc;
	return 0;
}

int setup_signal_frame(struct ksignal *ksig, u64 oldset, struct pt_regs *regs)
{
	unsigned long sp = sigsp(regs->ARM_sp, ksig);

	if (regs->syscallno == RESTART_SYSCALL) {
		/* This came after the decision to restart without one: the call ends after all. */
		regs->ARM_r0 = -EINTR;
		regs->syscallno = NO_SYSCALL;
	}
	if (ksig->ka.flags & SA_SIGINFO)
		return setup_rt_frame(ksig, oldset, regs, sp);
	return setup_frame(ksig, oldset, regs, sp);
}

/* ---- taking back -------------------------------------------------------------------- */

static int restore_vfp(const struct user_ucontext __user *uc)
{
	struct vfp_sigframe vfp;

	if (!fpu_nr_regs)
		return 0;
	if (copy_from_user(&vfp, uc->uc_regspace, sizeof(vfp)))
		return -EFAULT;
	if (vfp.magic != VFP_MAGIC || vfp.size != sizeof(vfp))
		return -EINVAL;
	preempt_disable();
	memcpy(current->thread.fp.vregs, vfp.fpregs, sizeof(vfp.fpregs));
	current->thread.fp.fpscr = vfp.fpscr;
	fpu_restore(current);
	preempt_enable();
	return 0;
}

static int restore_context(struct pt_regs *regs, const struct user_ucontext __user *uc)
{
	struct sigcontext sc;
	u64 set;

	if (copy_from_user(&set, &uc->uc_sigmask, sizeof(set)) ||
	    copy_from_user(&sc, &uc->uc_mcontext, sizeof(sc)))
		return -EFAULT;
	set_current_blocked(set);
	memcpy(regs->uregs, &sc.arm_r0, 17 * sizeof(unsigned long));
	if (!valid_user_regs(regs))
		return -EINVAL;
	return restore_vfp(uc);
}

static long finish_sigreturn(struct pt_regs *regs, int err)
{
	regs->syscallno = NO_SYSCALL;		/* r0 is not a result: nothing to restart */
	current->restart_block.fn = NULL;
	if (err)
		force_sig_fault(SIGSEGV, SEGV_MAPERR, regs->ARM_sp);
	return regs->ARM_r0;
}

long sys_sigreturn(void)
{
	struct pt_regs *regs = task_pt_regs(current);
	struct sigframe __user *frame = (void __user *)regs->ARM_sp;
	int err = -EFAULT;

	if (!(regs->ARM_sp & 7) && access_ok(frame, sizeof(*frame)))
		err = restore_context(regs, &frame->uc);
	return finish_sigreturn(regs, err);
}

long sys_rt_sigreturn32(void)
{
	struct pt_regs *regs = task_pt_regs(current);
	struct rt_sigframe __user *frame = (void __user *)regs->ARM_sp;
	int err = -EFAULT;

	if (!(regs->ARM_sp & 7) && access_ok(frame, sizeof(*frame))) {
		err = restore_context(regs, &frame->sig.uc);
		if (!err)
			err = restore_altstack(&frame->sig.uc.uc_stack);
	}
	return finish_sigreturn(regs, err);
}
