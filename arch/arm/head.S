/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the firmware to start_kernel(): Linux's arm boot protocol.  One core enters at _head with
 * the MMU off and r2 = the physical address of the device tree, in SVC or HYP mode, at any
 * page-aligned address (QEMU: RAM + 0x10000, a Pi: 0x8000).  Drop to SVC, build the first page
 * tables, switch the MMU on, clear bss, go.
 *
 * swapper_pg_dir maps the image page by page with its final protections, and is the kernel's table
 * (TTBR1) for ever.  Its lower half is never used by TTBR1; being empty, it serves as the user
 * table (TTBR0) of whoever has none.  idmap_pg_dir is used while a core comes up, as one 4 GiB
 * table: the section of .idmap.text at its own address, and the image.
 *
 * Secondary cores enter at secondary_entry (PSCI, mailbox or spin-table) and share those tables.
 *
 * Registers: r8 running (physical) address of _text, r9 device tree, r10 virtual minus physical.
 */
#include <asm/cpu.h>
#include <asm/memory.h>
#include <asm/pgtable-bits.h>
#include <asm/ptrace.h>
#include <generated/asm-offsets.h>

	.syntax unified
	.arch_extension virt

	.section .head.text, "ax"
	.globl	_head
_head:
	.rept	8
	nop					/* some loaders enter a few words in */
	.endr
	b	primary_entry
	.word	0x016f2818			/* zImage */
	.word	0				/* runs anywhere */
	.word	_image_size
	.word	0x04030201			/* endianness */

/* \dst = the running address of \sym */
	.macro	adr_p, dst, sym
	ldr	\dst, =\sym
	sub	\dst, \dst, r10
	.endm

/* r8, r10 */
	.macro	find_self
	adr	r8, primary_entry
	ldr	r10, =primary_entry
	sub	r10, r10, r8
	ldr	r8, =_text
	sub	r8, r8, r10
	.endm

	.section .idmap.text, "ax"
	.arm
primary_entry:
	mov	r9, r2
	/* Without a boot protocol (an ELF started by QEMU) every core comes here: one goes on. */
	cmp	r9, #0
	bne	1f
	mrc	p15, 0, r0, c0, c0, 5		/* MPIDR */
	bics	r0, r0, #0xff000000
	bne	park
1:	bl	enter_svc
	find_self
	bl	create_page_tables
	bl	enable_mmu
	ldr	pc, =primary_switched

	.globl	secondary_entry
secondary_entry:
	bl	enter_svc
	find_self
	bl	enable_mmu
	ldr	pc, =secondary_switched

park:	wfe
	b	park

/* Get to SVC mode, interrupts masked, nothing trapped by HYP. Clobbers r0, r1. */
enter_svc:
	mrs	r0, cpsr
	and	r1, r0, #MODE_MASK
	cmp	r1, #HYP_MODE
	beq	leave_hyp
	msr	cpsr_c, #(PSR_I_BIT | PSR_F_BIT | SVC_MODE)
	bx	lr

leave_hyp:
	mov	r0, #0
	mcr	p15, 4, r0, c1, c1, 0		/* HCR: no traps */
	mcr	p15, 4, r0, c1, c1, 3		/* HSTR */
	ldr	r1, =0x33ff
	mcr	p15, 4, r1, c1, c1, 2		/* HCPTR: no coprocessor traps */
	mrc	p15, 0, r0, c0, c0, 0
	mcr	p15, 4, r0, c0, c0, 0		/* VPIDR = MIDR */
	mrc	p15, 0, r0, c0, c0, 5
	mcr	p15, 4, r0, c0, c0, 5		/* VMPIDR = MPIDR */
	mrc	p15, 0, r0, c0, c1, 2		/* ID_DFR0.PerfMon */
	ubfx	r0, r0, #24, #4
	sub	r0, r0, #1
	mov	r1, #0
	cmp	r0, #0xe
	bhs	1f
	mrc	p15, 0, r1, c9, c12, 0		/* PMCR.N: all counters are the kernel's */
	ubfx	r1, r1, #11, #5
