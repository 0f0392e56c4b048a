// SPDX-License-Identifier: GPL-2.0-only
/*
 * Inodes: allocation, the hash of those that have numbers on a disk, reference counts, unused ones.
 *
 * Interface: <fs/vfs.h>.  An inode with i_count 0 that is hashed and has links stays cached on the LRU list;
 * any other is evicted by the last iput().  i_count goes from 0 to 1 only under i_lock.
 *
 * Locks: bucket lock of the hash > inode->i_lock > inode_lru_lock; sb->s_lock > i_lock.
 */
#include <fs/internal.h>

#include <fs/walk_guard.h>
#include <kernel/lib/hash.h>
#include <kernel/sched/wait.h>
#include <kernel/lib/string.h>
#include <mm/mm.h>

#define INODE_HASH_BITS	9

struct inode_bucket {
	spinlock_t		lock;
	struct hlist_head	head;		/* [lock] */
};

static struct inode_bucket inode_hash[1 << INODE_HASH_BITS];
static struct kmem_cache *inode_cache;
static DEFINE_SPINLOCK_RANK(inode_lru_lock, LOCK_RANK_INODE_HASH);
static LIST_HEAD(inode_lru);				/* inode_lru_lock; oldest first */
static unsigned long nr_unused_inodes;			/* inode_lru_lock */
static DECLARE_WAIT_QUEUE_HEAD(inode_wait);		/* I_NEW or I_FREEING of some inode went */
static atomic64_t next_ino = ATOMIC64_INIT(0);

const struct inode_operations empty_iops;
const struct file_operations empty_fops;

static struct inode_bucket *inode_bucket(const struct super_block *sb, u64 ino)
{
	return &inode_hash[hash_64(ino ^ (unsigned long)sb, INODE_HASH_BITS)];
}

/* ---- making ------------------------------------------------------------------------------- */

static void inode_init_always(struct inode *inode, struct super_block *sb)
{
	memset(inode, 0, sizeof(*inode));
	inode->i_sb = sb;
	inode->i_op = &empty_iops;
	inode->i_fop = &empty_fops;
	inode->i_mapping = &inode->i_data;
	inode->i_nlink = 1;
	inode->i_blkbits = sb->s_blocksize_bits;
	spin_lock_init_rank(&inode->i_lock, LOCK_RANK_INODE_LOCK);
	init_rwsem_rank(&inode->i_rwsem, LOCK_RANK_INODE);
	atomic_set(&inode->i_count, 1);
	INIT_LIST_HEAD(&inode->i_sb_list);
	INIT_LIST_HEAD(&inode->i_lru);
	address_space_init(&inode->i_data, inode, NULL);
}

struct inode *new_inode(struct super_block *sb)
{
	struct inode *inode;

	if (sb->s_op->alloc_inode)
		inode = sb->s_op->alloc_inode(sb);
	else
		inode = kmem_cache_alloc(inode_cache, GFP_KERNEL);
	if (!inode)
		return NULL;
	inode_init_always(inode, sb);
	spin_lock(&sb->s_lock);
	list_add(&inode->i_sb_list, &sb->s_inodes);
	spin_unlock(&sb->s_lock);
	return inode;
}

u64 get_next_ino(void)
{
	u64 ino;

	/* 32 bits: old stat structures must be able to hold it. */
	do
		ino = (u32)atomic64_inc_return_relaxed(&next_ino);
	while (!ino);
	return ino;
}

static void free_plain_inode(void *inode)
{
	kmem_cache_free(inode_cache, inode);
}

/* Path walks without references may still look at its mode. */
static void free_inode(struct inode *inode)
{
	if (inode->i_sb->s_op->free_inode)
		free_after_walks(inode, (void (*)(void *))inode->i_sb->s_op->free_inode);
	else
		free_after_walks(inode, free_plain_inode);
}

/* ---- the hash ------------------------------------------------------------------------------ */

