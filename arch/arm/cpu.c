// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the CPUs are and can do: feature registers, hwcaps, /proc/cpuinfo, and the per-CPU part of
 * the start.  Everything here is written while a CPU starts and only read after that.
 */
#include <fs/seq_file.h>
#include <kernel/arch.h>
#include <kernel/lib/cpumask.h>
#include <kernel/lib/math64.h>
#include <kernel/uapi.h>
#include <asm/cpu.h>
#include <asm/entry.h>
#include <asm/hw_breakpoint.h>
#include <asm/percpu.h>

#define CNTKCTL_EVENT_STREAM(bit)	((1 << 2) | ((bit) << 4))
#define EVENT_STREAM_HZ			10000

static u32 cpu_midr[NR_CPUS];		/* [I] each written by its CPU */
static unsigned long hwcap, hwcap2;	/* [I] by the boot CPU */
bool cpu_has_pxn;
bool cpu_has_generic_timer;

static inline unsigned int field(u32 reg, unsigned int shift)
{
	return (reg >> shift) & 0xf;
}

/* ---- detection ---------------------------------------------------------------------- */

/* VFP and NEON registers can be read only with access enabled. */
static void detect_fpu(void)
{
	u32 fpsid, mvfr0, mvfr1;

	asm volatile(".fpu neon-vfpv4\n\tvmrs %0, fpsid" : "=r" (fpsid));
	asm volatile(".fpu neon-vfpv4\n\tvmrs %0, mvfr0" : "=r" (mvfr0));
	asm volatile(".fpu neon-vfpv4\n\tvmrs %0, mvfr1" : "=r" (mvfr1));
	hwcap |= HWCAP_VFP;
	fpu_nr_regs = field(mvfr0, 0) == 2 ? 32 : 16;
	if (((fpsid >> 16) & 0x7f) >= 2) {
		hwcap |= HWCAP_VFPv3;
		hwcap |= fpu_nr_regs == 32 ? HWCAP_VFPD32 : HWCAP_VFPv3D16;
	}
	if ((mvfr1 & 0x000fff00) == 0x00011100)		/* load/store, integer, single precision */
		hwcap |= HWCAP_NEON;
	if (field(mvfr1, 28) == 1)			/* fused multiply-add */
		hwcap |= HWCAP_VFPv4;
}

static void detect_features(void)
{
	u32 isar0 = read_cp15(0, c0, c2, 0);
	u32 isar5 = read_cp15(0, c0, c2, 5);
	u32 mmfr0 = read_cp15(0, c0, c1, 4);

	hwcap |= HWCAP_HALF | HWCAP_THUMB | HWCAP_FAST_MULT | HWCAP_EDSP | HWCAP_TLS;
	if (field(isar0, 24) >= 1)
		hwcap |= HWCAP_IDIVT;
	if (field(isar0, 24) >= 2)
		hwcap |= HWCAP_IDIVA;
	if (field(mmfr0, 0) >= 5)
		hwcap |= HWCAP_LPAE;
	if (field(isar5, 4) >= 1)
		hwcap2 |= HWCAP2_AES;
	if (field(isar5, 4) >= 2)
		hwcap2 |= HWCAP2_PMULL;
	if (field(isar5, 8) >= 1)
		hwcap2 |= HWCAP2_SHA1;
	if (field(isar5, 12) >= 1)
		hwcap2 |= HWCAP2_SHA2;
	if (field(isar5, 16) >= 1)
		hwcap2 |= HWCAP2_CRC32;
	cpu_has_pxn = field(mmfr0, 0) >= 4;
	cpu_has_generic_timer = field(read_cp15(0, c0, c1, 1), 16) >= 1;
	if (cpu_has_generic_timer)
		hwcap |= HWCAP_EVTSTRM;
}

/* ---- each CPU ----------------------------------------------------------------------- */

static void enable_fpu(void)
{
	u32 cpacr = read_cp15(0, c1, c0, 2) | CPACR_VFP;

	write_cp15(cpacr, 0, c1, c0, 2);
	isb();
	if ((read_cp15(0, c1, c0, 2) & CPACR_VFP) != CPACR_VFP)
		return;
	asm volatile(".fpu neon-vfpv4\n\tvmsr fpexc, %0" : : "r" (FPEXC_EN));
	if (!fpu_nr_regs)
		detect_fpu();
}

