/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Formatted printing and scanning.  Besides C's conversions (no floating point):
 *	%p %px %pK	pointer in hexadecimal, full width
 *	%pS %ps %pB	symbol+offset of an address (%ps: without offset)
 *	%pe		error name of an ERR_PTR()
 *	%pV		struct va_format *: a format within a format
 *	%pa		phys_addr_t *, by reference
 *	%pM %pI4	MAC address (u8 *), IPv4 address (__be32 *)
 *	%*pb %*pbl	bitmap of `width` bits, as hexadecimal words or as a list "0-3,7"
 *	%*ph		`width` bytes in hexadecimal with spaces
 */
#pragma once

#include <stdarg.h>
#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

struct va_format {
	const char *fmt;
	va_list *va;
};

/* Return the length the whole text needs, as C says. */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int sprintf(char *buf, const char *fmt, ...) __printf(2, 3);
/* Return the length that is in the buffer. */
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
/* Into allocated memory, or NULL. */
char *kvasprintf(gfp_t gfp, const char *fmt, va_list args) __printf(2, 0) __malloc;
char *kasprintf(gfp_t gfp, const char *fmt, ...) __printf(2, 3) __malloc;

/* %d %i %u %x %o %c %s %n %[ ] %% with widths, * and hh h l ll z; returns the conversions. */
int vsscanf(const char *str, const char *fmt, va_list args) __scanf(2, 0);
int sscanf(const char *str, const char *fmt, ...) __scanf(2, 3);

/* "name+0x10/0x80" for an address; a weak fall-back prints the number. */
int sprint_symbol(char *buf, size_t n, unsigned long addr);
/* "ENOENT" for 2, or NULL. */
const char *errname(int err);
