/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the CPUs' time went: /proc/stat, /proc/uptime. */
#pragma once

#include <kernel/lib/types.h>

struct cpu_stat {			/* ns */
	u64	user, nice, system, irq, idle, iowait;
};

void get_cpu_stat(unsigned int cpu, struct cpu_stat *st);
/* For waits for a block device: idle time meanwhile counts as iowait. */
void io_schedule(void);
u64 io_schedule_timeout_ns(u64 ns);
