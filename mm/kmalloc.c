// SPDX-License-Identifier: GPL-2.0-only
/*
 * kmalloc: a slab cache per size class up to 8 KiB, whole pages beyond.
 *
 * Powers of two, with 96 and 192 between.  An object of a power of two is aligned to its size (in
 * debug builds to a cache line).  GFP_DMA comes from caches of their own, powers of two of at least
 * a cache line, so that cache maintenance for a device never touches a neighbour.
 * A large block remembers its order in page->private.
 */
#include <mm/slab.h>

#include <kernel/lib/log2.h>
#include <kernel/lib/overflow.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>
#include <mm/slab_internal.h>
#include <mm/vmalloc.h>

#define KMALLOC_MAX_CACHE	8192
#define MIN_SHIFT		4
#define MAX_SHIFT		13
#define NR_POW2			(MAX_SHIFT - MIN_SHIFT + 1)
#define DMA_MIN_SHIFT		6

static struct kmem_cache pow2_caches[NR_POW2], dma_caches[NR_POW2], cache_96, cache_192;

static const char *const pow2_names[NR_POW2] = {
	"kmalloc-16", "kmalloc-32", "kmalloc-64", "kmalloc-128", "kmalloc-256", "kmalloc-512",
	"kmalloc-1k", "kmalloc-2k", "kmalloc-4k", "kmalloc-8k",
};
static const char *const dma_names[NR_POW2] = {
	"", "", "dma-kmalloc-64", "dma-kmalloc-128", "dma-kmalloc-256", "dma-kmalloc-512",
	"dma-kmalloc-1k", "dma-kmalloc-2k", "dma-kmalloc-4k", "dma-kmalloc-8k",
};

#define CALLER	((unsigned long)__builtin_return_address(0))

void kmem_cache_init(void)
{
	unsigned int i;

	for (i = 0; i < NR_POW2; i++) {
		size_t size = 1UL << (i + MIN_SHIFT);
		size_t align = IS_ENABLED(CONFIG_DEBUG) ? min(size, (size_t)SMP_CACHE_BYTES) : size;

		slab_cache_setup(&pow2_caches[i], pow2_names[i], size, align, 0, 0, NULL);
		if (i + MIN_SHIFT >= DMA_MIN_SHIFT)
			slab_cache_setup(&dma_caches[i], dma_names[i], size, align, 0, __GFP_DMA,
					 NULL);
	}
	slab_cache_setup(&cache_96, "kmalloc-96", 96, 16, 0, 0, NULL);
	slab_cache_setup(&cache_192, "kmalloc-192", 192, 64, 0, 0, NULL);
}

static inline struct kmem_cache *cache_for(size_t size, gfp_t gfp)
{
	unsigned int shift = size <= 1UL << MIN_SHIFT ? MIN_SHIFT : fls_long(size - 1);

	if (unlikely(gfp & __GFP_DMA))
		return &dma_caches[max(shift, (unsigned int)DMA_MIN_SHIFT) - MIN_SHIFT];
	if (shift == 7 && size <= 96)
		return &cache_96;
	if (shift == 8 && size <= 192)
		return &cache_192;
	return &pow2_caches[shift - MIN_SHIFT];
}

static unsigned int order_for(size_t size)
{
	unsigned int order = 0;

	while ((PAGE_SIZE << order) < size)
		order++;
	return order;
}

static noinline void *kmalloc_large(size_t size, gfp_t gfp)
{
	unsigned int order;
	struct page *page;

	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	order = order_for(size);
	page = alloc_pages(gfp, order);
	if (!page)
		return NULL;
	page->private = order;
	return page_address(page);
}

static inline void *do_kmalloc(size_t size, gfp_t gfp, unsigned long caller)
{
	if (unlikely(size > KMALLOC_MAX_CACHE))
		return kmalloc_large(size, gfp);
	return slab_alloc_caller(cache_for(size, gfp), gfp, caller);
}

void *kmalloc(size_t size, gfp_t gfp)
{
	return do_kmalloc(size, gfp, CALLER);
}

void *kmalloc_array(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (check_mul_overflow(n, size, &bytes))
		return NULL;
	return do_kmalloc(bytes, gfp, CALLER);
}

void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (check_mul_overflow(n, size, &bytes))
		return NULL;
	return do_kmalloc(bytes, gfp | __GFP_ZERO, CALLER);
}

void kfree(const void *p)
{
	struct page *page;

	if (!p)
		return;
	page = virt_to_page(p);
	if (likely(PageSlab(page))) {
		slab_free_caller(page->slab_cache, (void *)p, CALLER);
		return;
	}
	ASSERT(IS_ALIGNED((unsigned long)p, PAGE_SIZE) && page_count(page) > 0);
	free_pages(page, page->private);
}

size_t ksize(const void *p)
{
	struct page *page = virt_to_page(p);

	return PageSlab(page) ? page->slab_cache->object_size : PAGE_SIZE << page->private;
}

void *krealloc(void *p, size_t size, gfp_t gfp)
{
	size_t old = p ? ksize(p) : 0;
	void *q;

	if (!size) {
		kfree(p);
		return NULL;
	}
	if (p && size <= old && (size > old / 2 || old <= 64))
		return p;
	q = do_kmalloc(size, gfp, CALLER);
	if (q && p) {
		memcpy(q, p, min(old, size));
		kfree(p);
	}
	return q;
}

void *kvmalloc(size_t size, gfp_t gfp)
{
	void *p = NULL;

	if (size <= KMALLOC_MAX_SIZE)
		p = do_kmalloc(size, size > PAGE_SIZE ? gfp | __GFP_NOWARN | __GFP_NORETRY : gfp,
			       CALLER);
	if (p || size <= PAGE_SIZE || (gfp & __GFP_ATOMIC))
		return p;
	return gfp & __GFP_ZERO ? vzalloc(size) : vmalloc(size);
}

void kvfree(const void *p)
{
	if (is_vmalloc_addr(p))
		vfree(p);
	else
		kfree(p);
}
