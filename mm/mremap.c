// SPDX-License-Identifier: GPL-2.0-only
/*
 * mremap: make a mapping larger, smaller, or move it.
 *
 * A move makes a second VMA, moves the page-table entries (not the pages), and unmaps the old one.
 * Truncation looks at both VMAs; so that no entry slips past it, the mapping's i_mmap_lock is held
 * while the entries of a file move.
 *
 * Locking: mmap_lock for write.
 */
#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <mm/filemap.h>
#include <mm/internal.h>
#include <mm/mm.h>

/* What mremap(2) was asked for; lengths are whole pages. */
struct move {
	unsigned long	addr, old_len, new_len, new_addr, flags;
	bool		populate;	/* the grown part is locked memory */
};

/* ---- moving page-table entries ---------------------------------------------------------- */

static int move_one(struct mm_struct *mm, unsigned long from, unsigned long to,
		    struct tlb_batch *batch)
{
	int err, tries = 0;

	do {
		spin_lock(&mm->page_table_lock);
		err = pgtable_move(&mm->pgt, from, to, batch);
		spin_unlock(&mm->page_table_lock);
	} while (err == -ENOMEM && tries++ < 3 && try_to_free_pages(32));
	return err;
}

/* Moves what is mapped at [from, from + len) to @to; on failure everything is back at @from. */
static int move_entries(struct mm_struct *mm, unsigned long from, unsigned long to,
			unsigned long len)
{
	unsigned long addr = from, end = from + len;
	struct tlb_batch batch;
	int err = 0;

	tlb_batch_init(&batch, mm, false);
	for (;; addr += PAGE_SIZE) {
		spin_lock(&mm->page_table_lock);
		addr = pgtable_next_mapped(&mm->pgt, addr, end);
		spin_unlock(&mm->page_table_lock);
		if (addr >= end)
			break;
		err = move_one(mm, addr, to + (addr - from), &batch);
		if (err)
			break;
	}
	/* The tables at @from are still there: moving back cannot fail. */
	while (err && addr > from) {
		addr -= PAGE_SIZE;
		move_one(mm, to + (addr - from), addr, &batch);
	}
	tlb_batch_finish(&batch);
	return err;
}

static int move_pages(struct vm_area_struct *vma, unsigned long from, unsigned long to,
		      unsigned long len)
{
	struct address_space *m = vma->vm_file ? vma->vm_file->f_mapping : NULL;
	int err;

	if (m)
		down_write(&m->i_mmap_lock);
	err = move_entries(vma->vm_mm, from, to, len);
	if (m)
		up_write(&m->i_mmap_lock);
	return err;
}

/* ---- moving a VMA ----------------------------------------------------------------------- */

/* The VMA at the new place, in the tree. ERR_PTR. */
static struct vm_area_struct *make_copy(struct vm_area_struct *vma, const struct move *r)
{
	struct vm_area_struct *copy = vma_dup(vma, vma->vm_mm);
	int err;

	if (!copy)
		return ERR_PTR(-ENOMEM);
	copy->vm_start = r->new_addr;
	copy->vm_end = r->new_addr + r->new_len;
	copy->vm_pgoff += (r->addr - vma->vm_start) >> PAGE_SHIFT;
	err = vma_insert(vma->vm_mm, copy);
	if (err) {
		vma_release(copy);
		return ERR_PTR(err);
	}
	if (copy->vm_ops && copy->vm_ops->open)
		copy->vm_ops->open(copy);
	return copy;
}

static void account_move(struct mm_struct *mm, struct vm_area_struct *copy)
{
	vm_stat_account(mm, copy->vm_flags, vma_pages(copy));
	if (copy->vm_flags & VM_LOCKED)
		mm->locked_vm += vma_pages(copy);
}

/* Nothing is mapped in it any more; the page tables go, too. */
static void remove_copy(struct mm_struct *mm, struct vm_area_struct *copy)
{
	account_move(mm, copy);
	copy->vm_flags &= ~VM_ACCOUNT;
	do_munmap(mm, copy->vm_start, copy->vm_end - copy->vm_start);
}

/* The old range goes, or with MREMAP_DONTUNMAP stays as empty as if never touched. */
static int leave_old(struct mm_struct *mm, struct vm_area_struct *old, const struct move *r)
{
	if (!r->old_len)
		return 0;
	if (r->flags & MREMAP_DONTUNMAP) {
		if (old->vm_flags & VM_LOCKED)
			mm->locked_vm -= vma_pages(old);
		old->vm_flags &= ~(VM_LOCKED | VM_LOCKONFAULT);
		return 0;
	}
	/* Its share of the commit limit has moved along. */
	old->vm_flags &= ~VM_ACCOUNT;
	return do_munmap(mm, r->addr, r->old_len);
}

