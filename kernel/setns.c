// SPDX-License-Identifier: GPL-2.0-only
/*
 * setns(2): join the namespace that a file of /proc/<pid>/ns stands for, or several of those a pidfd's process
 * is in.
 *
 * A set of namespaces is prepared, each kind's install() checks and replaces its part, and only when all have
 * agreed is it committed.
 */
#include <generated/syscalls.h>

#include <fs/file.h>
#include <fs/fs_struct.h>
#include <fs/nsfs.h>
#include <kernel/cred.h>
#include <kernel/ipc/ipc.h>
#include <kernel/nsproxy.h>
#include <kernel/pid.h>
#include <kernel/time_namespace.h>

static int install(struct nsset *set, struct ns_common *ns)
{
	return ns->ops->install ? ns->ops->install(set, ns) : ns_install(set, ns);
}

static void put_nsset(struct nsset *set)
{
	if (set->cred)
		abort_creds(set->cred);
	if (set->fs && set->fs != current->fs)
		free_fs_struct(set->fs);
	if (set->nsproxy)
		put_nsproxy(set->nsproxy);
}

/* The mount namespace's own install() may move current->fs at once, if nothing else can fail after it. */
static int prepare_nsset(struct nsset *set, unsigned long flags)
{
	*set = (struct nsset){ .flags = flags, .fs = current->fs };
	set->nsproxy = create_nsproxy(0, current_user_ns(), NULL);
	if (IS_ERR(set->nsproxy))
		return PTR_ERR(set->nsproxy);
	if ((flags & CLONE_NEWUSER) && !(set->cred = prepare_creds()))
		goto nomem;
	if ((flags & CLONE_NEWNS) && flags != CLONE_NEWNS && !(set->fs = copy_fs_struct(current->fs)))
		goto nomem;
	return 0;
nomem:
	put_nsset(set);
	return -ENOMEM;
}

/* Nothing fails from here on. */
static void commit_nsset(struct nsset *set)
{
	if (set->cred)
		commit_creds(set->cred);
	if (set->fs != current->fs) {
		set_fs_root(current->fs, &set->fs->root);
		set_fs_pwd(current->fs, &set->fs->pwd);
		free_fs_struct(set->fs);
	}
	if (set->flags & CLONE_NEWIPC)	/* the adjustments there cannot be kept */
		exit_sem(current);
	switch_nsproxy(current, set->nsproxy);
	if (set->flags & CLONE_NEWTIME)
		timens_enter(current);
}

/* All that @flags name of what @t is in. */
static int install_all(struct nsset *set, struct task_struct *t)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < ns_table_size && !err; i++) {
		struct ns_common *ns;

		if (!(set->flags & ns_table[i]->type) || ns_table[i]->shown)
			continue;
		ns = ns_of_task(ns_table[i], t);
		if (!ns)
			return -ESRCH;		/* it has exited */
		err = install(set, ns);
		put_ns(ns);
	}
	return err;
}

static int install_from_pid(struct nsset *set, struct pid *pid)
{
	struct task_struct *t = get_pid_task(pid, PIDTYPE_PID);
	int err = -EPERM;

	if (!t)
		return -ESRCH;
	if (ptrace_may_access(t, PTRACE_MODE_READ | PTRACE_MODE_REALCREDS))
		err = install_all(set, t);
	put_task_struct(t);
	return err;
}

static bool types_known(unsigned long flags)
{
	unsigned long known = 0;
	unsigned int i;

	for (i = 0; i < ns_table_size; i++)
		known |= ns_table[i]->type;
	return flags && !(flags & ~known);
}

/* @flags: what is asked for becomes what is to be done. */
static int check_setns(const struct file *file, unsigned long *flags)
{
	const struct ns_common *ns = nsfs_file_ns(file);

	if (ns) {
		if (*flags && *flags != ns->ops->type)
			return -EINVAL;
		*flags = ns->ops->type;
		return 0;
	}
	if (IS_ERR(pidfd_pid(file)))
		return -EINVAL;
	return types_known(*flags) ? 0 : -EINVAL;
}

static int do_setns(struct file *file, unsigned long flags)
{
	struct ns_common *ns = nsfs_file_ns(file);
	struct nsset set;
	int err;

	err = check_setns(file, &flags);
	if (!err)
		err = prepare_nsset(&set, flags);
	if (err)
		return err;
	err = ns ? install(&set, ns) : install_from_pid(&set, pidfd_pid(file));
	if (err)
		put_nsset(&set);
	else
		commit_nsset(&set);
	return err;
}

long sys_setns(int fd, int flags)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = do_setns(f.file, (unsigned int)flags);
	fdput(f);
	return err;
}
