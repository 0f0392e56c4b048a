/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rounding.  The lower-case round_up()/round_down() and the ALIGN family want powers of two;
 * roundup()/rounddown() take any divisor (on arm: 32-bit operands only, see math64.h).
 */
#pragma once

#define __ALIGN_MASK(x, mask)	(((x) + (mask)) & ~(mask))

#define ALIGN(x, a)		__ALIGN_MASK((x), (__typeof__(x))(a) - 1)
#define ALIGN_DOWN(x, a)	((x) & ~((__typeof__(x))(a) - 1))
#define PTR_ALIGN(p, a)		((__typeof__(p))ALIGN((unsigned long)(p), (a)))
#define IS_ALIGNED(x, a)	(((x) & ((__typeof__(x))(a) - 1)) == 0)

#define round_up(x, a)		ALIGN(x, a)
#define round_down(x, a)	ALIGN_DOWN(x, a)

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define DIV_ROUND_CLOSEST(n, d)	(((n) + (d) / 2) / (d))

#define roundup(x, y) ({			\
	__typeof__(y) __roundup_y = (y);	\
	(((x) + (__roundup_y - 1)) / __roundup_y) * __roundup_y; })
#define rounddown(x, y) ({			\
	__typeof__(x) __rounddown_x = (x);	\
	__rounddown_x - (__rounddown_x % (y)); })
