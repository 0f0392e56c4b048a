// SPDX-License-Identifier: GPL-2.0-only
/*
 * Advisory file locks: flock(2), POSIX record locks (fcntl(2)) and those of open file descriptions.
 *
 * Interface: <fs/locks.h>, locks_*() of <fs/internal.h>, flock(2).
 *
 * An inode gets a context with the first lock.  Its POSIX and OFD locks are kept sorted by start;
 * the locks of one owner never overlap, and neighbours of one type are one lock.  Who has to wait
 * queues itself in the context and is woken, to try again, by whatever frees a part of the range it
 * wants.  Waiters for POSIX locks are also in a system-wide list which says who waits for whom:
 * that is where deadlocks are found.
 *
 * Locks: contexts_lock > [c] ctx->lock > [b] blocked_lock.   [I] immutable
 */
#include <fs/locks.h>

#include <fs/internal.h>
#include <fs/procfs/proc_fs.h>
#include <fs/seq_file.h>
#include <generated/syscalls.h>
#include <kernel/pid.h>
#include <kernel/signal.h>

#define OFFSET_MAX	LLONG_MAX
#define DEADLOCK_HOPS	10		/* as far as a chain of waiters is followed */

enum lock_kind { KIND_FLOCK, KIND_POSIX, KIND_OFD };

struct file_lock {
	struct list_head	node;		/* [c] */
	enum lock_kind		kind;		/* [I] */
	int			type;		/* [I] F_RDLCK, F_WRLCK; request: or F_UNLCK */
	fl_owner_t		owner;		/* [I] files_struct, or struct file */
	struct pid		*pid;		/* [I] who asked; reference, except in requests */
	loff_t			start, end;	/* [c] end is inclusive */
};

struct lock_waiter {
	struct list_head	node;		/* [c] in ctx->waiters until woken */
	struct list_head	blocked_node;	/* [b] in blocked_posix: waiters for POSIX locks */
	struct task_struct	*task;		/* [I] */
	const struct file_lock	*want;		/* [I] */
	fl_owner_t		blocker;	/* [c][b] whose lock is in the way */
	bool			woken;		/* [c], read by the waiter without it */
};

struct file_lock_context {
	spinlock_t		lock;
	struct inode		*inode;		/* [I] */
	struct list_head	all;		/* [contexts_lock] */
	struct list_head	flock;		/* [c] */
	struct list_head	posix;		/* [c] by start */
	struct list_head	waiters;	/* [c] first come, first woken */
};

static struct kmem_cache *file_lock_cache;
static DEFINE_SPINLOCK_RANK(contexts_lock, LOCK_RANK_INODE_HASH);
static LIST_HEAD(all_contexts);			/* contexts_lock */
static DEFINE_SPINLOCK_RANK(blocked_lock, LOCK_RANK_OBJECT_INNER);
static LIST_HEAD(blocked_posix);		/* blocked_lock */

/* ---- contexts ---------------------------------------------------------------------------- */

static struct file_lock_context *context_of(const struct inode *inode)
{
	return smp_load_acquire(&inode->i_flctx);
}

static struct file_lock_context *context_make(struct inode *inode)
{
	struct file_lock_context *ctx = context_of(inode), *fresh;

	if (ctx)
		return ctx;
	fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);
	if (!fresh)
		return NULL;
	spin_lock_init_rank(&fresh->lock, LOCK_RANK_OBJECT);
	fresh->inode = inode;
	INIT_LIST_HEAD(&fresh->flock);
	INIT_LIST_HEAD(&fresh->posix);
	INIT_LIST_HEAD(&fresh->waiters);
	spin_lock(&inode->i_lock);
	ctx = inode->i_flctx;
	if (!ctx)
		smp_store_release(&inode->i_flctx, fresh);
	spin_unlock(&inode->i_lock);
	if (ctx) {
		kfree(fresh);
		return ctx;
	}
	spin_lock(&contexts_lock);
	list_add_tail(&fresh->all, &all_contexts);
	spin_unlock(&contexts_lock);
	return fresh;
}

