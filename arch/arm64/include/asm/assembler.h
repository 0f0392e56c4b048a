/* SPDX-License-Identifier: GPL-2.0-only */
/* Macros for assembly files. */
#pragma once

/* \dst = address of \sym, relative to where the code runs */
.macro	adr_l, dst, sym
	adrp	\dst, \sym
	add	\dst, \dst, :lo12:\sym
.endm

.macro	FUNC, name
	.section .text.\name, "ax"
	.balign	16
	.globl	\name
	.type	\name, %function
\name:
.endm

.macro	ENDFUNC, name
	.size	\name, . - \name
.endm
