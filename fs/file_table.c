// SPDX-License-Identifier: GPL-2.0-only
/*
 * struct file: allocation and the last reference.
 *
 * fput() of the last reference may be called with locks held (an unmapped VMA, a passed descriptor), so
 * the release is put off until the task goes back to user mode, or to a work item where there is no such task.
 * close(2) holds nothing and releases at once: __fput_sync().
 */
#include <fs/internal.h>

#include <fs/fsnotify.h>
#include <fs/mount.h>
#include <fs/poll.h>
#include <kernel/pid.h>
#include <kernel/workqueue.h>
#include <kernel/lib/string.h>

static struct kmem_cache *file_cache;
static atomic_long_t nr_files;
unsigned long files_max;			/* fs.file-max */

static DEFINE_SPINLOCK(deferred_lock);
static LIST_HEAD(deferred_files);		/* deferred_lock; by f_work.node */

unsigned long nr_open_files(void)
{
	return atomic_long_read(&nr_files);
}

/* Each member, one by one: zeroing all of it first costs as much again. */
static void file_init(struct file *f, int flags, const struct cred *cred)
{
	atomic_long_set(&f->f_count, 1);
	f->f_mode = (flags + 1) & O_ACCMODE;	/* O_RDONLY, O_WRONLY, O_RDWR are 0, 1, 2 */
	f->f_flags = flags;
	f->f_op = &empty_fops;
	f->f_pos = 0;
	f->f_path.mnt = NULL;
	f->f_path.dentry = NULL;
	f->f_inode = NULL;
	f->f_mapping = NULL;
	spin_lock_init_rank(&f->f_lock, LOCK_RANK_OBJECT);
	mutex_init_rank(&f->f_pos_lock, LOCK_RANK_FILE_POS);
	f->f_cred = get_cred(cred);
	f->f_owner = (struct fown_struct){ 0 };
	f->private_data = NULL;
	INIT_LIST_HEAD(&f->f_ep_links);
	f->f_version = 0;
	f->f_wb_err = 0;
	INIT_LIST_HEAD(&f->f_work.node);
	f->f_work.func = NULL;
}

struct file *alloc_empty_file(int flags, const struct cred *cred)
{
	struct file *f;

	if (unlikely(atomic_long_add_return_relaxed(1, &nr_files) > (long)files_max &&
		     !capable(CAP_SYS_ADMIN))) {
		atomic_long_dec(&nr_files);
		return ERR_PTR(-ENFILE);
	}
	f = kmem_cache_alloc(file_cache, GFP_KERNEL);
	if (unlikely(!f)) {
		atomic_long_dec(&nr_files);
		return ERR_PTR(-ENOMEM);
	}
	file_init(f, flags, cred);
	return f;
}

struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name, int flags,
			       const struct file_operations *fops)
{
	struct qstr q = { .name = (const unsigned char *)name, .len = strlen(name) };
	struct dentry *dentry;
	struct file *f;

	f = alloc_empty_file(flags, current_cred());
	if (IS_ERR(f))
		return f;
	dentry = d_alloc_pseudo(mnt->mnt_sb, &q);
	if (!dentry) {
		__fput_sync(f);
		return ERR_PTR(-ENOMEM);
	}
	d_instantiate(dentry, inode);
	f->f_path.mnt = mntget(mnt);
	f->f_path.dentry = dentry;
	f->f_inode = inode;
	f->f_mapping = inode->i_mapping;
	f->f_op = fops;
	f->f_mode |= FMODE_OPENED;
	if (fops->llseek)
		f->f_mode |= FMODE_LSEEK;
	if (S_ISREG(inode->i_mode))
		f->f_mode |= FMODE_ATOMIC_POS;
	return f;
}

struct file *get_file(struct file *f)
{
	atomic_long_inc(&f->f_count);
	return f;
}

static void file_free(struct file *f)
{
	put_cred(f->f_cred);
	kmem_cache_free(file_cache, f);
	atomic_long_dec(&nr_files);
}

static void release_opened(struct file *f)
{
	struct inode *inode = f->f_inode;

	fsnotify_file(f, (f->f_mode & FMODE_WRITE) ? IN_CLOSE_WRITE : IN_CLOSE_NOWRITE);
	if (unlikely(!list_empty(&f->f_ep_links)))
		eventpoll_release_file(f);
	if (unlikely(inode->i_flctx))
		locks_remove_file(f);
	if (unlikely(f->f_flags & FASYNC) && f->f_op->fasync)
		f->f_op->fasync(-1, f, 0);
	if (f->f_op->release)
		f->f_op->release(inode, f);
	if (f->f_mode & FMODE_WRITER) {
		put_write_access(inode);
		mnt_drop_write(f->f_path.mnt);
	}
	if (unlikely(f->f_owner.pid))
		put_pid(f->f_owner.pid);
}

static void release_file(struct file *f)
{
	if (likely(f->f_mode & FMODE_OPENED)) {
		release_opened(f);
		path_put(&f->f_path);
	}
	file_free(f);
}

void __fput_sync(struct file *f)
{
	if (atomic_long_dec_and_test(&f->f_count))
		release_file(f);
}

/* ---- later ----------------------------------------------------------------------------------- */

static void release_from_task(struct callback_head_work *work)
{
	release_file(container_of(work, struct file, f_work));
}

static void release_deferred(struct work_struct *work)
{
	struct file *f;

	for (;;) {
		unsigned long flags;

		spin_lock_irqsave(&deferred_lock, flags);
		f = list_first_entry_or_null(&deferred_files, struct file, f_work.node);
		if (f)
			list_del_init(&f->f_work.node);
		spin_unlock_irqrestore(&deferred_lock, flags);
		if (!f)
			return;
		release_file(f);
	}
}

static DECLARE_WORK(deferred_work, release_deferred);

void fput(struct file *f)
{
	unsigned long flags;

	if (!atomic_long_dec_and_test(&f->f_count))
		return;
	if (likely(!in_interrupt() && !(current->flags & PF_KTHREAD))) {
		f->f_work.func = release_from_task;
		if (!task_work_add(current, &f->f_work))
			return;
	}
	spin_lock_irqsave(&deferred_lock, flags);
	list_add_tail(&f->f_work.node, &deferred_files);
	spin_unlock_irqrestore(&deferred_lock, flags);
	schedule_work(&deferred_work);
}

/* What the descriptor table @id has by way of @f, and loses with the first descriptor of it that it closes. */
static noinline void close_owned(struct file *f, fl_owner_t id)
{
	locks_remove_posix(f, id);
	dnotify_flush(f, id);
}

int filp_close(struct file *f, fl_owner_t id)
{
	int err = 0;

	if (f->f_op->flush)
		err = f->f_op->flush(f, id);
	if (unlikely(f->f_inode->i_flctx) && !(f->f_mode & FMODE_PATH))
		close_owned(f, id);
	__fput_sync(f);
	return err;
}

/* A tenth of memory may be files, at about 1 KiB each with inode and dentry. */
void __init files_init(void)
{
	file_cache = kmem_cache_create("filp", sizeof(struct file), 0, SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	files_max = max(totalram_pages() * (PAGE_SIZE / 1024) / 10, 8192UL);
}
