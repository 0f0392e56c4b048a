/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The pages that are mapped at 0xffff0000: the vectors, whose upper end holds the helpers that
 * Linux promises to user programs at fixed addresses (kernel_user_helpers), and after it the
 * addresses that the vectors jump to, which only the kernel reads.  Then the sigpage: where a
 * handler that was installed without SA_RESTORER returns to; exec maps it into every program.
 */
#include <asm/unistd.h>

	.syntax unified
	.section .vectors, "ax", %progbits
	.arm
	.globl	vectors_page
	.balign	4096
vectors_page:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	ldr	pc, vector_targets + 4 * \n
	.endr

	.macro	kuser, offset
	.org	vectors_page + \offset, 0xff
	.endm

	/* int cmpxchg64(const s64 *old, const s64 *new, volatile s64 *p): 0 if stored */
	kuser	0xf60
	stmfd	sp!, {r4-r7}
	ldrd	r4, r5, [r0]
	ldrd	r6, r7, [r1]
	dmb	ish
1:	ldrexd	r0, r1, [r2]
	eors	r3, r0, r4
	eorseq	r3, r1, r5
	strexdeq	r3, r6, r7, [r2]
	teqeq	r3, #1
	beq	1b
	dmb	ish
	rsbs	r0, r3, #0			/* C set: stored */
	ldmfd	sp!, {r4-r7}
	bx	lr

	/* void memory_barrier(void) */
	kuser	0xfa0
	dmb	ish
	bx	lr

	/* int cmpxchg(int old, int new, volatile int *p): 0 if stored */
	kuser	0xfc0
	dmb	ish
1:	ldrex	r3, [r2]
	subs	r3, r3, r0
	strexeq	r3, r1, [r2]
	teqeq	r3, #1
	beq	1b
	rsbs	r0, r3, #0
	b	vectors_page + 0xfa0

	/* void *get_tls(void) */
	kuser	0xfe0
	mrc	p15, 0, r0, c13, c0, 3
	bx	lr

	kuser	0xffc
	.word	5				/* version: the number of 32-byte slots */

vector_targets:
	.word	vector_reset, vector_und, vector_svc, vector_pabt
	.word	vector_dabt, vector_reset, vector_irq, vector_fiq

	/* Trampolines {ARM, Thumb} for sigreturn and then rt_sigreturn: signal.c knows the offsets,
	 * unwinders the instructions. */
	.balign	4096
	.globl	sigpage
sigpage:
	mov	r7, #__NR_sigreturn
	svc	#(0x900000 + __NR_sigreturn)
	.hword	0x2700 + __NR_sigreturn, 0xdf00
	mov	r7, #__NR_rt_sigreturn
	svc	#(0x900000 + __NR_rt_sigreturn)
	.hword	0x2700 + __NR_rt_sigreturn, 0xdf00
	.balign	4096, 0
