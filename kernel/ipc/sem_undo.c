// SPDX-License-Identifier: GPL-2.0-only
/*
 * SEM_UNDO: what a process gives back to semaphores when it ends.
 *
 * A list of adjustments, one for each set, belongs to a process or to several that clone(CLONE_SYSVSEM) made;
 * its last user's exit makes them.  Each is on the list of its set as well, whose removal frees it.
 *
 * Interface: ipc.h, sem.h.  Locking: the set's lock, and inside it the list's own.  An adjustment is taken
 * off both lists under both locks, so that either of them keeps it, and the set as well.
 */
#include <kernel/ipc/sem.h>

#include <mm/slab.h>

struct sem_undo_list {
	refcount_t		users;		/* [a] tasks */
	spinlock_t		lock;
	struct list_head	undos;		/* [lock] by proc_list */
};

int sem_make_undo_list(void)
{
	struct sem_undo_list *list;

	if (current->sysvsem)
		return 0;
	list = kzalloc(sizeof(*list), GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	refcount_set(&list->users, 1);
	spin_lock_init_rank(&list->lock, LOCK_RANK_OBJECT_INNER);
	INIT_LIST_HEAD(&list->undos);
	current->sysvsem = list;
	return 0;
}

int share_semundo(struct task_struct *child)
{
	int err = sem_make_undo_list();

	if (err)
		return err;
	refcount_inc(&current->sysvsem->users);
	child->sysvsem = current->sysvsem;
	return 0;
}

/* ---- adjustments of a set ------------------------------------------------------------------ */

struct sem_undo *sem_find_undo(struct sem_undo_list *list, const struct sem_set *set)
{
	struct sem_undo *undo, *found = NULL;

	assert_held(&set->obj.lock);
	spin_lock(&list->lock);
	list_for_each_entry(undo, &list->undos, proc_list) {
		if (undo->set == set) {
			found = undo;
			break;
		}
	}
	spin_unlock(&list->lock);
	return found;
}

void sem_add_undo(struct sem_undo_list *list, struct sem_set *set, struct sem_undo *undo)
{
	assert_held(&set->obj.lock);
	undo->set = set;
	undo->list = list;
	list_add(&undo->set_list, &set->undos);
	spin_lock(&list->lock);
	list_add(&undo->proc_list, &list->undos);
	spin_unlock(&list->lock);
}

static void detach_undo(struct sem_undo *undo)
{
	list_del(&undo->set_list);
	spin_lock(&undo->list->lock);
	list_del(&undo->proc_list);
	spin_unlock(&undo->list->lock);
}

void sem_detach_undos(struct sem_set *set, struct list_head *dead)
{
	struct sem_undo *undo, *next;

	assert_held(&set->obj.lock);
	list_for_each_entry_safe(undo, next, &set->undos, set_list) {
		detach_undo(undo);
		list_add(&undo->set_list, dead);
	}
}

void sem_forget_undo(struct sem_set *set, int num)
{
	struct sem_undo *undo;

	list_for_each_entry(undo, &set->undos, set_list)
		undo->adjust[num] = 0;
}

/* ---- the end of a process ------------------------------------------------------------------ */

/* Values stay in range whatever others did meanwhile. */
static void make_adjustments(struct sem_set *set, const struct sem_undo *undo)
{
	int i;

	for (i = 0; i < set->nsems; i++) {
		struct sem *sem = &set->sems[i];

		if (!undo->adjust[i])
			continue;
		sem->value = clamp(sem->value + undo->adjust[i], 0, SEMVMX);
		ipc_set_pid(&sem->pid, task_tgid(current));
	}
	set->otime = ktime_get_real_seconds();
	sem_values_changed(set);
}

/* The set of the first adjustment, with a reference; NULL: there is none. */
static struct sem_set *first_set(struct sem_undo_list *list)
{
	struct sem_undo *undo;
	struct sem_set *set = NULL;

	spin_lock(&list->lock);
	undo = list_first_entry_or_null(&list->undos, struct sem_undo, proc_list);
	if (undo) {
		set = undo->set;
		refcount_inc(&set->obj.refs);
	}
	spin_unlock(&list->lock);
	return set;
}

void leave_semundo(struct task_struct *t)
{
	struct sem_undo_list *list = t->sysvsem;
	struct sem_undo *undo;
	struct sem_set *set;

	t->sysvsem = NULL;
	if (!refcount_dec_and_test(&list->users))
		return;
	while ((set = first_set(list))) {
		spin_lock(&set->obj.lock);
		undo = sem_find_undo(list, set);	/* NULL: the set was removed meanwhile */
		if (undo) {
			detach_undo(undo);
			make_adjustments(set, undo);
		}
		spin_unlock(&set->obj.lock);
		kvfree(undo);
		ipc_put(&set->obj);
	}
	kfree(list);
}
