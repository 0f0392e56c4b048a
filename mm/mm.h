/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mm_struct and vm_area_struct: a user address space, and the interface of the mm room.
 *
 * Locks:  [M] mmap_lock (write to change, read to look)   [P] page_table_lock   [I] immutable
 *	   [a] atomic   [i] mapping->i_mmap_lock   [A] arg_lock
 * Order: mmap_lock > i_mmap_lock > page_table_lock.
 */
#pragma once

#include <kernel/arch.h>
#include <kernel/lib/atomic.h>
#include <kernel/lib/cpumask.h>
#include <kernel/lib/cpumask.h>
#include <kernel/lib/list.h>
#include <kernel/lib/rbtree.h>
#include <kernel/locking/rwsem.h>
#include <kernel/locking/spinlock.h>
#include <kernel/uapi.h>
#include <mm/page.h>
#include <mm/page_alloc.h>
#include <asm/pgtable.h>

struct file;
struct kioctx;
struct linux_binprm;
struct seq_file;
struct vm_fault;
struct task_struct;

/* vm_flags, Linux's numbers where /proc shows them */
#define VM_READ		0x00000001UL
#define VM_WRITE	0x00000002UL
#define VM_EXEC		0x00000004UL
#define VM_SHARED	0x00000008UL
#define VM_MAYREAD	0x00000010UL
#define VM_MAYWRITE	0x00000020UL
#define VM_MAYEXEC	0x00000040UL
#define VM_MAYSHARE	0x00000080UL
#define VM_GROWSDOWN	0x00000100UL
#define VM_PFNMAP	0x00000400UL	/* device memory: no struct page behind it */
#define VM_LOCKED	0x00002000UL
#define VM_IO		0x00004000UL
#define VM_SEQ_READ	0x00008000UL
#define VM_RAND_READ	0x00010000UL
#define VM_DONTCOPY	0x00020000UL
#define VM_DONTEXPAND	0x00040000UL
#define VM_LOCKONFAULT	0x00080000UL
#define VM_ACCOUNT	0x00100000UL
#define VM_NORESERVE	0x00200000UL
#define VM_BTI		0x01000000UL	/* arm64: see arch_prot_bits() */
#define VM_WIPEONFORK	0x02000000UL
#define VM_DONTDUMP	0x04000000UL
#define VM_HUGEPAGE	0x20000000UL	/* said with madvise(2), and told in smaps; so are the next two */
#define VM_NOHUGEPAGE	0x40000000UL
#define VM_MERGEABLE	0x80000000UL
#define VM_ACCESS_FLAGS	(VM_READ | VM_WRITE | VM_EXEC)

/* Huge pages are not built: calls answer as on a Linux that has none reserved.  Would there be this size?  MAP_HUGE_*
 * and SHM_HUGE_* have its shift at the same place, 0: the usual one. */
static inline bool huge_page_size_known(unsigned long flags)
{
	return (u64)(HUGE_PAGE_SIZES | 1) >> (flags >> MAP_HUGE_SHIFT & MAP_HUGE_MASK) & 1;
}

/* The flags that PROT_* bits become. */
static inline unsigned long vm_flags_from_prot(unsigned long prot)
{
	unsigned long flags = prot & VM_ACCESS_FLAGS;

	return likely(prot == flags) || !(prot & arch_prot_bits()) ? flags : flags | VM_BTI;
}

struct vm_operations {
	/* a copy of the vma was made (fork, split) */
	void (*open)(struct vm_area_struct *vma);
	void (*close)(struct vm_area_struct *vma);
	/* Find the page of vmf->pgoff: returned in vmf->page with a reference; 0 or VM_FAULT_*. May
	 * sleep. */
	int (*fault)(struct vm_fault *vmf);
	/* A shared page (vmf->page, referenced, unlocked) is about to become writable: 0 or
	 * VM_FAULT_*. */
	int (*page_mkwrite)(struct vm_fault *vmf);
	/* Map what is in the page cache of [first, last], read-only. Optional. true: vmf->pgoff is
	 * mapped. */
	bool (*map_pages)(struct vm_fault *vmf, pgoff_t first, pgoff_t last);
	/* Peek and poke where there is no struct page (VM_PFNMAP), for ptrace. Bytes or -errno. */
	int (*access)(struct vm_area_struct *vma, unsigned long addr, void *buf, int len,
		      int write);
	const char *(*name)(struct vm_area_struct *vma); /* for /proc/<pid>/maps: "[vdso]" */
	int (*mremap)(struct vm_area_struct *vma);
	bool whole;		/* may not be cut: -EINVAL */
};

