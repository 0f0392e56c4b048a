/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The virtual file system: inodes, dentries, super blocks, mounts, open files, and the operation
 * tables that file systems and devices fill in.
 *
 * Reference counts keep objects alive, locks keep them consistent; a look-up returns a reference.
 *
 * Lock legend
 *	[I] immutable after creation     [a] atomic      [r] inode->i_rwsem
 *	[i] inode->i_lock                [d] dentry->d_lock   [n] rename_lock (seqlock) + both parents' i_rwsem
 *	[h] hash-bucket lock             [s] super_block->s_lock
 *	[m] namespace_sem (mount tree)   [f] file->f_lock     [p] file->f_pos_lock
 * Order: rename mutex > i_rwsem (parent before child) > mmap_lock ... d_lock (parent before child) > i_lock.
 *
 * A NULL operation means the documented default, never a crash.
 */
#pragma once

#include <kernel/lib/atomic.h>
#include <kernel/lib/err.h>
#include <kernel/lib/list.h>
#include <kernel/lib/types.h>
#include <kernel/locking/mutex.h>
#include <kernel/locking/rwsem.h>
#include <kernel/locking/spinlock.h>
#include <kernel/sched/sched.h>	/* struct callback_head_work */
#include <kernel/time/timekeeping.h>	/* struct timespec64 */
#include <kernel/uapi.h>
#include <mm/filemap.h>

struct cred;
struct dentry;
struct dir_context;
struct fd;
typedef void *fl_owner_t;
struct fs_struct;
struct file;
struct file_lock;
struct file_lock_context;
struct file_system_type;
struct fs_context;
struct fsnotify_mark_list;
struct inode;
struct iov_iter;
struct kstat;
struct kstatfs;
struct mount;
struct nameidata;
struct path;
struct pipe_inode_info;
struct poll_table_struct;
struct seq_file;
struct super_block;
struct vfsmount;
struct vm_area_struct;

/* ---- names ---------------------------------------------------------------------------------- */
struct qstr {
	u32			hash;
	u32			len;
	const unsigned char	*name;
};
#define QSTR(s)	((struct qstr){ .len = sizeof(s) - 1, .name = (const unsigned char *)(s) })

/* ---- inode ----------------------------------------------------------------------------------- */
struct inode {
	umode_t			i_mode;		/* [i] */
	u16			i_leased;	/* lock of i_flctx: leases, <fs/locks.h> */
	unsigned int		i_flags;	/* [i] S_* */
	uid_t			i_uid;		/* [i] */
	gid_t			i_gid;		/* [i] */
	const struct inode_operations *i_op;	/* [I] never NULL */
	const struct file_operations *i_fop;	/* [I] never NULL */
	struct super_block	*i_sb;		/* [I] */
	struct address_space	*i_mapping;	/* [I] &i_data, or a block device's */
	struct address_space	i_data;
	u64			i_ino;		/* [I] */
	unsigned int		i_nlink;	/* [i] */
	dev_t			i_rdev;		/* [I] */
	loff_t			i_size;		/* [r] write; read with i_size_read() */
	struct timespec64	i_atime, i_mtime, i_ctime, i_btime; /* [i] */
	u64			i_blocks;	/* [i] 512-byte units */
	u8			i_blkbits;	/* [I] */
	u8			i_write_hint;	/* a byte of its own: F_SET_RW_HINT */
	spinlock_t		i_lock;
	struct rw_semaphore	i_rwsem;	/* directories: entries; files: size and writes */
	atomic_t		i_count;	/* [a] */
	unsigned int		i_state;	/* [i] I_* */
	struct hlist_node	i_hash;		/* [h] */
	struct list_head	i_sb_list;	/* [s] */
	struct list_head	i_lru;		/* unused inodes */
	struct hlist_head	i_dentry;	/* [i] aliases */
	atomic_t		i_writecount;	/* [a] writers; negative: execution denies writing */
	u64			i_version;	/* [i] */
	struct file_lock_context *i_flctx;	/* [i] set once */
	struct fsnotify_mark_list *i_fsnotify_marks; /* [i] <fs/fsnotify.h> */
	u32			i_fsnotify_mask; /* [i] quick test */
	union {
		struct pipe_inode_info	*i_pipe;	/* FIFO */
		const char		*i_link;	/* short symlink text, [I] */
		void			*i_cdev;	/* char/block device object */
	};
	void			*i_private;	/* the file system's */
};
#define S_IMMUTABLE_INODE	0x01
#define S_APPEND_INODE		0x02
#define S_DEAD			0x04	/* removed directory */
#define S_PRIVATE		0x08
#define S_NOATIME_INODE		0x10
#define S_NODUMP_INODE		0x40
#define S_FILE_CAPS		0x20	/* has security.capability: <fs/file_caps.h> */
#define I_NEW		0x01
#define I_FREEING	0x02
#define I_DIRTY		0x04
#define I_LINKABLE	0x08	/* O_TMPFILE that may be linked in */

