/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page that 32-bit programs find at 0xffff0000, with the helpers that Linux promises at fixed addresses
 * (kernel_user_helpers), and the sigpage, where a handler that was installed without SA_RESTORER returns to.
 * This assembler does not know AArch32: the instructions are those of arch/arm/kuser.S, which names them.
 */
#include <asm/memory.h>

	.section .rodata.compat, "a"
	.balign	PAGE_SIZE
	.globl	compat_vectors_page
compat_vectors_page:
	.macro	kuser, offset
	.org	compat_vectors_page + \offset, 0
	.endm

	/* int cmpxchg64(const s64 *old, const s64 *new, volatile s64 *p): 0 if stored */
	kuser	0xf60
	.long	0xe92d00f0, 0xe1c040d0, 0xe1c160d0	/* stmfd sp!, {r4-r7}; ldrd r4; ldrd r6 */
	.long	0xf57ff05b				/* dmb ish */
	.long	0xe1b20f9f, 0xe0303004, 0x00313005	/* 1: ldrexd r0, r1, [r2]; compare */
	.long	0x01a23f96, 0x03330001, 0x0afffff9	/* strexdeq r3, r6, r7, [r2]; again if it failed */
	.long	0xf57ff05b, 0xe2730000			/* dmb ish; rsbs r0, r3, #0 */
	.long	0xe8bd00f0, 0xe12fff1e			/* ldmfd sp!, {r4-r7}; bx lr */

	/* void memory_barrier(void) */
	kuser	0xfa0
	.long	0xf57ff05b, 0xe12fff1e

	/* int cmpxchg(int old, int new, volatile int *p): 0 if stored */
	kuser	0xfc0
	.long	0xf57ff05b				/* dmb ish */
	.long	0xe1923f9f, 0xe0533000, 0x01823f91	/* 1: ldrex r3, [r2]; compare; strexeq r3, r1, [r2] */
	.long	0x03330001, 0x0afffffa			/* again if it failed */
	.long	0xe2730000, 0xeaffffef			/* rsbs r0, r3, #0; b memory_barrier */

	/* void *get_tls(void) */
	kuser	0xfe0
	.long	0xee1d0f70, 0xe12fff1e			/* mrc p15, 0, r0, c13, c0, 3 */

	kuser	0xffc
	.long	5					/* version: the number of 32-byte slots */

	/* Trampolines {ARM, Thumb} for sigreturn and then rt_sigreturn: signal.c knows the offsets. */
	.globl	compat_sigpage
compat_sigpage:
	.long	0xe3a07077, 0xef900077, 0xdf002777
	.long	0xe3a070ad, 0xef9000ad, 0xdf0027ad
	.balign	PAGE_SIZE, 0
