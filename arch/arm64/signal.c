// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signal frames: written on the user stack as libc and unwinders expect them (asm/sigframe.h), and taken
 * back by rt_sigreturn, which trusts nothing in them.
 */
#include <kernel/lib/string.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <generated/syscalls.h>
#include <asm/compat.h>
#include <asm/cpu.h>
#include <asm/entry.h>
#include <asm/sigframe.h>
#include <asm/uaccess.h>
#include <asm/vdso.h>

/* The part of __reserved that this kernel writes, with what follows the vector registers on its own. */
struct frame_fpsimd_head {
	struct _aarch64_ctx	head;
	u32			fpsr, fpcr;
};
struct frame_end {
	union {
		struct esr_context	esr;
		struct _aarch64_ctx	end;
	};
	struct _aarch64_ctx	end_after_esr;
} __aligned(16);
static_assert(sizeof(struct frame_fpsimd_head) == offsetof(struct fpsimd_context, vregs));

/* struct sigcontext from regs on up to __reserved is how pt_regs begins: both go in one piece. */
static_assert(offsetof(struct sigcontext, pstate) - offsetof(struct sigcontext, regs) ==
	      offsetof(struct pt_regs, pstate));
#define FRAME_REGS_SIZE	offsetofend(struct pt_regs, pstate)

bool valid_user_regs(struct pt_regs *regs)
{
	const u64 flags = PSR_N_BIT | PSR_Z_BIT | PSR_C_BIT | PSR_V_BIT;
	const u64 allowed = flags | PSR_SSBS_BIT | PSR_DIT_BIT | PSR_BTYPE_MASK | PSTATE_SS;
	bool valid = user_mode(regs) && !(regs->pstate & (PSR_MODE32_BIT | PSR_D_BIT | PSR_A_BIT |
							   PSR_I_BIT | PSR_F_BIT));

	regs->pstate &= valid ? allowed : flags;
	return valid;
}

/* The vector registers go straight from where fpu_save() puts them: no copy of 512 bytes in between. */
static int write_fpsimd(struct fpsimd_context __user *ctx)
{
	struct fp_state *fp = &current->thread.fp;
	struct frame_fpsimd_head head = { .head.magic = FPSIMD_MAGIC, .head.size = sizeof(*ctx) };

	preempt_disable();
	fpu_save(current);
	preempt_enable();
	head.fpsr = fp->fpsr;
	head.fpcr = fp->fpcr;
	if (__copy_to_user(ctx, &head, sizeof(head)) ||
	    __copy_to_user(ctx->vregs, fp->vregs, sizeof(fp->vregs)))
		return -EFAULT;
	return 0;
}

static int write_end(void __user *to)
{
	struct frame_end end = { 0 };
	size_t size = sizeof(end.end);

	if (current->thread.fault_code) {
		end.esr.head.magic = ESR_MAGIC;
		end.esr.head.size = sizeof(end.esr);
		end.esr.esr = current->thread.fault_code;
		size = sizeof(end);
	}
	return __copy_to_user(to, &end, size) ? -EFAULT : 0;
}

/* The caller has checked the range of all of the frame. */
static int write_context(struct rt_sigframe __user *frame, const struct pt_regs *regs, u64 oldset)
{
	struct user_ucontext __user *uc = &frame->uc;
	struct sigcontext __user *sc = &uc->uc_mcontext;
	struct fpsimd_context __user *fpsimd = (void __user *)sc->__reserved;

	if (put_user(0UL, &uc->uc_flags) || put_user(NULL, &uc->uc_link) ||
	    save_altstack(&uc->uc_stack) || put_user(oldset, &uc->uc_sigmask) ||
	    put_user(current->thread.fault_address, &sc->fault_address) ||
	    __copy_to_user(sc->regs, regs, FRAME_REGS_SIZE))
		return -EFAULT;
	if (unlikely(regs->pstate & PSTATE_SS) && put_user(regs->pstate & ~PSTATE_SS, &sc->pstate))
		return -EFAULT;
	return write_fpsimd(fpsimd) ?: write_end(fpsimd + 1);
}

