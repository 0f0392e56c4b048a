// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page faults.
 *
 * handle_page_fault() is what the arch calls: it finds the VMA, checks the access, grows a stack,
 * and turns the outcome into a signal.  handle_mm_fault() mends one page of any address space.
 *
 * A page-table entry is only made or replaced under page_table_lock after looking again: what was
 * prepared outside the lock (a page, a copy) is thrown away if somebody else was faster.
 *
 * Who maps what: reading anonymous memory maps the zero page; a private page of a file is mapped
 * read-only until it is copied; a shared page of a file whose file system wants to know of writes
 * (page_mkwrite) is mapped read-only until it is written.
 *
 * Locking: mmap_lock for read; page lock > page_table_lock inside.
 */
#include <kernel/cgroup/memory.h>
#include <kernel/lib/string.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <mm/filemap.h>
#include <mm/internal.h>
#include <mm/mm.h>

static u8 zero_page[PAGE_SIZE] __aligned(PAGE_SIZE);
phys_addr_t zero_page_pa;

void fault_init(void)
{
	zero_page_pa = __pa(zero_page);
}

/* Page tables come from the atomic reserve, which is used up: reclaim, and let the access be tried
 * again. */
static int table_failed(int err)
{
	if (err != -ENOMEM)
		return 0;	/* somebody else mapped the page */
	return try_to_free_pages(32) ? 0 : VM_FAULT_OOM;
}

/* ---- anonymous pages -------------------------------------------------------------------- */

/* A page nobody else has seen becomes private memory: plain stores will do. */
static void make_anon(struct page *page)
{
	page->flags = 1UL << PG_anon | 1UL << PG_uptodate;
	atomic_set(&page->mapcount, 1);
	mod_page_stat(NR_ANON_PAGES, 1);
}

static void drop_unmapped_anon(struct page *page)
{
	atomic_set(&page->mapcount, 0);
	put_page(page);
}

/* Map the fresh @page where nothing is mapped. Takes its reference over. */
static int map_new_anon(struct vm_fault *vmf, struct page *page)
{
	struct vm_area_struct *vma = vmf->vma;
	struct mm_struct *mm = vma->vm_mm;
	int err;

	make_anon(page);
	if (unlikely(current->cgroup) && cgroup_charge_page(page)) {
		drop_unmapped_anon(page);
		return 0;		/* the access is tried again */
	}
	sync_exec_page(vma, page);
	spin_lock(&mm->page_table_lock);
	err = pgtable_map(&mm->pgt, vmf->address, page_to_phys(page),
			  pgprot_dirty(vma->vm_page_prot));
	if (likely(!err) && vma->vm_ops)
		vma->has_anon = true;
	spin_unlock(&mm->page_table_lock);
	if (unlikely(err)) {
		drop_unmapped_anon(page);
		return table_failed(err);
	}
	add_mm_counter(mm, MM_ANONPAGES, 1);
	return 0;
}

static int map_zero_page(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct mm_struct *mm = vma->vm_mm;
	int err;

	spin_lock(&mm->page_table_lock);
	err = pgtable_map(&mm->pgt, vmf->address, zero_page_pa,
			  pgprot_special(pgprot_readonly(vma->vm_page_prot)));
	spin_unlock(&mm->page_table_lock);
	return err ? table_failed(err) : 0;
}

static int do_anonymous_page(struct vm_fault *vmf)
{
	struct page *page;

	if (vmf->access != FAULT_WRITE)
		return map_zero_page(vmf);
	page = alloc_page(GFP_USER | __GFP_ZERO);
	if (unlikely(!page))
		return VM_FAULT_OOM;
	return map_new_anon(vmf, page);
}

/* ---- write to a page that is mapped read-only ------------------------------------------- */

/* page_table_lock held: the page at vmf->address may be written from now on. */
static int make_writable(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct mm_struct *mm = vma->vm_mm;
	struct tlb_batch batch;
	int err;

	tlb_batch_init(&batch, mm, false);
	err = pgtable_protect(&mm->pgt, vmf->address, vmf->address + PAGE_SIZE, vma->vm_page_prot,
			      false, &batch);
	if (!err)
		pgtable_set_young(&mm->pgt, vmf->address, true);
	tlb_batch_finish(&batch);
	return err;
}

/* Is @pa still what is mapped read-only at vmf->address? page_table_lock held. */
static bool still_mapped(struct vm_fault *vmf, phys_addr_t pa)
{
	struct pte_info info;

	return pgtable_query(&vmf->vma->vm_mm->pgt, vmf->address, &info) && info.pa == pa &&
	       !info.write;
}

