// SPDX-License-Identifier: GPL-2.0-only
/*
 * The variables of /proc/sys that belong to no driver: kernel, vm, fs.  What is here is
 * what the kernel really uses: a variable of Linux that would change nothing is left out, one that
 * is fixed is read-only.
 *
 * Locking: uts_sem for the names, ns->lock for the last pid; the other variables are single words.
 */
#include <fs/procfs/internal.h>

#include <fs/aio.h>
#include <fs/coredump.h>
#include <fs/eventpoll.h>
#include <fs/file.h>
#include <fs/fsnotify.h>
#include <fs/locks.h>
#include <fs/mount.h>
#include <fs/namei.h>
#include <fs/pipe_fs_i.h>
#include <fs/special.h>
#include <kernel/acct.h>
#include <kernel/cred.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/log2.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/utsname.h>
#include <kernel/panic.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/random.h>
#include <kernel/sched/policy.h>
#include <kernel/seccomp.h>
#include <kernel/yama.h>
#include <mm/mm.h>

#define VARIABLE(name, variable, m)						\
	.procname = name, .data = &(variable), .maxlen = sizeof(variable), .mode = m
#define INT(name, variable, m)		{ VARIABLE(name, variable, m) }
#define INT_RANGE(name, variable, m, lo, hi) \
	{ VARIABLE(name, variable, m), .min = lo, .max = hi }
#define ULONG(name, variable, m)	{ VARIABLE(name, variable, m), .handler = sysctl_ulong }
#define STRING(name, variable, m)	{ VARIABLE(name, variable, m), .handler = sysctl_string }
#define HANDLER(name, m, h)		{ .procname = name, .mode = m, .handler = h }

/* A handler's text of one line. */
static int give(char *buf, size_t *len, const char *fmt, ...) __printf(3, 4);
static int give(char *buf, size_t *len, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	*len = vscnprintf(buf, *len, fmt, args);
	va_end(args);
	return 0;
}

/* An integer that is not a variable: parse a write into *value. */
static int take_int(const struct ctl_table *t, char *buf, size_t *len, loff_t *pos, int *value)
{
	struct ctl_table tmp = *t;

	tmp.data = value;
	tmp.maxlen = sizeof(*value);
	return sysctl_int(&tmp, 1, buf, len, pos);
}

/* ---- kernel -------------------------------------------------------------------------------- */

/* data is the field's offset: each namespace has its own names. */
static int uts_handler(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	struct ctl_table tmp = *t;
	int err;

	tmp.data = (char *)&utsns()->name + (unsigned long)t->data;
	tmp.maxlen = __NEW_UTS_LEN + 1;
	if (!write) {
		down_read(&uts_sem);
		err = sysctl_string(&tmp, 0, buf, len, pos);
		up_read(&uts_sem);
		return err;
	}
	down_write(&uts_sem);
	err = sysctl_string(&tmp, 1, buf, len, pos);
	up_write(&uts_sem);
	return err;
}
/* What is not positive stands for the default. */
static int rr_timeslice_handler(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	int ms, err;

	if (!write)
		return give(buf, len, "%d\n", READ_ONCE(sched_rr_timeslice_ms));
	err = take_int(t, buf, len, pos, &ms);
	if (!err)
		WRITE_ONCE(sched_rr_timeslice_ms, ms > 0 ? ms : RR_TIMESLICE_MS);
	return err;
}

#define UTS(name, field, m) {							\
	.procname = name, .data = (void *)offsetof(struct new_utsname, field),	\
	.mode = m, .handler = uts_handler,					\
}

static int tainted_handler(const struct ctl_table *t, int write, char *buf, size_t *len,
			   loff_t *pos)
{
	unsigned long flags;
	unsigned int bit;

	if (!write)
		return give(buf, len, "%lu\n", get_taint());
	if (kstrtoul(strim(buf), 0, &flags))
		return -EINVAL;
	for (bit = 0; bit < BITS_PER_LONG; bit++) {
		if (flags & (1UL << bit))
			add_taint(bit);		/* what was tainted stays so */
	}
	return 0;
}

static int ns_last_pid_handler(const struct ctl_table *t, int write, char *buf, size_t *len,
			       loff_t *pos)
{
	struct pid_namespace *ns = task_active_pid_ns(current);
	unsigned long flags;
	int last, err;

	if (!write)
		return give(buf, len, "%d\n", READ_ONCE(ns->last_pid));
	if (!ns_capable(ns->ns.user_ns, CAP_SYS_ADMIN) &&
	    !ns_capable(ns->ns.user_ns, CAP_CHECKPOINT_RESTORE))
		return -EPERM;
	err = take_int(t, buf, len, pos, &last);
	if (err)
		return err;
	if (last < 0 || last >= pid_max)
		return -EINVAL;
	spin_lock_irqsave(&ns->lock, flags);
	ns->last_pid = last;
	idr_set_cursor(&ns->idr, last + 1);
	spin_unlock_irqrestore(&ns->lock, flags);
	return 0;
}

