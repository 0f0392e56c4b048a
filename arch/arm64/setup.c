// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first things of a boot: what of the memory that the tree told is taken, and the linear map.
 */
#include <kernel/arch.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/fdt.h>
#include <kernel/printk.h>
#include <mm/memblock.h>
#include <asm/cpu.h>
#include <asm/entry.h>

extern char _text[], _end[];

unsigned long kimage_voffset;		/* set by head.S */
phys_addr_t memstart_addr;

/* What the linear map cannot reach is not used. */
static void limit_memory(void)
{
	phys_addr_t top = memstart_addr + (PAGE_OFFSET_END - PAGE_OFFSET);

	if (memblock_end_of_dram() > top) {
		pr_warn("memory above %#llx is out of reach and ignored\n", top);
		memblock_remove(top, memblock_end_of_dram() - top);
	}
}

void arch_setup(void *fdt)
{
	if (!fdt || !memblock_phys_mem_size())
		panic("no device tree, or it names no memory");
	memblock_reserve(__pa(_text), _end - _text);
	memblock_reserve(boot_fdt_pa, fdt_totalsize(fdt));
	set_cpu_hwid(0, read_sysreg(mpidr_el1));
	/* Rounded so that the linear map can use the largest blocks. */
	memstart_addr = memblock_start_of_dram() & ~(phys_addr_t)(BLOCK_SIZE_L1 - 1);
	limit_memory();
	map_linear();
}
