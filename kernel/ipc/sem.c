// SPDX-License-Identifier: GPL-2.0-only
/*
 * System V semaphores: how sets come and go, semget(2) and semctl(2).
 *
 * Interface: sem.h.  Locking: the object's lock for a set; ids->rwsem for the table and the count of all.
 */
#include <kernel/ipc/sem.h>

#include <fs/seq_file.h>
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

/* ---- life ---------------------------------------------------------------------------------- */

static void release_set(struct ipc_object *obj)
{
	struct sem_set *set = sem_set_of(obj);
	int i;

	for (i = 0; i < set->nsems; i++)
		put_pid(set->sems[i].pid);
	kvfree(set);
}

static int create_set(struct ipc_namespace *ns, const struct ipc_params *params)
{
	int nsems = params->size, id;
	struct sem_set *set;
	size_t size;

	if (!nsems)
		return -EINVAL;
	if ((s64)ns->used_sems + nsems > ns->sem_in_all)
		return -ENOSPC;
	/* The limits, which root can set, do not keep the size from overflowing. */
	if (__builtin_mul_overflow((size_t)nsems, sizeof(set->sems[0]), &size) ||
	    __builtin_add_overflow(size, sizeof(*set), &size))
		return -ENOMEM;
	set = kvmalloc(size, GFP_KERNEL | __GFP_ZERO);
	if (!set)
		return -ENOMEM;
	ipc_init_object(&set->obj, params, release_set);
	set->nsems = nsems;
	set->ctime = ktime_get_real_seconds();
	INIT_LIST_HEAD(&set->zero_waiters);
	INIT_LIST_HEAD(&set->waiters);
	INIT_LIST_HEAD(&set->undos);
	id = ipc_add(sem_ids(ns), &set->obj, ns->sem_sets);
	if (id < 0)
		ipc_put(&set->obj);
	else
		ns->used_sems += nsems;
	return id;
}

/* rwsem for write and the set's lock are held, which is dropped: out of the table, sleepers woken. */
static void destroy_set(struct ipc_namespace *ns, struct ipc_object *obj)
{
	struct sem_set *set = sem_set_of(obj);
	struct sem_undo *undo, *next;
	LIST_HEAD(dead);

	ipc_remove(sem_ids(ns), obj);
	ns->used_sems -= set->nsems;
	sem_wake_all(set, -EIDRM);
	sem_detach_undos(set, &dead);
	spin_unlock(&obj->lock);
	list_for_each_entry_safe(undo, next, &dead, set_list)
		kvfree(undo);
	ipc_put(obj);
}

void sem_init_ns(struct ipc_namespace *ns)
{
	ns->sem_per_set = SEMMSL;
	ns->sem_in_all = SEMMNS;
	ns->sem_ops_max = SEMOPM;
	ns->sem_sets = SEMMNI;
	ipc_init_ids(sem_ids(ns));
}

void sem_exit_ns(struct ipc_namespace *ns)
{
	ipc_destroy_all(ns, sem_ids(ns), destroy_set);
	idr_destroy(&sem_ids(ns)->objects);
}

static int check_size(const struct ipc_object *obj, const struct ipc_params *params)
{
	return params->size > (size_t)sem_set_of((struct ipc_object *)obj)->nsems ? -EINVAL : 0;
}

long sys_semget(key_t key, int nsems, int flags)
{
	static const struct ipc_ops ops = { .create = create_set, .check = check_size };
	struct ipc_params params = { .key = key, .flags = flags, .size = nsems };
	struct ipc_namespace *ns = current_ipc_ns();

	if (nsems < 0 || nsems > ns->sem_per_set)
		return -EINVAL;
	return ipc_get(ns, sem_ids(ns), &params, &ops);
}

/* ---- semctl: the set ----------------------------------------------------------------------- */

int sem_info(struct ipc_namespace *ns, int cmd, struct seminfo *info)
{
	int last;

	memset(info, 0, sizeof(*info));
	info->semmni = ns->sem_sets;
	info->semmns = ns->sem_in_all;
	info->semmsl = ns->sem_per_set;
	info->semopm = ns->sem_ops_max;
	info->semvmx = SEMVMX;
	info->semmnu = SEMMNU;
	info->semmap = SEMMAP;
	info->semume = SEMUME;
	info->semusz = SEMUSZ;
	info->semaem = SEMAEM;
	down_read(&sem_ids(ns)->rwsem);
	if (cmd == SEM_INFO) {
		info->semusz = sem_ids(ns)->in_use;
		info->semaem = ns->used_sems;
	}
	last = ipc_max_index(sem_ids(ns));
	up_read(&sem_ids(ns)->rwsem);
	return last;
}

