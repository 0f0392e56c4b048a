/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pointer authentication for user programs (FEAT_PAuth).  The kernel itself uses none, so the keys of the task that
 * runs stay in the CPU's registers while it is in the kernel, and only switch_to() changes them: for tasks with
 * TIF_PAC, which there are only on CPUs that have it.
 */
#pragma once

#include <kernel/lib/types.h>

#define PAC_ADDRESS_WORDS	8	/* APIA, APIB, APDA, APDB: low and high each */
#define PAC_KEY_WORDS		10	/* and APGA */

struct pac_state {			/* [o] its task, or whoever traces it while it is stopped */
	u64	keys[PAC_KEY_WORDS];
	u64	enabled;		/* SCTLR_EL1's EnIA, EnIB, EnDA, EnDB */
};

/* Which bits of a user pointer hold the code: those above the address, without the tag. */
#define PAC_USER_MASK	0x007f000000000000UL

struct task_struct;
extern bool cpu_has_pac;		/* [I] after the boot CPU's arch_cpu_init() */
void pac_load(const struct task_struct *t);	/* into the registers: irqs off, or preemption off and t current */
void pac_exec(void);			/* a new program: new keys, or (32 bits) none */
/* What prctl(2) and ptrace do: PR_PAC_* keys. -EINVAL; @t is current or stopped. */
long pac_reset_keys(unsigned long which);
long pac_set_enabled(struct task_struct *t, unsigned long keys, unsigned long enabled);
long pac_get_enabled(const struct task_struct *t);
