// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files on their way inside messages, and those among them that nobody can ever receive.
 *
 * A socket whose every reference is in messages can only be reached through the queues of other sockets.  If
 * those are in the same position, the whole cycle is garbage.  The collector takes as candidates all sockets
 * without a reference from outside, discounts the references that come out of candidates' own queues, and
 * gives back to life whatever still has one left, with all it leads to.  The messages of the rest are dropped.
 *
 * Locking: gc_lock for the counts and the graph; queues are looked at under the sockets' own locks inside it.  A
 * file counts as in flight from before its message is queued until after it was taken off, so that a message
 * that is just changing hands keeps its files alive.
 */
#include <net/unix/unix.h>

#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/list.h>
#include <kernel/signal.h>

static DEFINE_SPINLOCK_RANK(gc_lock, LOCK_RANK_FUTEX);
static LIST_HEAD(inflight_list);		/* gc_lock: by gc_link */
static atomic_t total_inflight = ATOMIC_INIT(0);	/* sockets, not files */
static DEFINE_MUTEX_RANK(collector, LOCK_RANK_SETUP);	/* one at a time */

/* The AF_UNIX socket behind @file, or NULL. */
static struct unix_sock *unix_of(const struct file *file)
{
	const struct socket *sock = sock_from_file(file);

	return sock && sock->ops && sock->ops->family == AF_UNIX ? unix_sk(sock->sk) : NULL;
}

/* ---- counting -------------------------------------------------------------------------------- */

static void count_file(struct unix_sock *u, long n)
{
	if (!u->inflight)
		list_add_tail(&u->gc_link, &inflight_list);
	u->inflight += n;
	if (!u->inflight)
		list_del_init(&u->gc_link);
}

static bool too_many(const struct user_struct *user, unsigned int more)
{
	return (unsigned long)atomic_read(&user->unix_inflight) + more > rlimit(RLIMIT_NOFILE) &&
	       !capable(CAP_SYS_RESOURCE) && !capable(CAP_SYS_ADMIN);
}

int unix_inflight(struct scm_fp_list *fp)
{
	unsigned int i;

	if (too_many(fp->user, fp->count))
		return -ETOOMANYREFS;
	spin_lock(&gc_lock);
	for (i = 0; i < fp->count; i++) {
		struct unix_sock *u = unix_of(fp->fp[i]);

		if (u) {
			count_file(u, 1);
			atomic_inc(&total_inflight);
		}
	}
	spin_unlock(&gc_lock);
	atomic_add(fp->count, &fp->user->unix_inflight);
	return 0;
}

void unix_notinflight(struct scm_fp_list *fp)
{
	unsigned int i;

	spin_lock(&gc_lock);
	for (i = 0; i < fp->count; i++) {
		struct unix_sock *u = unix_of(fp->fp[i]);

		if (u) {
			count_file(u, -1);
			atomic_dec(&total_inflight);
		}
	}
	spin_unlock(&gc_lock);
	atomic_sub(fp->count, &fp->user->unix_inflight);
}

/* Not while the collector compares counts: the new references would look like none. */
struct scm_fp_list *unix_dup_fds(const struct scm_fp_list *fp)
{
	struct scm_fp_list *copy = scm_fp_dup(fp);

	spin_lock(&gc_lock);
	spin_unlock(&gc_lock);
	return copy;
}

/* ---- collecting: gc_lock held ---------------------------------------------------------------- */

typedef void (*visit_fn)(struct unix_sock *u, struct list_head *work);

static void visit_files(const struct scm_fp_list *fp, visit_fn visit, struct list_head *work)
{
	unsigned int i;

	for (i = 0; i < fp->count; i++) {
		struct unix_sock *u = unix_of(fp->fp[i]);

		if (u && u->gc_candidate)
			visit(u, work);
	}
}

static void visit_queue(struct unix_sock *u, visit_fn visit, struct list_head *work)
{
	struct unix_msg *m;

	list_for_each_entry(m, &u->queue, link)
		if (m->fp)
			visit_files(m->fp, visit, work);
}