static inline loff_t i_size_read(const struct inode *inode)
{
	return __atomic_load_n(&inode->i_size, __ATOMIC_RELAXED);
}
static inline void i_size_write(struct inode *inode, loff_t size)
{
	__atomic_store_n(&inode->i_size, size, __ATOMIC_RELAXED);
}

struct inode *new_inode(struct super_block *sb);	/* i_count 1, zeroed, ino not set */
struct inode *iget_locked(struct super_block *sb, u64 ino);	/* I_NEW set when fresh */
void unlock_new_inode(struct inode *inode);
void iget_failed(struct inode *inode);
void iput(struct inode *inode);				/* may sleep */
static inline void ihold(struct inode *inode)
{
	atomic_inc(&inode->i_count);
}
struct inode *igrab(struct inode *inode);		/* NULL when being freed */
u64 get_next_ino(void);					/* for file systems without numbers */
void set_nlink(struct inode *inode, unsigned int n);
void inc_nlink(struct inode *inode);
void drop_nlink(struct inode *inode);
void clear_nlink(struct inode *inode);
void inode_init_owner(struct inode *inode, const struct inode *dir, umode_t mode);
void init_special_inode(struct inode *inode, umode_t mode, dev_t rdev);
struct timespec64 current_time(struct inode *inode);
void touch_atime(const struct path *path);
void file_accessed(struct file *file);
int file_update_time(struct file *file);		/* mtime, ctime */
void mark_inode_dirty(struct inode *inode);
static inline void inode_lock(struct inode *inode) { down_write(&inode->i_rwsem); }
static inline void inode_unlock(struct inode *inode) { up_write(&inode->i_rwsem); }
static inline void inode_lock_shared(struct inode *inode) { down_read(&inode->i_rwsem); }
static inline void inode_unlock_shared(struct inode *inode) { up_read(&inode->i_rwsem); }

struct iattr {
	unsigned int		ia_valid;	/* ATTR_* */
	umode_t			ia_mode;
	uid_t			ia_uid;
	gid_t			ia_gid;
	loff_t			ia_size;
	struct timespec64	ia_atime, ia_mtime, ia_ctime;
	struct file		*ia_file;
};
#define ATTR_MODE	0x0001
#define ATTR_UID	0x0002
#define ATTR_GID	0x0004
#define ATTR_SIZE	0x0008
#define ATTR_ATIME	0x0010
#define ATTR_MTIME	0x0020
#define ATTR_CTIME	0x0040
#define ATTR_ATIME_SET	0x0080
#define ATTR_MTIME_SET	0x0100
#define ATTR_FORCE	0x0200
#define ATTR_KILL_SUID	0x0400
#define ATTR_KILL_SGID	0x0800
#define ATTR_FILE	0x1000
#define ATTR_OPEN	0x2000
#define ATTR_TOUCH	0x4000
#define ATTR_TIMES_SET	0x8000	/* times were given, be it as "now" or "leave it" */
#define ATTR_KILL_CAPS	0x10000	/* file capabilities */

struct kstat {
	u32			result_mask;	/* STATX_* */
	umode_t			mode;
	unsigned int		nlink;
	u32			blksize;
	u64			attributes, attributes_mask;
	u64			ino;
	dev_t			dev, rdev;
	uid_t			uid;
	gid_t			gid;
	loff_t			size;
	struct timespec64	atime, mtime, ctime, btime;
	u64			blocks;
	u64			mnt_id;
};

