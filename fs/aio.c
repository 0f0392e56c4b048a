// SPDX-License-Identifier: GPL-2.0-only
/*
 * io_setup(2), io_destroy(2), io_getevents(2): contexts of asynchronous I/O and their rings of events.
 *
 * A ring is a file in memory that is mapped where user space may read events by itself.  The kernel keeps the pages
 * and writes by its own addresses, so that an event can be posted from any context; of what user space can change
 * only the head is believed, modulo the size: whoever lies there loses its own events, nothing else.
 *
 * A context belongs to an address space.  Who destroys it takes it off the list, wakes the sleepers, cancels what
 * waits, and frees it when all have let go of it.
 *
 * Interface: <fs/aio.h>; <fs/aio_internal.h> for requests.  Locking: there; ring_lock is taken before mmap_lock.
 */
#include <fs/aio.h>

#include <fs/aio_internal.h>
#include <fs/time32_syscalls.h>
#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <kernel/compat.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <mm/filemap.h>
#include <mm/mm.h>
#include <mm/shmem.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define RING_MAGIC		0xa10a10a1
#define RING_MAX_EVENTS		(0x10000000U / sizeof(struct io_event))
#define EVENTS_A_PAGE		(PAGE_SIZE / sizeof(struct io_event))
#define EVENTS_IN_PAGE(event)	(EVENTS_A_PAGE - ((event) + 1) % EVENTS_A_PAGE)	/* from this one to its page's end */

unsigned long aio_nr;				/* [g] */
unsigned long aio_max_nr = 0x10000;

static DEFINE_SPINLOCK_RANK(aio_lock, LOCK_RANK_OBJECT);

/* ---- the ring -------------------------------------------------------------------------------- */

static struct aio_ring *ring_of(const struct kioctx *ctx)
{
	return ctx->pages[0];
}

/* The header is as large as one event. */
static struct io_event *event_at(const struct kioctx *ctx, unsigned int i)
{
	unsigned long offset = sizeof(struct aio_ring) + i * sizeof(struct io_event);

	return ctx->pages[offset >> PAGE_SHIFT] + (offset & ~PAGE_MASK);
}

/* What user space has left in the ring. */
static unsigned int head_of(const struct kioctx *ctx)
{
	return READ_ONCE(ring_of(ctx)->head) % ctx->nr;
}

bool aio_take_slot(struct kioctx *ctx)
{
	bool room;

	spin_lock_irq(&ctx->lock);
	room = ctx->in_flight + (ctx->tail + ctx->nr - head_of(ctx)) % ctx->nr < ctx->limit;
	ctx->in_flight += room;
	spin_unlock_irq(&ctx->lock);
	return room;
}

void aio_return_slot(struct kioctx *ctx)
{
	spin_lock_irq(&ctx->lock);
	ctx->in_flight--;
	spin_unlock_irq(&ctx->lock);
}

void aio_post(struct kioctx *ctx, u64 obj, u64 data, s64 res)
{
	assert_held(&ctx->lock);
	*event_at(ctx, ctx->tail) = (struct io_event){ .obj = obj, .data = data, .res = res };
	ctx->tail = (ctx->tail + 1) % ctx->nr;
	smp_wmb();		/* the event before the tail that tells of it */
	WRITE_ONCE(ring_of(ctx)->tail, ctx->tail);
	WRITE_ONCE(ctx->posted, ctx->posted + 1);
	ctx->in_flight--;
	if (wq_has_sleeper(&ctx->wait))
		wake_up(&ctx->wait);
}

/* Up to @nr events go to @events. Their number or -EFAULT, which leaves all of them. */
static long take_events(struct kioctx *ctx, struct io_event __user *events, long nr)
{
	unsigned int head, tail, n;
	long done = 0;

	mutex_lock(&ctx->ring_lock);
	head = head_of(ctx);
	tail = READ_ONCE(ring_of(ctx)->tail) % ctx->nr;
	smp_rmb();
	while (done < nr && head != tail) {
		n = min((head < tail ? tail : ctx->nr) - head, (unsigned int)EVENTS_IN_PAGE(head));
		n = min_t(long, n, nr - done);
		if (copy_to_user(events + done, event_at(ctx, head), n * sizeof(*events))) {
			done = -EFAULT;
			break;
		}
		done += n;
		head = (head + n) % ctx->nr;
	}
	if (done > 0)
		WRITE_ONCE(ring_of(ctx)->head, head);
	mutex_unlock(&ctx->ring_lock);
	return done;
}

