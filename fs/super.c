// SPDX-License-Identifier: GPL-2.0-only
/*
 * Super blocks and file system types.
 *
 * Interface: <fs/vfs.h>.  s_active counts the mounts (and others who need the whole file system); with the
 * last one it is shut down.  Locks: sb_lock (spin) for the list of all super blocks; types_lock (mutex)
 * for the list of types and for mount_single(); sb->s_umount for mounting and remounting one.
 */
#include <fs/internal.h>

#include <fs/mount.h>
#include <fs/seq_file.h>
#include <kernel/lib/idr.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>

static DEFINE_SPINLOCK_RANK(sb_lock, LOCK_RANK_DCACHE);
static LIST_HEAD(super_blocks);			/* sb_lock */
static DEFINE_MUTEX_RANK(types_lock, LOCK_RANK_MOUNT);
static LIST_HEAD(file_systems);			/* types_lock */
static DEFINE_MUTEX(anon_dev_lock);
static DEFINE_IDA(anon_devs);			/* anon_dev_lock */

static const struct super_operations default_super_ops;

/* ---- types ----------------------------------------------------------------------------------- */

static struct file_system_type *find_type(const char *name, size_t len)
{
	struct file_system_type *t;

	list_for_each_entry(t, &file_systems, list)
		if (!strncmp(t->name, name, len) && !t->name[len])
			return t;
	return NULL;
}

int register_filesystem(struct file_system_type *t)
{
	int err = -EBUSY;

	mutex_lock(&types_lock);
	if (!find_type(t->name, strlen(t->name))) {
		INIT_LIST_HEAD(&t->supers);
		list_add_tail(&t->list, &file_systems);
		err = 0;
	}
	mutex_unlock(&types_lock);
	return err;
}

/* "type.subtype" means type. */
struct file_system_type *get_fs_type(const char *name)
{
	struct file_system_type *t;

	mutex_lock(&types_lock);
	t = find_type(name, strcspn(name, "."));
	mutex_unlock(&types_lock);
	return t;
}

/* /proc/filesystems */
void show_filesystems(struct seq_file *m)
{
	struct file_system_type *t;

	mutex_lock(&types_lock);
	list_for_each_entry(t, &file_systems, list)
		seq_printf(m, "%s\t%s\n", (t->fs_flags & FS_REQUIRES_DEV) ? "" : "nodev", t->name);
	mutex_unlock(&types_lock);
}

/* ---- life ------------------------------------------------------------------------------------ */

dev_t get_anon_bdev(void)
{
	int minor;

	mutex_lock(&anon_dev_lock);
	minor = ida_alloc_range(&anon_devs, 1, MINORMASK, GFP_KERNEL);
	mutex_unlock(&anon_dev_lock);
	return minor < 0 ? 0 : MKDEV(0, minor);
}

static void free_anon_bdev(dev_t dev)
{
	mutex_lock(&anon_dev_lock);
	ida_free(&anon_devs, MINOR(dev));
	mutex_unlock(&anon_dev_lock);
}

static struct super_block *alloc_super(struct file_system_type *t, unsigned long flags)
{
	struct super_block *sb = kzalloc(sizeof(*sb), GFP_KERNEL);

	if (!sb)
		return NULL;
	sb->s_type = t;
	sb->s_flags = flags & ~(unsigned long)MS_ACTIVE;
	sb->s_op = &default_super_ops;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_maxbytes = sizeof(long) > 4 ? LLONG_MAX : (loff_t)ULONG_MAX << PAGE_SHIFT;
	sb->s_time_gran = 1;
	sb->s_user_ns = current_user_ns();
	init_rwsem_rank(&sb->s_umount, LOCK_RANK_MOUNT);
	/* i_lock nests inside. */
	spin_lock_init_rank(&sb->s_lock, LOCK_RANK_DCACHE);
	INIT_LIST_HEAD(&sb->s_inodes);
	INIT_LIST_HEAD(&sb->s_list);
	atomic_set(&sb->s_active, 1);
	strscpy(sb->s_id, t->name, sizeof(sb->s_id));
	return sb;
}

/* Filled: others may see it. */
static void publish_super(struct super_block *sb)
{
	sb->s_flags |= MS_ACTIVE;
	spin_lock(&sb_lock);
	list_add_tail(&sb->s_list, &super_blocks);
	spin_unlock(&sb_lock);
}

bool grab_super(struct super_block *sb)
{
	return atomic_inc_not_zero(&sb->s_active);
}

void generic_shutdown_super(struct super_block *sb)
{
	if (!sb->s_root)
		return;
	shrink_dcache_for_umount(sb);
	sync_filesystem(sb);
	sb->s_flags &= ~(unsigned long)MS_ACTIVE;
	evict_sb_inodes(sb);
	if (sb->s_op->put_super)
		sb->s_op->put_super(sb);
	if (WARN_ON_ONCE(!list_empty(&sb->s_inodes)))
		pr_err("%s: inodes in use after umount\n", sb->s_id);
}

