// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_UNIX datagrams and sequenced packets: whole messages, one per read.
 *
 * A receiver's queue is limited in number (max_dgram_qlen); senders that are not its peer wait on its
 * peer_wait queue.  A poller of such a sender cannot hook into a queue of somebody else's socket, which may go
 * at any time: u->peer_wake is hooked in instead and passes the wake-up on.
 *
 * Locking: see unix.h.
 */
#include <net/unix/unix.h>

#include <fs/poll.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/time/timekeeping.h>

/* ---- passing wake-ups of the peer's queue on ------------------------------------------------- */

static int relay_wake(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct unix_sock *u = container_of(wait, struct unix_sock, peer_wake);

	list_del_init(&wait->entry);
	wait->private = NULL;
	wake_up_interruptible_poll(&u->sk.wq, UNIX_WRITABLE);
	return 0;
}

void unix_peer_wake_init(struct unix_sock *u)
{
	init_waitqueue_func_entry(&u->peer_wake, relay_wake);
}

static void peer_wake_connect(struct unix_sock *u, struct unix_sock *peer)
{
	unsigned long flags;

	spin_lock_irqsave(&peer->peer_wait.lock, flags);
	if (!u->peer_wake.private) {
		u->peer_wake.private = peer;
		__add_wait_queue(&peer->peer_wait, &u->peer_wake);
	}
	spin_unlock_irqrestore(&peer->peer_wait.lock, flags);
}

void unix_peer_wake_disconnect(struct unix_sock *u, struct unix_sock *peer)
{
	unsigned long flags;

	spin_lock_irqsave(&peer->peer_wait.lock, flags);
	if (u->peer_wake.private == peer) {
		__remove_wait_queue(&peer->peer_wait, &u->peer_wake);
		u->peer_wake.private = NULL;
	}
	spin_unlock_irqrestore(&peer->peer_wait.lock, flags);
}

static bool queue_blocks(const struct unix_sock *u, const struct unix_sock *peer)
{
	return peer != u && READ_ONCE(peer->peer) != u && unix_recvq_full(peer);
}

/* u's lock held. Must a sender to its peer wait? If so, pollers will hear when that changes. */
static bool peer_blocks(struct unix_sock *u)
{
	struct unix_sock *peer = u->peer;

	if (!peer || !queue_blocks(u, peer))
		return false;
	peer_wake_connect(u, peer);
	/* It may have been emptied, or died, before we were hooked in. */
	if (unix_recvq_full(peer) && !READ_ONCE(peer->sk.dead))
		return true;
	unix_peer_wake_disconnect(u, peer);
	return false;
}

__poll_t unix_dgram_poll(struct file *file, struct socket *sock, poll_table *table)
{
	struct unix_sock *u = unix_sk(sock->sk);
	unsigned char shutdown;
	__poll_t mask = 0;
	bool writable;

	poll_wait(file, &u->sk.wq, table);
	shutdown = READ_ONCE(u->sk.shutdown);
	if (READ_ONCE(u->sk.err))
		mask |= EPOLLERR;
	if (shutdown & RCV_SHUTDOWN)
		mask |= EPOLLRDHUP | UNIX_READABLE;
	if (shutdown == SHUTDOWN_MASK)
		mask |= EPOLLHUP;
	if (!list_empty(&u->queue) || !list_empty(&u->accept_queue))
		mask |= UNIX_READABLE;
	if (u->sk.type == SOCK_SEQPACKET && READ_ONCE(u->state) == UNIX_CLOSED)
		mask |= EPOLLHUP;
	writable = unix_writable(u);
	if (writable && READ_ONCE(u->peer)) {
		spin_lock(&u->lock);
		writable = !peer_blocks(u);
		spin_unlock(&u->lock);
	}
	return writable ? mask | UNIX_WRITABLE : mask;
}

/* ---- connecting ------------------------------------------------------------------------------ */

