/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The exception table: an instruction that may fault on a user address, and where to go on then.  Both
 * are stored relative to themselves, so that the table is read-only data wherever the image runs.  The
 * ports' assembly makes the entries; their fixup_exception() asks here.
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
#define EXTABLE_ENTRY(from, to)				\
	"	.pushsection __ex_table, \"a\"\n"	\
	"	.balign 4\n"				\
	"	.long	" from " - .\n"			\
	"	.long	" to " - .\n"			\
	"	.popsection\n"

/* Where to go on after a fault of the kernel at @pc; 0: nowhere. Any context, no locks. */
unsigned long extable_fixup(unsigned long pc);
#endif
