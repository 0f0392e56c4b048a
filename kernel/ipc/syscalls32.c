// SPDX-License-Identifier: GPL-2.0-only
/*
 * The IPC calls that only the 32-bit ABI has: semtimedop with 32-bit time, and *ctl whose command says by IPC_64
 * that its structures are the new ones.  The old ones have 16-bit ids and limits; what does not fit is cut.
 *
 * Locking: none; each ends in a function of the kind's own file.
 */
#include <generated/syscalls.h>

#include <kernel/ipc/msg.h>
#include <kernel/ipc/sem.h>
#include <kernel/ipc/shm.h>
#include <kernel/lib/string.h>
#include <asm/uaccess.h>

static void perm_to_old(struct ipc_perm *old, const struct ipc64_perm *perm)
{
	old->key = perm->key;
	old->uid = perm->uid;
	old->gid = perm->gid;
	old->cuid = perm->cuid;
	old->cgid = perm->cgid;
	old->mode = perm->mode;
	old->seq = perm->seq;
}

/* What IPC_SET takes. */
static void perm_from_old(struct ipc64_perm *perm, const struct ipc_perm *old)
{
	perm->uid = old->uid;
	perm->gid = old->gid;
	perm->mode = old->mode;
}

/* ---- messages ------------------------------------------------------------------------------ */

static int msg_stat_old(int id, int cmd, void __user *buf)
{
	struct msqid_ds old = { 0 };
	struct msqid64_ds ds;
	int ret = msg_stat(current_ipc_ns(), id, cmd, &ds);

	if (ret < 0)
		return ret;
	perm_to_old(&old.msg_perm, &ds.msg_perm);
	old.msg_stime = ds.msg_stime;
	old.msg_rtime = ds.msg_rtime;
	old.msg_ctime = ds.msg_ctime;
	old.msg_cbytes = min(ds.msg_cbytes, (unsigned long)U16_MAX);
	old.msg_lcbytes = ds.msg_cbytes;
	old.msg_qnum = min(ds.msg_qnum, (unsigned long)U16_MAX);
	old.msg_qbytes = min(ds.msg_qbytes, (unsigned long)U16_MAX);
	old.msg_lqbytes = ds.msg_qbytes;
	old.msg_lspid = ds.msg_lspid;
	old.msg_lrpid = ds.msg_lrpid;
	return copy_to_user(buf, &old, sizeof(old)) ? -EFAULT : ret;
}

static int msg_set_old(int id, const void __user *buf)
{
	struct msqid64_ds ds = { 0 };
	struct msqid_ds old;

	if (copy_from_user(&old, buf, sizeof(old)))
		return -EFAULT;
	perm_from_old(&ds.msg_perm, &old.msg_perm);
	ds.msg_qbytes = old.msg_qbytes ? old.msg_qbytes : old.msg_lqbytes;
	return msg_set(current_ipc_ns(), id, &ds);
}

long sys_old_msgctl(int id, int cmd, void __user *buf)
{
	if (cmd & IPC_64)
		return sys_msgctl(id, cmd ^ IPC_64, buf);
	if (id < 0 || cmd < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_STAT:
	case MSG_STAT:
	case MSG_STAT_ANY:
		return msg_stat_old(id, cmd, buf);
	case IPC_SET:
		return msg_set_old(id, buf);
	default:
		return sys_msgctl(id, cmd, buf);
	}
}

/* ---- semaphores ---------------------------------------------------------------------------- */

static int sem_stat_old(int id, int cmd, void __user *buf)
{
	struct semid_ds old = { 0 };
	struct semid64_ds ds;
	int ret = sem_stat(current_ipc_ns(), id, cmd, &ds);

	if (ret < 0)
		return ret;
	perm_to_old(&old.sem_perm, &ds.sem_perm);
	old.sem_otime = ds.sem_otime;
	old.sem_ctime = ds.sem_ctime;
	old.sem_nsems = ds.sem_nsems;
	return copy_to_user(buf, &old, sizeof(old)) ? -EFAULT : ret;
}

static int sem_set_old(int id, const void __user *buf)
{
	struct semid64_ds ds = { 0 };
	struct semid_ds old;

	if (copy_from_user(&old, buf, sizeof(old)))
		return -EFAULT;
	perm_from_old(&ds.sem_perm, &old.sem_perm);
	return sem_set_perm(current_ipc_ns(), id, &ds);
}

long sys_old_semctl(int id, int num, int cmd, unsigned long arg)
{
	if (cmd & IPC_64)
		return sys_semctl(id, num, cmd ^ IPC_64, arg);
	if (id < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_STAT:
	case SEM_STAT:
	case SEM_STAT_ANY:
		return sem_stat_old(id, cmd, (void __user *)arg);
	case IPC_SET:
		return sem_set_old(id, (const void __user *)arg);
	default:
		return sys_semctl(id, num, cmd, arg);
	}
}

long sys_semtimedop_time32(int id, struct sembuf __user *ops, unsigned int nops, const void __user *utimeout)
{
	struct timespec64 timeout;

	if (utimeout && get_old_timespec32(&timeout, utimeout))
		return -EFAULT;
	return sem_operate(id, ops, nops, utimeout ? &timeout : NULL);
}

/* ---- shared memory ------------------------------------------------------------------------- */

static int shm_stat_old(int id, int cmd, void __user *buf)
{
	struct shmid_ds old = { 0 };
	struct shmid64_ds ds;
	int ret = shm_stat(current_ipc_ns(), id, cmd, &ds);

	if (ret < 0)
		return ret;
	perm_to_old(&old.shm_perm, &ds.shm_perm);
	old.shm_segsz = min(ds.shm_segsz, (__kernel_size_t)INT_MAX);
	old.shm_atime = ds.shm_atime;
	old.shm_dtime = ds.shm_dtime;
	old.shm_ctime = ds.shm_ctime;
	old.shm_cpid = ds.shm_cpid;
	old.shm_lpid = ds.shm_lpid;
	old.shm_nattch = ds.shm_nattch;
	return copy_to_user(buf, &old, sizeof(old)) ? -EFAULT : ret;
}

static int shm_set_old(int id, const void __user *buf)
{
	struct shmid64_ds ds = { 0 };
	struct shmid_ds old;

	if (copy_from_user(&old, buf, sizeof(old)))
		return -EFAULT;
	perm_from_old(&ds.shm_perm, &old.shm_perm);
	return shm_set_perm(current_ipc_ns(), id, &ds);
}

static int shm_limits_old(void __user *buf)
{
	struct shminfo64 limits;
	int ret = shm_limits(current_ipc_ns(), &limits);
	struct shminfo old = {
		.shmmax = min(limits.shmmax, (unsigned long)INT_MAX), .shmmin = limits.shmmin,
		.shmmni = limits.shmmni, .shmseg = limits.shmseg, .shmall = limits.shmall,
	};

	return copy_to_user(buf, &old, sizeof(old)) ? -EFAULT : ret;
}

long sys_old_shmctl(int id, int cmd, void __user *buf)
{
	if (cmd & IPC_64)
		return sys_shmctl(id, cmd ^ IPC_64, buf);
	if (id < 0 || cmd < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
		return shm_limits_old(buf);
	case IPC_STAT:
	case SHM_STAT:
	case SHM_STAT_ANY:
		return shm_stat_old(id, cmd, buf);
	case IPC_SET:
		return shm_set_old(id, buf);
	default:
		return sys_shmctl(id, cmd, buf);
	}
}
