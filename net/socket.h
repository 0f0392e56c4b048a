/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sockets: the object behind a descriptor, what a protocol family has to provide, and the helpers they share.
 *
 * struct socket lives in a sockfs inode, as long as its file.  struct sock is the protocol's end: it is counted
 * and may outlive the socket (messages on their way, a connection not yet accepted).  A family registers how
 * to make a socket; its proto_ops do the rest.
 *
 * Locks:  [I] immutable   [a] atomic   [k] the protocol's lock of this sock   [w] wq.lock
 */
#pragma once

#include <fs/fasync.h>
#include <fs/vfs.h>
#include <kernel/lib/refcount.h>
#include <kernel/sched/wait.h>
#include <net/uapi.h>

struct cred;
struct net;
struct pid;
struct poll_table_struct;
struct sock;
struct socket;

/* A message being sent or received. Addresses are in kernel memory, control data is on the user's side. */
struct msghdr {
	struct sockaddr_storage	*name;		/* NULL: none wanted or given */
	int			namelen;
	struct iov_iter		*iter;
	unsigned int		flags;		/* MSG_*: of the call; out: MSG_TRUNC, MSG_CTRUNC, MSG_EOR */
	void			*control;	/* sending: the user's control data, copied */
	void __user		*control_user;	/* receiving: where the next control message goes */
	size_t			controllen;	/* bytes of either */
};

/* Addresses have been copied in; sendmsg and recvmsg return bytes or -errno. All may sleep. */
struct proto_ops {
	int	family;
	int	(*release)(struct socket *sock);
	int	(*bind)(struct socket *sock, struct sockaddr_storage *addr, int len);
	int	(*connect)(struct socket *sock, struct sockaddr_storage *addr, int len, int flags);
	int	(*socketpair)(struct socket *a, struct socket *b);
	int	(*accept)(struct socket *sock, struct socket *newsock, int flags);
	int	(*getname)(struct socket *sock, struct sockaddr_storage *addr, bool peer); /* length or -errno */
	__poll_t (*poll)(struct file *file, struct socket *sock, struct poll_table_struct *table);
	long	(*ioctl)(struct socket *sock, unsigned int cmd, unsigned long arg);	/* NULL: -ENOTTY */
	int	(*listen)(struct socket *sock, int backlog);
	int	(*shutdown)(struct socket *sock, int how);			/* SHUT_* */
	/* NULL: -ENOPROTOOPT */
	int	(*setsockopt)(struct socket *sock, int level, int name, char __user *val, int len);
	int	(*getsockopt)(struct socket *sock, int level, int name, char __user *val, int __user *len);
	ssize_t	(*sendmsg)(struct socket *sock, struct msghdr *msg, size_t size);
	ssize_t	(*recvmsg)(struct socket *sock, struct msghdr *msg, size_t size, unsigned int flags);
	void	(*show_fdinfo)(struct seq_file *m, struct socket *sock);	/* NULL: nothing */
};

struct socket {
	int			state;		/* [k] SS_* */
	short			type;		/* [I] SOCK_* */
	struct file		*file;		/* [I] once it has one; not counted */
	struct sock		*sk;		/* [I] until release; NULL afterwards */
	const struct proto_ops	*ops;		/* [I] */
};

#define RCV_SHUTDOWN	1
#define SEND_SHUTDOWN	2
#define SHUTDOWN_MASK	3

/* The boolean options of SOL_SOCKET that are only remembered, as bits of sk->options. */
enum sock_option { SOCK_OPT_DEBUG, SOCK_OPT_REUSEADDR, SOCK_OPT_DONTROUTE, SOCK_OPT_BROADCAST, SOCK_OPT_KEEPALIVE,
		   SOCK_OPT_OOBINLINE, SOCK_OPT_REUSEPORT, SOCK_OPT_PASSCRED,
		   SOCK_OPT_TIMESTAMP,			/* messages get a time stamp: */
		   SOCK_OPT_TIMESTAMPNS,		/* in ns, not us */
		   SOCK_OPT_TIMESTAMP_NEW,		/* with 64 bits on all machines */
		   SOCK_OPT_NO_CHECK, SOCK_OPT_PASSSEC, SOCK_OPT_RXQ_OVFL, SOCK_OPT_WIFI_STATUS, SOCK_OPT_NOFCS,
		   SOCK_OPT_SELECT_ERR_QUEUE, SOCK_OPT_PREFER_BUSY_POLL, SOCK_OPT_RCVMARK };

