// SPDX-License-Identifier: GPL-2.0-only
/*
 * Priority-inheriting futexes: locks whose owner runs with the priority of its first waiter.
 *
 * The user word holds the owner's TID; FUTEX_WAITERS in it sends the owner here to unlock.  As long
 * as somebody waits there is a struct futex_pi_state that knows the owner and the waiters, best
 * priority first.  Unlocking hands the lock over: the unlocker writes the next owner's TID.  When
 * the owner dies or execs, the next owner writes the word itself, in settle(); until then it is
 * "unsettled".  A state lives while it has waiters or is unsettled, so always within a call of one
 * who holds the key.
 *
 * Who waits for whom is one graph over all tasks, walked to lend priorities and to find deadlocks:
 * one lock, pi_graph_lock, protects all of it, and serializes the kernel's changes of the words.
 * Only contended operations come here.  [g] marks what it protects.
 */
#include <kernel/futex_internal.h>

#include <kernel/futex.h>
#include <kernel/lib/err.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define PI_HASH_BITS	6
#define PI_MAX_CHAIN	1024	/* owners who wait for owners; Linux' limit, too */

struct futex_pi_state {
	struct list_head	hash;		/* [g] in states[] */
	struct list_head	owned;		/* [g] in owner->pi_state_list */
	struct list_head	waiters;	/* [g] of pi_waiters, best first, equals by age */
	struct task_struct	*owner;		/* [g] no reference: its exit empties its list */
	u32			owner_tid;	/* [g] what the word says unless unsettled */
	bool			unsettled;	/* [g] the owner has still to write the word */
	struct futex_key	key;		/* [I] */
};

struct pi_waiter {
	struct list_head	list;		/* [g] in state->waiters */
	struct task_struct	*task;		/* [I] */
	u32			tid;		/* [I] as its user knows it */
	int			prio;		/* [g] which place in the list it has */
	struct futex_pi_state	*state;		/* [g] waited for; after granted: to be settled */
	bool			granted;	/* [g] it owns the lock; also read without */
	const struct futex_key	*target;	/* [I] FUTEX_WAIT_REQUEUE_PI: the lock */
};

/* One attempt to lock a word, for current or (requeue) for others. */
struct pi_request {
	u32 __user		*uaddr;
	struct futex_key	key;
	struct futex_pi_state	*spare;		/* allocated outside the lock; NULL once used */
	u32			val;		/* what the word was before we took the lock */
	struct task_struct	*owner;		/* whom it named, a reference; NULL: not found */
};

/* What comes of an attempt, besides errors. */
enum { PI_TAKEN = 0, PI_BUSY = 1, PI_RETRY = 2 };

static DEFINE_SPINLOCK_RANK(pi_graph_lock, LOCK_RANK_FUTEX_PI);
static struct list_head states[1 << PI_HASH_BITS];	/* [g] */

void futex_pi_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		INIT_LIST_HEAD(&states[i]);
}

static struct pi_waiter current_waiter(void)
{
	return (struct pi_waiter){ .task = current, .tid = task_pid_vnr(current) };
}

/* ---- priorities; pi_graph_lock held ---------------------------------------------------------- */

/* Only real-time priorities are lent: fair waiters are equals. */
static int waiter_prio(const struct task_struct *t)
{
	int prio = READ_ONCE(t->prio);

	return prio < MAX_RT_PRIO ? prio : MAX_PRIO;
}

static struct pi_waiter *first_waiter(struct futex_pi_state *s)
{
	return list_first_entry_or_null(&s->waiters, struct pi_waiter, list);
}

static void insert_waiter(struct futex_pi_state *s, struct pi_waiter *w)
{
	struct pi_waiter *pos;

	w->prio = waiter_prio(w->task);
	list_for_each_entry(pos, &s->waiters, list)
		if (w->prio < pos->prio)
			break;
	list_add_tail(&w->list, &pos->list);	/* before pos, or at the end */
}

static int lent_prio(const struct task_struct *t)
{
	struct futex_pi_state *s;
	int prio = MAX_PRIO;

	list_for_each_entry(s, &t->pi_state_list, owned)
		if (!list_empty(&s->waiters))
			prio = min(prio, first_waiter(s)->prio);
	return prio;
}

