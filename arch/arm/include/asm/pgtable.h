/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page-table types and protections.  Levels and descriptor bits are private to pgtable.c and mmu.c:
 * shared code passes pgprot_t values around and never takes them apart.
 */
#pragma once

#include <kernel/lib/types.h>
#include <asm/pgtable-bits.h>

typedef u32 pgprot_t;

struct pgtable {
	u32	*pgd;		/* [I] first level, 2048 entries, by its linear-map address */
	u32	context;	/* [a] generation | ASID, see context.c; 0: none yet */
};

/* What one leaf table maps: fork shares whole ones. */
#define PGTABLE_SHARE_SPAN	(4UL << 20)

/* Kernel mappings. */
#define PROT_KERNEL		(PTE_KERNEL_BASE | MT_NORMAL)
#define PROT_KERNEL_RO		(PTE_KERNEL_BASE | MT_NORMAL | PTE_RDONLY)
#define PROT_KERNEL_EXEC	((PTE_KERNEL_BASE & ~PTE_XN) | MT_NORMAL | PTE_RDONLY)
#define PROT_DEVICE		(PTE_KERNEL_BASE | MT_DEVICE)
#define PROT_NORMAL_NC		(PTE_KERNEL_BASE | MT_NORMAL_NC)

/* User mappings of devices: @prot from pgprot_from_vm_flags() with another memory type. */
static inline pgprot_t pgprot_device(pgprot_t prot)
{
	return (prot & ~PTE_TYPE_MASK) | MT_DEVICE;
}
static inline pgprot_t pgprot_writecombine(pgprot_t prot)
{
	return (prot & ~PTE_TYPE_MASK) | MT_NORMAL_NC;
}
/* The mapping owns no reference to a struct page (device memory, the zero page). */
static inline pgprot_t pgprot_special(pgprot_t prot)
{
	if ((prot & PTE_SW_MASK) == PTE_SW_A)
		prot &= ~PTE_RDONLY;		/* writable: nobody asks whether it is dirty */
	return prot | PTE_SW_A | PTE_SW_B;
}
/* Same rights, but a write faults: how a copy-on-write page is mapped. */
static inline pgprot_t pgprot_readonly(pgprot_t prot)
{
	if ((prot & PTE_SW_MASK) != PTE_SW_MASK)
		prot &= ~PTE_SW_MASK;
	return prot | PTE_RDONLY;
}
/* A writable prot whose first write needs no fault: for pages mapped because of a write. */
static inline pgprot_t pgprot_dirty(pgprot_t prot)
{
	return (prot & PTE_SW_MASK) == PTE_SW_A ? prot & ~PTE_RDONLY : prot;
}
