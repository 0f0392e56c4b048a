// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's half: linear map, fixmap, and kernel_map() for vmalloc and devices.  Three levels below
 * swapper_pg_dir, which all CPUs and tasks share; head.S has mapped the image.
 *
 * The linear map is made once, with the largest blocks that fit, and never executable; what the image
 * maps read-only is read-only there as well.  Table pages of it come from memblock before that memory
 * is mapped: a window of the fixmap shows them.
 *
 * kernel_map_lock: new table pages below swapper_pg_dir.  Leaf entries belong to the owner of the range.
 */
#include <kernel/lib/bug.h>
#include <kernel/lib/fdt.h>
#include <kernel/lib/string.h>
#include <kernel/locking/spinlock.h>
#include <kernel/printk.h>
#include <mm/memblock.h>
#include <mm/mm.h>
#include <asm/cpu.h>
#include <asm/entry.h>
#include <asm/tlb.h>

extern u64 swapper_pg_dir[], fixmap_l2[], fixmap_l3[];
extern char _text[], __end_rodata[];

static DEFINE_SPINLOCK_RANK(kernel_map_lock, LOCK_RANK_VMALLOC);

#define FDT_HEADER_SIZE	40

phys_addr_t boot_fdt_pa;		/* [I] */

/* Slots of fixmap_l3: two windows for map_linear(), the rest for early_ioremap(). */
enum { SLOT_L2, SLOT_L3, SLOT_FIRST_EARLY };
static unsigned int next_early_slot = SLOT_FIRST_EARLY;

static inline unsigned int index_at(unsigned long va, unsigned int shift)
{
	return va >> shift & (PTRS_PER_TABLE - 1);
}

static void *slot_address(unsigned int slot)
{
	return (void *)(FIXMAP_EARLY_IO + ((unsigned long)slot << PAGE_SHIFT));
}

static void *set_slot(unsigned int slot, phys_addr_t pa, pgprot_t prot)
{
	unsigned long va = (unsigned long)slot_address(slot);

	if (fixmap_l3[slot]) {
		WRITE_ONCE(fixmap_l3[slot], 0);
		tlb_flush_kernel(va, va + PAGE_SIZE);
	}
	WRITE_ONCE(fixmap_l3[slot], pa | prot);
	dsb(ishst);
	isb();
	return (void *)va;
}

/* ---- before any allocator ------------------------------------------------------------------ */

/*
 * A tree may begin anywhere, 8-byte aligned, and is at most 2 MiB long.  The second of the two blocks that
 * may hold it is only mapped when the first is not enough: there might be a device.
 */
void *fixmap_map_fdt(phys_addr_t fdt)
{
	phys_addr_t offset = fdt & (BLOCK_SIZE_L2 - 1);
	const pgprot_t prot = (PROT_KERNEL_RO & ~PTE_TYPE_MASK) | PTE_TYPE_BLOCK;
	unsigned int i = index_at(FIXMAP_FDT, PTE_SHIFT_L2);
	void *va = (void *)(FIXMAP_FDT + offset);

	if (!fdt || fdt & 7)
		return NULL;
	boot_fdt_pa = fdt;
	fixmap_l2[i] = (fdt - offset) | prot;
	dsb(ishst);
	isb();
	if (offset + FDT_HEADER_SIZE <= BLOCK_SIZE_L2 && !fdt_check_header(va, BLOCK_SIZE_L2 - offset))
		return va;
	fixmap_l2[i + 1] = (fdt - offset + BLOCK_SIZE_L2) | prot;
	dsb(ishst);
	isb();
	return fdt_check_header(va, MAX_FDT_SIZE) ? NULL : va;
}

