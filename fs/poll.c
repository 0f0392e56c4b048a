// SPDX-License-Identifier: GPL-2.0-only
/*
 * poll(2), select(2) and their relatives.
 *
 * A round asks each file for its state.  If the first finds none ready, the second also hooks an entry into
 * every wait queue the files name, until one is ready; any of them waking sets `triggered`, which ends the sleep
 * and starts the next round.  The entries hold their files.  Hooking in and out costs four times as much as
 * asking, and a busy program's calls mostly end with the first round.
 *
 * Locking: none of its own; an entry belongs to the wait queue's lock while it is hooked in.
 */
#include <fs/poll.h>

#include <fs/file.h>
#include <fs/time32_syscalls.h>
#include <kernel/compat.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define POLL_INLINE_ENTRIES	6
#define POLL_INLINE_FDS		112
#define POLL_PAGE_ENTRIES	((PAGE_SIZE - sizeof(void *)) / sizeof(struct poll_entry))
#define SELECT_INLINE_LONGS	(256 / BITS_PER_LONG)

struct poll_entry {
	struct wait_queue_entry	wait;
	struct wait_queue_head	*wq;
	struct file		*file;		/* reference, or NULL: nobody else can close it */
	__poll_t		key;
};

struct poll_page {
	struct poll_page	*next;
	struct poll_entry	entries[];
};

/* One call's hooks. */
struct poll_wqueues {
	poll_table		pt;
	struct task_struct	*task;
	int			triggered;	/* [a] woken since the last round began */
	int			error;		/* no memory for an entry */
	bool			shared;		/* others use the descriptor table, too */
	bool			hooked;		/* the round that hooks in has begun */
	unsigned int		used_inline, used_page;
	struct poll_page	*pages;		/* newest first; used_page entries in it, the others are full */
	struct poll_entry	inline_entries[POLL_INLINE_ENTRIES];
};

__poll_t vfs_poll(struct file *file, poll_table *p)
{
	if (unlikely(!file->f_op->poll))
		return EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM;
	return file->f_op->poll(file, p);
}

/* ---- hooks ----------------------------------------------------------------------------------- */

static int poll_wake(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct poll_entry *e = container_of(wait, struct poll_entry, wait);
	struct poll_wqueues *w = wait->private;
	struct wait_queue_entry task_entry = { .private = w->task };

	if (key && !(key_to_poll(key) & e->key))
		return 0;
	smp_store_release(&w->triggered, 1);
	return default_wake_function(&task_entry, mode, flags, key);
}

static struct poll_entry *new_entry(struct poll_wqueues *w)
{
	struct poll_page *page;

	if (w->used_inline < POLL_INLINE_ENTRIES)
		return &w->inline_entries[w->used_inline++];
	if (!w->pages || w->used_page == POLL_PAGE_ENTRIES) {
		page = kmalloc(PAGE_SIZE, GFP_KERNEL);
		if (!page) {
			w->error = -ENOMEM;
			return NULL;
		}
		page->next = w->pages;
		w->pages = page;
		w->used_page = 0;
	}
	return &w->pages->entries[w->used_page++];
}

static void poll_hook(struct file *file, wait_queue_head_t *wq, poll_table *pt)
{
	struct poll_wqueues *w = container_of(pt, struct poll_wqueues, pt);
	struct poll_entry *e = new_entry(w);

	if (!e)
		return;
	e->file = w->shared ? get_file(file) : NULL;
	e->wq = wq;
	e->key = pt->key;
	init_waitqueue_func_entry(&e->wait, poll_wake);
	e->wait.private = w;
	add_wait_queue(wq, &e->wait);
}

static void poll_init_wait(struct poll_wqueues *w)
{
	w->pt.qproc = NULL;
	w->task = current;
	w->triggered = 0;
	w->error = 0;
	w->shared = atomic_read(&current->files->count) > 1;
	w->hooked = false;
	w->used_inline = 0;
	w->pages = NULL;
}

static void unhook(struct poll_entry *entries, unsigned int n)
{
	while (n--) {
		remove_wait_queue(entries[n].wq, &entries[n].wait);
		if (entries[n].file)
			fput(entries[n].file);
	}
}

static void poll_free_wait(struct poll_wqueues *w)
{
	struct poll_page *page;

	unhook(w->inline_entries, w->used_inline);
	while ((page = w->pages)) {
		unhook(page->entries, w->used_page);
		w->used_page = POLL_PAGE_ENTRIES;
		w->pages = page->next;
		kfree(page);
	}
}

/* Sleeps unless something was triggered since the last round. 0: the time is up. */
static int poll_sleep(struct poll_wqueues *w, const u64 *expires)
{
	int ret = -EINTR;

	set_current_state(TASK_INTERRUPTIBLE);
	if (!READ_ONCE(w->triggered))
		ret = schedule_hrtimeout(expires, CLOCK_MONOTONIC);
	__set_current_state(TASK_RUNNING);
	__atomic_store_n(&w->triggered, 0, __ATOMIC_SEQ_CST);	/* before the files are asked again */
	return ret;
}

/* ---- time limits ----------------------------------------------------------------------------- */

/* NULL: none. *at is when, by CLOCK_MONOTONIC; 0: do not sleep at all. */
struct poll_deadline {
	bool	limited;
	u64	at;
};

/* Nothing was ready: the next round hooks in; after that one, sleep until something is. 0: the time is up. */
static int poll_wait_more(struct poll_wqueues *w, const struct poll_deadline *d)
{
	if (w->hooked)
		return poll_sleep(w, d->limited ? &d->at : NULL);
	w->hooked = true;
	w->pt.qproc = poll_hook;
	return 1;
}

static struct poll_deadline deadline_in(u64 ns)
{
	struct poll_deadline d = { .limited = true };
	u64 now;

	if (ns) {
		now = ktime_get_ns();
		d.at = ns > (u64)KTIME_MAX - now ? (u64)KTIME_MAX : now + ns;
	}
	return d;
}

static int deadline_from(struct poll_deadline *d, const struct timespec64 *ts)
{
	if (!timespec64_valid(ts))
		return -EINVAL;
	*d = deadline_in(timespec64_to_ns(ts));
	return 0;
}

/* How the time left is told to the caller. */
enum time_layout { TIME_NONE, TIME_TIMESPEC64, TIME_TIMESPEC32, TIME_TIMEVAL32 };

static int put_time_left(void __user *to, enum time_layout layout, const struct poll_deadline *d)
{
	u64 now = ktime_get_ns();
	struct timespec64 left = ns_to_timespec64(d->at > now ? (s64)(d->at - now) : 0);
	struct old_timeval32 tv;

	switch (layout) {
	case TIME_TIMESPEC64:
		return put_timespec64(&left, to);
	case TIME_TIMESPEC32:
		return put_old_timespec32(&left, to);
	default:
		tv.tv_sec = left.tv_sec;
		tv.tv_usec = left.tv_nsec / NSEC_PER_USEC;
		return copy_to_user(to, &tv, sizeof(tv)) ? -EFAULT : 0;
	}
}

/*
 * The end of each call with a struct for the time: restores the signal mask and tells what is left.  A call
 * whose time cannot be updated cannot be restarted either.
 */
static long finish(long ret, void __user *to, enum time_layout layout, const struct poll_deadline *d)
{
	restore_saved_sigmask_unless(ret == -ERESTARTNOHAND);
	if (!to)
		return ret;
	if (!(current->personality & STICKY_TIMEOUTS) && (!d->at || !put_time_left(to, layout, d)))
		return ret;
	return ret == -ERESTARTNOHAND ? -EINTR : ret;
}

/* ---- poll ------------------------------------------------------------------------------------ */

/* The state of @file as far as @p asks for it. */
static inline __poll_t poll_file(const struct pollfd *p, struct file *file, poll_table *pt)
{
	__poll_t want = (u16)p->events | EPOLLERR | EPOLLHUP;

	pt->key = want;
	return vfs_poll(file, pt) & want;
}

static noinline __poll_t poll_one_shared(const struct pollfd *p, poll_table *pt)
{
	struct fd f = fdget(p->fd);
	__poll_t mask;

	if (!f.file)
		return EPOLLNVAL;
	mask = poll_file(p, f.file, pt);
	fdput(f);
	return mask;
}

/* The descriptors of a table that nobody else uses: no cost of a call and a reference for each. */
struct own_fds {
	struct file	**fd;
	unsigned int	n;			/* 0: the table is shared */
};

static struct own_fds own_table(const struct poll_wqueues *w)
{
	const struct fdtable *fdt;

	if (w->shared)
		return (struct own_fds){ .n = 0 };	/* it may be replaced under us */
	fdt = current->files->fdt;
	return (struct own_fds){ .fd = fdt->fd, .n = fdt->max_fds };
}

/* Of a file without ->poll; O_PATH files are among those. */
static noinline __poll_t poll_plain(const struct pollfd *p, const struct file *file)
{
	if (!file || (file->f_mode & FMODE_PATH))
		return EPOLLNVAL;
	return (EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM) & (u16)p->events;
}

/* Fills p->revents; whether there is something. */
static inline __poll_t poll_one(struct pollfd *p, poll_table *pt, struct own_fds own)
{
	__poll_t mask = 0;

	if (likely((unsigned int)p->fd < own.n)) {
		struct file *file = own.fd[p->fd];

		if (likely(file && file->f_op->poll)) {
			pt->key = (u16)p->events | EPOLLERR | EPOLLHUP;
			mask = file->f_op->poll(file, pt) & pt->key;
		} else {
			mask = poll_plain(p, file);
		}
	} else if (p->fd >= 0) {
		mask = poll_one_shared(p, pt);
	}
	p->revents = (short)mask;
	return mask;
}

/* One round: how many are ready. The first of them ends the hooking in, for there will be no sleep. */
static int poll_round(struct pollfd *fds, const struct pollfd *end, poll_table *pt, struct own_fds own)
{
	int count = 0;

	for (; fds < end; fds++) {
		if (poll_one(fds, pt, own)) {
			count++;
			pt->qproc = NULL;
		}
	}
	pt->qproc = NULL;			/* hooked in once is enough */
	return count;
}

static int do_poll(struct pollfd *fds, unsigned int nfds, struct poll_wqueues *w,
		   const struct poll_deadline *d)
{
	struct own_fds own = own_table(w);
	bool timed_out = d->limited && !d->at;
	int count;

	for (;;) {
		count = poll_round(fds, fds + nfds, &w->pt, own);
		if (!count)
			count = w->error;
		if (count || timed_out)
			return count;
		if (signal_pending(current))
			return -ERESTARTNOHAND;
		timed_out = !poll_wait_more(w, d);
	}
}

static int put_revents(struct pollfd __user *ufds, const struct pollfd *fds, unsigned int n)
{
	const struct pollfd *end = fds + n;

	if (!access_ok(ufds, n * sizeof(*ufds)))
		return -EFAULT;
	user_access_begin();
	for (; fds < end; fds++, ufds++)
		unsafe_put_user(fds->revents, &ufds->revents, fault);
	user_access_end();
	return 0;
fault:
	user_access_end();
	return -EFAULT;
}

static long do_sys_poll(struct pollfd __user *ufds, unsigned int nfds, const struct poll_deadline *d)
{
	struct pollfd on_stack[POLL_INLINE_FDS], *fds = on_stack;
	struct poll_wqueues w;
	long ret;

	if (nfds > rlimit(RLIMIT_NOFILE))
		return -EINVAL;
	if (nfds > POLL_INLINE_FDS) {
		fds = kvmalloc(nfds * sizeof(*fds), GFP_KERNEL);
		if (!fds)
			return -ENOMEM;
	}
	ret = -EFAULT;
	if (copy_from_user(fds, ufds, nfds * sizeof(*fds)))
		goto out;
	poll_init_wait(&w);
	ret = do_poll(fds, nfds, &w, d);
	poll_free_wait(&w);
	if (put_revents(ufds, fds, nfds))
		ret = -EFAULT;
out:
	if (fds != on_stack)
		kvfree(fds);
	return ret;
}

static long poll_restart(struct restart_block *restart)
{
	struct poll_deadline d = { .limited = restart->poll.has_timeout, .at = restart->poll.expires };
	long ret = do_sys_poll(restart->poll.ufds, restart->poll.nfds, &d);

	return ret == -ERESTARTNOHAND ? -ERESTART_RESTARTBLOCK : ret;
}

long sys_poll(struct pollfd __user *ufds, unsigned int nfds, int timeout)
{
	struct poll_deadline d = { .limited = false };
	long ret;

	if (timeout >= 0)
		d = deadline_in((u64)timeout * NSEC_PER_MSEC);
	ret = do_sys_poll(ufds, nfds, &d);
	if (ret == -ERESTARTNOHAND) {
		struct restart_block *restart = &current->restart_block;

		restart->fn = poll_restart;
		restart->poll.ufds = ufds;
		restart->poll.nfds = nfds;
		restart->poll.has_timeout = d.limited;
		restart->poll.expires = d.at;
		ret = -ERESTART_RESTARTBLOCK;
	}
	return ret;
}

