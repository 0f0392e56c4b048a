// SPDX-License-Identifier: GPL-2.0-only
/*
 * The freezer: cgroup.freeze stops all tasks of a group and below, as a signal would, and SIGKILL still kills.
 *
 * JOBCTL_TRAP_FREEZE sends a task into get_signal(), where it sleeps and counts as frozen (JOBCTL_FROZEN) until
 * the flag is taken away.  So does one that is stopped, traced or waits in vfork() already.  A group is frozen when
 * all of its tasks are; groups below a frozen one freeze with it.
 *
 * Locking: tasklist_lock (write) for the counts; siglock inside it for the flags of a task.
 */
#include <kernel/cgroup/internal.h>

#include <fs/seq_file.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/signal.h>

void cgroup_update_frozen(struct cgroup *c)
{
	for (; c->parent; c = c->parent) {
		bool frozen = c->freezers && c->nr_frozen == c->nr_subtree;

		if (c->frozen == frozen)
			continue;
		c->frozen = frozen;
		cgroup_notify(c, CGROUP_EVENT_CORE);
	}
}

/* siglock held. */
static void set_trap(struct task_struct *t, bool freeze)
{
	if (freeze) {
		t->jobctl |= JOBCTL_TRAP_FREEZE;
		signal_wake_up(t, false);
	} else if (t->jobctl & JOBCTL_TRAP_FREEZE) {
		t->jobctl &= ~JOBCTL_TRAP_FREEZE;
		wake_up_process(t);
	}
}

bool cgroup_freezer_moved(struct task_struct *t)
{
	bool frozen;

	spin_lock(&t->sighand->siglock);
	set_trap(t, task_cgroup(t)->freezers);
	/* In the root it is not counted; from there, it may come stopped. */
	if (!t->cgroup)
		t->jobctl &= ~JOBCTL_FROZEN;
	else if (t->jobctl & (JOBCTL_STOPPED | JOBCTL_TRACED))
		t->jobctl |= JOBCTL_FROZEN;
	frozen = t->jobctl & JOBCTL_FROZEN;
	spin_unlock(&t->sighand->siglock);
	return frozen;
}

/* ---- the task itself ------------------------------------------------------------------------- */

/* [t] and siglock held. */
static void set_frozen(struct task_struct *t, bool frozen)
{
	if (!t->cgroup || !!(t->jobctl & JOBCTL_FROZEN) == frozen)
		return;
	t->jobctl ^= JOBCTL_FROZEN;
	cgroup_count(t->cgroup, 0, frozen ? 1 : -1);
}

void cgroup_enter_frozen(void)
{
	write_lock_irq(&tasklist_lock);
	spin_lock(&current->sighand->siglock);
	set_frozen(current, true);
	spin_unlock(&current->sighand->siglock);
	write_unlock_irq(&tasklist_lock);
}

void cgroup_leave_frozen(bool always)
{
	write_lock_irq(&tasklist_lock);
	spin_lock(&current->sighand->siglock);
	if (always || !task_cgroup(current)->freezers)
		set_frozen(current, false);
	else
		set_trap(current, true);
	spin_unlock(&current->sighand->siglock);
	write_unlock_irq(&tasklist_lock);
}

/* Sleep until the group thaws, or until something else asks for a look. */
static void sleep_frozen(void)
{
	set_current_state(TASK_INTERRUPTIBLE);
	clear_task_flag(current, TIF_SIGPENDING);	/* a signal that is pending waits, but for SIGKILL */
	spin_unlock_irq(&current->sighand->siglock);
	cgroup_enter_frozen();
	schedule();
}

void cgroup_freezer_trap(void)
{
	if (current->jobctl & JOBCTL_TRAP_FREEZE) {
		sleep_frozen();
	} else {
		spin_unlock_irq(&current->sighand->siglock);
		cgroup_leave_frozen(false);
	}
}

/* ---- cgroup.freeze --------------------------------------------------------------------------- */

int cgroup_show_freeze(struct seq_file *m, struct cgroup *c)
{
	seq_printf(m, "%d\n", READ_ONCE(c->freeze));
	return 0;
}

/* [m] held. */
static void change_freeze(struct cgroup *c, bool freeze)
{
	struct task_struct *p, *t;
	struct cgroup *sub;

	c->freeze = freeze;
	write_lock_irq(&tasklist_lock);
	for (sub = c; sub; sub = cgroup_next_descendant(sub, c))
		sub->freezers += freeze ? 1 : -1;
	for_each_process_thread(p, t) {
		if (t->exit_state || !cgroup_is_descendant(task_cgroup(t), c))
			continue;
		spin_lock(&t->sighand->siglock);
		set_trap(t, task_cgroup(t)->freezers);
		spin_unlock(&t->sighand->siglock);
	}
	/* Those above are not concerned: they freeze by a setting of their own. */
	for (sub = c; sub; sub = cgroup_next_descendant(sub, c))
		cgroup_update_frozen(sub);
	write_unlock_irq(&tasklist_lock);
}

int cgroup_write_freeze(struct cgroup_open *open, char *text)
{
	int value, err = kstrtoint(text, 0, &value);

	if (err)
		return err;
	if (value < 0 || value > 1)
		return -ERANGE;
	if (open->cgrp->freeze != value)
		change_freeze(open->cgrp, value);
	return 0;
}