static int replace_page(struct vm_fault *vmf, struct page *page, phys_addr_t old_pa)
{
	struct vm_area_struct *vma = vmf->vma;
	struct mm_struct *mm = vma->vm_mm;
	struct tlb_batch batch;
	int err = -EEXIST;

	make_anon(page);
	if (unlikely(current->cgroup) && cgroup_charge_page(page)) {
		drop_unmapped_anon(page);
		return 0;
	}
	sync_exec_page(vma, page);
	tlb_batch_init(&batch, mm, false);
	spin_lock(&mm->page_table_lock);
	if (likely(still_mapped(vmf, old_pa)))
		err = pgtable_replace(&mm->pgt, vmf->address, page_to_phys(page),
				      pgprot_dirty(vma->vm_page_prot), &batch);
	if (likely(!err) && vma->vm_ops)
		vma->has_anon = true;
	spin_unlock(&mm->page_table_lock);
	if (unlikely(err)) {
		drop_unmapped_anon(page);
		return table_failed(err);
	}
	add_mm_counter(mm, MM_ANONPAGES, 1);
	tlb_batch_finish(&batch);
	return 0;
}

/* @old: what is mapped, with a reference for the copying; NULL: the zero page or device memory. */
static int copy_on_write(struct vm_fault *vmf, struct page *old, phys_addr_t old_pa)
{
	bool zero = old_pa == zero_page_pa;
	struct page *page;
	int ret;

	if (!old && !zero && !pfn_valid(phys_to_pfn(old_pa)))
		return VM_FAULT_SIGBUS;		/* device memory has no copies */
	page = alloc_page(zero ? GFP_USER | __GFP_ZERO : GFP_USER);
	if (page && !zero)
		copy_page(page_address(page), __va(old_pa));
	ret = page ? replace_page(vmf, page, old_pa) : VM_FAULT_OOM;
	if (old)
		put_page(old);
	return ret;
}

/* A shared page of a file, referenced by the caller, is about to become dirty. */
static int make_shared_writable(struct vm_fault *vmf, struct page *page)
{
	struct mm_struct *mm = vmf->vma->vm_mm;
	int ret, err = 0;

	vmf->page = page;
	ret = vmf->vma->vm_ops->page_mkwrite(vmf);
	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) {
		put_page(page);
		return ret & VM_FAULT_ERROR;
	}
	spin_lock(&mm->page_table_lock);
	if (still_mapped(vmf, page_to_phys(page)))
		err = make_writable(vmf);
	spin_unlock(&mm->page_table_lock);
	if (ret & VM_FAULT_LOCKED)
		unlock_page(page);
	put_page(page);
	return err ? table_failed(err) : 0;
}

/*
 * A write below a leaf table that fork shared: the table becomes our own, and only now do the counts
 * of its pages tell who else has them. page_table_lock held, dropped unless true: go on with *@info.
 */
static bool unshare_for_write(struct vm_fault *vmf, struct pte_info *info, int *ret)
{
	struct mm_struct *mm = vmf->vma->vm_mm;
	int err = pgtable_unshare(&mm->pgt, vmf->address);

	if (likely(!err)) {
		pgtable_query(&mm->pgt, vmf->address, info);
		if (!info->write)
			return true;
		/* We were the last to use the table. */
		pgtable_set_young(&mm->pgt, vmf->address, true);
	}
	spin_unlock(&mm->page_table_lock);
	*ret = err ? table_failed(err) : 0;
	return false;
}

/* page_table_lock held; drops it. */
static int do_wp_page(struct vm_fault *vmf, struct pte_info *info)
{
	struct vm_area_struct *vma = vmf->vma;
	struct page *page = info->special ? NULL : phys_to_page(info->pa);
	spinlock_t *ptl = &vma->vm_mm->page_table_lock;
	int err;

	if (info->shared && !unshare_for_write(vmf, info, &err))
		return err;
	if (vma->vm_flags & VM_SHARED) {
		if (page && vma_wants_write_notify(vma)) {
			get_page(page);
			spin_unlock(ptl);
			return make_shared_writable(vmf, page);
		}
	} else if (!page || !PageAnon(page) || page_count(page) != 1) {
		if (page)
			get_page(page);
		spin_unlock(ptl);
		return copy_on_write(vmf, page, info->pa);
	}
	err = make_writable(vmf);	/* shared anyway, or ours alone */
	spin_unlock(ptl);
	return err ? table_failed(err) : 0;
}

