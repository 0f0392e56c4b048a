/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Credentials: who a task is.  A struct cred never changes once it is a task's; to change one, copy it with
 * prepare_creds(), alter the copy, commit_creds() (cannot fail) or abort_creds().
 *
 * Locks:  [a] atomic; everything else is immutable after commit. task->cred is replaced by its own task only,
 * under task_lock; others read it with get_task_cred().
 */
#pragma once

#include <kernel/lib/refcount.h>
#include <kernel/sched/sched.h>
#include <kernel/uapi.h>
#include <kernel/user_namespace.h>

struct cred_keys;

typedef struct { u64 val; } kernel_cap_t;
#define CAP_FULL_SET		((kernel_cap_t){ (1ULL << (CAP_LAST_CAP + 1)) - 1 })
#define CAP_EMPTY_SET		((kernel_cap_t){ 0 })
static inline bool cap_raised(kernel_cap_t c, int cap)
{
	return c.val & (1ULL << cap);
}

struct group_info {
	refcount_t	usage;		/* [a] */
	int		ngroups;
	gid_t		gid[];		/* sorted; the kernel's */
};

/* What a user owns all over the system; counted against rlimits. */
struct user_struct {
	refcount_t		count;		/* [a] */
	uid_t			uid;		/* [I] */
	struct hlist_node	node;		/* user hash lock */
	atomic_t		processes;	/* [a] RLIMIT_NPROC */
	atomic_t		sigpending;	/* [a] RLIMIT_SIGPENDING */
	atomic_long_t		locked_vm;	/* [a] pages, shared locked memory */
	atomic_t		inotify_instances, inotify_watches; /* [a] */
	atomic_t		unix_inflight;	/* [a] */
	atomic_long_t		pipe_bufs;	/* [a] */
	atomic_long_t		mq_bytes;	/* [a] */
	atomic_t		epoll_watches;	/* [a] */
};

struct cred {
	refcount_t		usage;		/* [a] */
	uid_t			uid, suid, euid, fsuid;
	gid_t			gid, sgid, egid, fsgid;
	unsigned int		securebits;
	kernel_cap_t		cap_inheritable, cap_permitted, cap_effective, cap_bset, cap_ambient;
	struct user_struct	*user;
	struct user_namespace	*user_ns;
	struct group_info	*group_info;
	struct cred_keys	*keys;		/* keyrings; NULL: none, and fork, exec and exit have no work */
};
extern struct cred init_cred;
extern struct user_struct root_user;

void cred_init(void);
struct cred *prepare_creds(void);		/* a private copy of current's; NULL: no memory */
int commit_creds(struct cred *new);		/* consumes; always 0 */
bool cred_gains(const struct cred *old, const struct cred *new);	/* whoever changes so is not dumpable */
void abort_creds(struct cred *new);
const struct cred *override_creds(const struct cred *new);
void revert_creds(const struct cred *old);
static inline const struct cred *get_cred(const struct cred *c)
{
	refcount_inc(&((struct cred *)c)->usage);
	return c;
}
void put_cred(const struct cred *c);
const struct cred *get_task_cred(struct task_struct *t);	/* objective, with a reference */
int copy_creds(struct task_struct *child, unsigned long clone_flags);	/* 0, -EAGAIN, -ENOMEM, -EPERM */
void exit_creds(struct task_struct *t);
/* exec: the new credentials of a program file with @mode/@uid/@gid set-id bits; 0 or -errno. */
struct linux_binprm;
int prepare_exec_creds(struct linux_binprm *bprm);
void commit_exec_creds(struct linux_binprm *bprm);

#define current_cred()		((const struct cred *)current->cred)
#define current_uid()		(current->cred->uid)
#define current_gid()		(current->cred->gid)
#define current_euid()		(current->cred->euid)
#define current_egid()		(current->cred->egid)
#define current_fsuid()		(current->cred->fsuid)
#define current_fsgid()		(current->cred->fsgid)
#define current_user_ns()	(current->cred->user_ns)

/* Ids between current's user and the kernel. */
static inline uid_t uid_from_user(uid_t uid) { return make_kuid(current_user_ns(), uid); }
static inline gid_t gid_from_user(gid_t gid) { return make_kgid(current_user_ns(), gid); }
static inline uid_t uid_to_user(uid_t kuid) { return from_kuid_munged(current_user_ns(), kuid); }
static inline gid_t gid_to_user(gid_t kgid) { return from_kgid_munged(current_user_ns(), kgid); }

bool capable(int cap);				/* in the first user namespace; sets PF_SUPERPRIV */
bool ns_capable(struct user_namespace *ns, int cap);
bool has_ns_capability(struct task_struct *t, struct user_namespace *ns, int cap);
bool file_ns_capable(const struct cred *file_cred, struct user_namespace *ns, int cap);
bool in_group_p(gid_t gid);			/* fsgid or supplementary */
bool in_egroup_p(gid_t gid);
bool may_setgroups(void);			/* CAP_SETGID, and the namespace has not given it up */
struct group_info *groups_alloc(int n);
void put_group_info(struct group_info *g);
long set_groups(struct group_info *g);		/* current's supplementary groups; consumes @g */
struct user_struct *alloc_uid(uid_t uid);	/* find or make, with a reference */
void free_uid(struct user_struct *u);
static inline struct user_struct *get_uid(struct user_struct *u)
{
	refcount_inc(&u->count);
	return u;
}
bool ptrace_may_access(struct task_struct *t, unsigned int mode);
bool ptrace_creds_allow(struct task_struct *t, unsigned int mode);	/* without yama.c's part */
#define PTRACE_MODE_READ	0x01
#define PTRACE_MODE_ATTACH	0x02
#define PTRACE_MODE_FSCREDS	0x08
#define PTRACE_MODE_REALCREDS	0x10
#define PTRACE_MODE_READ_FSCREDS (PTRACE_MODE_READ | PTRACE_MODE_FSCREDS)
#define PTRACE_MODE_ATTACH_FSCREDS (PTRACE_MODE_ATTACH | PTRACE_MODE_FSCREDS)
#define PTRACE_MODE_ATTACH_REALCREDS (PTRACE_MODE_ATTACH | PTRACE_MODE_REALCREDS)
int get_dumpable(struct mm_struct *mm);
void set_dumpable(struct mm_struct *mm, int value);