/* Where there is no context, there is nothing to unlock. */
static struct file_lock_context *context_for(struct inode *inode, const struct file_lock *want)
{
	return want->type == F_UNLCK ? context_of(inode) : context_make(inode);
}

static void lock_free(struct file_lock *fl)
{
	if (!fl)
		return;
	put_pid(fl->pid);
	kmem_cache_free(file_lock_cache, fl);
}

static void locks_free_list(struct list_head *garbage)
{
	struct file_lock *fl, *next;

	list_for_each_entry_safe(fl, next, garbage, node)
		lock_free(fl);
}

/* The inode goes: no file is open, so nobody has or wants a lock. */
void locks_free_context(struct inode *inode)
{
	struct file_lock_context *ctx = inode->i_flctx;

	spin_lock(&contexts_lock);
	list_del(&ctx->all);
	spin_unlock(&contexts_lock);
	WARN_ON_ONCE(!list_empty(&ctx->flock) || !list_empty(&ctx->posix) ||
		     !list_empty(&ctx->waiters));
	locks_free_list(&ctx->flock);
	locks_free_list(&ctx->posix);
	kfree(ctx);
	inode->i_flctx = NULL;
}

/* ---- conflicts and waiting --------------------------------------------------------------- */

static bool overlap(const struct file_lock *a, const struct file_lock *b)
{
	return a->start <= b->end && b->start <= a->end;
}

static struct file_lock *find_conflict(struct list_head *locks, const struct file_lock *want)
{
	struct file_lock *fl;

	list_for_each_entry(fl, locks, node) {
		if (fl->owner == want->owner || !overlap(fl, want))
			continue;
		if (fl->type == F_WRLCK || want->type == F_WRLCK)
			return fl;
	}
	return NULL;
}

/* [b] held: would @owner, if it waited for @blocker, in the end wait for itself? */
static bool would_deadlock(fl_owner_t owner, fl_owner_t blocker)
{
	unsigned int hops;

	for (hops = 0; hops < DEADLOCK_HOPS; hops++) {
		struct lock_waiter *w;
		fl_owner_t next = NULL;

		list_for_each_entry(w, &blocked_posix, blocked_node) {
			if (w->want->owner == blocker) {
				next = w->blocker;
				break;
			}
		}
		if (!next || next == owner)
			return next;
		blocker = next;
	}
	return false;
}

/* [c] held. 0: queued; -EDEADLK. */
static int waiter_queue(struct file_lock_context *ctx, struct lock_waiter *w,
			const struct file_lock *want, const struct file_lock *in_the_way)
{
	int err = 0;

	w->task = current;
	w->want = want;
	w->blocker = in_the_way->owner;
	w->woken = false;
	INIT_LIST_HEAD(&w->blocked_node);
	if (want->kind == KIND_POSIX) {
		spin_lock(&blocked_lock);
		if (would_deadlock(want->owner, w->blocker))
			err = -EDEADLK;
		else
			list_add_tail(&w->blocked_node, &blocked_posix);
		spin_unlock(&blocked_lock);
	}
	if (!err)
		list_add_tail(&w->node, &ctx->waiters);
	return err;
}

/* [c] held. */
static void waiter_unqueue(struct lock_waiter *w)
{
	list_del_init(&w->node);
	spin_lock(&blocked_lock);
	list_del_init(&w->blocked_node);
	spin_unlock(&blocked_lock);
}

/* [c] held: @freed, or a part of it, is free for others now. */
static void wake_waiters(struct file_lock_context *ctx, const struct file_lock *freed)
{
	struct lock_waiter *w, *next;

	list_for_each_entry_safe(w, next, &ctx->waiters, node) {
		if ((w->want->kind == KIND_FLOCK) != (freed->kind == KIND_FLOCK) ||
		    !overlap(w->want, freed))
			continue;
		waiter_unqueue(w);
		WRITE_ONCE(w->woken, true);
		wake_up_process(w->task);
	}
}

