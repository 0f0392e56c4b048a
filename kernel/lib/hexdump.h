/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes as hexadecimal text, and back. */
#pragma once

#include <kernel/lib/types.h>

extern const char hex_asc[];

/* One line of up to 16 bytes: offset-less hex and printable text; length as scnprintf. */
int hex_dump_to_buffer(const void *buf, size_t len, char *line, size_t line_size);
/* Lines "prefix offset: hex text" through printk. */
void print_hex_dump(const char *prefix, const void *buf, size_t len);
int hex_to_bin(unsigned char c);
int hex2bin(u8 *dst, const char *src, size_t count);
char *bin2hex(char *dst, const void *src, size_t count);