/* Bucket lock held; it is dropped to wait. NULL: not there. ERR_PTR(-EAGAIN): look again. */
static struct inode *find_inode(struct inode_bucket *b, struct super_block *sb, u64 ino)
{
	struct inode *inode;

	hlist_for_each_entry(inode, &b->head, i_hash) {
		DEFINE_WAIT(wait);

		if (inode->i_ino != ino || inode->i_sb != sb)
			continue;
		spin_lock(&inode->i_lock);
		if (!(inode->i_state & I_FREEING)) {
			atomic_inc(&inode->i_count);
			spin_unlock(&inode->i_lock);
			return inode;
		}
		prepare_to_wait(&inode_wait, &wait, TASK_UNINTERRUPTIBLE);
		spin_unlock(&inode->i_lock);
		spin_unlock(&b->lock);
		schedule();
		finish_wait(&inode_wait, &wait);
		spin_lock(&b->lock);
		return ERR_PTR(-EAGAIN);
	}
	return NULL;
}

static struct inode *find_or_insert(struct inode_bucket *b, struct super_block *sb, u64 ino,
				    struct inode *fresh)
{
	struct inode *inode;

	spin_lock(&b->lock);
	do
		inode = find_inode(b, sb, ino);
	while (IS_ERR(inode));
	if (!inode && fresh) {
		fresh->i_ino = ino;
		fresh->i_state = I_NEW;
		hlist_add_head(&fresh->i_hash, &b->head);
		inode = fresh;
	}
	spin_unlock(&b->lock);
	return inode;
}

struct inode *iget_locked(struct super_block *sb, u64 ino)
{
	struct inode_bucket *b = inode_bucket(sb, ino);
	struct inode *inode, *fresh = NULL;

	for (;;) {
		inode = find_or_insert(b, sb, ino, fresh);
		if (!inode) {
			fresh = new_inode(sb);
			if (!fresh)
				return NULL;
			continue;
		}
		if (inode == fresh)
			return inode;
		wait_event(inode_wait, !(READ_ONCE(inode->i_state) & I_NEW));
		if (!hlist_unhashed(&inode->i_hash))
			break;
		iput(inode);		/* its reader failed: try ourselves */
	}
	if (fresh)
		iput(fresh);
	return inode;
}

/* Directories nest: parents' locks come before children's, which the lock order must know. */
static void inode_set_lock_rank(struct inode *inode)
{
	if (S_ISDIR(inode->i_mode))
		lock_debug_set_rank(lock_debug_of(&inode->i_rwsem), LOCK_RANK_INODE_DIR);
}

void unlock_new_inode(struct inode *inode)
{
	inode_set_lock_rank(inode);
	spin_lock(&inode->i_lock);
	inode->i_state &= ~I_NEW;
	spin_unlock(&inode->i_lock);
	wake_up_all(&inode_wait);
}

static void inode_unhash(struct inode *inode)
{
	struct inode_bucket *b = inode_bucket(inode->i_sb, inode->i_ino);

	if (hlist_unhashed(&inode->i_hash))
		return;
	spin_lock(&b->lock);
	hlist_del_init(&inode->i_hash);
	spin_unlock(&b->lock);
	wake_up_all(&inode_wait);
}

void iget_failed(struct inode *inode)
{
	inode_unhash(inode);
	unlock_new_inode(inode);
	iput(inode);
}

/* ---- references ------------------------------------------------------------------------------ */

struct inode *igrab(struct inode *inode)
{
	spin_lock(&inode->i_lock);
	if (inode->i_state & I_FREEING) {
		spin_unlock(&inode->i_lock);
		return NULL;
	}
	atomic_inc(&inode->i_count);
	spin_unlock(&inode->i_lock);
	return inode;
}

static void inode_lru_add(struct inode *inode)
{
	spin_lock(&inode_lru_lock);
	if (list_empty(&inode->i_lru)) {
		list_add_tail(&inode->i_lru, &inode_lru);
		nr_unused_inodes++;
	}
	spin_unlock(&inode_lru_lock);
}

