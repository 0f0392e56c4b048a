// SPDX-License-Identifier: GPL-2.0-only
/*
 * exec: the strings of the new program, and its stack.
 *
 * argv and envp are copied once, into kernel pages that later become the top of the new stack as they are:
 * pages[0] is the topmost, and strings grow downwards as the ABI lays them out.
 *
 * Locking: the bprm belongs to current; the new mm's mmap_lock while its stack VMA is made.
 */
#include <fs/exec_internal.h>

#include <kernel/compat.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define ARG_LIMIT_FLOOR	(128UL << 10)		/* never less than 128 KiB for all strings */
#define ARG_LIMIT_CEILING (6UL << 20)		/* nor more than three quarters of the usual stack */
#define STACK_HEADROOM	(128UL << 10)		/* the stack VMA begins with this much below the strings */

/* ---- counting -------------------------------------------------------------------------------- */

/* The @i-th string: a user pointer, or (kernel lists) a kernel one. ERR_PTR(-EFAULT); NULL: the end. */
static const char __user *nth_string(const struct arg_list *list, int i)
{
	unsigned long p;

	if (list->kernel)
		return (const char __user *)list->kernel[i];
	if (!list->user)
		return NULL;
	if (get_user_word(&p, (const char __user *)list->user + i * user_word_size()))
		return (__force const char __user *)ERR_PTR(-EFAULT);
	return (const char __user *)p;
}

