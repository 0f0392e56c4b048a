/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * AF_UNIX: what its files share.
 *
 * Locks, in this order:
 *	bind_lock [b]	a socket gets its name (sleeping; not held while the file system makes the node)
 *	read_lock [r]	one reader at a time (sleeping)
 *	gc_lock [g]	the graph of sockets that are on their way inside messages
 *	bucket lock [h]	table of names, or [l] roll of all sockets
 *	u->lock [u]	state and queues; of two sockets the one with the lower address first
 *	wait queues
 * [I] immutable, [a] atomic.  A socket's peer is counted.  A connected stream's peer stays until the socket
 * itself is released, so whoever holds the socket's file may use it without [u].
 */
#pragma once

#include <kernel/locking/mutex.h>
#include <net/socket.h>

struct unix_address {
	refcount_t		refs;		/* [a] */
	int			len;		/* [I] */
	struct sockaddr_un	name;		/* [I] */
};

enum unix_state { UNIX_CLOSED, UNIX_LISTENING, UNIX_CONNECTED };

struct unix_sock {
	struct sock		sk;		/* first */
	spinlock_t		lock;
	enum unix_state		state;		/* [u] */
	struct unix_sock	*peer;		/* [u] reference */
	struct unix_address	*addr;		/* [b] set once; read any time */
	struct path		path;		/* [u] of a name in a file system; references */
	struct mutex		bind_lock, read_lock;
	struct list_head	queue;		/* [u] to add, [u] and [r] to remove: struct unix_msg */
	unsigned int		queue_len;	/* [u] */
	struct unix_msg		*oob;		/* [u] and [r] the urgent byte in the queue (MSG_OOB); or NULL */
	struct list_head	accept_queue;	/* [u] connections not yet accepted, by accept_link */
	struct list_head	accept_link;	/* [listener's u] */
	wait_queue_head_t	peer_wait;	/* who wants to send, or connect, to this one */
	struct wait_queue_entry	peer_wake;	/* [peer_wait.lock of ->private] pollers wait for the peer's queue */
	struct hlist_node	name_node;	/* [h] */
	unsigned int		bucket;		/* [h] */
	struct hlist_node	roll_node;	/* [l] */
	long			inflight;	/* [g] messages on their way that hold its file */
	struct list_head	gc_link;	/* [g] in the list of those with inflight > 0 */
	bool			gc_candidate, gc_alive;	/* [g] during a collection */
};

/* A datagram, or a piece of a stream. */
struct unix_msg {
	struct list_head	link;		/* [receiver's u] */
	struct unix_sock	*sender;	/* [I] reference; its wmem is charged */
	struct pid		*pid;		/* [I] reference, or NULL */
	uid_t			uid;		/* [I] */
	gid_t			gid;		/* [I] */
	bool			has_creds;	/* [I] */
	u64			stamp;		/* [I] when it was queued, ns of CLOCK_REALTIME; 0: nobody asked */
	struct scm_fp_list	*fp;		/* [r] files, counted as in flight; or NULL */
	unsigned int		truesize;	/* [I] */
	unsigned int		len;		/* [I]; of an urgent byte [u]: 0, 1 once it is ordinary data */
	unsigned int		off;		/* [r] bytes already taken (stream) */
	char			data[];
};

#define UNIX_MAX_DGRAM_QLEN	10	/* net.unix.max_dgram_qlen at first */
#define UNIX_READABLE		(EPOLLIN | EPOLLRDNORM)
#define UNIX_WRITABLE		(EPOLLOUT | EPOLLWRNORM | EPOLLWRBAND)

static inline struct unix_sock *unix_sk(const struct sock *sk)
{
	return (struct unix_sock *)sk;
}
static inline bool unix_is_dgram(const struct unix_sock *u)
{
	return u->sk.type == SOCK_DGRAM;
}
/* The wait queues' state may be asked without a lock. */
static inline bool unix_writable(const struct unix_sock *u)
{
	return (long)atomic_read(&u->sk.wmem) * 4 <= READ_ONCE(u->sk.sndbuf);
}
static inline bool unix_recvq_full(const struct unix_sock *u)
{
	return READ_ONCE(u->queue_len) > READ_ONCE(u->sk.max_backlog);
}

extern const struct proto_ops unix_stream_ops, unix_dgram_ops, unix_seqpacket_ops;
void unix_init(void);

