// SPDX-License-Identifier: GPL-2.0-only
/*
 * Yama: kernel.yama.ptrace_scope says how far the right to trace goes that equal credentials give.
 *
 * In the relational scope a process may attach to its descendants only, and to a process that has named it, or
 * an ancestor of it, by prctl(PR_SET_PTRACER): crash handlers that are started to look at their parent.
 *
 * Locking: tasklist_lock, for the relations and for signal->ptracer.
 */
#include <kernel/yama.h>

#include <kernel/cred.h>
#include <kernel/pid.h>
#include <kernel/signal.h>

/* signal->ptracer of a process that anybody may trace. */
#define ANYBODY		((struct pid *)-1L)

int yama_ptrace_scope;

static bool is_descendant(const struct signal_struct *ancestor, struct task_struct *t)
{
	for (; t->pid; t = t->real_parent)
		if (t->signal == ancestor)
			return true;
	return false;
}

static bool was_invited(struct task_struct *t)
{
	struct pid *ptracer = t->signal->ptracer;
	struct task_struct *tracer;

	if (t->ptrace && t->parent->signal == current->signal)
		return true;			/* it is tracing it already, and wants to read its memory */
	if (!ptracer || ptracer == ANYBODY)
		return ptracer;
	tracer = pid_task(ptracer, PIDTYPE_TGID);
	return tracer && is_descendant(tracer->signal, current);
}

static bool has_ptrace_capability_over(struct task_struct *t)
{
	const struct cred *c = get_task_cred(t);
	bool yes = ns_capable(c->user_ns, CAP_SYS_PTRACE);

	put_cred(c);
	return yes;
}

bool yama_allows_attach(struct task_struct *t)
{
	switch (READ_ONCE(yama_ptrace_scope)) {
	case YAMA_DISABLED:
		return true;
	case YAMA_RELATIONAL:
		return is_descendant(current->signal, t) || was_invited(t) || has_ptrace_capability_over(t);
	case YAMA_CAPABILITY:
		return has_ptrace_capability_over(t);
	}
	return false;
}

bool yama_allows_traceme(struct task_struct *parent)
{
	switch (READ_ONCE(yama_ptrace_scope)) {
	case YAMA_CAPABILITY:
		return has_ns_capability(parent, current_user_ns(), CAP_SYS_PTRACE);
	case YAMA_NO_ATTACH:
		return false;
	}
	return true;
}

void put_ptracer(struct pid *ptracer)
{
	if (ptracer && ptracer != ANYBODY)
		put_pid(ptracer);
}

long prctl_set_ptracer(unsigned long who)
{
	struct pid *new = NULL, *old;
	struct task_struct *t;

	if ((int)who == -1) {		/* PR_SET_PTRACER_ANY, as a 32-bit program says it, too */
		new = ANYBODY;
	} else if (who) {
		t = find_get_task_by_vpid(who);
		if (!t)
			return -EINVAL;
		new = get_task_pid(t, PIDTYPE_TGID);
		put_task_struct(t);
		if (!new)
			return -EINVAL;
	}
	write_lock_irq(&tasklist_lock);
	old = current->signal->ptracer;
	current->signal->ptracer = new;
	write_unlock_irq(&tasklist_lock);
	put_ptracer(old);
	return 0;
}