void __iomem *early_ioremap(phys_addr_t pa, size_t size)
{
	unsigned long offset = pa & ~PAGE_MASK;
	unsigned int nr = (offset + size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	unsigned int slot = next_early_slot;

	if (!size || nr > PTRS_PER_TABLE - slot)
		return NULL;
	next_early_slot += nr;
	for (unsigned int i = 0; i < nr; i++)
		set_slot(slot + i, (pa & PAGE_MASK) + ((phys_addr_t)i << PAGE_SHIFT), PROT_DEVICE);
	return (char __iomem *)slot_address(slot) + offset;
}

/* ---- the linear map -------------------------------------------------------------------------- */

/* The table below @entry, seen through @slot; made if there is none. */
static u64 *linear_table(u64 *entry, unsigned int slot)
{
	phys_addr_t pa = *entry & PTE_ADDR_MASK;
	u64 *table;

	if (*entry) {
		ASSERT((*entry & PTE_TYPE_MASK) == PTE_TYPE_PAGE);
		return set_slot(slot, pa, PROT_KERNEL);
	}
	pa = memblock_phys_alloc(PAGE_SIZE, PAGE_SIZE);
	if (!pa)
		panic("no memory for the kernel's page tables");
	table = set_slot(slot, pa, PROT_KERNEL);
	memset(table, 0, PAGE_SIZE);
	dsb(ishst);
	WRITE_ONCE(*entry, pa | PTE_TYPE_PAGE);
	return table;
}

static bool block_fits(phys_addr_t pa, phys_addr_t end, phys_addr_t size)
{
	return !(pa & (size - 1)) && end - pa >= size;
}

static void linear_pages(u64 *l3, unsigned long va, phys_addr_t pa, phys_addr_t end, pgprot_t prot)
{
	for (; pa < end; pa += PAGE_SIZE, va += PAGE_SIZE)
		WRITE_ONCE(l3[index_at(va, PTE_SHIFT_L3)], pa | prot);
}

/* Map [pa, end) inside one level-1 slot. */
static void linear_blocks(u64 *l2, phys_addr_t pa, phys_addr_t end, pgprot_t prot)
{
	while (pa < end) {
		unsigned long va = (unsigned long)__va(pa);
		u64 *entry = l2 + index_at(va, PTE_SHIFT_L2);
		phys_addr_t next = min(end, (pa | (BLOCK_SIZE_L2 - 1)) + 1);

		if (!*entry && block_fits(pa, end, BLOCK_SIZE_L2))
			WRITE_ONCE(*entry, pa | (prot & ~PTE_TYPE_MASK) | PTE_TYPE_BLOCK);
		else
			linear_pages(linear_table(entry, SLOT_L3), va, pa, next, prot);
		pa = next;
	}
}

static void linear_range(phys_addr_t pa, phys_addr_t end, pgprot_t prot)
{
	while (pa < end) {
		u64 *entry = swapper_pg_dir + index_at((unsigned long)__va(pa), PTE_SHIFT_L1);
		phys_addr_t next = min(end, (pa | (BLOCK_SIZE_L1 - 1)) + 1);

		if (!*entry && block_fits(pa, end, BLOCK_SIZE_L1))
			WRITE_ONCE(*entry, pa | (prot & ~PTE_TYPE_MASK) | PTE_TYPE_BLOCK);
		else
			linear_blocks(linear_table(entry, SLOT_L2), pa, next, prot);
		pa = next;
	}
}

/* [pa, end) of RAM, leaving out [ro, ro_end), which gets a read-only mapping. */
static void linear_around(phys_addr_t pa, phys_addr_t end, phys_addr_t ro, phys_addr_t ro_end)
{
	ro = clamp(ro, pa, end);
	ro_end = clamp(ro_end, pa, end);
	linear_range(pa, ro, PROT_KERNEL);
	linear_range(ro, ro_end, PROT_KERNEL_RO);
	linear_range(ro_end, end, PROT_KERNEL);
}

void map_linear(void)
{
	phys_addr_t ro = __pa(_text), ro_end = __pa(__end_rodata);
	struct memblock_region r;

	for (unsigned int i = 0; memblock_memory_region(i, &r); i++)
		linear_around((r.base + PAGE_SIZE - 1) & PAGE_MASK, (r.base + r.size) & PAGE_MASK,
			      ro, ro_end);
	dsb(ishst);
	isb();
}

/* ---- kernel_map ------------------------------------------------------------------------------ */

/* The table below @entry; made if there is none. May sleep. */
static u64 *kernel_table(u64 *entry)
{
	struct page *page;

	if (likely(READ_ONCE(*entry)))
		return __va(READ_ONCE(*entry) & PTE_ADDR_MASK);
	page = pgtable_page_alloc(GFP_KERNEL);
	if (!page)
		return NULL;
	spin_lock(&kernel_map_lock);
	if (!*entry) {
		dmb(ishst);
		WRITE_ONCE(*entry, page_to_phys(page) | PTE_TYPE_PAGE);
		page = NULL;
	}
	spin_unlock(&kernel_map_lock);
	if (page)
		pgtable_page_free(page);
	return __va(READ_ONCE(*entry) & PTE_ADDR_MASK);
}

static u64 *kernel_pte(unsigned long va)
{
	u64 *l2 = kernel_table(swapper_pg_dir + index_at(va, PTE_SHIFT_L1));
	u64 *l3 = l2 ? kernel_table(l2 + index_at(va, PTE_SHIFT_L2)) : NULL;

	return l3 ? l3 + index_at(va, PTE_SHIFT_L3) : NULL;
}

int kernel_map(unsigned long va, phys_addr_t pa, unsigned long npages, pgprot_t prot)
{
	for (; npages; npages--, va += PAGE_SIZE, pa += PAGE_SIZE) {
		u64 *ptep = kernel_pte(va);

		if (!ptep)
			return -ENOMEM;
		ASSERT(!*ptep);
		WRITE_ONCE(*ptep, pa | prot);
	}
	dsb(ishst);
	isb();
	return 0;
}

/* Entries that kernel_map() did not come to make are none. */
void kernel_unmap(unsigned long va, unsigned long npages)
{
	unsigned long end = va + (npages << PAGE_SHIFT);

	for (unsigned long p = va; p < end; p += PAGE_SIZE) {
		u64 l1 = swapper_pg_dir[index_at(p, PTE_SHIFT_L1)];
		u64 l2 = l1 ? ((u64 *)__va(l1 & PTE_ADDR_MASK))[index_at(p, PTE_SHIFT_L2)] : 0;

		if (l2)
			WRITE_ONCE(((u64 *)__va(l2 & PTE_ADDR_MASK))[index_at(p, PTE_SHIFT_L3)], 0);
	}
	tlb_flush_kernel(va, end);
}
