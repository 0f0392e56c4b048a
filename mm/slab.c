// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slab caches: objects of one size, cut from naturally aligned blocks of pages ("slabs").
 *
 * Each CPU has a stack of free objects per cache, linked through the objects, used with interrupts
 * off and without a lock: kmem_cache_alloc() and _free() normally do nothing else.  An empty stack
 * is refilled from the cache's partial slabs, a full one gives half back to the slabs its objects
 * are from.
 *
 * A slab's head page has the list of its free objects (freelist), the number of objects that are
 * out (private), and sits on cache->partial while it has free objects.  All pages of a slab know
 * the cache.
 *
 * The link lies in the first word of a free object; behind it if a constructor's work must survive,
 * or if the cache is debugged.  A debugged object is: payload, red zone word, link, and the address
 * of who allocated or freed it last.
 *
 * Locking: cache->lock [s] (irqs off) for slabs and lists; cache_list_lock for the list of caches.
 */
#include <mm/slab.h>

#include <fs/seq_file.h>
#include <kernel/fault_inject.h>
#include <kernel/lib/log2.h>
#include <kernel/lib/overflow.h>
#include <kernel/lib/string.h>
#include <kernel/locking/spinlock.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <mm/slab_internal.h>
#include <mm/vmalloc.h>

#define POISON_FREE	0x6b
#define POISON_ALLOC	0x5c
#define RED_FREE	0xbb44bb44bb44bb44ULL
#define RED_ACTIVE	0xcc55cc55cc55cc55ULL

static LIST_HEAD(caches);			/* [cache_list_lock] */
static DEFINE_SPINLOCK_RANK(cache_list_lock, LOCK_RANK_SLAB - 1);

/* ---- objects -------------------------------------------------------------------------------- */

static inline void **link_of(const struct kmem_cache *c, void *obj)
{
	return (void **)((char *)obj + c->link_offset);
}

static u64 *red_zone(const struct kmem_cache *c, void *obj)
{
	return (u64 *)((char *)obj + ALIGN(c->object_size, sizeof(u64)));
}

static unsigned long *last_user(const struct kmem_cache *c, void *obj)
{
	return (unsigned long *)link_of(c, obj) + 1;
}

static inline struct page *slab_head(void *obj)
{
	struct page *page = virt_to_page(obj);
	unsigned long pfn = page_to_pfn(page);

	return pfn_to_page(pfn & ~((1UL << page->slab_cache->order) - 1));
}

static void __noreturn object_bad(const struct kmem_cache *c, void *obj, const char *what)
{
	panic("slab %s: object %px: %s; last user %pS", c->name, obj, what,
	      (void *)*last_user(c, obj));
}

static void debug_init_object(const struct kmem_cache *c, void *obj)
{
	*red_zone(c, obj) = RED_FREE;
	*last_user(c, obj) = 0;
	if (!c->ctor)
		memset(obj, POISON_FREE, c->object_size);
}

static void debug_alloc(const struct kmem_cache *c, void *obj, unsigned long caller)
{
	size_t i;

	if (*red_zone(c, obj) != RED_FREE)
		object_bad(c, obj, "red zone overwritten while free");
	for (i = 0; !c->ctor && i < c->object_size; i++)
		if (((u8 *)obj)[i] != POISON_FREE)
			object_bad(c, obj, "written after it was freed");
	*red_zone(c, obj) = RED_ACTIVE;
	*last_user(c, obj) = caller;
	if (!c->ctor)
		memset(obj, POISON_ALLOC, c->object_size);
}

static void debug_free(const struct kmem_cache *c, void *obj, unsigned long caller)
{
	struct page *head = slab_head(obj);
	size_t offset = (char *)obj - (char *)page_address(head);

	if (!PageSlab(head) || head->slab_cache != c)
		panic("slab %s: %px is not an object of it", c->name, obj);
	if (offset % c->stride)
		panic("slab %s: %px is not the start of an object", c->name, obj);
	if (*red_zone(c, obj) == RED_FREE)
		object_bad(c, obj, "freed twice");
	if (*red_zone(c, obj) != RED_ACTIVE)
		object_bad(c, obj, "red zone overwritten");
	*red_zone(c, obj) = RED_FREE;
	*last_user(c, obj) = caller;
	if (!c->ctor)
		memset(obj, POISON_FREE, c->object_size);
}

