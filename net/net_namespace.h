/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The network namespace: abstract names of AF_UNIX sockets, and the network devices, of which there is one, lo.
 *
 * A socket stays in the namespace in which it was made, and keeps it.  Locks: [I] immutable, [a] atomic,
 * [n] rtnl_mutex.
 */
#pragma once

#include <kernel/nsproxy.h>

struct inode;
struct mutex;
struct seq_file;

struct net {
	struct ns_common	ns;
	int			unix_max_dgram_qlen; /* [a] net.unix.max_dgram_qlen */
	struct list_head	netlink;	/* [nl_mutex of af_netlink.c] sockets that are bound */
	struct list_head	inet, inet6;	/* [n] struct ifaddr of lo */
	bool			lo_up, lo_was_up; /* [n] to write */
};

/* An address of lo: [n], but all that is in it is immutable. */
struct ifaddr {
	struct list_head	link;
	u8			family, prefixlen, scope, proto;
	bool			has_broadcast;
	u32			flags, stamp;	/* IFA_F_*; of its making, in 1/100 s */
	u8			local[16], address[16], broadcast[4];
	char			label[16];
};
extern struct net init_net;
extern const struct ns_operations netns_operations;

static inline struct net *to_net(struct ns_common *ns)
{
	return container_of(ns, struct net, ns);
}
static inline struct net *current_net(void)
{
	return to_net(current->nsproxy->ns[NS_NET]);
}
static inline struct net *get_net(struct net *net)
{
	get_ns(&net->ns);
	return net;
}
static inline void put_net(struct net *net)
{
	put_ns(&net->ns);
}

extern struct mutex rtnl_mutex;
/* The ioctls of netdevice(7) that any socket has; -ENOTTY: another one. */
long net_ioctl(struct net *net, unsigned int cmd, void __user *arg);
void net_ns_init(void);			/* boot, after proc_init(): what is in /proc of it */
/* Of a file below /proc/<pid>/net: kept by its inode. */
struct net *proc_inode_net(const struct inode *inode);
struct net *proc_seq_net(const struct seq_file *m);
