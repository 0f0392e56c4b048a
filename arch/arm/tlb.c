// SPDX-License-Identifier: GPL-2.0-only
/*
 * TLB maintenance, broadcast by the hardware to all CPUs of the inner shareable domain.  Table
 * writes before a flush are seen by all walkers after it.  No locks; any context.
 */
#include <kernel/arch.h>
#include <mm/mm.h>
#include <asm/cpu.h>
#include <asm/tlb.h>

/* Beyond so many pages it is cheaper to lose the whole address space. */
#define MAX_SINGLE_FLUSHES	64

/* An address space that has no number yet has no entries. */
static inline u32 asid_of(struct mm_struct *mm)
{
	return READ_ONCE(mm->pgt.context) & ASID_MASK;
}

static inline void finish(void)
{
	write_cp15(0, 0, c7, c1, 6);		/* BPIALLIS: the predictor is by virtual address */
	dsb(ish);
	isb();
}

void tlb_flush_page(struct mm_struct *mm, unsigned long va)
{
	dsb(ishst);
	write_cp15((va & PAGE_MASK) | asid_of(mm), 0, c8, c3, 1);	/* TLBIMVAIS */
	finish();
}

void tlb_flush_mm(struct mm_struct *mm)
{
	dsb(ishst);
	write_cp15(asid_of(mm), 0, c8, c3, 2);				/* TLBIASIDIS */
	finish();
}

void tlb_flush_range(struct mm_struct *mm, unsigned long lo, unsigned long hi)
{
	u32 asid;

	if (hi - lo > MAX_SINGLE_FLUSHES * PAGE_SIZE) {
		tlb_flush_mm(mm);
		return;
	}
	dsb(ishst);
	asid = asid_of(mm);
	for (lo &= PAGE_MASK; lo < hi; lo += PAGE_SIZE)
		write_cp15(lo | asid, 0, c8, c3, 1);
	finish();
}

void tlb_flush_kernel(unsigned long lo, unsigned long hi)
{
	dsb(ishst);
	if (hi - lo > MAX_SINGLE_FLUSHES * PAGE_SIZE)
		write_cp15(0, 0, c8, c3, 0);				/* TLBIALLIS */
	else
		for (lo &= PAGE_MASK; lo < hi; lo += PAGE_SIZE)
			write_cp15(lo, 0, c8, c3, 3);			/* TLBIMVAAIS */
	finish();
}

void tlb_flush_local_all(void)
{
	dsb(ishst);
	write_cp15(0, 0, c8, c7, 0);					/* TLBIALL */
	write_cp15(0, 0, c7, c5, 6);					/* BPIALL */
	dsb(ish);
	isb();
}