void kill_anon_super(struct super_block *sb)
{
	generic_shutdown_super(sb);
}

void kill_litter_super(struct super_block *sb)
{
	if (sb->s_root)
		d_genocide(sb->s_root);
	generic_shutdown_super(sb);
}

void deactivate_super(struct super_block *sb)
{
	if (!atomic_dec_and_test(&sb->s_active))
		return;
	spin_lock(&sb_lock);
	list_del_init(&sb->s_list);
	spin_unlock(&sb_lock);
	if (sb->s_type->kill_sb)
		sb->s_type->kill_sb(sb);
	else
		generic_shutdown_super(sb);
	if (!MAJOR(sb->s_dev) && sb->s_dev)
		free_anon_bdev(sb->s_dev);
	kfree(sb);
}

static struct dentry *new_nodev(struct file_system_type *t, int flags, void *data,
				int (*fill)(struct super_block *, void *, int))
{
	struct super_block *sb = alloc_super(t, flags);
	int err = -ENOMEM;

	if (!sb)
		return ERR_PTR(-ENOMEM);
	sb->s_dev = get_anon_bdev();
	if (sb->s_dev)
		err = fill(sb, data, !!(flags & MS_SILENT));
	if (err) {
		deactivate_super(sb);
		return ERR_PTR(err);
	}
	publish_super(sb);
	return dget(sb->s_root);
}

/* A fresh one for each mount. */
struct dentry *mount_nodev(struct file_system_type *t, int flags, void *data,
			   int (*fill)(struct super_block *, void *, int))
{
	return new_nodev(t, flags, data, fill);
}

static struct super_block *find_single(struct file_system_type *t)
{
	struct super_block *sb, *found = NULL;

	spin_lock(&sb_lock);
	list_for_each_entry(sb, &super_blocks, s_list) {
		if (sb->s_type == t && grab_super(sb)) {
			found = sb;
			break;
		}
	}
	spin_unlock(&sb_lock);
	return found;
}

/* One for all mounts. */
struct dentry *mount_single(struct file_system_type *t, int flags, void *data,
			    int (*fill)(struct super_block *, void *, int))
{
	static DEFINE_MUTEX_RANK(single_lock, LOCK_RANK_MOUNT);
	struct super_block *sb;
	struct dentry *root;

	mutex_lock(&single_lock);
	sb = find_single(t);
	root = sb ? dget(sb->s_root) : new_nodev(t, flags, data, fill);
	mutex_unlock(&single_lock);
	return root;
}

/* ---- all of them ----------------------------------------------------------------------------- */

/* The one after @prev (whose reference is dropped), active reference. */
static struct super_block *next_super(struct super_block *prev)
{
	struct super_block *found = NULL;
	struct list_head *pos;

	spin_lock(&sb_lock);
	pos = prev ? prev->s_list.next : super_blocks.next;
	for (; pos != &super_blocks && !found; pos = pos->next) {
		struct super_block *sb = list_entry(pos, struct super_block, s_list);

		if (grab_super(sb))
			found = sb;
	}
	spin_unlock(&sb_lock);
	if (prev)
		deactivate_super(prev);
	return found;
}

void iterate_supers(void (*fn)(struct super_block *sb, void *arg), void *arg)
{
	struct super_block *sb = NULL;

	while ((sb = next_super(sb)))
		fn(sb, arg);
}

struct super_block *user_get_super(dev_t dev)
{
	struct super_block *sb = NULL;

	while ((sb = next_super(sb)) && sb->s_dev != dev)
		;
	return sb;
}

void sync_filesystem(struct super_block *sb)
{
	/* Nothing leaves memory: do not look at each inode. */
	if (sb_rdonly(sb) || (!sb->s_op->write_inode && !sb->s_op->sync_fs))
		return;
	sync_sb_inodes(sb, false);
	if (sb->s_op->sync_fs)
		sb->s_op->sync_fs(sb, 0);
	sync_sb_inodes(sb, true);
	if (sb->s_op->sync_fs)
		sb->s_op->sync_fs(sb, 1);
}

#define REMOUNT_FLAGS	(MS_RDONLY | MS_SYNCHRONOUS | MS_MANDLOCK | MS_I_VERSION | MS_LAZYTIME | MS_DIRSYNC)

int do_remount_sb(struct super_block *sb, unsigned long flags, void *data)
{
	bool make_ro = (flags & MS_RDONLY) && !sb_rdonly(sb);
	int err = 0;

	down_write(&sb->s_umount);
	if (make_ro) {
		sync_filesystem(sb);
		err = sb_make_readonly(sb);
		if (err)
			goto out;
	}
	if (sb->s_op->remount_fs)
		err = sb->s_op->remount_fs(sb, &flags, data);
	if (err && make_ro)
		sb->s_flags &= ~(unsigned long)MS_RDONLY;
	if (!err)
		WRITE_ONCE(sb->s_flags, (sb->s_flags & ~REMOUNT_FLAGS) | (flags & REMOUNT_FLAGS));
out:
	up_write(&sb->s_umount);
	return err;
}
