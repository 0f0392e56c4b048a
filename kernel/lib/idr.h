/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small integer IDs.  struct idr maps an ID to a pointer (NULL is allowed: the ID is taken but
 * idr_find() returns NULL until idr_replace()); struct ida only hands out numbers.
 * Locking: the caller's, around every call, also for the ida.
 */
#pragma once

#include <kernel/lib/xarray.h>

struct idr {
	struct xarray xa;
	unsigned int idr_next;		/* where idr_alloc_cyclic() goes on */
};

#define IDR_INIT(name)		{ .xa = XARRAY_INIT(name.xa), .idr_next = 0 }
#define DEFINE_IDR(name)	struct idr name = IDR_INIT(name)

void idr_init(struct idr *idr);

/* The lowest free ID in [start, end) (end <= 0: no end), or -ENOSPC, -ENOMEM. */
int __must_check idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
/* The same, but from after the last one handed out, going round. */
int __must_check idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp);
void *idr_remove(struct idr *idr, unsigned long id);
void *idr_find(const struct idr *idr, unsigned long id);
/* Returns the old pointer, or ERR_PTR(-ENOENT). */
void *idr_replace(struct idr *idr, void *ptr, unsigned long id);
/* Calls fn for every non-NULL pointer, until it returns non-zero. */
int idr_for_each(const struct idr *idr, int (*fn)(int id, void *p, void *data), void *data);
/* The first non-NULL pointer at *id or later. */
void *idr_get_next(const struct idr *idr, int *id);
bool idr_is_empty(const struct idr *idr);
void idr_destroy(struct idr *idr);

static inline unsigned int idr_get_cursor(const struct idr *idr)
{
	return READ_ONCE(idr->idr_next);
}

static inline void idr_set_cursor(struct idr *idr, unsigned int next)
{
	WRITE_ONCE(idr->idr_next, next);
}

#define idr_for_each_entry(idr, entry, id)			\
	for (id = 0; ((entry) = idr_get_next(idr, &(id))) != NULL; id += 1)

#define idr_for_each_entry_continue(idr, entry, id)		\
	for (; ((entry) = idr_get_next(idr, &(id))) != NULL; id += 1)

struct ida {
	struct xarray xa;		/* an integer entry for every number that is taken */
};

#define IDA_INIT(name)		{ .xa = XARRAY_INIT(name.xa) }
#define DEFINE_IDA(name)	struct ida name = IDA_INIT(name)

void ida_init(struct ida *ida);
/* The lowest free number in [min, max], or -ENOSPC, -ENOMEM. */
int __must_check ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp);
void ida_free(struct ida *ida, unsigned int id);
bool ida_is_empty(const struct ida *ida);
void ida_destroy(struct ida *ida);

static inline int __must_check ida_alloc(struct ida *ida, gfp_t gfp)
{
	return ida_alloc_range(ida, 0, INT_MAX, gfp);
}

static inline int __must_check ida_alloc_min(struct ida *ida, unsigned int min, gfp_t gfp)
{
	return ida_alloc_range(ida, min, INT_MAX, gfp);
}

static inline int __must_check ida_alloc_max(struct ida *ida, unsigned int max, gfp_t gfp)
{
	return ida_alloc_range(ida, 0, max, gfp);
}
