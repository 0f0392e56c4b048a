// SPDX-License-Identifier: GPL-2.0-only
/* flock(2): one lock for the whole file, which belongs to an open file. Locks: file_lock.h. */
#include <fs/file_lock.h>

#include <generated/syscalls.h>

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
		lock_wake_waiters(ctx, fl);
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
	other = lock_find_conflict(&ctx->flock, want);
	if (other) {
		if (!waiter)
			return -EAGAIN;
		lock_waiter_queue(ctx, waiter, want, other);
		return 1;
	}
	lock_init(*fresh, want, 0, OFFSET_MAX);
	list_add_tail(&(*fresh)->node, &ctx->flock);
	*fresh = NULL;
	return 0;
}

static int flock_lock(struct inode *inode, const struct file_lock *want, bool wait)
{
	struct file_lock_context *ctx = lock_context_for(inode, want);
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
		lock_free_list(&garbage);
		if (err <= 0)
			break;
		err = lock_waiter_sleep(ctx, &waiter, MAX_SCHEDULE_TIMEOUT_NS);
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

void locks_remove_flock(struct file *f)
{
	struct file_lock all = {
		.kind = KIND_FLOCK, .type = F_UNLCK, .owner = f, .end = OFFSET_MAX,
	};

	flock_lock(file_inode(f), &all, false);
}
