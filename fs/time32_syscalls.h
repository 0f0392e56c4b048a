/* SPDX-License-Identifier: GPL-2.0-only */
/* Prototypes of the handlers that only the 32-bit ABI has; the generated header of a 64-bit port lacks them. */
#pragma once

#include <generated/syscalls.h>

struct io_event;
struct mmsghdr;
struct pollfd;

long sys_ppoll_time32(struct pollfd __user *fds, unsigned int n, void __user *ts, const ksigset_t __user *mask,
		      size_t sigsetsize);
long sys_pselect6_time32(int n, fd_set __user *in, fd_set __user *out, fd_set __user *ex, void __user *ts,
			 void __user *sig);
long sys_select_time32(int n, fd_set __user *in, fd_set __user *out, fd_set __user *ex, void __user *tv);
long sys_io_getevents_time32(unsigned long id, long min_nr, long nr, struct io_event __user *events, void __user *ts);
long sys_io_pgetevents_time32(unsigned long id, long min_nr, long nr, struct io_event __user *events, void __user *ts,
			      const void __user *sig);
long sys_timerfd_settime_time32(int fd, int flags, const void __user *val, void __user *old);
long sys_timerfd_gettime_time32(int fd, void __user *val);
long sys_recvmmsg_time32(int fd, struct mmsghdr __user *msg, unsigned int vlen, unsigned int flags,
			 void __user *timeout);
