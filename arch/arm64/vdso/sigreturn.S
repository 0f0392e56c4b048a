/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where signal handlers return to.  Unwinders know the frame by these two instructions (and gdb by the
 * nop before them, since it looks up the address before the return address); so they stay as they are.
 */
#include <asm/unistd.h>

	.section .note.Linux, "a", %note
	.balign	4
	.long	2f - 1f, 4f - 3f, 0
1:	.asciz	"Linux"
2:	.balign	4
3:	.long	0x060100			/* as LINUX_VERSION_CODE of 6.1.0 */
4:

	.text
	nop
	.globl	__kernel_rt_sigreturn
	.type	__kernel_rt_sigreturn, %function
__kernel_rt_sigreturn:
	mov	x8, #__NR_rt_sigreturn
	svc	#0
	.size	__kernel_rt_sigreturn, . - __kernel_rt_sigreturn
	.section .note.GNU-stack, "", %progbits
