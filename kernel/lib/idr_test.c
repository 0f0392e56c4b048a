// SPDX-License-Identifier: GPL-2.0-only
/* Tests of idr.c. */
#include <kernel/lib/idr.h>

#include <kernel/lib/unit.h>
#include <mm/slab.h>

static int objects[8];

static int sum_ids(int id, void *p, void *data)
{
	*(int *)data += id;
	return id == 5 ? -EINTR : 0;
}

UNIT_TEST(idr_allocation)
{
	DEFINE_IDR(idr);

	EXPECT_EQ(idr_alloc(&idr, &objects[0], 1, 0, GFP_KERNEL), 1);
	EXPECT_EQ(idr_alloc(&idr, &objects[1], 1, 0, GFP_KERNEL), 2);
	EXPECT_EQ(idr_alloc(&idr, NULL, 0, 0, GFP_KERNEL), 0);
	EXPECT(!idr_find(&idr, 0));
	EXPECT_EQ(idr_alloc(&idr, &objects[2], 0, 3, GFP_KERNEL), -ENOSPC);
	EXPECT(!idr_replace(&idr, &objects[3], 0));
	EXPECT(idr_find(&idr, 0) == &objects[3]);
	EXPECT(PTR_ERR(idr_replace(&idr, &objects[3], 77)) == -ENOENT);
	EXPECT(idr_remove(&idr, 1) == &objects[0]);
	EXPECT(!idr_find(&idr, 1));
	EXPECT_EQ(idr_alloc(&idr, &objects[4], 0, 0, GFP_KERNEL), 1);
	EXPECT_EQ(idr_alloc(&idr, &objects[5], INT_MAX, 0, GFP_KERNEL), INT_MAX);
	EXPECT_EQ(idr_alloc(&idr, &objects[5], INT_MAX, 0, GFP_KERNEL), -ENOSPC);
	idr_destroy(&idr);
	EXPECT(idr_is_empty(&idr));
}

UNIT_TEST(idr_cyclic)
{
	DEFINE_IDR(idr);

	for (int i = 2; i < 6; i++)
		EXPECT_EQ(idr_alloc_cyclic(&idr, &objects[i], 2, 6, GFP_KERNEL), i);
	EXPECT_EQ(idr_alloc_cyclic(&idr, &objects[0], 2, 6, GFP_KERNEL), -ENOSPC);
	idr_remove(&idr, 3);
	idr_remove(&idr, 5);
	EXPECT_EQ(idr_alloc_cyclic(&idr, &objects[0], 2, 6, GFP_KERNEL), 3);
	idr_remove(&idr, 3);
	EXPECT_EQ(idr_alloc_cyclic(&idr, &objects[0], 2, 6, GFP_KERNEL), 5);
	EXPECT_EQ(idr_alloc_cyclic(&idr, &objects[0], 2, 6, GFP_KERNEL), 3);
	idr_destroy(&idr);
}

UNIT_TEST(idr_iteration)
{
	DEFINE_IDR(idr);
	int ids = 0, n = 0, id;
	void *p;

	EXPECT_EQ(idr_alloc(&idr, &objects[0], 3, 0, GFP_KERNEL), 3);
	EXPECT_EQ(idr_alloc(&idr, NULL, 4, 0, GFP_KERNEL), 4);
	EXPECT_EQ(idr_alloc(&idr, &objects[1], 5, 0, GFP_KERNEL), 5);
	EXPECT_EQ(idr_alloc(&idr, &objects[2], 5000, 0, GFP_KERNEL), 5000);
	idr_for_each_entry(&idr, p, id) {
		ids += id;
		n++;
	}
	EXPECT_EQ(n, 3);
	EXPECT_EQ(ids, 5008);
	ids = 0;
	EXPECT_EQ(idr_for_each(&idr, sum_ids, &ids), -EINTR);
	EXPECT_EQ(ids, 8);
	idr_destroy(&idr);
}

UNIT_TEST(ida_numbers)
{
	DEFINE_IDA(ida);

	for (int i = 0; i < 200; i++)
		EXPECT_EQ(ida_alloc(&ida, GFP_KERNEL), i);
	ida_free(&ida, 130);
	ida_free(&ida, 17);
	EXPECT_EQ(ida_alloc_min(&ida, 18, GFP_KERNEL), 130);
	EXPECT_EQ(ida_alloc_max(&ida, 16, GFP_KERNEL), -ENOSPC);
	EXPECT_EQ(ida_alloc(&ida, GFP_KERNEL), 17);
	ida_destroy(&ida);
	EXPECT(ida_is_empty(&ida));
}
