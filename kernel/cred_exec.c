// SPDX-License-Identifier: GPL-2.0-only
/*
 * What exec does to credentials: set-id bits, file capabilities and the transformation of the capability sets
 * of capabilities(7).
 */
#include <fs/binfmts.h>

#include <fs/file_caps.h>
#include <fs/vfs.h>
#include <kernel/cred.h>
#include <kernel/keys/keys.h>
#include <kernel/ptrace.h>
#include <kernel/signal.h>
#include <kernel/user_namespace.h>

/* Whose bits and capabilities count: an interpreter may be given those of the program it runs. */
static struct file *creds_file(const struct linux_binprm *bprm)
{
	return bprm->execfd_creds ? bprm->executable : bprm->file;
}

static void apply_set_id(struct linux_binprm *bprm, struct cred *new)
{
	struct file *file = creds_file(bprm);
	struct inode *inode = file_inode(file);
	umode_t mode = READ_ONCE(inode->i_mode);
	uid_t uid;
	gid_t gid;

	if (likely(!(mode & (S_ISUID | S_ISGID))) || current->no_new_privs || !mnt_may_suid(file->f_path.mnt))
		return;
	inode_lock_shared(inode);	/* bits and owner belong together: chown changes both */
	mode = inode->i_mode;
	uid = inode->i_uid;
	gid = inode->i_gid;
	inode_unlock_shared(inode);
	/* Nobody that could be named in this namespace. */
	if (!kuid_has_mapping(new->user_ns, uid) || !kgid_has_mapping(new->user_ns, gid))
		return;
	if (mode & S_ISUID) {
		new->euid = uid;
		bprm->per_clear |= PER_CLEAR_ON_SETID;
	}
	/* Set-group-id without group execute was once mandatory locking: no change of identity. */
	if ((mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP)) {
		new->egid = gid;
		bprm->per_clear |= PER_CLEAR_ON_SETID;
	}
}

/* How the program's file takes part in the transformation. */
struct exec_gain {
	bool	file_caps;	/* it has file capabilities that count */
	bool	effective;	/* what is permitted becomes effective */
};

/* P'(permitted) of the file: (F(permitted) & bounding) | (F(inheritable) & P(inheritable)). */
static int apply_file_caps(struct linux_binprm *bprm, struct cred *new, struct exec_gain *gain)
{
	struct file *file = creds_file(bprm);
	struct file_caps caps;
	int err;

	new->cap_permitted = CAP_EMPTY_SET;
	err = file_caps_for_exec(file_inode(file), &caps);
	if (likely(err == -ENODATA) || !mnt_may_suid(file->f_path.mnt))
		return 0;
	if (err)
		return err;
	gain->file_caps = true;
	gain->effective = caps.effective;
	new->cap_permitted.val = (caps.permitted & new->cap_bset.val) |
				 (caps.inheritable & new->cap_inheritable.val);
	/* A program that knows nothing of capabilities must not run with some of them missing. */
	return caps.effective && (caps.permitted & ~new->cap_permitted.val) ? -EPERM : 0;
}

/* root's programs have full sets, as if from the file; but a set-user-id-root one may limit itself by its own. */
static void apply_root(struct cred *new, struct exec_gain *gain)
{
	uid_t root = make_kuid(new->user_ns, 0);

	if ((new->securebits & SECBIT_NOROOT) || (gain->file_caps && new->uid != root && new->euid == root))
		return;
	if (new->euid == root || new->uid == root)
		new->cap_permitted.val = new->cap_bset.val | new->cap_inheritable.val;
	if (new->euid == root)
		gain->effective = true;
}

static bool is_set_id(const struct cred *new, const struct cred *old)
{
	return new->euid != old->uid || new->egid != old->gid;
}

static bool gains_caps(const struct cred *new, const struct cred *old)
{
	return new->cap_permitted.val & ~old->cap_permitted.val;
}

/* Somebody who could steer the program watches: no more than it had; root alone may keep the new identity. */
static void refuse_gain(struct cred *new, const struct cred *old)
{
	if (!is_set_id(new, old) && !gains_caps(new, old))
		return;
	if (current->no_new_privs || !ns_capable(old->user_ns, CAP_SETUID)) {
		new->euid = new->uid;
		new->egid = new->gid;
	}
	new->cap_permitted.val &= old->cap_permitted.val;
}

static void set_saved_ids(struct cred *new)
{
	new->suid = new->fsuid = new->euid;
	new->sgid = new->fsgid = new->egid;
}

static int transform_creds(struct linux_binprm *bprm, struct cred *new, const struct cred *old)
{
	struct exec_gain gain = {};
	bool set_id;
	int err;

	apply_set_id(bprm, new);
	err = apply_file_caps(bprm, new, &gain);
	if (err)
		return err;
	apply_root(new, &gain);
	if (gains_caps(new, old))
		bprm->per_clear |= PER_CLEAR_ON_SETID;
	set_id = is_set_id(new, old);
	if (bprm->unsafe)
		refuse_gain(new, old);
	set_saved_ids(new);
	if (gain.file_caps || set_id)
		new->cap_ambient = CAP_EMPTY_SET;
	new->cap_permitted.val |= new->cap_ambient.val;
	new->cap_effective = gain.effective ? new->cap_permitted : new->cap_ambient;
	new->securebits &= ~SECBIT_KEEP_CAPS;
	bprm->secureexec = set_id || (new->uid != make_kuid(new->user_ns, 0) &&
				       (gain.effective || (new->cap_permitted.val & ~new->cap_ambient.val)));
	return 0;
}

int prepare_exec_creds(struct linux_binprm *bprm)
{
	struct cred *new = prepare_creds();
	int err;

	if (!new)
		return -ENOMEM;
	err = new->keys ? keys_exec_creds(new) : 0;
	if (!err)
		err = transform_creds(bprm, new, current_cred());
	if (err) {
		abort_creds(new);
		return err;
	}
	bprm->cred = new;
	return 0;
}

void commit_exec_creds(struct linux_binprm *bprm)
{
	const struct cred *old = get_cred(current_cred());	/* not freed under the lock */
	struct cred *new = bprm->cred;
	bool gains;

	read_lock(&tasklist_lock);
	/* A tracer came meanwhile, or another thread's seccomp; from the commit on it is too late for that. */
	if (unlikely(current->no_new_privs || ptrace_exec_unsafe())) {
		refuse_gain(new, old);
		new->cap_effective.val &= new->cap_permitted.val;
		set_saved_ids(new);
	}
	gains = cred_gains(old, new);
	commit_creds(new);
	read_unlock(&tasklist_lock);
	put_cred(old);
	bprm->cred = NULL;
	if (bprm->secureexec && !gains)
		set_dumpable(current->mm, bprm->dumpable);
}
