// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the data of a read or write goes to or comes from: segments of user or of kernel memory.
 *
 * Interface: <fs/vfs.h>.  An iterator belongs to one call: no locks.  Copies stop at the first byte that
 * faults; the iterator advances by what was copied.
 */
#include <fs/internal.h>

#include <kernel/compat.h>
#include <kernel/lib/string.h>
#include <mm/mm.h>

/* import_iovec() and the system calls share one layout for both kinds of segment. */
static_assert(sizeof(struct kvec) == sizeof(struct iovec));

void iov_iter_init(struct iov_iter *i, bool write, const struct iovec *iov, unsigned long n, size_t count)
{
	*i = (struct iov_iter){ .user = true, .write = write, .count = count, .iov = iov, .nr_segs = n };
}

void iov_iter_kvec(struct iov_iter *i, bool write, const struct kvec *kvec, unsigned long n, size_t count)
{
	*i = (struct iov_iter){ .write = write, .count = count, .iov = (const struct iovec *)kvec, .nr_segs = n };
}

void iov_iter_ubuf(struct iov_iter *i, bool write, struct iovec *seg, void __user *buf, size_t count)
{
	seg->iov_base = (void __force *)buf;
	seg->iov_len = count;
	iov_iter_init(i, write, seg, 1, count);
}

void iov_iter_advance(struct iov_iter *i, size_t n)
{
	i->count -= n;
	n += i->iov_offset;
	while (i->nr_segs && n >= i->iov->iov_len) {
		/* The last segment stays, used up, so that revert finds it. */
		if (i->nr_segs == 1)
			break;
		n -= i->iov->iov_len;
		i->iov++;
		i->nr_segs--;
	}
	i->iov_offset = n;
}

void iov_iter_revert(struct iov_iter *i, size_t n)
{
	i->count += n;
	while (n > i->iov_offset) {
		n -= i->iov_offset;
		i->iov--;
		i->nr_segs++;
		i->iov_offset = i->iov->iov_len;
	}
	i->iov_offset -= n;
}

void iov_iter_truncate(struct iov_iter *i, size_t n)
{
	if (i->count > n)
		i->count = n;
}

/* The next contiguous piece, at most @n bytes. */
static size_t iter_piece(const struct iov_iter *i, size_t n, void **base)
{
	*base = (char __force *)i->iov->iov_base + i->iov_offset;
	return min(n, (size_t)(i->iov->iov_len - i->iov_offset));
}

enum copy_kind { COPY_TO, COPY_FROM, COPY_ZERO };

/* Bytes done. */
static size_t copy_piece(bool user, enum copy_kind kind, void *piece, void *buf, size_t n)
{
	if (!user) {
		if (kind == COPY_TO)
			memcpy(piece, buf, n);
		else if (kind == COPY_FROM)
			memcpy(buf, piece, n);
		else
			memset(piece, 0, n);
		return n;
	}
	if (kind == COPY_TO)
		return n - copy_to_user((void __user *)piece, buf, n);
	if (kind == COPY_FROM)
		return n - copy_from_user(buf, (const void __user *)piece, n);
	return n - clear_user((void __user *)piece, n);
}

static size_t iter_copy(struct iov_iter *i, enum copy_kind kind, void *buf, size_t n)
{
	size_t done = 0;

	n = min(n, i->count);
	if (likely(i->nr_segs == 1)) {
		done = copy_piece(i->user, kind, (char __force *)i->iov->iov_base + i->iov_offset, buf, n);
		i->iov_offset += done;
		i->count -= done;
		return done;
	}
	while (done < n) {
		void *piece;
		size_t len = iter_piece(i, n - done, &piece);
		size_t copied = copy_piece(i->user, kind, piece, (char *)buf + done, len);

		iov_iter_advance(i, copied);
		done += copied;
		if (copied < len)
			break;
	}
	return done;
}

size_t copy_to_iter(const void *from, size_t n, struct iov_iter *i)
{
	return iter_copy(i, COPY_TO, (void *)from, n);
}

size_t copy_from_iter(void *to, size_t n, struct iov_iter *i)
{
	return iter_copy(i, COPY_FROM, to, n);
}

