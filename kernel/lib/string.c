// SPDX-License-Identifier: GPL-2.0-only
/*
 * String functions; see string.h.  Nothing here has state or locks.  The memory functions that
 * an architecture may override are in string_generic.c, the allocating ones in string_alloc.c.
 */
#include <kernel/lib/string.h>

#include <kernel/lib/ctype.h>
#include <kernel/lib/err.h>

void *memchr_inv(const void *s, int c, size_t n)
{
	const u8 *p = s;

	for (; n; n--, p++) {
		if (*p != (u8)c)
			return (void *)p;
	}
	return NULL;
}

void *memscan(void *s, int c, size_t n)
{
	void *found = memchr(s, c, n);

	return found ? found : (u8 *)s + n;
}

void *memset16(u16 *p, u16 v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		p[i] = v;
	return p;
}

void *memset32(u32 *p, u32 v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		p[i] = v;
	return p;
}

void *memset64(u64 *p, u64 v, size_t count)
{
	for (size_t i = 0; i < count; i++)
		p[i] = v;
	return p;
}

void memzero_explicit(void *s, size_t n)
{
	memset(s, 0, n);
	__asm__ __volatile__("" : : "r"(s) : "memory");
}

size_t strlen(const char *s)
{
	const char *p = s;

	while (*p)
		p++;
	return p - s;
}

size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

int strcmp(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return (u8)*a - (u8)*b;
}

int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		if (*a != *b)
			return (u8)*a - (u8)*b;
		if (!*a)
			break;
	}
	return 0;
}

int strncasecmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++) {
		int x = tolower((u8)*a);
		int y = tolower((u8)*b);

		if (x != y)
			return x - y;
		if (!x)
			break;
	}
	return 0;
}

int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, SIZE_MAX);
}

char *strcpy(char *dst, const char *src)
{
	memcpy(dst, src, strlen(src) + 1);
	return dst;
}

char *strncpy(char *dst, const char *src, size_t n)
{
	size_t len = strnlen(src, n);

	memcpy(dst, src, len);
	memset(dst + len, 0, n - len);
	return dst;
}

char *strcat(char *dst, const char *src)
{
	strcpy(dst + strlen(dst), src);
	return dst;
}

char *strncat(char *dst, const char *src, size_t n)
{
	size_t at = strlen(dst);
	size_t len = strnlen(src, n);

	memcpy(dst + at, src, len);
	dst[at + len] = '\0';
	return dst;
}

size_t strlcpy(char *dst, const char *src, size_t size)
{
	size_t len = strlen(src);

	if (size) {
		size_t copy = min(len, size - 1);

		memcpy(dst, src, copy);
		dst[copy] = '\0';
	}
	return len;
}

size_t strlcat(char *dst, const char *src, size_t size)
{
	size_t at = strnlen(dst, size);

	if (at == size)
		return size + strlen(src);
	return at + strlcpy(dst + at, src, size - at);
}

ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t len;

	if (!size || size > INT_MAX)
		return -E2BIG;
	len = strnlen(src, size);
	if (len < size) {
		memcpy(dst, src, len);
		dst[len] = '\0';
		return len;
	}
	memcpy(dst, src, size - 1);
	dst[size - 1] = '\0';
	return -E2BIG;
}

ssize_t strscpy_pad(char *dst, const char *src, size_t size)
{
	ssize_t len = strscpy(dst, src, size);

	if (len >= 0)
		memset(dst + len, 0, size - len);
	return len;
}

char *strchrnul(const char *s, int c)
{
	while (*s && *s != (char)c)
		s++;
	return (char *)s;
}

char *strchr(const char *s, int c)
{
	s = strchrnul(s, c);
	return *s == (char)c ? (char *)s : NULL;
}

char *strnchr(const char *s, size_t n, int c)
{
	for (; n; n--, s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			break;
	}
	return NULL;
}

char *strrchr(const char *s, int c)
{
	const char *found = NULL;

	do {
		if (*s == (char)c)
			found = s;
	} while (*s++);
	return (char *)found;
}