/* ---- pages of files --------------------------------------------------------------------- */

/* Ask the owner for the page; in vmf->page, referenced; locked if VM_FAULT_LOCKED is set. */
static int get_file_page(struct vm_fault *vmf)
{
	vmf->page = NULL;
	if (!vmf->vma->vm_ops->fault)
		return VM_FAULT_SIGBUS;
	return vmf->vma->vm_ops->fault(vmf);
}

static void release_file_page(struct vm_fault *vmf, int ret)
{
	if (ret & VM_FAULT_LOCKED)
		unlock_page(vmf->page);
	put_page(vmf->page);
}

static int map_file_page(struct vm_fault *vmf, pgprot_t prot)
{
	struct mm_struct *mm = vmf->vma->vm_mm;
	struct page *page = vmf->page;
	int err;

	page_add_mapping(page);
	get_page(page);
	sync_exec_page(vmf->vma, page);
	spin_lock(&mm->page_table_lock);
	err = pgtable_map(&mm->pgt, vmf->address, page_to_phys(page), prot);
	spin_unlock(&mm->page_table_lock);
	if (err) {
		page_remove_mapping(page);
		put_page(page);
		return table_failed(err);
	}
	add_mm_counter(mm, mm_counter_of(page), 1);
	return 0;
}

/* Map what the cache has around the address: the neighbours will be wanted soon. */
static bool fault_around(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long lo = ALIGN_DOWN(vmf->address, FAULT_AROUND_PAGES * PAGE_SIZE);
	unsigned long hi = lo + FAULT_AROUND_PAGES * PAGE_SIZE;
	pgoff_t first, last;

	if (!vma->vm_ops->map_pages)
		return false;
	lo = max(lo, vma->vm_start);
	hi = min(hi, vma->vm_end);
	first = vma->vm_pgoff + ((lo - vma->vm_start) >> PAGE_SHIFT);
	last = first + ((hi - lo) >> PAGE_SHIFT) - 1;
	return vma->vm_ops->map_pages(vmf, first, last);
}

static int do_read_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	pgprot_t prot = vma->vm_page_prot;
	int ret, err;

	if (fault_around(vmf))
		return 0;
	ret = get_file_page(vmf);
	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE))
		return ret;
	if (!(vma->vm_flags & VM_SHARED) || vma_wants_write_notify(vma))
		prot = pgprot_readonly(prot);
	err = map_file_page(vmf, prot);
	release_file_page(vmf, ret);
	return err | (ret & VM_FAULT_MAJOR);
}

static int do_cow_fault(struct vm_fault *vmf)
{
	struct page *copy = alloc_page(GFP_USER);
	int ret;

	if (!copy)
		return VM_FAULT_OOM;
	ret = get_file_page(vmf);
	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) {
		put_page(copy);
		return ret;
	}
	copy_page(page_address(copy), page_address(vmf->page));
	release_file_page(vmf, ret);
	return map_new_anon(vmf, copy) | (ret & VM_FAULT_MAJOR);
}

static int do_shared_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	int ret = get_file_page(vmf), err;

	if (ret & (VM_FAULT_ERROR | VM_FAULT_NOPAGE))
		return ret;
	if (vma_wants_write_notify(vma)) {
		if (ret & VM_FAULT_LOCKED)
			unlock_page(vmf->page);
		err = vma->vm_ops->page_mkwrite(vmf);
		if (err & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) {
			put_page(vmf->page);
			return err & VM_FAULT_ERROR;
		}
		ret = (ret & ~VM_FAULT_LOCKED) | (err & VM_FAULT_LOCKED);
	}
	err = map_file_page(vmf, pgprot_dirty(vma->vm_page_prot));
	release_file_page(vmf, ret);
	return err | (ret & VM_FAULT_MAJOR);
}

static int do_file_fault(struct vm_fault *vmf)
{
	if (vmf->access != FAULT_WRITE)
		return do_read_fault(vmf);
	return vmf->vma->vm_flags & VM_SHARED ? do_shared_fault(vmf) : do_cow_fault(vmf);
}

/* ---- one page --------------------------------------------------------------------------- */

