// SPDX-License-Identifier: GPL-2.0-only
/*
 * TLB maintenance: broadcast by the hardware to all CPUs of the inner shareable domain, so that no
 * interrupt is sent.  An address space without a valid ASID has nothing in any TLB that could be used.
 */
#include <kernel/lib/minmax.h>
#include <mm/mm.h>
#include <asm/cpu.h>
#include <asm/tlb.h>

/* Beyond this many pages everything with the ASID goes. */
#define MAX_PAGEWISE	64

#define tlbi(op, arg)	asm volatile("tlbi " #op ", %0" : : "r" (arg) : "memory")
#define tlbi_all(op)	asm volatile("tlbi " #op : : : "memory")

static inline u64 asid_operand(struct mm_struct *mm)
{
	return (READ_ONCE(mm->pgt.context) & 0xffff) << TTBR_ASID_SHIFT;
}

static inline u64 page_operand(unsigned long va)
{
	return va >> PAGE_SHIFT & ((1UL << 44) - 1);
}

void tlb_flush_page(struct mm_struct *mm, unsigned long va)
{
	dsb(ishst);
	tlbi(vale1is, asid_operand(mm) | page_operand(va));
	dsb(ish);
}

void tlb_flush_mm(struct mm_struct *mm)
{
	dsb(ishst);
	tlbi(aside1is, asid_operand(mm));
	dsb(ish);
}

/* Not only last-level entries: table pages may have gone, too. */
void tlb_flush_range(struct mm_struct *mm, unsigned long lo, unsigned long hi)
{
	u64 asid;

	if ((hi - lo) >> PAGE_SHIFT > MAX_PAGEWISE) {
		tlb_flush_mm(mm);
		return;
	}
	dsb(ishst);
	asid = asid_operand(mm);		/* after the change of the tables: see context_activate() */
	for (unsigned long va = lo & PAGE_MASK; va < hi; va += PAGE_SIZE)
		tlbi(vae1is, asid | page_operand(va));
	dsb(ish);
}

void tlb_flush_kernel(unsigned long lo, unsigned long hi)
{
	dsb(ishst);
	if ((hi - lo) >> PAGE_SHIFT > MAX_PAGEWISE) {
		tlbi_all(vmalle1is);
	} else {
		for (unsigned long va = lo & PAGE_MASK; va < hi; va += PAGE_SIZE)
			tlbi(vaae1is, page_operand(va));
	}
	dsb(ish);
	isb();
}

void tlb_flush_local_all(void)
{
	dsb(nshst);
	tlbi_all(vmalle1);
	dsb(nsh);
	isb();
}
