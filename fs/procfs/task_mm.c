// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of a task that show its memory: cmdline, environ, auxv, maps, smaps, mem.
 *
 * Locking: mmap_lock (read) while a mapping is shown; the position in maps is an address, so that a
 * reader who comes back after a change goes on where it was.
 */
#include <fs/procfs/internal.h>

#include <fs/elf_class.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

/* Copy [start, end) of @mm to the user, from position *pos of that range. */
static ssize_t read_range(struct mm_struct *mm, unsigned long start, unsigned long end,
			  char __user *ubuf, size_t count, loff_t *pos)
{
	char *page = (char *)__get_free_pages(GFP_KERNEL, 0);
	ssize_t done = 0;
	int n;

	if (!page)
		return -ENOMEM;
	while (count && *pos < (loff_t)(end - start)) {
		n = min_t(unsigned long, min_t(size_t, count, PAGE_SIZE), end - start - *pos);
		n = access_remote_vm(mm, start + *pos, page, n, 0);
		if (n <= 0)
			break;
		if (copy_to_user(ubuf + done, page, n)) {
			done = done ? done : -EFAULT;
			break;
		}
		done += n;
		*pos += n;
		count -= n;
	}
	free_pages_addr(page, 0);
	return done;
}

static ssize_t cmdline_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct task_struct *t = get_proc_task(file_inode(file));
	unsigned long start, end, env_end;
	struct mm_struct *mm;
	ssize_t ret;
	char last = 0;

	if (!t)
		return -ESRCH;
	mm = get_task_mm(t);
	put_task_struct(t);
	if (!mm)
		return 0;
	spin_lock(&mm->arg_lock);
	start = mm->arg_start;
	end = mm->arg_end;
	env_end = mm->env_end;
	spin_unlock(&mm->arg_lock);
	/* setproctitle: who overwrote the final NUL continues the title in the environment. */
	if (end > start && access_remote_vm(mm, end - 1, &last, 1, 0) == 1 && last &&
	    env_end > end) {
		char c;

		while (end < env_end && access_remote_vm(mm, end, &c, 1, 0) == 1 && c)
			end++;
	}
	ret = read_range(mm, start, end, buf, count, pos);
	mmput(mm);
	return ret;
}

const struct file_operations proc_cmdline_fops = {
	.read = cmdline_read,
	.llseek = generic_file_llseek,
};

static ssize_t environ_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct mm_struct *mm = proc_mm_access(file_inode(file), PTRACE_MODE_READ_FSCREDS);
	ssize_t ret;

	if (IS_ERR_OR_NULL(mm))
		return PTR_ERR(mm);
	ret = read_range(mm, mm->env_start, mm->env_end, buf, count, pos);
	mmput(mm);
	return ret;
}

const struct file_operations proc_environ_fops = {
	.read = environ_read,
	.llseek = generic_file_llseek,
};

static ssize_t auxv_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct mm_struct *mm = proc_mm_access(file_inode(file), PTRACE_MODE_READ_FSCREDS);
	ssize_t ret;

	if (IS_ERR_OR_NULL(mm))
		return PTR_ERR(mm);
	ret = simple_read_from_buffer(buf, count, pos, mm->saved_auxv, elf_auxv_size(mm));
	mmput(mm);
	return ret;
}

const struct file_operations proc_auxv_fops = { .read = auxv_read, .llseek = generic_file_llseek };

/* ---- maps, smaps --------------------------------------------------------------------------- */

struct maps_private {
	struct inode		*inode;
	struct mm_struct	*mm;		/* held from start to stop, with mmap_lock */
};

static const struct seq_operations numa_seq;

static void *maps_start(struct seq_file *m, loff_t *pos)
{
	struct maps_private *priv = m->private;
	struct vm_area_struct *vma;
	struct mm_struct *mm;

	if (*pos < 0)
		return NULL;		/* the end was reached */
	mm = proc_mm_access(priv->inode, PTRACE_MODE_READ_FSCREDS);
	if (IS_ERR_OR_NULL(mm))
		return mm;
	priv->mm = mm;
	mmap_read_lock(mm);
	vma = vma_find(mm, *pos);
	return vma || m->op == &numa_seq ? vma : arch_gate_vma();
}

/* maps and smaps only: after the last mapping comes the gate page, which is in no tree. */
static bool is_gate(const void *v)
{
	return v && v == arch_gate_vma();
}

static void *maps_next(struct seq_file *m, void *v, loff_t *pos)
{
	struct vm_area_struct *vma = v;
	struct vm_area_struct *next = is_gate(v) ? NULL : vma_next(vma);

	if (!next && !is_gate(v) && m->op != &numa_seq && arch_gate_vma()) {
		*pos = vma->vm_end;
		return arch_gate_vma();
	}

	*pos = next ? (loff_t)vma->vm_end : -1;
	return next;
}

static void maps_stop(struct seq_file *m, void *v)
{
	struct maps_private *priv = m->private;

	if (priv->mm) {
		mmap_read_unlock(priv->mm);
		mmput(priv->mm);
		priv->mm = NULL;
	}
}

