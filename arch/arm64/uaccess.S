/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies between the kernel and user memory, with fix-ups.  The range has been checked.
 *
 * Short copies use LDTR/STTR, which have the user's rights.  Blocks of 64 bytes go by pairs of
 * registers, which halves their cost; those are ordinary accesses, so PAN is lifted around that loop
 * alone (on CPUs that have it).  A fault anywhere goes on byte by byte, so that the count of what is
 * left is exact.
 *
 * From WIDE_MIN bytes on, blocks of 128 bytes go by pairs of vector registers (4 KiB: 330 instead of 785
 * instructions).  They are the user's: the ones used are kept on the stack meanwhile.  Nothing else is
 * needed, because FP state is switched eagerly (fpu.c) and whoever accesses user memory is no kernel
 * thread: a fault or preemption in the middle saves and restores the registers as they are.
 */
#include <kernel/extable.h>
#include <asm/assembler.h>

	.arch_extension pan
	.arch_extension fp
	.arch_extension simd

#define WIDE_MIN	256

.macro set_pan, value
	adrp	x4, cpu_has_pan
	ldrb	w4, [x4, :lo12:cpu_has_pan]
	cbz	w4, .Lno_pan_\@
	msr	pan, #\value
.Lno_pan_\@:
.endm

.macro push_vregs
	stp	q0, q1, [sp, #-128]!
	stp	q2, q3, [sp, #32]
	stp	q4, q5, [sp, #64]
	stp	q6, q7, [sp, #96]
.endm

.macro pop_vregs
	ldp	q2, q3, [sp, #32]
	ldp	q4, q5, [sp, #64]
	ldp	q6, q7, [sp, #96]
	ldp	q0, q1, [sp], #128
.endm

/*
 * size_t __copy_from_user(x0 to, x1 from, x2 n), size_t __copy_to_user(x0 to, x1 from, x2 n)
 * x3: end of the source; x1 does not move before the bytes that it passes have been stored.
 */
FUNC __copy_from_user
	add	x3, x1, x2
	cmp	x2, #WIDE_MIN
	b.hs	.Lfrom_wide
	subs	x2, x2, #64
	b.lo	3f
.Lfrom_blocks:
	set_pan	0
1:	user	.Lfrom_block_fault, ldp x4, x5, [x1]
	user	.Lfrom_block_fault, ldp x6, x7, [x1, #16]
	user	.Lfrom_block_fault, ldp x8, x9, [x1, #32]
	user	.Lfrom_block_fault, ldp x10, x11, [x1, #48]
	add	x1, x1, #64
	stp	x6, x7, [x0, #16]
	stp	x8, x9, [x0, #32]
	stp	x10, x11, [x0, #48]
	stp	x4, x5, [x0], #64
	subs	x2, x2, #64
	b.hs	1b
	set_pan	1
3:	tbz	x2, #5, 4f			/* x2's low six bits: what is left */
	user	.Lfrom_fault, ldtr x4, [x1]
	user	.Lfrom_fault, ldtr x5, [x1, #8]
	user	.Lfrom_fault, ldtr x6, [x1, #16]
	user	.Lfrom_fault, ldtr x7, [x1, #24]
	add	x1, x1, #32
	stp	x6, x7, [x0, #16]
	stp	x4, x5, [x0], #32
4:	tbz	x2, #4, 5f
	user	.Lfrom_fault, ldtr x4, [x1]
	user	.Lfrom_fault, ldtr x5, [x1, #8]
	add	x1, x1, #16
	stp	x4, x5, [x0], #16
5:	tbz	x2, #3, 6f
	user	.Lfrom_fault, ldtr x4, [x1]
	add	x1, x1, #8
	str	x4, [x0], #8
6:	tbz	x2, #2, 7f
	user	.Lfrom_fault, ldtr w4, [x1]
	add	x1, x1, #4
	str	w4, [x0], #4
7:	tbz	x2, #1, 8f
	user	.Lfrom_fault, ldtrh w4, [x1]
	add	x1, x1, #2
	strh	w4, [x0], #2
8:	tbz	x2, #0, 9f
	user	.Lfrom_fault, ldtrb w4, [x1]
	strb	w4, [x0]
9:	mov	x0, #0
	ret

.Lfrom_wide:
	push_vregs
	set_pan	0
	sub	x2, x2, #128
2:	user	.Lfrom_wide_fault, ldp q2, q3, [x1, #32]
	user	.Lfrom_wide_fault, ldp q4, q5, [x1, #64]
	user	.Lfrom_wide_fault, ldp q6, q7, [x1, #96]
	user	.Lfrom_wide_fault, ldp q0, q1, [x1], #128	/* a fault leaves x1 alone */
	stp	q2, q3, [x0, #32]
	stp	q4, q5, [x0, #64]
	stp	q6, q7, [x0, #96]
	stp	q0, q1, [x0], #128
	subs	x2, x2, #128
	b.hs	2b
	set_pan	1
	pop_vregs
	adds	x2, x2, #64			/* what is left, less 64 */
	b.mi	3b
	b	.Lfrom_blocks

.Lfrom_wide_fault:
	pop_vregs
.Lfrom_block_fault:
	set_pan	1
.Lfrom_fault:
	user	.Lfrom_end, ldtrb w4, [x1]
	strb	w4, [x0], #1
	add	x1, x1, #1
	cmp	x1, x3
	b.lo	.Lfrom_fault
	mov	x0, #0
	ret
.Lfrom_end:
	sub	x5, x3, x1
10:	strb	wzr, [x0], #1			/* nothing stale of the kernel's in the rest */
	add	x1, x1, #1
	cmp	x1, x3
	b.lo	10b
	mov	x0, x5
	ret
ENDFUNC __copy_from_user

FUNC __copy_to_user
	add	x3, x1, x2
	cmp	x2, #WIDE_MIN
	b.hs	.Lto_wide
	subs	x2, x2, #64
	b.lo	3f
.Lto_blocks:
	set_pan	0
1:	ldp	x4, x5, [x1]
	ldp	x6, x7, [x1, #16]
	ldp	x8, x9, [x1, #32]
	ldp	x10, x11, [x1, #48]
	user	.Lto_block_fault, stp x4, x5, [x0]
	user	.Lto_block_fault, stp x6, x7, [x0, #16]
	user	.Lto_block_fault, stp x8, x9, [x0, #32]
	user	.Lto_block_fault, stp x10, x11, [x0, #48]
	add	x1, x1, #64
	add	x0, x0, #64
	subs	x2, x2, #64
	b.hs	1b
	set_pan	1
3:	tbz	x2, #5, 4f
	ldp	x4, x5, [x1]
	ldp	x6, x7, [x1, #16]
	user	.Lto_fault, sttr x4, [x0]
	user	.Lto_fault, sttr x5, [x0, #8]
	user	.Lto_fault, sttr x6, [x0, #16]
	user	.Lto_fault, sttr x7, [x0, #24]
	add	x1, x1, #32
	add	x0, x0, #32
4:	tbz	x2, #4, 5f
	ldp	x4, x5, [x1]
	user	.Lto_fault, sttr x4, [x0]
	user	.Lto_fault, sttr x5, [x0, #8]
	add	x1, x1, #16
	add	x0, x0, #16
5:	tbz	x2, #3, 6f
	ldr	x4, [x1]
	user	.Lto_fault, sttr x4, [x0]
	add	x1, x1, #8
	add	x0, x0, #8
6:	tbz	x2, #2, 7f
	ldr	w4, [x1]
	user	.Lto_fault, sttr w4, [x0]
	add	x1, x1, #4
	add	x0, x0, #4
7:	tbz	x2, #1, 8f
	ldrh	w4, [x1]
	user	.Lto_fault, sttrh w4, [x0]
	add	x1, x1, #2
	add	x0, x0, #2
8:	tbz	x2, #0, 9f
	ldrb	w4, [x1]
	user	.Lto_fault, sttrb w4, [x0]
9:	mov	x0, #0
	ret

.Lto_wide:
	push_vregs
	set_pan	0
	sub	x2, x2, #128
2:	ldp	q2, q3, [x1, #32]
	ldp	q4, q5, [x1, #64]
	ldp	q6, q7, [x1, #96]
	ldp	q0, q1, [x1], #128
	user	.Lto_wide_fault, stp q2, q3, [x0, #32]
	user	.Lto_wide_fault, stp q4, q5, [x0, #64]
	user	.Lto_wide_fault, stp q6, q7, [x0, #96]
	user	.Lto_wide_fault, stp q0, q1, [x0], #128
	subs	x2, x2, #128
	b.hs	2b
	set_pan	1
	pop_vregs
	adds	x2, x2, #64
	b.mi	3b
	b	.Lto_blocks

.Lto_wide_fault:
	sub	x1, x1, #128			/* x0 has not moved */
	pop_vregs
.Lto_block_fault:
	set_pan	1
.Lto_fault:
	ldrb	w4, [x1]
	user	.Lto_end, sttrb w4, [x0]
	add	x0, x0, #1
	add	x1, x1, #1
	cmp	x1, x3
	b.lo	.Lto_fault
	mov	x0, #0
	ret
.Lto_end:
	sub	x0, x3, x1
	ret
ENDFUNC __copy_to_user

/* size_t __clear_user(x0 to, x1 n) */
FUNC __clear_user
	add	x3, x0, x1
	subs	x1, x1, #64
	b.lo	3f
	cmp	x1, #WIDE_MIN
	b.hs	.Lclear_wide
.Lclear_blocks:
	set_pan	0
1:	user	.Lclear_block_fault, stp xzr, xzr, [x0]
	user	.Lclear_block_fault, stp xzr, xzr, [x0, #16]
	user	.Lclear_block_fault, stp xzr, xzr, [x0, #32]
	user	.Lclear_block_fault, stp xzr, xzr, [x0, #48]
	add	x0, x0, #64
	subs	x1, x1, #64
	b.hs	1b
	set_pan	1
3:	tbz	x1, #5, 4f
	user	.Lclear_fault, sttr xzr, [x0]
	user	.Lclear_fault, sttr xzr, [x0, #8]
	user	.Lclear_fault, sttr xzr, [x0, #16]
	user	.Lclear_fault, sttr xzr, [x0, #24]
	add	x0, x0, #32
4:	tbz	x1, #4, 5f
	user	.Lclear_fault, sttr xzr, [x0]
	user	.Lclear_fault, sttr xzr, [x0, #8]
	add	x0, x0, #16
5:	tbz	x1, #3, 6f
	user	.Lclear_fault, sttr xzr, [x0]
	add	x0, x0, #8
6:	tbz	x1, #2, 7f
	user	.Lclear_fault, sttr wzr, [x0]
	add	x0, x0, #4
7:	tbz	x1, #1, 8f
	user	.Lclear_fault, sttrh wzr, [x0]
	add	x0, x0, #2
8:	tbz	x1, #0, 9f
	user	.Lclear_fault, sttrb wzr, [x0]
9:	mov	x0, #0
	ret

/* By DC ZVA, as memset does: 64 bytes up to a boundary (x1 is 64 too small), blocks, and what is left above. */
.Lclear_wide:
	mrs	x5, dczid_el0
	tbnz	x5, #4, .Lclear_blocks		/* prohibited */
	cmp	x5, #4				/* blocks of 64 bytes: what there is in practice */
	b.ne	.Lclear_blocks
	set_pan	0
	user	.Lclear_block_fault, stp xzr, xzr, [x0]
	user	.Lclear_block_fault, stp xzr, xzr, [x0, #16]
	user	.Lclear_block_fault, stp xzr, xzr, [x0, #32]
	user	.Lclear_block_fault, stp xzr, xzr, [x0, #48]
	add	x0, x0, #64
	bic	x0, x0, #63
	sub	x1, x3, x0
	sub	x1, x1, #64
2:	user	.Lclear_block_fault, dc zva, x0
	add	x0, x0, #64
	subs	x1, x1, #64
	b.hs	2b
	set_pan	1
	b	3b

.Lclear_block_fault:
	set_pan	1
.Lclear_fault:
	user	.Lclear_end, sttrb wzr, [x0]
	add	x0, x0, #1
	cmp	x0, x3
	b.lo	.Lclear_fault
	mov	x0, #0
	ret
.Lclear_end:
	sub	x0, x3, x0
	ret
ENDFUNC __clear_user

/*
 * long __strncpy_from_user(x0 to, x1 from, x2 max): the length without NUL, max, or -EFAULT.
 * Eight bytes at a time while the source is aligned (an aligned word never crosses a page); a word holds
 * a NUL when (w - 0x01..01) & ~w & 0x80..80 is not zero, and the first one is its lowest such bit.
 */
FUNC __strncpy_from_user
	mov	x3, x1
	add	x4, x1, x2			/* end */
	mov	x8, #0x0101010101010101
1:	tst	x1, #7
	b.ne	2f
	sub	x5, x4, x1
	cmp	x5, #8
	b.hs	4f
2:	cmp	x1, x4
	b.hs	8f
	user	9f, ldtrb w6, [x1]
	strb	w6, [x0], #1
	cbz	w6, 8f
	add	x1, x1, #1
	b	1b
4:	user	9f, ldtr x6, [x1]
	sub	x7, x6, x8
	bic	x7, x7, x6
	ands	x7, x7, #0x8080808080808080
	b.ne	2b				/* the tail with the NUL byte by byte */
	str	x6, [x0], #8
	add	x1, x1, #8
	b	1b
8:	sub	x0, x1, x3
	ret
9:	mov	x0, #-14			/* -EFAULT */
	ret
ENDFUNC __strncpy_from_user

/* long __strnlen_user(x0 s, x1 max): the length with NUL, max + 1, or 0 on a fault. */
FUNC __strnlen_user
	mov	x3, x0
	add	x4, x0, x1
	mov	x8, #0x0101010101010101
1:	tst	x0, #7
	b.ne	2f
	sub	x5, x4, x0
	cmp	x5, #8
	b.hs	4f
2:	cmp	x0, x4
	b.hs	7f
	user	9f, ldtrb w6, [x0]
	cbz	w6, 7f
	add	x0, x0, #1
	b	1b
4:	user	9f, ldtr x6, [x0]
	sub	x7, x6, x8
	bic	x7, x7, x6
	ands	x7, x7, #0x8080808080808080
	b.ne	2b
	add	x0, x0, #8
	b	1b
7:	sub	x0, x0, x3
	add	x0, x0, #1
	ret
9:	mov	x0, #0
	ret
ENDFUNC __strnlen_user
