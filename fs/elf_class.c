// SPDX-License-Identifier: GPL-2.0-only
/* ELF32 headers as ELF64 ones, and words the other way; see elf_class.h.  No locks: all belongs to one exec. */
#include <fs/elf_class.h>

#include <kernel/lib/string.h>

void elf_get_ehdr(elf_ehdr_t *to, const char *file, unsigned int elf_class)
{
	Elf32_Ehdr h;

	if (!elf_class_differs(elf_class)) {
		memcpy(to, file, sizeof(*to));
		return;
	}
	memcpy(&h, file, sizeof(h));
	memcpy(to->e_ident, h.e_ident, sizeof(h.e_ident));
	to->e_type = h.e_type;
	to->e_machine = h.e_machine;
	to->e_version = h.e_version;
	to->e_entry = h.e_entry;
	to->e_phoff = h.e_phoff;
	to->e_shoff = h.e_shoff;
	to->e_flags = h.e_flags;
	to->e_ehsize = h.e_ehsize;
	to->e_phentsize = h.e_phentsize;
	to->e_phnum = h.e_phnum;
}

/* From the last one on: what is written lies behind all that is still to be read. */
void elf_widen_phdrs(elf_phdr_t *phdrs, unsigned int n, unsigned int elf_class)
{
	const Elf32_Phdr *narrow = (const void *)phdrs;

	while (elf_class_differs(elf_class) && n--) {
		Elf32_Phdr p = narrow[n];

		phdrs[n] = (elf_phdr_t){
			.p_type = p.p_type, .p_flags = p.p_flags, .p_offset = p.p_offset, .p_vaddr = p.p_vaddr,
			.p_filesz = p.p_filesz, .p_memsz = p.p_memsz, .p_align = p.p_align,
		};
	}
}

unsigned int elf_narrow_words(unsigned long *words, unsigned int n, unsigned int elf_class)
{
	u32 *narrow = (u32 *)words;

	if (!elf_class_differs(elf_class))
		return n * sizeof(*words);
	for (unsigned int i = 0; i < n; i++)
		narrow[i] = words[i];
	return n * sizeof(*narrow);
}

unsigned int elf_auxv_size(const struct mm_struct *mm)
{
	bool narrow = sizeof(long) == 8 && !((u64)mm->task_size >> 32);
	unsigned int word = narrow ? sizeof(u32) : sizeof(long), n = 0;
	unsigned long type;

	do {
		type = narrow ? ((const u32 *)mm->saved_auxv)[n] : mm->saved_auxv[n];
		n += 2;
	} while (type != AT_NULL && n < sizeof(mm->saved_auxv) / word);
	return n * word;
}
