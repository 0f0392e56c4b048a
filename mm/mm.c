// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of an address space: made empty (mm_alloc) or as a copy (dup_mm), used, emptied when its
 * last user goes (mmput), freed when nobody borrows it any more (mmdrop).
 *
 * fork copies every VMA and shares the private pages copy-on-write.  What a file can give again at
 * the next fault is not copied, unless there are private pages among it.
 *
 * Locking: see <mm/mm.h>.  During fork the parent's mmap_lock is held for write.
 */
#include <fs/vfs.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/nsproxy.h>
#include <mm/internal.h>
#include <mm/mm.h>
#include <mm/slab.h>

/* Above the two dumpable bits: what /proc/<pid>/coredump_filter shows. */
#define DEFAULT_DUMP_FILTER	(0x33UL << 2)

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
	mm->oom_victim = false;
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
	mm->flags = DEFAULT_DUMP_FILTER;
	mm->user_ns = current_user_ns();
	if (mm_setup(mm)) {
		kmem_cache_free(mm_cache, mm);
		return NULL;
	}
	return mm;
}

/* ---- fork ------------------------------------------------------------------------------- */

/* Are the pages of @vma to be copied, or will faults bring them again? */
static bool must_copy_pages(const struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_WIPEONFORK)
		return false;
	if (vma_is_anonymous(vma) || !vma->vm_ops->fault)
		return true;
	return vma->has_anon;
}

static int dup_pages(struct mm_struct *mm, struct mm_struct *oldmm, struct vm_area_struct *vma,
		     struct tlb_batch *batch)
{
	int err;

	spin_lock(&oldmm->page_table_lock);
	/* The child's is not visible to anybody yet: no order to keep. */
	spin_lock_nested(&mm->page_table_lock);
	err = pgtable_fork_range(&mm->pgt, &oldmm->pgt, vma->vm_start, vma->vm_end,
				 is_cow_mapping(vma->vm_flags), batch);
	spin_unlock(&mm->page_table_lock);
	spin_unlock(&oldmm->page_table_lock);
	return err;
}

/* One VMA of the parent; *charged counts the pages accounted for the child. */
static int dup_vma(struct mm_struct *mm, struct mm_struct *oldmm, struct vm_area_struct *old,
		   struct tlb_batch *batch)
{
	struct vm_area_struct *vma;
	int err;

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
	err = vma_insert(mm, vma);
	if (err)
		goto fail_vma;
	if (vma->vm_ops && vma->vm_ops->open)
		vma->vm_ops->open(vma);
	/* From here exit_mmap() undoes what was done. */
	return must_copy_pages(old) ? dup_pages(mm, oldmm, old, batch) : 0;

fail_vma:
	vma_release(vma);
fail_account:
	if (old->vm_flags & VM_ACCOUNT)
		vm_unacct_memory(vma_pages(old));
	return err;
}

static void dup_rss(struct mm_struct *mm, const struct tlb_batch *batch)
{
	int i;

	for (i = 0; i < NR_MM_COUNTERS; i++)
		if (batch->dup_rss[i])
			add_mm_counter(mm, i, batch->dup_rss[i]);
}

int dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm)
{
	struct vm_area_struct *old;
	struct tlb_batch batch;
	int err = 0;

	if (mmap_write_lock_killable(oldmm))
		return -EINTR;
	down_write_nested(&mm->mmap_lock);	/* not visible yet */
	mm->total_vm = oldmm->total_vm;
	mm->data_vm = oldmm->data_vm;
	mm->exec_vm = oldmm->exec_vm;
	mm->stack_vm = oldmm->stack_vm;
	tlb_batch_init(&batch, oldmm, false);
	for_each_vma(oldmm, old) {
		err = dup_vma(mm, oldmm, old, &batch);
		if (err)
			break;
	}
	tlb_batch_finish(&batch);
	dup_rss(mm, &batch);
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
