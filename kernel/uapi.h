/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel takes in of Linux's installed user-space ABI headers.
 *
 * The numbers, structures and flags of the user ABI are not retyped: they come from the
 * linux-libc-dev package of the architecture that is being built.  This is the one place that
 * includes them, so that the few names which differ between the ports, or which clash with
 * names of the kernel, are settled once:
 *
 *  - ARM's UAPI sigset_t is 4 bytes and its struct sigaction is the pre-rt one; both are hidden
 *    here, and <kernel/signal.h> defines the 64-bit ksigset_t and struct ksigaction for both ports.
 *  - Subsystems that need a rarely used header (input, virtio, loop, ...) include it themselves.
 */
#pragma once

#define sigset_t	uapi_sigset_t
#define sigaction	uapi_sigaction

#include <linux/types.h>
#include <linux/posix_types.h>
typedef __kernel_fd_set fd_set;
#include <asm/unistd.h>
#include <asm/errno.h>
#include <asm/signal.h>
#include <asm/siginfo.h>
#include <asm/sigcontext.h>
#include <asm/stat.h>
#include <asm/statfs.h>
#include <asm/fcntl.h>
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <asm/poll.h>
#include <asm/resource.h>
#include <asm/mman.h>
#include <asm/socket.h>
#include <asm/hwcap.h>
#include <linux/audit.h>
#include <linux/auxvec.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/elf.h>
#include <linux/eventpoll.h>
#include <linux/falloc.h>
#include <linux/fs.h>
#include <linux/futex.h>
#include <linux/inotify.h>
#include <linux/ioprio.h>
#include <linux/kcmp.h>
#include <linux/limits.h>
#include <linux/magic.h>
#include <linux/major.h>
#include <linux/membarrier.h>
#include <linux/memfd.h>
#include <linux/mman.h>
#include <linux/mount.h>
#include <linux/msg.h>
#include <linux/mqueue.h>
#include <linux/openat2.h>
#include <linux/personality.h>
#include <linux/pidfd.h>
#include <linux/prctl.h>
#include <linux/ptrace.h>
#include <linux/random.h>
#include <linux/reboot.h>
#include <linux/resource.h>
#include <linux/rseq.h>
#include <linux/sched.h>
#include <linux/sched/types.h>
#include <linux/securebits.h>
#include <linux/sem.h>
#include <linux/shm.h>
#include <linux/signal.h>
#include <linux/signalfd.h>
#include <linux/stat.h>
#include <linux/sysinfo.h>
#include <linux/termios.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <linux/timerfd.h>
#include <linux/times.h>
#include <linux/tty_flags.h>
#include <linux/uio.h>
#include <linux/utsname.h>
#include <linux/wait.h>
#include <linux/xattr.h>

#undef sigset_t
#undef sigaction