/* Called with the directory's i_rwsem held (write for changes, read for lookup) unless said. */
struct inode_operations {
	/* Fill the negative @dentry by d_add()/d_splice_alias(), or return another dentry / ERR_PTR. */
	struct dentry *(*lookup)(struct inode *dir, struct dentry *dentry, unsigned int flags);
	int (*create)(struct inode *dir, struct dentry *dentry, umode_t mode, bool excl);
	int (*link)(struct dentry *old, struct inode *dir, struct dentry *dentry);
	int (*unlink)(struct inode *dir, struct dentry *dentry);
	int (*symlink)(struct inode *dir, struct dentry *dentry, const char *target);
	int (*mkdir)(struct inode *dir, struct dentry *dentry, umode_t mode);
	int (*rmdir)(struct inode *dir, struct dentry *dentry);
	int (*mknod)(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev);
	int (*rename)(struct inode *odir, struct dentry *od, struct inode *ndir, struct dentry *nd, unsigned int flags);
	int (*tmpfile)(struct inode *dir, struct dentry *dentry, umode_t mode);
	/* Text of a symlink: kernel string valid until *done(arg); may jump with nd_jump_link() and return NULL. */
	const char *(*get_link)(struct dentry *dentry, struct inode *inode, void (**done)(void *), void **arg);
	int (*readlink)(struct dentry *dentry, char __user *buf, int size);	/* default: through get_link */
	int (*permission)(struct inode *inode, int mask);	/* default: generic_permission. No lock. */
	int (*setattr)(struct dentry *dentry, struct iattr *attr);	/* default: setattr_copy; i_rwsem write */
	/* default: generic_fillattr */
	int (*getattr)(const struct path *path, struct kstat *stat, u32 mask, unsigned int flags);
	ssize_t (*getxattr)(struct inode *inode, const char *name, void *buf, size_t size);
	int (*setxattr)(struct inode *inode, const char *name, const void *val, size_t size, int flags);
	int (*removexattr)(struct inode *inode, const char *name);
	ssize_t (*listxattr)(struct dentry *dentry, char *buf, size_t size);
	int (*update_time)(struct inode *inode, int which);
};
int setattr_prepare(struct dentry *dentry, struct iattr *attr);	/* permission and limit checks */
void setattr_copy(struct inode *inode, const struct iattr *attr);
int notify_change(struct dentry *dentry, struct iattr *attr);	/* i_rwsem held */
int simple_setattr(struct dentry *dentry, struct iattr *attr);
void generic_fillattr(struct inode *inode, struct kstat *stat);
int vfs_getattr(const struct path *path, struct kstat *stat, u32 mask, unsigned int flags);

/* ---- dentry ---------------------------------------------------------------------------------- */
#define DNAME_INLINE_LEN 32
struct dentry {
	unsigned int		d_flags;	/* [d] DCACHE_* */
	u32			d_seq;		/* bumped around rename and going negative */
	struct hlist_node	d_hash;		/* [h] */
	struct dentry		*d_parent;	/* [n] */
	struct qstr		d_name;		/* [n] */
	struct inode		*d_inode;	/* [d] NULL: negative */
	unsigned char		d_iname[DNAME_INLINE_LEN];
	atomic_t		d_count;	/* [a]; unhashed and 0: freed; negative: dead */
	spinlock_t		d_lock;
	const struct dentry_operations *d_op;	/* [I] */
	struct super_block	*d_sb;		/* [I] */
	void			*d_fsdata;
	struct list_head	d_lru;		/* unused dentries */
	struct list_head	d_child;	/* [parent d] */
	struct list_head	d_subdirs;	/* [d] */
	struct hlist_node	d_alias;	/* [i] in inode->i_dentry */
};
#define DCACHE_MOUNTED		0x01	/* something is mounted here in some namespace */
#define DCACHE_UNHASHED_TMP	0x02
#define DCACHE_LRU		0x04
#define DCACHE_DONTCACHE	0x08	/* drop when unused (procfs) */
#define DCACHE_DISCONNECTED	0x10
#define DCACHE_CANT_MOUNT	0x20
#define DCACHE_REFERENCED	0x40	/* used again since it came onto the LRU list */

