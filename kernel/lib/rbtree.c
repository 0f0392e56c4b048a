// SPDX-License-Identifier: GPL-2.0-only
/*
 * Red-black trees; see rbtree.h.  The rules: the root is black, a red node has black children,
 * and every path from the root down passes the same number of black nodes.
 *
 * The algorithms are written once, as always-inline functions with an `augment` argument that is
 * a constant NULL for plain trees.  The only primitive that changes the shape is rotate_up().
 * The caller locks.
 */
#include <kernel/lib/rbtree.h>

typedef const struct rb_augment_callbacks augment_t;

#define RB_BLACK	1UL

static __always_inline bool is_red(const struct rb_node *node)
{
	return !(node->__rb_parent_color & RB_BLACK);
}

/* Absent nodes count as black. */
static __always_inline bool is_black(const struct rb_node *node)
{
	return !node || (node->__rb_parent_color & RB_BLACK);
}

static __always_inline void set_black(struct rb_node *node)
{
	node->__rb_parent_color |= RB_BLACK;
}

static __always_inline void set_red(struct rb_node *node)
{
	node->__rb_parent_color &= ~RB_BLACK;
}

static __always_inline void copy_color(struct rb_node *to, const struct rb_node *from)
{
	to->__rb_parent_color = (to->__rb_parent_color & ~RB_BLACK) |
				(from->__rb_parent_color & RB_BLACK);
}

static __always_inline void set_parent(struct rb_node *node, struct rb_node *parent)
{
	node->__rb_parent_color = (node->__rb_parent_color & RB_BLACK) | (unsigned long)parent;
}

/* Makes `parent` (or the root) point to `new` where it pointed to `old`. */
static __always_inline void replace_child(struct rb_node *old, struct rb_node *new,
					  struct rb_node *parent, struct rb_root *root)
{
	if (!parent)
		WRITE_ONCE(root->rb_node, new);
	else if (parent->rb_left == old)
		WRITE_ONCE(parent->rb_left, new);
	else
		WRITE_ONCE(parent->rb_right, new);
}

/* Rotates `node` above its parent; colours stay with the nodes. */
static __always_inline void rotate_up(struct rb_node *node, struct rb_root *root,
				      augment_t *augment)
{
	struct rb_node *parent = rb_parent(node);
	struct rb_node *grand = rb_parent(parent);
	struct rb_node *moved;

	if (parent->rb_left == node) {
		moved = node->rb_right;
		parent->rb_left = moved;
		node->rb_right = parent;
	} else {
		moved = node->rb_left;
		parent->rb_right = moved;
		node->rb_left = parent;
	}
	if (moved)
		set_parent(moved, parent);
	set_parent(parent, node);
	set_parent(node, grand);
	replace_child(parent, node, grand, root);
	if (augment)
		augment->rotate(parent, node);
}

static __always_inline void insert(struct rb_node *node, struct rb_root *root,
				   augment_t *augment)
{
	for (;;) {
		struct rb_node *parent = rb_parent(node);
		struct rb_node *grand, *uncle;

		if (!parent) {
			set_black(node);
			return;
		}
		if (!is_red(parent))
			return;
		grand = rb_parent(parent);	/* a red node is not the root */
		uncle = grand->rb_left == parent ? grand->rb_right : grand->rb_left;
		if (!is_black(uncle)) {
			set_black(parent);
			set_black(uncle);
			set_red(grand);
			node = grand;
			continue;
		}
		if ((parent->rb_left == node) != (grand->rb_left == parent)) {
			rotate_up(node, root, augment);
			parent = node;
		}
		rotate_up(parent, root, augment);
		set_black(parent);
		set_red(grand);
		return;
	}
}

/* The paths through `child` (may be NULL) below `parent` lack one black node. */
static __always_inline void erase_rebalance(struct rb_node *child, struct rb_node *parent,
					    struct rb_root *root, augment_t *augment)
{
	while (parent && is_black(child)) {
		bool left = parent->rb_left == child;
		struct rb_node *sibling = left ? parent->rb_right : parent->rb_left;
		struct rb_node *inner, *outer;

		if (is_red(sibling)) {
			rotate_up(sibling, root, augment);
			set_black(sibling);
			set_red(parent);
			sibling = left ? parent->rb_right : parent->rb_left;
		}
		inner = left ? sibling->rb_left : sibling->rb_right;
		outer = left ? sibling->rb_right : sibling->rb_left;
		if (is_black(inner) && is_black(outer)) {
			set_red(sibling);
			child = parent;
			parent = rb_parent(child);
			continue;
		}
		if (is_black(outer)) {
			rotate_up(inner, root, augment);
			outer = sibling;
			sibling = inner;
		}
		rotate_up(sibling, root, augment);
		copy_color(sibling, parent);
		set_black(parent);
		set_black(outer);
		return;
	}
	if (child)
		set_black(child);
}

