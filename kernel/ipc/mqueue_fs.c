// SPDX-License-Identifier: GPL-2.0-only
/*
 * mqueue: the file system that POSIX message queues are files of, one for each IPC namespace.
 *
 * mq_open() finds names in it through an internal mount; mount -t mqueue shows the same files, which can be
 * created, removed, polled and read: the text tells how full a queue is and who wants to be told.
 *
 * Interface: mqueue.h.  Locking: the VFS's for names; mounts_lock for a namespace's mount; the queue's lock
 * for the queue; mq_lock for the namespace of a super block, and its count of queues.
 */
#include <kernel/ipc/mqueue.h>

#include <fs/fs_context.h>
#include <fs/poll.h>
#include <fs/procfs/proc_fs.h>
#include <kernel/cred.h>
#include <kernel/ipc/internal.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/printk.h>
#include <kernel/signal.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <net/socket.h>

#define MQUEUE_MAGIC		0x19800202
#define DIRENT_SIZE		20
#define STATUS_SIZE		80	/* what stat(2) says of a queue */
#define HARD_MSGMAX		65536	/* even for the privileged */
#define HARD_MSGSIZEMAX		(16 * 1024 * 1024)
/* What a message costs Linux on top of its text, and each priority in use: its limits count with that. */
#define MESSAGE_COST		(6 * sizeof(long))
#define PRIORITY_COST		(6 * sizeof(long))

static struct kmem_cache *mqueue_cache;
static DEFINE_MUTEX_RANK(mounts_lock, LOCK_RANK_MOUNT);
static DEFINE_SPINLOCK_RANK(mq_lock, LOCK_RANK_OBJECT_INNER);
static const struct inode_operations mqueue_dir_iops;
static const struct file_operations mqueue_fops;

/* ---- a queue's size ------------------------------------------------------------------------ */

static int check_attr(const struct ipc_namespace *ns, const struct mq_attr *attr)
{
	bool privileged = capable(CAP_SYS_RESOURCE);
	long most = privileged ? HARD_MSGMAX : ns->mq_msg_max;
	long largest = privileged ? HARD_MSGSIZEMAX : ns->mq_msgsize_max;

	if (attr->mq_maxmsg <= 0 || attr->mq_msgsize <= 0)
		return -EINVAL;
	return attr->mq_maxmsg > most || attr->mq_msgsize > largest ? -EINVAL : 0;
}

/* Count the queue, at its fullest, against the user's limit. -EOVERFLOW, -EMFILE. */
static int charge_queue(struct mq_queue *q)
{
	unsigned long messages = q->attr.mq_maxmsg, text, cost;
	struct user_struct *user = current_cred()->user;

	cost = messages * MESSAGE_COST + min(messages, (unsigned long)MQ_PRIO_MAX) * PRIORITY_COST;
	if (__builtin_mul_overflow(messages, (unsigned long)q->attr.mq_msgsize, &text) ||
	    __builtin_add_overflow(text, cost, &cost))
		return -EOVERFLOW;
	if ((unsigned long)atomic_long_add_return(cost, &user->mq_bytes) > rlimit(RLIMIT_MSGQUEUE)) {
		atomic_long_sub(cost, &user->mq_bytes);
		return -EMFILE;
	}
	q->charged = cost;
	q->user = get_uid(user);
	return 0;
}

static void uncharge_queue(struct mq_queue *q)
{
	if (!q->user)
		return;
	atomic_long_sub(q->charged, &q->user->mq_bytes);
	free_uid(q->user);
}

/* ---- inodes -------------------------------------------------------------------------------- */

static struct inode *mqueue_alloc_inode(struct super_block *sb)
{
	struct mq_queue *q = kmem_cache_alloc(mqueue_cache, GFP_KERNEL);

