/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The architecture contract: everything that arch/<x> provides to the shared kernel, and the few
 * functions that it may call.  Nothing else crosses the boundary.
 *
 * Types and inline parts live in the arch's own <asm/...> headers, under the same names in every
 * port; the prototypes are stated here once, so that the compiler holds a port against them and
 * scripts/check-arch.py can tell what is missing or surplus.
 *
 * "irqs off" means the caller has disabled interrupts on this CPU. Unless it says so, a function
 * may be called in any context, does not sleep, and cannot fail.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>
#include <asm/barrier.h>	/* mb rmb wmb smp_mb smp_rmb smp_wmb isb */
#include <asm/irqflags.h>	/* irq_enable irq_disable irq_save irq_restore irqs_disabled irqs_disabled_flags */
#include <asm/memory.h>		/* PAGE_SHIFT PAGE_OFFSET TASK_SIZE STACK_TOP ... __pa __va */
#include <asm/pgtable.h>	/* struct pgtable, pgprot_t */
#include <asm/processor.h>	/* struct cpu_context, struct thread_struct, cpu_relax() */
#include <asm/ptrace.h>		/* struct pt_regs */

struct mm_struct;
struct ksignal;
struct page;
struct seq_file;
struct task_struct;
struct tlb_batch;
struct vm_area_struct;
struct user_regset;
struct clone_regs;

/* ---- Boot and setup ---------------------------------------------------------------------- */

/* Boot CPU, first call of start_kernel: parse nothing itself, but reserve the kernel image, learn
 * the memory map from the tree at @fdt (already mapped), set up the linear map and free early
 * tables. memblock and early console exist; no allocator but memblock. */
void arch_setup(void *fdt);
/* Each CPU, irqs off: vectors, feature registers, FPU and counter access, per-CPU caches. */
void arch_cpu_init(void);
/* The text of /proc/cpuinfo, as Linux on this architecture prints it. May sleep. */
void arch_show_cpuinfo(struct seq_file *m);
/* Stop this CPU for good, irqs off. */
void __noreturn arch_halt(void);
/* utsname's machine: "aarch64", "armv7l". Immutable after boot. */
const char *arch_machine_name(void);
/* The same under personality(PER_LINUX32); NULL: there cannot be 32-bit programs. */
const char *arch_machine_name32(void);

/* ---- Tasks --------------------------------------------------------------------------------- */
/* `current` is in <asm/current.h>; task_pt_regs(t) in <asm/processor.h>: the user registers saved at
 * the top of the kernel stack. */

/* What copy_thread needs to know of a clone. */
struct clone_regs {
	unsigned long flags;		/* CLONE_* */
	unsigned long stack;		/* new user stack pointer, 0: inherit */
	unsigned long tls;		/* for CLONE_SETTLS */
	int (*fn)(void *);		/* kernel thread: what to run; NULL for a user task */
	void *fn_arg;
};

/* Switch stacks and callee-saved registers, the TLS and FP state: returns in the next task's context
 * the task that ran before it there. irqs off, run-queue lock held. */
struct task_struct *switch_to(struct task_struct *prev, struct task_struct *next);
/* Make @child (a copy of current's task_struct with its own stack) start in ret_from_fork: pt_regs
 * copied with result 0, or zeroed for a kernel thread. Before the commit point; may not sleep.
 * Returns 0 or -ENOMEM. */
int copy_thread(struct task_struct *child, const struct clone_regs *args);
/* Assembly: first code of every task; calls schedule_tail(prev), then either fn(arg) or the return to
 * user mode through exit_to_user_work(). */
void ret_from_fork(void);
/* After exec's commit: all user registers zero, @pc, @sp, user mode of current's ABI. */
void start_thread(struct pt_regs *regs, unsigned long pc, unsigned long sp);
/* exec drops FP state, TLS, debug registers of current. */
void flush_thread(void);
/* The last reference to @t goes: free what copy_thread allocated. May not sleep. */
void release_thread(struct task_struct *t);
/* Set the user thread pointer of @t (live register too when @t is current). */
void set_thread_tls(struct task_struct *t, unsigned long val);

/* ---- Kinds of programs ------------------------------------------------------------------- */