int count_strings(const struct arg_list *list)
{
	const char __user *s;
	int i;

	for (i = 0; (s = nth_string(list, i)); i++) {
		if (IS_ERR((__force const char *)s))
			return -EFAULT;
		if (i >= MAX_ARG_STRINGS - 1)
			return -E2BIG;
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return i;
}

/* A quarter of the stack limit, the pointers to the strings counted in. */
int bprm_stack_limits(struct linux_binprm *bprm)
{
	unsigned long limit = clamp(bprm->rlim_stack / 4, ARG_LIMIT_FLOOR, ARG_LIMIT_CEILING);
	unsigned long pointers = (max(bprm->argc, 1) + bprm->envc) * sizeof(void *);

	if (limit <= pointers)
		return -E2BIG;
	bprm->limit = limit - pointers;
	return 0;
}

/* ---- copying --------------------------------------------------------------------------------- */

static int grow_pages(struct linux_binprm *bprm, unsigned int want)
{
	struct page **pages;
	unsigned int max;

	if (want > bprm->max_pages) {
		max = max(want, 2 * bprm->max_pages);
		pages = kmalloc(max * sizeof(*pages), GFP_KERNEL);
		if (!pages)
			return -ENOMEM;
		memcpy(pages, bprm->pages, bprm->nr_pages * sizeof(*pages));
		if (bprm->pages != bprm->inline_pages)
			kfree(bprm->pages);
		bprm->pages = pages;
		bprm->max_pages = max;
	}
	while (bprm->nr_pages < want) {
		struct page *page = alloc_page(GFP_USER | __GFP_ZERO);

		if (!page)
			return -ENOMEM;
		bprm->pages[bprm->nr_pages++] = page;
	}
	return 0;
}

/* Where byte @below (counted down from the top, at least 1) lives. */
static char *byte_below(struct linux_binprm *bprm, unsigned long below)
{
	unsigned long page = (below - 1) >> PAGE_SHIFT;

	return (char *)page_address(bprm->pages[page]) + (PAGE_SIZE - 1 - ((below - 1) & (PAGE_SIZE - 1)));
}

/* Take @len bytes more from the top. */
static int reserve(struct linux_binprm *bprm, unsigned long len)
{
	unsigned long used = bprm->used + len;
	int err;

	if (used - sizeof(void *) > bprm->limit)
		return -E2BIG;
	err = grow_pages(bprm, (used + PAGE_SIZE - 1) >> PAGE_SHIFT);
	if (!err)
		bprm->used = used;
	return err;
}

/* Bytes from the reserved area's low end upwards: the largest piece within one page. */
static int fill(struct linux_binprm *bprm, const char __user *user, const char *kernel, unsigned long len)
{
	unsigned long done = 0;

	while (done < len) {
		unsigned long below = bprm->used - done;
		char *to = byte_below(bprm, below);
		unsigned long n = min(len - done, ((below - 1) & (PAGE_SIZE - 1)) + 1);

		if (kernel)
			memcpy(to, kernel + done, n);
		else if (copy_from_user(to, user + done, n))
			return -EFAULT;
		done += n;
	}
	return 0;
}

int copy_string_kernel(const char *s, struct linux_binprm *bprm)
{
	unsigned long len = strlen(s) + 1;
	int err;

	if (len > MAX_ARG_STRLEN)
		return -E2BIG;
	err = reserve(bprm, len);
	return err ? err : fill(bprm, NULL, s, len);
}

static int copy_string_user(const char __user *s, struct linux_binprm *bprm)
{
	long len = strnlen_user(s, MAX_ARG_STRLEN);	/* with its NUL */
	int err;

	if (!len)
		return -EFAULT;
	if (len > MAX_ARG_STRLEN)
		return -E2BIG;
	err = reserve(bprm, len);
	if (!err)
		err = fill(bprm, s, NULL, len);
	if (!err)
		*byte_below(bprm, bprm->used - len + 1) = '\0';	/* another thread may have written it */
	return err;
}

/* The last string first: so they lie in order, argv[0] lowest. */
int copy_strings(int n, const struct arg_list *list, struct linux_binprm *bprm)
{
	const char __user *s;
	int err = 0;

	while (!err && n-- > 0) {
		s = nth_string(list, n);
		if (IS_ERR_OR_NULL((__force const char *)s))
			return -EFAULT;		/* changed since it was counted */
		err = list->kernel ? copy_string_kernel(list->kernel[n], bprm) : copy_string_user(s, bprm);
		if (fatal_signal_pending(current))
			return -EINTR;
		cond_resched();
	}
	return err;
}

/* #!: the script's own name takes the place of argv[0]. */
int remove_arg_zero(struct linux_binprm *bprm)
{
	if (!bprm->argc)
		return 0;
	while (bprm->used > sizeof(void *) && *byte_below(bprm, bprm->used))
		bprm->used--;
	if (bprm->used > sizeof(void *))
		bprm->used--;			/* its NUL */
	bprm->argc--;
	return 0;
}

void free_string_pages(struct linux_binprm *bprm)
{
	unsigned int i;

	for (i = 0; i < bprm->nr_pages; i++)
		if (bprm->pages[i])
			put_page(bprm->pages[i]);
	if (bprm->pages != bprm->inline_pages)
		kfree(bprm->pages);
}

/* ---- the stack ------------------------------------------------------------------------------- */

static unsigned long stack_flags(int executable)
{
	unsigned long flags = VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC | VM_GROWSDOWN | VM_ACCOUNT;

	if (executable == EXSTACK_ENABLE_X)
		flags |= VM_EXEC;
	return flags | current->mm->def_flags;
}

/* The string pages move into the VMA: each reference goes from pages[] to the page table. */
static int map_string_pages(struct linux_binprm *bprm, struct vm_area_struct *vma)
{
	unsigned int i;
	int err;

	for (i = 0; i < bprm->nr_pages; i++) {
		err = vma_insert_anon_page(vma, bprm->stack_top - (i + 1) * PAGE_SIZE, bprm->pages[i]);
		if (err)
			return err;
		bprm->pages[i] = NULL;
	}
	return 0;
}

int bprm_install_stack(struct linux_binprm *bprm, unsigned long top, int executable)
{
	struct mm_struct *mm = current->mm;
	unsigned long size = bprm->nr_pages * PAGE_SIZE;
	struct vm_area_struct *vma;
	int err;

	bprm->stack_top = top;
	bprm->p = top - bprm->used;
	mmap_write_lock(mm);
	vma = vma_alloc(mm);
	err = -ENOMEM;
	if (!vma)
		goto unlock;
	vma->vm_end = top;
	vma->vm_start = top - size - max(min(STACK_HEADROOM, bprm->rlim_stack & PAGE_MASK), PAGE_SIZE);
	vma->vm_flags = stack_flags(executable);
	vma->vm_page_prot = pgprot_from_vm_flags(vma->vm_flags);
	vma->vm_pgoff = vma->vm_start >> PAGE_SHIFT;
	err = vma_insert(mm, vma);
	if (err) {
		vma_free(vma);
		goto unlock;
	}
	vm_stat_account(mm, vma->vm_flags, vma_pages(vma));
	(void)vm_enough_memory(vma_pages(vma));		/* small, and exec is past refusing */
	err = map_string_pages(bprm, vma);
	mm->start_stack = bprm->p;
unlock:
	mmap_write_unlock(mm);
	return err;
}
