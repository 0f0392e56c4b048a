// SPDX-License-Identifier: GPL-2.0-only
/*
 * XArray; see xarray.h for the interface and the locking (the caller's).
 *
 * A node covers 64 slots of 2^shift indices each; nodes of shift 0 hold entries, the others hold
 * nodes.  Per node there are 64-bit maps of its slots: which are present, which are full (every
 * index below is taken: how a free index is found), and which have each mark below them.  The
 * head is NULL, a single entry at index 0, or a node (tagged with bit 1).  Nodes are freed as
 * soon as they are empty, and the tree loses levels that hold only slot 0.
 */
#include <kernel/lib/xarray.h>

#include <kernel/lib/bug.h>
#include <kernel/lib/minmax.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>

#define SLOT_BITS	6
#define SLOTS		64
#define NODE_TAG	2UL

struct xa_node {
	u8 shift;			/* [I] */
	u8 offset;			/* [c] slot in the parent ([c]: caller's lock) */
	struct xa_node *parent;		/* [c] NULL for the head */
	u64 present;			/* [c] slots in use */
	u64 full;			/* [c] slots without a free index below */
	u64 marks[XA_MAX_MARKS];	/* [c] slots with a marked entry below */
	void *slots[SLOTS];		/* [c] entries, or nodes if shift > 0 */
};

static struct kmem_cache *xa_node_cache;

void xarray_init(void)
{
	xa_node_cache = kmem_cache_create("xa_node", sizeof(struct xa_node), 0, SLAB_PANIC, NULL);
}

static bool head_is_node(const struct xarray *xa)
{
	return ((unsigned long)xa->xa_head & 3) == NODE_TAG;
}

/* The head as a node, or NULL. */
static struct xa_node *head_node(const struct xarray *xa)
{
	return head_is_node(xa) ? (struct xa_node *)((unsigned long)xa->xa_head & ~3UL) : NULL;
}

static void set_head_node(struct xarray *xa, struct xa_node *node)
{
	xa->xa_head = (void *)((unsigned long)node | NODE_TAG);
	xa->xa_head_marks = 0;
}

/* The lower bits of an index that vary within a node. */
static unsigned long node_mask(const struct xa_node *node)
{
	unsigned int bits = node->shift + SLOT_BITS;

	return bits >= BITS_PER_LONG ? ULONG_MAX : (1UL << bits) - 1;
}

static unsigned int slot_of(const struct xa_node *node, unsigned long index)
{
	return (index >> node->shift) & (SLOTS - 1);
}

/* The first set bit of map at or after `from` (which may be SLOTS), or SLOTS. */
static unsigned int next_slot(u64 map, unsigned int from)
{
	map = from < SLOTS ? map & (~0ULL << from) : 0;
	return map ? __ffs64(map) : SLOTS;
}

/* The index of the first entry of a slot, given any index within the node. */
static unsigned long slot_index(const struct xa_node *node, unsigned long index, unsigned int slot)
{
	return (index & ~node_mask(node)) | ((unsigned long)slot << node->shift);
}

/* Slots of the highest node that would lie beyond ULONG_MAX. */
static bool slot_exists(const struct xa_node *node, unsigned int slot)
{
	return ((unsigned long)slot << node->shift) >> node->shift == slot;
}

static struct xa_node *node_alloc(unsigned int shift, gfp_t gfp)
{
	struct xa_node *node = kmem_cache_zalloc(xa_node_cache, gfp);

	if (node)
		node->shift = shift;
	return node;
}

static void node_free(struct xa_node *node)
{
	kmem_cache_free(xa_node_cache, node);
}

/* ---- the maps ---------------------------------------------------------------------------- */

static void set_full(struct xa_node *node, unsigned int slot)
{
	for (;;) {
		node->full |= BIT_ULL(slot);
		if (~node->full || !node->parent)
			return;
		slot = node->offset;
		node = node->parent;
	}
}

static void clear_full(struct xa_node *node, unsigned int slot)
{
	while (node && (node->full & BIT_ULL(slot))) {
		node->full &= ~BIT_ULL(slot);
		slot = node->offset;
		node = node->parent;
	}
}

