// SPDX-License-Identifier: GPL-2.0-only
/*
 * Register sets for ptrace and core dumps.  The task is stopped, or current (a core dump): its user
 * registers are in pt_regs, the others in thread_struct unless it is current, whose are live.
 */
#include <kernel/compat.h>
#include <kernel/lib/string.h>
#include <kernel/ptrace.h>
#include <kernel/sched/sched.h>
#include <asm/compat.h>
#include <asm/cpu.h>
#include <asm/entry.h>
#include <asm/hw_breakpoint.h>

static int gpr_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	memcpy(buf, (const char *)&task_pt_regs(t)->user_regs + pos, count);
	return 0;
}

static int gpr_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	struct pt_regs regs = *task_pt_regs(t);

	memcpy((char *)&regs.user_regs + pos, buf, count);
	if (!valid_user_regs(&regs))
		return -EINVAL;
	*task_pt_regs(t) = regs;
	return 0;
}

/* struct fp_state begins like struct user_fpsimd_state; the latter ends with 8 reserved bytes. */
static_assert(offsetof(struct fp_state, fpsr) == offsetof(struct user_fpsimd_state, fpsr));

static int fpr_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	struct user_fpsimd_state fp = { 0 };

	if (t == current) {
		preempt_disable();
		fpu_save(t);
		preempt_enable();
	}
	memcpy(&fp, &t->thread.fp, sizeof(t->thread.fp));
	memcpy(buf, (const char *)&fp + pos, count);
	return 0;
}

static int fpr_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	struct user_fpsimd_state fp = { 0 };

	memcpy(&fp, &t->thread.fp, sizeof(t->thread.fp));
	memcpy((char *)&fp + pos, buf, count);
	memcpy(&t->thread.fp, &fp, sizeof(t->thread.fp));
	return 0;
}

static int tls_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	u64 tls = t == current ? read_sysreg(tpidr_el0) : t->thread.tp_value;

	memcpy(buf, (const char *)&tls + pos, count);
	return 0;
}

static int tls_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	u64 tls = t->thread.tp_value;

	memcpy((char *)&tls + pos, buf, count);
	t->thread.tp_value = tls;
	return 0;
}

static int syscall_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	memcpy(buf, (const char *)&task_pt_regs(t)->syscallno + pos, count);
	return 0;
}

static int syscall_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	memcpy((char *)&task_pt_regs(t)->syscallno + pos, buf, count);
	return 0;
}

static int break_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	return hw_debug_get(t, HW_BREAK, buf, pos, count);
}

static int break_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	return hw_debug_set(t, HW_BREAK, buf, count);
}

static int watch_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	return hw_debug_get(t, HW_WATCH, buf, pos, count);
}

static int watch_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	return hw_debug_set(t, HW_WATCH, buf, count);
}

static int pac_mask_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	const struct user_pac_mask mask = { PAC_USER_MASK, PAC_USER_MASK };

	memcpy(buf, (const char *)&mask + pos, count);
	return 0;
}

static int pac_enabled_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	long keys = pac_get_enabled(t);

	memcpy(buf, (const char *)&keys + pos, count);
	return 0;
}

static int pac_enabled_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	unsigned long keys = pac_get_enabled(t);

	memcpy((char *)&keys + pos, buf, count);
	return pac_set_enabled(t, PR_PAC_APIAKEY | PR_PAC_APIBKEY | PR_PAC_APDAKEY | PR_PAC_APDBKEY, keys);
}

static int paca_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	memcpy(buf, (const char *)t->thread.pac.keys + pos, count);
	return 0;
}

static int paca_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	memcpy((char *)t->thread.pac.keys + pos, buf, count);
	return 0;
}

static int pacg_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	return paca_get(t, buf, sizeof(struct user_pac_address_keys) + pos, count);
}

static int pacg_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	return paca_set(t, buf, sizeof(struct user_pac_address_keys) + pos, count);
}
static_assert(sizeof(struct user_pac_address_keys) == PAC_ADDRESS_WORDS * sizeof(u64));

#define PAC_REGSETS	4	/* the last ones: only where the CPU has it */
#define HW_DEBUG_WORDS	(sizeof(struct user_hwdebug_state) / sizeof(u32))

static const struct user_regset regsets[] = {
	{ NT_PRSTATUS, 34, sizeof(u64), gpr_get, gpr_set },
	{ NT_PRFPREG, sizeof(struct user_fpsimd_state) / sizeof(u32), sizeof(u32), fpr_get, fpr_set },
	{ NT_ARM_TLS, 1, sizeof(u64), tls_get, tls_set },
	{ NT_ARM_HW_BREAK, HW_DEBUG_WORDS, sizeof(u32), break_get, break_set },
	{ NT_ARM_HW_WATCH, HW_DEBUG_WORDS, sizeof(u32), watch_get, watch_set },
	{ NT_ARM_SYSTEM_CALL, 1, sizeof(s32), syscall_get, syscall_set },
	{ NT_ARM_PAC_MASK, 2, sizeof(u64), pac_mask_get, NULL },
	{ NT_ARM_PAC_ENABLED_KEYS, 1, sizeof(long), pac_enabled_get, pac_enabled_set },
	{ NT_ARM_PACA_KEYS, PAC_ADDRESS_WORDS / 2, 2 * sizeof(u64), paca_get, paca_set },
	{ NT_ARM_PACG_KEYS, 1, 2 * sizeof(u64), pacg_get, pacg_set },
};

/* A 64-bit tracer sees of a 32-bit tracee, besides the arm port's sets, what a pt_regs has of both. */
static const struct user_regset mixed_regsets[] = {
	{ NT_PRSTATUS, COMPAT_NGREG, sizeof(u32), compat_gpr_get, compat_gpr_set },
	{ NT_ARM_VFP, COMPAT_VFP_WORDS, sizeof(u32), compat_vfp_get, compat_vfp_set },
	{ NT_ARM_TLS, 1, sizeof(u32), compat_tls_get, compat_tls_set },
	{ NT_ARM_HW_BREAK, HW_DEBUG_WORDS, sizeof(u32), break_get, break_set },
	{ NT_ARM_HW_WATCH, HW_DEBUG_WORDS, sizeof(u32), watch_get, watch_set },
	{ NT_ARM_SYSTEM_CALL, 1, sizeof(s32), syscall_get, syscall_set },
};

const struct user_regset_view *arch_regset_view(const struct task_struct *t)
{
	static const struct user_regset_view native = { regsets, ARRAY_SIZE(regsets) };
	static const struct user_regset_view no_pac = { regsets, ARRAY_SIZE(regsets) - PAC_REGSETS };
	static const struct user_regset_view mixed = { mixed_regsets, ARRAY_SIZE(mixed_regsets) };
	static const struct user_regset_view compat = { mixed_regsets, 2 };

	if (is_compat_task())
		return &compat;
	if (test_task_flag(t, TIF_32BIT))
		return &mixed;
	return cpu_has_pac ? &native : &no_pac;
}

/* Registers of arm64 are in register sets only. */
long arch_ptrace(struct task_struct *t, long request, unsigned long addr, unsigned long data)
{
	switch (request) {
	case PTRACE_SYSEMU:
		return ptrace_resume(t, PTRACE_RESUME_EMULATE, data);
	case PTRACE_SYSEMU_SINGLESTEP:
		return ptrace_resume(t, PTRACE_RESUME_EMULATE | PTRACE_RESUME_STEP, data);
	}
	return is_compat_task() ? compat_arch_ptrace(t, request, addr, data) : -EIO;
}
