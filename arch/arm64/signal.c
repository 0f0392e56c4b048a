// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signal frames: written on the user stack as libc and unwinders expect them (asm/sigframe.h), and taken
 * back by rt_sigreturn, which trusts nothing in them.
 */
#include <kernel/lib/string.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <generated/syscalls.h>
#include <asm/cpu.h>
#include <asm/entry.h>
#include <asm/sigframe.h>
#include <asm/uaccess.h>
#include <asm/vdso.h>

/* The part of __reserved that this kernel writes. */
struct frame_records {
	struct fpsimd_context	fpsimd;
	union {
		struct esr_context	esr;
		struct _aarch64_ctx	end;
	};
	struct _aarch64_ctx	end_after_esr;
} __aligned(16);

/* struct sigcontext up to __reserved. */
struct frame_regs {
	u64 fault_address;
	u64 regs[31];
	u64 sp, pc, pstate;
};
static_assert(sizeof(struct frame_regs) == offsetofend(struct sigcontext, pstate));

bool valid_user_regs(struct pt_regs *regs)
{
	const u64 flags = PSR_N_BIT | PSR_Z_BIT | PSR_C_BIT | PSR_V_BIT;
	const u64 allowed = flags | PSR_SSBS_BIT | PSR_DIT_BIT | PSR_BTYPE_MASK | PSTATE_SS;
	bool valid = user_mode(regs) && !(regs->pstate & (PSR_MODE32_BIT | PSR_D_BIT | PSR_A_BIT |
							   PSR_I_BIT | PSR_F_BIT));

	regs->pstate &= valid ? allowed : flags;
	return valid;
}

static void fill_records(struct frame_records *rec)
{
	struct thread_struct *thread = &current->thread;

	memset(rec, 0, sizeof(*rec));
	preempt_disable();
	fpu_save(current);
	preempt_enable();
	rec->fpsimd.head.magic = FPSIMD_MAGIC;
	rec->fpsimd.head.size = sizeof(rec->fpsimd);
	rec->fpsimd.fpsr = thread->fp.fpsr;
	rec->fpsimd.fpcr = thread->fp.fpcr;
	memcpy(rec->fpsimd.vregs, thread->fp.vregs, sizeof(rec->fpsimd.vregs));
	if (thread->fault_code) {
		rec->esr.head.magic = ESR_MAGIC;
		rec->esr.head.size = sizeof(rec->esr);
		rec->esr.esr = thread->fault_code;
	}
}

static int write_context(struct rt_sigframe __user *frame, const struct pt_regs *regs, u64 oldset)
{
	struct user_ucontext __user *uc = &frame->uc;
	struct frame_regs out = {
		.fault_address = current->thread.fault_address,
		.sp = regs->sp, .pc = regs->pc, .pstate = regs->pstate & ~PSTATE_SS,
	};
	struct frame_records rec;

	memcpy(out.regs, regs->regs, sizeof(out.regs));
	fill_records(&rec);
	if (put_user(0UL, &uc->uc_flags) || put_user(NULL, &uc->uc_link) ||
	    save_altstack(&uc->uc_stack, regs->sp) || put_user(oldset, &uc->uc_sigmask))
		return -EFAULT;
	if (copy_to_user(&uc->uc_mcontext, &out, sizeof(out)) ||
	    copy_to_user(uc->uc_mcontext.__reserved, &rec, sizeof(rec)))
		return -EFAULT;
	return 0;
}