/* af_unix.c */
/* On the roll at once: it goes through unix_release_sock(). NULL: no memory. */
struct unix_sock *unix_create1(struct net *net, struct socket *sock, int type);
void unix_release_sock(struct unix_sock *u, bool embryo);
void unix_lock_two(struct unix_sock *a, struct unix_sock *b);
void unix_unlock_two(struct unix_sock *a, struct unix_sock *b);
/* Sleep on @wq until @ready(u): 0, -EAGAIN when the time is up, or what a signal makes of it. Only wake-ups for
 * @events, errors and hang-ups count. */
int unix_wait(wait_queue_head_t *wq, __poll_t events, bool (*ready)(struct unix_sock *u), struct unix_sock *u,
	      u64 *timeo);
void unix_state_change(struct unix_sock *u);	/* wake everybody who waits on it */

/* name.c */
int unix_check_addr(const struct sockaddr_storage *addr, int len);	/* -EINVAL */
int unix_bind(struct socket *sock, struct sockaddr_storage *addr, int len);
int unix_autobind(struct unix_sock *u);
/* Whom @addr names for @from, with a reference. ERR_PTR(-ECONNREFUSED, -EPROTOTYPE, -ENOENT, -EACCES ...). */
struct unix_sock *unix_find_other(const struct unix_sock *from, struct sockaddr_storage *addr, int len);
void unix_unhash(struct unix_sock *u);
void unix_copy_addr(struct msghdr *msg, const struct unix_sock *from);
int unix_getname(struct socket *sock, struct sockaddr_storage *addr, bool peer);
void unix_put_address(struct unix_address *addr);
void unix_names_init(void);

/* proc.c */
void unix_list_init(void);
void unix_list_add(struct unix_sock *u);
void unix_list_del(struct unix_sock *u);
void unix_proc_init(void);		/* boot, after proc_init() */

/* message.c */
/* Waits for room in the send buffer. ERR_PTR(-EAGAIN, -EPIPE ...). */
struct unix_msg *unix_alloc_msg(struct unix_sock *u, size_t len, u64 *timeo);
void unix_free_msg(struct unix_msg *m);
/* Moves what is in @scm into the message: it is in flight from now on. -ETOOMANYREFS, -ENOMEM. */
int unix_attach(struct unix_msg *m, struct scm_cookie *scm, bool with_fds);
void unix_want_creds(struct scm_cookie *scm, const struct unix_sock *from, const struct unix_sock *to);
/* Files and credentials go to the receiver; with @peek, copies. */
void unix_detach_fds(struct unix_msg *m, struct scm_cookie *scm);
void unix_peek_fds(struct unix_msg *m, struct scm_cookie *scm);
void unix_copy_creds(const struct unix_msg *m, struct scm_cookie *scm);
/* [u] held. */
void unix_queue_msg(struct unix_sock *to, struct unix_msg *m);
void unix_unlink_msg(struct unix_sock *from, struct unix_msg *m);

/* garbage.c */
int unix_inflight(struct scm_fp_list *fp);	/* -ETOOMANYREFS */
void unix_notinflight(struct scm_fp_list *fp);
/* A copy with references of its own; not in flight. NULL: no memory. */
struct scm_fp_list *unix_dup_fds(const struct scm_fp_list *fp);
bool unix_gc_wanted(void);
void unix_gc(void);				/* may sleep */

/* stream.c, dgram.c */
ssize_t unix_stream_sendmsg(struct socket *sock, struct msghdr *msg, size_t size);
ssize_t unix_stream_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned int flags);
ssize_t unix_dgram_sendmsg(struct socket *sock, struct msghdr *msg, size_t size);
ssize_t unix_dgram_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned int flags);
ssize_t unix_seqpacket_sendmsg(struct socket *sock, struct msghdr *msg, size_t size);
ssize_t unix_seqpacket_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, unsigned int flags);
int unix_dgram_connect(struct socket *sock, struct sockaddr_storage *addr, int len, int flags);
__poll_t unix_dgram_poll(struct file *file, struct socket *sock, struct poll_table_struct *table);
/* Stop waiting for @peer's queue on behalf of @u's pollers. */
void unix_peer_wake_disconnect(struct unix_sock *u, struct unix_sock *peer);
void unix_peer_wake_init(struct unix_sock *u);

/*
 * Will no more come?  What was sent before the end may have come since the caller found the queue empty: after
 * "true" it looks again.
 */
static inline bool unix_has_ended(const struct unix_sock *u)
{
	if (likely(!READ_ONCE(u->sk.err) && !(READ_ONCE(u->sk.shutdown) & RCV_SHUTDOWN)))
		return false;
	smp_rmb();	/* pairs with the lock under which a sender queues, and later closes */
	return true;
}