static const int ngroups_max = NGROUPS_MAX;
static const int cap_last_cap = CAP_LAST_CAP;
static const int overflow_id = 65534;
/* stack, mappings and heap: personality(2) switches it off */
static const int full_randomization = 2;
#define CONSTANT(name, variable)	INT(name, *(int *)&(variable), 0444)

static const struct ctl_table kernel_table[] = {
	UTS("ostype", sysname, 0444),
	UTS("osrelease", release, 0444),
	UTS("version", version, 0444),
	UTS("hostname", nodename, 0644),
	UTS("domainname", domainname, 0644),
	INT_RANGE("pid_max", pid_max, 0644, RESERVED_PIDS + 1, PID_MAX_LIMIT),
	INT_RANGE("threads-max", max_threads, 0644, 1, 0x3fffffff),
	CONSTANT("ngroups_max", ngroups_max),
	CONSTANT("cap_last_cap", cap_last_cap),
	CONSTANT("overflowuid", overflow_id),
	CONSTANT("overflowgid", overflow_id),
	CONSTANT("randomize_va_space", full_randomization),
	HANDLER("sched_rr_timeslice_ms", 0644, rr_timeslice_handler),
	INT("panic", panic_timeout, 0644),
	INT("acct", acct_parm, 0644),
	INT("printk", console_printk, 0644),
	INT_RANGE("dmesg_restrict", dmesg_restrict, 0644, 0, 1),
	INT_RANGE("kptr_restrict", kptr_restrict, 0644, 0, 2),
	STRING("core_pattern", core_pattern, 0644),
	INT("core_uses_pid", core_uses_pid, 0644),
	INT("core_pipe_limit", core_pipe_limit, 0644),
	HANDLER("tainted", 0644, tainted_handler),
	HANDLER("ns_last_pid", 0666, ns_last_pid_handler),
};

/* No way back from the highest scope. */
static int ptrace_scope_handler(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	int scope, err;

	if (!write)
		return give(buf, len, "%d\n", yama_ptrace_scope);
	if (!capable(CAP_SYS_PTRACE))
		return -EPERM;
	err = take_int(t, buf, len, pos, &scope);
	if (err)
		return err;
	if (yama_ptrace_scope == YAMA_NO_ATTACH && scope != YAMA_NO_ATTACH)
		return -EINVAL;
	WRITE_ONCE(yama_ptrace_scope, scope);
	return 0;
}

static const struct ctl_table yama_table[] = {
	{
		.procname = "ptrace_scope", .mode = 0644, .min = YAMA_DISABLED, .max = YAMA_NO_ATTACH,
		.handler = ptrace_scope_handler,
	},
};

static int actions_handler(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	if (!write) {
		*len = seccomp_list_actions(buf, *len, t->mode == 0444);
		return 0;
	}
	return capable(CAP_SYS_ADMIN) ? seccomp_set_logged(strim(buf)) : -EPERM;
}

static const struct ctl_table seccomp_table[] = {
	HANDLER("actions_avail", 0444, actions_handler),
	HANDLER("actions_logged", 0644, actions_handler),
};

/* ---- kernel/random ------------------------------------------------------------------------- */

static u8 boot_id[16];		/* [I] after proc_sysctl_init() */

static void make_uuid(u8 uuid[16])
{
	get_random_bytes(uuid, 16);
	uuid[6] = (uuid[6] & 0x0f) | 0x40;	/* version 4: random */
	uuid[8] = (uuid[8] & 0x3f) | 0x80;
}

static int give_uuid(char *buf, size_t *len, const u8 *u)
{
	return give(buf, len,
		    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x\n",
		    u[0], u[1], u[2], u[3], u[4], u[5], u[6], u[7],
		    u[8], u[9], u[10], u[11], u[12], u[13], u[14], u[15]);
}

static int boot_id_handler(const struct ctl_table *t, int write, char *buf, size_t *len,
			   loff_t *pos)
{
	return give_uuid(buf, len, boot_id);
}

static int uuid_handler(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	u8 uuid[16];

	make_uuid(uuid);
	return give_uuid(buf, len, uuid);
}

static int entropy_handler(const struct ctl_table *t, int write, char *buf, size_t *len,
			   loff_t *pos)
{
	return give(buf, len, "%u\n", random_entropy_avail());
}

static const int pool_bits = 256;

static const struct ctl_table random_table[] = {
	HANDLER("boot_id", 0444, boot_id_handler),
	HANDLER("uuid", 0444, uuid_handler),
	HANDLER("entropy_avail", 0444, entropy_handler),
	CONSTANT("poolsize", pool_bits),
};

/* ---- vm ------------------------------------------------------------------------------------ */

static int drop_caches_handler(const struct ctl_table *t, int write, char *buf, size_t *len,
			       loff_t *pos)
{
	int what, err = take_int(t, buf, len, pos, &what);

	if (!err)
		drop_caches(what);
	return err;
}

/* Of these two the one that was written last says what the limit is. */
static int overcommit_ratio_handler(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	int err = sysctl_int(t, write, buf, len, pos);

	if (!err && write)
		WRITE_ONCE(sysctl_overcommit_kbytes, 0);
	return err;
}

