/* SPDX-License-Identifier: GPL-2.0-only */
/* What the ELF loader and core dumps need to know of this architecture. */
#pragma once

#include <kernel/uapi.h>

#define ELF_CLASS		ELFCLASS64
#define ELF_DATA		ELFDATA2LSB
#define ELF_ARCH		EM_AARCH64
#define ELF_EXEC_PAGESIZE	4096
#define ELF_NGREG		34		/* of elf_gregset_t: x0..x30, sp, pc, pstate */
#define ELF_CORE_EFLAGS		0

#define EF_ARM_EABI_MASK	0xff000000	/* of 32-bit programs: EABI of any version; the old ABI has 0 there */

typedef Elf64_Ehdr elf_ehdr_t;
typedef Elf64_Phdr elf_phdr_t;
typedef Elf64_Shdr elf_shdr_t;
typedef Elf64_Dyn elf_dyn_t;
