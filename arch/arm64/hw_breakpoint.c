// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hardware breakpoints and watchpoints of a task, for debuggers: the register sets NT_ARM_HW_BREAK and
 * NT_ARM_HW_WATCH (struct user_hwdebug_state of <asm/ptrace.h>).
 *
 * A task that has any owns a struct hw_debug and TIF_HW_DEBUG; switch_to() loads the CPU's debug registers for
 * such a task and switches them off (MDSCR_EL1.MDE) for the others.  A hit is reported as SIGTRAP, TRAP_HWBKPT;
 * the debugger takes the breakpoint away to get past it.  A child has none, exec drops them.
 *
 * What a debugger writes is kept as it says it: an address of any alignment, and a number of bytes; the CPU
 * wants an aligned address and a mask of the bytes above it.
 *
 * Locking: a task's own, or its tracer's while it is stopped and off its CPU.  Registers: Arm ARM D13.3.
 */
#include <kernel/lib/bitops.h>
#include <kernel/lib/string.h>
#include <kernel/sched/sched.h>
#include <mm/slab.h>
#include <asm/cpu.h>
#include <asm/entry.h>
#include <asm/hw_breakpoint.h>

#define CTRL_ENABLED	1
#define CTRL_EL0	(2 << 1)
#define CTRL_TYPE(c)	((c) >> 3 & 3)	/* 0: execution; or 1 loads, 2 stores */
#define CTRL_BYTES(c)	((c) >> 5 & 0xff)

struct hw_point {
	u64	addr;
	u8	len;		/* in bytes; 0: the slot was never used */
	u8	type;
	bool	enabled;
};

struct hw_debug {
	struct hw_point point[2][HW_POINTS_MAX];	/* by enum hw_kind */
};

/* ---- the CPU's registers --------------------------------------------------------------------- */

static unsigned int nr_points(enum hw_kind kind)
{
	u64 dfr0 = read_sysreg(id_aa64dfr0_el1);

	return (dfr0 >> (kind == HW_BREAK ? 12 : 20) & 0xf) + 1;
}

#define EACH_POINT(x, reg) \
	x(0, reg) x(1, reg) x(2, reg) x(3, reg) x(4, reg) x(5, reg) x(6, reg) x(7, reg) \
	x(8, reg) x(9, reg) x(10, reg) x(11, reg) x(12, reg) x(13, reg) x(14, reg) x(15, reg)
#define WRITE_CASE(n, reg)	case n: write_sysreg(val, reg##n##_el1); break;
#define WRITE_FUNCTION(reg)						\
	static void write_##reg(unsigned int n, u64 val)		\
	{								\
		switch (n) { EACH_POINT(WRITE_CASE, reg) }		\
	}

WRITE_FUNCTION(dbgbvr)
WRITE_FUNCTION(dbgbcr)
WRITE_FUNCTION(dbgwvr)
WRITE_FUNCTION(dbgwcr)

static u64 alignment_mask(enum hw_kind kind)
{
	return kind == HW_BREAK ? 3 : 7;
}

static u64 aligned_addr(enum hw_kind kind, const struct hw_point *p)
{
	return p->addr & ~alignment_mask(kind);
}

static u32 control(enum hw_kind kind, const struct hw_point *p)
{
	u32 bytes = (1U << p->len) - 1;

	bytes = bytes << (p->addr & alignment_mask(kind)) & 0xff;
	return bytes << 5 | p->type << 3 | CTRL_EL0 | p->enabled;
}

static void write_point(enum hw_kind kind, unsigned int n, u64 addr, u32 ctrl)
{
	if (kind == HW_BREAK) {
		write_dbgbvr(n, addr);
		write_dbgbcr(n, ctrl);
	} else {
		write_dbgwvr(n, addr);
		write_dbgwcr(n, ctrl);
	}
}

static void load_points(enum hw_kind kind, const struct hw_point *p)
{
	unsigned int nr = nr_points(kind), n = 0;

	for (unsigned int i = 0; i < HW_POINTS_MAX && n < nr; i++)
		if (p[i].len && p[i].enabled)
			write_point(kind, n++, aligned_addr(kind, &p[i]), control(kind, &p[i]));
	while (n < nr)
		write_point(kind, n++, 0, 0);
}

void hw_debug_load(const struct task_struct *t)
{
	load_points(HW_BREAK, t->thread.hw_debug->point[HW_BREAK]);
	load_points(HW_WATCH, t->thread.hw_debug->point[HW_WATCH]);
}

/* ---- a task's -------------------------------------------------------------------------------- */

void hw_debug_free(struct task_struct *t)
{
	kfree(t->thread.hw_debug);
	t->thread.hw_debug = NULL;
	clear_task_flag(t, TIF_HW_DEBUG);
}

static int hw_debug_alloc(struct task_struct *t)
{
	if (!t->thread.hw_debug)
		t->thread.hw_debug = kzalloc(sizeof(*t->thread.hw_debug), GFP_KERNEL);
	if (!t->thread.hw_debug)
		return -ENOMEM;
	set_task_flag(t, TIF_HW_DEBUG);
	return 0;
}

