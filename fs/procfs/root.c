// SPDX-License-Identifier: GPL-2.0-only
/*
 * The proc file system: its super blocks, of which each mount has its own, and its root directory, which joins
 * the registered entries with one directory per process.
 */
#include <fs/procfs/internal.h>

#include <fs/fs_context.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/ns_common.h>
#include <kernel/printk.h>
#include <mm/slab.h>

static struct kmem_cache *proc_inode_cache;

static struct inode *proc_alloc_inode(struct super_block *sb)
{
	struct proc_inode *pi = kmem_cache_zalloc(proc_inode_cache, GFP_KERNEL);

	return pi ? &pi->vfs_inode : NULL;
}

static void proc_free_inode(struct inode *inode)
{
	kmem_cache_free(proc_inode_cache, PROC_I(inode));
}

static void proc_evict_inode(struct inode *inode)
{
	truncate_inode_pages(&inode->i_data, 0);
	put_pid(PROC_I(inode)->pid);
	PROC_I(inode)->pid = NULL;
	if (PROC_I(inode)->ns)
		put_ns(PROC_I(inode)->ns);
}

static int proc_drop_inode(struct inode *inode)
{
	return 1;		/* nothing worth keeping */
}

static const struct super_operations proc_sops = {
	.alloc_inode = proc_alloc_inode,
	.free_inode = proc_free_inode,
	.evict_inode = proc_evict_inode,
	.drop_inode = proc_drop_inode,
	.statfs = simple_statfs,
	.show_options = proc_show_options,
};

/* ---- self and thread-self ------------------------------------------------------------------ */

static const char *proc_self_get_link(struct dentry *dentry, struct inode *inode,
				      void (**done)(void *), void **arg)
{
	struct pid_namespace *ns = proc_pid_ns(inode->i_sb);
	pid_t tgid = task_pid_nr_type_ns(current, PIDTYPE_TGID, ns);
	char *text;

	if (!tgid)
		return ERR_PTR(-ENOENT);	/* it is about others */
	text = kmalloc(32, GFP_KERNEL);
	if (!text)
		return ERR_PTR(-ENOMEM);
	if (PROC_I(inode)->pde->data)
		snprintf(text, 32, "%d/task/%d", tgid, task_pid_nr_type_ns(current, PIDTYPE_PID, ns));
	else
		snprintf(text, 32, "%d", tgid);
	*done = (void (*)(void *))kfree;
	*arg = text;
	return text;
}

const struct inode_operations proc_self_iops = {
	.get_link = proc_self_get_link,
};

/* ---- the root directory -------------------------------------------------------------------- */

static struct dentry *proc_root_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct dentry *res = proc_pid_lookup(dir, dentry);

	return res == ERR_PTR(-ENOENT) ? proc_lookup_de(dir, dentry, &proc_root) : res;
}

static int proc_root_readdir(struct file *file, struct dir_context *ctx)
{
	if (ctx->pos < FIRST_PROCESS_POS) {
		if (!proc_readdir_de(file, ctx, &proc_root))
			return 0;
		ctx->pos = FIRST_PROCESS_POS;
	}
	return proc_pid_readdir(file, ctx);
}

static int proc_root_getattr(const struct path *path, struct kstat *stat, u32 mask,
			     unsigned int flags)
{
	generic_fillattr(d_inode(path->dentry), stat);
	return 0;
}

static const struct inode_operations proc_root_iops = {
	.lookup = proc_root_lookup,
	.getattr = proc_root_getattr,
};

static const struct file_operations proc_root_fops = {
	.iterate = proc_root_readdir,
	.llseek = generic_file_llseek,
};

static int proc_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct inode *root;

	sb->s_blocksize = 1024;
	sb->s_blocksize_bits = 10;
	sb->s_magic = PROC_SUPER_MAGIC;
	sb->s_op = &proc_sops;
	sb->s_time_gran = 1;
	/* kill_sb frees it, also after an error. */
	sb->s_fs_info = kzalloc(sizeof(struct proc_fs_info), GFP_KERNEL);
	if (!sb->s_fs_info)
		return -ENOMEM;
	proc_sb_info(sb)->pid_ns = get_pid_ns(task_active_pid_ns(current));
	proc_apply_options(sb, fc);
	root = proc_get_inode(sb, &proc_root);
	if (!root)
		return -ENOMEM;
	root->i_op = &proc_root_iops;
	root->i_fop = &proc_root_fops;
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

int proc_get_tree(struct fs_context *fc)
{
	return get_tree_nodev(fc, proc_fill_super);
}

struct pid_namespace *proc_pid_ns(const struct super_block *sb)
{
	return proc_sb_info(sb)->pid_ns;
}

static void proc_kill_sb(struct super_block *sb)
{
	kill_anon_super(sb);
	if (sb->s_fs_info)
		put_pid_ns(proc_sb_info(sb)->pid_ns);
	kfree(sb->s_fs_info);
}

/* It tells about a pid namespace: that namespace's privileges count. */
static struct user_namespace *proc_owner(void)
{
	return task_active_pid_ns(current)->ns.user_ns;
}

static struct file_system_type proc_fs_type = {
	.name = "proc",
	.fs_flags = FS_USERNS_MOUNT | FS_USERNS_VISIBLE,
	.owner = proc_owner,
	.init_fs_context = proc_init_fs_context,
	.kill_sb = proc_kill_sb,
};

static void proc_self_init(const char *name, void *thread)
{
	struct proc_dir_entry *de = proc_symlink(name, NULL, NULL);

	if (de)
		de->data = thread;
}

void proc_init(void)
{
	proc_inode_cache = kmem_cache_create("proc_inode_cache", sizeof(struct proc_inode), 0,
					     SLAB_PANIC, NULL);
	proc_self_init("self", NULL);
	proc_self_init("thread-self", (void *)1);
	proc_symlink("mounts", NULL, "self/mounts");
	proc_system_init();
	proc_sysctl_init();
	register_filesystem(&proc_fs_type);
}