static void inode_lru_del(struct inode *inode)
{
	if (list_empty(&inode->i_lru))
		return;
	spin_lock(&inode_lru_lock);
	if (!list_empty(&inode->i_lru)) {
		list_del_init(&inode->i_lru);
		nr_unused_inodes--;
	}
	spin_unlock(&inode_lru_lock);
}

/* I_FREEING is set: nobody can get a reference any more. */
static void evict(struct inode *inode)
{
	struct super_block *sb = inode->i_sb;

	inode_lru_del(inode);
	spin_lock(&sb->s_lock);
	list_del_init(&inode->i_sb_list);
	spin_unlock(&sb->s_lock);
	if (sb->s_op->evict_inode)
		sb->s_op->evict_inode(inode);
	else if (inode->i_data.nrpages)
		truncate_inode_pages(&inode->i_data, 0);
	inode_unhash(inode);
	if (inode->i_fsnotify_marks)
		fsnotify_inode_delete(inode);
	if (inode->i_flctx)
		locks_free_context(inode);
	address_space_destroy(&inode->i_data);
	free_inode(inode);
}

static bool inode_is_useless(struct inode *inode)
{
	if (inode->i_sb->s_op->drop_inode)
		return inode->i_sb->s_op->drop_inode(inode);
	return !inode->i_nlink || hlist_unhashed(&inode->i_hash);
}

static int write_inode(struct inode *inode, int sync)
{
	const struct super_operations *op = inode->i_sb->s_op;

	spin_lock(&inode->i_lock);
	if (!(inode->i_state & I_DIRTY) || !op->write_inode) {
		spin_unlock(&inode->i_lock);
		return 0;
	}
	inode->i_state &= ~I_DIRTY;
	spin_unlock(&inode->i_lock);
	return op->write_inode(inode, sync);
}

/* i_lock held, i_count is 0; releases i_lock. */
static void iput_final(struct inode *inode)
{
	bool drop = inode_is_useless(inode);

	if (!drop && (inode->i_sb->s_flags & MS_ACTIVE)) {
		inode_lru_add(inode);
		spin_unlock(&inode->i_lock);
		return;
	}
	if (inode->i_nlink && (inode->i_state & I_DIRTY)) {
		/* Written with a reference, so that it stays findable; then once more. */
		atomic_set(&inode->i_count, 1);
		spin_unlock(&inode->i_lock);
		write_inode(inode, 1);
		iput(inode);
		return;
	}
	inode->i_state |= I_FREEING;
	spin_unlock(&inode->i_lock);
	evict(inode);
}

void iput(struct inode *inode)
{
	if (!inode || atomic_add_unless(&inode->i_count, -1, 1))
		return;
	spin_lock(&inode->i_lock);
	if (atomic_dec_and_test(&inode->i_count))
		iput_final(inode);
	else
		spin_unlock(&inode->i_lock);
}

/* Take an unused inode for eviction: NULL when it is used, dirty or has pages (reclaim takes those first). */
static struct inode *isolate_unused(void)
{
	struct inode *inode, *victim = NULL;

	spin_lock(&inode_lru_lock);
	inode = list_first_entry_or_null(&inode_lru, struct inode, i_lru);
	if (inode && spin_trylock(&inode->i_lock)) {
		bool unused = !atomic_read(&inode->i_count);

		if (unused && !(inode->i_state & I_DIRTY) && !inode->i_data.nrpages && !inode->i_fsnotify_marks) {
			inode->i_state |= I_FREEING;
			victim = inode;
		}
		if (victim || !unused) {
			list_del_init(&inode->i_lru);
			nr_unused_inodes--;
		} else {
			list_move_tail(&inode->i_lru, &inode_lru);
		}
		spin_unlock(&inode->i_lock);
	}
	spin_unlock(&inode_lru_lock);
	return victim;
}

unsigned long prune_icache(unsigned long nr)
{
	unsigned long freed = 0;

	while (nr--) {
		struct inode *inode = isolate_unused();

		if (inode) {
			evict(inode);
			freed++;
		}
	}
	return freed;
}

