/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cache maintenance by line over [r0, r1), ARMv7 (Arm ARM B4.2.1).  Line sizes come from
 * CTR.  Clobbers r0-r3 and ip.
 */
#include <kernel/extable.h>

	.syntax unified
	.text
	.arm

/* \size: smallest line, in bytes, of the data (\shift 16) or instruction (0) side; \start rounded
 * down to it */
	.macro	line_size, size, start, shift, tmp
	mrc	p15, 0, \tmp, c0, c0, 1		/* CTR */
	ubfx	\tmp, \tmp, #\shift, #4
	mov	\size, #4
	lsl	\size, \size, \tmp
	sub	\tmp, \size, #1
	bic	\start, \start, \tmp
	.endm

	.macro	by_line, name, crm, op2
	.globl	\name
\name:
	line_size r2, r0, 16, r3
1:	cmp	r0, r1
	mcrlo	p15, 0, r0, c7, \crm, \op2
	addlo	r0, r0, r2
	blo	1b
	dsb	sy
	bx	lr
	.endm

	by_line	dcache_clean_poc, c10, 1	/* DCCMVAC */
	by_line	dcache_clean_inval_poc, c14, 1	/* DCCIMVAC */

/* Lines that lie partly outside are written back first: they hold somebody else's data. */
	.globl	dcache_inval_poc
dcache_inval_poc:
	mrc	p15, 0, r3, c0, c0, 1
	ubfx	r3, r3, #16, #4
	mov	r2, #4
	lsl	r2, r2, r3
	sub	r3, r2, #1
	tst	r1, r3
	bic	r1, r1, r3
	mcrne	p15, 0, r1, c7, c14, 1
	tst	r0, r3
	bic	r0, r0, r3
	mcrne	p15, 0, r0, c7, c14, 1
	addne	r0, r0, r2
1:	cmp	r0, r1
	mcrlo	p15, 0, r0, c7, c6, 1		/* DCIMVAC */
	addlo	r0, r0, r2
	blo	1b
	dsb	sy
	bx	lr

	.macro	sync_pou, guard
	mov	ip, r0
	line_size r2, r0, 16, r3
1:	\guard	9f, mcr p15, 0, r0, c7, c11, 1	/* DCCMVAU */
	add	r0, r0, r2
	cmp	r0, r1
	blo	1b
	dsb	ish
	mov	r0, ip
	line_size r2, r0, 0, r3
2:	\guard	9f, mcr p15, 0, r0, c7, c5, 1	/* ICIMVAU */
	add	r0, r0, r2
	cmp	r0, r1
	blo	2b
	mov	r0, #0
	mcr	p15, 0, r0, c7, c1, 6		/* BPIALLIS */
	dsb	ish
	isb
	bx	lr
	.endm

	.macro	unguarded fixup, insn:vararg
	\insn
	.endm

	.globl	caches_sync_pou
caches_sync_pou:
	sync_pou unguarded

	.globl	caches_sync_pou_user
caches_sync_pou_user:
	sync_pou user
9:	mvn	r0, #13				/* -EFAULT */
	dsb	ish
	bx	lr
