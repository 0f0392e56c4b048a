/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMSAv8-64 descriptor bits, 4 KiB granule (Arm ARM D5.3), and the memory types that head.S loads into
 * MAIR_EL1.  Assembly includes this file; C outside the port wants <asm/pgtable.h>.
 *
 * A user page that may be written has PTE_WRITE (a software bit here: the position of the hardware's
 * DBM, which is not switched on).  While it is clean PTE_RDONLY is set as well: the first write faults,
 * and pgtable_set_young() clears it.  So dirty is "PTE_WRITE and not PTE_RDONLY", or PTE_DIRTY, which
 * remembers it when the write permission goes.  Dirty state therefore never changes behind the kernel's
 * back; the access flag does on CPUs that maintain it themselves.
 *
 * A page without any access (PROT_NONE) is not valid for the hardware, but keeps its other bits.
 */
#pragma once

#ifdef __ASSEMBLY__
#define _PTE(n)			(1 << (n))
#define _PTV(v, n)		((v) << (n))
#else
#define _PTE(n)			(1ULL << (n))
#define _PTV(v, n)		((unsigned long long)(v) << (n))
#endif

#define PTE_VALID		_PTE(0)
#define PTE_TYPE_PAGE		_PTV(3, 0)	/* level 3; a table at the other levels */
#define PTE_TYPE_BLOCK		_PTV(1, 0)
#define PTE_TYPE_MASK		_PTV(3, 0)
#define PTE_ATTR(n)		_PTV(n, 2)
#define PTE_ATTR_MASK		_PTV(7, 2)
#define PTE_USER		_PTE(6)		/* AP[1] */
#define PTE_RDONLY		_PTE(7)		/* AP[2] */
#define PTE_SHARED		_PTV(3, 8)	/* inner shareable */
#define PTE_AF			_PTE(10)
#define PTE_NG			_PTE(11)
#define PTE_GP			_PTE(50)	/* guarded: indirect branches end at landing pads (BTI) */
#define PTE_WRITE		_PTE(51)	/* software: may be written */
#define PTE_CONT		_PTE(52)
#define PTE_PXN			_PTE(53)
#define PTE_UXN			_PTE(54)
#define PTE_DIRTY		_PTE(55)	/* software */
#define PTE_SPECIAL		_PTE(56)	/* software: no struct page reference */
#define PTE_NOCOW		_PTE(57)	/* software: a shared mapping, never copied on write */
#define PTE_PROT_NONE		_PTE(58)	/* software: present, but not PTE_VALID */
#define PTE_ADDR_MASK		_PTV(0xfffffffff, 12)	/* bits 47:12 */

/* Table descriptors only. */
#define TABLE_AP_RDONLY		_PTE(62)	/* nothing below may be written */

/* Memory types: indices into MAIR_EL1. */
#define MT_NORMAL		0
#define MT_DEVICE_nGnRnE	1
#define MT_DEVICE_nGnRE		2
#define MT_NORMAL_NC		3
#define MAIR_VALUE		((0xff << 0) | (0x00 << 8) | (0x04 << 16) | (0x44 << 24))

/* A kernel leaf but for its memory type and write permission; PTE_WRITE_RAW is "no PTE_RDONLY". */
#define PTE_KERNEL_BASE		(PTE_TYPE_PAGE | PTE_SHARED | PTE_AF | PTE_PXN | PTE_UXN)
#define PTE_WRITE_RAW		_PTV(0, 0)

#define PTRS_PER_TABLE		512
#define PTE_SHIFT_L3		12
#define PTE_SHIFT_L2		21
#define PTE_SHIFT_L1		30
#define PTE_SHIFT_L0		39
#define BLOCK_SIZE_L2		(_PTE(PTE_SHIFT_L2))
#define BLOCK_SIZE_L1		(_PTE(PTE_SHIFT_L1))
