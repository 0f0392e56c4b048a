/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * IS_ENABLED(CONFIG_X): 1 if the option is set (the generated header says `#define CONFIG_X 1`),
 * else 0.  Usable in #if and in C, so that `if (IS_ENABLED(...))` replaces #ifdef in functions.
 *
 * How: an undefined CONFIG_X pastes to a name nobody defines, which leaves the "1" in the place
 * of the third argument one step late; the value 1 pastes to a macro that adds an argument.
 */
#pragma once

#define __KCONFIG_SHIFT_1		0,
#define __KCONFIG_TAKE_SECOND(skip, val, ...)	val
#define __KCONFIG_PICK(shifted)		__KCONFIG_TAKE_SECOND(shifted 1, 0, 0)
#define __KCONFIG_TEST(value)		__KCONFIG_PICK(__KCONFIG_SHIFT_##value)
#define IS_ENABLED(option)		__KCONFIG_TEST(option)