/* ---- slabs ---------------------------------------------------------------------------------- */

static struct page *new_slab(struct kmem_cache *c, gfp_t gfp)
{
	struct page *page = alloc_pages((gfp & ~__GFP_ZERO) | c->gfp, c->order);
	char *obj;
	unsigned int i;

	if (!page)
		return NULL;
	mod_page_stat(NR_SLAB_PAGES, 1L << c->order);
	for (i = 0; i < 1U << c->order; i++) {
		page[i].slab_cache = c;
		page[i].flags = 1UL << PG_slab;
	}
	page->private = 0;
	page->freelist = NULL;
	obj = (char *)page_address(page) + (c->per_slab - 1) * c->stride;
	for (i = 0; i < c->per_slab; i++, obj -= c->stride) {
		if (c->debug)
			debug_init_object(c, obj);
		if (c->ctor)
			c->ctor(obj);
		*link_of(c, obj) = page->freelist;
		page->freelist = obj;
	}
	return page;
}

static void release_slab(struct kmem_cache *c, struct page *page)
{
	unsigned int i;

	mod_page_stat(NR_SLAB_PAGES, -(1L << c->order));
	for (i = 0; i < 1U << c->order; i++) {
		page[i].slab_cache = NULL;
		page[i].flags = 0;
	}
	free_pages(page, c->order);
}

/* Move up to @want objects from partial slabs to @s; lock held. */
static void take_objects(struct kmem_cache *c, struct object_stack *s, unsigned int want)
{
	while (want && !list_empty(&c->partial)) {
		struct page *page = list_first_entry(&c->partial, struct page, lru);

		if (!page->private)
			c->empty--;
		while (want && page->freelist) {
			void *obj = page->freelist;

			page->freelist = *link_of(c, obj);
			page->private++;
			*link_of(c, obj) = s->top;
			s->top = obj;
			s->count++;
			want--;
		}
		if (!page->freelist)
			list_del_init(&page->lru);
	}
}

/* Give the top @n objects of @s back; empty slabs beyond c->keep_empty go to @gone. Lock held. */
static void put_objects(struct kmem_cache *c, struct object_stack *s, unsigned int n,
			struct list_head *gone)
{
	while (n-- && s->count) {
		void *obj = s->top;
		struct page *page = slab_head(obj);

		s->top = *link_of(c, obj);
		s->count--;
		if (!page->freelist)
			list_add(&page->lru, &c->partial);
		*link_of(c, obj) = page->freelist;
		page->freelist = obj;
		if (--page->private)
			continue;
		if (c->empty < c->keep_empty) {
			c->empty++;
			list_move_tail(&page->lru, &c->partial);
		} else {
			c->slabs--;
			list_move(&page->lru, gone);
		}
	}
}

static void release_slabs(struct kmem_cache *c, struct list_head *gone)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, gone, lru) {
		list_del_init(&page->lru);
		release_slab(c, page);
	}
}

/* irqs off; returns with irqs off, perhaps on another CPU. An object or NULL. */
static noinline void *refill(struct kmem_cache *c, gfp_t gfp, unsigned long flags)
{
	struct object_stack *s = &c->cpu[smp_processor_id()];
	struct page *page;
	void *obj;

	for (;;) {
		spin_lock(&c->lock);
		take_objects(c, s, c->batch);
		spin_unlock(&c->lock);
		if (s->top)
			break;
		irq_restore(flags);
		page = new_slab(c, gfp);
		(void)irq_save();
		s = &c->cpu[smp_processor_id()];
		if (!page) {
			if (!s->top)
				return NULL;
			break;
		}
		spin_lock(&c->lock);
		c->slabs++;
		c->empty++;
		list_add(&page->lru, &c->partial);
		spin_unlock(&c->lock);
		if (s->top)	/* filled meanwhile */
			break;
	}
	obj = s->top;
	s->top = *link_of(c, obj);
	s->count--;
	return obj;
}

static noinline void flush_half(struct kmem_cache *c, struct object_stack *s)
{
	LIST_HEAD(gone);

	spin_lock(&c->lock);
	put_objects(c, s, c->batch, &gone);
	spin_unlock(&c->lock);
	release_slabs(c, &gone);
}

