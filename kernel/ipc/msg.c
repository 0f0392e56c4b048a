// SPDX-License-Identifier: GPL-2.0-only
/*
 * System V message queues: how they come and go, msgget(2) and msgctl(2).  Messages: msg_transfer.c.
 *
 * Interface: msg.h.  Locking: the object's lock for a queue; ids->rwsem for the table.
 */
#include <kernel/ipc/msg.h>

#include <fs/seq_file.h>
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

/* ---- life ---------------------------------------------------------------------------------- */

static void release_queue(struct ipc_object *obj)
{
	struct msg_queue *q = msg_queue_of(obj);

	put_pid(q->lspid);
	put_pid(q->lrpid);
	kfree(q);
}

static int create_queue(struct ipc_namespace *ns, const struct ipc_params *params)
{
	struct msg_queue *q = kzalloc(sizeof(*q), GFP_KERNEL);
	int id;

	if (!q)
		return -ENOMEM;
	ipc_init_object(&q->obj, params, release_queue);
	q->ctime = ktime_get_real_seconds();
	q->max_bytes = ns->msg_ctlmnb;
	INIT_LIST_HEAD(&q->messages);
	INIT_LIST_HEAD(&q->receivers);
	INIT_LIST_HEAD(&q->senders);
	id = ipc_add(msg_ids(ns), &q->obj, ns->msg_ctlmni);
	if (id < 0)
		ipc_put(&q->obj);
	return id;
}

/* rwsem for write and the queue's lock are held, which is dropped: out of the table, sleepers woken. */
static void destroy_queue(struct ipc_namespace *ns, struct ipc_object *obj)
{
	struct msg_queue *q = msg_queue_of(obj);
	struct msg_message *msg, *next;
	LIST_HEAD(messages);

	ipc_remove(msg_ids(ns), obj);
	msg_wake_all(q, -EIDRM);
	list_splice_init(&q->messages, &messages);
	spin_unlock(&obj->lock);
	list_for_each_entry_safe(msg, next, &messages, list) {
		atomic_long_dec(&ns->msg_count);
		kvfree(msg);
	}
	atomic_long_sub(q->bytes, &ns->msg_bytes);
	ipc_put(obj);
}

void msg_init_ns(struct ipc_namespace *ns)
{
	ns->msg_ctlmax = MSGMAX;
	ns->msg_ctlmnb = MSGMNB;
	ns->msg_ctlmni = MSGMNI;
	ipc_init_ids(msg_ids(ns));
}

void msg_exit_ns(struct ipc_namespace *ns)
{
	ipc_destroy_all(ns, msg_ids(ns), destroy_queue);
	idr_destroy(&msg_ids(ns)->objects);
}

long sys_msgget(key_t key, int flags)
{
	static const struct ipc_ops ops = { .create = create_queue };
	struct ipc_params params = { .key = key, .flags = flags };
	struct ipc_namespace *ns = current_ipc_ns();

	return ipc_get(ns, msg_ids(ns), &params, &ops);
}

/* ---- control ------------------------------------------------------------------------------- */

int msg_info(struct ipc_namespace *ns, int cmd, struct msginfo *info)
{
	int last;

	memset(info, 0, sizeof(*info));
	info->msgmni = ns->msg_ctlmni;
	info->msgmax = ns->msg_ctlmax;
	info->msgmnb = ns->msg_ctlmnb;
	info->msgssz = MSGSSZ;
	info->msgseg = MSGSEG;
	info->msgpool = MSGPOOL;
	info->msgmap = MSGMAP;
	info->msgtql = MSGTQL;
	down_read(&msg_ids(ns)->rwsem);
	if (cmd == MSG_INFO) {
		info->msgpool = msg_ids(ns)->in_use;
		info->msgmap = atomic_long_read(&ns->msg_count);
		info->msgtql = atomic_long_read(&ns->msg_bytes);
	}
	last = ipc_max_index(msg_ids(ns));
	up_read(&msg_ids(ns)->rwsem);
	return last;
}

static void fill_ds(struct msg_queue *q, struct msqid64_ds *ds)
{
	memset(ds, 0, sizeof(*ds));
	ipc_perm_to_user(&q->obj, &ds->msg_perm);
	ipc_put_time(&ds->msg_stime, q->stime);
	ipc_put_time(&ds->msg_rtime, q->rtime);
	ipc_put_time(&ds->msg_ctime, q->ctime);
	ds->msg_cbytes = q->bytes;
	ds->msg_qnum = q->count;
	ds->msg_qbytes = q->max_bytes;
	ds->msg_lspid = pid_vnr(q->lspid);
	ds->msg_lrpid = pid_vnr(q->lrpid);
}