int setup_signal_frame(struct ksignal *ksig, u64 oldset, struct pt_regs *regs)
{
	struct frame_record record = { regs->regs[29], regs->regs[30] };
	struct frame_record __user *urecord;
	struct rt_sigframe __user *frame;
	unsigned long sp;

	if (compat_user_mode(regs))
		return compat_setup_signal_frame(ksig, oldset, regs);
	sp = sigsp(regs->sp, ksig);
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
	if (cpu_has_bti)
		regs->pstate |= PSR_BTYPE_C;		/* as if it had been called */
	current->thread.fault_code = 0;
	return 0;
}

/* Walk the records up to the terminator: only what setup writes may be there. */
static int find_fpsimd(const struct sigcontext __user *sc, const struct fpsimd_context __user **fpsimd)
{
	const char __user *base = (const char __user *)sc->__reserved;
	size_t limit = sizeof(sc->__reserved), off = 0;

	*fpsimd = NULL;
	while (off <= limit - sizeof(struct _aarch64_ctx)) {
		u64 head;		/* struct _aarch64_ctx: magic below, size above */
		u32 magic, size;

		if (get_user(head, (const u64 __user *)(base + off)))
			return -EFAULT;
		magic = head;
		size = head >> 32;
		if (!head)
			return *fpsimd ? 0 : -EINVAL;
		if (size < sizeof(head) || size > limit - off || size % 16)
			return -EINVAL;
		if (magic == FPSIMD_MAGIC) {
			if (*fpsimd || size != sizeof(struct fpsimd_context))
				return -EINVAL;
			*fpsimd = (const void __user *)(base + off);
		} else if (magic != ESR_MAGIC) {
			return -EINVAL;
		}
		off += size;
	}
	return -EINVAL;
}

/* thread.fp is stale while current runs: the registers are loaded from the copy and it stays so. */
static int restore_fpsimd(const struct sigcontext __user *sc)
{
	const struct fpsimd_context __user *ctx;
	struct fp_state fp;
	int err = find_fpsimd(sc, &ctx);

	if (err)
		return err;
	if (__copy_from_user(fp.vregs, ctx->vregs, sizeof(fp.vregs)) ||
	    get_user(fp.fpsr, &ctx->fpsr) || get_user(fp.fpcr, &ctx->fpcr))
		return -EFAULT;
	fpu_load_regs(&fp);
	return 0;
}

/* After a fault some registers are the program's, the others 0: it is about to get a SIGSEGV. */
static int restore_frame(struct rt_sigframe __user *frame, struct pt_regs *regs)
{
	size_t missing;
	u64 set;

	if (!access_ok(frame, sizeof(*frame)) || get_user(set, &frame->uc.uc_sigmask))
		return -EFAULT;
	set_current_blocked(set);
	missing = __copy_from_user(regs, frame->uc.uc_mcontext.regs, FRAME_REGS_SIZE);
	regs->syscallno = NO_SYSCALL;		/* x0 is not a result: nothing to restart */
	if (!valid_user_regs(regs))
		return -EINVAL;
	return missing ? -EFAULT : restore_fpsimd(&frame->uc.uc_mcontext);
}

long sys_rt_sigreturn(void)
{
	struct pt_regs *regs = task_pt_regs(current);
	struct rt_sigframe __user *frame = (void __user *)regs->sp;

	current->restart_block.fn = NULL;
	if ((regs->sp & 15) || restore_frame(frame, regs) || restore_altstack(&frame->uc.uc_stack)) {
		current->thread.fault_address = (unsigned long)frame;
		force_sig_fault(SIGSEGV, SEGV_MAPERR, (unsigned long)frame);
		return 0;
	}
	if (test_task_flag(current, TIF_SINGLESTEP))
		regs->pstate |= PSTATE_SS;
	return regs->regs[0];
}