	if (!q)
		return NULL;
	memset((char *)q + sizeof(q->vfs), 0, sizeof(*q) - sizeof(q->vfs));
	spin_lock_init_rank(&q->lock, LOCK_RANK_OBJECT);
	q->messages = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&q->senders);
	INIT_LIST_HEAD(&q->receivers);
	init_waitqueue_head(&q->poll_wait);
	return &q->vfs;
}

static void mqueue_free_inode(struct inode *inode)
{
	kmem_cache_free(mqueue_cache, MQ_QUEUE(inode));
}

/* The namespace of a mount, with a reference; NULL: it has gone. */
static struct ipc_namespace *get_namespace(const struct super_block *sb)
{
	struct ipc_namespace *ns;

	spin_lock(&mq_lock);
	ns = sb->s_fs_info;
	if (ns && !refcount_inc_not_zero(&ns->ns.count))
		ns = NULL;
	spin_unlock(&mq_lock);
	return ns;
}

static int count_queue(struct ipc_namespace *ns)
{
	int err = 0;

	spin_lock(&mq_lock);
	if (ns->mq_queues >= ns->mq_queues_max && !capable(CAP_SYS_RESOURCE))
		err = -ENOSPC;
	else
		ns->mq_queues++;
	spin_unlock(&mq_lock);
	return err;
}

static void uncount_queue(const struct super_block *sb)
{
	struct ipc_namespace *ns;

	spin_lock(&mq_lock);
	ns = sb->s_fs_info;
	if (ns)
		ns->mq_queues--;
	spin_unlock(&mq_lock);
}

struct netlink_note *mq_drop_notification(struct mq_queue *q)
{
	struct netlink_note *note = q->notify_note;

	q->notify_note = NULL;
	if (!q->notify_owner)
		return NULL;
	put_pid(q->notify_owner);
	mmdrop(q->notify_mm);
	q->notify_owner = NULL;
	return note;
}

static void mqueue_evict_inode(struct inode *inode)
{
	struct mq_queue *q = MQ_QUEUE(inode);
	struct rb_node *n;

	if (!q->user)		/* a directory, or it was never made */
		return;
	while ((n = rb_first_cached(&q->messages))) {
		rb_erase_cached(n, &q->messages);
		kvfree(rb_entry(n, struct mq_message, node));
	}
	netlink_note_send(mq_drop_notification(q), NOTIFY_REMOVED);
	uncharge_queue(q);
	uncount_queue(inode->i_sb);
}

static void init_times(struct inode *inode)
{
	inode->i_btime = inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
}

static struct inode *new_queue(struct super_block *sb, struct ipc_namespace *ns, const struct inode *dir, umode_t mode,
			       const struct mq_attr *attr)
{
	struct inode *inode = new_inode(sb);
	struct mq_queue *q;
	int err = 0;

	if (!inode)
		return ERR_PTR(-ENOMEM);
	q = MQ_QUEUE(inode);
	inode->i_ino = get_next_ino();
	inode_init_owner(inode, dir, S_IFREG | mode);
	init_times(inode);
	inode->i_size = STATUS_SIZE;
	inode->i_fop = &mqueue_fops;
	q->attr.mq_maxmsg = min(ns->mq_msg_max, ns->mq_msg_default);
	q->attr.mq_msgsize = min(ns->mq_msgsize_max, ns->mq_msgsize_default);
	if (attr) {
		err = check_attr(ns, attr);
		q->attr.mq_maxmsg = attr->mq_maxmsg;
		q->attr.mq_msgsize = attr->mq_msgsize;
	}
	if (!err)
		err = charge_queue(q);
	if (!err)
		return inode;
	iput(inode);
	return ERR_PTR(err);
}

/* ---- names --------------------------------------------------------------------------------- */

static void dir_changed(struct inode *dir, int entries)
{
	i_size_write(dir, dir->i_size + entries * DIRENT_SIZE);
	spin_lock(&dir->i_lock);
	dir->i_atime = dir->i_mtime = dir->i_ctime = current_time(dir);
	spin_unlock(&dir->i_lock);
}

