// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of an address space: made empty (mm_alloc) or as a copy (dup_mm), used, emptied when its
 * last user goes (mmput), freed when nobody borrows it any more (mmdrop).
 *
 * fork copies every VMA and shares the leaf page tables, all private pages below them copy-on-write
 * (docs/life-of-a-fork.md).  Only where a table maps something that the child may not have, what it may
 * have is copied entry by entry.
 *
 * Locking: see <mm/mm.h>.  During fork the parent's mmap_lock is held for write.
 */
#include <fs/aio.h>
#include <fs/vfs.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/user_namespace.h>
#include <mm/internal.h>
#include <mm/mm.h>
#include <mm/slab.h>

/* Of the first process, from which all others have theirs: private and shared anonymous memory, ELF headers. */
#define DEFAULT_DUMP_FILTER	(0x33UL << MMF_DUMP_FILTER_SHIFT)

static struct kmem_cache *mm_cache;

/* The kernel's own: what kernel threads run in when they borrow nothing. */
struct mm_struct init_mm = {
	.mm_users		= ATOMIC_INIT(2),
	/* it is never freed; and init_task borrows it */
	.mm_count		= ATOMIC_INIT(2),
	.mmap_lock		= __RWSEM_INIT(init_mm.mmap_lock, LOCK_RANK_MMAP),
	.page_table_lock	= __SPIN_LOCK_INIT(init_mm.page_table_lock, LOCK_RANK_PAGE_TABLE),
	.arg_lock		= __SPIN_LOCK_INIT(init_mm.arg_lock, LOCK_RANK_LEAF),
	.mm_rb			= RB_ROOT,
	.mmap			= LIST_HEAD_INIT(init_mm.mmap),
	.user_ns		= &init_user_ns,
};

void mm_init(void)
{
	mm_cache = kmem_cache_create("mm_struct", sizeof(struct mm_struct), SMP_CACHE_BYTES,
				     SLAB_PANIC, NULL);
	vma_init();
	fault_init();
	page_lock_init();
}

/* Everything that does not depend on what it is a copy of. */
static int mm_setup(struct mm_struct *mm)
{
	int i;

	atomic_set(&mm->mm_users, 1);
	atomic_set(&mm->mm_count, 1);
	init_rwsem_rank(&mm->mmap_lock, LOCK_RANK_MMAP);
	spin_lock_init_rank(&mm->page_table_lock, LOCK_RANK_PAGE_TABLE);
	spin_lock_init(&mm->arg_lock);
	mm->mm_rb = RB_ROOT;
	INIT_LIST_HEAD(&mm->mmap);
	mm->mmap_cache = NULL;
	mm->map_count = 0;
	mm->locked_vm = 0;
	for (i = 0; i < NR_MM_COUNTERS; i++)
		atomic_long_set(&mm->rss[i], 0);
	mm->hiwater_rss = 0;
	mm->hiwater_vm = mm->total_vm;
	mm->exe_file = NULL;
	mm->aio = NULL;
	mm->oom_victim = false;
	mm->reaped = false;
	cpumask_clear(&mm->cpu_bitmap);
	mm_context_init(mm);
	return pgtable_create(&mm->pgt);
}

struct mm_struct *mm_alloc(void)
{
	struct mm_struct *mm = kmem_cache_zalloc(mm_cache, GFP_KERNEL);

	if (!mm)
		return NULL;
	mm->task_size = TASK_SIZE;
	mm->mmap_base = mm->mmap_legacy_base = TASK_UNMAPPED_BASE;
	mm->flags = current->mm ? READ_ONCE(current->mm->flags) & MMF_INIT_MASK : DEFAULT_DUMP_FILTER;
	if (mm_setup(mm)) {
		kmem_cache_free(mm_cache, mm);
		return NULL;
	}
	mm->user_ns = get_user_ns(current_user_ns());
	return mm;
}

/* ---- fork ------------------------------------------------------------------------------- */

/* Must the child not have what is mapped in @vma? */
static inline bool vma_left_out(const struct vm_area_struct *vma)
{
	return vma->vm_flags & (VM_DONTCOPY | VM_WIPEONFORK);
}

/* Pages of the parent that the child will not have, by kind. */
struct left_out {
	bool	any;
	long	rss[NR_MM_COUNTERS];
};

