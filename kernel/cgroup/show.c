// SPDX-License-Identifier: GPL-2.0-only
/* What /proc tells of groups: /proc/<pid>/cgroup, /proc/cgroups. Locking: tasklist_lock to find a task's group. */
#include <kernel/cgroup/internal.h>

#include <fs/procfs/proc_fs.h>
#include <mm/slab.h>

/* The one hierarchy has number 0 and no names of controllers. */
int proc_pid_cgroup(struct seq_file *m, struct task_struct *t)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL), *path;
	struct cgroup *c;

	if (!buf)
		return -ENOMEM;
	c = cgroup_get_of_task(t);
	path = cgroup_path(c, current_cgroup_ns()->root, buf, PATH_MAX);
	if (path)
		seq_printf(m, "0::%s%s\n", path, READ_ONCE(c->dead) ? " (deleted)" : "");
	cgroup_put(c);
	kfree(buf);
	return path ? 0 : -ENAMETOOLONG;
}

static int show_cgroups(struct seq_file *m, void *unused)
{
	int i;

	seq_puts(m, "#subsys_name\thierarchy\tnum_cgroups\tenabled\n");
	for (i = 0; i < NR_CGROUP_CONTROLLERS; i++)
		seq_printf(m, "%s\t0\t%d\t1\n", cgroup_controller_names[i], READ_ONCE(cgroup_root.nr_descendants) + 1);
	return 0;
}

void __init cgroup_proc_init(void)
{
	proc_create_single("cgroups", 0444, NULL, show_cgroups, NULL);
}
