// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/sys/kernel and fs/mqueue: the limits of System V IPC and POSIX message queues, those of the namespace
 * of whoever reads or writes.
 *
 * Locking: each is a single word.  What a lower limit no longer allows stays.
 */
#include <kernel/ipc/internal.h>

#include <fs/procfs/proc_fs.h>
#include <kernel/cred.h>

/* A table's data are offsets into the namespace. */
static struct ctl_table in_namespace(const struct ctl_table *t)
{
	struct ctl_table tmp = *t;

	tmp.data = (char *)current_ipc_ns() + (unsigned long)t->data;
	return tmp;
}

static int ns_int(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	struct ctl_table tmp = in_namespace(t);

	return sysctl_int(&tmp, write, buf, len, pos);
}

static int ns_ulong(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	struct ctl_table tmp = in_namespace(t);

	return sysctl_ulong(&tmp, write, buf, len, pos);
}

/* The last of the four, the number of sets, has a bound. */
static int sem_handler(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	struct ipc_namespace *ns = current_ipc_ns();
	int old = ns->sem_sets, err = ns_int(t, write, buf, len, pos);

	if (!err && write && (ns->sem_sets < 0 || ns->sem_sets > IPCMNI)) {
		ns->sem_sets = old;
		return -ERANGE;
	}
	return err;
}

static int rmid_forced_handler(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	int err = ns_int(t, write, buf, len, pos);

	if (!err && write && current_ipc_ns()->shm_rmid_forced)
		shm_destroy_orphans(current_ipc_ns());
	return err;
}

static int next_id_handler(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	struct ipc_namespace *ns = current_ipc_ns();

	if (write && !ns_capable(ns->ns.user_ns, CAP_CHECKPOINT_RESTORE) && !ns_capable(ns->ns.user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	return ns_int(t, write, buf, len, pos);
}

#define FIELD(name, field, h)							\
	.procname = name, .data = (void *)offsetof(struct ipc_namespace, field), \
	.maxlen = sizeof_field(struct ipc_namespace, field), .mode = 0644, .handler = h
#define LIMIT(name, field, lo, hi)	{ FIELD(name, field, ns_int), .min = lo, .max = hi }
#define NEXT_ID(name, kind)		{ FIELD(name, ids[kind].next_id, next_id_handler), .min = 0, .max = INT_MAX }

static const struct ctl_table ipc_table[] = {
	{ FIELD("shmmax", shm_ctlmax, ns_ulong) },
	{ FIELD("shmall", shm_ctlall, ns_ulong) },
	LIMIT("shmmni", shm_ctlmni, 0, IPCMNI),
	{ FIELD("shm_rmid_forced", shm_rmid_forced, rmid_forced_handler), .min = 0, .max = 1 },
	LIMIT("msgmax", msg_ctlmax, 0, INT_MAX),
	LIMIT("msgmnb", msg_ctlmnb, 0, INT_MAX),
	LIMIT("msgmni", msg_ctlmni, 0, IPCMNI),
	{ FIELD("sem", sem_ctls, sem_handler) },
	NEXT_ID("sem_next_id", IPC_SEM),
	NEXT_ID("msg_next_id", IPC_MSG),
	NEXT_ID("shm_next_id", IPC_SHM),
};

static const struct ctl_table mqueue_table[] = {
	{ FIELD("queues_max", mq_queues_max, ns_int) },
	LIMIT("msg_max", mq_msg_max, 1, 65536),
	LIMIT("msgsize_max", mq_msgsize_max, 128, 16 * 1024 * 1024),
	LIMIT("msg_default", mq_msg_default, 1, 65536),
	LIMIT("msgsize_default", mq_msgsize_default, 128, 16 * 1024 * 1024),
};

void __init ipc_sysctl_init(void)
{
	sysctl_register("kernel", ipc_table, ARRAY_SIZE(ipc_table));
	sysctl_register("fs/mqueue", mqueue_table, ARRAY_SIZE(mqueue_table));
}