/* What exec must know of an ABI that user programs can have. Ranges are of user addresses. */
struct user_abi {
	unsigned int	elf_class;		/* ELFCLASS32, ELFCLASS64 */
	unsigned int	word_size;		/* of a pointer or long on the initial stack */
	unsigned long	task_size, stack_top;
	unsigned long	unmapped_base;		/* where bottom-up mappings begin */
	unsigned long	et_dyn_base;		/* where a position-independent program goes */
	unsigned long	brk_rnd;		/* bytes that the heap may begin above the bss */
	unsigned long	stack_rnd_pages;	/* a mask */
	unsigned int	mmap_rnd_bits;		/* of pages */
	unsigned int	min_sigstack;		/* AT_MINSIGSTKSZ; 0: none */
	bool		default_exec;		/* without PT_GNU_STACK: READ_IMPLIES_EXEC */
	unsigned int	per_clear, per_set;	/* what exec does to the personality */
	u32		feature_property;	/* type in PT_GNU_PROPERTY; 0: nobody looks at those */
	u32		bti_feature;		/* its bit for BTI */
};
/* The ABI of a program with these fields of its ELF header; NULL: this CPU cannot run it. */
const struct user_abi *arch_user_abi(unsigned int elf_class, unsigned int machine, unsigned int flags);
/* exec, past its commit: from now on current is a program of @abi. */
void arch_set_user_abi(const struct user_abi *abi);

/* ---- System calls ----------------------------------------------------------------------- */

long syscall_nr(const struct pt_regs *regs);			/* -1: not in a system call */
void syscall_set_nr(struct pt_regs *regs, long nr);
void syscall_args(const struct pt_regs *regs, unsigned long args[6]);
long syscall_return_value(const struct pt_regs *regs);
void syscall_set_return(struct pt_regs *regs, long val);
/* The call is not made after all: the first argument where it was, pc stays behind the svc. */
void syscall_rollback(struct pt_regs *regs);
/* Restart: pc back onto the svc, first argument restored. */
void syscall_rewind(struct pt_regs *regs);
/* After syscall_rewind: no restart, pc behind the svc again. */
void syscall_unrewind(struct pt_regs *regs);
/* After syscall_rewind: restart through restart_syscall(2) instead, the number is replaced. */
void syscall_rewind_restart_block(struct pt_regs *regs);
/* The register in which a tracer at a system-call stop finds 0 (entry) or 1 (exit): sets it, returns the old. */
unsigned long syscall_mark_stop(struct pt_regs *regs, unsigned long mark);
/* Is @nr one of the four calls that strict seccomp leaves to current: read, write, exit, rt_sigreturn? */
bool syscall_is_strict(long nr);
/* AUDIT_ARCH_* of the ABI that @t's system calls have. */
u32 arch_audit_arch(const struct task_struct *t);

/* ---- Signals ------------------------------------------------------------------------------ */

/* Push a frame for @ksig on the user stack and point @regs at the handler. @oldset is what sigreturn
 * restores. May sleep (faults). Returns 0 or -EFAULT; then the caller sends SIGSEGV. */
int setup_signal_frame(struct ksignal *ksig, u64 oldset, struct pt_regs *regs);
/* User registers that every port can tell. */
unsigned long user_stack_pointer(const struct pt_regs *regs);
unsigned long instruction_pointer(const struct pt_regs *regs);
void set_instruction_pointer(struct pt_regs *regs, unsigned long pc);	/* the same instruction set */
bool user_mode(const struct pt_regs *regs);

/* ---- ptrace and core dumps ------------------------------------------------------------ */

struct user_regset {
	unsigned int note_type;		/* NT_* of <linux/elf.h> */
	unsigned int n, size;		/* n items of size bytes */
	/* @buf is kernel memory; @pos/@count in bytes, inside n * size. @t is stopped or current. */
	int (*get)(struct task_struct *t, void *buf, unsigned int pos, unsigned int count);
	int (*set)(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count); /* default: none */
};
struct user_regset_view {
	const struct user_regset *sets;
	unsigned int n;
};
/* What of @t's registers current may look at: by @t's ABI, and by current's. */
const struct user_regset_view *arch_regset_view(const struct task_struct *t);
/* Requests of this architecture only; -EIO for an unknown one. @t is stopped. May sleep. */
long arch_ptrace(struct task_struct *t, long request, unsigned long addr, unsigned long data);
/* prctl(2) of this architecture only; -EINVAL for an unknown option. */
long arch_prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5);
int __must_check single_step_enable(struct task_struct *t);	/* -EIO: the CPU cannot */
void single_step_disable(struct task_struct *t);

