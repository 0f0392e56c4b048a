// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pointer authentication: the keys of user programs, made at exec, kept over fork and in threads.
 *
 * Interface: asm/pac.h.  Locking: none: a task's own, in thread.pac; preemption off while registers and memory
 * differ.
 */
#include <asm/pac.h>

#include <kernel/compat.h>
#include <kernel/random.h>
#include <kernel/sched/sched.h>
#include <asm/cpu.h>

/* APIA to APGA, the low halves: one register number after the other but for the gaps that CRm makes. */
#define KEY_REGISTERS(X)	X(0, S3_0_C2_C1_0) X(1, S3_0_C2_C1_1) X(2, S3_0_C2_C1_2) X(3, S3_0_C2_C1_3) \
				X(4, S3_0_C2_C2_0) X(5, S3_0_C2_C2_1) X(6, S3_0_C2_C2_2) X(7, S3_0_C2_C2_3) \
				X(8, S3_0_C2_C3_0) X(9, S3_0_C2_C3_1)

/* PR_PAC_AP*KEY, in the order of the bits. */
static const u64 enable_bits[] = { SCTLR_EnIA, SCTLR_EnIB, SCTLR_EnDA, SCTLR_EnDB };
#define ALL_ENABLED	(SCTLR_EnIA | SCTLR_EnIB | SCTLR_EnDA | SCTLR_EnDB)
#define ADDRESS_KEYS	(PR_PAC_APIAKEY | PR_PAC_APIBKEY | PR_PAC_APDAKEY | PR_PAC_APDBKEY)

/* What the kernel does until eret does not depend on them: no barrier. */
void pac_load(const struct task_struct *t)
{
	const struct pac_state *pac = &t->thread.pac;
	u64 sctlr = read_sysreg(sctlr_el1);

#define LOAD(i, reg)	write_sysreg(pac->keys[i], reg);
	KEY_REGISTERS(LOAD)
#undef LOAD
	if ((sctlr & ALL_ENABLED) != pac->enabled)
		write_sysreg((sctlr & ~ALL_ENABLED) | pac->enabled, sctlr_el1);
}

static void load_current(void)
{
	preempt_disable();
	pac_load(current);
	preempt_enable();
}

void pac_exec(void)
{
	if (!cpu_has_pac)
		return;
	if (is_compat_task()) {
		clear_task_flag(current, TIF_PAC);
		return;
	}
	get_random_bytes(current->thread.pac.keys, sizeof(current->thread.pac.keys));
	current->thread.pac.enabled = ALL_ENABLED;
	set_task_flag(current, TIF_PAC);
	load_current();
}

long pac_reset_keys(unsigned long which)
{
	struct pac_state *pac = &current->thread.pac;
	unsigned int i;

	if (!cpu_has_pac || is_compat_task() || (which & ~(ADDRESS_KEYS | PR_PAC_APGAKEY)))
		return -EINVAL;
	for (i = 0; i < PAC_KEY_WORDS / 2; i++)
		if (!which || (which & 1 << i))
			get_random_bytes(&pac->keys[2 * i], 2 * sizeof(u64));
	load_current();
	return 0;
}

long pac_set_enabled(struct task_struct *t, unsigned long keys, unsigned long enabled)
{
	u64 *bits = &t->thread.pac.enabled;
	unsigned int i;

	if (!cpu_has_pac || test_task_flag(t, TIF_32BIT) || (keys & ~ADDRESS_KEYS) || (enabled & ~keys))
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(enable_bits); i++)
		if (keys & 1 << i)
			*bits = enabled & 1 << i ? *bits | enable_bits[i] : *bits & ~enable_bits[i];
	if (t == current)
		load_current();
	return 0;
}

long pac_get_enabled(const struct task_struct *t)
{
	unsigned int i;
	long keys = 0;

	if (!cpu_has_pac || test_task_flag(t, TIF_32BIT))
		return -EINVAL;
	for (i = 0; i < ARRAY_SIZE(enable_bits); i++)
		if (t->thread.pac.enabled & enable_bits[i])
			keys |= 1 << i;
	return keys;
}
