/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exception table: an instruction that may fault on a user address, and where to go on
 * then.  Both are stored relative to themselves, so that the table is read-only data wherever the
 * image runs.
 */
#pragma once

#ifdef __ASSEMBLY__
.macro extable from, to
	.pushsection __ex_table, "a"
	.balign 4
	.long	\from - .
	.long	\to - .
	.popsection
.endm
/* user label, instruction...: an instruction whose fault goes to label */
.macro user fixup, insn:vararg
.Luser_\@:
	\insn
	extable	.Luser_\@, \fixup
.endm
#else
#include <kernel/lib/types.h>

#define EXTABLE_ENTRY(from, to)				\
	"	.pushsection __ex_table, \"a\"\n"	\
	"	.balign 4\n"				\
	"	.long	" from " - .\n"			\
	"	.long	" to " - .\n"			\
	"	.popsection\n"

struct exception_table_entry {
	s32 insn, fixup;
};
extern const struct exception_table_entry __start___ex_table[], __stop___ex_table[];
#endif
