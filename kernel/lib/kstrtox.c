// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers from strings; see kstrtox.h.  parse_digits() does the work for both the strict
 * kstrto*() family and the lenient simple_strto*() one.
 */
#include <kernel/lib/kstrtox.h>

#include <kernel/lib/ctype.h>
#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>

static unsigned int digit_value(char c)
{
	if (isdigit((u8)c))
		return c - '0';
	return isalpha((u8)c) ? (unsigned int)tolower((u8)c) - 'a' + 10 : 255;
}

/* Settles base 0 and skips a 0x prefix that is followed by a digit. */
static const char *parse_base(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && tolower((u8)s[1]) == 'x' && isxdigit((u8)s[2]);

	if (!*base)
		*base = hex ? 16 : (s[0] == '0' ? 8 : 10);
	return hex && *base == 16 ? s + 2 : s;
}

/* Returns the number of digits; *overflow is set if the value did not fit. */
static size_t parse_digits(const char *s, unsigned int base, u64 *value, bool *overflow)
{
	u64 sum = 0;
	u64 limit = div_u64(U64_MAX, base);
	size_t n;

	*overflow = false;
	for (n = 0; digit_value(s[n]) < base; n++) {
		unsigned int digit = digit_value(s[n]);

		if (sum > limit || sum * base > U64_MAX - digit)
			*overflow = true;
		sum = sum * base + digit;
	}
	*value = sum;
	return n;
}

/* The strict reading of an unsigned number, without a sign. */
static int parse_whole(const char *s, unsigned int base, u64 *res)
{
	bool overflow;
	u64 value;
	size_t n;

	s = parse_base(s, &base);
	n = parse_digits(s, base, &value, &overflow);
	if (!n)
		return -EINVAL;
	s += n;
	if (*s == '\n')
		s++;
	if (*s)
		return -EINVAL;
	if (overflow)
		return -ERANGE;
	*res = value;
	return 0;
}

/* An unsigned number of at most `max`, with an optional '+'. */
static int parse_unsigned(const char *s, unsigned int base, u64 max, u64 *res)
{
	u64 value;
	int err;

	err = parse_whole(*s == '+' ? s + 1 : s, base, &value);
	if (err)
		return err;
	if (value > max)
		return -ERANGE;
	*res = value;
	return 0;
}

/* A signed number within [-max - 1, max]. */
static int parse_signed(const char *s, unsigned int base, u64 max, s64 *res)
{
	bool negative = *s == '-';
	u64 value;
	int err;

	err = parse_whole(negative || *s == '+' ? s + 1 : s, base, &value);
	if (err)
		return err;
	if (value > max + negative)
		return -ERANGE;
	*res = negative ? (s64)(0 - value) : (s64)value;
	return 0;
}

#define DEFINE_KSTRTO(name, type, wide, parse, max)			\
int name(const char *s, unsigned int base, type *res)			\
{									\
	wide value;							\
	int err = parse(s, base, max, &value);				\
									\
	if (!err)							\
		*res = value;						\
	return err;							\
}

DEFINE_KSTRTO(kstrtoull, unsigned long long, u64, parse_unsigned, U64_MAX)
DEFINE_KSTRTO(kstrtou64, u64, u64, parse_unsigned, U64_MAX)
DEFINE_KSTRTO(kstrtoul, unsigned long, u64, parse_unsigned, ULONG_MAX)
DEFINE_KSTRTO(kstrtouint, unsigned int, u64, parse_unsigned, UINT_MAX)
DEFINE_KSTRTO(kstrtou32, u32, u64, parse_unsigned, U32_MAX)
DEFINE_KSTRTO(kstrtou16, u16, u64, parse_unsigned, U16_MAX)
DEFINE_KSTRTO(kstrtou8, u8, u64, parse_unsigned, U8_MAX)
DEFINE_KSTRTO(kstrtoll, long long, s64, parse_signed, LLONG_MAX)
DEFINE_KSTRTO(kstrtos64, s64, s64, parse_signed, S64_MAX)
DEFINE_KSTRTO(kstrtol, long, s64, parse_signed, LONG_MAX)
DEFINE_KSTRTO(kstrtoint, int, s64, parse_signed, INT_MAX)
DEFINE_KSTRTO(kstrtos32, s32, s64, parse_signed, S32_MAX)

int kstrtobool(const char *s, bool *res)
{
	static const char *const truths[] = { "1", "y", "yes", "on", "t", "true" };
	static const char *const lies[] = { "0", "n", "no", "off", "f", "false" };

	for (size_t i = 0; i < ARRAY_SIZE(truths); i++) {
		size_t len = strlen(truths[i]);

		if (!strncasecmp(s, truths[i], len) && sysfs_streq(s + len, "")) {
			*res = true;
			return 0;
		}
		len = strlen(lies[i]);
		if (!strncasecmp(s, lies[i], len) && sysfs_streq(s + len, "")) {
			*res = false;
			return 0;
		}
	}
	return -EINVAL;
}

unsigned long long simple_strtoull(const char *s, char **end, unsigned int base)
{
	const char *digits = parse_base(s, &base);
	bool overflow;
	u64 value;
	size_t n = parse_digits(digits, base, &value, &overflow);

	if (end)
		*end = (char *)(n ? digits + n : s);
	return value;
}

long long simple_strtoll(const char *s, char **end, unsigned int base)
{
	if (*s == '-')
		return -(long long)simple_strtoull(s + 1, end, base);
	return simple_strtoull(s, end, base);
}

unsigned long simple_strtoul(const char *s, char **end, unsigned int base)
{
	return simple_strtoull(s, end, base);
}

long simple_strtol(const char *s, char **end, unsigned int base)
{
	return simple_strtoll(s, end, base);
}

unsigned long long memparse(const char *s, char **end)
{
	static const char suffixes[] = "kmgtpe";
	char *rest;
	unsigned long long value = simple_strtoull(s, &rest, 0);
	const char *suffix = *rest ? strchr(suffixes, tolower((u8)*rest)) : NULL;

	if (suffix && rest != s) {
		value <<= 10 * (suffix - suffixes + 1);
		rest++;
	}
	if (end)
		*end = rest;
	return value;
}
