// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small calls about who and where a process is: ids, groups and sessions, uname, sysinfo, getcpu.
 *
 * Locking: tasklist_lock for groups and sessions, uts_sem for the names.
 */
#include <generated/syscalls.h>

#include <drivers/tty/tty.h>
#include <kernel/cred.h>
#include <kernel/fork.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/lib/string.h>
#include <kernel/utsname.h>
#include <kernel/pid.h>
#include <kernel/percpu.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <kernel/time_namespace.h>
#include <mm/page_alloc.h>
#include <asm/uaccess.h>

/* ---- ids ------------------------------------------------------------------------------------- */

long sys_getpid(void)
{
	return task_tgid_vnr(current);
}

long sys_gettid(void)
{
	return task_pid_vnr(current);
}

long sys_getppid(void)
{
	return READ_ONCE(current->ppid);
}

/* The group or session of @pid, 0 for our own. */
static long get_group_id(pid_t pid, enum pid_type type)
{
	struct task_struct *t;
	pid_t nr;

	if (!pid)
		return task_pid_nr_type_ns(current, type, NULL);
	t = find_get_task_by_vpid(pid);
	if (!t)
		return -ESRCH;
	nr = task_pid_nr_type_ns(t, type, NULL);
	put_task_struct(t);
	return nr;
}

long sys_getpgid(pid_t pid)
{
	return get_group_id(pid, PIDTYPE_PGID);
}

long sys_getpgrp(void)
{
	return get_group_id(0, PIDTYPE_PGID);
}

long sys_getsid(pid_t pid)
{
	return get_group_id(pid, PIDTYPE_SID);
}

/* tasklist_lock held for write: may current put @p (group leader) into a group at all? */
static int setpgid_check(struct task_struct *p)
{
	if (!thread_group_leader(p))
		return -EINVAL;
	if (p->real_parent->signal == current->signal) {
		if (task_session(p) != task_session(current))
			return -EPERM;
		if (!(p->flags & PF_FORKNOEXEC))
			return -EACCES;		/* a child that has called exec is on its own */
	} else if (p != current->group_leader) {
		return -ESRCH;
	}
	return p->signal->leader ? -EPERM : 0;
}

static int setpgid_locked(struct pid *target, struct pid *pgrp, bool own_group)
{
	struct task_struct *p = pid_task(target, PIDTYPE_PID), *member;
	int err;

	if (!p)
		return -ESRCH;
	err = setpgid_check(p);
	if (err)
		return err;
	if (!own_group) {
		member = pid_task(pgrp, PIDTYPE_PGID);	/* the group must exist, in our session */
		if (!member || task_session(member) != task_session(current))
			return -EPERM;
	}
	if (task_pgrp(p) != pgrp)
		change_pid(p, PIDTYPE_PGID, pgrp);
	return 0;
}

long sys_setpgid(pid_t pid, pid_t pgid)
{
	struct pid *target, *pgrp;
	int err = -ESRCH;

	if (!pid)
		pid = task_tgid_vnr(current);
	if (!pgid)
		pgid = pid;
	if (pgid < 0)
		return -EINVAL;
	target = find_get_pid(pid);
	pgrp = find_get_pid(pgid);
	if (target) {
		write_lock_irq(&tasklist_lock);
		err = setpgid_locked(target, pgrp, pgid == pid);
		write_unlock_irq(&tasklist_lock);
	}
	put_pid(pgrp);
	put_pid(target);
	return err;
}

long sys_setsid(void)
{
	struct task_struct *leader = current->group_leader;
	struct pid *sid = leader->thread_pid;
	struct tty_struct *tty = NULL;
	long ret = -EPERM;

	write_lock_irq(&tasklist_lock);
	/* Neither a leader already, nor a group of that number left from before. */
	if (!leader->signal->leader && !pid_task(sid, PIDTYPE_PGID)) {
		leader->signal->leader = 1;
		if (task_session(leader) != sid)
			change_pid(leader, PIDTYPE_SID, sid);
		if (task_pgrp(leader) != sid)
			change_pid(leader, PIDTYPE_PGID, sid);
		spin_lock(&leader->sighand->siglock);
		swap(tty, leader->signal->tty);
		spin_unlock(&leader->sighand->siglock);
		ret = pid_vnr(sid);
	}
	write_unlock_irq(&tasklist_lock);
	tty_kref_put(tty);
	return ret;
}

