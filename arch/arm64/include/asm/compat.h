/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 32-bit programs (AArch32 user mode) inside the port: r0-r14 are x0-x14, the program counter and the status are
 * where a 64-bit program's are.  What the upper halves of x0-x14 hold then is not defined: read them by
 * compat_get_regs(), or as u32.
 */
#pragma once

#include <kernel/arch.h>
#include <kernel/uapi.h>

#define COMPAT_NGREG		18	/* r0..r15, cpsr, orig_r0: what ptrace and signal frames have */
#define COMPAT_REG_SP		13
#define COMPAT_REG_LR		14

/* Bits of the AArch32 status word; the others are as in <asm/ptrace.h>. */
#define COMPAT_PSR_T_BIT	0x00000020
#define COMPAT_PSR_E_BIT	0x00000200
#define COMPAT_PSR_IT_MASK	0x0600fc00
#define COMPAT_PSR_GE_MASK	0x000f0000
#define COMPAT_PSR_Q_BIT	0x08000000

/* Was user mode AArch32's? */
static inline bool compat_user_mode(const struct pt_regs *regs)
{
	return regs->pstate & PSR_MODE32_BIT;
}
static inline bool compat_thumb_mode(const struct pt_regs *regs)
{
	return regs->pstate & COMPAT_PSR_T_BIT;
}

/* compat/process.c */
unsigned long compat_hwcap(void);
unsigned long compat_hwcap2(void);
void compat_show_features(struct seq_file *m);
void compat_start_thread(struct pt_regs *regs, unsigned long pc, unsigned long sp);
/* exec: the vectors page, the sigpage, and the vDSO, at *ehdr. -ENOMEM. */
int compat_map_pages(struct mm_struct *mm, unsigned long *ehdr);
extern const char compat_vectors_page[], compat_sigpage[];	/* compat/kuser.S */
extern const char compat_vdso_start[], compat_vdso_end[];	/* compat/vdso.S */

/* compat/syscall.c: irqs on. */
void do_compat_syscall(struct pt_regs *regs);

/* compat/ptrace.c */
void compat_get_regs(const struct pt_regs *regs, u32 uregs[COMPAT_NGREG]);
/* All but orig_r0. Made harmless if they are not; returns whether they were. */
bool compat_set_regs(struct pt_regs *regs, const u32 *uregs);
#define COMPAT_VFP_WORDS	65	/* d0..d31, fpscr */
struct task_struct;
int compat_gpr_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count);
int compat_gpr_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count);
int compat_vfp_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count);
int compat_vfp_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count);
int compat_tls_get(struct task_struct *t, void *buf, unsigned int pos, unsigned int count);
int compat_tls_set(struct task_struct *t, const void *buf, unsigned int pos, unsigned int count);
/* The arm port's own requests, by a 32-bit tracer. */
long compat_arch_ptrace(struct task_struct *t, long request, unsigned long addr, unsigned long data);
/* FPSCR is spread over two registers here. */
u32 compat_get_fpscr(const struct fp_state *fp);
void compat_set_fpscr(struct fp_state *fp, u32 fpscr);
/* compat/signal.c: as setup_signal_frame(). */
int compat_setup_signal_frame(struct ksignal *ksig, u64 oldset, struct pt_regs *regs);
