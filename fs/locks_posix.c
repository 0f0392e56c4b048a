// SPDX-License-Identifier: GPL-2.0-only
/*
 * POSIX record locks and those of open file descriptions, and their commands of fcntl(2).
 *
 * Interface: <fs/locks.h>, locks_remove_posix() and locks_remove_ofd().  The locks of an inode are kept sorted by
 * start; the locks of one owner never overlap, and neighbours of one type are one lock.  Locks: file_lock.h.
 */
#include <fs/locks.h>

#include <fs/file_lock.h>
#include <fs/file.h>

/* ---- POSIX and OFD locks ----------------------------------------------------------------- */

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
		lock_wake_waiters(ctx, want);
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
	struct file_lock_context *ctx = lock_context_for(inode, want);
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
		other = want->type == F_UNLCK ? NULL : lock_find_conflict(&ctx->posix, want);
		if (!other)
			posix_apply(ctx, want, spare, &garbage);
		else
			err = wait ? lock_waiter_queue(ctx, &waiter, want, other) : -EAGAIN;
		spin_unlock(&ctx->lock);
		lock_free_list(&garbage);
		lock_free(spare[0]);
		lock_free(spare[1]);
		if (other && !err)
			err = lock_waiter_sleep(ctx, &waiter, MAX_SCHEDULE_TIMEOUT_NS);
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
	struct file_lock_context *ctx = lock_context(file_inode(f));
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
	fl = lock_find_conflict(&ctx->posix, &want);
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
	if (!err && !ofd && want.type != F_UNLCK && fd_was_closed(fd, f)) {
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
	struct file_lock_context *ctx = lock_context(file_inode(f));

	if (ctx && !list_empty(&ctx->posix))
		posix_lock(file_inode(f), &all, false);
}

void locks_remove_ofd(struct file *f)
{
	struct file_lock all = {
		.kind = KIND_OFD, .type = F_UNLCK, .owner = f, .end = OFFSET_MAX,
	};

	posix_lock(file_inode(f), &all, false);
}
