// SPDX-License-Identifier: GPL-2.0-only
/*
 * The static part of /proc: entries that the kernel's rooms register at boot.
 *
 * Locking: none. The tree only grows, at boot, in one thread; entries are linked last, so that a
 * reader sees a whole one.  proc_remove() is for tests and unbinding drivers, which serialise
 * themselves.
 */
#include <fs/procfs/internal.h>

#include <kernel/lib/string.h>
#include <mm/slab.h>

#define PROC_DYNAMIC_FIRST 0xf0000000ULL

static u64 next_ino = PROC_DYNAMIC_FIRST;	/* [a] */

struct proc_dir_entry proc_root = {
	.name = "/proc", .mode = S_IFDIR | 0555, .ino = 1,
	.children = LIST_HEAD_INIT(proc_root.children),
	.sibling = LIST_HEAD_INIT(proc_root.sibling),
	.parent = &proc_root,
};

static struct proc_dir_entry *proc_alloc(const char *name, umode_t mode,
					 struct proc_dir_entry *parent)
{
	struct proc_dir_entry *de = kzalloc(sizeof(*de), GFP_KERNEL);

	if (!de)
		return NULL;
	de->name = kstrdup(name, GFP_KERNEL);
	if (!de->name) {
		kfree(de);
		return NULL;
	}
	de->mode = mode;
	de->ino = __atomic_fetch_add(&next_ino, 1, __ATOMIC_RELAXED);
	de->parent = parent ? parent : &proc_root;
	INIT_LIST_HEAD(&de->children);
	return de;
}

static struct proc_dir_entry *proc_link(struct proc_dir_entry *de)
{
	smp_wmb();
	list_add_tail(&de->sibling, &de->parent->children);
	return de;
}

struct proc_dir_entry *proc_create_single(const char *name, umode_t mode,
					  struct proc_dir_entry *parent,
					  int (*show)(struct seq_file *, void *), void *data)
{
	struct proc_dir_entry *de = proc_alloc(name, S_IFREG | (mode ? mode : 0444), parent);

	if (!de)
		return NULL;
	de->show = show;
	de->data = data;
	return proc_link(de);
}

struct proc_dir_entry *proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent,
				   const struct file_operations *fops, void *data)
{
	struct proc_dir_entry *de = proc_alloc(name, S_IFREG | (mode ? mode : 0444), parent);

	if (!de)
		return NULL;
	de->fops = fops;
	de->data = data;
	return proc_link(de);
}

struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent)
{
	struct proc_dir_entry *de = proc_alloc(name, S_IFDIR | 0555, parent);

	return de ? proc_link(de) : NULL;
}

struct proc_dir_entry *proc_symlink(const char *name, struct proc_dir_entry *parent,
				    const char *target)
{
	struct proc_dir_entry *de = proc_alloc(name, S_IFLNK | 0777, parent);

	if (!de)
		return NULL;
	de->target = target;
	return proc_link(de);
}

void proc_remove(struct proc_dir_entry *de)
{
	if (!de)
		return;
	list_del(&de->sibling);
	kfree(de->name);
	kfree(de);
}

void *pde_data(const struct inode *inode)
{
	return PROC_I(inode)->pde->data;
}

/* ---- files, directories, links ------------------------------------------------------------- */

static int proc_single_open(struct inode *inode, struct file *file)
{
	struct proc_dir_entry *de = PROC_I(inode)->pde;

	return single_open(file, de->show, de->data);
}

/* Root can open it for writing, as on Linux; nothing comes of it. */
static ssize_t proc_no_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	return -EIO;
}

static const struct file_operations proc_single_fops = {
	.open = proc_single_open,
	.write = proc_no_write,
	.read_iter = seq_read_iter,
	.llseek = seq_lseek,
	.release = single_release,
};

static const char *proc_get_link(struct dentry *dentry, struct inode *inode, void (**done)(void *),
				 void **arg)
{
	return PROC_I(inode)->pde->target;
}

static const struct inode_operations proc_link_iops = {
	.get_link = proc_get_link,
};

struct inode *proc_get_inode(struct super_block *sb, struct proc_dir_entry *de)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = de->ino;
	inode->i_mode = de->mode;
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	PROC_I(inode)->pde = de;
	if (S_ISDIR(de->mode)) {
		inode->i_op = &proc_dir_iops;
		inode->i_fop = &proc_dir_fops;
		set_nlink(inode, 2);
	} else if (S_ISLNK(de->mode)) {
		inode->i_op = de->target ? &proc_link_iops : &proc_self_iops;
	} else if (de->ctl) {
		inode->i_op = &proc_sys_file_iops;
		inode->i_fop = &proc_sys_file_fops;
	} else {
		inode->i_fop = de->fops ? de->fops : &proc_single_fops;
	}
	return inode;
}

/* self, thread-self and what is below net belong to the processes; subset=pid hides the rest. */
static bool is_shown(const struct super_block *sb, const struct proc_dir_entry *de)
{
	return !proc_sb_info(sb)->pid_only || (S_ISLNK(de->mode) && !de->target) || de->parent == proc_net;
}

struct proc_dir_entry *proc_find_de(struct proc_dir_entry *parent, const struct qstr *name)
{
	struct proc_dir_entry *de;

	list_for_each_entry(de, &parent->children, sibling)
		if (strlen(de->name) == name->len && !memcmp(de->name, name->name, name->len))
			return de;
	return NULL;
}

struct dentry *proc_lookup_de(struct inode *dir, struct dentry *dentry,
			      struct proc_dir_entry *parent)
{
	struct proc_dir_entry *de = proc_find_de(parent, &dentry->d_name);
	struct inode *inode;

	if (!de || !is_shown(dir->i_sb, de))
		return ERR_PTR(-ENOENT);
	inode = proc_get_inode(dir->i_sb, de);
	return inode ? d_splice_alias(inode, dentry) : ERR_PTR(-ENOMEM);
}

static struct dentry *proc_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return proc_lookup_de(dir, dentry, PROC_I(dir)->pde);
}

int proc_readdir_de(struct file *file, struct dir_context *ctx, struct proc_dir_entry *parent)
{
	struct proc_dir_entry *de;
	loff_t pos = 2;

	if (!dir_emit_dots(file, ctx))
		return 0;
	list_for_each_entry(de, &parent->children, sibling) {
		if (pos++ < ctx->pos)
			continue;
		if (is_shown(file_inode(file)->i_sb, de) &&
		    !dir_emit(ctx, de->name, strlen(de->name), de->ino, de->mode >> 12))
			return 0;
		ctx->pos++;
	}
	return 1;
}

static int proc_readdir(struct file *file, struct dir_context *ctx)
{
	proc_readdir_de(file, ctx, PROC_I(file_inode(file))->pde);
	return 0;
}

const struct inode_operations proc_dir_iops = {
	.lookup = proc_lookup,
};

const struct file_operations proc_dir_fops = {
	.iterate = proc_readdir,
	.llseek = generic_file_llseek,
};
