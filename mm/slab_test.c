// SPDX-License-Identifier: GPL-2.0-only
/* Tests of slab caches, kmalloc and vmalloc. */
#include <kernel/lib/string.h>
#include <kernel/lib/unit.h>
#include <kernel/sched/sched.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>

#define MANY 200

static unsigned int constructed;

struct thing {
	unsigned long	magic;
	char		rest[52];
};

static void thing_ctor(void *p)
{
	struct thing *t = p;

	t->magic = 0x7468696eUL;
	constructed++;
}

UNIT_TEST(slab_objects_are_distinct)
{
	struct kmem_cache *c = kmem_cache_create("test_thing", sizeof(struct thing), 0, 0, NULL);
	static struct thing *things[MANY];
	unsigned int i;

	EXPECT(c);
	if (!c)
		return;
	for (i = 0; i < MANY; i++) {
		things[i] = kmem_cache_alloc(c, GFP_KERNEL);
		EXPECT(things[i]);
		if (things[i])
			memset(things[i], (int)i, sizeof(struct thing));
	}
	for (i = 0; i < MANY; i++) {
		if (!things[i])
			continue;
		EXPECT_EQ(((u8 *)things[i])[0], (u8)i);
		EXPECT_EQ(((u8 *)things[i])[sizeof(struct thing) - 1], (u8)i);
		kmem_cache_free(c, things[i]);
	}
	kmem_cache_destroy(c);
}

UNIT_TEST(slab_constructor_runs_once)
{
	struct kmem_cache *c;
	struct thing *t;
	unsigned int made;

	constructed = 0;
	c = kmem_cache_create("test_ctor", sizeof(struct thing), 0, 0, thing_ctor);
	t = kmem_cache_alloc(c, GFP_KERNEL);
	EXPECT(t && t->magic == 0x7468696eUL);
	made = constructed;
	EXPECT(made > 0);
	kmem_cache_free(c, t);
	t = kmem_cache_alloc(c, GFP_KERNEL);
	EXPECT_EQ(t->magic, 0x7468696eUL);
	EXPECT_EQ(constructed, made);
	kmem_cache_free(c, t);
	kmem_cache_destroy(c);
}

UNIT_TEST(slab_zalloc_is_zero)
{
	struct kmem_cache *c = kmem_cache_create("test_zero", 100, 0, 0, NULL);
	u8 *p = kmem_cache_alloc(c, GFP_KERNEL);
	unsigned int i;

	memset(p, 0xff, 100);
	kmem_cache_free(c, p);
	p = kmem_cache_zalloc(c, GFP_KERNEL);
	for (i = 0; i < 100 && !p[i]; i++)
		;
	EXPECT_EQ(i, 100);
	kmem_cache_free(c, p);
	kmem_cache_destroy(c);
}

UNIT_TEST(kmalloc_sizes)
{
	static const size_t sizes[] = {
		1, 8, 16, 17, 64, 65, 96, 97, 128, 192, 193, 256, 1000, 4096, 8192, 8193, 100000,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		char *p = kmalloc(sizes[i], GFP_KERNEL);

		EXPECT(p);
		if (!p)
			continue;
		EXPECT(ksize(p) >= sizes[i]);
		EXPECT_EQ((unsigned long)p & (sizeof(u64) - 1), 0);
		memset(p, 0xa5, sizes[i]);
		kfree(p);
	}
	kfree(NULL);
	EXPECT(!kmalloc_array(SIZE_MAX / 2, 4, GFP_KERNEL | __GFP_NOWARN));
	EXPECT(!kmalloc(KMALLOC_MAX_SIZE + 1, GFP_KERNEL | __GFP_NOWARN));
}

UNIT_TEST(krealloc_keeps_contents)
{
	char *p = kmalloc(20, GFP_KERNEL), *q;

	strcpy(p, "what was there");
	q = krealloc(p, 5000, GFP_KERNEL);
	EXPECT(q);
	if (q)
		EXPECT_STREQ(q, "what was there");
	q = krealloc(q, 30, GFP_KERNEL);
	EXPECT_STREQ(q, "what was there");
	kfree(q);
}

UNIT_TEST(vmalloc_is_contiguous)
{
	size_t size = 5 * PAGE_SIZE + 123;
	u8 *p = vzalloc(size), *q = vmalloc(PAGE_SIZE);

	EXPECT(p && q);
	EXPECT(is_vmalloc_addr(p) && !is_vmalloc_addr(&constructed));
	if (p) {
		EXPECT_EQ(p[size - 1], 0);
		memset(p, 0x77, size);
		EXPECT_EQ(p[size - 1], 0x77);
	}
	EXPECT((unsigned long)q + PAGE_SIZE <= (unsigned long)p || q >= p + 6 * PAGE_SIZE);
	vfree(p);
	vfree(q);
	vfree(NULL);
}

UNIT_TEST(kernel_stacks_are_aligned)
{
	void *a = alloc_kernel_stack(), *b = alloc_kernel_stack();

	EXPECT(a && b && a != b);
	EXPECT_EQ((unsigned long)a & (2 * THREAD_SIZE - 1), 0);
	EXPECT_EQ((unsigned long)b & (2 * THREAD_SIZE - 1), 0);
	if (a)
		free_kernel_stack(a);
	if (b)
		free_kernel_stack(b);
}