/* mremap of a ring: the context is known by the new address. Of a forked child, which has no context: -EINVAL. */
static int ring_moved(struct vm_area_struct *vma)
{
	struct kioctx *ctx;

	spin_lock(&aio_lock);
	for (ctx = vma->vm_mm->aio; ctx && ctx->file != vma->vm_file; ctx = ctx->next)
		;
	if (ctx)
		ctx->user_id = vma->vm_start;
	spin_unlock(&aio_lock);
	return ctx ? 0 : -EINVAL;
}

static const struct vm_operations ring_vm_ops = {
	.fault		= shmem_fault,
	.map_pages	= filemap_map_pages,
	.mremap		= ring_moved,
};

static int map_ring(struct kioctx *ctx)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	unsigned long addr;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	addr = do_mmap(ctx->file, 0, (unsigned long)ctx->nr_pages << PAGE_SHIFT, PROT_READ | PROT_WRITE, MAP_SHARED,
		       VM_DONTEXPAND, 0);
	if (!IS_ERR_VALUE(addr)) {
		vma = vma_lookup(mm, addr);
		vma->vm_ops = &ring_vm_ops;
		vma->vm_flags &= ~VM_MAYEXEC;
		ctx->user_id = addr;
	}
	mmap_write_unlock(mm);
	return IS_ERR_VALUE(addr) ? -ENOMEM : 0;
}

static int get_pages(struct kioctx *ctx)
{
	struct inode *inode = file_inode(ctx->file);

	ctx->pages = kvmalloc(ctx->nr_pages * sizeof(*ctx->pages), GFP_KERNEL);
	if (!ctx->pages)
		return -ENOMEM;
	memset(ctx->pages, 0, ctx->nr_pages * sizeof(*ctx->pages));
	for (unsigned int i = 0; i < ctx->nr_pages; i++) {
		struct page *page = shmem_get_page(inode, i);

		if (IS_ERR(page))
			return -ENOMEM;
		unlock_page(page);
		ctx->pages[i] = page_address(page);
	}
	return 0;
}

/* ---- contexts ---------------------------------------------------------------------------------- */

void aio_put(struct kioctx *ctx)
{
	if (atomic_dec_and_test(&ctx->refs))
		complete(&ctx->gone);
}

struct kioctx *aio_lookup(unsigned long user_id)
{
	const struct aio_ring __user *ring = (const void __user *)user_id;
	struct kioctx *ctx;
	u32 id;

	if (get_user(id, &ring->id))
		return NULL;
	spin_lock(&aio_lock);
	for (ctx = current->mm->aio; ctx && (ctx->user_id != user_id || ctx->id != id); ctx = ctx->next)
		;
	if (ctx)
		atomic_inc(&ctx->refs);
	spin_unlock(&aio_lock);
	return ctx;
}

/* Nobody has it, or not yet. The ring's pages go from under whoever has it mapped, as a forked child. */
static void free_ctx(struct kioctx *ctx)
{
	struct inode *inode;

	for (unsigned int i = 0; ctx->pages && i < ctx->nr_pages; i++)
		if (ctx->pages[i])
			put_page(virt_to_page(ctx->pages[i]));
	kvfree(ctx->pages);
	if (ctx->file) {
		inode = file_inode(ctx->file);
		inode_lock(inode);
		shmem_truncate(inode, 0);
		inode_unlock(inode);
		fput(ctx->file);
	}
	kfree(ctx);
}

static void unmap_ring(const struct kioctx *ctx)
{
	vm_munmap(ctx->user_id, (unsigned long)ctx->nr_pages << PAGE_SHIFT);
}

/* Takes over the caller's reference. -EINVAL: somebody else was first. */
static int kill_ctx(struct mm_struct *mm, struct kioctx *ctx, bool unmap)
{
	struct kioctx **link;
	bool first;

	spin_lock(&aio_lock);
	first = !ctx->dead;
	if (first) {
		ctx->dead = true;
		aio_nr -= ctx->max_reqs;
		for (link = &mm->aio; *link != ctx; link = &(*link)->next)
			;
		*link = ctx->next;
	}
	spin_unlock(&aio_lock);
	if (!first) {
		aio_put(ctx);
		return -EINVAL;
	}
	wake_up_all(&ctx->wait);
	aio_cancel_all(ctx);
	if (unmap)
		unmap_ring(ctx);
	aio_put(ctx);
	aio_put(ctx);		/* the list's */
	wait_for_completion(&ctx->gone);
	free_ctx(ctx);
	return 0;
}

