/* SPDX-License-Identifier: GPL-2.0-only */
/* What signals look like to 32-bit programs on a 64-bit kernel: compat_signal.c. */
#pragma once

#include <kernel/compat.h>
#include <kernel/signal.h>

struct compat_siginfo {
	s32 signo, error, code;
	union {
		s32 pad[29];
		struct { s32 pid; u32 uid; } kill;
		struct { s32 tid, overrun, value; } timer;
		struct { s32 pid; u32 uid; s32 value; } rt;
		struct { s32 pid; u32 uid; s32 status; compat_long_t utime, stime; } child;
		struct { compat_uptr_t addr; s16 lsb; } fault;
		struct { compat_long_t band; s32 fd; } poll;
		struct { compat_uptr_t call_addr; s32 syscall; u32 arch; } sys;
	};
};
static_assert(sizeof(struct compat_siginfo) == 128);

#define COMPAT_MINSIGSTKSZ	2048

struct compat_stack {
	compat_uptr_t	ss_sp;
	s32		ss_flags;
	compat_size_t	ss_size;
};

/* struct sigaction as rt_sigaction passes it. */
struct compat_sigaction {
	compat_uptr_t	handler;
	compat_ulong_t	flags;
	compat_uptr_t	restorer;
	u32		mask[2];
};

struct compat_sigevent {
	s32		value, signo, notify;
	s32		tid;
	s32		pad[12];
};
static_assert(sizeof(struct compat_sigevent) == 64);

void compat_fill_siginfo(struct compat_siginfo *to, const siginfo_t *from);
/* 0 or -EFAULT. */
int compat_put_siginfo(void __user *to, const siginfo_t *from);
int compat_get_siginfo(siginfo_t *to, const void __user *from);
int compat_put_sigaction(void __user *to, const struct ksigaction *from);
int compat_get_sigaction(struct ksigaction *to, const void __user *from);
int compat_put_stack(void __user *to, const stack_t *from);
int compat_get_stack(stack_t *to, const void __user *from);
int compat_get_sigevent(struct sigevent *to, const void __user *from);
