// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loopback device of a network namespace, as RTM_GETLINK and its relatives and the ioctls of sockets see it.
 *
 * It is up or down and has addresses; there is no protocol whose packets could go through it.
 *
 * Locking: rtnl_mutex.
 */
#include <net/netlink/netlink.h>

#include <linux/if_link.h>

#include <kernel/compat.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/user_namespace.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

/* From headers that want libc's. */
#define IFNAMSIZ	16
#define IFF_UP		0x1
#define IFF_LOOPBACK	0x8
#define IFF_RUNNING	0x40
#define IFF_LOWER_UP	0x10000
#define IF_OPER_UNKNOWN	0
#define IF_OPER_DOWN	2
#define ARPHRD_LOOPBACK	772

#define LO_QUEUE	1000
#define LO_MTU		65536

static unsigned int lo_flags(const struct net *net)
{
	return IFF_LOOPBACK | (net->lo_up ? IFF_UP | IFF_RUNNING | IFF_LOWER_UP : 0);
}

/* What stands in every message, in Linux's order, but for what show_changing() has. */
static void fill_limits(struct nl_msg *m)
{
	static const struct { u8 type; u32 value; } limits[] = {
		{ IFLA_MIN_MTU, 0 }, { IFLA_MAX_MTU, 0 }, { IFLA_GROUP, 0 }, { IFLA_PROMISCUITY, 0 },
		{ IFLA_ALLMULTI, 0 }, { IFLA_NUM_TX_QUEUES, 1 }, { IFLA_GSO_MAX_SEGS, 65535 },
		{ IFLA_GSO_MAX_SIZE, 65536 }, { IFLA_GRO_MAX_SIZE, 65536 }, { IFLA_TSO_MAX_SIZE, 524280 },
		{ IFLA_TSO_MAX_SEGS, 65535 }, { IFLA_NUM_RX_QUEUES, 1 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(limits); i++)
		nl_attr_u32(m, limits[i].type, limits[i].value);
}

/* False: no room. */
static bool fill_link(const struct net *net, struct nl_msg *m, u32 portid, u32 seq, int flags, unsigned int change)
{
	struct nlmsghdr *nlh = nl_begin(m, portid, seq, RTM_NEWLINK, flags, sizeof(struct ifinfomsg));
	const char *queue = net->lo_was_up ? "noqueue" : "noop";

	if (!nlh)
		return false;
	*(struct ifinfomsg *)NLMSG_DATA(nlh) = (struct ifinfomsg){
		.ifi_type = ARPHRD_LOOPBACK, .ifi_index = LO_IFINDEX, .ifi_flags = lo_flags(net), .ifi_change = change,
	};
	nl_attr(m, IFLA_IFNAME, "lo", 3);
	nl_attr_u32(m, IFLA_TXQLEN, LO_QUEUE);
	nl_attr_u8(m, IFLA_OPERSTATE, net->lo_up ? IF_OPER_UNKNOWN : IF_OPER_DOWN);
	nl_attr_u8(m, IFLA_LINKMODE, 0);
	nl_attr_u32(m, IFLA_MTU, LO_MTU);
	fill_limits(m);
	nl_attr_u8(m, IFLA_CARRIER, 1);
	nl_attr(m, IFLA_QDISC, queue, strlen(queue) + 1);
	nl_attr_u32(m, IFLA_CARRIER_CHANGES, 0);
	nl_attr_u32(m, IFLA_CARRIER_UP_COUNT, 0);
	nl_attr_u32(m, IFLA_CARRIER_DOWN_COUNT, 0);
	nl_attr_u8(m, IFLA_PROTO_DOWN, 0);
	nl_attr(m, IFLA_MAP, NULL, sizeof(struct rtnl_link_ifmap));
	nl_attr(m, IFLA_ADDRESS, NULL, 6);
	nl_attr(m, IFLA_BROADCAST, NULL, 6);
	nl_attr(m, IFLA_STATS64, NULL, sizeof(struct rtnl_link_stats64));
	nl_attr(m, IFLA_STATS, NULL, sizeof(struct rtnl_link_stats));
	return nl_end(m, nlh);
}

void link_dump(struct net *net, struct nl_msg *m, const struct nl_dump *dump, u32 portid, unsigned int *pos)
{
	if (!*pos && fill_link(net, m, portid, dump->seq, NLM_F_MULTI, 0))
		*pos = 1;
}

/* ---- changing -------------------------------------------------------------------------------- */

static void notify(struct net *net, unsigned int change)
{
	struct nl_msg *m = nl_alloc(NL_GOODSIZE);

	if (!m)
		return;
	if (fill_link(net, m, 0, 0, 0, change))
		nl_broadcast(net, m, RTNLGRP_LINK, 0);
	nl_free(m);
}

static void set_up(struct net *net, bool up)
{
	if (net->lo_up == up)
		return;
	net->lo_up = up;
	net->lo_was_up |= up;
	notify(net, IFF_UP);
	if (up)
		addresses_of_up(net);
	else
		addresses_of_down(net);
}

/* ---- requests -------------------------------------------------------------------------------- */

/* 1: it is meant; 0: nothing is; or -errno. */
static int find_link(const struct nl_request *r)
{
	const struct ifinfomsg *ifi = r->body;
	const char *name;

	if (r->nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*ifi)))
		return -EINVAL;
	if (ifi->ifi_index > 0)
		return ifi->ifi_index == LO_IFINDEX ? 1 : -ENODEV;
	name = nl_find(r, sizeof(*ifi), IFLA_IFNAME, 0);
	if (IS_ERR_OR_NULL(name))
		return PTR_ERR(name);
	if (nl_len(name) > IFNAMSIZ)
		return -ERANGE;
	return !strncmp(name, "lo", nl_len(name)) && nl_len(name) >= 2 ? 1 : -ENODEV;
}

