// SPDX-License-Identifier: GPL-2.0-only
/*
 * The "spin-table" enable-method: each secondary CPU waits, MMU and caches off, for an address to
 * appear in the 64-bit word that its node's cpu-release-addr names, and jumps there (Devicetree
 * Specification 3.8.1).
 */
#include <drivers/firmware/cpu_method.h>
#include <kernel/arch.h>
#include <kernel/lib/err.h>
#include <mm/page.h>
#include <mm/vmalloc.h>
#include <asm/io.h>

static int release_address(unsigned int cpu, u64 *pa)
{
	struct device_node *np = of_cpu_node(cpu);
	u32 low;

	if (!np)
		return -ENODEV;
	if (!of_property_read_u64(np, "cpu-release-addr", pa))
		return 0;
	if (of_property_read_u32(np, "cpu-release-addr", &low))
		return -ENODEV;
	*pa = low;
	return 0;
}

/* In RAM the word is written through the linear map and cleaned, for CPUs whose caches are off. */
static int write_release_word(phys_addr_t pa, u64 entry)
{
	void __iomem *reg;

	if (pa % sizeof(u64))
		return -EINVAL;
	if (pfn_valid(phys_to_pfn(pa))) {
		u64 *word = __va(pa);

		WRITE_ONCE(*word, entry);
		cache_clean_invalidate(word, sizeof(*word));
		return 0;
	}
	reg = ioremap(pa, sizeof(u64));
	if (!reg)
		return -ENOMEM;
	writeq(entry, reg);
	iounmap(reg);
	return 0;
}

static int spin_table_boot(unsigned int cpu)
{
	u64 pa;
	int error = release_address(cpu, &pa);

	if (!error)
		error = write_release_word(pa, smp_secondary_entry_pa());
	if (error)
		return error;
	mb();
	asm volatile("sev" : : : "memory");
	return 0;
}

static const struct cpu_ops spin_table_ops = {
	.name = "spin-table",
	.boot = spin_table_boot,
};

void spin_table_init(void)
{
	cpu_method_register("spin-table", &spin_table_ops);
}