static void fill_ds(struct sem_set *set, struct semid64_ds *ds)
{
	memset(ds, 0, sizeof(*ds));
	ipc_perm_to_user(&set->obj, &ds->sem_perm);
	ipc_put_time(&ds->sem_otime, set->otime);
	ipc_put_time(&ds->sem_ctime, set->ctime);
	ds->sem_nsems = set->nsems;
}

int sem_stat(struct ipc_namespace *ns, int id, int cmd, struct semid64_ds *ds)
{
	struct ipc_object *obj = cmd == IPC_STAT ? ipc_find(sem_ids(ns), id) : ipc_find_index(sem_ids(ns), id);
	int err;

	if (IS_ERR(obj))
		return PTR_ERR(obj);
	err = ipc_lock_for_stat(ns, obj, cmd == SEM_STAT_ANY);
	if (!err) {
		fill_ds(sem_set_of(obj), ds);
		spin_unlock(&obj->lock);
		err = cmd == IPC_STAT ? 0 : obj->id;
	}
	ipc_put(obj);
	return err;
}

int sem_set_perm(struct ipc_namespace *ns, int id, const struct semid64_ds *ds)
{
	struct ipc_object *obj;
	int err;

	down_write(&sem_ids(ns)->rwsem);
	obj = ipc_find_owned(ns, sem_ids(ns), id);
	err = PTR_ERR_OR_ZERO(obj);
	if (!err) {
		spin_lock(&obj->lock);
		err = ipc_set_perm(obj, &ds->sem_perm);
		if (!err)
			sem_set_of(obj)->ctime = ktime_get_real_seconds();
		spin_unlock(&obj->lock);
	}
	up_write(&sem_ids(ns)->rwsem);
	return err;
}

int sem_remove(struct ipc_namespace *ns, int id)
{
	struct ipc_object *obj;

	down_write(&sem_ids(ns)->rwsem);
	obj = ipc_find_owned(ns, sem_ids(ns), id);
	if (!IS_ERR(obj)) {
		spin_lock(&obj->lock);
		destroy_set(ns, obj);
	}
	up_write(&sem_ids(ns)->rwsem);
	return PTR_ERR_OR_ZERO(obj);
}

/* ---- semctl: values ------------------------------------------------------------------------ */

/* The set's lock is held. */
static void set_value(struct sem_set *set, int num, int value)
{
	set->sems[num].value = value;
	ipc_set_pid(&set->sems[num].pid, task_tgid(current));
	sem_forget_undo(set, num);
}

static long get_all(struct ipc_namespace *ns, struct sem_set *set, unsigned short *values)
{
	int i, err;

	spin_lock(&set->obj.lock);
	err = ipc_check_access(ns, &set->obj, IPC_READ);
	for (i = 0; !err && i < set->nsems; i++)
		values[i] = set->sems[i].value;
	spin_unlock(&set->obj.lock);
	return err;
}

static long set_all(struct ipc_namespace *ns, struct sem_set *set, const unsigned short *values)
{
	int i, err;

	spin_lock(&set->obj.lock);
	err = ipc_check_access(ns, &set->obj, IPC_WRITE);
	if (!err) {
		for (i = 0; i < set->nsems; i++)
			set_value(set, i, values[i]);
		set->ctime = ktime_get_real_seconds();
		sem_values_changed(set);
	}
	spin_unlock(&set->obj.lock);
	return err;
}

/* Permission comes before the look at the array. */
static int check_now(struct ipc_namespace *ns, struct sem_set *set, int flags)
{
	int err;

	spin_lock(&set->obj.lock);
	err = ipc_check_access(ns, &set->obj, flags);
	spin_unlock(&set->obj.lock);
	return err;
}

static long control_all(struct ipc_namespace *ns, struct sem_set *set, int cmd, unsigned short __user *array)
{
	size_t size = set->nsems * sizeof(unsigned short);
	unsigned short *values = kvmalloc(size, GFP_KERNEL);
	long err;
	int i;

	if (!values)
		return -ENOMEM;
	if (cmd == GETALL) {
		err = get_all(ns, set, values);
		if (!err && copy_to_user(array, values, size))
			err = -EFAULT;
	} else {
		err = check_now(ns, set, IPC_WRITE);
		if (!err && copy_from_user(values, array, size))
			err = -EFAULT;
		for (i = 0; !err && i < set->nsems; i++)
			if (values[i] > SEMVMX)
				err = -ERANGE;
		if (!err)
			err = set_all(ns, set, values);
	}
	kvfree(values);
	return err;
}