static int maps_show(struct seq_file *m, void *v)
{
	show_map_vma(m, v);
	return 0;
}

static int smaps_show(struct seq_file *m, void *v)
{
	show_smap_vma(m, v);
	return 0;
}

static const struct seq_operations maps_seq = {
	.start = maps_start, .next = maps_next, .stop = maps_stop, .show = maps_show,
};
static const struct seq_operations smaps_seq = {
	.start = maps_start, .next = maps_next, .stop = maps_stop, .show = smaps_show,
};

static int numa_show(struct seq_file *m, void *v)
{
	struct maps_private *priv = m->private;
	struct task_struct *t = get_proc_task(priv->inode);

	show_numa_vma(m, v, t ? READ_ONCE(t->mempolicy) : 0);
	if (t)
		put_task_struct(t);
	return 0;
}

static const struct seq_operations numa_seq = {
	.start = maps_start, .next = maps_next, .stop = maps_stop, .show = numa_show,
};

static int maps_open_common(struct inode *inode, struct file *file,
			    const struct seq_operations *ops)
{
	int err = proc_mm_may_access(inode, PTRACE_MODE_READ_FSCREDS);	/* each read asks again */
	struct maps_private *priv;

	if (err)
		return err;
	priv = __seq_open_private(file, ops, sizeof(*priv));
	if (!priv)
		return -ENOMEM;
	priv->inode = inode;
	return 0;
}

static int maps_open(struct inode *inode, struct file *file)
{
	return maps_open_common(inode, file, &maps_seq);
}

static int smaps_open(struct inode *inode, struct file *file)
{
	return maps_open_common(inode, file, &smaps_seq);
}

static int numa_maps_open(struct inode *inode, struct file *file)
{
	return maps_open_common(inode, file, &numa_seq);
}

const struct file_operations proc_numa_maps_fops = {
	.open = numa_maps_open,
	.read_iter = seq_read_iter,
	.llseek = seq_lseek,
	.release = seq_release_private,
};
const struct file_operations proc_maps_fops = {
	.open = maps_open,
	.read_iter = seq_read_iter,
	.llseek = seq_lseek,
	.release = seq_release_private,
};
const struct file_operations proc_smaps_fops = {
	.open = smaps_open,
	.read_iter = seq_read_iter,
	.llseek = seq_lseek,
	.release = seq_release_private,
};

int proc_pid_smaps_rollup(struct seq_file *m, struct task_struct *t)
{
	struct mm_struct *mm = mm_access(t, PTRACE_MODE_READ_FSCREDS);

	if (IS_ERR_OR_NULL(mm))
		return mm ? PTR_ERR(mm) : -ESRCH;
	mmap_read_lock(mm);
	show_smaps_rollup(m, mm);
	mmap_read_unlock(mm);
	mmput(mm);
	return 0;
}

/* ---- mem ----------------------------------------------------------------------------------- */

static int mem_open(struct inode *inode, struct file *file)
{
	struct mm_struct *mm = proc_mm_access(inode, PTRACE_MODE_ATTACH_FSCREDS);

	if (IS_ERR(mm))
		return PTR_ERR(mm);
	if (mm) {
		mmgrab(mm);		/* the struct stays, the memory may go */
		mmput(mm);
	}
	file->private_data = mm;
	return 0;
}

static ssize_t mem_rw(struct file *file, char __user *buf, size_t count, loff_t *pos, bool write)
{
	struct mm_struct *mm = file->private_data;
	char *page = (char *)__get_free_pages(GFP_KERNEL, 0);
	ssize_t done = 0;
	int n;

	if (!page)
		return -ENOMEM;
	if (!mm || !mmget_not_zero(mm))
		goto out;
	while (count) {
		n = min_t(size_t, count, PAGE_SIZE);
		if (write && copy_from_user(page, buf + done, n)) {
			done = done ? done : -EFAULT;
			break;
		}
		n = access_remote_vm(mm, *pos, page, n, FOLL_FORCE | (write ? FOLL_WRITE : 0));
		if (n <= 0) {
			done = done ? done : -EIO;
			break;
		}
		if (!write && copy_to_user(buf + done, page, n)) {
			done = done ? done : -EFAULT;
			break;
		}
		done += n;
		*pos += n;
		count -= n;
	}
	mmput(mm);
out:
	free_pages_addr(page, 0);
	return done;
}

static ssize_t mem_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	return mem_rw(file, buf, count, pos, false);
}

static ssize_t mem_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	return mem_rw(file, (char __user *)buf, count, pos, true);
}

/* Any address is a position, also those that are negative as an offset. */
static loff_t mem_lseek(struct file *file, loff_t off, int whence)
{
	if (whence == SEEK_CUR)
		off += file->f_pos;
	else if (whence != SEEK_SET)
		return -EINVAL;
	file->f_pos = off;
	return off;
}

static int mem_release(struct inode *inode, struct file *file)
{
	if (file->private_data)
		mmdrop(file->private_data);
	return 0;
}

const struct file_operations proc_mem_fops = {
	.open = mem_open,
	.read = mem_read,
	.write = mem_write,
	.llseek = mem_lseek,
	.release = mem_release,
};