static int overcommit_kbytes_handler(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	int err = sysctl_ulong(t, write, buf, len, pos);

	if (!err && write)
		WRITE_ONCE(sysctl_overcommit_ratio, 0);
	return err;
}

static const struct ctl_table vm_table[] = {
	INT_RANGE("overcommit_memory", sysctl_overcommit_memory, 0644, 0, 2),
	{
		VARIABLE("overcommit_ratio", sysctl_overcommit_ratio, 0644), .max = INT_MAX,
		.handler = overcommit_ratio_handler,
	},
	{
		VARIABLE("overcommit_kbytes", sysctl_overcommit_kbytes, 0644), .handler = overcommit_kbytes_handler,
	},
	ULONG("admin_reserve_kbytes", sysctl_admin_reserve_kbytes, 0644),
	ULONG("user_reserve_kbytes", sysctl_user_reserve_kbytes, 0644),
	INT_RANGE("legacy_va_layout", sysctl_legacy_va_layout, 0644, 0, INT_MAX),
	INT_RANGE("max_map_count", sysctl_max_map_count, 0644, 0, INT_MAX),
	ULONG("mmap_min_addr", mmap_min_addr, 0644),
	{
		.procname = "drop_caches", .mode = 0200, .min = 1, .max = 4,
		.handler = drop_caches_handler,
	},
};

/* ---- fs ------------------------------------------------------------------------------------ */

static int file_nr_handler(const struct ctl_table *t, int write, char *buf, size_t *len,
			   loff_t *pos)
{
	return give(buf, len, "%lu\t0\t%lu\n", nr_open_files(), READ_ONCE(files_max));
}

/* Pipes have a power of two of pages. */
static int pipe_max_size_handler(const struct ctl_table *t, int write, char *buf, size_t *len,
				 loff_t *pos)
{
	int size, err;

	if (!write)
		return give(buf, len, "%u\n", READ_ONCE(pipe_max_size));
	err = take_int(t, buf, len, pos, &size);
	if (err)
		return err;
	if (size < 0 || size > 1 << 30)
		return -EINVAL;
	WRITE_ONCE(pipe_max_size, size <= (int)PAGE_SIZE ? PAGE_SIZE : roundup_pow_of_two(size));
	return 0;
}

static const struct ctl_table fs_table[] = {
	ULONG("aio-max-nr", aio_max_nr, 0644),
	ULONG("aio-nr", aio_nr, 0444),
	ULONG("file-max", files_max, 0644),
	HANDLER("file-nr", 0444, file_nr_handler),
	INT_RANGE("nr_open", sysctl_nr_open, 0644, BITS_PER_LONG, INT_MAX & -BITS_PER_LONG),
	INT_RANGE("mount-max", sysctl_mount_max, 0644, 1, INT_MAX),
	INT("dir-notify-enable", dir_notify_enable, 0644),
	INT("leases-enable", leases_enable, 0644),
	INT("lease-break-time", lease_break_time, 0644),
	HANDLER("pipe-max-size", 0644, pipe_max_size_handler),
	ULONG("pipe-user-pages-hard", pipe_user_pages_hard, 0644),
	ULONG("pipe-user-pages-soft", pipe_user_pages_soft, 0644),
	INT_RANGE("suid_dumpable", suid_dumpable, 0644, SUID_DUMP_DISABLE, SUID_DUMP_ROOT),
	INT_RANGE("protected_hardlinks", sysctl_protected_hardlinks, 0600, 0, 1),
	INT_RANGE("protected_symlinks", sysctl_protected_symlinks, 0600, 0, 1),
	CONSTANT("overflowuid", overflow_id),
	CONSTANT("overflowgid", overflow_id),
};

static const struct ctl_table epoll_table[] = {
	ULONG("max_user_watches", max_user_watches, 0644),
};

static const struct ctl_table inotify_table[] = {
	INT_RANGE("max_queued_events", inotify_max_queued_events, 0644, 0, INT_MAX),
	INT_RANGE("max_user_instances", inotify_max_user_instances, 0644, 0, INT_MAX),
	INT_RANGE("max_user_watches", inotify_max_user_watches, 0644, 0, INT_MAX),
};

void proc_sysctl_init(void)
{
	make_uuid(boot_id);
	sysctl_register("kernel", kernel_table, ARRAY_SIZE(kernel_table));
	sysctl_register("kernel/yama", yama_table, ARRAY_SIZE(yama_table));
	sysctl_register("kernel/seccomp", seccomp_table, ARRAY_SIZE(seccomp_table));
	sysctl_register("kernel/random", random_table, ARRAY_SIZE(random_table));
	sysctl_register("vm", vm_table, ARRAY_SIZE(vm_table));
	sysctl_register("fs", fs_table, ARRAY_SIZE(fs_table));
	sysctl_register("fs/epoll", epoll_table, ARRAY_SIZE(epoll_table));
	sysctl_register("fs/inotify", inotify_table, ARRAY_SIZE(inotify_table));
}