/* User mode may read the virtual counter; WFE wakes up 10,000 times a second, as user spin loops
 * that look at HWCAP_EVTSTRM expect. */
static void set_up_counter(void)
{
	u32 ratio = read_cp15(0, c14, c0, 0) / EVENT_STREAM_HZ;	/* CNTFRQ */
	u32 bit = ratio ? 31 - __builtin_clz(ratio) : 0;

	/* An event comes when the counter's bit rises: every 2^(bit + 1) ticks. */
	if (bit)
		bit--;
	write_cp15(CNTKCTL_PL0VCTEN | CNTKCTL_EVENT_STREAM(bit > 15 ? 15 : bit), 0, c14, c1, 0);
}

void arch_cpu_init(void)
{
	unsigned int cpu = smp_processor_id();

	cpu_midr[cpu] = read_midr();
	if (!hwcap)
		detect_features();
	pan_init_cpu();
	enable_fpu();
	if (cpu_has_generic_timer)
		set_up_counter();
	hw_debug_init_cpu();
	write_cp15(0, 0, c13, c0, 2);		/* thread registers: nothing of the firmware's */
	write_cp15(0, 0, c13, c0, 3);
	write_cp15(0, 0, c9, c14, 0);		/* PMUSERENR */
	isb();
}

/* ---- what the rest of the kernel asks ----------------------------------------------- */

unsigned long arch_hwcap(void)
{
	return hwcap;
}

unsigned long arch_prot_bits(void)
{
	return 0;
}

unsigned long arch_hwcap2(void)
{
	return hwcap2;
}

const char *arch_machine_name(void)
{
	return "armv7l";
}

const char *arch_machine_name32(void)
{
	return arch_machine_name();
}

const char *arch_elf_platform(void)
{
	return "v7l";
}

static const char *const hwcap_names[] = {
	"swp", "half", "thumb", "26bit", "fastmult", "fpa", "vfp", "edsp", "java", "iwmmxt",
	"crunch", "thumbee", "neon", "vfpv3", "vfpv3d16", "tls", "vfpv4", "idiva", "idivt",
	"vfpd32", "lpae", "evtstrm",
};
static const char *const hwcap2_names[] = { "aes", "pmull", "sha1", "sha2", "crc32" };

static void show_names(struct seq_file *m, unsigned long bits, const char *const *names,
		       unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		if (bits & (1UL << i))
			seq_printf(m, "%s ", names[i]);
}

static void show_cpu(struct seq_file *m, unsigned int cpu)
{
	u32 midr = cpu_midr[cpu];
	u32 hz = cpu_has_generic_timer ? read_cp15(0, c14, c0, 0) : 0;

	seq_printf(m, "processor\t: %u\n", cpu);
	seq_printf(m, "model name\t: ARMv7 Processor rev %u (v7l)\n", midr & 0xf);
	/* Twice the delay loop's rate, which is the timer's. */
	seq_printf(m, "BogoMIPS\t: %u.%02u\n", hz / 500000, (hz / 5000) % 100);
	seq_puts(m, "Features\t: ");
	show_names(m, hwcap, hwcap_names, ARRAY_SIZE(hwcap_names));
	show_names(m, hwcap2, hwcap2_names, ARRAY_SIZE(hwcap2_names));
	seq_printf(m, "\nCPU implementer\t: 0x%02x\n", midr >> 24);
	seq_puts(m, "CPU architecture: 7\n");
	seq_printf(m, "CPU variant\t: 0x%x\n", (midr >> 20) & 0xf);
	seq_printf(m, "CPU part\t: 0x%03x\n", (midr >> 4) & 0xfff);
	seq_printf(m, "CPU revision\t: %u\n\n", midr & 0xf);
}

void arch_show_cpuinfo(struct seq_file *m)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		show_cpu(m, cpu);
	seq_puts(m, "Hardware\t: Generic DT based system\n");
	seq_puts(m, "Revision\t: 0000\n");
	seq_puts(m, "Serial\t\t: 0000000000000000\n");
}