struct vm_area_struct {
	unsigned long		vm_start, vm_end;	/* [M] */
	struct rb_node		vm_rb;			/* [M] in mm->mm_rb, by address */
	/* [M] largest free gap below in this subtree */
	unsigned long		rb_subtree_gap;
	struct list_head	vm_list;		/* [M] in mm->mmap, by address */
	struct mm_struct	*vm_mm;			/* [I] */
	unsigned long		vm_flags;		/* [M] */
	pgprot_t		vm_page_prot;		/* [M] */
	/* [M] in pages; anonymous: vm_start >> PAGE_SHIFT at birth */
	pgoff_t			vm_pgoff;
	struct file		*vm_file;		/* [M] reference, or NULL */
	const struct vm_operations *vm_ops;		/* [M] NULL: anonymous */
	void			*vm_private_data;	/* [M] */
	/* [P] sticky: holds private pages that no file has */
	bool			has_anon;
	u32			vm_policy;		/* [M] <mm/mempolicy.h> */
	struct list_head	i_mmap_list;		/* [i] in mapping->i_mmap */
};

enum { MM_FILEPAGES, MM_ANONPAGES, MM_SHMEMPAGES, NR_MM_COUNTERS };

struct mm_struct {
	struct pgtable		pgt;			/* [P] */
	/* [a] tasks and visitors: at 0 the mappings go */
	atomic_t		mm_users;
	/* [a] all users count as 1, plus lazy borrowers: at 0 the struct goes */
	atomic_t		mm_count;
	struct rw_semaphore	mmap_lock;
	spinlock_t		page_table_lock;
	struct rb_root		mm_rb;			/* [M] */
	struct list_head	mmap;			/* [M] VMAs by address */
	struct vm_area_struct	*mmap_cache;		/* last hit; validated on use under [M] */
	int			map_count;		/* [M] */
	unsigned long		mmap_base, mmap_legacy_base, task_size;	/* [I] after exec */
	unsigned long		total_vm, locked_vm, data_vm, exec_vm, stack_vm; /* [M] pages */
	unsigned long		def_flags;		/* [M] mlockall(MCL_FUTURE) */
	atomic_long_t		rss[NR_MM_COUNTERS];	/* [a] pages */
	unsigned long		hiwater_rss, hiwater_vm;
	spinlock_t		arg_lock;
	unsigned long		start_code, end_code, start_data, end_data; /* [A] */
	unsigned long		start_brk, brk, start_stack;		/* [M] */
	unsigned long		arg_start, arg_end, env_start, env_end;	/* [A] */
	unsigned long		saved_auxv[2 * 24];	/* [I] after exec, in the program's words: /proc/<pid>/auxv */
	struct file		*exe_file;		/* [M] */
	struct kioctx		*aio;			/* [aio_lock of fs/aio.c] */
	/* [I] user address of the vDSO (arm: sigpage) */
	unsigned long		vdso;
	/* [a] MMF_*: dumpable in the low two bits */
	unsigned long		flags;
	struct user_namespace	*user_ns;		/* [I] */
	cpumask_t		cpu_bitmap;		/* [a] CPUs that may hold its TLB entries */
	atomic_t		membarrier_state;	/* [a] */
	bool			oom_victim;
	bool			reaped;			/* [M] private pages were taken away before its end */
};
#define MMF_DUMPABLE_MASK	3
#define MMF_DUMP_FILTER_SHIFT	2	/* nine bits: /proc/<pid>/coredump_filter */
#define MMF_DUMP_FILTER_MASK	(0x1ffUL << MMF_DUMP_FILTER_SHIFT)
#define MMF_DISABLE_THP		(1UL << 24)	/* prctl(PR_SET_THP_DISABLE) */
#define MMF_INIT_MASK		(MMF_DUMPABLE_MASK | MMF_DUMP_FILTER_MASK | MMF_DISABLE_THP) /* kept by exec */
static inline unsigned int get_dump_filter(const struct mm_struct *mm)
{
	return (READ_ONCE(mm->flags) & MMF_DUMP_FILTER_MASK) >> MMF_DUMP_FILTER_SHIFT;
}

