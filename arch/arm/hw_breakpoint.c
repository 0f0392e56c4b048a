// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hardware breakpoints and watchpoints of a task, for debuggers: PTRACE_GETHBPREGS and SETHBPREGS.
 *
 * A task that has any owns a struct hw_debug and TIF_HW_DEBUG; switch_to() loads the CPU's debug registers for
 * such a task and switches them off (DBGDSCR.MDBGen) for the others.  A hit is reported as SIGTRAP, TRAP_HWBKPT,
 * with the number of the register in si_errno; the debugger takes the breakpoint away to get past it.  A child
 * has none, exec drops them.
 *
 * What a debugger writes is kept as it says it: an address of any alignment, and a number of bytes; the CPU
 * wants an aligned address and a mask of the bytes above it.
 *
 * Locking: a task's own, or its tracer's while it is stopped and off its CPU.  Registers: ARMv7-A C11.11.
 */
#include <kernel/lib/bitops.h>
#include <kernel/lib/string.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <mm/slab.h>
#include <asm/cpu.h>
#include <asm/entry.h>
#include <asm/hw_breakpoint.h>
#include <asm/uaccess.h>

#define HW_POINTS_MAX	16		/* of each kind, as debuggers number them */
#define DEBUG_V7_1	5		/* DBGDIDR.Version; what older ones lack is not worth a case */

#define CTRL_ENABLED	1
#define CTRL_USER	(2 << 1)
#define CTRL_KERNEL	(1 << 1)
#define CTRL_TYPE(c)	((c) >> 3 & 3)	/* 0: execution; or 1 loads, 2 stores */
#define CTRL_BYTES(c)	((c) >> 5 & 0xff)

#define DSCR_MDBGEN	(1 << 15)
#define DSCR_MOE(v)	((v) >> 2 & 0xf)
#define MOE_BREAKPOINT	1

enum hw_kind { HW_BREAK, HW_WATCH };

struct hw_point {
	u32	addr;
	u8	len;		/* in bytes; 0: the slot was never used */
	u8	type;
	bool	enabled;
};

struct hw_debug {
	struct hw_point point[2][HW_POINTS_MAX];
};

/* [I] the boot CPU's: whether debug registers can be used, how many there are, bytes that one can watch. */
static u8 debug_version, nr_points[2], max_watch_len;

/* ---- the CPU's registers --------------------------------------------------------------------- */

