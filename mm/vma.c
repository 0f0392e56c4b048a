// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VMAs of an address space: finding, inserting, splitting, merging, and finding room.
 *
 * They are kept twice: in a list by address (neighbours in one step) and in a red-black tree by
 * address whose nodes know the largest free gap below any VMA of their subtree (rb_subtree_gap).
 * Nobody outside this file uses either; vma_find(), vma_next() and get_unmapped_area() hide them.
 *
 * A VMA of a file is also on its mapping's i_mmap list, from where truncation finds it.
 *
 * Locking: mmap_lock, for write where anything changes.  The bounds of a file's VMA change under
 * the mapping's i_mmap_lock as well.
 */
#include <fs/vfs.h>
#include <kernel/lib/err.h>
#include <mm/filemap.h>
#include <mm/internal.h>
#include <mm/mm.h>
#include <mm/slab.h>

unsigned long stack_guard_gap = 256UL << PAGE_SHIFT;
static struct kmem_cache *vma_cache;

void vma_init(void)
{
	vma_cache = kmem_cache_create("vm_area_struct", sizeof(struct vm_area_struct), 0,
				      SLAB_PANIC, NULL);
}

struct vm_area_struct *vma_alloc(struct mm_struct *mm)
{
	struct vm_area_struct *vma = kmem_cache_zalloc(vma_cache, GFP_KERNEL);

	if (vma) {
		vma->vm_mm = mm;
		INIT_LIST_HEAD(&vma->i_mmap_list);
	}
	return vma;
}

struct vm_area_struct *vma_dup(const struct vm_area_struct *old, struct mm_struct *mm)
{
	struct vm_area_struct *vma = kmem_cache_alloc(vma_cache, GFP_KERNEL);

	if (!vma)
		return NULL;
	*vma = *old;
	vma->vm_mm = mm;
	INIT_LIST_HEAD(&vma->i_mmap_list);
	if (vma->vm_file)
		get_file(vma->vm_file);
	return vma;
}

/* The struct and its file reference, without telling the owner. */
void vma_release(struct vm_area_struct *vma)
{
	if (vma->vm_file)
		fput(vma->vm_file);
	kmem_cache_free(vma_cache, vma);
}

void vma_free(struct vm_area_struct *vma)
{
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	vma_release(vma);
}

void vma_set_page_prot(struct vm_area_struct *vma)
{
	vma->vm_page_prot = pgprot_from_vm_flags(vma->vm_flags);
}

/* ---- neighbours ------------------------------------------------------------------------- */

struct vm_area_struct *vma_next(struct vm_area_struct *vma)
{
	struct list_head *n = vma->vm_list.next;

	return n == &vma->vm_mm->mmap ? NULL : list_entry(n, struct vm_area_struct, vm_list);
}

struct vm_area_struct *vma_prev(struct vm_area_struct *vma)
{
	struct list_head *n = vma->vm_list.prev;

	return n == &vma->vm_mm->mmap ? NULL : list_entry(n, struct vm_area_struct, vm_list);
}

struct vm_area_struct *vma_first(struct mm_struct *mm)
{
	return list_first_entry_or_null(&mm->mmap, struct vm_area_struct, vm_list);
}

struct vm_area_struct *vma_last(struct mm_struct *mm)
{
	return list_last_entry_or_null(&mm->mmap, struct vm_area_struct, vm_list);
}

/* ---- gaps ------------------------------------------------------------------------------- */

static unsigned long prev_end(struct vm_area_struct *vma)
{
	struct vm_area_struct *prev = vma_prev(vma);

	return prev ? prev->vm_end : 0;
}

/* Where the free gap below @vma ends: a stack keeps a distance. */
static unsigned long gap_end(struct vm_area_struct *vma)
{
	if (!(vma->vm_flags & VM_GROWSDOWN))
		return vma->vm_start;
	return vma->vm_start > stack_guard_gap ? vma->vm_start - stack_guard_gap : 0;
}

static unsigned long vma_gap(struct vm_area_struct *vma)
{
	unsigned long end = gap_end(vma), start = prev_end(vma);

	return end > start ? end - start : 0;
}

RB_DECLARE_CALLBACKS_MAX(static, vma_gap_callbacks, struct vm_area_struct, vm_rb, unsigned long,
			 rb_subtree_gap, vma_gap)

static inline struct vm_area_struct *vma_of(struct rb_node *n)
{
	return rb_entry(n, struct vm_area_struct, vm_rb);
}

