/* SPDX-License-Identifier: GPL-2.0-only */
/* Extensible structures from user space: clone3, openat2, sched_setattr ... */
#pragma once

#include <kernel/lib/types.h>

/* @usize may be larger than the @ksize we know (then the rest must be zero: -E2BIG) or smaller (filled with
 * zero). 0, -EFAULT, -E2BIG. */
int copy_struct_from_user(void *dst, size_t ksize, const void __user *src, size_t usize);
