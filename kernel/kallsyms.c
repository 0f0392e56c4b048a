// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking up symbols in the table that scripts/gen-kallsyms.py makes; its format is described
 * there.
 *
 * Most machines never print a name, so the names stay packed until one is wanted: who comes first
 * unpacks all of them.  A panic that finds another CPU at it (which it has stopped, perhaps) does
 * not wait and prints numbers.
 *
 * The first link has no table, but the empty one of kallsyms_empty.c.
 * Locking: table_state [a]; the table is read-only, the names are once they are TABLE_READY.
 */
#include <kernel/kallsyms.h>

#include <kernel/arch.h>
#include <kernel/kallsyms_table.h>
#include <kernel/lib/atomic.h>
#include <kernel/lib/inflate.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/printk.h>

#define MARKER_EVERY	64

enum { TABLE_PACKED, TABLE_BUSY, TABLE_READY, TABLE_BAD };

static int table_state;
static u64 unpack_work[INFLATE_WORK / sizeof(u64)];	/* of who made table_state TABLE_BUSY */

extern char _text[], _etext[];

bool is_kernel_text(unsigned long addr)
{
	return addr >= (unsigned long)_text && addr < (unsigned long)_etext;
}

/* Are there names? Any context: interrupts are off for the millisecond that the first call takes. */
static bool unpack_names(void)
{
	int state = smp_load_acquire(&table_state);
	unsigned long flags;

	if (likely(state == TABLE_READY))
		return true;
	flags = irq_save();
	if (state == TABLE_PACKED && cmpxchg(&table_state, TABLE_PACKED, TABLE_BUSY) == TABLE_PACKED) {
		int size = inflate_once(kallsyms_packed, kallsyms_packed_size, kallsyms_text, kallsyms_text_size,
					unpack_work);

		smp_store_release(&table_state, size == (int)kallsyms_text_size ? TABLE_READY : TABLE_BAD);
	}
	irq_restore(flags);
	while ((state = smp_load_acquire(&table_state)) == TABLE_BUSY && !panic_in_progress)
		cpu_relax();
	return state == TABLE_READY;
}

/* nm's letter, and the name after it. */
static const char *letter_and_name(unsigned long n)
{
	const char *p = kallsyms_text + kallsyms_markers[n / MARKER_EVERY];
	unsigned int i;

	for (i = n % MARKER_EVERY; i; i--)
		p += strlen(p) + 1;
	return p;
}

static unsigned long symbol_address(unsigned long n)
{
	return (unsigned long)_text + kallsyms_bases[n / MARKER_EVERY] + 2UL * kallsyms_offsets[n];
}

bool kallsyms_nth(unsigned long n, struct ksymbol *sym)
{
	const char *p;

	if (n >= kallsyms_num_syms || !unpack_names())
		return false;
	p = letter_and_name(n);
	sym->addr = symbol_address(n);
	sym->size = (n + 1 < kallsyms_num_syms ? symbol_address(n + 1) : (unsigned long)_etext) -
		    sym->addr;
	sym->type = *p;
	strlcpy(sym->name, p + 1, sizeof(sym->name));
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
	if (!kallsyms_nth(low, sym))
		return false;
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
