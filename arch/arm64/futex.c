// SPDX-License-Identifier: GPL-2.0-only
/*
 * Atomic operations on user words for futexes.  There are no unprivileged exclusives, so these lift PAN
 * around the loop (asm/uaccess.h: everything else keeps it).  The caller has faults disabled or may
 * sleep; either way a fault that cannot be mended gives -EFAULT.
 */
#include <kernel/arch.h>
#include <kernel/uapi.h>
#include <asm/cpu.h>
#include <asm/uaccess.h>

static inline void pan_set(bool on)
{
	if (!cpu_has_pan)
		return;
	if (on)
		asm volatile(".arch_extension pan\n\tmsr pan, #1" : : : "memory");
	else
		asm volatile(".arch_extension pan\n\tmsr pan, #0" : : : "memory");
}

int futex_cmpxchg_user(u32 __user *uaddr, u32 expect, u32 newval, u32 *oldval)
{
	u32 old = 0, fail;
	int err = 0;

	if (!access_ok(uaddr, sizeof(u32)))
		return -EFAULT;
	pan_set(false);
	asm volatile(
	"1:	ldxr	%w1, [%3]\n"
	"	cmp	%w1, %w4\n"
	"	b.ne	3f\n"
	"2:	stlxr	%w2, %w5, [%3]\n"
	"	cbnz	%w2, 1b\n"
	"3:	dmb	ish\n"
	"4:\n"
	"	.pushsection .text.fixup, \"ax\"\n"
	"5:	mov	%w0, %6\n"
	"	b	4b\n"
	"	.popsection\n"
	EXTABLE_ENTRY("1b", "5b")
	EXTABLE_ENTRY("2b", "5b")
	: "+r" (err), "+&r" (old), "=&r" (fail)
	: "r" (uaddr), "r" (expect), "r" (newval), "i" (-EFAULT)
	: "cc", "memory");
	pan_set(true);
	*oldval = old;
	return err;
}

/* *oldval = *uaddr; *uaddr = insn(old, arg), atomically. */
#define FUTEX_RMW(insn)						\
	asm volatile(						\
	"1:	ldxr	%w1, [%4]\n"				\
	insn "\n"						\
	"2:	stlxr	%w3, %w2, [%4]\n"			\
	"	cbnz	%w3, 1b\n"				\
	"	dmb	ish\n"					\
	"4:\n"							\
	"	.pushsection .text.fixup, \"ax\"\n"		\
	"5:	mov	%w0, %6\n"				\
	"	b	4b\n"					\
	"	.popsection\n"					\
	EXTABLE_ENTRY("1b", "5b")				\
	EXTABLE_ENTRY("2b", "5b")				\
	: "+r" (err), "+&r" (old), "=&r" (new), "=&r" (fail)	\
	: "r" (uaddr), "r" (arg), "i" (-EFAULT)			\
	: "memory")

int futex_op_user(int op, u32 arg, u32 __user *uaddr, u32 *oldval)
{
	u32 old = 0, new, fail;
	int err = 0;

	if (!access_ok(uaddr, sizeof(u32)))
		return -EFAULT;
	pan_set(false);
	switch (op) {
	case FUTEX_OP_SET:
		FUTEX_RMW("	mov %w2, %w5");
		break;
	case FUTEX_OP_ADD:
		FUTEX_RMW("	add %w2, %w1, %w5");
		break;
	case FUTEX_OP_OR:
		FUTEX_RMW("	orr %w2, %w1, %w5");
		break;
	case FUTEX_OP_ANDN:
		FUTEX_RMW("	bic %w2, %w1, %w5");
		break;
	case FUTEX_OP_XOR:
		FUTEX_RMW("	eor %w2, %w1, %w5");
		break;
	default:
		err = -ENOSYS;
	}
	pan_set(true);
	*oldval = old;
	return err;
}
