/* SPDX-License-Identifier: GPL-2.0-only */
/* The FP/SIMD registers to and from struct fp_state: with uaccess.S the only kernel code that names them. */
#include <asm/assembler.h>
#include <generated/asm-offsets.h>

	.arch_extension fp
	.arch_extension simd

.macro for_each_vreg_pair, insn
	.irp	n, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
	vreg_pair \insn, \n, %(\n + 1)
	.endr
.endm
.altmacro
.macro vreg_pair, insn, a, b
	\insn	q\a, q\b, [x0, #16 * \a]
.endm

/* void fpu_save_regs(struct fp_state *) */
FUNC fpu_save_regs
	for_each_vreg_pair stp
	mrs	x1, fpsr
	mrs	x2, fpcr
	add	x0, x0, #FP_STATE_FPSR
	stp	w1, w2, [x0]
	ret
ENDFUNC fpu_save_regs

/* void fpu_load_regs(const struct fp_state *) */
FUNC fpu_load_regs
	for_each_vreg_pair ldp
	add	x0, x0, #FP_STATE_FPSR
	ldp	w1, w2, [x0]
	msr	fpsr, x1
	msr	fpcr, x2
	ret
ENDFUNC fpu_load_regs
