// SPDX-License-Identifier: GPL-2.0-only
/*
 * semop(2) and semtimedop(2): several operations on a set, all of them or none.
 *
 * A call that cannot be done now sleeps on the set.  Whoever changes values tries the sleeping calls on their
 * behalf (sem_values_changed()) and wakes those that are done: first those that only wait for zeros, again
 * after every change, so that none misses a moment at zero, then the others in the order they came.
 *
 * Interface: sem.h.  Locking: the set's lock; a sleeper has a reference to the set.
 */
#include <kernel/ipc/sem.h>

#include <generated/syscalls.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define OPS_ON_STACK 16

/* ---- doing it ------------------------------------------------------------------------------ */

/* One operation: 0, SEM_ASLEEP when it must wait, -ERANGE. */
static int do_op(struct sem_set *set, const struct sembuf *op, struct sem_undo *undo)
{
	struct sem *sem = &set->sems[op->sem_num];
	int value = sem->value + op->sem_op, adjust;

	if ((!op->sem_op && sem->value) || value < 0)
		return SEM_ASLEEP;
	if (value > SEMVMX)
		return -ERANGE;
	if (op->sem_flg & SEM_UNDO) {
		adjust = undo->adjust[op->sem_num] - op->sem_op;
		if (adjust < -SEMAEM - 1 || adjust > SEMAEM)
			return -ERANGE;
		undo->adjust[op->sem_num] = adjust;
	}
	sem->value = value;
	return 0;
}

static void undo_op(struct sem_set *set, const struct sembuf *op, struct sem_undo *undo)
{
	set->sems[op->sem_num].value -= op->sem_op;
	if (op->sem_flg & SEM_UNDO)
		undo->adjust[op->sem_num] += op->sem_op;
}

/* All operations of @o, or none: 0, SEM_ASLEEP when it must wait, -EAGAIN, -ERANGE. */
static int try_operation(struct sem_set *set, struct sem_operation *o)
{
	struct pid *pid = task_tgid(o->task);
	unsigned int i;
	int err;

	for (i = 0; i < o->nops; i++) {
		err = do_op(set, &o->ops[i], o->undo);
		if (err)
			goto undo;
	}
	for (i = 0; i < o->nops; i++)
		ipc_set_pid(&set->sems[o->ops[i].sem_num].pid, pid);
	return 0;

undo:
	o->blocking = &o->ops[i];
	while (i)
		undo_op(set, &o->ops[--i], o->undo);
	return err == SEM_ASLEEP && (o->blocking->sem_flg & IPC_NOWAIT) ? -EAGAIN : err;
}

/* ---- the others ---------------------------------------------------------------------------- */

/* @o's task is free to go as soon as the set's lock is dropped. */
static void finish_operation(struct sem_operation *o, int result)
{
	list_del_init(&o->list);
	o->result = result;
	wake_up_process(o->task);
}

/* A quick look whether there is any sense in trying: one operation depends on one value only. */
static bool still_blocked(const struct sem_set *set, const struct sem_operation *o)
{
	int value = set->sems[o->blocking->sem_num].value;

	if (o->nops > 1)
		return false;
	return o->blocking->sem_op ? value + o->blocking->sem_op < 0 : value != 0;
}

/* Try the calls on @waiters; true: one of them changed values. */
static bool try_waiters(struct sem_set *set, struct list_head *waiters)
{
	struct sem_operation *o, *next;
	int result;

	list_for_each_entry_safe(o, next, waiters, list) {
		if (still_blocked(set, o))
			continue;
		result = try_operation(set, o);
		if (result == SEM_ASLEEP)
			continue;
		finish_operation(o, result);
		if (result)
			continue;
		set->otime = ktime_get_real_seconds();
		if (o->alters)
			return true;
	}
	return false;
}

void sem_values_changed(struct sem_set *set)
{
	assert_held(&set->obj.lock);
	do
		try_waiters(set, &set->zero_waiters);
	while (try_waiters(set, &set->waiters));
}

void sem_wake_all(struct sem_set *set, int err)
{
	struct sem_operation *o, *next;

	assert_held(&set->obj.lock);
	list_for_each_entry_safe(o, next, &set->zero_waiters, list)
		finish_operation(o, err);
	list_for_each_entry_safe(o, next, &set->waiters, list)
		finish_operation(o, err);
}

static int count_in(const struct list_head *waiters, int num, bool for_zero)
{
	const struct sem_operation *o;
	int n = 0;

	list_for_each_entry(o, waiters, list)
		n += o->blocking->sem_num == num && (for_zero ? !o->blocking->sem_op : o->blocking->sem_op < 0);
	return n;
}

int sem_count_waiters(const struct sem_set *set, int num, bool for_zero)
{
	return count_in(&set->waiters, num, for_zero) + count_in(&set->zero_waiters, num, for_zero);
}

/* ---- waiting ------------------------------------------------------------------------------- */

