/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Access to user memory.  All accesses are LDTR/STTR: they have EL0's rights even though EL1 runs them,
 * so PAN never has to be lifted and a kernel address that slips through faults.  A fault at a listed
 * instruction resumes at its fix-up (__ex_table).
 */
#pragma once

#include <kernel/extable.h>
#include <kernel/fault_inject.h>
#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>
#include <asm/memory.h>

#ifndef EFAULT
#define EFAULT 14
#endif

static inline bool access_ok(const void __user *p, size_t n)
{
	return n <= TASK_SIZE && (unsigned long)p <= TASK_SIZE - n && !should_fail(FAIL_USERCOPY);
}

/* uaccess.S: no range check; return the number of bytes not done. */
size_t __copy_from_user(void *to, const void __user *from, size_t n);
size_t __copy_to_user(void __user *to, const void *from, size_t n);
size_t __clear_user(void __user *to, size_t n);
/* uaccess.S: at most @max bytes from @from, which all lie below TASK_SIZE. */
long __strncpy_from_user(char *to, const char __user *from, size_t max);
long __strnlen_user(const char __user *s, size_t max);

static inline size_t __must_check copy_from_user(void *to, const void __user *from, size_t n)
{
	if (unlikely(!access_ok(from, n))) {
		__builtin_memset(to, 0, n);
		return n;
	}
	return __copy_from_user(to, from, n);
}
static inline size_t __must_check copy_to_user(void __user *to, const void *from, size_t n)
{
	return likely(access_ok(to, n)) ? __copy_to_user(to, from, n) : n;
}
static inline size_t __must_check clear_user(void __user *to, size_t n)
{
	return likely(access_ok(to, n)) ? __clear_user(to, n) : n;
}
/* The length without NUL; @max when there is no NUL in @max bytes; -EFAULT. */
static inline long __must_check strncpy_from_user(char *to, const char __user *from, size_t max)
{
	unsigned long a = (unsigned long)from;
	long n;

	if (unlikely(a >= TASK_SIZE))
		return -EFAULT;
	if (max > TASK_SIZE - a) {
		n = __strncpy_from_user(to, from, TASK_SIZE - a);
		return n == (long)(TASK_SIZE - a) ? -EFAULT : n;
	}
	return __strncpy_from_user(to, from, max);
}
/* The length with its NUL; more than @max when there is none in @max bytes; 0 on a fault. */
static inline long __must_check strnlen_user(const char __user *s, size_t max)
{
	unsigned long a = (unsigned long)s;
	long n;

	if (unlikely(a >= TASK_SIZE))
		return 0;
	if (max > TASK_SIZE - a) {
		n = __strnlen_user(s, TASK_SIZE - a);
		return n > (long)(TASK_SIZE - a) ? 0 : n;
	}
	return __strnlen_user(s, max);
}

#define __get_user_asm(insn, reg, val, p, err)				\
	asm volatile("1:	" insn " " reg "1, [%2]\n"		\
		"2:\n"							\
		"	.pushsection .text.fixup, \"ax\"\n"		\
		"3:	mov	%w0, %3\n"				\
		"	mov	%1, xzr\n"				\
		"	b	2b\n"					\
		"	.popsection\n"					\
		EXTABLE_ENTRY("1b", "3b")				\
		: "+r" (err), "=&r" (val) : "r" (p), "i" (-EFAULT) : "memory")

#define __put_user_asm(insn, reg, val, p, err)				\
	asm volatile("1:	" insn " " reg "1, [%2]\n"		\
		"2:\n"							\
		"	.pushsection .text.fixup, \"ax\"\n"		\
		"3:	mov	%w0, %3\n"				\
		"	b	2b\n"					\
		"	.popsection\n"					\
		EXTABLE_ENTRY("1b", "3b")				\
		: "+r" (err) : "rZ" (val), "r" (p), "i" (-EFAULT) : "memory")

void __user_access_bad_size(void);	/* nowhere defined: a link error */

/* Between these unsafe_put_user() may be used; nothing else may happen there that could sleep. */
static inline void user_access_begin(void)
{
}
static inline void user_access_end(void)
{
}

#define __unsafe_put_asm(insn, reg, val, p, label)			\
	asm goto("1:	" insn " " reg "0, [%1]\n"			\
		EXTABLE_ENTRY("1b", "%l[" #label "]")			\
		: : "rZ" (val), "r" (p) : "memory" : label)

/* A scalar of 2 or 4 bytes whose address has passed access_ok(): one instruction. A fault goes to @label. */
#define unsafe_put_user(x, p, label) do {				\
	__typeof__(*(p)) __up_val = (x);				\
	if (sizeof(*(p)) == 4)						\
		__unsafe_put_asm("sttr", "%w", __up_val, p, label);	\
	else if (sizeof(*(p)) == 2)					\
		__unsafe_put_asm("sttrh", "%w", __up_val, p, label);	\
	else								\
		__user_access_bad_size();				\
} while (0)

static __always_inline int __get_user(u64 *val, const void __user *p, size_t size)
{
	int err = 0;
	u64 v = 0;

	if (unlikely(!access_ok(p, size))) {
		*val = 0;
		return -EFAULT;
	}
	switch (size) {
	case 1: __get_user_asm("ldtrb", "%w", v, p, err); break;
	case 2: __get_user_asm("ldtrh", "%w", v, p, err); break;
	case 4: __get_user_asm("ldtr", "%w", v, p, err); break;
	case 8: __get_user_asm("ldtr", "%x", v, p, err); break;
	default: __user_access_bad_size();
	}
	*val = v;
	return err;
}
static __always_inline int __put_user(u64 v, void __user *p, size_t size)
{
	int err = 0;

	if (unlikely(!access_ok(p, size)))
		return -EFAULT;
	switch (size) {
	case 1: __put_user_asm("sttrb", "%w", v, p, err); break;
	case 2: __put_user_asm("sttrh", "%w", v, p, err); break;
	case 4: __put_user_asm("sttr", "%w", v, p, err); break;
	case 8: __put_user_asm("sttr", "%x", v, p, err); break;
	default: __user_access_bad_size();
	}
	return err;
}

/* Scalars and pointers of 1, 2, 4 or 8 bytes. 0 or -EFAULT; @x is 0 after a fault. */
#define get_user(x, p) ({							\
	u64 __gu_val;								\
	int __gu_err = __get_user(&__gu_val, (p), sizeof(*(p)));		\
	(x) = (__typeof__(*(p)))__gu_val;					\
	__gu_err;								\
})
#define put_user(x, p) ({							\
	__typeof__(*(p)) __pu_val = (x);					\
	__put_user((u64)__pu_val, (p), sizeof(*(p)));				\
})
