// SPDX-License-Identifier: GPL-2.0-only
/*
 * inotify(7): events of files and directories, reported through a descriptor.  The hooks are in fsnotify.c.
 *
 * A watch ties an inode to an instance (a group).  It does not hold the inode: an inode with watches is not pruned,
 * and when it is evicted (deleted, or unmounted), its watches go with a last event.
 *
 * Locks, in this order:
 *	group->mutex [m]	its watches by number; also keeps a watched inode from going (see below)
 *	inode->i_lock [i]	the watches of one inode
 *	group->lock [g]		its queue of events
 * An inode's eviction detaches each watch under its group's mutex: so whoever holds the mutex and finds a watch
 * attached may use its inode.
 */
#include <fs/fsnotify.h>

#include <fs/internal.h>
#include <fs/poll.h>
#include <fs/seq_file.h>
#include <fs/special.h>
#include <generated/syscalls.h>
#include <kernel/lib/align.h>
#include <kernel/lib/idr.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>

#define MAX_QUEUED_EVENTS	16384
#define MAX_USER_INSTANCES	128
#define USER_FLAGS		(IN_ALL_EVENTS | IN_UNMOUNT | IN_Q_OVERFLOW | IN_IGNORED | IN_ONLYDIR | \
			 IN_DONT_FOLLOW | \
				 IN_EXCL_UNLINK | IN_MASK_CREATE | IN_MASK_ADD | IN_ISDIR | IN_ONESHOT)
#define KEPT_FLAGS		(IN_ALL_EVENTS | IN_EXCL_UNLINK | IN_ONESHOT)

struct inotify_event_entry {
	struct list_head	list;		/* [g] */
	int			wd;
	u32			mask, cookie;
	unsigned int		name_len;	/* without the zero byte; 0: none */
	char			name[];
};

struct inotify_group {
	refcount_t		refs;		/* [a] the file, and each watch */
	struct mutex		mutex;
	struct idr		watches;	/* [m] by number */
	spinlock_t		lock;
	struct list_head	events;		/* [g] */
	unsigned int		nr_events;	/* [g] */
	struct list_head	spent;		/* [g] IN_ONESHOT watches that fired, by spent_link */
	wait_queue_head_t	wq;
	struct user_struct	*user;		/* [I] reference */
};

struct inotify_watch {
	refcount_t		refs;		/* [a] the group's, while numbered; whoever uses it */
	struct inotify_group	*group;		/* [I] reference */
	int			wd;		/* [I] */
	struct fsnotify_mark	mark;		/* its inode: [i] and [m] to clear, either to read */
	bool			spent;		/* [i] it has fired, and said IN_IGNORED: to be removed */
	struct list_head	spent_link;	/* [g] in group->spent */
};

int inotify_max_queued_events = MAX_QUEUED_EVENTS;
int inotify_max_user_instances = MAX_USER_INSTANCES;
int inotify_max_user_watches;

/* ---- references ------------------------------------------------------------------------------ */

static void free_events(struct inotify_group *g)
{
	struct inotify_event_entry *e, *next;

	list_for_each_entry_safe(e, next, &g->events, list)
		kfree(e);
}

static void put_group(struct inotify_group *g)
{
	if (!refcount_dec_and_test(&g->refs))
		return;
	free_events(g);
	idr_destroy(&g->watches);
	atomic_dec(&g->user->inotify_instances);
	free_uid(g->user);
	kfree(g);
}

static void put_watch(struct inotify_watch *w)
{
	if (refcount_dec_and_test(&w->refs)) {
		put_group(w->group);
		kfree(w);
	}
}

/* ---- events ---------------------------------------------------------------------------------- */

static bool same_event(const struct inotify_event_entry *e, int wd, u32 mask, u32 cookie, const char *name,
		       unsigned int name_len)
{
	return e->wd == wd && e->mask == mask && e->cookie == cookie && e->name_len == name_len &&
	       !memcmp(e->name, name, name_len);
}

