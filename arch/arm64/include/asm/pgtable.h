/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Page-table types and protections.  Levels and descriptor bits are private to pgtable.c and mmu.c:
 * shared code passes pgprot_t values around and never takes them apart.
 */
#pragma once

#include <kernel/lib/types.h>
#include <asm/pgtable-bits.h>

typedef u64 pgprot_t;

struct pgtable {
	u64	*pgd;		/* [I] top table, by its linear-map address */
	u64	context;	/* [a] generation | ASID, see context.c; 0: none yet */
};

/* What one leaf table maps: fork shares whole ones. */
#define PGTABLE_SHARE_SPAN	(1UL << PTE_SHIFT_L2)

/* Kernel mappings. */
#define PROT_KERNEL		(PTE_KERNEL_BASE | PTE_ATTR(MT_NORMAL) | PTE_WRITE_RAW)
#define PROT_KERNEL_RO		(PTE_KERNEL_BASE | PTE_ATTR(MT_NORMAL) | PTE_RDONLY)
#define PROT_KERNEL_EXEC	((PTE_KERNEL_BASE & ~PTE_PXN) | PTE_ATTR(MT_NORMAL) | PTE_RDONLY)
#define PROT_DEVICE		(PTE_KERNEL_BASE | PTE_ATTR(MT_DEVICE_nGnRE) | PTE_WRITE_RAW)
#define PROT_NORMAL_NC		(PTE_KERNEL_BASE | PTE_ATTR(MT_NORMAL_NC) | PTE_WRITE_RAW)

/* User mappings of devices: @prot from pgprot_from_vm_flags() with another memory type. */
static inline pgprot_t pgprot_device(pgprot_t prot)
{
	return (prot & ~PTE_ATTR_MASK) | PTE_ATTR(MT_DEVICE_nGnRE);
}
static inline pgprot_t pgprot_writecombine(pgprot_t prot)
{
	return (prot & ~PTE_ATTR_MASK) | PTE_ATTR(MT_NORMAL_NC);
}
/* The mapping owns no reference to a struct page (device memory, the zero page). */
static inline pgprot_t pgprot_special(pgprot_t prot)
{
	return prot | PTE_SPECIAL;
}
/* Same rights, but a write faults: how a copy-on-write page is mapped. */
static inline pgprot_t pgprot_readonly(pgprot_t prot)
{
	return (prot & ~(PTE_WRITE | PTE_DIRTY)) | PTE_RDONLY;
}
/* A writable prot whose first write needs no fault: for pages that are mapped because of a write. */
static inline pgprot_t pgprot_dirty(pgprot_t prot)
{
	return prot & PTE_WRITE ? prot & ~PTE_RDONLY : prot;
}
