// SPDX-License-Identifier: GPL-2.0-only
/*
 * What there is under /sys without any device: the top directories and the CPUs.
 *
 * Locking: the masks of CPUs are read as they are.
 */
#include <fs/sysfs/internal.h>

#include <kernel/lib/cpumask.h>
#include <kernel/lib/vsprintf.h>

/* ---- /sys/devices/system/cpu --------------------------------------------------------------- */

static ssize_t give_list(const struct cpumask *mask, char *buf, size_t size)
{
	return scnprintf(buf, size, "%*pbl\n", (int)NR_CPUS, cpumask_bits(mask));
}

static ssize_t show_online(struct sysfs_node *n, char *buf, size_t size)
{
	return give_list(cpu_online_mask, buf, size);
}

static ssize_t show_possible(struct sysfs_node *n, char *buf, size_t size)
{
	return give_list(cpu_possible_mask, buf, size);
}

static ssize_t show_present(struct sysfs_node *n, char *buf, size_t size)
{
	return give_list(cpu_present_mask, buf, size);
}

static ssize_t show_offline(struct sysfs_node *n, char *buf, size_t size)
{
	struct cpumask offline;

	cpumask_andnot(&offline, cpu_possible_mask, cpu_online_mask);
	return give_list(&offline, buf, size);
}

static ssize_t show_kernel_max(struct sysfs_node *n, char *buf, size_t size)
{
	return scnprintf(buf, size, "%d\n", NR_CPUS - 1);
}

static const struct sysfs_attr cpus_attrs[] = {
	{ "online", 0444, show_online },
	{ "offline", 0444, show_offline },
	{ "possible", 0444, show_possible },
	{ "present", 0444, show_present },
	{ "kernel_max", 0444, show_kernel_max },
};

/* ---- cpuN/topology: one package of cores without threads ----------------------------------- */

static ssize_t show_core_id(struct sysfs_node *n, char *buf, size_t size)
{
	return scnprintf(buf, size, "%u\n", n->number);
}

static ssize_t show_package_id(struct sysfs_node *n, char *buf, size_t size)
{
	return scnprintf(buf, size, "0\n");
}

static ssize_t show_self_list(struct sysfs_node *n, char *buf, size_t size)
{
	return give_list(cpumask_of(n->number), buf, size);
}

static ssize_t give_mask(const struct cpumask *mask, char *buf, size_t size)
{
	return scnprintf(buf, size, "%*pb\n", (int)NR_CPUS, cpumask_bits(mask));
}

static ssize_t show_self_mask(struct sysfs_node *n, char *buf, size_t size)
{
	return give_mask(cpumask_of(n->number), buf, size);
}

static ssize_t show_online_mask(struct sysfs_node *n, char *buf, size_t size)
{
	return give_mask(cpu_online_mask, buf, size);
}

static const struct sysfs_attr topology_attrs[] = {
	{ "core_id", 0444, show_core_id },
	{ "physical_package_id", 0444, show_package_id },
	{ "core_cpus", 0444, show_self_mask },
	{ "core_cpus_list", 0444, show_self_list },
	{ "thread_siblings", 0444, show_self_mask },
	{ "thread_siblings_list", 0444, show_self_list },
	{ "core_siblings", 0444, show_online_mask },
	{ "core_siblings_list", 0444, show_online },
	{ "package_cpus", 0444, show_online_mask },
	{ "package_cpus_list", 0444, show_online },
};

static void add_cpus(void)
{
	struct sysfs_node *cpus = sysfs_make_path("devices/system/cpu"), *dir;
	char path[48];
	unsigned int i, cpu;

	for (i = 0; i < ARRAY_SIZE(cpus_attrs); i++)
		sysfs_add_file(cpus, &cpus_attrs[i], NULL, 0);
	for_each_possible_cpu(cpu) {
		snprintf(path, sizeof(path), "devices/system/cpu/cpu%u/topology", cpu);
		dir = sysfs_make_path(path);
		for (i = 0; i < ARRAY_SIZE(topology_attrs); i++)
			sysfs_add_file(dir, &topology_attrs[i], NULL, cpu);
	}
}

void sysfs_system_init(void)
{
	static const char *const top[] = {
		"block", "bus", "class", "dev/block", "dev/char", "devices/virtual", "firmware",
		"fs/cgroup", "kernel", "module",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(top); i++)
		sysfs_make_path(top[i]);
	add_cpus();
}