static void count_left_out(struct left_out *out, struct vm_area_struct *vma)
{
	struct pgtable *pt = &vma->vm_mm->pgt;
	unsigned long addr = vma->vm_start;
	struct pte_info info;

	out->any = true;
	spin_lock(&vma->vm_mm->page_table_lock);
	while ((addr = pgtable_next_mapped(pt, addr, vma->vm_end)) < vma->vm_end) {
		if (pgtable_query(pt, addr, &info) && !info.special)
			out->rss[mm_counter_of(phys_to_page(info.pa))]++;
		addr += PAGE_SIZE;
	}
	spin_unlock(&vma->vm_mm->page_table_lock);
}

/* The leaf tables that lie inside @vma are shared; what is below others, with neighbours that the child
 * may not have, is copied. */
static int dup_vma_pages(struct mm_struct *mm, struct vm_area_struct *vma, struct tlb_batch *batch)
{
	struct pgtable *dst = &mm->pgt, *src = &vma->vm_mm->pgt;
	unsigned long lo = vma->vm_start, hi = vma->vm_end;
	unsigned long inner_lo = ALIGN(lo, PGTABLE_SHARE_SPAN);
	unsigned long inner_hi = ALIGN_DOWN(hi, PGTABLE_SHARE_SPAN);
	bool cow = is_cow_mapping(vma->vm_flags);
	int err;

	if (inner_lo >= inner_hi)
		return pgtable_fork_range(dst, src, lo, hi, cow, batch);
	err = pgtable_fork_range(dst, src, lo, inner_lo, cow, batch);
	if (!err)
		err = pgtable_share(dst, src, inner_lo, inner_hi, batch);
	if (!err)
		err = pgtable_fork_range(dst, src, inner_hi, hi, cow, batch);
	return err;
}

/* Both page_table_locks held. */
static int dup_pages_locked(struct mm_struct *mm, struct mm_struct *oldmm, bool left_out,
			    struct tlb_batch *batch)
{
	struct vm_area_struct *vma = vma_first(oldmm);
	unsigned long lo, hi;
	int err = 0;

	while (vma && !err) {
		if (!left_out) {
			vma = vma_group(vma, &lo, &hi);
			err = pgtable_share(&mm->pgt, &oldmm->pgt, lo, hi, batch);
		} else {
			if (!vma_left_out(vma))
				err = dup_vma_pages(mm, vma, batch);
			vma = vma_next(vma);
		}
	}
	return err;
}

/*
 * The child maps what the parent does, but for what is left out.  Its counters follow from that; a page
 * that truncation or reclaim takes from the parent just now may be counted once too often.
 */
static int dup_pages(struct mm_struct *mm, struct mm_struct *oldmm, const struct left_out *out)
{
	struct tlb_batch batch;
	int err;

	tlb_batch_init(&batch, oldmm, false);
	spin_lock(&oldmm->page_table_lock);
	/* The child's is not visible to anybody yet: no order to keep. */
	spin_lock_nested(&mm->page_table_lock);
	for (int i = 0; i < NR_MM_COUNTERS; i++)
		atomic_long_set(&mm->rss[i], atomic_long_read(&oldmm->rss[i]) - out->rss[i]);
	err = dup_pages_locked(mm, oldmm, out->any, &batch);
	/* Before anybody can leave a shared table, the TLBs have forgotten what could be written below. */
	tlb_batch_finish(&batch);
	spin_unlock(&mm->page_table_lock);
	spin_unlock(&oldmm->page_table_lock);
	return err;
}

/* One VMA of the parent. */
static int dup_vma(struct mm_struct *mm, struct vm_area_struct *old, struct left_out *out)
{
	struct vm_area_struct *vma;
	int err;

	if (unlikely(vma_left_out(old)))
		count_left_out(out, old);
	if (old->vm_flags & VM_DONTCOPY) {
		vm_stat_account(mm, old->vm_flags, -(long)vma_pages(old));
		return 0;
	}
	if (old->vm_flags & VM_ACCOUNT && vm_enough_memory(vma_pages(old)))
		return -ENOMEM;
	err = -ENOMEM;
	vma = vma_dup(old, mm);
	if (!vma)
		goto fail_account;
	vma->vm_flags &= ~(VM_LOCKED | VM_LOCKONFAULT);
	if (vma->vm_flags & VM_WIPEONFORK)
		vma->has_anon = false;
	err = vma_append(mm, vma);
	if (err)
		goto fail_vma;
	if (vma->vm_ops && vma->vm_ops->open)
		vma->vm_ops->open(vma);
	/* From here exit_mmap() undoes what was done. */
	return 0;

fail_vma:
	vma_release(vma);
fail_account:
	if (old->vm_flags & VM_ACCOUNT)
		vm_unacct_memory(vma_pages(old));
	return err;
}

int dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm)
{
	struct left_out out = { .any = false };
	struct vm_area_struct *old;
	int err = 0;

	if (mmap_write_lock_killable(oldmm))
		return -EINTR;
	down_write_nested(&mm->mmap_lock);	/* not visible yet */
	mm->total_vm = oldmm->total_vm;
	mm->data_vm = oldmm->data_vm;
	mm->exec_vm = oldmm->exec_vm;
	mm->stack_vm = oldmm->stack_vm;
	for_each_vma(oldmm, old) {
		err = dup_vma(mm, old, &out);
		if (err)
			break;
	}
	vma_build_tree(mm);
	if (!err)
		err = dup_pages(mm, oldmm, &out);
	mmap_write_unlock(mm);
	mmap_write_unlock(oldmm);
	return err;
}

struct mm_struct *dup_mm(struct task_struct *t, struct mm_struct *oldmm)
{
	struct mm_struct *mm = kmem_cache_alloc(mm_cache, GFP_KERNEL);

	if (!mm)
		return NULL;
	memcpy(mm, oldmm, sizeof(*mm));
	if (mm_setup(mm)) {
		kmem_cache_free(mm_cache, mm);
		return NULL;
	}
	get_user_ns(mm->user_ns);
	mm->def_flags = 0;	/* mlockall() is not inherited */
	set_mm_exe_file(mm, oldmm->exe_file);
	if (dup_mmap(mm, oldmm)) {
		mmput(mm);
		return NULL;
	}
	mm->hiwater_rss = get_mm_rss(mm);
	mm->hiwater_vm = mm->total_vm;
	return mm;
}

/* ---- references ------------------------------------------------------------------------- */

void mmput(struct mm_struct *mm)
{
	might_sleep();
	if (!atomic_dec_and_test(&mm->mm_users))
		return;
	if (unlikely(mm->aio))
		exit_aio(mm);
	exit_mmap(mm);
	set_mm_exe_file(mm, NULL);
	mmdrop(mm);
}

void mmdrop(struct mm_struct *mm)
{
	if (!atomic_dec_and_test(&mm->mm_count))
		return;
	DEBUG_ASSERT(mm != &init_mm);
	pgtable_destroy(&mm->pgt);
	mm_context_destroy(mm);
	put_user_ns(mm->user_ns);
	kmem_cache_free(mm_cache, mm);
}

struct mm_struct *get_task_mm(struct task_struct *t)
{
	struct mm_struct *mm;

	task_lock(t);
	mm = t->flags & PF_KTHREAD ? NULL : t->mm;
	if (mm)
		mmget(mm);
	task_unlock(t);
	return mm;
}

struct mm_struct *mm_access(struct task_struct *t, unsigned int mode)
{
	struct mm_struct *mm = get_task_mm(t);

	if (mm && mm != current->mm && !ptrace_may_access(t, mode)) {
		mmput(mm);
		return ERR_PTR(-EACCES);
	}
	return mm;
}

/* arg_lock protects exe_file, so that readers of /proc need not wait for mmap_lock. */
void set_mm_exe_file(struct mm_struct *mm, struct file *file)
{
	struct file *old;

	if (file) {
		get_file(file);
		/* A running program cannot be written. Fails only when somebody has it open for
		 * writing, which whoever opened it for exec has excluded. */
		if (deny_write_access(file)) {
			fput(file);
			file = NULL;
		}
	}
	spin_lock(&mm->arg_lock);
	old = mm->exe_file;
	mm->exe_file = file;
	spin_unlock(&mm->arg_lock);
	if (old) {
		allow_write_access(old);
		fput(old);
	}
}

struct file *get_mm_exe_file(struct mm_struct *mm)
{
	struct file *file;

	spin_lock(&mm->arg_lock);
	file = mm->exe_file;
	if (file)
		get_file(file);
	spin_unlock(&mm->arg_lock);
	return file;
}

struct file *get_task_exe_file(struct task_struct *t)
{
	struct mm_struct *mm = get_task_mm(t);
	struct file *file;

	if (!mm)
		return NULL;
	file = get_mm_exe_file(mm);
	mmput(mm);
	return file;
}

unsigned long get_mm_rss(struct mm_struct *mm)
{
	long sum = 0;
	int i;

	for (i = 0; i < NR_MM_COUNTERS; i++)
		sum += atomic_long_read(&mm->rss[i]);
	return sum > 0 ? sum : 0;
}

void update_hiwater(struct mm_struct *mm)
{
	unsigned long rss = get_mm_rss(mm);

	if (rss > mm->hiwater_rss)
		mm->hiwater_rss = rss;
	if (mm->total_vm > mm->hiwater_vm)
		mm->hiwater_vm = mm->total_vm;
}
