// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registers of 32-bit programs as ptrace, core dumps and signal frames show them: arm's r0-r15, cpsr, orig_r0,
 * and d0-d31 with fpscr.
 */
#include <kernel/compat.h>
#include <kernel/lib/string.h>
#include <mm/mm.h>
#include <asm/compat.h>
#include <asm/cpu.h>
#include <asm/hw_breakpoint.h>
#include <asm/uaccess.h>

#define COMPAT_REG_CPSR		16
#define COMPAT_REG_ORIG_R0	17
#define PSR_DIT_32		0x00200000	/* where cpsr has it, and SPSR_EL1 the single-step bit */
#define PSR_DIT_64		0x01000000

void compat_get_regs(const struct pt_regs *regs, u32 uregs[COMPAT_NGREG])
{
	for (int i = 0; i <= COMPAT_REG_LR; i++)
		uregs[i] = regs->regs[i];
	uregs[15] = regs->pc;
	uregs[COMPAT_REG_CPSR] = regs->pstate & ~(u64)(PSTATE_SS | PSR_DIT_64);
	if (regs->pstate & PSR_DIT_64)
		uregs[COMPAT_REG_CPSR] |= PSR_DIT_32;
	uregs[COMPAT_REG_ORIG_R0] = regs->orig_x0;
}

/* Carried out of an exception return, other bits would leave user mode or change how it runs. */
bool compat_set_regs(struct pt_regs *regs, const u32 *uregs)
{
	const u32 flags = PSR_N_BIT | PSR_Z_BIT | PSR_C_BIT | PSR_V_BIT | COMPAT_PSR_Q_BIT | COMPAT_PSR_IT_MASK |
			  COMPAT_PSR_GE_MASK | COMPAT_PSR_E_BIT | COMPAT_PSR_T_BIT;
	u32 cpsr = uregs[COMPAT_REG_CPSR];
	bool valid = (cpsr & (PSR_MODE_MASK | PSR_MODE32_BIT | PSR_A_BIT | PSR_I_BIT | PSR_F_BIT)) == PSR_MODE32_BIT;

	for (int i = 0; i <= COMPAT_REG_LR; i++)
		regs->regs[i] = uregs[i];
	regs->pc = uregs[15];
	regs->pstate = (cpsr & flags) | (valid && (cpsr & PSR_DIT_32) ? PSR_DIT_64 : 0) | PSR_MODE32_BIT;
	return valid;
}

/* ---- FPSCR ---------------------------------------------------------------------------- */

#define FPSCR_FPSR_BITS		0xf800009f	/* flags, saturation, exceptions */
#define FPSCR_FPCR_BITS		0x07f79f00	/* modes, traps */

u32 compat_get_fpscr(const struct fp_state *fp)
{
	return (fp->fpsr & FPSCR_FPSR_BITS) | (fp->fpcr & FPSCR_FPCR_BITS);
}

void compat_set_fpscr(struct fp_state *fp, u32 fpscr)
{
	fp->fpsr = fpscr & FPSCR_FPSR_BITS;
	fp->fpcr = fpscr & FPSCR_FPCR_BITS;
}

/* ---- register sets: the task is stopped ------------------------------------------------ */

struct compat_vfp {
	u64 d[32];
	u32 fpscr;
};

int compat_gpr_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	u32 uregs[COMPAT_NGREG];

	compat_get_regs(task_pt_regs(t), uregs);
	memcpy(buf, (const char *)uregs + pos, count);
	return 0;
}

int compat_gpr_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	struct pt_regs regs = *task_pt_regs(t);
	u32 uregs[COMPAT_NGREG];

	compat_get_regs(&regs, uregs);
	memcpy((char *)uregs + pos, buf, count);
	if (!compat_set_regs(&regs, uregs))
		return -EINVAL;
	regs.pstate |= task_pt_regs(t)->pstate & PSTATE_SS;
	regs.orig_x0 = uregs[COMPAT_REG_ORIG_R0];
	*task_pt_regs(t) = regs;
	return 0;
}

static void get_vfp(const struct task_struct *t, struct compat_vfp *vfp)
{
	memcpy(vfp->d, t->thread.fp.vregs, sizeof(vfp->d));
	vfp->fpscr = compat_get_fpscr(&t->thread.fp);
}

int compat_vfp_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	struct compat_vfp vfp;

	get_vfp(t, &vfp);
	memcpy(buf, (const char *)&vfp + pos, count);
	return 0;
}

int compat_vfp_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	struct compat_vfp vfp;

	get_vfp(t, &vfp);
	memcpy((char *)&vfp + pos, buf, count);
	memcpy(t->thread.fp.vregs, vfp.d, sizeof(vfp.d));
	compat_set_fpscr(&t->thread.fp, vfp.fpscr);
	return 0;
}

int compat_tls_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	u32 tls = t->thread.tp_ro_value;

	memcpy(buf, (const char *)&tls + pos, count);
	return 0;
}

int compat_tls_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	u32 tls = t->thread.tp_ro_value;

	memcpy((char *)&tls + pos, buf, count);
	t->thread.tp_ro_value = tls;
	return 0;
}

/* ---- the arm port's requests ----------------------------------------------------------- */

