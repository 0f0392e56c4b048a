// SPDX-License-Identifier: GPL-2.0-only
/*
 * IPC namespaces: each has tables of System V objects, with limits, and POSIX message queues of its own.
 *
 * Interface: ipc.h, internal.h.  Locking: the count is atomic; the last reference is nobody else's.
 */
#include <kernel/ipc/internal.h>

#include <fs/procfs/proc_fs.h>
#include <kernel/ipc/mqueue.h>
#include <kernel/user_namespace.h>
#include <mm/slab.h>

struct ipc_namespace init_ipc_ns = {
	.ns = {
		.ops = &ipcns_operations,
		.user_ns = &init_user_ns,
		.inum = NS_INUM_IPC,
		.count = REFCOUNT_INIT(1),
	},
};

static void init_kinds(struct ipc_namespace *ns)
{
	sem_init_ns(ns);
	msg_init_ns(ns);
	shm_init_ns(ns);
	mq_init_ns(ns);
}

/* Whoever drops the last reference may be anywhere; destroying objects sleeps. */
static void free_namespace(struct work_struct *work)
{
	struct ipc_namespace *ns = container_of(work, struct ipc_namespace, free_work);

	sem_exit_ns(ns);
	msg_exit_ns(ns);
	shm_exit_ns(ns);
	mq_exit_ns(ns);
	ns_exit(&ns->ns);
	kfree(ns);
}

static struct ns_common *ipcns_clone(struct ns_common *old, struct user_namespace *user_ns, struct fs_struct *fs)
{
	struct ipc_namespace *ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	int err;

	if (!ns)
		return ERR_PTR(-ENOMEM);
	err = ns_init(&ns->ns, &ipcns_operations, user_ns);
	if (err) {
		kfree(ns);
		return ERR_PTR(err);
	}
	INIT_WORK(&ns->free_work, free_namespace);
	init_kinds(ns);
	return &ns->ns;
}

static void ipcns_free(struct ns_common *ns)
{
	schedule_work(&to_ipc_ns(ns)->free_work);
}

const struct ns_operations ipcns_operations = {
	.name = "ipc",
	.type = CLONE_NEWIPC,
	.slot = NS_IPC,
	.ucount = UCOUNT_IPC,
	.clone = ipcns_clone,
	.free = ipcns_free,
};

static void make_proc_files(void)
{
	struct proc_dir_entry *dir = proc_mkdir("sysvipc", NULL);

	proc_create_single("msg", 0444, dir, msg_proc_show, NULL);
	proc_create_single("sem", 0444, dir, sem_proc_show, NULL);
	proc_create_single("shm", 0444, dir, shm_proc_show, NULL);
}

void __init ipc_init(void)
{
	init_kinds(&init_ipc_ns);
	make_proc_files();
	ipc_sysctl_init();
	mqueue_fs_init();
}
