/* SPDX-License-Identifier: GPL-2.0-only */
/* The memory controller, as mm/ sees it: kernel/cgroup/memory.c. Only tasks of groups charge; pages say if they are. */
#pragma once

#include <kernel/lib/types.h>

struct cgroup;
struct page;
struct task_struct;

/* current has a cgroup: @page, which nobody else sees, is its. May sleep. 0 or -ENOMEM */
int cgroup_charge_page(struct page *page);
void cgroup_uncharge_page(struct page *page);		/* PG_charged; nobody else sees it. Any context */
void cgroup_handle_over_high(void);			/* current->over_high, on the way to user mode */

/* For reclaim; the caller has a reference to @page. The last two: it is PG_charged. */
extern bool cgroup_memory_low_used;			/* somebody has ever set memory.low */
bool cgroup_owns_page(const struct cgroup *c, const struct page *page);	/* or a group below @c does */
bool cgroup_protects_page(const struct page *page, bool low);
void cgroup_note_low(const struct page *page);		/* it was reclaimed, whatever memory.low may say */

/* For the OOM killer, tasklist_lock held. */
bool cgroup_has_process(struct cgroup *c, struct task_struct *p);
void cgroup_oom_killed(struct task_struct *p);		/* tell its group */
/* The topmost group, up to @domain (NULL: the root), that is to die as a whole with @p; or NULL. */
struct cgroup *cgroup_oom_group(struct task_struct *p, struct cgroup *domain);