int mqueue_create_attr(struct inode *dir, struct dentry *dentry, umode_t mode, const struct mq_attr *attr)
{
	struct ipc_namespace *ns = get_namespace(dir->i_sb);
	struct inode *inode;
	int err;

	if (!ns)
		return -EACCES;
	err = count_queue(ns);
	if (err)
		goto put;
	inode = new_queue(dir->i_sb, ns, dir, mode & ~S_IFMT, attr);
	err = PTR_ERR_OR_ZERO(inode);
	if (err) {
		uncount_queue(dir->i_sb);
		goto put;
	}
	dir_changed(dir, 1);
	dget(dentry);		/* a name lives as long as its dentry */
	d_instantiate(dentry, inode);
put:
	put_ns(&ns->ns);
	return err;
}

static int mqueue_create(struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	return mqueue_create_attr(dir, dentry, mode, NULL);
}

static int mqueue_unlink(struct inode *dir, struct dentry *dentry)
{
	dir_changed(dir, -1);
	return simple_unlink(dir, dentry);
}

static const struct inode_operations mqueue_dir_iops = {
	.lookup = simple_lookup, .create = mqueue_create, .unlink = mqueue_unlink,
};

/* ---- files --------------------------------------------------------------------------------- */

struct mq_queue *mq_of_file(const struct file *file)
{
	return file->f_op == &mqueue_fops ? MQ_QUEUE(file_inode(file)) : NULL;
}

void mq_touch(struct mq_queue *q, bool accessed, bool modified)
{
	struct timespec64 now = current_time(&q->vfs);

	spin_lock(&q->vfs.i_lock);
	q->vfs.i_ctime = now;
	if (accessed)
		q->vfs.i_atime = now;
	if (modified)
		q->vfs.i_mtime = now;
	spin_unlock(&q->vfs.i_lock);
}

static ssize_t mqueue_read(struct file *file, char __user *buf, size_t size, loff_t *pos)
{
	struct mq_queue *q = MQ_QUEUE(file_inode(file));
	struct sigevent ev = { 0 };
	unsigned long bytes;
	char text[STATUS_SIZE];
	int pid = 0, len;
	ssize_t n;

	spin_lock(&q->lock);
	bytes = q->bytes;
	if (q->notify_owner) {
		ev = q->notify;
		pid = pid_vnr(q->notify_owner);
	}
	spin_unlock(&q->lock);
	len = scnprintf(text, sizeof(text), "QSIZE:%-10lu NOTIFY:%-5d SIGNO:%-5d NOTIFY_PID:%-6d\n", bytes,
			ev.sigev_notify, pid && ev.sigev_notify == SIGEV_SIGNAL ? ev.sigev_signo : 0, pid);
	n = simple_read_from_buffer(buf, size, pos, text, len);
	if (n > 0)
		mq_touch(q, true, false);
	return n;
}

static __poll_t mqueue_poll(struct file *file, poll_table *table)
{
	struct mq_queue *q = MQ_QUEUE(file_inode(file));
	__poll_t mask = 0;

	poll_wait(file, &q->poll_wait, table);
	spin_lock(&q->lock);
	if (q->attr.mq_curmsgs)
		mask = EPOLLIN | EPOLLRDNORM;
	if (q->attr.mq_curmsgs < q->attr.mq_maxmsg)
		mask |= EPOLLOUT | EPOLLWRNORM;
	spin_unlock(&q->lock);
	return mask;
}

/* Whoever closes the queue, by any of its descriptors, is not told of messages any more. */
static int mqueue_flush(struct file *file, fl_owner_t id)
{
	struct mq_queue *q = MQ_QUEUE(file_inode(file));
	struct netlink_note *note = NULL;

	spin_lock(&q->lock);
	if (q->notify_owner == task_tgid(current))
		note = mq_drop_notification(q);
	spin_unlock(&q->lock);
	netlink_note_send(note, NOTIFY_REMOVED);
	return 0;
}