static void node_set_mark(struct xa_node *node, unsigned int slot, xa_mark_t mark)
{
	while (node && !(node->marks[mark] & BIT_ULL(slot))) {
		node->marks[mark] |= BIT_ULL(slot);
		slot = node->offset;
		node = node->parent;
	}
}

static void node_clear_mark(struct xa_node *node, unsigned int slot, xa_mark_t mark)
{
	while (node && (node->marks[mark] & BIT_ULL(slot))) {
		node->marks[mark] &= ~BIT_ULL(slot);
		if (node->marks[mark])
			return;
		slot = node->offset;
		node = node->parent;
	}
}

/* ---- growing and shrinking --------------------------------------------------------------- */

static void link_child(struct xa_node *node, unsigned int slot, struct xa_node *child)
{
	child->parent = node;
	child->offset = slot;
	node->slots[slot] = child;
	node->present |= BIT_ULL(slot);
}

/* Frees `node` and its ancestors as far as they are empty. */
static void prune(struct xarray *xa, struct xa_node *node)
{
	while (node && !node->present) {
		struct xa_node *parent = node->parent;

		if (parent) {
			parent->slots[node->offset] = NULL;
			parent->present &= ~BIT_ULL(node->offset);
		} else {
			xa->xa_head = NULL;
		}
		node_free(node);
		node = parent;
	}
}

/* Takes off top levels that only lead to slot 0. */
static void shrink(struct xarray *xa)
{
	struct xa_node *node;

	while ((node = head_node(xa)) && node->present == 1) {
		if (node->shift) {
			struct xa_node *child = node->slots[0];

			child->parent = NULL;
			set_head_node(xa, child);
		} else {
			xa->xa_head = node->slots[0];
			xa->xa_head_marks = 0;
			for (xa_mark_t m = 0; m < XA_MAX_MARKS; m++)
				xa->xa_head_marks |= (node->marks[m] & 1) << m;
		}
		node_free(node);
	}
}

/* Puts what the head is now into slot 0 of a new head. */
static void push_down_head(struct xarray *xa, struct xa_node *top)
{
	struct xa_node *old = head_node(xa);

	if (old) {
		link_child(top, 0, old);
		top->full = !~old->full;
		for (xa_mark_t m = 0; m < XA_MAX_MARKS; m++)
			top->marks[m] = old->marks[m] != 0;
	} else if (xa->xa_head) {
		top->slots[0] = xa->xa_head;
		top->present = 1;
		top->full = 1;
		for (xa_mark_t m = 0; m < XA_MAX_MARKS; m++)
			top->marks[m] = (xa->xa_head_marks >> m) & 1;
	}
	set_head_node(xa, top);
}

/* Makes the head a node that covers `index`. */
static int expand(struct xarray *xa, unsigned long index, gfp_t gfp)
{
	struct xa_node *node = head_node(xa);

	while (!node || index > node_mask(node)) {
		unsigned int shift = node ? node->shift + SLOT_BITS : 0;

		/* An empty tree starts at the right height at once. */
		if (!xa->xa_head) {
			while (shift + SLOT_BITS < BITS_PER_LONG && index >> (shift + SLOT_BITS))
				shift += SLOT_BITS;
		}
		node = node_alloc(shift, gfp);
		if (!node)
			return -ENOMEM;
		push_down_head(xa, node);
	}
	return 0;
}

/* The leaf that holds `index`, made if it is missing; or NULL with nothing changed. */
static struct xa_node *make_leaf(struct xarray *xa, unsigned long index, gfp_t gfp)
{
	struct xa_node *node;

	if (expand(xa, index, gfp)) {
		shrink(xa);
		return NULL;
	}
	node = head_node(xa);
	while (node->shift) {
		unsigned int slot = slot_of(node, index);
		struct xa_node *child = node->slots[slot];

		if (!child) {
			child = node_alloc(node->shift - SLOT_BITS, gfp);
			if (!child) {
				prune(xa, node);
				shrink(xa);
				return NULL;
			}
			link_child(node, slot, child);
		}
		node = child;
	}
	return node;
}

/* The leaf that holds `index`, or NULL. */
static struct xa_node *find_leaf(const struct xarray *xa, unsigned long index)
{
	struct xa_node *node = head_node(xa);

	if (!node || index > node_mask(node))
		return NULL;
	while (node && node->shift)
		node = node->slots[slot_of(node, index)];
	return node;
}