static unsigned long move_vma(struct mm_struct *mm, struct vm_area_struct *vma, struct move *r)
{
	struct vm_area_struct *copy;
	unsigned long charged = 0;
	int err;

	if (mm->map_count >= sysctl_max_map_count - 3)
		return -ENOMEM;
	if (r->old_len) {
		vma = vma_isolate(mm, vma, r->addr, r->addr + r->old_len);
		if (IS_ERR(vma))
			return PTR_ERR(vma);
	}
	if (vma->vm_flags & VM_ACCOUNT) {
		charged = r->new_len >> PAGE_SHIFT;
		if (!(r->flags & MREMAP_DONTUNMAP))
			charged -= r->old_len >> PAGE_SHIFT;
		if (vm_enough_memory(charged))
			return -ENOMEM;
	}
	copy = make_copy(vma, r);
	if (IS_ERR(copy)) {
		err = PTR_ERR(copy);
		goto uncharge;
	}
	err = move_pages(vma, r->addr, r->new_addr, r->old_len);
	if (!err && copy->vm_ops && copy->vm_ops->mremap) {
		err = copy->vm_ops->mremap(copy);
		if (err)	/* the tables are still there: it cannot fail */
			move_pages(vma, r->new_addr, r->addr, r->old_len);
	}
	if (err)
		goto remove;
	account_move(mm, copy);
	r->populate = copy->vm_flags & VM_LOCKED;
	err = leave_old(mm, vma, r);
	vma_merge_around(mm, copy);
	return err ? (unsigned long)err : r->new_addr;

remove:
	remove_copy(mm, copy);
uncharge:
	vm_unacct_memory(charged);
	return err;
}

/* ---- checks ----------------------------------------------------------------------------- */

/* May the mapping at r->addr become r->new_len long? ERR_PTR. */
static struct vm_area_struct *check_resize(struct mm_struct *mm, const struct move *r)
{
	struct vm_area_struct *vma = vma_lookup(mm, r->addr);
	unsigned long grow = r->new_len > r->old_len ? (r->new_len - r->old_len) >> PAGE_SHIFT : 0;
	pgoff_t pgoff;

	if (!vma)
		return ERR_PTR(-EFAULT);
	/* A length of 0 makes a second mapping of the same object: there must be one. */
	if (!r->old_len && !(vma->vm_flags & (VM_SHARED | VM_MAYSHARE)))
		return ERR_PTR(-EINVAL);
	if ((r->flags & MREMAP_DONTUNMAP) && (vma->vm_flags & (VM_DONTEXPAND | VM_PFNMAP)))
		return ERR_PTR(-EINVAL);
	if (r->old_len > vma->vm_end - r->addr)
		return ERR_PTR(-EFAULT);
	if (r->new_len == r->old_len)
		return vma;
	pgoff = ((r->addr - vma->vm_start) >> PAGE_SHIFT) + vma->vm_pgoff;
	if (pgoff + (r->new_len >> PAGE_SHIFT) < pgoff)
		return ERR_PTR(-EINVAL);
	if (vma->vm_flags & (VM_DONTEXPAND | VM_PFNMAP))
		return ERR_PTR(-EFAULT);
	if (!mlock_future_ok(mm, vma->vm_flags, grow))
		return ERR_PTR(-EAGAIN);
	if (!may_expand_vm(mm, vma->vm_flags, grow))
		return ERR_PTR(-ENOMEM);
	return vma;
}

/* Grow where it is, if there is room behind. */
static bool grow_in_place(struct mm_struct *mm, struct vm_area_struct *vma, struct move *r)
{
	unsigned long end = r->addr + r->new_len, grow = (r->new_len - r->old_len) >> PAGE_SHIFT;
	struct vm_area_struct *next = vma_next(vma);

	if (r->addr + r->old_len != vma->vm_end || end < r->addr || end > mm->task_size)
		return false;
	if (next && end > next->vm_start -
	    (next->vm_flags & VM_GROWSDOWN ? min(stack_guard_gap, next->vm_start) : 0))
		return false;
	if ((vma->vm_flags & VM_ACCOUNT) && vm_enough_memory(grow))
		return false;
	vma_resize(vma, vma->vm_start, end);
	vm_stat_account(mm, vma->vm_flags, grow);
	if (vma->vm_flags & VM_LOCKED) {
		mm->locked_vm += grow;
		r->populate = true;
	}
	vma_merge_around(mm, vma);
	return true;
}

