// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the CPUs can do: feature registers, HWCAPs, /proc/cpuinfo, and each CPU's own set-up.
 *
 * A feature counts when every CPU that was started has it: the boot CPU sets, the others take away.
 * Nothing here has a lock: secondary CPUs come here one at a time (starting_lock in kernel/smp.c).
 */
#include <fs/seq_file.h>
#include <kernel/compat.h>
#include <kernel/lib/cpumask.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>
#include <asm/compat.h>
#include <asm/cpu.h>
#include <asm/pac.h>
#include <asm/percpu.h>
#include <asm/tlb.h>

bool cpu_has_pan;
bool cpu_has_aarch32;
bool cpu_has_pac;
bool cpu_has_bti;

static u32 cpu_midr[NR_CPUS];		/* [I] after the CPU's start */
static unsigned long hwcaps[2];		/* AT_HWCAP, AT_HWCAP2 */

enum id_register { ISAR0, ISAR1, ISAR2, PFR0, PFR1, MMFR2, NR_ID_REGISTERS };

static u64 id_registers[NR_ID_REGISTERS];	/* the boot CPU's, fields that user space may see */

/* Fields of ID registers that user space may see (with HWCAP_CPUID): what needs the kernel's help and does
 * not get it (SVE, MTE) is left out. */
static const u64 visible_fields[NR_ID_REGISTERS] = {
	[ISAR0]	= 0xf0fffffff0fffff0,
	[ISAR1]	= 0x00fff0ffffffffff,
	[ISAR2]	= 0x000000000000ff00,
	[PFR0]	= 0x000f000000ff0000,
	[PFR1]	= 0x00000000000000ff,
	[MMFR2]	= 0x0000000f00000000,
};

struct hwcap_rule {
	u8		bit;		/* in hwcaps[word] */
	u8		word;
	u8		reg, shift;	/* a four-bit field of an ID register */
	u8		min;		/* at least; 0: signed field, not 0xf */
	const char	*name;		/* NULL: another way to have the one before */
};

/* In the order of /proc/cpuinfo: that of the bits. */
static const struct hwcap_rule hwcap_rules[] = {
	{ 0, 0, PFR0, 16, 0, "fp" },
	{ 1, 0, PFR0, 20, 0, "asimd" },
	{ 3, 0, ISAR0, 4, 1, "aes" },
	{ 4, 0, ISAR0, 4, 2, "pmull" },
	{ 5, 0, ISAR0, 8, 1, "sha1" },
	{ 6, 0, ISAR0, 12, 1, "sha2" },
	{ 7, 0, ISAR0, 16, 1, "crc32" },
	{ 8, 0, ISAR0, 20, 2, "atomics" },
	{ 9, 0, PFR0, 16, 1, "fphp" },
	{ 10, 0, PFR0, 20, 1, "asimdhp" },
	{ 12, 0, ISAR0, 28, 1, "asimdrdm" },
	{ 13, 0, ISAR1, 12, 1, "jscvt" },
	{ 14, 0, ISAR1, 16, 1, "fcma" },
	{ 15, 0, ISAR1, 20, 1, "lrcpc" },
	{ 16, 0, ISAR1, 0, 1, "dcpop" },
	{ 17, 0, ISAR0, 32, 1, "sha3" },
	{ 18, 0, ISAR0, 36, 1, "sm3" },
	{ 19, 0, ISAR0, 40, 1, "sm4" },
	{ 20, 0, ISAR0, 44, 1, "asimddp" },
	{ 21, 0, ISAR0, 12, 2, "sha512" },
	{ 23, 0, ISAR0, 48, 1, "asimdfhm" },
	{ 24, 0, PFR0, 48, 1, "dit" },
	{ 25, 0, MMFR2, 32, 1, "uscat" },
	{ 26, 0, ISAR1, 20, 2, "ilrcpc" },
	{ 27, 0, ISAR0, 52, 1, "flagm" },
	{ 28, 0, PFR1, 4, 2, "ssbs" },
	{ 29, 0, ISAR1, 36, 1, "sb" },
	{ 30, 0, ISAR1, 4, 1, "paca" },
	{ 30, 0, ISAR1, 8, 1 },
	{ 30, 0, ISAR2, 12, 1 },
	{ 31, 0, ISAR1, 24, 1, "pacg" },
	{ 31, 0, ISAR1, 28, 1 },
	{ 31, 0, ISAR2, 8, 1 },
	{ 0, 1, ISAR1, 0, 2, "dcpodp" },
	{ 7, 1, ISAR0, 52, 2, "flagm2" },
	{ 8, 1, ISAR1, 32, 1, "frint" },
	{ 13, 1, ISAR1, 52, 1, "i8mm" },
	{ 14, 1, ISAR1, 44, 1, "bf16" },
	{ 15, 1, ISAR1, 48, 1, "dgh" },
	{ 16, 1, ISAR0, 60, 1, "rng" },
	{ 17, 1, PFR1, 0, 1, "bti" },
};

