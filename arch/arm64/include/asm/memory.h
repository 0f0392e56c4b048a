/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The address map.
 *
 *	0 .. 1 << 48			user (TTBR0, 48 bits, 4 levels)
 *	0xffffff80_00000000  256 GiB	linear map of RAM (TTBR1, 39 bits, 3 levels)
 *	0xffffffc0_00000000  192 GiB	vmalloc: stacks, ioremap, page-wise memory
 *	0xfffffff8_00000000    1 GiB	the kernel image, wherever it lies physically
 *	0xffffffff_00000000    1 GiB	fixmap: the device tree at boot, early devices
 *
 * Assembly and the linker script include this file too.
 */
#pragma once

#include <linux/const.h>

#define PAGE_SHIFT		12
#define VA_BITS_USER		48
#define VA_BITS_KERNEL		39

#define PAGE_SIZE		(_UL(1) << PAGE_SHIFT)
#define PAGE_MASK		(~(PAGE_SIZE - 1))

#define SHMLBA			PAGE_SIZE	/* where shmat() attaches: caches do not alias */
#define FIRST_USER_ADDRESS	_UL(0)
#define HUGE_PAGE_SIZES		0x42210000	/* by the bits of their sizes: 64 KiB, 2 MiB, 32 MiB, 1 GiB */

#define PAGE_OFFSET		_UL(0xffffff8000000000)
#define PAGE_OFFSET_END		_UL(0xffffffc000000000)
#define VMALLOC_START		_UL(0xffffffc000000000)
#define VMALLOC_END		_UL(0xfffffff000000000)
#define KIMAGE_VADDR		_UL(0xfffffff800000000)
#define FIXMAP_START		_UL(0xffffffff00000000)
#define FIXMAP_FDT		FIXMAP_START			/* 2 x 2 MiB: a tree may cross a block */
#define FIXMAP_EARLY_IO		(FIXMAP_START + _UL(0x400000))	/* 2 MiB of pages */
#define FIXMAP_END		(FIXMAP_START + _UL(0x600000))
#define MAX_FDT_SIZE		_UL(0x200000)
#define KIMAGE_TABLES		4	/* level-3 tables for the image: 2 MiB each */

#define TASK_SIZE		(_UL(1) << VA_BITS_USER)
#define STACK_TOP		TASK_SIZE
/* Where mmap without a hint starts when the stack may be unlimited (legacy, bottom up). */
#define TASK_UNMAPPED_BASE	((TASK_SIZE / 4) & PAGE_MASK)
#define MMAP_BASE		(STACK_TOP - (_UL(128) << 20))
/* Where a position-independent executable goes, before randomisation. */
#define ELF_ET_DYN_BASE		(2 * TASK_SIZE / 3)
#define MMAP_RND_BITS		18	/* pages; Debian's vm.mmap_rnd_bits */
#define STACK_RND_PAGES		_UL(0x3ffff)

/* The same for 32-bit programs, which see the vectors page where the arm kernel has it. */
#define TASK_SIZE_32		_UL(0xfffff000)
#define VECTORS_BASE_32		_UL(0xffff0000)
#define TASK_UNMAPPED_BASE_32	((TASK_SIZE_32 / 4) & PAGE_MASK)
#define ELF_ET_DYN_BASE_32	(2 * TASK_SIZE_32 / 3)
#define MMAP_RND_BITS_32	11	/* pages; Debian's vm.mmap_rnd_compat_bits */
#define STACK_RND_PAGES_32	_UL(0x7ff)

#ifndef __ASSEMBLY__
#include <kernel/lib/types.h>

extern phys_addr_t memstart_addr;	/* what PAGE_OFFSET maps; [I] after arch_setup() */
extern unsigned long kimage_voffset;	/* image: virtual minus physical; [I] set by head.S */

static inline bool is_linear_address(unsigned long va)
{
	return va >= PAGE_OFFSET && va < PAGE_OFFSET_END;
}
/* Physical address of a linear-map or kernel-image address (not of vmalloc). */
static inline phys_addr_t virt_to_phys(const volatile void *va)
{
	unsigned long a = (unsigned long)va;

	if (is_linear_address(a))
		return a - PAGE_OFFSET + memstart_addr;
	return a - kimage_voffset;
}
static inline void *phys_to_virt(phys_addr_t pa)
{
	return (void *)(pa - memstart_addr + PAGE_OFFSET);
}
#define __pa(va)	virt_to_phys((const volatile void *)(va))
#define __va(pa)	phys_to_virt((phys_addr_t)(pa))
#endif
