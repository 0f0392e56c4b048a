/* SPDX-License-Identifier: GPL-2.0-only */
/* Cache maintenance by line over [x0, x1). */
#include <kernel/extable.h>
#include <asm/assembler.h>

/* \dst = bytes of the smallest line that CTR_EL0 tells at bit \shift (16 data, 0 instruction) */
.macro line_size, dst, tmp, shift
	mrs	\tmp, ctr_el0
	ubfx	\tmp, \tmp, #\shift, #4
	mov	\dst, #4
	lsl	\dst, \dst, \tmp
.endm

.macro by_line, op:vararg
	line_size x2, x3, 16
	sub	x3, x2, #1
	bic	x0, x0, x3
1:	\op
	add	x0, x0, x2
	cmp	x0, x1
	b.lo	1b
	dsb	sy
.endm

FUNC dcache_clean_poc
	by_line	dc cvac, x0
	ret
ENDFUNC dcache_clean_poc

/* Lines that are only partly inside the range are written back first. */
FUNC dcache_inval_poc
	line_size x2, x3, 16
	sub	x3, x2, #1
	tst	x1, x3
	b.eq	1f
	bic	x1, x1, x3
	dc	civac, x1
1:	tst	x0, x3
	b.eq	2f
	bic	x0, x0, x3
	dc	civac, x0
	add	x0, x0, x2
2:	cmp	x0, x1
	b.hs	3f
	dc	ivac, x0
	add	x0, x0, x2
	b	2b
3:	dsb	sy
	ret
ENDFUNC dcache_inval_poc

FUNC dcache_clean_inval_poc
	by_line	dc civac, x0
	ret
ENDFUNC dcache_clean_inval_poc

/* Make instruction fetches of all CPUs see what was written. */
.macro sync_pou, guard
	mov	x4, x0
	line_size x2, x3, 16
	sub	x3, x2, #1
	bic	x0, x0, x3
1:	\guard	9f, dc cvau, x0
	add	x0, x0, x2
	cmp	x0, x1
	b.lo	1b
	dsb	ish
	line_size x2, x3, 0
	sub	x3, x2, #1
	bic	x4, x4, x3
2:	\guard	9f, ic ivau, x4
	add	x4, x4, x2
	cmp	x4, x1
	b.lo	2b
	mov	w0, #0
	dsb	ish
	isb
	ret
.endm

.macro unguarded, fixup, insn:vararg
	\insn
.endm

FUNC caches_sync_pou
	sync_pou unguarded
ENDFUNC caches_sync_pou

FUNC caches_sync_pou_user
	sync_pou user
9:	mov	w0, #-14			/* -EFAULT */
	dsb	ish
	ret
ENDFUNC caches_sync_pou_user