struct dentry_operations {
	/* Is the cached entry still true? 1 yes, 0 no (drop and look up), -errno. May sleep. */
	int (*d_revalidate)(struct dentry *dentry, unsigned int flags);
	int (*d_delete)(const struct dentry *dentry);	/* 1: do not keep when unused */
	void (*d_release)(struct dentry *dentry);
	char *(*d_dname)(struct dentry *dentry, char *buf, int len);	/* "pipe:[123]" */
};
struct dentry *d_alloc(struct dentry *parent, const struct qstr *name);
struct dentry *d_alloc_anon(struct super_block *sb);
struct dentry *d_alloc_pseudo(struct super_block *sb, const struct qstr *name);	/* for d_dname: not in any tree */
struct dentry *d_make_root(struct inode *root);		/* consumes the inode; NULL: -ENOMEM */
void d_instantiate(struct dentry *dentry, struct inode *inode);	/* consumes the inode reference */
void d_add(struct dentry *dentry, struct inode *inode);	/* hash it too; inode may be NULL */
struct dentry *d_splice_alias(struct inode *inode, struct dentry *dentry);
struct dentry *d_lookup(const struct dentry *parent, const struct qstr *name);	/* reference or NULL */
void d_rehash(struct dentry *dentry);
void d_drop(struct dentry *dentry);
void d_delete(struct dentry *dentry);			/* after unlink/rmdir */
void d_move(struct dentry *dentry, struct dentry *target);
void d_exchange(struct dentry *a, struct dentry *b);
void d_invalidate(struct dentry *dentry);
void d_genocide(struct dentry *root);			/* drops the pins of a memory file system's tree */
void d_prune_aliases(struct inode *inode);		/* unused dentries of the inode go */
struct dentry *d_find_alias(struct inode *inode);	/* reference or NULL */
struct dentry *d_find_any_alias(struct inode *inode);	/* also one that was unlinked */
void shrink_dcache_parent(struct dentry *parent);	/* unused descendants go */
unsigned long prune_dcache(unsigned long nr);		/* least recently used ones: how many were freed */
unsigned long prune_icache(unsigned long nr);
/* The caller has a reference already, or another proof of life. NULL is fine. */
static inline struct dentry *dget(struct dentry *dentry)
{
	if (dentry)
		atomic_inc(&dentry->d_count);
	return dentry;
}
void dput(struct dentry *dentry);			/* may sleep; NULL is fine */
struct dentry *dget_parent(struct dentry *dentry);
bool is_subdir(const struct dentry *d, const struct dentry *parent);
static inline struct inode *d_inode(const struct dentry *d) { return READ_ONCE(d->d_inode); }
static inline bool d_is_negative(const struct dentry *d) { return !d_inode(d); }
static inline bool d_is_positive(const struct dentry *d) { return d_inode(d); }
static inline bool d_unhashed(const struct dentry *d) { return hlist_unhashed(&d->d_hash); }
static inline bool d_unlinked(const struct dentry *d) { return d_unhashed(d) && d->d_parent != d; }

/* ---- super block, file system types, mounts -------------------------------------------------- */
struct super_block {
	struct list_head	s_list;
	dev_t			s_dev;		/* [I] */
	unsigned long		s_blocksize;	/* [I] */
	u8			s_blocksize_bits;
	loff_t			s_maxbytes;	/* [I] */
	struct file_system_type	*s_type;	/* [I] */
	const struct super_operations *s_op;	/* [I] */
	const struct dentry_operations *s_d_op;	/* [I] default for new dentries */
	unsigned long		s_flags;	/* [s] SB_* (MS_* values) */
	unsigned long		s_magic;	/* [I] */
	struct dentry		*s_root;	/* [I] */
	struct rw_semaphore	s_umount;
	spinlock_t		s_lock;
	struct list_head	s_inodes;	/* [s] */
	atomic_t		s_active;	/* [a] mounts */
	u32			s_time_gran;	/* [I] ns */
	char			s_id[32];
	void			*s_fs_info;
	struct user_namespace	*s_user_ns;	/* [I] */
	bool			s_nodev;	/* [I] device nodes on it are dead, as anybody could have made them */
};
struct super_operations {
	struct inode *(*alloc_inode)(struct super_block *sb);	/* default: plain */
	/* Frees what alloc_inode made; may not sleep, nor look at i_sb, which may be gone by then. */
	void (*free_inode)(struct inode *inode);
	void (*evict_inode)(struct inode *inode);		/* default: truncate pages, clear */
	int (*drop_inode)(struct inode *inode);			/* 1: evict at once when unused */
	void (*put_super)(struct super_block *sb);
	int (*sync_fs)(struct super_block *sb, int wait);
	int (*write_inode)(struct inode *inode, int sync);
	int (*statfs)(struct dentry *dentry, struct kstatfs *buf);
	int (*show_options)(struct seq_file *m, struct dentry *root);
	/* File handles, default: there are none. Fill at most *@words of @fh, set it to what is needed: a type, or
	 * FILEID_INVALID if it is too little. And: a dentry with a reference, NULL: no such file. */
	int (*encode_fh)(const struct inode *inode, u32 *fh, unsigned int *words);
	struct dentry *(*fh_to_dentry)(struct super_block *sb, const u32 *fh, unsigned int words);
	int (*show_path)(struct seq_file *m, struct dentry *root);	/* in mountinfo; default: dentry_path() */
	bool keeps_flags;					/* inode_flags.c, of files and directories */
};
#define FILEID_INO32_GEN	1
#define FILEID_INVALID		0xff
struct kstatfs {
	long			f_type;
	long			f_bsize;
	u64			f_blocks, f_bfree, f_bavail, f_files, f_ffree;
	__kernel_fsid_t		f_fsid;
	long			f_namelen, f_frsize, f_flags;
};
int vfs_statfs(const struct path *path, struct kstatfs *buf);	/* -ENOSYS: it does not tell; fs/statfs.c */
int statfs_by_dentry(struct dentry *dentry, struct kstatfs *buf);	/* the same without what the mount tells */
struct file_system_type {
	const char		*name;
	int			fs_flags;
	int (*init_fs_context)(struct fs_context *fc);	/* fs_context.h */
	void (*kill_sb)(struct super_block *sb);	/* default: generic_shutdown_super */
	/* FS_USERNS_MOUNT: who must be privileged to mount one. Default: current's user namespace */
	struct user_namespace *(*owner)(void);
	struct list_head	list;
	struct list_head	supers;
};
#define FS_REQUIRES_DEV	1
#define FS_USERNS_MOUNT	8
#define FS_USERNS_VISIBLE 16	/* in a user namespace only where one can be seen in full already */
struct user_namespace *fs_type_owner(const struct file_system_type *t);
int register_filesystem(struct file_system_type *t);
struct file_system_type *get_fs_type(const char *name);
void show_filesystems(struct seq_file *m);
void generic_shutdown_super(struct super_block *sb);
void kill_anon_super(struct super_block *sb);
void kill_litter_super(struct super_block *sb);	/* memory file systems: d_genocide() first */
dev_t get_anon_bdev(void);

