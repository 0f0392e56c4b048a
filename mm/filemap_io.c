// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading and writing files through the page cache: the read_iter and write_iter of ordinary file
 * systems.
 *
 * A write copies into one locked page at a time with page faults off: the source may be that very
 * page. The user's memory is faulted in before the page is locked, so that progress is certain.
 *
 * Locking: writes hold i_rwsem; reads nothing but references to pages.
 */
#include <fs/vfs.h>
#include <kernel/lib/string.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <mm/filemap.h>
#include <mm/internal.h>

/* ---- reading ---------------------------------------------------------------------------- */

/* An uptodate page, or ERR_PTR(-EAGAIN, -EIO, -EINTR, -ENOMEM). */
static struct page *page_for_read(struct kiocb *iocb, pgoff_t index)
{
	struct address_space *m = iocb->ki_filp->f_mapping;
	struct page *page = find_get_page(m, index);

	if (likely(page && PageUptodate(page)))
		return page;
	if (iocb->ki_flags & IOCB_NOWAIT) {
		if (page)
			put_page(page);
		return ERR_PTR(-EAGAIN);
	}
	if (page)
		put_page(page);
	else
		readahead_on_miss(m, iocb->ki_filp, index);
	return read_mapping_page(m, index, iocb->ki_filp);
}

ssize_t generic_file_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = iocb->ki_filp->f_mapping->host;
	ssize_t done = 0;
	int err = 0;

	while (iov_iter_count(to)) {
		loff_t size = i_size_read(inode), pos = iocb->ki_pos;
		unsigned int offset = pos & ~PAGE_MASK;
		size_t n = min(PAGE_SIZE - offset, iov_iter_count(to)), copied;
		struct page *page;

		if (pos >= size)
			break;
		page = page_for_read(iocb, pos >> PAGE_SHIFT);
		if (IS_ERR(page)) {
			err = PTR_ERR(page);
			break;
		}
		n = min_t(u64, n, size - pos);
		copied = copy_page_to_iter(page, offset, n, to);
		if (!PageReferenced(page))
			mark_page_accessed(page);
		put_page(page);
		iocb->ki_pos += copied;
		done += copied;
		if (copied < n) {
			err = -EFAULT;
			break;
		}
		if (fatal_signal_pending(current)) {
			err = -EINTR;
			break;
		}
	}
	file_accessed(iocb->ki_filp);
	return done ? done : err;
}

/* ---- writing ---------------------------------------------------------------------------- */

void zero_page_range(struct page *page, unsigned int from, unsigned int to)
{
	if (from < to)
		memset((char *)page_address(page) + from, 0, to - from);
}

/* The default write_begin: read the page unless nothing of it would remain. */
static int simple_begin(struct file *file, struct address_space *m, loff_t pos, unsigned int len,
			struct page **pagep)
{
	unsigned int from = pos & ~PAGE_MASK;
	struct page *page;
	int err;

	for (;;) {
		page = find_or_create_page(m, pos >> PAGE_SHIFT, GFP_KERNEL);
		if (IS_ERR(page))
			return PTR_ERR(page);
		if (PageUptodate(page) || len == PAGE_SIZE)
			break;
		if (pos - from >= i_size_read(m->host)) {
			zero_page_range(page, 0, from);
			zero_page_range(page, from + len, PAGE_SIZE);
			break;
		}
		err = read_page_and_wait(m, page, file);
		if (!err) {
			lock_page(page);
			if (page->mapping == m && PageUptodate(page))
				break;
			unlock_page(page);
			err = AOP_TRUNCATED_PAGE;
		}
		put_page(page);
		if (err != AOP_TRUNCATED_PAGE)
			return err;
	}
	*pagep = page;
	return 0;
}

/* Bytes that count. A page that was not uptodate must be written as a whole. */
static int simple_end(struct address_space *m, loff_t pos, unsigned int len, unsigned int copied,
		      struct page *page)
{
	if (!PageUptodate(page)) {
		if (copied < len)
			copied = 0;
		else
			SetPageUptodate(page);
	}
	if (copied) {
		ClearPageExecSynced(page);
		set_page_dirty(page);
		if (pos + copied > i_size_read(m->host))
			i_size_write(m->host, pos + copied);
	}
	unlock_page(page);
	put_page(page);
	return copied;
}

static int write_begin(struct file *file, struct address_space *m, loff_t pos, unsigned int len,
		       struct page **pagep)
{
	if (m->a_ops && m->a_ops->write_begin)
		return m->a_ops->write_begin(file, m, pos, len, pagep);
	return simple_begin(file, m, pos, len, pagep);
}

static int write_end(struct file *file, struct address_space *m, loff_t pos, unsigned int len,
		     unsigned int copied, struct page *page)
{
	if (m->a_ops && m->a_ops->write_end)
		return m->a_ops->write_end(file, m, pos, len, copied, page);
	return simple_end(m, pos, len, copied, page);
}

/* One piece inside one page: bytes written, or -errno. 0: the source went away, fault it in
 * again. */
static ssize_t write_piece(struct kiocb *iocb, struct iov_iter *from, unsigned int offset,
			   unsigned int len)
{
	struct address_space *m = iocb->ki_filp->f_mapping;
	size_t copied;
	struct page *page;
	int ret;

	if (fault_in_iter_readable(from, len) == len)
		return -EFAULT;
	ret = write_begin(iocb->ki_filp, m, iocb->ki_pos, len, &page);
	if (ret < 0)
		return ret;
	copied = copy_page_from_iter_atomic(page, offset, len, from);
	ret = write_end(iocb->ki_filp, m, iocb->ki_pos, len, copied, page);
	if (ret != (int)copied)
		iov_iter_revert(from, copied - max(ret, 0));
	return ret;
}

ssize_t generic_perform_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct address_space *m = iocb->ki_filp->f_mapping;
	ssize_t done = 0, ret = 0;

	while (iov_iter_count(from)) {
		unsigned int offset = iocb->ki_pos & ~PAGE_MASK;
		unsigned int len = min(PAGE_SIZE - offset, iov_iter_count(from));

		if (fatal_signal_pending(current)) {
			ret = -EINTR;
			break;
		}
		ret = write_piece(iocb, from, offset, len);
		if (ret < 0)
			break;
		iocb->ki_pos += ret;
		done += ret;
		balance_dirty_pages(m);
		cond_resched();
	}
	return done ? done : ret;
}

ssize_t generic_file_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	struct inode *inode = file->f_mapping->host;
	loff_t start;
	ssize_t ret;
	int err;

	inode_lock(inode);
	ret = generic_write_checks(iocb, from);
	if (ret > 0) {
		err = file_remove_privs(file);
		if (!err)
			err = file_update_time(file);
		start = iocb->ki_pos;
		ret = err ? err : generic_perform_write(iocb, from);
	}
	inode_unlock(inode);
	if (ret > 0 && (iocb->ki_flags & IOCB_DSYNC)) {
		if (file->f_op->fsync)
			err = file->f_op->fsync(file, start, start + ret - 1, 1);
		else
			err = filemap_write_and_wait_range(file->f_mapping, start, start + ret - 1);
		if (err)
			ret = err;
	}
	return ret;
}
