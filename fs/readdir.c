// SPDX-License-Identifier: GPL-2.0-only
/*
 * getdents(2) and getdents64(2).  The directory is locked for reading while the file system emits entries,
 * each of which goes to user space at once.  It vouches for the names: one that reads them from a disk
 * refuses those with a slash, or nothing, in them.
 */
#include <fs/internal.h>

#include <generated/syscalls.h>
#include <kernel/compat.h>
#include <kernel/lib/string.h>

/* Only 32-bit programs have the old call. */
struct linux_dirent {
	compat_ulong_t	d_ino;
	compat_ulong_t	d_off;
	unsigned short	d_reclen;
	char		d_name[];	/* then padding, and the type in the last byte */
};

struct linux_dirent64 {
	u64		d_ino;
	s64		d_off;
	unsigned short	d_reclen;
	unsigned char	d_type;
	char		d_name[];
};

struct getdents {
	struct dir_context	ctx;
	char __user		*pos;		/* where the next record goes */
	char __user		*prev;		/* the one before, whose d_off is still to be told */
	size_t			room;
	int			err;
};

int iterate_dir(struct file *f, struct dir_context *ctx)
{
	struct inode *inode = file_inode(f);
	int err = -ENOENT;

	if (!f->f_op->iterate)
		return -ENOTDIR;
	if (f->f_mode & FMODE_PATH)
		return -EBADF;
	inode_lock_shared(inode);
	if (!(inode->i_flags & S_DEAD)) {
		ctx->pos = f->f_pos;
		err = f->f_op->iterate(f, ctx);
		f->f_pos = ctx->pos;
	}
	inode_unlock_shared(inode);
	if (!err) {
		fsnotify_file(f, IN_ACCESS | IN_ISDIR);
		file_accessed(f);
	}
	return err;
}

/* Room for a record of @reclen? Tells the record before it where this one begins. */
static bool begin_record(struct getdents *g, size_t reclen, bool wide)
{
	g->err = reclen > g->room ? -EINVAL : 0;
	if (g->err)
		return false;
	if (!g->prev)
		return true;
	if (signal_pending(current)) {
		g->err = -EINTR;
		return false;
	}
	g->err = wide ? put_user((s64)g->ctx.pos, &((struct linux_dirent64 __user *)g->prev)->d_off) :
			put_user((compat_ulong_t)g->ctx.pos, &((struct linux_dirent __user *)g->prev)->d_off);
	return !g->err;
}

static bool end_record(struct getdents *g, size_t reclen, bool fault)
{
	if (fault) {
		g->err = -EFAULT;
		return false;
	}
	g->prev = g->pos;
	g->pos += reclen;
	g->room -= reclen;
	return true;
}

static bool emit64(struct dir_context *ctx, const char *name, int len, loff_t pos, u64 ino, unsigned int type)
{
	struct getdents *g = container_of(ctx, struct getdents, ctx);
	size_t head = offsetof(struct linux_dirent64, d_name);
	size_t reclen = ALIGN(head + len + 1, sizeof(u64));
	struct linux_dirent64 record = { .d_ino = ino, .d_reclen = reclen, .d_type = type };
	static const char zeroes[8];
	bool fault;

	if (!begin_record(g, reclen, true))
		return false;
	fault = copy_to_user(g->pos, &record, head) || copy_to_user(g->pos + head, name, len) ||
		copy_to_user(g->pos + head + len, zeroes, reclen - head - len);
	return end_record(g, reclen, fault);
}

static bool emit_old(struct dir_context *ctx, const char *name, int len, loff_t pos, u64 ino, unsigned int type)
{
	struct getdents *g = container_of(ctx, struct getdents, ctx);
	size_t head = offsetof(struct linux_dirent, d_name);
	size_t reclen = ALIGN(head + len + 2, sizeof(compat_ulong_t));
	struct linux_dirent record = { .d_ino = ino, .d_reclen = reclen };
	char tail[sizeof(compat_ulong_t) + 2] = { 0 };
	size_t rest = reclen - head - len;
	bool fault;

	if (!begin_record(g, reclen, false))
		return false;
	if (record.d_ino != ino) {
		g->err = -EOVERFLOW;
		return false;
	}
	tail[rest - 1] = type;
	fault = copy_to_user(g->pos, &record, head) || copy_to_user(g->pos + head, name, len) ||
		copy_to_user(g->pos + head + len, tail, rest);
	return end_record(g, reclen, fault);
}

static long do_getdents(unsigned int fd, void __user *dirent, unsigned int count, bool wide)
{
	struct getdents g = {
		.ctx.actor = wide ? emit64 : emit_old,
		.pos = dirent, .room = min_t(size_t, count, INT_MAX),
	};
	struct fd f = fdget_pos(fd);
	long err;

	if (!f.file)
		return -EBADF;
	err = iterate_dir(f.file, &g.ctx);
	if (err >= 0)
		err = g.err;
	if (g.prev) {
		int fault = wide ? put_user((s64)g.ctx.pos, &((struct linux_dirent64 __user *)g.prev)->d_off) :
			put_user((compat_ulong_t)g.ctx.pos, &((struct linux_dirent __user *)g.prev)->d_off);

		err = fault ? -EFAULT : (char __user *)g.pos - (char __user *)dirent;
	}
	fdput_pos(f);
	return err;
}

long sys_getdents64(unsigned int fd, void __user *dirent, unsigned int count)
{
	return do_getdents(fd, dirent, count, true);
}

long sys_getdents(unsigned int fd, void __user *dirent, unsigned int count)
{
	return do_getdents(fd, dirent, count, false);
}