/* [g] held. */
static void add_event(struct inotify_group *g, int wd, u32 mask, u32 cookie, const char *name, unsigned int name_len)
{
	struct inotify_event_entry *e = kmalloc(sizeof(*e) + name_len + 1, GFP_ATOMIC);

	if (!e)
		return;
	e->wd = wd;
	e->mask = mask;
	e->cookie = cookie;
	e->name_len = name_len;
	memcpy(e->name, name, name_len);
	e->name[name_len] = '\0';
	list_add_tail(&e->list, &g->events);
	g->nr_events++;
}

/* Equal events that follow each other are told once. */
static void queue_event(struct inotify_group *g, int wd, u32 mask, u32 cookie, const char *name)
{
	unsigned int name_len = name ? strlen(name) : 0;
	struct inotify_event_entry *last;

	spin_lock(&g->lock);
	last = list_last_entry_or_null(&g->events, struct inotify_event_entry, list);
	if (g->nr_events >= (unsigned int)READ_ONCE(inotify_max_queued_events)) {
		if (!last || last->mask != IN_Q_OVERFLOW)
			add_event(g, -1, IN_Q_OVERFLOW, 0, "", 0);
	} else if (!last || !same_event(last, wd, mask, cookie, name, name_len)) {
		add_event(g, wd, mask, cookie, name, name_len);
	}
	spin_unlock(&g->lock);
	if (wq_has_sleeper(&g->wq))
		wake_up_poll(&g->wq, EPOLLIN | EPOLLRDNORM);
}

/* ---- watches of an inode: [i] held ----------------------------------------------------------- */

static const struct fsnotify_ops inotify_ops;

static struct inotify_watch *watch_of(struct fsnotify_mark *mark)
{
	return container_of(mark, struct inotify_watch, mark);
}

static struct inotify_watch *find_watch(struct inode *inode, const struct inotify_group *g)
{
	struct fsnotify_mark *m;

	if (inode->i_fsnotify_marks)
		list_for_each_entry(m, &inode->i_fsnotify_marks->marks, link)
			if (m->ops == &inotify_ops && watch_of(m)->group == g && !watch_of(m)->spent)
				return watch_of(m);
	return NULL;
}

/* ---- what happens ---------------------------------------------------------------------------- */

/* [i] held. The number stays taken until somebody who may sleep removes the watch. */
static void make_spent(struct inotify_watch *w)
{
	queue_event(w->group, w->wd, IN_IGNORED, 0, NULL);
	w->spent = true;
	w->mark.mask = 0;
	spin_lock(&w->group->lock);
	list_add_tail(&w->spent_link, &w->group->spent);
	spin_unlock(&w->group->lock);
}

static void watch_event(struct fsnotify_mark *mark, struct fsnotify_event *e)
{
	struct inotify_watch *w = watch_of(mark);

	if (e->unlinked && (mark->mask & IN_EXCL_UNLINK))
		return;
	queue_event(w->group, w->wd, e->mask & (IN_ALL_EVENTS | IN_ISDIR), e->cookie, e->name);
	if (mark->mask & IN_ONESHOT) {
		make_spent(w);
		fsnotify_update_mask(mark->inode);
	}
}

/* [m] held. Detach it (if nobody did), tell the group, free its number. */
static void destroy(struct inotify_watch *w, u32 last_words)
{
	struct inotify_group *g = w->group;
	struct inode *inode = w->mark.inode;

	if (!inode)			/* another one was faster */
		return;
	spin_lock(&inode->i_lock);
	if (!w->spent) {
		if (last_words & (IN_UNMOUNT | w->mark.mask))
			queue_event(g, w->wd, last_words, 0, NULL);
		queue_event(g, w->wd, IN_IGNORED, 0, NULL);
	}
	spin_lock(&g->lock);
	list_del_init(&w->spent_link);
	spin_unlock(&g->lock);
	fsnotify_detach(&w->mark);
	fsnotify_trim(inode);
	spin_unlock(&inode->i_lock);
	idr_remove(&g->watches, w->wd);
	atomic_dec(&g->user->inotify_watches);
	put_watch(w);
}

