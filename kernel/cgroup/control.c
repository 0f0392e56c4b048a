// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which controllers a group gives to its children, and which groups are threaded.
 *
 * Processes live in the leaves: a domain that gives controllers to its children has none itself (the root may).
 * Threads of one process may be spread over a subtree of threaded groups, whose top is their domain; only some
 * controllers work there.  A group below such a top that is not threaded itself cannot be used.
 *
 * Locking: cgroup_mutex.
 */
#include <kernel/cgroup/internal.h>

#include <fs/seq_file.h>
#include <kernel/lib/string.h>

const char *const cgroup_controller_names[NR_CGROUP_CONTROLLERS] = {
	[CGROUP_CPU] = "cpu",
	[CGROUP_MEMORY] = "memory",
	[CGROUP_PIDS] = "pids",
};

/* ---- what a group is ------------------------------------------------------------------------- */

unsigned int cgroup_controllers(const struct cgroup *c)
{
	unsigned int mask = c->parent ? c->parent->subtree_control : CGROUP_ALL;

	return cgroup_is_threaded(c) ? mask & CGROUP_THREADED : mask;
}

bool cgroup_has(const struct cgroup *c, enum cgroup_controller controller)
{
	return cgroup_controllers(c) & CGROUP_BIT(controller);
}

static bool has_threaded_child(const struct cgroup *c)
{
	const struct cgroup *child;

	list_for_each_entry(child, &c->children, sibling)
		if (cgroup_is_threaded(child))
			return true;
	return false;
}

static bool has_populated_domain_child(const struct cgroup *c)
{
	const struct cgroup *child;

	list_for_each_entry(child, &c->children, sibling)
		if (!cgroup_is_threaded(child) && READ_ONCE(child->nr_subtree))
			return true;
	return false;
}

static bool can_be_thread_root(const struct cgroup *c)
{
	if (!c->parent)
		return true;
	return !cgroup_is_threaded(c) && !has_populated_domain_child(c) && !(c->subtree_control & ~CGROUP_THREADED);
}

static bool is_thread_root(const struct cgroup *c)
{
	if (cgroup_is_threaded(c))
		return false;
	return has_threaded_child(c) || (READ_ONCE(c->nr_tasks) && (c->subtree_control & CGROUP_THREADED));
}

bool cgroup_is_valid_domain(struct cgroup *c)
{
	if (cgroup_is_threaded(c))
		return false;
	while ((c = c->parent)) {
		if (c->parent && is_thread_root(c))
			return false;
		if (cgroup_is_threaded(c))
			return false;
	}
	return true;
}

const char *cgroup_type(struct cgroup *c)
{
	if (cgroup_is_threaded(c))
		return "threaded";
	if (!cgroup_is_valid_domain(c))
		return "domain invalid";
	return is_thread_root(c) ? "domain threaded" : "domain";
}

int cgroup_vet_destination(struct cgroup *c)
{
	if (!cgroup_is_valid_domain(c->dom))
		return -EOPNOTSUPP;
	if (can_be_thread_root(c) || cgroup_is_threaded(c))
		return 0;
	return c->subtree_control ? -EBUSY : 0;
}

/* ---- cgroup.type ----------------------------------------------------------------------------- */

static int make_threaded(struct cgroup *c)
{
	struct cgroup *dom = c->parent->dom, *sub;

	if (cgroup_is_threaded(c))
		return 0;
	if (READ_ONCE(c->nr_subtree) || (c->subtree_control & ~CGROUP_THREADED))
		return -EOPNOTSUPP;
	if (!cgroup_is_valid_domain(dom) || !can_be_thread_root(dom))
		return -EOPNOTSUPP;
	write_lock_irq(&tasklist_lock);
	for (sub = c; sub; sub = cgroup_next_descendant(sub, c))
		if (sub == c || cgroup_is_threaded(sub))
			sub->dom = dom;
	write_unlock_irq(&tasklist_lock);
	return 0;
}

int cgroup_write_type(struct cgroup_open *open, char *text)
{
	if (strcmp(text, "threaded"))	/* there is no way back */
		return -EINVAL;
	return make_threaded(open->cgrp);
}

/* ---- cgroup.subtree_control ------------------------------------------------------------------ */

void cgroup_show_controllers(struct seq_file *m, unsigned int mask)
{
	bool first = true;
	int i;

	for (i = 0; i < NR_CGROUP_CONTROLLERS; i++) {
		if (!(mask & CGROUP_BIT(i)))
			continue;
		seq_printf(m, first ? "%s" : " %s", cgroup_controller_names[i]);
		first = false;
	}
	if (!first)
		seq_putc(m, '\n');
}

static int find_controller(const char *name)
{
	int i;

	for (i = 0; i < NR_CGROUP_CONTROLLERS; i++)
		if (!strcmp(cgroup_controller_names[i], name))
			return i;
	return -EINVAL;
}

/* "+cpu -pids": the last word on each counts. */
static int parse_control(char *text, unsigned int *enable, unsigned int *disable)
{
	char *word;

	*enable = *disable = 0;
	while ((word = strsep(&text, " "))) {
		int i;

		if (!*word)
			continue;
		i = find_controller(word + 1);
		if (i < 0 || (*word != '+' && *word != '-'))
			return -EINVAL;
		*enable &= ~CGROUP_BIT(i);
		*disable &= ~CGROUP_BIT(i);
		*(*word == '+' ? enable : disable) |= CGROUP_BIT(i);
	}
	return 0;
}

/* May @c, which may have processes, give @enable to its children? */
static int vet_enable(struct cgroup *c, unsigned int enable)
{
	if (!enable)
		return 0;
	if (!cgroup_is_valid_domain(c->dom))
		return -EOPNOTSUPP;
	if (!c->parent)
		return 0;
	if (enable & ~CGROUP_THREADED) {
		if (is_thread_root(c) || cgroup_is_threaded(c))
			return -EOPNOTSUPP;
	} else if (can_be_thread_root(c) || cgroup_is_threaded(c)) {
		return 0;
	}
	return READ_ONCE(c->nr_tasks) ? -EBUSY : 0;
}

static int check_control(struct cgroup *c, unsigned int enable, unsigned int disable)
{
	const struct cgroup *child;

	if (enable & ~cgroup_controllers(c))
		return -ENOENT;
	list_for_each_entry(child, &c->children, sibling)
		if (child->subtree_control & disable)
			return -EBUSY;
	return vet_enable(c, enable);
}

/* What a child can no longer limit has no limit; and who starts, starts without. */
void cgroup_update_controllers(struct cgroup *parent)
{
	struct cgroup *c;

	list_for_each_entry(c, &parent->children, sibling) {
		if (c->cpu.on != cgroup_has(c, CGROUP_CPU))
			cgroup_cpu_enable(c, !c->cpu.on);
		if (c->memory.on != cgroup_has(c, CGROUP_MEMORY))
			cgroup_memory_reset(c, !c->memory.on);
		if (!cgroup_has(c, CGROUP_PIDS))
			cgroup_pids_reset(c);
	}
}

static int change_control(struct cgroup *c, unsigned int enable, unsigned int disable)
{
	int err;

	enable &= ~c->subtree_control;
	disable &= c->subtree_control;
	err = check_control(c, enable, disable);
	if (err)
		return err;
	c->subtree_control = (c->subtree_control | enable) & ~disable;
	cgroup_update_controllers(c);
	return 0;
}

int cgroup_write_subtree_control(struct cgroup_open *open, char *text)
{
	unsigned int enable, disable;
	int err = parse_control(text, &enable, &disable);

	return err ? err : change_control(open->cgrp, enable, disable);
}
