/* SPDX-License-Identifier: GPL-2.0-only */
/* The arm port's vDSO as data of this kernel: see arch/arm/vdso/image.S. Its data page is the same for both. */
#include <asm/memory.h>

	.section .rodata.vdso, "a"
	.balign	PAGE_SIZE
	.globl	compat_vdso_start, compat_vdso_end
compat_vdso_start:
	.incbin VDSO32_SO
	.balign	PAGE_SIZE
compat_vdso_end:
