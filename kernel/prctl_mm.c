// SPDX-License-Identifier: GPL-2.0-only
/*
 * prctl(PR_SET_MM): what /proc and brk(2) know of a process' layout, set anew by those who restore processes
 * and by programs that move their arguments.  Nothing is mapped or unmapped.
 *
 * Locking: mmap_lock for write, since brk changes, and arg_lock.
 */
#include <kernel/prctl.h>

#include <fs/file.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>
#include <mm/mm.h>
#include <asm/uaccess.h>

static void get_layout(struct mm_struct *mm, struct prctl_mm_map *map)
{
	spin_lock(&mm->arg_lock);
	*map = (struct prctl_mm_map){
		.start_code = mm->start_code, .end_code = mm->end_code, .start_data = mm->start_data,
		.end_data = mm->end_data, .start_brk = mm->start_brk, .brk = mm->brk, .start_stack = mm->start_stack,
		.arg_start = mm->arg_start, .arg_end = mm->arg_end, .env_start = mm->env_start,
		.env_end = mm->env_end,
	};
	spin_unlock(&mm->arg_lock);
}

static void set_layout(struct mm_struct *mm, const struct prctl_mm_map *map)
{
	spin_lock(&mm->arg_lock);
	mm->start_code = map->start_code;
	mm->end_code = map->end_code;
	mm->start_data = map->start_data;
	mm->end_data = map->end_data;
	mm->start_brk = map->start_brk;
	mm->brk = map->brk;
	mm->start_stack = map->start_stack;
	mm->arg_start = map->arg_start;
	mm->arg_end = map->arg_end;
	mm->env_start = map->env_start;
	mm->env_end = map->env_end;
	spin_unlock(&mm->arg_lock);
}

/* The addresses are the structure's first members, in this order. */
#define NR_ADDRESSES	(offsetof(struct prctl_mm_map, auxv) / sizeof(u64))
static_assert(NR_ADDRESSES == 11);

static bool addr_ok(u64 addr)
{
	return addr >= mmap_min_addr && addr < TASK_SIZE;
}

static bool data_within_limit(const struct prctl_mm_map *map)
{
	unsigned long limit = rlimit(RLIMIT_DATA);

	return limit == RLIM_INFINITY || map->brk - map->start_brk + map->end_data - map->start_data <= limit;
}

static int check_layout(const struct prctl_mm_map *map)
{
	const u64 *addr = &map->start_code;

	for (unsigned int i = 0; i < NR_ADDRESSES; i++)
		if (!addr_ok(addr[i]))
			return -EINVAL;
	if (map->start_code >= map->end_code || map->start_data > map->end_data || map->start_brk > map->brk ||
	    map->arg_start > map->arg_end || map->env_start > map->env_end || !data_within_limit(map))
		return -EINVAL;
	return 0;
}

/* Where in the structure a single address goes; NULL: no such option. */
static u64 *address_of(struct prctl_mm_map *map, int what)
{
	switch (what) {
	case PR_SET_MM_START_CODE:
		return &map->start_code;
	case PR_SET_MM_END_CODE:
		return &map->end_code;
	case PR_SET_MM_START_DATA:
		return &map->start_data;
	case PR_SET_MM_END_DATA:
		return &map->end_data;
	case PR_SET_MM_START_STACK:
		return &map->start_stack;
	case PR_SET_MM_START_BRK:
		return &map->start_brk;
	case PR_SET_MM_BRK:
		return &map->brk;
	case PR_SET_MM_ARG_START:
		return &map->arg_start;
	case PR_SET_MM_ARG_END:
		return &map->arg_end;
	case PR_SET_MM_ENV_START:
		return &map->env_start;
	case PR_SET_MM_ENV_END:
		return &map->env_end;
	}
	return NULL;
}

/* The stack, and what lies on it, must be mapped. */
static bool wants_mapping(int what)
{
	return what == PR_SET_MM_START_STACK || what >= PR_SET_MM_ARG_START;
}

static int set_one_locked(struct mm_struct *mm, int what, unsigned long addr)
{
	struct prctl_mm_map map;
	u64 *field = address_of(&map, what);
	int err;

	if (!field)
		return -EINVAL;
	get_layout(mm, &map);
	*field = addr;
	err = check_layout(&map);
	if (!err && wants_mapping(what) && !vma_find(mm, addr))
		err = -EFAULT;
	if (!err)
		set_layout(mm, &map);
	return err;
}

static int set_one(struct mm_struct *mm, int what, unsigned long addr)
{
	int err;

	if (!addr_ok(addr))
		return -EINVAL;
	mmap_write_lock(mm);
	err = set_one_locked(mm, what, addr);
	mmap_write_unlock(mm);
	return err;
}

