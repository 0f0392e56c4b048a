// SPDX-License-Identifier: GPL-2.0-only
/*
 * posix_fadvise(2) and readahead(2): hints about how a file's pages will be used.
 *
 * Access patterns (sequential, random) are accepted and make no difference.  Locking: none.
 */
#include <fs/internal.h>

#include <linux/fadvise.h>
#include <generated/syscalls.h>

static pgoff_t page_index(loff_t off)
{
	return (pgoff_t)(off >> PAGE_SHIFT);
}

/* @end is exclusive. Pages that are only partly in the range stay. */
static void drop_pages(struct address_space *m, loff_t off, loff_t end)
{
	pgoff_t first = page_index(ALIGN(off, (loff_t)PAGE_SIZE)), after = page_index(end);

	filemap_fdatawrite_range(m, off, end - 1);
	/* The end of the file is the end of its last page. */
	if (end >= i_size_read(m->host))
		after = page_index(end + PAGE_SIZE - 1);
	if (first < after)
		invalidate_mapping_pages(m, first, after - 1);
}

static int advise(struct file *f, loff_t off, loff_t len, int advice)
{
	struct address_space *m = f->f_mapping;
	loff_t end = LLONG_MAX - PAGE_SIZE;

	if (S_ISFIFO(file_inode(f)->i_mode))
		return -ESPIPE;
	if (!m || len < 0)
		return -EINVAL;
	if (len && off >= 0 && len < end - off)
		end = off + len;
	switch (advice) {
	case POSIX_FADV_NORMAL:
	case POSIX_FADV_RANDOM:
	case POSIX_FADV_SEQUENTIAL:
	case POSIX_FADV_NOREUSE:
		return 0;
	case POSIX_FADV_WILLNEED:
		if (off >= 0 && m->a_ops)
			page_cache_readahead(m, f, page_index(off), page_index(end - 1));
		return 0;
	case POSIX_FADV_DONTNEED:
		if (off >= 0)
			drop_pages(m, off, end);
		return 0;
	}
	return -EINVAL;
}

long sys_fadvise64_64(int fd, loff_t off, loff_t len, int advice)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = advise(f.file, off, len, advice);
	fdput(f);
	return err;
}

/* The advice comes second, so that the 64-bit values sit in register pairs. */
long sys_arm_fadvise64_64(int fd, int advice, loff_t off, loff_t len)
{
	return sys_fadvise64_64(fd, off, len, advice);
}

static int readahead(struct file *f, loff_t off, size_t count)
{
	umode_t mode = file_inode(f)->i_mode;

	if (!(f->f_mode & FMODE_READ))
		return -EBADF;
	if (!S_ISREG(mode) && !S_ISBLK(mode))
		return -EINVAL;
	return advise(f, off, (loff_t)count, POSIX_FADV_WILLNEED);
}

long sys_readahead(int fd, loff_t off, size_t count)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = readahead(f.file, off, count);
	fdput(f);
	return err;
}