static inline bool subtree_has(struct rb_node *n, unsigned long len)
{
	return n && vma_of(n)->rb_subtree_gap >= len;
}

/* The bounds of @vma changed: its own gap and that of the next one are new. */
static void vma_update_gaps(struct vm_area_struct *vma)
{
	struct vm_area_struct *next = vma_next(vma);

	vma_gap_callbacks_propagate(&vma->vm_rb, NULL);
	if (next)
		vma_gap_callbacks_propagate(&next->vm_rb, NULL);
}

/* ---- finding ---------------------------------------------------------------------------- */

struct vm_area_struct *vma_find(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = READ_ONCE(mm->mmap_cache), *best = NULL;
	struct rb_node *n;

	if (vma && vma->vm_start <= addr && addr < vma->vm_end)
		return vma;
	for (n = mm->mm_rb.rb_node; n; ) {
		vma = vma_of(n);
		if (addr < vma->vm_end) {
			best = vma;
			if (vma->vm_start <= addr)
				break;
			n = n->rb_left;
		} else {
			n = n->rb_right;
		}
	}
	if (best && best->vm_start <= addr)
		WRITE_ONCE(mm->mmap_cache, best);
	return best;
}

struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = vma_find(mm, addr);

	return vma && vma->vm_start <= addr ? vma : NULL;
}

struct vm_area_struct *vma_find_intersection(struct mm_struct *mm, unsigned long lo,
					     unsigned long hi)
{
	struct vm_area_struct *vma = vma_find(mm, lo);

	return vma && vma->vm_start < hi ? vma : NULL;
}

struct vm_area_struct *vma_find_prev(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = vma_find(mm, addr);

	return vma ? vma_prev(vma) : vma_last(mm);
}

/* ---- linking ---------------------------------------------------------------------------- */

static inline struct address_space *vma_mapping(const struct vm_area_struct *vma)
{
	return vma->vm_file ? vma->vm_file->f_mapping : NULL;
}

static void lock_mapping(struct address_space *m)
{
	if (m)
		down_write(&m->i_mmap_lock);
}

static void unlock_mapping(struct address_space *m)
{
	if (m)
		up_write(&m->i_mmap_lock);
}

