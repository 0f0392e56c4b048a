/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of kernel/cgroup share: the group, and its files.
 *
 * Locks:	[I] immutable	[a] atomic	[n] notify_lock of notify.c
 *		[m] cgroup_mutex: the tree, which controllers are on, limits
 *		[t] tasklist_lock, held for write to change: who is where, and what is counted of it
 *		[mt] both to change, either to read
 * Order: i_rwsem of a directory, cgroup_mutex, tasklist_lock.
 *
 * A group is counted: one reference while it is linked, one for each child, task, inode, and open file.
 * Tasks are not listed by group: the few files that name them walk all tasks.
 */
#pragma once

#include <kernel/cgroup/cgroup.h>
#include <kernel/lib/atomic.h>
#include <kernel/lib/list.h>
#include <kernel/lib/refcount.h>
#include <kernel/locking/mutex.h>
#include <kernel/sched/sched.h>
#include <kernel/sched/wait.h>
#include <kernel/workqueue.h>

struct cgroup_attr;
struct file;
struct inode;
struct super_block;

/* In the order in which cgroup.controllers names them. */
enum cgroup_controller {
	CGROUP_CPU,
	CGROUP_MEMORY,
	CGROUP_PIDS,
	NR_CGROUP_CONTROLLERS,
};
#define CGROUP_BIT(c)		(1U << (c))
#define CGROUP_ALL		(CGROUP_BIT(NR_CGROUP_CONTROLLERS) - 1)
/* Those that can tell the threads of one process apart. */
#define CGROUP_THREADED		(CGROUP_BIT(CGROUP_CPU) | CGROUP_BIT(CGROUP_PIDS))

/* Files that tell when they have changed: by poll() and to inotify. */
enum cgroup_event {
	CGROUP_EVENT_CORE,		/* cgroup.events */
	CGROUP_EVENT_PIDS,
	CGROUP_EVENT_MEMORY,
	CGROUP_EVENT_MEMORY_LOCAL,
	NR_CGROUP_EVENTS,
	CGROUP_NO_EVENT = NR_CGROUP_EVENTS,
};

struct cgroup_cpu {
	bool			on;		/* [mt] the controller is */
	bool			idle;		/* [m] */
	unsigned int		weight;		/* [m] 1 to 10000 */
	struct task_group	*group;		/* [I] not the root's */
	u64			utime, stime;	/* [t] of those that have left it, or groups below */
};

struct cgroup_event_file {
	unsigned int		seq;		/* [n] changes so far; read without */
	wait_queue_head_t	wait;
	struct inode		*inode;		/* watch_mutex of notify.c: while there is one */
};

enum memory_event {
	MEMORY_LOW,
	MEMORY_HIGH,
	MEMORY_MAX,
	MEMORY_OOM,
	MEMORY_OOM_KILL,
	MEMORY_OOM_GROUP_KILL,
	NR_MEMORY_EVENTS,
};

enum memory_stat {
	MEMORY_ANON,
	MEMORY_FILE,			/* without the next */
	MEMORY_SHMEM,
	MEMORY_STACK,
	NR_MEMORY_STATS,
};

/* All in pages, of the group and those below. */
struct cgroup_memory {
	bool			on;		/* [m] the controller is: read without */
	bool			oom_group;	/* [m] */
	long			min, low, high, max, swap_max;	/* [m] read without; LONG_MAX: none */
	atomic_long_t		usage;		/* [a] not kept for the root, as the following */
	long			peak;		/* a lost update does no harm */
	atomic_long_t		stat[NR_MEMORY_STATS];		/* [a] */
	atomic_long_t		events[NR_MEMORY_EVENTS];	/* [a] */
	atomic_long_t		events_local[NR_MEMORY_EVENTS];	/* [a] of the group itself */
};

struct cgroup {
	refcount_t		refs;		/* [a] */
	struct work_struct	free_work;	/* when there are none */
	struct cgroup		*parent;	/* [I] NULL: the root */
	char			*name;		/* [I] */
	u64			id;		/* [I] 0: the root; grows */
	unsigned int		level;		/* [I] */
	uid_t			uid;		/* [I] who made it: owns its files until they are changed */
	gid_t			gid;		/* [I] */
	umode_t			mode;		/* [I] of its directory, likewise */
	struct list_head	children;	/* [m] by id */
	struct list_head	sibling;	/* [m] */
	bool			dead;		/* [mt] removed */
	struct list_head	attrs;		/* [m] what was changed of its files: attr.c */

