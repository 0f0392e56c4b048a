/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct mount and mount namespaces.
 *
 * Locks:  [n] namespace_sem (sleeping: changes of the trees)   [m] mount_lock (seqlock, spin: look-ups)
 *	   [a] atomic   [I] immutable.  "[n][m]": changed under both, read under either.
 * A mount that hangs in a tree has one reference of its own; its super block has one s_active for it.
 */
#pragma once

#include <fs/vfs.h>
#include <kernel/lib/refcount.h>
#include <kernel/nsproxy.h>
#include <kernel/sched/wait.h>

struct mount {
	struct hlist_node	mnt_hash;	/* [m] by (parent, mountpoint) */
	struct mount		*mnt_parent;	/* [n][m] itself: not attached */
	struct dentry		*mnt_mountpoint; /* [n][m] reference */
	struct vfsmount		mnt;
	atomic_t		mnt_count;	/* [a] */
	atomic_t		mnt_writers;	/* [a] mnt_want_write() in force */
	struct list_head	mnt_mounts;	/* [n][m] children */
	struct list_head	mnt_child;	/* [n][m] in parent's mnt_mounts */
	struct list_head	mnt_list;	/* [n] in ns->list, or of victims */
	struct list_head	mnt_instance;	/* [m] in the list of all mounts */
	struct path		mnt_detached;	/* [n] where it hung: references until release_mounts() */
	struct mnt_namespace	*mnt_ns;	/* [n][m] NULL: not in a namespace */
	int			mnt_id;		/* [I] */
	char			*mnt_devname;	/* [I] */
	bool			mnt_expiry_mark; /* [a] MNT_EXPIRE was asked, and nobody has used it since */
	/* propagation [n] */
	struct list_head	mnt_share;	/* ring of peers */
	struct list_head	mnt_slave_list;	/* slaves of this one */
	struct list_head	mnt_slave;	/* in master's mnt_slave_list */
	struct mount		*mnt_master;
	int			mnt_group_id;	/* of the peer group, or what is about to be one */
	bool			mnt_shared;	/* in the group */
	bool			mnt_unbindable;
	bool			mnt_leaving;	/* is being unmounted */
	unsigned int		mnt_mark;	/* generation of the last propagation that saw it */
	struct mount		*mnt_copy;	/* what that propagation attached to it */
};
#define IS_MNT_SHARED(m)	((m)->mnt_shared)

struct mnt_namespace {
	struct ns_common	ns;
	u64			seq;		/* [I] grows from one to the next made */
	struct mount		*root;		/* [n] */
	struct list_head	list;		/* [n] all mounts, parents first */
	unsigned int		mounts, pending; /* [n] in the trees; about to be hung in */
	wait_queue_head_t	poll;		/* /proc/mounts changed */
	u64			event;		/* [n] */
};

#define MNT_FORCE		1
#define MNT_DETACH		2
#define MNT_EXPIRE		4
#define UMOUNT_NOFOLLOW		8

extern struct rw_semaphore namespace_sem;
extern seqlock_t mount_lock;

static inline struct mount *real_mount(struct vfsmount *mnt)
{
	return container_of(mnt, struct mount, mnt);
}
static inline struct mnt_namespace *to_mnt_ns(struct ns_common *ns)
{
	return container_of(ns, struct mnt_namespace, ns);
}
static inline struct mnt_namespace *current_mnt_ns(void)
{
	return to_mnt_ns(current->nsproxy->ns[NS_MNT]);
}
/* Of a tree behind a descriptor: nobody is in it. */
static inline bool is_anon_ns(const struct mnt_namespace *ns)
{
	return !ns->seq;
}
/* The root of current's namespace, with a reference: what "/" is, unless chroot(2) says otherwise. */
struct path current_ns_root(void);
static inline bool mnt_has_parent(const struct mount *m)
{
	return m->mnt_parent != m;
}
/* What is mounted on @path's dentry: topmost only one level; reference or NULL. */
struct vfsmount *lookup_mnt(const struct path *path);
struct mount *__lookup_mnt(struct vfsmount *mnt, struct dentry *dentry);	/* [m] held */
/* Cross to what is mounted here, again and again. Consumes and gives references. true: moved. */
bool follow_down(struct path *path);
bool follow_up(struct path *path);