/* The waiters of @t's locks changed: so does its priority, its place where it waits, and so on. */
static void reprioritise(struct task_struct *t)
{
	struct pi_waiter *w;
	int depth, prio;

	for (depth = 0; depth < PI_MAX_CHAIN; depth++) {
		prio = lent_prio(t);
		if (prio == t->pi_prio)
			return;
		sched_set_pi_prio(t, prio);
		w = t->pi_blocked_on;
		if (!w || w->prio == waiter_prio(t))
			return;
		list_del(&w->list);
		insert_waiter(w->state, w);
		t = w->state->owner;
	}
}

void futex_pi_prio_changed(struct task_struct *t)
{
	struct pi_waiter *w;

	smp_mb();	/* the priority before the look; queue_waiter() the other way round */
	if (!READ_ONCE(t->pi_blocked_on))
		return;
	spin_lock(&pi_graph_lock);
	w = t->pi_blocked_on;
	if (w && w->prio != waiter_prio(t)) {
		list_del(&w->list);
		insert_waiter(w->state, w);
		reprioritise(w->state->owner);
	}
	spin_unlock(&pi_graph_lock);
}

/* Does @owner wait, through however many others, for @t? */
static bool would_deadlock(const struct task_struct *owner, const struct task_struct *t)
{
	int depth;

	for (depth = 0; depth < PI_MAX_CHAIN; depth++) {
		if (owner == t)
			return true;
		if (!owner->pi_blocked_on)
			return false;
		owner = owner->pi_blocked_on->state->owner;
	}
	return true;
}

/* ---- states; pi_graph_lock held -------------------------------------------------------------- */

static struct futex_pi_state *find_state(const struct futex_key *key)
{
	struct futex_pi_state *s;

	list_for_each_entry(s, &states[futex_key_hash(key, PI_HASH_BITS)], hash)
		if (futex_key_equal(&s->key, key))
			return s;
	return NULL;
}

static struct futex_pi_state *new_state(struct pi_request *rq)
{
	struct futex_pi_state *s = rq->spare;

	rq->spare = NULL;
	s->key = rq->key;
	s->owner = rq->owner;
	s->owner_tid = rq->val & FUTEX_TID_MASK;
	s->unsettled = false;
	INIT_LIST_HEAD(&s->waiters);
	list_add(&s->hash, &states[futex_key_hash(&s->key, PI_HASH_BITS)]);
	list_add(&s->owned, &s->owner->pi_state_list);
	return s;
}

/*
 * futex_pi_release() of a task that owns nothing takes no lock.  Either it sees the state that was
 * just made, or this sees that it has gone by; then look again at the word.
 */
static bool owner_has_left(struct pi_request *rq, struct futex_pi_state *s)
{
	smp_mb();
	if (likely(!READ_ONCE(s->owner->futex_exited)))
		return false;
	list_del(&s->hash);
	list_del(&s->owned);
	rq->spare = s;
	return true;
}

static void drop_if_unused(struct futex_pi_state *s)
{
	if (s->unsettled || !list_empty(&s->waiters))
		return;
	list_del(&s->hash);
	list_del(&s->owned);
	kfree(s);
}

/* The first waiter becomes the owner. The caller calls reprioritise() for the owner of before. */
static void grant(struct futex_pi_state *s, bool unsettled)
{
	struct pi_waiter *w = first_waiter(s);
	struct task_struct *t = get_task_struct(w->task);

	list_del(&w->list);
	t->pi_blocked_on = NULL;
	s->owner = t;
	s->owner_tid = w->tid;
	s->unsettled = unsettled;
	list_move(&s->owned, &t->pi_state_list);
	w->state = unsettled ? s : NULL;
	drop_if_unused(s);
	reprioritise(t);
	smp_store_release(&w->granted, true);	/* from here on w may be gone */
	wake_up_process(t);
	put_task_struct(t);
}