static const struct file_operations mqueue_fops = {
	.flush = mqueue_flush, .poll = mqueue_poll, .read = mqueue_read, .llseek = generic_file_llseek,
};

/* ---- mounts -------------------------------------------------------------------------------- */

static const struct super_operations mqueue_super_ops = {
	.alloc_inode = mqueue_alloc_inode, .free_inode = mqueue_free_inode, .evict_inode = mqueue_evict_inode,
	.statfs = simple_statfs,
};

static int mqueue_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct inode *root;

	sb->s_magic = MQUEUE_MAGIC;
	sb->s_op = &mqueue_super_ops;
	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_time_gran = 1;
	root = new_inode(sb);
	if (!root)
		return -ENOMEM;
	root->i_ino = get_next_ino();
	root->i_mode = S_IFDIR | S_ISVTX | 0777;
	init_times(root);
	root->i_size = 2 * DIRENT_SIZE;
	set_nlink(root, 2);
	root->i_op = &mqueue_dir_iops;
	root->i_fop = &simple_dir_operations;
	sb->s_root = d_make_root(root);
	sb->s_fs_info = current_ipc_ns();
	return sb->s_root ? 0 : -ENOMEM;
}

/* What a user mounts is what the namespace has. */
static int mqueue_get_tree(struct fs_context *fc)
{
	struct vfsmount *mnt;

	if (fc->sb_flags & MS_KERNMOUNT)
		return get_tree_nodev(fc, mqueue_fill_super);
	mnt = mq_namespace_mount(current_ipc_ns());
	if (IS_ERR(mnt))
		return PTR_ERR(mnt);
	atomic_inc(&mnt->mnt_sb->s_active);
	fc->root = dget(mnt->mnt_root);
	return 0;
}

static const struct fs_context_operations mqueue_context_ops = { .get_tree = mqueue_get_tree };

static int mqueue_init_fs_context(struct fs_context *fc)
{
	fc->ops = &mqueue_context_ops;
	return 0;
}

/* The queues are those of the ipc namespace: that namespace's privileges count. */
static struct user_namespace *mqueue_owner(void)
{
	return current->nsproxy->ns[NS_IPC]->user_ns;
}

static struct file_system_type mqueue_type = {
	.name = "mqueue", .fs_flags = FS_USERNS_MOUNT, .owner = mqueue_owner, .init_fs_context = mqueue_init_fs_context,
	.kill_sb = kill_litter_super,
};

struct vfsmount *mq_namespace_mount(struct ipc_namespace *ns)
{
	struct vfsmount *mnt;

	mutex_lock(&mounts_lock);
	mnt = ns->mq_mount;
	if (!mnt) {
		mnt = kern_mount(&mqueue_type);
		if (!IS_ERR(mnt))
			ns->mq_mount = mnt;
	}
	mutex_unlock(&mounts_lock);
	return mnt;
}

void mq_init_ns(struct ipc_namespace *ns)
{
	ns->mq_queues_max = 256;
	ns->mq_msg_max = ns->mq_msg_default = 10;
	ns->mq_msgsize_max = ns->mq_msgsize_default = 8192;
}

/* Queues that are open, or seen through another mount, go on without a namespace. */
void mq_exit_ns(struct ipc_namespace *ns)
{
	if (!ns->mq_mount)
		return;
	spin_lock(&mq_lock);
	ns->mq_mount->mnt_sb->s_fs_info = NULL;
	spin_unlock(&mq_lock);
	mntput(ns->mq_mount);
}

void __init mqueue_fs_init(void)
{
	mqueue_cache = kmem_cache_create("mqueue_inode_cache", sizeof(struct mq_queue), 0,
					 SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	if (register_filesystem(&mqueue_type))
		panic("mqueue: cannot register");
}