/* The numeric ones that are only remembered: indices of sk->numbers. */
enum sock_number { SOCK_NUM_BUSY_POLL, SOCK_NUM_BUSY_BUDGET, SOCK_NUM_PACING, SOCK_NUM_INCOMING_CPU,
		   SOCK_NUM_BOUND_IF, SOCK_NUM_TXREHASH, SOCK_NUM_BUF_LOCK, SOCK_NUM_TIMESTAMPING, SOCK_NUMBERS };

struct sock {
	refcount_t		refs;		/* [a] */
	unsigned short		family, type, protocol; /* [I] */
	struct net		*net;		/* [I] reference */
	bool			dead;		/* [k] its socket was closed */
	bool			listening;	/* [k] */
	unsigned char		shutdown;	/* [k] RCV_SHUTDOWN, SEND_SHUTDOWN */
	int			err;		/* [a] pending error, positive; reported once */
	unsigned long		options;	/* [a] 1 << SOCK_OPT_* */
	int			sndbuf, rcvbuf, rcvlowat; /* bytes */
	u64			rcvtimeo, sndtimeo; /* ns; MAX_SCHEDULE_TIMEOUT_NS: none */
	struct linger		linger;
	int			priority, mark;
	int			numbers[SOCK_NUMBERS];
	u64			cookie;		/* [a] SO_COOKIE; 0: not asked for yet */
	atomic_t		wmem;		/* [a] bytes sent and not yet received */
	unsigned int		backlog, max_backlog; /* [k] of a listener */
	struct pid		*peer_pid;	/* [k] SO_PEERCRED; reference */
	const struct cred	*peer_cred;	/* [k] reference */
	wait_queue_head_t	wq;		/* who reads, writes, polls */
	struct fasync_queue	fasync;		/* O_ASYNC */
	struct socket		*socket;	/* [k] NULL: not accepted yet, or closed */
	void			(*destruct)(struct sock *sk); /* [I] frees it: the last reference went */
};

/* ---- families -------------------------------------------------------------------------------- */
struct net_family {
	int	family;
	/* Gives @sock its ops and sk. -ESOCKTNOSUPPORT, -EPROTONOSUPPORT ... */
	int	(*create)(struct socket *sock, int protocol);
};
extern const struct net_family netlink_family;
void sock_register(const struct net_family *family);	/* boot */
void sock_init(void);					/* boot, may sleep: sockfs and the families */

/* ---- sockets: socket.c ----------------------------------------------------------------------- */
struct socket *sock_alloc(void);			/* NULL: no memory */
void sock_release(struct socket *sock);			/* one that never got a file */
int sock_create(int family, int type, int protocol, struct socket **res);
/* Its file; on failure the socket is released. ERR_PTR. */
struct file *sock_alloc_file(struct socket *sock, int flags);
struct socket *sock_from_file(const struct file *file);	/* NULL: not a socket */
struct inode *sock_inode(struct socket *sock);
ssize_t sock_sendmsg(struct socket *sock, struct msghdr *msg);
ssize_t sock_recvmsg(struct socket *sock, struct msghdr *msg, unsigned int flags);