struct vfsmount {
	struct dentry		*mnt_root;	/* [I] */
	struct super_block	*mnt_sb;	/* [I] */
	unsigned int		mnt_flags;	/* [m] MNT_* */
};
#define MNT_NOSUID	0x01
#define MNT_NODEV	0x02
#define MNT_NOEXEC	0x04
#define MNT_NOATIME	0x08
#define MNT_NODIRATIME	0x10
#define MNT_RELATIME	0x20
#define MNT_READONLY	0x40
#define MNT_NOSYMFOLLOW	0x80
/* Of a mount that a less privileged namespace has from a more privileged one: what cannot be undone there. */
#define MNT_LOCK_ATIME	0x100
#define MNT_LOCK_NOEXEC	0x200
#define MNT_LOCK_NOSUID	0x400
#define MNT_LOCK_NODEV	0x800
#define MNT_LOCK_READONLY 0x1000
#define MNT_LOCKED	0x2000		/* nor can it be taken off from what it covers */
#define MNT_LOCKS	0x3f00
struct path {
	struct vfsmount	*mnt;
	struct dentry	*dentry;
};
void path_get(const struct path *path);
void path_put(const struct path *path);
struct vfsmount *mntget(struct vfsmount *mnt);
void mntput(struct vfsmount *mnt);
bool mnt_may_suid(struct vfsmount *mnt);	/* do set-id bits of its programs count for current? */
struct vfsmount *kern_mount(struct file_system_type *t);	/* not in any namespace */
/* All kernel strings. */
int do_mount(const char *dev_name, const char *dir, const char *type, unsigned long flags, void *data);
int mnt_want_write(struct vfsmount *mnt);	/* -EROFS */
void mnt_drop_write(struct vfsmount *mnt);
/* Absolute path text as seen from the root of current; "(unreachable)" and " (deleted)" as Linux. */
char *d_path(const struct path *path, char *buf, int len);	/* ERR_PTR(-ENAMETOOLONG) */
char *d_absolute_path(const struct path *path, char *buf, int len);
char *dentry_path(struct dentry *dentry, char *buf, int len);