/* @layout: what @uts points to. */
static int get_deadline(struct poll_deadline *d, const void __user *uts, enum time_layout layout)
{
	struct old_timeval32 tv;
	struct timespec64 ts;

	d->limited = false;
	if (!uts)
		return 0;
	switch (layout) {
	case TIME_TIMESPEC64:
		if (get_timespec64(&ts, uts))
			return -EFAULT;
		break;
	case TIME_TIMESPEC32:
		if (get_old_timespec32(&ts, uts))
			return -EFAULT;
		break;
	default:
		if (copy_from_user(&tv, uts, sizeof(tv)))
			return -EFAULT;
		if (tv.tv_usec < 0)
			return -EINVAL;
		ts.tv_sec = (time64_t)tv.tv_sec + tv.tv_usec / USEC_PER_SEC;
		ts.tv_nsec = tv.tv_usec % USEC_PER_SEC * NSEC_PER_USEC;
	}
	return deadline_from(d, &ts);
}

static long do_ppoll(struct pollfd __user *ufds, unsigned int nfds, void __user *uts, enum time_layout layout,
		     const ksigset_t __user *mask, size_t sigsetsize)
{
	struct poll_deadline d;
	long ret = get_deadline(&d, uts, layout);

	if (!ret)
		ret = set_user_sigmask(mask, sigsetsize);
	if (ret)
		return ret;
	ret = do_sys_poll(ufds, nfds, &d);
	return finish(ret, uts, layout, &d);
}

long sys_ppoll(struct pollfd __user *fds, unsigned int n, struct __kernel_timespec __user *ts,
	       const ksigset_t __user *mask, size_t sigsetsize)
{
	return do_ppoll(fds, n, ts, TIME_TIMESPEC64, mask, sigsetsize);
}

/* ---- select ---------------------------------------------------------------------------------- */

#define SELECT_IN	(EPOLLRDNORM | EPOLLRDBAND | EPOLLIN | EPOLLHUP | EPOLLERR)
#define SELECT_OUT	(EPOLLWRBAND | EPOLLWRNORM | EPOLLOUT | EPOLLERR)
#define SELECT_EX	(EPOLLPRI)

/* What is asked, and the answer: in, out, ex. */
struct select_sets {
	unsigned long	*ask[3], *answer[3];
	unsigned int	nlongs;
};

static const __poll_t select_mask[3] = { SELECT_IN, SELECT_OUT, SELECT_EX };

static unsigned long asked_word(const struct select_sets *s, unsigned int word)
{
	return s->ask[0][word] | s->ask[1][word] | s->ask[2][word];
}

/* Every descriptor that is asked for must be open. */
static int check_descriptors(const struct select_sets *s)
{
	unsigned int word;

	for (word = 0; word < s->nlongs; word++) {
		unsigned long bits = asked_word(s, word);

		while (bits) {
			struct fd f = fdget(word * BITS_PER_LONG + __ffs(bits));

			if (!f.file)
				return -EBADF;
			fdput(f);
			bits &= bits - 1;
		}
	}
	return 0;
}

/* How many of the sets have @fd as answer. */
static int select_one(struct select_sets *s, unsigned int fd, poll_table *pt)
{
	unsigned int word = fd / BITS_PER_LONG;
	unsigned long bit = 1UL << (fd % BITS_PER_LONG);
	struct fd f = fdget(fd);
	__poll_t mask = 0;
	int i, count = 0;

	if (!f.file)			/* closed meanwhile by another thread */
		return 0;
	pt->key = EPOLLHUP | EPOLLERR;
	for (i = 0; i < 3; i++)
		if (s->ask[i][word] & bit)
			pt->key |= select_mask[i];
	mask = vfs_poll(f.file, pt);
	fdput(f);
	for (i = 0; i < 3; i++) {
		if ((s->ask[i][word] & bit) && (mask & select_mask[i])) {
			s->answer[i][word] |= bit;
			count++;
		}
	}
	return count;
}

static int select_round(struct select_sets *s, poll_table *pt)
{
	unsigned int word;
	int count = 0;

	for (word = 0; word < s->nlongs; word++) {
		unsigned long bits = asked_word(s, word);

		while (bits) {
			count += select_one(s, word * BITS_PER_LONG + __ffs(bits), pt);
			if (count)
				pt->qproc = NULL;
			bits &= bits - 1;
		}
	}
	return count;
}

static int do_select(struct select_sets *s, const struct poll_deadline *d)
{
	bool timed_out = d->limited && !d->at;
	struct poll_wqueues w;
	int count = check_descriptors(s);

	if (count)
		return count;
	poll_init_wait(&w);
	for (;;) {
		count = select_round(s, &w.pt);
		w.pt.qproc = NULL;
		if (count || timed_out)
			break;
		count = w.error;
		if (!count && signal_pending(current))
			count = -ERESTARTNOHAND;
		if (count)
			break;
		timed_out = !poll_wait_more(&w, d);
	}
	poll_free_wait(&w);
	return count;
}