int handle_mm_fault(struct vm_area_struct *vma, unsigned long address, enum fault_access access,
		    bool user)
{
	struct vm_fault vmf = {
		.vma = vma, .address = address & PAGE_MASK, .access = access,
	};
	struct mm_struct *mm = vma->vm_mm;
	struct pte_info info;

	vmf.pgoff = vma->vm_pgoff + ((vmf.address - vma->vm_start) >> PAGE_SHIFT);
	count_vm_event(PGFAULT, 1);
	spin_lock(&mm->page_table_lock);
	if (pgtable_query(&mm->pgt, vmf.address, &info)) {
		if (access == FAULT_WRITE && (!info.write || info.shared))
			return do_wp_page(&vmf, &info);
		/* The table is right: the hardware wanted its young or dirty bit, or was late. */
		pgtable_set_young(&mm->pgt, vmf.address, access == FAULT_WRITE);
		spin_unlock(&mm->page_table_lock);
		return 0;
	}
	spin_unlock(&mm->page_table_lock);
	/* A page may have been there: what replaced it would be somebody's wrong data. */
	if (unlikely(mm->reaped) && !(vma->vm_flags & VM_SHARED))
		return VM_FAULT_SIGBUS;
	return vma_is_anonymous(vma) ? do_anonymous_page(&vmf) : do_file_fault(&vmf);
}

/* ---- a fault of current ----------------------------------------------------------------- */

static bool access_allowed(const struct vm_area_struct *vma, enum fault_access access)
{
	switch (access) {
	case FAULT_WRITE:
		return vma->vm_flags & VM_WRITE;
	case FAULT_EXEC:
		return vma->vm_flags & VM_EXEC;
	default:	/* the hardware has neither write-only nor (everywhere) execute-only */
		return vma->vm_flags & VM_ACCESS_FLAGS;
	}
}

/* mmap_lock is held for read; returns with it held, unless NULL: then there is no VMA for @addr. */
static struct vm_area_struct *find_or_grow(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = vma_find(mm, addr);

	if (likely(vma && vma->vm_start <= addr))
		return vma;
	if (!vma || !(vma->vm_flags & VM_GROWSDOWN)) {
		mmap_read_unlock(mm);
		return NULL;
	}
	mmap_read_unlock(mm);
	mmap_write_lock(mm);
	vma = vma_find(mm, addr);
	if (!vma || (vma->vm_start > addr && expand_stack(vma, addr))) {
		mmap_write_unlock(mm);
		return NULL;
	}
	downgrade_write(&mm->mmap_lock);
	return vma;
}

static int fault_signal(int *sig, int *code, int s, int c)
{
	*sig = s;
	*code = c;
	return -EFAULT;
}

/* No page could be had. If there is one now, try again; else somebody dies, or the access fails. */
static int fault_oom(bool user, int *sig, int *code)
{
	if (fatal_signal_pending(current))
		return user ? 0 : fault_signal(sig, code, SIGKILL, SI_KERNEL);
	if (user && (!memory_is_low() || out_of_memory(GFP_USER, 0)))
		return 0;
	return fault_signal(sig, code, SIGBUS, BUS_ADRERR);
}

static int fault_result(int ret, bool user, int *sig, int *code)
{
	if (likely(!(ret & VM_FAULT_ERROR))) {
		if (ret & VM_FAULT_MAJOR) {
			current->maj_flt++;
			count_vm_event(PGMAJFAULT, 1);
		} else {
			current->min_flt++;
		}
		return 0;
	}
	if (ret & VM_FAULT_OOM)
		return fault_oom(user, sig, code);
	if (ret & VM_FAULT_SIGBUS)
		return fault_signal(sig, code, SIGBUS, BUS_ADRERR);
	return fault_signal(sig, code, SIGSEGV, SEGV_ACCERR);
}

int handle_page_fault(unsigned long addr, enum fault_access access, bool user, int *sig, int *code)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int ret;

	if (unlikely(!mm || current->pagefault_disabled || in_atomic() || addr >= TASK_SIZE))
		return fault_signal(sig, code, SIGSEGV, SEGV_MAPERR);
	mmap_read_lock(mm);
	vma = find_or_grow(mm, addr);
	if (unlikely(!vma))
		return fault_signal(sig, code, SIGSEGV, SEGV_MAPERR);
	if (unlikely(!access_allowed(vma, access))) {
		mmap_read_unlock(mm);
		return fault_signal(sig, code, SIGSEGV, SEGV_ACCERR);
	}
	ret = handle_mm_fault(vma, addr, access, user);
	mmap_read_unlock(mm);
	return fault_result(ret, user, sig, code);
}
