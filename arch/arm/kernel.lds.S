/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The layout of the kernel image: text (read-only, executable), rodata (read-only), data and bss
 * (never executable), each on pages of its own.  head.S maps exactly these parts with these
 * rights.  The image runs from any page-aligned physical address: only page tables know where it
 * is.
 */
#include <asm/memory.h>
#include <generated/asm-offsets.h>

OUTPUT_ARCH(arm)
ENTRY(_head)

SECTIONS
{
	. = KIMAGE_VADDR;
	_text = .;
	__text_start = .;
	.text : {
		KEEP(*(.head.text))
		*(.text .text.unlikely .text.hot .text.unlikely.* .text.hot.* .text.startup .text.*)
		. = ALIGN(PAGE_SIZE);
		__idmap_start = .;
		*(.idmap.text)
		__idmap_end = .;
	}
	. = ALIGN(PAGE_SIZE);
	_etext = .;

	__rodata = .;
	__start_rodata = .;
	.rodata : {
		*(.rodata .rodata.*)
		*(.rodata1)
		*(.data.rel.ro .data.rel.ro.*)
		. = ALIGN(8);
		__start___ex_table = .;
		KEEP(*(__ex_table))
		__stop___ex_table = .;
		__start_dacr_writes = .;
		KEEP(*(.dacr_writes))
		__stop_dacr_writes = .;
		. = ALIGN(8);
		__drivers_start = .;
		KEEP(*(SORT(.drivers*)))
		__drivers_end = .;
		. = ALIGN(8);
		__unit_tests_start = .;
		KEEP(*(.unit_tests))
		__unit_tests_end = .;
		. = ALIGN(8);
		KEEP(*(.kallsyms))
	}
	/* What becomes the vectors page, the page of vector targets, and the sigpage. */
	.vectors : ALIGN(PAGE_SIZE) {
		KEEP(*(.vectors))
	}
	. = ALIGN(PAGE_SIZE);
	__end_rodata = .;

	_sdata = .;
	.data..percpu : ALIGN(64) {
		__per_cpu_start = .;
		*(.data..percpu..first)
		*(.data..percpu .data..percpu.*)
		. = ALIGN(64);
		__per_cpu_end = .;
	}
	.data : ALIGN(64) {
		*(.data..page_aligned)
		. = ALIGN(64);
		*(.data .data.*)
	}
	. = ALIGN(8);
	_edata = .;
	_image_size = _edata - _text;

	__bss_start = .;
	.bss (NOLOAD) : ALIGN(64) {
		*(.bss..page_aligned)
		*(.bss .bss.* COMMON)
		. = ALIGN(32);
	}
	__bss_stop = .;
	/* Written by head.S with the MMU off, so not part of what it clears later. */
	.pgtables (NOLOAD) : ALIGN(16384) {
		__pgtables_start = .;
		*(.pgtables)
		__pgtables_end = .;
	}
	.init_stack (NOLOAD) : ALIGN(THREAD_SIZE) {
		*(.init_stack)
	}
	. = ALIGN(PAGE_SIZE);
	_end = .;

	.comment 0 : { *(.comment) }
	/DISCARD/ : {
		*(.note .note.* .eh_frame .interp .dynamic .ARM.attributes .ARM.exidx* .ARM.extab*)
	}
}

ASSERT(__idmap_end - __idmap_start <= PAGE_SIZE, "the identity-mapped code must fit in a page")
ASSERT(_end - _text <= KIMAGE_WINDOW, "the image outgrew its page tables (head.S)")
