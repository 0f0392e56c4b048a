/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From the firmware to start_kernel(): Linux's arm64 boot protocol.  One core enters at _head with the
 * MMU off and x0 = the physical address of the device tree, at EL2 or EL1, at any page-aligned address.
 * Drop to EL1, build the first page tables (the image with its final protections, and the page of
 * .idmap.text at its own address), switch the MMU on, clear bss, go.
 *
 * Secondary cores enter at secondary_entry (PSCI or spin-table) and share those tables.
 */
#include <asm/assembler.h>
#include <asm/cpu.h>
#include <asm/memory.h>
#include <asm/pgtable-bits.h>
#include <generated/asm-offsets.h>

	.section .head.text, "ax"
	.globl	_head
_head:
	b	primary_entry
	.long	0
	.quad	0				/* text_offset */
	.quad	_kernel_size			/* up to _end: bss too */
	.quad	(1 << 1) | (1 << 3)		/* little endian, 4 KiB pages, anywhere in RAM */
	.quad	0, 0, 0
	.ascii	"ARM\x64"
	.long	0

	.section .idmap.text, "ax"

primary_entry:
	mov	x21, x0
	/* Without a boot protocol (an ELF started by QEMU) every core comes here: one goes on. */
	cbnz	x0, 1f
	mrs	x1, mpidr_el1
	tst	x1, #0xffffff
	b.ne	park
1:	bl	init_el
	bl	create_page_tables
	bl	enable_mmu
	ldr	x8, =primary_switched
	br	x8

	.globl	secondary_entry
secondary_entry:
	bl	init_el
	bl	enable_mmu
	ldr	x8, =secondary_switched
	br	x8

park:	wfe
	b	park

/* Get to EL1 with the MMU off and nothing trapped by EL2. Clobbers x0-x2. */
init_el:
	msr	spsel, #1
	mrs	x0, CurrentEL
	cmp	x0, #(3 << 2)
	b.eq	park				/* EL3: no firmware, not supported */
	ldr	x1, =SCTLR_VALUE_MMU_OFF
	cmp	x0, #(2 << 2)
	b.eq	init_el2
	msr	sctlr_el1, x1
	isb
	ret

init_el2:
	msr	sctlr_el1, x1
	mov	x0, #(1 << 31)			/* HCR_EL2.RW: EL1 is AArch64 */
	orr	x0, x0, #(3 << 40)		/* API, APK: pointer authentication is EL1's affair */
	msr	hcr_el2, x0
	isb
	mov	x0, #3				/* EL1 may use the physical timer and counter */
	msr	cnthctl_el2, x0
	msr	cntvoff_el2, xzr
	mrs	x0, midr_el1
	msr	vpidr_el2, x0
	mrs	x0, mpidr_el1
	msr	vmpidr_el2, x0
	mov	x0, #0x33ff			/* no FP traps */
	msr	cptr_el2, x0
	msr	hstr_el2, xzr
	msr	vttbr_el2, xzr

	/* No debug traps; all PMU counters belong to EL1. */
	mov	x2, #0
	mrs	x0, id_aa64dfr0_el1
	ubfx	x0, x0, #8, #4			/* PMUVer */
	sub	x0, x0, #1
	cmp	x0, #0xe
	b.hs	1f
	mrs	x0, pmcr_el0
	ubfx	x2, x0, #11, #5			/* PMCR_EL0.N */
1:	msr	mdcr_el2, x2

	mrs	x0, id_aa64pfr0_el1
	ubfx	x0, x0, #24, #4			/* GIC system registers */
	cbz	x0, 2f
	mrs	x0, S3_4_C12_C9_5		/* ICC_SRE_EL2: SRE, and let EL1 have its own */
	orr	x0, x0, #1
	orr	x0, x0, #8
	msr	S3_4_C12_C9_5, x0
	isb
	mrs	x0, S3_4_C12_C9_5
	tbz	x0, #0, 2f
	msr	S3_4_C12_C11_0, xzr		/* ICH_HCR_EL2 */
2:	adr_l	x0, el2_stub_vectors
	msr	vbar_el2, x0
	mov	x0, #(0x3c0 | PSTATE_MODE_EL1h)
	msr	spsr_el2, x0
	msr	elr_el2, x30
	eret