/* ---- the system ------------------------------------------------------------------------------ */

/* For programs that do not believe in a major version above 2: 6.1 is 2.6.61. */
static void release_as_2_6(char *release, size_t size)
{
	char rest[sizeof(((struct new_utsname *)0)->release)];

	strscpy(rest, release + strspn(release, "0123456789."), sizeof(rest));
	snprintf(release, size, "2.6.61%s", rest);
}

long sys_newuname(struct new_utsname __user *uname)
{
	struct new_utsname name;

	down_read(&uts_sem);
	name = utsns()->name;
	up_read(&uts_sem);
	if (unlikely((current->personality & PER_MASK) == PER_LINUX32))
		strscpy(name.machine, arch_machine_name32(), sizeof(name.machine));
	if (unlikely(current->personality & UNAME26))
		release_as_2_6(name.release, sizeof(name.release));
	return copy_to_user(uname, &name, sizeof(name)) ? -EFAULT : 0;
}

/* @field of the uts name is __NEW_UTS_LEN + 1 bytes. */
static long set_uts_field(char *field, const char __user *uname, int len)
{
	char tmp[__NEW_UTS_LEN + 1] = "";

	if (!ns_capable(utsns()->ns.user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	if (len < 0 || len > __NEW_UTS_LEN)
		return -EINVAL;
	if (copy_from_user(tmp, uname, len))
		return -EFAULT;
	down_write(&uts_sem);
	memcpy(field, tmp, sizeof(tmp));
	up_write(&uts_sem);
	return 0;
}

long sys_sethostname(const char __user *name, int len)
{
	return set_uts_field(utsns()->name.nodename, name, len);
}

long sys_setdomainname(const char __user *name, int len)
{
	return set_uts_field(utsns()->name.domainname, name, len);
}

/* struct sysinfo of the 32-bit ABI; memory in units of mem_unit bytes. */
struct sysinfo32 {
	s32	uptime;
	u32	loads[3];
	u32	totalram, freeram, sharedram, bufferram, totalswap, freeswap;
	u16	procs, pad;
	u32	totalhigh, freehigh, mem_unit;
	char	reserved[8];
};
static_assert(sizeof(struct sysinfo32) == 64);

/* All but the memory: its unit is the caller's to choose. */
static void fill_sysinfo(struct sysinfo *info)
{
	memset(info, 0, sizeof(*info));
	info->uptime = div_u64(ktime_get_boottime_ns() + timens_offset(CLOCK_BOOTTIME), NSEC_PER_SEC);
	for (int i = 0; i < 3; i++)
		info->loads[i] = avenrun[i] << (SI_LOAD_SHIFT - 11);
	info->procs = nr_threads_now();
}

long sys_sysinfo(struct sysinfo __user *uinfo)
{
	struct sysinfo info;

	fill_sysinfo(&info);
	info.totalram = totalram_pages() * PAGE_SIZE;
	info.freeram = nr_free_pages() * PAGE_SIZE;
	info.sharedram = nr_shmem_pages() * PAGE_SIZE;
	info.mem_unit = 1;
	return copy_to_user(uinfo, &info, sizeof(info)) ? -EFAULT : 0;
}

long sys_sysinfo32(void __user *uinfo)
{
	u32 unit = totalram_pages() <= U32_MAX / PAGE_SIZE ? PAGE_SIZE : 1;	/* as Linux: bytes where they fit */
	struct sysinfo32 info32;
	struct sysinfo info;

	fill_sysinfo(&info);
	info32 = (struct sysinfo32){
		.uptime = info.uptime, .loads = { info.loads[0], info.loads[1], info.loads[2] },
		.procs = info.procs, .totalram = totalram_pages() * unit, .freeram = nr_free_pages() * unit,
		.sharedram = nr_shmem_pages() * unit, .mem_unit = PAGE_SIZE / unit,
	};
	return copy_to_user(uinfo, &info32, sizeof(info32)) ? -EFAULT : 0;
}

long sys_getcpu(unsigned int __user *ucpu, unsigned int __user *unode, void __user *unused)
{
	unsigned int cpu = READ_ONCE(current->cpu);

	if (ucpu && put_user(cpu, ucpu))
		return -EFAULT;
	return unode && put_user(0, unode) ? -EFAULT : 0;
}