static inline void *cache_alloc(struct kmem_cache *c, gfp_t gfp, unsigned long caller)
{
	struct object_stack *s;
	unsigned long flags;
	void *obj;

	if (should_fail(FAIL_SLAB))
		return NULL;
	flags = irq_save();
	s = &c->cpu[smp_processor_id()];
	obj = s->top;
	if (likely(obj)) {
		s->top = *link_of(c, obj);
		s->count--;
	} else {
		obj = refill(c, gfp, flags);
	}
	irq_restore(flags);
	if (unlikely(!obj))
		return NULL;
	if (IS_ENABLED(CONFIG_DEBUG) && c->debug)
		debug_alloc(c, obj, caller);
	if (gfp & __GFP_ZERO)
		memset(obj, 0, c->object_size);
	return obj;
}

static inline void cache_free(struct kmem_cache *c, void *obj, unsigned long caller)
{
	struct object_stack *s;
	unsigned long flags;

	if (IS_ENABLED(CONFIG_DEBUG) && c->debug)
		debug_free(c, obj, caller);
	flags = irq_save();
	s = &c->cpu[smp_processor_id()];
	*link_of(c, obj) = s->top;
	s->top = obj;
	if (unlikely(++s->count > c->high))
		flush_half(c, s);
	irq_restore(flags);
}

#define CALLER	((unsigned long)__builtin_return_address(0))

void *kmem_cache_alloc(struct kmem_cache *c, gfp_t gfp)
{
	return cache_alloc(c, gfp, CALLER);
}

void kmem_cache_free(struct kmem_cache *c, void *obj)
{
	cache_free(c, obj, CALLER);
}

void *slab_alloc_caller(struct kmem_cache *c, gfp_t gfp, unsigned long caller)
{
	return cache_alloc(c, gfp, caller);
}

void slab_free_caller(struct kmem_cache *c, void *obj, unsigned long caller)
{
	cache_free(c, obj, caller);
}

/* ---- caches --------------------------------------------------------------------------------- */

/* Lay an object out, and choose the slab size: at most an eighth wasted, few objects acceptable. */
static void cache_layout(struct kmem_cache *c, size_t align)
{
	size_t size = ALIGN(max(c->object_size, sizeof(void *)), sizeof(void *));

	c->link_offset = 0;
	if (c->debug)
		size = ALIGN(c->object_size, sizeof(u64)) + sizeof(u64);
	if (c->debug || c->ctor) {
		c->link_offset = size;
		size += sizeof(void *);
	}
	if (c->debug)
		size += sizeof(unsigned long);
	/* 64-bit atomics want their natural alignment on every port. */
	c->stride = ALIGN(size, max(align, sizeof(u64)));
	for (c->order = 0; c->order < 3; c->order++) {
		size_t bytes = PAGE_SIZE << c->order;

		if (bytes / c->stride >= 8 ||
		    (bytes >= c->stride && bytes % c->stride <= bytes / 8 && c->order >= 1))
			break;
	}
	while ((PAGE_SIZE << c->order) < c->stride)
		c->order++;
	c->per_slab = (PAGE_SIZE << c->order) / c->stride;
	c->batch = c->stride <= 256 ? 24 : c->stride <= 1024 ? 12 : 4;
	c->high = 2 * c->batch;
	c->keep_empty = 1;
}

void slab_cache_setup(struct kmem_cache *c, const char *name, size_t size, size_t align,
		      unsigned int flags, gfp_t gfp, void (*ctor)(void *))
{
	memset(c, 0, sizeof(*c));
	spin_lock_init_rank(&c->lock, LOCK_RANK_SLAB);
	INIT_LIST_HEAD(&c->partial);
	c->name = name;
	c->object_size = size;
	c->ctor = ctor;
	c->gfp = gfp;
	c->debug = IS_ENABLED(CONFIG_DEBUG);
	if (flags & SLAB_HWCACHE_ALIGN && align < SMP_CACHE_BYTES && size > SMP_CACHE_BYTES / 2)
		align = SMP_CACHE_BYTES;
	cache_layout(c, align);
	spin_lock(&cache_list_lock);
	list_add_tail(&c->list, &caches);
	spin_unlock(&cache_list_lock);
}

