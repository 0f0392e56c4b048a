/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's symbol table: made by scripts/gen-kallsyms.py after the first link. */
#pragma once

#include <kernel/lib/types.h>

#define KSYM_NAME_LEN	128

struct ksymbol {
	unsigned long	addr;		/* start */
	unsigned long	size;		/* up to the next one */
	char		type;		/* nm's letter */
	char		name[KSYM_NAME_LEN];
};

/* The function or object that holds @addr; false: not in the kernel or no table. Any context. */
bool kallsyms_lookup(unsigned long addr, struct ksymbol *sym);
/* n-th symbol by address, for /proc/kallsyms; false: past the end. */
bool kallsyms_nth(unsigned long n, struct ksymbol *sym);
/* Address of @name, or 0. Slow. */
unsigned long kallsyms_find(const char *name);
bool is_kernel_text(unsigned long addr);