void exit_aio(struct mm_struct *mm)
{
	struct kioctx *ctx;

	while ((ctx = mm->aio)) {
		atomic_inc(&ctx->refs);
		kill_ctx(mm, ctx, false);
	}
}

/* As many as Linux makes of what was asked for: each CPU keeps some back there. 0, or -errno. */
static int size_ring(struct kioctx *ctx, unsigned int nr)
{
	unsigned int cpus = nr_cpu_ids * 4, batch;

	ctx->max_reqs = nr;
	nr = max(nr, cpus) * 2;
	if (nr > RING_MAX_EVENTS)
		return -EINVAL;
	if (!nr || ctx->max_reqs > READ_ONCE(aio_max_nr))
		return -EAGAIN;
	ctx->nr_pages = DIV_ROUND_UP(sizeof(struct aio_ring) + (nr + 2) * sizeof(struct io_event), PAGE_SIZE);
	ctx->nr = (ctx->nr_pages * PAGE_SIZE - sizeof(struct aio_ring)) / sizeof(struct io_event);
	batch = max((ctx->nr - 1) / cpus, 1U);
	ctx->limit = (ctx->nr - 1) / batch * batch;
	return 0;
}

static int build_ring(struct kioctx *ctx)
{
	int err;

	ctx->file = shmem_file_setup("[aio]", (loff_t)ctx->nr_pages << PAGE_SHIFT, VM_NORESERVE);
	if (IS_ERR(ctx->file)) {
		ctx->file = NULL;
		return -ENOMEM;
	}
	err = get_pages(ctx);
	if (err)
		return err;
	*ring_of(ctx) = (struct aio_ring){
		.id = ~0U, .nr = ctx->nr, .magic = RING_MAGIC, .compat_features = 1,
		.header_length = sizeof(struct aio_ring),
	};
	return map_ring(ctx);
}

/* Into the list, with the lowest free id. -EAGAIN: that would be too many requests. */
static int add_ctx(struct mm_struct *mm, struct kioctx *ctx)
{
	struct kioctx **link;
	int err = -EAGAIN;

	spin_lock(&aio_lock);
	if (aio_nr + ctx->max_reqs <= aio_max_nr) {
		aio_nr += ctx->max_reqs;
		for (link = &mm->aio; *link && (*link)->id == ctx->id; link = &(*link)->next)
			ctx->id++;
		ctx->next = *link;
		ring_of(ctx)->id = ctx->id;
		*link = ctx;
		err = 0;
	}
	spin_unlock(&aio_lock);
	return err;
}

/* A context of current's, with a reference for the caller. ERR_PTR. */
static struct kioctx *create_ctx(unsigned int nr)
{
	struct kioctx *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	int err;

	if (!ctx)
		return ERR_PTR(-ENOMEM);
	atomic_set(&ctx->refs, 2);
	mutex_init_rank(&ctx->ring_lock, LOCK_RANK_AIO);
	spin_lock_init_rank(&ctx->lock, LOCK_RANK_NONE);
	init_waitqueue_head_rank(&ctx->wait, LOCK_RANK_NONE);
	init_completion(&ctx->gone);
	INIT_LIST_HEAD(&ctx->waiting);
	err = size_ring(ctx, nr);
	if (!err)
		err = build_ring(ctx);
	if (err)
		goto fail;
	err = add_ctx(current->mm, ctx);
	if (!err)
		return ctx;
	unmap_ring(ctx);
fail:
	free_ctx(ctx);
	return ERR_PTR(err);
}

long sys_io_setup(unsigned int nr, void __user *ctxp)
{
	struct kioctx *ctx;
	unsigned long old;

	if (get_user_word(&old, ctxp))
		return -EFAULT;
	if (old || !nr)
		return -EINVAL;
	ctx = create_ctx(nr);
	if (IS_ERR(ctx))
		return PTR_ERR(ctx);
	if (put_user_word(ctx->user_id, ctxp)) {
		kill_ctx(current->mm, ctx, true);
		return -EFAULT;
	}
	aio_put(ctx);
	return 0;
}

long sys_io_destroy(unsigned long id)
{
	struct kioctx *ctx = aio_lookup(id);

	return ctx ? kill_ctx(current->mm, ctx, true) : -EINVAL;
}

/* ---- waiting for events ------------------------------------------------------------------------ */