size_t iov_iter_zero(size_t n, struct iov_iter *i)
{
	return iter_copy(i, COPY_ZERO, NULL, n);
}

size_t copy_page_to_iter(struct page *page, size_t offset, size_t n, struct iov_iter *i)
{
	return iter_copy(i, COPY_TO, (char *)page_address(page) + offset, n);
}

size_t copy_page_from_iter(struct page *page, size_t offset, size_t n, struct iov_iter *i)
{
	return iter_copy(i, COPY_FROM, (char *)page_address(page) + offset, n);
}

size_t copy_page_from_iter_atomic(struct page *page, size_t offset, size_t n, struct iov_iter *i)
{
	size_t done;

	pagefault_disable();
	done = iter_copy(i, COPY_FROM, (char *)page_address(page) + offset, n);
	pagefault_enable();
	return done;
}

/* Read a byte of each page of [addr, addr + len): bytes that could not be read. */
static size_t fault_in_readable(const char __user *addr, size_t len)
{
	const char __user *p = addr, *end = addr + len;
	char c __maybe_unused;

	while (p < end) {
		if (get_user(c, p))
			return end - p;
		(void)c;
		p = (const char __user *)(((unsigned long)p & PAGE_MASK) + PAGE_SIZE);
	}
	return 0;
}

size_t fault_in_iter_readable(const struct iov_iter *i, size_t n)
{
	const struct iovec *seg = i->iov;
	size_t offset = i->iov_offset;

	n = min(n, i->count);
	while (i->user && n) {
		size_t len = min(n, (size_t)(seg->iov_len - offset));
		size_t left = len ? fault_in_readable((const char __user *)seg->iov_base + offset, len) : 0;

		n -= len - left;
		if (left)
			return n;
		seg++;
		offset = 0;
	}
	return 0;
}

static int check_iovec(struct iovec *iov, unsigned long nr)
{
	size_t total = 0;
	unsigned long i;

	for (i = 0; i < nr; i++) {
		size_t len = iov[i].iov_len;

		if ((ssize_t)len < 0)
			return -EINVAL;
		if (!access_ok((const void __user *)iov[i].iov_base, len))
			return -EFAULT;
		if (len > MAX_RW_COUNT - total)
			iov[i].iov_len = len = MAX_RW_COUNT - total;
		total += len;
	}
	return total;
}

/* The user's segments: 0, -EFAULT, -EINVAL (a length that is negative to a 32-bit program). */
int copy_iovec_from_user(struct iovec *iov, const struct iovec __user *uvec, unsigned long nr)
{
	struct compat_iovec {
		compat_uptr_t base;
		compat_size_t len;
	} *narrow = (void *)iov;

	if (!is_compat_task())
		return copy_from_user(iov, uvec, nr * sizeof(*iov)) ? -EFAULT : 0;
	if (copy_from_user(narrow, uvec, nr * sizeof(*narrow)))
		return -EFAULT;
	while (nr--) {			/* from the last one on they can be widened in place */
		struct compat_iovec v = narrow[nr];

		if ((compat_long_t)v.len < 0)
			return -EINVAL;
		iov[nr].iov_base = (void __force *)compat_ptr(v.base);
		iov[nr].iov_len = v.len;
	}
	return 0;
}

/* Bytes in all, or -errno. *@iov comes in as an array of @fast; it goes out as what is to be kfree()d, or NULL. */
int import_iovec(bool write, const struct iovec __user *uvec, unsigned long nr, unsigned long fast,
		 struct iovec **iov, struct iov_iter *i)
{
	struct iovec *v = *iov, *allocated = NULL;
	int total;

	*iov = NULL;
	if (nr > UIO_MAXIOV)
		return -EINVAL;
	if (nr > fast) {
		v = allocated = kmalloc_array(nr, sizeof(*v), GFP_KERNEL);
		if (!v)
			return -ENOMEM;
	}
	total = copy_iovec_from_user(v, uvec, nr);
	if (!total)
		total = check_iovec(v, nr);
	if (total < 0) {
		kfree(allocated);
		return total;
	}
	iov_iter_init(i, write, v, nr, total);
	*iov = allocated;
	return total;
}
