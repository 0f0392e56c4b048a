// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leases (fcntl(2) F_SETLEASE): who has one is told by a signal that somebody opens or truncates the file, who waits
 * until the lease is given back or made a read lease, or until its time is over.
 *
 * Interface: <fs/locks.h>, lease_remove_file() of file_lock.h.
 *
 * inode->i_leased counts the leases of a file and those who are about to have one; open() looks at nothing else.  It
 * does so after the file is counted as open (i_writecount, d_count), without a barrier: the barrier on each CPU in
 * lease_set(), between counting the lease and looking at who has the file open, makes one of the two see the other.
 *
 * Locks: i_lock > [c] ctx->lock of file_lock.h > the f_lock of the file whose lease it is.  Signals are sent with
 * none of them held.
 */
#include <fs/locks.h>

#include <fs/fasync.h>
#include <fs/file_lock.h>
#include <kernel/signal.h>
#include <kernel/smp.h>
#include <kernel/time/timekeeping.h>

int leases_enable = 1;
int lease_break_time = 45;			/* seconds; 0: for ever */

/* ---- the leases of a file: [c] held ---------------------------------------------------------- */

int lease_target_type(const struct lease *l)
{
	if (l->unlock_pending)
		return F_UNLCK;
	return l->downgrade_pending ? F_RDLCK : l->fl.type;
}

static struct lease *lease_of(struct file_lock_context *ctx, const struct file *f)
{
	struct lease *l;

	list_for_each_entry(l, &ctx->leases, fl.node)
		if (l->file == f)
			return l;
	return NULL;
}

static void lease_free(struct lease *l)
{
	if (l)
		put_pid(l->fl.pid);
	kfree(l);
}

static void lease_unlock(struct file_lock_context *ctx, struct lease *l)
{
	list_del(&l->fl.node);
	ctx->inode->i_leased--;
	lock_wake_waiters(ctx, &l->fl);
	fasync_forget_owner(l->file);
	lease_free(l);
}

static void lease_change(struct file_lock_context *ctx, struct lease *l, int type)
{
	l->fl.type = type;
	if (type == F_RDLCK)
		l->downgrade_pending = false;
	lock_wake_waiters(ctx, &l->fl);
}

/* Those whose holders did not react in time. */
static void lease_time_out(struct file_lock_context *ctx)
{
	struct lease *l, *next;
	u64 now = ktime_get_ns();

	list_for_each_entry_safe(l, next, &ctx->leases, fl.node) {
		if (l->downgrade_at && now >= l->downgrade_at)
			lease_change(ctx, l, F_RDLCK);
		if (l->break_at && now >= l->break_at)
			lease_unlock(ctx, l);
	}
}

/* ---- getting one ----------------------------------------------------------------------------- */

/* i_lock held: how often the inode is used by way of its names, without the references that keep those in memory. */
static int count_users(struct inode *inode)
{
	bool pinned = inode->i_sb->s_type->kill_sb == kill_litter_super;
	struct dentry *dentry;
	int n = 0;

	hlist_for_each_entry(dentry, &inode->i_dentry, d_alias)
		n += atomic_read(&dentry->d_count) - (pinned && !d_unhashed(dentry));
	return n;
}

/* A read lease wants no writer, a write lease nobody else at all. */
static bool opened_by_others(const struct file *f, int type)
{
	struct inode *inode = file_inode(f);
	int writers = atomic_read(&inode->i_writecount);

	if (type == F_RDLCK)
		return writers > 0;
	return writers != !!(f->f_mode & FMODE_WRITE) || count_users(inode) > 1;
}

/* i_lock and [c] held. *@fresh becomes NULL when it is used. */
static int lease_set_locked(struct file_lock_context *ctx, struct file *f, int type, struct lease **fresh,
			    struct pid *self)
{
	struct lease *l, *own = NULL;

	lease_time_out(ctx);
	if (opened_by_others(f, type))
		return -EAGAIN;
	list_for_each_entry(l, &ctx->leases, fl.node) {
		if (l->file == f)
			own = l;
		else if (type == F_WRLCK || l->unlock_pending)
			return -EAGAIN;
	}
	if (own) {
		lease_change(ctx, own, type);
		own->fd = (*fresh)->fd;
	} else if (!leases_enable) {
		return -EINVAL;
	} else {
		list_add_tail(&(*fresh)->fl.node, &ctx->leases);
		ctx->inode->i_leased++;
		*fresh = NULL;
	}
	fasync_default_owner(f, self, FASYNC);
	return 0;
}

static struct lease *lease_alloc(unsigned int fd, struct file *f, int type)
{
	struct lease *l = kzalloc(sizeof(*l), GFP_KERNEL);

	if (!l)
		return NULL;
	l->fl = (struct file_lock){
		.kind = KIND_LEASE, .type = type, .owner = f, .pid = get_pid(task_tgid(current)), .end = OFFSET_MAX,
	};
	l->file = f;
	l->fd = fd;
	return l;
}