/* mount.c: objects and trees */
void mntput_no_expire(struct vfsmount *mnt);	/* as mntput(), without being a use of it */
struct mount *alloc_mount(const char *devname);
/* A mount of @old's super block from @root on, CL_*: ERR_PTR. [n] */
struct mount *clone_mount(struct mount *old, struct dentry *root, unsigned int flags);
struct mount *vfs_create_mount(struct fs_context *fc);	/* of its root; ERR_PTR */
void attach_mnt(struct mount *m, struct mount *parent, struct dentry *mountpoint);	/* [n], [m] write */
void detach_mnt(struct mount *m, struct path *old);	/* [n], [m] write; @old takes over the references */
bool mnt_is_below(const struct mount *m, const struct mount *ancestor);	/* [n] or [m] */
struct mount *next_mnt(struct mount *p, struct mount *root);	/* pre-order; [n] or [m] */
void mount_cache_init(void);
/* mount_lock.c */
void lock_mount_tree(struct mount *m);		/* [m] write */
bool may_change_locked_flags(const struct mount *m, unsigned int new);
bool has_locked_children(struct mount *m, struct dentry *dentry);	/* [n] */
bool mount_too_revealing(const struct super_block *sb, unsigned int *flags);
int mnt_make_readonly(struct mount *m);		/* -EBUSY while there are writers */
int sb_make_readonly(struct super_block *sb);
/* Is something mounted on @dentry in the caller's namespace; take off what is in others. */
bool is_local_mountpoint(struct dentry *dentry);
void detach_mounts(struct dentry *dentry);
bool check_mnt(const struct mount *m);		/* in the caller's namespace */
/* Copy the tree that hangs on @dentry of @m; old mounts' mnt_copy says which is which. [n] ERR_PTR */
struct mount *copy_tree(struct mount *m, struct dentry *dentry, unsigned int flags);
/* Give all of @m's tree to @ns (at the end of its list). [n][m] */
void commit_tree(struct mount *m, struct mnt_namespace *ns);
/* Take @m's tree off, with UMOUNT_PROPAGATE also elsewhere: to be released later. [n], [m] write */
#define UMOUNT_PROPAGATE	1
void umount_tree(struct mount *m, struct list_head *victims, unsigned int how);
/* From where it hangs to another place. [n], [m] write. Whom it hung on still has other references. */
void reattach_mnt(struct mount *m, struct mount *parent, struct dentry *mountpoint);
/* Hang @m where @top is, and @top on @m's root. [n], [m] write */
void attach_beneath(struct mount *m, struct mount *top);
/* Can @dentry of @m be reached from @root? [n] or [m] */
bool is_path_reachable(const struct mount *m, const struct dentry *dentry, const struct path *root);
void release_mounts(struct list_head *victims);		/* no locks held */
void touch_mnt_namespace(struct mnt_namespace *ns);
extern unsigned int mnt_generation;		/* [n] of mnt_mark */

/* mount_attach.c: into the trees */
extern unsigned int sysctl_mount_max;	/* fs.mount-max */
bool may_mount(void);			/* is current privileged in its mount namespace? */
/* Make @path the top of what is mounted there, take namespace_sem. -EINVAL, -ENOENT: not taken. */
int lock_mount(struct path *path);
int graft_tree(struct mount *m, const struct path *dest);	/* [n] */
int do_move_mount(const struct path *from, struct path *to);
/* Does it hang in current's namespace, or is it the whole tree of a descriptor? [n] */
bool is_ours(const struct mount *m);
/* Is there room for @tree in @ns? -ENOSPC; whoever hangs it in, or not, resets ns->pending. [n] */
int reserve_mounts(struct mnt_namespace *ns, struct mount *tree);
void put_tree(struct mount *m);			/* a tree that is in no namespace */
int add_new_mount(struct fs_context *fc, struct path *path, unsigned int mnt_flags); /* of its root */