/* Takes out a node with at most one child. */
static __always_inline void erase_simple(struct rb_node *node, struct rb_root *root,
					 augment_t *augment)
{
	struct rb_node *child = node->rb_left ? node->rb_left : node->rb_right;
	struct rb_node *parent = rb_parent(node);

	replace_child(node, child, parent, root);
	if (child)
		set_parent(child, parent);
	if (augment && parent)
		augment->propagate(parent, NULL);
	if (is_black(node))
		erase_rebalance(child, parent, root, augment);
}

/* Takes out a node with two children: its successor moves to its place. */
static __always_inline void erase_inner(struct rb_node *node, struct rb_root *root,
					augment_t *augment)
{
	struct rb_node *successor = node->rb_right;
	struct rb_node *child, *parent;
	bool was_black;

	while (successor->rb_left)
		successor = successor->rb_left;
	child = successor->rb_right;
	parent = rb_parent(successor);
	was_black = is_black(successor);

	if (parent == node) {
		parent = successor;
	} else {
		parent->rb_left = child;
		if (child)
			set_parent(child, parent);
		successor->rb_right = node->rb_right;
		set_parent(successor->rb_right, successor);
	}
	successor->rb_left = node->rb_left;
	set_parent(successor->rb_left, successor);
	replace_child(node, successor, rb_parent(node), root);
	successor->__rb_parent_color = node->__rb_parent_color;

	if (augment) {
		augment->copy(node, successor);
		if (parent != successor)
			augment->propagate(parent, successor);
		augment->propagate(successor, NULL);
	}
	if (was_black)
		erase_rebalance(child, parent, root, augment);
}

static __always_inline void erase(struct rb_node *node, struct rb_root *root, augment_t *augment)
{
	if (node->rb_left && node->rb_right)
		erase_inner(node, root, augment);
	else
		erase_simple(node, root, augment);
}

void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	insert(node, root, NULL);
}

void rb_erase(struct rb_node *node, struct rb_root *root)
{
	erase(node, root, NULL);
}

void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			 const struct rb_augment_callbacks *augment)
{
	insert(node, root, augment);
}

void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			const struct rb_augment_callbacks *augment)
{
	erase(node, root, augment);
}

void rb_replace_node(struct rb_node *victim, struct rb_node *replacement, struct rb_root *root)
{
	*replacement = *victim;
	if (victim->rb_left)
		set_parent(victim->rb_left, replacement);
	if (victim->rb_right)
		set_parent(victim->rb_right, replacement);
	replace_child(victim, replacement, rb_parent(victim), root);
}

static struct rb_node *leftmost(struct rb_node *node)
{
	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}

static struct rb_node *rightmost(struct rb_node *node)
{
	while (node && node->rb_right)
		node = node->rb_right;
	return node;
}

struct rb_node *rb_first(const struct rb_root *root)
{
	return leftmost(root->rb_node);
}

struct rb_node *rb_last(const struct rb_root *root)
{
	return rightmost(root->rb_node);
}

struct rb_node *rb_next(const struct rb_node *node)
{
	const struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_right)
		return leftmost(node->rb_right);
	while ((parent = rb_parent(node)) && node == parent->rb_right)
		node = parent;
	return (struct rb_node *)parent;
}

struct rb_node *rb_prev(const struct rb_node *node)
{
	const struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_left)
		return rightmost(node->rb_left);
	while ((parent = rb_parent(node)) && node == parent->rb_left)
		node = parent;
	return (struct rb_node *)parent;
}

/* The first leaf below node, going left where possible. */
static struct rb_node *deepest(struct rb_node *node)
{
	while (node->rb_left || node->rb_right)
		node = node->rb_left ? node->rb_left : node->rb_right;
	return node;
}

struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return root->rb_node ? deepest(root->rb_node) : NULL;
}

struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent;

	if (!node)
		return NULL;
	parent = rb_parent(node);
	if (parent && node == parent->rb_left && parent->rb_right)
		return deepest(parent->rb_right);
	return parent;
}
