/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The 32-bit ABI (ARM EABI) where the kernel's own words are wider: its types and structures, and the functions
 * that convert them.  A 32-bit kernel has the same layouts natively, and is_compat_task() is never true there.
 *
 * Each structure that differs has one place where it is read or written, and only that place asks
 * is_compat_task().  No locks: everything belongs to the calling task.
 */
#pragma once

#include <kernel/sched/sched.h>

typedef s32	compat_long_t;
typedef u32	compat_ulong_t;
typedef u32	compat_uptr_t;
typedef u32	compat_size_t;

/* Is current a 32-bit program on a 64-bit kernel? Its structures are the ones below. */
static inline bool is_compat_task(void)
{
	return sizeof(long) == 8 && test_task_flag(current, TIF_32BIT);
}

#define COMPAT_SHMLBA	(4 * PAGE_SIZE)		/* where shmat() attaches */

static inline void __user *compat_ptr(compat_uptr_t p)
{
	return (void __user *)(unsigned long)p;
}

/* 16-bit ids: 0xffff means "leave it", and the overflow id stands for those that do not fit. */
static inline uid_t widen_id(u16 id)
{
	return id == 0xffff ? (uid_t)-1 : id;
}
static inline u16 narrow_id(uid_t id)
{
	return id > 0xffff ? 65534 : id;
}

/* The word of user memory at @p, of the size that a long has there. 0 or -EFAULT. */
int get_user_word(unsigned long *val, const void __user *p);
int put_user_word(unsigned long val, void __user *p);
static inline size_t user_word_size(void)
{
	return is_compat_task() ? sizeof(compat_ulong_t) : sizeof(long);
}
