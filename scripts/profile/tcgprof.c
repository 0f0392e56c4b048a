// SPDX-License-Identifier: GPL-2.0-only
/*
 * tcgprof.c: a QEMU TCG plugin that counts executed guest instructions by place and by call stack.
 *
 * It counts per translation block, so every instruction is seen: nothing is sampled. The call stack
 * is a shadow of the guest's: a call instruction that is followed pushes, arrival at a return
 * address pops, an exception pushes a frame that only the exception's return pops. cpu_switch_to's
 * stores and loads tell tasks apart, by the address of their saved context, and each task has its
 * shadow. The guest is not disturbed, and under -icount its clock does not see the plugin.
 *
 * It counts in a window: from the start, or between the marks that a program executes (an encoding
 * that is a no-op on every CPU: see MARK_*), until the second mark or the first instruction of user
 * space. One CPU only. profile.py starts it and reads what it writes at the end:
 *
 *	block START COUNT SIZES		SIZES: a digit for each instruction, its bytes
 *	node ID PARENT FUNCTION COUNT	the tree of calls; FUNCTION is an index into the functions
 *
 * Errors that it makes: a block that faults in its middle counts as whole, and a function entered
 * by a jump is a child of the one that jumped.
 */

#include "plugin_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH	192
#define POP_REACH	24		/* frames that a return may unwind at once */
#define MARK_A64	0xd50325ffu	/* hint #0x2f */
#define MARK_A32	0xe320f0ffu	/* dbg #15 */
#define MARK_T32	0x80fff3afu	/* dbg #15, half words in memory order */

PLUGIN_EXPORT int qemu_plugin_version = PLUGIN_API;

struct node {				/* one call path */
	struct node *parent, *child, *sibling;
	unsigned int function;
	unsigned int id;
	uint64_t count;
	struct node *last;		/* child that was used last */
};

struct block {
	uint64_t start, end;
	unsigned int insns;
	unsigned int function;
	bool call, exception_return, vector, user, in_switch, fork_return;
	uint64_t count;
	char *sizes;
	struct block *next;		/* in its hash chain */
};

struct frame {
	uint64_t back;			/* where the call returns to; of an exception: the block it hit */
	uint64_t back_end;		/* of an exception: that block's end, else 0 */
	struct node *node;		/* the caller's */
};

struct shadow {				/* one task's stack */
	uint64_t key;
	struct node *node;
	int depth;
	struct frame frame[MAX_DEPTH];
	struct shadow *next;
};

static uint64_t *functions;		/* where each function begins, ascending */
static size_t nfunctions;
static uint64_t kernel_base, vectors, vectors_end, switch_start, switch_end, fork_return;
static bool want_marks, stop_at_user, arm32;
static const char *out_path = "tcgprof.out";

static struct block *blocks[65536];
static struct node root;
static unsigned int next_id = 1;
static struct shadow boot_shadow = { .node = &root }, *shadow = &boot_shadow, *shadows;
static struct block *prev;
static bool counting, finished, seen_kernel;
static uint64_t stored = UINT64_MAX, loaded = UINT64_MAX;	/* lowest addresses in cpu_switch_to */

/* ---- helpers --------------------------------------------------------------------------------- */

static unsigned int find_function(uint64_t address)
{
	size_t low = 0, high = nfunctions;

	while (high - low > 1) {
		size_t mid = (low + high) / 2;

		if (functions[mid] <= address)
			low = mid;
		else
			high = mid;
	}
	return low;
}

static struct node *child_of(struct node *parent, unsigned int function)
{
	struct node *node = parent->last;

	if (node && node->function == function)
		return node;
	for (node = parent->child; node; node = node->sibling)
		if (node->function == function)
			break;
	if (!node) {
		node = calloc(1, sizeof(*node));
		node->parent = parent;
		node->function = function;
		node->id = next_id++;
		node->sibling = parent->child;
		parent->child = node;
	}
	parent->last = node;
	return node;
}

static void push(uint64_t back, uint64_t back_end)
{
	struct shadow *s = shadow;

	if (s->depth == MAX_DEPTH) {
		memmove(s->frame, s->frame + MAX_DEPTH / 2, sizeof(s->frame) / 2);
		s->depth = MAX_DEPTH / 2;
	}
	s->frame[s->depth++] = (struct frame){ .back = back, .back_end = back_end, .node = s->node };
}

/* ---- the shadow stacks ----------------------------------------------------------------------- */

static void returned(uint64_t to)
{
	struct shadow *s = shadow;
	int low = s->depth > POP_REACH ? s->depth - POP_REACH : 0;

	for (int i = s->depth - 1; i >= low && !s->frame[i].back_end; i--) {
		if (s->frame[i].back == to) {
			s->node = s->frame[i].node;
			s->depth = i;
			return;
		}
	}
}

