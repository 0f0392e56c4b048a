// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small integer IDs on top of an XArray; see idr.h.  The caller locks.
 * A NULL pointer under a taken ID is kept as a marker entry.
 */
#include <kernel/lib/idr.h>

#include <kernel/lib/bug.h>

#define TAKEN	xa_mk_value(0)

static void *to_entry(void *ptr)
{
	return ptr ? ptr : TAKEN;
}

static void *from_entry(void *entry)
{
	return entry == TAKEN ? NULL : entry;
}

void idr_init(struct idr *idr)
{
	xa_init(&idr->xa);
	idr->idr_next = 0;
}

/* As idr_alloc(), with an inclusive end. */
static int alloc_range(struct idr *idr, void *ptr, unsigned long start, unsigned long last,
		       gfp_t gfp)
{
	unsigned long id = start;
	int err;

	if (start > last || !xa_find_free(&idr->xa, &id, last))
		return -ENOSPC;
	err = xa_err(xa_store(&idr->xa, id, to_entry(ptr), gfp));
	return err ? err : (int)id;
}

static unsigned long last_id(int end)
{
	return end > 0 ? end - 1 : INT_MAX;
}

int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	if (WARN_ON(start < 0))
		return -EINVAL;
	return alloc_range(idr, ptr, start, last_id(end), gfp);
}

int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	unsigned int next = max(idr->idr_next, (unsigned int)start);
	int id;

	if (WARN_ON(start < 0))
		return -EINVAL;
	id = alloc_range(idr, ptr, next, last_id(end), gfp);
	if (id == -ENOSPC && next > (unsigned int)start)
		id = alloc_range(idr, ptr, start, last_id(end), gfp);
	if (id >= 0)
		idr->idr_next = (unsigned int)id + 1;
	return id;
}

void *idr_remove(struct idr *idr, unsigned long id)
{
	return from_entry(xa_erase(&idr->xa, id));
}

void *idr_find(const struct idr *idr, unsigned long id)
{
	return from_entry(xa_load(&idr->xa, id));
}

void *idr_replace(struct idr *idr, void *ptr, unsigned long id)
{
	void *old = xa_load(&idr->xa, id);

	if (!old)
		return ERR_PTR(-ENOENT);
	/* Storing over an entry needs no memory. */
	return from_entry(xa_store(&idr->xa, id, to_entry(ptr), 0));
}

void *idr_get_next(const struct idr *idr, int *id)
{
	unsigned long index = *id;
	void *entry;

	if (*id < 0)
		return NULL;
	entry = xa_find(&idr->xa, &index, INT_MAX, XA_PRESENT);
	while (entry == TAKEN)
		entry = xa_find_after(&idr->xa, &index, INT_MAX, XA_PRESENT);
	if (entry)
		*id = index;
	return entry;
}

int idr_for_each(const struct idr *idr, int (*fn)(int id, void *p, void *data), void *data)
{
	unsigned long index;
	void *entry;

	xa_for_each(&idr->xa, index, entry) {
		int ret = entry == TAKEN ? 0 : fn(index, entry, data);

		if (ret)
			return ret;
	}
	return 0;
}

bool idr_is_empty(const struct idr *idr)
{
	return xa_empty(&idr->xa);
}

void idr_destroy(struct idr *idr)
{
	xa_destroy(&idr->xa);
}

void ida_init(struct ida *ida)
{
	xa_init(&ida->xa);
}

int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp)
{
	struct xa_limit limit = XA_LIMIT(min, min_t(unsigned int, max, INT_MAX));
	u32 id;
	int err = xa_alloc(&ida->xa, &id, TAKEN, limit, gfp);

	if (err)
		return err == -EBUSY ? -ENOSPC : err;
	return id;
}

void ida_free(struct ida *ida, unsigned int id)
{
	WARN_ON(!xa_erase(&ida->xa, id));
}

bool ida_is_empty(const struct ida *ida)
{
	return xa_empty(&ida->xa);
}

void ida_destroy(struct ida *ida)
{
	xa_destroy(&ida->xa);
}