/* Sleeps until more than @seen events were posted. False: that is no use, a signal came or it is time. */
static bool sleep_for_events(struct kioctx *ctx, unsigned int seen, const u64 *expires)
{
	DEFINE_WAIT(wait);
	bool more = true;

	prepare_to_wait(&ctx->wait, &wait, TASK_INTERRUPTIBLE);
	if (READ_ONCE(ctx->posted) == seen && !READ_ONCE(ctx->dead))
		more = !signal_pending(current) && schedule_hrtimeout(expires, CLOCK_MONOTONIC);
	finish_wait(&ctx->wait, &wait);
	return more;
}

/* @expires NULL: for ever; *expires 0: do not sleep. */
static long wait_events(struct kioctx *ctx, long min_nr, long nr, struct io_event __user *events, const u64 *expires)
{
	bool again = !expires || *expires;
	long got = 0, n;

	for (;;) {
		unsigned int seen = READ_ONCE(ctx->posted);

		n = take_events(ctx, events + got, nr - got);
		if (n > 0)
			got += n;
		if (READ_ONCE(ctx->dead))
			n = -EINVAL;
		if (n < 0)
			return got ?: n;
		if (got >= min_nr || !again)
			return got;
		again = sleep_for_events(ctx, seen, expires);	/* then one more look */
	}
}

/* As on Linux a negative time is none, and nanoseconds may be more than a second. NULL: no limit. */
static const u64 *expiry(u64 *at, const struct timespec64 *ts)
{
	s64 ns;
	u64 now;

	if (!ts || ts->tv_sec >= KTIME_MAX / (s64)NSEC_PER_SEC)
		return NULL;
	ns = (s64)((u64)ts->tv_sec * NSEC_PER_SEC + (u64)ts->tv_nsec);
	*at = 0;
	if (!ns)
		return at;
	now = ktime_get_ns();
	*at = now + ns;
	return ns < 0 || *at > (u64)KTIME_MAX ? NULL : at;
}

static long do_getevents(unsigned long id, long min_nr, long nr, struct io_event __user *events,
			 const struct timespec64 *ts)
{
	struct kioctx *ctx = aio_lookup(id);
	long ret = -EINVAL;
	u64 at;

	if (!ctx)
		return -EINVAL;
	if (min_nr >= 0 && min_nr <= nr)
		ret = wait_events(ctx, min_nr, nr, events, expiry(&at, ts));
	aio_put(ctx);
	return ret;
}

/* @sig: NULL, or { const sigset_t *mask; size_t size }. Linux restarts only who could give one: @interrupted. */
static long getevents(unsigned long id, long min_nr, long nr, struct io_event __user *events, const void __user *uts,
		      bool time32, const void __user *sig, int interrupted)
{
	unsigned long mask = 0, size = 0;
	struct timespec64 ts;
	bool pending;
	long ret;

	if (uts && (time32 ? get_old_timespec32(&ts, uts) : get_timespec64(&ts, uts)))
		return -EFAULT;
	if (sig && (get_user_word(&mask, sig) || get_user_word(&size, sig + user_word_size())))
		return -EFAULT;
	ret = set_user_sigmask((const void __user *)mask, size);
	if (ret)
		return ret;
	ret = do_getevents(id, min_nr, nr, events, uts ? &ts : NULL);
	pending = signal_pending(current);
	restore_saved_sigmask_unless(pending);
	return !ret && pending ? interrupted : ret;
}

long sys_io_getevents(unsigned long id, long min_nr, long nr, struct io_event __user *events,
		      struct __kernel_timespec __user *ts)
{
	return getevents(id, min_nr, nr, events, ts, false, NULL, -EINTR);
}

long sys_io_pgetevents(unsigned long id, long min_nr, long nr, struct io_event __user *events,
		       struct __kernel_timespec __user *ts, const void __user *sig)
{
	return getevents(id, min_nr, nr, events, ts, false, sig, -ERESTARTNOHAND);
}

long sys_io_getevents_time32(unsigned long id, long min_nr, long nr, struct io_event __user *events, void __user *ts)
{
	return getevents(id, min_nr, nr, events, ts, true, NULL, -EINTR);
}

long sys_io_pgetevents_time32(unsigned long id, long min_nr, long nr, struct io_event __user *events, void __user *ts,
			      const void __user *sig)
{
	return getevents(id, min_nr, nr, events, ts, true, sig, -ERESTARTNOHAND);
}
