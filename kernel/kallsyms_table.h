/* SPDX-License-Identifier: GPL-2.0-only */
/* The table that scripts/gen-kallsyms.py makes: kernel/kallsyms.c reads it. */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

extern const u32 kallsyms_num_syms, kallsyms_text_size, kallsyms_packed_size, kallsyms_bases[], kallsyms_markers[];
extern const u16 kallsyms_offsets[];
extern const u8 kallsyms_packed[];
extern char kallsyms_text[];		/* of kallsyms_text_size, empty until kallsyms.c has unpacked it */
