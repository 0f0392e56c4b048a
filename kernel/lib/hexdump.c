// SPDX-License-Identifier: GPL-2.0-only
/* Bytes as hexadecimal text, and back; see hexdump.h. */
#include <kernel/lib/hexdump.h>

#include <kernel/lib/ctype.h>
#include <kernel/lib/err.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/printk.h>

#define BYTES_PER_LINE	16

const char hex_asc[] = "0123456789abcdef";

int hex_to_bin(unsigned char c)
{
	if (isdigit(c))
		return c - '0';
	return isxdigit(c) ? tolower(c) - 'a' + 10 : -1;
}

int hex2bin(u8 *dst, const char *src, size_t count)
{
	for (; count; count--, src += 2) {
		int high = hex_to_bin(src[0]);
		int low = high < 0 ? -1 : hex_to_bin(src[1]);

		if (low < 0)
			return -EINVAL;
		*dst++ = (high << 4) | low;
	}
	return 0;
}

char *bin2hex(char *dst, const void *src, size_t count)
{
	const u8 *s = src;

	for (; count; count--, s++) {
		*dst++ = hex_asc[*s >> 4];
		*dst++ = hex_asc[*s & 15];
	}
	return dst;
}

int hex_dump_to_buffer(const void *buf, size_t len, char *line, size_t line_size)
{
	const u8 *bytes = buf;
	int n = 0;

	len = min(len, BYTES_PER_LINE);
	for (size_t i = 0; i < BYTES_PER_LINE; i++) {
		if (i < len)
			n += scnprintf(line + n, line_size - n, "%02x ", bytes[i]);
		else
			n += scnprintf(line + n, line_size - n, "   ");
	}
	n += scnprintf(line + n, line_size - n, " ");
	for (size_t i = 0; i < len; i++)
		n += scnprintf(line + n, line_size - n, "%c", isprint(bytes[i]) ? bytes[i] : '.');
	return n;
}

void print_hex_dump(const char *prefix, const void *buf, size_t len)
{
	char line[BYTES_PER_LINE * 4 + 2];

	for (size_t offset = 0; offset < len; offset += BYTES_PER_LINE) {
		hex_dump_to_buffer((const u8 *)buf + offset, len - offset, line, sizeof(line));
		printk("%s%08zx: %s\n", prefix, offset, line);
	}
}
