/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Red-black trees.  Nodes are embedded in the caller's structures; the caller finds the place for
 * a new node itself (or uses rb_add()/rb_find() with comparison functions), links it with
 * rb_link_node() and balances with rb_insert_color().  The caller locks.
 *
 * struct rb_root_cached also knows the leftmost node.  In an augmented tree each node holds a
 * value computed from its subtree; rb_insert_augmented()/rb_erase_augmented() keep it right
 * through rotations by calling back.  Before rb_insert_augmented() the caller has updated the
 * values on the path from the root to the new node.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

struct rb_node {
	unsigned long __rb_parent_color;	/* parent pointer, bit 0: black */
	struct rb_node *rb_right;
	struct rb_node *rb_left;
} __aligned(sizeof(long));

struct rb_root {
	struct rb_node *rb_node;
};

struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;
};

#define RB_ROOT			((struct rb_root) { NULL })
#define RB_ROOT_CACHED		((struct rb_root_cached) { { NULL }, NULL })

#define rb_parent(node)		((struct rb_node *)((node)->__rb_parent_color & ~3UL))
#define rb_entry(ptr, type, member)	container_of(ptr, type, member)
#define rb_entry_safe(ptr, type, member) ({				\
	struct rb_node *__rb_p = (ptr);					\
	__rb_p ? rb_entry(__rb_p, type, member) : NULL; })

#define RB_EMPTY_ROOT(root)	(READ_ONCE((root)->rb_node) == NULL)
/* A node that is its own parent is in no tree. */
#define RB_EMPTY_NODE(node)	((node)->__rb_parent_color == (unsigned long)(node))
#define RB_CLEAR_NODE(node)	((node)->__rb_parent_color = (unsigned long)(node))

struct rb_augment_callbacks {
	/* Recompute from node upwards, until `stop` (not included; NULL: to the root). */
	void (*propagate)(struct rb_node *node, struct rb_node *stop);
	/* `new` takes the place, and so the value, of `old`. */
	void (*copy)(struct rb_node *old, struct rb_node *new);
	/* `new` was rotated above `old`: it takes old's value, then old's is recomputed. */
	void (*rotate)(struct rb_node *old, struct rb_node *new);
};

void rb_insert_color(struct rb_node *node, struct rb_root *root);
void rb_erase(struct rb_node *node, struct rb_root *root);
void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
			 const struct rb_augment_callbacks *augment);
void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
			const struct rb_augment_callbacks *augment);
void rb_replace_node(struct rb_node *victim, struct rb_node *replacement, struct rb_root *root);

struct rb_node *rb_first(const struct rb_root *root);
struct rb_node *rb_last(const struct rb_root *root);
struct rb_node *rb_next(const struct rb_node *node);
struct rb_node *rb_prev(const struct rb_node *node);
struct rb_node *rb_first_postorder(const struct rb_root *root);
struct rb_node *rb_next_postorder(const struct rb_node *node);

static inline void rb_link_node(struct rb_node *node, struct rb_node *parent,
				struct rb_node **link)
{
	node->__rb_parent_color = (unsigned long)parent;
	node->rb_left = NULL;
	node->rb_right = NULL;
	*link = node;
}

static inline struct rb_node *rb_first_cached(const struct rb_root_cached *root)
{
	return root->rb_leftmost;
}

static inline void rb_insert_color_cached(struct rb_node *node, struct rb_root_cached *root,
					  bool leftmost)
{
	if (leftmost)
		root->rb_leftmost = node;
	rb_insert_color(node, &root->rb_root);
}

static inline void rb_erase_cached(struct rb_node *node, struct rb_root_cached *root)
{
	if (root->rb_leftmost == node)
		root->rb_leftmost = rb_next(node);
	rb_erase(node, &root->rb_root);
}

static inline void rb_insert_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
					      bool leftmost,
					      const struct rb_augment_callbacks *augment)
{
	if (leftmost)
		root->rb_leftmost = node;
	rb_insert_augmented(node, &root->rb_root, augment);
}

static inline void rb_erase_augmented_cached(struct rb_node *node, struct rb_root_cached *root,
					     const struct rb_augment_callbacks *augment)
{
	if (root->rb_leftmost == node)
		root->rb_leftmost = rb_next(node);
	rb_erase_augmented(node, &root->rb_root, augment);
}

/* A tree that is empty, or has one node, needs no balancing and no callbacks: two stores. */
static inline void rb_insert_first_cached(struct rb_node *node, struct rb_root_cached *root)
{
	node->__rb_parent_color = 1UL;		/* no parent, black */
	node->rb_left = NULL;
	node->rb_right = NULL;
	root->rb_root.rb_node = node;
	root->rb_leftmost = node;
}

static inline bool rb_is_only_node(const struct rb_node *node, const struct rb_root_cached *root)
{
	return root->rb_root.rb_node == node && !node->rb_left && !node->rb_right;
}