/* The datagrams of somebody we are not connected to any more go; the old peer learns of it. read_lock held. */
static void left_old_peer(struct unix_sock *u, struct unix_sock *old)
{
	LIST_HEAD(dropped);
	struct unix_msg *m, *next;
	bool told = false;

	assert_mutex_held(&u->read_lock);
	spin_lock(&u->lock);
	list_splice_init(&u->queue, &dropped);
	WRITE_ONCE(u->queue_len, 0);
	spin_unlock(&u->lock);
	if (list_empty(&dropped))
		return;
	list_for_each_entry_safe(m, next, &dropped, link)
		unix_free_msg(m);
	if (wq_has_sleeper(&u->peer_wait))
		wake_up_interruptible_all(&u->peer_wait);
	spin_lock(&old->lock);
	if (!old->sk.dead && old->peer == u) {
		WRITE_ONCE(old->sk.err, ECONNRESET);
		told = true;
	}
	spin_unlock(&old->lock);
	if (told)
		unix_state_change(old);
}

static bool may_send(const struct unix_sock *u, const struct unix_sock *to)
{
	const struct unix_sock *peer = READ_ONCE(to->peer);

	return !peer || peer == u;
}

/* @to is referenced, or NULL to disconnect. */
static int set_peer(struct unix_sock *u, struct unix_sock *to)
{
	struct unix_sock *old;

	if (to && !may_send(u, to)) {
		sock_put(&to->sk);
		return -EPERM;
	}
	mutex_lock(&u->read_lock);		/* readers see the queue before or after, not between */
	spin_lock(&u->lock);
	old = u->peer;
	u->peer = to;
	u->state = to ? UNIX_CONNECTED : UNIX_CLOSED;
	u->sk.socket->state = to ? SS_CONNECTED : SS_UNCONNECTED;
	if (old)
		unix_peer_wake_disconnect(u, old);
	spin_unlock(&u->lock);
	if (old && old != to)
		left_old_peer(u, old);
	mutex_unlock(&u->read_lock);
	unix_state_change(u);
	if (old)
		sock_put(&old->sk);
	return 0;
}

int unix_dgram_connect(struct socket *sock, struct sockaddr_storage *addr, int len, int flags)
{
	struct unix_sock *u = unix_sk(sock->sk), *to;
	int err;

	if (len < (int)sizeof(addr->ss_family))
		return -EINVAL;
	if (addr->ss_family == AF_UNSPEC)
		return set_peer(u, NULL);
	err = unix_check_addr(addr, len);
	if (!err && sock_option(&u->sk, SOCK_OPT_PASSCRED) && !READ_ONCE(u->addr))
		err = unix_autobind(u);
	if (err)
		return err;
	to = unix_find_other(u, addr, len);
	return IS_ERR(to) ? PTR_ERR(to) : set_peer(u, to);
}

/* ---- sending --------------------------------------------------------------------------------- */

static struct unix_sock *get_peer(struct unix_sock *u)
{
	struct unix_sock *peer;

	spin_lock(&u->lock);
	peer = u->peer;
	if (peer)
		sock_hold(&peer->sk);
	spin_unlock(&u->lock);
	return peer ? peer : ERR_PTR(-ENOTCONN);
}

/* The peer is dead: forget it. */
static int lost_peer(struct unix_sock *u, struct unix_sock *peer)
{
	bool was = false;

	if (u->sk.type == SOCK_SEQPACKET)
		return -EPIPE;
	mutex_lock(&u->read_lock);
	spin_lock(&u->lock);
	if (u->peer == peer) {
		u->peer = NULL;
		u->state = UNIX_CLOSED;
		unix_peer_wake_disconnect(u, peer);
		was = true;
	}
	spin_unlock(&u->lock);
	if (was)
		left_old_peer(u, peer);
	mutex_unlock(&u->read_lock);
	if (!was)
		return -EAGAIN;		/* connected anew meanwhile: try that one */
	sock_put(&peer->sk);
	return -ECONNREFUSED;
}

static bool may_deliver(struct unix_sock *to)
{
	return !unix_recvq_full(to) || READ_ONCE(to->sk.dead) || (READ_ONCE(to->sk.shutdown) & RCV_SHUTDOWN);
}

/* The state of a receiver in which a datagram cannot be queued. */
enum refusal { DELIVERED, REFUSED_PERM, REFUSED_DEAD, REFUSED_SHUTDOWN, REFUSED_FULL };

