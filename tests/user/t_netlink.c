// SPDX-License-Identifier: GPL-2.0-only
/* netlink(7), rtnetlink(7), and the ioctls of netdevice(7) that any socket has: lo and its addresses. */
#include "tap.h"

#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

static int seq;
static char buf[32768];

struct request {
	struct nlmsghdr	h;
	char		data[256];
};

static void new_net(void)
{
	if (unshare(CLONE_NEWNET) < 0 && errno == EINVAL)
		skip("no network namespaces");
}

static int route_socket(unsigned int groups)
{
	int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK, .nl_groups = groups };

	REQUIRE(s >= 0);
	CHECK_OK(bind(s, (void *)&nl, sizeof(nl)));
	return s;
}

static void begin(struct request *r, int type, int flags, const void *body, size_t len)
{
	memset(r, 0, sizeof(*r));
	r->h = (struct nlmsghdr){ .nlmsg_len = NLMSG_LENGTH(len), .nlmsg_type = type,
				  .nlmsg_flags = NLM_F_REQUEST | flags, .nlmsg_seq = ++seq };
	memcpy(r->data, body, len);
}

static void attr(struct request *r, int type, const void *data, size_t len)
{
	struct rtattr *a = (void *)((char *)r + NLMSG_ALIGN(r->h.nlmsg_len));

	a->rta_type = type;
	a->rta_len = RTA_LENGTH(len);
	memcpy(RTA_DATA(a), data, len);
	r->h.nlmsg_len = NLMSG_ALIGN(r->h.nlmsg_len) + RTA_ALIGN(a->rta_len);
}

static int receive(int s)
{
	return recv(s, buf, sizeof(buf), MSG_DONTWAIT);
}

/* The errno that the answer has, 0: done; -1: the answer is another one. It is in buf. */
static int ask(int s, struct request *r)
{
	struct nlmsghdr *h = (void *)buf;
	struct nlmsgerr *e = NLMSG_DATA(h);
	int n;

	CHECK_EQ(send(s, r, r->h.nlmsg_len, 0), r->h.nlmsg_len);
	n = receive(s);
	if (n < (int)NLMSG_LENGTH(sizeof(*e)) || h->nlmsg_type != NLMSG_ERROR || h->nlmsg_seq != r->h.nlmsg_seq)
		return -1;
	return -e->error;
}

static int set_link(int s, int type, int nlm, int index, unsigned int flags, unsigned int change)
{
	struct ifinfomsg ifi = { .ifi_index = index, .ifi_flags = flags, .ifi_change = change };
	struct request r;

	begin(&r, type, NLM_F_ACK | nlm, &ifi, sizeof(ifi));
	return ask(s, &r);
}

static int v4_request(int s, int type, int nlm, const char *addr, int prefix, int scope)
{
	struct ifaddrmsg ifa = { .ifa_family = AF_INET, .ifa_prefixlen = prefix, .ifa_flags = IFA_F_PERMANENT,
				 .ifa_scope = scope, .ifa_index = 1 };
	struct request r;

	begin(&r, type, NLM_F_ACK | nlm, &ifa, sizeof(ifa));
	attr(&r, IFA_LOCAL, addr, 4);
	attr(&r, IFA_ADDRESS, addr, 4);
	return ask(s, &r);
}

static int v6_request(int s, int type, int nlm, const char *addr, int prefix)
{
	struct ifaddrmsg ifa = { .ifa_family = AF_INET6, .ifa_prefixlen = prefix, .ifa_index = 1 };
	struct request r;

	begin(&r, type, NLM_F_ACK | nlm, &ifa, sizeof(ifa));
	attr(&r, IFA_ADDRESS, addr, 16);
	return ask(s, &r);
}

static const void *find_attr(const struct nlmsghdr *h, size_t body, int type, size_t len)
{
	struct rtattr *a = (void *)((char *)NLMSG_DATA(h) + NLMSG_ALIGN(body));
	int left = h->nlmsg_len - NLMSG_LENGTH(body);

	for (; RTA_OK(a, left); a = RTA_NEXT(a, left))
		if (a->rta_type == type)
			return RTA_PAYLOAD(a) == len ? RTA_DATA(a) : NULL;
	return NULL;
}

static unsigned int attr_u32(const struct nlmsghdr *h, size_t body, int type)
{
	const unsigned int *value = find_attr(h, body, type, 4);

	return value ? *value : ~0U;
}

