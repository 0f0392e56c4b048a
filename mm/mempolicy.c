// SPDX-License-Identifier: GPL-2.0-only
/*
 * The NUMA calls, as a Linux with NUMA answers them on a machine of one node: node 0 has all memory and everybody may
 * use it, so each policy that can be set at all comes to the same, and no page ever moves.
 *
 * Locking: mmap_lock, for write where VMAs change.
 */
#include <mm/mempolicy.h>

#include <generated/syscalls.h>
#include <kernel/compat.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/pid.h>
#include <mm/internal.h>
#include <asm/uaccess.h>

#include <linux/mempolicy.h>

#define MAX_NODES	16	/* Debian's CONFIG_NODES_SHIFT is 4 */
#define NODES_USER	(MPOL_F_STATIC_NODES | MPOL_F_RELATIVE_NODES)
#define NODES_AS_GIVEN	MPOL_MODE_FLAGS		/* told as they were given */

/* ---- node masks ---------------------------------------------------------------------------- */

/* @maxnode is one more than the number of bits. */
static int get_nodes(u16 *nodes, const unsigned long __user *umask, unsigned long maxnode)
{
	unsigned int bits = 8 * user_word_size();
	unsigned long word, i;

	*nodes = 0;
	if (!--maxnode || !umask)
		return 0;
	if (maxnode > PAGE_SIZE * 8)
		return -EINVAL;
	for (i = (maxnode - 1) / bits + 1; i-- > 0;) {
		if (get_user_word(&word, (const char __user *)umask + i * user_word_size()))
			return -EFAULT;
		if (i == (maxnode - 1) / bits && maxnode % bits)
			word &= (1UL << maxnode % bits) - 1;
		if (i ? word : word >> MAX_NODES)
			return -EINVAL;
	}
	*nodes = word;
	return 0;
}

static int put_nodes(unsigned long __user *umask, unsigned long maxnode, u16 nodes)
{
	size_t copy = ALIGN(maxnode - 1, 64) / 8, word = user_word_size();

	if (!copy && !is_compat_task())
		return 0;
	if (copy > word) {
		if (copy > PAGE_SIZE)
			return -EINVAL;
		if (clear_user((char __user *)umask + word, copy - word))
			return -EFAULT;
	}
	return put_user_word(nodes, umask);
}

/* ---- policies ------------------------------------------------------------------------------ */

static int check_mode(unsigned int mode)
{
	unsigned int flags = mode & MPOL_MODE_FLAGS;

	mode &= ~flags;
	if (mode >= MPOL_MAX || (flags & NODES_USER) == NODES_USER)
		return -EINVAL;
	return (flags & MPOL_F_NUMA_BALANCING) && mode != MPOL_BIND ? -EINVAL : 0;
}

/* @mode has been checked. */
static int make_policy(unsigned int mode, u16 nodes, u32 *policy)
{
	unsigned int flags = mode & MPOL_MODE_FLAGS;

	mode &= ~flags;
	*policy = 0;
	if (mode == MPOL_DEFAULT)
		return nodes ? -EINVAL : 0;
	if (mode == MPOL_PREFERRED && !nodes)
		mode = MPOL_LOCAL;
	if (mode == MPOL_LOCAL) {
		*policy = mode;
		return nodes || (flags & NODES_USER) ? -EINVAL : 0;
	}
	/* Relative ones are counted round the nodes that there are: always node 0. */
	if (!nodes || (!(flags & MPOL_F_RELATIVE_NODES) && !(nodes & 1)))
		return -EINVAL;
	*policy = mode | flags | (u32)(flags & NODES_AS_GIVEN ? nodes : 1) << 16;
	return 0;
}

static int get_policy(u32 *policy, unsigned int mode, const unsigned long __user *umask, unsigned long maxnode,
		      u16 *nodes)
{
	int err = check_mode(mode);

	if (!err)
		err = get_nodes(nodes, umask, maxnode);
	return err ?: make_policy(mode, *nodes, policy);
}

void mempolicy_to_str(char *buf, u32 policy)
{
	static const char *const names[] = { "default", "prefer", "bind", "interleave", "local", "prefer (many)" };
	u32 flags = policy & MPOL_MODE_FLAGS, mode = policy & 0xffff & ~flags;

	snprintf(buf, MEMPOLICY_TEXT, "%s%s%s%s", names[mode], flags ? "=" : "",
		 flags & MPOL_F_STATIC_NODES ? "static" : flags & MPOL_F_RELATIVE_NODES ? "relative" : "",
		 mode == MPOL_DEFAULT || mode == MPOL_LOCAL ? "" : ":0");
}

