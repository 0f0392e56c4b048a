/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of fs/ share with each other and with nobody else. */
#pragma once

#include <fs/file.h>
#include <fs/fs_struct.h>
#include <fs/vfs.h>
#include <kernel/cred.h>
#include <kernel/lib/hash.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define S_IALLUGO	07777
#define MAX_RW_COUNT	((size_t)INT_MAX & PAGE_MASK)	/* most bytes of one read or write */

/* ---- names from user space: names of usual length stay on the stack -------------------------- */
#define PATHNAME_INLINE 160
struct pathname {
	const char	*name;
	char		*heap;		/* from getname's cache, or NULL */
	char		buf[PATHNAME_INLINE];
};
/* -ENOENT for "" without LOOKUP_EMPTY, -ENAMETOOLONG, -EFAULT, -ENOMEM. */
int pathname_get(struct pathname *p, const char __user *name, unsigned int lookup_flags);
void pathname_put_slow(struct pathname *p);
static inline void pathname_put(struct pathname *p)
{
	if (unlikely(p->heap))
		pathname_put_slow(p);
}

/* ---- namei.c --------------------------------------------------------------------------------- */
enum last_type { LAST_NORM, LAST_ROOT, LAST_DOT, LAST_DOTDOT };

struct open_flags {
	int		open_flag;	/* O_* */
	umode_t		mode;
	int		acc_mode;	/* MAY_* */
	unsigned int	intent, lookup_flags; /* LOOKUP_* */
};
/* @root: NULL, or where absolute names and ".." end (then @dfd does not count). */
int filename_lookup(int dfd, const char *name, unsigned int flags, struct path *path,
		    const struct path *root);
/* All but the last component; @last points into @name. */
int filename_parentat(int dfd, const char *name, unsigned int flags, struct path *parent,
		      struct qstr *last, enum last_type *type);
/* The dentry of @name in the locked directory @base, looked up if need be; it may be negative. */
struct dentry *lookup_hash(const struct qstr *name, struct dentry *base, unsigned int flags);
/* Negative dentry to be made, its parent write-locked and wanted for writing. */
struct dentry *filename_create(int dfd, const char *name, struct path *path, unsigned int flags);
struct file *do_filp_open(int dfd, const char *name, const struct open_flags *op);
struct file *do_file_open_root(const struct path *root, const char *name, const struct open_flags *op);
void names_init(void);
/* The hash of a name: what qstr.hash holds, one step per byte so that the walk can compute it as it scans. */
extern u32 name_hash_seed;
static inline u32 name_hash_step(u32 hash, unsigned char c)
{
	return (hash ^ c) * 0x01000193u;
}
static inline u32 name_hash(const unsigned char *name, unsigned int len)
{
	u32 hash = name_hash_seed;

	while (len--)
		hash = name_hash_step(hash, *name++);
	return hash;
}

/* d_path.c: as seen from @root; NULL: not below it */
char *d_path_from(const struct path *path, const struct path *root, char *buf, int len);

/* ---- permission.c ---------------------------------------------------------------------------- */
int may_create(struct inode *dir, struct dentry *child);
int may_delete(struct inode *dir, struct dentry *victim, bool isdir);
bool inode_owner_or_capable(const struct inode *inode);
bool capable_wrt_inode(const struct inode *inode, int cap);
bool check_sticky(const struct inode *dir, const struct inode *inode);	/* true: refused */

/* ---- read_write.c ---------------------------------------------------------------------------- */
int rw_verify_area(struct file *f, loff_t pos, size_t count);
/* For a file that has the operation; nothing is counted, nor told to inotify. @extra: IOCB_* beside the file's own. */
ssize_t iter_transfer(struct file *f, struct iov_iter *iter, loff_t *pos, bool write, int extra);
int rwf_to_iocb(const struct file *f, bool has_iter, int rwf);
ssize_t do_iter_rw(struct file *f, struct iov_iter *iter, loff_t *pos, bool write, int rwf);
/* O_DIRECT needs a file system with a device behind it. */
static inline bool file_can_direct(const struct file *f)
{
	return f->f_mapping->a_ops && f->f_mapping->a_ops->writepage;
}
/* An eventfd and its like: messages, not bytes, and an inode that all of them share. */
static inline bool file_has_no_type(const struct file *f)
{
	return !(f->f_inode->i_mode & S_IFMT);
}
int check_file_size_limit(loff_t newsize);	/* RLIMIT_FSIZE: SIGXFSZ and -EFBIG */
int inode_newsize_ok(const struct inode *inode, loff_t size);	/* i_rwsem; beyond i_size: the limits */

/* ioctl.c's helpers; -ENOIOCTLCMD: not mine */
long inode_flags_ioctl(struct file *f, unsigned int cmd, unsigned long arg);
long remap_ioctl(const struct file *f, unsigned int cmd, unsigned long arg);
void inode_flags_statx(const struct inode *inode, struct kstat *stat);