static enum refusal try_deliver(struct unix_sock *u, struct unix_sock *to, struct unix_msg *m)
{
	enum refusal r = DELIVERED;

	spin_lock(&to->lock);
	if (to->sk.dead)
		r = REFUSED_DEAD;
	else if (!may_send(u, to))
		r = REFUSED_PERM;
	else if (to->sk.shutdown & RCV_SHUTDOWN)
		r = REFUSED_SHUTDOWN;
	else if (queue_blocks(u, to))
		r = REFUSED_FULL;
	else
		unix_queue_msg(to, m);
	spin_unlock(&to->lock);
	return r;
}

/* To a receiver with a reference, until it has it: 0, or -errno; -EAGAIN with *again: find it anew. */
static int deliver(struct unix_sock *u, struct unix_sock *to, struct unix_msg *m, bool named, u64 *timeo, bool *again)
{
	int err;

	*again = false;
	for (;;) {
		switch (try_deliver(u, to, m)) {
		case DELIVERED:
			sock_wake(&to->sk, UNIX_READABLE);
			return 0;
		case REFUSED_PERM:
			return -EPERM;
		case REFUSED_SHUTDOWN:
			return -EPIPE;
		case REFUSED_DEAD:
			err = named ? -EAGAIN : lost_peer(u, to);
			*again = err == -EAGAIN;
			return err;
		case REFUSED_FULL:
			err = *timeo ? unix_wait(&to->peer_wait, UNIX_WRITABLE, may_deliver, to, timeo) : -EAGAIN;
			if (err)
				return err;
		}
	}
}

static int deliver_to_target(struct unix_sock *u, struct msghdr *msg, struct unix_msg *m, u64 *timeo)
{
	bool named = msg->namelen, again;
	struct unix_sock *to;
	int err;

	do {
		to = named ? unix_find_other(u, msg->name, msg->namelen) : get_peer(u);
		if (IS_ERR(to))
			return PTR_ERR(to);
		if (!m->has_creds && sock_option(&to->sk, SOCK_OPT_PASSCRED)) {
			struct scm_cookie scm = { .pid = NULL };

			scm_set_creds(&scm);
			unix_attach(m, &scm, false);
			scm_destroy(&scm);
		}
		if (unlikely(sock_wants_stamp(&to->sk)))
			m->stamp = ktime_get_real_ns();
		err = deliver(u, to, m, named, timeo, &again);
		sock_put(&to->sk);
	} while (again);
	return err;
}

static int check_dgram_send(struct unix_sock *u, const struct msghdr *msg, size_t size)
{
	int err = 0;

	if (msg->flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (msg->namelen)
		err = unix_check_addr(msg->name, msg->namelen);
	else if (!READ_ONCE(u->peer))
		err = -ENOTCONN;
	if (!err && sock_option(&u->sk, SOCK_OPT_PASSCRED) && !READ_ONCE(u->addr))
		err = unix_autobind(u);
	if (!err && size > (size_t)READ_ONCE(u->sk.sndbuf) - 32)
		err = -EMSGSIZE;
	return err;
}

static ssize_t send_with(struct unix_sock *u, struct msghdr *msg, size_t size, struct scm_cookie *scm)
{
	u64 timeo = sock_sndtimeo(&u->sk, msg->flags & MSG_DONTWAIT);
	struct unix_msg *m;
	int err = check_dgram_send(u, msg, size);

	if (err)
		return err;
	m = unix_alloc_msg(u, size, &timeo);
	if (IS_ERR(m))
		return PTR_ERR(m);
	if (sock_option(&u->sk, SOCK_OPT_PASSCRED) && !scm->has_creds)
		scm_set_creds(scm);
	err = unix_attach(m, scm, true);
	if (!err && copy_from_iter(m->data, size, msg->iter) != size)
		err = -EFAULT;
	if (!err)
		err = deliver_to_target(u, msg, m, &timeo);
	if (!err)
		return size;
	unix_free_msg(m);
	return err;
}

ssize_t unix_dgram_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct scm_cookie scm;
	ssize_t ret = scm_send(msg, &scm);

	if (ret)
		return ret;
	ret = send_with(unix_sk(sock->sk), msg, size, &scm);
	scm_destroy(&scm);
	return ret;
}

