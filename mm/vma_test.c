// SPDX-License-Identifier: GPL-2.0-only
/* Tests of the VMA tree, in an address space that no task runs in. Addresses are in pages from
 * BASE. */
#include <kernel/lib/err.h>
#include <kernel/lib/unit.h>
#include <mm/internal.h>
#include <mm/mm.h>

#define BASE		0x10000000UL
#define AT(page)	(BASE + (unsigned long)(page) * PAGE_SIZE)
#define FLAGS		(VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE)

static struct mm_struct *make_mm(void)
{
	struct mm_struct *mm = mm_alloc();

	EXPECT(mm);
	if (mm) {
		mm->mmap_base = AT(1000);
		mm->mmap_legacy_base = AT(10);
		mmap_write_lock(mm);
	}
	return mm;
}

static void drop_mm(struct mm_struct *mm)
{
	mmap_write_unlock(mm);
	mmput(mm);
}

static struct vm_area_struct *add(struct mm_struct *mm, unsigned int from, unsigned int to,
				  unsigned long flags)
{
	struct vm_area_struct *vma = vma_alloc(mm);

	vma->vm_start = AT(from);
	vma->vm_end = AT(to);
	vma->vm_flags = flags;
	EXPECT_EQ(vma_insert(mm, vma), 0);
	return vma;
}

/* List order and the largest gap of every subtree. */
static unsigned long check_subtree(struct mm_struct *mm, struct rb_node *n)
{
	struct vm_area_struct *vma, *prev;
	unsigned long gap, largest;

	if (!n)
		return 0;
	vma = rb_entry(n, struct vm_area_struct, vm_rb);
	prev = vma_prev(vma);
	EXPECT(!prev || prev->vm_end <= vma->vm_start);
	gap = vma->vm_start - (prev ? prev->vm_end : 0);
	largest = max(gap, max(check_subtree(mm, n->rb_left), check_subtree(mm, n->rb_right)));
	EXPECT_EQ(vma->rb_subtree_gap, largest);
	return largest;
}

static void check(struct mm_struct *mm, int count)
{
	struct vm_area_struct *vma;
	int n = 0;

	for_each_vma(mm, vma)
		n++;
	EXPECT_EQ(n, count);
	EXPECT_EQ(mm->map_count, count);
	check_subtree(mm, mm->mm_rb.rb_node);
}

UNIT_TEST(vma_find_and_neighbours)
{
	struct mm_struct *mm = make_mm();
	struct vm_area_struct *a, *b;

	if (!mm)
		return;
	b = add(mm, 20, 30, FLAGS);
	a = add(mm, 5, 10, FLAGS);
	EXPECT(vma_find(mm, AT(0)) == a);
	EXPECT(vma_find(mm, AT(9)) == a);
	EXPECT(vma_find(mm, AT(10)) == b);
	EXPECT(!vma_find(mm, AT(30)));
	EXPECT(!vma_lookup(mm, AT(15)));
	EXPECT(vma_lookup(mm, AT(25)) == b);
	EXPECT(!vma_find_intersection(mm, AT(10), AT(20)));
	EXPECT(vma_find_intersection(mm, AT(9), AT(20)) == a);
	EXPECT(vma_next(a) == b);
	EXPECT(!vma_next(b) && !vma_prev(a));
	EXPECT(vma_first(mm) == a);
	check(mm, 2);
	drop_mm(mm);
}

UNIT_TEST(vma_tree_keeps_gaps)
{
	struct mm_struct *mm = make_mm();
	unsigned int i, k;

	if (!mm)
		return;
	for (i = 0; i < 60; i++) {	/* in an order that rotates a lot */
		k = i * 37 % 60;
		add(mm, 4 * k, 4 * k + 1 + k % 3, k & 1 ? FLAGS : VM_READ);
	}
	check(mm, 60);
	for (i = 0; i < 60; i += 3) {
		struct vm_area_struct *vma = vma_lookup(mm, AT(4 * i));

		vma_unlink(mm, vma);
		vma_free(vma);
	}
	check(mm, 40);
	drop_mm(mm);
}

