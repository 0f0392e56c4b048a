/* SPDX-License-Identifier: GPL-2.0-only */
/* TLB maintenance inside the port, and ASIDs.  What shared code calls is in <kernel/arch.h>. */
#pragma once

#include <kernel/lib/types.h>

struct mm_struct;
struct pgtable;

/* Give @pt an ASID that is valid now (irqs off); returns it. */
unsigned int context_activate(struct pgtable *pt);
void context_init_cpu(void);
void tlb_flush_local_all(void);
