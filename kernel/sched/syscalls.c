// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls on scheduling: policy, parameters, attributes, affinity, nice.
 *
 * Who may do what is sched(7): a task's own user (real uid against the caller's effective, or
 * effective against it), RLIMIT_NICE and RLIMIT_RTPRIO for raising, CAP_SYS_NICE for anything.
 * SCHED_DEADLINE is not built: EINVAL.
 */
#include <kernel/sched/internal.h>

#include <generated/syscalls.h>
#include <kernel/compat.h>
#include <kernel/cred.h>
#include <kernel/futex.h>
#include <kernel/lib/err.h>
#include <kernel/pid.h>
#include <kernel/sched/policy.h>
#include <kernel/signal.h>
#include <kernel/time/time_syscalls.h>
#include <asm/uaccess.h>

#define SCHED_FLAG_SUGOV	0x10000000	/* Linux's own, for one kind of its threads */
#define SCHED_FLAGS_KNOWN	(SCHED_FLAG_ALL | SCHED_FLAG_SUGOV)
#define MIN_NICE		(-20)
#define MAX_NICE		19

static struct task_struct *find_task(pid_t pid)
{
	struct task_struct *t;

	if (pid < 0)
		return ERR_PTR(-EINVAL);
	t = pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
	return t ? t : ERR_PTR(-ESRCH);
}

static bool same_owner(struct task_struct *t)
{
	const struct cred *cred = get_task_cred(t);
	uid_t me = current_euid();
	bool same = me == cred->euid || me == cred->uid;

	put_cred(cred);
	return same;
}

