// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of /proc about the system as a whole that are one text: memory, CPUs, load, versions.
 *
 * Each is a function that prints; the rooms whose numbers they are have such a function themselves
 * where the text is more than a line.  Devices are in devices.c, the log and the symbol table in
 * kmsg.c.
 *
 * Locking: none here; counters are read as they are.
 */
#include <fs/procfs/internal.h>

#include <fs/locks.h>
#include <kernel/arch.h>
#include <kernel/fork.h>
#include <kernel/irq/irq.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/math64.h>
#include <kernel/utsname.h>
#include <kernel/sched/cputime.h>
#include <kernel/sched/sched.h>
#include <kernel/time/timekeeping.h>
#include <kernel/time_namespace.h>
#include <mm/mm.h>
#include <mm/slab.h>

/* ---- CPUs and processes -------------------------------------------------------------------- */

static void add_cpu_stat(struct cpu_stat *sum, const struct cpu_stat *st)
{
	sum->user += st->user;
	sum->nice += st->nice;
	sum->system += st->system;
	sum->idle += st->idle;
	sum->iowait += st->iowait;
	sum->irq += st->irq;
}

/* user nice system idle iowait irq softirq steal guest guest_nice */
static void show_cpu_times(struct seq_file *m, const struct cpu_stat *st)
{
	seq_printf(m, " %llu %llu %llu %llu %llu %llu 0 0 0 0\n", nsec_to_clock_t(st->user),
		   nsec_to_clock_t(st->nice), nsec_to_clock_t(st->system),
		   nsec_to_clock_t(st->idle), nsec_to_clock_t(st->iowait),
		   nsec_to_clock_t(st->irq));
}

static void show_cpu_lines(struct seq_file *m)
{
	struct cpu_stat st, sum = { 0 };
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		get_cpu_stat(cpu, &st);
		add_cpu_stat(&sum, &st);
	}
	seq_puts(m, "cpu ");
	show_cpu_times(m, &sum);
	for_each_online_cpu(cpu) {
		get_cpu_stat(cpu, &st);
		seq_printf(m, "cpu%u", cpu);
		show_cpu_times(m, &st);
	}
}

static void show_stat(struct seq_file *m)
{
	s64 boot = ktime_get_real_ns() - ktime_get_boottime_ns() - timens_offset(CLOCK_BOOTTIME);
	unsigned int virq;

	show_cpu_lines(m);
	seq_printf(m, "intr %llu", irq_total_count());
	for (virq = 0; virq < nr_irqs(); virq++)
		seq_printf(m, " %llu", irq_count(virq));
	seq_printf(m, "\nctxt %llu\nbtime %llu\nprocesses %u\nprocs_running %u\nprocs_blocked %u\n",
		   nr_context_switches(), (u64)div_s64(boot, NSEC_PER_SEC), total_forks, nr_running(),
		   nr_uninterruptible());
	seq_puts(m, "softirq 0 0 0 0 0 0 0 0 0 0 0\n");	/* there are none: see kernel/irq/irq.h */
}

static void show_softirqs(struct seq_file *m)
{
	static const char *const names[] = {
		"HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET", "SCHED",
		"HRTIMER", "RCU",
	};
	unsigned int i, cpu;

	seq_puts(m, "                    ");
	for_each_possible_cpu(cpu)
		seq_printf(m, "CPU%-8u", cpu);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		seq_printf(m, "\n%12s:", names[i]);
		for_each_possible_cpu(cpu)
			seq_printf(m, " %10u", 0);
	}
	seq_putc(m, '\n');
}

static void show_loadavg(struct seq_file *m)
{
	struct pid_namespace *ns = task_active_pid_ns(current);
	unsigned long loads[3];
	unsigned int i;

	get_avenrun(loads);		/* 11 bits of fraction, rounded for two digits */
	for (i = 0; i < 3; i++)
		seq_printf(m, "%lu.%02lu ", loads[i] >> 11, ((loads[i] & 2047) * 100) >> 11);
	seq_printf(m, "%u/%d %d\n", nr_running(), nr_threads_now(), READ_ONCE(ns->last_pid));
}

