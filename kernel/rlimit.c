// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resource limits: getrlimit, setrlimit, prlimit64.  Locking: task_lock of the group leader.
 */
#include <generated/syscalls.h>

#include <fs/file.h>
#include <kernel/cred.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <asm/uaccess.h>

/* @new NULL: only ask. @t has a reference. */
static int do_prlimit(struct task_struct *t, unsigned int resource, const struct rlimit *new, struct rlimit *old)
{
	struct rlimit *rlim;
	int err = 0;

	if (resource >= RLIM_NLIMITS)
		return -EINVAL;
	if (new && new->rlim_cur > new->rlim_max)
		return -EINVAL;
	if (new && resource == RLIMIT_NOFILE && new->rlim_max > sysctl_nr_open)
		return -EPERM;
	rlim = &t->signal->rlim[resource];
	task_lock(t->group_leader);
	if (new && new->rlim_max > rlim->rlim_max && !capable(CAP_SYS_RESOURCE))
		err = -EPERM;
	if (!err && old)
		*old = *rlim;
	if (!err && new)
		*rlim = *new;
	task_unlock(t->group_leader);
	return err;
}

long sys_getrlimit(unsigned int resource, struct rlimit __user *urlim)
{
	struct rlimit old;
	int err = do_prlimit(current, resource, NULL, &old);

	if (!err && copy_to_user(urlim, &old, sizeof(old)))
		err = -EFAULT;
	return err;
}

long sys_setrlimit(unsigned int resource, struct rlimit __user *urlim)
{
	struct rlimit new;

	if (copy_from_user(&new, urlim, sizeof(new)))
		return -EFAULT;
	return do_prlimit(current, resource, &new, NULL);
}

/* struct rlimit of the 32-bit ABI. */
struct rlimit32 {
	u32 cur, max;
};
#define RLIM32_INFINITY	0xffffffffU

static u32 narrow_rlim(unsigned long rlim)
{
	return min_t(unsigned long, rlim, RLIM32_INFINITY);
}

static unsigned long widen_rlim(u32 rlim)
{
	return rlim == RLIM32_INFINITY ? RLIM_INFINITY : rlim;
}

long sys_getrlimit32(unsigned int resource, void __user *urlim)
{
	struct rlimit old;
	struct rlimit32 old32;
	int err = do_prlimit(current, resource, NULL, &old);

	if (err)
		return err;
	old32 = (struct rlimit32){ narrow_rlim(old.rlim_cur), narrow_rlim(old.rlim_max) };
	return copy_to_user(urlim, &old32, sizeof(old32)) ? -EFAULT : 0;
}

long sys_setrlimit32(unsigned int resource, const void __user *urlim)
{
	struct rlimit32 new32;
	struct rlimit new;

	if (copy_from_user(&new32, urlim, sizeof(new32)))
		return -EFAULT;
	new = (struct rlimit){ widen_rlim(new32.cur), widen_rlim(new32.max) };
	return do_prlimit(current, resource, &new, NULL);
}

static void rlim64_to_rlim(const struct rlimit64 *r64, struct rlimit *r)
{
	r->rlim_cur = r64->rlim_cur >= RLIM_INFINITY ? RLIM_INFINITY : r64->rlim_cur;
	r->rlim_max = r64->rlim_max >= RLIM_INFINITY ? RLIM_INFINITY : r64->rlim_max;
}

static void rlim_to_rlim64(const struct rlimit *r, struct rlimit64 *r64)
{
	r64->rlim_cur = r->rlim_cur == RLIM_INFINITY ? RLIM64_INFINITY : r->rlim_cur;
	r64->rlim_max = r->rlim_max == RLIM_INFINITY ? RLIM64_INFINITY : r->rlim_max;
}

/* Another's limits: all its ids must be ours, or CAP_SYS_RESOURCE. */
static int may_prlimit(struct task_struct *t)
{
	const struct cred *me = current_cred(), *c;
	bool same;

	if (t == current)
		return 0;
	c = get_task_cred(t);
	same = me->uid == c->euid && me->uid == c->suid && me->uid == c->uid &&
	       me->gid == c->egid && me->gid == c->sgid && me->gid == c->gid;
	same = same || ns_capable(c->user_ns, CAP_SYS_RESOURCE);
	put_cred(c);
	return same ? 0 : -EPERM;
}

long sys_prlimit64(pid_t pid, unsigned int resource, const struct rlimit64 __user *unew,
		   struct rlimit64 __user *uold)
{
	struct rlimit64 new64, old64;
	struct rlimit new, old;
	struct task_struct *t;
	int err;

	if (unew) {
		if (copy_from_user(&new64, unew, sizeof(new64)))
			return -EFAULT;
		rlim64_to_rlim(&new64, &new);
	}
	t = pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
	if (!t)
		return -ESRCH;
	err = may_prlimit(t);
	if (!err)
		err = do_prlimit(t, resource, unew ? &new : NULL, uold ? &old : NULL);
	put_task_struct(t);
	if (!err && uold) {
		rlim_to_rlim64(&old, &old64);
		if (copy_to_user(uold, &old64, sizeof(old64)))
			err = -EFAULT;
	}
	return err;
}
