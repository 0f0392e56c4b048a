/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exception vectors, and the way back.  This file saves, restores and switches stacks; C decodes and
 * decides, but for the system call itself, which is kept short: a call that needs nothing special goes
 * from the vector to its function and back without another C frame.
 *
 * From user mode SP_EL1 is at the task's slot on top of its kernel stack (asm/processor.h): below it
 * goes struct pt_regs.  In the kernel SP_EL0 is `current`, x28 here.
 */
#include <asm/assembler.h>
#include <asm/cpu.h>
#include <asm/ptrace.h>
#include <asm/unistd.h>
#include <generated/asm-offsets.h>

tsk	.req	x28

/* Save x0..x29; sp is already below pt_regs. */
.macro save_gprs
	stp	x0, x1, [sp, #16 * 0]
	stp	x2, x3, [sp, #16 * 1]
	stp	x4, x5, [sp, #16 * 2]
	stp	x6, x7, [sp, #16 * 3]
	stp	x8, x9, [sp, #16 * 4]
	stp	x10, x11, [sp, #16 * 5]
	stp	x12, x13, [sp, #16 * 6]
	stp	x14, x15, [sp, #16 * 7]
	stp	x16, x17, [sp, #16 * 8]
	stp	x18, x19, [sp, #16 * 9]
	stp	x20, x21, [sp, #16 * 10]
	stp	x22, x23, [sp, #16 * 11]
	stp	x24, x25, [sp, #16 * 12]
	stp	x26, x27, [sp, #16 * 13]
	stp	x28, x29, [sp, #16 * 14]
.endm

.macro restore_gprs
	ldp	x0, x1, [sp, #16 * 0]
	ldp	x2, x3, [sp, #16 * 1]
	ldp	x4, x5, [sp, #16 * 2]
	ldp	x6, x7, [sp, #16 * 3]
	ldp	x8, x9, [sp, #16 * 4]
	ldp	x10, x11, [sp, #16 * 5]
	ldp	x12, x13, [sp, #16 * 6]
	ldp	x14, x15, [sp, #16 * 7]
	ldp	x16, x17, [sp, #16 * 8]
	ldp	x18, x19, [sp, #16 * 9]
	ldp	x20, x21, [sp, #16 * 10]
	ldp	x22, x23, [sp, #16 * 11]
	ldp	x24, x25, [sp, #16 * 12]
	ldp	x26, x27, [sp, #16 * 13]
	ldp	x28, x29, [sp, #16 * 14]
.endm

/* After the vector's `sub sp`: all of pt_regs but orig_x0, with \svc not syscallno either. */
.macro kernel_entry, el, svc=0
	save_gprs
	.if	\el == 0
	mrs	x21, sp_el0
	ldr	tsk, [sp, #PT_REGS_SIZE]	/* the task slot */
	msr	sp_el0, tsk
	.else
	add	x21, sp, #PT_REGS_SIZE
	mrs	tsk, sp_el0
	.endif
	mrs	x22, elr_el1
	mrs	x23, spsr_el1
	stp	x30, x21, [sp, #8 * 30]
	stp	x22, x23, [sp, #PT_PC]
	.if	\el == 0
	stp	xzr, xzr, [sp, #PT_STACKFRAME]	/* the walk of frames ends here */
	.else
	stp	x29, x22, [sp, #PT_STACKFRAME]
	.endif
	add	x29, sp, #PT_STACKFRAME
	.if	\svc == 0
	mov	w21, #NO_SYSCALL
	str	w21, [sp, #PT_SYSCALLNO]
	.endif
.endm

	.section .vectors, "ax"
	.balign	2048
	.globl	vectors
vectors:
.macro vector, label
	.balign	128
	sub	sp, sp, #PT_REGS_SIZE
	b	\label
.endm
	/* current EL with SP_EL0: never used */
	vector	el1_bad
	vector	el1_bad
	vector	el1_bad
	vector	el1_bad
	/* current EL with SP_EL1; only a synchronous fault can be a stack overflow */
	.balign	128
	sub	sp, sp, #PT_REGS_SIZE
	msr	tpidrro_el0, x0
	mrs	x0, sp_el0
	ldr	x0, [x0, #TSK_STACK]
	sub	x0, sp, x0
	tst	x0, #~(THREAD_SIZE - 1)
	b.ne	el1_stack_overflow
	mrs	x0, tpidrro_el0
	b	el1_sync			/* which gives it its value back */
	vector	el1_irq
	vector	el1_irq				/* FIQ */
	vector	el1_serror
	/* lower EL, AArch64 */
	vector	el0_sync
	vector	el0_irq
	vector	el0_irq
	vector	el0_serror
	/* lower EL, AArch32 */
	vector	el0_sync_32
	vector	el0_irq
	vector	el0_irq
	vector	el0_serror

	.text
	.balign	64
el0_sync:
	kernel_entry 0, svc=1
	mrs	x20, esr_el1
	lsr	x21, x20, #ESR_EC_SHIFT
	cmp	x21, #EC_SVC64
	b.eq	el0_svc
	mov	w21, #NO_SYSCALL
	str	w21, [sp, #PT_SYSCALLNO]
	mov	x0, sp
	mov	x1, x20
	mrs	x2, far_el1
	bl	el0_sync_handler
	msr	daifset, #3
	b	ret_to_user

/* The arguments are still in x0..x5, the number in x8. */
el0_svc:
	ldr	x9, [tsk, #TSK_FLAGS]
	str	x0, [sp, #PT_ORIG_X0]
	str	w8, [sp, #PT_SYSCALLNO]
	msr	daifclr, #7
	tst	x9, #TIF_SYSCALL_WORK
	b.ne	el0_svc_slow
	cmp	w8, #__NR_syscalls
	b.hs	el0_svc_slow			/* unknown */
	uxtw	x8, w8
	csel	x8, x8, xzr, lo			/* also when speculating */
	hint	#20				/* csdb */
	adr_l	x16, sys_call_table
	ldr	x16, [x16, x8, lsl #3]
	blr	x16
	str	x0, [sp]
	msr	daifset, #3

/* Interrupts are off. */
ret_to_user:
	ldr	x9, [tsk, #TSK_FLAGS]
	tst	x9, #TIF_WORK_MASK
	b.ne	ret_to_user_work
resume_user:
	ldp	x21, x22, [sp, #PT_SP]		/* sp, pc */
	ldr	x23, [sp, #PT_PC + 8]
	msr	sp_el0, x21
	msr	elr_el1, x22
	msr	spsr_el1, x23
	ldr	x30, [sp, #8 * 30]
	restore_gprs
	add	sp, sp, #PT_REGS_SIZE
	eret
	dsb	nsh				/* nothing is fetched or loaded past eret */
	isb

ret_to_user_work:
	mov	x0, sp
	bl	exit_to_user_work
	b	resume_user

el0_svc_slow:
	mov	x0, sp
	bl	do_syscall_slow
	msr	daifset, #3
	b	ret_to_user

el0_irq:
	kernel_entry 0
	mov	x0, sp
	bl	handle_root_irq
	b	ret_to_user

el0_serror:
	kernel_entry 0
	mov	x0, sp
	mrs	x1, esr_el1
	bl	serror_handler
	b	ret_to_user

/* From a 32-bit program; system calls, too, are C's. */
el0_sync_32:
	kernel_entry 0
	mov	x0, sp
	mrs	x1, esr_el1
	mrs	x2, far_el1
	bl	el0_sync_32_handler
	msr	daifset, #3
	b	ret_to_user

el1_sync:
	kernel_entry 1
	ldr	x9, [tsk, #TSK_TP_RO]
	msr	tpidrro_el0, x9
	mov	x0, sp
	mrs	x1, esr_el1
	mrs	x2, far_el1
	bl	el1_sync_handler
	msr	daifset, #3
	b	ret_to_kernel

el1_irq:
	kernel_entry 1
	mov	x0, sp
	bl	handle_root_irq
	ldr	w9, [tsk, #TSK_PREEMPT_COUNT]
	cbnz	w9, ret_to_kernel
	ldr	x9, [tsk, #TSK_FLAGS]
	tbz	x9, #TIF_NEED_RESCHED, ret_to_kernel
	bl	preempt_schedule_irq

ret_to_kernel:
	ldp	x22, x23, [sp, #PT_PC]
	msr	elr_el1, x22
	msr	spsr_el1, x23
	ldr	x30, [sp, #8 * 30]
	restore_gprs
	add	sp, sp, #PT_REGS_SIZE
	eret
	dsb	nsh
	isb

el1_serror:
	kernel_entry 1
	mov	x0, sp
	mrs	x1, esr_el1
	bl	serror_handler
	b	ret_to_kernel

el1_bad:
	kernel_entry 1
	mov	x0, sp
	mrs	x1, esr_el1
	bl	el1_bad_handler
	b	.

/* The stack pointer has left the stack: go on on this CPU's overflow stack, and panic there.  x0's value
 * is in tpidrro_el0; tpidr_el0 takes the stack pointer, since the task will not run again. */
el1_stack_overflow:
	mov	x0, sp
	msr	tpidr_el0, x0
	adr_l	x0, overflow_stack_top
	mov	sp, x0
	mrs	x0, tpidr_el1
	add	sp, sp, x0
	sub	sp, sp, #PT_REGS_SIZE
	mrs	x0, tpidrro_el0
	kernel_entry 1
	mov	x0, sp
	mrs	x1, tpidr_el0
	mrs	x2, far_el1
	bl	stack_overflow_handler
	b	.

/* First code of a task: x0 is the task that ran before; x19, x20 from copy_thread(). */
FUNC ret_from_fork
	bl	schedule_tail
	cbz	x19, 1f
	mov	x0, x20
	blr	x19				/* returns when the kernel thread became a user process */
1:	mrs	tsk, sp_el0
	msr	daifset, #3
	b	ret_to_user
ENDFUNC ret_from_fork

	.section .data..percpu, "aw"
	.balign	16
	.space	4096
overflow_stack_top:
