// SPDX-License-Identifier: GPL-2.0-only
/*
 * Futexes: sleeping on a word of user memory.
 *
 * A key names the word: (mm, address) for private ones, (inode or page owner, offset) for shared ones, so
 * that processes which map the same page meet.  Waiters hang in a hash of buckets.  A waiter queues itself
 * under the bucket lock after it has seen the word unchanged; a waker changes the word first and
 * takes the same lock, so no wake-up is lost.
 *
 * Locking: bucket->lock for its queue and for each waiter's key; two buckets are taken in address order.
 * User memory is read with faults off under the lock, and faulted in after dropping it.
 *
 * Futexes that lend priority are in futex_pi.c, waiting for several words in futex_waitv.c.
 */
#include <kernel/futex.h>
#include <kernel/futex_internal.h>

#include <generated/syscalls.h>
#include <kernel/compat.h>
#include <kernel/cred.h>
#include <kernel/lib/hash.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <kernel/time_namespace.h>
#include <mm/mm.h>
#include <fs/vfs.h>
#include <asm/uaccess.h>

#define FUTEX_HASH_BITS 8

static struct futex_bucket buckets[1 << FUTEX_HASH_BITS];

void futex_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(buckets); i++) {
		spin_lock_init_rank(&buckets[i].lock, LOCK_RANK_FUTEX);
		INIT_LIST_HEAD(&buckets[i].chain);
	}
	futex_pi_init();
}

/* ---- keys ------------------------------------------------------------------------------------ */

unsigned int futex_key_hash(const struct futex_key *key, unsigned int bits)
{
	return hash_long((unsigned long)key->owner ^ (unsigned long)(key->offset >> 2), bits);
}

struct futex_bucket *futex_key_bucket(const struct futex_key *key)
{
	return &buckets[futex_key_hash(key, FUTEX_HASH_BITS)];
}

bool futex_key_equal(const struct futex_key *a, const struct futex_key *b)
{
	return a->owner == b->owner && a->offset == b->offset && a->shared == b->shared;
}

/* A word that nobody can write never changes; but that of a file may. */
static int check_constant_page(struct mm_struct *mm, const struct vm_area_struct *vma, unsigned long addr)
{
	struct page *page;
	int err;

	if (!vma->vm_file || get_user_pages(mm, addr & PAGE_MASK, 1, 0, &page) != 1)
		return -EFAULT;
	err = PageAnon(page) ? -EFAULT : 0;
	put_page(page);
	return err;
}

static int shared_key(unsigned long addr, struct futex_key *key)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int err = 0;

	mmap_read_lock(mm);
	vma = vma_lookup(mm, addr);
	if (!vma || !(vma->vm_flags & VM_READ)) {
		err = -EFAULT;
	} else if ((vma->vm_flags & VM_SHARED) && vma->vm_file) {
		struct inode *inode = file_inode(vma->vm_file);

		ihold(inode);
		key->owner = inode;
		key->offset = ((u64)vma->vm_pgoff << PAGE_SHIFT) + (addr - vma->vm_start);
		key->shared = true;
	} else if (!(vma->vm_flags & VM_WRITE)) {
		err = check_constant_page(mm, vma, addr);
	}				/* private memory: the mm is its only owner */
	mmap_read_unlock(mm);
	return err;
}

/* May sleep. Release with futex_put_key(). */
int futex_get_key(u32 __user *uaddr, bool private, struct futex_key *key)
{
	unsigned long addr = (unsigned long)uaddr;

	if (addr & 3)
		return -EINVAL;
	if (!access_ok(uaddr, sizeof(u32)))
		return -EFAULT;
	*key = (struct futex_key){ .owner = current->mm, .offset = addr };
	return private ? 0 : shared_key(addr, key);
}

void futex_put_key(struct futex_key *key)
{
	if (key->shared)
		iput((struct inode *)key->owner);
}

/* ---- user words ------------------------------------------------------------------------------ */

