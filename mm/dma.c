// SPDX-License-Identifier: GPL-2.0-only
/*
 * DMA mapping with cache maintenance by address: see <mm/dma.h>.  There is no IOMMU and no
 * bouncing: a driver whose device reaches only part of memory allocates with GFP_DMA.
 */
#include <mm/dma.h>

#include <kernel/arch.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/string.h>
#include <mm/vmalloc.h>

static bool reachable(const struct dma_dev *d, phys_addr_t pa, size_t size)
{
	u64 bus = pa + d->offset;

	return size && bus + size - 1 >= bus && bus + size - 1 <= d->mask;
}

static void *va_of(const struct dma_dev *d, dma_addr_t addr)
{
	return __va(addr - d->offset);
}

/* Before the device touches the buffer. */
static void to_device(void *va, size_t size, enum dma_data_direction dir)
{
	/* A dirty line that is evicted later would overwrite what the device stores: clean it in
	 * any case, and only drop it when nothing beside the buffer can be in it. */
	if (dir == DMA_FROM_DEVICE)
		cache_clean_invalidate(va, size);
	else
		cache_clean(va, size);
}

/* After it did: lines fetched by speculation meanwhile are stale. */
static void from_device(void *va, size_t size, enum dma_data_direction dir)
{
	if (dir != DMA_TO_DEVICE)
		cache_invalidate(va, size);
}

dma_addr_t dma_map_single(const struct dma_dev *d, void *va, size_t size,
			  enum dma_data_direction dir)
{
	phys_addr_t pa;

	if (!is_linear_address((unsigned long)va))
		return DMA_MAPPING_ERROR;
	pa = __pa(va);
	if (!reachable(d, pa, size))
		return DMA_MAPPING_ERROR;
	if (!d->coherent)
		to_device(va, size, dir);
	else
		mb();
	return pa + d->offset;
}

dma_addr_t dma_map_page(const struct dma_dev *d, struct page *page, size_t offset, size_t size,
			enum dma_data_direction dir)
{
	return dma_map_single(d, (char *)page_address(page) + offset, size, dir);
}

void dma_unmap_single(const struct dma_dev *d, dma_addr_t addr, size_t size,
		      enum dma_data_direction dir)
{
	dma_sync_single_for_cpu(d, addr, size, dir);
}

void dma_sync_single_for_cpu(const struct dma_dev *d, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir)
{
	if (!d->coherent)
		from_device(va_of(d, addr), size, dir);
	else
		rmb();
}

void dma_sync_single_for_device(const struct dma_dev *d, dma_addr_t addr, size_t size,
				enum dma_data_direction dir)
{
	if (!d->coherent)
		to_device(va_of(d, addr), size, dir);
	else
		mb();
}

static unsigned int order_of(size_t size)
{
	unsigned int order = 0;

	while ((PAGE_SIZE << order) < size)
		order++;
	return order;
}

void *dma_alloc_coherent(const struct dma_dev *d, size_t size, dma_addr_t *handle, gfp_t gfp)
{
	unsigned int order = order_of(size);
	struct page *page = alloc_pages(gfp | __GFP_ZERO, order);
	void *va;

	/* Memory is above what it reaches: try below the machine's limit. */
	if (page && !reachable(d, page_to_phys(page), PAGE_SIZE << order)) {
		free_pages(page, order);
		page = alloc_pages(gfp | __GFP_ZERO | __GFP_DMA, order);
		if (page && !reachable(d, page_to_phys(page), PAGE_SIZE << order)) {
			free_pages(page, order);
			page = NULL;
		}
	}
	if (!page)
		return NULL;
	*handle = page_to_phys(page) + d->offset;
	va = page_address(page);
	if (d->coherent)
		return va;
	cache_clean_invalidate(va, PAGE_SIZE << order);
	va = ioremap_wc(page_to_phys(page), PAGE_SIZE << order);
	if (!va)
		free_pages(page, order);
	return va;
}

void dma_free_coherent(const struct dma_dev *d, size_t size, void *va, dma_addr_t handle)
{
	if (!va)
		return;
	if (!d->coherent)
		iounmap((volatile void __iomem *)va);
	free_pages(phys_to_page(handle - d->offset), order_of(size));
}
