// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPv4 and IPv6 addresses of lo: RTM_NEWADDR, RTM_DELADDR, RTM_GETADDR.
 *
 * They are there to be seen.  IPv4's stay when lo goes down, IPv6's do not; each time it comes up it gets ::1, and
 * 127.0.0.1 if it has no IPv4 address.
 *
 * Locking: rtnl_mutex.
 */
#include <net/netlink/netlink.h>

#include <linux/if_addr.h>

#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>
#include <kernel/time/timekeeping.h>
#include <mm/slab.h>

#define STAMPS_PER_SEC	100
#define V6_FLAGS	(IFA_F_NODAD | IFA_F_OPTIMISTIC | IFA_F_HOMEADDRESS | IFA_F_MANAGETEMPADDR |	\
			 IFA_F_NOPREFIXROUTE | IFA_F_MCAUTOJOIN)

static struct list_head *list_of(struct net *net, u8 family)
{
	return family == AF_INET ? &net->inet : &net->inet6;
}

static unsigned int size_of(u8 family)
{
	return family == AF_INET ? 4 : 16;
}

static bool same_prefix(const u8 *a, const u8 *b, unsigned int bits)
{
	u8 mask = 0xff00 >> (bits % 8);

	return !memcmp(a, b, bits / 8) && (!mask || !((a[bits / 8] ^ b[bits / 8]) & mask));
}

static bool is_secondary(const struct ifaddr *a)
{
	return a->flags & IFA_F_SECONDARY;
}

/* ---- telling --------------------------------------------------------------------------------- */

static void fill_ids(struct nl_msg *m, const struct ifaddr *a)
{
	bool v4 = a->family == AF_INET, peer = memcmp(a->local, a->address, sizeof(a->local));
	struct ifa_cacheinfo forever = { .ifa_prefered = ~0U, .ifa_valid = ~0U, .cstamp = a->stamp,
					 .tstamp = a->stamp };
	unsigned int len = size_of(a->family);

	if (peer && !v4)
		nl_attr(m, IFA_LOCAL, a->local, len);
	nl_attr(m, IFA_ADDRESS, a->address, len);
	if (v4)
		nl_attr(m, IFA_LOCAL, a->local, len);
	if (a->has_broadcast)
		nl_attr(m, IFA_BROADCAST, a->broadcast, len);
	if (v4 && a->label[0])
		nl_attr(m, IFA_LABEL, a->label, strlen(a->label) + 1);
	if (v4 && a->proto)
		nl_attr_u8(m, IFA_PROTO, a->proto);
	if (v4)
		nl_attr_u32(m, IFA_FLAGS, a->flags);
	nl_attr(m, IFA_CACHEINFO, &forever, sizeof(forever));
	if (!v4)
		nl_attr_u32(m, IFA_FLAGS, a->flags);
	if (!v4 && a->proto)
		nl_attr_u8(m, IFA_PROTO, a->proto);
}

static bool fill_address(struct nl_msg *m, const struct ifaddr *a, u32 portid, u32 seq, int type, int flags)
{
	struct nlmsghdr *nlh = nl_begin(m, portid, seq, type, flags, sizeof(struct ifaddrmsg));

	if (!nlh)
		return false;
	*(struct ifaddrmsg *)NLMSG_DATA(nlh) = (struct ifaddrmsg){
		.ifa_family = a->family, .ifa_prefixlen = a->prefixlen, .ifa_flags = a->flags,
		.ifa_scope = a->scope, .ifa_index = LO_IFINDEX,
	};
	fill_ids(m, a);
	return nl_end(m, nlh);
}

/* False: the message is full. */
static bool dump_list(const struct list_head *list, struct nl_msg *m, const struct nl_dump *dump, u32 portid,
		      unsigned int *at, unsigned int *pos)
{
	const struct ifaddr *a;

	list_for_each_entry(a, list, link) {
		if ((*at)++ < *pos)
			continue;
		if (!fill_address(m, a, portid, dump->seq, RTM_NEWADDR, NLM_F_MULTI))
			return false;
		++*pos;
	}
	return true;
}

void address_dump(struct net *net, struct nl_msg *m, const struct nl_dump *dump, u32 portid, unsigned int *pos)
{
	unsigned int at = 0;

	if (dump->family != AF_INET6 && !dump_list(&net->inet, m, dump, portid, &at, pos))
		return;
	if (dump->family != AF_INET)
		dump_list(&net->inet6, m, dump, portid, &at, pos);
}

/* To who listens. @r: who asked for it, NULL: nobody. */
static void notify(struct net *net, const struct ifaddr *a, int type, const struct nl_request *r)
{
	u32 group = a->family == AF_INET ? RTNLGRP_IPV4_IFADDR : RTNLGRP_IPV6_IFADDR;
	u32 portid = r && a->family == AF_INET ? r->s->portid : 0, seq = portid ? r->nlh->nlmsg_seq : 0;
	bool echo = portid && (r->nlh->nlmsg_flags & NLM_F_ECHO);
	struct nl_msg *m = nl_alloc(NL_GOODSIZE);

	if (!m)
		return;
	if (fill_address(m, a, portid, seq, type, 0)) {
		nl_broadcast(net, m, group, echo ? portid : 0);
		if (echo) {
			nl_deliver(r->s, m);
			return;
		}
	}
	nl_free(m);
}

