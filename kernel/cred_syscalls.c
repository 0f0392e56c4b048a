// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls that read and change identity: the set*id family, groups, capget and capset.
 *
 * Each change prepares a copy of the credentials, alters it and commits it, or drops it.  What a change of
 * the user ids does to capabilities is in one place, fixup_uid_caps().
 */
#include <generated/syscalls.h>

#include <kernel/cred.h>
#include <kernel/lib/sort.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <asm/uaccess.h>

#define ID_NONE		ID_INVALID	/* leave as it is */
#define SECURE(c, bit)	((c)->securebits & (1 << (bit)))

/* An argument that may be ID_NONE, to the kernel's id; false: no such id. */
static bool uid_argument(uid_t *uid)
{
	uid_t kuid = uid_from_user(*uid);
	bool valid = *uid == ID_NONE || kuid != ID_INVALID;

	*uid = kuid;
	return valid;
}

static bool gid_argument(gid_t *gid)
{
	gid_t kgid = gid_from_user(*gid);
	bool valid = *gid == ID_NONE || kgid != ID_INVALID;

	*gid = kgid;
	return valid;
}

/* capabilities(7), "Effect of user ID changes". */
static void fixup_uid_caps(struct cred *new, const struct cred *old)
{
	uid_t root = make_kuid(old->user_ns, 0);
	bool had_root = old->uid == root || old->euid == root || old->suid == root;
	bool has_root = new->uid == root || new->euid == root || new->suid == root;

	if (SECURE(new, SECURE_NO_SETUID_FIXUP))
		return;
	if (had_root && !has_root) {
		if (!SECURE(new, SECURE_KEEP_CAPS)) {
			new->cap_permitted = CAP_EMPTY_SET;
			new->cap_effective = CAP_EMPTY_SET;
		}
		new->cap_ambient = CAP_EMPTY_SET;
	}
	if (old->euid == root && new->euid != root)
		new->cap_effective = CAP_EMPTY_SET;
	if (old->euid != root && new->euid == root)
		new->cap_effective = new->cap_permitted;
}

/* Ditto for fsuid alone: only what file access needs. */
static void fixup_fsuid_caps(struct cred *new, const struct cred *old)
{
	const u64 fs_caps = 1ULL << CAP_CHOWN | 1ULL << CAP_MKNOD | 1ULL << CAP_DAC_OVERRIDE |
			    1ULL << CAP_DAC_READ_SEARCH | 1ULL << CAP_FOWNER | 1ULL << CAP_FSETID |
			    1ULL << CAP_LINUX_IMMUTABLE | 1ULL << CAP_MAC_OVERRIDE;
	uid_t root = make_kuid(old->user_ns, 0);

	if (SECURE(new, SECURE_NO_SETUID_FIXUP))
		return;
	if (old->fsuid == root && new->fsuid != root)
		new->cap_effective.val &= ~fs_caps;
	if (old->fsuid != root && new->fsuid == root)
		new->cap_effective.val |= new->cap_permitted.val & fs_caps;
}

/* The real uid changed: count against the other user. */
static int set_user(struct cred *new)
{
	struct user_struct *u = alloc_uid(new->uid);

	if (!u)
		return -EAGAIN;
	free_uid(new->user);
	new->user = u;
	return 0;
}

/* Too many already: setuid works, but the next execve fails (most programs ignore setuid's result). */
static void flag_nproc_exceeded(const struct cred *new, const struct cred *old)
{
	if (new->user == old->user)
		return;
	if ((unsigned long)atomic_read(&new->user->processes) > rlimit(RLIMIT_NPROC) && new->user != &root_user)
		current->flags |= PF_NPROC_EXCEEDED;
	else
		current->flags &= ~PF_NPROC_EXCEEDED;
}

static long commit_uids(struct cred *new, int err)
{
	const struct cred *old = current_cred();

	if (!err && new->uid != old->uid)
		err = set_user(new);
	if (err) {
		abort_creds(new);
		return err;
	}
	new->fsuid = new->euid;
	fixup_uid_caps(new, old);
	flag_nproc_exceeded(new, old);
	return commit_creds(new);
}