/* MAIR, TCR and TTBRs as every core has them, then the MMU. Returns at the identity address. Clobbers x0-x3. */
enable_mmu:
	ldr	x0, =MAIR_VALUE
	msr	mair_el1, x0
	ldr	x0, =(TCR_T0SZ(VA_BITS_USER) | TCR_T1SZ(VA_BITS_KERNEL) | TCR_WALKS0 | TCR_WALKS1 | \
		      TCR_TG1_4K | TCR_TBI0)
	mrs	x1, id_aa64mmfr0_el1
	and	x2, x1, #0xf			/* PARange; 48 bits at most without LPA */
	mov	x3, #5
	cmp	x2, x3
	csel	x2, x2, x3, lo
	bfi	x0, x2, #TCR_IPS_SHIFT, #3
	ubfx	x2, x1, #4, #4			/* ASIDBits */
	cmp	x2, #2
	b.ne	1f
	orr	x0, x0, #TCR_AS16
1:	mrs	x1, id_aa64mmfr1_el1
	and	x1, x1, #0xf			/* HAFDBS: access flag by hardware */
	cbz	x1, 2f
	orr	x0, x0, #TCR_HA
2:	msr	tcr_el1, x0
	adr_l	x0, idmap_l0
	msr	ttbr0_el1, x0
	adr_l	x0, swapper_pg_dir
	msr	ttbr1_el1, x0
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	ldr	x0, =SCTLR_VALUE
	msr	sctlr_el1, x0
	isb
	ic	iallu
	dsb	nsh
	isb
	ret