/* Inserts; equal nodes keep their order of insertion. */
static __always_inline void rb_add(struct rb_node *node, struct rb_root *root,
				   bool (*less)(struct rb_node *, const struct rb_node *))
{
	struct rb_node **link = &root->rb_node;
	struct rb_node *parent = NULL;

	while (*link) {
		parent = *link;
		link = less(node, parent) ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(node, parent, link);
	rb_insert_color(node, root);
}

static __always_inline void rb_add_cached(struct rb_node *node, struct rb_root_cached *root,
					  bool (*less)(struct rb_node *, const struct rb_node *))
{
	struct rb_node **link = &root->rb_root.rb_node;
	struct rb_node *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (less(node, parent)) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(node, parent, link);
	rb_insert_color_cached(node, root, leftmost);
}

/* cmp(key, node) < 0: key is to the left of node. */
static __always_inline struct rb_node *rb_find(const void *key, const struct rb_root *root,
					       int (*cmp)(const void *, const struct rb_node *))
{
	struct rb_node *node = root->rb_node;

	while (node) {
		int c = cmp(key, node);

		if (!c)
			return node;
		node = c < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

/* Inserts unless an equal node is there, which is then returned. */
static __always_inline struct rb_node *rb_find_add(struct rb_node *node, struct rb_root *root,
						   int (*cmp)(struct rb_node *,
							      const struct rb_node *))
{
	struct rb_node **link = &root->rb_node;
	struct rb_node *parent = NULL;

	while (*link) {
		int c = cmp(node, *link);

		if (!c)
			return *link;
		parent = *link;
		link = c < 0 ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(node, parent, link);
	rb_insert_color(node, root);
	return NULL;
}

#define rb_for_each_entry(pos, root, field)						\
	for (pos = rb_entry_safe(rb_first(root), __typeof__(*pos), field);		\
	     pos; pos = rb_entry_safe(rb_next(&pos->field), __typeof__(*pos), field))

/* Children before parents, so that the body may free `pos`; do not rb_erase() inside. */
#define rbtree_postorder_for_each_entry_safe(pos, n, root, field)			\
	for (pos = rb_entry_safe(rb_first_postorder(root), __typeof__(*pos), field);	\
	     pos && ({ n = rb_entry_safe(rb_next_postorder(&pos->field),		\
					 __typeof__(*pos), field); 1; });		\
	     pos = n)

/*
 * Defines the three callbacks and a struct rb_augment_callbacks NAME.  compute(struct *, bool
 * exit) recomputes the node's own value from itself and its children; it returns true if the
 * value did not change (so that propagation may stop) and `exit` is set.
 */
#define RB_DECLARE_CALLBACKS(STATIC, NAME, STRUCT, FIELD, VALUE, COMPUTE)		\
static void NAME##_propagate(struct rb_node *rb, struct rb_node *stop)			\
{											\
	while (rb != stop) {								\
		if (COMPUTE(rb_entry(rb, STRUCT, FIELD), true))				\
			break;								\
		rb = rb_parent(rb);							\
	}										\
}											\
static void NAME##_copy(struct rb_node *rb_old, struct rb_node *rb_new)			\
{											\
	rb_entry(rb_new, STRUCT, FIELD)->VALUE = rb_entry(rb_old, STRUCT, FIELD)->VALUE; \
}											\
static void NAME##_rotate(struct rb_node *rb_old, struct rb_node *rb_new)		\
{											\
	NAME##_copy(rb_old, rb_new);							\
	COMPUTE(rb_entry(rb_old, STRUCT, FIELD), false);				\
}											\
STATIC const struct rb_augment_callbacks NAME = {					\
	.propagate = NAME##_propagate,							\
	.copy = NAME##_copy,								\
	.rotate = NAME##_rotate,							\
};

/* The common case: VALUE is the maximum over the subtree of SCALAR(struct *). */
#define RB_DECLARE_CALLBACKS_MAX(STATIC, NAME, STRUCT, FIELD, TYPE, VALUE, SCALAR)	\
static inline bool NAME##_compute_max(STRUCT *node, bool exit)				\
{											\
	TYPE max = SCALAR(node);							\
	struct rb_node *left = node->FIELD.rb_left;					\
	struct rb_node *right = node->FIELD.rb_right;					\
											\
	if (left && rb_entry(left, STRUCT, FIELD)->VALUE > max)				\
		max = rb_entry(left, STRUCT, FIELD)->VALUE;				\
	if (right && rb_entry(right, STRUCT, FIELD)->VALUE > max)			\
		max = rb_entry(right, STRUCT, FIELD)->VALUE;				\
	if (exit && node->VALUE == max)							\
		return true;								\
	node->VALUE = max;								\
	return false;									\
}											\
RB_DECLARE_CALLBACKS(STATIC, NAME, STRUCT, FIELD, VALUE, NAME##_compute_max)