/* ---- lists ----------------------------------------------------------------------------------- */

/* A primary one comes behind those of its scope or a wider one; IPv6's come before those of theirs. */
static void link_in(struct net *net, struct ifaddr *new)
{
	struct list_head *list = list_of(net, new->family), *after = list;
	struct ifaddr *a;

	if (new->family == AF_INET && is_secondary(new)) {
		list_add_tail(&new->link, list);
		return;
	}
	list_for_each_entry(a, list, link) {
		if (new->family == AF_INET ? !is_secondary(a) && new->scope <= a->scope : new->scope > a->scope)
			after = &a->link;
	}
	list_add(&new->link, after);
}

static void add(struct net *net, struct ifaddr *new, const struct nl_request *r)
{
	new->stamp = (u32)div_u64(ktime_get_ns(), NSEC_PER_SEC / STAMPS_PER_SEC);
	link_in(net, new);
	notify(net, new, RTM_NEWADDR, r);
}

static void drop(struct net *net, struct ifaddr *a, const struct nl_request *r)
{
	list_del(&a->link);
	notify(net, a, RTM_DELADDR, r);
	kfree(a);
}

/* One that it always has; without memory it has not. */
static void add_loopback(struct net *net, u8 family)
{
	struct ifaddr *a = kzalloc(sizeof(*a), GFP_KERNEL);
	bool v4 = family == AF_INET;

	if (!a)
		return;
	a->family = family;
	a->prefixlen = v4 ? 8 : 128;
	a->scope = RT_SCOPE_HOST;
	a->flags = IFA_F_PERMANENT;
	a->local[0] = v4 ? 127 : 0;
	a->local[v4 ? 3 : 15] = 1;
	memcpy(a->address, a->local, sizeof(a->local));
	strscpy(a->label, "lo", sizeof(a->label));
	a->proto = v4 ? 0 : IFAPROT_KERNEL_LO;
	add(net, a, NULL);
}

static struct ifaddr *find_v6(struct net *net, const u8 *address)
{
	struct ifaddr *a;

	list_for_each_entry(a, &net->inet6, link)
		if (!memcmp(a->local, address, 16))
			return a;
	return NULL;
}

void addresses_of_up(struct net *net)
{
	static const u8 v6_loopback[16] = { [15] = 1 };

	if (list_empty(&net->inet))
		add_loopback(net, AF_INET);
	if (!find_v6(net, v6_loopback))
		add_loopback(net, AF_INET6);
}

void addresses_of_down(struct net *net)
{
	struct ifaddr *a, *next;

	list_for_each_entry_safe(a, next, &net->inet6, link)
		drop(net, a, NULL);
}

/* ---- requests -------------------------------------------------------------------------------- */

/* What a request says of an address, copied out. 0 or -errno. */
static int parse(const struct nl_request *r, struct ifaddr *a, bool *has_local, bool *has_address)
{
	const struct ifaddrmsg *ifa = r->body;
	unsigned int len = size_of(ifa->ifa_family);
	const void *local, *address, *flags;

	local = nl_find(r, sizeof(*ifa), IFA_LOCAL, len);
	if (IS_ERR(local))
		return PTR_ERR(local);
	address = nl_find(r, sizeof(*ifa), IFA_ADDRESS, len);
	if (IS_ERR(address))
		return PTR_ERR(address);
	flags = nl_find(r, sizeof(*ifa), IFA_FLAGS, sizeof(u32));
	if (IS_ERR(flags))
		return PTR_ERR(flags);
	*has_local = local;
	*has_address = address;
	a->family = ifa->ifa_family;
	a->prefixlen = ifa->ifa_prefixlen;
	a->scope = ifa->ifa_scope;
	a->flags = flags ? *(const u32 *)flags : ifa->ifa_flags;
	if (local ?: address) {
		memcpy(a->local, local ?: address, len);
		memcpy(a->address, address ?: local, len);
	}
	return 0;
}

static int parse_rest(const struct nl_request *r, struct ifaddr *a)
{
	const struct ifa_cacheinfo *life = nl_find(r, sizeof(struct ifaddrmsg), IFA_CACHEINFO, sizeof(*life));
	const void *broadcast = nl_find(r, sizeof(struct ifaddrmsg), IFA_BROADCAST, 4);
	const char *label = nl_find(r, sizeof(struct ifaddrmsg), IFA_LABEL, 0);
	const u8 *proto = nl_find(r, sizeof(struct ifaddrmsg), IFA_PROTO, 1);

	if (IS_ERR(life) || IS_ERR(broadcast) || IS_ERR(proto))
		return -ERANGE;
	if (life && (!life->ifa_valid || life->ifa_prefered > life->ifa_valid))
		return -EINVAL;
	strscpy(a->label, "lo", sizeof(a->label));
	if (label) {
		if (strnlen(label, nl_len(label)) >= sizeof(a->label))
			return -ERANGE;
		memset(a->label, 0, sizeof(a->label));
		memcpy(a->label, label, strnlen(label, nl_len(label)));
	}
	a->proto = proto ? *proto : 0;
	a->has_broadcast = broadcast && a->family == AF_INET;
	if (a->has_broadcast)
		memcpy(a->broadcast, broadcast, 4);
	return 0;
}

