// SPDX-License-Identifier: GPL-2.0-only
/*
 * Register sets for ptrace and core dumps, and the requests of ARM's older interface.  The task is
 * stopped, or current (a core dump): its user registers are in pt_regs, the others in thread_struct
 * unless it is current, whose are live.
 */
#include <kernel/lib/string.h>
#include <kernel/ptrace.h>
#include <kernel/sched/sched.h>
#include <mm/mm.h>
#include <asm/entry.h>
#include <asm/hw_breakpoint.h>
#include <asm/uaccess.h>

static int gpr_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	memcpy(buf, (const char *)task_pt_regs(t)->uregs + pos, count);
	return 0;
}

static int gpr_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	struct pt_regs regs = *task_pt_regs(t);

	memcpy((char *)regs.uregs + pos, buf, count);
	if (!valid_user_regs(&regs))
		return -EINVAL;
	*task_pt_regs(t) = regs;
	return 0;
}

/* struct fp_state begins like ARM_VFPREGS_SIZE's layout: 32 doubles, fpscr. */
static_assert(offsetofend(struct fp_state, fpscr) == ARM_VFPREGS_SIZE);

static int vfp_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count)
{
	if (t == current) {
		preempt_disable();
		fpu_save(t);
		preempt_enable();
	}
	memcpy(buf, (const char *)&t->thread.fp + pos, count);
	return 0;
}

static int vfp_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count)
{
	memcpy((char *)&t->thread.fp + pos, buf, count);
	return 0;
}

static const struct user_regset regsets[] = {
	{ NT_PRSTATUS, USER_REGS_SIZE / sizeof(u32), sizeof(u32), gpr_get, gpr_set },
	{ NT_ARM_VFP, ARM_VFPREGS_SIZE / sizeof(u32), sizeof(u32), vfp_get, vfp_set },
};

const struct user_regset_view *arch_regset_view(const struct task_struct *t)
{
	static const struct user_regset_view view = { regsets, ARRAY_SIZE(regsets) };

	return &view;
}

/* The "user area": the registers, and where the program lies. */
static int peek_user(struct task_struct *t, unsigned long offset, unsigned long __user *ret)
{
	struct mm_struct *mm;
	unsigned long val = 0;

	if ((offset & 3) || offset > PT_TEXT_END_ADDR)
		return -EIO;
	mm = get_task_mm(t);
	if (offset < USER_REGS_SIZE)
		val = task_pt_regs(t)->uregs[offset / sizeof(long)];
	else if (offset == PT_TEXT_ADDR && mm)
		val = mm->start_code;
	else if (offset == PT_DATA_ADDR && mm)
		val = mm->start_data;
	else if (offset == PT_TEXT_END_ADDR && mm)
		val = mm->end_code;
	if (mm)
		mmput(mm);
	return put_user(val, ret);
}

static int poke_user(struct task_struct *t, unsigned long offset, unsigned long val)
{
	if ((offset & 3) || offset >= PT_TEXT_ADDR)
		return -EIO;
	if (offset >= USER_REGS_SIZE)
		return 0;
	return gpr_set(t, &val, offset, sizeof(val));
}

static int copy_regs_to_user(struct task_struct *t, void __user *to)
{
	return copy_to_user(to, task_pt_regs(t)->uregs, USER_REGS_SIZE) ? -EFAULT : 0;
}

static int copy_regs_from_user(struct task_struct *t, const void __user *from)
{
	unsigned long uregs[18];

	if (copy_from_user(uregs, from, sizeof(uregs)))
		return -EFAULT;
	return gpr_set(t, uregs, 0, sizeof(uregs));
}

static int copy_vfp_to_user(struct task_struct *t, void __user *to)
{
	return copy_to_user(to, &t->thread.fp, ARM_VFPREGS_SIZE) ? -EFAULT : 0;
}

static int copy_vfp_from_user(struct task_struct *t, const void __user *from)
{
	struct fp_state fp = t->thread.fp;

	if (copy_from_user(&fp, from, ARM_VFPREGS_SIZE))
		return -EFAULT;
	t->thread.fp = fp;
	return 0;
}

long arch_ptrace(struct task_struct *t, long request, unsigned long addr, unsigned long data)
{
	switch (request) {
	case PTRACE_PEEKUSR:
		return peek_user(t, addr, (unsigned long __user *)data);
	case PTRACE_POKEUSR:
		return poke_user(t, addr, data);
	case PTRACE_GETREGS:
		return copy_regs_to_user(t, (void __user *)data);
	case PTRACE_SETREGS:
		return copy_regs_from_user(t, (const void __user *)data);
	case PTRACE_GETVFPREGS:
		return copy_vfp_to_user(t, (void __user *)data);
	case PTRACE_SETVFPREGS:
		return copy_vfp_from_user(t, (const void __user *)data);
	case PTRACE_GET_THREAD_AREA:
		return put_user(t->thread.tp_value, (unsigned long __user *)data);
	case PTRACE_GETHBPREGS:
		return hw_debug_get(t, addr, (unsigned long __user *)data);
	case PTRACE_SETHBPREGS:
		return hw_debug_set(t, addr, (const unsigned long __user *)data);
	case PTRACE_OLDSETOPTIONS:
		return ptrace_set_options(t, data);
	case PTRACE_SET_SYSCALL:
		task_pt_regs(t)->syscallno = data;
		return 0;
	}
	return -EIO;
}
