/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Checks for bugs of the kernel itself, never for anything user space, a device or a device tree
 * can cause.  ASSERT() is compiled always, DEBUG_ASSERT() only with CONFIG_DEBUG.
 * panic() and warn_at() are in kernel/panic.c.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

void __noreturn __cold panic(const char *fmt, ...) __printf(1, 2);
void __cold warn_at(const char *file, int line, const char *expr);

#define BUG() panic("BUG at %s:%d (%s)", __FILE__, __LINE__, __func__)

#define ASSERT(cond) do {							\
	if (unlikely(!(cond)))							\
		panic("assertion failed: %s at %s:%d (%s)", #cond, __FILE__,	\
		      __LINE__, __func__);					\
} while (0)

#define BUG_ON(cond) do {							\
	if (unlikely(cond))							\
		panic("BUG: %s at %s:%d (%s)", #cond, __FILE__, __LINE__,	\
		      __func__);						\
} while (0)

/* The condition stays compiled (and type-checked) when the check is off. */
#define DEBUG_ASSERT(cond) do {			\
	if (IS_ENABLED(CONFIG_DEBUG))		\
		ASSERT(cond);			\
} while (0)

/* Both return the truth of the condition, so `if (WARN_ON(x)) return -EINVAL;` reads well. */
#define WARN_ON(cond) ({				\
	bool __warn_cond = !!(cond);			\
	if (unlikely(__warn_cond))			\
		warn_at(__FILE__, __LINE__, #cond);	\
	unlikely(__warn_cond); })

#define WARN_ON_ONCE(cond) ({						\
	static bool __warned;						\
	bool __warn_cond = !!(cond);					\
	if (unlikely(__warn_cond) &&					\
	    !__atomic_exchange_n(&__warned, true, __ATOMIC_RELAXED))	\
		warn_at(__FILE__, __LINE__, #cond);			\
	unlikely(__warn_cond); })