static bool policy_is_rt(unsigned int policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

static bool policy_known(unsigned int policy)
{
	return policy_is_rt(policy) || policy == SCHED_NORMAL || policy == SCHED_BATCH ||
	       policy == SCHED_IDLE;
}

/* ---- nice ---------------------------------------------------------------------------------- */

/* RLIMIT_NICE counts 20 - nice. */
static bool may_be_nice(struct task_struct *t, int nice)
{
	return 20 - nice <= (long)task_rlimit(t, RLIMIT_NICE) || capable(CAP_SYS_NICE);
}

long sys_nice(int increment)
{
	int nice = clamp(task_nice(current) + clamp(increment, -40, 40), MIN_NICE, MAX_NICE);

	if (increment < 0 && !may_be_nice(current, nice))
		return -EPERM;
	set_user_nice(current, nice);
	return 0;
}

static int set_one_prio(struct task_struct *t, int nice)
{
	if (!same_owner(t) && !capable(CAP_SYS_NICE))
		return -EPERM;
	if (nice < task_nice(t) && !may_be_nice(t, nice))
		return -EACCES;
	set_user_nice(t, nice);
	return 0;
}

/* What getpriority(2) and setpriority(2) do to each task that they mean. */
struct prio_walk {
	bool	set;
	int	nice;		/* to set */
	int	result;		/* errors so far; or the highest 20 - nice */
};

static void visit_prio(struct task_struct *t, struct prio_walk *w)
{
	if (w->set) {
		int err = set_one_prio(t, w->nice);

		if (w->result == -ESRCH || err)
			w->result = err;
	} else {
		w->result = max(w->result, 20 - task_nice(t));
	}
}

static void walk_pgrp(struct pid *pgrp, struct prio_walk *w)
{
	struct task_struct *leader, *t;

	do_each_pid_task(pgrp, PIDTYPE_PGID, leader) {
		for_each_thread(leader, t)
			visit_prio(t, w);
	}
}

static void walk_user(uid_t uid, struct prio_walk *w)
{
	struct task_struct *p, *t;

	for_each_process_thread(p, t) {
		if (t->real_cred->uid == uid && task_pid_vnr(t))	/* those that the caller can see */
			visit_prio(t, w);
	}
}

static int walk_prio(int which, int who, struct prio_walk *w)
{
	struct task_struct *t;
	struct pid *pgrp;
	uid_t uid;

	w->result = -ESRCH;
	switch (which) {
	case PRIO_PROCESS:
		t = find_task(who);
		if (IS_ERR(t))
			return -ESRCH;
		visit_prio(t, w);
		put_task_struct(t);
		return w->result;
	case PRIO_PGRP:
		pgrp = who ? find_get_pid(who) : get_pid(task_pgrp(current));
		if (!pgrp)
			return -ESRCH;
		read_lock(&tasklist_lock);
		walk_pgrp(pgrp, w);
		read_unlock(&tasklist_lock);
		put_pid(pgrp);
		return w->result;
	case PRIO_USER:
		uid = who ? uid_from_user(who) : current_uid();
		if (uid == ID_INVALID)
			return -ESRCH;
		read_lock(&tasklist_lock);
		walk_user(uid, w);
		read_unlock(&tasklist_lock);
		return w->result;
	default:
		return -EINVAL;
	}
}

long sys_setpriority(int which, int who, int nice)
{
	struct prio_walk w = { .set = true, .nice = clamp(nice, MIN_NICE, MAX_NICE) };

	return walk_prio(which, who, &w);
}

/* The raw call tells 20 - nice (1..40), so that no error looks like a result. */
long sys_getpriority(int which, int who)
{
	struct prio_walk w = { .set = false };

	return walk_prio(which, who, &w);
}

/* ---- policy -------------------------------------------------------------------------------- */

static int check_params(const struct sched_policy_params *p)
{
	if (!policy_known(p->policy))
		return -EINVAL;
	if (p->rt_priority >= MAX_RT_PRIO || policy_is_rt(p->policy) != (p->rt_priority != 0))
		return -EINVAL;
	return 0;
}

static int check_rt_permission(struct task_struct *t, const struct sched_policy_params *p)
{
	unsigned long limit = task_rlimit(t, RLIMIT_RTPRIO);

	if (p->policy != t->policy && !limit)
		return -EPERM;
	if (p->rt_priority > t->rt_priority && p->rt_priority > limit)
		return -EPERM;
	return 0;
}

static int check_permission(struct task_struct *t, const struct sched_policy_params *p)
{
	if (capable(CAP_SYS_NICE))
		return 0;
	if (policy_is_rt(p->policy)) {
		int err = check_rt_permission(t, p);

		if (err)
			return err;
	} else if (p->nice < task_nice(t) && 20 - p->nice > (long)task_rlimit(t, RLIMIT_NICE)) {
		return -EPERM;
	}
	if (t->policy == SCHED_IDLE && p->policy != SCHED_IDLE &&
	    20 - task_nice(t) > (long)task_rlimit(t, RLIMIT_NICE))
		return -EPERM;
	if (!same_owner(t))
		return -EPERM;
	if (t->sched_reset_on_fork && !p->reset_on_fork)
		return -EPERM;
	return 0;
}

/* @flags: of sched_setattr(2); those for SCHED_DEADLINE mean nothing here. */
static int change_policy(pid_t pid, const struct sched_policy_params *p, bool keep_nice, u64 flags)
{
	struct sched_policy_params params = *p;
	struct task_struct *t = find_task(pid);
	int err;

	if (IS_ERR(t))
		return PTR_ERR(t);
	if (flags & SCHED_FLAG_KEEP_POLICY) {
		params.policy = t->policy;
		params.reset_on_fork = t->sched_reset_on_fork;
	}
	/* Those that the policy so far has; the others are checked, for nothing. */
	if ((flags & SCHED_FLAG_KEEP_PARAMS) && task_has_rt_policy(t))
		params.rt_priority = t->rt_priority;
	else if (keep_nice || (flags & SCHED_FLAG_KEEP_PARAMS))
		params.nice = task_nice(t);
	err = check_params(&params);
	if (!err)
		err = check_permission(t, &params);
	if (!err && (flags & SCHED_FLAG_SUGOV))
		err = -EINVAL;
	if (!err && (flags & SCHED_FLAG_UTIL_CLAMP))
		err = -EOPNOTSUPP;	/* as without CONFIG_UCLAMP_TASK */
	if (flags & SCHED_FLAG_KEEP_PARAMS) {	/* as on Linux, the policy is one of them */
		params.policy = t->policy;
		params.nice = task_nice(t);
		params.rt_priority = t->rt_priority;
	}
	if (!err) {
		sched_set_policy(t, &params);
		futex_pi_prio_changed(t);
	}
	put_task_struct(t);
	return err;
}

static int set_scheduler(pid_t pid, int policy, const struct sched_param *param)
{
	struct sched_policy_params p = {
		.policy = policy & ~SCHED_RESET_ON_FORK,
		.rt_priority = param->sched_priority,
		.reset_on_fork = policy & SCHED_RESET_ON_FORK,
	};

	if (param->sched_priority < 0)
		return -EINVAL;
	return change_policy(pid, &p, true, 0);
}

long sys_sched_setscheduler(pid_t pid, int policy, struct sched_param __user *uparam)
{
	struct sched_param param;

	if (policy < 0 || pid < 0 || !uparam)
		return -EINVAL;
	if (copy_from_user(&param, uparam, sizeof(param)))
		return -EFAULT;
	return set_scheduler(pid, policy, &param);
}

long sys_sched_setparam(pid_t pid, struct sched_param __user *uparam)
{
	struct sched_param param;
	struct task_struct *t;
	int policy;

	if (pid < 0 || !uparam)
		return -EINVAL;
	if (copy_from_user(&param, uparam, sizeof(param)))
		return -EFAULT;
	t = find_task(pid);
	if (IS_ERR(t))
		return PTR_ERR(t);
	policy = t->policy | (t->sched_reset_on_fork ? SCHED_RESET_ON_FORK : 0);
	put_task_struct(t);
	return set_scheduler(pid, policy, &param);
}

long sys_sched_getscheduler(pid_t pid)
{
	struct task_struct *t = find_task(pid);
	long policy;

	if (IS_ERR(t))
		return PTR_ERR(t);
	policy = t->policy | (t->sched_reset_on_fork ? SCHED_RESET_ON_FORK : 0);
	put_task_struct(t);
	return policy;
}

long sys_sched_getparam(pid_t pid, struct sched_param __user *uparam)
{
	struct sched_param param = { 0 };
	struct task_struct *t;

	if (pid < 0 || !uparam)
		return -EINVAL;
	t = find_task(pid);
	if (IS_ERR(t))
		return PTR_ERR(t);
	param.sched_priority = t->rt_priority;
	put_task_struct(t);
	return copy_to_user(uparam, &param, sizeof(param)) ? -EFAULT : 0;
}

/* ---- attributes ----------------------------------------------------------------------------- */

/* Extensible structure: what we do not know must be zero; E2BIG tells our size. */
static int copy_attr_from_user(struct sched_attr *attr, struct sched_attr __user *uattr)
{
	u32 size;
	unsigned int i;
	u8 byte;

	*attr = (struct sched_attr) { 0 };
	if (get_user(size, &uattr->size))
		return -EFAULT;
	if (!size)
		size = SCHED_ATTR_SIZE_VER0;
	if (size < SCHED_ATTR_SIZE_VER0 || size > PAGE_SIZE)
		goto too_big;
	for (i = sizeof(*attr); i < size; i++) {
		if (get_user(byte, (u8 __user *)uattr + i))
			return -EFAULT;
		if (byte)
			goto too_big;
	}
	if (copy_from_user(attr, uattr, min_t(u32, size, sizeof(*attr))))
		return -EFAULT;
	return 0;
too_big:
	if (put_user((u32)sizeof(*attr), &uattr->size))
		return -EFAULT;
	return -E2BIG;
}

long sys_sched_setattr(pid_t pid, struct sched_attr __user *uattr, unsigned int flags)
{
	struct sched_policy_params p;
	struct sched_attr attr;
	int err;

	if (!uattr || pid < 0 || flags)
		return -EINVAL;
	err = copy_attr_from_user(&attr, uattr);
	if (err)
		return err;
	if ((int)attr.sched_policy < 0 || (attr.sched_flags & ~(u64)SCHED_FLAGS_KNOWN))
		return -EINVAL;
	p = (struct sched_policy_params) {
		.policy = attr.sched_policy,
		.nice = clamp(attr.sched_nice, MIN_NICE, MAX_NICE),
		.rt_priority = attr.sched_priority,
		.reset_on_fork = attr.sched_flags & SCHED_FLAG_RESET_ON_FORK,
	};
	return change_policy(pid, &p, false, attr.sched_flags);
}

long sys_sched_getattr(pid_t pid, struct sched_attr __user *uattr, unsigned int size,
		       unsigned int flags)
{
	struct sched_attr attr = { 0 };
	struct task_struct *t;

	if (!uattr || pid < 0 || size > PAGE_SIZE || size < SCHED_ATTR_SIZE_VER0 || flags)
		return -EINVAL;
	t = find_task(pid);
	if (IS_ERR(t))
		return PTR_ERR(t);
	attr.size = min_t(u32, size, sizeof(attr));
	attr.sched_policy = t->policy;
	if (t->sched_reset_on_fork)
		attr.sched_flags |= SCHED_FLAG_RESET_ON_FORK;
	if (task_has_rt_policy(t))
		attr.sched_priority = t->rt_priority;
	else
		attr.sched_nice = task_nice(t);
	put_task_struct(t);
	return copy_to_user(uattr, &attr, attr.size) ? -EFAULT : 0;
}

long sys_sched_get_priority_max(int policy)
{
	if (policy == SCHED_FIFO || policy == SCHED_RR)
		return MAX_RT_PRIO - 1;
	return policy_known(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

long sys_sched_get_priority_min(int policy)
{
	if (policy == SCHED_FIFO || policy == SCHED_RR)
		return 1;
	return policy_known(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

static int rr_interval(pid_t pid, struct timespec64 *ts)
{
	struct task_struct *t = find_task(pid);
	u64 ns = 0;

	if (IS_ERR(t))
		return PTR_ERR(t);
	if (t->policy == SCHED_RR)
		ns = (u64)rr_timeslice_ticks() * (NSEC_PER_SEC / CONFIG_HZ);
	else if (t->policy != SCHED_FIFO)
		ns = BASE_SLICE_NS;
	put_task_struct(t);
	*ts = ns_to_timespec64(ns);
	return 0;
}

long sys_sched_rr_get_interval(pid_t pid, struct __kernel_timespec __user *uts)
{
	struct timespec64 ts;
	int err = rr_interval(pid, &ts);

	return err ? err : put_timespec64(&ts, uts);
}

long sys_sched_rr_get_interval_time32(pid_t pid, void __user *uts)
{
	struct timespec64 ts;
	int err = rr_interval(pid, &ts);

	return err ? err : put_old_timespec32(&ts, uts);
}

/* ---- affinity and yielding ------------------------------------------------------------------- */

long sys_sched_setaffinity(pid_t pid, unsigned int len, unsigned long __user *umask)
{
	struct cpumask mask = CPU_MASK_NONE;
	struct task_struct *t;
	int err;

	if (copy_from_user(mask.bits, umask, min_t(unsigned int, len, sizeof(mask.bits))))
		return -EFAULT;
	mask.bits[0] &= CPU_BITS_ALL;
	t = find_task(pid);
	if (IS_ERR(t))
		return pid < 0 ? -ESRCH : PTR_ERR(t);
	err = -EPERM;
	if (same_owner(t) || capable(CAP_SYS_NICE)) {
		cpumask_and(&mask, &mask, cpu_possible_mask);
		err = set_cpus_allowed(t, &mask);
	}
	put_task_struct(t);
	return err;
}

long sys_sched_getaffinity(pid_t pid, unsigned int len, unsigned long __user *umask)
{
	struct task_struct *t;
	struct cpumask mask;

	if (len * BITS_PER_BYTE < nr_cpu_ids || (len & (user_word_size() - 1)))
		return -EINVAL;
	t = find_task(pid);
	if (IS_ERR(t))
		return pid < 0 ? -ESRCH : PTR_ERR(t);
	cpumask_and(&mask, &t->cpus_mask, cpu_online_mask);
	put_task_struct(t);
	len = min_t(unsigned int, len, sizeof(mask.bits));
	return copy_to_user(umask, mask.bits, len) ? -EFAULT : (long)len;
}

long sys_sched_yield(void)
{
	yield();
	return 0;
}