/* ---- the auxiliary vector -------------------------------------------------------------------- */

#define AUXV_WORDS	ARRAY_SIZE(((struct mm_struct *)0)->saved_auxv)

/* The last entry stays AT_NULL. */
static int read_auxv(unsigned long *auxv, const void __user *from, unsigned long size)
{
	if (size > AUXV_WORDS * sizeof(long))
		return -EINVAL;
	memset(auxv, 0, AUXV_WORDS * sizeof(long));
	if (copy_from_user(auxv, from, size))
		return -EFAULT;
	auxv[AUXV_WORDS - 2] = auxv[AUXV_WORDS - 1] = 0;
	return 0;
}

static int set_auxv(struct mm_struct *mm, const void __user *from, unsigned long size)
{
	unsigned long auxv[AUXV_WORDS];
	int err = read_auxv(auxv, from, size);

	if (!err)
		memcpy(mm->saved_auxv, auxv, size);
	return err;
}

/* ---- the program ----------------------------------------------------------------------------- */

static bool is_mapped(struct mm_struct *mm, const struct file *file)
{
	struct vm_area_struct *vma;
	bool yes = false;

	mmap_read_lock(mm);
	for_each_vma(mm, vma)
		yes |= vma->vm_file && vma->vm_file->f_path.dentry == file->f_path.dentry &&
		       vma->vm_file->f_path.mnt == file->f_path.mnt;
	mmap_read_unlock(mm);
	return yes;
}

static int replace_exe(struct mm_struct *mm, struct file *new)
{
	struct inode *inode = file_inode(new);
	struct file *old;
	int err;

	if (!S_ISREG(inode->i_mode) || (new->f_path.mnt->mnt_flags & MNT_NOEXEC))
		return -EACCES;
	err = inode_permission(inode, MAY_EXEC);
	if (err)
		return err;
	old = get_mm_exe_file(mm);
	if (old) {
		err = is_mapped(mm, old) ? -EBUSY : 0;
		fput(old);
	}
	if (!err && deny_write_access(new))
		err = -EACCES;
	if (!err) {
		set_mm_exe_file(mm, new);
		allow_write_access(new);	/* set_mm_exe_file() has a hold of its own */
	}
	return err;
}

static int set_exe(struct mm_struct *mm, unsigned int fd)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = replace_exe(mm, f.file);
	fdput(f);
	return err;
}

/* ---- all at once ----------------------------------------------------------------------------- */

static bool may_restore(void)
{
	return ns_capable(current_user_ns(), CAP_CHECKPOINT_RESTORE) || ns_capable(current_user_ns(), CAP_SYS_ADMIN);
}

static int set_map(struct mm_struct *mm, const void __user *from, unsigned long size)
{
	unsigned long auxv[AUXV_WORDS];
	struct prctl_mm_map map;
	int err;

	if (size != sizeof(map))
		return -EINVAL;
	if (copy_from_user(&map, from, sizeof(map)))
		return -EFAULT;
	err = check_layout(&map);
	if (!err && map.auxv_size)
		err = map.auxv ? read_auxv(auxv, (const void __user *)map.auxv, map.auxv_size) : -EINVAL;
	if (!err && map.exe_fd != ~0U)
		err = may_restore() ? set_exe(mm, map.exe_fd) : -EPERM;
	if (err)
		return err;
	mmap_write_lock(mm);
	set_layout(mm, &map);
	mmap_write_unlock(mm);
	if (map.auxv_size)
		memcpy(mm->saved_auxv, auxv, sizeof(auxv));
	return 0;
}

long prctl_set_mm(int what, unsigned long addr, unsigned long size, unsigned long arg5)
{
	bool sized = what == PR_SET_MM_AUXV || what == PR_SET_MM_MAP || what == PR_SET_MM_MAP_SIZE;
	struct mm_struct *mm = current->mm;

	if (arg5 || (size && !sized))
		return -EINVAL;
	if (what == PR_SET_MM_MAP_SIZE)
		return put_user((unsigned int)sizeof(struct prctl_mm_map), (unsigned int __user *)addr);
	if (what == PR_SET_MM_MAP)
		return set_map(mm, (const void __user *)addr, size);
	if (!capable(CAP_SYS_RESOURCE))
		return -EPERM;
	if (what == PR_SET_MM_EXE_FILE)
		return set_exe(mm, addr);
	if (what == PR_SET_MM_AUXV)
		return set_auxv(mm, (const void __user *)addr, size);
	return set_one(mm, what, addr);
}