int futex_get_user_atomic(u32 *val, u32 __user *uaddr)
{
	int err;

	pagefault_disable();
	err = get_user(*val, uaddr);
	pagefault_enable();
	return err;
}

int futex_cmpxchg_atomic(u32 __user *uaddr, u32 expect, u32 newval, u32 *old)
{
	int err;

	pagefault_disable();
	err = futex_cmpxchg_user(uaddr, expect, newval, old);
	pagefault_enable();
	return err;
}

int futex_fault_in_writable(u32 __user *uaddr)
{
	return fault_in_user((unsigned long)uaddr, sizeof(u32), true);
}

/* ---- wake ------------------------------------------------------------------------------------ */

void futex_take_off(struct futex_waiter *w)
{
	list_del(&w->list);
	smp_store_release(&w->list.next, &w->list);	/* what it looks at to know that it was woken */
}

/* bucket lock held. The waiter may be gone as soon as its list is empty: the task is held meanwhile. */
static void wake_waiter(struct futex_waiter *w)
{
	struct task_struct *t = get_task_struct(w->task);

	futex_take_off(w);
	wake_up_process(t);
	put_task_struct(t);
}

/* bucket lock held. Those who wait to be requeued to a PI futex cannot be woken: -EINVAL. */
static int wake_matching(struct futex_bucket *b, const struct futex_key *key, int nr, u32 bitset)
{
	struct futex_waiter *w, *n;
	int woken = 0;

	list_for_each_entry_safe(w, n, &b->chain, list) {
		if (!futex_key_equal(&w->key, key))
			continue;
		if (w->pi)
			return -EINVAL;
		if (!(w->bitset & bitset))
			continue;
		wake_waiter(w);
		if (++woken >= nr)
			break;
	}
	return woken;
}

static int futex_wake(u32 __user *uaddr, bool private, int nr, u32 bitset)
{
	struct futex_bucket *b;
	struct futex_key key;
	int ret;

	if (!bitset)
		return -EINVAL;
	ret = futex_get_key(uaddr, private, &key);
	if (ret)
		return ret;
	b = futex_key_bucket(&key);
	spin_lock(&b->lock);
	ret = wake_matching(b, &key, nr, bitset);
	spin_unlock(&b->lock);
	futex_put_key(&key);
	return ret;
}

void futex_wake_user(u32 __user *uaddr, int nr)
{
	(void)futex_wake(uaddr, false, nr, FUTEX_BITSET_MATCH_ANY);
	(void)futex_wake(uaddr, true, nr, FUTEX_BITSET_MATCH_ANY);
}

static void lock_two(struct futex_bucket *a, struct futex_bucket *b)
{
	if (a > b)
		swap(a, b);
	spin_lock(&a->lock);
	if (a != b)
		spin_lock_nested(&b->lock);	/* by address */
}

static void unlock_two(struct futex_bucket *a, struct futex_bucket *b)
{
	spin_unlock(&a->lock);
	if (a != b)
		spin_unlock(&b->lock);
}

static int futex_op_atomic(u32 encoded, u32 __user *uaddr, u32 *old)
{
	u32 arg = (s32)(encoded << 8) >> 20;
	int op = (encoded >> 28) & 7, err;

	if (encoded & ((u32)FUTEX_OP_OPARG_SHIFT << 28))
		arg = 1U << (arg & 31);
	pagefault_disable();
	err = futex_op_user(op, arg, uaddr, old);
	pagefault_enable();
	return err;
}

static bool futex_op_compare(u32 encoded, u32 old)
{
	s32 arg = (s32)(encoded << 20) >> 20, val = old;

	switch ((encoded >> 24) & 15) {
	case FUTEX_OP_CMP_EQ: return val == arg;
	case FUTEX_OP_CMP_NE: return val != arg;
	case FUTEX_OP_CMP_LT: return val < arg;
	case FUTEX_OP_CMP_LE: return val <= arg;
	case FUTEX_OP_CMP_GT: return val > arg;
	case FUTEX_OP_CMP_GE: return val >= arg;
	}
	return false;
}

static int futex_wake_op(u32 __user *u1, u32 __user *u2, bool private, int nr1, int nr2, u32 encoded)
{
	struct futex_bucket *b1, *b2;
	struct futex_key k1, k2;
	int ret, err;
	u32 old;

	ret = futex_get_key(u1, private, &k1);
	if (ret)
		return ret;
	ret = futex_get_key(u2, private, &k2);
	if (ret)
		goto put1;
	b1 = futex_key_bucket(&k1);
	b2 = futex_key_bucket(&k2);
	for (;;) {
		lock_two(b1, b2);
		err = futex_op_atomic(encoded, u2, &old);
		if (err != -EFAULT)
			break;
		unlock_two(b1, b2);
		ret = futex_fault_in_writable(u2);
		if (ret)
			goto put2;
	}
	ret = err;
	if (!err) {
		ret = wake_matching(b1, &k1, nr1, FUTEX_BITSET_MATCH_ANY);
		if (((encoded >> 24) & 15) > FUTEX_OP_CMP_GE)
			ret = -ENOSYS;
		else if (ret >= 0 && futex_op_compare(encoded, old)) {
			err = wake_matching(b2, &k2, nr2, FUTEX_BITSET_MATCH_ANY);
			ret = err < 0 ? err : ret + err;
		}
	}
	unlock_two(b1, b2);
put2:
	futex_put_key(&k2);
put1:
	futex_put_key(&k1);
	return ret;
}

/* ---- requeue --------------------------------------------------------------------------------- */

static void move_waiter(struct futex_waiter *w, struct futex_bucket *to, const struct futex_key *key)
{
	list_move_tail(&w->list, &to->chain);
	if (w->key.shared)
		iput((struct inode *)w->key.owner);	/* never the last: the caller holds keys of both */
	w->key = *key;
	if (key->shared)
		ihold((struct inode *)key->owner);
	w->bucket = to;
}

/* Both locks held: wake @nr_wake, move @nr_requeue. */
static int requeue_matching(struct futex_bucket *b1, const struct futex_key *k1, struct futex_bucket *b2,
			    const struct futex_key *k2, int nr_wake, int nr_requeue, int *moved)
{
	struct futex_waiter *w, *n;
	int woken = 0;

	*moved = 0;
	list_for_each_entry_safe(w, n, &b1->chain, list) {
		if (woken >= nr_wake && *moved >= nr_requeue)
			break;
		if (!futex_key_equal(&w->key, k1))
			continue;
		if (w->pi)
			return -EINVAL;
		if (woken < nr_wake) {
			wake_waiter(w);
			woken++;
		} else if (*moved < nr_requeue) {
			move_waiter(w, b2, k2);
			(*moved)++;
		}
	}
	return woken;
}

/* @cmp: fail with EAGAIN unless the word still is *cmp. */
static int futex_requeue(u32 __user *u1, u32 __user *u2, bool private, int nr_wake, int nr_requeue, const u32 *cmp)
{
	struct futex_bucket *b1, *b2;
	struct futex_key k1, k2;
	int ret, moved;
	u32 val;

	if (nr_wake < 0 || nr_requeue < 0)
		return -EINVAL;
	ret = futex_get_key(u1, private, &k1);
	if (ret)
		return ret;
	ret = futex_get_key(u2, private, &k2);
	if (ret)
		goto put1;
	b1 = futex_key_bucket(&k1);
	b2 = futex_key_bucket(&k2);
	for (;;) {
		lock_two(b1, b2);
		if (!cmp || !futex_get_user_atomic(&val, u1))
			break;
		unlock_two(b1, b2);
		ret = fault_in_user((unsigned long)u1, sizeof(u32), false);
		if (ret)
			goto put2;
	}
	if (cmp && val != *cmp) {
		ret = -EAGAIN;
	} else {
		ret = requeue_matching(b1, &k1, b2, &k2, nr_wake, nr_requeue, &moved);
		if (cmp && ret >= 0)
			ret += moved;
	}
	unlock_two(b1, b2);
put2:
	futex_put_key(&k2);
put1:
	futex_put_key(&k1);
	return ret;
}