/* Of the dump, as text: "2/8 10/128 ..." families and prefixes in order. */
static void addresses(int s, int family, char *text)
{
	struct ifaddrmsg ifa = { .ifa_family = family };
	struct request r;
	bool done = false;
	int n;

	begin(&r, RTM_GETADDR, NLM_F_DUMP, &ifa, sizeof(ifa));
	CHECK_EQ(send(s, &r, r.h.nlmsg_len, 0), r.h.nlmsg_len);
	*text = '\0';
	while (!done && (n = receive(s)) > 0) {
		struct nlmsghdr *h = (void *)buf;

		for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
			struct ifaddrmsg *a = NLMSG_DATA(h);

			CHECK_EQ(h->nlmsg_seq, r.h.nlmsg_seq);
			CHECK_EQ(h->nlmsg_flags, NLM_F_MULTI);
			done = h->nlmsg_type == NLMSG_DONE;
			if (done)
				break;
			CHECK_EQ(h->nlmsg_type, RTM_NEWADDR);
			CHECK_EQ(a->ifa_index, 1);
			text += sprintf(text, "%s%d/%d", a->ifa_flags & IFA_F_SECONDARY ? "+" : "", a->ifa_family,
					a->ifa_prefixlen);
			*text++ = ' ';
			*text = '\0';
		}
	}
	CHECK(done);
}

static const struct nlmsghdr *get_lo(int s)
{
	struct ifinfomsg ifi = { .ifi_index = 1 };
	struct request r;

	begin(&r, RTM_GETLINK, 0, &ifi, sizeof(ifi));
	CHECK_EQ(ask(s, &r), -1);
	return (void *)buf;
}

static unsigned int lo_flags(int s)
{
	return ((struct ifinfomsg *)NLMSG_DATA(get_lo(s)))->ifi_flags;
}

TEST(sockets)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK }, a;
	socklen_t len = sizeof(a);
	int s, t, value;

	new_net();
	CHECK_ERR(socket(AF_NETLINK, SOCK_STREAM, NETLINK_ROUTE), ESOCKTNOSUPPORT);
	CHECK_ERR(socket(AF_NETLINK, SOCK_RAW, 32), EPROTONOSUPPORT);
	CHECK_ERR(socket(AF_NETLINK, SOCK_RAW, -1), EPROTONOSUPPORT);
	CHECK_OK(socket(AF_NETLINK, SOCK_DGRAM, NETLINK_ROUTE));
	s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	CHECK_OK(getsockname(s, (void *)&a, &len));
	CHECK_EQ(len, sizeof(a));
	CHECK_EQ(a.nl_pid, 0);
	CHECK_ERR(bind(s, (void *)&nl, sizeof(nl) - 1), EINVAL);
	nl.nl_family = AF_UNIX;
	CHECK_ERR(bind(s, (void *)&nl, sizeof(nl)), EINVAL);
	nl.nl_family = AF_NETLINK;
	CHECK_OK(bind(s, (void *)&nl, sizeof(nl)));
	CHECK_OK(getsockname(s, (void *)&a, &len));
	CHECK_EQ(a.nl_family, AF_NETLINK);
	CHECK_EQ(a.nl_pid, getpid());
	nl.nl_pid = getpid() + 1;
	CHECK_ERR(bind(s, (void *)&nl, sizeof(nl)), EINVAL);
	t = route_socket(0);		/* the second one of the process */
	CHECK_OK(getsockname(t, (void *)&a, &len));
	CHECK((int)a.nl_pid < -4096);
	t = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	nl.nl_pid = getpid();
	CHECK_ERR(bind(t, (void *)&nl, sizeof(nl)), EADDRINUSE);
	close(s);
	CHECK_OK(bind(t, (void *)&nl, sizeof(nl)));
	CHECK_ERR(listen(t, 1), EOPNOTSUPP);
	CHECK_ERR(accept(t, NULL, NULL), EOPNOTSUPP);
	CHECK_ERR(shutdown(t, SHUT_RDWR), EOPNOTSUPP);
	CHECK_ERR(send(t, "", 0, 0), ENODATA);
	CHECK_ERR(send(t, "x", 1, MSG_OOB), EOPNOTSUPP);
	CHECK_ERR(receive(t), EAGAIN);
	len = sizeof(value);
	CHECK_OK(getsockopt(t, SOL_SOCKET, SO_DOMAIN, &value, &len));
	CHECK_EQ(value, AF_NETLINK);
	value = 1;
	CHECK_OK(setsockopt(t, SOL_NETLINK, NETLINK_EXT_ACK, &value, sizeof(value)));
	value = 0;
	CHECK_OK(getsockopt(t, SOL_NETLINK, NETLINK_EXT_ACK, &value, &len));
	CHECK_EQ(value, 1);
	CHECK_ERR(setsockopt(t, SOL_NETLINK, 99, &value, sizeof(value)), ENOPROTOOPT);
	value = 0;
	CHECK_ERR(setsockopt(t, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &value, sizeof(value)), EINVAL);
}

