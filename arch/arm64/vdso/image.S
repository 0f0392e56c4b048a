/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The vDSO as data of the kernel, on pages of its own: they are mapped into user space as they are.
 * One space after .incbin: it is how ccache knows that there is more to the object than this text.
 */
#include <asm/memory.h>

	.section .rodata.vdso, "a"
	.balign	PAGE_SIZE
	.globl	vdso_image_start, vdso_image_end
vdso_image_start:
	.incbin VDSO_SO
	.balign	PAGE_SIZE
vdso_image_end:
