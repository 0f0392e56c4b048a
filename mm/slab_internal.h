/* SPDX-License-Identifier: GPL-2.0-only */
/* The inside of a slab cache: for slab.c, kmalloc.c and their tests. */
#pragma once

#include <kernel/lib/cpumask.h>
#include <kernel/lib/list.h>
#include <kernel/locking/spinlock.h>
#include <mm/slab.h>

/* A CPU's free objects. [irqs off on that CPU] */
struct object_stack {
	void		*top;
	unsigned int	count;
} ____cacheline_aligned;

struct kmem_cache {
	struct object_stack cpu[NR_CPUS];
	size_t		object_size;	/* [I] what the user asked for */
	size_t		stride;		/* [I] from one object to the next */
	size_t		link_offset;	/* [I] of the link in a free object */
	unsigned int	order;		/* [I] of a slab */
	unsigned int	per_slab;	/* [I] objects */
	unsigned int	batch, high;	/* [I] refill and limit of a CPU's stack */
	unsigned int	keep_empty;	/* [s] empty slabs not given back at once */
	gfp_t		gfp;		/* [I] added to each slab's allocation */
	bool		debug;		/* [I] red zones and poison */
	void		(*ctor)(void *);	/* [I] */
	const char	*name;		/* [I] */
	spinlock_t	lock;
	struct list_head partial;	/* [s] slabs with free objects; empty ones at the end */
	unsigned long	slabs;		/* [s] */
	unsigned int	empty;		/* [s] slabs with no object out */
	struct list_head list;		/* [cache_list_lock] */
};

void slab_cache_setup(struct kmem_cache *c, const char *name, size_t size, size_t align,
		      unsigned int flags, gfp_t gfp, void (*ctor)(void *));
void *slab_alloc_caller(struct kmem_cache *c, gfp_t gfp, unsigned long caller);
void slab_free_caller(struct kmem_cache *c, void *obj, unsigned long caller);
/* Give empty slabs back to the page allocator; returns pages. */
unsigned long slab_shrink(void);
