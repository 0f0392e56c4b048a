// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first things of a boot: what memory there is, what of it is taken, and the linear map.
 */
#include <kernel/arch.h>
#include <kernel/lib/fdt.h>
#include <kernel/printk.h>
#include <mm/memblock.h>
#include <asm/cpu.h>
#include <asm/entry.h>

unsigned long kimage_voffset;		/* set by head.S */
unsigned long memstart_addr;

/* What the linear map cannot reach is not used. */
static void limit_memory(void)
{
	phys_addr_t top = (phys_addr_t)memstart_addr + (PAGE_OFFSET_END - PAGE_OFFSET);

	if (top > 0xfffff000)
		top = 0xfffff000;
	if (memblock_end_of_dram() > top) {
		pr_warn("memory above %#llx is out of reach and ignored\n", top);
		memblock_remove(top, memblock_end_of_dram() - top);
	}
}

unsigned long boot_fdt_pa;		/* where the tree lies; set by head.S */

void arch_setup(void *fdt)
{
	memstart_addr = (unsigned long)memblock_start_of_dram() & SECTION_MASK;
	limit_memory();
	memblock_reserve(__pa(_text), _end - _text);
	memblock_reserve(boot_fdt_pa, fdt_totalsize(fdt));
	set_cpu_hwid(0, read_mpidr());
	map_linear();
	pan_init();
}