/* Slot @i, taken into use if need be: -ENOSPC when the CPU has no more. */
static int get_point(struct task_struct *t, enum hw_kind kind, unsigned int i, struct hw_point **point)
{
	struct hw_point *p = t->thread.hw_debug->point[kind];
	unsigned int used = 0;

	if (!p[i].len) {
		for (unsigned int k = 0; k < HW_POINTS_MAX; k++)
			used += p[k].len != 0;
		if (used >= nr_points(kind))
			return -ENOSPC;
		p[i] = (struct hw_point){ .len = 4, .type = kind == HW_BREAK ? 0 : 3 };
	}
	*point = &p[i];
	return 0;
}

/* 32-bit programs' points may not begin anywhere: words are aligned, halfwords lie within one. */
static bool aligned_for_arm(const struct hw_point *p)
{
	unsigned int offset = p->addr & (p->len == 8 ? 7 : 3);

	return !offset || p->len == 1 || (p->len == 2 && offset < 3);
}

/* Nothing of the kernel's is watched. */
static int set_point(struct task_struct *t, struct hw_point *point, const struct hw_point *new)
{
	if (test_task_flag(t, TIF_32BIT) && !aligned_for_arm(new))
		return -EINVAL;
	if (new->addr >= TASK_SIZE && new->addr + new->len - 1 >= TASK_SIZE)
		return -EINVAL;
	*point = *new;
	return 0;
}

static int set_addr(struct task_struct *t, struct hw_point *point, u64 addr)
{
	struct hw_point new = *point;

	new.addr = addr;
	return set_point(t, point, &new);
}

/* The mask of bytes must be one run; where it begins is added to the address. */
static int set_control(struct task_struct *t, enum hw_kind kind, struct hw_point *point, u32 ctrl)
{
	struct hw_point new = *point;
	unsigned int bytes = CTRL_BYTES(ctrl), first = bytes ? __builtin_ctz(bytes) : 0;

	new.enabled = ctrl & CTRL_ENABLED;
	if (new.enabled) {
		bytes >>= first;
		if (!bytes || (bytes & (bytes + 1)) || (kind == HW_BREAK) != !CTRL_TYPE(ctrl))
			return -EINVAL;
		new.type = CTRL_TYPE(ctrl);
		new.len = kind == HW_BREAK ? 4 : hweight32(bytes);
		new.addr += first;
	}
	return set_point(t, point, &new);
}

/* Which of current's enabled ones @addr hits; 0 if none seems to. */
unsigned int hw_debug_hit(enum hw_kind kind, u64 addr)
{
	const struct hw_debug *debug = current->thread.hw_debug;

	for (unsigned int i = 0; debug && i < HW_POINTS_MAX; i++) {
		const struct hw_point *p = &debug->point[kind][i];

		if (p->enabled && addr >= p->addr && addr < p->addr + p->len)
			return i;
	}
	return 0;
}

/* ---- the register sets ----------------------------------------------------------------------- */

int hw_debug_get(struct task_struct *t, enum hw_kind kind, void *buf, unsigned int pos, unsigned int count)
{
	struct user_hwdebug_state state = {
		.dbg_info = (read_sysreg(id_aa64dfr0_el1) & 0xf) << 8 | nr_points(kind),
	};

	for (unsigned int i = 0; i < HW_POINTS_MAX && t->thread.hw_debug; i++) {
		const struct hw_point *p = &t->thread.hw_debug->point[kind][i];

		if (!p->len)
			continue;
		state.dbg_regs[i].addr = aligned_addr(kind, p);
		state.dbg_regs[i].ctrl = control(kind, p);
	}
	memcpy(buf, (const char *)&state + pos, count);
	return 0;
}

int hw_debug_set_one(struct task_struct *t, enum hw_kind kind, unsigned int i, bool is_control, u32 val)
{
	struct hw_point *point;
	int err = hw_debug_alloc(t);

	if (!err)
		err = get_point(t, kind, i, &point);
	if (err)
		return err;
	return is_control ? set_control(t, kind, point, val) : set_addr(t, point, val);
}

/* An address without its control word is taken, too, if it is whole. */
int hw_debug_set(struct task_struct *t, enum hw_kind kind, const void *buf, unsigned int count)
{
	unsigned int offset = offsetof(struct user_hwdebug_state, dbg_regs);
	int err = hw_debug_alloc(t);

	for (unsigned int i = 0; !err && offset < count; i++, offset += 16) {
		struct hw_point *point;
		u64 addr;
		u32 ctrl;

		if (count - offset < sizeof(addr))
			return -EINVAL;
		memcpy(&addr, (const char *)buf + offset, sizeof(addr));
		err = get_point(t, kind, i, &point);
		if (!err)
			err = set_addr(t, point, addr);
		if (err || count - offset == sizeof(addr))
			return err;
		memcpy(&ctrl, (const char *)buf + offset + sizeof(addr), sizeof(ctrl));
		err = set_control(t, kind, point, ctrl);
	}
	return err;
}