/* Every candidate that a message in @u's queue, or in one of its unaccepted connections', holds. */
static void visit_children(struct unix_sock *u, visit_fn visit, struct list_head *work)
{
	struct unix_sock *embryo;

	spin_lock(&u->lock);
	visit_queue(u, visit, work);
	list_for_each_entry(embryo, &u->accept_queue, accept_link) {
		spin_lock_nested(&embryo->lock);	/* nobody locks an embryo first and its listener then */
		visit_queue(embryo, visit, work);
		spin_unlock(&embryo->lock);
	}
	spin_unlock(&u->lock);
}

static void discount(struct unix_sock *u, struct list_head *work)
{
	u->inflight--;
}

static void count_again(struct unix_sock *u, struct list_head *work)
{
	u->inflight++;
}

/* What holds @u can be reached: so can @u, and its children are to be visited, too. */
static void revive(struct unix_sock *u, struct list_head *work)
{
	u->inflight++;
	if (!u->gc_alive) {
		u->gc_alive = true;
		list_move_tail(&u->gc_link, work);
	}
}

/* Those whose references are all in messages. */
static void find_candidates(struct list_head *candidates)
{
	struct unix_sock *u, *next;

	list_for_each_entry_safe(u, next, &inflight_list, gc_link) {
		/* In flight, so its file is alive, and so is the socket. */
		if (atomic_long_read(&u->sk.socket->file->f_count) == u->inflight) {
			u->gc_candidate = true;
			list_move_tail(&u->gc_link, candidates);
		}
	}
}

/* Move what is reachable from outside out of @candidates; the counts of what stays are left discounted. */
static void sift(struct list_head *candidates, struct list_head *alive)
{
	struct unix_sock *u, *next;

	list_for_each_entry(u, candidates, gc_link)
		visit_children(u, discount, NULL);
	list_for_each_entry_safe(u, next, candidates, gc_link) {
		if (u->inflight > 0) {
			u->gc_alive = true;
			list_move_tail(&u->gc_link, alive);
		}
	}
	/* The list grows while it is walked: revived ones come at its end. */
	list_for_each_entry(u, alive, gc_link)
		visit_children(u, revive, alive);
}

static void take_messages(struct unix_sock *u, struct list_head *dropped)
{
	struct unix_msg *m, *next;

	list_for_each_entry_safe(m, next, &u->queue, link) {
		if (m->fp) {
			unix_unlink_msg(u, m);
			list_add_tail(&m->link, dropped);
		}
	}
}

/* The messages with files in the queues of garbage. */
static void collect_messages(struct list_head *garbage, struct list_head *dropped)
{
	struct unix_sock *u, *embryo;

	list_for_each_entry(u, garbage, gc_link) {
		spin_lock(&u->lock);
		take_messages(u, dropped);
		list_for_each_entry(embryo, &u->accept_queue, accept_link) {
			spin_lock_nested(&embryo->lock);	/* as in visit_children() */
			take_messages(embryo, dropped);
			spin_unlock(&embryo->lock);
		}
		spin_unlock(&u->lock);
	}
}

static void mark_and_sweep(struct list_head *dropped)
{
	LIST_HEAD(candidates);
	LIST_HEAD(alive);
	struct unix_sock *u;

	find_candidates(&candidates);
	sift(&candidates, &alive);
	/* Counts are made right again while the messages are still queued; freeing takes them down. */
	list_for_each_entry(u, &candidates, gc_link)
		visit_children(u, count_again, NULL);
	collect_messages(&candidates, dropped);
	list_for_each_entry(u, &candidates, gc_link)
		u->gc_candidate = false;
	list_for_each_entry(u, &alive, gc_link)
		u->gc_candidate = u->gc_alive = false;
	list_splice(&candidates, &inflight_list);
	list_splice(&alive, &inflight_list);
}

bool unix_gc_wanted(void)
{
	return atomic_read(&total_inflight) > 0;
}

void unix_gc(void)
{
	LIST_HEAD(dropped);
	struct unix_msg *m, *next;

	if (!mutex_trylock(&collector))		/* somebody is at it: what we left is for the next */
		return;
	spin_lock(&gc_lock);
	mark_and_sweep(&dropped);
	spin_unlock(&gc_lock);
	list_for_each_entry_safe(m, next, &dropped, link)
		unix_free_msg(m);		/* their fput()s are deferred: no recursion */
	mutex_unlock(&collector);
}
