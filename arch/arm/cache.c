// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cache maintenance by virtual address.  Data caches are coherent among CPUs and physically tagged:
 * only devices that do not snoop, and instruction fetches, need any.  No locks; any context.
 */
#include <kernel/arch.h>
#include <asm/cache.h>

void cache_sync_code(const void *va, size_t len)
{
	caches_sync_pou((unsigned long)va, (unsigned long)va + len);
}

void cache_clean(const void *va, size_t len)
{
	dcache_clean_poc((unsigned long)va, (unsigned long)va + len);
}

void cache_invalidate(const void *va, size_t len)
{
	dcache_inval_poc((unsigned long)va, (unsigned long)va + len);
}

void cache_clean_invalidate(const void *va, size_t len)
{
	dcache_clean_inval_poc((unsigned long)va, (unsigned long)va + len);
}
