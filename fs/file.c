// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptor tables: look-up, allocation, close, dup, copies for fork.
 *
 * Interface: <fs/file.h>.  A table starts inside files_struct and is replaced by larger ones, never shrunk.
 *
 * Locking: files->file_lock for everything in a table, except that a task which is its table's only user
 * reads without it (nobody else can change it then).
 */
#include <fs/internal.h>

#include <generated/syscalls.h>
#include <kernel/lib/bitmap.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>
#include <kernel/lib/log2.h>

unsigned int sysctl_nr_open = 1024 * 1024;
static struct kmem_cache *files_cache;

struct files_struct init_files = {
	.count		= ATOMIC_INIT(1),
	.file_lock	= __SPIN_LOCK_INIT(init_files.file_lock, LOCK_RANK_FILES),
	.fdt		= &init_files.fdtab,
	.fdtab		= {
		.max_fds	= NR_OPEN_DEFAULT,
		.fd		= init_files.fd_array,
		.close_on_exec	= init_files.close_on_exec_init,
		.open_fds	= init_files.open_fds_init,
	},
};

/* ---- tables ---------------------------------------------------------------------------------- */

static void free_fdtable(struct files_struct *files, struct fdtable *fdt)
{
	if (fdt == &files->fdtab)
		return;
	kvfree(fdt->fd);
	kvfree(fdt->open_fds);
	kfree(fdt);
}

/* A table for at least @nr descriptors, empty. The two bitmaps are one allocation. */
static struct fdtable *alloc_fdtable(unsigned int nr)
{
	struct fdtable *fdt = kmalloc(sizeof(*fdt), GFP_KERNEL);
	size_t bytes;

	if (!fdt)
		return NULL;
	nr = max(roundup_pow_of_two(nr), (unsigned long)NR_OPEN_DEFAULT * 2);
	fdt->max_fds = min_t(unsigned long, nr, ALIGN(sysctl_nr_open, BITS_PER_LONG));
	bytes = fdt->max_fds / BITS_PER_BYTE;
	fdt->fd = kvmalloc(fdt->max_fds * sizeof(struct file *), GFP_KERNEL | __GFP_ZERO);
	fdt->open_fds = kvmalloc(2 * bytes, GFP_KERNEL | __GFP_ZERO);
	if (!fdt->fd || !fdt->open_fds) {
		kvfree(fdt->fd);
		kvfree(fdt->open_fds);
		kfree(fdt);
		return NULL;
	}
	fdt->close_on_exec = fdt->open_fds + bytes / sizeof(long);
	return fdt;
}

static void copy_fdtable(struct fdtable *to, const struct fdtable *from)
{
	size_t bytes = from->max_fds / BITS_PER_BYTE;

	memcpy(to->fd, from->fd, from->max_fds * sizeof(struct file *));
	memcpy(to->open_fds, from->open_fds, bytes);
	memcpy(to->close_on_exec, from->close_on_exec, bytes);
}

/* file_lock held, dropped to allocate. 0: @nr fits; 1: it does now, look again; -EMFILE, -ENOMEM. */
static int expand_files(struct files_struct *files, unsigned int nr)
{
	struct fdtable *old = files->fdt, *fdt;

	if (likely(nr < old->max_fds))
		return 0;
	if (nr >= sysctl_nr_open)
		return -EMFILE;
	spin_unlock(&files->file_lock);
	fdt = alloc_fdtable(nr + 1);
	spin_lock(&files->file_lock);
	if (!fdt)
		return -ENOMEM;
	old = files->fdt;
	if (fdt->max_fds <= old->max_fds) {	/* another thread was faster */
		spin_unlock(&files->file_lock);
		free_fdtable(files, fdt);
		spin_lock(&files->file_lock);
		return 1;
	}
	copy_fdtable(fdt, old);
	files->fdt = fdt;
	spin_unlock(&files->file_lock);
	free_fdtable(files, old);
	spin_lock(&files->file_lock);
	return 1;
}

/* ---- look-up --------------------------------------------------------------------------------- */

static struct file *fget_files(struct files_struct *files, unsigned int fd, fmode_t refuse)
{
	struct file *f = NULL;

