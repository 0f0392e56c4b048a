// SPDX-License-Identifier: GPL-2.0-only
/*
 * read, write and their vector and positioned forms.
 *
 * Interface: vfs_read() & co. of <fs/vfs.h>.  Calls that use the file's position hold f_pos_lock where
 * others can reach the file (fdget_pos); the others bring a position of their own.
 */
#include <fs/internal.h>

#include <generated/syscalls.h>
#include <kernel/compat.h>
#include <kernel/signal.h>

#define FAST_IOV 8

/* ---- checks ---------------------------------------------------------------------------------- */

int rw_verify_area(struct file *f, loff_t pos, size_t count)
{
	if (unlikely((ssize_t)count < 0))
		return -EINVAL;
	if (unlikely(pos < 0))
		return -EINVAL;
	if (unlikely((loff_t)(pos + (u64)count) < 0))
		return -EOVERFLOW;
	return 0;
}

int check_file_size_limit(loff_t newsize)
{
	unsigned long limit = rlimit(RLIMIT_FSIZE);

	if (limit == RLIM_INFINITY || (u64)newsize <= limit)
		return 0;
	send_sig(SIGXFSZ, current, 0);
	return -EFBIG;
}

int generic_write_checks(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *f = iocb->ki_filp;
	struct inode *inode = f->f_mapping->host;
	loff_t max = inode->i_sb->s_maxbytes;
	unsigned long limit = rlimit(RLIMIT_FSIZE);

	if (!iov_iter_count(from))
		return 0;
	if (iocb->ki_flags & IOCB_APPEND)
		iocb->ki_pos = i_size_read(inode);
	if (limit != RLIM_INFINITY) {
		if (iocb->ki_pos >= (loff_t)limit) {
			send_sig(SIGXFSZ, current, 0);
			return -EFBIG;
		}
		iov_iter_truncate(from, min_t(u64, limit - iocb->ki_pos, SIZE_MAX));
	}
	if (!(f->f_flags & O_LARGEFILE))
		max = min_t(loff_t, max, 0x7fffffff);
	if (iocb->ki_pos >= max)
		return -EFBIG;
	iov_iter_truncate(from, min_t(u64, max - iocb->ki_pos, SIZE_MAX));
	return iov_iter_count(from);
}

/* ---- one transfer ---------------------------------------------------------------------------- */

static int kiocb_flags(const struct file *f)
{
	int flags = 0;

	if (f->f_flags & O_APPEND)
		flags |= IOCB_APPEND;
	if (f->f_flags & O_DSYNC)
		flags |= IOCB_DSYNC;
	return flags;
}

ssize_t iter_transfer(struct file *f, struct iov_iter *iter, loff_t *pos, bool write, int extra)
{
	struct kiocb kiocb = {
		.ki_filp = f,
		.ki_pos = pos ? *pos : 0,
		.ki_flags = kiocb_flags(f) | extra,
	};
	ssize_t n = write ? f->f_op->write_iter(&kiocb, iter) : f->f_op->read_iter(&kiocb, iter);

	if (n > 0 && write && (kiocb.ki_flags & IOCB_DSYNC)) {
		int err = 0;

		if (f->f_op->fsync)
			err = f->f_op->fsync(f, kiocb.ki_pos - n, kiocb.ki_pos - 1,
					     !(f->f_flags & __O_SYNC));

		if (err)
			return err;
	}
	if (pos)
		*pos = kiocb.ki_pos;
	return n;
}

static void account_read(struct file *f, ssize_t n)
{
	if (n > 0) {
		fsnotify_file(f, IN_ACCESS);
		current->io_rchar += n;
	}
	current->io_syscr++;
}

static void account_write(struct file *f, ssize_t n)
{
	if (n > 0) {
		fsnotify_file(f, IN_MODIFY);
		current->io_wchar += n;
	}
	current->io_syscw++;
}

/* Not inline: who has a plain read or write shall not pay for the iterator's place on the stack. */
static noinline ssize_t transfer_by_iter(struct file *f, void __user *buf, size_t count, loff_t *pos, bool write)
{
	struct iov_iter iter;
	struct iovec seg;

	iov_iter_ubuf(&iter, write, &seg, buf, count);
	return iter_transfer(f, &iter, pos, write, 0);
}

ssize_t vfs_read(struct file *f, char __user *buf, size_t count, loff_t *pos)
{
	ssize_t n;

	if (unlikely(!(f->f_mode & FMODE_READ)))
		return -EBADF;
	if (unlikely(!f->f_op->read && !f->f_op->read_iter)) {
		if (!S_ISDIR(f->f_inode->i_mode))
			return -EINVAL;
		return access_ok(buf, count) ? -EISDIR : -EFAULT;
	}
	if (unlikely(!access_ok(buf, count)))
		return -EFAULT;
	n = rw_verify_area(f, pos ? *pos : 0, count);
	if (unlikely(n))
		return n;
	count = min(count, MAX_RW_COUNT);
	n = f->f_op->read ? f->f_op->read(f, buf, count, pos) : transfer_by_iter(f, buf, count, pos, false);
	account_read(f, n);
	return n;
}

