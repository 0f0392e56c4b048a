// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages of AF_UNIX: memory charged to the sender until the receiver has taken them, with credentials and
 * files attached.
 *
 * Locking: see unix.h. A message not on a queue belongs to whoever holds it.
 */
#include <net/unix/unix.h>

#include <kernel/lib/err.h>
#include <kernel/pid.h>
#include <mm/slab.h>

/* ---- memory ---------------------------------------------------------------------------------- */

static bool has_room(const struct unix_sock *u)
{
	return atomic_read(&u->sk.wmem) < READ_ONCE(u->sk.sndbuf);
}

static bool may_go_on_sending(struct unix_sock *u)
{
	return has_room(u) || READ_ONCE(u->sk.err) || (READ_ONCE(u->sk.shutdown) & SEND_SHUTDOWN);
}

struct unix_msg *unix_alloc_msg(struct unix_sock *u, size_t len, u64 *timeo)
{
	struct unix_msg *m;
	int err;

	for (;;) {
		err = sock_error(&u->sk);
		if (!err && (READ_ONCE(u->sk.shutdown) & SEND_SHUTDOWN))
			err = -EPIPE;
		if (err)
			return ERR_PTR(err);
		if (likely(has_room(u)))
			break;
		err = *timeo ? unix_wait(&u->sk.wq, UNIX_WRITABLE, may_go_on_sending, u, timeo) : -EAGAIN;
		if (err)
			return ERR_PTR(err);
	}
	m = kvmalloc(sizeof(*m) + len, GFP_KERNEL | __GFP_NORETRY);
	if (!m)
		return ERR_PTR(-ENOBUFS);
	m->sender = u;
	sock_hold(&u->sk);
	m->pid = NULL;
	m->has_creds = false;
	m->stamp = 0;
	m->fp = NULL;
	m->truesize = sizeof(*m) + len;
	m->len = len;
	m->off = 0;
	atomic_add(m->truesize, &u->sk.wmem);
	return m;
}

void unix_free_msg(struct unix_msg *m)
{
	struct unix_sock *u = m->sender;
	long charged;

	if (unlikely(m->fp)) {
		unix_notinflight(m->fp);
		scm_fp_free(m->fp);
	}
	if (unlikely(m->pid))
		put_pid(m->pid);
	charged = atomic_fetch_sub_relaxed(m->truesize, &u->sk.wmem);
	/* Told once, when it becomes writable: a sender that waits for an answer is not woken for nothing. */
	if (unlikely(charged * 4 > READ_ONCE(u->sk.sndbuf)) && unix_writable(u))
		sock_wake(&u->sk, UNIX_WRITABLE);
	sock_put(&u->sk);
	kvfree(m);
}

/* ---- what is attached ------------------------------------------------------------------------ */

/* Credentials travel if either side asked for them, or the sender gave some. */
void unix_want_creds(struct scm_cookie *scm, const struct unix_sock *from, const struct unix_sock *to)
{
	if (scm->has_creds)
		return;
	if (sock_option(&from->sk, SOCK_OPT_PASSCRED) || sock_option(&to->sk, SOCK_OPT_PASSCRED) || !to->sk.socket)
		scm_set_creds(scm);
}

int unix_attach(struct unix_msg *m, struct scm_cookie *scm, bool with_fds)
{
	int err;

	if (scm->has_creds) {
		m->pid = get_pid(scm->pid);
		m->uid = scm->uid;
		m->gid = scm->gid;
		m->has_creds = true;
	}
	if (!with_fds || !scm->fp)
		return 0;
	err = unix_inflight(scm->fp);
	if (err)
		return err;
	m->fp = scm->fp;
	scm->fp = NULL;
	return 0;
}

void unix_detach_fds(struct unix_msg *m, struct scm_cookie *scm)
{
	scm->fp = m->fp;
	m->fp = NULL;
	unix_notinflight(scm->fp);
}

/* Without memory for the copy, the files are just not shown. */
void unix_peek_fds(struct unix_msg *m, struct scm_cookie *scm)
{
	scm->fp = unix_dup_fds(m->fp);
}

void unix_copy_creds(const struct unix_msg *m, struct scm_cookie *scm)
{
	put_pid(scm->pid);
	scm->pid = get_pid(m->pid);
	scm->uid = m->uid;
	scm->gid = m->gid;
	scm->has_creds = m->has_creds;
}

/* ---- queues ---------------------------------------------------------------------------------- */

void unix_queue_msg(struct unix_sock *to, struct unix_msg *m)
{
	assert_held(&to->lock);
	list_add_tail(&m->link, &to->queue);
	WRITE_ONCE(to->queue_len, to->queue_len + 1);
}

void unix_unlink_msg(struct unix_sock *from, struct unix_msg *m)
{
	assert_held(&from->lock);
	list_del(&m->link);
	WRITE_ONCE(from->queue_len, from->queue_len - 1);
}
