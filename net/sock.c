// SPDX-License-Identifier: GPL-2.0-only
/*
 * struct sock: what all protocols share, and the options of SOL_SOCKET.
 *
 * Locking: options are single words, written and read without a lock; the credentials of the peer are
 * immutable once the socket is connected.
 */
#include <net/socket.h>

#include <linux/filter.h>
#include <linux/net_tstamp.h>
#include <linux/sock_diag.h>
#include <kernel/compat.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/time/timekeeping.h>
#include <net/net_namespace.h>
#include <asm/uaccess.h>

#define SOCK_BUF_DEFAULT	212992	/* net.core.{r,w}mem_default and _max */
#define SOCK_BUF_MAX		212992
#define SOCK_MIN_SNDBUF		4608
#define SOCK_MIN_RCVBUF		2304

void sock_init_data(struct sock *sk, struct socket *sock, struct net *net)
{
	refcount_set(&sk->refs, 1);
	sk->net = get_net(net);
	sk->sndbuf = sk->rcvbuf = SOCK_BUF_DEFAULT;
	sk->rcvlowat = 1;
	sk->numbers[SOCK_NUM_PACING] = sk->numbers[SOCK_NUM_INCOMING_CPU] = -1;
	sk->rcvtimeo = sk->sndtimeo = MAX_SCHEDULE_TIMEOUT_NS;
	init_waitqueue_head(&sk->wq);
	fasync_queue_init(&sk->fasync);
	sk->socket = sock;
	if (sock) {
		sk->type = sock->type;
		sock->sk = sk;
	}
}

void sock_set_peercred(struct sock *sk, struct pid *pid, const struct cred *cred)
{
	if (sk->peer_pid)
		put_pid(sk->peer_pid);
	if (sk->peer_cred)
		put_cred(sk->peer_cred);
	sk->peer_pid = pid;
	sk->peer_cred = cred;
}

void sock_wake(struct sock *sk, __poll_t events)
{
	if (wq_has_sleeper(&sk->wq))
		wake_up_interruptible_sync_poll(&sk->wq, events);
	kill_fasync(&sk->fasync, (events & EPOLLIN) ? POLL_IN : POLL_OUT);
}

/* ---- setting --------------------------------------------------------------------------------- */

static int get_int(char __user *val, int len, int *n)
{
	if (len < (int)sizeof(int))
		return -EINVAL;
	return copy_from_user(n, val, sizeof(int)) ? -EFAULT : 0;
}

/* { seconds, microseconds } as longs, or in the _NEW form as two 64-bit numbers. */
static int get_timeo(char __user *val, int len, bool new_form, u64 *timeo)
{
	s64 tv[2];
	s32 narrow[2];

	new_form |= user_word_size() == sizeof(s64);	/* timeval is two words of the program */
	if (len < (int)(new_form ? sizeof(tv) : sizeof(narrow)))
		return -EINVAL;
	if (new_form) {
		if (copy_from_user(tv, val, sizeof(tv)))
			return -EFAULT;
	} else {
		if (copy_from_user(narrow, val, sizeof(narrow)))
			return -EFAULT;
		tv[0] = narrow[0];
		tv[1] = narrow[1];
	}
	if (tv[1] < 0 || tv[1] >= USEC_PER_SEC)
		return -EDOM;
	if (tv[0] < 0)
		*timeo = 0;
	else if ((!tv[0] && !tv[1]) || tv[0] >= KTIME_SEC_MAX - 1)
		*timeo = MAX_SCHEDULE_TIMEOUT_NS;
	else
		*timeo = (u64)tv[0] * NSEC_PER_SEC + tv[1] * NSEC_PER_USEC;
	return 0;
}

