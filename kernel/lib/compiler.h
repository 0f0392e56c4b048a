/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the compiler is told, and the helpers every file uses: attributes, branch hints, single
 * accesses, container_of(), compile-time checks.  It also takes in min/max (minmax.h), rounding
 * (align.h) and IS_ENABLED() (kconfig.h), so that one include serves.
 */
#pragma once

#include <stddef.h>
#include <linux/stddef.h>

#undef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#define noinline		__attribute__((__noinline__))
#define __noreturn		__attribute__((__noreturn__))
#define __must_check		__attribute__((__warn_unused_result__))
#define __maybe_unused		__attribute__((__unused__))
#define __always_unused		__attribute__((__unused__))
#define __used			__attribute__((__used__))
#define __packed		__attribute__((__packed__))
#define __aligned(x)		__attribute__((__aligned__(x)))
#define __section(s)		__attribute__((__section__(s)))
#define __weak			__attribute__((__weak__))
#define __cold			__attribute__((__cold__))
#define __pure			__attribute__((__pure__))
#define __attribute_const__	__attribute__((__const__))
#define __malloc		__attribute__((__malloc__))
#define __printf(fmt, args)	__attribute__((__format__(__printf__, fmt, args)))
#define __scanf(fmt, args)	__attribute__((__format__(__scanf__, fmt, args)))
#define __printf_like(fmt, args) __printf(fmt, args)
#define __alias(sym)		__attribute__((__alias__(#sym)))
#define fallthrough		__attribute__((__fallthrough__))

/* Boot-time code is not discarded (it is small); the marks still say what it is. */
#define __init			__cold
#define __initdata
#define __initconst
#define __read_mostly
#define __ro_after_init

#define SMP_CACHE_BYTES		64
#define ____cacheline_aligned	__aligned(SMP_CACHE_BYTES)
#define ____cacheline_aligned_in_smp __aligned(SMP_CACHE_BYTES)

#define likely(x)		__builtin_expect(!!(x), 1)
#define unlikely(x)		__builtin_expect(!!(x), 0)
#define unreachable()		__builtin_unreachable()

/* The compiler may not move memory accesses across this. */
#define barrier()		__asm__ __volatile__("" : : : "memory")

/* Hides a value's origin from the optimiser. */
#define OPTIMIZER_HIDE_VAR(var)	__asm__("" : "=r"(var) : "0"(var))

/* Exactly one access, not torn for types up to the size of a long, never repeated or merged. */
#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)	do { *(volatile __typeof__(x) *)&(x) = (val); } while (0)

#define __stringify_1(x...)	#x
#define __stringify(x...)	__stringify_1(x)
#define __PASTE_1(a, b)		a##b
#define __PASTE(a, b)		__PASTE_1(a, b)
#define __UNIQUE_ID(prefix)	__PASTE(prefix, __COUNTER__)

#define __same_type(a, b)	__builtin_types_compatible_p(__typeof__(a), __typeof__(b))

/* static_assert(expr) or static_assert(expr, "message"), at file or block scope. */
#define static_assert(expr, ...) _Static_assert(expr, #expr " " __VA_ARGS__)
#define BUILD_BUG_ON(cond)	_Static_assert(!(cond), "BUILD_BUG_ON: " #cond)
#define BUILD_BUG_ON_MSG(cond, msg) _Static_assert(!(cond), msg)
/* Zero, or a compile error; for use inside expressions. */
#define BUILD_BUG_ON_ZERO(cond)	((int)sizeof(struct { int:(-!!(cond)); }))

/* Number of elements; refuses pointers. */
#define ARRAY_SIZE(arr) \
	(sizeof(arr) / sizeof((arr)[0]) + BUILD_BUG_ON_ZERO(__same_type((arr), &(arr)[0])))

#define sizeof_field(type, member)	sizeof(((type *)0)->member)
#define offsetofend(type, member)	(offsetof(type, member) + sizeof_field(type, member))
#define typeof_member(type, member)	__typeof__(((type *)0)->member)

/* The structure that holds `member` at `ptr`. */
#define container_of(ptr, type, member) ({					\
	void *__container_ptr = (void *)(ptr);					\
	_Static_assert(__same_type(*(ptr), ((type *)0)->member) ||		\
		       __same_type(*(ptr), void), "container_of: wrong type");	\
	(type *)((char *)__container_ptr - offsetof(type, member)); })

#define __ADDRESSABLE(sym) \
	static void *__used __UNIQUE_ID(__addressable_) = (void *)&sym;

#include <kernel/lib/align.h>
#include <kernel/lib/kconfig.h>
#include <kernel/lib/minmax.h>