static bool writes_to_mapping(const struct vm_area_struct *vma)
{
	return (vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == (VM_SHARED | VM_MAYWRITE);
}

/* i_mmap_lock held. */
static void link_mapping(struct address_space *m, struct vm_area_struct *vma)
{
	if (!m)
		return;
	list_add_tail(&vma->i_mmap_list, &m->i_mmap);
	if (writes_to_mapping(vma))
		atomic_inc(&m->i_mmap_writable);
}

static void unlink_mapping(struct address_space *m, struct vm_area_struct *vma)
{
	if (!m || list_empty(&vma->i_mmap_list))
		return;
	list_del_init(&vma->i_mmap_list);
	if (writes_to_mapping(vma))
		mapping_unmap_writable(m);
}

void vma_unlink_mapping(struct vm_area_struct *vma)
{
	struct address_space *m = vma_mapping(vma);

	lock_mapping(m);
	unlink_mapping(m, vma);
	unlock_mapping(m);
}

static void link_tree(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct rb_node **link = &mm->mm_rb.rb_node, *parent = NULL, *prev = NULL;

	while (*link) {
		parent = *link;
		if (vma->vm_end <= vma_of(parent)->vm_start) {
			link = &parent->rb_left;
		} else {
			DEBUG_ASSERT(vma->vm_start >= vma_of(parent)->vm_end);
			prev = parent;
			link = &parent->rb_right;
		}
	}
	list_add(&vma->vm_list, prev ? &vma_of(prev)->vm_list : &mm->mmap);
	vma->rb_subtree_gap = 0;
	rb_link_node(&vma->vm_rb, parent, link);
	rb_insert_augmented(&vma->vm_rb, &mm->mm_rb, &vma_gap_callbacks);
	vma_update_gaps(vma);
	mm->map_count++;
}

static void unlink_tree(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *next = vma_next(vma);

	rb_erase_augmented(&vma->vm_rb, &mm->mm_rb, &vma_gap_callbacks);
	list_del(&vma->vm_list);
	if (next)
		vma_gap_callbacks_propagate(&next->vm_rb, NULL);
	if (mm->mmap_cache == vma)
		mm->mmap_cache = NULL;
	mm->map_count--;
}

void vma_detach(struct mm_struct *mm, struct vm_area_struct *vma)
{
	unlink_tree(mm, vma);
}

int vma_insert(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct address_space *m = vma_mapping(vma);

	if (mm->map_count >= sysctl_max_map_count)
		return -ENOMEM;
	lock_mapping(m);
	link_tree(mm, vma);
	link_mapping(m, vma);
	unlock_mapping(m);
	return 0;
}

/* ---- fork: all VMAs at once ----------------------------------------------------------------- */

int vma_append(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct address_space *m = vma_mapping(vma);

	if (mm->map_count >= sysctl_max_map_count)
		return -ENOMEM;
	list_add_tail(&vma->vm_list, &mm->mmap);
	mm->map_count++;
	if (m) {
		lock_mapping(m);
		link_mapping(m, vma);
		unlock_mapping(m);
	}
	return 0;
}

struct tree_builder {
	struct list_head	*next;		/* the VMA whose turn it is */
	unsigned int		red_depth;	/* the lowest level, which may have holes */
};

/* A balanced tree of the next @n VMAs: all levels but the lowest are full, so that only its nodes are
 * red.  At most 17 calls deep (sysctl_max_map_count). */
static struct rb_node *build_subtree(struct tree_builder *b, unsigned int n, unsigned int depth)
{
	struct rb_node *left, *right;
	struct vm_area_struct *vma;
	unsigned long gap;

	if (!n)
		return NULL;
	left = build_subtree(b, (n - 1) / 2, depth + 1);
	vma = list_entry(b->next, struct vm_area_struct, vm_list);
	b->next = b->next->next;
	right = build_subtree(b, n / 2, depth + 1);
	gap = vma_gap(vma);
	if (left)
		gap = max(gap, vma_of(left)->rb_subtree_gap);
	if (right)
		gap = max(gap, vma_of(right)->rb_subtree_gap);
	vma->rb_subtree_gap = gap;
	vma->vm_rb.rb_left = left;
	vma->vm_rb.rb_right = right;
	vma->vm_rb.__rb_parent_color = depth != b->red_depth || !depth;	/* 1: black */
	if (left)
		left->__rb_parent_color |= (unsigned long)&vma->vm_rb;
	if (right)
		right->__rb_parent_color |= (unsigned long)&vma->vm_rb;
	return &vma->vm_rb;
}

/* Inserting one by one, with the way down and up the tree for each, was half of the cost of a fork
 * with 1,000 mappings. */
void vma_build_tree(struct mm_struct *mm)
{
	struct tree_builder b = { .next = mm->mmap.next };

	if (!mm->map_count)
		return;
	b.red_depth = fls(mm->map_count) - 1;
	mm->mm_rb.rb_node = build_subtree(&b, mm->map_count, 0);
}

void vma_unlink(struct mm_struct *mm, struct vm_area_struct *vma)
{
	unlink_tree(mm, vma);
	vma_unlink_mapping(vma);
}

/* ---- splitting and merging -------------------------------------------------------------- */

int vma_split(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr)
{
	struct address_space *m = vma_mapping(vma);
	struct vm_area_struct *upper;

	DEBUG_ASSERT(addr > vma->vm_start && addr < vma->vm_end);
	if (vma->vm_ops && vma->vm_ops->whole)
		return -EINVAL;
	if (mm->map_count >= sysctl_max_map_count)
		return -ENOMEM;
	upper = vma_dup(vma, mm);
	if (!upper)
		return -ENOMEM;
	upper->vm_start = addr;
	upper->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	lock_mapping(m);
	vma->vm_end = addr;
	link_tree(mm, upper);
	link_mapping(m, upper);
	unlock_mapping(m);
	if (upper->vm_ops && upper->vm_ops->open)
		upper->vm_ops->open(upper);
	return 0;
}

#define VM_NO_MERGE	(VM_PFNMAP | VM_IO | VM_DONTEXPAND)

static bool mergeable(const struct vma_shape *a, const struct vma_shape *b)
{
	if (a->end != b->start || a->flags != b->flags || a->policy != b->policy || a->file != b->file ||
	    a->ops != b->ops || a->private_data != b->private_data || (a->flags & VM_NO_MERGE))
		return false;
	if (a->ops && a->ops->close)
		return false;
	/* Private memory has no place in a file that would have to go on. */
	return !a->ops || a->pgoff + ((a->end - a->start) >> PAGE_SHIFT) == b->pgoff;
}

static struct vma_shape shape_of(const struct vm_area_struct *vma)
{
	return (struct vma_shape){
		.start = vma->vm_start, .end = vma->vm_end, .flags = vma->vm_flags,
		.pgoff = vma->vm_pgoff, .policy = vma->vm_policy, .file = vma->vm_file, .ops = vma->vm_ops,
		.private_data = vma->vm_private_data,
	};
}

/* @b, right behind @a, becomes part of it. */
static void vma_join(struct mm_struct *mm, struct vm_area_struct *a, struct vm_area_struct *b)
{
	struct address_space *m = vma_mapping(a);

	lock_mapping(m);
	unlink_tree(mm, b);
	unlink_mapping(m, b);
	a->vm_end = b->vm_end;
	a->has_anon |= b->has_anon;
	vma_update_gaps(a);
	unlock_mapping(m);
	vma_release(b);
}

void vma_resize(struct vm_area_struct *vma, unsigned long start, unsigned long end)
{
	struct address_space *m = vma_mapping(vma);

	lock_mapping(m);
	/* Modulo 2^n this is right in both directions. */
	vma->vm_pgoff += (start - vma->vm_start) >> PAGE_SHIFT;
	if (start < vma->vm_start)
		vma->vm_pgoff &= ~0UL >> PAGE_SHIFT;
	vma->vm_start = start;
	vma->vm_end = end;
	vma_update_gaps(vma);
	unlock_mapping(m);
}

struct vm_area_struct *vma_extend(struct mm_struct *mm, const struct vma_shape *s)
{
	struct vm_area_struct *next = vma_find(mm, s->start);
	struct vm_area_struct *prev = next ? vma_prev(next) : vma_last(mm);
	struct vma_shape ps, ns;

	if (prev) {
		ps = shape_of(prev);
		if (mergeable(&ps, s)) {
			vma_resize(prev, prev->vm_start, s->end);
			return vma_merge_around(mm, prev);
		}
	}
	if (next) {
		ns = shape_of(next);
		if (mergeable(s, &ns)) {
			vma_resize(next, s->start, next->vm_end);
			return next;
		}
	}
	return NULL;
}

struct vm_area_struct *vma_merge_around(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *prev = vma_prev(vma), *next = vma_next(vma);
	struct vma_shape s = shape_of(vma), o;

	if (next) {
		o = shape_of(next);
		if (mergeable(&s, &o))
			vma_join(mm, vma, next);
	}
	if (prev) {
		o = shape_of(prev);
		if (mergeable(&o, &s)) {
			vma_join(mm, prev, vma);
			vma = prev;
		}
	}
	return vma;
}

/* Cut @vma so that it is exactly [lo, hi) of itself. */
struct vm_area_struct *vma_isolate(struct mm_struct *mm, struct vm_area_struct *vma,
				   unsigned long lo, unsigned long hi)
{
	int err;

	if (lo > vma->vm_start) {
		err = vma_split(mm, vma, lo);
		if (err)
			return ERR_PTR(err);
		vma = vma_next(vma);
	}
	if (hi < vma->vm_end) {
		err = vma_split(mm, vma, hi);
		if (err)
			return ERR_PTR(err);
	}
	return vma;
}

struct vm_area_struct *vma_modify(struct mm_struct *mm, struct vm_area_struct *vma,
				  unsigned long lo, unsigned long hi, unsigned long new_flags)
{
	vma = vma_isolate(mm, vma, lo, hi);
	if (IS_ERR(vma))
		return vma;
	vma->vm_flags = new_flags;
	return vma_merge_around(mm, vma);
}

/* ---- room ------------------------------------------------------------------------------- */

/* The highest VMA in the subtree of @n whose gap has @len; the subtree has one. */
static struct rb_node *highest_gap(struct rb_node *n, unsigned long len)
{
	for (;;) {
		if (subtree_has(n->rb_right, len))
			n = n->rb_right;
		else if (vma_gap(vma_of(n)) >= len)
			return n;
		else
			n = n->rb_left;
	}
}

static struct rb_node *lowest_gap(struct rb_node *n, unsigned long len)
{
	for (;;) {
		if (subtree_has(n->rb_left, len))
			n = n->rb_left;
		else if (vma_gap(vma_of(n)) >= len)
			return n;
		else
			n = n->rb_right;
	}
}

/* The next lower VMA whose gap has @len, or NULL. */
static struct vm_area_struct *lower_gap(struct vm_area_struct *vma, unsigned long len)
{
	struct rb_node *n = &vma->vm_rb, *parent;

	if (subtree_has(n->rb_left, len))
		return vma_of(highest_gap(n->rb_left, len));
	for (; (parent = rb_parent(n)); n = parent) {
		if (parent->rb_right != n)
			continue;
		if (vma_gap(vma_of(parent)) >= len)
			return vma_of(parent);
		if (subtree_has(parent->rb_left, len))
			return vma_of(highest_gap(parent->rb_left, len));
	}
	return NULL;
}

static struct vm_area_struct *higher_gap(struct vm_area_struct *vma, unsigned long len)
{
	struct rb_node *n = &vma->vm_rb, *parent;

	if (subtree_has(n->rb_right, len))
		return vma_of(lowest_gap(n->rb_right, len));
	for (; (parent = rb_parent(n)); n = parent) {
		if (parent->rb_left != n)
			continue;
		if (vma_gap(vma_of(parent)) >= len)
			return vma_of(parent);
		if (subtree_has(parent->rb_right, len))
			return vma_of(lowest_gap(parent->rb_right, len));
	}
	return NULL;
}

/* [*start, *end) := the part of [start, end) in [lo, hi); does it have @len? */
static bool clip(unsigned long *start, unsigned long *end, unsigned long lo, unsigned long hi,
		 unsigned long len)
{
	*start = max(*start, lo);
	*end = min(*end, hi);
	return *end > *start && *end - *start >= len;
}

static unsigned long find_top_down(struct mm_struct *mm, unsigned long lo, unsigned long hi,
				   unsigned long len)
{
	struct vm_area_struct *vma = vma_find(mm, hi), *last;
	unsigned long start, end;

	if (!vma) {
		last = vma_last(mm);
		start = last ? last->vm_end : 0;
		end = hi;
		if (clip(&start, &end, lo, hi, len))
			return end - len;
		vma = last;
	}
	for (; vma; vma = lower_gap(vma, len)) {
		start = prev_end(vma);
		end = gap_end(vma);
		if (clip(&start, &end, lo, hi, len))
			return end - len;
		if (vma->vm_end <= lo)
			break;
	}
	return -ENOMEM;
}

static unsigned long find_bottom_up(struct mm_struct *mm, unsigned long lo, unsigned long hi,
				    unsigned long len)
{
	struct vm_area_struct *vma, *last = vma_last(mm);
	unsigned long start, end;

	for (vma = vma_find(mm, lo); vma; vma = higher_gap(vma, len)) {
		start = prev_end(vma);
		end = gap_end(vma);
		if (start >= hi)
			return -ENOMEM;
		if (clip(&start, &end, lo, hi, len))
			return start;
	}
	start = last ? last->vm_end : 0;
	end = hi;
	return clip(&start, &end, lo, hi, len) ? start : (unsigned long)-ENOMEM;
}

/* Is [addr, addr + len) free, the distance to stacks kept? */
static bool range_is_free(struct mm_struct *mm, unsigned long addr, unsigned long len)
{
	struct vm_area_struct *vma = vma_find(mm, addr);

	return !vma || addr + len <= gap_end(vma);
}

unsigned long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len,
				unsigned long flags)
{
	unsigned long size = mm->task_size ? mm->task_size : TASK_SIZE, found;

	if (len > size)
		return -ENOMEM;
	if (flags & MAP_FIXED) {
		if ((addr & ~PAGE_MASK) || addr + 1 <= FIRST_USER_ADDRESS)
			return -EINVAL;
		return addr > size - len ? (unsigned long)-ENOMEM : addr;
	}
	addr = ALIGN(addr, PAGE_SIZE);
	if (addr && addr <= size - len && addr >= mmap_min_addr && range_is_free(mm, addr, len))
		return addr;
	if (mm->mmap_base == mm->mmap_legacy_base)
		return find_bottom_up(mm, mm->mmap_base, size, len);
	found = find_top_down(mm, max(PAGE_SIZE, mmap_min_addr), mm->mmap_base, len);
	if (IS_ERR_VALUE(found))
		found = find_bottom_up(mm, max(mmap_min_addr, mm->mmap_legacy_base), size, len);
	return found;
}