/* 1: there is one like it already; 0: it may be added, and is secondary if one of its network is there. */
static int check_v4(struct net *net, struct ifaddr *new)
{
	const struct ifaddr *a;
	int err = 0;

	new->flags &= ~IFA_F_SECONDARY;
	new->flags |= IFA_F_PERMANENT;
	list_for_each_entry(a, &net->inet, link) {
		if (a->prefixlen != new->prefixlen || !same_prefix(a->address, new->address, a->prefixlen))
			continue;
		if (!memcmp(a->local, new->local, 4))
			return 1;
		if (a->scope != new->scope && !err)
			err = -EINVAL;
		new->flags |= IFA_F_SECONDARY;
	}
	return err;
}

static int check_v6(struct net *net, struct ifaddr *new)
{
	static const u8 any[16];

	new->flags = (new->flags & V6_FLAGS) | IFA_F_PERMANENT;
	if (find_v6(net, new->local))
		return 1;
	if (new->prefixlen > 128)
		return -EINVAL;
	if (!memcmp(new->local, any, 16) || new->local[0] == 0xff)
		return -EADDRNOTAVAIL;
	new->scope = RT_SCOPE_UNIVERSE;
	if (!memcmp(new->local, any, 15) && new->local[15] == 1)
		new->scope = RT_SCOPE_HOST;
	else if (new->local[0] == 0xfe && (new->local[1] & 0xc0) == 0x80)
		new->scope = RT_SCOPE_LINK;
	else if (new->local[0] == 0xfe && (new->local[1] & 0xc0) == 0xc0)
		new->scope = RT_SCOPE_SITE;
	return 0;
}

static int check_new(const struct nl_request *r, struct ifaddr *new)
{
	const struct ifaddrmsg *ifa = r->body;
	bool v4 = ifa->ifa_family == AF_INET, local, address;
	int err = parse(r, new, &local, &address);

	if (err)
		return err;
	if (v4 ? ifa->ifa_prefixlen > 32 || !local : !local && !address)
		return -EINVAL;
	if (ifa->ifa_index != LO_IFINDEX)
		return -ENODEV;
	err = parse_rest(r, new);
	if (err)
		return err;
	err = v4 ? check_v4(r->net, new) : check_v6(r->net, new);
	if (err == 1 && ((r->nlh->nlmsg_flags & NLM_F_EXCL) || !(r->nlh->nlmsg_flags & NLM_F_REPLACE)))
		return -EEXIST;
	return err;
}

int address_new(const struct nl_request *r)
{
	struct ifaddr *new;
	int err;

	if (r->nlh->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifaddrmsg)))
		return -EINVAL;
	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return -ENOBUFS;
	err = check_new(r, new);
	if (err) {			/* 1: it is as it was, and that is well */
		kfree(new);
		return min(err, 0);
	}
	add(r->net, new, r);
	return 0;
}

static bool is_meant(const struct ifaddr *a, const struct ifaddr *like, bool local, bool address)
{
	if (a->family == AF_INET6)
		return a->prefixlen == like->prefixlen && !memcmp(a->local, like->local, 16);
	if (local && memcmp(a->local, like->local, 4))
		return false;
	return !address || (a->prefixlen == like->prefixlen && same_prefix(a->address, like->address, a->prefixlen));
}

/* With the first of a network go the others of it. */
static void drop_with_secondaries(struct net *net, struct ifaddr *a, const struct nl_request *r)
{
	struct ifaddr *b, *next;

	if (a->family == AF_INET && !is_secondary(a))
		list_for_each_entry_safe(b, next, &net->inet, link)
			if (is_secondary(b) && b->prefixlen == a->prefixlen &&
			    same_prefix(a->address, b->address, a->prefixlen))
				drop(net, b, r);
	drop(net, a, r);
}

int address_delete(const struct nl_request *r)
{
	const struct ifaddrmsg *ifa = r->body;
	struct ifaddr like = { .family = 0 }, *a;
	bool local, address;
	int err;

	if (r->nlh->nlmsg_len < NLMSG_LENGTH(sizeof(*ifa)))
		return -EINVAL;
	err = parse(r, &like, &local, &address);
	if (err)
		return err;
	if (like.family == AF_INET6 && ((!local && !address) || like.prefixlen > 128))
		return -EINVAL;
	if (ifa->ifa_index != LO_IFINDEX)
		return -ENODEV;
	list_for_each_entry(a, list_of(r->net, like.family), link) {
		if (is_meant(a, &like, local, address)) {
			drop_with_secondaries(r->net, a, r);
			return 0;
		}
	}
	return -EADDRNOTAVAIL;
}
