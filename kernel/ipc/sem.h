/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A set of System V semaphores: shared by sem.c (sets, semctl), sem_op.c (semop) and sem_undo.c (adjustments).
 *
 * Locks: [l] the set's lock  [u] the lock of the list of adjustments, which nests inside
 */
#pragma once

#include <kernel/ipc/internal.h>

struct sem {
	int			value;		/* [l] 0..SEMVMX */
	struct pid		*pid;		/* [l] who changed it last */
};

struct sem_set {
	struct ipc_object	obj;		/* first */
	time64_t		otime, ctime;	/* [l] last semop, last change by semctl */
	struct list_head	zero_waiters;	/* [l] asleep, with nothing to change: they go first */
	struct list_head	waiters;	/* [l] asleep, in the order they came */
	struct list_head	undos;		/* [l] adjustments of all processes */
	int			nsems;		/* [I] */
	struct sem		sems[];
};

/* What a process has to give back to one set at its end. */
struct sem_undo {
	struct list_head	proc_list;	/* [u] in the process's list */
	struct list_head	set_list;	/* [l] in set->undos */
	struct sem_set		*set;		/* [I] no reference: its removal frees this */
	struct sem_undo_list	*list;		/* [I] no reference: its end frees this */
	short			adjust[];	/* [l] */
};

/* A semop(2), under way or asleep. */
struct sem_operation {
	struct list_head	list;		/* [l] */
	struct task_struct	*task;		/* [I] */
	const struct sembuf	*ops;		/* [I] */
	unsigned int		nops;		/* [I] */
	bool			alters;		/* [I] */
	struct sem_undo		*undo;		/* [I] NULL: no operation wants it */
	const struct sembuf	*blocking;	/* [l] the one that could not be done */
	int			result;		/* [l] SEM_ASLEEP, 0 or -errno */
};
#define SEM_ASLEEP 1

static inline struct sem_set *sem_set_of(struct ipc_object *obj)
{
	return container_of(obj, struct sem_set, obj);
}
static inline struct ipc_ids *sem_ids(struct ipc_namespace *ns)
{
	return &ns->ids[IPC_SEM];
}

/* sem_op.c; the set's lock is held */
void sem_values_changed(struct sem_set *set);	/* whoever can go on does */
void sem_wake_all(struct sem_set *set, int err);
int sem_count_waiters(const struct sem_set *set, int num, bool for_zero);
/* @timeout NULL: none. */
int sem_operate(int id, const struct sembuf __user *uops, unsigned int nops, const struct timespec64 *timeout);

/* sem_undo.c; the set's lock is held */
struct sem_undo *sem_find_undo(struct sem_undo_list *list, const struct sem_set *set);
void sem_add_undo(struct sem_undo_list *list, struct sem_set *set, struct sem_undo *undo);
void sem_forget_undo(struct sem_set *set, int num);	/* semctl has set semaphore @num */
/* The set goes: all adjustments go onto @dead, linked by set_list, to be freed by kvfree(). */
void sem_detach_undos(struct sem_set *set, struct list_head *dead);
int sem_make_undo_list(void);			/* current->sysvsem; no lock held. -ENOMEM */

/* sem.c: the commands of semctl, as plain functions. */
int sem_stat(struct ipc_namespace *ns, int id, int cmd, struct semid64_ds *ds);	/* IPC_STAT, SEM_STAT* */
int sem_info(struct ipc_namespace *ns, int cmd, struct seminfo *info);		/* IPC_INFO, SEM_INFO */
int sem_set_perm(struct ipc_namespace *ns, int id, const struct semid64_ds *ds);
int sem_remove(struct ipc_namespace *ns, int id);
long sys_semctl(int id, int num, int cmd, unsigned long arg);	/* of the 32-bit ABI: with IPC_64 */
