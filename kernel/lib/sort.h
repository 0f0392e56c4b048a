/* SPDX-License-Identifier: GPL-2.0-only */
/* Heap sort (in place, O(n log n) always, not stable) and binary search. */
#pragma once

#include <kernel/lib/types.h>

typedef int (*cmp_func_t)(const void *a, const void *b);
typedef void (*swap_func_t)(void *a, void *b, int size);

/* swap_func may be NULL. */
void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap_func);
void *bsearch(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp);
