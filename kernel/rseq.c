// SPDX-License-Identifier: GPL-2.0-only
/*
 * Restartable sequences, rseq(2): a thread tells where a struct rseq of its lies; there it finds the number of
 * its CPU, and says which few instructions it is in that must not be interrupted.  If they are, by preemption
 * or a signal, it goes on at their abort address instead.
 *
 * A preempted thread looks on its way back to user mode (TIF_NOTIFY_RESUME).  One that slept in a system call
 * does so only if it woke up on another CPU: there are no system calls in a sequence.  The struct is written
 * only when the CPU has changed.
 *
 * A bad description kills: it could make the kernel send the thread anywhere.  For the same reason the word in
 * front of the abort address must be the signature that was registered.
 *
 * Locking: the fields are the task's own; rseq_event is also set by the scheduler and IPIs, on its CPU.
 */
#include <kernel/rseq.h>

#include <generated/syscalls.h>
#include <kernel/printk.h>
#include <kernel/signal.h>
#include <asm/percpu.h>
#include <asm/uaccess.h>

#define RSEQ_LEN	32	/* sizeof(struct rseq), whatever a later header adds */

static_assert(sizeof(struct rseq_cs) == 32);

/* ---- the struct ------------------------------------------------------------------------------ */

static int write_cpu(struct rseq __user *rseq, u32 start, u32 cpu)
{
	return put_user(start, &rseq->cpu_id_start) || put_user(cpu, &rseq->cpu_id) ? -EFAULT : 0;
}

static int update_cpu(struct rseq __user *rseq)
{
	u32 cpu = smp_processor_id(), known;	/* moved once more: then we come here again */

	if (get_user(known, &rseq->cpu_id))
		return -EFAULT;
	return known == cpu ? 0 : write_cpu(rseq, cpu, cpu);
}

static int clear_sequence(struct rseq __user *rseq)
{
	return clear_user(&rseq->rseq_cs, sizeof(rseq->rseq_cs)) ? -EFAULT : 0;
}

/* ---- interrupted? ---------------------------------------------------------------------------- */

static bool valid_sequence(const struct rseq_cs *cs)
{
	u64 end = cs->start_ip + cs->post_commit_offset;

	return cs->start_ip < TASK_SIZE && end < TASK_SIZE && end >= cs->start_ip && cs->abort_ip < TASK_SIZE &&
	       !cs->version && cs->abort_ip - cs->start_ip >= cs->post_commit_offset;
}

static int check_signature(const struct rseq_cs *cs)
{
	u32 sig;

	if (get_user(sig, (const u32 __user *)((unsigned long)cs->abort_ip - sizeof(sig))))
		return -EFAULT;
	if (sig == current->rseq_sig)
		return 0;
	pr_warn_ratelimited("%s[%d]: rseq signature %#x instead of %#x\n", current->comm, current->pid, sig,
			    current->rseq_sig);
	return -EINVAL;
}

/* What the thread says it is in; 1: nothing. */
static int read_sequence(struct rseq __user *rseq, struct rseq_cs *cs)
{
	u64 addr;

	if (get_user(addr, &rseq->rseq_cs))
		return -EFAULT;
	if (!addr)
		return 1;
	if (addr >= TASK_SIZE)
		return -EINVAL;
	if (copy_from_user(cs, (const void __user *)(unsigned long)addr, sizeof(*cs)))
		return -EFAULT;
	return valid_sequence(cs) ? check_signature(cs) : -EINVAL;
}

static int restart_sequence(struct rseq __user *rseq, struct pt_regs *regs)
{
	struct rseq_cs cs;
	int err = read_sequence(rseq, &cs);
	u32 flags;

	if (err)
		return err < 0 ? err : 0;
	if (instruction_pointer(regs) - cs.start_ip >= cs.post_commit_offset)
		return clear_sequence(rseq);	/* it is through */
	if (get_user(flags, &rseq->flags))
		return -EFAULT;
	if (flags || cs.flags)			/* all that there were are withdrawn */
		return -EINVAL;
	if (!current->rseq_event)
		return 0;
	current->rseq_event = false;
	err = clear_sequence(rseq);
	if (!err)
		set_instruction_pointer(regs, cs.abort_ip);
	return err;
}

void __rseq_resume(struct pt_regs *regs)
{
	struct rseq __user *rseq = current->rseq;

	if (restart_sequence(rseq, regs) || update_cpu(rseq))
		force_sigsegv(0);
}

void __rseq_signal(struct pt_regs *regs, int sig)
{
	current->rseq_event = true;
	if (restart_sequence(current->rseq, regs))
		force_sigsegv(sig);
}

/* ---- the call -------------------------------------------------------------------------------- */

static long rseq_unregister(struct rseq __user *rseq, u32 len, u32 sig)
{
	int err;

	if (!rseq || current->rseq != rseq || len != RSEQ_LEN)
		return -EINVAL;
	if (current->rseq_sig != sig)
		return -EPERM;
	err = write_cpu(rseq, 0, RSEQ_CPU_ID_UNINITIALIZED);
	if (err)
		return err;
	current->rseq = NULL;
	current->rseq_sig = 0;
	return 0;
}

long sys_rseq(struct rseq __user *rseq, u32 len, int flags, u32 sig)
{
	if (flags & RSEQ_FLAG_UNREGISTER)
		return flags == RSEQ_FLAG_UNREGISTER ? rseq_unregister(rseq, len, sig) : -EINVAL;
	if (flags)
		return -EINVAL;
	if (current->rseq) {
		if (current->rseq != rseq || len != RSEQ_LEN)
			return -EINVAL;
		return current->rseq_sig == sig ? -EBUSY : -EPERM;
	}
	if ((unsigned long)rseq % RSEQ_LEN || len != RSEQ_LEN)
		return -EINVAL;
	if (clear_sequence(rseq))	/* a C library may use the memory of a thread that is gone */
		return -EFAULT;
	current->rseq_sig = sig;
	current->rseq_event = false;
	current->rseq = rseq;
	set_task_flag(current, TIF_NOTIFY_RESUME);	/* the CPU's number is written on the way back */
	return 0;
}
