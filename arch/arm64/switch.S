/* SPDX-License-Identifier: GPL-2.0-only */
/* Switch of cpu_context, nothing else; the rest of a task's state is switch_to()'s in process.c. */
#include <asm/assembler.h>
#include <generated/asm-offsets.h>

/* struct task_struct *cpu_switch_to(prev, next): returns prev, on next's stack. irqs off. */
FUNC cpu_switch_to
	add	x8, x0, #TSK_CONTEXT
	mov	x9, sp
	stp	x19, x20, [x8], #16
	stp	x21, x22, [x8], #16
	stp	x23, x24, [x8], #16
	stp	x25, x26, [x8], #16
	stp	x27, x28, [x8], #16
	stp	x29, x9, [x8], #16
	str	x30, [x8]
	add	x8, x1, #TSK_CONTEXT
	ldp	x19, x20, [x8], #16
	ldp	x21, x22, [x8], #16
	ldp	x23, x24, [x8], #16
	ldp	x25, x26, [x8], #16
	ldp	x27, x28, [x8], #16
	ldp	x29, x9, [x8], #16
	ldr	x30, [x8]
	mov	sp, x9
	msr	sp_el0, x1
	ret
ENDFUNC cpu_switch_to