static long commit_gids(struct cred *new, int err)
{
	if (err) {
		abort_creds(new);
		return err;
	}
	new->fsgid = new->egid;
	return commit_creds(new);
}

long sys_setuid(uid_t uid)
{
	struct cred *new;
	int err = 0;

	uid = uid_from_user(uid);
	if (uid == ID_INVALID)
		return -EINVAL;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (ns_capable(new->user_ns, CAP_SETUID))
		new->uid = new->suid = uid;
	else if (uid != new->uid && uid != new->suid)
		err = -EPERM;
	new->euid = uid;
	return commit_uids(new, err);
}

long sys_setgid(gid_t gid)
{
	struct cred *new;
	int err = 0;

	gid = gid_from_user(gid);
	if (gid == ID_INVALID)
		return -EINVAL;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (ns_capable(new->user_ns, CAP_SETGID))
		new->gid = new->sgid = gid;
	else if (gid != new->gid && gid != new->sgid)
		err = -EPERM;
	new->egid = gid;
	return commit_gids(new, err);
}

long sys_setreuid(uid_t ruid, uid_t euid)
{
	const struct cred *old = current_cred();
	bool cap = ns_capable(current_user_ns(), CAP_SETUID);
	struct cred *new;
	int err = 0;

	if (!uid_argument(&ruid) || !uid_argument(&euid))
		return -EINVAL;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (ruid != ID_NONE) {
		new->uid = ruid;
		if (ruid != old->uid && ruid != old->euid && !cap)
			err = -EPERM;
	}
	if (euid != ID_NONE) {
		new->euid = euid;
		if (euid != old->uid && euid != old->euid && euid != old->suid && !cap)
			err = -EPERM;
	}
	if (ruid != ID_NONE || (euid != ID_NONE && euid != old->uid))
		new->suid = new->euid;
	return commit_uids(new, err);
}

long sys_setregid(gid_t rgid, gid_t egid)
{
	const struct cred *old = current_cred();
	bool cap = ns_capable(current_user_ns(), CAP_SETGID);
	struct cred *new;
	int err = 0;

	if (!gid_argument(&rgid) || !gid_argument(&egid))
		return -EINVAL;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (rgid != ID_NONE) {
		new->gid = rgid;
		if (rgid != old->gid && rgid != old->egid && !cap)
			err = -EPERM;
	}
	if (egid != ID_NONE) {
		new->egid = egid;
		if (egid != old->gid && egid != old->egid && egid != old->sgid && !cap)
			err = -EPERM;
	}
	if (rgid != ID_NONE || (egid != ID_NONE && egid != old->gid))
		new->sgid = new->egid;
	return commit_gids(new, err);
}

/* An unprivileged process may only shuffle the three ids it has. */
static bool is_one_of(uid_t id, uid_t a, uid_t b, uid_t c)
{
	return id == ID_NONE || id == a || id == b || id == c;
}

long sys_setresuid(uid_t ruid, uid_t euid, uid_t suid)
{
	const struct cred *old = current_cred();
	struct cred *new;
	int err = 0;

	if (!uid_argument(&ruid) || !uid_argument(&euid) || !uid_argument(&suid))
		return -EINVAL;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (!ns_capable(old->user_ns, CAP_SETUID) &&
	    !(is_one_of(ruid, old->uid, old->euid, old->suid) && is_one_of(euid, old->uid, old->euid, old->suid) &&
	      is_one_of(suid, old->uid, old->euid, old->suid)))
		err = -EPERM;
	if (ruid != ID_NONE)
		new->uid = ruid;
	if (euid != ID_NONE)
		new->euid = euid;
	if (suid != ID_NONE)
		new->suid = suid;
	return commit_uids(new, err);
}

