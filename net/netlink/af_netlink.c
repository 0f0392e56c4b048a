// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_NETLINK sockets: numbers, groups, queues. netlink(7)
 *
 * A socket has a number of its own in its namespace, given when it is bound or first sends; the kernel is 0.  A
 * request is answered while it is sent; what is too long for one message (a dump) is made as it is read.
 *
 * Locking: see netlink.h.
 */
#include <net/netlink/netlink.h>

#include <fs/file.h>
#include <fs/poll.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/random.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define GROUPS_MAX	RTNLGRP_MAX
#define LOWEST_RANDOM	0x80000000U	/* numbers for those whose process has its number already: up to -4097 */

static DEFINE_MUTEX(nl_mutex);

/* ---- messages -------------------------------------------------------------------------------- */

struct nl_msg *nl_alloc(unsigned int size)
{
	struct nl_msg *m = kzalloc(sizeof(*m) + NLMSG_ALIGN(size), GFP_KERNEL);

	if (m)
		m->size = NLMSG_ALIGN(size);
	return m;
}

void nl_free(struct nl_msg *m)
{
	put_pid(m->pid);
	kfree(m);
}

/* The memory is zeroed already. */
static void *append(struct nl_msg *m, unsigned int len)
{
	void *at = m->data + m->len;

	if (m->size - m->len < NLMSG_ALIGN(len)) {
		m->full = true;
		return NULL;
	}
	m->len += NLMSG_ALIGN(len);
	return at;
}

struct nlmsghdr *nl_begin(struct nl_msg *m, u32 portid, u32 seq, int type, int flags, unsigned int payload)
{
	struct nlmsghdr *nlh;

	m->full = false;
	nlh = append(m, NLMSG_HDRLEN + payload);
	if (nlh)
		*nlh = (struct nlmsghdr){ .nlmsg_len = NLMSG_HDRLEN + payload, .nlmsg_type = type,
					  .nlmsg_flags = flags, .nlmsg_seq = seq, .nlmsg_pid = portid };
	return nlh;
}

void nl_attr(struct nl_msg *m, int type, const void *data, unsigned int len)
{
	struct nlattr *a = append(m, NLA_HDRLEN + len);

	if (!a)
		return;
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	if (data)
		memcpy((char *)a + NLA_HDRLEN, data, len);
}

bool nl_end(struct nl_msg *m, struct nlmsghdr *nlh)
{
	unsigned int start = (char *)nlh - m->data;

	if (m->full) {
		memset(nlh, 0, m->len - start);
		m->len = start;
		return false;
	}
	nlh->nlmsg_len = m->len - start;
	return true;
}

/* ---- queues ---------------------------------------------------------------------------------- */

static unsigned int truesize(const struct nl_msg *m)
{
	return sizeof(*m) + m->size;
}

static bool has_room(const struct netlink_sock *s)
{
	return READ_ONCE(s->rmem) <= (unsigned int)READ_ONCE(s->sk.rcvbuf) || READ_ONCE(s->sk.dead);
}

/* False: there is no room. */
static bool enqueue(struct netlink_sock *to, struct nl_msg *m)
{
	bool room;

	spin_lock(&to->lock);
	room = has_room(to) && !to->sk.dead;
	if (room) {
		list_add_tail(&m->link, &to->queue);
		WRITE_ONCE(to->rmem, to->rmem + truesize(m));
	}
	spin_unlock(&to->lock);
	if (room)
		sock_wake(&to->sk, EPOLLIN | EPOLLRDNORM);
	return room;
}

void nl_deliver(struct netlink_sock *to, struct nl_msg *m)
{
	if (enqueue(to, m))
		return;
	nl_free(m);
	if (!nl_option(to, NETLINK_NO_ENOBUFS)) {
		WRITE_ONCE(to->sk.err, ENOBUFS);
		sock_wake(&to->sk, EPOLLERR);
	}
}

void nl_broadcast(struct net *net, const struct nl_msg *m, u32 group, u32 but)
{
	struct netlink_sock *s;
	struct nl_msg *copy;

	mutex_lock(&nl_mutex);
	list_for_each_entry(s, &net->netlink, node) {
		if (!(s->groups & (1ULL << (group - 1))) || (but && s->portid == but))
			continue;
		copy = nl_alloc(m->len);
		if (!copy) {
			WRITE_ONCE(s->sk.err, ENOBUFS);
			continue;
		}
		memcpy(copy->data, m->data, m->len);
		copy->len = m->len;
		copy->portid = m->portid;
		copy->group = group;
		copy->pid = m->pid ? get_pid(m->pid) : NULL;
		copy->uid = m->uid;
		copy->gid = m->gid;
		nl_deliver(s, copy);
	}
	mutex_unlock(&nl_mutex);
}

