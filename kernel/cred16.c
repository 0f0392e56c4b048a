// SPDX-License-Identifier: GPL-2.0-only
/*
 * The 16-bit id calls of the 32-bit ABI; see widen_id() and narrow_id().
 */
#include <generated/syscalls.h>

#include <kernel/compat.h>
#include <kernel/cred.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

long sys_setuid16(u16 uid) { return sys_setuid(widen_id(uid)); }
long sys_setgid16(u16 gid) { return sys_setgid(widen_id(gid)); }
long sys_setreuid16(u16 ruid, u16 euid) { return sys_setreuid(widen_id(ruid), widen_id(euid)); }
long sys_setregid16(u16 rgid, u16 egid) { return sys_setregid(widen_id(rgid), widen_id(egid)); }
long sys_setresuid16(u16 r, u16 e, u16 s) { return sys_setresuid(widen_id(r), widen_id(e), widen_id(s)); }
long sys_setresgid16(u16 r, u16 e, u16 s) { return sys_setresgid(widen_id(r), widen_id(e), widen_id(s)); }
long sys_setfsuid16(u16 uid) { return narrow_id(sys_setfsuid(widen_id(uid))); }
long sys_setfsgid16(u16 gid) { return narrow_id(sys_setfsgid(widen_id(gid))); }
long sys_getuid16(void) { return narrow_id(sys_getuid()); }
long sys_geteuid16(void) { return narrow_id(sys_geteuid()); }
long sys_getgid16(void) { return narrow_id(sys_getgid()); }
long sys_getegid16(void) { return narrow_id(sys_getegid()); }

static long put_three16(uid_t a, uid_t b, uid_t c, u16 __user *ua, u16 __user *ub, u16 __user *uc)
{
	return put_user(narrow_id(a), ua) || put_user(narrow_id(b), ub) || put_user(narrow_id(c), uc) ? -EFAULT : 0;
}

long sys_getresuid16(u16 __user *r, u16 __user *e, u16 __user *s)
{
	const struct cred *c = current_cred();

	return put_three16(uid_to_user(c->uid), uid_to_user(c->euid), uid_to_user(c->suid), r, e, s);
}

long sys_getresgid16(u16 __user *r, u16 __user *e, u16 __user *s)
{
	const struct cred *c = current_cred();

	return put_three16(gid_to_user(c->gid), gid_to_user(c->egid), gid_to_user(c->sgid), r, e, s);
}

long sys_getgroups16(int n, u16 __user *list)
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
		if (put_user(narrow_id(gid_to_user(g->gid[i])), &list[i]))
			return -EFAULT;
	return g->ngroups;
}

long sys_setgroups16(int n, u16 __user *list)
{
	struct group_info *g;
	u16 gid;
	int i;

	if (!may_setgroups())
		return -EPERM;
	if ((unsigned int)n > NGROUPS_MAX)
		return -EINVAL;
	g = groups_alloc(n);
	if (!g)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		if (get_user(gid, &list[i])) {
			put_group_info(g);
			return -EFAULT;
		}
		g->gid[i] = gid_from_user(widen_id(gid));
		if (g->gid[i] == ID_INVALID) {
			put_group_info(g);
			return -EINVAL;
		}
	}
	return set_groups(g);
}