	spin_lock(&files->file_lock);
	if (fd < files->fdt->max_fds)
		f = files->fdt->fd[fd];
	if (f && (f->f_mode & refuse))
		f = NULL;
	if (f)
		get_file(f);
	spin_unlock(&files->file_lock);
	return f;
}

static __always_inline struct fd fdget_refuse(unsigned int fd, fmode_t refuse)
{
	struct files_struct *files = current->files;
	struct fd result = { 0 };

	if (likely(atomic_read(&files->count) == 1)) {
		const struct fdtable *fdt = files->fdt;
		struct file *f = fd < fdt->max_fds ? fdt->fd[fd] : NULL;

		if (likely(f && !(f->f_mode & refuse)))
			result.file = f;
	} else {
		result.file = fget_files(files, fd, refuse);
		result.need_put = result.file;
	}
	return result;
}

struct fd fdget(unsigned int fd)
{
	return fdget_refuse(fd, FMODE_PATH);
}

struct fd fdget_raw(unsigned int fd)
{
	return fdget_refuse(fd, 0);
}

/* Position-using calls on one open file are serial, unless nobody else can reach it. */
struct fd fdget_pos(unsigned int fd)
{
	struct fd f = fdget_refuse(fd, FMODE_PATH);

	if (f.file && (f.file->f_mode & FMODE_ATOMIC_POS) &&
	    (f.need_put || atomic_long_read(&f.file->f_count) > 1)) {
		f.need_pos_unlock = true;
		mutex_lock(&f.file->f_pos_lock);
	}
	return f;
}

void fdput_pos(struct fd f)
{
	if (f.need_pos_unlock)
		mutex_unlock(&f.file->f_pos_lock);
	fdput(f);
}

struct file *fget(unsigned int fd)
{
	return fget_files(current->files, fd, FMODE_PATH);
}

struct file *fget_raw(unsigned int fd)
{
	return fget_files(current->files, fd, 0);
}

struct file *fget_task(struct task_struct *t, unsigned int fd)
{
	struct file *f = NULL;

	task_lock(t);
	if (t->files)
		f = fget_files(t->files, fd, 0);
	task_unlock(t);
	return f;
}

/* ---- allocation ------------------------------------------------------------------------------ */

static int alloc_fd(unsigned int start, unsigned int end, unsigned int flags)
{
	struct files_struct *files = current->files;
	struct fdtable *fdt;
	unsigned int fd;
	int err;

	spin_lock(&files->file_lock);
	do {
		fdt = files->fdt;
		fd = max(start, files->next_fd);
		if (fd < fdt->max_fds)
			fd = find_next_zero_bit(fdt->open_fds, fdt->max_fds, fd);
		err = -EMFILE;
		if (fd >= end)
			goto out;
		err = expand_files(files, fd);
		if (err < 0)
			goto out;
	} while (err);
	fdt = files->fdt;
	if (start <= files->next_fd)
		files->next_fd = fd + 1;
	__set_bit(fd, fdt->open_fds);
	if (flags & O_CLOEXEC)
		__set_bit(fd, fdt->close_on_exec);
	else
		__clear_bit(fd, fdt->close_on_exec);
	err = fd;
out:
	spin_unlock(&files->file_lock);
	return err;
}

int get_unused_fd_flags(unsigned int flags)
{
	return alloc_fd(0, rlimit(RLIMIT_NOFILE), flags);
}

static void put_unused_locked(struct files_struct *files, unsigned int fd)
{
	__clear_bit(fd, files->fdt->open_fds);
	if (fd < files->next_fd)
		files->next_fd = fd;
}

void put_unused_fd(unsigned int fd)
{
	struct files_struct *files = current->files;

	spin_lock(&files->file_lock);
	put_unused_locked(files, fd);
	spin_unlock(&files->file_lock);
}

void fd_install(unsigned int fd, struct file *file)
{
	struct files_struct *files = current->files;

	spin_lock(&files->file_lock);
	files->fdt->fd[fd] = file;
	spin_unlock(&files->file_lock);
}

int receive_fd(struct file *file, unsigned int flags)
{
	int fd = get_unused_fd_flags(flags);

	if (fd >= 0)
		fd_install(fd, get_file(file));
	return fd;
}

