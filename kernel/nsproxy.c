// SPDX-License-Identifier: GPL-2.0-only
/*
 * Namespaces a task is in: the nsproxy, shared until somebody unshares; the uts namespace; unshare(2).
 *
 * Locking: an nsproxy is immutable once a task's; task->nsproxy is replaced under task_lock by its own task.
 */
#include <kernel/nsproxy.h>

#include <generated/syscalls.h>
#include <fs/file.h>
#include <fs/fs_struct.h>
#include <kernel/cred.h>
#include <kernel/fork.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <mm/mm.h>
#include <mm/slab.h>

DECLARE_RWSEM(uts_sem);

struct uts_namespace init_uts_ns = {
	.count = REFCOUNT_INIT(2),
	.user_ns = &init_user_ns,
	.inum = 0xeffffffeU,
	.name = {
		.sysname = "Linux",
		.nodename = "(none)",
		.release = THIMBLE_RELEASE,
		.version = THIMBLE_VERSION,
		.domainname = "(none)",
	},
};

struct nsproxy init_nsproxy = {
	.count = REFCOUNT_INIT(1),
	.uts_ns = &init_uts_ns,
	.pid_ns_for_children = &init_pid_ns,
};

static void put_uts_ns(struct uts_namespace *ns)
{
	if (refcount_dec_and_test(&ns->count))
		kfree(ns);
}

static struct uts_namespace *copy_utsname(unsigned long flags, struct uts_namespace *old)
{
	struct uts_namespace *ns;

	if (!(flags & CLONE_NEWUTS)) {
		refcount_inc(&old->count);
		return old;
	}
	ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	if (!ns)
		return ERR_PTR(-ENOMEM);
	refcount_set(&ns->count, 1);
	ns->user_ns = old->user_ns;
	ns->inum = get_next_ino();
	down_read(&uts_sem);
	ns->name = old->name;
	up_read(&uts_sem);
	return ns;
}

void put_nsproxy(struct nsproxy *ns)
{
	if (!refcount_dec_and_test(&ns->count))
		return;
	if (ns->mnt_ns)
		put_mnt_ns(ns->mnt_ns);
	put_uts_ns(ns->uts_ns);
	put_pid_ns(ns->pid_ns_for_children);
	kfree(ns);
}

/* A new set; @fs is the fs_struct whose root and cwd move into a new mount namespace. */
static struct nsproxy *create_nsproxy(unsigned long flags, struct nsproxy *old, struct fs_struct *fs)
{
	struct nsproxy *ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	int err;

	if (!ns)
		return ERR_PTR(-ENOMEM);
	refcount_set(&ns->count, 1);
	ns->uts_ns = copy_utsname(flags, old->uts_ns);
	if (IS_ERR(ns->uts_ns)) {
		err = PTR_ERR(ns->uts_ns);
		goto free_ns;
	}
	ns->mnt_ns = copy_mnt_ns(flags, old->mnt_ns, fs);
	if (IS_ERR(ns->mnt_ns)) {
		err = PTR_ERR(ns->mnt_ns);
		goto put_uts;
	}
	ns->pid_ns_for_children = get_pid_ns(old->pid_ns_for_children);
	return ns;
put_uts:
	put_uts_ns(ns->uts_ns);
free_ns:
	kfree(ns);
	return ERR_PTR(err);
}

int copy_namespaces(unsigned long flags, struct task_struct *child)
{
	struct nsproxy *old = current->nsproxy, *ns;

	if (likely(!(flags & (CLONE_NEWNS | CLONE_NEWUTS)))) {
		refcount_inc(&old->count);
		child->nsproxy = old;
		return 0;
	}
	if (!ns_capable(current_user_ns(), CAP_SYS_ADMIN))
		return -EPERM;
	ns = create_nsproxy(flags, old, child->fs);
	if (IS_ERR(ns))
		return PTR_ERR(ns);
	child->nsproxy = ns;
	return 0;
}

static void switch_nsproxy(struct task_struct *t, struct nsproxy *new)
{
	struct nsproxy *old;

	task_lock(t);
	old = t->nsproxy;
	t->nsproxy = new;
	task_unlock(t);
	if (old)
		put_nsproxy(old);
}

void exit_task_namespaces(struct task_struct *t)
{
	switch_nsproxy(t, NULL);
}

/* There is one pid namespace: it is never put for the last time, and its init's death is a panic. */
void put_pid_ns(struct pid_namespace *ns)
{
	ASSERT(ns == &init_pid_ns);
}

void zap_pid_ns_processes(struct pid_namespace *ns)
{
	ASSERT(ns != &init_pid_ns);
}

static int unshare_check(unsigned long flags)
{
	if (flags & ~(CLONE_THREAD | CLONE_FS | CLONE_NEWNS | CLONE_SIGHAND | CLONE_VM | CLONE_FILES |
		      CLONE_SYSVSEM | CLONE_NEWUTS))
		return -EINVAL;
	/* A thread cannot leave its group; alone, there is nothing to leave. */
	if ((flags & (CLONE_THREAD | CLONE_SIGHAND | CLONE_VM)) && current->signal->nr_threads > 1)
		return -EINVAL;
	if ((flags & (CLONE_SIGHAND | CLONE_VM)) && refcount_read(&current->sighand->count) > 1)
		return -EINVAL;
	if ((flags & CLONE_VM) && atomic_read(&current->mm->mm_users) > 1)
		return -EINVAL;
	return 0;
}

long sys_unshare(unsigned long flags)
{
	struct nsproxy *ns;
	int err;

	if (flags & CLONE_NEWNS)
		flags |= CLONE_FS;
	err = unshare_check(flags);
	if (err)
		return err;
	if ((flags & (CLONE_NEWNS | CLONE_NEWUTS)) && !ns_capable(current_user_ns(), CAP_SYS_ADMIN))
		return -EPERM;
	if (flags & CLONE_FS)
		err = unshare_fs_struct();
	if (!err && (flags & CLONE_FILES))
		err = unshare_files();
	if (err || !(flags & (CLONE_NEWNS | CLONE_NEWUTS)))
		return err;
	ns = create_nsproxy(flags, current->nsproxy, current->fs);
	if (IS_ERR(ns))
		return PTR_ERR(ns);
	switch_nsproxy(current, ns);
	return 0;
}
