// SPDX-License-Identifier: GPL-2.0-only
/*
 * System V shared memory: how segments come and go, shmget(2) and shmctl(2).  Attachments: shm_attach.c.
 *
 * A segment is a file of mm/shmem.c without a name.  It lives until it has been removed and nobody has it
 * attached.  With shm_rmid_forced it need not be removed: it goes when nobody has it attached, once its
 * creator has ended; for that each task has a list of what it made.
 *
 * Interface: shm.h.  Locking: the object's lock for a segment; ids->rwsem for the table and the sum of pages;
 * creators_lock, inside them, for all lists of creators.
 */
#include <kernel/ipc/shm.h>

#include <fs/seq_file.h>
#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/signal.h>
#include <mm/mm.h>
#include <mm/shmem.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

static DEFINE_SPINLOCK_RANK(creators_lock, LOCK_RANK_OBJECT_INNER);

static unsigned long pages_of(size_t size)
{
	return (size >> PAGE_SHIFT) + !!(size & ~PAGE_MASK);
}

void shm_name(char name[SHM_NAME_SIZE], const struct shm_segment *shm)
{
	snprintf(name, SHM_NAME_SIZE, "SYSV%08x", shm->obj.key);
}

/* ---- coming -------------------------------------------------------------------------------- */

static void release_segment(struct ipc_object *obj)
{
	struct shm_segment *shm = shm_segment_of(obj);

	put_pid(shm->cpid);
	put_pid(shm->lpid);
	kfree(shm);
}

static struct shm_segment *alloc_segment(struct ipc_namespace *ns, const struct ipc_params *params)
{
	struct shm_segment *shm = kzalloc(sizeof(*shm), GFP_KERNEL);
	char name[SHM_NAME_SIZE];
	struct file *file;

	if (!shm)
		return ERR_PTR(-ENOMEM);
	ipc_init_object(&shm->obj, params, release_segment);
	shm_name(name, shm);
	file = shmem_file_setup(name, params->size, vm_noreserve(params->flags & SHM_NORESERVE));
	if (IS_ERR(file)) {
		ipc_put(&shm->obj);
		return ERR_CAST(file);
	}
	shm->ns = ns;
	shm->file = file;
	shm->size = params->size;
	shm->ctime = ktime_get_real_seconds();
	shm->cpid = get_pid(task_tgid(current));
	return shm;
}

static void add_creator(struct shm_segment *shm)
{
	spin_lock(&creators_lock);
	shm->creator = current;
	hlist_add_head(&shm->creator_node, &current->shm_created);
	spin_unlock(&creators_lock);
}

static int create_segment(struct ipc_namespace *ns, const struct ipc_params *params)
{
	unsigned long pages = pages_of(params->size);
	struct shm_segment *shm;
	int id;

	if (params->size < SHMMIN || params->size > ns->shm_ctlmax)
		return -EINVAL;
	if (ns->shm_total + pages < ns->shm_total || ns->shm_total + pages > ns->shm_ctlall)
		return -ENOSPC;
	if (params->flags & SHM_HUGETLB)	/* none are to be had, by who may: vm.hugetlb_shm_group is 0 */
		return !huge_page_size_known(params->flags) ? -EINVAL :
		       capable(CAP_IPC_LOCK) || in_group_p(0) ? -ENOMEM : -EPERM;
	shm = alloc_segment(ns, params);
	if (IS_ERR(shm))
		return PTR_ERR(shm);
	id = ipc_add(shm_ids(ns), &shm->obj, ns->shm_ctlmni);
	if (id < 0) {
		fput(shm->file);
		ipc_put(&shm->obj);
		return id;
	}
	file_inode(shm->file)->i_ino = id;	/* /proc/<pid>/maps shows it */
	ns->shm_total += pages;
	add_creator(shm);
	return id;
}

static int check_size(const struct ipc_object *obj, const struct ipc_params *params)
{
	return params->size > shm_segment_of((struct ipc_object *)obj)->size ? -EINVAL : 0;
}

long sys_shmget(key_t key, size_t size, int flags)
{
	static const struct ipc_ops ops = { .create = create_segment, .check = check_size };
	struct ipc_params params = { .key = key, .flags = flags, .size = size };
	struct ipc_namespace *ns = current_ipc_ns();

	return ipc_get(ns, shm_ids(ns), &params, &ops);
}

/* ---- going --------------------------------------------------------------------------------- */

/* The segment's lock is held. What SHM_LOCK has counted. */
static void uncharge_lock(struct shm_segment *shm)
{
	if (!shm->lock_user)
		return;
	atomic_long_sub(pages_of(shm->size), &shm->lock_user->locked_vm);
	free_uid(shm->lock_user);
	shm->lock_user = NULL;
}

static void remove_creator(struct shm_segment *shm)
{
	spin_lock(&creators_lock);
	if (shm->creator)
		hlist_del(&shm->creator_node);
	shm->creator = NULL;
	spin_unlock(&creators_lock);
}

/* rwsem for write and the segment's lock are held, which is dropped. Nobody has it attached. */
static void destroy_segment(struct ipc_namespace *ns, struct ipc_object *obj)
{
	struct shm_segment *shm = shm_segment_of(obj);

	assert_held(&obj->lock);
	ipc_remove(shm_ids(ns), obj);
	ns->shm_total -= pages_of(shm->size);
	uncharge_lock(shm);
	remove_creator(shm);
	spin_unlock(&obj->lock);
	fput(shm->file);
	ipc_put(obj);
}

/* The segment's lock is held. */
static bool is_unused(const struct ipc_namespace *ns, const struct shm_segment *shm)
{
	return !shm->nattch && (ns->shm_rmid_forced || (shm->obj.mode & SHM_DEST));
}

/* Nobody seemed to use it: if so, it goes. No lock held. */
static void destroy_if_unused(struct ipc_namespace *ns, struct shm_segment *shm)
{
	down_write(&shm_ids(ns)->rwsem);
	spin_lock(&shm->obj.lock);
	if (!shm->obj.deleted && is_unused(ns, shm))
		destroy_segment(ns, &shm->obj);
	else
		spin_unlock(&shm->obj.lock);
	up_write(&shm_ids(ns)->rwsem);
}

void shm_put_attachment(struct ipc_namespace *ns, struct shm_segment *shm)
{
	bool unused;

	spin_lock(&shm->obj.lock);
	shm->nattch--;
	unused = is_unused(ns, shm);
	spin_unlock(&shm->obj.lock);
	if (unused)
		destroy_if_unused(ns, shm);
}

/* One that @t made is nobody's from now on: a reference to it and to its namespace. NULL: there is none. */
static struct shm_segment *pop_created(struct task_struct *t)
{
	struct shm_segment *shm = NULL;

	spin_lock(&creators_lock);
	while (!shm && t->shm_created.first) {
		shm = hlist_entry(t->shm_created.first, struct shm_segment, creator_node);
		hlist_del(&shm->creator_node);
		shm->creator = NULL;
		/* While it can be found here it is not deleted; its namespace may be about to do that. */
		if (refcount_inc_not_zero(&shm->ns->ns.count))
			refcount_inc(&shm->obj.refs);
		else
			shm = NULL;
	}
	spin_unlock(&creators_lock);
	return shm;
}

void leave_created_shm(struct task_struct *t)
{
	struct ipc_namespace *ns;
	struct shm_segment *shm;

	while ((shm = pop_created(t))) {
		ns = shm->ns;
		if (ns->shm_rmid_forced)
			destroy_if_unused(ns, shm);
		ipc_put(&shm->obj);
		put_ns(&ns->ns);
	}
}

static bool is_orphan(const struct shm_segment *shm)
{
	bool yes;

	spin_lock(&creators_lock);
	yes = !shm->creator;
	spin_unlock(&creators_lock);
	return yes;
}

void shm_destroy_orphans(struct ipc_namespace *ns)
{
	struct ipc_object *obj;
	int index;

	down_write(&shm_ids(ns)->rwsem);
	idr_for_each_entry(&shm_ids(ns)->objects, obj, index) {
		spin_lock(&obj->lock);
		if (is_unused(ns, shm_segment_of(obj)) && is_orphan(shm_segment_of(obj)))
			destroy_segment(ns, obj);
		else
			spin_unlock(&obj->lock);
	}
	up_write(&shm_ids(ns)->rwsem);
}

void shm_init_ns(struct ipc_namespace *ns)
{
	ns->shm_ctlmax = SHMMAX;
	ns->shm_ctlall = SHMALL;
	ns->shm_ctlmni = SHMMNI;
	ipc_init_ids(shm_ids(ns));
}

/* An attachment has a reference to the namespace: there are none. */
void shm_exit_ns(struct ipc_namespace *ns)
{
	ipc_destroy_all(ns, shm_ids(ns), destroy_segment);
	idr_destroy(&shm_ids(ns)->objects);
}

/* ---- control ------------------------------------------------------------------------------- */

