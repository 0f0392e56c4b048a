/* SPDX-License-Identifier: GPL-2.0-only */
/* TLB maintenance inside the port, and ASIDs.  What shared code calls is in <kernel/arch.h>. */
#pragma once

#include <kernel/lib/types.h>

struct mm_struct;
struct pgtable;

#define ASID_BITS	8
#define ASID_MASK	((1U << ASID_BITS) - 1)

/* Give @pt an ASID that is valid now (irqs off); returns it. */
unsigned int context_activate(struct pgtable *pt);
void tlb_flush_local_all(void);
