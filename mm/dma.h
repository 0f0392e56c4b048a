/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory for devices.
 *
 * A buffer belongs either to the CPU or to the device.  dma_map_*() hands it to the device and
 * returns its bus address, dma_unmap_*() takes it back; dma_sync_*() do the same for a buffer that
 * stays mapped. For a device that does not snoop the caches these clean or invalidate them.  Lines
 * at the ends of a buffer are shared with whatever is beside it: use kmalloc(GFP_DMA), whole pages,
 * or 64-byte multiples.
 *
 * Coherent memory can be used by both at once; it is uncached for a device that does not snoop.
 * No locks. map, unmap and sync work in any context; coherent memory is allocated and freed where
 * one may sleep.
 */
#pragma once

#include <kernel/lib/types.h>
#include <mm/page_alloc.h>

enum dma_data_direction { DMA_BIDIRECTIONAL, DMA_TO_DEVICE, DMA_FROM_DEVICE };

#define DMA_MAPPING_ERROR	(~(dma_addr_t)0)
#define DMA_BIT_MASK(n)		((n) == 64 ? ~0ULL : (1ULL << (n)) - 1)

/* How a device sees memory; filled in by its driver (dma-ranges, dma-coherent of the device
 * tree). */
struct dma_dev {
	u64	offset;		/* [I] bus address = physical address + offset */
	u64	mask;		/* [I] highest bus address it can emit */
	bool	coherent;	/* [I] it snoops the caches */
};

/* DMA_MAPPING_ERROR: the device cannot reach it (or it is not in the linear map). */
dma_addr_t dma_map_single(const struct dma_dev *d, void *va, size_t size,
			  enum dma_data_direction dir);
dma_addr_t dma_map_page(const struct dma_dev *d, struct page *page, size_t offset, size_t size,
			enum dma_data_direction dir);
void dma_unmap_single(const struct dma_dev *d, dma_addr_t addr, size_t size,
		      enum dma_data_direction dir);
static inline void dma_unmap_page(const struct dma_dev *d, dma_addr_t addr, size_t size,
				  enum dma_data_direction dir)
{
	dma_unmap_single(d, addr, size, dir);
}
void dma_sync_single_for_cpu(const struct dma_dev *d, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir);
void dma_sync_single_for_device(const struct dma_dev *d, dma_addr_t addr, size_t size,
				enum dma_data_direction dir);
/* Zeroed. NULL: no memory that the device reaches. */
void *dma_alloc_coherent(const struct dma_dev *d, size_t size, dma_addr_t *handle, gfp_t gfp);
void dma_free_coherent(const struct dma_dev *d, size_t size, void *va, dma_addr_t handle);
