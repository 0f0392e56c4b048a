// SPDX-License-Identifier: GPL-2.0-only
/*
 * NETLINK_ROUTE: takes requests apart, has them done, and answers. rtnetlink(7)
 *
 * What can be asked for is in do_request() and fill(); the work is done in link.c and address.c.
 *
 * Locking: rtnl_mutex around each request and each part of a dump.
 */
#include <net/netlink/netlink.h>

#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>

DEFINE_MUTEX_RANK(rtnl_mutex, LOCK_RANK_RTNL);

/* ---- attributes ------------------------------------------------------------------------------ */

unsigned int nl_len(const void *data)
{
	return ((const struct nlattr *)((const char *)data - NLA_HDRLEN))->nla_len - NLA_HDRLEN;
}

const void *nl_find(const struct nl_request *r, unsigned int body, int type, unsigned int len)
{
	const char *at = (const char *)r->body + NLMSG_ALIGN(body), *end = (const char *)r->nlh + r->nlh->nlmsg_len;
	const void *found = NULL;

	while (end - at >= NLA_HDRLEN) {
		const struct nlattr *a = (const struct nlattr *)at;

		if (a->nla_len < NLA_HDRLEN || a->nla_len > end - at)
			break;
		if ((a->nla_type & NLA_TYPE_MASK) == type) {
			if (a->nla_len - NLA_HDRLEN < (int)len)
				return ERR_PTR(-ERANGE);
			found = at + NLA_HDRLEN;
		}
		if (NLA_ALIGN(a->nla_len) >= end - at)
			break;
		at += NLA_ALIGN(a->nla_len);
	}
	return found;
}

/* ---- dumps ----------------------------------------------------------------------------------- */

static void fill(struct netlink_sock *s, struct nl_msg *m)
{
	struct nl_dump *dump = &s->dump;

	mutex_lock(&rtnl_mutex);
	if (dump->type == RTM_GETLINK)
		link_dump(s->sk.net, m, dump, s->portid, &dump->pos);
	else
		address_dump(s->sk.net, m, dump, s->portid, &dump->pos);
	mutex_unlock(&rtnl_mutex);
}

int rtnl_dump(struct netlink_sock *s)
{
	struct nl_msg *m = nl_alloc(NL_GOODSIZE);
	struct nlmsghdr *nlh;

	assert_mutex_held(&s->read_lock);
	if (!m)
		return -ENOBUFS;
	fill(s, m);
	if (!m->len) {
		nlh = nl_begin(m, s->portid, s->dump.seq, NLMSG_DONE, NLM_F_MULTI, sizeof(int));
		nl_end(m, nlh);
		s->dump.running = false;
	}
	nl_deliver(s, m);
	return 0;
}

static int start_dump(const struct nl_request *r, u8 family)
{
	struct netlink_sock *s = r->s;
	int err = -EBUSY;

	if (r->nlh->nlmsg_type != RTM_GETLINK && r->nlh->nlmsg_type != RTM_GETADDR)
		return -EOPNOTSUPP;
	mutex_lock(&s->read_lock);
	if (!s->dump.running) {
		s->dump = (struct nl_dump){ .running = true, .family = family, .type = r->nlh->nlmsg_type,
					    .seq = r->nlh->nlmsg_seq };
		err = rtnl_dump(s);
		if (err)
			s->dump.running = false;
	}
	mutex_unlock(&s->read_lock);
	return err ? err : -EINTR;	/* the end of the dump is answer enough */
}

/* ---- requests -------------------------------------------------------------------------------- */

static int do_request(const struct nl_request *r, u8 family)
{
	bool inet = family == AF_INET || family == AF_INET6;

	switch (r->nlh->nlmsg_type) {
	case RTM_GETLINK:
		return link_get(r);
	case RTM_NEWLINK:
	case RTM_SETLINK:
		return link_change(r);
	case RTM_NEWADDR:
		return inet ? address_new(r) : -EOPNOTSUPP;
	case RTM_DELADDR:
		return inet ? address_delete(r) : -EOPNOTSUPP;
	}
	return -EOPNOTSUPP;
}

/* 0, -errno for the answer, or -EINTR: no answer. */
static int handle(const struct nl_request *r)
{
	bool get = (r->nlh->nlmsg_type & 3) == 2;	/* of the four kinds that all objects have */
	u8 family;
	int err;

	if (r->nlh->nlmsg_type > RTM_MAX)
		return -EOPNOTSUPP;
	if (r->nlh->nlmsg_len < NLMSG_HDRLEN + sizeof(struct rtgenmsg))
		return 0;
	family = ((const struct rtgenmsg *)r->body)->rtgen_family;
	if (!get && !nl_capable(r->s))
		return -EPERM;
	if (get && (r->nlh->nlmsg_flags & NLM_F_DUMP))
		return start_dump(r, family);
	mutex_lock(&rtnl_mutex);
	err = do_request(r, family);
	mutex_unlock(&rtnl_mutex);
	return err;
}

/* An error comes with the request, unless the reader does not want it. */
static void acknowledge(struct netlink_sock *s, const struct nlmsghdr *nlh, u32 portid, int err)
{
	bool whole = err && !nl_option(s, NETLINK_CAP_ACK);
	unsigned int len = whole ? nlh->nlmsg_len : sizeof(*nlh);
	struct nl_msg *m = nl_alloc(NLMSG_HDRLEN + sizeof(int) + len);
	struct nlmsghdr *answer;
	struct nlmsgerr *e;

	if (!m) {
		WRITE_ONCE(s->sk.err, ENOBUFS);
		return;
	}
	answer = nl_begin(m, portid, nlh->nlmsg_seq, NLMSG_ERROR, whole ? 0 : NLM_F_CAPPED, sizeof(int) + len);
	e = NLMSG_DATA(answer);
	e->error = err;
	memcpy(&e->msg, nlh, len);
	nl_deliver(s, m);
}

void rtnl_receive(struct netlink_sock *s, const struct nl_msg *m)
{
	unsigned int at, step;
	int err;

	for (at = 0; m->len - at >= NLMSG_HDRLEN; at += step) {
		const struct nlmsghdr *nlh = (const struct nlmsghdr *)(m->data + at);
		struct nl_request r = { .s = s, .net = s->sk.net, .nlh = nlh, .body = nlh + 1 };

		if (nlh->nlmsg_len < NLMSG_HDRLEN || nlh->nlmsg_len > m->len - at)
			break;
		err = 0;
		if ((nlh->nlmsg_flags & NLM_F_REQUEST) && nlh->nlmsg_type >= NLMSG_MIN_TYPE)
			err = handle(&r);
		if (err != -EINTR && (err || (nlh->nlmsg_flags & NLM_F_ACK)))
			acknowledge(s, nlh, m->portid, err);
		step = min_t(unsigned int, NLMSG_ALIGN(nlh->nlmsg_len), m->len - at);
	}
}
