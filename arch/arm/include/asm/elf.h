/* SPDX-License-Identifier: GPL-2.0-only */
/* What the ELF loader and core dumps need to know of this architecture. */
#pragma once

#include <kernel/uapi.h>

#define ELF_CLASS		ELFCLASS32
#define ELF_DATA		ELFDATA2LSB
#define ELF_ARCH		EM_ARM
#define ELF_EXEC_PAGESIZE	4096
#define ELF_NGREG		18		/* of elf_gregset_t: r0..r15, cpsr, orig_r0 */
#define ELF_CORE_EFLAGS		0

#define EF_ARM_EABI_MASK	0xff000000	/* EABI of any version; the old ABI has 0 there */

typedef Elf32_Ehdr elf_ehdr_t;
typedef Elf32_Phdr elf_phdr_t;
typedef Elf32_Shdr elf_shdr_t;
typedef Elf32_Dyn elf_dyn_t;
