/* SPDX-License-Identifier: GPL-2.0-only */
/* The FP/SIMD registers of a task, and the assembly that moves them. */
#pragma once

#include <kernel/lib/types.h>

struct fp_state {
	u64 vregs[64];		/* v0..v31, low half first */
	u32 fpsr, fpcr;
};

void fpu_save_regs(struct fp_state *fp);	/* fpu.S */
void fpu_load_regs(const struct fp_state *fp);