UNIT_TEST(vma_split_and_merge)
{
	struct mm_struct *mm = make_mm();
	struct vm_area_struct *vma;

	if (!mm)
		return;
	vma = add(mm, 0, 10, FLAGS);
	EXPECT_EQ(vma_split(mm, vma, AT(4)), 0);
	EXPECT_EQ(vma->vm_end, AT(4));
	check(mm, 2);
	vma = vma_merge_around(mm, vma);
	EXPECT_EQ(vma->vm_end, AT(10));
	check(mm, 1);
	vma = vma_modify(mm, vma, AT(3), AT(6), VM_READ);
	EXPECT(!IS_ERR(vma) && vma->vm_start == AT(3) && vma->vm_end == AT(6));
	check(mm, 3);
	vma = vma_modify(mm, vma, AT(3), AT(6), FLAGS);
	EXPECT(!IS_ERR(vma) && vma->vm_start == AT(0) && vma->vm_end == AT(10));
	check(mm, 1);
	drop_mm(mm);
}

UNIT_TEST(vma_extend_neighbour)
{
	struct mm_struct *mm = make_mm();
	struct vma_shape s = { .start = AT(10), .end = AT(20), .flags = FLAGS };

	if (!mm)
		return;
	add(mm, 0, 10, FLAGS);
	add(mm, 20, 30, FLAGS);
	EXPECT(vma_extend(mm, &s));		/* both become one */
	check(mm, 1);
	s = (struct vma_shape){ .start = AT(30), .end = AT(40), .flags = VM_READ };
	EXPECT(!vma_extend(mm, &s));
	drop_mm(mm);
}

UNIT_TEST(vma_room_top_down)
{
	struct mm_struct *mm = make_mm();

	if (!mm)
		return;
	EXPECT_EQ(get_unmapped_area(mm, 0, 10 * PAGE_SIZE, 0), AT(990));
	add(mm, 985, 1000, FLAGS);
	EXPECT_EQ(get_unmapped_area(mm, 0, 10 * PAGE_SIZE, 0), AT(975));
	add(mm, 970, 980, FLAGS);
	EXPECT_EQ(get_unmapped_area(mm, 0, 5 * PAGE_SIZE, 0), AT(980));
	EXPECT_EQ(get_unmapped_area(mm, 0, 6 * PAGE_SIZE, 0), AT(964));
	add(mm, 995 + 10, 1100, FLAGS);		/* above the base: not used for it */
	EXPECT_EQ(get_unmapped_area(mm, 0, 5 * PAGE_SIZE, 0), AT(980));
	/* hints */
	EXPECT_EQ(get_unmapped_area(mm, AT(500), PAGE_SIZE, 0), AT(500));
	EXPECT_EQ(get_unmapped_area(mm, AT(975), PAGE_SIZE, 0), AT(984));
	EXPECT_EQ(get_unmapped_area(mm, AT(975), PAGE_SIZE, MAP_FIXED), AT(975));
	EXPECT_EQ(get_unmapped_area(mm, AT(975) + 1, PAGE_SIZE, MAP_FIXED), (unsigned long)-EINVAL);
	EXPECT_EQ(get_unmapped_area(mm, 0, TASK_SIZE + PAGE_SIZE, 0), (unsigned long)-ENOMEM);
	drop_mm(mm);
}

UNIT_TEST(vma_room_bottom_up)
{
	struct mm_struct *mm = make_mm();

	if (!mm)
		return;
	mm->mmap_base = mm->mmap_legacy_base;
	EXPECT_EQ(get_unmapped_area(mm, 0, 5 * PAGE_SIZE, 0), AT(10));
	add(mm, 8, 12, FLAGS);
	add(mm, 15, 20, FLAGS);
	EXPECT_EQ(get_unmapped_area(mm, 0, 3 * PAGE_SIZE, 0), AT(12));
	EXPECT_EQ(get_unmapped_area(mm, 0, 4 * PAGE_SIZE, 0), AT(20));
	drop_mm(mm);
}

UNIT_TEST(vma_room_keeps_off_stacks)
{
	struct mm_struct *mm = make_mm();

	if (!mm)
		return;
	mm->mmap_base = AT(2000);
	add(mm, 1990, 2000, FLAGS | VM_GROWSDOWN);
	EXPECT_EQ(get_unmapped_area(mm, 0, PAGE_SIZE, 0),
		  AT(1990) - stack_guard_gap - PAGE_SIZE);
	drop_mm(mm);
}
