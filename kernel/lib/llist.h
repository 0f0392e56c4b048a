/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A single-linked list that any number of CPUs may push to, and one consumer empties at once,
 * without a lock and from any context (interrupts included).
 */
#pragma once

#include <kernel/lib/atomic.h>

struct llist_node {
	struct llist_node *next;
};

struct llist_head {
	struct llist_node *first;	/* [a] */
};

#define LLIST_HEAD_INIT(name)	{ NULL }
#define LLIST_HEAD(name)	struct llist_head name = LLIST_HEAD_INIT(name)

static inline void init_llist_head(struct llist_head *head)
{
	head->first = NULL;
}

static inline bool llist_empty(const struct llist_head *head)
{
	return READ_ONCE(head->first) == NULL;
}

/* Returns whether the list was empty, that is, whether the consumer needs waking. */
static inline bool llist_add(struct llist_node *node, struct llist_head *head)
{
	struct llist_node *first = READ_ONCE(head->first);

	do {
		node->next = first;
	} while (!try_cmpxchg(&head->first, &first, node));
	return !first;
}

/* Takes everything, newest first. */
static inline struct llist_node *llist_del_all(struct llist_head *head)
{
	return xchg(&head->first, NULL);
}

/* Turns what llist_del_all() returned into the order of addition. */
static inline struct llist_node *llist_reverse_order(struct llist_node *node)
{
	struct llist_node *reversed = NULL;

	while (node) {
		struct llist_node *next = node->next;

		node->next = reversed;
		reversed = node;
		node = next;
	}
	return reversed;
}

#define llist_entry(ptr, type, member)	container_of(ptr, type, member)
#define __llist_entry_safe(ptr, type, member) ({			\
	struct llist_node *__llist_p = (ptr);				\
	__llist_p ? llist_entry(__llist_p, type, member) : NULL; })

#define llist_for_each(pos, node) \
	for ((pos) = (node); pos; (pos) = (pos)->next)

#define llist_for_each_entry(pos, node, member)					\
	for ((pos) = __llist_entry_safe((node), __typeof__(*(pos)), member);	\
	     pos;								\
	     (pos) = __llist_entry_safe((pos)->member.next, __typeof__(*(pos)), member))

/* `n` is of the type of `pos`. */
#define llist_for_each_entry_safe(pos, n, node, member)				\
	for ((pos) = __llist_entry_safe((node), __typeof__(*(pos)), member);	\
	     pos && ({ n = __llist_entry_safe((pos)->member.next,		\
					      __typeof__(*(pos)), member); 1; }); \
	     (pos) = (n))