/* ---- address-space life: mm/mm.c -------------------------------------------------------- */
extern struct mm_struct init_mm;
void mm_init(void);			/* caches */
struct mm_struct *mm_alloc(void);
int dup_mmap(struct mm_struct *mm, struct mm_struct *oldmm);
struct mm_struct *dup_mm(struct task_struct *t, struct mm_struct *oldmm);
void mmput(struct mm_struct *mm);	/* drop a user; may sleep */
void mmdrop(struct mm_struct *mm);	/* drop a borrower; any context */
static inline void mmget(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_users);
}
static inline bool mmget_not_zero(struct mm_struct *mm)
{
	return atomic_inc_not_zero(&mm->mm_users);
}
static inline void mmgrab(struct mm_struct *mm)
{
	atomic_inc(&mm->mm_count);
}
struct mm_struct *get_task_mm(struct task_struct *t);	/* with a user reference, or NULL */
/* The same, if current may access @t by ptrace's rules (PTRACE_MODE_*), or ERR_PTR(-EACCES). */
struct mm_struct *mm_access(struct task_struct *t, unsigned int mode);
void set_mm_exe_file(struct mm_struct *mm, struct file *file);
struct file *get_mm_exe_file(struct mm_struct *mm);
struct file *get_task_exe_file(struct task_struct *t);
static inline void mmap_read_lock(struct mm_struct *mm) { down_read(&mm->mmap_lock); }
static inline void mmap_read_unlock(struct mm_struct *mm) { up_read(&mm->mmap_lock); }
static inline void mmap_write_lock(struct mm_struct *mm) { down_write(&mm->mmap_lock); }
static inline int mmap_write_lock_killable(struct mm_struct *mm)
{
	return down_write_killable(&mm->mmap_lock);
}
static inline void mmap_write_unlock(struct mm_struct *mm) { up_write(&mm->mmap_lock); }
static inline void add_mm_counter(struct mm_struct *mm, int member, long n)
{
	atomic_long_add(n, &mm->rss[member]);
}
unsigned long get_mm_rss(struct mm_struct *mm);	/* pages */
/* Which rss counter a page belongs to. */
static inline int mm_counter_of(const struct page *page)
{
	if (PageAnon(page))
		return MM_ANONPAGES;
	return PageSwapBacked(page) ? MM_SHMEMPAGES : MM_FILEPAGES;
}
/* A leaf entry for @page is about to be made (pgtable_map does not count). */
void page_add_mapping(struct page *page);
static inline void page_add_file_mapping(struct page *page)	/* not PG_anon */
{
	if (!atomic_fetch_add_relaxed(1, &page->mapcount))
		mod_page_stat(NR_FILE_MAPPED, 1);
}
static inline void page_remove_mapping(struct page *page)
{
	if (atomic_fetch_sub_relaxed(1, &page->mapcount) == 1 && !PageAnon(page))
		mod_page_stat(NR_FILE_MAPPED, -1);
}
static inline bool page_mapped(const struct page *page)
{
	return atomic_read(&page->mapcount) > 0;
}

/* ---- VMAs: mm/vma.c. mmap_lock held. --------------------------------------------------------- */
struct vm_area_struct *vma_alloc(struct mm_struct *mm);
void vma_free(struct vm_area_struct *vma);	/* drops the file reference, calls ops->close */
/* first with addr < vm_end */
struct vm_area_struct *vma_find(struct mm_struct *mm, unsigned long addr);
/* the one that holds addr */
struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr);
struct vm_area_struct *vma_find_intersection(struct mm_struct *mm, unsigned long lo,
					     unsigned long hi);