long sys_set_mempolicy(int mode, const unsigned long __user *umask, unsigned long maxnode)
{
	u32 policy;
	u16 nodes;
	int err;

	if (!HAVE_MEMPOLICY)
		return -ENOSYS;
	err = get_policy(&policy, mode, umask, maxnode, &nodes);
	if (!err)
		WRITE_ONCE(current->mempolicy, policy);
	return err;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Where is the page at @addr, which is brought in for that? */
static int node_of(struct mm_struct *mm, unsigned long addr)
{
	struct page *page;
	long got;

	mmap_read_lock(mm);
	got = get_user_pages(mm, addr & PAGE_MASK, 1, 0, &page);
	mmap_read_unlock(mm);
	if (got != 1)
		return got ?: -EFAULT;
	put_page(page);
	return 0;
}

static int vma_policy(struct mm_struct *mm, unsigned long addr, u32 *policy)
{
	struct vm_area_struct *vma;

	mmap_read_lock(mm);
	vma = vma_lookup(mm, addr);
	if (vma)
		*policy = vma->vm_policy;
	mmap_read_unlock(mm);
	return vma ? 0 : -EFAULT;
}

/* *mode: the mode, or the node that MPOL_F_NODE asks for. */
static int read_policy(int *mode, u16 *nodes, unsigned long addr, unsigned long flags)
{
	u32 policy = current->mempolicy;
	int err;

	if (flags & ~(unsigned long)(MPOL_F_NODE | MPOL_F_ADDR | MPOL_F_MEMS_ALLOWED))
		return -EINVAL;
	*mode = 0;
	*nodes = 1;
	if (flags & MPOL_F_MEMS_ALLOWED)
		return flags & (MPOL_F_NODE | MPOL_F_ADDR) ? -EINVAL : 0;
	if (!(flags & MPOL_F_ADDR) && addr)
		return -EINVAL;
	err = flags & MPOL_F_ADDR ? vma_policy(current->mm, addr, &policy) : 0;
	if (err)
		return err;
	*nodes = policy >> 16;
	if (!(flags & MPOL_F_NODE)) {
		*mode = policy & 0xffff;
		return 0;
	}
	if (flags & MPOL_F_ADDR)
		return node_of(current->mm, addr);
	return (policy & 0xffff & ~MPOL_MODE_FLAGS) == MPOL_INTERLEAVE ? 0 : -EINVAL;
}

long sys_get_mempolicy(int __user *umode, unsigned long __user *umask, unsigned long maxnode, unsigned long addr,
		       unsigned long flags)
{
	int mode, err;
	u16 nodes;

	if (!HAVE_MEMPOLICY)
		return -ENOSYS;
	if (umask && !maxnode)
		return -EINVAL;
	err = read_policy(&mode, &nodes, addr, flags);
	if (err)
		return err;
	if (umode && put_user(mode, umode))
		return -EFAULT;
	return umask ? put_nodes(umask, maxnode, nodes) : 0;
}

/* ---- ranges -------------------------------------------------------------------------------- */

/* [start, end) of a call. 1: it is empty. */
static int check_range(unsigned long start, unsigned long len, unsigned long *end)
{
	*end = start + ALIGN(len, PAGE_SIZE);
	return *end < start ? -EINVAL : *end == start;
}

/* The default policy may be set where there are holes, but not where there is nothing else. */
static bool has_hole(struct mm_struct *mm, unsigned long start, unsigned long end, u32 policy)
{
	struct vm_area_struct *vma;

	if (policy == MPOL_DEFAULT)
		return !vma_find_intersection(mm, start, end);
	for (; start < end; start = vma->vm_end) {
		vma = vma_lookup(mm, start);
		if (!vma)
			return true;
	}
	return false;
}

static int set_range(struct mm_struct *mm, unsigned long start, unsigned long end, u32 policy)
{
	struct vm_area_struct *vma;

	for (vma = vma_find(mm, start); vma && vma->vm_start < end; vma = vma_next(vma)) {
		if (vma->vm_policy == policy)
			continue;
		vma = vma_isolate(mm, vma, max(start, vma->vm_start), min(end, vma->vm_end));
		if (IS_ERR(vma))
			return PTR_ERR(vma);
		vma->vm_policy = policy;
		vma = vma_merge_around(mm, vma);
	}
	return 0;
}

long sys_mbind(unsigned long start, unsigned long len, unsigned long mode, const unsigned long __user *umask,
	       unsigned long maxnode, unsigned int flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long end;
	u32 policy;
	u16 nodes;
	int err;

	if (!HAVE_MEMPOLICY)
		return -ENOSYS;
	err = check_mode(mode);
	if (!err)
		err = get_nodes(&nodes, umask, maxnode);
	if (err)
		return err;
	if (flags & ~MPOL_MF_VALID)
		return -EINVAL;
	if ((flags & MPOL_MF_MOVE_ALL) && !capable(CAP_SYS_NICE))
		return -EPERM;
	if (start & ~PAGE_MASK)
		return -EINVAL;
	err = check_range(start, len, &end);
	if (err)
		return min(err, 0);
	err = make_policy(mode, nodes, &policy);
	if (err)
		return err;
	mmap_write_lock(mm);
	err = has_hole(mm, start, end, policy) ? -EFAULT : set_range(mm, start, end, policy);
	mmap_write_unlock(mm);
	return err;
}

/* Nothing but whether a policy is of a kind that has a home. */
static int check_home(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma;
	int err = -ENOENT;
	u32 mode;

	for (vma = vma_find(mm, start); vma && vma->vm_start < end; vma = vma_next(vma)) {
		if (!vma->vm_policy)
			continue;
		mode = vma->vm_policy & 0xffff & ~MPOL_MODE_FLAGS;
		if (mode != MPOL_BIND && mode != MPOL_PREFERRED_MANY)
			return -EOPNOTSUPP;
		err = 0;
	}
	return err;
}

long sys_set_mempolicy_home_node(unsigned long start, unsigned long len, unsigned long node, unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long end;
	int err;

	if (!HAVE_MEMPOLICY)
		return -ENOSYS;
	if ((start & ~PAGE_MASK) || flags || node)
		return -EINVAL;
	err = check_range(start, len, &end);
	if (err)
		return min(err, 0);
	mmap_read_lock(mm);
	err = check_home(mm, start, end);
	mmap_read_unlock(mm);
	return err;
}

/* ---- moving -------------------------------------------------------------------------------- */

/* With a reference. */
static struct mm_struct *mm_of_pid(pid_t pid, u16 nodes)
{
	struct task_struct *t = pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
	struct mm_struct *mm;

	if (!t)
		return ERR_PTR(-ESRCH);
	if ((pid && !ptrace_may_access(t, PTRACE_MODE_READ | PTRACE_MODE_REALCREDS)) ||
	    ((nodes & ~1U) && !capable(CAP_SYS_NICE)))
		mm = ERR_PTR(-EPERM);
	else
		mm = (nodes & 1 ? get_task_mm(t) : NULL) ?: ERR_PTR(-EINVAL);
	put_task_struct(t);
	return mm;
}

/* How many pages could not be moved: they are where they shall be. */
long sys_migrate_pages(pid_t pid, unsigned long maxnode, const unsigned long __user *uold,
		       const unsigned long __user *unew)
{
	struct mm_struct *mm;
	u16 old, new;
	int err;

	if (!HAVE_MEMPOLICY)
		return -ENOSYS;
	err = get_nodes(&old, uold, maxnode);
	if (!err)
		err = get_nodes(&new, unew, maxnode);
	if (err)
		return err;
	mm = mm_of_pid(pid, new);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	mmput(mm);
	return 0;
}

/* The node of the page at @addr: 0, -ENOENT if nothing is there, -EFAULT if nothing can be. */
static int page_status(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;
	struct pte_info info;
	int ret = -EFAULT;

	mmap_read_lock(mm);
	vma = vma_lookup(mm, addr);
	if (vma) {
		spin_lock(&mm->page_table_lock);
		if (!pgtable_query(&mm->pgt, addr & PAGE_MASK, &info))
			ret = vma->vm_ops && vma->vm_ops->fault ? -ENOENT : -EFAULT;
		else if (!info.special)
			ret = 0;
		spin_unlock(&mm->page_table_lock);
	}
	mmap_read_unlock(mm);
	return ret;
}

static int move_one(struct mm_struct *mm, const char __user *upage, const int __user *unode, int __user *ustatus)
{
	unsigned long addr;
	int node;

	if (get_user_word(&addr, upage) || (unode && get_user(node, unode)))
		return -EFAULT;
	if (unode && node)
		return -ENODEV;
	return put_user(page_status(mm, addr), ustatus) ? -EFAULT : 0;
}

long sys_move_pages(pid_t pid, unsigned long nr, const void __user *upages, const int __user *unodes,
		    int __user *ustatus, int flags)
{
	struct mm_struct *mm;
	unsigned long i;
	int err = 0;

	if (!HAVE_MEMPOLICY)
		return -ENOSYS;
	if (flags & ~(MPOL_MF_MOVE | MPOL_MF_MOVE_ALL))
		return -EINVAL;
	if ((flags & MPOL_MF_MOVE_ALL) && !capable(CAP_SYS_NICE))
		return -EPERM;
	mm = mm_of_pid(pid, 1);
	if (IS_ERR(mm))
		return PTR_ERR(mm);
	for (i = 0; i < nr && !err; i++) {
		err = move_one(mm, (const char __user *)upages + i * user_word_size(), unodes ? unodes + i : NULL,
			       ustatus + i);
		cond_resched();
		if (fatal_signal_pending(current))
			err = -EINTR;
	}
	mmput(mm);
	return err;
}