/* First inode of @sb that is not being freed, referenced; the caller's @prev is dropped. */
static struct inode *next_sb_inode(struct super_block *sb, struct inode *prev)
{
	struct list_head *pos;
	struct inode *found = NULL;

	spin_lock(&sb->s_lock);
	pos = prev ? prev->i_sb_list.next : sb->s_inodes.next;
	for (; pos != &sb->s_inodes && !found; pos = pos->next) {
		struct inode *inode = list_entry(pos, struct inode, i_sb_list);

		spin_lock(&inode->i_lock);
		if (!(inode->i_state & (I_FREEING | I_NEW))) {
			atomic_inc(&inode->i_count);
			found = inode;
		}
		spin_unlock(&inode->i_lock);
	}
	spin_unlock(&sb->s_lock);
	iput(prev);
	return found;
}

struct inode *find_sb_inode(struct super_block *sb, u64 ino)
{
	struct inode *inode, *found = NULL;

	spin_lock(&sb->s_lock);
	list_for_each_entry(inode, &sb->s_inodes, i_sb_list) {
		if (inode->i_ino == ino) {
			found = igrab(inode);
			break;
		}
	}
	spin_unlock(&sb->s_lock);
	return found;
}

void sync_sb_inodes(struct super_block *sb, bool wait)
{
	struct inode *inode = NULL;

	while ((inode = next_sb_inode(sb, inode))) {
		if (inode->i_data.nrpages && inode->i_data.a_ops && inode->i_data.a_ops->writepage) {
			if (wait)
				filemap_write_and_wait_range(&inode->i_data, 0, LLONG_MAX);
			else
				filemap_fdatawrite_range(&inode->i_data, 0, LLONG_MAX);
		}
		write_inode(inode, wait);
	}
}

/* umount: nobody uses them (MS_ACTIVE is gone), so the last iput() evicts each. */
void evict_sb_inodes(struct super_block *sb)
{
	struct inode *inode = NULL;

	while ((inode = next_sb_inode(sb, inode)))
		;
}

/* ---- attributes ------------------------------------------------------------------------------ */

void set_nlink(struct inode *inode, unsigned int n)
{
	inode->i_nlink = n;
}

void inc_nlink(struct inode *inode)
{
	inode->i_nlink++;
}

void drop_nlink(struct inode *inode)
{
	WARN_ON(!inode->i_nlink);
	inode->i_nlink--;
}

void clear_nlink(struct inode *inode)
{
	inode->i_nlink = 0;
}

/* Owner, group and mode of something made in @dir: a set-group-id directory hands its group on. */
void inode_init_owner(struct inode *inode, const struct inode *dir, umode_t mode)
{
	inode->i_uid = current_fsuid();
	if (dir && (dir->i_mode & S_ISGID)) {
		inode->i_gid = dir->i_gid;
		if (S_ISDIR(mode))
			mode |= S_ISGID;
		else if ((mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) && !in_group_p(dir->i_gid) &&
			 !capable_wrt_inode(dir, CAP_FSETID))
			mode &= ~S_ISGID;	/* not what one could have by chmod */
	} else {
		inode->i_gid = current_fsgid();
	}
	inode->i_mode = mode;
	inode_set_lock_rank(inode);
}

void init_special_inode(struct inode *inode, umode_t mode, dev_t rdev)
{
	inode->i_mode = mode;
	if (S_ISCHR(mode)) {
		inode->i_fop = &def_chr_fops;
		inode->i_rdev = rdev;
	} else if (S_ISBLK(mode)) {
		inode->i_fop = &def_blk_fops;
		inode->i_rdev = rdev;
	} else if (S_ISFIFO(mode)) {
		inode->i_fop = &pipefifo_fops;
	}
	/* Sockets are connected to, never opened: empty_fops refuses. */
}

struct timespec64 current_time(struct inode *inode)
{
	struct timespec64 now;

