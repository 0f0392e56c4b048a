/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The user ABI of sockets: Linux's UAPI headers have the option numbers, but leave families, types, flags and
 * message structures to libc, so these are ours.  Fixed by programs that exist: do not renumber.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>
#include <kernel/uapi.h>
#include <linux/net.h>
#include <linux/socket.h>
#include <linux/sockios.h>
#include <linux/un.h>

#define AF_UNSPEC	0
#define AF_UNIX		1
#define AF_INET		2
#define AF_INET6	10
#define AF_NETLINK	16
#define AF_PACKET	17
#define AF_MAX		46

#define SOCK_STREAM	1
#define SOCK_DGRAM	2
#define SOCK_RAW	3
#define SOCK_RDM	4
#define SOCK_SEQPACKET	5
#define SOCK_MAX	11
#define SOCK_TYPE_MASK	0xf
#define SOCK_CLOEXEC	O_CLOEXEC
#define SOCK_NONBLOCK	O_NONBLOCK

#define SOMAXCONN	4096

#define SHUT_RD		0
#define SHUT_WR		1
#define SHUT_RDWR	2

#define MSG_OOB			0x01
#define MSG_PEEK		0x02
#define MSG_DONTROUTE		0x04
#define MSG_CTRUNC		0x08
#define MSG_TRUNC		0x20
#define MSG_DONTWAIT		0x40
#define MSG_EOR			0x80
#define MSG_WAITALL		0x100
#define MSG_ERRQUEUE		0x2000
#define MSG_NOSIGNAL		0x4000
#define MSG_MORE		0x8000
#define MSG_WAITFORONE		0x10000
#define MSG_CMSG_CLOEXEC	0x40000000
#define MSG_CMSG_COMPAT		0x80000000U	/* inside the kernel only */

#define SCM_RIGHTS	1
#define SCM_CREDENTIALS	2

struct sockaddr {
	__kernel_sa_family_t	sa_family;
	char			sa_data[14];
};
#define sockaddr_storage	__kernel_sockaddr_storage

struct user_msghdr {
	void __user		*msg_name;
	int			msg_namelen;
	struct iovec __user	*msg_iov;
	unsigned long		msg_iovlen;
	void __user		*msg_control;
	unsigned long		msg_controllen;
	unsigned int		msg_flags;
};
struct mmsghdr {
	struct user_msghdr	msg_hdr;
	unsigned int		msg_len;
};
struct cmsghdr {
	unsigned long		cmsg_len;	/* header included */
	int			cmsg_level, cmsg_type;
};
#define CMSG_ALIGN(len)		(((len) + sizeof(long) - 1) & ~(sizeof(long) - 1))
#define CMSG_LEN(len)		(CMSG_ALIGN(sizeof(struct cmsghdr)) + (len))
#define CMSG_SPACE(len)		(CMSG_ALIGN(sizeof(struct cmsghdr)) + CMSG_ALIGN(len))

struct ucred {
	u32	pid, uid, gid;
};
struct linger {
	int	l_onoff, l_linger;
};

static_assert(sizeof(struct user_msghdr) == 7 * sizeof(long));
static_assert(sizeof(struct cmsghdr) == sizeof(long) + 8);
