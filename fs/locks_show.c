// SPDX-License-Identifier: GPL-2.0-only
/* /proc/locks: each lock, followed by those who wait for it. Locks: file_lock.h. */
#include <fs/locks.h>

#include <fs/file_lock.h>
#include <fs/procfs/proc_fs.h>
#include <fs/seq_file.h>

static void show_lease(struct seq_file *m, const struct file_lock *fl, int nr)
{
	const struct lease *l = container_of(fl, struct lease, fl);
	int type = fl->type;

	if (!fl->owner) {		/* somebody who waits */
		seq_puts(m, "BREAKER   ");
	} else {
		seq_puts(m, l->unlock_pending || l->downgrade_pending ? "BREAKING  " : "ACTIVE    ");
		type = lease_target_type(l);
	}
	seq_printf(m, "%s %d ", type == F_WRLCK ? "WRITE" : type == F_RDLCK ? "READ" : "UNLCK", nr);
}

static void show_lock(struct seq_file *m, const struct inode *inode, const struct file_lock *fl, int id,
		      const char *prefix)
{
	static const char kinds[][7] = {
		[KIND_FLOCK] = "FLOCK", [KIND_POSIX] = "POSIX", [KIND_OFD] = "OFDLCK", [KIND_LEASE] = "LEASE",
	};
	dev_t dev = inode->i_sb->s_dev;
	int nr = fl->kind == KIND_OFD ? -1 : pid_nr_ns(fl->pid, proc_seq_pid_ns(m));

	if (!nr)
		return;			/* of somebody who is not seen there */
	seq_printf(m, "%d: %s%-6s ", id, prefix, kinds[fl->kind]);
	if (fl->kind == KIND_LEASE)
		show_lease(m, fl, nr);
	else
		seq_printf(m, "ADVISORY  %s %d ", fl->type == F_WRLCK ? "WRITE" : "READ", nr);
	if (fl->kind == KIND_LEASE && !fl->owner)
		seq_puts(m, "<none>:0 ");
	else
		seq_printf(m, "%02x:%02x:%llu ", MAJOR(dev), MINOR(dev), inode->i_ino);
	seq_printf(m, fl->end == OFFSET_MAX ? "%lld EOF\n" : "%lld %lld\n", fl->start, fl->end);
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
			if (w->blocker == fl->owner && locks_overlap(w->want, fl))
				show_lock(m, ctx->inode, w->want, id, "-> ");
		id++;
	}
	return id;
}

void show_locks(struct seq_file *m)
{
	struct file_lock_context *ctx;
	int id = 1;

	spin_lock(&lock_contexts_lock);
	list_for_each_entry(ctx, &lock_contexts, all) {
		spin_lock(&ctx->lock);
		id = show_lock_list(m, ctx, &ctx->flock, id);
		id = show_lock_list(m, ctx, &ctx->posix, id);
		id = show_lock_list(m, ctx, &ctx->leases, id);
		spin_unlock(&ctx->lock);
	}
	spin_unlock(&lock_contexts_lock);
}
