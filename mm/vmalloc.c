// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel virtual ranges between VMALLOC_START and VMALLOC_END: page-wise memory, kernel stacks,
 * device mappings.
 *
 * The areas in use are a red-black tree by address.  Each node also knows the free gap in front of
 * it and the largest gap of its subtree, so the lowest gap that fits is found in one descent.  One
 * page behind every area stays unmapped; a stack also has one before it, where an overflow faults.
 *
 * A dead stack stays mapped: each CPU keeps two, the others wait on a list (linked through their
 * last word) until alloc_kernel_stack() wants them, or who reaps finds that there are too many and trims
 * the list.  So free_kernel_stack() never unmaps and may be called in any context.
 *
 * Locking: vmap_lock [v] for the tree (not irq-safe: process context only); stack_lock, irqs off.
 */
#include <mm/vmalloc.h>

#include <kernel/arch.h>
#include <kernel/lib/rbtree.h>
#include <kernel/lib/string.h>
#include <kernel/locking/spinlock.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>
#include <mm/slab.h>
#include <asm/pgtable.h>

/* What lies below VMALLOC_START is mapped on some ports: the first area needs a guard page too. */
#define VMAP_START	(VMALLOC_START + PAGE_SIZE)

struct vmap_area {
	struct rb_node		node;		/* [v] by start */
	unsigned long		start, end;	/* [I] the guard page behind is part of it */
	unsigned long		gap;		/* [v] free bytes before start */
	unsigned long		subtree_gap;	/* [v] largest gap in this subtree */
	struct page		**pages;	/* [I] what vfree gives back; NULL: a device */
	unsigned long		nr_pages;	/* [I] mapped pages */
};

static struct rb_root areas = RB_ROOT;		/* [v] */
static DEFINE_SPINLOCK_RANK(vmap_lock, LOCK_RANK_VMALLOC);
static struct kmem_cache *vmap_area_cache;

#define AREA_GAP(a)	((a)->gap)
RB_DECLARE_CALLBACKS_MAX(static, gap_callbacks, struct vmap_area, node, unsigned long,
			 subtree_gap, AREA_GAP)

static struct vmap_area *area_of(struct rb_node *n)
{
	return rb_entry_safe(n, struct vmap_area, node);
}

/* ---- ranges; vmap_lock held ------------------------------------------------------------------ */

static void update_gap(struct vmap_area *a)
{
	struct vmap_area *prev = area_of(rb_prev(&a->node));

	a->gap = a->start - (prev ? prev->end : VMAP_START);
	gap_callbacks_propagate(&a->node, NULL);
}

/* Does an aligned [size] fit below @end, at or above @lo? */
static bool fits(unsigned long lo, unsigned long end, unsigned long size, unsigned long align,
		 unsigned long *start)
{
	*start = ALIGN(lo, align);
	return *start >= lo && *start < end && end - *start >= size;
}

/* The lowest place for @size; 0: none. A gap of size + align - 1 certainly has one. */
static unsigned long find_range(unsigned long size, unsigned long align)
{
	unsigned long want = size + align - PAGE_SIZE, start;
	struct rb_node *n = areas.rb_node, *last = rb_last(&areas);

	if (n && area_of(n)->subtree_gap >= want) {
		for (;;) {
			struct vmap_area *a = area_of(n);
			struct vmap_area *left = area_of(n->rb_left);

			if (left && left->subtree_gap >= want) {
				n = n->rb_left;
			} else if (a->gap >= want) {
				return ALIGN(a->start - a->gap, align);
			} else {
				n = n->rb_right;
			}
		}
	}
	if (fits(last ? area_of(last)->end : VMAP_START, VMALLOC_END, size, align, &start))
		return start;
	return 0;
}

static void insert_area(struct vmap_area *a)
{
	struct rb_node **link = &areas.rb_node, *parent = NULL, *next;

	while (*link) {
		parent = *link;
		link = a->start < area_of(parent)->start ? &parent->rb_left : &parent->rb_right;
	}
	a->gap = 0;
	a->subtree_gap = 0;
	rb_link_node(&a->node, parent, link);
	rb_insert_augmented(&a->node, &areas, &gap_callbacks);
	update_gap(a);
	next = rb_next(&a->node);
	if (next)
		update_gap(area_of(next));
}

static void remove_area(struct vmap_area *a)
{
	struct rb_node *next = rb_next(&a->node);

	rb_erase_augmented(&a->node, &areas, &gap_callbacks);
	if (next)
		update_gap(area_of(next));
}