/* ---- User access: <asm/uaccess.h> ----------------------------------------------------------
 * copy_from_user, copy_to_user, clear_user return the number of bytes NOT done; get_user, put_user
 * (1/2/4/8 bytes) return 0 or -EFAULT; strncpy_from_user returns the length or -EFAULT,
 * strnlen_user the length with its NUL, or 0 on a fault.  All may sleep on a fault (with
 * pagefault_disable() they return the fault instead), all check the range against TASK_SIZE. */

/* Atomically: *oldval = *uaddr; if (*uaddr == expect) *uaddr = newval. 0 or -EFAULT. */
int futex_cmpxchg_user(u32 __user *uaddr, u32 expect, u32 newval, u32 *oldval);
/* Atomically apply FUTEX_OP_* @op with @arg, *oldval = the value before. 0, -EFAULT or -ENOSYS. */
int futex_op_user(int op, u32 arg, u32 __user *uaddr, u32 *oldval);
/* A fault in kernel mode: if pc is in the exception table go to its fix-up and return true. */
bool fixup_exception(struct pt_regs *regs);

/* ---- Page tables: <asm/pgtable.h> has struct pgtable and pgprot_t ---------------------------
 * All under mm->page_table_lock unless said. A mapping of a page that has a struct page owns one
 * reference to it: map takes over the caller's, unmap hands it to the batch, fork takes one for
 * each copied leaf entry. Levels and software young/dirty bits are private to the port.
 *
 * Leaf tables are shared by fork (PGTABLE_SHARE_SPAN: what one of them maps). What is found in a shared
 * one may not be written, and the page's reference counts do not say who shares it, until
 * pgtable_unshare(). Functions that change entries do that themselves, and can return -ENOMEM. */

struct pte_info {
	phys_addr_t pa;
	bool present, write, exec, young, dirty, special, user;
	bool shared;		/* in a shared table */
	unsigned int sharers;	/* how many address spaces use the table: at least 1 */
};

int __must_check pgtable_create(struct pgtable *pt);	/* no lock; -ENOMEM */
void pgtable_destroy(struct pgtable *pt);		/* no lock; must be empty of mappings */
/* One page; -ENOMEM, -EEXIST if something is mapped there. Table pages come from GFP_ATOMIC. */
int __must_check pgtable_map(struct pgtable *pt, unsigned long va, phys_addr_t pa, pgprot_t prot);
/* Map @pages[i] at @va + i pages where it is not NULL and nothing is mapped; all within one 64 KiB
 * aligned range. Takes the mapcount, and the caller's reference, of those whose bit is in the result. */
unsigned long pgtable_map_pages(struct pgtable *pt, unsigned long va, struct page *const *pages,
				unsigned int n, pgprot_t prot);
/* Replace what is mapped at @va (break before make); the old page goes to @batch. -ENOMEM. */
int __must_check pgtable_replace(struct pgtable *pt, unsigned long va, phys_addr_t pa, pgprot_t prot,
				 struct tlb_batch *batch);
/* Unmap [lo, hi); -ENOMEM only when a shared leaf table had to be copied for a partial range. With
 * batch->fullmm whole tables go, and what else they map. */
int pgtable_unmap(struct pgtable *pt, unsigned long lo, unsigned long hi, struct tlb_batch *batch);
/* Change the protection of what is present in [lo, hi). With PROT_KEEP_RO set in @prot a page that is
 * not writable now does not become so (a private page that is still shared copy-on-write). */
int pgtable_protect(struct pgtable *pt, unsigned long lo, unsigned long hi, pgprot_t prot,
		    bool keep_readonly, struct tlb_batch *batch);
bool pgtable_query(struct pgtable *pt, unsigned long va, struct pte_info *info);
/* Lowest mapped address in [lo, hi), or hi. For sparse scans (mincore, smaps, pagemap). */
unsigned long pgtable_next_mapped(struct pgtable *pt, unsigned long lo, unsigned long hi);
/* How many pages of tables there are below the first level, shared ones too. */
unsigned long pgtable_count(struct pgtable *pt);
/* After a fault that the entry allows. @write: the table is not shared. */
void pgtable_set_young(struct pgtable *pt, unsigned long va, bool write);
/* Works on shared tables, too. */
bool pgtable_clear_young(struct pgtable *pt, unsigned long va);
/* A page of a shared file mapping: write permission and dirtiness go, for all who share the table.
 * true: there was one of them. */
