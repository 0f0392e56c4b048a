// SPDX-License-Identifier: GPL-2.0-only
/*
 * Formatted printing; see vsprintf.h for the conversions.
 *
 * The text goes into a struct out, which counts everything and stores what fits.  A conversion
 * is parsed into a struct spec; the %p extensions are in print_pointer().  No locks, no
 * allocation, usable in any context.
 */
#include <kernel/lib/vsprintf.h>

#include <kernel/lib/bitmap.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/ctype.h>
#include <kernel/lib/err.h>
#include <kernel/lib/hexdump.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>

struct out {
	char *buf;
	size_t size;		/* of buf, with the NUL */
	size_t pos;		/* characters so far, stored or not */
};

#define FLAG_LEFT	1
#define FLAG_PLUS	2
#define FLAG_SPACE	4
#define FLAG_ALT	8
#define FLAG_ZERO	16
#define FLAG_UPPER	32

struct spec {
	unsigned int flags;
	unsigned int base;
	int width;		/* -1: none */
	int precision;		/* -1: none */
	char length;		/* 0, 'H' for hh, h, l, 'L' for ll, z, t, j */
};

#define MAX_WIDTH	4096	/* a bound on padding, against wild '*' arguments */
#define NUMBER_DIGITS	24	/* 64 bits in octal need 22 */

static void put(struct out *out, char c)
{
	if (out->pos + 1 < out->size)
		out->buf[out->pos] = c;
	out->pos++;
}

static void put_repeated(struct out *out, char c, int count)
{
	while (count-- > 0)
		put(out, c);
}

static void put_bytes(struct out *out, const char *s, size_t len)
{
	while (len--)
		put(out, *s++);
}

/* A text within the field width; precision limits what is read of s. */
static void print_string(struct out *out, const char *s, const struct spec *spec)
{
	size_t len;
	int pad;

	if ((unsigned long)s < 4096)
		s = "(null)";
	else if (IS_ERR(s))
		s = "(err)";
	len = strnlen(s, spec->precision < 0 ? SIZE_MAX : (size_t)spec->precision);
	pad = spec->width > 0 && (size_t)spec->width > len ? spec->width - (int)len : 0;
	if (!(spec->flags & FLAG_LEFT))
		put_repeated(out, ' ', pad);
	put_bytes(out, s, len);
	if (spec->flags & FLAG_LEFT)
		put_repeated(out, ' ', pad);
}

/* Digits of value, last first; returns how many. */
static int digits_reversed(char *digits, u64 value, const struct spec *spec)
{
	const char *set = spec->flags & FLAG_UPPER ? "0123456789ABCDEF" : "0123456789abcdef";
	int n = 0;

	for (; value > ULONG_MAX; n++) {	/* 64-bit division only where it is needed */
		u32 digit;

		value = div_u64_rem(value, spec->base, &digit);
		digits[n] = set[digit];
	}
	for (unsigned long low = value; low; low /= spec->base)
		digits[n++] = set[low % spec->base];
	return n;
}

static char sign_char(bool negative, const struct spec *spec)
{
	if (negative)
		return '-';
	if (spec->flags & FLAG_PLUS)
		return '+';
	return spec->flags & FLAG_SPACE ? ' ' : '\0';
}

/* What stands before the digits: sign, or 0x of the alternate form. */
static int number_prefix(char *prefix, u64 value, char sign, const struct spec *spec)
{
	int len = 0;

	if (sign)
		prefix[len++] = sign;
	if ((spec->flags & FLAG_ALT) && spec->base == 16 && value) {
		prefix[len++] = '0';
		prefix[len++] = spec->flags & FLAG_UPPER ? 'X' : 'x';
	}
	return len;
}

static void print_number(struct out *out, u64 value, char sign, const struct spec *spec)
{
	char digits[NUMBER_DIGITS];
	char prefix[3];
	int n = digits_reversed(digits, value, spec);
	int prefix_len = number_prefix(prefix, value, sign, spec);
	int zeros = max(spec->precision, spec->precision < 0 ? 1 : 0) - n;
	bool zero_fill = (spec->flags & (FLAG_ZERO | FLAG_LEFT)) == FLAG_ZERO;
	int pad;

	if ((spec->flags & FLAG_ALT) && spec->base == 8 && zeros <= 0)
		zeros = 1;
	zeros = max(zeros, 0);
	pad = spec->width - prefix_len - zeros - n;
	if (pad > 0 && spec->precision < 0 && zero_fill) {
		zeros += pad;
		pad = 0;
	}
	if (!(spec->flags & FLAG_LEFT))
		put_repeated(out, ' ', pad);
	put_bytes(out, prefix, prefix_len);
	put_repeated(out, '0', zeros);
	while (n--)
		put(out, digits[n]);
	if (spec->flags & FLAG_LEFT)
		put_repeated(out, ' ', pad);
}

static void print_hex_word(struct out *out, u64 value, int digits)
{
	struct spec spec = { .base = 16, .width = 0, .precision = digits };

	print_number(out, value, '\0', &spec);
}