static void watch_hold(struct fsnotify_mark *mark)
{
	refcount_inc(&watch_of(mark)->refs);
}

static void watch_remove(struct fsnotify_mark *mark)
{
	struct inotify_watch *w = watch_of(mark);
	struct inode *inode = mark->inode;

	mutex_lock(&w->group->mutex);
	if (mark->inode)
		destroy(w, inode->i_nlink ? IN_UNMOUNT : IN_DELETE_SELF);
	mutex_unlock(&w->group->mutex);
	put_watch(w);
}

static const struct fsnotify_ops inotify_ops = {
	.event = watch_event, .hold = watch_hold, .remove = watch_remove,
};

/* ---- watches of a group: [m] held ------------------------------------------------------------ */

static void remove_spent(struct inotify_group *g)
{
	struct inotify_watch *w;

	for (;;) {
		spin_lock(&g->lock);
		w = list_first_entry_or_null(&g->spent, struct inotify_watch, spent_link);
		spin_unlock(&g->lock);
		if (!w)
			return;
		destroy(w, 0);
	}
}

static u32 kept_mask(u32 arg)
{
	return arg & KEPT_FLAGS;
}

static int change_watch(struct inotify_watch *w, u32 arg)
{
	if (arg & IN_MASK_CREATE)
		return -EEXIST;
	w->mark.mask = (arg & IN_MASK_ADD) ? w->mark.mask | kept_mask(arg) : kept_mask(arg);
	fsnotify_update_mask(w->mark.inode);
	return w->wd;
}

static struct inotify_watch *new_watch(struct inotify_group *g, u32 arg)
{
	struct inotify_watch *w;
	int wd;

	if (atomic_inc_return(&g->user->inotify_watches) > READ_ONCE(inotify_max_user_watches)) {
		atomic_dec(&g->user->inotify_watches);
		return ERR_PTR(-ENOSPC);
	}
	w = kzalloc(sizeof(*w), GFP_KERNEL);
	wd = w ? idr_alloc_cyclic(&g->watches, w, 1, 0, GFP_KERNEL) : -ENOMEM;
	if (wd < 0) {
		kfree(w);
		atomic_dec(&g->user->inotify_watches);
		return ERR_PTR(wd);
	}
	refcount_set(&w->refs, 1);
	refcount_inc(&g->refs);
	w->group = g;
	w->wd = wd;
	w->mark.ops = &inotify_ops;
	w->mark.mask = kept_mask(arg);
	INIT_LIST_HEAD(&w->spent_link);
	return w;
}