bool pgtable_clean(struct pgtable *pt, unsigned long va, struct tlb_batch *batch);
/* Move the entry at @from to @to (mremap); nothing may be mapped at @to. -ENOMEM. */
int pgtable_move(struct pgtable *pt, unsigned long from, unsigned long to, struct tlb_batch *batch);
/* Free the table pages that only serve [lo, hi) (all unmapped, no VMA left in [floor, ceiling)). */
void pgtable_free_range(struct pgtable *pt, unsigned long lo, unsigned long hi,
			unsigned long floor, unsigned long ceiling);
/* fork: @dst gets what @src maps in [lo, hi). With @cow pages become read-only in both and are
 * copied on the first write; otherwise shared as they are. Both page_table_locks held (dst is not
 * visible yet). -ENOMEM leaves a partial copy which pgtable_unmap(dst) undoes. */
int __must_check pgtable_fork_range(struct pgtable *dst, struct pgtable *src, unsigned long lo,
				    unsigned long hi, bool cow, struct tlb_batch *src_batch);
/* fork: @dst shares the leaf tables that map [lo, hi) in @src; nothing else may be below them. Locks and
 * failure as above. The pages' counts do not change. */
int __must_check pgtable_share(struct pgtable *dst, struct pgtable *src, unsigned long lo,
			       unsigned long hi, struct tlb_batch *src_batch);
/* Make the leaf table of @va this address space's own, by copying it if somebody else still uses it:
 * private pages become read-only in both. -ENOMEM. */
int __must_check pgtable_unshare(struct pgtable *pt, unsigned long va);
/* After the flush: a user of leaf @table (its address) less. The last one frees it and drops its pages. No lock. */
void pgtable_put_table(void *table);
/* irqs off, from context_switch: make @next's tables current; NULL: the kernel's only. */
void pgtable_switch(struct mm_struct *prev, struct mm_struct *next);
/* VM_* protection bits to a user pgprot. */
pgprot_t pgprot_from_vm_flags(unsigned long vm_flags);

/* Kernel mappings, e.g. of vmalloc; caller serialises by owning the range. May allocate; -ENOMEM.
 * Protections: PROT_KERNEL, PROT_KERNEL_RO, PROT_KERNEL_EXEC, PROT_DEVICE, PROT_NORMAL_NC of <asm/pgtable.h>. */
int __must_check kernel_map(unsigned long va, phys_addr_t pa, unsigned long npages, pgprot_t prot);
void kernel_unmap(unsigned long va, unsigned long npages);	/* flushes the TLB */
/* Before any allocator: map a device page for the early console; returns its address. */
void __iomem *early_ioremap(phys_addr_t pa, size_t size);

/* ---- Whole pages of normal memory, page aligned -------------------------------------------- */
void clear_page(void *page);
/* Not in a kernel thread: it may use vector registers, which are saved with a user task only. */
void copy_page(void *to, const void *from);

/* ---- TLB and caches ------------------------------------------------------------------------ */

void tlb_flush_page(struct mm_struct *mm, unsigned long va);
void tlb_flush_range(struct mm_struct *mm, unsigned long lo, unsigned long hi);
void tlb_flush_mm(struct mm_struct *mm);
void tlb_flush_kernel(unsigned long lo, unsigned long hi);
/* Code was written at @va through the kernel's mapping: make instruction fetches see it. */
void cache_sync_code(const void *va, size_t len);
void cache_clean(const void *va, size_t len);			/* to memory, before a device reads */
void cache_invalidate(const void *va, size_t len);		/* after a device wrote */
void cache_clean_invalidate(const void *va, size_t len);
/* ASID bookkeeping of an mm that is created or dies. */
void mm_context_init(struct mm_struct *mm);
void mm_context_destroy(struct mm_struct *mm);

/* ---- CPU state -------------------------------------------------------------------------------
 * <asm/current.h> current; <asm/percpu.h> smp_processor_id(), this_cpu_offset(), set_this_cpu_offset(). */

