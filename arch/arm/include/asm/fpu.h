/* SPDX-License-Identifier: GPL-2.0-only */
/* The VFP/NEON registers of a task, and the assembly that moves them. */
#pragma once

#include <kernel/lib/types.h>

struct fp_state {
	u64 vregs[32];		/* d0..d31; d16..d31 stay zero on a CPU with 16 */
	u32 fpscr;
};

/* fpu.S: @regs is 16 or 32, how many double registers the CPU has. */
void fpu_save_regs(struct fp_state *fp, unsigned int regs);
void fpu_load_regs(const struct fp_state *fp, unsigned int regs);

extern unsigned int fpu_nr_regs;	/* 0: no VFP. [I] after the boot CPU's arch_cpu_init() */