bool nl_capable(const struct netlink_sock *s)
{
	struct user_namespace *ns = s->sk.net->ns.user_ns;

	return file_ns_capable(s->sk.socket->file->f_cred, ns, CAP_NET_ADMIN) && ns_capable(ns, CAP_NET_ADMIN);
}

/* ---- life ------------------------------------------------------------------------------------ */

static const struct proto_ops netlink_ops;

static void nl_destruct(struct sock *sk)
{
	put_net(sk->net);
	kfree(nl_sk(sk));
}

static int netlink_create(struct socket *sock, int protocol)
{
	struct netlink_sock *s;

	if (sock->type != SOCK_RAW && sock->type != SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	if (protocol != NETLINK_ROUTE)
		return -EPROTONOSUPPORT;
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	sock_init_data(&s->sk, sock, current_net());
	s->sk.family = AF_NETLINK;
	s->sk.destruct = nl_destruct;
	INIT_LIST_HEAD(&s->node);
	INIT_LIST_HEAD(&s->queue);
	mutex_init_rank(&s->read_lock, LOCK_RANK_SOCKET);
	spin_lock_init_rank(&s->lock, LOCK_RANK_OBJECT);
	sock->ops = &netlink_ops;
	return 0;
}

static int netlink_release(struct socket *sock)
{
	struct netlink_sock *s = nl_sk(sock->sk);
	struct nl_msg *m, *next;
	LIST_HEAD(unread);

	mutex_lock(&nl_mutex);
	list_del_init(&s->node);
	mutex_unlock(&nl_mutex);
	spin_lock(&s->lock);
	s->sk.dead = true;
	list_splice_init(&s->queue, &unread);
	spin_unlock(&s->lock);
	wake_up_interruptible_all(&s->sk.wq);	/* who waited for room */
	list_for_each_entry_safe(m, next, &unread, link)
		nl_free(m);
	sock_put(&s->sk);
	return 0;
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* nl_mutex held. */
static struct netlink_sock *find_locked(struct net *net, u32 portid)
{
	struct netlink_sock *s;

	assert_mutex_held(&nl_mutex);
	list_for_each_entry(s, &net->netlink, node)
		if (s->portid == portid)
			return s;
	return NULL;
}

static int insert(struct netlink_sock *s, u32 portid)
{
	int err = 0;

	mutex_lock(&nl_mutex);
	if (s->bound) {
		err = s->portid == portid ? 0 : -EBUSY;
	} else if (find_locked(s->sk.net, portid)) {
		err = -EADDRINUSE;
	} else {
		s->portid = portid;
		list_add_tail(&s->node, &s->sk.net->netlink);
		smp_store_release(&s->bound, true);
	}
	mutex_unlock(&nl_mutex);
	return err;
}

/* The number of the process, or if that is taken any "negative" one. */
static int autobind(struct netlink_sock *s)
{
	u32 portid = pid_vnr(task_tgid(current));
	int err;

	if (smp_load_acquire(&s->bound))
		return 0;
	while ((err = insert(s, portid)) == -EADDRINUSE)
		portid = LOWEST_RANDOM + get_random_u32_below(0x80000000U - 4096);
	return err == -EBUSY ? 0 : err;
}

static int check_address(const struct sockaddr_storage *addr, int len)
{
	return len < (int)sizeof(struct sockaddr_nl) || addr->ss_family != AF_NETLINK ? -EINVAL : 0;
}

static int netlink_bind(struct socket *sock, struct sockaddr_storage *addr, int len)
{
	const struct sockaddr_nl *nl = (const struct sockaddr_nl *)addr;
	struct netlink_sock *s = nl_sk(sock->sk);
	int err = check_address(addr, len);

	if (err)
		return err;
	if (smp_load_acquire(&s->bound))
		err = nl->nl_pid == s->portid ? 0 : -EINVAL;
	else
		err = nl->nl_pid ? insert(s, nl->nl_pid) : autobind(s);
	if (err)
		return err;
	mutex_lock(&nl_mutex);
	s->groups = (s->groups & ~0xffffffffULL) | nl->nl_groups;
	mutex_unlock(&nl_mutex);
	return 0;
}

static int netlink_connect(struct socket *sock, struct sockaddr_storage *addr, int len, int flags)
{
	const struct sockaddr_nl *nl = (const struct sockaddr_nl *)addr;
	struct netlink_sock *s = nl_sk(sock->sk);
	bool connects;
	int err = 0;

	if (len < (int)sizeof(addr->ss_family))
		return -EINVAL;
	connects = addr->ss_family != AF_UNSPEC;
	if (connects)
		err = check_address(addr, len);
	if (!err && connects && (nl->nl_groups || nl->nl_pid) && !nl_capable(s))
		err = -EPERM;
	if (!err && connects)
		err = autobind(s);
	if (err)
		return err;
	mutex_lock(&nl_mutex);
	s->dst_portid = connects ? nl->nl_pid : 0;
	s->dst_group = connects ? __builtin_ffs(nl->nl_groups) : 0;
	sock->state = connects ? SS_CONNECTED : SS_UNCONNECTED;
	mutex_unlock(&nl_mutex);
	return 0;
}

static int netlink_getname(struct socket *sock, struct sockaddr_storage *addr, bool peer)
{
	const struct netlink_sock *s = nl_sk(sock->sk);
	struct sockaddr_nl *nl = (struct sockaddr_nl *)addr;

	*nl = (struct sockaddr_nl){ .nl_family = AF_NETLINK };
	mutex_lock(&nl_mutex);
	nl->nl_pid = peer ? s->dst_portid : s->portid;
	nl->nl_groups = !peer ? s->groups : s->dst_group ? 1U << (s->dst_group - 1) : 0;
	mutex_unlock(&nl_mutex);
	return sizeof(*nl);
}

/* ---- sending --------------------------------------------------------------------------------- */

/* Where a message is to go. */
static int destination(struct netlink_sock *s, const struct msghdr *msg, u32 *portid, u32 *group)
{
	const struct sockaddr_nl *nl = (const struct sockaddr_nl *)msg->name;
	int err;

	if (!msg->namelen) {
		*portid = READ_ONCE(s->dst_portid);
		*group = READ_ONCE(s->dst_group);
		return 0;
	}
	err = check_address(msg->name, msg->namelen);
	if (err)
		return err;
	*portid = nl->nl_pid;
	*group = __builtin_ffs(nl->nl_groups);
	return (*portid || *group) && !nl_capable(s) ? -EPERM : 0;
}

/* To another socket, which may have to make room first. Consumes @m. */
static int send_to(struct netlink_sock *s, struct nl_msg *m, u32 portid, u64 timeo)
{
	struct netlink_sock *to;
	int err = 0;
	s64 left;

	mutex_lock(&nl_mutex);
	to = find_locked(s->sk.net, portid);
	if (to && to->sk.socket->state == SS_CONNECTED && to->dst_portid != s->portid)
		to = NULL;
	if (to)
		sock_hold(&to->sk);
	mutex_unlock(&nl_mutex);
	if (!to)
		err = -ECONNREFUSED;
	while (!err && !enqueue(to, m)) {
		if (READ_ONCE(to->sk.dead))
			err = -ECONNREFUSED;
		else if (!timeo)
			err = -EAGAIN;
		if (err)
			break;
		left = wait_event_interruptible_timeout(to->sk.wq, has_room(to), timeo);
		if (left < 0)
			err = sock_intr_errno(timeo);
		else if (timeo != MAX_SCHEDULE_TIMEOUT_NS)
			timeo = left;
	}
	if (err)
		nl_free(m);
	if (to)
		sock_put(&to->sk);
	return err;
}

static struct nl_msg *message_of(struct netlink_sock *s, struct msghdr *msg, size_t size, struct scm_cookie *scm)
{
	struct nl_msg *m = nl_alloc(size);

	if (!m)
		return ERR_PTR(-ENOBUFS);
	m->portid = s->portid;
	m->len = size;
	m->pid = scm->pid;
	m->uid = scm->uid;
	m->gid = scm->gid;
	scm->pid = NULL;
	if (copy_from_iter(m->data, size, msg->iter) == size)
		return m;
	nl_free(m);
	return ERR_PTR(-EFAULT);
}

static ssize_t send_with(struct netlink_sock *s, struct msghdr *msg, size_t size, struct scm_cookie *scm)
{
	u32 portid, group;
	struct nl_msg *m;
	int err = destination(s, msg, &portid, &group);

	if (!err)
		err = autobind(s);
	if (!err && size > (size_t)READ_ONCE(s->sk.sndbuf) - 32)
		err = -EMSGSIZE;
	if (err)
		return err;
	if (!scm->has_creds)
		scm_set_creds(scm);
	m = message_of(s, msg, size, scm);
	if (IS_ERR(m))
		return PTR_ERR(m);
	if (group)
		nl_broadcast(s->sk.net, m, group, s->portid);
	if (portid) {
		err = send_to(s, m, portid, sock_sndtimeo(&s->sk, msg->flags & MSG_DONTWAIT));
	} else {
		rtnl_receive(s, m);
		nl_free(m);
	}
	return err ? err : (ssize_t)size;
}

static ssize_t netlink_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct scm_cookie scm;
	ssize_t ret;

	if (msg->flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (!size)
		return -ENODATA;
	ret = scm_send(msg, &scm);
	if (ret)
		return ret;
	ret = send_with(nl_sk(sock->sk), msg, size, &scm);
	scm_destroy(&scm);
	return ret;
}

/* ---- receiving ------------------------------------------------------------------------------- */

static bool may_read(struct netlink_sock *s)
{
	return !list_empty(&s->queue) || READ_ONCE(s->sk.err);
}

/* The first message, off the queue unless @peek; read_lock held on success. ERR_PTR. */
static struct nl_msg *get_msg(struct netlink_sock *s, bool peek, u64 timeo)
{
	struct nl_msg *m;
	s64 left;
	int err;

	for (;;) {
		err = sock_error(&s->sk);
		if (err)
			return ERR_PTR(err);
		mutex_lock(&s->read_lock);
		spin_lock(&s->lock);
		m = list_first_entry_or_null(&s->queue, struct nl_msg, link);
		if (m && !peek) {
			list_del(&m->link);
			WRITE_ONCE(s->rmem, s->rmem - truesize(m));
		}
		spin_unlock(&s->lock);
		if (m)
			return m;
		mutex_unlock(&s->read_lock);
		if (!timeo)
			return ERR_PTR(-EAGAIN);
		left = wait_event_interruptible_timeout(s->sk.wq, may_read(s), timeo);
		if (left < 0)
			return ERR_PTR(sock_intr_errno(timeo));
		if (timeo != MAX_SCHEDULE_TIMEOUT_NS)
			timeo = left;
	}
}

static ssize_t read_msg(struct netlink_sock *s, struct msghdr *msg, const struct nl_msg *m, size_t size,
			unsigned int flags)
{
	struct scm_cookie scm = { .pid = m->pid ? get_pid(m->pid) : NULL, .uid = m->uid, .gid = m->gid,
				  .has_creds = true };
	size_t n = min_t(size_t, size, m->len);

	if (n < m->len)
		msg->flags |= MSG_TRUNC;
	if (copy_to_iter(m->data, n, msg->iter) != n) {
		scm_destroy(&scm);
		return -EFAULT;
	}
	if (msg->name) {
		*(struct sockaddr_nl *)msg->name = (struct sockaddr_nl){
			.nl_family = AF_NETLINK, .nl_pid = m->portid,
			.nl_groups = m->group && m->group <= 32 ? 1U << (m->group - 1) : 0,
		};
		msg->namelen = sizeof(struct sockaddr_nl);
	}
	if (nl_option(s, NETLINK_PKTINFO)) {
		struct nl_pktinfo info = { .group = m->group };

		put_cmsg(msg, SOL_NETLINK, NETLINK_PKTINFO, &info, sizeof(info));
	}
	scm_recv(&s->sk, msg, &scm, flags);
	return (flags & MSG_TRUNC) ? m->len : n;
}

static ssize_t netlink_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned int flags)
{
	struct netlink_sock *s = nl_sk(sock->sk);
	struct nl_msg *m;
	ssize_t ret;
	int err;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	m = get_msg(s, flags & MSG_PEEK, sock_rcvtimeo(&s->sk, flags & MSG_DONTWAIT));
	if (IS_ERR(m))
		return PTR_ERR(m);
	ret = read_msg(s, msg, m, size, flags);
	if (s->dump.running && READ_ONCE(s->rmem) <= (unsigned int)s->sk.rcvbuf / 2) {
		err = rtnl_dump(s);
		if (err)
			WRITE_ONCE(s->sk.err, -err);
	}
	mutex_unlock(&s->read_lock);
	if (!(flags & MSG_PEEK)) {
		nl_free(m);
		if (wq_has_sleeper(&s->sk.wq))	/* there is room */
			wake_up_interruptible_all(&s->sk.wq);
	}
	return ret;
}

static __poll_t netlink_poll(struct file *file, struct socket *sock, poll_table *table)
{
	struct netlink_sock *s = nl_sk(sock->sk);
	__poll_t mask = EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND;

	poll_wait(file, &s->sk.wq, table);
	if (READ_ONCE(s->sk.err))
		mask |= EPOLLERR;
	if (!list_empty(&s->queue))
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}

static int netlink_shutdown(struct socket *sock, int how)
{
	return -EOPNOTSUPP;
}

/* ---- options --------------------------------------------------------------------------------- */

static bool is_flag(int name)
{
	switch (name) {
	case NETLINK_PKTINFO:
	case NETLINK_BROADCAST_ERROR:
	case NETLINK_NO_ENOBUFS:
	case NETLINK_CAP_ACK:
	case NETLINK_EXT_ACK:
	case NETLINK_GET_STRICT_CHK:
		return true;
	}
	return false;
}

static int join(struct netlink_sock *s, int group, bool on)
{
	u64 bit;

	if (group < 1 || group > GROUPS_MAX)
		return -EINVAL;
	bit = 1ULL << (group - 1);
	mutex_lock(&nl_mutex);
	s->groups = on ? s->groups | bit : s->groups & ~bit;
	mutex_unlock(&nl_mutex);
	return 0;
}

static int netlink_setsockopt(struct socket *sock, int level, int name, char __user *val, int len)
{
	struct netlink_sock *s = nl_sk(sock->sk);
	unsigned int value = 0;

	if (level != SOL_NETLINK)
		return -ENOPROTOOPT;
	if (len >= (int)sizeof(value) && copy_from_user(&value, val, sizeof(value)))
		return -EFAULT;
	if (name == NETLINK_ADD_MEMBERSHIP || name == NETLINK_DROP_MEMBERSHIP)
		return join(s, value, name == NETLINK_ADD_MEMBERSHIP);
	if (name == NETLINK_LISTEN_ALL_NSID) {
		if (!capable(CAP_NET_BROADCAST))
			return -EPERM;
	} else if (!is_flag(name)) {
		return -ENOPROTOOPT;
	}
	if (value)
		__atomic_fetch_or(&s->options, 1U << name, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(&s->options, ~(1U << name), __ATOMIC_RELAXED);
	return 0;
}

static int netlink_getsockopt(struct socket *sock, int level, int name, char __user *val, int __user *ulen)
{
	u64 groups = READ_ONCE(nl_sk(sock->sk)->groups);
	u32 words[2] = { groups, groups >> 32 };
	int len, value;

	if (level != SOL_NETLINK)
		return -ENOPROTOOPT;
	if (get_user(len, ulen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	if (name == NETLINK_LIST_MEMBERSHIPS) {
		len = min_t(int, len & ~3, sizeof(words));
		return copy_to_user(val, words, len) || put_user((int)sizeof(words), ulen) ? -EFAULT : 0;
	}
	if (!is_flag(name))
		return -ENOPROTOOPT;
	if (len < (int)sizeof(int))
		return -EINVAL;
	value = nl_option(nl_sk(sock->sk), name);
	return put_user((int)sizeof(int), ulen) || put_user(value, (int __user *)val) ? -EFAULT : 0;
}

static const struct proto_ops netlink_ops = {
	.family		= AF_NETLINK,
	.release	= netlink_release,
	.bind		= netlink_bind,
	.connect	= netlink_connect,
	.getname	= netlink_getname,
	.poll		= netlink_poll,
	.shutdown	= netlink_shutdown,
	.setsockopt	= netlink_setsockopt,
	.getsockopt	= netlink_getsockopt,
	.sendmsg	= netlink_sendmsg,
	.recvmsg	= netlink_recvmsg,
};

const struct net_family netlink_family = {
	.family		= AF_NETLINK,
	.create		= netlink_create,
};
