// SPDX-License-Identifier: GPL-2.0-only
/*
 * AF_UNIX sockets: life, connections of streams and sequenced packets, shutdown, poll.
 *
 * A connection is made by the connecting side: it creates the other end (an "embryo") and puts it onto the
 * listener's queue; accept(2) only gives it a file.
 *
 * Locking: see unix.h.
 */
#include <net/unix/unix.h>

#include <fs/poll.h>
#include <fs/seq_file.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <mm/slab.h>
#include <net/net_namespace.h>
#include <asm/uaccess.h>

#define ALL_EVENTS	(UNIX_READABLE | UNIX_WRITABLE | EPOLLERR | EPOLLHUP | EPOLLRDHUP)

static struct kmem_cache *unix_sock_cache;

/* ---- waiting --------------------------------------------------------------------------------- */

struct unix_waiter {
	struct wait_queue_entry	wait;
	__poll_t		events;
};

static int wake_for_events(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	const struct unix_waiter *w = container_of(wait, struct unix_waiter, wait);

	if (key && !(key_to_poll(key) & w->events))
		return 0;
	return autoremove_wake_function(wait, mode, flags, key);
}

int unix_wait(wait_queue_head_t *wq, __poll_t events, bool (*ready)(struct unix_sock *u), struct unix_sock *u,
	      u64 *timeo)
{
	struct unix_waiter w = { .events = events | EPOLLERR | EPOLLHUP | EPOLLRDHUP };
	int err = 0;

	init_waitqueue_func_entry(&w.wait, wake_for_events);
	w.wait.private = current;
	for (;;) {
		prepare_to_wait(wq, &w.wait, TASK_INTERRUPTIBLE);
		if (ready(u))
			break;
		if (signal_pending(current)) {
			err = sock_intr_errno(*timeo);
			break;
		}
		if (!*timeo) {
			err = -EAGAIN;
			break;
		}
		*timeo = schedule_timeout_ns(*timeo);
		if (ready(u))	/* as a rule: then there is nothing to queue for again */
			break;
	}
	finish_wait(wq, &w.wait);
	return err;
}

void unix_state_change(struct unix_sock *u)
{
	if (wq_has_sleeper(&u->sk.wq))
		__wake_up(&u->sk.wq, TASK_NORMAL, 0, poll_to_key(ALL_EVENTS));
	kill_fasync(&u->sk.fasync, POLL_IN);
}

void unix_lock_two(struct unix_sock *a, struct unix_sock *b)
{
	if (a == b) {
		spin_lock(&a->lock);
		return;
	}
	if (a > b)
		swap(a, b);
	spin_lock(&a->lock);
	spin_lock_nested(&b->lock);	/* the lower address first */
}