static void exception_returned(struct block *to)
{
	struct shadow *s = shadow;
	int i = s->depth - 1;

	while (i >= 0 && !s->frame[i].back_end)
		i--;
	if (i >= 0 && to->start >= s->frame[i].back && to->start <= s->frame[i].back_end) {
		s->node = s->frame[i].node;
		s->depth = i;
	} else if (to->user) {		/* exec, a signal's handler, a new process: another stack */
		s->node = child_of(&root, to->function);
		s->depth = 0;
	} else if (i >= 0) {		/* a fix-up */
		s->node = s->frame[i].node;
		s->depth = i;
	}
}

static struct shadow *shadow_of(uint64_t key)
{
	struct shadow *s;

	for (s = shadows; s; s = s->next)
		if (s->key == key)
			return s;
	s = calloc(1, sizeof(*s));
	s->key = key;
	s->node = &root;
	s->next = shadows;
	shadows = s;
	return s;
}

/* cpu_switch_to is done: the task whose context was stored slept, the one that was loaded runs. */
static void switched(void)
{
	struct shadow *s = shadow_of(stored);

	if (s != shadow) {		/* the boot's, or a child's whose context was made by its parent */
		s->node = shadow->node;
		s->depth = shadow->depth;
		memcpy(s->frame, shadow->frame, shadow->depth * sizeof(shadow->frame[0]));
	}
	shadow = shadow_of(loaded);
	stored = loaded = UINT64_MAX;
}

static void follow(struct block *block)
{
	if (block->vector && !(prev && prev->vector)) {
		push(prev ? prev->start : block->start, prev ? prev->end : block->start + 1);
		shadow->node = child_of(shadow->node, block->function);
	} else if (block->fork_return) {
		shadow->depth = 0;
		shadow->node = child_of(&root, block->function);
	} else if (prev && prev->exception_return) {
		exception_returned(block);
	} else if (prev && prev->call && block->start != prev->end) {
		push(prev->end, 0);
		shadow->node = child_of(shadow->node, block->function);
	} else if (prev && block->start != prev->end) {
		returned(block->start);
	}
}

static void block_executed(unsigned int cpu, void *data)
{
	struct block *block = data;
	struct node *node;

	if (finished || cpu)
		return;
	if (loaded != UINT64_MAX && !block->in_switch)
		switched();
	follow(block);
	prev = block;
	if (!block->user)
		seen_kernel = true;
	else if (stop_at_user && seen_kernel)
		finished = true;
	if (!counting || finished)
		return;
	block->count++;
	node = shadow->node;
	if (node->function != block->function || node == &root)
		node = child_of(node, block->function);
	node->count += block->insns;
}

static void context_accessed(unsigned int cpu, uint32_t info, uint64_t address, void *data)
{
	uint64_t *lowest = qemu_plugin_mem_is_store(info) ? &stored : &loaded;

	if (address < *lowest)
		*lowest = address;
}

static void mark_executed(unsigned int cpu, void *data)
{
	if (counting)
		finished = true;
	counting = true;
}

/* ---- translation ----------------------------------------------------------------------------- */

static uint32_t insn_word(const struct qemu_plugin_insn *insn)
{
	uint32_t word = 0;
	size_t size = qemu_plugin_insn_size(insn);

#if PLUGIN_API >= 3
	qemu_plugin_insn_data(insn, &word, size < 4 ? size : 4);
#else
	memcpy(&word, qemu_plugin_insn_data(insn), size < 4 ? size : 4);
#endif
	return word;
}

/* A block whose words are ARM's has an address in the kernel; user space is Thumb where gcc was. */
static bool is_call(uint32_t w, size_t size)
{
	if (!arm32)
		return (w & 0xfc000000) == 0x94000000 || (w & 0xfffffc1f) == 0xd63f0000;
	if (size == 2)
		return (w & 0xff87) == 0x4780;				/* blx rm */
	return (w & 0x0f000000) == 0x0b000000 ||			/* bl */
	       (w & 0xfe000000) == 0xfa000000 ||			/* blx label */
	       (w & 0x0ffffff0) == 0x012fff30 ||			/* blx rm */
	       ((w & 0xc000f800) == 0xc000f000);			/* Thumb bl, blx */
}

static bool is_exception_return(uint32_t w, size_t size)
{
	if (!arm32)
		return w == 0xd69f03e0;
	return size == 4 && ((w & 0xfe50ffff) == 0xf8100a00 ||		/* rfe */
			     (w & 0x0e508000) == 0x08508000 ||		/* ldm ..., pc}^ */
			     (w & 0x0ffffff0) == 0x01b0f000 ||		/* movs pc, rm */
			     (w & 0x0ffff000) == 0x025ef000);		/* subs pc, lr, #n */
}