/* The set's lock is held, and again on return. @expires: on the monotonic clock, NULL: never. */
static int wait_for_operation(struct sem_set *set, struct sem_operation *o, const u64 *expires)
{
	int timed_out;

	o->result = SEM_ASLEEP;
	list_add_tail(&o->list, o->alters ? &set->waiters : &set->zero_waiters);
	do {
		set_current_state(TASK_INTERRUPTIBLE);
		spin_unlock(&set->obj.lock);
		timed_out = !schedule_hrtimeout(expires, CLOCK_MONOTONIC);
		spin_lock(&set->obj.lock);
		if (o->result != SEM_ASLEEP)
			return o->result;
	} while (!timed_out && !signal_pending(current));
	list_del(&o->list);
	return timed_out ? -EAGAIN : -EINTR;
}

static int operate_locked(struct sem_set *set, struct sem_operation *o, const u64 *expires)
{
	int result = try_operation(set, o);

	if (result == SEM_ASLEEP)
		return wait_for_operation(set, o, expires);
	if (!result) {
		set->otime = ktime_get_real_seconds();
		if (o->alters)
			sem_values_changed(set);
	}
	return result;
}

/* ---- the call ------------------------------------------------------------------------------ */

struct semop_request {
	struct sem_operation	o;
	unsigned int		highest;	/* semaphore number */
	bool			undoes;
};

static void look_at_ops(struct semop_request *r)
{
	unsigned int i;

	for (i = 0; i < r->o.nops; i++) {
		const struct sembuf *op = &r->o.ops[i];

		r->highest = max(r->highest, (unsigned int)op->sem_num);
		r->o.alters |= op->sem_op != 0;
		r->undoes |= (op->sem_flg & SEM_UNDO) != 0;
	}
}

/* The set's lock is held. */
static int check_request(struct ipc_namespace *ns, const struct sem_set *set, const struct semop_request *r)
{
	if (r->highest >= (unsigned int)set->nsems)
		return -EFBIG;
	return ipc_check_access(ns, &set->obj, r->o.alters ? IPC_WRITE : IPC_READ);
}

/* Adjustments for the set, of which @spare is the memory if there are none yet; it is consumed. */
static struct sem_undo *take_undo(struct sem_set *set, struct sem_undo *spare)
{
	struct sem_undo *undo = sem_find_undo(current->sysvsem, set);

	if (undo) {
		kvfree(spare);
		return undo;
	}
	sem_add_undo(current->sysvsem, set, spare);
	return spare;
}

static int operate_on(struct ipc_namespace *ns, struct sem_set *set, struct semop_request *r, const u64 *expires)
{
	struct sem_undo *spare = NULL;
	int err;

	if (r->undoes) {
		err = sem_make_undo_list();
		if (err)
			return err;
		spare = kvmalloc(sizeof(*spare) + set->nsems * sizeof(spare->adjust[0]), GFP_KERNEL | __GFP_ZERO);
		if (!spare)
			return -ENOMEM;
	}
	spin_lock(&set->obj.lock);
	err = check_request(ns, set, r);
	if (!err) {
		if (r->undoes)
			r->o.undo = take_undo(set, spare);
		spare = NULL;
		err = operate_locked(set, &r->o, expires);
	}
	spin_unlock(&set->obj.lock);
	kvfree(spare);
	return err;
}

static int operate(struct ipc_namespace *ns, int id, struct semop_request *r, const u64 *expires)
{
	struct ipc_object *obj = ipc_find(sem_ids(ns), id);
	int err;

	if (IS_ERR(obj))
		return PTR_ERR(obj);
	err = operate_on(ns, sem_set_of(obj), r, expires);
	ipc_put(obj);
	return err;
}

int sem_operate(int id, const struct sembuf __user *uops, unsigned int nops, const struct timespec64 *timeout)
{
	struct ipc_namespace *ns = current_ipc_ns();
	struct semop_request r = { .o.task = current, .o.nops = nops };
	struct sembuf fast[OPS_ON_STACK], *ops = fast;
	u64 expires;
	int err;

	if (nops > INT_MAX / sizeof(*ops) || (int)nops > ns->sem_ops_max)
		return -E2BIG;
	if (!nops)
		return -EINVAL;
	if (nops > ARRAY_SIZE(fast))
		ops = kvmalloc(nops * sizeof(*ops), GFP_KERNEL);
	if (!ops)
		return -ENOMEM;
	err = -EFAULT;
	if (copy_from_user(ops, uops, nops * sizeof(*ops)))
		goto out;
	err = -EINVAL;
	if (timeout && !timespec64_valid(timeout))
		goto out;
	if (timeout)
		expires = min_t(u64, ktime_get_ns() + timespec64_to_ns(timeout), KTIME_MAX);
	r.o.ops = ops;
	look_at_ops(&r);
	err = operate(ns, id, &r, timeout ? &expires : NULL);
out:
	if (ops != fast)
		kvfree(ops);
	return err;
}

long sys_semop(int id, struct sembuf __user *ops, unsigned int nops)
{
	return sem_operate(id, ops, nops, NULL);
}

long sys_semtimedop(int id, struct sembuf __user *ops, unsigned int nops,
		    const struct __kernel_timespec __user *utimeout)
{
	struct timespec64 timeout;

	if (utimeout && get_timespec64(&timeout, utimeout))
		return -EFAULT;
	return sem_operate(id, ops, nops, utimeout ? &timeout : NULL);
}