/* Until woken. The waiter's structure is off every list afterwards. */
static int waiter_sleep(struct file_lock_context *ctx, struct lock_waiter *w)
{
	int err = 0;

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (READ_ONCE(w->woken))
			break;
		if (signal_pending(current)) {
			err = -ERESTARTSYS;
			break;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	spin_lock(&ctx->lock);		/* and whoever woke us is done with it */
	waiter_unqueue(w);
	spin_unlock(&ctx->lock);
	return err;
}

/* ---- POSIX and OFD locks ----------------------------------------------------------------- */

static struct file_lock *lock_alloc(void)
{
	return kmem_cache_zalloc(file_lock_cache, GFP_KERNEL);
}

static void lock_init(struct file_lock *fl, const struct file_lock *from, loff_t start, loff_t end)
{
	*fl = *from;
	fl->pid = get_pid(from->pid);
	fl->start = start;
	fl->end = end;
}

static void insert_sorted(struct list_head *locks, struct file_lock *fl)
{
	struct file_lock *after;

	list_for_each_entry(after, locks, node)
		if (after->start > fl->start)
			break;
	list_add_tail(&fl->node, &after->node);
}

/* Overlapping or next to it. */
static bool touches(const struct file_lock *fl, loff_t start, loff_t end)
{
	return (!start || fl->end >= start - 1) && (end == OFFSET_MAX || fl->start <= end + 1);
}

/* What is left of @fl without [start, end]; @moved gets those that begin elsewhere now. */
static void cut_out(struct file_lock *fl, loff_t start, loff_t end, struct file_lock **spare,
		    struct list_head *moved, struct list_head *garbage)
{
	if (fl->start < start && fl->end > end) {
		struct file_lock *right = *spare;

		*spare = NULL;
		lock_init(right, fl, end + 1, fl->end);
		list_add_tail(&right->node, moved);
		fl->end = start - 1;
	} else if (fl->start < start) {
		fl->end = start - 1;
	} else if (fl->end > end) {
		fl->start = end + 1;
		list_move_tail(&fl->node, moved);
	} else {
		list_move_tail(&fl->node, garbage);
	}
}

/* [c] held, nothing is in the way. Uses up what it needs of @spare. */
static void posix_apply(struct file_lock_context *ctx, const struct file_lock *want,
			struct file_lock *spare[2], struct list_head *garbage)
{
	loff_t start = want->start, end = want->end;
	struct file_lock *fl, *next;
	LIST_HEAD(moved);

	list_for_each_entry_safe(fl, next, &ctx->posix, node) {
		if (fl->owner != want->owner || !touches(fl, start, end))
			continue;
		if (fl->type == want->type) {
			start = min(start, fl->start);
			end = max(end, fl->end);
			list_move_tail(&fl->node, garbage);
		} else if (fl->start <= end && fl->end >= start) {
			cut_out(fl, start, end, &spare[0], &moved, garbage);
		}
	}
	list_for_each_entry_safe(fl, next, &moved, node) {
		list_del(&fl->node);
		insert_sorted(&ctx->posix, fl);
	}
	if (want->type != F_UNLCK) {
		lock_init(spare[1], want, start, end);
		insert_sorted(&ctx->posix, spare[1]);
		spare[1] = NULL;
	}
	if (want->type != F_WRLCK)
		wake_waiters(ctx, want);
}

/* Taking all locks off needs no memory, so that it cannot fail. */
static int posix_alloc_spare(const struct file_lock *want, struct file_lock *spare[2])
{
	spare[0] = spare[1] = NULL;
	if (want->type == F_UNLCK && !want->start && want->end == OFFSET_MAX)
		return 0;
	spare[0] = lock_alloc();
	spare[1] = lock_alloc();
	if (spare[0] && spare[1])
		return 0;
	lock_free(spare[0]);
	lock_free(spare[1]);
	return -ENOLCK;
}

static int posix_lock(struct inode *inode, const struct file_lock *want, bool wait)
{
	struct file_lock_context *ctx = context_for(inode, want);
	struct file_lock *spare[2], *other;
	struct lock_waiter waiter;
	int err;

	if (!ctx)
		return want->type == F_UNLCK ? 0 : -ENOLCK;
	do {
		LIST_HEAD(garbage);

		err = posix_alloc_spare(want, spare);
		if (err)
			return err;
		spin_lock(&ctx->lock);
		other = want->type == F_UNLCK ? NULL : find_conflict(&ctx->posix, want);
		if (!other)
			posix_apply(ctx, want, spare, &garbage);
		else
			err = wait ? waiter_queue(ctx, &waiter, want, other) : -EAGAIN;
		spin_unlock(&ctx->lock);
		locks_free_list(&garbage);
		lock_free(spare[0]);
		lock_free(spare[1]);
		if (other && !err)
			err = waiter_sleep(ctx, &waiter);
	} while (other && !err);
	return err;
}

/* ---- fcntl(2) ---------------------------------------------------------------------------- */

static int range_from_user(struct file *f, const struct flock64 *u, struct file_lock *fl)
{
	loff_t base;

	switch (u->l_whence) {
	case SEEK_SET:
		base = 0;
		break;
	case SEEK_CUR:
		base = f->f_pos;
		break;
	case SEEK_END:
		base = i_size_read(file_inode(f));
		break;
	default:
		return -EINVAL;
	}
	if (u->l_start > OFFSET_MAX - base)
		return -EOVERFLOW;
	fl->start = base + u->l_start;
	if (fl->start < 0)
		return -EINVAL;
	fl->end = OFFSET_MAX;
	if (u->l_len > 0) {
		if (u->l_len - 1 > OFFSET_MAX - fl->start)
			return -EOVERFLOW;
		fl->end = fl->start + u->l_len - 1;
	} else if (u->l_len < 0) {		/* the bytes before start */
		if (fl->start + u->l_len < 0)
			return -EINVAL;
		fl->end = fl->start - 1;
		fl->start += u->l_len;
	}
	return 0;
}

static int request_from_user(struct file *f, const struct flock64 *u, bool ofd,
			     struct file_lock *fl)
{
	int err = range_from_user(f, u, fl);

	if (err)
		return err;
	if (u->l_type != F_RDLCK && u->l_type != F_WRLCK && u->l_type != F_UNLCK)
		return -EINVAL;
	fl->kind = ofd ? KIND_OFD : KIND_POSIX;
	fl->type = u->l_type;
	fl->owner = ofd ? (fl_owner_t)f : (fl_owner_t)current->files;
	fl->pid = task_tgid(current);
	return 0;
}

int fcntl_getlk(struct file *f, unsigned int cmd, struct flock64 *u)
{
	struct file_lock_context *ctx = context_of(file_inode(f));
	struct file_lock want, *fl;
	int err;

	if (u->l_type != F_RDLCK && u->l_type != F_WRLCK)
		return -EINVAL;
	err = request_from_user(f, u, cmd == F_OFD_GETLK, &want);
	if (err)
		return err;
	if (cmd == F_OFD_GETLK && u->l_pid)
		return -EINVAL;
	u->l_type = F_UNLCK;
	if (!ctx)
		return 0;
	spin_lock(&ctx->lock);
	fl = find_conflict(&ctx->posix, &want);
	if (fl) {
		u->l_type = fl->type;
		u->l_whence = SEEK_SET;
		u->l_start = fl->start;
		u->l_len = fl->end == OFFSET_MAX ? 0 : fl->end - fl->start + 1;
		u->l_pid = fl->kind == KIND_OFD ? -1 : pid_vnr(fl->pid);
	}
	spin_unlock(&ctx->lock);
	return 0;
}

/* A close() of @fd by another thread may have taken our locks off before this one was set. */
static bool closed_meanwhile(unsigned int fd, struct file *f)
{
	struct fd now = fdget_raw(fd);
	bool closed = now.file != f;

	if (now.file)
		fdput(now);
	return closed;
}

int fcntl_setlk(unsigned int fd, struct file *f, unsigned int cmd, const struct flock64 *u)
{
	bool ofd = cmd == F_OFD_SETLK || cmd == F_OFD_SETLKW;
	bool wait = cmd == F_SETLKW || cmd == F_OFD_SETLKW;
	struct inode *inode = file_inode(f);
	struct file_lock want;
	int err = request_from_user(f, u, ofd, &want);

	if (err)
		return err;
	if ((want.type == F_RDLCK && !(f->f_mode & FMODE_READ)) ||
	    (want.type == F_WRLCK && !(f->f_mode & FMODE_WRITE)))
		return -EBADF;
	if (ofd && u->l_pid)
		return -EINVAL;
	err = posix_lock(inode, &want, wait);
	if (!err && !ofd && want.type != F_UNLCK && closed_meanwhile(fd, f)) {
		want.type = F_UNLCK;
		posix_lock(inode, &want, false);
		err = -EBADF;
	}
	return err;
}

void locks_remove_posix(struct file *f, fl_owner_t owner)
{
	struct file_lock all = {
		.kind = KIND_POSIX, .type = F_UNLCK, .owner = owner, .end = OFFSET_MAX,
	};
	struct file_lock_context *ctx = context_of(file_inode(f));

	if (ctx && !list_empty(&ctx->posix))
		posix_lock(file_inode(f), &all, false);
}

/* ---- flock(2) ---------------------------------------------------------------------------- */

/* [c] held: the lock of @want's open file goes, unless it is what is wanted (then true). */
static bool flock_has(struct file_lock_context *ctx, const struct file_lock *want,
		      struct list_head *garbage)
{
	struct file_lock *fl;

	list_for_each_entry(fl, &ctx->flock, node) {
		if (fl->owner != want->owner)
			continue;
		if (fl->type == want->type)
			return true;
		list_move_tail(&fl->node, garbage);
		wake_waiters(ctx, fl);
		break;
	}
	return want->type == F_UNLCK;
}

/* [c] held. 0: done; 1: queued; -EAGAIN. A conversion that must wait has lost the old lock. */
static int flock_try(struct file_lock_context *ctx, const struct file_lock *want,
		     struct file_lock **fresh, struct lock_waiter *waiter,
		     struct list_head *garbage)
{
	struct file_lock *other;

	if (flock_has(ctx, want, garbage))
		return 0;
	other = find_conflict(&ctx->flock, want);
	if (other) {
		if (!waiter)
			return -EAGAIN;
		waiter_queue(ctx, waiter, want, other);
		return 1;
	}
	lock_init(*fresh, want, 0, OFFSET_MAX);
	list_add_tail(&(*fresh)->node, &ctx->flock);
	*fresh = NULL;
	return 0;
}

static int flock_lock(struct inode *inode, const struct file_lock *want, bool wait)
{
	struct file_lock_context *ctx = context_for(inode, want);
	struct file_lock *fresh = NULL;
	struct lock_waiter waiter;
	int err;

	if (!ctx)
		return want->type == F_UNLCK ? 0 : -ENOMEM;
	if (want->type != F_UNLCK) {
		fresh = lock_alloc();
		if (!fresh)
			return -ENOMEM;
	}
	do {
		LIST_HEAD(garbage);

		spin_lock(&ctx->lock);
		err = flock_try(ctx, want, &fresh, wait ? &waiter : NULL, &garbage);
		spin_unlock(&ctx->lock);
		locks_free_list(&garbage);
		if (err <= 0)
			break;
		err = waiter_sleep(ctx, &waiter);
	} while (!err);
	lock_free(fresh);
	return err;
}

static int flock_type(unsigned int cmd)
{
	switch (cmd) {
	case LOCK_SH:
		return F_RDLCK;
	case LOCK_EX:
		return F_WRLCK;
	case LOCK_UN:
		return F_UNLCK;
	}
	return -EINVAL;
}

long sys_flock(unsigned int fd, unsigned int cmd)
{
	struct file_lock want = {
		.kind = KIND_FLOCK, .end = OFFSET_MAX, .pid = task_tgid(current),
	};
	struct fd f;
	int err = -EBADF;

	if (cmd & LOCK_MAND)		/* mandatory locks are no more: accepted and ignored */
		return 0;
	want.type = flock_type(cmd & ~LOCK_NB);
	if (want.type < 0)
		return want.type;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	want.owner = f.file;
	if (want.type == F_UNLCK || (f.file->f_mode & (FMODE_READ | FMODE_WRITE)))
		err = flock_lock(file_inode(f.file), &want, !(cmd & LOCK_NB));
	fdput(f);
	return err;
}

/* The last reference to an open file goes, and with it what it owns. */
void locks_remove_file(struct file *f)
{
	struct file_lock all = {
		.kind = KIND_FLOCK, .type = F_UNLCK, .owner = f, .end = OFFSET_MAX,
	};

	flock_lock(file_inode(f), &all, false);
	all.kind = KIND_OFD;
	posix_lock(file_inode(f), &all, false);
}

/* ---- /proc/locks ------------------------------------------------------------------------- */

static void show_lock(struct seq_file *m, const struct inode *inode, const struct file_lock *fl,
		      int id, const char *prefix)
{
	static const char *const kinds[] = {
		[KIND_FLOCK] = "FLOCK", [KIND_POSIX] = "POSIX", [KIND_OFD] = "OFDLCK",
	};
	dev_t dev = inode->i_sb->s_dev;
	int nr = fl->kind == KIND_OFD ? -1 : pid_nr_ns(fl->pid, proc_seq_pid_ns(m));

	if (!nr)
		return;			/* of somebody who is not seen there */
	seq_printf(m, "%d: %s%-6s ADVISORY  %s %d %02x:%02x:%llu %lld ", id, prefix,
		   kinds[fl->kind], fl->type == F_WRLCK ? "WRITE" : "READ",
		   nr, MAJOR(dev), MINOR(dev),
		   inode->i_ino, fl->start);
	if (fl->end == OFFSET_MAX)
		seq_puts(m, "EOF\n");
	else
		seq_printf(m, "%lld\n", fl->end);
}

/* [c] held: the locks of a list, each followed by those who wait for it. */
static int show_lock_list(struct seq_file *m, struct file_lock_context *ctx,
			  struct list_head *locks, int id)
{
	struct file_lock *fl;
	struct lock_waiter *w;

	list_for_each_entry(fl, locks, node) {
		show_lock(m, ctx->inode, fl, id, "");
		list_for_each_entry(w, &ctx->waiters, node)
			if (w->blocker == fl->owner && overlap(w->want, fl))
				show_lock(m, ctx->inode, w->want, id, "-> ");
		id++;
	}
	return id;
}

void show_locks(struct seq_file *m)
{
	struct file_lock_context *ctx;
	int id = 1;

	spin_lock(&contexts_lock);
	list_for_each_entry(ctx, &all_contexts, all) {
		spin_lock(&ctx->lock);
		id = show_lock_list(m, ctx, &ctx->flock, id);
		id = show_lock_list(m, ctx, &ctx->posix, id);
		spin_unlock(&ctx->lock);
	}
	spin_unlock(&contexts_lock);
}

void __init locks_init(void)
{
	file_lock_cache = kmem_cache_create("file_lock_cache", sizeof(struct file_lock), 0,
					    SLAB_PANIC, NULL);
}