static void set_option(struct sock *sk, enum sock_option option, bool on)
{
	if (on)
		__atomic_fetch_or(&sk->options, 1UL << option, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(&sk->options, ~(1UL << option), __ATOMIC_RELAXED);
}

/* @which: the bit of SO_BUF_LOCK, which says that the user has chosen the size. */
static int set_buf(struct sock *sk, int *buf, int which, int value, int min_size, bool force)
{
	if (!force)
		value = min_t(unsigned int, value, SOCK_BUF_MAX);
	else if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	/* Twice what was asked for: room for the bookkeeping, and what programs have come to expect. */
	value = clamp_t(int, value, 0, INT_MAX / 2);
	WRITE_ONCE(*buf, max(value * 2, min_size));
	sk->numbers[SOCK_NUM_BUF_LOCK] |= which;
	return 0;
}

static int bool_option(int name)
{
	switch (name) {
	case SO_DEBUG:		return SOCK_OPT_DEBUG;
	case SO_REUSEADDR:	return SOCK_OPT_REUSEADDR;
	case SO_REUSEPORT:	return SOCK_OPT_REUSEPORT;
	case SO_DONTROUTE:	return SOCK_OPT_DONTROUTE;
	case SO_BROADCAST:	return SOCK_OPT_BROADCAST;
	case SO_KEEPALIVE:	return SOCK_OPT_KEEPALIVE;
	case SO_OOBINLINE:	return SOCK_OPT_OOBINLINE;
	case SO_PASSCRED:	return SOCK_OPT_PASSCRED;
	case SO_NO_CHECK:	return SOCK_OPT_NO_CHECK;
	case SO_PASSSEC:	return SOCK_OPT_PASSSEC;
	case SO_RXQ_OVFL:	return SOCK_OPT_RXQ_OVFL;
	case SO_WIFI_STATUS:	return SOCK_OPT_WIFI_STATUS;
	case SO_NOFCS:		return SOCK_OPT_NOFCS;
	case SO_SELECT_ERR_QUEUE: return SOCK_OPT_SELECT_ERR_QUEUE;
	case SO_PREFER_BUSY_POLL: return SOCK_OPT_PREFER_BUSY_POLL;
	case SO_RCVMARK:	return SOCK_OPT_RCVMARK;
	default:		return -1;
	}
}

/* 0, or what keeps current from switching it on or off. */
static int may_switch(int option, bool on)
{
	switch (option) {
	case SOCK_OPT_DEBUG:
		return on && !capable(CAP_NET_ADMIN) ? -EACCES : 0;
	case SOCK_OPT_PREFER_BUSY_POLL:
		return on && !capable(CAP_NET_ADMIN) ? -EPERM : 0;
	case SOCK_OPT_REUSEPORT:
		return on ? -EOPNOTSUPP : 0;	/* for addresses with ports */
	default:
		return 0;
	}
}

#define TIMESTAMPING_MASK	((SOF_TIMESTAMPING_LAST << 1) - 1)

/* The numbers that are kept: what they may be, and whether to raise one needs CAP_NET_ADMIN. */
static const struct kept_number {
	u8	name, index;
	bool	admin;
	int	min, max;
} kept_numbers[] = {
	{ SO_BUSY_POLL,		SOCK_NUM_BUSY_POLL,	true,	0,	 INT_MAX },
	{ SO_BUSY_POLL_BUDGET,	SOCK_NUM_BUSY_BUDGET,	true,	0,	 U16_MAX },
	{ SO_MAX_PACING_RATE,	SOCK_NUM_PACING,	false,	INT_MIN, INT_MAX },
	{ SO_INCOMING_CPU,	SOCK_NUM_INCOMING_CPU,	false,	INT_MIN, INT_MAX },
	{ SO_BINDTOIFINDEX,	SOCK_NUM_BOUND_IF,	false,	0,	 INT_MAX },
	{ SO_TXREHASH,		SOCK_NUM_TXREHASH,	false,	-1,	 1 },
	{ SO_BUF_LOCK,		SOCK_NUM_BUF_LOCK,	false,	0,	 SOCK_BUF_LOCK_MASK },
	{ SO_TIMESTAMPING_OLD,	SOCK_NUM_TIMESTAMPING,	false,	0,	 TIMESTAMPING_MASK },
	{ SO_TIMESTAMPING_NEW,	SOCK_NUM_TIMESTAMPING,	false,	0,	 TIMESTAMPING_MASK },
};

static const struct kept_number *kept_number(int name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(kept_numbers); i++)
		if (kept_numbers[i].name == name)
			return &kept_numbers[i];
	return NULL;
}

static int keep_number(struct sock *sk, const struct kept_number *k, int value)
{
	int old = sk->numbers[k->index];
	bool more = value > old || (value < 0 && k->name == SO_BUSY_POLL);

	if ((k->admin && more && !capable(CAP_NET_ADMIN)) ||
	    (k->name == SO_BINDTOIFINDEX && old && !capable(CAP_NET_RAW)))
		return -EPERM;
	if (value < k->min || value > k->max)
		return -EINVAL;
	sk->numbers[k->index] = k->name == SO_TXREHASH && value < 0 ? 1 : value;
	return 0;
}

/* ---- time stamps ----------------------------------------------------------------------------- */

