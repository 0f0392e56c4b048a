/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AF_NETLINK: what its files share.  NETLINK_ROUTE is the one protocol.
 *
 * Locks, in this order:
 *	read_lock [r]	one reader of a socket at a time, and its dump (sleeping)
 *	rtnl_mutex [n]	lo and its addresses, in all namespaces (sleeping)
 *	nl_mutex [p]	who is bound to which number, and to which groups (sleeping)
 *	lock [q]	the queue of a socket
 * [I] immutable, [a] atomic.
 */
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <kernel/locking/mutex.h>
#include <net/net_namespace.h>
#include <net/socket.h>

/* A message, which may be several of struct nlmsghdr. Filled by one, and [q] once it is in a queue. */
struct nl_msg {
	struct list_head	link;
	u32			portid, group;	/* of the sender, 0: the kernel; sent to */
	struct pid		*pid;		/* of the sender: reference, or NULL */
	uid_t			uid;
	gid_t			gid;
	unsigned int		len, size;
	bool			full;		/* something did not fit */
	char			data[] __aligned(8);
};

/* What is left of a dump: [r] */
struct nl_dump {
	bool			running;
	u8			family;
	u16			type;		/* RTM_GET* */
	u32			seq;
	unsigned int		pos;		/* how many have been told */
};

struct netlink_sock {
	struct sock		sk;		/* first */
	struct list_head	node;		/* [p] in net->netlink, when bound */
	bool			bound;		/* [p] to write */
	u32			portid;		/* [p] to write, once */
	u32			dst_portid, dst_group; /* [p] to write: where to send what has no address */
	u64			groups;		/* [p] listened to: 1 << (group - 1) */
	unsigned int		options;	/* [a] 1 << NETLINK_* */
	struct mutex		read_lock;
	struct nl_dump		dump;
	spinlock_t		lock;
	struct list_head	queue;		/* [q] of nl_msg; to remove, [r] too */
	unsigned int		rmem;		/* [q] bytes there */
};

static inline struct netlink_sock *nl_sk(const struct sock *sk)
{
	return (struct netlink_sock *)sk;
}
static inline bool nl_option(const struct netlink_sock *s, int option)
{
	return READ_ONCE(s->options) & (1U << option);
}

#define SOL_NETLINK	270
#define NL_GOODSIZE	3500	/* room in a message of the kernel's: a reader has a buffer of a page */

/* ---- messages: af_netlink.c ------------------------------------------------------------------ */
struct nl_msg *nl_alloc(unsigned int size);		/* NULL: no memory */
void nl_free(struct nl_msg *m);
/* Append a header with @payload zeroed bytes behind it; NULL: no room. nl_end() when its attributes are there. */
struct nlmsghdr *nl_begin(struct nl_msg *m, u32 portid, u32 seq, int type, int flags, unsigned int payload);
/* @data NULL: zeros. What does not fit is noted. */
void nl_attr(struct nl_msg *m, int type, const void *data, unsigned int len);
static inline void nl_attr_u32(struct nl_msg *m, int type, u32 value)
{
	nl_attr(m, type, &value, sizeof(value));
}
static inline void nl_attr_u8(struct nl_msg *m, int type, u8 value)
{
	nl_attr(m, type, &value, sizeof(value));
}
bool nl_end(struct nl_msg *m, struct nlmsghdr *nlh);	/* false: it did not fit, and is off again */
/* Into the queue of @to; the message is consumed. One that has no room for it is told so (ENOBUFS). */
void nl_deliver(struct netlink_sock *to, struct nl_msg *m);
/* A copy for each of @net that listens to @group, but for number @but (0: none). */
void nl_broadcast(struct net *net, const struct nl_msg *m, u32 group, u32 but);
/* May the caller, and might who made the socket, change the network? */
bool nl_capable(const struct netlink_sock *s);

/* ---- requests: rtnetlink.c ------------------------------------------------------------------- */
struct nl_request {
	struct netlink_sock	*s;
	struct net		*net;
	const struct nlmsghdr	*nlh;		/* all of its nlmsg_len is there */
	const void		*body;		/* behind it */
};
void rtnl_receive(struct netlink_sock *s, const struct nl_msg *m);
/* The next message of the dump, into the socket's own queue; read_lock held. -ENOBUFS */
int rtnl_dump(struct netlink_sock *s);
/* The last attribute of @type behind a body of @body bytes, at least @len long. NULL: none; ERR_PTR(-ERANGE). */
const void *nl_find(const struct nl_request *r, unsigned int body, int type, unsigned int len);
unsigned int nl_len(const void *data);			/* of what nl_find() gave */

/* ---- lo: link.c, address.c; [n] held --------------------------------------------------------- */
#define LO_IFINDEX	1

/* Append what is from position *pos on, and advance it. */
void link_dump(struct net *net, struct nl_msg *m, const struct nl_dump *dump, u32 portid, unsigned int *pos);
void address_dump(struct net *net, struct nl_msg *m, const struct nl_dump *dump, u32 portid, unsigned int *pos);
int link_get(const struct nl_request *r);
int link_change(const struct nl_request *r);
int address_new(const struct nl_request *r);
int address_delete(const struct nl_request *r);
void addresses_of_up(struct net *net);			/* lo has come up: those it always has */
void addresses_of_down(struct net *net);