/* Give up waiting. */
static void leave(struct pi_waiter *w)
{
	struct futex_pi_state *s = w->state;
	struct task_struct *owner = s->owner;

	list_del(&w->list);
	w->task->pi_blocked_on = NULL;
	drop_if_unused(s);
	reprioritise(owner);
}

/* @s: NULL if there is none yet. */
static int queue_waiter(struct pi_request *rq, struct futex_pi_state *s, struct pi_waiter *w)
{
	if (would_deadlock(s ? s->owner : rq->owner, w->task))
		return -EDEADLK;
	if (!s) {
		s = new_state(rq);
		if (owner_has_left(rq, s))
			return PI_RETRY;
	}
	w->state = s;
	WRITE_ONCE(w->task->pi_blocked_on, w);
	smp_mb();	/* see futex_pi_prio_changed() */
	insert_waiter(s, w);
	reprioritise(s->owner);
	return 0;
}

/* ---- one attempt to lock --------------------------------------------------------------------- */

static int request_init(struct pi_request *rq, u32 __user *uaddr, bool private)
{
	int err = futex_get_key(uaddr, private, &rq->key);

	if (err)
		return err;
	rq->uaddr = uaddr;
	rq->owner = NULL;
	rq->spare = kmalloc(sizeof(*rq->spare), GFP_KERNEL);
	if (rq->spare)
		return 0;
	futex_put_key(&rq->key);
	return -ENOMEM;
}

static void request_set_owner(struct pi_request *rq, struct task_struct *owner)
{
	if (rq->owner)
		put_task_struct(rq->owner);
	rq->owner = owner;
}

static void request_end(struct pi_request *rq)
{
	request_set_owner(rq, NULL);
	kfree(rq->spare);
	futex_put_key(&rq->key);
}

/* See what the word says and whom it means: tasks cannot be looked up under the lock. */
static int request_look(struct pi_request *rq)
{
	u32 tid;

	if (get_user(rq->val, rq->uaddr))
		return -EFAULT;
	tid = rq->val & FUTEX_TID_MASK;
	request_set_owner(rq, tid ? find_get_task_by_vpid(tid) : NULL);
	return 0;
}

/* After an attempt that gave @ret: is another one due? PI_RETRY: yes. */
static int request_again(struct pi_request *rq, int ret)
{
	if (ret == -EFAULT)
		ret = futex_fault_in_writable(rq->uaddr) ?: PI_RETRY;
	if (ret != PI_RETRY)
		return ret;
	if (signal_pending(current))
		return -ERESTARTNOINTR;
	cond_resched();
	return PI_RETRY;
}

static int replace_word(u32 __user *uaddr, u32 val, u32 new)
{
	u32 old;
	int err = futex_cmpxchg_atomic(uaddr, val, new, &old);

	return err ?: old == val ? 0 : PI_RETRY;
}

/* Does the word go with what we know? */
static int check_state(const struct futex_pi_state *s, u32 val)
{
	u32 tid = val & FUTEX_TID_MASK;

	if (s->unsettled || (READ_ONCE(s->owner->flags) & PF_EXITING))
		return 0;
	if ((val & FUTEX_OWNER_DIED) && !tid)
		return 0;
	return tid == s->owner_tid ? 0 : -EINVAL;
}

/* Can the task the word names be waited for? A dying one can, until futex_pi_release(). */
static int check_owner(const struct task_struct *owner)
{
	if (!owner || owner->futex_exited)
		return -ESRCH;
	return owner->flags & PF_KTHREAD ? -EPERM : 0;
}

/*
 * pi_graph_lock held: take the word for @w if it is free.  PI_TAKEN; PI_BUSY: now it has
 * FUTEX_WAITERS, and *state is what to queue on, or NULL for a new one; PI_RETRY: it changed.
 */
static int claim(struct pi_request *rq, struct pi_waiter *w, u32 waiters,
		 struct futex_pi_state **state)
{
	struct futex_pi_state *s = *state = find_state(&rq->key);
	u32 now;
	int err;