/* ---- closing --------------------------------------------------------------------------------- */

/* file_lock held. The file, or NULL. */
static struct file *pick_file(struct files_struct *files, unsigned int fd)
{
	struct fdtable *fdt = files->fdt;
	struct file *f;

	if (fd >= fdt->max_fds)
		return NULL;
	f = fdt->fd[fd];
	if (f) {
		fdt->fd[fd] = NULL;
		put_unused_locked(files, fd);
	}
	return f;
}

int close_fd(unsigned int fd)
{
	struct files_struct *files = current->files;
	struct file *f;

	spin_lock(&files->file_lock);
	f = pick_file(files, fd);
	spin_unlock(&files->file_lock);
	return f ? filp_close(f, files) : -EBADF;
}

long sys_close(unsigned int fd)
{
	int err = close_fd(fd);

	/* The descriptor is gone: a restarted call would close another's. */
	if (unlikely(err == -ERESTARTSYS || err == -ERESTARTNOINTR || err == -ERESTARTNOHAND ||
		     err == -ERESTART_RESTARTBLOCK))
		err = -EINTR;
	return err;
}

/* The next open descriptor in [fd, last], or a larger number. file_lock held. */
static unsigned int next_open_fd(struct files_struct *files, unsigned int fd, unsigned int last)
{
	struct fdtable *fdt = files->fdt;

	if (fd >= fdt->max_fds)
		return UINT_MAX;
	fd = find_next_bit(fdt->open_fds, fdt->max_fds, fd);
	return fd < fdt->max_fds && fd <= last ? fd : UINT_MAX;
}

static void close_all_in(struct files_struct *files, unsigned int first, unsigned int last)
{
	spin_lock(&files->file_lock);
	while ((first = next_open_fd(files, first, last)) != UINT_MAX) {
		struct file *f = pick_file(files, first);

		if (f) {
			spin_unlock(&files->file_lock);
			filp_close(f, files);
			cond_resched();
			spin_lock(&files->file_lock);
		}
		if (first++ == last)
			break;
	}
	spin_unlock(&files->file_lock);
}

static void cloexec_all_in(struct files_struct *files, unsigned int first, unsigned int last)
{
	spin_lock(&files->file_lock);
	while ((first = next_open_fd(files, first, last)) != UINT_MAX) {
		__set_bit(first, files->fdt->close_on_exec);
		if (first++ == last)
			break;
	}
	spin_unlock(&files->file_lock);
}

long sys_close_range(unsigned int first, unsigned int last, unsigned int flags)
{
	if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) || first > last)
		return -EINVAL;
	if (flags & CLOSE_RANGE_UNSHARE) {
		int err = unshare_files();

		if (err)
			return err;
	}
	if (flags & CLOSE_RANGE_CLOEXEC)
		cloexec_all_in(current->files, first, last);
	else
		close_all_in(current->files, first, last);
	return 0;
}

void do_close_on_exec(struct files_struct *files)
{
	unsigned int fd = 0;

	spin_lock(&files->file_lock);
	for (;;) {
		struct fdtable *fdt = files->fdt;
		struct file *f;

		fd = find_next_bit(fdt->close_on_exec, fdt->max_fds, fd);
		if (fd >= fdt->max_fds)
			break;
		__clear_bit(fd, fdt->close_on_exec);
		f = pick_file(files, fd);
		if (!f)
			continue;
		spin_unlock(&files->file_lock);
		filp_close(f, files);
		spin_lock(&files->file_lock);
	}
	spin_unlock(&files->file_lock);
}

/* ---- whole tables ---------------------------------------------------------------------------- */

static struct files_struct *new_files(void)
{
	struct files_struct *files = kmem_cache_alloc(files_cache, GFP_KERNEL);

