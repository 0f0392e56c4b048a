// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_UNIX streams: bytes go to the peer's queue in pieces; a read takes as many pieces as fit, but does not
 * cross from one set of credentials or files to another.
 *
 * Locking: read_lock keeps readers apart, also while the user's memory is written; the queue's own lock is held
 * only to link and unlink.
 */
#include <net/unix/unix.h>

#include <fs/fasync.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>

#define STREAM_PIECE	(16384 - sizeof(struct unix_msg))	/* a power of two with its head */

/* ---- sending --------------------------------------------------------------------------------- */

/*
 * The urgent byte is a message of its own, and u->oob. It has no length, so that it ends a read like a mark and goes
 * with the next one; a later urgent byte makes an ordinary one of it. [u] held.
 */
static void queue_urgent(struct unix_sock *peer, struct unix_msg *m)
{
	m->len = 0;
	if (peer->oob)
		peer->oob->len = 1;
	WRITE_ONCE(peer->oob, m);
}

/* SIGURG to the owner of the receiver's file, which may be on its way out. */
static void tell_owner(struct unix_sock *peer)
{
	struct file *file;

	spin_lock(&peer->lock);
	file = peer->sk.socket ? peer->sk.socket->file : NULL;
	if (file && !atomic_long_inc_not_zero(&file->f_count))
		file = NULL;
	spin_unlock(&peer->lock);
	if (!file)
		return;
	send_sigurg(file);
	fput(file);
}

/* 0, or -EPIPE: nobody will read it. */
static int deliver(struct unix_sock *peer, struct unix_msg *m, bool urgent)
{
	spin_lock(&peer->lock);
	if (unlikely(peer->sk.dead || (peer->sk.shutdown & RCV_SHUTDOWN))) {
		spin_unlock(&peer->lock);
		return -EPIPE;
	}
	if (unlikely(urgent))
		queue_urgent(peer, m);
	unix_queue_msg(peer, m);
	spin_unlock(&peer->lock);
	if (unlikely(urgent))
		tell_owner(peer);
	sock_wake(&peer->sk, unlikely(urgent) ? UNIX_READABLE | EPOLLPRI : UNIX_READABLE);
	return 0;
}

/* @len bytes are left; with MSG_OOB the last one goes alone. */
static ssize_t send_piece(struct unix_sock *u, struct unix_sock *peer, struct msghdr *msg, size_t len,
			  struct scm_cookie *scm, u64 *timeo)
{
	bool urgent = false;
	struct unix_msg *m;
	int err;

	if (unlikely(msg->flags & MSG_OOB)) {
		urgent = len == 1;
		len -= !urgent;
	}
	len = min3(len, (size_t)READ_ONCE(u->sk.sndbuf) / 2, STREAM_PIECE);
	m = unix_alloc_msg(u, len, timeo);
	if (IS_ERR(m))
		return PTR_ERR(m);
	err = unix_attach(m, scm, true);	/* files go with the first piece only */
	if (!err && copy_from_iter(m->data, len, msg->iter) != len)
		err = -EFAULT;
	if (!err)
		err = deliver(peer, m, urgent);
	if (!err)
		return len;
	unix_free_msg(m);
	return err;
}

static int check_stream_send(const struct unix_sock *u, const struct msghdr *msg, size_t size)
{
	if (unlikely(msg->flags & MSG_OOB) && !size)
		return -EOPNOTSUPP;
	if (msg->namelen)
		return u->state == UNIX_CONNECTED ? -EISCONN : -EOPNOTSUPP;
	if (!u->peer)
		return -ENOTCONN;
	return (u->sk.shutdown & SEND_SHUTDOWN) ? -EPIPE : 0;
}

ssize_t unix_stream_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct unix_sock *u = unix_sk(sock->sk), *peer;
	u64 timeo = sock_sndtimeo(&u->sk, msg->flags & MSG_DONTWAIT);
	struct scm_cookie scm;
	size_t sent = 0;
	ssize_t n;

	n = scm_send(msg, &scm);
	if (unlikely(n))
		return n;
	n = check_stream_send(u, msg, size);
	peer = u->peer;
	if (!n)
		unix_want_creds(&scm, u, peer);
	while (!n && sent < size) {
		n = send_piece(u, peer, msg, size - sent, &scm, &timeo);
		if (n < 0)
			break;
		sent += n;
		n = 0;
	}
	scm_destroy(&scm);
	if (sent)
		return sent;
	if (n == -EPIPE && !(msg->flags & MSG_NOSIGNAL))
		send_sig(SIGPIPE, current, 0);
	return n;
}

/* ---- receiving ------------------------------------------------------------------------------- */

static bool may_read(struct unix_sock *u)
{
	return !list_empty(&u->queue) || unix_has_ended(u) ||
	       READ_ONCE(u->state) != UNIX_CONNECTED;
}

/* The message after @prev (NULL: the first), or NULL. [r] held, so it stays. */
static struct unix_msg *next_msg(struct unix_sock *u, struct unix_msg *prev)
{
	struct list_head *link;

	spin_lock(&u->lock);
	link = prev ? prev->link.next : u->queue.next;
	spin_unlock(&u->lock);
	return link == &u->queue ? NULL : list_entry(link, struct unix_msg, link);
}

static bool same_creds(const struct unix_msg *m, const struct scm_cookie *scm)
{
	return m->has_creds == scm->has_creds && m->pid == scm->pid &&
	       (!m->has_creds || (m->uid == scm->uid && m->gid == scm->gid));
}

