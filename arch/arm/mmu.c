// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's half of the address space: the linear map, vmalloc's mappings, early devices.
 *
 * All of it is in swapper_pg_dir, which every CPU uses for the upper 2 GiB, so a new mapping is
 * seen everywhere at once.  Second-level tables of vmalloc come by the page (four at a time, as in
 * pgtable.c), are added under kernel_table_lock and never go away.  Entries of a range belong to
 * the range's owner.
 */
#include <kernel/lib/bug.h>
#include <kernel/locking/spinlock.h>
#include <kernel/printk.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include <asm/entry.h>

#define LINEAR_TABLES	16

/* Second-level tables of linear-map sections that hold kernel text, or not only RAM. */
static u32 linear_l2[LINEAR_TABLES][PTRS_PER_TABLE] __aligned(PAGE_SIZE);
static unsigned int linear_tables_used;		/* boot only */
static unsigned long early_io_next = FIXMAP_EARLY_IO;	/* boot only */
static DEFINE_SPINLOCK(kernel_table_lock);	/* first-level entries of vmalloc */

static inline u32 *section_slot(unsigned long va)
{
	return &swapper_pg_dir[va >> SECTION_SHIFT];
}

/* ---- linear map --------------------------------------------------------------------- */

/* Text and constants may not be written through the linear map either. */
static u32 linear_prot(phys_addr_t pa)
{
	bool constant = pa >= __pa(_text) && pa < __pa(__end_rodata);

	return constant ? PROT_KERNEL_RO : PROT_KERNEL;
}

static bool section_is_plain(phys_addr_t pa, phys_addr_t end)
{
	bool text = pa < __pa(__end_rodata) && pa + SECTION_SIZE > __pa(_text);

	return !(pa & ~SECTION_MASK) && end - pa >= SECTION_SIZE && !text;
}

/* The part [pa, end) of one section, by pages. False: no table is left. */
static bool map_section_pages(phys_addr_t pa, phys_addr_t end)
{
	u32 *slot = section_slot((unsigned long)__va(pa));
	u32 *table;

	if (!*slot) {
		if (linear_tables_used == LINEAR_TABLES)
			return false;
		table = linear_l2[linear_tables_used++];
		WRITE_ONCE(*slot, (u32)__pa(table) | PMD_TABLE | PMD_DOMAIN(DOMAIN_KERNEL));
	}
	table = linear_l2[0] + ((*slot & PMD_TABLE_MASK) - (u32)__pa(linear_l2)) / sizeof(u32);
	for (; pa < end; pa += PAGE_SIZE)
		table[(pa >> PAGE_SHIFT) % PTRS_PER_TABLE] = (u32)pa | linear_prot(pa);
	return true;
}

static void map_region(phys_addr_t pa, phys_addr_t end)
{
	while (pa < end) {
		phys_addr_t next = (pa & SECTION_MASK) + SECTION_SIZE;

		if (next > end)
			next = end;
		if (section_is_plain(pa, end)) {
			*section_slot((unsigned long)__va(pa)) = (u32)pa | SECT_NORMAL | SECT_XN;
		} else if (!map_section_pages(pa, next)) {
			pr_warn("memory at %#llx is in too many pieces and ignored\n", pa);
			memblock_remove(pa, next - pa);
		}
		pa = next;
	}
}

void map_linear(void)
{
	struct memblock_region r;

	for (unsigned int i = 0; memblock_memory_region(i, &r); i++) {
		phys_addr_t start = (r.base + PAGE_SIZE - 1) & ~(phys_addr_t)(PAGE_SIZE - 1);

		map_region(start, (r.base + r.size) & ~(phys_addr_t)(PAGE_SIZE - 1));
	}
	tlb_flush_kernel(PAGE_OFFSET, PAGE_OFFSET_END);
}

/* ---- early devices ------------------------------------------------------------------ */

void __iomem *early_ioremap(phys_addr_t pa, size_t size)
{
	unsigned long offset = pa & ~PAGE_MASK;
	unsigned long start = early_io_next, va = start;
	unsigned long end = va + ((offset + size + PAGE_SIZE - 1) & PAGE_MASK);

	if (!size || end > FIXMAP_END || end < va || pa + size > 0x100000000ULL)
		return NULL;
	early_io_next = end;
	for (pa -= offset; va < end; va += PAGE_SIZE, pa += PAGE_SIZE)
		fixmap_l2[(va >> PAGE_SHIFT) % PTRS_PER_TABLE] = (u32)pa | PROT_DEVICE;
	dsb(ishst);
	isb();
	return (void __iomem *)(start + offset);
}

/* ---- vmalloc and ioremap ------------------------------------------------------------ */

static u32 *kernel_entry(unsigned long va)
{
	u32 pmd = READ_ONCE(*section_slot(va));

	if (!pmd)
		return NULL;
	return (u32 *)__va(pmd & PMD_TABLE_MASK) + ((va >> PAGE_SHIFT) % PTRS_PER_TABLE);
}

/* Four tables at once: a page's worth. */
static int add_kernel_tables(unsigned long va)
{
	u32 *slot = section_slot(va & ~(4 * SECTION_SIZE - 1));
	struct page *page = pgtable_page_alloc(GFP_ATOMIC);

	if (!page)
		return -ENOMEM;
	spin_lock(&kernel_table_lock);
	if (!*slot) {
		dsb(ishst);
		for (u32 i = 0; i < 4; i++)
			WRITE_ONCE(slot[i], ((u32)page_to_phys(page) + i * 1024) | PMD_TABLE |
					    PMD_DOMAIN(DOMAIN_KERNEL));
		page = NULL;
	}
	spin_unlock(&kernel_table_lock);
	if (page)
		pgtable_page_free(page);
	return 0;
}

int kernel_map(unsigned long va, phys_addr_t pa, unsigned long npages, pgprot_t prot)
{
	unsigned long start = va;

	if (pa + ((phys_addr_t)npages << PAGE_SHIFT) > 0x100000000ULL)
		return -ENOMEM;			/* short descriptors reach 4 GiB */
	for (; npages; npages--, va += PAGE_SIZE, pa += PAGE_SIZE) {
		u32 *ptep = kernel_entry(va);

		if (!ptep) {
			if (add_kernel_tables(va)) {
				kernel_unmap(start, (va - start) >> PAGE_SHIFT);
				return -ENOMEM;
			}
			ptep = kernel_entry(va);
		}
		ASSERT(!*ptep);
		WRITE_ONCE(*ptep, (u32)pa | prot);
	}
	dsb(ishst);
	isb();
	return 0;
}

void kernel_unmap(unsigned long va, unsigned long npages)
{
	unsigned long end = va + (npages << PAGE_SHIFT);

	for (unsigned long a = va; a < end; a += PAGE_SIZE) {
		u32 *ptep = kernel_entry(a);

		if (ptep)
			WRITE_ONCE(*ptep, 0);
	}
	tlb_flush_kernel(va, end);
}
