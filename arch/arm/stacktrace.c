// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walk of frames as GCC lays them out in ARM state: fp points at the saved return address, the
 * caller's fp is one word below.  A leaf function saves only the caller's fp, where fp points; it
 * can only be the first.  Exceptions in the kernel keep fp, so a walk passes through; an entry from
 * user mode clears it.
 */
#include <kernel/sched/sched.h>
#include <asm/entry.h>

static bool within(const struct unwind_frame *frame, unsigned long fp)
{
	return fp >= frame->lo + 4 && fp + 4 <= frame->hi && !(fp & 3);
}

static bool is_text(unsigned long pc)
{
	return pc >= (unsigned long)_text && pc < (unsigned long)_etext;
}

static unsigned long word_at(unsigned long addr)
{
	return READ_ONCE(*(const unsigned long *)addr);
}

void unwind_start(struct unwind_frame *frame, const struct task_struct *t,
		  const struct pt_regs *regs)
{
	frame->lo = (unsigned long)t->stack;
	frame->hi = frame->lo + THREAD_SIZE;
	if (regs) {
		frame->fp = regs->ARM_fp;
		frame->pc = regs->ARM_pc;
		if (within(frame, frame->fp) && !is_text(word_at(frame->fp)))
			frame->fp = word_at(frame->fp);
	} else if (t == current) {
		unsigned long fp = (unsigned long)__builtin_frame_address(0);

		frame->fp = word_at(is_text(word_at(fp)) ? fp - 4 : fp);
		frame->pc = (unsigned long)__builtin_return_address(0);
	} else {
		frame->fp = t->thread.cpu_context.fp;
		frame->pc = t->thread.cpu_context.pc;
	}
}

bool unwind_next(struct unwind_frame *frame)
{
	unsigned long fp = frame->fp;

	if (!within(frame, fp))
		return false;
	frame->pc = word_at(fp);
	frame->fp = word_at(fp - 4);
	/* Frames lie one above the other: what does not go up is no frame. */
	frame->lo = fp + 4;
	return is_text(frame->pc);
}