static long get_locked(struct sem_set *set, int num, int cmd)
{
	switch (cmd) {
	case GETVAL:
		return set->sems[num].value;
	case GETPID:
		return pid_vnr(set->sems[num].pid);
	case GETNCNT:
		return sem_count_waiters(set, num, false);
	default:
		return sem_count_waiters(set, num, true);
	}
}

static long control_one(struct ipc_namespace *ns, struct sem_set *set, int num, int cmd, int value)
{
	bool exists = num >= 0 && num < set->nsems;
	long ret;

	if (cmd == SETVAL && !exists)	/* of the others, permission comes first */
		return -EINVAL;
	spin_lock(&set->obj.lock);
	ret = ipc_check_access(ns, &set->obj, cmd == SETVAL ? IPC_WRITE : IPC_READ);
	if (!ret && !exists) {
		ret = -EINVAL;
	} else if (!ret && cmd == SETVAL) {
		set_value(set, num, value);
		set->ctime = ktime_get_real_seconds();
		sem_values_changed(set);
	} else if (!ret) {
		ret = get_locked(set, num, cmd);
	}
	spin_unlock(&set->obj.lock);
	return ret;
}

static long control_values(struct ipc_namespace *ns, int id, int num, int cmd, unsigned long arg)
{
	struct ipc_object *obj;
	int value = (int)arg;
	long ret;

	if (cmd == SETVAL && (value < 0 || value > SEMVMX))
		return -ERANGE;
	obj = ipc_find(sem_ids(ns), id);
	if (IS_ERR(obj))
		return PTR_ERR(obj);
	if (cmd == GETALL || cmd == SETALL)
		ret = control_all(ns, sem_set_of(obj), cmd, (unsigned short __user *)arg);
	else
		ret = control_one(ns, sem_set_of(obj), num, cmd, value);
	ipc_put(obj);
	return ret;
}

long sys_semctl(int id, int num, int cmd, unsigned long arg)
{
	struct ipc_namespace *ns = current_ipc_ns();
	void __user *buf = (void __user *)arg;
	struct semid64_ds ds;
	struct seminfo info;
	int ret;

	if (id < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
	case SEM_INFO:
		ret = sem_info(ns, cmd, &info);
		return copy_to_user(buf, &info, sizeof(info)) ? -EFAULT : ret;
	case IPC_STAT:
	case SEM_STAT:
	case SEM_STAT_ANY:
		ret = sem_stat(ns, id, cmd, &ds);
		return ret >= 0 && copy_to_user(buf, &ds, sizeof(ds)) ? -EFAULT : ret;
	case GETALL:
	case GETVAL:
	case GETPID:
	case GETNCNT:
	case GETZCNT:
	case SETALL:
	case SETVAL:
		return control_values(ns, id, num, cmd, arg);
	case IPC_SET:
		return copy_from_user(&ds, buf, sizeof(ds)) ? -EFAULT : sem_set_perm(ns, id, &ds);
	case IPC_RMID:
		return sem_remove(ns, id);
	default:
		return -EINVAL;
	}
}

/* ---- /proc/sysvipc/sem --------------------------------------------------------------------- */

static void show_set(struct seq_file *m, const struct sem_set *set)
{
	const struct ipc_object *obj = &set->obj;

	seq_printf(m, "%10d %10d  %4o %10u %5u %5u %5u %5u %10llu %10llu\n", obj->key, obj->id, obj->mode,
		   set->nsems, uid_to_user(obj->uid), gid_to_user(obj->gid),
		   uid_to_user(obj->cuid), gid_to_user(obj->cgid), (u64)set->otime, (u64)set->ctime);
}

int sem_proc_show(struct seq_file *m, void *unused)
{
	struct ipc_ids *ids = sem_ids(current_ipc_ns());
	struct ipc_object *obj;
	int index;

	seq_puts(m, "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n");
	down_read(&ids->rwsem);
	idr_for_each_entry(&ids->objects, obj, index) {
		spin_lock(&obj->lock);
		show_set(m, sem_set_of(obj));
		spin_unlock(&obj->lock);
	}
	up_read(&ids->rwsem);
	return 0;
}