struct vm_area_struct *vma_next(struct vm_area_struct *vma);	/* NULL at the end */
struct vm_area_struct *vma_prev(struct vm_area_struct *vma);
struct vm_area_struct *vma_first(struct mm_struct *mm);
#define for_each_vma(mm, vma) for (vma = vma_first(mm); vma; vma = vma_next(vma))
/* -ENOMEM on map_count limit */
int vma_insert(struct mm_struct *mm, struct vm_area_struct *vma);
void vma_unlink(struct mm_struct *mm, struct vm_area_struct *vma);
int vma_split(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr);
struct vm_area_struct *vma_merge_around(struct mm_struct *mm, struct vm_area_struct *vma);
void vma_set_page_prot(struct vm_area_struct *vma);	/* vm_page_prot from vm_flags */
/* Change the range or flags of part of a VMA: splits as needed and merges; the VMA of [lo, hi).
 * ERR_PTR. */
struct vm_area_struct *vma_modify(struct mm_struct *mm, struct vm_area_struct *vma,
				  unsigned long lo, unsigned long hi, unsigned long new_flags);
/* A free range: top down from mmap_base, or bottom up when mmap_base == mmap_legacy_base;
 * -ENOMEM. */
unsigned long get_unmapped_area(struct mm_struct *mm, unsigned long addr, unsigned long len,
				unsigned long flags);

/* ---- mapping: mm/mmap.c ----------------------------------------------------------------- */
/* Takes mmap_lock itself. Returns the address or -errno. @pgoff in pages. */
unsigned long vm_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
		      unsigned long flags, unsigned long pgoff);
/* mmap_lock held for write. */
unsigned long do_mmap(struct file *file, unsigned long addr, unsigned long len, unsigned long prot,
		      unsigned long flags, unsigned long vm_flags, unsigned long pgoff);
int vm_munmap(unsigned long addr, unsigned long len);
int do_munmap(struct mm_struct *mm, unsigned long addr, unsigned long len);	/* mmap_lock held */
int vm_brk_flags(unsigned long addr, unsigned long len, unsigned long flags);	/* exec: the bss */
/* Kernel-made mapping of fixed pages ([vdso], sigpage): @pages NULL-terminated by count. mmap_lock
 * held. */
struct vm_area_struct *install_special_mapping(struct mm_struct *mm, unsigned long addr,
					       unsigned long len,
		unsigned long vm_flags, const char *name, struct page **pages);
/* Its pages are asked for at each fault, rather; NULL is SIGBUS. */
typedef struct page *special_page_fn(struct vm_area_struct *vma, unsigned long nr);
void special_mapping_choose(struct vm_area_struct *vma, special_page_fn *choose);
/* The answers have changed: ask again. Takes mmap_lock. */
void special_mapping_forget(struct mm_struct *mm, special_page_fn *choose);
/* mm->vdso is where @vma is, which the caller has just installed, and follows it when mremap moves it. */
void special_mapping_is_home(struct vm_area_struct *vma);
/* mmap_lock held for write */
int expand_stack(struct vm_area_struct *vma, unsigned long addr);
/* fault in; no lock held; -errno is only a hint */
int mm_populate(unsigned long addr, unsigned long len);
bool mlock_future_ok(struct mm_struct *mm, unsigned long vm_flags, unsigned long npages);
bool can_do_mlock(void);
void vm_stat_account(struct mm_struct *mm, unsigned long vm_flags, long npages);
extern unsigned long stack_guard_gap;	/* bytes */
void exit_mmap(struct mm_struct *mm);
bool may_expand_vm(struct mm_struct *mm, unsigned long vm_flags, unsigned long npages);
int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn,
		    unsigned long size, pgprot_t prot);
/* exec: the argument pages. @page, fresh and owned by nobody else, becomes anonymous memory of @vma
 * at @addr, where nothing is mapped; its reference is taken over on success. mmap_lock held.
 * -ENOMEM. */