	if ((rq->val & FUTEX_TID_MASK) == w->tid)
		return -EDEADLK;
	err = futex_get_user_atomic(&now, rq->uaddr);
	if (err)
		return err;
	if (now != rq->val)
		return PI_RETRY;
	if (!s && !(now & FUTEX_TID_MASK))
		return replace_word(rq->uaddr, now, w->tid | (now & FUTEX_OWNER_DIED) | waiters);
	err = s ? check_state(s, now) : 0;
	if (!err)
		err = replace_word(rq->uaddr, now, now | FUTEX_WAITERS);
	if (!err && !s)
		err = check_owner(rq->owner);	/* the word keeps FUTEX_WAITERS, as on Linux */
	return err ?: PI_BUSY;
}

/* ---- waiting --------------------------------------------------------------------------------- */

/* The owner before us died: write our TID. If we cannot, the next one has to try. */
static int settle(struct pi_waiter *w, u32 __user *uaddr)
{
	struct futex_pi_state *s = w->state;
	u32 val;
	int err;

	for (;;) {
		spin_lock(&pi_graph_lock);
		err = futex_get_user_atomic(&val, uaddr);
		if (!err)
			err = replace_word(uaddr, val, w->tid | FUTEX_WAITERS | FUTEX_OWNER_DIED);
		if (!err) {
			s->unsettled = false;
			drop_if_unused(s);
		}
		spin_unlock(&pi_graph_lock);
		if (err == -EFAULT)
			err = futex_fault_in_writable(uaddr) ?: PI_RETRY;
		if (err != PI_RETRY)
			break;
	}
	if (err) {
		spin_lock(&pi_graph_lock);
		s->unsettled = false;
		if (list_empty(&s->waiters))
			drop_if_unused(s);
		else
			grant(s, true);
		reprioritise(current);
		spin_unlock(&pi_graph_lock);
	}
	return err;
}

/* Queued: sleep until the lock is ours: 0, -EINTR, -ETIMEDOUT. */
static int wait_until_granted(struct pi_waiter *w, u32 __user *uaddr, const u64 *expires,
			      clockid_t clock)
{
	int err = -EINTR;

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (smp_load_acquire(&w->granted) || signal_pending(current))
			break;
		if (!schedule_hrtimeout(expires, clock)) {
			err = -ETIMEDOUT;
			break;
		}
	}
	__set_current_state(TASK_RUNNING);
	if (!smp_load_acquire(&w->granted)) {
		spin_lock(&pi_graph_lock);
		if (!w->granted) {
			leave(w);
			spin_unlock(&pi_graph_lock);
			return err;
		}
		spin_unlock(&pi_graph_lock);
	}
	return w->state ? settle(w, uaddr) : 0;
}

int futex_lock_pi(u32 __user *uaddr, bool private, const u64 *expires, clockid_t clock)
{
	struct pi_waiter w = current_waiter();
	struct futex_pi_state *s;
	struct pi_request rq;
	int ret = request_init(&rq, uaddr, private);

	if (ret)
		return ret;
	do {
		ret = request_look(&rq);
		if (ret)
			break;
		spin_lock(&pi_graph_lock);
		ret = claim(&rq, &w, 0, &s);
		if (ret == PI_BUSY)
			ret = queue_waiter(&rq, s, &w) ?: PI_BUSY;
		spin_unlock(&pi_graph_lock);
		ret = request_again(&rq, ret);
	} while (ret == PI_RETRY);
	if (ret == PI_BUSY)
		ret = wait_until_granted(&w, uaddr, expires, clock);
	request_end(&rq);
	return ret == -EINTR ? -ERESTARTNOINTR : ret;
}

int futex_trylock_pi(u32 __user *uaddr, bool private)
{
	struct pi_waiter w = current_waiter();
	struct futex_pi_state *s;
	struct pi_request rq;
	int ret = request_init(&rq, uaddr, private);

	if (ret)
		return ret;
	do {
		ret = request_look(&rq);
		if (ret)
			break;
		spin_lock(&pi_graph_lock);
		ret = claim(&rq, &w, 0, &s);
		spin_unlock(&pi_graph_lock);
		ret = request_again(&rq, ret);
	} while (ret == PI_RETRY);
	request_end(&rq);
	return ret == PI_BUSY ? -EWOULDBLOCK : ret;
}