1:	mcr	p15, 4, r1, c1, c1, 1		/* HDCR */
	mrc	p15, 0, r0, c0, c1, 1		/* ID_PFR1 */
	ubfx	r1, r0, #16, #4			/* generic timer */
	cmp	r1, #0
	beq	2f
	mov	r1, #3				/* the physical timer and counter are ours */
	mcr	p15, 4, r1, c14, c1, 0		/* CNTHCTL */
	mov	r1, #0
	mcrr	p15, 4, r1, r1, c14		/* CNTVOFF */
2:	ubfx	r1, r0, #28, #4			/* GICv3 system registers */
	cmp	r1, #0
	beq	3f
	mrc	p15, 4, r1, c12, c9, 5		/* ICC_HSRE: SRE, and let SVC have its own */
	orr	r1, r1, #9
	mcr	p15, 4, r1, c12, c9, 5
	isb
	mrc	p15, 4, r1, c12, c9, 5
	tst	r1, #1
	beq	3f
	mov	r1, #0
	mcr	p15, 4, r1, c12, c11, 0		/* ICH_HCR */
3:	mov	r0, #(PSR_A_BIT | PSR_I_BIT | PSR_F_BIT | SVC_MODE)
	msr	spsr_hyp, r0
	msr	elr_hyp, lr
	isb
	eret

/* Coherency, memory types, tables as every core has them, then the MMU. Returns at the identity
 * address. Clobbers r0-r3. */
enable_mmu:
	mrc	p15, 0, r0, c0, c0, 0		/* MIDR: Arm's cores with ACTLR.SMP */
	ldr	r1, =0xff0ffff0
	and	r0, r0, r1
	adr	r2, smp_bit_cores
1:	ldr	r3, [r2], #4
	cmp	r3, #0
	beq	2f
	cmp	r3, r0
	bne	1b
	mrc	p15, 0, r0, c1, c0, 1
	tst	r0, #ACTLR_SMP			/* firmware may have done it, and closed the door */
	orreq	r0, r0, #ACTLR_SMP
	mcreq	p15, 0, r0, c1, c0, 1
2:	mov	r0, #0
	mcr	p15, 0, r0, c7, c5, 0		/* ICIALLU */
	mcr	p15, 0, r0, c7, c5, 6		/* BPIALL */
	mcr	p15, 0, r0, c8, c7, 0		/* TLBIALL */
	mcr	p15, 0, r0, c13, c0, 1		/* CONTEXTIDR */
	mcr	p15, 0, r0, c2, c0, 2		/* TTBCR: one table for now */
	ldr	r0, =PRRR_VALUE
	mcr	p15, 0, r0, c10, c2, 0
	ldr	r0, =NMRR_VALUE
	mcr	p15, 0, r0, c10, c2, 1
	mov	r0, #DACR_KERNEL
	mcr	p15, 0, r0, c3, c0, 0
	adr_p	r0, idmap_pg_dir
	orr	r0, r0, #TTBR_WALKS
	mcr	p15, 0, r0, c2, c0, 0
	dsb
	isb
	mrc	p15, 0, r0, c1, c0, 0
	ldr	r1, =SCTLR_CLEAR
	bic	r0, r0, r1
	ldr	r1, =SCTLR_SET
	orr	r0, r0, r1
	mcr	p15, 0, r0, c1, c0, 0
	isb
	bx	lr

smp_bit_cores:
	.word	0x410fc050, 0x410fc070, 0x410fc090, 0x410fc0d0, 0x410fc0e0, 0x410fc0f0, 0

/* Map image pages [\from, \to) with the leaf attributes in \prot. */
	.macro	map_image, from, to, prot
	adr_p	r0, \from
	adr_p	r1, \to
	ldr	r2, =(\prot)
	bl	map_image_pages
	.endm

/* r0, r1: running addresses; r2: attributes. Clobbers r0, r3, r4. */
map_image_pages:
	adr_p	r3, kimage_l2			/* consecutive tables: one array */
	sub	r4, r0, r8
	add	r3, r3, r4, lsr #(PAGE_SHIFT - 2)
