// SPDX-License-Identifier: GPL-2.0-only
/*
 * unshare(2): have for oneself what clone would have shared.
 *
 * Everything is made first and committed when all of it is there: a failure changes nothing.
 */
#include <generated/syscalls.h>

#include <fs/file.h>
#include <fs/fs_struct.h>
#include <kernel/cred.h>
#include <kernel/ipc/ipc.h>
#include <kernel/nsproxy.h>
#include <kernel/signal.h>
#include <mm/mm.h>

/* What asks for more: one cannot be had without the other. */
static unsigned long implied_flags(unsigned long flags)
{
	if (flags & CLONE_NEWUSER)
		flags |= CLONE_THREAD | CLONE_FS;
	if (flags & CLONE_VM)
		flags |= CLONE_SIGHAND;
	if (flags & CLONE_SIGHAND)
		flags |= CLONE_THREAD;
	if (flags & CLONE_NEWNS)
		flags |= CLONE_FS;
	return flags;
}

static int check_unshare_flags(unsigned long flags)
{
	if (flags & ~(CLONE_NEW_ALL | CLONE_THREAD | CLONE_FS | CLONE_SIGHAND | CLONE_VM | CLONE_FILES | CLONE_SYSVSEM))
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

static struct cred *unshare_user_ns(unsigned long flags)
{
	struct cred *new;
	int err;

	if (!(flags & CLONE_NEWUSER))
		return NULL;
	new = prepare_creds();
	if (!new)
		return ERR_PTR(-ENOMEM);
	err = create_user_ns(new);
	if (err) {
		abort_creds(new);
		return ERR_PTR(err);
	}
	return new;
}

static struct nsproxy *unshare_namespaces(unsigned long flags, struct user_namespace *user_ns, struct fs_struct *fs)
{
	if (!(flags & CLONE_NEW_ALL & ~CLONE_NEWUSER))
		return NULL;
	if (!ns_capable(user_ns, CAP_SYS_ADMIN))
		return ERR_PTR(-EPERM);
	return create_nsproxy(flags, user_ns, fs);
}

long sys_unshare(unsigned long flags)
{
	struct fs_struct *fs = NULL;
	struct nsproxy *ns;
	struct cred *cred;
	int err;

	flags = implied_flags(flags);
	err = check_unshare_flags(flags);
	if (err)
		return err;
	if ((flags & CLONE_FS) && current->fs->users > 1) {
		fs = copy_fs_struct(current->fs);
		if (!fs)
			return -ENOMEM;
	}
	cred = unshare_user_ns(flags);
	err = PTR_ERR_OR_ZERO(cred);
	if (err)
		goto free_fs;
	ns = unshare_namespaces(flags, cred ? cred->user_ns : current_user_ns(), fs ? fs : current->fs);
	err = PTR_ERR_OR_ZERO(ns);
	if (err)
		goto put_cred;
	if (flags & CLONE_FILES)
		err = unshare_files();
	if (err)
		goto put_ns;
	/* Commit. */
	if (fs)
		switch_fs_struct(fs);
	if (flags & (CLONE_SYSVSEM | CLONE_NEWIPC))
		exit_sem(current);
	if (flags & CLONE_NEWIPC)
		exit_shm(current);
	if (ns)
		switch_nsproxy(current, ns);
	if (cred)
		commit_creds(cred);
	return 0;

put_ns:
	if (ns)
		put_nsproxy(ns);
put_cred:
	if (cred)
		abort_creds(cred);
free_fs:
	if (fs)
		free_fs_struct(fs);
	return err;
}