	unsigned int		subtree_control; /* [m] controllers that its children have */
	struct cgroup		*dom;		/* [mt] the domain it is a threaded part of, or itself */
	int			max_depth, max_descendants; /* [m] */
	int			nr_descendants;	/* [m] */
	atomic_t		nr_dying;	/* [a] removed ones that are still referenced */

	unsigned int		nr_tasks;	/* [t] living, in itself */
	unsigned int		nr_subtree;	/* [t] living, in it and below; not kept for the root */
	unsigned int		nr_frozen;	/* [t] of those */
	bool			freeze;		/* [m] what cgroup.freeze says */
	unsigned int		freezers;	/* [t] groups from here to the root with that set */
	bool			frozen;		/* [t] all of its tasks are */

	long			pids, pids_peak; /* [t] in it and below, zombies too; not kept for the root */
	long			pids_max;	/* [m] LONG_MAX: none */
	u64			pids_refused;	/* [t] */

	struct cgroup_memory	memory;
	struct cgroup_cpu	cpu;

	struct cgroup_event_file events[NR_CGROUP_EVENTS];
	struct cgroup		*notify_next;	/* [n] in the list of those to tell of */
	unsigned int		notify_mask;	/* [n] of which files */
};

extern struct cgroup cgroup_root;
extern struct mutex cgroup_mutex;
/* The mount options: [m]. */
extern bool cgroup_nsdelegate, cgroup_recursiveprot;

static inline struct cgroup *task_cgroup(const struct task_struct *t)	/* [t] */
{
	return t->cgroup ? t->cgroup : &cgroup_root;
}
static inline bool cgroup_is_threaded(const struct cgroup *c)
{
	return c->dom != c;
}
struct cgroup *cgroup_get_of_task(struct task_struct *t);	/* takes [t] */
struct cgroup_namespace *current_cgroup_ns(void);
bool cgroup_is_descendant(const struct cgroup *c, const struct cgroup *of);	/* or itself */

/* ---- tree.c: making and removing ------------------------------------------------------------- */
static inline struct cgroup *cgroup_get(struct cgroup *c)
{
	refcount_inc(&c->refs);
	return c;
}
void cgroup_put(struct cgroup *c);		/* any context; NULL is fine */
struct cgroup *cgroup_create(struct cgroup *parent, const char *name, umode_t mode);	/* with a reference */
int cgroup_remove(struct cgroup *c);
/* The child of that name, or the first whose id is not less, with a reference; or NULL. */
struct cgroup *cgroup_find_child(struct cgroup *c, const char *name, size_t len);
struct cgroup *cgroup_next_child(struct cgroup *c, u64 id);
unsigned int cgroup_nr_children(struct cgroup *c);
/* [m] held: the group after @c in a walk that visits parents before children, up to where @top ends. */
struct cgroup *cgroup_next_descendant(struct cgroup *c, struct cgroup *top);
/* The path of @c as seen from @root, with "/.." where it is not below; NULL: longer than @size. */
char *cgroup_path(struct cgroup *c, struct cgroup *root, char *buf, size_t size);

/* ---- files ----------------------------------------------------------------------------------- */
/* One open file: [I], but for seq, which the reader sets. */
struct cgroup_open {
	struct cgroup		*cgrp;		/* reference */
	const struct cgroup_file *file;
	struct file		*filp;
	struct cgroup_namespace	*ns;		/* reference: the opener's */
	unsigned int		seq;		/* of the event file when it was read last */
};

struct cgroup_file {
	const char		*name;
	umode_t			mode;
	unsigned int		flags;		/* CGROUP_FILE_* */
	enum cgroup_event	event;
	int			(*show)(struct seq_file *m, struct cgroup *c);	/* NULL: reading is EINVAL */
	/* [m] held (unless CGROUP_FILE_UNLOCKED), the group lives. @text: all that was written, without white
	 * space around it. 0 or -errno. NULL: EINVAL */
	int			(*write)(struct cgroup_open *open, char *text);
};
#define CGROUP_FILE_NOT_ON_ROOT	1
#define CGROUP_FILE_DELEGATED	2	/* written inside a namespace even at its root */
#define CGROUP_FILE_UNLOCKED	4	/* write() takes time, and no mutex */

/* A controller's files: there while the parent's subtree_control has it. */
struct cgroup_file_set {
	const struct cgroup_file *files;
	const unsigned int	*n;
	int			controller;	/* -1: always there */
};
#define CGROUP_PROCS	0		/* cgroup.procs among the core files */
extern const struct cgroup_file cgroup_core_files[], cgroup_cpu_files[], cgroup_memory_files[],
	cgroup_pids_files[];
extern const unsigned int nr_cgroup_core_files, nr_cgroup_cpu_files, nr_cgroup_memory_files, nr_cgroup_pids_files;