/* stat.c, statfs.c */
int vfs_statat(int dfd, const char __user *name, int flags, struct kstat *stat);
int vfs_fstat(unsigned int fd, struct kstat *stat);
int user_statfs(const char __user *name, struct kstatfs *buf);
int fd_statfs(unsigned int fd, struct kstatfs *buf);
/* @st: any of the structures for user space, which differ in the widths of these fields only. */
#define fill_statfs(st, k) do {							\
	memset(st, 0, sizeof(*(st)));						\
	(st)->f_type = (k)->f_type;						\
	(st)->f_bsize = (k)->f_bsize;						\
	(st)->f_blocks = (k)->f_blocks;						\
	(st)->f_bfree = (k)->f_bfree;						\
	(st)->f_bavail = (k)->f_bavail;						\
	(st)->f_files = (k)->f_files;						\
	(st)->f_ffree = (k)->f_ffree;						\
	(st)->f_fsid = (k)->f_fsid;						\
	(st)->f_namelen = (k)->f_namelen;					\
	(st)->f_frsize = (k)->f_frsize;						\
	(st)->f_flags = (k)->f_flags;						\
} while (0)

/* sendfile.c, sync.c */
long do_sendfile(int out_fd, int in_fd, loff_t *ppos, size_t count, loff_t max);
long do_sync_file_range(int fd, loff_t off, loff_t len, unsigned int flags);

/* truncate.c */
long do_sys_truncate(const char __user *name, loff_t length);
long do_sys_ftruncate(unsigned int fd, loff_t length, bool small);

/* ---- dirops.c -------------------------------------------------------------------------------- */
int do_unlink(int dfd, const char *name);

/* ---- attr.c ---------------------------------------------------------------------------------- */
unsigned int attr_of_privs(const struct inode *inode);	/* ATTR_KILL_* of what a change of contents takes */
int do_utimes(int dfd, const char __user *name, struct timespec64 *times, int flags);

/* ---- rename.c -------------------------------------------------------------------------------- */
void rename_init(void);
struct dentry *lock_rename(struct dentry *a, struct dentry *b);
void unlock_rename(struct dentry *a, struct dentry *b);

/* ---- open.c ---------------------------------------------------------------------------------- */
int build_open_flags(const struct open_how *how, struct open_flags *op);
int do_dentry_open(struct file *f, struct inode *inode, const struct cred *cred);
int vfs_open(const struct path *path, struct file *f);
struct file *file_open_path(const struct path *path, int flags);	/* as open(2) of its name; ERR_PTR */

/* ---- file_table.c ---------------------------------------------------------------------------- */
struct file *alloc_empty_file(int flags, const struct cred *cred);	/* ERR_PTR(-ENFILE, -ENOMEM) */
void __fput_sync(struct file *f);	/* as fput, but not deferred: the caller holds no locks */
void files_init(void);

/* ---- file.c ---------------------------------------------------------------------------------- */
int f_dupfd(unsigned int from, struct file *file, unsigned int flags);
int get_close_on_exec(unsigned int fd);
void set_close_on_exec(unsigned int fd, bool on);
void fdtable_init(void);

/* ---- the rest -------------------------------------------------------------------------------- */
void inode_init(void);
void dcache_init(void);
void mnt_init(void);
void chrdev_init(void);
void locks_init(void);
void locks_remove_posix(struct file *f, fl_owner_t owner);
void locks_remove_file(struct file *f);
void locks_free_context(struct inode *inode);
void anon_inode_init(void);
void fs_struct_init(void);
/* inode.c */
void evict_sb_inodes(struct super_block *sb);
void sync_sb_inodes(struct super_block *sb, bool wait);
struct inode *find_sb_inode(struct super_block *sb, u64 ino);	/* reference or NULL; looks at all of them */
/* dentry.c */
struct dentry_bucket {
	spinlock_t		lock;
	struct hlist_head	head;		/* [lock] */
};
extern struct dentry_bucket *dentry_hash;	/* [I] */
extern unsigned int dentry_hash_shift;		/* [I] 32 - log2 of the number of buckets */
static inline struct dentry_bucket *dentry_bucket(const struct dentry *parent, u32 hash)
{
	return &dentry_hash[((u32)((unsigned long)parent >> 6) + hash) * GOLDEN_RATIO_32 >> dentry_hash_shift];
}
/* A reference, unless the dentry is being taken apart. */
static inline bool dget_live(struct dentry *dentry)
{
	int count = atomic_read(&dentry->d_count);

	do
		if (count < 0)
			return false;
	while (!atomic_try_cmpxchg(&dentry->d_count, &count, count + 1));
	return true;
}
void shrink_dcache_for_umount(struct super_block *sb);
struct dentry *d_alloc_cursor(struct dentry *parent);	/* in d_subdirs, never found or listed */
void d_prune_children(struct dentry *parent);	/* cached negative children of a directory to be removed */
/* the caller holds rename_lock (spin part) and mount_lock where it says so */
extern seqlock_t rename_lock;
bool is_subdir_locked(const struct dentry *d, const struct dentry *parent);	/* rename_lock held */
/* super.c */
bool grab_super(struct super_block *sb);	/* active reference unless dying */
void deactivate_super(struct super_block *sb);
void sync_filesystem(struct super_block *sb);
void iterate_supers(void (*fn)(struct super_block *sb, void *arg), void *arg);
struct super_block *user_get_super(dev_t dev);	/* active reference or NULL */
/* write access of a whole mount */
static inline bool sb_rdonly(const struct super_block *sb)
{
	return READ_ONCE(sb->s_flags) & MS_RDONLY;
}
