// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether user memory is closed while the kernel runs (PAN): it is, unless the command line says `nopan'.
 *
 * Closing and opening it is a write of DACR, a matter of a few cycles for a CPU.  QEMU's translator has no
 * domains in its TLB and throws that away with each write: a system call takes it ten times longer, a switch
 * of processes three times.  So `make run' says nopan, and all writes of DACR become no-ops at boot, before
 * there is a second CPU.  What is lost is one line of defence: a kernel that follows a user's pointer by
 * mistake is not stopped.
 *
 * The text is read-only in every mapping; the boot CPU writes through a page of the fixmap.
 */
#include <kernel/arch.h>
#include <kernel/lib/cmdline.h>
#include <kernel/printk.h>
#include <asm/cache.h>
#include <asm/cpu.h>
#include <asm/entry.h>
#include <asm/tlb.h>

#define WINDOW	(FIXMAP_END - PAGE_SIZE)	/* early_ioremap() begins at the other end */
#define ARM_NOP	0xe320f000

extern u32 *const __start_dacr_writes[], *const __stop_dacr_writes[];

static bool user_stays_open;		/* [I] after pan_init() */

static void write_text(u32 *where, u32 instruction)
{
	u32 *slot = &fixmap_l2[(WINDOW >> PAGE_SHIFT) % PTRS_PER_TABLE];

	WRITE_ONCE(*slot, ((u32)__pa(where) & PAGE_MASK) | PROT_KERNEL);
	dsb(ishst);
	isb();
	*(u32 *)(WINDOW + ((unsigned long)where & ~PAGE_MASK)) = instruction;
	cache_sync_code(where, sizeof(*where));
	WRITE_ONCE(*slot, 0);
	tlb_flush_kernel(WINDOW, WINDOW + PAGE_SIZE);
}

void pan_init(void)
{
	user_stays_open = cmdline_bool("nopan");
	if (!user_stays_open)
		return;
	for (u32 *const *site = __start_dacr_writes; site < __stop_dacr_writes; site++)
		write_text(*site, ARM_NOP);
	pr_info("nopan: user memory stays open to the kernel\n");
}

void pan_init_cpu(void)
{
	if (user_stays_open)
		write_cp15(DACR_UACCESS, 0, c3, c0, 0);	/* for the ISB that follows in arch_cpu_init() */
}