int cgroup_lock_live(struct cgroup *c);		/* takes cgroup_mutex; -ENODEV: it is removed, not taken */
/* "max" or a number of at least 0: 0, -EINVAL, -ERANGE. */
int cgroup_parse_max(const char *text, s64 max, s64 *value);
void cgroup_show_max(struct seq_file *m, s64 value, s64 max);

/* fs.c: may current write into cgroup.procs of @c? [m] held. */
int cgroup_may_write(struct cgroup *c);
struct cgroup *cgroup_of_dir(struct file *f);	/* a directory of cgroup2, or ERR_PTR(-EBADF) */
int cgroup_fs_init(void);

void cgroup_free_attrs(struct cgroup *c);	/* the last reference has gone */
void cgroup_proc_init(void);			/* show.c */
extern const char *const cgroup_controller_names[NR_CGROUP_CONTROLLERS];	/* control.c */

/* ---- notify.c -------------------------------------------------------------------------------- */
void cgroup_notify(struct cgroup *c, enum cgroup_event event);	/* any context */
void cgroup_event_set_inode(struct cgroup_event_file *e, struct inode *inode);
void cgroup_event_clear_inode(struct cgroup_event_file *e, const struct inode *inode);

/* ---- control.c: controllers, threaded groups; all with [m] held ------------------------------ */
unsigned int cgroup_controllers(const struct cgroup *c);	/* what it may give to its children */
bool cgroup_has(const struct cgroup *c, enum cgroup_controller controller);	/* has its files */
void cgroup_update_controllers(struct cgroup *parent);	/* its children or what they have changed */
bool cgroup_is_valid_domain(struct cgroup *c);
const char *cgroup_type(struct cgroup *c);
int cgroup_vet_destination(struct cgroup *c);	/* may processes live in it? */
int cgroup_write_subtree_control(struct cgroup_open *open, char *text);
int cgroup_write_type(struct cgroup_open *open, char *text);
void cgroup_show_controllers(struct seq_file *m, unsigned int mask);

/* ---- tasks.c: who is in it ------------------------------------------------------------------- */
int cgroup_show_procs(struct seq_file *m, struct cgroup *c);
int cgroup_show_threads(struct seq_file *m, struct cgroup *c);
int cgroup_write_procs(struct cgroup_open *open, char *text);
int cgroup_write_threads(struct cgroup_open *open, char *text);
int cgroup_write_kill(struct cgroup_open *open, char *text);
/* [m] held: may current move a process (or a thread) from @src to @dst? */
int cgroup_attach_permission(struct cgroup *src, struct cgroup *dst, bool thread, const struct cgroup_namespace *ns);
/* [t]: @n more tasks (or less) live in @c; @frozen of them are. */
void cgroup_count(struct cgroup *c, int n, int frozen);

/* ---- freezer.c ------------------------------------------------------------------------------- */
int cgroup_show_freeze(struct seq_file *m, struct cgroup *c);
int cgroup_write_freeze(struct cgroup_open *open, char *text);
void cgroup_update_frozen(struct cgroup *c);		/* [t]: its counts have changed */
/* [t]: @t has just come to where it is. true: it counts as frozen there. */
bool cgroup_freezer_moved(struct task_struct *t);

/* ---- pids.c ---------------------------------------------------------------------------------- */
int cgroup_pids_try(struct cgroup *c);		/* [t] one more, or -EAGAIN */
void cgroup_pids_add(struct cgroup *c, int n);	/* [t] whatever the limit */
void cgroup_pids_reset(struct cgroup *c);	/* the controller was turned off */

/* ---- memory.c -------------------------------------------------------------------------------- */
void cgroup_memory_reset(struct cgroup *c, bool on);	/* [m]: the controller was turned on or off */
void cgroup_memory_event(struct cgroup *c, enum memory_event event);
void cgroup_charge_stack(struct task_struct *child);
void cgroup_uncharge_stack(struct task_struct *t);

/* ---- cpu.c ----------------------------------------------------------------------------------- */
int cgroup_cpu_create(struct cgroup *c);		/* 0 or -ENOMEM */
void cgroup_cpu_free(struct cgroup *c);
void cgroup_cpu_enable(struct cgroup *c, bool on);	/* [m]: the controller was turned on or off */
void cgroup_cpu_stop(struct cgroup *c);			/* [m]: no quota any more */
/* [t]: @t has come to where it is now; and it leaves @c. */
void cgroup_cpu_join(struct task_struct *t);
void cgroup_cpu_leave(struct task_struct *t, struct cgroup *c);
int cgroup_show_cpu_stat(struct seq_file *m, struct cgroup *c);
