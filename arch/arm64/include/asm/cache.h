/* SPDX-License-Identifier: GPL-2.0-only */
/* Cache geometry that shared code may rely on, and the assembly behind cache.c. */
#pragma once

#include <kernel/lib/types.h>

#define L1_CACHE_SHIFT		6
#define L1_CACHE_BYTES		64
/* No cache line of any supported CPU is longer: DMA buffers are aligned to this. */
#define ARCH_DMA_MINALIGN	128

/* cache.S: by line over [start, end), to the point of coherency or of unification. */
void dcache_clean_poc(unsigned long start, unsigned long end);
void dcache_inval_poc(unsigned long start, unsigned long end);
void dcache_clean_inval_poc(unsigned long start, unsigned long end);
void caches_sync_pou(unsigned long start, unsigned long end);
/* The same over user memory, a page at most; -EFAULT. */
int caches_sync_pou_user(unsigned long start, unsigned long end);
