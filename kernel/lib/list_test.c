// SPDX-License-Identifier: GPL-2.0-only
/* Tests of list.h and llist.h. */
#include <kernel/lib/list.h>

#include <kernel/lib/llist.h>
#include <kernel/lib/unit.h>

struct item {
	int value;
	struct list_head link;
	struct hlist_node hash;
	struct llist_node chain;
};

static struct item items[5];

/* The values along the list as a decimal number. */
static int digits(struct list_head *head)
{
	struct item *item;
	int forwards = 0, backwards = 0, scale = 1;

	list_for_each_entry(item, head, link)
		forwards = forwards * 10 + item->value;
	list_for_each_entry_reverse(item, head, link) {
		backwards += item->value * scale;
		scale *= 10;
	}
	EXPECT_EQ(backwards, forwards);
	return forwards;
}

static void make_list(struct list_head *head)
{
	INIT_LIST_HEAD(head);
	for (int i = 0; i < 5; i++) {
		items[i].value = i + 1;
		list_add_tail(&items[i].link, head);
	}
}

UNIT_TEST(list_order)
{
	LIST_HEAD(head);

	EXPECT(list_empty(&head));
	EXPECT(!list_first_entry_or_null(&head, struct item, link));
	make_list(&head);
	EXPECT_EQ(digits(&head), 12345);
	EXPECT_EQ(list_count_nodes(&head), 5);
	list_move(&items[4].link, &head);
	EXPECT_EQ(digits(&head), 51234);
	list_move_tail(&items[4].link, &head);
	list_rotate_left(&head);
	EXPECT_EQ(digits(&head), 23451);
	list_del_init(&items[2].link);
	EXPECT(list_empty(&items[2].link));
	EXPECT_EQ(digits(&head), 2451);
	list_replace(&items[3].link, &items[2].link);
	EXPECT_EQ(digits(&head), 2351);
	EXPECT(list_is_first(&items[1].link, &head));
	EXPECT(list_is_last(&items[0].link, &head));
}

UNIT_TEST(list_safe_removal)
{
	struct item *item, *next;
	LIST_HEAD(head);

	make_list(&head);
	list_for_each_entry_safe(item, next, &head, link) {
		if (item->value & 1)
			list_del(&item->link);
	}
	EXPECT_EQ(digits(&head), 24);
	EXPECT(items[0].link.next == LIST_POISON1);
}

UNIT_TEST(list_splicing)
{
	LIST_HEAD(head);
	LIST_HEAD(other);
	struct item extra[2] = { { .value = 8 }, { .value = 9 } };

	make_list(&head);
	list_add_tail(&extra[0].link, &other);
	list_add_tail(&extra[1].link, &other);
	list_splice_init(&other, &head);
	EXPECT_EQ(digits(&head), 8912345);
	EXPECT(list_empty(&other));
	list_cut_position(&other, &head, &extra[1].link);
	EXPECT_EQ(digits(&other), 89);
	EXPECT_EQ(digits(&head), 12345);
	list_splice_tail_init(&other, &head);
	EXPECT_EQ(digits(&head), 1234589);
	list_splice_tail_init(&other, &head);
	EXPECT_EQ(digits(&head), 1234589);
}

UNIT_TEST(hlist_order)
{
	HLIST_HEAD(head);
	struct hlist_node *next;
	struct item *item;
	int sum = 0;

	EXPECT(hlist_empty(&head));
	for (int i = 0; i < 5; i++) {
		items[i].value = i + 1;
		INIT_HLIST_NODE(&items[i].hash);
	}
	hlist_add_head(&items[1].hash, &head);
	hlist_add_before(&items[0].hash, &items[1].hash);
	hlist_add_behind(&items[2].hash, &items[1].hash);
	hlist_for_each_entry(item, &head, hash)
		sum = sum * 10 + item->value;
	EXPECT_EQ(sum, 123);
	hlist_for_each_entry_safe(item, next, &head, hash) {
		if (item->value != 2)
			hlist_del_init(&item->hash);
	}
	EXPECT(hlist_unhashed(&items[0].hash));
	EXPECT(head.first == &items[1].hash && !items[1].hash.next);
	hlist_del_init(&items[3].hash);
}

UNIT_TEST(llist_order)
{
	LLIST_HEAD(head);
	struct llist_node *all;
	struct item *item, *next;
	int value = 0;

	for (int i = 0; i < 5; i++) {
		items[i].value = i + 1;
		EXPECT_EQ(llist_add(&items[i].chain, &head), i == 0);
	}
	all = llist_reverse_order(llist_del_all(&head));
	EXPECT(llist_empty(&head));
	llist_for_each_entry_safe(item, next, all, chain)
		value = value * 10 + item->value;
	EXPECT_EQ(value, 12345);
	EXPECT(!llist_del_all(&head));
}