/* ---- path walk: fs/namei.c ------------------------------------------------------------------- */
#define LOOKUP_FOLLOW		0x0001
#define LOOKUP_DIRECTORY	0x0002
#define LOOKUP_AUTOMOUNT	0x0004
#define LOOKUP_EMPTY		0x4000
#define LOOKUP_PARENT		0x0010
#define LOOKUP_REVAL		0x0020
#define LOOKUP_OPEN		0x0100
#define LOOKUP_CREATE		0x0200
#define LOOKUP_EXCL		0x0400
#define LOOKUP_RENAME_TARGET	0x0800
#define LOOKUP_NO_SYMLINKS	0x010000
#define LOOKUP_NO_MAGICLINKS	0x020000
#define LOOKUP_NO_XDEV		0x040000
#define LOOKUP_BENEATH		0x080000
#define LOOKUP_IN_ROOT		0x100000
int user_path_at(int dfd, const char __user *name, unsigned int flags, struct path *path);
int kern_path(const char *name, unsigned int flags, struct path *path);
int vfs_path_lookup(const struct path *root, const char *name, unsigned int flags, struct path *path);
struct file *filp_open(const char *name, int flags, umode_t mode);	/* kernel string */
struct file *do_open_execat(int dfd, const char *name, int flags);	/* checks as exec needs them */
struct file *dentry_open(const struct path *path, int flags, const struct cred *cred);
/* Inside get_link: go to @path instead of walking text (magic links). Consumes the reference. */
int nd_jump_link(const struct path *path);
/* Directory operations on a locked parent: name components by kernel string, for kernel users. */
struct dentry *kern_path_create(const char *name, struct path *parent, bool is_dir); /* parent i_rwsem held */
void done_path_create(struct path *parent, struct dentry *dentry);
struct dentry *lookup_one_len(const char *name, struct dentry *base, int len);	/* base i_rwsem held */
int vfs_create(struct inode *dir, struct dentry *dentry, umode_t mode, bool excl);
int vfs_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode);
int vfs_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev);
int vfs_symlink(struct inode *dir, struct dentry *dentry, const char *target);
int vfs_link(struct dentry *old, struct inode *dir, struct dentry *dentry);
int vfs_unlink(struct inode *dir, struct dentry *dentry);
int vfs_rmdir(struct inode *dir, struct dentry *dentry);
char *getname(const char __user *name);		/* kmalloc-like, ERR_PTR; put with putname */
char *getname_flags(const char __user *name, int flags);
void putname(char *name);
#define MAY_EXEC	0x01
#define MAY_WRITE	0x02
#define MAY_READ	0x04
#define MAY_APPEND	0x08
#define MAY_ACCESS	0x10
#define MAY_OPEN	0x20
#define MAY_CHDIR	0x40
int inode_permission(struct inode *inode, int mask);
int generic_permission(struct inode *inode, int mask);
int path_permission(const struct path *path, int mask);
int get_write_access(struct inode *inode);	/* -ETXTBSY while executed */
void put_write_access(struct inode *inode);
int deny_write_access(struct file *file);	/* -ETXTBSY while written */
void allow_write_access(struct file *file);

/* ---- open files ------------------------------------------------------------------------------ */
struct file {
	atomic_long_t		f_count;	/* [a] */
	fmode_t			f_mode;		/* [I] after open: FMODE_* */
	unsigned int		f_flags;	/* [f] O_* */
	const struct file_operations *f_op;	/* [I] never NULL */
	loff_t			f_pos;		/* [p] */
	struct path		f_path;		/* [I] */
	struct inode		*f_inode;	/* [I] */
	struct address_space	*f_mapping;	/* [I] */
	spinlock_t		f_lock;
	struct mutex		f_pos_lock;
	const struct cred	*f_cred;	/* [I] who opened it */
	struct fown_struct {			/* [f] F_SETOWN */
		struct pid	*pid;
		int		pid_type;
		uid_t		uid, euid;
		int		signum;
	} f_owner;
	void			*private_data;
	struct list_head	f_ep_links;	/* [f] epoll items that watch this file */
	u64			f_version;
	int			f_wb_err;
	struct callback_head_work f_work;	/* the deferred last fput() */
};
#define FMODE_READ		0x0001u
#define FMODE_WRITE		0x0002u
#define FMODE_LSEEK		0x0004u
#define FMODE_PREAD		0x0008u
#define FMODE_PWRITE		0x0010u
#define FMODE_EXEC		0x0020u
#define FMODE_ATOMIC_POS	0x0040u	/* regular files and directories: f_pos_lock is needed */
#define FMODE_PATH		0x0080u	/* O_PATH */
#define FMODE_NONOTIFY		0x0100u
#define FMODE_STREAM		0x0200u
#define FMODE_OPENED		0x0400u
#define FMODE_WRITER		0x0800u	/* holds i_writecount and mnt write */

struct kiocb {
	struct file	*ki_filp;
	loff_t		ki_pos;
	int		ki_flags;	/* IOCB_* */
};
#define IOCB_NOWAIT	0x1
#define IOCB_APPEND	0x2
#define IOCB_DSYNC	0x4

