// SPDX-License-Identifier: GPL-2.0-only
/*
 * Super blocks and file system types.
 *
 * Interface: <fs/vfs.h>.  s_active counts the mounts (and others who need the whole file system); with the
 * last one it is shut down.  Contexts (fs_context.h) make and change them.  Locks: sb_lock (spin) for the list
 * of all super blocks; types_lock (mutex) for the list of types; sb->s_umount for changing one.
 */
#include <fs/internal.h>

#include <fs/fs_context.h>
#include <fs/mount.h>
#include <fs/seq_file.h>
#include <kernel/lib/idr.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>
#include <kernel/user_namespace.h>

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

struct file_system_type *get_fs_type(const char *name)
{
	struct file_system_type *t;

	mutex_lock(&types_lock);
	t = find_type(name, strlen(name));
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

static struct super_block *alloc_super(struct fs_context *fc)
{
	struct super_block *sb = kzalloc(sizeof(*sb), GFP_KERNEL);

	if (!sb)
		return NULL;
	sb->s_type = fc->fs_type;
	sb->s_flags = fc->sb_flags & ~(unsigned int)MS_ACTIVE;
	sb->s_op = &default_super_ops;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_maxbytes = sizeof(long) > 4 ? LLONG_MAX : (loff_t)ULONG_MAX << PAGE_SHIFT;
	sb->s_time_gran = 1;
	sb->s_user_ns = get_user_ns(fc->user_ns);
	sb->s_nodev = sb->s_user_ns != &init_user_ns;
	init_rwsem_rank(&sb->s_umount, LOCK_RANK_MOUNT);
	/* i_lock nests inside. */
	spin_lock_init_rank(&sb->s_lock, LOCK_RANK_DCACHE);
	INIT_LIST_HEAD(&sb->s_inodes);
	INIT_LIST_HEAD(&sb->s_list);
	atomic_set(&sb->s_active, 1);
	strscpy(sb->s_id, fc->fs_type->name, sizeof(sb->s_id));
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
	put_user_ns(sb->s_user_ns);
	kfree(sb);
}

/* A fresh one for each mount. */
int get_tree_nodev(struct fs_context *fc, int (*fill)(struct super_block *, struct fs_context *))
{
	struct super_block *sb = alloc_super(fc);
	int err = -ENOMEM;

	if (!sb)
		return -ENOMEM;
	sb->s_dev = get_anon_bdev();
	if (sb->s_dev)
		err = fill(sb, fc);
	if (err) {
		deactivate_super(sb);
		return err;
	}
	publish_super(sb);
	fc->root = dget(sb->s_root);
	return 0;
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
int get_tree_single(struct fs_context *fc, int (*fill)(struct super_block *, struct fs_context *))
{
	static DEFINE_MUTEX_RANK(single_lock, LOCK_RANK_MOUNT);
	struct super_block *sb;
	int err = 0;

	mutex_lock(&single_lock);
	sb = find_single(fc->fs_type);
	if (sb)
		fc->root = dget(sb->s_root);
	else
		err = get_tree_nodev(fc, fill);
	mutex_unlock(&single_lock);
	return err;
}

struct user_namespace *fs_type_owner(const struct file_system_type *t)
{
	if (!(t->fs_flags & FS_USERNS_MOUNT))
		return &init_user_ns;
	return t->owner ? t->owner() : current_user_ns();
}

bool mount_capable(const struct fs_context *fc)
{
	if (fc->fs_type->fs_flags & FS_USERNS_MOUNT)
		return ns_capable(fc->user_ns, CAP_SYS_ADMIN);
	return capable(CAP_SYS_ADMIN);
}

int vfs_get_tree(struct fs_context *fc)
{
	if (fc->root)
		return -EBUSY;
	if ((fc->fs_type->fs_flags & FS_REQUIRES_DEV) && !fc->source)
		return invalf(fc, "No source specified");
	return fc->ops->get_tree(fc);
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

int reconfigure_super(struct fs_context *fc)
{
	struct super_block *sb = fc->root->d_sb;
	unsigned int mask = fc->sb_flags_mask;
	bool make_ro = (mask & fc->sb_flags & MS_RDONLY) && !sb_rdonly(sb);
	int err;

	if (mask & ~MS_RMT_MASK)
		return -EINVAL;
	if (make_ro) {
		sync_filesystem(sb);
		err = sb_make_readonly(sb);
		if (err)
			return err;
	}
	err = fc->ops->reconfigure ? fc->ops->reconfigure(fc) : 0;
	if (err) {
		if (make_ro)
			sb->s_flags &= ~(unsigned long)MS_RDONLY;
		return err;
	}
	WRITE_ONCE(sb->s_flags, (sb->s_flags & ~(unsigned long)mask) | (fc->sb_flags & mask));
	return 0;
}