/* The options that name a form of time stamp: are they for ns, and of the new form? */
static bool stamp_form(int name, bool *ns, bool *new_form)
{
	*ns = name == SO_TIMESTAMPNS_OLD || name == SO_TIMESTAMPNS_NEW;
	*new_form = name == SO_TIMESTAMP_NEW || name == SO_TIMESTAMPNS_NEW;
	return *ns || *new_form || name == SO_TIMESTAMP_OLD;
}

static void set_stamps(struct sock *sk, bool on, bool ns, bool new_form)
{
	set_option(sk, SOCK_OPT_TIMESTAMP, on);
	set_option(sk, SOCK_OPT_TIMESTAMPNS, on && ns);
	if (on)
		set_option(sk, SOCK_OPT_TIMESTAMP_NEW, new_form);
}

static bool get_stamps(const struct sock *sk, bool ns, bool new_form)
{
	bool is_ns = sock_option(sk, SOCK_OPT_TIMESTAMPNS);

	/* SO_TIMESTAMP_NEW does not mind that it is SO_TIMESTAMPNS_NEW. */
	return sock_option(sk, SOCK_OPT_TIMESTAMP) && sock_option(sk, SOCK_OPT_TIMESTAMP_NEW) == new_form &&
	       (is_ns == ns || (new_form && !ns));
}

void put_stamp(struct msghdr *msg, const struct sock *sk, u64 when)
{
	bool ns = sock_option(sk, SOCK_OPT_TIMESTAMPNS), new_form = sock_option(sk, SOCK_OPT_TIMESTAMP_NEW);
	struct timespec64 ts = ns_to_timespec64(when ? when : ktime_get_real_ns());
	s64 wide[2] = { ts.tv_sec, ns ? ts.tv_nsec : ts.tv_nsec / NSEC_PER_USEC };
	s32 narrow[2] = { wide[0], wide[1] };
	int type = ns ? SO_TIMESTAMPNS_OLD : SO_TIMESTAMP_OLD;

	if (new_form)
		type = ns ? SO_TIMESTAMPNS_NEW : SO_TIMESTAMP_NEW;
	if (new_form || user_word_size() == sizeof(s64))
		put_cmsg(msg, SOL_SOCKET, type, wide, sizeof(wide));
	else
		put_cmsg(msg, SOL_SOCKET, type, narrow, sizeof(narrow));
}

/* ---- numbers --------------------------------------------------------------------------------- */

static int set_linger(struct sock *sk, char __user *val, int len)
{
	struct linger linger;

	if (len < (int)sizeof(linger))
		return -EINVAL;
	if (copy_from_user(&linger, val, sizeof(linger)))
		return -EFAULT;
	linger.l_onoff = !!linger.l_onoff;
	sk->linger = linger;
	return 0;
}

