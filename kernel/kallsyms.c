// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking up symbols in the table that scripts/gen-kallsyms.py makes; its format is described
 * there.
 *
 * The first link has no table, but the empty one of kallsyms_empty.c.  Read-only, so no locks.
 */
#include <kernel/kallsyms.h>

#include <kernel/kallsyms_table.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>

#define ONE_BYTE	0xc0	/* word indices below take one byte */
#define MARKER_EVERY	64
#define LOCAL		0x80	/* in the length byte: a local symbol */

extern char _text[], _etext[];

bool is_kernel_text(unsigned long addr)
{
	return addr >= (unsigned long)_text && addr < (unsigned long)_etext;
}

static const u8 *encoded_name(unsigned long n)
{
	const u8 *p = kallsyms_names + kallsyms_markers[n / MARKER_EVERY];
	unsigned int i;

	for (i = n % MARKER_EVERY; i; i--)
		p += 1 + (*p & ~LOCAL);
	return p;
}

static void decode_name(const u8 *p, char *name, size_t size)
{
	const u8 *end = p + 1 + (*p & ~LOCAL);
	size_t n = 0;

	name[0] = '\0';
	for (p++; p < end; p++) {
		unsigned int index = *p;

		if (index >= ONE_BYTE)
			index = ONE_BYTE + ((index - ONE_BYTE) << 8 | *++p);
		n += strlcpy(name + n, kallsyms_words + kallsyms_word_index[index], size - n);
		if (n >= size)
			return;
	}
}

static unsigned long symbol_address(unsigned long n)
{
	return (unsigned long)_text + kallsyms_bases[n / MARKER_EVERY] + 2UL * kallsyms_offsets[n];
}

bool kallsyms_nth(unsigned long n, struct ksymbol *sym)
{
	const u8 *p;

	if (n >= kallsyms_num_syms)
		return false;
	p = encoded_name(n);
	sym->addr = symbol_address(n);
	sym->size = (n + 1 < kallsyms_num_syms ? symbol_address(n + 1) : (unsigned long)_etext) -
		    sym->addr;
	sym->type = *p & LOCAL ? 't' : 'T';
	decode_name(p, sym->name, sizeof(sym->name));
	return true;
}

bool kallsyms_lookup(unsigned long addr, struct ksymbol *sym)
{
	unsigned long low = 0, high = kallsyms_num_syms;

	if (!high || !is_kernel_text(addr) || addr < symbol_address(0))
		return false;
	while (high - low > 1) {
		unsigned long mid = (low + high) / 2;

		if (symbol_address(mid) <= addr)
			low = mid;
		else
			high = mid;
	}
	/* Of several names of one address the first one; it spans to the next address. */
	while (low && symbol_address(low - 1) == symbol_address(low))
		low--;
	kallsyms_nth(low, sym);
	sym->size = (high < kallsyms_num_syms ? symbol_address(high) : (unsigned long)_etext) -
		    sym->addr;
	return true;
}

unsigned long kallsyms_find(const char *name)
{
	struct ksymbol sym;
	unsigned long n;

	for (n = 0; kallsyms_nth(n, &sym); n++) {
		if (!strcmp(sym.name, name))
			return sym.addr;
	}
	return 0;
}

int sprint_symbol(char *buf, size_t n, unsigned long addr)
{
	struct ksymbol sym;

	if (!kallsyms_lookup(addr, &sym))
		return scnprintf(buf, n, "%#lx", addr);
	return scnprintf(buf, n, "%s+%#lx/%#lx", sym.name, addr - sym.addr, sym.size);
}
