// SPDX-License-Identifier: GPL-2.0-only
/*
 * What exec does to credentials: set-id bits and the capability rules of capabilities(7).
 *
 * File capabilities (security.capability) are not built yet: see CAVEATS.
 */
#include <fs/binfmts.h>

#include <fs/vfs.h>
#include <kernel/cred.h>
#include <kernel/ptrace.h>
#include <kernel/signal.h>

/* The set-id bits, unless the mount, the tracer or the program itself has ruled them out. */
static void apply_set_id(struct linux_binprm *bprm, struct cred *new)
{
	struct inode *inode = file_inode(bprm->file);
	umode_t mode = READ_ONCE(inode->i_mode);

	if (!mnt_may_suid(bprm->file->f_path.mnt) || current->no_new_privs)
		return;
	/* Nobody that could be named in this namespace. */
	if (!kuid_has_mapping(new->user_ns, inode->i_uid) || !kgid_has_mapping(new->user_ns, inode->i_gid))
		return;
	if (mode & S_ISUID) {
		new->euid = inode->i_uid;
		bprm->per_clear |= PER_CLEAR_ON_SETID;
	}
	/* Set-group-id without group execute was once mandatory locking: no change of identity. */
	if ((mode & (S_ISGID | 0010)) == (S_ISGID | 0010)) {
		new->egid = inode->i_gid;
		bprm->per_clear |= PER_CLEAR_ON_SETID;
	}
}

/* root gets all that the bounding set allows; others keep only ambient ones. */
static void exec_capabilities(struct cred *new, const struct cred *old)
{
	bool root_matters = !(new->securebits & SECBIT_NOROOT);
	uid_t root = make_kuid(new->user_ns, 0);
	u64 permitted = new->cap_ambient.val;
	bool effective = false;

	if (root_matters && (new->euid == root || new->uid == root)) {
		permitted = old->cap_bset.val | old->cap_inheritable.val;
		effective = new->euid == root;
	}
	if (new->euid != old->euid || new->egid != old->egid)
		new->cap_ambient = CAP_EMPTY_SET;
	new->cap_permitted.val = permitted | new->cap_ambient.val;
	new->cap_effective.val = effective ? new->cap_permitted.val : new->cap_ambient.val;
}

static void set_saved_ids(struct cred *new)
{
	new->suid = new->fsuid = new->euid;
	new->sgid = new->fsgid = new->egid;
}

static void refuse_gain(struct cred *new, const struct cred *old)
{
	if (new->euid == old->uid && new->egid == old->gid)
		return;
	new->euid = new->uid;
	new->egid = new->gid;
	new->cap_permitted.val &= old->cap_permitted.val;
	new->cap_effective.val &= new->cap_permitted.val;
}

int prepare_exec_creds(struct linux_binprm *bprm)
{
	const struct cred *old = current_cred();
	struct cred *new = prepare_creds();

	if (!new)
		return -ENOMEM;
	apply_set_id(bprm, new);
	exec_capabilities(new, old);
	/* Shared with or traced by somebody who could steer it: keep the old identity, but for root. */
	if ((bprm->unsafe & ~LSM_UNSAFE_NO_NEW_PRIVS) && !ns_capable(old->user_ns, CAP_SETUID))
		refuse_gain(new, old);
	set_saved_ids(new);
	new->securebits &= ~SECBIT_KEEP_CAPS;
	bprm->secureexec = new->euid != new->uid || new->egid != new->gid;
	bprm->cred = new;
	return 0;
}

void commit_exec_creds(struct linux_binprm *bprm)
{
	const struct cred *old = get_cred(current_cred());	/* not freed under the lock */
	int dumpable = get_dumpable(current->mm);

	read_lock(&tasklist_lock);
	/* A tracer came meanwhile, or another thread's seccomp; from the commit on it is too late for that. */
	if (unlikely(current->no_new_privs || ptrace_exec_unsafe())) {
		refuse_gain(bprm->cred, old);
		set_saved_ids(bprm->cred);
	}
	commit_creds(bprm->cred);
	read_unlock(&tasklist_lock);
	put_cred(old);
	bprm->cred = NULL;
	if (!bprm->secureexec)		/* commit_creds() saw a change, but the program is the user's own */
		set_dumpable(current->mm, dumpable);
}
