/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The types that a core dump consists of.  A 64-bit kernel builds elf_core.c twice: with CORE_OF_32BIT it is
 * elf_core_dump32(), which dumps 32-bit programs.
 */
#pragma once

#include <fs/coredump.h>
#include <kernel/compat_signal.h>
#include <asm/elf.h>

#ifdef CORE_OF_32BIT
typedef Elf32_Ehdr		core_ehdr_t;
typedef Elf32_Phdr		core_phdr_t;
typedef Elf32_Shdr		core_shdr_t;
typedef compat_ulong_t		core_ulong_t;
typedef compat_long_t		core_long_t;
typedef u16			core_id_t;
typedef struct compat_siginfo	core_siginfo_t;
#define CORE_CLASS		ELFCLASS32
#define CORE_MACHINE		EM_ARM
#define CORE_NGREG		18
#define CORE_EFLAGS		0
#define core_fill_siginfo	compat_fill_siginfo
#define elf_core_dump		elf_core_dump32
#else
typedef elf_ehdr_t		core_ehdr_t;
typedef elf_phdr_t		core_phdr_t;
typedef elf_shdr_t		core_shdr_t;
typedef unsigned long		core_ulong_t;
typedef long			core_long_t;
typedef __kernel_uid_t		core_id_t;
typedef siginfo_t		core_siginfo_t;
#define CORE_CLASS		ELF_CLASS
#define CORE_MACHINE		ELF_ARCH
#define CORE_NGREG		ELF_NGREG
#define CORE_EFLAGS		ELF_CORE_EFLAGS
static inline void core_fill_siginfo(siginfo_t *to, const siginfo_t *from)
{
	*to = *from;
}
#endif