/* ---- unlocking ------------------------------------------------------------------------------- */

/* pi_graph_lock held; @val: the word, which has our TID. */
static int hand_over(struct futex_pi_state *s, u32 __user *uaddr, u32 val)
{
	u32 old;
	int err;

	if (s->owner != current || s->unsettled)
		return -EINVAL;
	err = futex_cmpxchg_atomic(uaddr, val, first_waiter(s)->tid | FUTEX_WAITERS, &old);
	if (err)
		return err;
	if (old != val)		/* only the flag may come in between */
		return old == (val | FUTEX_WAITERS) ? PI_RETRY : -EINVAL;
	grant(s, false);
	reprioritise(current);
	return 0;
}

static int unlock_word(const struct futex_key *key, u32 __user *uaddr, u32 val)
{
	struct futex_pi_state *s;
	int ret;

	spin_lock(&pi_graph_lock);
	s = find_state(key);
	if (s)
		ret = hand_over(s, uaddr, val);
	else if ((ret = replace_word(uaddr, val, 0)) == PI_RETRY)
		ret = -EAGAIN;		/* user space meddles: let it */
	spin_unlock(&pi_graph_lock);
	return ret;
}

int futex_unlock_pi(u32 __user *uaddr, bool private)
{
	u32 tid = task_pid_vnr(current), val;
	struct futex_key key;
	int ret;

	do {
		if (get_user(val, uaddr))
			return -EFAULT;
		if ((val & FUTEX_TID_MASK) != tid)
			return -EPERM;
		ret = futex_get_key(uaddr, private, &key);
		if (ret)
			return ret;
		ret = unlock_word(&key, uaddr, val);
		futex_put_key(&key);
		if (ret == -EFAULT)
			ret = futex_fault_in_writable(uaddr) ?: PI_RETRY;
		cond_resched();
	} while (ret == PI_RETRY);
	return ret;
}

void futex_pi_release(struct task_struct *t)
{
	struct futex_pi_state *s;

	if (t->flags & PF_EXITING)
		WRITE_ONCE(t->futex_exited, true);	/* from here on nobody queues on it */
	smp_mb();			/* see owner_has_left() */
	if (likely(list_empty(&t->pi_state_list)))
		return;			/* nearly always: exits do not meet at the lock */
	spin_lock(&pi_graph_lock);
	while ((s = list_first_entry_or_null(&t->pi_state_list, struct futex_pi_state, owned))) {
		grant(s, true);
		spin_unlock(&pi_graph_lock);
		cond_resched();
		spin_lock(&pi_graph_lock);
	}
	reprioritise(t);
	spin_unlock(&pi_graph_lock);
}

/* ---- requeue: from a condition variable to its mutex ----------------------------------------- */

/* Not woken by a requeue: why? */
static int early_wakeup(int slept)
{
	if (!slept)
		return -ETIMEDOUT;
	return signal_pending(current) ? -ERESTARTNOINTR : -EWOULDBLOCK;
}

static int do_wait_requeue(struct futex_waiter *q, u32 __user *uaddr, u32 val,
			   u32 __user *uaddr2, bool private, const u64 *expires, clockid_t clock)
{
	int err = futex_queue_if_unchanged(q, uaddr, val, private);

	if (err)
		return err;
	err = schedule_hrtimeout(expires, clock);
	__set_current_state(TASK_RUNNING);
	if (!futex_unqueue(q))
		return early_wakeup(err);
	/* Requeued: the same end now is the lock's. It cannot be restarted as what it was. */
	err = wait_until_granted(q->pi, uaddr2, expires, clock);
	return err == -EINTR ? -EWOULDBLOCK : err;
}

int futex_wait_requeue_pi(u32 __user *uaddr, u32 val, u32 __user *uaddr2, bool private,
			  const u64 *expires, clockid_t clock)
{
	struct pi_waiter w = current_waiter();
	struct futex_waiter q = { .task = current, .bitset = FUTEX_BITSET_MATCH_ANY, .pi = &w };
	struct futex_key target;
	int ret;

	if (uaddr == uaddr2)
		return -EINVAL;
	ret = futex_get_key(uaddr2, private, &target);
	if (ret)
		return ret;
	w.target = &target;
	ret = do_wait_requeue(&q, uaddr, val, uaddr2, private, expires, clock);
	futex_put_key(&target);
	return ret;
}

