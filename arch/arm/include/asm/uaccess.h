/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Access to user memory.  User pages are in a domain of their own that is closed while the kernel
 * runs; user_access_begin() opens it, and even then the instructions are LDRT/STRT, which have the
 * user's rights, so that a kernel address that slips through faults.  A fault at a listed
 * instruction resumes at its fix-up (__ex_table).  Exceptions save the domain register and close
 * it.  With `nopan' on the command line it stays open (pan.c).
 */
#pragma once

#include <kernel/extable.h>
#include <kernel/fault_inject.h>
#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>
#include <asm/memory.h>
#include <asm/pgtable-bits.h>

#ifndef EFAULT
#define EFAULT 14
#endif

static inline void user_access_begin(void)
{
	asm volatile(WRITE_DACR "isb" : : "r" (DACR_UACCESS) : "memory");
}
static inline void user_access_end(void)
{
	asm volatile(WRITE_DACR : : "r" (DACR_KERNEL) : "memory");
}

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

#define __get_user_asm(insn, val, p, err)				\
	asm volatile("1:	" insn "	%1, [%2], #0\n"		\
		"2:\n"							\
		"	.pushsection .text.fixup, \"ax\"\n"		\
		"3:	mvn	%0, %3\n"				\
		"	mov	%1, #0\n"				\
		"	b	2b\n"					\
		"	.popsection\n"					\
		EXTABLE_ENTRY("1b", "3b")				\
		: "+r" (err), "=&r" (val) : "r" (p), "i" (EFAULT - 1) : "memory")

#define __put_user_asm(insn, val, p, err)				\
	asm volatile("1:	" insn "	%1, [%2], #0\n"		\
		"2:\n"							\
		"	.pushsection .text.fixup, \"ax\"\n"		\
		"3:	mvn	%0, %3\n"				\
		"	b	2b\n"					\
		"	.popsection\n"					\
		EXTABLE_ENTRY("1b", "3b")				\
		: "+r" (err) : "r" (val), "r" (p), "i" (EFAULT - 1) : "memory")

void __user_access_bad_size(void);	/* nowhere defined: a link error */

#define __unsafe_put_asm(insn, val, p, label)				\
	asm goto("1:	" insn "	%0, [%1], #0\n"		\
		EXTABLE_ENTRY("1b", "%l[" #label "]")			\
		: : "r" (val), "r" (p) : "memory" : label)

/* A scalar of 2 or 4 bytes whose address has passed access_ok(), between user_access_begin() and _end(): one
 * instruction. A fault goes to @label. */
#define unsafe_put_user(x, p, label) do {				\
	__typeof__(*(p)) __up_val = (x);				\
	if (sizeof(*(p)) == 4)						\
		__unsafe_put_asm("strt", __up_val, p, label);		\
	else if (sizeof(*(p)) == 2)					\
		__unsafe_put_asm("strht", __up_val, p, label);		\
	else								\
		__user_access_bad_size();				\
} while (0)

static __always_inline int __get_user_word(u32 *val, const void __user *p, size_t size)
{
	int err = 0;
	u32 v = 0;

	if (unlikely(!access_ok(p, size))) {
		*val = 0;
		return -EFAULT;
	}
	user_access_begin();
	switch (size) {
	case 1: __get_user_asm("ldrbt", v, p, err); break;
	case 2: __get_user_asm("ldrht", v, p, err); break;
	case 4: __get_user_asm("ldrt", v, p, err); break;
	default: __user_access_bad_size();
	}
	user_access_end();
	*val = v;
	return err;
}
static inline int __get_user_8(u64 *val, const void __user *p)
{
	u32 lo = 0, hi = 0;
	int err = 0;

	if (likely(access_ok(p, 8))) {
		user_access_begin();
		__get_user_asm("ldrt", lo, p, err);
		__get_user_asm("ldrt", hi, p + 4, err);
		user_access_end();
	} else {
		err = -EFAULT;
	}
	*val = err ? 0 : lo | (u64)hi << 32;
	return err;
}
static __always_inline int __put_user_word(u32 v, void __user *p, size_t size)
{
	int err = 0;

	if (unlikely(!access_ok(p, size)))
		return -EFAULT;
	user_access_begin();
	switch (size) {
	case 1: __put_user_asm("strbt", v, p, err); break;
	case 2: __put_user_asm("strht", v, p, err); break;
	case 4: __put_user_asm("strt", v, p, err); break;
	default: __user_access_bad_size();
	}
	user_access_end();
	return err;
}
static inline int __put_user_8(u64 v, void __user *p)
{
	int err = 0;

	if (unlikely(!access_ok(p, 8)))
		return -EFAULT;
	user_access_begin();
	__put_user_asm("strt", (u32)v, p, err);
	__put_user_asm("strt", (u32)(v >> 32), p + 4, err);
	user_access_end();
	return err;
}

/* An integer type that holds any scalar or pointer of the size of *p. */
#define __user_word_type(p) \
	__typeof__(__builtin_choose_expr(sizeof(*(p)) == 8, 0ULL, 0UL))

/* Scalars and pointers of 1, 2, 4 or 8 bytes. 0 or -EFAULT; @x is 0 after a fault. */
#define get_user(x, p) ({							\
	u64 __gu_long;								\
	u32 __gu_word;								\
	const void __user *__gu_p = (p);					\
	int __gu_err = sizeof(*(p)) == 8 ?					\
		__get_user_8(&__gu_long, __gu_p) :				\
		__get_user_word(&__gu_word, __gu_p, sizeof(*(p)) & 7);		\
	(x) = (__typeof__(*(p)))(__user_word_type(p))				\
		__builtin_choose_expr(sizeof(*(p)) == 8, __gu_long, __gu_word);	\
	__gu_err;								\
})
#define put_user(x, p) ({							\
	__typeof__(*(p)) __pu_val = (x);					\
	void __user *__pu_p = (p);						\
	sizeof(*(p)) == 8 ?							\
		__put_user_8((u64)(__user_word_type(p))__pu_val, __pu_p) :	\
		__put_user_word((u32)(__user_word_type(p))__pu_val, __pu_p, sizeof(*(p)) & 7); \
})
