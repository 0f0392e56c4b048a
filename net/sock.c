// SPDX-License-Identifier: GPL-2.0-only
/*
 * struct sock: what all protocols share, and the options of SOL_SOCKET.
 *
 * Locking: options are single words, written and read without a lock; the credentials of the peer are
 * immutable once the socket is connected.
 */
#include <net/socket.h>

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

static int set_buf(int *buf, int value, int min_size, bool force)
{
	if (!force)
		value = min_t(unsigned int, value, SOCK_BUF_MAX);
	else if (!capable(CAP_NET_ADMIN))
		return -EPERM;
	/* Twice what was asked for: room for the bookkeeping, and what programs have come to expect. */
	value = clamp_t(int, value, 0, INT_MAX / 2);
	WRITE_ONCE(*buf, max(value * 2, min_size));
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
	case SO_TIMESTAMP_OLD:	return SOCK_OPT_TIMESTAMP;
	case SO_TIMESTAMPNS_OLD: return SOCK_OPT_TIMESTAMPNS;
	default:		return -1;
	}
}

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
		return set_buf(&sk->sndbuf, value, SOCK_MIN_SNDBUF, false);
	case SO_SNDBUFFORCE:
		return set_buf(&sk->sndbuf, value, SOCK_MIN_SNDBUF, true);
	case SO_RCVBUF:
		return set_buf(&sk->rcvbuf, value, SOCK_MIN_RCVBUF, false);
	case SO_RCVBUFFORCE:
		return set_buf(&sk->rcvbuf, value, SOCK_MIN_RCVBUF, true);
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
	int value, err, option;

	switch (name) {
	case SO_LINGER:
		return set_linger(sk, val, len);
	case SO_RCVTIMEO_OLD:
	case SO_RCVTIMEO_NEW:
		return get_timeo(val, len, name == SO_RCVTIMEO_NEW, &sk->rcvtimeo);
	case SO_SNDTIMEO_OLD:
	case SO_SNDTIMEO_NEW:
		return get_timeo(val, len, name == SO_SNDTIMEO_NEW, &sk->sndtimeo);
	}
	err = get_int(val, len, &value);
	if (err)
		return err;
	option = bool_option(name);
	if (option < 0)
		return set_number(sk, name, value);
	if (option == SOCK_OPT_DEBUG && value && !capable(CAP_NET_ADMIN))
		return -EACCES;
	set_option(sk, option, value);
	return 0;
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
	struct sock *sk = sock->sk;
	int value, err, option;

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
	option = bool_option(name);
	if (option >= 0) {
		value = sock_option(sk, option);
	} else {
		err = get_number(sk, name, &value);
		if (err)
			return err;
	}
	return put_value(val, ulen, &value, sizeof(value));
}