long sys_setresgid(gid_t rgid, gid_t egid, gid_t sgid)
{
	const struct cred *old = current_cred();
	struct cred *new;
	int err = 0;

	if (!gid_argument(&rgid) || !gid_argument(&egid) || !gid_argument(&sgid))
		return -EINVAL;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (!ns_capable(old->user_ns, CAP_SETGID) &&
	    !(is_one_of(rgid, old->gid, old->egid, old->sgid) && is_one_of(egid, old->gid, old->egid, old->sgid) &&
	      is_one_of(sgid, old->gid, old->egid, old->sgid)))
		err = -EPERM;
	if (rgid != ID_NONE)
		new->gid = rgid;
	if (egid != ID_NONE)
		new->egid = egid;
	if (sgid != ID_NONE)
		new->sgid = sgid;
	return commit_gids(new, err);
}

/* Returns the old id in any case: the call cannot fail. */
long sys_setfsuid(uid_t uid)
{
	const struct cred *old = current_cred();
	uid_t was = uid_to_user(old->fsuid);
	struct cred *new;

	uid = uid_from_user(uid);
	if (uid == ID_INVALID || uid == old->fsuid)
		return was;
	if (uid != old->uid && uid != old->euid && uid != old->suid && !ns_capable(old->user_ns, CAP_SETUID))
		return was;
	new = prepare_creds();
	if (new) {
		new->fsuid = uid;
		fixup_fsuid_caps(new, old);
		commit_creds(new);
	}
	return was;
}

long sys_setfsgid(gid_t gid)
{
	const struct cred *old = current_cred();
	gid_t was = gid_to_user(old->fsgid);
	struct cred *new;

	gid = gid_from_user(gid);
	if (gid == ID_INVALID || gid == old->fsgid)
		return was;
	if (gid != old->gid && gid != old->egid && gid != old->sgid && !ns_capable(old->user_ns, CAP_SETGID))
		return was;
	new = prepare_creds();
	if (new) {
		new->fsgid = gid;
		commit_creds(new);
	}
	return was;
}

long sys_getuid(void)
{
	return uid_to_user(current_uid());
}

long sys_geteuid(void)
{
	return uid_to_user(current_euid());
}

long sys_getgid(void)
{
	return gid_to_user(current_gid());
}

long sys_getegid(void)
{
	return gid_to_user(current_egid());
}

static long put_three(uid_t a, uid_t b, uid_t c, uid_t __user *ua, uid_t __user *ub, uid_t __user *uc)
{
	return put_user(a, ua) || put_user(b, ub) || put_user(c, uc) ? -EFAULT : 0;
}

long sys_getresuid(uid_t __user *ruid, uid_t __user *euid, uid_t __user *suid)
{
	const struct cred *c = current_cred();

	return put_three(uid_to_user(c->uid), uid_to_user(c->euid), uid_to_user(c->suid), ruid, euid, suid);
}

long sys_getresgid(gid_t __user *rgid, gid_t __user *egid, gid_t __user *sgid)
{
	const struct cred *c = current_cred();

	return put_three(gid_to_user(c->gid), gid_to_user(c->egid), gid_to_user(c->sgid), rgid, egid, sgid);
}

/* ---- supplementary groups -------------------------------------------------------------------- */

long sys_getgroups(int n, gid_t __user *list)
{
	const struct group_info *g = current_cred()->group_info;
	int i;

	if (n < 0)
		return -EINVAL;
	if (!n)
		return g->ngroups;
	if (g->ngroups > n)
		return -EINVAL;
	for (i = 0; i < g->ngroups; i++)
		if (put_user(gid_to_user(g->gid[i]), &list[i]))
			return -EFAULT;
	return g->ngroups;
}

static int cmp_gid(const void *a, const void *b)
{
	gid_t x = *(const gid_t *)a, y = *(const gid_t *)b;

	return x < y ? -1 : x > y;
}

long set_groups(struct group_info *g)
{
	struct cred *new = prepare_creds();

	if (!new) {
		put_group_info(g);
		return -ENOMEM;
	}
	sort(g->gid, g->ngroups, sizeof(gid_t), cmp_gid, NULL);
	put_group_info(new->group_info);
	new->group_info = g;
	return commit_creds(new);
}

bool may_setgroups(void)
{
	return ns_capable(current_user_ns(), CAP_SETGID) && userns_may_setgroups(current_user_ns());
}