#define read_dbg(crn, crm, op2) ({						\
	u32 __val;								\
	asm volatile("mrc p14, 0, %0, " #crn ", " #crm ", " #op2 : "=r" (__val));	\
	__val;									\
})
#define write_dbg(val, crn, crm, op2)						\
	asm volatile("mcr p14, 0, %0, " #crn ", " #crm ", " #op2 : : "r" (val) : "memory")

#define EACH_POINT(x, op2) \
	x(0, op2) x(1, op2) x(2, op2) x(3, op2) x(4, op2) x(5, op2) x(6, op2) x(7, op2) \
	x(8, op2) x(9, op2) x(10, op2) x(11, op2) x(12, op2) x(13, op2) x(14, op2) x(15, op2)
#define WRITE_CASE(n, op2)	case n: write_dbg(val, c0, c##n, op2); break;
#define WRITE_FUNCTION(name, op2)					\
	static void write_##name(unsigned int n, u32 val)		\
	{								\
		switch (n) { EACH_POINT(WRITE_CASE, op2) }		\
	}

WRITE_FUNCTION(bvr, 4)
WRITE_FUNCTION(bcr, 5)
WRITE_FUNCTION(wvr, 6)
WRITE_FUNCTION(wcr, 7)

static void set_monitor_mode(bool on)
{
	u32 dscr = read_dbg(c0, c2, 2) & ~DSCR_MDBGEN;

	write_dbg(dscr | (on ? DSCR_MDBGEN : 0), c0, c2, 2);
	isb();
}

static void write_point(enum hw_kind kind, unsigned int n, u32 addr, u32 ctrl)
{
	if (kind == HW_BREAK) {
		write_bvr(n, addr);
		write_bcr(n, ctrl);
	} else {
		write_wvr(n, addr);
		write_wcr(n, ctrl);
	}
}

static void reset_points(void)
{
	for (unsigned int n = 0; n < nr_points[HW_BREAK]; n++)
		write_point(HW_BREAK, n, 0, 0);
	for (unsigned int n = 0; n < nr_points[HW_WATCH]; n++)
		write_point(HW_WATCH, n, 0, 0);
}

void hw_debug_init_cpu(void)
{
	u32 didr = read_dbg(c0, c0, 0);
	unsigned int version = didr >> 16 & 0xf;

	if (version != DEBUG_V7_1)
		return;
	write_dbg(0, c1, c0, 4);		/* DBGOSLAR: unlocked */
	isb();
	write_dbg(0, c0, c7, 0);		/* DBGVCR: catch no vectors */
	debug_version = version;
	nr_points[HW_BREAK] = (didr >> 24 & 0xf) + 1;
	nr_points[HW_WATCH] = (didr >> 28 & 0xf) + 1;
	reset_points();
	write_wcr(0, 0xff << 5);
	max_watch_len = (read_dbg(c0, c0, 7) & 0xff << 5) == 0xff << 5 ? 8 : 4;
	write_wcr(0, 0);
	set_monitor_mode(false);
}

/* ---- a task's -------------------------------------------------------------------------------- */

static u32 alignment_mask(const struct hw_point *p)
{
	return p->len == 8 ? 7 : 3;
}

static u32 byte_mask(const struct hw_point *p)
{
	return ((1U << p->len) - 1) << (p->addr & alignment_mask(p));
}

static u32 control(const struct hw_point *p, u32 bytes)
{
	return bytes << 5 | p->type << 3 | CTRL_USER | p->enabled;
}

static void load_points(enum hw_kind kind, const struct hw_point *p)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < HW_POINTS_MAX && n < nr_points[kind]; i++)
		if (p[i].len && p[i].enabled)
			write_point(kind, n++, p[i].addr & ~alignment_mask(&p[i]), control(&p[i], byte_mask(&p[i])));
	while (n < nr_points[kind])
		write_point(kind, n++, 0, 0);
}

void hw_debug_switch(const struct task_struct *next)
{
	bool has = test_task_flag(next, TIF_HW_DEBUG);

	if (has) {
		load_points(HW_BREAK, next->thread.hw_debug->point[HW_BREAK]);
		load_points(HW_WATCH, next->thread.hw_debug->point[HW_WATCH]);
	}
	set_monitor_mode(has);
}

void hw_debug_free(struct task_struct *t)
{
	kfree(t->thread.hw_debug);
	t->thread.hw_debug = NULL;
	clear_task_flag(t, TIF_HW_DEBUG);
}

