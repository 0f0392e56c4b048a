/* SPDX-License-Identifier: GPL-2.0-only */
/* A System V shared memory segment: shared by shm.c (segments, shmctl) and shm_attach.c (attachments). */
#pragma once

#include <kernel/ipc/internal.h>

struct file;
struct user_struct;

/* Bits of a segment's mode besides the permissions; IPC_STAT shows them. */
#define SHM_DEST		01000	/* removed, but attached: goes with the last attachment */
#define SHM_LOCKED		02000

struct shm_segment {
	struct ipc_object	obj;		/* first; its lock is [l] below */
	struct ipc_namespace	*ns;		/* [I] no reference: valid until deleted */
	struct file		*file;		/* [I] its pages; valid until deleted */
	size_t			size;		/* [I] bytes */
	unsigned long		nattch;		/* [l] attachments */
	time64_t		atime, dtime, ctime; /* [l] last attach, detach, change */
	struct pid		*cpid, *lpid;	/* [I]; [l] creator, last who attached or detached */
	struct user_struct	*lock_user;	/* [l] whom its SHM_LOCK counts against */
	struct task_struct	*creator;	/* [c] NULL: has ended */
	struct hlist_node	creator_node;	/* [c] in creator->shm_created; c: creators_lock of shm.c */
};

static inline struct shm_segment *shm_segment_of(struct ipc_object *obj)
{
	return container_of(obj, struct shm_segment, obj);
}
static inline struct ipc_ids *shm_ids(struct ipc_namespace *ns)
{
	return &ns->ids[IPC_SHM];
}

/* shm.c: the name of its file, as /proc/<pid>/maps shows it. */
#define SHM_NAME_SIZE 16
void shm_name(char name[SHM_NAME_SIZE], const struct shm_segment *shm);
/* An attachment less; no lock held. The segment goes if that was what kept it. */
void shm_put_attachment(struct ipc_namespace *ns, struct shm_segment *shm);

/* shm.c: the commands of shmctl, as plain functions. */
int shm_limits(struct ipc_namespace *ns, struct shminfo64 *info);		/* IPC_INFO */
int shm_usage(struct ipc_namespace *ns, struct shm_info *info);			/* SHM_INFO */
int shm_stat(struct ipc_namespace *ns, int id, int cmd, struct shmid64_ds *ds);	/* IPC_STAT, SHM_STAT* */
int shm_set_perm(struct ipc_namespace *ns, int id, const struct shmid64_ds *ds);
int shm_remove(struct ipc_namespace *ns, int id);
int shm_lock(struct ipc_namespace *ns, int id, bool lock);
long sys_shmctl(int id, int cmd, void __user *buf);	/* of the 32-bit ABI: with IPC_64 */