TEST(get_link)
{
	struct ifinfomsg ifi = { .ifi_index = 1 }, *i;
	const struct nlmsghdr *h = (void *)buf;
	struct request r;
	int s, n;

	new_net();
	s = route_socket(0);
	h = get_lo(s);
	i = NLMSG_DATA(h);
	CHECK_EQ(h->nlmsg_type, RTM_NEWLINK);
	CHECK_EQ(h->nlmsg_flags, 0);
	CHECK_EQ(h->nlmsg_seq, seq);
	CHECK_EQ(h->nlmsg_pid, getpid());
	CHECK_EQ(i->ifi_family, 0);
	CHECK_EQ(i->ifi_type, 772);
	CHECK_EQ(i->ifi_index, 1);
	CHECK_EQ(i->ifi_flags, IFF_LOOPBACK);
	CHECK_STR(find_attr(h, sizeof(*i), IFLA_IFNAME, 3) ?: "", "lo");
	CHECK_STR(find_attr(h, sizeof(*i), IFLA_QDISC, 5) ?: "", "noop");
	CHECK_EQ(attr_u32(h, sizeof(*i), IFLA_MTU), 65536);
	CHECK_EQ(attr_u32(h, sizeof(*i), IFLA_TXQLEN), 1000);
	CHECK(find_attr(h, sizeof(*i), IFLA_STATS64, 200));
	CHECK(find_attr(h, sizeof(*i), IFLA_ADDRESS, 6));
	/* By name, by nothing, by what is not there. */
	ifi.ifi_index = 0;
	begin(&r, RTM_GETLINK, 0, &ifi, sizeof(ifi));
	attr(&r, IFLA_IFNAME, "lo", 3);
	CHECK_EQ(ask(s, &r), -1);
	CHECK_EQ(h->nlmsg_type, RTM_NEWLINK);
	begin(&r, RTM_GETLINK, 0, &ifi, sizeof(ifi));
	attr(&r, IFLA_IFNAME, "l0", 3);
	CHECK_EQ(ask(s, &r), ENODEV);
	begin(&r, RTM_GETLINK, 0, &ifi, sizeof(ifi));
	CHECK_EQ(ask(s, &r), EINVAL);
	ifi.ifi_index = 7;
	begin(&r, RTM_GETLINK, 0, &ifi, sizeof(ifi));
	CHECK_EQ(ask(s, &r), ENODEV);
	begin(&r, RTM_GETLINK, 0, &ifi, 8);
	CHECK_EQ(ask(s, &r), EINVAL);
	/* All of them are one. */
	begin(&r, RTM_GETLINK, NLM_F_DUMP, &ifi, sizeof(ifi));
	CHECK_EQ(ask(s, &r), -1);
	CHECK_EQ(h->nlmsg_type, RTM_NEWLINK);
	CHECK_EQ(h->nlmsg_flags, NLM_F_MULTI);
	n = receive(s);
	CHECK_EQ(n, 20);
	CHECK_EQ(h->nlmsg_type, NLMSG_DONE);
	CHECK_EQ(h->nlmsg_flags, NLM_F_MULTI);
	CHECK_EQ(*(int *)NLMSG_DATA(h), 0);
	CHECK_ERR(receive(s), EAGAIN);
	/* While one is not read to its end there is no second one. */
	begin(&r, RTM_GETLINK, NLM_F_DUMP, &ifi, sizeof(ifi));
	CHECK_EQ(send(s, &r, r.h.nlmsg_len, 0), r.h.nlmsg_len);
	begin(&r, RTM_GETLINK, NLM_F_DUMP, &ifi, sizeof(ifi));
	CHECK_EQ(ask(s, &r), -1);
	receive(s);
	CHECK_EQ(h->nlmsg_type, NLMSG_ERROR);
	CHECK_EQ(((struct nlmsgerr *)NLMSG_DATA(h))->error, -EBUSY);
	receive(s);
	CHECK_EQ(h->nlmsg_type, NLMSG_DONE);
}