/* ---- the protocol's end: sock.c -------------------------------------------------------------- */
/* It is in @net, and its destruct() puts that. */
void sock_init_data(struct sock *sk, struct socket *sock, struct net *net);
static inline struct sock *sock_hold(struct sock *sk)
{
	refcount_inc(&sk->refs);
	return sk;
}
static inline void sock_put(struct sock *sk)
{
	if (refcount_dec_and_test(&sk->refs))
		sk->destruct(sk);
}
static inline bool sock_option(const struct sock *sk, enum sock_option option)
{
	return READ_ONCE(sk->options) & (1UL << option);
}
/* Does the receiver @sk want to know when a message came? put_stamp() tells it. */
static inline bool sock_wants_stamp(const struct sock *sk)
{
	return sock_option(sk, SOCK_OPT_TIMESTAMP);
}
/* The pending error as -errno, cleared; or 0. */
static inline int sock_error(struct sock *sk)
{
	return likely(!READ_ONCE(sk->err)) ? 0 : -__atomic_exchange_n(&sk->err, 0, __ATOMIC_RELAXED);
}
static inline u64 sock_rcvtimeo(const struct sock *sk, bool nowait)
{
	return nowait ? 0 : READ_ONCE(sk->rcvtimeo);
}
static inline u64 sock_sndtimeo(const struct sock *sk, bool nowait)
{
	return nowait ? 0 : READ_ONCE(sk->sndtimeo);
}
static inline int sock_rcvlowat(const struct sock *sk, bool waitall, size_t len)
{
	size_t low = waitall ? len : min_t(size_t, READ_ONCE(sk->rcvlowat), len);

	return low ? low : 1;
}
/* A signal ended a wait: calls with a time limit are not restarted. */
static inline int sock_intr_errno(u64 timeo)
{
	return timeo == MAX_SCHEDULE_TIMEOUT_NS ? -ERESTARTSYS : -EINTR;
}
void sock_set_peercred(struct sock *sk, struct pid *pid, const struct cred *cred); /* takes references over; [k] */
void sock_wake(struct sock *sk, __poll_t events);	/* may sleep, if somebody wants SIGIO */
int sock_setsockopt(struct socket *sock, int level, int name, char __user *val, int len);
int sock_getsockopt(struct socket *sock, int level, int name, char __user *val, int __user *len);

/* ---- control messages: scm.c ----------------------------------------------------------------- */
#define SCM_MAX_FD	253

struct scm_fp_list {
	unsigned int		count;
	struct user_struct	*user;		/* who sent them */
	struct file		*fp[SCM_MAX_FD];
};
struct scm_cookie {
	struct pid		*pid;		/* reference, or NULL */
	uid_t			uid;
	gid_t			gid;
	bool			has_creds;
	struct scm_fp_list	*fp;		/* or NULL */
};

/* What the sender attached: -EINVAL, -EBADF, -EPERM ... Undone by scm_destroy(). */
int scm_send(struct msghdr *msg, struct scm_cookie *scm);
void scm_set_creds(struct scm_cookie *scm);		/* current's */
void scm_destroy(struct scm_cookie *scm);
struct scm_fp_list *scm_fp_dup(const struct scm_fp_list *fp);	/* NULL: no memory */
void scm_fp_free(struct scm_fp_list *fp);		/* drops the files */
/* Give all of it to the receiver; what does not fit sets MSG_CTRUNC. Ends with scm_destroy(). */
void scm_recv(struct sock *sk, struct msghdr *msg, struct scm_cookie *scm, unsigned int flags);
/* Append a control message for the user. */
/* The form of time stamp that @sk chose; @when: ns of CLOCK_REALTIME, 0: now. */
void put_stamp(struct msghdr *msg, const struct sock *sk, u64 when);
void put_cmsg(struct msghdr *msg, int level, int type, const void *data, size_t len);

/* ---- netlink/note.c: a message from the kernel, made now and sent later ---- */
struct netlink_note;
/* @len bytes for the netlink socket @file. ERR_PTR: -ENOTSOCK, -EINVAL for other sockets, -ENOMEM. */
struct netlink_note *netlink_note_alloc(struct file *file, const void *data, unsigned int len);
/* With @last as its last byte; the note is gone then. NULL: nothing to send. May sleep, as may the next one. */
void netlink_note_send(struct netlink_note *n, char last);
void netlink_note_free(struct netlink_note *n);		/* NULL: nothing */