void hw_debug_flush(void)
{
	preempt_disable();
	if (test_task_flag(current, TIF_HW_DEBUG)) {
		hw_debug_free(current);
		hw_debug_switch(current);
	}
	preempt_enable();
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

/* One of the CPU's breakpoints is Linux's own, for single steps; its debuggers count on the others only. */
static unsigned int nr_usable(enum hw_kind kind)
{
	return debug_version ? nr_points[kind] - (kind == HW_BREAK) : 0;
}

/* Slot @i, taken into use if need be: -ENOSPC when the CPU has no more. */
static int get_point(struct task_struct *t, enum hw_kind kind, unsigned int i, struct hw_point **point)
{
	struct hw_point *p = t->thread.hw_debug->point[kind];
	unsigned int used = 0;

	if (!p[i].len) {
		for (unsigned int k = 0; k < HW_POINTS_MAX; k++)
			used += p[k].len != 0;
		if (used >= nr_usable(kind))
			return -ENOSPC;
		p[i] = (struct hw_point){ .len = 4, .type = kind == HW_BREAK ? 0 : 3 };
	}
	*point = &p[i];
	return 0;
}

/* Whole words (or Thumb instructions), or bytes and halfwords inside one. */
static bool valid_range(const struct hw_point *p)
{
	unsigned int offset = p->addr & alignment_mask(p);

	if (p->type == 0 && p->len != 2 && p->len != 4)
		return false;
	if (p->len == 8 && max_watch_len < 8)
		return false;
	if (!offset)
		return true;
	return p->len == 1 || (p->len == 2 && offset < 3);
}

/* ---- ptrace ---------------------------------------------------------------------------------- */

/* Register numbers: 1, 2 are address and control of the first breakpoint, 3, 4 of the second, ...; -1, -2 of the
 * first watchpoint. */
static int point_of_number(long num, enum hw_kind *kind, unsigned int *i)
{
	*kind = num < 0 ? HW_WATCH : HW_BREAK;
	*i = ((num < 0 ? -num : num) - 1) / 2;
	return *i < HW_POINTS_MAX ? 0 : -EINVAL;
}

static int set_address(struct hw_point *p, u32 addr)
{
	struct hw_point new = *p;

	new.addr = addr;
	if (!valid_range(&new) || (addr >= TASK_SIZE && addr + new.len - 1 >= TASK_SIZE))
		return -EINVAL;
	*p = new;
	return 0;
}

static int set_control(enum hw_kind kind, struct hw_point *p, u32 ctrl)
{
	struct hw_point new = *p;
	unsigned int bytes = CTRL_BYTES(ctrl);

	if ((bytes != 1 && bytes != 3 && bytes != 0xf && bytes != 0xff) || (kind == HW_BREAK) != !CTRL_TYPE(ctrl))
		return -EINVAL;
	new.enabled = ctrl & CTRL_ENABLED;
	new.type = CTRL_TYPE(ctrl);
	new.len = hweight32(bytes);
	if (!valid_range(&new))
		return -EINVAL;
	*p = new;
	return 0;
}

int hw_debug_get(struct task_struct *t, long num, unsigned long __user *to)
{
	const struct hw_point *p;
	enum hw_kind kind;
	unsigned int i;
	int err;

	if (!num)
		return put_user((unsigned long)debug_version << 24 | max_watch_len << 16 |
				nr_usable(HW_WATCH) << 8 | nr_usable(HW_BREAK), to);
	err = point_of_number(num, &kind, &i);
	if (err)
		return err;
	p = t->thread.hw_debug ? &t->thread.hw_debug->point[kind][i] : NULL;
	if (!p || !p->len)
		return put_user(0UL, to);
	return put_user((unsigned long)(num & 1 ? p->addr : control(p, (1U << p->len) - 1)), to);
}

int hw_debug_set(struct task_struct *t, long num, const unsigned long __user *from)
{
	struct hw_point *p;
	enum hw_kind kind;
	unsigned long val;
	unsigned int i;
	int err;

	if (!num)
		return 0;
	err = point_of_number(num, &kind, &i);
	if (err)
		return err;
	if (get_user(val, from))
		return -EFAULT;
	err = hw_debug_alloc(t);
	if (!err)
		err = get_point(t, kind, i, &p);
	if (!err)
		err = num & 1 ? set_address(p, val) : set_control(kind, p, val);
	return err;
}

/* ---- hits ------------------------------------------------------------------------------------ */

static bool is_hit(const struct hw_point *p, u32 addr)
{
	u32 mask = alignment_mask(p);

	return p->len && p->enabled && (addr & ~mask) == (p->addr & ~mask) && (byte_mask(p) >> (addr & mask) & 1);
}

bool hw_break_was_hit(void)
{
	return debug_version && DSCR_MOE(read_dbg(c0, c1, 0)) == MOE_BREAKPOINT;
}

/* A watched range may begin above the address that is reported: then it is the first in use. */
void hw_debug_signal(unsigned long addr, bool exec)
{
	enum hw_kind kind = exec ? HW_BREAK : HW_WATCH;
	siginfo_t info;
	int i, found = -1;

	for (i = HW_POINTS_MAX - 1; i >= 0 && current->thread.hw_debug; i--) {
		const struct hw_point *p = &current->thread.hw_debug->point[kind][i];

		if (is_hit(p, addr) || (found < 0 && p->len && p->enabled))
			found = i;
	}
	clear_siginfo(&info);
	info.si_signo = SIGTRAP;
	info.si_code = TRAP_HWBKPT;
	info.si_errno = exec ? 2 * found + 1 : -2 * found - 1;
	info.si_addr = (void *)addr;
	if (found >= 0)
		force_sig_info(&info);
}
