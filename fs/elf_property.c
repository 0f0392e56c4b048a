// SPDX-License-Identifier: GPL-2.0-only
/*
 * PT_GNU_PROPERTY: what the linker found out about all of a program: on arm64, that its code is made for BTI.
 *
 * Interface: elf_class.h.  No locks: the caller's file and headers.
 * Reference: the Linux extensions to the gABI, .note.gnu.property.
 */
#include <fs/elf_class.h>

#include <fs/vfs.h>
#include <kernel/lib/align.h>
#include <kernel/lib/string.h>

#define PROPERTY_ALIGN	8	/* of 64-bit files, and of what is padded in the note */
#define NOTE_MAX	1024

struct property_note {
	union {
		struct {
			Elf32_Nhdr	head;
			char		name[4];
		};
		char	bytes[NOTE_MAX];
	};
};
static_assert(offsetof(struct property_note, name) + 4 == ALIGN(sizeof(Elf32_Nhdr) + 4, PROPERTY_ALIGN));

/* The properties, sorted by type, in [@p, @end). */
static int walk_properties(const char *p, const char *end, const struct user_abi *abi, bool *bti)
{
	u32 type, size, last = 0, features;
	bool first = true;
	long step;

	for (; p != end; p += step, first = false) {
		if (end - p < 8)
			return -ENOEXEC;
		memcpy(&type, p, 4);
		memcpy(&size, p + 4, 4);
		p += 8;
		step = ALIGN((u64)size, PROPERTY_ALIGN);
		if (size > NOTE_MAX || step > end - p || (!first && type <= last))
			return -ENOEXEC;
		last = type;
		if (type != abi->feature_property || !abi->bti_feature)
			continue;
		if (size != sizeof(features))
			return -ENOEXEC;
		memcpy(&features, p, sizeof(features));
		*bti = features & abi->bti_feature;
	}
	return 0;
}

int elf_check_properties(struct file *file, const elf_phdr_t *phdrs, unsigned int n, const struct user_abi *abi,
			 bool *bti)
{
	const elf_phdr_t *p = NULL;
	struct property_note note;
	const size_t head = offsetofend(struct property_note, name);
	loff_t pos;
	ssize_t got;

	for (unsigned int i = 0; i < n; i++)
		if (phdrs[i].p_type == PT_GNU_PROPERTY)
			p = &phdrs[i];
	if (!p || !abi->feature_property)
		return 0;
	if (p->p_filesz > sizeof(note))
		return -ENOEXEC;
	pos = p->p_offset;
	got = kernel_read(file, &note, p->p_filesz, &pos);
	if (got < (ssize_t)head)
		return got < 0 ? got : -EIO;
	if (note.head.n_type != NT_GNU_PROPERTY_TYPE_0 || note.head.n_namesz != sizeof(note.name) ||
	    memcmp(note.name, "GNU", sizeof(note.name)) || note.head.n_descsz > got - head)
		return -ENOEXEC;
	return walk_properties(note.bytes + head, note.bytes + head + note.head.n_descsz, abi, bti);
}
