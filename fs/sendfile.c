// SPDX-License-Identifier: GPL-2.0-only
/*
 * sendfile(2) and copy_file_range(2): through a kernel buffer, from a file that can be read at a position.
 *
 * What was read but could not be written is read again next time, so nothing is lost when the output is full.
 */
#include <fs/internal.h>

#include <generated/syscalls.h>
#include <mm/page_alloc.h>

#define COPY_ORDER	4
#define COPY_CHUNK	(PAGE_SIZE << COPY_ORDER)

/* Bytes copied, or -errno if none were. Both positions advance by that. */
static ssize_t copy_between(struct file *in, loff_t *ipos, struct file *out, loff_t *opos, size_t count)
{
	unsigned int order = count > PAGE_SIZE ? COPY_ORDER : 0;
	void *buf = __get_free_pages(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN, order);
	ssize_t done = 0, n = 0;

	if (!buf) {
		order = 0;
		buf = __get_free_pages(GFP_KERNEL, 0);
		if (!buf)
			return -ENOMEM;
	}
	while (count) {
		loff_t pos = *ipos;
		ssize_t got = kernel_read(in, buf, min(count, (size_t)(PAGE_SIZE << order)), &pos);

		n = got;
		if (got > 0)
			n = kernel_write(out, buf, got, opos);
		if (n <= 0)
			break;
		*ipos += n;
		done += n;
		count -= n;
		if (n < got)
			break;
		if (signal_pending(current)) {
			n = -ERESTARTSYS;
			break;
		}
		cond_resched();
	}
	free_pages_addr(buf, order);
	return done ?: n;
}

static ssize_t sendfile_files(struct file *out, struct file *in, loff_t *ppos, size_t count, loff_t max)
{
	loff_t ipos, *opos = (out->f_mode & FMODE_STREAM) ? NULL : &out->f_pos;
	ssize_t n;

	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!(in->f_mode & FMODE_PREAD))
		return ppos ? -ESPIPE : -EINVAL;
	if (!in->f_op->read_iter || !out->f_op->write_iter || (out->f_flags & O_APPEND) || file_has_no_type(out))
		return -EINVAL;
	ipos = ppos ? *ppos : in->f_pos;
	n = rw_verify_area(in, ipos, count);
	if (n)
		return n;
	count = min(count, MAX_RW_COUNT);
	if (!max)
		max = in->f_mapping->host->i_sb->s_maxbytes;
	if (ipos + (loff_t)count > max) {
		if (ipos >= max)
			return -EOVERFLOW;
		count = max - ipos;
	}
	n = copy_between(in, &ipos, out, opos, count);
	if (n > 0) {
		if (ppos)
			*ppos = ipos;
		else
			in->f_pos = ipos;
		fsnotify_file(in, IN_ACCESS);
		fsnotify_file(out, IN_MODIFY);
		current->io_rchar += n;
		current->io_wchar += n;
	}
	current->io_syscr++;
	current->io_syscw++;
	return n;
}

long do_sendfile(int out_fd, int in_fd, loff_t *ppos, size_t count, loff_t max)
{
	struct fd in = fdget(in_fd), out;
	ssize_t n = -EBADF;

	if (!in.file)
		return -EBADF;
	out = fdget(out_fd);
	if (out.file) {
		n = sendfile_files(out.file, in.file, ppos, count, max);
		fdput(out);
	}
	fdput(in);
	return n;
}

long sys_sendfile64(int out_fd, int in_fd, loff_t __user *uoff, size_t count)
{
	loff_t pos;
	long n;

	if (!uoff)
		return do_sendfile(out_fd, in_fd, NULL, count, 0);
	if (copy_from_user(&pos, uoff, sizeof(pos)))
		return -EFAULT;
	n = do_sendfile(out_fd, in_fd, &pos, count, 0);
	return put_user(pos, uoff) ? -EFAULT : n;
}

/* ---- copy_file_range ------------------------------------------------------------------------- */

static int check_copy(struct file *in, loff_t ipos, struct file *out, loff_t opos, size_t *count)
{
	struct inode *from = file_inode(in), *to = file_inode(out);
	loff_t size;
	int err;

	if (S_ISDIR(from->i_mode) || S_ISDIR(to->i_mode))
		return -EISDIR;
	if (!S_ISREG(from->i_mode) || !S_ISREG(to->i_mode))
		return -EINVAL;
	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE) || (out->f_flags & O_APPEND))
		return -EBADF;
	if (from->i_sb != to->i_sb)
		return -EXDEV;
	if (to->i_flags & S_IMMUTABLE_INODE)
		return -EPERM;
	if ((u64)ipos + *count < (u64)ipos || (u64)opos + *count < (u64)opos)
		return -EOVERFLOW;
	size = i_size_read(from);
	*count = ipos >= size ? 0 : min_t(u64, *count, size - ipos);
	if (opos >= 0 && opos < to->i_sb->s_maxbytes)
		*count = min_t(u64, *count, to->i_sb->s_maxbytes - opos);
	err = rw_verify_area(in, ipos, *count) ?: rw_verify_area(out, opos, *count);
	if (err)
		return err;
	*count = min(*count, MAX_RW_COUNT);
	if (from == to && ipos + (loff_t)*count > opos && opos + (loff_t)*count > ipos)
		return -EINVAL;
	return 0;
}

static ssize_t copy_range(struct file *in, loff_t *ipos, struct file *out, loff_t *opos, size_t count)
{
	int err = check_copy(in, *ipos, out, *opos, &count);
	ssize_t n;

	if (err || !count)
		return err;
	n = copy_between(in, ipos, out, opos, count);
	if (n > 0) {
		fsnotify_file(in, IN_ACCESS);
		fsnotify_file(out, IN_MODIFY);
	}
	return n;
}

static ssize_t copy_range_user(struct file *in, loff_t __user *uin, struct file *out, loff_t __user *uout,
			       size_t len)
{
	loff_t ipos = in->f_pos, opos = out->f_pos;
	ssize_t n;

	if (uin && copy_from_user(&ipos, uin, sizeof(ipos)))
		return -EFAULT;
	if (uout && copy_from_user(&opos, uout, sizeof(opos)))
		return -EFAULT;
	n = copy_range(in, &ipos, out, &opos, len);
	if (n <= 0)
		return n;
	if (!uin)
		in->f_pos = ipos;
	else if (copy_to_user(uin, &ipos, sizeof(ipos)))
		n = -EFAULT;
	if (!uout)
		out->f_pos = opos;
	else if (copy_to_user(uout, &opos, sizeof(opos)))
		n = -EFAULT;
	return n;
}

long sys_copy_file_range(int fd_in, loff_t __user *off_in, int fd_out, loff_t __user *off_out, size_t len,
			 unsigned int flags)
{
	struct fd in = fdget(fd_in), out;
	ssize_t n = -EBADF;

	if (!in.file)
		return -EBADF;
	out = fdget(fd_out);
	if (out.file) {
		n = flags ? -EINVAL : copy_range_user(in.file, off_in, out.file, off_out, len);
		fdput(out);
	}
	fdput(in);
	return n;
}