1:	cmp	r0, r1
	bxhs	lr
	orr	r4, r0, r2
	str	r4, [r3], #4
	add	r0, r0, #4096
	b	1b

create_page_tables:
	mov	r11, lr
	adr_p	r0, __pgtables_start
	adr_p	r1, __pgtables_end
	mov	r2, #0
1:	str	r2, [r0], #4
	cmp	r0, r1
	blo	1b

	/* The image, in both first-level tables. */
	adr_p	r0, swapper_pg_dir
	adr_p	r1, idmap_pg_dir
	ldr	r2, =(KIMAGE_VADDR >> (SECTION_SHIFT - 2))
	add	r0, r0, r2
	add	r1, r1, r2
	adr_p	r2, kimage_l2
	orr	r2, r2, #PMD_TABLE
	mov	r3, #(KIMAGE_WINDOW >> SECTION_SHIFT)
2:	str	r2, [r0], #4
	str	r2, [r1], #4
	add	r2, r2, #1024
	subs	r3, r3, #1
	bne	2b
	map_image _text, _etext, (PTE_KERNEL_BASE - PTE_XN + MT_NORMAL + PTE_RDONLY)
	map_image __start_rodata, __end_rodata, (PTE_KERNEL_BASE + MT_NORMAL + PTE_RDONLY)
	map_image _sdata, _end, (PTE_KERNEL_BASE + MT_NORMAL)

	/* The identity section of this code. */
	adr_p	r0, idmap_pg_dir
	adr_p	r1, __idmap_start
	lsr	r1, r1, #SECTION_SHIFT
	ldr	r2, =(SECT_NORMAL + SECT_RDONLY)
	orr	r2, r2, r1, lsl #SECTION_SHIFT
	str	r2, [r0, r1, lsl #2]

	/* Fixmap: early devices by pages, the device tree by sections; then the vectors. */
	adr_p	r0, swapper_pg_dir
	adr_p	r1, fixmap_l2
	orr	r1, r1, #PMD_TABLE
	ldr	r2, =(FIXMAP_EARLY_IO >> (SECTION_SHIFT - 2))
	str	r1, [r0, r2]
	adr_p	r1, vectors_l2
	orr	r2, r1, #PMD_TABLE
	ldr	r3, =(0xfff << 2)
	str	r2, [r0, r3]
	adr_p	r2, vectors_page
	ldr	r3, =(PTE_KERNEL_BASE - PTE_XN + MT_NORMAL + PTE_RDONLY + PTE_USER)
	orr	r3, r3, r2
	str	r3, [r1, #(0xf0 << 2)]
	bic	r3, r3, #PTE_USER
	orr	r3, r3, #PTE_XN
	add	r3, r3, #4096
	str	r3, [r1, #(0xf1 << 2)]
	cmp	r9, #0
	beq	3f
	ldr	r1, =(FIXMAP_FDT >> (SECTION_SHIFT - 2))
	add	r0, r0, r1
	ldr	r2, =(SECT_NORMAL + SECT_RDONLY + SECT_XN)
	lsr	r1, r9, #SECTION_SHIFT
	orr	r2, r2, r1, lsl #SECTION_SHIFT
	str	r2, [r0]
	add	r2, r2, #(1 << SECTION_SHIFT)
	str	r2, [r0, #4]
	add	r2, r2, #(1 << SECTION_SHIFT)
	str	r2, [r0, #8]

	/* What was written with the caches off must not be hidden by stale lines. */
3:	dmb
	adr_p	r0, __pgtables_start
	adr_p	r1, __pgtables_end
	mrc	p15, 0, r2, c0, c0, 1		/* CTR.DminLine: log2 words */
	ubfx	r2, r2, #16, #4
	mov	r3, #4
	lsl	r3, r3, r2
4:	mcr	p15, 0, r0, c7, c6, 1		/* DCIMVAC */
	add	r0, r0, r3
	cmp	r0, r1
	blo	4b
	dsb
	bx	r11

	.ltorg

/* ---- running at kernel addresses from here ------------------------------------ */
	.text
	.arm

/* Change over to the two tables; the user's half: nothing, until pgtable_switch(). r0, r1. */
	.macro	leave_identity_map
	ldr	r0, =swapper_pg_dir
	sub	r0, r0, r10
	orr	r0, r0, #TTBR_WALKS
	mcr	p15, 0, r0, c2, c0, 1		/* TTBR1 */
	isb
	mov	r1, #TTBCR_SPLIT
	mcr	p15, 0, r1, c2, c0, 2
	isb
	mcr	p15, 0, r0, c2, c0, 0		/* TTBR0 */
	isb
	mov	r1, #0
	mcr	p15, 0, r1, c8, c7, 0		/* TLBIALL */
	mcr	p15, 0, r1, c7, c5, 6		/* BPIALL */
	dsb
	isb
	.endm

/* The stack of the task in \tsk; no caller to unwind to. */
	.macro	enter_c, tsk
	mcr	p15, 0, \tsk, c13, c0, 4	/* TPIDRPRW: current */
	ldr	sp, [\tsk, #TSK_STACK]
	add	sp, sp, #THREAD_SIZE
	sub	sp, sp, #PT_REGS_SIZE
	mov	fp, #0
	mov	lr, #0
	.endm

primary_switched:
	leave_identity_map
	ldr	r0, =__bss_start
	ldr	r1, =__bss_stop
	mov	r2, #0
	mov	r3, #0
1:	cmp	r0, r1
	strdlo	r2, r3, [r0], #8
	blo	1b
	ldr	r0, =kimage_voffset
	str	r10, [r0]
	/* The stack canary, before there is a C function that could notice it change. */
	mrc	p15, 0, r0, c0, c1, 1		/* ID_PFR1: generic timer? */
	ubfx	r0, r0, #16, #4
	cmp	r0, #0
	mrrcne	p15, 1, r0, r1, c14		/* CNTVCT */
	ldr	r1, =0x9e3779b1
	mul	r0, r1, r0
	eor	r0, r0, r9
	bic	r0, r0, #0xff			/* ends strings */
	ldr	r1, =__stack_chk_guard
	str	r0, [r1]
	ldr	r4, =init_task
	ldr	r0, =init_stack
	str	r0, [r4, #TSK_STACK]
	enter_c	r4
	ldr	r1, =boot_fdt_pa
	str	r9, [r1]
	movs	r0, r9				/* the tree, as mapped; NULL stays NULL */
	bicne	r0, r0, #0xff000000
	bicne	r0, r0, #0x00f00000
	orrne	r0, r0, #(FIXMAP_FDT & 0xff000000)
	orrne	r0, r0, #(FIXMAP_FDT & 0x00ff0000)
	bl	start_kernel
	udf	#0

/* Find this core's entry {MPIDR, idle task} in secondary_boot[]. */
secondary_switched:
	leave_identity_map
	mrc	p15, 0, r0, c0, c0, 5
	bic	r0, r0, #0xff000000
	ldr	r1, =secondary_boot
	mov	r2, #CONFIG_NR_CPUS
1:	ldrd	r4, r5, [r1], #8
	cmp	r4, r0
	beq	2f
	subs	r2, r2, #1
	bne	1b
3:	wfe					/* nobody asked for this core */
	b	3b
2:	enter_c	r5
	bl	secondary_start_kernel
	udf	#0

	.ltorg

	.section .pgtables, "aw", %nobits
	.balign	16384
	.globl	swapper_pg_dir, idmap_pg_dir, kimage_l2, fixmap_l2, vectors_l2
swapper_pg_dir:
	.space	16384
idmap_pg_dir:
	.space	16384
kimage_l2:
	.space	(KIMAGE_WINDOW >> SECTION_SHIFT) * 1024
fixmap_l2:
	.space	1024
vectors_l2:
	.space	1024

	.data
	.balign	4
	.globl	__stack_chk_guard
__stack_chk_guard:
	.word	0

	.section .init_stack, "aw", %nobits
	.globl	init_stack
init_stack:
	.space	THREAD_SIZE