/* Where data of a read or write goes: user or kernel segments. fs/iov_iter.c */
struct kvec {
	void	*iov_base;
	size_t	iov_len;
};
struct iov_iter {
	bool			user;		/* segments are user addresses */
	bool			write;		/* data source (a write(2)) */
	size_t			iov_offset;	/* into the first segment */
	size_t			count;		/* bytes left */
	const struct iovec	*iov;		/* both kinds have the same layout */
	unsigned long		nr_segs;
};
void iov_iter_init(struct iov_iter *i, bool write, const struct iovec *iov, unsigned long n, size_t count);
void iov_iter_kvec(struct iov_iter *i, bool write, const struct kvec *kvec, unsigned long n, size_t count);
void iov_iter_ubuf(struct iov_iter *i, bool write, struct iovec *seg, void __user *buf, size_t count);
size_t copy_to_iter(const void *from, size_t n, struct iov_iter *i);	/* bytes copied */
size_t copy_from_iter(void *to, size_t n, struct iov_iter *i);
size_t copy_page_to_iter(struct page *page, size_t offset, size_t n, struct iov_iter *i);
size_t copy_page_from_iter(struct page *page, size_t offset, size_t n, struct iov_iter *i);
/* With page faults off: may copy less; fault_in_iter_readable() first makes progress certain. */
size_t copy_page_from_iter_atomic(struct page *page, size_t offset, size_t n, struct iov_iter *i);
size_t fault_in_iter_readable(const struct iov_iter *i, size_t n);	/* bytes that could NOT be faulted in */
size_t iov_iter_zero(size_t n, struct iov_iter *i);
void iov_iter_advance(struct iov_iter *i, size_t n);
void iov_iter_revert(struct iov_iter *i, size_t n);
static inline size_t iov_iter_count(const struct iov_iter *i) { return i->count; }
void iov_iter_truncate(struct iov_iter *i, size_t n);
int copy_iovec_from_user(struct iovec *iov, const struct iovec __user *uvec, unsigned long nr);
int import_iovec(bool write, const struct iovec __user *uvec, unsigned long nr, unsigned long fast,
		 struct iovec **iov, struct iov_iter *i);

/* d_type of getdents64: the file type bits of st_mode. */
#define DT_UNKNOWN	0
#define DT_FIFO		1
#define DT_CHR		2
#define DT_DIR		4
#define DT_BLK		6
#define DT_REG		8
#define DT_LNK		10
#define DT_SOCK		12
/* utimensat(2): special values of tv_nsec. */
#define UTIME_NOW	((1L << 30) - 1L)
#define UTIME_OMIT	((1L << 30) - 2L)

struct dir_context {
	/* false: the caller's buffer is full, stop here */
	bool (*actor)(struct dir_context *ctx, const char *name, int len, loff_t pos, u64 ino, unsigned int type);
	loff_t pos;
};
static inline bool dir_emit(struct dir_context *ctx, const char *name, int len, u64 ino, unsigned int type)
{
	return ctx->actor(ctx, name, len, ctx->pos, ino, type);
}
bool dir_emit_dots(struct file *file, struct dir_context *ctx);

struct file_operations {
	loff_t (*llseek)(struct file *, loff_t, int);		/* default: no seeking, -ESPIPE */
	/* one of read and read_iter, of write and write_iter; neither: -EINVAL */
	ssize_t (*read)(struct file *, char __user *, size_t, loff_t *);
	ssize_t (*write)(struct file *, const char __user *, size_t, loff_t *);
	ssize_t (*read_iter)(struct kiocb *, struct iov_iter *);
	ssize_t (*write_iter)(struct kiocb *, struct iov_iter *);
	int (*iterate)(struct file *, struct dir_context *);	/* default: -ENOTDIR; i_rwsem held shared */
	__poll_t (*poll)(struct file *, struct poll_table_struct *); /* default: always ready */
	long (*unlocked_ioctl)(struct file *, unsigned int cmd, unsigned long arg); /* default: -ENOTTY */
	long (*compat_ioctl)(struct file *, unsigned int cmd, unsigned long arg);
	int (*mmap)(struct file *, struct vm_area_struct *);	/* default: -ENODEV */
	int (*open)(struct inode *, struct file *);
	int (*flush)(struct file *, fl_owner_t id);		/* each close(2) */
	int (*release)(struct inode *, struct file *);		/* the last reference */
	int (*fsync)(struct file *, loff_t start, loff_t end, int datasync);	/* default: -EINVAL */
	int (*fasync)(int fd, struct file *, int on);
	int (*lock)(struct file *, int cmd, struct file_lock *);
	int (*flock)(struct file *, int cmd, struct file_lock *);
	ssize_t (*splice_write)(struct pipe_inode_info *, struct file *, loff_t *, size_t, unsigned int);
	ssize_t (*splice_read)(struct file *, loff_t *, struct pipe_inode_info *, size_t, unsigned int);
	long (*fallocate)(struct file *, int mode, loff_t off, loff_t len);	/* default: -EOPNOTSUPP */
	void (*show_fdinfo)(struct seq_file *m, struct file *f);
};
/* The file does not count as a writer of its inode: a memfd that is open for writing can be executed. */
struct file *alloc_file_pseudo(struct inode *inode, struct vfsmount *mnt, const char *name, int flags,
			       const struct file_operations *fops);	/* consumes the inode on success */