/* Bits that the kernel gives, whatever the CPU. */
static const struct hwcap_rule kernel_hwcaps[] = {
	{ 2, 0, .name = "evtstrm" },
	{ 11, 0, .name = "cpuid" },
};

static bool rule_holds(const struct hwcap_rule *rule, const u64 *regs)
{
	unsigned int field = regs[rule->reg] >> rule->shift & 0xf;

	return rule->min ? field >= rule->min : field != 0xf;
}

static void read_id_registers(u64 *regs)
{
	regs[ISAR0] = read_sysreg(id_aa64isar0_el1);
	regs[ISAR1] = read_sysreg(id_aa64isar1_el1);
	regs[ISAR2] = read_sysreg(S3_0_C0_C6_2);
	regs[PFR0] = read_sysreg(id_aa64pfr0_el1);
	regs[PFR1] = read_sysreg(id_aa64pfr1_el1);
	regs[MMFR2] = read_sysreg(S3_0_C0_C7_2);
	for (int i = 0; i < NR_ID_REGISTERS; i++)
		regs[i] &= visible_fields[i];
}

#define HWCAP_PAC	(HWCAP_PACA | HWCAP_PACG)

/* Both kinds of keys or none. Tasks have them from exec on: a CPU without them after CPUs with them cannot run. */
static void init_pac(bool boot, unsigned long *caps)
{
	bool has = (*caps & HWCAP_PAC) == HWCAP_PAC;

	if (boot)
		cpu_has_pac = has;
	ASSERT(has || !cpu_has_pac);
	if (!has)
		*caps &= ~HWCAP_PAC;
}

static void update_hwcaps(bool boot)
{
	unsigned long caps[2] = { HWCAP_CPUID | HWCAP_EVTSTRM, 0 };
	u64 regs[NR_ID_REGISTERS];

	read_id_registers(regs);
	for (unsigned int i = 0; i < ARRAY_SIZE(hwcap_rules); i++)
		if (rule_holds(&hwcap_rules[i], regs))
			caps[hwcap_rules[i].word] |= 1UL << hwcap_rules[i].bit;
	init_pac(boot, &caps[0]);
	for (int i = 0; i < NR_ID_REGISTERS && boot; i++)
		id_registers[i] = regs[i];
	for (int i = 0; i < 2; i++)
		hwcaps[i] = boot ? caps[i] : hwcaps[i] & caps[i];
}

/* Branch targets: pages may be guarded once the boot CPU has this. What may be jumped to, by BR with other registers
 * than x16 and x17 too, is not every PACIxSP. */
static void init_bti(bool boot)
{
	bool has = read_sysreg(id_aa64pfr1_el1) & 0xf;

	if (boot)
		cpu_has_bti = has;
	if (!cpu_has_bti)
		return;
	ASSERT(has);
	write_sysreg(read_sysreg(sctlr_el1) | SCTLR_BT0, sctlr_el1);
}

/* PAN: set on every entry to the kernel, and now. A CPU without it after CPUs with it cannot run. */
static void init_pan(bool boot)
{
	bool has = read_sysreg(id_aa64mmfr1_el1) >> 20 & 0xf;

	if (boot)
		cpu_has_pan = has;
	if (!cpu_has_pan)
		return;
	ASSERT(has);
	write_sysreg(read_sysreg(sctlr_el1) & ~SCTLR_SPAN, sctlr_el1);
	isb();
	asm volatile(".arch_extension pan\n\tmsr pan, #1" : : : "memory");
}

/* User mode in AArch32: a CPU without it after CPUs with it cannot run, for a task may be there any time. The old
 * barriers of ARMv6 work as they are. */
static void init_aarch32(bool boot)
{
	bool has = (read_sysreg(id_aa64pfr0_el1) & 0xf) == 2;

	if (boot)
		cpu_has_aarch32 = has;
	if (!cpu_has_aarch32)
		return;
	ASSERT(has);
	write_sysreg(read_sysreg(sctlr_el1) | SCTLR_CP15BEN, sctlr_el1);
}

