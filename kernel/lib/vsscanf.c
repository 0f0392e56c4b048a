// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scanning of formatted text; see vsprintf.h.  White space in the format matches any amount;
 * numbers are cut to their type without an overflow check, as in C.
 */
#include <kernel/lib/vsprintf.h>

#include <kernel/lib/ctype.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/string.h>

struct scan_spec {
	bool discard;		/* '*': match, do not store */
	size_t width;		/* SIZE_MAX: none */
	char length;		/* 0, 'H' for hh, h, l, 'L' for ll, z, j, t */
};

static const char *parse_scan_spec(const char *fmt, struct scan_spec *spec)
{
	*spec = (struct scan_spec) { .width = SIZE_MAX };
	if (*fmt == '*') {
		spec->discard = true;
		fmt++;
	}
	if (isdigit((u8)*fmt))
		spec->width = simple_strtoul(fmt, (char **)&fmt, 10);
	if (*fmt == 'h' || *fmt == 'l') {
		spec->length = *fmt++;
		if (*fmt == spec->length) {
			spec->length = toupper(*fmt);
			fmt++;
		}
	} else if (*fmt == 'z' || *fmt == 'j' || *fmt == 't' || *fmt == 'L') {
		spec->length = *fmt++;
	}
	return fmt;
}

static void store_number(u64 value, char length, va_list *args)
{
	switch (length) {
	case 'H':
		*va_arg(*args, u8 *) = (u8)value;
		break;
	case 'h':
		*va_arg(*args, u16 *) = (u16)value;
		break;
	case 'l':
	case 'z':
	case 't':
		*va_arg(*args, unsigned long *) = (unsigned long)value;
		break;
	case 'L':
	case 'j':
		*va_arg(*args, u64 *) = value;
		break;
	default:
		*va_arg(*args, unsigned int *) = (unsigned int)value;
	}
}

/* Returns the rest of str, or NULL if there is no number. */
static const char *scan_number(const char *str, unsigned int base, const struct scan_spec *spec,
			       va_list *args)
{
	char text[72];
	char *end;
	size_t len, sign;
	u64 value;

	str = skip_spaces(str);
	len = strnlen(str, min(spec->width, sizeof(text) - 1));
	memcpy(text, str, len);
	text[len] = '\0';
	sign = *text == '-' || *text == '+';
	if (!isxdigit((u8)text[sign]))
		return NULL;
	value = simple_strtoull(text + sign, &end, base);
	if (end == text + sign)
		return NULL;
	if (!spec->discard)
		store_number(*text == '-' ? 0 - value : value, spec->length, args);
	return str + (end - text);
}

/* Copies characters while they match; set == NULL: everything but white space. */
static const char *scan_text(const char *str, const bool *set, const struct scan_spec *spec,
			     va_list *args)
{
	char *dst = spec->discard ? NULL : va_arg(*args, char *);
	size_t n = 0;

	while (n < spec->width && str[n] && (set ? set[(u8)str[n]] : !isspace((u8)str[n])))
		n++;
	if (!n)
		return NULL;
	if (dst) {
		memcpy(dst, str, n);
		dst[n] = '\0';
	}
	return str + n;
}

/* %c: exactly `width` characters (1), no terminator. */
static const char *scan_chars(const char *str, const struct scan_spec *spec, va_list *args)
{
	size_t width = spec->width == SIZE_MAX ? 1 : spec->width;
	char *dst = spec->discard ? NULL : va_arg(*args, char *);

	if (strnlen(str, width) < width)
		return NULL;
	if (dst)
		memcpy(dst, str, width);
	return str + width;
}

/* The set of %[...]; fmt is behind the '['; returns the format behind the ']'. */
static const char *parse_set(const char *fmt, bool set[256])
{
	bool inverted = *fmt == '^';
	const char *first = inverted ? ++fmt : fmt;

	memset(set, inverted, 256 * sizeof(bool));
	for (; *fmt && (*fmt != ']' || fmt == first); fmt++) {
		unsigned int low = (u8)*fmt;
		unsigned int high = low;

		if (fmt[1] == '-' && fmt[2] && fmt[2] != ']') {
			high = (u8)fmt[2];
			fmt += 2;
		}
		for (; low <= high; low++)
			set[low] = !inverted;
	}
	return *fmt ? fmt + 1 : fmt;
}

static unsigned int number_base(char conversion)
{
	switch (conversion) {
	case 'x':
	case 'X':
		return 16;
	case 'o':
		return 8;
	case 'i':
		return 0;
	}
	return 10;
}

/*
 * One conversion; *fmt is behind the '%' and advanced.  Returns the rest of str or NULL if it did
 * not match; *stored is stepped if it counts as a conversion.
 */
static const char *scan_conversion(const char *start, const char *str, const char **fmt,
				   va_list *args, int *stored)
{
	struct scan_spec spec;
	bool set[256];

	*fmt = parse_scan_spec(*fmt, &spec);
	switch (*(*fmt)++) {
	case 'd':
	case 'u':
	case 'x':
	case 'X':
	case 'o':
	case 'i':
		str = scan_number(str, number_base((*fmt)[-1]), &spec, args);
		break;
	case 's':
		str = scan_text(skip_spaces(str), NULL, &spec, args);
		break;
	case 'c':
		str = scan_chars(str, &spec, args);
		break;
	case '[':
		*fmt = parse_set(*fmt, set);
		str = scan_text(str, set, &spec, args);
		break;
	case 'n':
		store_number(str - start, spec.length, args);
		return str;
	case '%':
		return *str == '%' ? str + 1 : NULL;
	default:
		return NULL;
	}
	if (str && !spec.discard)
		++*stored;
	return str;
}

int vsscanf(const char *start, const char *fmt, va_list args)
{
	const char *str = start;
	int stored = 0;
	va_list copy;

	va_copy(copy, args);
	while (str && *fmt) {
		if (isspace((u8)*fmt)) {
			str = skip_spaces(str);
			fmt++;
		} else if (*fmt == '%') {
			fmt++;
			str = scan_conversion(start, str, &fmt, &copy, &stored);
		} else {
			str = *str == *fmt++ ? str + 1 : NULL;
		}
	}
	va_end(copy);
	return stored;
}

int sscanf(const char *str, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsscanf(str, fmt, args);
	va_end(args);
	return n;
}