/* ---- single entries ---------------------------------------------------------------------- */

void *xa_load(const struct xarray *xa, unsigned long index)
{
	struct xa_node *leaf;

	if (!head_is_node(xa))
		return index ? NULL : xa->xa_head;
	leaf = find_leaf(xa, index);
	return leaf ? leaf->slots[slot_of(leaf, index)] : NULL;
}

void xa_load_range(const struct xarray *xa, unsigned long start, void **dst, unsigned int n)
{
	bool node = head_is_node(xa);
	unsigned int i, run;

	for (i = 0; i < n; i += run) {
		struct xa_node *leaf = node ? find_leaf(xa, start + i) : NULL;
		unsigned int slot = (start + i) & (SLOTS - 1);

		run = min(SLOTS - slot, n - i);
		if (leaf)
			memcpy(dst + i, leaf->slots + slot, run * sizeof(*dst));
		else
			memset(dst + i, 0, run * sizeof(*dst));
	}
	if (!node && !start && n)
		dst[0] = xa->xa_head;
}

void *xa_erase(struct xarray *xa, unsigned long index)
{
	struct xa_node *leaf;
	unsigned int slot;
	void *old;

	if (!head_is_node(xa)) {
		old = index ? NULL : xa->xa_head;
		if (old)
			xa_init(xa);
		return old;
	}
	leaf = find_leaf(xa, index);
	if (!leaf)
		return NULL;
	slot = slot_of(leaf, index);
	old = leaf->slots[slot];
	if (!old)
		return NULL;
	for (xa_mark_t m = 0; m < XA_MAX_MARKS; m++)
		node_clear_mark(leaf, slot, m);
	clear_full(leaf, slot);
	leaf->slots[slot] = NULL;
	leaf->present &= ~BIT_ULL(slot);
	prune(xa, leaf);
	shrink(xa);
	return old;
}

void *xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	struct xa_node *leaf;
	unsigned int slot;
	void *old;

	if (!entry)
		return xa_erase(xa, index);
	ASSERT(((unsigned long)entry & 3) != NODE_TAG);
	if (!index && !head_is_node(xa)) {
		old = xa->xa_head;
		xa->xa_head = entry;
		return old;
	}
	leaf = make_leaf(xa, index, gfp);
	if (!leaf)
		return ERR_PTR(-ENOMEM);
	slot = slot_of(leaf, index);
	old = leaf->slots[slot];
	leaf->slots[slot] = entry;
	leaf->present |= BIT_ULL(slot);
	if (!old)
		set_full(leaf, slot);
	return old;
}

int xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	if (xa_load(xa, index))
		return -EBUSY;
	return xa_err(xa_store(xa, index, entry, gfp));
}

void *xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry, gfp_t gfp)
{
	void *found = xa_load(xa, index);

	return found == old ? xa_store(xa, index, entry, gfp) : found;
}

int xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit, gfp_t gfp)
{
	unsigned long index = limit.min;
	int err;

	if (limit.min > limit.max || !xa_find_free(xa, &index, limit.max))
		return -EBUSY;
	err = xa_err(xa_store(xa, index, entry, gfp));
	if (!err)
		*id = index;
	return err;
}

/* ---- searching --------------------------------------------------------------------------- */

static u64 filter_map(const struct xa_node *node, xa_mark_t filter)
{
	return filter == XA_PRESENT ? node->present : node->marks[filter];
}

static void *find_in_head(const struct xarray *xa, unsigned long index, xa_mark_t filter)
{
	if (index || !xa->xa_head)
		return NULL;
	if (filter != XA_PRESENT && !(xa->xa_head_marks & BIT(filter)))
		return NULL;
	return xa->xa_head;
}