static int add_watch(struct inotify_group *g, struct inode *inode, u32 arg)
{
	struct fsnotify_mark_list *list;
	struct inotify_watch *w;
	int wd = -ENOENT;

	spin_lock(&inode->i_lock);
	w = find_watch(inode, g);
	if (w)
		wd = change_watch(w, arg);
	spin_unlock(&inode->i_lock);
	if (w)
		return wd;
	list = kmalloc(sizeof(*list), GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	w = new_watch(g, arg);
	if (IS_ERR(w)) {
		kfree(list);
		return PTR_ERR(w);
	}
	spin_lock(&inode->i_lock);
	fsnotify_attach(&w->mark, inode, &list);
	spin_unlock(&inode->i_lock);
	kfree(list);
	return w->wd;
}

/* ---- the file -------------------------------------------------------------------------------- */

static size_t event_size(const struct inotify_event_entry *e)
{
	return sizeof(struct inotify_event) +
	       (e->name_len ? ALIGN(e->name_len + 1, sizeof(struct inotify_event)) : 0);
}

/* The next event if it fits into @room: NULL: none; ERR_PTR(-EINVAL). */
static struct inotify_event_entry *take_event(struct inotify_group *g, size_t room)
{
	struct inotify_event_entry *e;

	spin_lock(&g->lock);
	e = list_first_entry_or_null(&g->events, struct inotify_event_entry, list);
	if (e && event_size(e) > room) {
		e = ERR_PTR(-EINVAL);
	} else if (e) {
		list_del(&e->list);
		g->nr_events--;
	}
	spin_unlock(&g->lock);
	return e;
}

static ssize_t put_event(char __user *buf, const struct inotify_event_entry *e)
{
	size_t size = event_size(e), used = sizeof(struct inotify_event);
	struct inotify_event head = { .wd = e->wd, .mask = e->mask, .cookie = e->cookie, .len = size - used };

	if (copy_to_user(buf, &head, sizeof(head)))
		return -EFAULT;
	if (e->name_len) {
		if (copy_to_user(buf + used, e->name, e->name_len))
			return -EFAULT;
		used += e->name_len;
		if (clear_user(buf + used, size - used))
			return -EFAULT;
	}
	return size;
}

static ssize_t inotify_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct inotify_group *g = file->private_data;
	size_t done = 0;

	for (;;) {
		struct inotify_event_entry *e = take_event(g, count - done);
		ssize_t n;

		if (IS_ERR(e))
			return done ? (ssize_t)done : PTR_ERR(e);
		if (e) {
			n = put_event(buf + done, e);
			kfree(e);
			if (n < 0)
				return n;
			done += n;
			continue;
		}
		if (done)
			return done;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		if (wait_event_interruptible(g->wq, !list_empty(&g->events)))
			return -ERESTARTSYS;
	}
}

static __poll_t inotify_poll(struct file *file, poll_table *table)
{
	struct inotify_group *g = file->private_data;

	poll_wait(file, &g->wq, table);
	return list_empty(&g->events) ? 0 : EPOLLIN | EPOLLRDNORM;
}

static long inotify_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct inotify_group *g = file->private_data;
	struct inotify_event_entry *e;
	size_t size = 0;

	if (cmd != FIONREAD)
		return -ENOTTY;
	spin_lock(&g->lock);
	list_for_each_entry(e, &g->events, list)
		size += event_size(e);
	spin_unlock(&g->lock);
	return put_user((int)size, (int __user *)arg);
}

static int inotify_release(struct inode *inode, struct file *file)
{
	struct inotify_group *g = file->private_data;
	struct inotify_watch *w;
	int wd;

	mutex_lock(&g->mutex);
	idr_for_each_entry(&g->watches, w, wd) {
		destroy(w, 0);
		cond_resched();
	}
	mutex_unlock(&g->mutex);
	put_group(g);
	return 0;
}

static void inotify_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct inotify_group *g = file->private_data;
	struct inotify_watch *w;
	int wd;

	mutex_lock(&g->mutex);
	idr_for_each_entry(&g->watches, w, wd) {
		const struct inode *inode = w->mark.inode;

		if (inode)
			seq_printf(m, "inotify wd:%x ino:%llx sdev:%x mask:%x ignored_mask:0 \n", wd, inode->i_ino,
				   inode->i_sb->s_dev, w->mark.mask & (IN_ALL_EVENTS | IN_EXCL_UNLINK | IN_ONESHOT));
	}
	mutex_unlock(&g->mutex);
}

static const struct file_operations inotify_fops = {
	.read		= inotify_read,
	.poll		= inotify_poll,
	.unlocked_ioctl	= inotify_ioctl,
	.release	= inotify_release,
	.llseek		= noop_llseek,
	.show_fdinfo	= inotify_show_fdinfo,
};

/* ---- the calls ------------------------------------------------------------------------------- */

static struct inotify_group *new_group(void)
{
	struct user_struct *user = current_cred()->user;
	struct inotify_group *g;