int shm_limits(struct ipc_namespace *ns, struct shminfo64 *info)
{
	int last;

	memset(info, 0, sizeof(*info));
	info->shmmax = ns->shm_ctlmax;
	info->shmmin = SHMMIN;
	info->shmmni = ns->shm_ctlmni;
	info->shmseg = ns->shm_ctlmni;
	info->shmall = ns->shm_ctlall;
	down_read(&shm_ids(ns)->rwsem);
	last = ipc_max_index(shm_ids(ns));
	up_read(&shm_ids(ns)->rwsem);
	return last;
}

static unsigned long resident_pages(const struct shm_segment *shm)
{
	return READ_ONCE(shm->file->f_mapping->nrpages);
}

int shm_usage(struct ipc_namespace *ns, struct shm_info *info)
{
	struct ipc_object *obj;
	int index, last;

	memset(info, 0, sizeof(*info));
	down_read(&shm_ids(ns)->rwsem);
	info->used_ids = shm_ids(ns)->in_use;
	info->shm_tot = ns->shm_total;
	idr_for_each_entry(&shm_ids(ns)->objects, obj, index)
		info->shm_rss += resident_pages(shm_segment_of(obj));
	last = ipc_max_index(shm_ids(ns));
	up_read(&shm_ids(ns)->rwsem);
	return last;
}

static void fill_ds(struct shm_segment *shm, struct shmid64_ds *ds)
{
	memset(ds, 0, sizeof(*ds));
	ipc_perm_to_user(&shm->obj, &ds->shm_perm);
	ds->shm_segsz = shm->size;
	ipc_put_time(&ds->shm_atime, shm->atime);
	ipc_put_time(&ds->shm_dtime, shm->dtime);
	ipc_put_time(&ds->shm_ctime, shm->ctime);
	ds->shm_cpid = pid_vnr(shm->cpid);
	ds->shm_lpid = pid_vnr(shm->lpid);
	ds->shm_nattch = shm->nattch;
}

int shm_stat(struct ipc_namespace *ns, int id, int cmd, struct shmid64_ds *ds)
{
	struct ipc_object *obj = cmd == IPC_STAT ? ipc_find(shm_ids(ns), id) : ipc_find_index(shm_ids(ns), id);
	int err;

	if (IS_ERR(obj))
		return PTR_ERR(obj);
	err = ipc_lock_for_stat(ns, obj, cmd == SHM_STAT_ANY);
	if (!err) {
		fill_ds(shm_segment_of(obj), ds);
		spin_unlock(&obj->lock);
		err = cmd == IPC_STAT ? 0 : obj->id;
	}
	ipc_put(obj);
	return err;
}

int shm_set_perm(struct ipc_namespace *ns, int id, const struct shmid64_ds *ds)
{
	struct ipc_object *obj;
	int err;

	down_write(&shm_ids(ns)->rwsem);
	obj = ipc_find_owned(ns, shm_ids(ns), id);
	err = PTR_ERR_OR_ZERO(obj);
	if (!err) {
		spin_lock(&obj->lock);
		err = ipc_set_perm(obj, &ds->shm_perm);
		if (!err)
			shm_segment_of(obj)->ctime = ktime_get_real_seconds();
		spin_unlock(&obj->lock);
	}
	up_write(&shm_ids(ns)->rwsem);
	return err;
}

int shm_remove(struct ipc_namespace *ns, int id)
{
	struct ipc_object *obj;

	down_write(&shm_ids(ns)->rwsem);
	obj = ipc_find_owned(ns, shm_ids(ns), id);
	if (!IS_ERR(obj)) {
		spin_lock(&obj->lock);
		if (shm_segment_of(obj)->nattch) {
			obj->mode |= SHM_DEST;
			ipc_hide_key(shm_ids(ns), obj);
			spin_unlock(&obj->lock);
		} else {
			destroy_segment(ns, obj);
		}
	}
	up_write(&shm_ids(ns)->rwsem);
	return PTR_ERR_OR_ZERO(obj);
}

static int charge_lock(struct shm_segment *shm)
{
	unsigned long pages = pages_of(shm->size), limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	struct user_struct *user = current_cred()->user;
	unsigned long locked = atomic_long_add_return(pages, &user->locked_vm);

	if (locked > limit && !capable(CAP_IPC_LOCK)) {
		atomic_long_sub(pages, &user->locked_vm);
		return -ENOMEM;
	}
	shm->lock_user = get_uid(user);
	return 0;
}