static struct vmap_area *find_area(unsigned long addr)
{
	struct rb_node *n = areas.rb_node;

	while (n) {
		struct vmap_area *a = area_of(n);

		if (addr < a->start)
			n = n->rb_left;
		else if (addr >= a->end)
			n = n->rb_right;
		else
			return a;
	}
	return NULL;
}

/* ---- areas ----------------------------------------------------------------------------------- */

/* Reserve @nr pages and the guard page behind them. */
static struct vmap_area *new_area(unsigned long nr, unsigned long align)
{
	struct vmap_area *a;

	if (nr >= (VMALLOC_END - VMALLOC_START) >> PAGE_SHIFT)
		return NULL;
	a = kmem_cache_zalloc(vmap_area_cache, GFP_KERNEL);
	if (!a)
		return NULL;
	a->nr_pages = nr;
	spin_lock(&vmap_lock);
	a->start = find_range((nr + 1) << PAGE_SHIFT, align);
	if (a->start) {
		a->end = a->start + ((nr + 1) << PAGE_SHIFT);
		insert_area(a);
	}
	spin_unlock(&vmap_lock);
	if (a->start)
		return a;
	kmem_cache_free(vmap_area_cache, a);
	return NULL;
}

static void free_area(struct vmap_area *a)
{
	spin_lock(&vmap_lock);
	remove_area(a);
	spin_unlock(&vmap_lock);
	kmem_cache_free(vmap_area_cache, a);
}

static void free_area_pages(struct vmap_area *a, unsigned long mapped)
{
	unsigned long i;

	kernel_unmap(a->start, mapped);
	for (i = 0; i < mapped; i++)
		free_page(a->pages[i]);
	mod_page_stat(NR_VMALLOC_PAGES, -(long)mapped);
	kvfree(a->pages);
}

/* Pages for the whole area, mapped. 0 or -ENOMEM, with nothing left behind. */
static int fill_area(struct vmap_area *a, gfp_t gfp)
{
	unsigned long i;

	a->pages = kvmalloc(a->nr_pages * sizeof(a->pages[0]), GFP_KERNEL);
	if (!a->pages)
		return -ENOMEM;
	for (i = 0; i < a->nr_pages; i++) {
		struct page *page = alloc_page(gfp);

		if (!page)
			break;
		if (kernel_map(a->start + (i << PAGE_SHIFT), page_to_phys(page), 1, PROT_KERNEL)) {
			free_page(page);
			break;
		}
		a->pages[i] = page;
	}
	mod_page_stat(NR_VMALLOC_PAGES, i);
	if (i == a->nr_pages)
		return 0;
	free_area_pages(a, i);
	return -ENOMEM;
}

static void *vmalloc_area(size_t size, unsigned long align, gfp_t gfp)
{
	struct vmap_area *a;

	if (!size || size > VMALLOC_END - VMALLOC_START)
		return NULL;
	a = new_area((size + PAGE_SIZE - 1) >> PAGE_SHIFT, align);
	if (!a)
		return NULL;
	if (fill_area(a, gfp)) {
		free_area(a);
		return NULL;
	}
	return (void *)a->start;
}

void *vmalloc(size_t size)
{
	return vmalloc_area(size, PAGE_SIZE, GFP_KERNEL);
}