#define COMPAT_PTRACE_GETREGS		12
#define COMPAT_PTRACE_SETREGS		13
#define COMPAT_PTRACE_GET_THREAD_AREA	22
#define COMPAT_PTRACE_SET_SYSCALL	23
#define COMPAT_PTRACE_GETVFPREGS	27
#define COMPAT_PTRACE_SETVFPREGS	28
#define COMPAT_PTRACE_GETHBPREGS	29
#define COMPAT_PTRACE_SETHBPREGS	30
/* The "user area" behind the registers. */
#define COMPAT_PT_TEXT_ADDR		0x10000
#define COMPAT_PT_DATA_ADDR		0x10004
#define COMPAT_PT_TEXT_END_ADDR		0x10008
#define COMPAT_USER_SIZE		296	/* of arm's struct user, which nobody fills any more */

static int peek_user(struct task_struct *t, u32 offset, u32 __user *ret)
{
	struct mm_struct *mm;
	u32 val = 0;

	if (offset & 3)
		return -EIO;
	if (offset < COMPAT_NGREG * sizeof(u32)) {
		compat_gpr_get(t, &val, offset, sizeof(val));
		return put_user(val, ret);
	}
	mm = get_task_mm(t);
	if (!mm)
		return -EIO;
	if (offset == COMPAT_PT_TEXT_ADDR)
		val = mm->start_code;
	else if (offset == COMPAT_PT_DATA_ADDR)
		val = mm->start_data;
	else if (offset == COMPAT_PT_TEXT_END_ADDR)
		val = mm->end_code;
	mmput(mm);
	if (offset >= COMPAT_USER_SIZE && (offset < COMPAT_PT_TEXT_ADDR || offset > COMPAT_PT_TEXT_END_ADDR))
		return -EIO;
	return put_user(val, ret);
}

static int poke_user(struct task_struct *t, u32 offset, u32 val)
{
	if ((offset & 3) || offset >= COMPAT_USER_SIZE)
		return -EIO;
	if (offset >= COMPAT_NGREG * sizeof(u32))
		return 0;
	return compat_gpr_set(t, &val, offset, sizeof(val));
}

static int copy_set(struct task_struct *t, void __user *user, bool write, size_t size,
		    int (*get)(struct task_struct *, void *, unsigned int, unsigned int),
		    int (*set)(struct task_struct *, const void *, unsigned int, unsigned int))
{
	u32 buf[COMPAT_VFP_WORDS];

	if (write)
		return copy_from_user(buf, user, size) ? -EFAULT : set(t, buf, 0, size);
	get(t, buf, 0, size);
	return copy_to_user(user, buf, size) ? -EFAULT : 0;
}

/*
 * Hardware breakpoints (@num > 0) and watchpoints (< 0): odd numbers are addresses, even ones control words. Number 0
 * tells how many there are, of what architecture; writing it does nothing.
 */
static int access_hbp(struct task_struct *t, long num, u32 __user *user, bool write)
{
	enum hw_kind kind = num < 0 ? HW_WATCH : HW_BREAK;
	unsigned long n = num < 0 ? -num : num, slot = (n - 1) / 2;
	struct user_hwdebug_state state, watch;
	u32 val;

	if (write && !num)
		return 0;
	if (num && slot >= HW_POINTS_MAX)
		return -EINVAL;
	if (write)
		return get_user(val, user) ? -EFAULT : hw_debug_set_one(t, kind, slot, !(n & 1), val);
	hw_debug_get(t, kind, &state, 0, sizeof(state));
	if (!num) {
		hw_debug_get(t, HW_WATCH, &watch, 0, sizeof(watch));
		val = (state.dbg_info & 0xff) | (watch.dbg_info & 0xff) << 8 | 8 << 16 |
		      (state.dbg_info >> 8 & 0xff) << 24;
	} else {
		val = n & 1 ? state.dbg_regs[slot].addr : state.dbg_regs[slot].ctrl;
	}
	return put_user(val, user);
}

long compat_arch_ptrace(struct task_struct *t, long request, unsigned long addr, unsigned long data)
{
	void __user *user = (void __user *)data;

	switch (request) {
	case PTRACE_PEEKUSR:
		return peek_user(t, addr, user);
	case PTRACE_POKEUSR:
		return poke_user(t, addr, data);
	case COMPAT_PTRACE_GETREGS:
	case COMPAT_PTRACE_SETREGS:
		return copy_set(t, user, request == COMPAT_PTRACE_SETREGS, COMPAT_NGREG * sizeof(u32),
				compat_gpr_get, compat_gpr_set);
	case COMPAT_PTRACE_GETVFPREGS:
	case COMPAT_PTRACE_SETVFPREGS:
		return copy_set(t, user, request == COMPAT_PTRACE_SETVFPREGS, COMPAT_VFP_WORDS * sizeof(u32),
				compat_vfp_get, compat_vfp_set);
	case COMPAT_PTRACE_GETHBPREGS:
	case COMPAT_PTRACE_SETHBPREGS:
		return access_hbp(t, (s32)addr, user, request == COMPAT_PTRACE_SETHBPREGS);
	case COMPAT_PTRACE_GET_THREAD_AREA:
		return put_user((u32)t->thread.tp_ro_value, (u32 __user *)user);
	case COMPAT_PTRACE_SET_SYSCALL:
		task_pt_regs(t)->syscallno = data;
		return 0;
	}
	return -EIO;
}