/* EL0 reads the virtual counter (the vDSO does); WFE wakes up at least every 100 us. */
static void init_counter_access(void)
{
	u64 freq = read_sysreg(cntfrq_el0);
	unsigned int bit = 0;

	while (bit < 15 && (freq >> (bit + 1)) > 10000)
		bit++;
	write_sysreg(CNTKCTL_EL0VCTEN | 1UL << 2 | (u64)bit << 4, cntkctl_el1);
}

void arch_cpu_init(void)
{
	unsigned int cpu = smp_processor_id();
	bool boot = cpu == 0;

	cpu_midr[cpu] = read_sysreg(midr_el1);
	write_sysreg(CPACR_FPEN, cpacr_el1);
	write_sysreg(0, mdscr_el1);
	write_sysreg(0, oslar_el1);		/* debug exceptions reach user mode's single step */
	write_sysreg(0, tpidrro_el0);
	isb();
	update_hwcaps(boot);
	init_pan(boot);
	init_bti(boot);
	init_aarch32(boot);
	init_counter_access();
	context_init_cpu();
	isb();
}

/* MRS by user mode from the ID space (Op0 3, Op1 0, CRn 0), answered as Linux does. */
bool cpu_emulate_id_register(unsigned int crm, unsigned int op2, u64 *val)
{
	if (crm > 7 || crm == 1)
		return false;
	switch (crm << 3 | op2) {
	case 0 << 3 | 0:
		*val = read_sysreg(midr_el1);
		break;
	case 0 << 3 | 5:
		*val = 1UL << 31;		/* MPIDR: RES1 only */
		break;
	case 0 << 3 | 6:
		*val = read_sysreg(revidr_el1);
		break;
	case 4 << 3 | 0:
		*val = id_registers[PFR0] | 0x11;	/* EL0 and EL1 are AArch64 */
		break;
	case 4 << 3 | 1:
		*val = id_registers[PFR1];
		break;
	case 5 << 3 | 0:
		*val = 6;			/* DFR0: Armv8 debug */
		break;
	case 6 << 3 | 0:
		*val = id_registers[ISAR0];
		break;
	case 6 << 3 | 1:
		*val = id_registers[ISAR1];
		break;
	case 6 << 3 | 2:
		*val = id_registers[ISAR2];
		break;
	case 7 << 3 | 2:
		*val = id_registers[MMFR2];
		break;
	default:
		if (crm == 0)
			return false;
		*val = 0;
	}
	return true;
}

static void show_features(struct seq_file *m)
{
	const struct hwcap_rule *k = kernel_hwcaps, *end = k + ARRAY_SIZE(kernel_hwcaps);

	for (unsigned int i = 0; i < ARRAY_SIZE(hwcap_rules); i++) {
		const struct hwcap_rule *r = &hwcap_rules[i];

		while (k < end && (r->word || k->bit < r->bit))
			seq_printf(m, " %s", k++->name);
		if (r->name && (hwcaps[r->word] & 1UL << r->bit))
			seq_printf(m, " %s", r->name);
	}
}

void arch_show_cpuinfo(struct seq_file *m)
{
	/* Linux's figure: the timer's rate stands for the delay loop's. */
	u64 mips = read_sysreg(cntfrq_el0) / 5000;
	bool linux32 = (current->personality & PER_MASK) == PER_LINUX32;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		u32 midr = cpu_midr[cpu];

		seq_printf(m, "processor\t: %u\n", cpu);
		if (linux32)
			seq_printf(m, "model name\t: ARMv8 Processor rev %u (v8l)\n", midr & 0xf);
		seq_printf(m, "BogoMIPS\t: %llu.%02llu\nFeatures\t:", mips / 100, mips % 100);
		if (linux32)
			compat_show_features(m);
		else
			show_features(m);
		seq_printf(m, "\nCPU implementer\t: 0x%02x\nCPU architecture: 8\nCPU variant\t: 0x%x\n"
			   "CPU part\t: 0x%03x\nCPU revision\t: %u\n\n",
			   midr >> 24, midr >> 20 & 0xf, midr >> 4 & 0xfff, midr & 0xf);
	}
}

unsigned long arch_hwcap(void)
{
	return is_compat_task() ? compat_hwcap() : hwcaps[0];
}

unsigned long arch_prot_bits(void)
{
	return cpu_has_bti ? PROT_BTI : 0;
}

unsigned long arch_hwcap2(void)
{
	return is_compat_task() ? compat_hwcap2() : hwcaps[1];
}

const char *arch_elf_platform(void)
{
	return is_compat_task() ? "v8l" : "aarch64";
}

const char *arch_machine_name(void)
{
	return "aarch64";
}

const char *arch_machine_name32(void)
{
	return cpu_has_aarch32 ? "armv8l" : NULL;
}
