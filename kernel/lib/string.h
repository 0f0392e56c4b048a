/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Strings and memory.  memcpy, memmove, memset, memcmp and memchr have portable weak versions in
 * string_generic.c; an architecture may define faster ones.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
/* The first byte that is not c, or NULL. */
void *memchr_inv(const void *s, int c, size_t n);
void *memscan(void *s, int c, size_t n);
void *memset16(u16 *p, u16 v, size_t count);
void *memset32(u32 *p, u32 v, size_t count);
void *memset64(u64 *p, u64 v, size_t count);
/* memset() that is not optimised away: for keys. */
void memzero_explicit(void *s, size_t n);

size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);
char *strcpy(char *dst, const char *src);
char *strncpy(char *dst, const char *src, size_t n);
char *strcat(char *dst, const char *src);
char *strncat(char *dst, const char *src, size_t n);
/* BSD's: always terminated (if size > 0); returns the length it wanted. */
size_t strlcpy(char *dst, const char *src, size_t size);
size_t strlcat(char *dst, const char *src, size_t size);
/* Always terminated; returns the length copied or -E2BIG.  Reads no more of src than needed. */
ssize_t strscpy(char *dst, const char *src, size_t size);
/* The same, and the rest of dst is zeroed (for what goes to user space). */
ssize_t strscpy_pad(char *dst, const char *src, size_t size);

char *strchr(const char *s, int c);
char *strchrnul(const char *s, int c);
char *strnchr(const char *s, size_t n, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *haystack, const char *needle);
char *strnstr(const char *haystack, const char *needle, size_t len);
char *strpbrk(const char *s, const char *accept);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);
char *strsep(char **s, const char *delim);
char *skip_spaces(const char *s);
/* Cuts trailing white space off and returns the first other character. */
char *strim(char *s);
/* Replaces each `old` by `new`; returns the end. */
char *strreplace(char *s, char old, char new);
/* Length of the prefix if str begins with it, else 0. */
size_t str_has_prefix(const char *str, const char *prefix);
/* Equal up to one trailing newline: for what is written to sysfs files. */
bool sysfs_streq(const char *a, const char *b);
/* Index of s in the array, or -EINVAL. */
int match_string(const char *const *array, size_t n, const char *s);
/* Shell-style pattern with * ? [a-z] [!a-z] and backslash. */
bool glob_match(const char *pattern, const char *s);

/* @len bytes of user memory and a 0; ERR_PTR(-ENOMEM, -EFAULT). May sleep. */
char *memdup_user_nul(const void __user *src, size_t len);
/* Allocated copies; NULL if there is no memory (or s is NULL). */
char *kstrdup(const char *s, gfp_t gfp) __malloc;
char *kstrndup(const char *s, size_t max, gfp_t gfp) __malloc;
void *kmemdup(const void *src, size_t len, gfp_t gfp) __malloc;
char *kmemdup_nul(const char *s, size_t len, gfp_t gfp) __malloc;
