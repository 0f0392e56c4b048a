// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attachments of System V shared memory: shmat(2) and shmdt(2).
 *
 * An attachment is a shared mapping of a file made for it, on the segment's inode.  Its VMAs, of which fork
 * and partial unmapping make more, each count as an attachment; the file keeps segment and namespace.
 *
 * Interface: shm.h.  Locking: mmap_lock for the VMAs; inside it what shm.c locks.
 */
#include <kernel/ipc/shm.h>

#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <kernel/compat.h>
#include <kernel/lib/string.h>
#include <mm/mm.h>
#include <mm/shmem.h>
#include <mm/slab.h>

/* What an attachment's file is of. */
struct shm_attachment {
	struct ipc_namespace	*ns;		/* [I] reference */
	struct shm_segment	*shm;		/* [I] reference */
};

/* ---- mappings ------------------------------------------------------------------------------ */

static struct shm_attachment *attachment_of(const struct vm_area_struct *vma)
{
	return vma->vm_file->private_data;
}

static void attached(struct vm_area_struct *vma)
{
	struct shm_segment *shm = attachment_of(vma)->shm;

	spin_lock(&shm->obj.lock);
	shm->nattch++;
	shm->atime = ktime_get_real_seconds();
	ipc_set_pid(&shm->lpid, task_tgid(current));
	spin_unlock(&shm->obj.lock);
}

static void detached(struct vm_area_struct *vma)
{
	struct shm_attachment *a = attachment_of(vma);

	spin_lock(&a->shm->obj.lock);
	a->shm->dtime = ktime_get_real_seconds();
	ipc_set_pid(&a->shm->lpid, task_tgid(current));
	spin_unlock(&a->shm->obj.lock);
	shm_put_attachment(a->ns, a->shm);
}

static int shm_fault(struct vm_fault *vmf)
{
	return shmem_file_vm_ops.fault(vmf);
}

static const struct vm_operations shm_vm_ops = {
	.open		= attached,
	.close		= detached,
	.fault		= shm_fault,
	.map_pages	= filemap_map_pages,
};

static int shm_mmap(struct file *file, struct vm_area_struct *vma)
{
	int err = shmem_mmap(file, vma);

	if (err)
		return err;
	vma->vm_ops = &shm_vm_ops;
	attached(vma);
	return 0;
}

static int shm_release(struct inode *inode, struct file *file)
{
	struct shm_attachment *a = file->private_data;

	ipc_put(&a->shm->obj);
	put_ns(&a->ns->ns);
	kfree(a);
	return 0;
}

static const struct file_operations shm_file_operations = {
	.mmap = shm_mmap, .release = shm_release, .fsync = shmem_fsync,
};

/* ---- shmat --------------------------------------------------------------------------------- */

struct attach_request {
	unsigned long	addr;		/* 0: anywhere */
	unsigned long	prot;		/* PROT_* */
	unsigned long	map_flags;	/* MAP_* */
	int		open_flags;	/* O_RDONLY or O_RDWR */
	int		access;		/* IPC_READ ... */
	bool		remap;		/* what is there may go */
};

static int parse_attach(struct attach_request *r, unsigned long addr, int flags)
{
	unsigned long align = is_compat_task() ? COMPAT_SHMLBA : SHMLBA;

	if (addr & (align - 1)) {
		if (!(flags & SHM_RND))
			return -EINVAL;
		addr &= ~(align - 1);
		if (!addr && (flags & SHM_REMAP))
			return -EINVAL;
		r->map_flags = MAP_SHARED | MAP_FIXED;
	} else if (addr) {
		r->map_flags = MAP_SHARED | MAP_FIXED;
	} else if (flags & SHM_REMAP) {
		return -EINVAL;
	} else {
		r->map_flags = MAP_SHARED;
	}
	r->addr = addr;
	r->remap = flags & SHM_REMAP;
	r->prot = flags & SHM_RDONLY ? PROT_READ : PROT_READ | PROT_WRITE;
	r->open_flags = flags & SHM_RDONLY ? O_RDONLY : O_RDWR;
	r->access = flags & SHM_RDONLY ? IPC_READ : IPC_READ | IPC_WRITE;
	if (flags & SHM_EXEC) {
		r->prot |= PROT_EXEC;
		r->access |= IPC_EXEC;
	}
	return 0;
}

/* @shm has an attachment that keeps its file. */
static struct file *open_segment(struct ipc_namespace *ns, struct shm_segment *shm, int flags)
{
	struct shm_attachment *a = kmalloc(sizeof(*a), GFP_KERNEL);
	struct inode *inode = file_inode(shm->file);
	struct file *file;

	if (!a)
		return ERR_PTR(-ENOMEM);
	ihold(inode);
	file = alloc_file_pseudo(inode, shm->file->f_path.mnt,
				 (const char *)shm->file->f_path.dentry->d_name.name, flags, &shm_file_operations);
	if (IS_ERR(file)) {
		iput(inode);
		kfree(a);
		return file;
	}
	refcount_inc(&shm->obj.refs);
	get_ns(&ns->ns);
	a->shm = shm;
	a->ns = ns;
	file->private_data = a;
	return file;
}

/* mmap_lock held for write. */
static unsigned long map_locked(struct file *file, const struct attach_request *r, size_t size)
{
	struct mm_struct *mm = current->mm;

	if (r->addr && !r->remap) {
		if (r->addr + size < r->addr)
			return -EINVAL;
		if (vma_find_intersection(mm, r->addr, r->addr + size))
			return -EINVAL;
	}
	return do_mmap(file, r->addr, size, r->prot, r->map_flags, 0, 0);
}

static unsigned long map_segment(struct file *file, const struct attach_request *r, size_t size)
{
	struct mm_struct *mm = current->mm;
	bool populate;
	unsigned long addr;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	addr = map_locked(file, r, size);
	populate = mm->def_flags & VM_LOCKED;
	mmap_write_unlock(mm);
	if (populate && !IS_ERR_VALUE(addr))
		mm_populate(addr, ALIGN(size, PAGE_SIZE));
	return addr;
}

/* Count as an attachment, if current may have one: until it is mapped that is what keeps the segment. */
static int get_attachment(struct ipc_namespace *ns, struct shm_segment *shm, int access)
{
	int err;

	spin_lock(&shm->obj.lock);
	err = ipc_check_access(ns, &shm->obj, access);
	if (!err)
		shm->nattch++;
	spin_unlock(&shm->obj.lock);
	return err;
}

static unsigned long attach(struct ipc_namespace *ns, struct shm_segment *shm, const struct attach_request *r)
{
	unsigned long addr;
	struct file *file;
	int err = get_attachment(ns, shm, r->access);

	if (err)
		return err;
	file = open_segment(ns, shm, r->open_flags);
	addr = PTR_ERR(file);
	if (!IS_ERR(file)) {
		addr = map_segment(file, r, shm->size);
		fput(file);
	}
	shm_put_attachment(ns, shm);
	return addr;
}

long sys_shmat(int id, char __user *where, int flags)
{
	struct ipc_namespace *ns = current_ipc_ns();
	struct attach_request r = { 0 };
	struct ipc_object *obj;
	long ret;

	if (id < 0 || parse_attach(&r, (unsigned long)where, flags))
		return -EINVAL;
	obj = ipc_find(shm_ids(ns), id);
	if (IS_ERR(obj))
		return PTR_ERR(obj);
	ret = attach(ns, shm_segment_of(obj), &r);
	ipc_put(obj);
	return ret;
}

/* ---- shmdt --------------------------------------------------------------------------------- */

/* Is @vma what is left of an attachment that was made at @addr? */
static bool is_attached_at(const struct vm_area_struct *vma, unsigned long addr)
{
	return vma->vm_ops == &shm_vm_ops && (vma->vm_start - addr) >> PAGE_SHIFT == vma->vm_pgoff;
}

/* All parts of the attachment at @addr go; mmap_lock held for write. */
static int detach_locked(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma = vma_find(mm, addr), *next;
	struct file *file = NULL;
	unsigned long size = ~0UL;

	for (; vma && vma->vm_end - addr <= size; vma = next) {
		unsigned long end = vma->vm_end;

		next = vma_next(vma);
		if (!is_attached_at(vma, addr) || (file && vma->vm_file != file))
			continue;
		if (!file) {
			file = vma->vm_file;
			size = ALIGN(i_size_read(file_inode(file)), PAGE_SIZE);
		}
		do_munmap(mm, vma->vm_start, end - vma->vm_start);
	}
	return file ? 0 : -EINVAL;
}

long sys_shmdt(char __user *where)
{
	unsigned long addr = (unsigned long)where;
	struct mm_struct *mm = current->mm;
	int err;

	if (addr & ~PAGE_MASK)
		return -EINVAL;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = detach_locked(mm, addr);
	mmap_write_unlock(mm);
	return err;
}
