// SPDX-License-Identifier: GPL-2.0-only
/*
 * Atomic operations on user words for futexes, with user access open around the loop.  The caller
 * has faults disabled or may sleep; either way a fault that cannot be mended gives -EFAULT.
 */
#include <kernel/arch.h>
#include <kernel/uapi.h>
#include <asm/uaccess.h>

int futex_cmpxchg_user(u32 __user *uaddr, u32 expect, u32 newval, u32 *oldval)
{
	u32 old = 0, fail;
	int err = 0;

	if (!access_ok(uaddr, sizeof(u32)))
		return -EFAULT;
	user_access_begin();
	asm volatile(
	"	dmb	ish\n"
	"1:	ldrex	%1, [%3]\n"
	"	teq	%1, %4\n"
	"	bne	3f\n"
	"2:	strex	%2, %5, [%3]\n"
	"	teq	%2, #0\n"
	"	bne	1b\n"
	"3:	dmb	ish\n"
	"4:\n"
	"	.pushsection .text.fixup, \"ax\"\n"
	"5:	mvn	%0, %6\n"
	"	b	4b\n"
	"	.popsection\n"
	EXTABLE_ENTRY("1b", "5b")
	EXTABLE_ENTRY("2b", "5b")
	: "+r" (err), "+&r" (old), "=&r" (fail)
	: "r" (uaddr), "r" (expect), "r" (newval), "i" (EFAULT - 1)
	: "cc", "memory");
	user_access_end();
	*oldval = old;
	return err;
}

/* *oldval = *uaddr; *uaddr = insn(old, arg), atomically. */
#define FUTEX_RMW(insn)						\
	asm volatile(						\
	"	dmb	ish\n"					\
	"1:	ldrex	%1, [%4]\n"				\
	insn "\n"						\
	"2:	strex	%3, %2, [%4]\n"				\
	"	teq	%3, #0\n"				\
	"	bne	1b\n"					\
	"	dmb	ish\n"					\
	"4:\n"							\
	"	.pushsection .text.fixup, \"ax\"\n"		\
	"5:	mvn	%0, %6\n"				\
	"	b	4b\n"					\
	"	.popsection\n"					\
	EXTABLE_ENTRY("1b", "5b")				\
	EXTABLE_ENTRY("2b", "5b")				\
	: "+r" (err), "+&r" (old), "=&r" (new), "=&r" (fail)	\
	: "r" (uaddr), "r" (arg), "i" (EFAULT - 1)		\
	: "cc", "memory")

int futex_op_user(int op, u32 arg, u32 __user *uaddr, u32 *oldval)
{
	u32 old = 0, new, fail;
	int err = 0;

	if (!access_ok(uaddr, sizeof(u32)))
		return -EFAULT;
	user_access_begin();
	switch (op) {
	case FUTEX_OP_SET:
		FUTEX_RMW("	mov %2, %5");
		break;
	case FUTEX_OP_ADD:
		FUTEX_RMW("	add %2, %1, %5");
		break;
	case FUTEX_OP_OR:
		FUTEX_RMW("	orr %2, %1, %5");
		break;
	case FUTEX_OP_ANDN:
		FUTEX_RMW("	bic %2, %1, %5");
		break;
	case FUTEX_OP_XOR:
		FUTEX_RMW("	eor %2, %1, %5");
		break;
	default:
		err = -ENOSYS;
	}
	user_access_end();
	*oldval = old;
	return err;
}
