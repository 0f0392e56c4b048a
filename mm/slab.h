/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Slab caches and kmalloc.  kmem_cache_alloc/kfree may be called in any context (GFP_ATOMIC there).
 * Debug builds poison free objects, put red zones around live ones and name leaks.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>
#include <mm/page_alloc.h>

struct kmem_cache;
struct seq_file;

#define SLAB_HWCACHE_ALIGN	0x1u
#define SLAB_PANIC		0x2u	/* boot: cannot fail */
#define SLAB_ACCOUNT		0x4u

/* @ctor runs once when a slab page is made, not at each allocation. NULL on failure. */
struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned int flags, void (*ctor)(void *));
void kmem_cache_destroy(struct kmem_cache *c);
void * __must_check kmem_cache_alloc(struct kmem_cache *c, gfp_t gfp);
static inline void *kmem_cache_zalloc(struct kmem_cache *c, gfp_t gfp)
{
	return kmem_cache_alloc(c, gfp | __GFP_ZERO);
}
void kmem_cache_free(struct kmem_cache *c, void *obj);

#define KMALLOC_MAX_SIZE	(4UL << 20)
void * __must_check kmalloc(size_t size, gfp_t gfp);
static inline void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}
void *kcalloc(size_t n, size_t size, gfp_t gfp);		/* overflow: NULL */
void *kmalloc_array(size_t n, size_t size, gfp_t gfp);
void *krealloc(void *p, size_t size, gfp_t gfp);
void kfree(const void *p);					/* NULL is fine */
size_t ksize(const void *p);
/* kmalloc, or vmalloc when large. */
void *kvmalloc(size_t size, gfp_t gfp);
void kvfree(const void *p);

void kmem_cache_init(void);
void slab_drain_local(void);
unsigned long slab_objects_in_use(void);	/* all caches: leak checks */
void slabinfo_show(struct seq_file *m);		/* /proc/slabinfo */
