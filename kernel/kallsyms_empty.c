// SPDX-License-Identifier: GPL-2.0-only
/*
 * The symbol table of a kernel that has none yet.  In a file of its own, so that the compiler does
 * not take these values for those of the table that replaces them at the next link.
 */
#include <kernel/kallsyms_table.h>

const u32 kallsyms_num_syms __weak = 0;
const u32 kallsyms_text_size __weak = 0;
const u32 kallsyms_packed_size __weak = 0;
const u32 kallsyms_bases[] __weak = { 0 };
const u32 kallsyms_markers[] __weak = { 0 };
const u16 kallsyms_offsets[] __weak = { 0 };
const u8 kallsyms_packed[] __weak = { 0 };
char kallsyms_text[1] __weak;