	ktime_get_coarse_real_ts64(&now);
	if (inode->i_sb->s_time_gran == NSEC_PER_SEC)
		now.tv_nsec = 0;
	return now;
}

static int time_compare(const struct timespec64 *a, const struct timespec64 *b)
{
	if (a->tv_sec != b->tv_sec)
		return a->tv_sec < b->tv_sec ? -1 : 1;
	return a->tv_nsec < b->tv_nsec ? -1 : a->tv_nsec > b->tv_nsec;
}

/* relatime: once a day, and whenever the file changed since. */
static bool relatime_wants(const struct inode *inode, const struct timespec64 *now)
{
	return time_compare(&inode->i_atime, &inode->i_mtime) <= 0 ||
	       time_compare(&inode->i_atime, &inode->i_ctime) <= 0 ||
	       now->tv_sec - inode->i_atime.tv_sec >= 24 * 60 * 60;
}

void touch_atime(const struct path *path)
{
	struct inode *inode = d_inode(path->dentry);
	unsigned int mflags = path->mnt->mnt_flags;
	struct timespec64 now;

	if ((inode->i_flags & S_NOATIME_INODE) || (mflags & (MNT_NOATIME | MNT_READONLY)) ||
	    (inode->i_sb->s_flags & (MS_RDONLY | MS_NOATIME)))
		return;
	if (S_ISDIR(inode->i_mode) &&
	    ((mflags & MNT_NODIRATIME) || (inode->i_sb->s_flags & MS_NODIRATIME)))
		return;
	now = current_time(inode);
	if ((mflags & MNT_RELATIME) && !relatime_wants(inode, &now))
		return;
	if (!time_compare(&inode->i_atime, &now))
		return;
	if (mnt_want_write(path->mnt))
		return;
	if (inode->i_op->update_time) {
		inode->i_op->update_time(inode, ATTR_ATIME);
	} else {
		spin_lock(&inode->i_lock);
		inode->i_atime = now;
		spin_unlock(&inode->i_lock);
		mark_inode_dirty(inode);
	}
	mnt_drop_write(path->mnt);
}

void file_accessed(struct file *file)
{
	if (!(file->f_flags & O_NOATIME))
		touch_atime(&file->f_path);
}

int file_update_time(struct file *file)
{
	struct inode *inode = file_inode(file);
	struct timespec64 now = current_time(inode);

	if (!time_compare(&inode->i_mtime, &now) && !time_compare(&inode->i_ctime, &now))
		return 0;
	if (inode->i_op->update_time)
		return inode->i_op->update_time(inode, ATTR_MTIME | ATTR_CTIME);
	spin_lock(&inode->i_lock);
	inode->i_mtime = now;
	inode->i_ctime = now;
	inode->i_version++;
	spin_unlock(&inode->i_lock);
	mark_inode_dirty(inode);
	return 0;
}

void mark_inode_dirty(struct inode *inode)
{
	if (!inode->i_sb->s_op->write_inode || (READ_ONCE(inode->i_state) & I_DIRTY))
		return;
	spin_lock(&inode->i_lock);
	inode->i_state |= I_DIRTY;
	spin_unlock(&inode->i_lock);
}

/* ---- reclaim ------------------------------------------------------------------------------- */

static unsigned long icache_count(struct shrinker *s)
{
	return READ_ONCE(nr_unused_inodes);
}

static unsigned long icache_scan(struct shrinker *s, unsigned long nr)
{
	return prune_icache(nr);
}

static struct shrinker icache_shrinker = { .count = icache_count, .scan = icache_scan };

void __init inode_init(void)
{
	unsigned int i;

	/* Outside i_lock, so a rank of its own from the dcache's level. */
	for (i = 0; i < ARRAY_SIZE(inode_hash); i++)
		spin_lock_init_rank(&inode_hash[i].lock, LOCK_RANK_DCACHE);
	inode_cache = kmem_cache_create("inode_cache", sizeof(struct inode), 0, SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	register_shrinker(&icache_shrinker);
}