ssize_t unix_seqpacket_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct unix_sock *u = unix_sk(sock->sk);
	int err = sock_error(&u->sk);

	if (err)
		return err;
	if (READ_ONCE(u->state) != UNIX_CONNECTED)
		return -ENOTCONN;
	msg->namelen = 0;		/* it goes to the peer whatever the caller names */
	return unix_dgram_sendmsg(sock, msg, size);
}

/* ---- receiving ------------------------------------------------------------------------------- */

static bool may_read(struct unix_sock *u)
{
	return !list_empty(&u->queue) || unix_has_ended(u);
}

/* The first message, off the queue unless @peek; read_lock held on success. ERR_PTR; NULL: end of file. */
static struct unix_msg *get_msg(struct unix_sock *u, bool peek, u64 *timeo)
{
	struct unix_msg *m;
	bool ended;
	int err;

	for (;;) {
		ended = unix_has_ended(u);	/* before the look at the queue: last words come before the end */
		mutex_lock(&u->read_lock);
		spin_lock(&u->lock);
		m = list_first_entry_or_null(&u->queue, struct unix_msg, link);
		if (m && !peek)
			unix_unlink_msg(u, m);
		spin_unlock(&u->lock);
		if (m)
			return m;
		mutex_unlock(&u->read_lock);
		if (ended) {
			err = sock_error(&u->sk);
			if (err)
				return ERR_PTR(err);
			if ((READ_ONCE(u->sk.shutdown) & RCV_SHUTDOWN) && (*timeo || u->sk.type == SOCK_SEQPACKET))
				return NULL;
		}
		err = *timeo ? unix_wait(&u->sk.wq, UNIX_READABLE, may_read, u, timeo) : -EAGAIN;
		if (err)
			return ERR_PTR(err);
	}
}

/* The copy is the receiver's; what does not fit is lost. */
static ssize_t read_msg(struct unix_sock *u, struct msghdr *msg, struct unix_msg *m, size_t size, unsigned int flags)
{
	struct scm_cookie scm = { .pid = NULL };
	size_t n = min_t(size_t, size, m->len);

	unix_copy_addr(msg, m->sender);
	if (n < m->len)
		msg->flags |= MSG_TRUNC;
	if (copy_to_iter(m->data, n, msg->iter) != n)
		return -EFAULT;
	unix_copy_creds(m, &scm);
	if (m->fp) {
		if (flags & MSG_PEEK)
			unix_peek_fds(m, &scm);
		else
			unix_detach_fds(m, &scm);
	}
	if (unlikely(sock_wants_stamp(&u->sk)))
		put_stamp(msg, &u->sk, m->stamp);
	scm_recv(&u->sk, msg, &scm, flags);
	return (flags & MSG_TRUNC) ? m->len : n;
}

ssize_t unix_dgram_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned int flags)
{
	struct unix_sock *u = unix_sk(sock->sk);
	u64 timeo = sock_rcvtimeo(&u->sk, flags & MSG_DONTWAIT);
	struct unix_msg *m;
	ssize_t ret;

	if (flags & MSG_OOB)
		return -EOPNOTSUPP;
	m = get_msg(u, flags & MSG_PEEK, &timeo);
	if (IS_ERR_OR_NULL(m))
		return PTR_ERR(m);
	if (wq_has_sleeper(&u->peer_wait))
		wake_up_interruptible_poll(&u->peer_wait, UNIX_WRITABLE);
	ret = read_msg(u, msg, m, size, flags);
	mutex_unlock(&u->read_lock);
	if (!(flags & MSG_PEEK))
		unix_free_msg(m);
	return ret;
}

ssize_t unix_seqpacket_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned int flags)
{
	if (READ_ONCE(unix_sk(sock->sk)->state) != UNIX_CONNECTED)
		return -ENOTCONN;
	return unix_dgram_recvmsg(sock, msg, size, flags);
}
