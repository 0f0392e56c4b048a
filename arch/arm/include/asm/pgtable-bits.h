/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * VMSAv7 short descriptors (Arm ARM B3.5) with SCTLR.TRE and SCTLR.AFE set: memory types come from
 * PRRR and NMRR, and AP[0] is the access flag.  Assembly includes this file; C outside the port
 * wants <asm/pgtable.h>.
 *
 * With TRE the descriptor bits TEX[2:1] are the system's own: bits A and B below.  Together with
 * AP[2] (no write) they tell, for a user page, what the hardware does not keep:
 *
 *	AP2 A B		may write	dirty	special (owns no page reference)
 *	 1  0 0		no		no	no
 *	 1  0 1		no		yes	no
 *	 1  1 0		yes		no	no	shared mapping: the first write faults
 *	 0  1 0		yes		yes	no	shared mapping: fork leaves it writable
 *	 0  0 0		yes		yes	no	private
 *	 1  1 1		no		-	yes
 *	 0  1 1		yes		-	yes
 *
 * A page that is mapped without any right (PROT_NONE) has bit 1 clear and the rest as usual: the
 * hardware sees an invalid entry, the kernel a mapped page.
 */
#pragma once

#ifdef __ASSEMBLY__
#define _PT(v, n)		((v) << (n))
#else
#define _PT(v, n)		((unsigned int)(v) << (n))
#endif

/* ---- second level: small pages ---- */
#define PTE_XN			_PT(1, 0)
#define PTE_PRESENT		_PT(1, 1)	/* small page, valid for the hardware */
#define PTE_TYPE(n)		_PT(n, 2)	/* C:B; with PTE_TEX0 the memory type */
#define PTE_TEX0		_PT(1, 6)
#define PTE_TYPE_MASK		(_PT(3, 2) | PTE_TEX0)
#define PTE_AF			_PT(1, 4)	/* AP[0] */
#define PTE_USER		_PT(1, 5)	/* AP[1] */
#define PTE_SW_A		_PT(1, 7)
#define PTE_SW_B		_PT(1, 8)
#define PTE_SW_MASK		(PTE_SW_A | PTE_SW_B)
#define PTE_RDONLY		_PT(1, 9)	/* AP[2] */
#define PTE_SHARED		_PT(1, 10)
#define PTE_NG			_PT(1, 11)
#define PTE_ADDR_MASK		_PT(0xfffff, 12)

/* Memory types: the values are those that the hardware has without TEX remapping, too. */
#define MT_STRONGLY_ORDERED	0
#define MT_DEVICE		PTE_TYPE(1)
#define MT_NORMAL_NC		PTE_TEX0
#define MT_NORMAL		(PTE_TEX0 | PTE_TYPE(3))
#define PRRR_VALUE		0xff0b8204	/* 0 SO, 1 device, 4, 7 normal; all inner */
#define NMRR_VALUE		0x40004000	/* 7 write-back write-allocate; 4 uncached */

#define PTE_KERNEL_BASE		(PTE_PRESENT | PTE_AF | PTE_SHARED | PTE_XN)

/* ---- first level ---- */
#define PMD_TABLE		_PT(1, 0)
#define PMD_TABLE_PXN		_PT(1, 2)	/* nothing below may be executed in kernel mode */
#define PMD_SECTION		_PT(2, 0)
#define PMD_TYPE_MASK		_PT(3, 0)
#define PMD_DOMAIN(n)		_PT(n, 5)
#define PMD_TABLE_MASK		_PT(0x3fffff, 10)
#define SECT_TYPE(n)		_PT(n, 2)
#define SECT_XN			_PT(1, 4)
#define SECT_AF			_PT(1, 10)
#define SECT_TEX0		_PT(1, 12)
#define SECT_RDONLY		_PT(1, 15)
#define SECT_SHARED		_PT(1, 16)
#define SECT_NORMAL		(SECT_TEX0 | SECT_TYPE(3) | SECT_SHARED | SECT_AF | PMD_SECTION)

#define PTRS_PER_PGD_USER	2048		/* 2 GiB */
#define PTRS_PER_TABLE		256		/* hardware: 1 KiB for 1 MiB */

/* ---- domains: user pages have their own, closed outside user accesses ---- */
#define DOMAIN_KERNEL		0
#define DOMAIN_USER		1
#define DACR_KERNEL		0x1		/* kernel client, user none */
#define DACR_UACCESS		0x5		/* both client: user mode, and uaccess */
/* Every write of DACR is on the list of pan.c, which can take them all away. */
#ifdef __ASSEMBLY__
	.macro	write_dacr, rd
9990:	mcr	p15, 0, \rd, c3, c0, 0
	.pushsection .dacr_writes, "a"
	.long	9990b
	.popsection
	.endm
#else
#define WRITE_DACR	"9990:	mcr	p15, 0, %0, c3, c0, 0\n"					\
			".pushsection .dacr_writes, \"a\"\n	.long	9990b\n.popsection\n"
#endif

/* ---- translation table base: walks are write-back, inner shareable ---- */
#define TTBR_WALKS		0x4a		/* IRGN = RGN = write-back write-allocate, S */
#define TTBCR_SPLIT		1		/* N = 1: 2 GiB each */
