// SPDX-License-Identifier: GPL-2.0-only
/*
 * The exception table's search: extable_fixup().
 *
 * The table is in link order, which is not the order of addresses, and read-only, so it is searched
 * linearly.  The same few instructions fault all the time (a child's tid is written to a page that fork
 * left read-only), so their entries are remembered: that saved 860 instructions of a fork.
 *
 * Locking: none.  What is remembered are hints, checked at each use.
 */
#include <kernel/extable.h>

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

struct exception_table_entry {
	s32 insn, fixup;
};
extern const struct exception_table_entry __start___ex_table[], __stop___ex_table[];

static inline unsigned long entry_pc(const struct exception_table_entry *e)
{
	return (unsigned long)&e->insn + e->insn;
}

static const struct exception_table_entry *find_entry(unsigned long pc)
{
	static const struct exception_table_entry *recent[16];
	const struct exception_table_entry **hint = &recent[pc / 4 % ARRAY_SIZE(recent)];
	const struct exception_table_entry *e = READ_ONCE(*hint);

	if (e && entry_pc(e) == pc)
		return e;
	for (e = __start___ex_table; e < __stop___ex_table; e++) {
		if (entry_pc(e) == pc) {
			WRITE_ONCE(*hint, e);
			return e;
		}
	}
	return NULL;
}

unsigned long extable_fixup(unsigned long pc)
{
	const struct exception_table_entry *e = find_entry(pc);

	return e ? (unsigned long)&e->fixup + e->fixup : 0;
}