int link_get(const struct nl_request *r)
{
	int err = find_link(r);
	struct nl_msg *m;

	if (err <= 0)
		return err ? err : -EINVAL;
	m = nl_alloc(NL_GOODSIZE);
	if (!m)
		return -ENOBUFS;
	fill_link(r->net, m, r->s->portid, r->nlh->nlmsg_seq, 0, 0);
	nl_deliver(r->s, m);
	return 0;
}

/* RTM_NEWLINK and RTM_SETLINK: up or down; making another device, moving or renaming this one is not done. */
int link_change(const struct nl_request *r)
{
	static const u8 refused[] = { IFLA_ADDRESS, IFLA_MTU, IFLA_LINK, IFLA_MASTER, IFLA_TXQLEN, IFLA_NET_NS_PID,
				      IFLA_NET_NS_FD, IFLA_LINKINFO };
	const struct ifinfomsg *ifi = r->body;
	int flags = r->nlh->nlmsg_flags, err = find_link(r);
	unsigned int i, change;

	if (err == -ENODEV && r->nlh->nlmsg_type == RTM_NEWLINK && (flags & NLM_F_CREATE))
		return -EOPNOTSUPP;
	if (err < 0)
		return err;
	if (ifi->ifi_index < 0)
		return -EINVAL;
	if (!err)
		return r->nlh->nlmsg_type == RTM_SETLINK ? -EINVAL : flags & NLM_F_CREATE ? -EOPNOTSUPP : -ENODEV;
	if (r->nlh->nlmsg_type == RTM_NEWLINK && (flags & NLM_F_EXCL))
		return -EEXIST;
	if (r->nlh->nlmsg_type == RTM_NEWLINK && (flags & NLM_F_REPLACE))
		return -EOPNOTSUPP;
	for (i = 0; i < ARRAY_SIZE(refused); i++)
		if (nl_find(r, sizeof(*ifi), refused[i], 0))
			return -EOPNOTSUPP;
	change = ifi->ifi_change ? ifi->ifi_change : ifi->ifi_flags ? ~0U : 0;
	if (change & IFF_UP)
		set_up(r->net, ifi->ifi_flags & IFF_UP);
	return 0;
}

