// SPDX-License-Identifier: GPL-2.0-only
/*
 * The IPC calls that only the 32-bit ABI has: semtimedop with 32-bit time, and *ctl whose command says by IPC_64
 * that its structures are the new ones (abi32.h).  What does not fit into the old ones is cut.
 *
 * Locking: none; each ends in a function of the kind's own file.
 */
#include <generated/syscalls.h>

#include <kernel/compat.h>
#include <kernel/ipc/abi32.h>
#include <kernel/ipc/msg.h>
#include <kernel/ipc/sem.h>
#include <kernel/ipc/shm.h>
#include <kernel/lib/string.h>
#include <asm/uaccess.h>

static struct perm_old perm_to_old(const struct ipc64_perm *perm)
{
	return (struct perm_old){
		.key = perm->key, .uid = perm->uid, .gid = perm->gid, .cuid = perm->cuid, .cgid = perm->cgid,
		.mode = perm->mode, .seq = perm->seq,
	};
}

static struct perm32 perm_to_new(const struct ipc64_perm *perm)
{
	return (struct perm32){
		.key = perm->key, .uid = perm->uid, .gid = perm->gid, .cuid = perm->cuid, .cgid = perm->cgid,
		.mode = perm->mode, .seq = perm->seq,
	};
}

/* What IPC_SET takes of either. */
#define PERM_FROM_USER(perm) (struct ipc64_perm){ .uid = (perm).uid, .gid = (perm).gid, .mode = (perm).mode }

/* ---- messages ------------------------------------------------------------------------------ */

static int msg_stat_old(void __user *buf, const struct msqid64_ds *ds)
{
	struct msqid_old old = {
		.perm = perm_to_old(&ds->msg_perm),
		.stime = ds->msg_stime, .rtime = ds->msg_rtime, .ctime = ds->msg_ctime,
		.cbytes = min(ds->msg_cbytes, (unsigned long)U16_MAX), .lcbytes = ds->msg_cbytes,
		.qnum = min(ds->msg_qnum, (unsigned long)U16_MAX),
		.qbytes = min(ds->msg_qbytes, (unsigned long)U16_MAX), .lqbytes = ds->msg_qbytes,
		.lspid = ds->msg_lspid, .lrpid = ds->msg_lrpid,
	};

	return copy_to_user(buf, &old, sizeof(old)) ? -EFAULT : 0;
}

static int msg_stat_new(void __user *buf, const struct msqid64_ds *ds)
{
	struct msqid32 new = {
		.perm = perm_to_new(&ds->msg_perm), .stime = ipc_get_time(&ds->msg_stime),
		.rtime = ipc_get_time(&ds->msg_rtime), .ctime = ipc_get_time(&ds->msg_ctime),
		.cbytes = ds->msg_cbytes, .qnum = ds->msg_qnum, .qbytes = ds->msg_qbytes,
		.lspid = ds->msg_lspid, .lrpid = ds->msg_lrpid,
	};

	return copy_to_user(buf, &new, sizeof(new)) ? -EFAULT : 0;
}

static int msg_set_user(int id, const void __user *buf, bool old_form)
{
	struct msqid64_ds ds = { 0 };
	struct msqid_old old;
	struct msqid32 new;

	if (old_form) {
		if (copy_from_user(&old, buf, sizeof(old)))
			return -EFAULT;
		ds.msg_perm = PERM_FROM_USER(old.perm);
		ds.msg_qbytes = old.qbytes ? old.qbytes : old.lqbytes;
	} else {
		if (copy_from_user(&new, buf, sizeof(new)))
			return -EFAULT;
		ds.msg_perm = PERM_FROM_USER(new.perm);
		ds.msg_qbytes = new.qbytes;
	}
	return msg_set(current_ipc_ns(), id, &ds);
}

long sys_old_msgctl(int id, int cmd, void __user *buf)
{
	bool old_form = !(cmd & IPC_64);
	struct msqid64_ds ds;
	int ret, err;

	cmd &= ~IPC_64;
	if (id < 0 || cmd < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_STAT:
	case MSG_STAT:
	case MSG_STAT_ANY:
		ret = msg_stat(current_ipc_ns(), id, cmd, &ds);
		if (ret < 0)
			return ret;
		err = old_form ? msg_stat_old(buf, &ds) : msg_stat_new(buf, &ds);
		return err ? err : ret;
	case IPC_SET:
		return msg_set_user(id, buf, old_form);
	default:
		return sys_msgctl(id, cmd, buf);
	}
}

/* ---- semaphores ---------------------------------------------------------------------------- */

static int sem_stat_old(void __user *buf, const struct semid64_ds *ds)
{
	struct semid_old old = {
		.perm = perm_to_old(&ds->sem_perm), .otime = ds->sem_otime, .ctime = ds->sem_ctime,
		.nsems = ds->sem_nsems,
	};

	return copy_to_user(buf, &old, sizeof(old)) ? -EFAULT : 0;
}

static int sem_stat_new(void __user *buf, const struct semid64_ds *ds)
{
	struct semid32 new = {
		.perm = perm_to_new(&ds->sem_perm), .otime = ipc_get_time(&ds->sem_otime),
		.ctime = ipc_get_time(&ds->sem_ctime), .nsems = ds->sem_nsems,
	};

	return copy_to_user(buf, &new, sizeof(new)) ? -EFAULT : 0;
}