	if (!files)
		return NULL;
	atomic_set(&files->count, 1);
	spin_lock_init_rank(&files->file_lock, LOCK_RANK_FILES);
	files->next_fd = 0;
	files->fdt = &files->fdtab;
	files->fdtab.max_fds = NR_OPEN_DEFAULT;
	files->fdtab.fd = files->fd_array;
	files->fdtab.open_fds = files->open_fds_init;
	files->fdtab.close_on_exec = files->close_on_exec_init;
	memset(files->open_fds_init, 0, sizeof(files->open_fds_init));
	memset(files->close_on_exec_init, 0, sizeof(files->close_on_exec_init));
	memset(files->fd_array, 0, sizeof(files->fd_array));
	return files;
}

/* file_lock of @from held: number of descriptors a copy must have room for. */
static unsigned int used_fds(const struct fdtable *from)
{
	unsigned int words = from->max_fds / BITS_PER_LONG;

	while (words && !from->open_fds[words - 1])
		words--;
	return words * BITS_PER_LONG;
}

/* Both bitmaps and the files with a reference each; reserved descriptors without a file are left out. */
static void fill_copy(struct fdtable *to, const struct fdtable *from, unsigned int n)
{
	unsigned int fd;

	memcpy(to->open_fds, from->open_fds, n / BITS_PER_BYTE);
	memcpy(to->close_on_exec, from->close_on_exec, n / BITS_PER_BYTE);
	for (fd = find_next_bit(to->open_fds, n, 0); fd < n; fd = find_next_bit(to->open_fds, n, fd + 1)) {
		struct file *f = from->fd[fd];

		if (f)
			to->fd[fd] = get_file(f);
		else
			__clear_bit(fd, to->open_fds);
	}
}

struct files_struct *dup_fd(struct files_struct *old, int *err)
{
	struct files_struct *files = new_files();
	unsigned int n;

	*err = -ENOMEM;
	if (!files)
		return NULL;
	spin_lock(&old->file_lock);
	while ((n = used_fds(old->fdt)) > files->fdt->max_fds) {
		struct fdtable *fdt;

		spin_unlock(&old->file_lock);
		free_fdtable(files, files->fdt);
		fdt = alloc_fdtable(n);
		if (!fdt || fdt->max_fds < n) {		/* fs.nr_open was lowered */
			if (fdt) {
				free_fdtable(files, fdt);
				*err = -EMFILE;
			}
			kmem_cache_free(files_cache, files);
			return NULL;
		}
		files->fdt = fdt;
		spin_lock(&old->file_lock);
	}
	fill_copy(files->fdt, old->fdt, n);
	files->next_fd = min(old->next_fd, find_next_zero_bit(files->fdt->open_fds, files->fdt->max_fds, 0));
	spin_unlock(&old->file_lock);
	*err = 0;
	return files;
}

void put_files_struct(struct files_struct *files)
{
	if (!atomic_dec_and_test(&files->count))
		return;
	close_all_in(files, 0, UINT_MAX);
	free_fdtable(files, files->fdt);
	kmem_cache_free(files_cache, files);
}

static struct files_struct *replace_files(struct task_struct *t, struct files_struct *files)
{
	struct files_struct *old;

	task_lock(t);
	old = t->files;
	t->files = files;
	task_unlock(t);
	return old;
}

void exit_files(struct task_struct *t)
{
	struct files_struct *files = replace_files(t, NULL);

	if (files)
		put_files_struct(files);
}

int unshare_files(void)
{
	struct files_struct *copy;
	int err;

	if (atomic_read(&current->files->count) == 1)
		return 0;
	copy = dup_fd(current->files, &err);
	if (!copy)
		return err;
	put_files_struct(replace_files(current, copy));
	return 0;
}

int iterate_fd(struct files_struct *files, unsigned int start,
	       int (*fn)(const void *p, struct file *f, unsigned int fd), const void *p)
{
	unsigned int fd;
	int result = 0;

	if (!files)
		return 0;
	spin_lock(&files->file_lock);
	for (fd = start; fd < files->fdt->max_fds && !result; fd++)
		if (files->fdt->fd[fd])
			result = fn(p, files->fdt->fd[fd], fd);
	spin_unlock(&files->file_lock);
	return result;
}

/* ---- dup ------------------------------------------------------------------------------------- */

