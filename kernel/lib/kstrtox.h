/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers from strings.  The kstrto*() functions want the whole string to be a number (one
 * trailing newline is allowed): 0, -EINVAL for bad syntax, -ERANGE for overflow; the result is
 * written only on success.  Base 0 takes 0x and 0 prefixes.  The simple_*() ones stop at the
 * first character that does not belong and tell where; they do not see overflow.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

int __must_check kstrtoull(const char *s, unsigned int base, unsigned long long *res);
int __must_check kstrtoll(const char *s, unsigned int base, long long *res);
int __must_check kstrtoul(const char *s, unsigned int base, unsigned long *res);
int __must_check kstrtol(const char *s, unsigned int base, long *res);
int __must_check kstrtouint(const char *s, unsigned int base, unsigned int *res);
int __must_check kstrtoint(const char *s, unsigned int base, int *res);
int __must_check kstrtou64(const char *s, unsigned int base, u64 *res);
int __must_check kstrtos64(const char *s, unsigned int base, s64 *res);
int __must_check kstrtou32(const char *s, unsigned int base, u32 *res);
int __must_check kstrtos32(const char *s, unsigned int base, s32 *res);
int __must_check kstrtou16(const char *s, unsigned int base, u16 *res);
int __must_check kstrtou8(const char *s, unsigned int base, u8 *res);
/* y, yes, 1, on, t / n, no, 0, off, f. */
int __must_check kstrtobool(const char *s, bool *res);

unsigned long long simple_strtoull(const char *s, char **end, unsigned int base);
long long simple_strtoll(const char *s, char **end, unsigned int base);
unsigned long simple_strtoul(const char *s, char **end, unsigned int base);
long simple_strtol(const char *s, char **end, unsigned int base);

/* A number with an optional suffix K, M, G, T (powers of 1024). */
unsigned long long memparse(const char *s, char **end);