/* ---- wait ------------------------------------------------------------------------------------ */

int futex_try_queue(struct futex_waiter *w, u32 __user *uaddr, u32 val)
{
	struct futex_bucket *b = w->bucket;
	u32 now;
	int err;

	spin_lock(&b->lock);
	err = futex_get_user_atomic(&now, uaddr);
	if (!err && now != val)
		err = -EAGAIN;
	if (!err) {
		list_add_tail(&w->list, &b->chain);
		set_current_state(TASK_INTERRUPTIBLE);
	}
	spin_unlock(&b->lock);
	return err;
}

int futex_queue_if_unchanged(struct futex_waiter *w, u32 __user *uaddr, u32 val, bool private)
{
	int err = futex_get_key(uaddr, private, &w->key);

	if (err)
		return err;
	w->bucket = futex_key_bucket(&w->key);
	do {
		err = futex_try_queue(w, uaddr, val);
		if (!err)
			return 0;
		if (err == -EFAULT)
			err = fault_in_user((unsigned long)uaddr, sizeof(u32), false);
	} while (!err);
	futex_put_key(&w->key);
	return err;
}

/*
 * Whoever was woken needs no lock to know it: futex_take_off() is the last that a waker does to @w.
 * Otherwise follows a requeue under way.
 */
bool futex_unqueue(struct futex_waiter *w)
{
	struct futex_bucket *b;
	bool woken;

	if (likely(futex_woken(w) && !w->pi)) {
		futex_put_key(&w->key);
		return true;
	}
	for (;;) {
		b = READ_ONCE(w->bucket);
		spin_lock(&b->lock);
		if (b == READ_ONCE(w->bucket))
			break;
		spin_unlock(&b->lock);
	}
	woken = futex_woken(w);
	if (!woken)
		list_del_init(&w->list);
	spin_unlock(&b->lock);
	futex_put_key(&w->key);
	return woken;
}

static int do_futex_wait(u32 __user *uaddr, u32 val, bool private, u32 bitset, const u64 *expires, clockid_t clock)
{
	struct futex_waiter w;
	int err;

	if (!bitset)
		return -EINVAL;
	w.task = current;
	w.bitset = bitset;
	w.pi = NULL;
	for (;;) {
		err = futex_queue_if_unchanged(&w, uaddr, val, private);
		if (err)
			return err;
		if (!futex_woken(&w))
			err = schedule_hrtimeout(expires, clock);
		__set_current_state(TASK_RUNNING);
		if (futex_unqueue(&w))
			return 0;
		if (!err)
			return -ETIMEDOUT;
		if (signal_pending(current))
			return -ERESTARTSYS;
		/* woken for no reason of ours: look again */
	}
}

static long futex_wait_restart(struct restart_block *restart);

static long futex_wait(u32 __user *uaddr, u32 val, unsigned int flags, u32 bitset, const u64 *expires)
{
	clockid_t clock = flags & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;
	int ret = do_futex_wait(uaddr, val, flags & FUTEX_PRIVATE_FLAG, bitset, expires, clock);
	struct restart_block *restart = &current->restart_block;

	if (ret != -ERESTARTSYS || !expires)
		return ret;
	restart->fn = futex_wait_restart;	/* with the same absolute end */
	restart->futex.uaddr = uaddr;
	restart->futex.val = val;
	restart->futex.flags = flags;
	restart->futex.bitset = bitset;
	restart->futex.time = *expires;
	return -ERESTART_RESTARTBLOCK;
}

static long futex_wait_restart(struct restart_block *restart)
{
	u64 expires = restart->futex.time;

	restart->fn = NULL;
	return futex_wait(restart->futex.uaddr, restart->futex.val, restart->futex.flags, restart->futex.bitset,
			  &expires);
}

/* ---- robust futexes -------------------------------------------------------------------------- */