ssize_t vfs_write(struct file *f, const char __user *buf, size_t count, loff_t *pos)
{
	ssize_t n;

	if (unlikely(!(f->f_mode & FMODE_WRITE)))
		return -EBADF;
	if (unlikely(!f->f_op->write && !f->f_op->write_iter))
		return -EINVAL;
	if (unlikely(!access_ok(buf, count)))
		return -EFAULT;
	n = rw_verify_area(f, pos ? *pos : 0, count);
	if (unlikely(n))
		return n;
	count = min(count, MAX_RW_COUNT);
	n = f->f_op->write ? f->f_op->write(f, buf, count, pos) :
			     transfer_by_iter(f, (void __user *)buf, count, pos, true);
	account_write(f, n);
	return n;
}

/* Files that only have ->read or ->write take the segments one after the other. */
static ssize_t loop_transfer(struct file *f, struct iov_iter *iter, loff_t *pos, bool write)
{
	ssize_t done = 0;

	if (!iter->user)
		return -EINVAL;
	while (iov_iter_count(iter)) {
		void __user *base = (char __user *)iter->iov->iov_base + iter->iov_offset;
		size_t len = min(iter->count, (size_t)(iter->iov->iov_len - iter->iov_offset));
		ssize_t n = write ? f->f_op->write(f, base, len, pos) : f->f_op->read(f, base, len, pos);

		if (n < 0)
			return done ?: n;
		done += n;
		iov_iter_advance(iter, n);
		if ((size_t)n != len)
			break;
	}
	return done;
}

/* What RWF_* of preadv2 and pwritev2 make of a transfer: IOCB_*, or -EOPNOTSUPP. */
int rwf_to_iocb(const struct file *f, bool has_iter, int rwf)
{
	umode_t mode = file_inode(f)->i_mode;
	int extra = 0;

	if (rwf & ~(RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT | RWF_APPEND))
		return -EOPNOTSUPP;
	if (!has_iter && (rwf & ~RWF_HIPRI) && !S_ISCHR(mode))
		return -EOPNOTSUPP;
	/* Files, pipes and sockets do not promise it; devices and eventfd, whose inode has no type, do. */
	if ((rwf & RWF_NOWAIT) && (S_ISREG(mode) || S_ISDIR(mode) || S_ISFIFO(mode) || S_ISSOCK(mode)))
		return -EOPNOTSUPP;
	if (rwf & RWF_NOWAIT)
		extra |= IOCB_NOWAIT;
	if (rwf & (RWF_DSYNC | RWF_SYNC))
		extra |= IOCB_DSYNC;
	if (rwf & RWF_APPEND)
		extra |= IOCB_APPEND;
	return extra;
}

ssize_t do_iter_rw(struct file *f, struct iov_iter *iter, loff_t *pos, bool write, int rwf)
{
	bool has_iter = write ? f->f_op->write_iter : f->f_op->read_iter;
	bool has_plain = write ? f->f_op->write != NULL : f->f_op->read != NULL;
	int extra;
	ssize_t n;

	if (!(f->f_mode & (write ? FMODE_WRITE : FMODE_READ)))
		return -EBADF;
	if (!has_iter && !has_plain && !S_ISDIR(file_inode(f)->i_mode))
		return -EINVAL;
	n = rw_verify_area(f, pos ? *pos : 0, iov_iter_count(iter));
	if (n)
		return n;
	extra = rwf ? rwf_to_iocb(f, has_iter, rwf) : 0;
	if (extra < 0)
		return extra;
	if (!iov_iter_count(iter))
		return 0;
	if (unlikely(!has_iter && !has_plain))
		return -EISDIR;
	n = has_iter ? iter_transfer(f, iter, pos, write, extra) : loop_transfer(f, iter, pos, write);
	if (write)
		account_write(f, n);
	else
		account_read(f, n);
	return n;
}

ssize_t vfs_iter_read(struct file *f, struct iov_iter *i, loff_t *pos)
{
	return do_iter_rw(f, i, pos, false, 0);
}

ssize_t vfs_iter_write(struct file *f, struct iov_iter *i, loff_t *pos)
{
	return do_iter_rw(f, i, pos, true, 0);
}

ssize_t kernel_read(struct file *f, void *buf, size_t n, loff_t *pos)
{
	struct kvec vec = { .iov_base = buf, .iov_len = min(n, MAX_RW_COUNT) };
	struct iov_iter iter;
	int err = rw_verify_area(f, pos ? *pos : 0, n);

	if (err)
		return err;
	if (!(f->f_mode & FMODE_READ) || !f->f_op->read_iter)
		return -EINVAL;
	iov_iter_kvec(&iter, false, &vec, 1, vec.iov_len);
	return iter_transfer(f, &iter, pos, false, 0);
}