void *xa_find(const struct xarray *xa, unsigned long *indexp, unsigned long max, xa_mark_t filter)
{
	struct xa_node *node = head_node(xa);
	unsigned long index = *indexp;
	unsigned int from;

	if (index > max)
		return NULL;
	if (!node)
		return find_in_head(xa, index, filter);
	if (index > node_mask(node))
		return NULL;
	from = slot_of(node, index);
	for (;;) {
		unsigned int slot = next_slot(filter_map(node, filter), from);

		if (slot == SLOTS) {		/* nothing here: on with the parent's next */
			from = node->offset + 1;
			node = node->parent;
			if (!node)
				return NULL;
			continue;
		}
		if (slot != slot_of(node, index))
			index = slot_index(node, index, slot);
		if (index > max)
			return NULL;
		if (!node->shift) {
			*indexp = index;
			return node->slots[slot];
		}
		node = node->slots[slot];
		from = slot_of(node, index);
	}
}

void *xa_find_after(const struct xarray *xa, unsigned long *indexp, unsigned long max,
		    xa_mark_t filter)
{
	unsigned long index = *indexp + 1;
	void *entry;

	if (!index)
		return NULL;
	entry = xa_find(xa, &index, max, filter);
	if (entry)
		*indexp = index;
	return entry;
}

unsigned int xa_extract(const struct xarray *xa, void **dst, unsigned long start,
			unsigned long max, unsigned int n, xa_mark_t filter)
{
	unsigned int found = 0;
	void *entry;

	if (!n)
		return 0;
	for (entry = xa_find(xa, &start, max, filter); entry;
	     entry = xa_find_after(xa, &start, max, filter)) {
		dst[found++] = entry;
		if (found == n)
			break;
	}
	return found;
}

/* Finds the first index >= *indexp within the head's range that is free. */
static bool find_free_in_tree(const struct xarray *xa, unsigned long *indexp)
{
	struct xa_node *node = head_node(xa);
	unsigned long index = *indexp;
	unsigned int from = slot_of(node, index);

	for (;;) {
		unsigned int slot = next_slot(~node->full, from);

		if (slot == SLOTS || !slot_exists(node, slot)) {
			from = node->offset + 1;
			node = node->parent;
			if (!node)
				return false;
			continue;
		}
		if (slot != slot_of(node, index))
			index = slot_index(node, index, slot);
		if (!node->shift || !node->slots[slot]) {
			*indexp = index;
			return true;
		}
		node = node->slots[slot];
		from = slot_of(node, index);
	}
}

bool xa_find_free(const struct xarray *xa, unsigned long *indexp, unsigned long max)
{
	struct xa_node *node = head_node(xa);
	unsigned long index = *indexp;

	if (!node) {
		if (!index && xa->xa_head)
			index = 1;
	} else if (index <= node_mask(node) && !find_free_in_tree(xa, &index)) {
		if (node_mask(node) == ULONG_MAX)
			return false;
		index = node_mask(node) + 1;
	}
	if (index > max)
		return false;
	*indexp = index;
	return true;
}

/* ---- marks ------------------------------------------------------------------------------- */

void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_node *leaf;

	if (!xa_load(xa, index))
		return;
	leaf = find_leaf(xa, index);
	if (leaf)
		node_set_mark(leaf, slot_of(leaf, index), mark);
	else
		xa->xa_head_marks |= BIT(mark);
}

void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_node *leaf = find_leaf(xa, index);

	if (leaf)
		node_clear_mark(leaf, slot_of(leaf, index), mark);
	else if (!head_is_node(xa) && !index)
		xa->xa_head_marks &= ~BIT(mark);
}

bool xa_get_mark(const struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct xa_node *leaf = find_leaf(xa, index);

	if (leaf)
		return leaf->marks[mark] & BIT_ULL(slot_of(leaf, index));
	return !head_is_node(xa) && !index && (xa->xa_head_marks & BIT(mark));
}

bool xa_marked(const struct xarray *xa, xa_mark_t mark)
{
	struct xa_node *node = head_node(xa);

	return node ? node->marks[mark] != 0 : (xa->xa_head_marks & BIT(mark)) != 0;
}

/* ---- the end ----------------------------------------------------------------------------- */

void xa_destroy(struct xarray *xa)
{
	struct xa_node *node = head_node(xa);

	/* Depth first: eat the first child of each node until it has none, then the node. */
	while (node) {
		struct xa_node *parent = node->parent;

		if (node->shift && node->present) {
			unsigned int slot = __ffs64(node->present);

			node->present &= ~BIT_ULL(slot);
			node = node->slots[slot];
			continue;
		}
		node_free(node);
		node = parent;
	}
	xa_init(xa);
}
