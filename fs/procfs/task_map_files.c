// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/map_files: a link to the file of each mapping that has one, named by its addresses.
 *
 * Who may read maps may read the links; following one opens a file that could not be reached by any name, so
 * that takes CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN.
 *
 * Locking: the mm's mmap_lock for read, never while user memory is touched.
 */
#include <fs/procfs/internal.h>

#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/vsprintf.h>
#include <mm/mm.h>

struct range {
	unsigned long	start, end;
	fmode_t		mode;		/* of the open file */
};

/* ---- names ----------------------------------------------------------------------------------- */

/* A hexadecimal number without leading zeros; *pos goes behind it. */
static bool parse_address(const struct qstr *name, unsigned int *pos, unsigned long *addr)
{
	unsigned int first = *pos, digit;

	for (*addr = 0; *pos < name->len; (*pos)++) {
		unsigned int c = name->name[*pos];

		digit = c - '0';
		if (digit > 9)
			digit = (c | 0x20) - 'a' < 6 ? (c | 0x20) - 'a' + 10 : 16;
		if (digit > 15)
			break;
		if (*addr >> (BITS_PER_LONG - 4) || (*pos > first && !*addr))
			return false;
		*addr = *addr << 4 | digit;
	}
	return *pos > first;
}

static bool parse_name(const struct qstr *name, struct range *r)
{
	unsigned int pos = 0;

	return parse_address(name, &pos, &r->start) && pos < name->len && name->name[pos++] == '-' &&
	       parse_address(name, &pos, &r->end) && pos == name->len;
}

/* ---- one mapping ----------------------------------------------------------------------------- */

/* The mapping of exactly this name, and its file's path with a reference (@path may be NULL). 0 or -ENOENT. */
static int find_mapping(struct mm_struct *mm, const struct qstr *name, struct range *r, struct path *path)
{
	struct vm_area_struct *vma;
	int err = -ENOENT;

	if (!parse_name(name, r))
		return err;
	mmap_read_lock(mm);
	vma = vma_lookup(mm, r->start);
	if (vma && vma->vm_start == r->start && vma->vm_end == r->end && vma->vm_file) {
		r->mode = vma->vm_file->f_mode;
		if (path) {
			*path = vma->vm_file->f_path;
			path_get(path);
		}
		err = 0;
	}
	mmap_read_unlock(mm);
	return err;
}

static int map_link_path(struct dentry *dentry, struct task_struct *t, struct path *path)
{
	struct mm_struct *mm = get_task_mm(t);
	struct range r;
	int err;

	if (!mm)
		return -ENOENT;
	err = find_mapping(mm, &dentry->d_name, &r, path);
	mmput(mm);
	return err;
}

static const char *map_get_link(struct dentry *dentry, struct inode *inode, void (**done)(void *), void **arg)
{
	if (!capable(CAP_CHECKPOINT_RESTORE) && !capable(CAP_SYS_ADMIN))
		return ERR_PTR(-EPERM);
	return proc_pid_get_link(dentry, inode, done, arg);
}

static const struct inode_operations map_link_iops = {
	.get_link = map_get_link, .readlink = proc_pid_readlink, .getattr = proc_pid_getattr,
	.setattr = proc_pid_setattr,
};

static const struct pid_entry map_entry = PID_LINK("", map_link_path);

/* ---- the directory --------------------------------------------------------------------------- */

/* The task's memory, if current may look at its maps; ERR_PTR(-ENOENT, -EACCES). */
static struct mm_struct *mm_of(struct inode *inode)
{
	struct task_struct *t = get_proc_task(inode);
	struct mm_struct *mm = ERR_PTR(-EACCES);

	if (!t)
		return ERR_PTR(-ENOENT);
	if (ptrace_may_access(t, PTRACE_MODE_READ_FSCREDS))
		mm = get_task_mm(t) ?: ERR_PTR(-ENOENT);
	put_task_struct(t);
	return mm;
}

static int map_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = d_inode(dentry);
	struct mm_struct *mm = inode ? mm_of(inode) : ERR_PTR(-ENOENT);
	struct range r;
	int err;

	if (IS_ERR(mm))
		return 0;
	err = find_mapping(mm, &dentry->d_name, &r, NULL);
	mmput(mm);
	return err ? 0 : proc_pid_revalidate(dentry, flags);
}

static int map_delete_dentry(const struct dentry *dentry)
{
	return 1;
}

static const struct dentry_operations map_dentry_operations = {
	.d_revalidate = map_revalidate, .d_delete = map_delete_dentry,
};

static struct dentry *instantiate(struct inode *dir, struct dentry *dentry, fmode_t mode)
{
	struct task_struct *t = get_proc_task(dir);
	struct inode *inode = t ? proc_pid_make_inode(dir->i_sb, t, &map_entry) : NULL;

	if (t)
		put_task_struct(t);
	if (!inode)
		return ERR_PTR(-ENOENT);
	inode->i_op = &map_link_iops;
	inode->i_size = 64;
	inode->i_mode = S_IFLNK | (mode & FMODE_READ ? 0400 : 0) | (mode & FMODE_WRITE ? 0200 : 0);
	dentry->d_op = &map_dentry_operations;
	return d_splice_alias(inode, dentry);
}

static struct dentry *map_files_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct mm_struct *mm = mm_of(dir);
	struct range r;
	int err;

	if (IS_ERR(mm))
		return ERR_CAST(mm);
	err = find_mapping(mm, &dentry->d_name, &r, NULL);
	mmput(mm);
	return err ? ERR_PTR(err) : instantiate(dir, dentry, r.mode);
}

/* The mapping of a file that is number @n from address r->end on. */
static bool next_mapping(struct mm_struct *mm, struct range *r, loff_t n)
{
	struct vm_area_struct *vma;

	mmap_read_lock(mm);
	for (vma = vma_find(mm, r->end); vma; vma = vma_next(vma))
		if (vma->vm_file && n-- <= 0)
			break;
	if (vma)
		*r = (struct range){ vma->vm_start, vma->vm_end, 0 };
	mmap_read_unlock(mm);
	return vma;
}

static int map_files_readdir(struct file *file, struct dir_context *ctx)
{
	struct mm_struct *mm = mm_of(file_inode(file));
	char name[2 * 2 * sizeof(long) + 2];
	struct range r = { 0 };
	loff_t skip;

	if (IS_ERR(mm))
		return PTR_ERR(mm);
	if (dir_emit_dots(file, ctx)) {
		for (skip = ctx->pos - 2; next_mapping(mm, &r, skip); skip = 0, ctx->pos++)
			if (!dir_emit(ctx, name, snprintf(name, sizeof(name), "%lx-%lx", r.start, r.end),
				      file_inode(file)->i_ino + ctx->pos, DT_LNK))
				break;
	}
	mmput(mm);
	return 0;
}

const struct inode_operations proc_map_files_iops = {
	.lookup = map_files_lookup, .permission = proc_own_permission, .getattr = proc_pid_getattr,
	.setattr = proc_pid_setattr,
};
const struct file_operations proc_map_files_fops = { .iterate = map_files_readdir, .llseek = generic_file_llseek };