/* ---- netdevice(7) ---------------------------------------------------------------------------- */

/* struct ifreq as far as it is used; the one of 64-bit programs is longer. */
struct short_ifreq {
	char	name[IFNAMSIZ];
	union {
		s16	flags;
		s32	number;
		u8	bytes[16];
	};
};

static bool is_lo(const struct short_ifreq *r)
{
	return r->name[0] == 'l' && r->name[1] == 'o' && (!r->name[2] || r->name[2] == ':');
}

/* rtnl_mutex held. */
static int do_ioctl(struct net *net, unsigned int cmd, struct short_ifreq *r)
{
	if (cmd == SIOCGIFNAME) {
		if (r->number != LO_IFINDEX)
			return -ENODEV;
		strscpy(r->name, "lo", sizeof(r->name));
		return 0;
	}
	if (cmd == SIOCSIFFLAGS && !ns_capable(net->ns.user_ns, CAP_NET_ADMIN))
		return -EPERM;
	if (!is_lo(r))
		return -ENODEV;
	if (cmd == SIOCSIFFLAGS) {
		set_up(net, r->flags & IFF_UP);
		return 0;
	}
	memset(r->bytes, 0, cmd == SIOCGIFFLAGS ? sizeof(r->flags) : sizeof(r->number));
	switch (cmd) {
	case SIOCGIFINDEX:
		r->number = LO_IFINDEX;
		break;
	case SIOCGIFFLAGS:
		r->flags = lo_flags(net);
		break;
	case SIOCGIFMTU:
		r->number = LO_MTU;
		break;
	case SIOCGIFTXQLEN:
		r->number = LO_QUEUE;
		break;
	case SIOCGIFHWADDR:
		memset(r->bytes, 0, sizeof(r->bytes));
		r->flags = ARPHRD_LOOPBACK;
	}
	return 0;
}

/* The IPv4 addresses, each as a struct ifreq; without a buffer, what they would take. */
static long get_conf(struct net *net, void __user *arg)
{
	unsigned int size = user_word_size() == sizeof(u64) ? 40 : 32, room, used = 0;
	char __user *buf;
	struct ifaddr *a;
	unsigned long word;
	long err = 0;

	if (get_user(room, (unsigned int __user *)arg) || get_user_word(&word, (char __user *)arg + user_word_size()))
		return -EFAULT;
	buf = (char __user *)word;
	list_for_each_entry(a, &net->inet, link) {
		struct { char name[IFNAMSIZ]; u16 family, port; u8 addr[4]; u8 pad[16]; } one = { .family = AF_INET };

		memcpy(one.name, a->label, sizeof(one.name));
		memcpy(one.addr, a->local, 4);
		if (buf && room - used < size)
			break;
		if (buf && copy_to_user(buf + used, &one, size)) {
			err = -EFAULT;
			break;
		}
		used += size;
	}
	return err ? err : put_user(used, (unsigned int __user *)arg);
}

long net_ioctl(struct net *net, unsigned int cmd, void __user *arg)
{
	struct short_ifreq r;
	long err;

	switch (cmd) {
	case SIOCGIFCONF:
		mutex_lock(&rtnl_mutex);
		err = get_conf(net, arg);
		mutex_unlock(&rtnl_mutex);
		return err;
	case SIOCGIFNAME:
	case SIOCGIFINDEX:
	case SIOCGIFFLAGS:
	case SIOCSIFFLAGS:
	case SIOCGIFMTU:
	case SIOCGIFTXQLEN:
	case SIOCGIFMETRIC:
	case SIOCGIFHWADDR:
		break;
	default:
		return -ENOTTY;
	}
	if (copy_from_user(&r, arg, sizeof(r)))
		return -EFAULT;
	mutex_lock(&rtnl_mutex);
	err = do_ioctl(net, cmd, &r);
	mutex_unlock(&rtnl_mutex);
	if (!err && cmd != SIOCSIFFLAGS && copy_to_user(arg, &r, sizeof(r)))
		err = -EFAULT;
	return err;
}
