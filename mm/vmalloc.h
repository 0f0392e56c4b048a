/* SPDX-License-Identifier: GPL-2.0-only */
/* Kernel virtual ranges: page-wise memory, kernel stacks with a guard page, device mappings. May
 * sleep. */
#pragma once

#include <kernel/lib/types.h>
#include <mm/page_alloc.h>

void vmalloc_init(void);
void *vmalloc(size_t size);
void *vzalloc(size_t size);
void vfree(const void *p);
bool is_vmalloc_addr(const void *p);
void *alloc_kernel_stack(void);		/* THREAD_SIZE, aligned, guard page below; cached. NULL */
void free_kernel_stack(void *stack);	/* any context */
void trim_kernel_stacks(void);		/* frees some of too many. Process context */
void __iomem *ioremap(phys_addr_t pa, size_t size);	/* device memory */
void *ioremap_wc(phys_addr_t pa, size_t size);		/* normal, uncached */
void iounmap(volatile void __iomem *p);
