// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mount namespaces: making, copying, entering; the first one, with the rootfs.
 *
 * Interface: mntns_operations, and mnt_init() of internal.h.  Locking: namespace_sem for the trees.
 */
#include <fs/mount.h>

#include <fs/internal.h>
#include <fs/nsfs.h>
#include <fs/tmpfs/tmpfs.h>
#include <kernel/nsproxy.h>
#include <kernel/user_namespace.h>

static struct mnt_namespace *alloc_mnt_ns(struct user_namespace *user_ns)
{
	static atomic64_t next_seq = ATOMIC64_INIT(0);
	struct mnt_namespace *ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	int err;

	if (!ns)
		return ERR_PTR(-ENOMEM);
	err = ns_init(&ns->ns, &mntns_operations, user_ns);
	if (err) {
		kfree(ns);
		return ERR_PTR(err);
	}
	ns->seq = atomic64_inc_return_relaxed(&next_seq);
	INIT_LIST_HEAD(&ns->list);
	init_waitqueue_head(&ns->poll);
	return ns;
}

static void free_mnt_ns(struct mnt_namespace *ns)
{
	ns_exit(&ns->ns);
	kfree(ns);
}

static void mntns_free(struct ns_common *common)
{
	struct mnt_namespace *ns = to_mnt_ns(common);
	LIST_HEAD(victims);

	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	umount_tree(ns->root, &victims, 0);
	DEBUG_ASSERT(list_empty(&ns->list));	/* all hang below the root: nobody keeps a pointer to us */
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	release_mounts(&victims);
	free_mnt_ns(ns);
}

struct mnt_namespace *alloc_anon_ns(void)
{
	struct mnt_namespace *ns = kzalloc(sizeof(*ns), GFP_KERNEL);

	if (!ns)
		return ERR_PTR(-ENOMEM);
	ns->ns.user_ns = get_user_ns(current_mnt_ns()->ns.user_ns);
	INIT_LIST_HEAD(&ns->list);
	init_waitqueue_head(&ns->poll);
	return ns;
}

void free_anon_ns(struct mnt_namespace *ns)
{
	put_user_ns(ns->ns.user_ns);
	kfree(ns);
}

bool mnt_ns_would_loop(const struct dentry *dentry)
{
	struct ns_common *ns = nsfs_dentry_ns(dentry);

	return ns && ns->ops == &mntns_operations && current_mnt_ns()->seq >= to_mnt_ns(ns)->seq;
}

/* The old mount @path was in has a copy in the new namespace: be in that one. */
static void move_path(struct path *path, struct vfsmount **put)
{
	struct mount *m = real_mount(path->mnt);

	*put = NULL;
	if (m->mnt_mark != mnt_generation || !m->mnt_copy)
		return;
	*put = path->mnt;
	path->mnt = mntget(&m->mnt_copy->mnt);
}

static struct ns_common *mntns_clone(struct ns_common *common, struct user_namespace *user_ns, struct fs_struct *new_fs)
{
	struct mnt_namespace *old = to_mnt_ns(common), *ns = alloc_mnt_ns(user_ns);
	struct vfsmount *put_root = NULL, *put_pwd = NULL;
	unsigned int flags = CL_KEEP_UNBINDABLE;
	struct mount *root;

	if (IS_ERR(ns))
		return ERR_CAST(ns);
	if (user_ns != old->ns.user_ns)
		flags |= CL_SHARED_TO_SLAVE;
	down_write(&namespace_sem);
	root = copy_tree(old->root, old->root->mnt.mnt_root, flags);
	if (IS_ERR(root)) {
		up_write(&namespace_sem);
		free_mnt_ns(ns);
		return ERR_CAST(root);
	}
	ns->root = root;
	write_seqlock(&mount_lock);
	if (user_ns != old->ns.user_ns)
		lock_mount_tree(root);
	commit_tree(root, ns);
	write_sequnlock(&mount_lock);
	spin_lock(&new_fs->lock);
	write_seqcount_begin(&new_fs->seq);
	move_path(&new_fs->root, &put_root);
	move_path(&new_fs->pwd, &put_pwd);
	write_seqcount_end(&new_fs->seq);
	spin_unlock(&new_fs->lock);
	up_write(&namespace_sem);
	mntput(put_root);
	mntput(put_pwd);
	return &ns->ns;
}

/* Where a process that has just come in has its root: on top of all that is mounted there. Reference. */
static struct path mnt_ns_root(struct mnt_namespace *ns)
{
	struct path root;

	down_read(&namespace_sem);
	root = (struct path){ .mnt = &ns->root->mnt, .dentry = ns->root->mnt.mnt_root };
	path_get(&root);
	up_read(&namespace_sem);
	follow_down(&root);
	return root;
}

struct path current_ns_root(void)
{
	return mnt_ns_root(current_mnt_ns());
}

/* The caller's root and cwd become the root of @common, in @set->fs. */
static int mntns_install(struct nsset *set, struct ns_common *common)
{
	struct user_namespace *own = set->cred ? set->cred->user_ns : current_user_ns();
	struct mnt_namespace *ns = to_mnt_ns(common);
	struct path root;

	if (!ns_may_install(set, common) || !ns_capable(own, CAP_SYS_CHROOT))
		return -EPERM;
	if (set->fs->users != 1)
		return -EINVAL;
	put_ns(set->nsproxy->ns[NS_MNT]);
	set->nsproxy->ns[NS_MNT] = get_ns(common);
	root = mnt_ns_root(ns);
	set_fs_pwd(set->fs, &root);
	set_fs_root(set->fs, &root);
	path_put(&root);
	return 0;
}

const struct ns_operations mntns_operations = {
	.name = "mnt",
	.type = CLONE_NEWNS,
	.slot = NS_MNT,
	.ucount = UCOUNT_MNT,
	.clone = mntns_clone,
	.free = mntns_free,
	.install = mntns_install,
};

/* The rootfs: a tmpfs that is mounted as / before there is anything else. */
void __init mnt_init(void)
{
	struct mnt_namespace *ns;
	struct vfsmount *mnt;
	struct path root;
	struct mount *m;

	mount_cache_init();
	nsfs_init();
	tmpfs_init();
	mnt = kern_mount(&rootfs_fs_type);
	if (IS_ERR(mnt))
		panic("cannot mount the rootfs: error %ld", PTR_ERR(mnt));
	m = real_mount(mnt);
	m->mnt.mnt_flags = MNT_RELATIME;
	ns = alloc_mnt_ns(&init_user_ns);
	if (IS_ERR(ns))
		panic("cannot make the first mount namespace: error %ld", PTR_ERR(ns));
	ns->root = m;
	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	commit_tree(m, ns);
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	init_nsproxy.ns[NS_MNT] = &ns->ns;
	root.mnt = &m->mnt;
	root.dentry = m->mnt.mnt_root;
	set_fs_root(&init_fs, &root);
	set_fs_pwd(&init_fs, &root);
}
