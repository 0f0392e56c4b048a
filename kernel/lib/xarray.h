/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * XArray: a sparse array of pointers indexed by unsigned long, kept as a radix tree of 64-slot
 * nodes, with three marks per entry.
 *
 * Locking: none inside.  The caller's own lock covers everything: a writer (store, erase, marks)
 * excludes everybody, readers may run together.  A caller that holds a spinlock passes
 * GFP_ATOMIC.  A store that fails with -ENOMEM has changed nothing.
 *
 * Entries are pointers aligned to 4 bytes, or integers made with xa_mk_value().  NULL is absence.
 * Functions that return an entry return ERR_PTR() on failure: test with xa_err() or IS_ERR().
 */
#pragma once

#include <kernel/lib/bitops.h>
#include <kernel/lib/err.h>
#include <kernel/lib/types.h>

typedef unsigned int xa_mark_t;

#define XA_MARK_0	0U
#define XA_MARK_1	1U
#define XA_MARK_2	2U
#define XA_MAX_MARKS	3
#define XA_PRESENT	8U	/* as a filter: every entry */

struct xa_node;

struct xarray {
	void *xa_head;			/* NULL, one entry at index 0, or a tagged node */
	u8 xa_head_marks;		/* marks of a single entry in xa_head */
};

struct xa_limit {
	u32 max;
	u32 min;
};

#define XA_LIMIT(lo, hi)	((struct xa_limit) { .min = (lo), .max = (hi) })
#define xa_limit_32b		XA_LIMIT(0, U32_MAX)
#define xa_limit_31b		XA_LIMIT(0, INT_MAX)

#define XARRAY_INIT(name)	{ .xa_head = NULL }
#define DEFINE_XARRAY(name)	struct xarray name = XARRAY_INIT(name)

/* Called once, after the slab allocator works and before the first store. */
void xarray_init(void);

static inline void xa_init(struct xarray *xa)
{
	xa->xa_head = NULL;
	xa->xa_head_marks = 0;
}

static inline void *xa_mk_value(unsigned long v)
{
	return (void *)((v << 1) | 1);
}

static inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

static inline int xa_err(const void *entry)
{
	return PTR_ERR_OR_ZERO(entry);
}

static inline bool xa_empty(const struct xarray *xa)
{
	return xa->xa_head == NULL;
}

void *xa_load(const struct xarray *xa, unsigned long index);

/* Stores and returns the old entry.  The marks of an existing entry stay; storing NULL erases. */
void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);

/* Stores if there is nothing: 0, -EBUSY or -ENOMEM. */
int __must_check xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);

/* Stores `entry` if `old` is there; returns what was there. */
void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp);

/* Stores in the lowest free place of the limit: 0, -EBUSY or -ENOMEM. */
int __must_check xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
			  gfp_t gfp);

/* The lowest index in [index, max] without an entry; false if there is none. */
bool xa_find_free(const struct xarray *xa, unsigned long *index, unsigned long max);

/* The first entry at *index or later (xa_find_after: later) up to max; *index is set to it. */
void *xa_find(const struct xarray *xa, unsigned long *index, unsigned long max, xa_mark_t filter);
void *xa_find_after(const struct xarray *xa, unsigned long *index, unsigned long max,
		    xa_mark_t filter);

void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark);
bool xa_get_mark(const struct xarray *xa, unsigned long index, xa_mark_t mark);
bool xa_marked(const struct xarray *xa, xa_mark_t mark);

/* Up to n entries from start to max into dst; returns how many. */
unsigned int xa_extract(const struct xarray *xa, void **dst, unsigned long start,
			unsigned long max, unsigned int n, xa_mark_t filter);

/* What is at start, start + 1, ... into n places of dst, NULL for nothing: one way down per node. */
void xa_load_range(const struct xarray *xa, unsigned long start, void **dst, unsigned int n);

/* Removes everything; what the entries point to is the caller's. */
void xa_destroy(struct xarray *xa);

/* `index` is an unsigned long, `entry` a pointer.  The body may erase or store the entry. */
#define xa_for_each_range(xa, index, entry, start, last)		\
	for (index = (start),						\
	     entry = xa_find(xa, &index, (last), XA_PRESENT);		\
	     entry;							\
	     entry = xa_find_after(xa, &index, (last), XA_PRESENT))

#define xa_for_each_start(xa, index, entry, start) \
	xa_for_each_range(xa, index, entry, start, ULONG_MAX)

#define xa_for_each(xa, index, entry) \
	xa_for_each_start(xa, index, entry, 0)

#define xa_for_each_marked(xa, index, entry, filter)			\
	for (index = 0, entry = xa_find(xa, &index, ULONG_MAX, filter);	\
	     entry;							\
	     entry = xa_find_after(xa, &index, ULONG_MAX, filter))
