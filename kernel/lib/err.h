/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Error numbers and errors carried in pointers.  The top 4095 addresses are never valid, so a
 * function that returns a pointer returns ERR_PTR(-errno) on failure; callers test IS_ERR().
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>
#include <linux/errno.h>

/* Never seen by user space: how a system call asks to be restarted, and a few internal ones. */
#define ERESTARTSYS		512	/* restart if SA_RESTART, else -EINTR */
#define ERESTARTNOINTR		513	/* always restart */
#define ERESTARTNOHAND		514	/* restart if no handler ran */
#define ENOIOCTLCMD		515	/* this layer does not know the ioctl */
#define ERESTART_RESTARTBLOCK	516	/* restart through restart_syscall() */
#define EPROBE_DEFER		517	/* driver wants to be probed again later */
#define EOPENSTALE		518
#define ENOTSUPP		524

#define MAX_ERRNO		4095

#define IS_ERR_VALUE(x)		unlikely((unsigned long)(x) >= (unsigned long)-MAX_ERRNO)

static inline void *__must_check ERR_PTR(long error)
{
	return (void *)error;
}

static inline long __must_check PTR_ERR(const void *ptr)
{
	return (long)ptr;
}

static inline bool __must_check IS_ERR(const void *ptr)
{
	return IS_ERR_VALUE((unsigned long)ptr);
}

static inline bool __must_check IS_ERR_OR_NULL(const void *ptr)
{
	return unlikely(!ptr) || IS_ERR(ptr);
}

/* Passes an error on as another pointer type. */
static inline void *__must_check ERR_CAST(const void *ptr)
{
	return (void *)ptr;
}

static inline int __must_check PTR_ERR_OR_ZERO(const void *ptr)
{
	return IS_ERR(ptr) ? (int)PTR_ERR(ptr) : 0;
}
