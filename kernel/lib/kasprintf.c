// SPDX-License-Identifier: GPL-2.0-only
/* Printing into allocated memory; see vsprintf.h. */
#include <kernel/lib/vsprintf.h>

#include <mm/slab.h>

char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
{
	va_list measure;
	char *text;
	int len;

	va_copy(measure, args);
	len = vsnprintf(NULL, 0, fmt, measure);
	va_end(measure);
	text = kmalloc(len + 1, gfp);
	if (text)
		vsnprintf(text, len + 1, fmt, args);
	return text;
}

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = kvasprintf(gfp, fmt, args);
	va_end(args);
	return text;
}