/* ---- the three kinds -------------------------------------------------------------------- */

static unsigned long mremap_to(struct mm_struct *mm, struct move *r)
{
	struct vm_area_struct *vma;
	int err;

	if ((r->flags & MREMAP_FIXED) && r->new_addr + 1 <= FIRST_USER_ADDRESS)
		return -EINVAL;
	if ((r->new_addr & ~PAGE_MASK) || r->new_len > mm->task_size ||
	    r->new_addr > mm->task_size - r->new_len)
		return -EINVAL;
	if (r->addr + r->old_len > r->new_addr && r->new_addr + r->new_len > r->addr)
		return -EINVAL;
	if (mm->map_count + 2 >= sysctl_max_map_count - 3)
		return -ENOMEM;
	if (r->flags & MREMAP_FIXED) {
		if (r->new_addr < mmap_min_addr && !capable(CAP_SYS_RAWIO))
			return -EPERM;
		err = do_munmap(mm, r->new_addr, r->new_len);
		if (err)
			return err;
	}
	if (r->old_len > r->new_len) {
		err = do_munmap(mm, r->addr + r->new_len, r->old_len - r->new_len);
		if (err)
			return err;
		r->old_len = r->new_len;
	}
	vma = check_resize(mm, r);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	if ((r->flags & MREMAP_DONTUNMAP) &&
	    !may_expand_vm(mm, vma->vm_flags, r->old_len >> PAGE_SHIFT))
		return -ENOMEM;
	r->new_addr = get_unmapped_area(mm, r->new_addr, r->new_len,
					r->flags & MREMAP_FIXED ? MAP_FIXED : 0);
	return IS_ERR_VALUE(r->new_addr) ? r->new_addr : move_vma(mm, vma, r);
}

static unsigned long mremap_grow(struct mm_struct *mm, struct move *r)
{
	struct vm_area_struct *vma = check_resize(mm, r);

	if (IS_ERR(vma))
		return PTR_ERR(vma);
	if (grow_in_place(mm, vma, r))
		return r->addr;
	if (!(r->flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	r->new_addr = get_unmapped_area(mm, 0, r->new_len, 0);
	return IS_ERR_VALUE(r->new_addr) ? r->new_addr : move_vma(mm, vma, r);
}

static unsigned long mremap_shrink(struct mm_struct *mm, const struct move *r)
{
	int err = 0;

	if (r->old_len > r->new_len)
		err = do_munmap(mm, r->addr + r->new_len, r->old_len - r->new_len);
	return err ? (unsigned long)err : r->addr;
}

static unsigned long do_mremap(struct mm_struct *mm, struct move *r)
{
	if (!vma_lookup(mm, r->addr))
		return -EFAULT;
	if (r->flags & (MREMAP_FIXED | MREMAP_DONTUNMAP))
		return mremap_to(mm, r);
	if (r->old_len >= r->new_len)
		return mremap_shrink(mm, r);
	return mremap_grow(mm, r);
}

long sys_mremap(unsigned long addr, unsigned long old_len, unsigned long new_len,
		unsigned long flags, unsigned long new_addr)
{
	struct move r = {
		.addr = addr, .old_len = ALIGN(old_len, PAGE_SIZE), .new_len = ALIGN(new_len,
										     PAGE_SIZE),
		.new_addr = new_addr, .flags = flags,
	};
	struct mm_struct *mm = current->mm;
	unsigned long ret;

	if (flags & ~(unsigned long)(MREMAP_FIXED | MREMAP_MAYMOVE | MREMAP_DONTUNMAP))
		return -EINVAL;
	if ((flags & MREMAP_FIXED) && !(flags & MREMAP_MAYMOVE))
		return -EINVAL;
	if ((flags & MREMAP_DONTUNMAP) && (!(flags & MREMAP_MAYMOVE) || r.old_len != r.new_len))
		return -EINVAL;
	if ((addr & ~PAGE_MASK) || !r.new_len)
		return -EINVAL;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = do_mremap(mm, &r);
	mmap_write_unlock(mm);
	if (!IS_ERR_VALUE(ret) && r.populate && r.new_len > r.old_len)
		mm_populate(ret + r.old_len, r.new_len - r.old_len);
	return (long)ret;
}