/* Bytes of a user's set for @n descriptors: it consists of the program's words. */
static size_t set_size(unsigned int n)
{
	return ALIGN(DIV_ROUND_UP(n, BITS_PER_BYTE), user_word_size());
}

static int get_sets(struct select_sets *s, fd_set __user *const usets[3], unsigned int n)
{
	size_t size = set_size(n);
	unsigned long last = n % BITS_PER_LONG ? (1UL << (n % BITS_PER_LONG)) - 1 : ~0UL;
	int i;

	for (i = 0; i < 3; i++) {
		memset(s->answer[i], 0, s->nlongs * sizeof(long));
		if (!usets[i] || !s->nlongs) {
			memset(s->ask[i], 0, s->nlongs * sizeof(long));
			continue;
		}
		s->ask[i][s->nlongs - 1] = 0;	/* a program's last word may be only half of ours */
		if (copy_from_user(s->ask[i], usets[i], size))
			return -EFAULT;
		s->ask[i][s->nlongs - 1] &= last;
	}
	return 0;
}

static int put_sets(const struct select_sets *s, fd_set __user *const usets[3], unsigned int n)
{
	int i;

	for (i = 0; i < 3; i++)
		if (usets[i] && copy_to_user(usets[i], s->answer[i], set_size(n)))
			return -EFAULT;
	return 0;
}

static long core_select(int n, fd_set __user *const usets[3], const struct poll_deadline *d)
{
	unsigned long on_stack[6 * SELECT_INLINE_LONGS], *mem = on_stack;
	struct select_sets s;
	long ret;
	int i;

	if (n < 0)
		return -EINVAL;
	/* Higher ones cannot be open. */
	n = min_t(unsigned int, n, READ_ONCE(current->files->fdt)->max_fds);
	s.nlongs = DIV_ROUND_UP(n, BITS_PER_LONG);
	if (s.nlongs > SELECT_INLINE_LONGS) {
		mem = kvmalloc(6 * s.nlongs * sizeof(long), GFP_KERNEL);
		if (!mem)
			return -ENOMEM;
	}
	for (i = 0; i < 3; i++) {
		s.ask[i] = mem + i * s.nlongs;
		s.answer[i] = mem + (3 + i) * s.nlongs;
	}
	ret = get_sets(&s, usets, n);
	if (!ret)
		ret = do_select(&s, d);
	if (ret >= 0 && put_sets(&s, usets, n))
		ret = -EFAULT;
	if (mem != on_stack)
		kvfree(mem);
	return ret;
}

/* pselect6's last argument: { const sigset_t *mask; size_t size }. */
static int get_sigset_arg(const void __user *sig, const void __user **mask, size_t *size)
{
	unsigned long mask_word = 0, size_word = 0;

	if (sig && (get_user_word(&mask_word, sig) ||
		    get_user_word(&size_word, (const char __user *)sig + user_word_size())))
		return -EFAULT;
	*mask = (const void __user *)mask_word;
	*size = size_word;
	return 0;
}

static long do_pselect(int n, fd_set __user *in, fd_set __user *out, fd_set __user *ex, void __user *uts,
		       enum time_layout layout, const void __user *sig)
{
	fd_set __user *const usets[3] = { in, out, ex };
	const void __user *mask;
	struct poll_deadline d;
	size_t sigsetsize;
	long ret;

	ret = get_sigset_arg(sig, &mask, &sigsetsize);
	if (!ret)
		ret = get_deadline(&d, uts, layout);
	if (!ret)
		ret = set_user_sigmask(mask, sigsetsize);
	if (ret)
		return ret;
	ret = core_select(n, usets, &d);
	return finish(ret, uts, layout, &d);
}

long sys_pselect6(int n, fd_set __user *in, fd_set __user *out, fd_set __user *ex,
		  struct __kernel_timespec __user *ts, void __user *sig)
{
	return do_pselect(n, in, out, ex, ts, TIME_TIMESPEC64, sig);
}

long sys_ppoll_time32(struct pollfd __user *fds, unsigned int n, void __user *ts, const ksigset_t __user *mask,
		      size_t sigsetsize)
{
	return do_ppoll(fds, n, ts, TIME_TIMESPEC32, mask, sigsetsize);
}

long sys_pselect6_time32(int n, fd_set __user *in, fd_set __user *out, fd_set __user *ex, void __user *ts,
			 void __user *sig)
{
	return do_pselect(n, in, out, ex, ts, TIME_TIMESPEC32, sig);
}

long sys_select_time32(int n, fd_set __user *in, fd_set __user *out, fd_set __user *ex, void __user *tv)
{
	return do_pselect(n, in, out, ex, tv, TIME_TIMEVAL32, NULL);
}
