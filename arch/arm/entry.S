/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exception entry and return.  Each vector stores the return address and saved status on the SVC
 * stack with SRS, changes to SVC mode and completes struct pt_regs there; no other mode has a
 * stack, and their banked sp is a scratch register.  C does the rest.
 *
 * In user mode the SVC sp points at uregs[17] of the pt_regs slot at the top of the kernel stack,
 * so that SRS fills uregs[15] and [16] in place, and RFE leaves sp as the next entry wants it.  In
 * the kernel sp is anywhere: the two words are pushed below it and copied into a pt_regs below
 * that.
 *
 * User access is closed on the way in (DACR) and what it was is restored on the way out.
 */
#include <kernel/extable.h>
#include <asm/memory.h>
#include <asm/pgtable-bits.h>
#include <asm/ptrace.h>
#include <generated/asm-offsets.h>

#define MODE_BITS	0xf		/* of a PSR: 0 user, 3 SVC */
#define SRS_OFFSET	60		/* of uregs[15] */

	.syntax unified
	.text
	.arm

	.macro	get_current, rd
	mrc	p15, 0, \rd, c13, c0, 4
	.endm

	.macro	set_dacr, value, tmp
	mov	\tmp, #\value
	write_dacr \tmp
	.endm

/* From user mode, after SRS, in SVC mode. Leaves sp = regs, fp = 0: the end of the call chain. */
	.macro	usr_entry
	sub	sp, sp, #SRS_OFFSET
	stmia	sp, {r0-r14}^
	mvn	r4, #0
	str	r4, [sp, #PT_ORIG_R0]
	str	r4, [sp, #PT_SYSCALLNO]
	set_dacr DACR_KERNEL, r4
	isb
	mov	fp, #0
	.endm

/* From the kernel, after SRS, in SVC mode. Leaves sp = regs, 8-byte aligned. */
	.macro	svc_entry
	sub	sp, sp, #PT_REGS_SIZE
	tst	sp, #4
	subne	sp, sp, #4
	stmia	sp, {r0-r12}
	addeq	r0, sp, #(PT_REGS_SIZE + 8)
	addne	r0, sp, #(PT_REGS_SIZE + 12)
	ldrd	r2, r3, [r0, #-8]		/* what SRS stored */
	mov	r1, lr
	add	r4, sp, #PT_SP
	stmia	r4, {r0-r3}
	mvn	r4, #0
	str	r4, [sp, #PT_ORIG_R0]
	str	r4, [sp, #PT_SYSCALLNO]
	mrc	p15, 0, r4, c3, c0, 0
	str	r4, [sp, #PT_DACR]
	set_dacr DACR_KERNEL, r4
	isb
	.endm

/* Back to the kernel code that \regs describes, interrupts off. */
	.macro	svc_exit
	ldr	r0, [sp, #PT_DACR]
	write_dacr r0
	ldr	r1, [sp, #PT_SP]
	ldr	r2, [sp, #PT_PC]
	ldr	r3, [sp, #PT_CPSR]
	strd	r2, r3, [r1, #-8]!
	str	r1, [sp, #PT_SP]
	ldr	lr, [sp, #PT_LR]
	clrex
	ldmia	sp, {r0-r12}
	ldr	sp, [sp, #PT_SP]
	rfeia	sp!
	.endm

/* Leave the exception's mode with Z telling user mode. \adjust: from lr to the return address. */
	.macro	vector_entry, adjust
	.if	\adjust
	sub	lr, lr, #\adjust
	.endif
	srsdb	sp!, #SVC_MODE
	mrs	sp, spsr
	tst	sp, #MODE_BITS
	cps	#SVC_MODE
	.endm

	.globl	vector_und
vector_und:
	vector_entry 0				/* C adjusts: it depends on the instruction set */
	beq	1f
	svc_entry
	mov	r0, sp
	bl	do_undefined
	b	svc_return
1:	usr_entry
	mov	r0, sp
	bl	do_undefined
	b	ret_to_user

	.globl	vector_pabt
vector_pabt:
	vector_entry 4
	beq	1f
	svc_entry
	mov	r0, sp
	bl	do_prefetch_abort
	b	svc_return
1:	usr_entry
	mov	r0, sp
	bl	do_prefetch_abort
	b	ret_to_user

	.globl	vector_dabt
vector_dabt:
	/* From any other mode than user and SVC it was a vector that faulted: no stack left. */
	mrs	sp, spsr
	ands	sp, sp, #MODE_BITS
	cmpne	sp, #3
	bne	bad_stack
	sub	lr, lr, #8
	srsdb	sp!, #SVC_MODE
	cmp	sp, #0
	cps	#SVC_MODE
	beq	1f
	svc_entry
	mov	r0, sp
	bl	do_data_abort
	b	svc_return
1:	usr_entry
	mov	r0, sp
	bl	do_data_abort
	b	ret_to_user

	.globl	vector_irq
vector_irq:
	vector_entry 4
	beq	1f
	svc_entry
	mov	r0, sp
	bl	handle_root_irq
	get_current r4
	ldr	r5, [r4, #TSK_PREEMPT_COUNT]
	ldr	r6, [r4, #TSK_FLAGS]
	cmp	r5, #0
	bne	svc_return
	tst	r6, #TIF_NEED_RESCHED
	blne	preempt_schedule_irq
svc_return:
	cpsid	i
	svc_exit
1:	usr_entry
	mov	r0, sp
	bl	handle_root_irq
	/* fall through */

/* sp = regs; interrupts on or off. */
ret_to_user:
	cpsid	i
	get_current r4
	ldr	r5, [r4, #TSK_FLAGS]
	tst	r5, #TIF_WORK_MASK
	bne	work_pending
restore_user:
	set_dacr DACR_UACCESS, r4
	clrex
	ldmia	sp, {r0-r14}^
	add	sp, sp, #SRS_OFFSET
	rfeia	sp!

work_pending:
	mov	r0, sp
	bl	exit_to_user_work
	ldr	r4, [sp, #PT_SYSCALLNO]
	cmp	r4, #RESTART_SYSCALL
	bne	restore_user
	cpsie	i
	mov	r0, sp
	bl	do_restart_syscall
	b	ret_to_user

	.globl	vector_svc
vector_svc:
	srsdb	sp!, #SVC_MODE
	sub	sp, sp, #SRS_OFFSET
	stmia	sp, {r0-r14}^
	str	r0, [sp, #PT_ORIG_R0]
	str	r7, [sp, #PT_SYSCALLNO]
	/* An EABI call has 0 in the instruction. User memory is still open; a fault: no check. */
	ldr	r8, [sp, #PT_CPSR]
	tst	r8, #PSR_T_BIT
	bne	1f
	user 1f, ldr r8, [lr, #-4]
	bics	r8, r8, #0xff000000
	bne	oabi_call
1:	set_dacr DACR_KERNEL, r8
	isb
	mov	fp, #0
	cpsie	i
	mov	r0, sp
	bl	do_syscall
	b	ret_to_user

/* 0x900000 + number with the number in r7 too is what the sigpage does; all else is the old ABI. */
oabi_call:
	sub	r8, r8, #0x900000
	cmp	r8, r7
	beq	1b
	mvn	r7, #0
	str	r7, [sp, #PT_SYSCALLNO]
	mov	r7, #-38			/* -ENOSYS */
	str	r7, [sp]
	set_dacr DACR_KERNEL, r8
	isb
	mov	fp, #0
	b	ret_to_user

	.globl	vector_reset
	.globl	vector_fiq
vector_reset:
vector_fiq:
bad_stack:
	/* Save what there is on a stack of its own, and report in SVC mode. */
	ldr	sp, =emergency_stack + 4096 - PT_REGS_SIZE
	stmia	sp, {r0-r12}
	mov	r4, sp
	sub	r2, lr, #8
	mrs	r3, spsr
	cps	#SVC_MODE
	mov	r0, sp
	mov	r1, lr
	add	r5, r4, #PT_SP
	stmia	r5, {r0-r3}
	mov	sp, r4
	mov	r0, sp
	bl	do_bad_stack
	udf	#0

	.globl	ret_from_fork
ret_from_fork:
	bl	schedule_tail			/* r0: the task before */
	cmp	r5, #0
	beq	ret_to_user
	mov	r0, r4
	blx	r5				/* a kernel thread; back if it became a program */
	b	ret_to_user

	.ltorg

	.bss
	.balign	8
emergency_stack:
	.space	4096
