// SPDX-License-Identifier: GPL-2.0-only
/* Heap sort and binary search; see sort.h. */
#include <kernel/lib/sort.h>

#include <kernel/lib/minmax.h>

static void swap_bytes(void *a, void *b, int size)
{
	u8 *x = a;
	u8 *y = b;

	while (size--) {
		swap(*x, *y);
		x++;
		y++;
	}
}

/* Moves the element at `root` down until the heap property holds in [root, num). */
static void sift_down(u8 *base, size_t root, size_t num, size_t size, cmp_func_t cmp,
		      swap_func_t swap_func)
{
	size_t child;

	while ((child = 2 * root + 1) < num) {
		if (child + 1 < num && cmp(base + child * size, base + (child + 1) * size) < 0)
			child++;
		if (cmp(base + root * size, base + child * size) >= 0)
			return;
		swap_func(base + root * size, base + child * size, (int)size);
		root = child;
	}
}

void sort(void *base, size_t num, size_t size, cmp_func_t cmp, swap_func_t swap_func)
{
	u8 *first = base;

	if (!swap_func)
		swap_func = swap_bytes;
	for (size_t root = num / 2; root-- > 0; )
		sift_down(first, root, num, size, cmp, swap_func);
	for (size_t last = num; last-- > 1; ) {
		swap_func(first, first + last * size, (int)size);
		sift_down(first, 0, last, size, cmp, swap_func);
	}
}

void *bsearch(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp)
{
	const u8 *first = base;

	while (num) {
		const u8 *middle = first + (num / 2) * size;
		int c = cmp(key, middle);

		if (!c)
			return (void *)middle;
		if (c > 0) {
			first = middle + size;
			num--;
		}
		num /= 2;
	}
	return NULL;
}