void cpu_idle(void);			/* irqs off: wait for an interrupt, return with irqs still off */
u64 cpu_cycles(void);			/* a free-running counter for entropy */
u64 cpu_hwid(unsigned int cpu);		/* MPIDR affinity bits, set by the firmware driver */
void set_cpu_hwid(unsigned int cpu, u64 hwid);
phys_addr_t smp_secondary_entry_pa(void);	/* where firmware starts a secondary CPU */
/* The boot CPU prepares what a secondary CPU needs to find (stack, task) before cpu_ops.boot. */
void smp_prepare_secondary(unsigned int cpu, struct task_struct *idle);

/* ---- FPU ---------------------------------------------------------------------------------- */

void fpu_save(struct task_struct *t);		/* live registers to t->thread, t is current */
void fpu_restore(struct task_struct *t);
void fpu_init_thread(struct task_struct *t);	/* all zero, default control registers */

/* ---- Debug -------------------------------------------------------------------------------- */

struct unwind_frame {
	unsigned long fp, pc;
	unsigned long lo, hi;		/* the stack's bounds: frames outside end the walk */
};
void show_regs(const struct pt_regs *regs);		/* by printk */
/* @regs, else where @t sleeps, else (@t is current) the caller's own frame. */
void unwind_start(struct unwind_frame *frame, const struct task_struct *t, const struct pt_regs *regs);
bool unwind_next(struct unwind_frame *frame);

/* ---- vDSO, vectors page, sigpage ------------------------------------------------------------- */

/* exec, mmap_lock of the new mm held for write: map the vDSO (and on arm the sigpage); fills
 * mm->vdso and, for AT_SYSINFO_EHDR, *ehdr (0: none). -ENOMEM. */
int __must_check arch_map_vdso(struct mm_struct *mm, unsigned long *ehdr);
/* A page that every process sees beside its own mappings (arm: [vectors]), for /proc/<pid>/maps; NULL: none. */
struct vm_area_struct *arch_gate_vma(void);
/* ELF auxiliary vector entries for current's ABI: AT_HWCAP, AT_HWCAP2, AT_PLATFORM's string. */
unsigned long arch_hwcap(void);
unsigned long arch_hwcap2(void);
/* PROT_* bits that mean something on this CPU besides the common ones: PROT_BTI. A mapping then has VM_BTI. */
unsigned long arch_prot_bits(void);
const char *arch_elf_platform(void);

/* ---- What the arch calls -----------------------------------------------------------------------
 * start_kernel(fdt) and secondary_start_kernel() from head.S; the rest from traps.c/fault.c/entry.S. */

void __noreturn start_kernel(void *fdt);	/* boot CPU, irqs off, on init_task's stack */
void __noreturn secondary_start_kernel(void);	/* a secondary CPU, irqs off, on its idle task's stack */
void handle_root_irq(struct pt_regs *regs);	/* irqs off */
enum fault_access { FAULT_READ, FAULT_WRITE, FAULT_EXEC };
/* A translation or permission fault on user address @addr; irqs on. Returns 0 if mended, or the signal
 * to send in *sig, *code: -EFAULT. In user mode OOM kill returns 0 with a signal pending. */
int handle_page_fault(unsigned long addr, enum fault_access access, bool user, int *sig, int *code);
/* syscall tracing (TIF_SYSCALL_WORK): returns the number to run, or -1 to skip the call. irqs on. */
long syscall_enter_work(struct pt_regs *regs, long nr);
void syscall_exit_work(struct pt_regs *regs);
/* Last stop before user mode, TIF_WORK_MASK set: reschedule, signals, notify-resume. Entered and left
 * with irqs off. */
void exit_to_user_work(struct pt_regs *regs);
/* Return to kernel mode from an interrupt with need_resched and preempt_count 0; irqs off. */
void preempt_schedule_irq(void);
void schedule_tail(struct task_struct *prev);
/* Send a fault signal to current: cannot be blocked or ignored. */
void force_sig_fault(int sig, int code, unsigned long addr);
void handle_ipi(unsigned int kind);
/* An unexpected exception in kernel mode. */
void __noreturn __printf(2, 3) panic_regs(const struct pt_regs *regs, const char *fmt, ...);