static int set_number(struct sock *sk, int name, int value)
{
	switch (name) {
	case SO_SNDBUF:
		return set_buf(sk, &sk->sndbuf, SOCK_SNDBUF_LOCK, value, SOCK_MIN_SNDBUF, false);
	case SO_SNDBUFFORCE:
		return set_buf(sk, &sk->sndbuf, SOCK_SNDBUF_LOCK, value, SOCK_MIN_SNDBUF, true);
	case SO_RCVBUF:
		return set_buf(sk, &sk->rcvbuf, SOCK_RCVBUF_LOCK, value, SOCK_MIN_RCVBUF, false);
	case SO_RCVBUFFORCE:
		return set_buf(sk, &sk->rcvbuf, SOCK_RCVBUF_LOCK, value, SOCK_MIN_RCVBUF, true);
	case SO_RCVLOWAT:
		WRITE_ONCE(sk->rcvlowat, value < 0 ? INT_MAX : value ? value : 1);
		return 0;
	case SO_PRIORITY:
		if ((value < 0 || value > 6) && !capable(CAP_NET_ADMIN))
			return -EPERM;
		sk->priority = value;
		return 0;
	case SO_MARK:
		if (!capable(CAP_NET_ADMIN) && !capable(CAP_NET_RAW))
			return -EPERM;
		sk->mark = value;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

int sock_setsockopt(struct socket *sock, int level, int name, char __user *val, int len)
{
	struct sock *sk = sock->sk;
	const struct kept_number *kept;
	int value, err, option;
	bool ns, new_form;

	err = get_int(val, len, &value);
	if (err)
		return err;
	switch (name) {
	case SO_LINGER:
		return set_linger(sk, val, len);
	case SO_BSDCOMPAT:
	case SO_CNX_ADVICE:
		return 0;
	case SO_ZEROCOPY:
		return -EOPNOTSUPP;
	case SO_RESERVE_MEM:
		return value < 0 ? -EINVAL : -EOPNOTSUPP;
	case SO_ATTACH_BPF:
	case SO_ATTACH_REUSEPORT_EBPF:		/* no file is a program */
		return len == sizeof(int) && value < 0 ? -EBADF : -EINVAL;
	case SO_ATTACH_REUSEPORT_CBPF:
	case SO_DETACH_REUSEPORT_BPF:
	case SO_TXTIME:
		return -EINVAL;
	case SO_RCVTIMEO_OLD:
	case SO_RCVTIMEO_NEW:
		return get_timeo(val, len, name == SO_RCVTIMEO_NEW, &sk->rcvtimeo);
	case SO_SNDTIMEO_OLD:
	case SO_SNDTIMEO_NEW:
		return get_timeo(val, len, name == SO_SNDTIMEO_NEW, &sk->sndtimeo);
	}
	kept = kept_number(name);
	if (kept)
		return keep_number(sk, kept, value);
	if (stamp_form(name, &ns, &new_form)) {
		set_stamps(sk, value, ns, new_form);
		return 0;
	}
	option = bool_option(name);
	if (option < 0)
		return set_number(sk, name, value);
	err = may_switch(option, value);
	if (!err)
		set_option(sk, option, value);
	return err;
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* Gives the user at most *ulen bytes, and the length given. */
static int put_value(char __user *val, int __user *ulen, const void *data, int size)
{
	int len;

	if (get_user(len, ulen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	len = min(len, size);
	if (copy_to_user(val, data, len) || put_user(len, ulen))
		return -EFAULT;
	return 0;
}

static int put_timeo(char __user *val, int __user *ulen, bool new_form, u64 timeo)
{
	s64 tv[2] = { 0, 0 };
	s32 narrow[2];

	if (timeo != MAX_SCHEDULE_TIMEOUT_NS) {
		u32 ns;

		tv[0] = div_u64_rem(timeo, NSEC_PER_SEC, &ns);
		tv[1] = ns / NSEC_PER_USEC;
	}
	if (new_form || user_word_size() == sizeof(s64))
		return put_value(val, ulen, tv, sizeof(tv));
	narrow[0] = tv[0];
	narrow[1] = tv[1];
	return put_value(val, ulen, narrow, sizeof(narrow));
}

static int put_peercred(struct sock *sk, char __user *val, int __user *ulen)
{
	struct ucred cred = { .pid = 0, .uid = -1, .gid = -1 };

	if (sk->peer_pid)
		cred.pid = pid_vnr(sk->peer_pid);
	if (sk->peer_cred) {
		cred.uid = uid_to_user(sk->peer_cred->euid);
		cred.gid = gid_to_user(sk->peer_cred->egid);
	}
	return put_value(val, ulen, &cred, sizeof(cred));
}

static int put_peergroups(struct sock *sk, char __user *val, int __user *ulen)
{
	const struct group_info *groups;
	int len, size;

	if (!sk->peer_cred)
		return -ENODATA;
	if (get_user(len, ulen))
		return -EFAULT;
	groups = sk->peer_cred->group_info;
	size = groups->ngroups * sizeof(gid_t);
	if (len < size)
		return put_user(size, ulen) ? -EFAULT : -ERANGE;
	return put_value(val, ulen, groups->gid, size);
}

static int get_number(struct sock *sk, int name, int *value)
{
	switch (name) {
	case SO_TYPE:
		*value = sk->type;
		return 0;
	case SO_DOMAIN:
		*value = sk->family;
		return 0;
	case SO_PROTOCOL:
		*value = sk->protocol;
		return 0;
	case SO_ERROR:
		*value = -sock_error(sk);
		return 0;
	case SO_ACCEPTCONN:
		*value = sk->listening;
		return 0;
	case SO_SNDBUF:
		*value = sk->sndbuf;
		return 0;
	case SO_RCVBUF:
		*value = sk->rcvbuf;
		return 0;
	case SO_RCVLOWAT:
		*value = sk->rcvlowat;
		return 0;
	case SO_SNDLOWAT:
		*value = 1;
		return 0;
	case SO_BSDCOMPAT:
	case SO_INCOMING_NAPI_ID:
	case SO_ZEROCOPY:
	case SO_RESERVE_MEM:
		*value = 0;
		return 0;
	case SO_BPF_EXTENSIONS:
		*value = SKF_AD_MAX;
		return 0;
	case SO_PRIORITY:
		*value = sk->priority;
		return 0;
	case SO_MARK:
		*value = sk->mark;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

/* SO_MEMINFO: the SK_MEMINFO_* numbers. */
static int put_meminfo(const struct sock *sk, char __user *val, int __user *ulen)
{
	u32 mem[SK_MEMINFO_VARS] = {
		[SK_MEMINFO_RCVBUF] = sk->rcvbuf,
		[SK_MEMINFO_SNDBUF] = sk->sndbuf,
		[SK_MEMINFO_WMEM_ALLOC] = atomic_read(&sk->wmem),
	};

	return put_value(val, ulen, mem, sizeof(mem));
}

/* A number that no other socket has had, given when it is first asked for. */
static u64 get_cookie(struct sock *sk)
{
	static atomic64_t last = ATOMIC64_INIT(0);
	u64 old = 0, fresh;

	if (READ_ONCE(sk->cookie))
		return sk->cookie;
	fresh = atomic64_inc_return(&last);
	return __atomic_compare_exchange_n(&sk->cookie, &old, fresh, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED) ?
	       fresh : old;
}

/* The options that are longer than a number. 1: it is none of them. */
static int put_wide(struct sock *sk, int name, int len, char __user *val, int __user *ulen)
{
	long pacing = sk->numbers[SOCK_NUM_PACING];
	int pair[2] = { 0, 0 };
	u64 cookie;

	switch (name) {
	case SO_MEMINFO:
		return put_meminfo(sk, val, ulen);
	case SO_COOKIE:
	case SO_NETNS_COOKIE:
		if (len < (int)sizeof(cookie) || (name == SO_NETNS_COOKIE && len != sizeof(cookie)))
			return -EINVAL;
		cookie = name == SO_COOKIE ? get_cookie(sk) : sk->net->ns.inum;
		return put_value(val, ulen, &cookie, sizeof(cookie));
	case SO_TIMESTAMPING_OLD:
	case SO_TIMESTAMPING_NEW:
		pair[0] = sk->numbers[SOCK_NUM_TIMESTAMPING];
		fallthrough;
	case SO_TXTIME:
		return put_value(val, ulen, pair, sizeof(pair));
	case SO_MAX_PACING_RATE:
		if (pacing != -1)
			pacing = (u32)pacing;
		return put_value(val, ulen, &pacing, len < (int)sizeof(pacing) ? sizeof(u32) : sizeof(pacing));
	case SO_BUSY_POLL_BUDGET:
		return -ENOPROTOOPT;
	}
	return 1;
}

static int put_peername(struct socket *sock, char __user *val, int __user *ulen)
{
	struct sockaddr_storage addr;
	int want, len = sock->ops->getname(sock, &addr, true);

	if (len < 0)
		return -ENOTCONN;
	if (get_user(want, ulen))
		return -EFAULT;
	if (want > len)
		return -EINVAL;
	return copy_to_user(val, &addr, want) ? -EFAULT : 0;
}

int sock_getsockopt(struct socket *sock, int level, int name, char __user *val, int __user *ulen)
{
	const struct kept_number *kept;
	struct sock *sk = sock->sk;
	int value, err, option;
	bool ns, new_form;

	if (get_user(value, ulen))
		return -EFAULT;
	if (value < 0)
		return -EINVAL;
	switch (name) {
	case SO_LINGER:
		return put_value(val, ulen, &sk->linger, sizeof(sk->linger));
	case SO_RCVTIMEO_OLD:
	case SO_RCVTIMEO_NEW:
		return put_timeo(val, ulen, name == SO_RCVTIMEO_NEW, sk->rcvtimeo);
	case SO_SNDTIMEO_OLD:
	case SO_SNDTIMEO_NEW:
		return put_timeo(val, ulen, name == SO_SNDTIMEO_NEW, sk->sndtimeo);
	case SO_PEERCRED:
		return put_peercred(sk, val, ulen);
	case SO_PEERGROUPS:
		return put_peergroups(sk, val, ulen);
	case SO_PEERNAME:
		return put_peername(sock, val, ulen);
	}
	err = put_wide(sk, name, value, val, ulen);
	if (err <= 0)
		return err;
	kept = kept_number(name);
	option = bool_option(name);
	if (kept) {
		value = sk->numbers[kept->index];
	} else if (stamp_form(name, &ns, &new_form)) {
		value = get_stamps(sk, ns, new_form);
	} else if (option >= 0) {
		value = sock_option(sk, option);
	} else {
		err = get_number(sk, name, &value);
		if (err)
			return err;
	}
	return put_value(val, ulen, &value, sizeof(value));
}