int setup_signal_frame(struct ksignal *ksig, u64 oldset, struct pt_regs *regs)
{
	unsigned long sp = sigsp(regs->sp, ksig);
	struct frame_record record = { regs->regs[29], regs->regs[30] };
	struct frame_record __user *urecord;
	struct rt_sigframe __user *frame;

	urecord = (void __user *)((sp - sizeof(record)) & ~15UL);
	frame = (void __user *)((unsigned long)urecord - sizeof(*frame));
	if (!access_ok(frame, sizeof(*frame) + sizeof(record)) ||
	    copy_to_user(urecord, &record, sizeof(record)) || write_context(frame, regs, oldset))
		return -EFAULT;
	regs->regs[0] = ksig->sig;
	if (ksig->ka.flags & SA_SIGINFO) {
		if (copy_siginfo_to_user(&frame->info, &ksig->info))
			return -EFAULT;
		regs->regs[1] = (unsigned long)&frame->info;
		regs->regs[2] = (unsigned long)&frame->uc;
	}
	regs->sp = (unsigned long)frame;
	regs->regs[29] = (unsigned long)urecord;
	regs->pc = ksig->ka.handler;
	regs->regs[30] = ksig->ka.flags & SA_RESTORER ? ksig->ka.restorer : vdso_sigreturn_address();
	regs->pstate &= ~(u64)PSR_BTYPE_MASK;
	current->thread.fault_code = 0;
	return 0;
}

/* Walk the records up to the terminator: only what setup writes may be there. */
static int find_fpsimd(const struct sigcontext __user *sc, const struct fpsimd_context __user **fpsimd)
{
	const char __user *base = (const char __user *)sc->__reserved;
	size_t limit = sizeof(sc->__reserved), off = 0;
	struct _aarch64_ctx head;

	*fpsimd = NULL;
	while (off <= limit - sizeof(head)) {
		if (copy_from_user(&head, base + off, sizeof(head)))
			return -EFAULT;
		if (!head.magic && !head.size)
			return *fpsimd ? 0 : -EINVAL;
		if (head.size < sizeof(head) || head.size > limit - off || head.size % 16)
			return -EINVAL;
		if (head.magic == FPSIMD_MAGIC) {
			if (*fpsimd || head.size != sizeof(struct fpsimd_context))
				return -EINVAL;
			*fpsimd = (const void __user *)(base + off);
		} else if (head.magic != ESR_MAGIC) {
			return -EINVAL;
		}
		off += head.size;
	}
	return -EINVAL;
}

static int restore_fpsimd(const struct sigcontext __user *sc)
{
	const struct fpsimd_context __user *ctx;
	struct fp_state fp;
	int err = find_fpsimd(sc, &ctx);

	if (err)
		return err;
	if (copy_from_user(fp.vregs, ctx->vregs, sizeof(fp.vregs)) ||
	    get_user(fp.fpsr, &ctx->fpsr) || get_user(fp.fpcr, &ctx->fpcr))
		return -EFAULT;
	preempt_disable();
	current->thread.fp = fp;
	fpu_restore(current);
	preempt_enable();
	return 0;
}

static int restore_frame(struct rt_sigframe __user *frame, struct pt_regs *regs)
{
	struct frame_regs in;
	u64 set;

	if (!access_ok(frame, sizeof(*frame)) || get_user(set, &frame->uc.uc_sigmask) ||
	    copy_from_user(&in, &frame->uc.uc_mcontext, sizeof(in)))
		return -EFAULT;
	set_current_blocked(set);
	memcpy(regs->regs, in.regs, sizeof(in.regs));
	regs->sp = in.sp;
	regs->pc = in.pc;
	regs->pstate = in.pstate;
	regs->syscallno = NO_SYSCALL;		/* x0 is not a result: nothing to restart */
	if (!valid_user_regs(regs))
		return -EINVAL;
	return restore_fpsimd(&frame->uc.uc_mcontext);
}

long sys_rt_sigreturn(void)
{
	struct pt_regs *regs = task_pt_regs(current);
	struct rt_sigframe __user *frame = (void __user *)regs->sp;

	current->restart_block.fn = NULL;
	if ((regs->sp & 15) || restore_frame(frame, regs) || restore_altstack(&frame->uc.uc_stack)) {
		current->thread.fault_address = regs->sp;
		force_sig_fault(SIGSEGV, SEGV_MAPERR, (unsigned long)frame);
		return 0;
	}
	if (test_task_flag(current, TIF_SINGLESTEP))
		regs->pstate |= PSTATE_SS;
	return regs->regs[0];
}
