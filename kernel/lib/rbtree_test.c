// SPDX-License-Identifier: GPL-2.0-only
/* Tests of rbtree.c: random insertions and removals, with the rules checked after each. */
#include <kernel/lib/rbtree.h>

#include <kernel/lib/unit.h>

#define NODES	150

struct item {
	struct rb_node rb;
	u32 key;
	u32 value;		/* what the augmented tree takes the maximum of */
	u32 subtree_max;
	bool linked;
};

static struct item items[NODES];

static u32 item_value(struct item *item)
{
	return item->value;
}

RB_DECLARE_CALLBACKS_MAX(static, max_callbacks, struct item, rb, u32, subtree_max, item_value)

static struct item *to_item(const struct rb_node *rb)
{
	return rb_entry((struct rb_node *)rb, struct item, rb);
}

static bool item_less(struct rb_node *a, const struct rb_node *b)
{
	return to_item(a)->key < to_item(b)->key;
}

static int item_cmp(const void *key, const struct rb_node *node)
{
	u32 k = *(const u32 *)key;

	return k < to_item(node)->key ? -1 : k > to_item(node)->key;
}

/* Returns the black height below node, or -1 if a rule is broken. */
static int check_subtree(struct rb_node *node, struct rb_node *parent, bool augmented)
{
	bool black;
	int left, right;
	u32 max;

	if (!node)
		return 0;
	black = node->__rb_parent_color & 1;
	if (rb_parent(node) != parent)
		return -1;
	if (!black && (!parent || !(parent->__rb_parent_color & 1)))
		return -1;
	left = check_subtree(node->rb_left, node, augmented);
	right = check_subtree(node->rb_right, node, augmented);
	if (left < 0 || left != right)
		return -1;
	max = to_item(node)->value;
	if (node->rb_left)
		max = max(max, to_item(node->rb_left)->subtree_max);
	if (node->rb_right)
		max = max(max, to_item(node->rb_right)->subtree_max);
	if (augmented && to_item(node)->subtree_max != max)
		return -1;
	return left + black;
}

static void check_order(struct rb_root *root, int count)
{
	struct rb_node *node;
	u32 last = 0;
	int n = 0;

	for (node = rb_first(root); node; node = rb_next(node), n++) {
		EXPECT(to_item(node)->key >= last);
		last = to_item(node)->key;
	}
	EXPECT_EQ(n, count);
	for (node = rb_last(root); node; node = rb_prev(node), n--) {
		EXPECT(to_item(node)->key <= last);
		last = to_item(node)->key;
	}
	EXPECT_EQ(n, 0);
	for (node = rb_first_postorder(root); node; node = rb_next_postorder(node))
		n++;
	EXPECT_EQ(n, count);
}

UNIT_TEST(rbtree_random)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	u32 seed = 4711;
	int count = 0;

	for (int i = 0; i < NODES; i++)
		items[i].linked = false;
	for (int round = 0; round < 2000; round++) {
		struct item *item = &items[unit_random(&seed) % NODES];

		if (item->linked) {
			rb_erase_cached(&item->rb, &root);
			count--;
		} else {
			item->key = unit_random(&seed) % 1000;
			rb_add_cached(&item->rb, &root, item_less);
			count++;
		}
		item->linked = !item->linked;
		EXPECT(check_subtree(root.rb_root.rb_node, NULL, false) >= 0);
		EXPECT(rb_first_cached(&root) == rb_first(&root.rb_root));
		if (round % 16 == 0)
			check_order(&root.rb_root, count);
	}
}

static void insert_augmented(struct item *item, struct rb_root *root)
{
	struct rb_node **link = &root->rb_node;
	struct rb_node *parent = NULL;

	while (*link) {
		parent = *link;
		to_item(parent)->subtree_max = max(to_item(parent)->subtree_max, item->value);
		link = item->key < to_item(parent)->key ? &parent->rb_left : &parent->rb_right;
	}
	item->subtree_max = item->value;
	rb_link_node(&item->rb, parent, link);
	rb_insert_augmented(&item->rb, root, &max_callbacks);
}

UNIT_TEST(rbtree_augmented)
{
	struct rb_root root = RB_ROOT;
	u32 seed = 99;

	for (int i = 0; i < NODES; i++)
		items[i].linked = false;
	for (int round = 0; round < 2000; round++) {
		struct item *item = &items[unit_random(&seed) % NODES];

		if (item->linked) {
			rb_erase_augmented(&item->rb, &root, &max_callbacks);
		} else {
			item->key = unit_random(&seed) % 1000;
			item->value = unit_random(&seed) % 500;
			insert_augmented(item, &root);
		}
		item->linked = !item->linked;
		EXPECT(check_subtree(root.rb_node, NULL, true) >= 0);
	}
}

UNIT_TEST(rbtree_find_replace)
{
	struct rb_root root = RB_ROOT;
	struct item replacement = { .key = 50 };
	u32 key = 50;

	for (int i = 0; i < NODES; i++) {
		items[i].key = i;
		rb_add(&items[i].rb, &root, item_less);
	}
	EXPECT(rb_find(&key, &root, item_cmp) == &items[50].rb);
	rb_replace_node(&items[50].rb, &replacement.rb, &root);
	EXPECT(rb_find(&key, &root, item_cmp) == &replacement.rb);
	EXPECT(check_subtree(root.rb_node, NULL, false) >= 0);
	check_order(&root, NODES);
	key = NODES;
	EXPECT(!rb_find(&key, &root, item_cmp));
	RB_CLEAR_NODE(&items[50].rb);
	EXPECT(RB_EMPTY_NODE(&items[50].rb));
	EXPECT(!rb_next(&items[50].rb));
}