static int sem_set_user(int id, const void __user *buf, bool old_form)
{
	struct semid64_ds ds = { 0 };
	struct semid_old old;
	struct semid32 new;

	if (old_form) {
		if (copy_from_user(&old, buf, sizeof(old)))
			return -EFAULT;
		ds.sem_perm = PERM_FROM_USER(old.perm);
	} else {
		if (copy_from_user(&new, buf, sizeof(new)))
			return -EFAULT;
		ds.sem_perm = PERM_FROM_USER(new.perm);
	}
	return sem_set_perm(current_ipc_ns(), id, &ds);
}

long sys_old_semctl(int id, int num, int cmd, unsigned long arg)
{
	void __user *buf = (void __user *)arg;
	bool old_form = !(cmd & IPC_64);
	struct semid64_ds ds;
	int ret, err;

	cmd &= ~IPC_64;
	if (id < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_STAT:
	case SEM_STAT:
	case SEM_STAT_ANY:
		ret = sem_stat(current_ipc_ns(), id, cmd, &ds);
		if (ret < 0)
			return ret;
		err = old_form ? sem_stat_old(buf, &ds) : sem_stat_new(buf, &ds);
		return err ? err : ret;
	case IPC_SET:
		return sem_set_user(id, buf, old_form);
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

static int shm_stat_old(void __user *buf, const struct shmid64_ds *ds)
{
	struct shmid_old old = {
		.perm = perm_to_old(&ds->shm_perm), .segsz = min(ds->shm_segsz, (__kernel_size_t)INT_MAX),
		.atime = ds->shm_atime, .dtime = ds->shm_dtime, .ctime = ds->shm_ctime,
		.cpid = ds->shm_cpid, .lpid = ds->shm_lpid, .nattch = ds->shm_nattch,
	};

	return copy_to_user(buf, &old, sizeof(old)) ? -EFAULT : 0;
}

static int shm_stat_new(void __user *buf, const struct shmid64_ds *ds)
{
	struct shmid32 new = {
		.perm = perm_to_new(&ds->shm_perm), .segsz = ds->shm_segsz, .atime = ipc_get_time(&ds->shm_atime),
		.dtime = ipc_get_time(&ds->shm_dtime), .ctime = ipc_get_time(&ds->shm_ctime),
		.cpid = ds->shm_cpid, .lpid = ds->shm_lpid, .nattch = ds->shm_nattch,
	};

	return copy_to_user(buf, &new, sizeof(new)) ? -EFAULT : 0;
}

static int shm_set_user(int id, const void __user *buf, bool old_form)
{
	struct shmid64_ds ds = { 0 };
	struct shmid_old old;
	struct shmid32 new;

	if (old_form) {
		if (copy_from_user(&old, buf, sizeof(old)))
			return -EFAULT;
		ds.shm_perm = PERM_FROM_USER(old.perm);
	} else {
		if (copy_from_user(&new, buf, sizeof(new)))
			return -EFAULT;
		ds.shm_perm = PERM_FROM_USER(new.perm);
	}
	return shm_set_perm(current_ipc_ns(), id, &ds);
}

static int shm_limits_user(void __user *buf, bool old_form)
{
	struct shminfo64 limits;
	int ret = shm_limits(current_ipc_ns(), &limits);
	unsigned long shmmax = min(limits.shmmax, (unsigned long)INT_MAX);
	struct shminfo_old old = {
		.shmmax = shmmax, .shmmin = limits.shmmin,
		.shmmni = limits.shmmni, .shmseg = limits.shmseg, .shmall = limits.shmall,
	};
	struct shminfo32 new = {
		.shmmax = is_compat_task() ? shmmax : limits.shmmax, .shmmin = limits.shmmin,
		.shmmni = limits.shmmni, .shmseg = limits.shmseg, .shmall = limits.shmall,
	};

	if (old_form)
		return copy_to_user(buf, &old, sizeof(old)) ? -EFAULT : ret;
	return copy_to_user(buf, &new, sizeof(new)) ? -EFAULT : ret;
}

static int shm_usage_user(void __user *buf)
{
	struct shm_info usage;
	int ret = shm_usage(current_ipc_ns(), &usage);
	struct shm_usage32 usage32 = {
		.used_ids = usage.used_ids, .total = usage.shm_tot, .resident = usage.shm_rss, .swapped = usage.shm_swp,
	};

	return copy_to_user(buf, &usage32, sizeof(usage32)) ? -EFAULT : ret;
}

long sys_old_shmctl(int id, int cmd, void __user *buf)
{
	bool old_form = !(cmd & IPC_64);
	struct shmid64_ds ds;
	int ret, err;

	cmd &= ~IPC_64;
	if (id < 0 || cmd < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
		return shm_limits_user(buf, old_form);
	case SHM_INFO:
		return shm_usage_user(buf);
	case IPC_STAT:
	case SHM_STAT:
	case SHM_STAT_ANY:
		ret = shm_stat(current_ipc_ns(), id, cmd, &ds);
		if (ret < 0)
			return ret;
		err = old_form ? shm_stat_old(buf, &ds) : shm_stat_new(buf, &ds);
		return err ? err : ret;
	case IPC_SET:
		return shm_set_user(id, buf, old_form);
	default:
		return sys_shmctl(id, cmd, buf);
	}
}