struct kmem_cache *kmem_cache_create(const char *name, size_t size, size_t align,
				     unsigned int flags, void (*ctor)(void *))
{
	struct kmem_cache *c = kmalloc(sizeof(*c), GFP_KERNEL);

	if (!c) {
		if (flags & SLAB_PANIC)
			panic("no memory for the slab cache %s", name);
		return NULL;
	}
	slab_cache_setup(c, name, size, align, flags, 0, ctor);
	return c;
}

static void drain_stack(struct kmem_cache *c, struct object_stack *s)
{
	LIST_HEAD(gone);
	unsigned long flags;
	unsigned int keep;

	spin_lock_irqsave(&c->lock, flags);
	keep = c->keep_empty;
	c->keep_empty = 0;
	put_objects(c, s, ~0U, &gone);
	c->keep_empty = keep;
	spin_unlock_irqrestore(&c->lock, flags);
	release_slabs(c, &gone);
}

/* Empty slabs that were kept for the next allocation. */
static unsigned long shrink_cache(struct kmem_cache *c)
{
	struct page *page, *next;
	LIST_HEAD(gone);
	unsigned long flags, n = 0;

	spin_lock_irqsave(&c->lock, flags);
	list_for_each_entry_safe(page, next, &c->partial, lru) {
		if (page->private)
			continue;
		list_move(&page->lru, &gone);
		c->slabs--;
		c->empty--;
		n += 1UL << c->order;
	}
	spin_unlock_irqrestore(&c->lock, flags);
	release_slabs(c, &gone);
	return n;
}

static unsigned long cache_in_use(struct kmem_cache *c)
{
	unsigned long flags, sum;
	struct page *page;
	unsigned int cpu;

	spin_lock_irqsave(&c->lock, flags);
	sum = c->slabs * c->per_slab;
	list_for_each_entry(page, &c->partial, lru)
		sum -= c->per_slab - page->private;
	spin_unlock_irqrestore(&c->lock, flags);
	for_each_possible_cpu(cpu)
		sum -= READ_ONCE(c->cpu[cpu].count);
	return sum;
}

void kmem_cache_destroy(struct kmem_cache *c)
{
	unsigned int cpu;

	if (!c)
		return;
	/* Nobody uses the cache any more, so other CPUs' stacks are quiet. */
	for_each_possible_cpu(cpu)
		drain_stack(c, &c->cpu[cpu]);
	shrink_cache(c);
	if (c->slabs) {
		pr_err("slab %s destroyed with %lu objects in use\n", c->name, cache_in_use(c));
		return;
	}
	spin_lock(&cache_list_lock);
	list_del(&c->list);
	spin_unlock(&cache_list_lock);
	kfree(c);
}

unsigned long slab_shrink(void)
{
	struct kmem_cache *c;
	unsigned long n = 0;

	spin_lock(&cache_list_lock);
	list_for_each_entry(c, &caches, list)
		n += shrink_cache(c);
	spin_unlock(&cache_list_lock);
	return n;
}

void slab_drain_local(void)
{
	struct kmem_cache *c;
	unsigned long flags;

	spin_lock(&cache_list_lock);
	list_for_each_entry(c, &caches, list) {
		flags = irq_save();
		drain_stack(c, &c->cpu[smp_processor_id()]);
		irq_restore(flags);
		shrink_cache(c);
	}
	spin_unlock(&cache_list_lock);
}

unsigned long slab_objects_in_use(void)
{
	struct kmem_cache *c;
	unsigned long sum = 0;

	spin_lock(&cache_list_lock);
	list_for_each_entry(c, &caches, list)
		sum += cache_in_use(c);
	spin_unlock(&cache_list_lock);
	return sum;
}

void slabinfo_show(struct seq_file *m)
{
	struct kmem_cache *c;

	seq_puts(m, "slabinfo - version: 2.1\n"
		 "# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>"
		 " : tunables <limit> <batchcount> <sharedfactor>"
		 " : slabdata <active_slabs> <num_slabs> <sharedavail>\n");
	spin_lock(&cache_list_lock);
	list_for_each_entry(c, &caches, list)
		seq_printf(m, "%-17s %6lu %6lu %6zu %4u %4u : tunables %4u %4u %4u"
			   " : slabdata %6lu %6lu %6u\n",
			   c->name, cache_in_use(c), c->slabs * c->per_slab, c->stride, c->per_slab,
			   1U << c->order, c->high, c->batch, 0, c->slabs, c->slabs, 0);
	spin_unlock(&cache_list_lock);
}