void unix_unlock_two(struct unix_sock *a, struct unix_sock *b)
{
	spin_unlock(&a->lock);
	if (a != b)
		spin_unlock(&b->lock);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void unix_destruct(struct sock *sk)
{
	struct unix_sock *u = unix_sk(sk);

	DEBUG_ASSERT(list_empty(&u->queue) && list_empty(&u->accept_queue) && !u->inflight);
	sock_set_peercred(sk, NULL, NULL);
	put_net(sk->net);
	unix_put_address(u->addr);
	kmem_cache_free(unix_sock_cache, u);
}

struct unix_sock *unix_create1(struct net *net, struct socket *sock, int type)
{
	struct unix_sock *u = kmem_cache_zalloc(unix_sock_cache, GFP_KERNEL);

	if (!u)
		return NULL;
	sock_init_data(&u->sk, sock, net);
	u->sk.family = AF_UNIX;
	u->sk.type = type;
	u->sk.destruct = unix_destruct;
	u->sk.max_backlog = READ_ONCE(net->unix_max_dgram_qlen);
	spin_lock_init_rank(&u->lock, LOCK_RANK_OBJECT);
	mutex_init_rank(&u->bind_lock, LOCK_RANK_NONE);
	mutex_init_rank(&u->read_lock, LOCK_RANK_SOCKET);
	INIT_LIST_HEAD(&u->queue);
	INIT_LIST_HEAD(&u->accept_queue);
	INIT_LIST_HEAD(&u->accept_link);
	INIT_LIST_HEAD(&u->gc_link);
	init_waitqueue_head_rank(&u->peer_wait, LOCK_RANK_POLL_WAIT);
	unix_peer_wake_init(u);
	unix_list_add(u);
	return u;
}

static void flush_queues(struct unix_sock *u)
{
	struct unix_sock *embryo;
	struct unix_msg *m;

	for (;;) {
		spin_lock(&u->lock);
		m = list_first_entry_or_null(&u->queue, struct unix_msg, link);
		if (m)
			unix_unlink_msg(u, m);
		embryo = m ? NULL : list_first_entry_or_null(&u->accept_queue, struct unix_sock, accept_link);
		if (embryo)
			list_del_init(&embryo->accept_link);
		spin_unlock(&u->lock);
		if (m)
			unix_free_msg(m);
		else if (embryo)
			unix_release_sock(embryo, true);
		else
			break;
	}
}

/* The other end of a connection learns that this one is gone. Consumes the reference. */
static void leave_peer(struct unix_sock *u, struct unix_sock *peer, bool reset)
{
	if (!unix_is_dgram(u)) {
		spin_lock(&peer->lock);
		WRITE_ONCE(peer->sk.shutdown, SHUTDOWN_MASK);
		if (reset)
			WRITE_ONCE(peer->sk.err, ECONNRESET);
		spin_unlock(&peer->lock);
		unix_state_change(peer);
	}
	unix_peer_wake_disconnect(u, peer);
	sock_put(&peer->sk);
}

void unix_release_sock(struct unix_sock *u, bool embryo)
{
	struct unix_sock *peer;
	struct path path;
	bool unread;

	unix_unhash(u);
	unix_list_del(u);
	spin_lock(&u->lock);
	u->sk.dead = true;
	u->sk.socket = NULL;
	WRITE_ONCE(u->sk.shutdown, SHUTDOWN_MASK);
	u->state = UNIX_CLOSED;
	path = u->path;
	u->path = (struct path) { NULL, NULL };
	peer = u->peer;
	u->peer = NULL;
	unread = !list_empty(&u->queue);
	spin_unlock(&u->lock);
	wake_up_interruptible_all(&u->peer_wait);
	if (peer)
		leave_peer(u, peer, unread || embryo);
	flush_queues(u);
	if (path.dentry)
		path_put(&path);
	sock_put(&u->sk);
}

static int unix_release(struct socket *sock)
{
	unix_release_sock(unix_sk(sock->sk), false);
	if (unlikely(unix_gc_wanted()))
		unix_gc();
	return 0;
}

static int unix_create(struct socket *sock, int protocol)
{
	if (protocol && protocol != AF_UNIX)
		return -EPROTONOSUPPORT;
	switch (sock->type) {
	case SOCK_STREAM:
		sock->ops = &unix_stream_ops;
		break;
	case SOCK_RAW:			/* what old programs call it */
		sock->type = SOCK_DGRAM;
		fallthrough;
	case SOCK_DGRAM:
		sock->ops = &unix_dgram_ops;
		break;
	case SOCK_SEQPACKET:
		sock->ops = &unix_seqpacket_ops;
		break;
	default:
		return -ESOCKTNOSUPPORT;
	}
	if (unix_create1(current_net(), sock, sock->type))
		return 0;
	sock->ops = NULL;
	return -ENOMEM;
}

static void set_current_peercred(struct unix_sock *u)
{
	sock_set_peercred(&u->sk, get_pid(task_tgid(current)), get_cred(current_cred()));
}

static int unix_socketpair(struct socket *sa, struct socket *sb)
{
	struct unix_sock *a = unix_sk(sa->sk), *b = unix_sk(sb->sk);

	/* Nobody else knows them yet. */
	sock_hold(&a->sk);
	sock_hold(&b->sk);
	a->peer = b;
	b->peer = a;
	set_current_peercred(a);
	set_current_peercred(b);
	a->state = b->state = UNIX_CONNECTED;
	sa->state = sb->state = SS_CONNECTED;
	return 0;
}

/* ---- connections ----------------------------------------------------------------------------- */

static int unix_listen(struct socket *sock, int backlog)
{
	struct unix_sock *u = unix_sk(sock->sk);
	int err = 0;

	if (unix_is_dgram(u))
		return -EOPNOTSUPP;
	if (!READ_ONCE(u->addr))
		return -EINVAL;
	spin_lock(&u->lock);
	if (u->state == UNIX_CONNECTED) {
		err = -EINVAL;
	} else {
		WRITE_ONCE(u->sk.max_backlog, backlog);
		u->state = UNIX_LISTENING;
		u->sk.listening = true;
		set_current_peercred(u);	/* what those who connect will see */
	}
	spin_unlock(&u->lock);
	if (!err)
		wake_up_interruptible_all(&u->peer_wait);
	return err;
}

static bool backlog_full(const struct unix_sock *u)
{
	return READ_ONCE(u->sk.backlog) > READ_ONCE(u->sk.max_backlog);
}

static bool may_connect(struct unix_sock *listener)
{
	return !backlog_full(listener) || READ_ONCE(listener->sk.dead) ||
	       (READ_ONCE(listener->sk.shutdown) & RCV_SHUTDOWN);
}

/* Both locked. 0; -EAGAIN: the listener has no room now; or an error. */
static int check_connect(const struct unix_sock *u, const struct unix_sock *listener)
{
	if (listener->state != UNIX_LISTENING || listener->sk.dead || (listener->sk.shutdown & RCV_SHUTDOWN))
		return -ECONNREFUSED;
	if (backlog_full(listener))
		return -EAGAIN;		/* even one that is connected waits for its refusal */
	if (u->state == UNIX_CONNECTED)
		return -EISCONN;
	return u->state == UNIX_LISTENING ? -EINVAL : 0;
}

/* Both locked; nothing can fail. The new end inherits the listener's name, @u its credentials. */
static void establish(struct unix_sock *u, struct unix_sock *listener, struct unix_sock *embryo)
{
	embryo->state = UNIX_CONNECTED;
	embryo->peer = u;
	sock_hold(&u->sk);
	refcount_inc(&listener->addr->refs);
	embryo->addr = listener->addr;
	u->peer = embryo;
	sock_hold(&embryo->sk);
	sock_set_peercred(&u->sk, get_pid(listener->sk.peer_pid), get_cred(listener->sk.peer_cred));
	smp_store_release(&u->state, UNIX_CONNECTED);
	u->sk.socket->state = SS_CONNECTED;
	list_add_tail(&embryo->accept_link, &listener->accept_queue);
	WRITE_ONCE(listener->sk.backlog, listener->sk.backlog + 1);
}

static int connect_to(struct unix_sock *u, struct unix_sock *listener, struct unix_sock *embryo)
{
	int err;

	unix_lock_two(u, listener);
	err = check_connect(u, listener);
	if (!err)
		establish(u, listener, embryo);
	unix_unlock_two(u, listener);
	if (!err)
		sock_wake(&listener->sk, UNIX_READABLE);
	return err;
}

static int unix_stream_connect(struct socket *sock, struct sockaddr_storage *addr, int len, int flags)
{
	struct unix_sock *u = unix_sk(sock->sk), *listener, *embryo;
	u64 timeo = sock_sndtimeo(&u->sk, flags & O_NONBLOCK);
	int err = unix_check_addr(addr, len);

	if (!err && sock_option(&u->sk, SOCK_OPT_PASSCRED) && !READ_ONCE(u->addr))
		err = unix_autobind(u);
	if (err)
		return err;
	embryo = unix_create1(u->sk.net, NULL, u->sk.type);
	if (!embryo)
		return -ENOMEM;
	set_current_peercred(embryo);
	for (;;) {
		listener = unix_find_other(u, addr, len);
		err = PTR_ERR_OR_ZERO(listener);
		if (err)
			break;
		err = connect_to(u, listener, embryo);
		if (err == -EAGAIN && timeo)
			err = unix_wait(&listener->peer_wait, UNIX_WRITABLE, may_connect, listener, &timeo) ?: -EAGAIN;
		else
			timeo = 0;
		sock_put(&listener->sk);
		if (err != -EAGAIN || !timeo)
			break;
	}
	if (err) {
		unix_list_del(embryo);
		sock_put(&embryo->sk);
	}
	return err;
}

static bool may_accept(struct unix_sock *u)
{
	return !list_empty(&u->accept_queue) || (READ_ONCE(u->sk.shutdown) & RCV_SHUTDOWN);
}

/* The first connection in the queue, or NULL. */
static struct unix_sock *take_embryo(struct unix_sock *u)
{
	struct unix_sock *embryo;

	spin_lock(&u->lock);
	embryo = list_first_entry_or_null(&u->accept_queue, struct unix_sock, accept_link);
	if (embryo) {
		list_del_init(&embryo->accept_link);
		WRITE_ONCE(u->sk.backlog, u->sk.backlog - 1);
	}
	spin_unlock(&u->lock);
	return embryo;
}

static int unix_accept(struct socket *sock, struct socket *newsock, int flags)
{
	struct unix_sock *u = unix_sk(sock->sk), *embryo;
	u64 timeo = sock_rcvtimeo(&u->sk, flags & O_NONBLOCK);
	int err;

	if (unix_is_dgram(u))
		return -EOPNOTSUPP;
	if (READ_ONCE(u->state) != UNIX_LISTENING)
		return -EINVAL;
	while (!(embryo = take_embryo(u))) {
		if (READ_ONCE(u->sk.shutdown) & RCV_SHUTDOWN)
			return -EINVAL;
		err = timeo ? unix_wait(&u->sk.wq, UNIX_READABLE, may_accept, u, &timeo) : -EAGAIN;
		if (err)
			return err;
	}
	if (wq_has_sleeper(&u->peer_wait))
		wake_up_interruptible(&u->peer_wait);
	spin_lock(&embryo->lock);
	newsock->ops = sock->ops;
	newsock->sk = &embryo->sk;
	newsock->state = SS_CONNECTED;
	embryo->sk.socket = newsock;
	spin_unlock(&embryo->lock);
	return 0;
}

static int unix_no_accept(struct socket *sock, struct socket *newsock, int flags)
{
	return -EOPNOTSUPP;
}

static int unix_shutdown(struct socket *sock, int how)
{
	struct unix_sock *u = unix_sk(sock->sk), *peer;
	unsigned char mine = how + 1, theirs = 0;	/* SHUT_RD 0: RCV_SHUTDOWN 1 ... */

	if (mine & RCV_SHUTDOWN)
		theirs |= SEND_SHUTDOWN;
	if (mine & SEND_SHUTDOWN)
		theirs |= RCV_SHUTDOWN;
	spin_lock(&u->lock);
	WRITE_ONCE(u->sk.shutdown, u->sk.shutdown | mine);
	peer = unix_is_dgram(u) ? NULL : u->peer;
	if (peer)
		sock_hold(&peer->sk);
	spin_unlock(&u->lock);
	unix_state_change(u);
	if (wq_has_sleeper(&u->peer_wait))
		wake_up_interruptible_all(&u->peer_wait);
	if (peer) {
		spin_lock(&peer->lock);
		WRITE_ONCE(peer->sk.shutdown, peer->sk.shutdown | theirs);
		spin_unlock(&peer->lock);
		unix_state_change(peer);
		sock_put(&peer->sk);
	}
	return 0;
}

/* ---- asking ---------------------------------------------------------------------------------- */

static __poll_t unix_poll(struct file *file, struct socket *sock, poll_table *table)
{
	struct unix_sock *u = unix_sk(sock->sk);
	unsigned char shutdown;
	__poll_t mask = 0;

	poll_wait(file, &u->sk.wq, table);
	shutdown = READ_ONCE(u->sk.shutdown);
	if (READ_ONCE(u->sk.err))
		mask |= EPOLLERR;
	if (shutdown == SHUTDOWN_MASK || READ_ONCE(u->state) == UNIX_CLOSED)
		mask |= EPOLLHUP;
	if (shutdown & RCV_SHUTDOWN)
		mask |= EPOLLRDHUP | UNIX_READABLE;
	if (!list_empty(&u->queue) || !list_empty(&u->accept_queue))
		mask |= UNIX_READABLE;
	if (unlikely(READ_ONCE(u->oob)))
		mask |= EPOLLPRI;
	if (unix_writable(u))
		mask |= UNIX_WRITABLE;
	return mask;
}

/* FIONREAD: bytes of a stream, or of the first datagram. */
static long bytes_to_read(struct unix_sock *u)
{
	struct unix_msg *m;
	long n = 0;

	if (READ_ONCE(u->state) == UNIX_LISTENING)
		return -EINVAL;
	spin_lock(&u->lock);
	list_for_each_entry(m, &u->queue, link) {
		n += m->len - m->off + (m == u->oob);
		if (u->sk.type != SOCK_STREAM)
			break;
	}
	spin_unlock(&u->lock);
	return n;
}

/* SIOCATMARK: is the urgent byte next? */
static bool at_mark(struct unix_sock *u)
{
	bool is;

	spin_lock(&u->lock);
	is = u->oob && list_first_entry_or_null(&u->queue, struct unix_msg, link) == u->oob;
	spin_unlock(&u->lock);
	return is;
}

static long unix_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct unix_sock *u = unix_sk(sock->sk);
	long n;

	switch (cmd) {
	case SIOCINQ:
		n = bytes_to_read(u);
		break;
	case SIOCOUTQ:
		n = atomic_read(&u->sk.wmem);
		break;
	case SIOCATMARK:
		n = at_mark(u);
		break;
	default:
		return -ENOTTY;
	}
	return n < 0 ? n : put_user((int)n, (int __user *)arg);
}