static int may_lock(struct ipc_namespace *ns, const struct ipc_object *obj, bool lock)
{
	if (ns_capable(ns->ns.user_ns, CAP_IPC_LOCK))
		return 0;
	if (current_euid() != obj->uid && current_euid() != obj->cuid)
		return -EPERM;
	return lock && !rlimit(RLIMIT_MEMLOCK) ? -EPERM : 0;
}

/* Without swap pages always stay: what remains is the accounting. The segment's lock is held. */
static int lock_locked(struct ipc_namespace *ns, struct shm_segment *shm, bool lock)
{
	int err = shm->obj.deleted ? -EIDRM : may_lock(ns, &shm->obj, lock);

	if (err)
		return err;
	if (!lock) {
		uncharge_lock(shm);
		shm->obj.mode &= ~SHM_LOCKED;
	} else if (!(shm->obj.mode & SHM_LOCKED)) {
		err = charge_lock(shm);
		if (!err)
			shm->obj.mode |= SHM_LOCKED;
	}
	return err;
}

int shm_lock(struct ipc_namespace *ns, int id, bool lock)
{
	struct ipc_object *obj = ipc_find(shm_ids(ns), id);
	int err;

	if (IS_ERR(obj))
		return PTR_ERR(obj);
	spin_lock(&obj->lock);
	err = lock_locked(ns, shm_segment_of(obj), lock);
	spin_unlock(&obj->lock);
	ipc_put(obj);
	return err;
}

long sys_shmctl(int id, int cmd, void __user *buf)
{
	struct ipc_namespace *ns = current_ipc_ns();
	struct shminfo64 limits;
	struct shm_info usage;
	struct shmid64_ds ds;
	int ret;

	if (id < 0 || cmd < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
		ret = shm_limits(ns, &limits);
		return copy_to_user(buf, &limits, sizeof(limits)) ? -EFAULT : ret;
	case SHM_INFO:
		ret = shm_usage(ns, &usage);
		return copy_to_user(buf, &usage, sizeof(usage)) ? -EFAULT : ret;
	case IPC_STAT:
	case SHM_STAT:
	case SHM_STAT_ANY:
		ret = shm_stat(ns, id, cmd, &ds);
		return ret >= 0 && copy_to_user(buf, &ds, sizeof(ds)) ? -EFAULT : ret;
	case IPC_SET:
		return copy_from_user(&ds, buf, sizeof(ds)) ? -EFAULT : shm_set_perm(ns, id, &ds);
	case IPC_RMID:
		return shm_remove(ns, id);
	case SHM_LOCK:
	case SHM_UNLOCK:
		return shm_lock(ns, id, cmd == SHM_LOCK);
	default:
		return -EINVAL;
	}
}

/* ---- /proc/sysvipc/shm --------------------------------------------------------------------- */

#define SIZE_WIDTH (sizeof(size_t) == 8 ? 21 : 10)

static void show_segment(struct seq_file *m, const struct shm_segment *shm)
{
	const struct ipc_object *obj = &shm->obj;

	seq_printf(m, "%10d %10d  %4o %*lu %5u %5u  %5lu %5u %5u %5u %5u %10llu %10llu %10llu %*lu %*lu\n",
		   obj->key, obj->id, obj->mode, SIZE_WIDTH, (unsigned long)shm->size,
		   pid_vnr(shm->cpid), pid_vnr(shm->lpid), shm->nattch, uid_to_user(obj->uid), gid_to_user(obj->gid),
		   uid_to_user(obj->cuid), gid_to_user(obj->cgid),
		   (u64)shm->atime, (u64)shm->dtime, (u64)shm->ctime,
		   SIZE_WIDTH, resident_pages(shm) * PAGE_SIZE, SIZE_WIDTH, 0UL);
}

int shm_proc_show(struct seq_file *m, void *unused)
{
	struct ipc_ids *ids = shm_ids(current_ipc_ns());
	struct ipc_object *obj;
	int index;

	seq_printf(m, "       key      shmid perms %*s  cpid  lpid nattch   uid   gid  cuid  cgid"
		      "      atime      dtime      ctime %*s %*s\n",
		   SIZE_WIDTH, "size", SIZE_WIDTH, "rss", SIZE_WIDTH, "swap");
	down_read(&ids->rwsem);
	idr_for_each_entry(&ids->objects, obj, index) {
		spin_lock(&obj->lock);
		show_segment(m, shm_segment_of(obj));
		spin_unlock(&obj->lock);
	}
	up_read(&ids->rwsem);
	return 0;
}