int vma_insert_anon_page(struct vm_area_struct *vma, unsigned long addr, struct page *page);
/* Map a page of the kernel's (framebuffer, ring) into a VMA; takes a reference of its own. */
int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page);
extern unsigned long mmap_min_addr;
/* VM_NORESERVE if @asked for: under strict accounting nobody gets memory that is not counted. */
#define vm_noreserve(asked)	((asked) && sysctl_overcommit_memory != 2 ? VM_NORESERVE : 0UL)
extern int sysctl_overcommit_memory, sysctl_overcommit_ratio, sysctl_max_map_count;
extern unsigned long sysctl_overcommit_kbytes, sysctl_admin_reserve_kbytes, sysctl_user_reserve_kbytes;
extern int sysctl_legacy_va_layout;	/* programs map their memory bottom-up: fs/exec.c */
void vm_account_init(void);
extern atomic_long_t vm_committed_as;
unsigned long vm_commit_limit(void);
int vm_enough_memory(long pages);	/* accounts; -ENOMEM */
void vm_unacct_memory(long pages);

/* ---- faults: mm/fault.c ----------------------------------------------------------------- */
struct vm_fault {
	struct vm_area_struct	*vma;
	unsigned long		address;	/* page aligned */
	pgoff_t			pgoff;
	enum fault_access	access;
	struct page		*page;		/* out */
};
#define VM_FAULT_OOM		0x01
#define VM_FAULT_SIGBUS		0x02
#define VM_FAULT_SIGSEGV	0x04
#define VM_FAULT_MAJOR		0x08
#define VM_FAULT_RETRY		0x10
#define VM_FAULT_NOPAGE		0x20	/* mapped by the handler, or to be tried again */
#define VM_FAULT_LOCKED		0x40	/* vmf->page comes locked (page cache) */
#define VM_FAULT_ERROR		(VM_FAULT_OOM | VM_FAULT_SIGBUS | VM_FAULT_SIGSEGV)
int handle_mm_fault(struct vm_area_struct *vma, unsigned long address, enum fault_access access,
		    bool user);
/* Fault in and pin pages of any mm for the kernel's own use. mmap_lock held for read. Returns how
 * many. */
#define FOLL_WRITE	1
#define FOLL_FORCE	2
long get_user_pages(struct mm_struct *mm, unsigned long start, unsigned long nr, unsigned int flags,
		    struct page **pages);
int access_process_vm(struct task_struct *t, unsigned long addr, void *buf, int len,
		      unsigned int flags);
int access_remote_vm(struct mm_struct *mm, unsigned long addr, void *buf, int len,
		     unsigned int flags);
/* May it hold private pages that no file has? mmap_lock held. */
bool vma_was_written(struct vm_area_struct *vma);
/* For a core dump of current: the first page in [*addr, end) that has to be written, with a reference, and
 * where it is; NULL: there are only holes. */
struct page *next_dump_page(unsigned long *addr, unsigned long end);
static inline void pagefault_disable(void);
static inline void pagefault_enable(void);
/* Make user pages of current resident before an atomic user access. 0 or -EFAULT. */
int fault_in_user(unsigned long addr, size_t len, bool write);
/* mapped where memory was only read; special, never counted */
extern phys_addr_t zero_page_pa;

/* ---- unmapped pages wait here for the TLB flush: mm/tlb_batch.c ------------------------- */
#define TLB_BATCH_PAGES 64
#define TLB_BATCH_TABLES 16
struct tlb_batch {
	struct mm_struct	*mm;
	unsigned long		lo, hi;		/* what must be flushed; lo > hi: nothing */
	bool			fullmm;		/* the mm is dying: nobody can run in it */
	unsigned int		nr;
	/* pages unmapped, not yet taken off mm->rss */
	long			rss[NR_MM_COUNTERS];
	unsigned int		nr_tables;
	struct page		*pages[TLB_BATCH_PAGES]; /* references to drop after the flush */
	void			*tables[TLB_BATCH_TABLES]; /* leaf tables to leave after it */
};
void tlb_batch_init(struct tlb_batch *b, struct mm_struct *mm, bool fullmm);
void tlb_batch_finish(struct tlb_batch *b);	/* flush, then drop the pages; no locks needed */
/* This mm does not use the leaf @table of @va any more: pgtable_put_table() after the flush. */
void tlb_batch_table(struct tlb_batch *b, unsigned long va, void *table);
/* Called by pgtable.c for each leaf entry it copies (not for special ones): the new entry's reference
 * and mapcount. */
