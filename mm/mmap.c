// SPDX-License-Identifier: GPL-2.0-only
/*
 * mmap: new mappings.
 *
 * do_mmap() checks what mmap(2) asks for and finds the place; mmap_region() makes room there, grows
 * a neighbour or makes a VMA, and lets the file see it.  Unmapping is in munmap.c, brk and stack
 * growth in brk.c, limits and commit accounting in vm_account.c.
 *
 * Locking: mmap_lock for write throughout; population happens after it is dropped.
 */
#include <fs/file.h>
#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <mm/filemap.h>
#include <mm/internal.h>
#include <mm/mm.h>
#include <mm/shmem.h>

unsigned long mmap_min_addr = PAGE_SIZE;
int sysctl_max_map_count = 65530;
int sysctl_legacy_va_layout;
#define LOWEST_HINT	32768UL		/* who says where may go below, who asks does not: as on Debian */

#define LEGACY_FLAGS	(MAP_SHARED | MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS | MAP_DENYWRITE |	\
			 MAP_EXECUTABLE | MAP_UNINITIALIZED | MAP_GROWSDOWN | MAP_LOCKED |	\
			 MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK | MAP_STACK | MAP_HUGETLB |	\
			 MAP_HUGE_2MB | MAP_HUGE_1GB)

/* A mapping to be made. */
struct map_request {
	struct mm_struct	*mm;
	struct file		*file;
	unsigned long		addr, len, vm_flags, pgoff;
};

/* ---- making the VMA --------------------------------------------------------------------- */

/* Anonymous private memory is the frequent case: often the neighbour just grows. */
static bool extend_neighbour(const struct map_request *r)
{
	struct vma_shape s = {
		.start = r->addr, .end = r->addr + r->len, .flags = r->vm_flags, .pgoff = r->pgoff,
	};

	if (r->file || (r->vm_flags & VM_SHARED))
		return false;
	return vma_extend(r->mm, &s);
}

/* Let the file's driver set the VMA up; it may change flags, prot and ops. */
static int call_file_mmap(struct vm_area_struct *vma, struct file *file)
{
	int err;

	if (vma->vm_flags & VM_SHARED) {
		err = mapping_map_writable(file->f_mapping);
		if (err)
			return err;
	}
	vma->vm_file = get_file(file);
	err = file->f_op->mmap(file, vma);
	if (vma->vm_flags & VM_SHARED)
		mapping_unmap_writable(file->f_mapping);
	if (!err)
		return 0;
	fput(vma->vm_file);
	vma->vm_file = NULL;
	vma->vm_ops = NULL;
	return err;
}

static int setup_vma(struct vm_area_struct *vma, const struct map_request *r)
{
	vma->vm_start = r->addr;
	vma->vm_end = r->addr + r->len;
	vma->vm_flags = r->vm_flags;
	vma->vm_pgoff = r->pgoff;
	vma_set_page_prot(vma);
	if (r->file)
		return call_file_mmap(vma, r->file);
	return r->vm_flags & VM_SHARED ? shmem_zero_setup(vma) : 0;
}

static int insert_new_vma(const struct map_request *r)
{
	struct vm_area_struct *vma = vma_alloc(r->mm);
	int err;

	if (!vma)
		return -ENOMEM;
	err = setup_vma(vma, r);
	if (err)
		goto fail;
	err = vma_insert(r->mm, vma);
	if (err)
		goto fail;
	if (r->file)
		vma_merge_around(r->mm, vma);
	return 0;
fail:
	vma_free(vma);
	return err;
}

static unsigned long pages_in_range(struct mm_struct *mm, unsigned long lo, unsigned long hi)
{
	struct vm_area_struct *vma = vma_find_intersection(mm, lo, hi);
	unsigned long sum = 0;

	for (; vma && vma->vm_start < hi; vma = vma_next(vma))
		sum += (min(vma->vm_end, hi) - max(vma->vm_start, lo)) >> PAGE_SHIFT;
	return sum;
}