int msg_stat(struct ipc_namespace *ns, int id, int cmd, struct msqid64_ds *ds)
{
	struct ipc_object *obj = cmd == IPC_STAT ? ipc_find(msg_ids(ns), id) : ipc_find_index(msg_ids(ns), id);
	int err;

	if (IS_ERR(obj))
		return PTR_ERR(obj);
	err = ipc_lock_for_stat(ns, obj, cmd == MSG_STAT_ANY);
	if (!err) {
		fill_ds(msg_queue_of(obj), ds);
		spin_unlock(&obj->lock);
		err = cmd == IPC_STAT ? 0 : obj->id;
	}
	ipc_put(obj);
	return err;
}

static int set_locked(struct ipc_namespace *ns, struct msg_queue *q, const struct msqid64_ds *ds)
{
	int err;

	if (ds->msg_qbytes > (unsigned long)ns->msg_ctlmnb && !capable(CAP_SYS_RESOURCE))
		return -EPERM;
	err = ipc_set_perm(&q->obj, &ds->msg_perm);
	if (err)
		return err;
	q->max_bytes = ds->msg_qbytes;
	q->ctime = ktime_get_real_seconds();
	msg_wake_all(q, -EAGAIN);	/* permissions and room may be others now */
	return 0;
}

int msg_set(struct ipc_namespace *ns, int id, const struct msqid64_ds *ds)
{
	struct ipc_object *obj;
	int err;

	down_write(&msg_ids(ns)->rwsem);
	obj = ipc_find_owned(ns, msg_ids(ns), id);
	err = PTR_ERR_OR_ZERO(obj);
	if (!err) {
		spin_lock(&obj->lock);
		err = set_locked(ns, msg_queue_of(obj), ds);
		spin_unlock(&obj->lock);
	}
	up_write(&msg_ids(ns)->rwsem);
	return err;
}

int msg_remove(struct ipc_namespace *ns, int id)
{
	struct ipc_object *obj;

	down_write(&msg_ids(ns)->rwsem);
	obj = ipc_find_owned(ns, msg_ids(ns), id);
	if (!IS_ERR(obj)) {
		spin_lock(&obj->lock);
		destroy_queue(ns, obj);
	}
	up_write(&msg_ids(ns)->rwsem);
	return PTR_ERR_OR_ZERO(obj);
}

long sys_msgctl(int id, int cmd, void __user *buf)
{
	struct ipc_namespace *ns = current_ipc_ns();
	struct msqid64_ds ds;
	struct msginfo info;
	int ret;

	if (id < 0 || cmd < 0)
		return -EINVAL;
	switch (cmd) {
	case IPC_INFO:
	case MSG_INFO:
		ret = msg_info(ns, cmd, &info);
		return copy_to_user(buf, &info, sizeof(info)) ? -EFAULT : ret;
	case IPC_STAT:
	case MSG_STAT:
	case MSG_STAT_ANY:
		ret = msg_stat(ns, id, cmd, &ds);
		return ret >= 0 && copy_to_user(buf, &ds, sizeof(ds)) ? -EFAULT : ret;
	case IPC_SET:
		return copy_from_user(&ds, buf, sizeof(ds)) ? -EFAULT : msg_set(ns, id, &ds);
	case IPC_RMID:
		return msg_remove(ns, id);
	default:
		return -EINVAL;
	}
}

/* ---- /proc/sysvipc/msg --------------------------------------------------------------------- */

static void show_queue(struct seq_file *m, struct msg_queue *q)
{
	const struct ipc_object *obj = &q->obj;

	seq_printf(m, "%10d %10d  %4o  %10lu %10lu %5u %5u %5u %5u %5u %5u %10llu %10llu %10llu\n",
		   obj->key, obj->id, obj->mode, q->bytes, q->count, pid_vnr(q->lspid), pid_vnr(q->lrpid),
		   uid_to_user(obj->uid), gid_to_user(obj->gid),
		   uid_to_user(obj->cuid), gid_to_user(obj->cgid), (u64)q->stime, (u64)q->rtime, (u64)q->ctime);
}

int msg_proc_show(struct seq_file *m, void *unused)
{
	struct ipc_ids *ids = msg_ids(current_ipc_ns());
	struct ipc_object *obj;
	int index;

	seq_puts(m, "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid"
		    "      stime      rtime      ctime\n");
	down_read(&ids->rwsem);
	idr_for_each_entry(&ids->objects, obj, index) {
		spin_lock(&obj->lock);
		show_queue(m, msg_queue_of(obj));
		spin_unlock(&obj->lock);
	}
	up_read(&ids->rwsem);
	return 0;
}
