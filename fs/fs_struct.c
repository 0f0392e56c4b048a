// SPDX-License-Identifier: GPL-2.0-only
/*
 * A task's root, working directory and umask: copied or shared by clone, replaced by chdir and chroot.
 *
 * Interface: <fs/fs_struct.h>.  Locking: fs->lock, and fs->seq around changes of the paths;
 * task->fs itself changes under task_lock().
 */
#include <fs/internal.h>

#include <generated/syscalls.h>
#include <kernel/signal.h>

static struct kmem_cache *fs_cache;

struct fs_struct init_fs = {
	.users	= 1,
	.lock	= __SPIN_LOCK_INIT(init_fs.lock, LOCK_RANK_FS_STRUCT),
	.umask	= 0022,
};

static void set_path(struct fs_struct *fs, struct path *where, const struct path *path)
{
	struct path old;

	path_get(path);
	spin_lock(&fs->lock);
	old = *where;
	write_seqcount_begin(&fs->seq);
	*where = *path;
	write_seqcount_end(&fs->seq);
	spin_unlock(&fs->lock);
	if (old.dentry)
		path_put(&old);
}

void set_fs_root(struct fs_struct *fs, const struct path *path)
{
	set_path(fs, &fs->root, path);
}

void set_fs_pwd(struct fs_struct *fs, const struct path *path)
{
	set_path(fs, &fs->pwd, path);
}

void get_fs_root(struct fs_struct *fs, struct path *root)
{
	spin_lock(&fs->lock);
	*root = fs->root;
	path_get(root);
	spin_unlock(&fs->lock);
}

void get_fs_pwd(struct fs_struct *fs, struct path *pwd)
{
	spin_lock(&fs->lock);
	*pwd = fs->pwd;
	path_get(pwd);
	spin_unlock(&fs->lock);
}

struct fs_struct *copy_fs_struct(struct fs_struct *old)
{
	struct fs_struct *fs = kmem_cache_alloc(fs_cache, GFP_KERNEL);

	if (!fs)
		return NULL;
	fs->users = 1;
	fs->in_exec = 0;
	seqcount_init(&fs->seq);
	spin_lock_init_rank(&fs->lock, LOCK_RANK_FS_STRUCT);
	spin_lock(&old->lock);
	fs->umask = old->umask;
	fs->root = old->root;
	path_get(&fs->root);
	fs->pwd = old->pwd;
	path_get(&fs->pwd);
	spin_unlock(&old->lock);
	return fs;
}

void free_fs_struct(struct fs_struct *fs)
{
	path_put(&fs->root);
	path_put(&fs->pwd);
	kmem_cache_free(fs_cache, fs);
}

static void drop_user(struct fs_struct *fs)
{
	bool last;

	spin_lock(&fs->lock);
	last = !--fs->users;
	spin_unlock(&fs->lock);
	if (last)
		free_fs_struct(fs);
}

void exit_fs(struct task_struct *t)
{
	struct fs_struct *fs;

	task_lock(t);
	fs = t->fs;
	t->fs = NULL;
	task_unlock(t);
	if (fs)
		drop_user(fs);
}

void switch_fs_struct(struct fs_struct *new)
{
	struct fs_struct *old = current->fs;

	task_lock(current);
	current->fs = new;
	task_unlock(current);
	drop_user(old);
}

static bool replace_path(struct path *p, const struct path *old, const struct path *new)
{
	if (p->dentry != old->dentry || p->mnt != old->mnt)
		return false;
	*p = *new;
	path_get(new);
	return true;
}

/* pivot_root: everybody whose root or working directory was the old root moves to the new one. */
void chroot_fs_refs(const struct path *old_root, const struct path *new_root)
{
	struct task_struct *p, *t;
	int moved = 0;

	read_lock(&tasklist_lock);
	for_each_process(p) {
		for_each_thread(p, t) {
			task_lock(t);
			if (t->fs) {
				spin_lock(&t->fs->lock);
				write_seqcount_begin(&t->fs->seq);
				moved += replace_path(&t->fs->root, old_root, new_root);
				moved += replace_path(&t->fs->pwd, old_root, new_root);
				write_seqcount_end(&t->fs->seq);
				spin_unlock(&t->fs->lock);
			}
			task_unlock(t);
		}
	}
	read_unlock(&tasklist_lock);
	while (moved--)
		path_put(old_root);
}

long sys_umask(int mask)
{
	return xchg(&current->fs->umask, mask & 0777);
}

void __init fs_struct_init(void)
{
	fs_cache = kmem_cache_create("fs_cache", sizeof(struct fs_struct), 0, SLAB_PANIC, NULL);
}