static void show_seconds(struct seq_file *m, u64 ns, char end)
{
	u64 hundredths = div_u64(ns, NSEC_PER_SEC / 100);
	u32 rest;
	u64 seconds = div_u64_rem(hundredths, 100, &rest);

	seq_printf(m, "%llu.%02u%c", seconds, rest, end);
}

static void show_uptime(struct seq_file *m)
{
	struct cpu_stat st;
	unsigned int cpu;
	u64 idle = 0;

	for_each_possible_cpu(cpu) {
		get_cpu_stat(cpu, &st);
		idle += st.idle;
	}
	show_seconds(m, ktime_get_boottime_ns() + timens_offset(CLOCK_BOOTTIME), ' ');
	show_seconds(m, idle, '\n');
}

/* ---- what this kernel is ------------------------------------------------------------------- */

#ifdef __clang__
#define COMPILER __VERSION__
#else
#define COMPILER "gcc " __VERSION__
#endif

static void show_version(struct seq_file *m)
{
	struct new_utsname name;

	down_read(&uts_sem);
	name = utsns()->name;
	up_read(&uts_sem);
	seq_printf(m, "%s version %s (thimble@thimble) (" COMPILER ") %s\n", name.sysname,
		   name.release, name.version);
}

static void show_cmdline(struct seq_file *m)
{
	seq_puts(m, cmdline_raw());
	seq_putc(m, '\n');
}

static void show_modules(struct seq_file *m)
{
}

static void show_execdomains(struct seq_file *m)
{
	seq_puts(m, "0-0\tLinux           \t[kernel]\n");
}

static void show_all_interrupts(struct seq_file *m)
{
	show_interrupts(m);
}

/* ---- memory -------------------------------------------------------------------------------- */

static void show_swaps(struct seq_file *m)
{
	seq_puts(m, "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
}

static void show_buddyinfo(struct seq_file *m)
{
	unsigned int order;

	seq_printf(m, "Node 0, zone %8s ", "Normal");
	for (order = 0; order < MAX_ORDER; order++)
		seq_printf(m, "%6u ", buddy_free_blocks(order));
	seq_putc(m, '\n');
}

static void show_zoneinfo(struct seq_file *m)
{
	seq_printf(m, "Node 0, zone %8s\n  pages free     %lu\n        min      %lu\n"
		   "        low      %lu\n        high     %lu\n        spanned  %lu\n"
		   "        present  %lu\n        managed  %lu\n",
		   "Normal", nr_free_pages(), min_watermark_pages(), low_watermark_pages(),
		   high_watermark_pages(), max_pfn - min_pfn, max_pfn - min_pfn, totalram_pages());
}

/* ---- the table ----------------------------------------------------------------------------- */

static const struct {
	const char	*name;
	umode_t		mode;
	void		(*show)(struct seq_file *m);
} files[] = {
	{ "buddyinfo", 0444, show_buddyinfo },
	{ "cmdline", 0444, show_cmdline },
	{ "cpuinfo", 0444, arch_show_cpuinfo },
	{ "execdomains", 0444, show_execdomains },
	{ "filesystems", 0444, show_filesystems },
	{ "interrupts", 0444, show_all_interrupts },
	{ "loadavg", 0444, show_loadavg },
	{ "locks", 0444, show_locks },
	{ "meminfo", 0444, meminfo_show },
	{ "modules", 0444, show_modules },
	{ "slabinfo", 0400, slabinfo_show },
	{ "softirqs", 0444, show_softirqs },
	{ "stat", 0444, show_stat },
	{ "swaps", 0444, show_swaps },
	{ "uptime", 0444, show_uptime },
	{ "version", 0444, show_version },
	{ "vmstat", 0444, vmstat_show },
	{ "zoneinfo", 0400, show_zoneinfo },
};

static int show_plain(struct seq_file *m, void *v)
{
	((void (*)(struct seq_file *))m->private)(m);
	return 0;
}

struct proc_dir_entry *proc_create_text(const char *name, umode_t mode,
					struct proc_dir_entry *parent,
					void (*show)(struct seq_file *m))
{
	return proc_create_single(name, mode, parent, show_plain, show);
}

void proc_system_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(files); i++)
		proc_create_text(files[i].name, files[i].mode, NULL, files[i].show);
	proc_devices_init();
	proc_kmsg_init();
	proc_lock_stat_init();
}