TEST(acknowledgements)
{
	struct ifinfomsg ifi = { .ifi_index = 1 };
	struct nlmsghdr *h = (void *)buf;
	struct nlmsgerr *e = NLMSG_DATA(h);
	struct sockaddr_nl from;
	socklen_t len = sizeof(from);
	struct request r;
	struct pollfd p;
	int s, one = 1;

	new_net();
	s = route_socket(0);
	p = (struct pollfd){ .fd = s, .events = POLLIN | POLLOUT };
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK_EQ(p.revents, POLLOUT);
	/* Done: the header comes back, and nothing but that. */
	begin(&r, RTM_NEWLINK, NLM_F_ACK, &ifi, sizeof(ifi));
	CHECK_EQ(send(s, &r, r.h.nlmsg_len, 0), r.h.nlmsg_len);
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK_EQ(p.revents, POLLIN | POLLOUT);
	CHECK_EQ(recvfrom(s, buf, 10, MSG_PEEK | MSG_TRUNC, (void *)&from, &len), 36);
	CHECK_EQ(recvfrom(s, buf, sizeof(buf), 0, (void *)&from, &len), 36);
	CHECK_EQ(len, sizeof(from));
	CHECK_EQ(from.nl_family, AF_NETLINK);
	CHECK_EQ(from.nl_pid, 0);
	CHECK_EQ(h->nlmsg_flags, NLM_F_CAPPED);
	CHECK_EQ(h->nlmsg_pid, getpid());
	CHECK_EQ(e->error, 0);
	CHECK(!memcmp(&e->msg, &r.h, sizeof(r.h)));
	/* Not done: all of the request, unless one does not want it. */
	ifi.ifi_index = 9;
	begin(&r, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	CHECK_EQ(ask(s, &r), ENODEV);
	CHECK_EQ(h->nlmsg_len, 36 + sizeof(ifi));
	CHECK_EQ(h->nlmsg_flags, 0);
	CHECK(!memcmp(&e->msg, &r, r.h.nlmsg_len));
	CHECK_OK(setsockopt(s, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one)));
	CHECK_EQ(ask(s, &r), ENODEV);
	CHECK_EQ(h->nlmsg_len, 36);
	CHECK_EQ(h->nlmsg_flags, NLM_F_CAPPED);
	/* What is no request, and what nobody knows. */
	begin(&r, RTM_GETLINK, 0, &ifi, sizeof(ifi));
	r.h.nlmsg_flags = 0;
	CHECK_EQ(send(s, &r, r.h.nlmsg_len, 0), r.h.nlmsg_len);
	CHECK_ERR(receive(s), EAGAIN);
	r.h.nlmsg_flags = NLM_F_ACK;
	CHECK_EQ(ask(s, &r), 0);
	begin(&r, NLMSG_NOOP, NLM_F_ACK, &ifi, sizeof(ifi));
	CHECK_EQ(ask(s, &r), 0);
	begin(&r, 200, 0, &ifi, sizeof(ifi));
	CHECK_EQ(ask(s, &r), EOPNOTSUPP);
	/* Broken lengths end it without a word. */
	begin(&r, 200, 0, &ifi, sizeof(ifi));
	r.h.nlmsg_len = 15;
	CHECK_EQ(send(s, &r, 32, 0), 32);
	r.h.nlmsg_len = 33;
	CHECK_EQ(send(s, &r, 32, 0), 32);
	CHECK_EQ(send(s, "x", 1, 0), 1);
	CHECK_ERR(receive(s), EAGAIN);
}

/* Several in one: each has its answer. */
TEST(several_requests)
{
	struct ifinfomsg ifi = { .ifi_index = 9 };
	struct nlmsghdr *h = (void *)buf;
	struct request r;
	char both[128];
	int s;

	new_net();
	s = route_socket(0);
	begin(&r, RTM_NEWLINK, NLM_F_ACK, &ifi, sizeof(ifi));
	memcpy(both, &r, r.h.nlmsg_len);
	ifi.ifi_index = 1;
	begin(&r, RTM_NEWLINK, NLM_F_ACK, &ifi, sizeof(ifi));
	memcpy(both + r.h.nlmsg_len, &r, r.h.nlmsg_len);
	CHECK_EQ(send(s, both, 2 * r.h.nlmsg_len, 0), 2 * r.h.nlmsg_len);
	CHECK(receive(s) > 0);
	CHECK_EQ(((struct nlmsgerr *)NLMSG_DATA(h))->error, -ENODEV);
	CHECK_EQ(h->nlmsg_seq, seq - 1);
	CHECK(receive(s) > 0);
	CHECK_EQ(((struct nlmsgerr *)NLMSG_DATA(h))->error, 0);
	CHECK_EQ(h->nlmsg_seq, seq);
}