static void print_symbol(struct out *out, const void *ptr, char kind, const struct spec *spec)
{
	char text[160];

	sprint_symbol(text, sizeof(text), (unsigned long)ptr);
	if (kind == 's')
		*strchrnul(text, '+') = '\0';
	print_string(out, text, spec);
}

static void print_error(struct out *out, const void *ptr, const struct spec *spec)
{
	const char *name = IS_ERR(ptr) ? errname((int)PTR_ERR(ptr)) : NULL;

	if (name) {
		put(out, '-');
		print_string(out, name, spec);
	} else if (IS_ERR(ptr)) {
		struct spec decimal = { .base = 10, .width = 0, .precision = -1 };

		print_number(out, -PTR_ERR(ptr), '-', &decimal);
	} else {
		print_hex_word(out, (unsigned long)ptr, 2 * sizeof(ptr));
	}
}

static void print_nested(struct out *out, const struct va_format *format)
{
	bool fits = out->pos < out->size;
	va_list args;

	va_copy(args, *format->va);
	out->pos += vsnprintf(fits ? out->buf + out->pos : NULL, fits ? out->size - out->pos : 0,
			      format->fmt, args);
	va_end(args);
}

static void print_bytes(struct out *out, const u8 *bytes, int count, char separator)
{
	for (int i = 0; i < count; i++) {
		if (i)
			put(out, separator);
		put(out, hex_asc[bytes[i] >> 4]);
		put(out, hex_asc[bytes[i] & 15]);
	}
}

static void print_ipv4(struct out *out, const u8 *bytes)
{
	struct spec spec = { .base = 10, .width = 0, .precision = -1 };

	for (int i = 0; i < 4; i++) {
		if (i)
			put(out, '.');
		print_number(out, bytes[i], '\0', &spec);
	}
}

/* As 32-bit words separated by commas, the highest first: the form of /proc. */
static void print_bitmap(struct out *out, const unsigned long *map, int nbits)
{
	int word = nbits > 0 ? (nbits - 1) / 32 : -1;
	int bits = nbits - word * 32;

	for (; word >= 0; word--, bits = 32) {
		u32 value = map[word * 32 / BITS_PER_LONG] >> (word * 32 % BITS_PER_LONG);

		if (bits < 32)
			value &= (1U << bits) - 1;
		print_hex_word(out, value, DIV_ROUND_UP(bits, 4));
		if (word)
			put(out, ',');
	}
}

static void print_bitmap_list(struct out *out, const unsigned long *map, int nbits)
{
	char text[128];

	bitmap_print_list(text, sizeof(text), map, nbits > 0 ? nbits : 0);
	put_bytes(out, text, strlen(text));
}

/* The conversion %p and what follows it; returns the rest of the format. */
static const char *print_pointer(struct out *out, const char *fmt, const void *ptr,
				 struct spec *spec)
{
	struct spec hex = { .base = 16, .width = 0, .precision = 2 * sizeof(ptr) };

	switch (*fmt) {
	case 'S':
	case 's':
	case 'B':
		print_symbol(out, ptr, *fmt, spec);
		return fmt + 1;
	case 'e':
		print_error(out, ptr, spec);
		return fmt + 1;
	case 'V':
		print_nested(out, ptr);
		return fmt + 1;
	case 'a':
		hex.precision = 2 * sizeof(phys_addr_t);
		hex.flags = FLAG_ALT;
		print_number(out, *(const phys_addr_t *)ptr, '\0', &hex);
		return fmt + 1;
	case 'M':
		print_bytes(out, ptr, 6, ':');
		return fmt + 1;
	case 'I':
		if (fmt[1] != '4')
			break;
		print_ipv4(out, ptr);
		return fmt + 2;
	case 'h':
		print_bytes(out, ptr, min(spec->width, 64), ' ');
		return fmt + 1;
	case 'b':
		if (fmt[1] == 'l') {
			print_bitmap_list(out, ptr, spec->width);
			return fmt + 2;
		}
		print_bitmap(out, ptr, spec->width);
		return fmt + 1;
	case 'K':
	case 'x':
		fmt++;
		break;
	}
	print_number(out, (unsigned long)ptr, '\0', &hex);
	return fmt;
}

static const char *parse_flags(const char *fmt, struct spec *spec)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-':
			spec->flags |= FLAG_LEFT;
			break;
		case '+':
			spec->flags |= FLAG_PLUS;
			break;
		case ' ':
			spec->flags |= FLAG_SPACE;
			break;
		case '#':
			spec->flags |= FLAG_ALT;
			break;
		case '0':
			spec->flags |= FLAG_ZERO;
			break;
		default:
			return fmt;
		}
	}
}

static const char *parse_int(const char *fmt, int *value)
{
	for (*value = 0; isdigit((u8)*fmt); fmt++)
		*value = min(*value * 10 + (*fmt - '0'), MAX_WIDTH);
	return fmt;
}