static unsigned long mmap_region(struct map_request *r)
{
	unsigned long npages = r->len >> PAGE_SHIFT, end = r->addr + r->len;
	struct mm_struct *mm = r->mm;
	bool occupied = vma_find_intersection(mm, r->addr, end);
	int err;

	if (!may_expand_vm(mm, r->vm_flags, npages) &&
	    (!occupied ||
	     !may_expand_vm(mm, r->vm_flags, npages - pages_in_range(mm, r->addr, end))))
		return -ENOMEM;
	if (occupied) {
		err = do_munmap(mm, r->addr, r->len);
		if (err)
			return err;
	}
	if (accountable(r->vm_flags)) {
		if (vm_enough_memory(npages))
			return -ENOMEM;
		r->vm_flags |= VM_ACCOUNT;
	}
	if (!extend_neighbour(r)) {
		err = insert_new_vma(r);
		if (err) {
			if (r->vm_flags & VM_ACCOUNT)
				vm_unacct_memory(npages);
			return err;
		}
	}
	vm_stat_account(mm, r->vm_flags, npages);
	if (r->vm_flags & VM_LOCKED)
		mm->locked_vm += npages;
	return r->addr;
}

/* ---- checks ----------------------------------------------------------------------------- */

/* Can @file be as large as a mapping of it would have it? */
static bool within_file(struct file *file, const struct map_request *r)
{
	const struct inode *inode = file_inode(file);
	u64 max = ~0UL;

	if (S_ISREG(inode->i_mode))
		max = inode->i_sb->s_maxbytes;
	else if (S_ISBLK(inode->i_mode))
		max = LLONG_MAX;
	return r->len <= max && r->pgoff <= (max - r->len) >> PAGE_SHIFT;
}

/* May @file be mapped so?  Fixes vm_flags up. */
static int check_file(struct file *file, unsigned long prot, unsigned long flags, struct map_request *r)
{
	struct inode *inode = file_inode(file);
	unsigned long *vm_flags = &r->vm_flags;

	if (!within_file(file, r))
		return -EOVERFLOW;
	switch (flags & MAP_TYPE) {
	case MAP_SHARED:
		flags &= LEGACY_FLAGS;
		fallthrough;
	case MAP_SHARED_VALIDATE:
		if (flags & ~(unsigned long)(LEGACY_FLAGS | MAP_TYPE))
			return -EOPNOTSUPP;
		if ((prot & PROT_WRITE) && !(file->f_mode & FMODE_WRITE))
			return -EACCES;
		if ((inode->i_flags & S_APPEND_INODE) && (file->f_mode & FMODE_WRITE))
			return -EACCES;
		*vm_flags |= VM_SHARED | VM_MAYSHARE;
		if (!(file->f_mode & FMODE_WRITE))
			*vm_flags &= ~(VM_MAYWRITE | VM_SHARED);
		break;
	case MAP_PRIVATE:
		break;
	default:
		return -EINVAL;
	}
	if (!(file->f_mode & FMODE_READ))
		return -EACCES;
	if (file->f_path.mnt && (file->f_path.mnt->mnt_flags & MNT_NOEXEC)) {
		if (*vm_flags & VM_EXEC)
			return -EPERM;
		*vm_flags &= ~VM_MAYEXEC;
	}
	if (!file->f_op->mmap)
		return -ENODEV;
	return *vm_flags & VM_GROWSDOWN ? -EINVAL : 0;
}

static int check_anonymous(unsigned long flags, unsigned long addr, unsigned long *vm_flags,
			   unsigned long *pgoff)
{
	switch (flags & MAP_TYPE) {
	case MAP_SHARED:
		if (*vm_flags & VM_GROWSDOWN)
			return -EINVAL;
		*pgoff = 0;
		*vm_flags |= VM_SHARED | VM_MAYSHARE;
		return 0;
	case MAP_PRIVATE:
		*pgoff = addr >> PAGE_SHIFT;
		return 0;
	default:
		return -EINVAL;
	}
}

static unsigned long flags_from_mmap(unsigned long prot, unsigned long flags)
{
	unsigned long vm_flags = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;

	static_assert(PROT_READ == VM_READ && PROT_WRITE == VM_WRITE && PROT_EXEC == VM_EXEC);
	vm_flags |= vm_flags_from_prot(prot);
	if (flags & MAP_GROWSDOWN)
		vm_flags |= VM_GROWSDOWN;
	if (flags & MAP_LOCKED)
		vm_flags |= VM_LOCKED;
	return vm_flags | vm_noreserve(flags & MAP_NORESERVE);
}

/* Old programs that expect readable memory to be executable: personality(READ_IMPLIES_EXEC). */
static unsigned long personality_prot(struct file *file, unsigned long prot)
{
	if (!(prot & PROT_READ) || !(current->personality & READ_IMPLIES_EXEC))
		return prot;
	if (file && file->f_path.mnt && (file->f_path.mnt->mnt_flags & MNT_NOEXEC))
		return prot;
	return prot | PROT_EXEC;
}

static int check_place(struct mm_struct *mm, unsigned long addr, unsigned long len,
		       unsigned long flags)
{
	if (IS_ERR_VALUE(addr))
		return (int)addr;
	if ((flags & MAP_FIXED_NOREPLACE) && vma_find_intersection(mm, addr, addr + len))
		return -EEXIST;
	return 0;
}

unsigned long do_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
		      unsigned long flags, unsigned long vm_flags, unsigned long pgoff)
{
	struct map_request r = { .mm = current->mm, .file = file, .pgoff = pgoff };
	struct mm_struct *mm = r.mm;
	int err;

	if (!len)
		return -EINVAL;
	prot = personality_prot(file, prot);
	if (flags & MAP_FIXED_NOREPLACE)
		flags |= MAP_FIXED;
	if (!(flags & MAP_FIXED) && (addr & PAGE_MASK))
		addr = max(addr, max(ALIGN(mmap_min_addr, PAGE_SIZE), LOWEST_HINT));
	r.len = ALIGN(len, PAGE_SIZE);
	if (!r.len)
		return -ENOMEM;
	if (pgoff + (r.len >> PAGE_SHIFT) < pgoff)
		return -EOVERFLOW;
	if (mm->map_count > sysctl_max_map_count)
		return -ENOMEM;
	r.addr = get_unmapped_area(mm, addr, r.len, flags);
	err = check_place(mm, r.addr, r.len, flags);
	if (err)
		return err;
	if (r.addr < mmap_min_addr && !capable(CAP_SYS_RAWIO))
		return -EPERM;
	r.vm_flags = flags_from_mmap(prot, flags) | vm_flags | mm->def_flags;
	if ((flags & MAP_LOCKED) && !can_do_mlock())
		return -EPERM;
	if (!mlock_future_ok(mm, r.vm_flags, r.len >> PAGE_SHIFT))
		return -EAGAIN;
	err = file ? check_file(file, prot, flags, &r) :
		     check_anonymous(flags, r.addr, &r.vm_flags, &r.pgoff);
	return err ? (unsigned long)err : mmap_region(&r);
}

static bool wants_population(struct mm_struct *mm, unsigned long addr, unsigned long flags)
{
	struct vm_area_struct *vma;

	if ((flags & (MAP_POPULATE | MAP_NONBLOCK)) == MAP_POPULATE)
		return true;
	if (!(flags & MAP_LOCKED) && !(mm->def_flags & VM_LOCKED))
		return false;
	vma = vma_lookup(mm, addr);
	return vma && (vma->vm_flags & (VM_LOCKED | VM_LOCKONFAULT)) == VM_LOCKED;
}

unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
		      unsigned long flags, unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	bool populate = false;
	unsigned long ret;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = do_mmap(file, addr, len, prot, flags, 0, pgoff);
	if (!IS_ERR_VALUE(ret))
		populate = wants_population(mm, ret, flags);
	mmap_write_unlock(mm);
	if (populate)
		mm_populate(ret, ALIGN(len, PAGE_SIZE));
	return ret;
}

/* ---- system calls ----------------------------------------------------------------------- */

long sys_mmap_pgoff(unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags,
		    unsigned long fd, unsigned long pgoff)
{
	struct file *file = NULL;
	unsigned long ret;

	if (!(flags & MAP_ANONYMOUS)) {
		file = fget(fd);
		if (!file)
			return -EBADF;
	}
	if (flags & MAP_HUGETLB) {	/* files have none, and other memory has none reserved */
		if (file)
			fput(file);
		return file || !len || !huge_page_size_known(flags) ? -EINVAL : -ENOMEM;
	}
	ret = vm_mmap(file, addr, len, prot, flags, pgoff);
	if (file)
		fput(file);
	return (long)ret;
}

long sys_mmap(unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags,
	      unsigned long fd, unsigned long off)
{
	if (off & ~PAGE_MASK)
		return -EINVAL;
	return sys_mmap_pgoff(addr, len, prot, flags, fd, off >> PAGE_SHIFT);
}