static void unix_show_fdinfo(struct seq_file *m, struct socket *sock)
{
	seq_printf(m, "scm_fds: %ld\n", READ_ONCE(unix_sk(sock->sk)->inflight));
}

const struct proto_ops unix_stream_ops = {
	.family		= AF_UNIX,
	.release	= unix_release,
	.bind		= unix_bind,
	.connect	= unix_stream_connect,
	.socketpair	= unix_socketpair,
	.accept		= unix_accept,
	.getname	= unix_getname,
	.poll		= unix_poll,
	.ioctl		= unix_ioctl,
	.listen		= unix_listen,
	.shutdown	= unix_shutdown,
	.sendmsg	= unix_stream_sendmsg,
	.recvmsg	= unix_stream_recvmsg,
	.show_fdinfo	= unix_show_fdinfo,
};

const struct proto_ops unix_seqpacket_ops = {
	.family		= AF_UNIX,
	.release	= unix_release,
	.bind		= unix_bind,
	.connect	= unix_stream_connect,
	.socketpair	= unix_socketpair,
	.accept		= unix_accept,
	.getname	= unix_getname,
	.poll		= unix_dgram_poll,
	.ioctl		= unix_ioctl,
	.listen		= unix_listen,
	.shutdown	= unix_shutdown,
	.sendmsg	= unix_seqpacket_sendmsg,
	.recvmsg	= unix_seqpacket_recvmsg,
	.show_fdinfo	= unix_show_fdinfo,
};

const struct proto_ops unix_dgram_ops = {
	.family		= AF_UNIX,
	.release	= unix_release,
	.bind		= unix_bind,
	.connect	= unix_dgram_connect,
	.socketpair	= unix_socketpair,
	.accept		= unix_no_accept,
	.getname	= unix_getname,
	.poll		= unix_dgram_poll,
	.ioctl		= unix_ioctl,
	.shutdown	= unix_shutdown,
	.sendmsg	= unix_dgram_sendmsg,
	.recvmsg	= unix_dgram_recvmsg,
	.show_fdinfo	= unix_show_fdinfo,
};

static const struct net_family unix_family = {
	.family		= AF_UNIX,
	.create		= unix_create,
};

void __init unix_init(void)
{
	unix_sock_cache = kmem_cache_create("UNIX", sizeof(struct unix_sock), 0, SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	unix_names_init();
	unix_list_init();
	sock_register(&unix_family);
}