static int lease_set(unsigned int fd, struct file *f, int type)
{
	struct inode *inode = file_inode(f);
	struct file_lock_context *ctx = lock_context_make(inode);
	struct lease *fresh = lease_alloc(fd, f, type);
	struct pid *self;
	int err = -ENOLCK;

	if (!ctx || !fresh) {
		lease_free(fresh);
		return -ENOMEM;
	}
	self = get_task_pid(current, PIDTYPE_PID);
	spin_lock(&ctx->lock);
	if (inode->i_leased < U16_MAX - 1) {
		inode->i_leased++;
		spin_unlock(&ctx->lock);
		barrier_everywhere();
		spin_lock(&inode->i_lock);
		spin_lock(&ctx->lock);
		err = lease_set_locked(ctx, f, type, &fresh, self);
		inode->i_leased--;
		spin_unlock(&ctx->lock);
		spin_unlock(&inode->i_lock);
	} else {
		spin_unlock(&ctx->lock);
	}
	put_pid(self);
	lease_free(fresh);
	return err;
}

static int lease_delete(struct file *f)
{
	struct file_lock_context *ctx = lock_context(file_inode(f));
	struct lease *l;

	if (!ctx)
		return -EAGAIN;
	spin_lock(&ctx->lock);
	l = lease_of(ctx, f);
	if (l)
		lease_unlock(ctx, l);
	spin_unlock(&ctx->lock);
	return l ? 0 : -EAGAIN;
}

void lease_remove_file(struct file *f)
{
	lease_delete(f);
}

int fcntl_setlease(unsigned int fd, struct file *f, unsigned long type)
{
	const struct inode *inode = file_inode(f);

	if (type != F_RDLCK && type != F_WRLCK && type != F_UNLCK)
		return -EINVAL;
	if (current_fsuid() != inode->i_uid && !capable(CAP_LEASE))
		return -EACCES;
	if (!S_ISREG(inode->i_mode))
		return -EINVAL;
	return type == F_UNLCK ? lease_delete(f) : lease_set(fd, f, type);
}

int fcntl_getlease(struct file *f)
{
	struct file_lock_context *ctx = lock_context(file_inode(f));
	struct lease *l;
	int type = F_UNLCK;

	if (!ctx)
		return type;
	spin_lock(&ctx->lock);
	lease_time_out(ctx);
	l = lease_of(ctx, f);
	if (l)
		type = lease_target_type(l);
	spin_unlock(&ctx->lock);
	return type;
}

/* ---- breaking -------------------------------------------------------------------------------- */

static bool in_the_way(const struct lease *l, int want)
{
	return l->fl.type == F_WRLCK || want == F_WRLCK;
}

/* [c] held: mark the next one whose holder does not know yet, until @at. NULL: all do. */
static struct lease *lease_mark(struct file_lock_context *ctx, int want, u64 at)
{
	struct lease *l;

	list_for_each_entry(l, &ctx->leases, fl.node) {
		if (!in_the_way(l, want) || l->unlock_pending)
			continue;
		if (want == F_WRLCK) {
			l->unlock_pending = true;
			l->break_at = at;
			return l;
		}
		if (!l->downgrade_pending) {
			l->downgrade_pending = true;
			l->downgrade_at = at;
			return l;
		}
	}
	return NULL;
}

/* [c] held, and let go of while signals are sent. */
static void lease_tell_holders(struct file_lock_context *ctx, int want)
{
	int seconds = READ_ONCE(lease_break_time);
	u64 at = seconds > 0 ? ktime_get_ns() + seconds * (u64)NSEC_PER_SEC : 0;
	struct lease *l;

	while ((l = lease_mark(ctx, want, at))) {
		struct fown_struct owner = fasync_owner(l->file);
		int fd = l->fd;

		spin_unlock(&ctx->lock);
		send_sigio_to(&owner, fd, POLL_MSG);
		put_pid(owner.pid);
		spin_lock(&ctx->lock);
	}
}

/* [c] held: what is still to be waited for, NULL: nothing. */
static struct lease *lease_blocking(struct file_lock_context *ctx, int want)
{
	struct lease *l;

	lease_time_out(ctx);
	list_for_each_entry(l, &ctx->leases, fl.node)
		if (in_the_way(l, want))
			return l;
	return NULL;
}

static u64 time_left(const struct lease *l)
{
	u64 at = l->unlock_pending ? l->break_at : l->downgrade_at, now = ktime_get_ns();

	if (!at)
		return MAX_SCHEDULE_TIMEOUT_NS;
	return at > now ? at - now : 1;
}

int lease_break(struct inode *inode, unsigned int flags)
{
	struct file_lock_context *ctx = lock_context(inode);
	struct file_lock want = {
		.kind = KIND_LEASE, .type = (flags & O_ACCMODE) ? F_WRLCK : F_RDLCK, .pid = task_tgid(current),
		.end = OFFSET_MAX,
	};
	struct lease *l;
	int err = 0;

	spin_lock(&ctx->lock);
	lease_time_out(ctx);
	lease_tell_holders(ctx, want.type);
	while (!err && (l = lease_blocking(ctx, want.type))) {
		struct lock_waiter waiter;
		u64 left = time_left(l);

		if (flags & O_NONBLOCK) {
			err = -EWOULDBLOCK;
			break;
		}
		lock_waiter_queue(ctx, &waiter, &want, &l->fl);
		spin_unlock(&ctx->lock);
		err = lock_waiter_sleep(ctx, &waiter, left);
		spin_lock(&ctx->lock);
	}
	spin_unlock(&ctx->lock);
	return err;
}