static struct futex_waiter *first_on(struct futex_bucket *b, const struct futex_key *key)
{
	struct futex_waiter *q;

	list_for_each_entry(q, &b->chain, list)
		if (futex_key_equal(&q->key, key))
			return q;
	return NULL;
}

/* Bucket lock and pi_graph_lock held: @q got the free word. The rest will wait for it. */
static void give_to(struct pi_request *rq, struct futex_waiter *q, u32 waiters)
{
	rq->owner = get_task_struct(q->task);
	rq->val = q->pi->tid | waiters;
	smp_store_release(&q->pi->granted, true);
	futex_take_off(q);	/* it takes the bucket's lock before it leaves */
	wake_up_process(rq->owner);
}

static bool meant_for(const struct futex_waiter *q, const struct futex_key *key)
{
	return q->pi && futex_key_equal(q->pi->target, key);
}

/* Locks as above: the first waiter gets the lock if it is free, the others queue on it. */
static int requeue_all(struct pi_request *rq, struct futex_bucket *b, const struct futex_key *key,
		       int nr_requeue, unsigned int *done)
{
	u32 waiters = nr_requeue ? FUTEX_WAITERS : 0;
	struct futex_waiter *q = first_on(b, key);
	struct futex_pi_state *s;
	int ret;

	*done = 0;
	if (!q)
		return 0;
	if (!meant_for(q, &rq->key))
		return -EINVAL;
	ret = claim(rq, q->pi, waiters, &s);
	if (ret == PI_TAKEN) {
		give_to(rq, q, waiters);
		++*done;
	} else if (ret != PI_BUSY) {
		return ret;
	}
	while (*done <= (unsigned int)nr_requeue && (q = first_on(b, key))) {
		if (!meant_for(q, &rq->key))
			return -EINVAL;
		ret = queue_waiter(rq, find_state(&rq->key), q->pi);
		if (ret)
			return ret;
		futex_take_off(q);
		++*done;
	}
	return 0;
}

/* The locks, and the comparison, around requeue_all(). -ENXIO: *u1 cannot be read. */
static int try_requeue(struct pi_request *rq, u32 __user *u1, const struct futex_key *key,
		       int nr_requeue, u32 cmp, unsigned int *done)
{
	struct futex_bucket *b = futex_key_bucket(key);
	u32 now;
	int ret;

	if (get_user(now, u1))		/* fault it in */
		return -ENXIO;
	spin_lock(&b->lock);
	if (futex_get_user_atomic(&now, u1)) {
		spin_unlock(&b->lock);
		return PI_RETRY;
	}
	ret = -EAGAIN;
	if (now == cmp) {
		spin_lock(&pi_graph_lock);
		ret = requeue_all(rq, b, key, nr_requeue, done);
		spin_unlock(&pi_graph_lock);
	}
	spin_unlock(&b->lock);
	return ret;
}

int futex_cmp_requeue_pi(u32 __user *u1, u32 __user *u2, bool private, int nr_wake, int nr_requeue,
			 u32 cmp)
{
	unsigned int done = 0;
	struct pi_request rq;
	struct futex_key key;
	int ret;

	if (u1 == u2 || nr_wake != 1 || nr_requeue < 0)
		return -EINVAL;
	ret = futex_get_key(u1, private, &key);
	if (ret)
		return ret;
	ret = request_init(&rq, u2, private);
	if (ret)
		goto put_key;
	do {
		ret = request_look(&rq);
		if (!ret)
			ret = try_requeue(&rq, u1, &key, nr_requeue, cmp, &done);
		if (!done)
			ret = request_again(&rq, ret);
	} while (ret == PI_RETRY);
	request_end(&rq);
put_key:
	futex_put_key(&key);
	if (done)
		return done;
	return ret == -ENXIO ? -EFAULT : ret;
}