/* What one read has gathered. */
struct stream_read {
	struct unix_sock	*u;
	struct msghdr		*msg;
	struct scm_cookie	scm;
	struct unix_msg		*seen;		/* MSG_PEEK: the last one looked at */
	size_t			size, copied;	/* still wanted; done */
	bool			peek, has_creds;
};

static void take_msg(struct stream_read *r, struct unix_msg *m, size_t n)
{
	m->off += n;
	if (unlikely(m->fp))
		unix_detach_fds(m, &r->scm);
	if (m->off < m->len)
		return;
	spin_lock(&r->u->lock);
	unix_unlink_msg(r->u, m);
	spin_unlock(&r->u->lock);
	unix_free_msg(m);
}

/*
 * An urgent byte that is not part of the stream (yet), or was taken already: a read ends before it, and the next one
 * passes it by.
 */
static int read_mark(struct stream_read *r, struct unix_msg *m)
{
	struct unix_sock *u = r->u;
	bool drop = false, now = u->oob == m;
	int ret = r->copied != 0;

	spin_lock(&u->lock);
	if (m->off < m->len || (ret && now)) {
		/* An ordinary byte by now: looked at again. Or a mark that stays for the next read. */
	} else if (!ret && now && sock_option(&u->sk, SOCK_OPT_OOBINLINE)) {
		m->len = 1;
		if (!r->peek)
			WRITE_ONCE(u->oob, NULL);
	} else if (r->peek) {
		r->seen = m;
	} else {
		if (now)
			WRITE_ONCE(u->oob, NULL);
		unix_unlink_msg(u, m);
		drop = true;
	}
	spin_unlock(&u->lock);
	if (drop)
		unix_free_msg(m);
	return ret;
}

/* MSG_OOB. */
static ssize_t read_urgent(struct unix_sock *u, struct msghdr *msg, bool peek)
{
	ssize_t ret = -EINVAL;
	struct unix_msg *m;

	mutex_lock(&u->read_lock);
	spin_lock(&u->lock);
	m = sock_option(&u->sk, SOCK_OPT_OOBINLINE) ? NULL : u->oob;
	if (m && !peek) {
		WRITE_ONCE(u->oob, NULL);
		m->len = m->off = 1;		/* a mark stays */
	}
	spin_unlock(&u->lock);
	if (m) {
		msg->flags |= MSG_OOB;
		ret = copy_to_iter(m->data, 1, msg->iter) ? 1 : -EFAULT;
	}
	mutex_unlock(&u->read_lock);
	return ret;
}

/* Copy from one message. 0: go on with the next; 1: the read ends here; -EFAULT. */
static int read_msg(struct stream_read *r, struct unix_msg *m)
{
	size_t left = m->len - m->off, n = min(left, r->size);

	if (unlikely(!left))
		return read_mark(r, m);
	if (r->copied && !same_creds(m, &r->scm) && r->has_creds)
		return 1;
	if (!r->copied) {
		r->has_creds = sock_option(&r->u->sk, SOCK_OPT_PASSCRED);
		if (r->has_creds)
			unix_copy_creds(m, &r->scm);
		if (r->msg->name)
			unix_copy_addr(r->msg, m->sender);
	}
	if (unlikely(copy_to_iter(m->data + m->off, n, r->msg->iter) != n))
		return -EFAULT;
	r->copied += n;
	r->size -= n;
	if (r->peek) {
		r->seen = m;
		if (m->fp)
			unix_peek_fds(m, &r->scm);
	} else {
		take_msg(r, m, n);
	}
	return n < left || r->scm.fp;
}

/* No message is there. 0: one may be now; 1: return what there is; -errno. [r] held, dropped to sleep. */
static int stream_wait(struct stream_read *r, size_t target, u64 *timeo)
{
	struct unix_sock *u = r->u;
	int err;

	if (r->copied >= target || (r->peek && r->copied))
		return 1;
	if (unlikely(r->seen))
		return -EAGAIN;		/* a look at urgent data alone: it does not wait for more */
	/* An end that comes after this look may have last words before it: it is for the next round. */
	if (unix_has_ended(u)) {
		if (next_msg(u, r->seen))
			return 0;
		err = sock_error(&u->sk);
		if (err)
			return err;
		if (READ_ONCE(u->sk.shutdown) & RCV_SHUTDOWN)
			return 1;
	}
	if (!*timeo)
		return -EAGAIN;
	mutex_unlock(&u->read_lock);
	err = unix_wait(&u->sk.wq, UNIX_READABLE, may_read, u, timeo);
	mutex_lock(&u->read_lock);
	return err;
}

ssize_t unix_stream_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned int flags)
{
	struct unix_sock *u = unix_sk(sock->sk);
	struct stream_read r = { .u = u, .msg = msg, .size = size, .peek = flags & MSG_PEEK };
	size_t target = sock_rcvlowat(&u->sk, flags & MSG_WAITALL, size);
	u64 timeo = sock_rcvtimeo(&u->sk, flags & MSG_DONTWAIT);
	int ret = 0;

	if (unlikely(flags & MSG_OOB))
		return read_urgent(u, msg, r.peek);
	if (unlikely(READ_ONCE(u->state) != UNIX_CONNECTED))
		return -EINVAL;
	mutex_lock(&u->read_lock);
	do {
		struct unix_msg *m = next_msg(u, r.seen);

		ret = m ? read_msg(&r, m) : stream_wait(&r, target, &timeo);
	} while (!ret && (r.size || !r.copied));
	mutex_unlock(&u->read_lock);
	if (r.copied || ret >= 0)
		scm_recv(&u->sk, msg, &r.scm, flags);
	else
		scm_destroy(&r.scm);
	return r.copied || ret > 0 ? (ssize_t)r.copied : ret;
}
