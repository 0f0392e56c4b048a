/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ELF headers of either class in the form of the kernel's own: a kernel with 64-bit words runs 32-bit programs,
 * too.  Where there is only one class all of this comes to nothing.
 */
#pragma once

#include <fs/binfmts.h>
#include <asm/elf.h>

static inline bool elf_class_differs(unsigned int elf_class)
{
	return sizeof(long) == 8 && elf_class == ELFCLASS32;
}

static inline size_t elf_ehdr_size(unsigned int elf_class)
{
	return elf_class_differs(elf_class) ? sizeof(Elf32_Ehdr) : sizeof(elf_ehdr_t);
}

static inline size_t elf_phdr_size(unsigned int elf_class)
{
	return elf_class_differs(elf_class) ? sizeof(Elf32_Phdr) : sizeof(elf_phdr_t);
}

/* @file: what the file begins with, at least sizeof(*to) bytes. */
void elf_get_ehdr(elf_ehdr_t *to, const char *file, unsigned int elf_class);
/* @phdrs has room for @n native headers; the file's lie at its beginning. */
void elf_widen_phdrs(elf_phdr_t *phdrs, unsigned int n, unsigned int elf_class);
/* What its PT_GNU_PROPERTY says of a file: *@bti is set if its code may be mapped with PROT_BTI. -ENOEXEC, -EIO: it
 * is damaged. */
int elf_check_properties(struct file *file, const elf_phdr_t *phdrs, unsigned int n, const struct user_abi *abi,
			 bool *bti);
/* Bytes of the auxiliary vector that @mm keeps, AT_NULL included. */
unsigned int elf_auxv_size(const struct mm_struct *mm);
/* @n words become those of a program of @elf_class, in place; returns their size in bytes. */
unsigned int elf_narrow_words(unsigned long *words, unsigned int n, unsigned int elf_class);