/* Put a table descriptor for \child into slot (va >> shift) of \table. */
	.macro	link_table, table, va, shift, child
	lsr	x6, \va, #\shift
	and	x6, x6, #(PTRS_PER_TABLE - 1)
	orr	x7, \child, #PTE_TYPE_PAGE
	str	x7, [\table, x6, lsl #3]
	.endm

/* Map image pages [\from, \to), running addresses, with the leaf attributes in \prot. */
	.macro	map_image, from, to, prot
	adr_l	x1, \from
	adr_l	x2, \to
	ldr	x3, =\prot
	bl	map_image_pages
	.endm

/* x1, x2: running addresses; x3: attributes; x22: running address of _text. Clobbers x4-x6. */
map_image_pages:
	adr_l	x4, kimage_l3			/* KIMAGE_TABLES consecutive tables: one array */
	sub	x5, x1, x22
	add	x4, x4, x5, lsr #(PAGE_SHIFT - 3)
1:	cmp	x1, x2
	b.hs	2f
	orr	x5, x1, x3
	str	x5, [x4], #8
	add	x1, x1, #PAGE_SIZE
	b	1b
2:	ret

create_page_tables:
	mov	x20, x30
	adr_l	x22, _text
	/* The loader has cleaned our memory to the point of coherency, but lines may be cached: drop
	 * them, so that nothing stale hides what is written here with the caches off. */
	adr_l	x0, __pgtables_start
	adr_l	x1, __pgtables_end
	mov	x2, x0
1:	stp	xzr, xzr, [x2], #16
	cmp	x2, x1
	b.lo	1b

	/* Kernel: swapper -> kimage_l2 -> kimage_l3[]. */
	adr_l	x0, swapper_pg_dir
	adr_l	x1, kimage_l2
	ldr	x2, =KIMAGE_VADDR
	link_table x0, x2, PTE_SHIFT_L1, x1
	adr_l	x3, kimage_l3
	mov	x4, #KIMAGE_TABLES
2:	link_table x1, x2, PTE_SHIFT_L2, x3
	add	x3, x3, #PAGE_SIZE
	add	x2, x2, #BLOCK_SIZE_L2
	subs	x4, x4, #1
	b.ne	2b
	map_image _text, _etext, (PTE_KERNEL_BASE - PTE_PXN + PTE_ATTR(MT_NORMAL) + PTE_RDONLY)
	map_image __start_rodata, __end_rodata, (PTE_KERNEL_BASE + PTE_ATTR(MT_NORMAL) + PTE_RDONLY)
	map_image _sdata, _end, (PTE_KERNEL_BASE + PTE_ATTR(MT_NORMAL))

	/* Fixmap: swapper -> fixmap_l2 -> fixmap_l3 for the early-device window. */
	adr_l	x0, swapper_pg_dir
	adr_l	x1, fixmap_l2
	ldr	x2, =FIXMAP_START
	link_table x0, x2, PTE_SHIFT_L1, x1
	ldr	x2, =FIXMAP_EARLY_IO
	adr_l	x3, fixmap_l3
	link_table x1, x2, PTE_SHIFT_L2, x3

	/* Identity: the page of .idmap.text, 4 levels. */
	adr_l	x0, idmap_l0
	adr_l	x1, idmap_l1
	adr_l	x2, __idmap_start
	link_table x0, x2, PTE_SHIFT_L0, x1
	adr_l	x0, idmap_l2
	link_table x1, x2, PTE_SHIFT_L1, x0
	adr_l	x1, idmap_l3
	link_table x0, x2, PTE_SHIFT_L2, x1
	ldr	x3, =(PTE_KERNEL_BASE - PTE_PXN + PTE_ATTR(MT_NORMAL) + PTE_RDONLY)
	orr	x3, x3, x2
	lsr	x6, x2, #PTE_SHIFT_L3
	and	x6, x6, #(PTRS_PER_TABLE - 1)
	str	x3, [x1, x6, lsl #3]

	dmb	sy
	adr_l	x0, __pgtables_start
	adr_l	x1, __pgtables_end
	mrs	x2, ctr_el0
	ubfx	x2, x2, #16, #4			/* smallest data cache line, log2 words */
	mov	x3, #4
	lsl	x3, x3, x2
3:	dc	ivac, x0
	add	x0, x0, x3
	cmp	x0, x1
	b.lo	3b
	dsb	sy
	mov	x30, x20
	ret

	.ltorg

/* ---- running at kernel addresses from here ---------------------------------------------- */
	.text

/* Vectors and stack of the task in \tsk; no caller to unwind to. */
	.macro	enter_c, tsk, tmp
	adr_l	\tmp, vectors
	msr	vbar_el1, \tmp
	isb
	msr	sp_el0, \tsk
	ldr	\tmp, [\tsk, #TSK_STACK]
	add	\tmp, \tmp, #THREAD_SIZE
	sub	sp, \tmp, #(TASK_SLOT_SIZE + PT_REGS_SIZE)
	mov	x29, xzr
	mov	x30, xzr
	.endm

primary_switched:
	adr_l	x0, __bss_start
	adr_l	x1, __bss_stop
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.lo	1b
	adr_l	x0, _text
	sub	x0, x0, x22			/* virtual minus physical */
	adr_l	x1, kimage_voffset
	str	x0, [x1]
	adr_l	x19, init_task
	adr_l	x0, init_stack
	str	x0, [x19, #TSK_STACK]
	enter_c	x19, x1
	bl	leave_identity_map
	mov	x0, x21
	bl	fixmap_map_fdt
	bl	start_kernel
	brk	#1

/* Find this core's entry {MPIDR, idle task} in secondary_boot[]. */
secondary_switched:
	mrs	x0, mpidr_el1
	ldr	x1, =MPIDR_HWID_MASK
	and	x0, x0, x1
	adr_l	x1, secondary_boot
	mov	w2, #CONFIG_NR_CPUS
1:	ldp	x3, x19, [x1], #16
	cmp	x3, x0
	b.eq	2f
	subs	w2, w2, #1
	b.ne	1b
3:	wfe					/* nobody asked for this core */
	b	3b
2:	enter_c	x19, x1
	bl	leave_identity_map
	bl	secondary_start_kernel
	brk	#1

/* User half: nothing, until the first pgtable_switch(). */
leave_identity_map:
	adr_l	x0, reserved_pg_dir
	adrp	x1, kimage_voffset
	ldr	x1, [x1, :lo12:kimage_voffset]
	sub	x0, x0, x1
	msr	ttbr0_el1, x0
	isb
	tlbi	vmalle1
	dsb	nsh
	isb
	ret

/* What is left at EL2: nothing calls it, so stop where it can be seen. */
	.section .vectors, "ax"
	.balign	2048
el2_stub_vectors:
	.rept	16
	.balign	128
	b	.
	.endr

	.section .pgtables, "aw", %nobits
	.balign	PAGE_SIZE
	.macro	table, name, pages=1
	.globl	\name
\name:	.space	PAGE_SIZE * \pages
	.endm
	table	swapper_pg_dir
	table	reserved_pg_dir
	table	kimage_l2
	table	kimage_l3, KIMAGE_TABLES
	table	fixmap_l2
	table	fixmap_l3
	table	idmap_l0
	table	idmap_l1
	table	idmap_l2
	table	idmap_l3

	.section .init_stack, "aw", %nobits
	.globl	init_stack
init_stack:
	.space	THREAD_SIZE