/* do_mount.c */
/* NULL stays NULL; -EFAULT, -EINVAL for more than @max bytes with the end, -ENOMEM. */
char *copy_user_string(const char __user *s, size_t max);
/* A copy of @old's mount, or of all that hangs on @old. [n] ERR_PTR */
struct mount *copy_for_bind(const struct path *old, bool recurse);
/* fsopen.c, mount_setattr.c */
struct fs_context *fs_context_of_file(const struct file *file);	/* borrowed; NULL: not such a file */
unsigned int mnt_flags_of_attrs(u64 attrs);	/* MNT_* of MOUNT_ATTR_*, but for the access times */

/* namespace.c */
/* The namespace of a tree that only a descriptor has; ERR_PTR. Freed when nothing is in it any more. */
struct mnt_namespace *alloc_anon_ns(void);
void free_anon_ns(struct mnt_namespace *ns);
/* The file of one's own mount namespace, or one that could hold it: nobody could ever unmount it. */
bool mnt_ns_would_loop(const struct dentry *dentry);

/* pnode.c: propagation; [n] held for write */
#define CL_MAKE_SHARED		1	/* the copy joins the peer group; a slave begins one of its own */
#define CL_SLAVE		2	/* the copy is a slave of the original */
#define CL_PRIVATE		4
#define CL_KEEP_UNBINDABLE	8
#define CL_SHARED_TO_SLAVE	32	/* slaves of what is shared, else as it is */
#define CL_KEEP_MNT_NS_FILE	16	/* copy bind mounts of mount namespaces, too */
int mnt_alloc_group_id(struct mount *m);	/* -ENOSPC, -ENOMEM */
/* Ids for what has none, to be shared by set_mnt_shared() or taken back by cleanup_group_ids(). */
int invent_group_ids(struct mount *m, bool recurse);
void cleanup_group_ids(struct mount *m, bool recurse);
void set_mnt_shared(struct mount *m);
void join_group(struct mount *m, struct mount *with);	/* be a peer of @with, a slave of its master */
void mnt_release_group_id(struct mount *m);
void change_mnt_propagation(struct mount *m, unsigned long type);	/* MS_SHARED... */
/* Copies of the tree @source for all that receive what happens on @parent: a list of roots (by mnt_hash)
 * whose mnt_parent says where they are to be attached. */
int propagate_mnt(struct mount *parent, struct dentry *mountpoint, struct mount *source,
		  struct hlist_head *copies);
/* Add to the list of mounts that are leaving what goes with them on those who receive it. [m] write */
void propagate_umount(struct list_head *tree);
/* Has @m more than @refs references, or mounts on it, or is a copy in use that would go with it? [m] */
bool propagate_mount_busy(struct mount *m, int refs);
/* The nearest group in the chain of masters that has a member below @root; 0: none. */
int get_dominating_id(const struct mount *m, const struct path *root);

/* For procfs: /proc/<pid>/{mounts,mountinfo,mountstats}. */
int show_vfsmnt(struct seq_file *m, struct vfsmount *mnt);
int show_mountinfo(struct seq_file *m, struct vfsmount *mnt);
int show_vfsstat(struct seq_file *m, struct vfsmount *mnt);
/* open(): a seq_file over all mounts of @task's namespace that its root can reach. -EINVAL: it has exited. */
int mounts_open(struct file *file, struct task_struct *task,
		int (*show)(struct seq_file *, struct vfsmount *));
int mounts_release(struct inode *inode, struct file *file);
__poll_t mounts_poll(struct file *file, struct poll_table_struct *table);