ssize_t kernel_write(struct file *f, const void *buf, size_t n, loff_t *pos)
{
	struct kvec vec = { .iov_base = (void *)buf, .iov_len = min(n, MAX_RW_COUNT) };
	struct iov_iter iter;

	if (!(f->f_mode & FMODE_WRITE) || !f->f_op->write_iter)
		return -EINVAL;
	iov_iter_kvec(&iter, true, &vec, 1, vec.iov_len);
	return iter_transfer(f, &iter, pos, true, 0);
}

/* ---- the calls ------------------------------------------------------------------------------- */

/* The position a call uses: the file's, or none at all. */
static loff_t *file_ppos(struct file *f)
{
	return (f->f_mode & FMODE_STREAM) ? NULL : &f->f_pos;
}

long sys_read(unsigned int fd, char __user *buf, size_t count)
{
	struct fd f = fdget_pos(fd);
	ssize_t n;

	if (unlikely(!f.file))
		return -EBADF;
	n = vfs_read(f.file, buf, count, file_ppos(f.file));
	fdput_pos(f);
	return n;
}

long sys_write(unsigned int fd, const char __user *buf, size_t count)
{
	struct fd f = fdget_pos(fd);
	ssize_t n;

	if (unlikely(!f.file))
		return -EBADF;
	n = vfs_write(f.file, buf, count, file_ppos(f.file));
	fdput_pos(f);
	return n;
}

long sys_pread64(unsigned int fd, char __user *buf, size_t count, loff_t pos)
{
	struct fd f;
	ssize_t n = -ESPIPE;

	if (pos < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	if (f.file->f_mode & FMODE_PREAD)
		n = vfs_read(f.file, buf, count, &pos);
	fdput(f);
	return n;
}

long sys_pwrite64(unsigned int fd, const char __user *buf, size_t count, loff_t pos)
{
	struct fd f;
	ssize_t n = -ESPIPE;

	if (pos < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	if (f.file->f_mode & FMODE_PWRITE)
		n = vfs_write(f.file, buf, count, &pos);
	fdput(f);
	return n;
}

static ssize_t vector_rw(struct file *f, const struct iovec __user *vec, unsigned long vlen, loff_t *pos,
			 bool write, int rwf)
{
	struct iovec fast[FAST_IOV], *iov = fast;
	struct iov_iter iter;
	ssize_t n;

	n = import_iovec(write, vec, vlen, FAST_IOV, &iov, &iter);
	if (n >= 0)
		n = do_iter_rw(f, &iter, pos, write, rwf);
	kfree(iov);
	return n;
}

static long do_vector(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, bool write, int rwf)
{
	struct fd f = fdget_pos(fd);
	ssize_t n;

	if (!f.file)
		return -EBADF;
	n = vector_rw(f.file, vec, vlen, file_ppos(f.file), write, rwf);
	fdput_pos(f);
	return n;
}

static long do_vector_at(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, loff_t pos,
			 bool write, int rwf)
{
	struct fd f;
	ssize_t n = -ESPIPE;

	if (pos < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	if (f.file->f_mode & (write ? FMODE_PWRITE : FMODE_PREAD))
		n = vector_rw(f.file, vec, vlen, &pos, write, rwf);
	fdput(f);
	return n;
}

long sys_readv(unsigned long fd, const struct iovec __user *vec, unsigned long vlen)
{
	return do_vector(fd, vec, vlen, false, 0);
}

long sys_writev(unsigned long fd, const struct iovec __user *vec, unsigned long vlen)
{
	return do_vector(fd, vec, vlen, true, 0);
}

/* Two words of the program, of which the low one is all if it is a 64-bit one. */
static loff_t pos_from_words(unsigned long low, unsigned long high)
{
	return user_word_size() == sizeof(u64) ? (loff_t)low : (loff_t)((u64)high << 32 | low);
}

long sys_preadv(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, unsigned long pos_l,
		unsigned long pos_h)
{
	return do_vector_at(fd, vec, vlen, pos_from_words(pos_l, pos_h), false, 0);
}

long sys_pwritev(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, unsigned long pos_l,
		 unsigned long pos_h)
{
	return do_vector_at(fd, vec, vlen, pos_from_words(pos_l, pos_h), true, 0);
}

long sys_preadv2(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, unsigned long pos_l,
		 unsigned long pos_h, int flags)
{
	loff_t pos = pos_from_words(pos_l, pos_h);

	if (pos == -1)
		return do_vector(fd, vec, vlen, false, flags);
	return do_vector_at(fd, vec, vlen, pos, false, flags);
}

long sys_pwritev2(unsigned long fd, const struct iovec __user *vec, unsigned long vlen, unsigned long pos_l,
		  unsigned long pos_h, int flags)
{
	loff_t pos = pos_from_words(pos_l, pos_h);

	if (pos == -1)
		return do_vector(fd, vec, vlen, true, flags);
	return do_vector_at(fd, vec, vlen, pos, true, flags);
}