struct file *anon_inode_getfile(const char *name, const struct file_operations *fops, void *priv, int flags);
int anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv, int flags);
struct file *get_file(struct file *f);
void fput(struct file *f);			/* any context that may sleep; deferred otherwise */
int filp_close(struct file *f, fl_owner_t id);
ssize_t kernel_read(struct file *f, void *buf, size_t n, loff_t *pos);
ssize_t kernel_write(struct file *f, const void *buf, size_t n, loff_t *pos);
ssize_t vfs_read(struct file *f, char __user *buf, size_t n, loff_t *pos);
ssize_t vfs_write(struct file *f, const char __user *buf, size_t n, loff_t *pos);
ssize_t vfs_iter_read(struct file *f, struct iov_iter *i, loff_t *pos);
ssize_t vfs_iter_write(struct file *f, struct iov_iter *i, loff_t *pos);
loff_t vfs_llseek(struct file *f, loff_t off, int whence);
int vfs_truncate(const struct path *path, loff_t length);
int do_truncate(struct dentry *dentry, loff_t length, unsigned int time_attrs, struct file *filp);
int vfs_fsync(struct file *f, int datasync);
int iterate_dir(struct file *f, struct dir_context *ctx);
loff_t generic_file_llseek(struct file *f, loff_t off, int whence);
loff_t generic_file_llseek_size(struct file *f, loff_t off, int whence, loff_t maxsize, loff_t eof);
loff_t no_llseek(struct file *f, loff_t off, int whence);
loff_t noop_llseek(struct file *f, loff_t off, int whence);
int nonseekable_open(struct inode *inode, struct file *f);
int stream_open(struct inode *inode, struct file *f);
int generic_write_checks(struct kiocb *iocb, struct iov_iter *from);	/* limits, O_APPEND; bytes or -errno */
int file_remove_privs(struct file *f);		/* set-id bits on write */
static inline struct inode *file_inode(const struct file *f) { return f->f_inode; }
extern const struct file_operations def_chr_fops, def_blk_fops, pipefifo_fops;
extern const struct inode_operations empty_iops;
extern const struct file_operations empty_fops;
/* Character devices: a range of minors has one file_operations. drivers/char or fs/char_dev.c. */
int register_chrdev(unsigned int major, unsigned int baseminor, unsigned int count, const char *name,
		    const struct file_operations *fops);
void unregister_chrdev(unsigned int major, unsigned int baseminor, unsigned int count);
void chrdev_show(struct seq_file *m);		/* the character half of /proc/devices */

/* ---- helpers for simple file systems: fs/libfs.c --------------------------------------------- */
int simple_statfs(struct dentry *dentry, struct kstatfs *buf);
struct dentry *simple_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags);
int simple_link(struct dentry *old, struct inode *dir, struct dentry *dentry);
int simple_unlink(struct inode *dir, struct dentry *dentry);
int simple_rmdir(struct inode *dir, struct dentry *dentry);
int simple_rename(struct inode *odir, struct dentry *od, struct inode *ndir, struct dentry *nd, unsigned int flags);
bool simple_empty(struct dentry *dentry);
int dcache_dir_open(struct inode *inode, struct file *f);
int dcache_dir_close(struct inode *inode, struct file *f);
int dcache_readdir(struct file *f, struct dir_context *ctx);
loff_t dcache_dir_lseek(struct file *f, loff_t off, int whence);
int noop_fsync(struct file *f, loff_t start, loff_t end, int datasync);	/* nothing to write: 0 */
extern const struct file_operations simple_dir_operations;
extern const struct inode_operations simple_dir_inode_operations;
ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos, const void *from, size_t available);
ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos, const void __user *from, size_t count);
const char *simple_get_link(struct dentry *dentry, struct inode *inode, void (**done)(void *), void **arg);

/* ---- inotify hook: fs/inotify.c -------------------------------------------------------------- */
#define FS_NOTIFY_QUICK(inode) (READ_ONCE((inode)->i_fsnotify_mask))
extern atomic_t fsnotify_marks;	/* [a] watches that exist, kept by fsnotify.c: without any, no hook is called */
void fsnotify_inode(struct inode *inode, u32 mask, const char *name, u32 cookie);
void fsnotify_dentry(struct dentry *dentry, u32 mask, u32 cookie);	/* to the inode and its parent */
static inline void fsnotify_file(struct file *f, u32 mask)
{
	if (unlikely(atomic_read(&fsnotify_marks)) && !(f->f_mode & (FMODE_NONOTIFY | FMODE_PATH)))
		fsnotify_dentry(f->f_path.dentry, mask, 0);
}
void fsnotify_inode_delete(struct inode *inode);

void vfs_init(void);		/* caches, rootfs mounted as / */
