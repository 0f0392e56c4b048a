/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time namespaces: what CLOCK_MONOTONIC and CLOCK_BOOTTIME are ahead of the first namespace's.
 *
 * The kernel counts in the clocks of the first one, which it calls the host's; offsets are added where a time is
 * told to user space and taken off where user space names a point of time.  The vDSO does it by itself, with a data
 * page per namespace (vdso_data.h).
 *
 * Locks:  [I] immutable   [f] timens_lock; immutable once @frozen
 */
#pragma once

#include <kernel/nsproxy.h>

struct cred;
struct page;
struct seq_file;
struct timespec64;
struct vm_area_struct;

enum timens_clock {
	TIMENS_MONOTONIC,
	TIMENS_BOOTTIME,
	TIMENS_CLOCKS,
};

struct time_namespace {
	struct ns_common	ns;
	struct page		*page;		/* [I] for the vDSO; NULL: the first one's */
	bool			frozen;		/* [f] somebody is or was in it */
	s64			offset[TIMENS_CLOCKS]; /* [f] ns */
};
extern struct time_namespace init_time_ns;
extern const struct ns_operations timens_operations, timens_for_children_operations;

static inline struct time_namespace *to_time_ns(struct ns_common *ns)
{
	return container_of(ns, struct time_namespace, ns);
}
static inline bool in_first_time_ns(void)
{
	return likely(current->nsproxy->ns[NS_TIME] == &init_time_ns.ns);
}

s64 timens_offset_slow(clockid_t clock);
u64 timens_to_host_slow(clockid_t clock, u64 ns);

/* What @clock of current is ahead of the host's. */
static inline s64 timens_offset(clockid_t clock)
{
	return in_first_time_ns() ? 0 : timens_offset_slow(clock);
}
/* The host's time when @clock of current shows @ns; not 0, which is no time for a timer. */
static inline u64 timens_to_host(clockid_t clock, u64 ns)
{
	return in_first_time_ns() ? ns : timens_to_host_slow(clock, ns);
}

/* Page @nr of the data that the vDSO finds in @vma; NULL: not to be had. */
struct page *timens_vvar_page(struct vm_area_struct *vma, unsigned long nr);
/* @t, current or its child that has not run, is in its new time namespace from now on. */
void timens_enter(struct task_struct *t);

/* /proc/<pid>/timens_offsets */
void timens_offsets_show(struct seq_file *m, struct task_struct *t);
int timens_offsets_set(struct task_struct *t, const struct cred *opener, const clockid_t *clocks,
		       const struct timespec64 *offsets, unsigned int n);