static bool is_mark(uint32_t w, size_t size)
{
	return size == 4 && (arm32 ? w == MARK_A32 || w == MARK_T32 : w == MARK_A64);
}

static struct block *find_block(uint64_t start, const char *sizes, uint64_t end)
{
	struct block **head = &blocks[(start >> 1) % 65536], *block;
	uint64_t own = vectors_end - vectors;

	for (block = *head; block; block = block->next)
		if (block->start == start && strcmp(block->sizes, sizes) == 0)
			return block;
	block = calloc(1, sizeof(*block));
	block->start = start;
	block->end = end;
	block->insns = strlen(sizes);
	block->function = find_function(start);
	block->user = start < kernel_base;
	block->vector = start - vectors < own;
	block->in_switch = start >= switch_start && start < switch_end;
	block->fork_return = start == fork_return;
	block->sizes = strdup(sizes);
	block->next = *head;
	*head = block;
	return block;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb), size = 0, i;
	uint64_t start = qemu_plugin_tb_vaddr(tb), end = start;
	char sizes[1024];
	uint32_t word = 0;
	struct block *block;

	if (arm32)
		start = end = (uint32_t)start;
	for (i = 0; i < n && i < sizeof(sizes) - 1; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		size = qemu_plugin_insn_size(insn);
		word = insn_word(insn);
		sizes[i] = '0' + size;
		end += size;
		if (want_marks && is_mark(word, size))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, mark_executed, PLUGIN_NO_REGS, NULL);
		if (start >= switch_start && start < switch_end)
			qemu_plugin_register_vcpu_mem_cb(insn, context_accessed, PLUGIN_NO_REGS,
							 PLUGIN_MEM_RW, NULL);
	}
	sizes[i] = 0;
	block = find_block(start, sizes, end);
	block->call = is_call(word, size);
	block->exception_return = is_exception_return(word, size) && !block->user;
	qemu_plugin_register_vcpu_tb_exec_cb(tb, block_executed, PLUGIN_NO_REGS, block);
}

/* ---- start and end --------------------------------------------------------------------------- */

static void write_nodes(FILE *out, const struct node *node)
{
	for (; node; node = node->sibling) {
		fprintf(out, "node %u %u %u %llu\n", node->id, node->parent ? node->parent->id : 0,
			node->function, (unsigned long long)node->count);
		write_nodes(out, node->child);
	}
}

static void write_out(qemu_plugin_id_t id, void *data)
{
	FILE *out = fopen(out_path, "w");

	if (!out)
		return;
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		for (struct block *b = blocks[i]; b; b = b->next)
			if (b->count)
				fprintf(out, "block %llx %llu %s\n", (unsigned long long)b->start,
					(unsigned long long)b->count, b->sizes);
	write_nodes(out, root.child);
	fprintf(out, "window %s\n", !counting ? "never" : want_marks && !finished ? "open" : "closed");
	fclose(out);
}

static int read_functions(const char *path)
{
	FILE *in = fopen(path, "r");
	unsigned long long address;
	size_t room = 0;

	if (!in)
		return -1;
	while (fscanf(in, "%llx", &address) == 1) {
		if (nfunctions == room) {
			room = room ? 2 * room : 4096;
			functions = realloc(functions, room * sizeof(functions[0]));
		}
		functions[nfunctions++] = address;
	}
	fclose(in);
	return nfunctions ? 0 : -1;
}

static uint64_t number(const char *text)
{
	return strtoull(text, NULL, 16);
}

static int read_argument(const char *key, const char *value)
{
	if (strcmp(key, "out") == 0)
		out_path = strdup(value);
	else if (strcmp(key, "functions") == 0)
		return read_functions(value);
	else if (strcmp(key, "kernel") == 0)
		kernel_base = number(value);
	else if (strcmp(key, "vectors") == 0)
		vectors = number(value);
	else if (strcmp(key, "vectors_end") == 0)
		vectors_end = number(value);
	else if (strcmp(key, "switch") == 0)
		switch_start = number(value);
	else if (strcmp(key, "switch_end") == 0)
		switch_end = number(value);
	else if (strcmp(key, "fork_return") == 0)
		fork_return = number(value);
	else if (strcmp(key, "marks") == 0)
		want_marks = number(value);
	else if (strcmp(key, "user_ends") == 0)
		stop_at_user = number(value);
	else if (strcmp(key, "arm32") == 0)
		arm32 = number(value);
	else
		return -1;
	return 0;
}

PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		char *equals = strchr(argv[i], '=');

		if (!equals)
			return -1;
		*equals = 0;
		if (read_argument(argv[i], equals + 1)) {
			fprintf(stderr, "tcgprof: bad argument %s\n", argv[i]);
			return -1;
		}
	}
	counting = !want_marks;
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_atexit_cb(id, write_out, NULL);
	return 0;
}