/* file_lock held; released. Takes a reference of its own to @file. */
static int install_at(struct files_struct *files, unsigned int fd, struct file *file, unsigned int flags)
{
	struct fdtable *fdt = files->fdt;
	struct file *old = fdt->fd[fd];

	/* Reserved by an open() of another thread that has not finished. */
	if (!old && test_bit(fd, fdt->open_fds)) {
		spin_unlock(&files->file_lock);
		return -EBUSY;
	}
	fdt->fd[fd] = get_file(file);
	__set_bit(fd, fdt->open_fds);
	if (flags & O_CLOEXEC)
		__set_bit(fd, fdt->close_on_exec);
	else
		__clear_bit(fd, fdt->close_on_exec);
	spin_unlock(&files->file_lock);
	if (old)
		filp_close(old, files);
	return fd;
}

static int expand_for(struct files_struct *files, unsigned int fd)
{
	int err;

	do
		err = expand_files(files, fd);
	while (err > 0);
	return err;
}

int replace_fd(unsigned int fd, struct file *file, unsigned int flags)
{
	struct files_struct *files = current->files;
	int err;

	if (!file)
		return close_fd(fd);
	if (fd >= rlimit(RLIMIT_NOFILE))
		return -EBADF;
	spin_lock(&files->file_lock);
	err = expand_for(files, fd);
	if (err) {
		spin_unlock(&files->file_lock);
		return err;
	}
	return install_at(files, fd, file, flags);
}

static long do_dup3(unsigned int oldfd, unsigned int newfd, int flags)
{
	struct files_struct *files = current->files;
	struct file *f;
	int err = -EBADF;

	if (newfd >= rlimit(RLIMIT_NOFILE))
		return -EBADF;
	spin_lock(&files->file_lock);
	if (oldfd < files->fdt->max_fds && files->fdt->fd[oldfd])
		err = expand_for(files, newfd);
	f = err || oldfd >= files->fdt->max_fds ? NULL : files->fdt->fd[oldfd];
	if (!f) {
		spin_unlock(&files->file_lock);
		return err == -EMFILE || !err ? -EBADF : err;
	}
	return install_at(files, newfd, f, flags);
}

long sys_dup3(unsigned int oldfd, unsigned int newfd, int flags)
{
	if ((flags & ~O_CLOEXEC) || oldfd == newfd)
		return -EINVAL;
	return do_dup3(oldfd, newfd, flags);
}

long sys_dup2(unsigned int oldfd, unsigned int newfd)
{
	if (oldfd == newfd) {
		struct fd f = fdget_raw(oldfd);

		if (!f.file)
			return -EBADF;
		fdput(f);
		return oldfd;
	}
	return do_dup3(oldfd, newfd, 0);
}

long sys_dup(unsigned int fd)
{
	struct file *f = fget_raw(fd);
	int newfd;

	if (!f)
		return -EBADF;
	newfd = get_unused_fd_flags(0);
	if (newfd >= 0)
		fd_install(newfd, f);
	else
		fput(f);
	return newfd;
}

/* F_DUPFD: the lowest descriptor >= @from. */
int f_dupfd(unsigned int from, struct file *file, unsigned int flags)
{
	unsigned long limit = rlimit(RLIMIT_NOFILE);
	int fd;

	if (from >= limit)
		return -EINVAL;
	fd = alloc_fd(from, limit, flags);
	if (fd >= 0)
		fd_install(fd, get_file(file));
	return fd;
}

int get_close_on_exec(unsigned int fd)
{
	struct files_struct *files = current->files;
	int result;

	spin_lock(&files->file_lock);
	result = fd < files->fdt->max_fds && test_bit(fd, files->fdt->close_on_exec);
	spin_unlock(&files->file_lock);
	return result;
}

void set_close_on_exec(unsigned int fd, bool on)
{
	struct files_struct *files = current->files;

	spin_lock(&files->file_lock);
	if (fd < files->fdt->max_fds && test_bit(fd, files->fdt->open_fds)) {
		if (on)
			__set_bit(fd, files->fdt->close_on_exec);
		else
			__clear_bit(fd, files->fdt->close_on_exec);
	}
	spin_unlock(&files->file_lock);
}

void __init fdtable_init(void)
{
	files_cache = kmem_cache_create("files_cache", sizeof(struct files_struct), 0,
					SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
}