void *vzalloc(size_t size)
{
	return vmalloc_area(size, PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
}

void vfree(const void *p)
{
	struct vmap_area *a;

	if (!p)
		return;
	spin_lock(&vmap_lock);
	a = find_area((unsigned long)p);
	spin_unlock(&vmap_lock);
	ASSERT(a && a->start == (unsigned long)p && a->pages);
	free_area_pages(a, a->nr_pages);
	free_area(a);
}

bool is_vmalloc_addr(const void *p)
{
	return (unsigned long)p >= VMALLOC_START && (unsigned long)p < VMALLOC_END;
}

/* ---- devices --------------------------------------------------------------------------------- */

static void *map_physical(phys_addr_t pa, size_t size, pgprot_t prot)
{
	unsigned long offset = pa & ~PAGE_MASK;
	unsigned long nr = (offset + size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	struct vmap_area *a;

	if (!size || pa + size - 1 < pa)
		return NULL;
	a = new_area(nr, PAGE_SIZE);
	if (!a)
		return NULL;
	if (kernel_map(a->start, pa - offset, nr, prot)) {
		kernel_unmap(a->start, nr);
		free_area(a);
		return NULL;
	}
	return (void *)(a->start + offset);
}

void __iomem *ioremap(phys_addr_t pa, size_t size)
{
	return (void __iomem *)map_physical(pa, size, PROT_DEVICE);
}

void *ioremap_wc(phys_addr_t pa, size_t size)
{
	return map_physical(pa, size, PROT_NORMAL_NC);
}

void iounmap(volatile void __iomem *p)
{
	struct vmap_area *a;

	if (!is_vmalloc_addr((__force const void *)p))
		return;		/* an early mapping: stays */
	spin_lock(&vmap_lock);
	a = find_area((unsigned long)p);
	spin_unlock(&vmap_lock);
	ASSERT(a && !a->pages);
	kernel_unmap(a->start, a->nr_pages);
	free_area(a);
}

/* ---- kernel stacks --------------------------------------------------------------------------- */

#define CPU_STACKS	2	/* dead stacks a CPU keeps */
#define SPARE_STACKS	16	/* dead stacks kept beside these */

struct stack_cache {
	void		*stack[CPU_STACKS];	/* [irqs off] */
	unsigned int	nr;
};

static DEFINE_PER_CPU(struct stack_cache, stack_caches);
static DEFINE_SPINLOCK_RANK(stack_lock, LOCK_RANK_VMALLOC - 1);
static void *spare_stacks;		/* [stack_lock] linked through their last word */
static unsigned int nr_spare;		/* [stack_lock] */

static void **stack_link(void *stack)
{
	return (void **)((char *)stack + THREAD_SIZE - sizeof(void *));
}

static void *pop_cpu_stack(void)
{
	unsigned long flags = irq_save();
	struct stack_cache *c = this_cpu_ptr(&stack_caches);
	void *stack = c->nr ? c->stack[--c->nr] : NULL;

	irq_restore(flags);
	return stack;
}

static bool push_cpu_stack(void *stack)
{
	unsigned long flags = irq_save();
	struct stack_cache *c = this_cpu_ptr(&stack_caches);
	bool room = c->nr < CPU_STACKS;

	if (room)
		c->stack[c->nr++] = stack;
	irq_restore(flags);
	return room;
}

/* A spare stack, if there are more than @keep. */
static void *pop_spare_stack(unsigned int keep)
{
	unsigned long flags;
	void *stack = NULL;

	spin_lock_irqsave(&stack_lock, flags);
	if (nr_spare > keep) {
		stack = spare_stacks;
		spare_stacks = *stack_link(stack);
		nr_spare--;
	}
	spin_unlock_irqrestore(&stack_lock, flags);
	return stack;
}

static void push_spare_stack(void *stack)
{
	unsigned long flags;

	spin_lock_irqsave(&stack_lock, flags);
	*stack_link(stack) = spare_stacks;
	spare_stacks = stack;
	nr_spare++;
	spin_unlock_irqrestore(&stack_lock, flags);
}

/* The mapped part is a multiple of 2 * THREAD_SIZE, so that one bit of sp tells of an overflow. The
 * page before it belongs to no area: the space up to the last multiple is too small for a second
 * stack, so what could lie there ends with its own guard page. */
static void *new_stack(void)
{
	return vmalloc_area(THREAD_SIZE, 2 * THREAD_SIZE, GFP_KERNEL);
}

void *alloc_kernel_stack(void)
{
	void *stack = pop_cpu_stack();

	if (!stack)
		stack = pop_spare_stack(0);
	if (!stack)
		stack = new_stack();
	if (stack)
		mod_page_stat(NR_KSTACK_PAGES, THREAD_SIZE / PAGE_SIZE);
	return stack;
}

/* Two of too many: not everybody who leaves one comes here afterwards. */
void trim_kernel_stacks(void)
{
	unsigned int i;

	for (i = 0; i < 2 && unlikely(READ_ONCE(nr_spare) > SPARE_STACKS); i++)
		vfree(pop_spare_stack(SPARE_STACKS));
}

void free_kernel_stack(void *stack)
{
	mod_page_stat(NR_KSTACK_PAGES, -(long)(THREAD_SIZE / PAGE_SIZE));
	if (!push_cpu_stack(stack))
		push_spare_stack(stack);
}

void vmalloc_init(void)
{
	vmap_area_cache = kmem_cache_create("vmap_area", sizeof(struct vmap_area), 0, SLAB_PANIC,
					    NULL);
}