static inline void page_dup_mapping(struct page *page)
{
	atomic_inc(&page->refcount);
	atomic_inc(&page->mapcount);
}
static inline void tlb_batch_range(struct tlb_batch *b, unsigned long lo, unsigned long hi)
{
	if (lo < b->lo)
		b->lo = lo;
	if (hi > b->hi)
		b->hi = hi;
}
/* Called by pgtable.c for each leaf entry it removes; [P] held: a full batch is flushed on the
 * spot. @page NULL: a special entry, only to be flushed. Drops the mapcount and, later, the
 * reference. Inline: exec and exit do this for every page of a program. */
static inline void tlb_batch_page(struct tlb_batch *b, unsigned long va, struct page *page)
{
	tlb_batch_range(b, va, va + PAGE_SIZE);
	if (!page)
		return;
	b->rss[mm_counter_of(page)]++;
	page_remove_mapping(page);
	b->pages[b->nr++] = page;
	if (unlikely(b->nr == TLB_BATCH_PAGES))
		tlb_batch_finish(b);
}

/* ---- page-table pages for pgtable.c ----------------------------------------------------- */
struct page *pgtable_page_alloc(gfp_t gfp);	/* zeroed, accounted, PG_table; NULL */
void pgtable_page_free(struct page *page);

/* ---- out of memory, /proc --------------------------------------------------------------- */
/* Kill somebody. true: a process is dying, so that trying again makes sense. May sleep. */
bool out_of_memory(gfp_t gfp, unsigned int order);
struct cgroup;
/* Kill in @c, whose limit of @pages is reached. false: there is nobody. */
bool out_of_memory_in(struct cgroup *c, unsigned long pages);
unsigned long reclaim_group_pages(struct cgroup *c, unsigned long nr);	/* of it and below: how many were freed */
unsigned long try_to_free_pages(unsigned long nr);	/* how many were freed; may sleep */
/* for /proc/<pid>/oom_score; tasklist_lock held. LONG_MIN: immune */
long oom_badness(struct task_struct *p);
void drop_caches(unsigned int what);	/* /proc/sys/vm/drop_caches */
void wake_kswapd(void);			/* memory gets scarce: reclaim in the background */
void kswapd_init(void);			/* starts the thread */
void lru_add(struct page *page);	/* page cache page, becomes reclaimable */
void lru_remove(struct page *page);
void mark_page_accessed(struct page *page);
/* Text of /proc/<pid>/{maps,smaps,smaps_rollup}, for procfs: mm/maps.c; mmap_lock held for read. */
void show_map_vma(struct seq_file *m, struct vm_area_struct *vma);
void show_smap_vma(struct seq_file *m, struct vm_area_struct *vma);
void show_numa_vma(struct seq_file *m, struct vm_area_struct *vma, u32 task_policy);
void show_smaps_rollup(struct seq_file *m, struct mm_struct *mm);
void show_mem(void);
/* /proc/meminfo, /proc/vmstat and sysinfo(2): mm/vmstat.c. */
struct sysinfo;
void meminfo_show(struct seq_file *m);
void vmstat_show(struct seq_file *m);
void si_meminfo(struct sysinfo *si);
unsigned long si_mem_available(void);		/* pages */
/* Caches that can give memory back: called with the number of objects wanted, returns the number
 * freed. May be called from any allocation that may sleep, so it may not wait for locks such a
 * caller may hold. */
struct shrinker {
	unsigned long		(*count)(struct shrinker *s);	/* objects that could be freed */
	unsigned long		(*scan)(struct shrinker *s, unsigned long nr);
	struct list_head	list;
};
void register_shrinker(struct shrinker *s);
void unregister_shrinker(struct shrinker *s);

static inline bool vma_is_anonymous(const struct vm_area_struct *vma)
{
	return !vma->vm_ops;
}
static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

#include <kernel/sched/sched.h>
static inline void pagefault_disable(void)
{
	current->pagefault_disabled++;
	barrier();
}
static inline void pagefault_enable(void)
{
	barrier();
	current->pagefault_disabled--;
}
