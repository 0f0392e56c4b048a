// SPDX-License-Identifier: GPL-2.0-only
/*
 * process_vm_readv, process_vm_writev: copy between the caller's memory and another process's.
 *
 * Remote pages are held a few at a time, so that the caller's own page faults happen without any
 * lock of the other process.  A partial copy returns what was copied.
 */
#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/pid.h>
#include <mm/filemap.h>
#include <mm/internal.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define FAST_IOV	8
#define PAGES		16

static size_t copy_one(struct page *page, size_t offset, size_t n, struct iov_iter *local,
		       bool write)
{
	if (!write)
		return copy_page_to_iter(page, offset, n, local);
	n = copy_page_from_iter(page, offset, n, local);
	ClearPageExecSynced(page);
	if (!PageAnon(page))
		set_page_dirty(page);
	return n;
}

/* Up to PAGES pages from @addr: bytes copied; *err set when that is not all of @len. */
static size_t copy_pages(struct mm_struct *mm, unsigned long addr, size_t len,
			 struct iov_iter *local, bool write, long *err)
{
	size_t offset = addr & ~PAGE_MASK, done = 0;
	unsigned long nr = (offset + len + PAGE_SIZE - 1) >> PAGE_SHIFT;
	struct page *pages[PAGES];
	long got, i;

	mmap_read_lock(mm);
	got = get_user_pages(mm, addr, nr, write ? FOLL_WRITE : 0, pages);
	mmap_read_unlock(mm);
	if (got < (long)nr)
		*err = got < 0 ? got : -EFAULT;
	for (i = 0; i < got; i++) {
		size_t n = min(len - done, PAGE_SIZE - offset);
		size_t copied = iov_iter_count(local) ? copy_one(pages[i], offset, n, local,
								 write) : 0;

		done += copied;
		if (copied < n && iov_iter_count(local))
			*err = -EFAULT;
		offset = 0;
		put_page(pages[i]);
		if (copied < n)
			len = done;	/* only let go of the rest */
	}
	return done;
}

static ssize_t copy_segments(struct mm_struct *mm, const struct iovec *rvec, unsigned long nr,
			     struct iov_iter *local, bool write)
{
	ssize_t total = 0;
	unsigned long i;
	long err = 0;

	for (i = 0; i < nr && !err; i++) {
		unsigned long addr = (unsigned long)rvec[i].iov_base;
		size_t left = rvec[i].iov_len;

		while (left && !err && iov_iter_count(local)) {
			size_t room = PAGES * PAGE_SIZE - (addr & ~PAGE_MASK);
			size_t n = min3(left, room, iov_iter_count(local));
			size_t done = copy_pages(mm, addr, n, local, write, &err);

			total += done;
			addr += done;
			left -= done;
		}
	}
	return total ? total : err;
}

static struct mm_struct *mm_for_access(pid_t pid)
{
	struct task_struct *t = find_get_task_by_vpid(pid);
	struct mm_struct *mm;

	if (!t)
		return ERR_PTR(-ESRCH);
	mm = mm_access(t, PTRACE_MODE_ATTACH_REALCREDS);
	put_task_struct(t);
	if (!mm)
		return ERR_PTR(-ESRCH);
	return IS_ERR(mm) ? ERR_PTR(-EPERM) : mm;
}

static struct iovec *copy_remote_iovec(const struct iovec __user *uvec, unsigned long nr)
{
	struct iovec *vec;
	unsigned long i;
	int err;

	if (nr > UIO_MAXIOV)
		return ERR_PTR(-EINVAL);
	vec = kmalloc_array(nr, sizeof(*vec), GFP_KERNEL);
	if (!vec)
		return ERR_PTR(-ENOMEM);
	err = copy_iovec_from_user(vec, uvec, nr);
	if (err) {
		kfree(vec);
		return ERR_PTR(err);
	}
	for (i = 0; i < nr; i++) {
		if ((ssize_t)vec[i].iov_len < 0) {
			kfree(vec);
			return ERR_PTR(-EINVAL);
		}
	}
	return vec;
}

static bool has_bytes(const struct iovec *vec, unsigned long nr)
{
	while (nr--)
		if (vec[nr].iov_len)
			return true;
	return false;
}

static long process_vm_rw(pid_t pid, const struct iovec __user *lvec, unsigned long liovcnt,
			  const struct iovec __user *uvec, unsigned long riovcnt,
			  unsigned long flags, bool write)
{
	struct iovec fast[FAST_IOV], *local_vec = fast, *rvec;
	struct iov_iter local;
	struct mm_struct *mm;
	ssize_t ret;

	if (flags)
		return -EINVAL;
	ret = import_iovec(write, lvec, liovcnt, FAST_IOV, &local_vec, &local);
	if (ret < 0)
		return ret;
	if (!iov_iter_count(&local) || !riovcnt) {
		ret = 0;
		goto free_local;
	}
	rvec = copy_remote_iovec(uvec, riovcnt);
	if (IS_ERR(rvec)) {
		ret = PTR_ERR(rvec);
		goto free_local;
	}
	mm = has_bytes(rvec, riovcnt) ? mm_for_access(pid) : NULL;
	if (IS_ERR_OR_NULL(mm)) {
		ret = PTR_ERR_OR_ZERO(mm);
	} else {
		ret = copy_segments(mm, rvec, riovcnt, &local, write);
		mmput(mm);
	}
	kfree(rvec);
free_local:
	kfree(local_vec);	/* NULL: the fast one was large enough */
	return ret;
}

long sys_process_vm_readv(pid_t pid, const struct iovec __user *lvec, unsigned long liovcnt,
			  const struct iovec __user *rvec, unsigned long riovcnt,
			  unsigned long flags)
{
	return process_vm_rw(pid, lvec, liovcnt, rvec, riovcnt, flags, false);
}

long sys_process_vm_writev(pid_t pid, const struct iovec __user *lvec, unsigned long liovcnt,
			   const struct iovec __user *rvec, unsigned long riovcnt,
			   unsigned long flags)
{
	return process_vm_rw(pid, lvec, liovcnt, rvec, riovcnt, flags, true);
}
