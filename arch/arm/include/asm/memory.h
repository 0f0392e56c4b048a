/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The address map.  The lower half is the user's (TTBR0, 8 KiB first-level table per process), the
 * upper half the kernel's (TTBR1, swapper_pg_dir).
 *
 *	0          .. 0x7f000000	user (TASK_SIZE, as Linux with a 2G/2G split)
 *	0x80000000   1 GiB		linear map of RAM, 1 MiB sections
 *	0xc0000000   32 MiB		the kernel image, wherever it lies physically
 *	0xc8000000   768 MiB		vmalloc: stacks, ioremap, page-wise memory
 *	0xff800000   3 MiB		fixmap: the device tree at boot
 *	0xffc00000   1 MiB		fixmap: early devices
 *	0xffff0000   8 KiB		vectors and kuser helpers (user readable), vector targets
 *
 * Assembly and the linker script include this file too.
 */
#pragma once

#include <linux/const.h>

#define PAGE_SHIFT		12
#define SECTION_SHIFT		20

#define PAGE_SIZE		(_UL(1) << PAGE_SHIFT)
#define PAGE_MASK		(~(PAGE_SIZE - 1))
#define SHMLBA			(4 * PAGE_SIZE)	/* where shmat() attaches: what caches that alias would need */
#define FIRST_USER_ADDRESS	(2 * PAGE_SIZE)	/* below nobody can map anything: the vectors were there once */
#define HUGE_PAGE_SIZES		0x00200000	/* by the bit of its size: 2 MiB, as Linux with long descriptors */
#define SECTION_SIZE		(_UL(1) << SECTION_SHIFT)
#define SECTION_MASK		(~(SECTION_SIZE - 1))

#define PAGE_OFFSET		_UL(0x80000000)
#define PAGE_OFFSET_END		_UL(0xc0000000)
#define KIMAGE_VADDR		_UL(0xc0000000)
#define KIMAGE_WINDOW		_UL(0x02000000)
#define VMALLOC_START		_UL(0xc8000000)
#define VMALLOC_END		_UL(0xf8000000)
#define FIXMAP_START		_UL(0xff800000)
#define FIXMAP_FDT		FIXMAP_START			/* 3 sections */
#define FIXMAP_EARLY_IO		_UL(0xffc00000)			/* 1 MiB of pages */
#define FIXMAP_END		_UL(0xffd00000)
#define MAX_FDT_SIZE		_UL(0x200000)
#define VECTORS_BASE		_UL(0xffff0000)
#define KUSER_BASE		_UL(0xffff0f60)			/* first of the kuser helpers */

#define TASK_SIZE		_UL(0x7f000000)
#define STACK_TOP		TASK_SIZE
/* Where mmap without a hint starts when the stack may be unlimited (legacy, bottom up). */
#define TASK_UNMAPPED_BASE	_UL(0x2b000000)
#define MMAP_BASE		(STACK_TOP - (_UL(128) << 20))
/* Where a position-independent executable goes, before randomisation. */
#define ELF_ET_DYN_BASE		_UL(0x400000)
#define MMAP_RND_BITS		8	/* pages; Debian's vm.mmap_rnd_bits for armhf */
#define STACK_RND_PAGES		_UL(0x7ff)

#ifndef __ASSEMBLY__
#include <kernel/lib/types.h>

extern unsigned long memstart_addr;	/* what PAGE_OFFSET maps; [I] after arch_setup() */
extern unsigned long kimage_voffset;	/* image: virtual minus physical; [I] set by head.S */

static inline bool is_linear_address(unsigned long va)
{
	return va >= PAGE_OFFSET && va < PAGE_OFFSET_END;
}
/* Physical address of a linear-map or kernel-image address (not of vmalloc). */
static inline phys_addr_t virt_to_phys(const volatile void *va)
{
	unsigned long a = (unsigned long)va;

	return a < PAGE_OFFSET_END ? a - PAGE_OFFSET + memstart_addr : a - kimage_voffset;
}
static inline void *phys_to_virt(phys_addr_t pa)
{
	return (void *)((unsigned long)pa - memstart_addr + PAGE_OFFSET);
}
#define __pa(va)	virt_to_phys((const volatile void *)(va))
#define __va(pa)	phys_to_virt((phys_addr_t)(pa))
#endif