	if (atomic_inc_return(&user->inotify_instances) > READ_ONCE(inotify_max_user_instances)) {
		atomic_dec(&user->inotify_instances);
		return ERR_PTR(-EMFILE);
	}
	g = kzalloc(sizeof(*g), GFP_KERNEL);
	if (!g) {
		atomic_dec(&user->inotify_instances);
		return ERR_PTR(-ENOMEM);
	}
	refcount_set(&g->refs, 1);
	mutex_init(&g->mutex);
	idr_init(&g->watches);
	spin_lock_init_rank(&g->lock, LOCK_RANK_OBJECT);
	INIT_LIST_HEAD(&g->events);
	INIT_LIST_HEAD(&g->spent);
	init_waitqueue_head(&g->wq);
	g->user = get_uid(user);
	return g;
}

long sys_inotify_init1(int flags)
{
	struct inotify_group *g;
	int fd;

	if (flags & ~(IN_CLOEXEC | IN_NONBLOCK))
		return -EINVAL;
	g = new_group();
	if (IS_ERR(g))
		return PTR_ERR(g);
	fd = anon_inode_getfd("inotify", &inotify_fops, g, O_RDONLY | flags);
	if (fd < 0)
		put_group(g);
	return fd;
}

long sys_inotify_init(void)
{
	return sys_inotify_init1(0);
}

/* The group behind @fd, which the caller puts back; ERR_PTR. */
static struct inotify_group *get_group(struct fd f)
{
	if (!f.file)
		return ERR_PTR(-EBADF);
	return f.file->f_op == &inotify_fops ? f.file->private_data : ERR_PTR(-EINVAL);
}

static int watch_path(struct inotify_group *g, const char __user *name, u32 arg)
{
	unsigned int flags = (arg & IN_DONT_FOLLOW) ? 0 : LOOKUP_FOLLOW;
	struct path path;
	int ret;

	if (arg & IN_ONLYDIR)
		flags |= LOOKUP_DIRECTORY;
	ret = user_path_at(AT_FDCWD, name, flags, &path);
	if (ret)
		return ret;
	ret = path_permission(&path, MAY_READ);
	if (!ret) {
		mutex_lock(&g->mutex);
		remove_spent(g);
		ret = add_watch(g, d_inode(path.dentry), arg);
		mutex_unlock(&g->mutex);
	}
	path_put(&path);
	return ret;
}

long sys_inotify_add_watch(int fd, const char __user *path, u32 mask)
{
	struct inotify_group *g;
	struct fd f;
	int ret;

	if ((mask & ~USER_FLAGS) || !mask)
		return -EINVAL;
	f = fdget(fd);
	g = get_group(f);
	ret = PTR_ERR_OR_ZERO(g);
	if (!ret && (mask & IN_MASK_ADD) && (mask & IN_MASK_CREATE))
		ret = -EINVAL;
	if (!ret)
		ret = watch_path(g, path, mask);
	fdput(f);
	return ret;
}

long sys_inotify_rm_watch(int fd, int wd)
{
	struct fd f = fdget(fd);
	struct inotify_group *g = get_group(f);
	struct inotify_watch *w;
	int ret = PTR_ERR_OR_ZERO(g);

	if (!ret) {
		mutex_lock(&g->mutex);
		remove_spent(g);
		w = wd > 0 ? idr_find(&g->watches, wd) : NULL;
		if (w)
			destroy(w, 0);
		else
			ret = -EINVAL;
		mutex_unlock(&g->mutex);
	}
	fdput(f);
	return ret;
}

void __init inotify_init(void)
{
	/* About a hundredth of memory in watches and the inodes they keep cached. */
	unsigned long n = totalram_pages() / 100 * (PAGE_SIZE / 1024);

	inotify_max_user_watches = clamp_t(unsigned long, n, 8192, 1048576);
}