static const char *parse_length(const char *fmt, struct spec *spec)
{
	switch (*fmt) {
	case 'h':
	case 'l':
		if (fmt[1] == fmt[0]) {
			spec->length = toupper(*fmt);
			return fmt + 2;
		}
		fallthrough;
	case 'z':
	case 't':
	case 'j':
	case 'L':
		spec->length = *fmt;
		return fmt + 1;
	}
	return fmt;
}

/* Sign-extended; next_unsigned() cuts to the right width. */
static s64 next_signed(struct spec *spec, va_list *args)
{
	switch (spec->length) {
	case 'L':
	case 'j':
		return va_arg(*args, long long);
	case 'l':
	case 't':
		return va_arg(*args, long);
	case 'z':
		return va_arg(*args, ssize_t);
	case 'h':
		return (short)va_arg(*args, int);
	case 'H':
		return (signed char)va_arg(*args, int);
	}
	return va_arg(*args, int);
}

static u64 next_unsigned(struct spec *spec, va_list *args)
{
	u64 value = next_signed(spec, args);

	switch (spec->length) {
	case 'L':
	case 'j':
		return value;
	case 'l':
	case 't':
	case 'z':
		return (unsigned long)value;
	case 'h':
		return (u16)value;
	case 'H':
		return (u8)value;
	}
	return (u32)value;
}

static void print_char(struct out *out, char c, const struct spec *spec)
{
	if (!(spec->flags & FLAG_LEFT))
		put_repeated(out, ' ', spec->width - 1);
	put(out, c);
	if (spec->flags & FLAG_LEFT)
		put_repeated(out, ' ', spec->width - 1);
}

static void print_signed(struct out *out, s64 value, const struct spec *spec)
{
	bool negative = value < 0;

	print_number(out, negative ? 0 - (u64)value : (u64)value, sign_char(negative, spec), spec);
}

/* Flags, width, precision and length of one conversion; fmt is behind the '%'. */
static const char *parse_spec(const char *fmt, struct spec *spec, va_list *args)
{
	*spec = (struct spec) { .base = 10, .width = -1, .precision = -1 };
	fmt = parse_flags(fmt, spec);
	if (*fmt == '*') {
		spec->width = va_arg(*args, int);
		if (spec->width < 0)
			spec->flags |= FLAG_LEFT;
		spec->width = min(abs(spec->width), MAX_WIDTH);
		fmt++;
	} else if (isdigit((u8)*fmt)) {
		fmt = parse_int(fmt, &spec->width);
	}
	if (*fmt == '.') {
		fmt++;
		if (*fmt == '*') {
			spec->precision = clamp(va_arg(*args, int), -1, MAX_WIDTH);
			fmt++;
		} else {
			fmt = parse_int(fmt, &spec->precision);
		}
	}
	return parse_length(fmt, spec);
}

/* One conversion, fmt behind the '%'; returns the rest of the format. */
static const char *print_conversion(struct out *out, const char *fmt, va_list *args)
{
	const char *start = fmt;
	struct spec spec;

	fmt = parse_spec(fmt, &spec, args);
	switch (*fmt) {
	case 'd':
	case 'i':
		print_signed(out, next_signed(&spec, args), &spec);
		return fmt + 1;
	case 'X':
		spec.flags |= FLAG_UPPER;
		fallthrough;
	case 'x':
		spec.base = 16;
		print_number(out, next_unsigned(&spec, args), '\0', &spec);
		return fmt + 1;
	case 'o':
		spec.base = 8;
		fallthrough;
	case 'u':
		print_number(out, next_unsigned(&spec, args), '\0', &spec);
		return fmt + 1;
	case 'c':
		print_char(out, (char)va_arg(*args, int), &spec);
		return fmt + 1;
	case 's':
		print_string(out, va_arg(*args, const char *), &spec);
		return fmt + 1;
	case 'p':
		return print_pointer(out, fmt + 1, va_arg(*args, const void *), &spec);
	case '%':
		put(out, '%');
		return fmt + 1;
	}
	/* Unknown: shown as it is, and its argument is not taken. */
	put(out, '%');
	return start;
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out out = { .buf = buf, .size = size > INT_MAX ? 0 : size };
	va_list copy;

	va_copy(copy, args);
	while (*fmt) {
		if (*fmt == '%')
			fmt = print_conversion(&out, fmt + 1, &copy);
		else
			put(&out, *fmt++);
	}
	va_end(copy);
	if (out.size)
		buf[min(out.pos, out.size - 1)] = '\0';
	return (int)out.pos;
}

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int len;

	if (!size)
		return 0;
	len = vsnprintf(buf, size, fmt, args);
	return (size_t)len < size ? len : (int)size - 1;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

int sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, INT_MAX, fmt, args);
	va_end(args);
	return len;
}

__weak int sprint_symbol(char *buf, size_t n, unsigned long addr)
{
	return scnprintf(buf, n, "0x%lx", addr);
}