char *strnstr(const char *haystack, const char *needle, size_t len)
{
	size_t want = strlen(needle);

	len = strnlen(haystack, len);
	for (; len >= want; haystack++, len--) {
		if (!memcmp(haystack, needle, want))
			return (char *)haystack;
	}
	return NULL;
}

char *strstr(const char *haystack, const char *needle)
{
	return strnstr(haystack, needle, SIZE_MAX);
}

size_t strspn(const char *s, const char *accept)
{
	size_t n = 0;

	while (s[n] && strchr(accept, s[n]))
		n++;
	return n;
}

size_t strcspn(const char *s, const char *reject)
{
	size_t n = 0;

	while (s[n] && !strchr(reject, s[n]))
		n++;
	return n;
}

char *strpbrk(const char *s, const char *accept)
{
	s += strcspn(s, accept);
	return *s ? (char *)s : NULL;
}

char *strsep(char **s, const char *delim)
{
	char *start = *s;
	char *end;

	if (!start)
		return NULL;
	end = strpbrk(start, delim);
	if (end)
		*end++ = '\0';
	*s = end;
	return start;
}

char *skip_spaces(const char *s)
{
	while (isspace((u8)*s))
		s++;
	return (char *)s;
}

char *strim(char *s)
{
	size_t len;

	s = skip_spaces(s);
	for (len = strlen(s); len && isspace((u8)s[len - 1]); len--)
		;
	s[len] = '\0';
	return s;
}

char *strreplace(char *s, char old, char new)
{
	for (; *s; s++) {
		if (*s == old)
			*s = new;
	}
	return s;
}

size_t str_has_prefix(const char *str, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(str, prefix, len) ? 0 : len;
}

bool sysfs_streq(const char *a, const char *b)
{
	for (; *a && *a == *b; a++, b++)
		;
	return (*a == *b) || (!*a && *b == '\n' && !b[1]) || (!*b && *a == '\n' && !a[1]);
}

int match_string(const char *const *array, size_t n, const char *s)
{
	for (size_t i = 0; i < n && array[i]; i++) {
		if (!strcmp(array[i], s))
			return i;
	}
	return -EINVAL;
}

/* Matches c against the class whose text begins at p (after the '['); *end is set behind ']'. */
static bool glob_match_class(const char *p, u8 c, const char **end)
{
	bool inverted = *p == '!' || *p == '^';
	bool found = false;
	const char *first = inverted ? ++p : p;

	for (; *p && (*p != ']' || p == first); p++) {
		u8 low = *p;
		u8 high = low;

		if (p[1] == '-' && p[2] && p[2] != ']') {
			high = p[2];
			p += 2;
		}
		if (low <= c && c <= high)
			found = true;
	}
	*end = *p ? p + 1 : NULL;	/* no ']': not a class at all */
	return found != inverted;
}

/* One pattern element other than '*'; returns the rest of the pattern, or NULL. */
static const char *glob_match_one(const char *pattern, u8 c)
{
	const char *end;

	switch (*pattern) {
	case '\0':
		return NULL;
	case '?':
		return pattern + 1;
	case '[':
		if (glob_match_class(pattern + 1, c, &end) && end)
			return end;
		return !end && c == '[' ? pattern + 1 : NULL;
	case '\\':
		if (pattern[1])
			pattern++;
		break;
	}
	return (u8)*pattern == c ? pattern + 1 : NULL;
}

bool glob_match(const char *pattern, const char *s)
{
	const char *star = NULL;	/* the pattern after the last '*' */
	const char *retry = NULL;	/* where that '*' has eaten up to */

	while (*s) {
		const char *rest;

		if (*pattern == '*') {
			star = ++pattern;
			retry = s;
			continue;
		}
		rest = glob_match_one(pattern, *s);
		if (rest) {
			pattern = rest;
			s++;
			continue;
		}
		if (!star)
			return false;
		pattern = star;
		s = ++retry;
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}
