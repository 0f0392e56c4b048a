// SPDX-License-Identifier: GPL-2.0-only
/*
 * Walk of frame records {x29, x30}.  pt_regs carries a record as well, so a walk passes through
 * exceptions in the kernel; it ends at the zero record that an entry from user mode leaves.
 */
#include <kernel/sched/sched.h>

static bool within(const struct unwind_frame *frame, unsigned long fp)
{
	return fp >= frame->lo && fp + 16 <= frame->hi && !(fp & 7);
}

void unwind_start(struct unwind_frame *frame, const struct task_struct *t, const struct pt_regs *regs)
{
	frame->lo = (unsigned long)t->stack;
	frame->hi = frame->lo + THREAD_SIZE;
	if (regs) {
		frame->fp = regs->regs[29];
		frame->pc = regs->pc;
	} else if (t == current) {
		frame->fp = *(unsigned long *)__builtin_frame_address(0);
		frame->pc = (unsigned long)__builtin_return_address(0);
	} else {
		frame->fp = t->thread.cpu_context.fp;
		frame->pc = t->thread.cpu_context.pc;
	}
}

bool unwind_next(struct unwind_frame *frame)
{
	const unsigned long *record = (const unsigned long *)frame->fp;

	if (!within(frame, frame->fp))
		return false;
	frame->pc = READ_ONCE(record[1]);
	/* Frames lie one above the other: what does not go up is no frame. */
	frame->lo = frame->fp + 16;
	frame->fp = READ_ONCE(record[0]);
	return frame->pc != 0;
}