/* Word for word what bubblewrap does, in a user namespace of its own. */
TEST(bubblewrap)
{
	char text[256];
	int s;

	new_net();
	become_user();
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		skip("no user namespaces");
	s = route_socket(0);
	CHECK_EQ(v4_request(s, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, "\x7f\0\0\1", 8, RT_SCOPE_HOST), 0);
	CHECK_EQ(set_link(s, RTM_NEWLINK, 0, 1, IFF_UP, IFF_UP), 0);
	CHECK_EQ(lo_flags(s), IFF_LOOPBACK | IFF_UP | IFF_RUNNING | 0x10000);
	addresses(s, AF_UNSPEC, text);
	CHECK_STR(text, "2/8 10/128 ");
}

TEST(up_and_down)
{
	char text[256];
	int s;

	new_net();
	s = route_socket(0);
	addresses(s, AF_UNSPEC, text);
	CHECK_STR(text, "");
	CHECK_EQ(set_link(s, RTM_SETLINK, 0, 1, IFF_UP, IFF_UP), 0);
	addresses(s, AF_UNSPEC, text);
	CHECK_STR(text, "2/8 10/128 ");
	addresses(s, AF_INET6, text);
	CHECK_STR(text, "10/128 ");
	CHECK_EQ(v6_request(s, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", 64), 0);
	CHECK_EQ(set_link(s, RTM_NEWLINK, 0, 1, 0, IFF_UP), 0);
	CHECK_EQ(lo_flags(s), IFF_LOOPBACK);
	CHECK_STR(find_attr((void *)buf, sizeof(struct ifinfomsg), IFLA_QDISC, 8) ?: "", "noqueue");
	addresses(s, AF_UNSPEC, text);
	CHECK_STR(text, "2/8 ");
	/* Flags without a mask are all of them. */
	CHECK_EQ(set_link(s, RTM_NEWLINK, 0, 1, IFF_UP, 0), 0);
	CHECK(lo_flags(s) & IFF_UP);
	CHECK_EQ(set_link(s, RTM_NEWLINK, 0, 1, 0, 0), 0);
	CHECK(lo_flags(s) & IFF_UP);
	CHECK_EQ(set_link(s, RTM_NEWLINK, NLM_F_EXCL, 1, 0, IFF_UP), EEXIST);
	CHECK_EQ(set_link(s, RTM_NEWLINK, NLM_F_CREATE, 5, 0, IFF_UP), EOPNOTSUPP);
	CHECK_EQ(set_link(s, RTM_NEWLINK, 0, 0, 0, IFF_UP), ENODEV);
	CHECK_EQ(set_link(s, RTM_SETLINK, 0, 0, 0, IFF_UP), EINVAL);
	CHECK_EQ(set_link(s, RTM_NEWLINK, 0, -1, 0, IFF_UP), EINVAL);
	CHECK(lo_flags(s) & IFF_UP);
}

TEST(v4_addresses)
{
	struct ifaddrmsg ifa = { .ifa_family = AF_INET, .ifa_prefixlen = 8, .ifa_index = 1 };
	char text[256];
	struct request r;
	int s, create = NLM_F_CREATE | NLM_F_EXCL;

	new_net();
	s = route_socket(0);
	CHECK_EQ(v4_request(s, RTM_NEWADDR, create, "\x7f\0\0\1", 8, RT_SCOPE_HOST), 0);
	CHECK_EQ(v4_request(s, RTM_NEWADDR, create, "\x7f\0\0\1", 8, RT_SCOPE_HOST), EEXIST);
	CHECK_EQ(v4_request(s, RTM_NEWADDR, NLM_F_CREATE, "\x7f\0\0\1", 8, RT_SCOPE_HOST), EEXIST);
	CHECK_EQ(v4_request(s, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, "\x7f\0\0\1", 8, RT_SCOPE_HOST), 0);
	CHECK_EQ(v4_request(s, RTM_NEWADDR, create, "\x7f\0\0\2", 8, RT_SCOPE_HOST), 0);
	CHECK_EQ(v4_request(s, RTM_NEWADDR, create, "\x7f\0\0\3", 8, RT_SCOPE_UNIVERSE), EINVAL);
	CHECK_EQ(v4_request(s, RTM_NEWADDR, create, "\x0a\0\0\1", 24, RT_SCOPE_UNIVERSE), 0);
	CHECK_EQ(v4_request(s, RTM_NEWADDR, create, "\x0a\0\0\1", 33, RT_SCOPE_UNIVERSE), EINVAL);
	addresses(s, AF_INET, text);
	CHECK_STR(text, "2/8 2/24 +2/8 ");
	/* With the first of a network go the others. */
	CHECK_EQ(v4_request(s, RTM_DELADDR, 0, "\x7f\0\0\1", 8, RT_SCOPE_HOST), 0);
	addresses(s, AF_INET, text);
	CHECK_STR(text, "2/24 ");
	CHECK_EQ(v4_request(s, RTM_DELADDR, 0, "\x7f\0\0\1", 8, RT_SCOPE_HOST), EADDRNOTAVAIL);
	begin(&r, RTM_NEWADDR, NLM_F_ACK, &ifa, sizeof(ifa));
	CHECK_EQ(ask(s, &r), EINVAL);		/* no address */
	attr(&r, IFA_LOCAL, "\1\2", 2);
	CHECK_EQ(ask(s, &r), ERANGE);
	ifa.ifa_index = 3;
	begin(&r, RTM_NEWADDR, NLM_F_ACK, &ifa, sizeof(ifa));
	attr(&r, IFA_LOCAL, "\1\2\3\4", 4);
	CHECK_EQ(ask(s, &r), ENODEV);
	begin(&r, RTM_DELADDR, NLM_F_ACK, &ifa, sizeof(ifa));
	CHECK_EQ(ask(s, &r), ENODEV);
	ifa.ifa_index = 1;
	begin(&r, RTM_DELADDR, NLM_F_ACK, &ifa, sizeof(ifa));
	CHECK_EQ(ask(s, &r), 0);		/* whichever is the first */
	addresses(s, AF_INET, text);
	CHECK_STR(text, "");
	begin(&r, RTM_GETADDR, 0, &ifa, sizeof(ifa));
	CHECK_EQ(ask(s, &r), EOPNOTSUPP);
	begin(&r, RTM_NEWADDR, NLM_F_ACK, &ifa, 4);
	CHECK_EQ(ask(s, &r), EINVAL);
}

/* More than fit into a message: nothing is lost. */
TEST(long_dump)
{
	char addr[4] = { 10, 0, 0, 1 };
	static char text[4096];
	int s, i;

	new_net();
	s = route_socket(0);
	for (i = 0; i < 200; i++) {
		addr[1] = i;
		CHECK_EQ(v4_request(s, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, addr, 24, RT_SCOPE_UNIVERSE), 0);
	}
	addresses(s, AF_UNSPEC, text);
	CHECK_EQ(strlen(text), 200 * strlen("2/24 "));
}

TEST(v6_addresses)
{
	static const char one[16] = { 0xfd, [15] = 1 }, local[16] = { 0xfe, 0x80, [15] = 2 }, many[16] = { 0xff, 2 };
	static const char none[16];
	char text[256];
	int s, create = NLM_F_CREATE | NLM_F_EXCL;

	new_net();
	s = route_socket(0);
	CHECK_EQ(set_link(s, RTM_NEWLINK, 0, 1, IFF_UP, IFF_UP), 0);
	CHECK_EQ(v6_request(s, RTM_NEWADDR, create, one, 64), 0);
	CHECK_EQ(v6_request(s, RTM_NEWADDR, create, one, 64), EEXIST);
	CHECK_EQ(v6_request(s, RTM_NEWADDR, create, local, 129), EINVAL);
	CHECK_EQ(v6_request(s, RTM_NEWADDR, create, local, 10), 0);
	CHECK_EQ(v6_request(s, RTM_NEWADDR, create, many, 64), EADDRNOTAVAIL);
	CHECK_EQ(v6_request(s, RTM_NEWADDR, create, none, 64), EADDRNOTAVAIL);
	CHECK_EQ(v6_request(s, RTM_NEWADDR, create, one, 129), EEXIST);
	addresses(s, AF_INET6, text);
	CHECK_STR(text, "10/64 10/10 10/128 ");		/* the widest scope first */
	CHECK_EQ(v6_request(s, RTM_DELADDR, 0, one, 65), EADDRNOTAVAIL);
	CHECK_EQ(v6_request(s, RTM_DELADDR, 0, one, 64), 0);
	CHECK_EQ(v6_request(s, RTM_DELADDR, 0, one, 64), EADDRNOTAVAIL);
}

TEST(listeners)
{
	struct nlmsghdr *h = (void *)buf;
	struct sockaddr_nl from;
	socklen_t len = sizeof(from);
	int s, heard, value = RTNLGRP_IPV4_IFADDR;

	new_net();
	s = route_socket(0);
	heard = route_socket(RTMGRP_LINK);
	CHECK_OK(setsockopt(heard, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &value, sizeof(value)));
	CHECK_EQ(v4_request(s, RTM_NEWADDR, NLM_F_CREATE, "\x7f\0\0\1", 8, RT_SCOPE_HOST), 0);
	CHECK_EQ(set_link(s, RTM_NEWLINK, 0, 1, IFF_UP, IFF_UP), 0);
	CHECK(recvfrom(heard, buf, sizeof(buf), MSG_DONTWAIT, (void *)&from, &len) > 0);
	CHECK_EQ(from.nl_pid, 0);
	CHECK_EQ(from.nl_groups, RTMGRP_IPV4_IFADDR);
	CHECK_EQ(h->nlmsg_type, RTM_NEWADDR);
	CHECK_EQ(h->nlmsg_seq, seq - 1);
	CHECK_EQ(h->nlmsg_pid, getpid());
	CHECK(receive(heard) > 0);
	CHECK_EQ(h->nlmsg_type, RTM_NEWLINK);
	CHECK_EQ(h->nlmsg_seq, 0);
	CHECK_EQ(((struct ifinfomsg *)NLMSG_DATA(h))->ifi_change, IFF_UP);
	CHECK_ERR(receive(heard), EAGAIN);
	CHECK_OK(setsockopt(heard, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &value, sizeof(value)));
	CHECK_EQ(v4_request(s, RTM_DELADDR, 0, "\x7f\0\0\1", 8, RT_SCOPE_HOST), 0);
	CHECK_ERR(receive(heard), EAGAIN);
	/* Who does not read is told that he missed some. */
	value = 1;
	CHECK_OK(setsockopt(heard, SOL_SOCKET, SO_RCVBUF, &value, sizeof(value)));
	for (value = 0; value < 64; value++)
		set_link(s, RTM_NEWLINK, 0, 1, value & 1 ? IFF_UP : 0, IFF_UP);
	CHECK_ERR(receive(heard), ENOBUFS);
	CHECK(receive(heard) > 0);
}

/* From one program to another, and only for the privileged. */
TEST(to_each_other)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK }, from;
	socklen_t len = sizeof(from);
	int a, b;
	pid_t pid;

	new_net();
	a = route_socket(0);
	b = route_socket(0);
	CHECK_OK(getsockname(b, (void *)&to, &len));
	CHECK_EQ(sendto(a, "hello", 5, 0, (void *)&to, sizeof(to)), 5);
	CHECK_EQ(recvfrom(b, buf, sizeof(buf), MSG_DONTWAIT, (void *)&from, &len), 5);
	CHECK(!memcmp(buf, "hello", 5));
	CHECK_EQ(from.nl_pid, getpid());
	CHECK_OK(connect(a, (void *)&to, sizeof(to)));
	CHECK_EQ(send(a, "again", 5, 0), 5);
	CHECK_EQ(receive(b), 5);
	to.nl_pid = 12345678;
	CHECK_ERR(sendto(a, "x", 1, 0, (void *)&to, sizeof(to)), ECONNREFUSED);
	pid = fork();
	if (!pid) {
		become_user();
		CHECK_ERR(sendto(a, "x", 1, 0, (void *)&to, sizeof(to)), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(privilege)
{
	struct ifinfomsg ifi = { .ifi_index = 1, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
	char text[64];
	struct request r;
	int s, t;

	new_net();
	s = route_socket(0);
	become_user();
	/* Root's socket is not enough, one may look. */
	CHECK_EQ(set_link(s, RTM_NEWLINK, 0, 1, IFF_UP, IFF_UP), EPERM);
	t = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	CHECK_EQ(set_link(t, RTM_NEWLINK, 0, 1, IFF_UP, IFF_UP), EPERM);
	begin(&r, RTM_NEWLINK, 0, &ifi, sizeof(ifi));
	r.h.nlmsg_type = RTM_DELADDR;
	CHECK_EQ(ask(t, &r), EPERM);
	CHECK_EQ(lo_flags(t), IFF_LOOPBACK);
	addresses(t, AF_UNSPEC, text);
	CHECK_STR(text, "");
	if (unshare(CLONE_NEWUSER) == 0) {
		/* That network is not ours. */
		t = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
		CHECK_EQ(set_link(t, RTM_NEWLINK, 0, 1, IFF_UP, IFF_UP), EPERM);
	}
}

static int name_ioctl(int s, int cmd, const char *name, struct ifreq *r)
{
	memset(r, 0, sizeof(*r));
	strcpy(r->ifr_name, name);
	return ioctl(s, cmd, r);
}

TEST(ioctls)
{
	struct ifreq r, many[4];
	struct ifconf conf = { .ifc_len = sizeof(many), .ifc_req = many };
	int fds[2], s, i;
	char text[64];

	new_net();
	s = fds[0] = route_socket(0);
	fds[1] = socket(AF_UNIX, SOCK_DGRAM, 0);
	for (i = 0; i < 2; i++) {
		CHECK_OK(name_ioctl(fds[i], SIOCGIFINDEX, "lo", &r));
		CHECK_EQ(r.ifr_ifindex, 1);
		CHECK_ERR(name_ioctl(fds[i], SIOCGIFINDEX, "eth7", &r), ENODEV);
		memset(&r, 0, sizeof(r));
		r.ifr_ifindex = 1;
		CHECK_OK(ioctl(fds[i], SIOCGIFNAME, &r));
		CHECK_STR(r.ifr_name, "lo");
		r.ifr_ifindex = 2;
		CHECK_ERR(ioctl(fds[i], SIOCGIFNAME, &r), ENODEV);
		CHECK_OK(name_ioctl(fds[i], SIOCGIFMTU, "lo", &r));
		CHECK_EQ(r.ifr_mtu, 65536);
		CHECK_OK(name_ioctl(fds[i], SIOCGIFHWADDR, "lo", &r));
		CHECK_EQ(r.ifr_hwaddr.sa_family, 772);
		CHECK_OK(name_ioctl(fds[i], SIOCGIFTXQLEN, "lo", &r));
		CHECK_EQ(r.ifr_qlen, 1000);
		CHECK_OK(name_ioctl(fds[i], SIOCGIFFLAGS, "lo:1", &r));
		CHECK_EQ(r.ifr_flags, IFF_LOOPBACK);
		CHECK_STR(r.ifr_name, "lo:1");
		CHECK_ERR(name_ioctl(fds[i], SIOCGIFADDR, "lo", &r), ENOTTY);
		CHECK_ERR(ioctl(fds[i], SIOCGIFINDEX, NULL), EFAULT);
		CHECK_ERR(ioctl(fds[i], SIOCGIFCONF, NULL), EFAULT);
	}
	CHECK_OK(ioctl(s, SIOCGIFCONF, &conf));
	CHECK_EQ(conf.ifc_len, 0);
	memset(&r, 0, sizeof(r));
	strcpy(r.ifr_name, "lo");
	r.ifr_flags = IFF_UP;
	CHECK_OK(ioctl(fds[1], SIOCSIFFLAGS, &r));
	CHECK_OK(name_ioctl(s, SIOCGIFFLAGS, "lo", &r));
	CHECK_EQ(r.ifr_flags, IFF_LOOPBACK | IFF_UP | IFF_RUNNING);
	addresses(s, AF_UNSPEC, text);
	CHECK_STR(text, "2/8 10/128 ");
	conf.ifc_len = sizeof(many);
	CHECK_OK(ioctl(fds[1], SIOCGIFCONF, &conf));
	CHECK_EQ(conf.ifc_len, sizeof(many[0]));
	CHECK_STR(many[0].ifr_name, "lo");
	CHECK(!memcmp(&many[0].ifr_addr, "\2\0\0\0\x7f\0\0\1\0\0\0\0\0\0\0\0", 16));
	conf.ifc_len = sizeof(many[0]) - 1;
	CHECK_OK(ioctl(fds[1], SIOCGIFCONF, &conf));
	CHECK_EQ(conf.ifc_len, 0);
	conf = (struct ifconf){ .ifc_len = 0 };
	CHECK_OK(ioctl(fds[1], SIOCGIFCONF, &conf));
	CHECK_EQ(conf.ifc_len, sizeof(many[0]));
	become_user();
	CHECK_ERR(name_ioctl(s, SIOCSIFFLAGS, "lo", &r), EPERM);
	CHECK_OK(name_ioctl(s, SIOCGIFFLAGS, "lo", &r));
}