/* The owner died holding it: say so in the word and wake one waiter. */
static int handle_futex_death(u32 __user *uaddr, bool pi, bool pending_op)
{
	u32 val, new, old;
	int err;

	if ((unsigned long)uaddr & 3)
		return -EINVAL;
	for (;;) {
		if (get_user(val, uaddr))
			return -EFAULT;
		if (pending_op && !pi && !val) {	/* died between unlocking and waking */
			futex_wake_user(uaddr, 1);
			return 0;
		}
		if ((val & FUTEX_TID_MASK) != (u32)task_pid_vnr(current))
			return 0;
		new = (val & FUTEX_WAITERS) | FUTEX_OWNER_DIED;
		err = futex_cmpxchg_user(uaddr, val, new, &old);
		if (err)
			return err;
		if (old == val)
			break;
	}
	if (!pi && (val & FUTEX_WAITERS))
		futex_wake_user(uaddr, 1);
	return 0;
}

static int fetch_robust_entry(struct robust_list __user **entry, const void __user *head, bool *pi)
{
	unsigned long word;
	int err = get_user_word(&word, head);

	*entry = (void __user *)(word & ~1UL);
	*pi = word & 1;
	return err;
}

/* struct robust_list_head is three words of the program: list.next, futex_offset, list_op_pending. */
static_assert(sizeof(struct robust_list_head) == 3 * sizeof(long));

static size_t robust_head_size(void)
{
	return 3 * user_word_size();
}

static void exit_robust_list(struct robust_list_head __user *head)
{
	struct robust_list __user *entry, *next, *pending;
	const char __user *words = (const char __user *)head;
	unsigned int limit = ROBUST_LIST_LIMIT;
	bool pi, next_pi, pending_pi;
	unsigned long word;
	long offset;
	int err;

	if (fetch_robust_entry(&entry, words, &pi) || get_user_word(&word, words + user_word_size()) ||
	    fetch_robust_entry(&pending, words + 2 * user_word_size(), &pending_pi))
		return;
	offset = is_compat_task() ? (compat_long_t)word : (long)word;
	while (entry != &head->list) {
		err = fetch_robust_entry(&next, &entry->next, &next_pi);	/* before the lock may be taken */
		if (entry != pending && handle_futex_death((void __user *)entry + offset, pi, false))
			return;
		if (err || !--limit)
			return;
		entry = next;
		pi = next_pi;
		cond_resched();
	}
	if (pending)
		(void)handle_futex_death((void __user *)pending + offset, pending_pi, true);
}

void futex_exit_release(struct task_struct *t)
{
	if (t->robust_list) {
		exit_robust_list(t->robust_list);
		t->robust_list = NULL;
	}
	futex_pi_release(t);
}

long sys_set_robust_list(struct robust_list_head __user *head, size_t len)
{
	if (len != robust_head_size())
		return -EINVAL;
	current->robust_list = head;
	return 0;
}

long sys_get_robust_list(pid_t pid, struct robust_list_head __user *__user *uhead, size_t __user *ulen)
{
	struct task_struct *t = pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
	struct robust_list_head __user *head;
	bool may;

	if (!t)
		return -ESRCH;
	may = ptrace_may_access(t, PTRACE_MODE_READ | PTRACE_MODE_REALCREDS);
	head = t->robust_list;
	put_task_struct(t);
	if (!may)
		return -EPERM;
	if (put_user_word(robust_head_size(), ulen))
		return -EFAULT;
	return put_user_word((unsigned long)head, uhead);
}

/* ---- the call -------------------------------------------------------------------------------- */

static bool op_has_timeout(int cmd)
{
	switch (cmd) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
	case FUTEX_WAIT_REQUEUE_PI:
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		return true;
	}
	return false;
}

/* May FUTEX_CLOCK_REALTIME be given? FUTEX_LOCK_PI has always that clock, and FUTEX_WAIT's timeout is relative. */
static bool op_has_clock(int cmd)
{
	return op_has_timeout(cmd) && cmd != FUTEX_LOCK_PI && cmd != FUTEX_WAIT;
}