long sys_setgroups(int n, gid_t __user *list)
{
	struct group_info *g;
	int i;

	if (!may_setgroups())
		return -EPERM;
	if ((unsigned int)n > NGROUPS_MAX)
		return -EINVAL;
	g = groups_alloc(n);
	if (!g)
		return -ENOMEM;
	if (copy_from_user(g->gid, list, n * sizeof(gid_t))) {
		put_group_info(g);
		return -EFAULT;
	}
	for (i = 0; i < n; i++) {
		g->gid[i] = gid_from_user(g->gid[i]);
		if (g->gid[i] == ID_INVALID) {
			put_group_info(g);
			return -EINVAL;
		}
	}
	return set_groups(g);
}

/* ---- capabilities ---------------------------------------------------------------------------- */

/* How many 32-bit words each set has in the header's version; an unknown one is answered with ours. */
static int cap_words(struct __user_cap_header_struct __user *uheader)
{
	u32 version;

	if (get_user(version, &uheader->version))
		return -EFAULT;
	switch (version) {
	case _LINUX_CAPABILITY_VERSION_1:
		return _LINUX_CAPABILITY_U32S_1;
	case _LINUX_CAPABILITY_VERSION_2:
	case _LINUX_CAPABILITY_VERSION_3:
		return _LINUX_CAPABILITY_U32S_3;
	}
	return put_user((u32)_LINUX_CAPABILITY_VERSION_3, &uheader->version) ? -EFAULT : -EINVAL;
}

long sys_capget(void __user *header, void __user *udata)
{
	struct __user_cap_header_struct __user *uheader = header;
	struct __user_cap_data_struct data[2];
	int pid, i, words = cap_words(uheader);
	struct task_struct *t;
	const struct cred *c;

	if (words < 0)
		return words == -EINVAL && !udata ? 0 : words;	/* only asked for the version */
	if (!udata)
		return 0;
	if (get_user(pid, &uheader->pid))
		return -EFAULT;
	if (pid < 0)
		return -EINVAL;
	t = pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
	if (!t)
		return -ESRCH;
	c = get_task_cred(t);
	put_task_struct(t);
	for (i = 0; i < words; i++) {
		data[i].effective = c->cap_effective.val >> (32 * i);
		data[i].permitted = c->cap_permitted.val >> (32 * i);
		data[i].inheritable = c->cap_inheritable.val >> (32 * i);
	}
	put_cred(c);
	return copy_to_user(udata, data, words * sizeof(data[0])) ? -EFAULT : 0;
}

static int capset_check(const struct cred *old, u64 eff, u64 perm, u64 inh)
{
	u64 reach = old->cap_inheritable.val | old->cap_permitted.val;

	if ((inh & ~reach) && !ns_capable(old->user_ns, CAP_SETPCAP))
		return -EPERM;
	if (inh & ~(old->cap_inheritable.val | old->cap_bset.val))
		return -EPERM;
	if (perm & ~old->cap_permitted.val)
		return -EPERM;			/* never gained */
	return eff & ~perm ? -EPERM : 0;
}

long sys_capset(void __user *header, const void __user *udata)
{
	struct __user_cap_header_struct __user *uheader = header;
	struct __user_cap_data_struct data[2] = {};
	const struct cred *old = current_cred();
	int pid, err, words = cap_words(uheader);
	u64 eff, perm, inh;
	struct cred *new;

	if (words < 0)
		return words;
	if (get_user(pid, &uheader->pid))
		return -EFAULT;
	if (pid && pid != task_pid_vnr(current))
		return -EPERM;
	if (copy_from_user(data, udata, words * sizeof(data[0])))
		return -EFAULT;
	eff = ((u64)data[1].effective << 32 | data[0].effective) & CAP_FULL_SET.val;
	perm = ((u64)data[1].permitted << 32 | data[0].permitted) & CAP_FULL_SET.val;
	inh = ((u64)data[1].inheritable << 32 | data[0].inheritable) & CAP_FULL_SET.val;
	err = capset_check(old, eff, perm, inh);
	if (err)
		return err;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	new->cap_effective.val = eff;
	new->cap_permitted.val = perm;
	new->cap_inheritable.val = inh;
	new->cap_ambient.val &= perm & inh;
	return commit_creds(new);
}