/* FUTEX_WAIT's timeout is relative, the others' are absolute. */
static int futex_expires(int op, int cmd, const struct timespec64 *ts, u64 *expires)
{
	if (!timespec64_valid(ts))
		return -EINVAL;
	*expires = timespec64_to_ns(ts);
	if (cmd == FUTEX_WAIT)
		*expires += op & FUTEX_CLOCK_REALTIME ? ktime_get_real_ns() : ktime_get_ns();
	else if (cmd != FUTEX_LOCK_PI && !(op & FUTEX_CLOCK_REALTIME))
		*expires = timens_to_host(CLOCK_MONOTONIC, *expires);
	return 0;
}

static long do_futex(u32 __user *uaddr, int op, u32 val, const struct timespec64 *ts, u32 __user *uaddr2, u32 val2,
		     u32 val3)
{
	bool private = op & FUTEX_PRIVATE_FLAG;
	clockid_t clock = op & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC;
	int cmd = op & FUTEX_CMD_MASK, err;
	u64 expires, *end = NULL;

	if ((op & FUTEX_CLOCK_REALTIME) && !op_has_clock(cmd))
		return -ENOSYS;
	if (ts) {
		err = futex_expires(op, cmd, ts, &expires);
		if (err)
			return err;
		end = &expires;
	}
	switch (cmd) {
	case FUTEX_WAIT:
		val3 = FUTEX_BITSET_MATCH_ANY;
		fallthrough;
	case FUTEX_WAIT_BITSET:
		return futex_wait(uaddr, val, op, val3, end);
	case FUTEX_WAKE:
		val3 = FUTEX_BITSET_MATCH_ANY;
		fallthrough;
	case FUTEX_WAKE_BITSET:
		return futex_wake(uaddr, private, val, val3);
	case FUTEX_REQUEUE:
		return futex_requeue(uaddr, uaddr2, private, val, val2, NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(uaddr, uaddr2, private, val, val2, &val3);
	case FUTEX_WAKE_OP:
		return futex_wake_op(uaddr, uaddr2, private, val, val2, val3);
	case FUTEX_LOCK_PI:
		clock = CLOCK_REALTIME;
		fallthrough;
	case FUTEX_LOCK_PI2:
		return futex_lock_pi(uaddr, private, end, clock);
	case FUTEX_TRYLOCK_PI:
		return futex_trylock_pi(uaddr, private);
	case FUTEX_UNLOCK_PI:
		return futex_unlock_pi(uaddr, private);
	case FUTEX_WAIT_REQUEUE_PI:
		return futex_wait_requeue_pi(uaddr, val, uaddr2, private, end, clock);
	case FUTEX_CMP_REQUEUE_PI:
		return futex_cmp_requeue_pi(uaddr, uaddr2, private, val, val2, val3);
	}
	return -ENOSYS;
}

/* The fourth argument is a timeout for some operations and a number for others. */
long sys_futex(u32 __user *uaddr, int op, u32 val, const struct __kernel_timespec __user *utime,
	       u32 __user *uaddr2, u32 val3)
{
	bool timed = utime && op_has_timeout(op & FUTEX_CMD_MASK);
	struct timespec64 ts;

	if (timed && get_timespec64(&ts, utime))
		return -EFAULT;
	return do_futex(uaddr, op, val, timed ? &ts : NULL, uaddr2, (u32)(unsigned long)utime, val3);
}

long sys_futex_time32(u32 __user *uaddr, int op, u32 val, const void __user *utime, u32 __user *uaddr2, u32 val3)
{
	bool timed = utime && op_has_timeout(op & FUTEX_CMD_MASK);
	struct timespec64 ts;

	if (timed && get_old_timespec32(&ts, utime))
		return -EFAULT;
	return do_futex(uaddr, op, val, timed ? &ts : NULL, uaddr2, (u32)(unsigned long)utime, val3);
}
