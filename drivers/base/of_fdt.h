/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flattened device tree at boot: what has to be known before there is any allocator, and
 * turning the blob into struct device_node trees once there is one.
 *
 * The blob comes from a boot loader and is not trusted: every value is checked, and what does not
 * make sense is ignored with one line in the log.  Boot CPU only; what is [I] afterwards needs no
 * lock.
 */
#pragma once

#include <kernel/lib/types.h>
#include <kernel/lib/cmdline.h>

struct console;

/* What /chosen said. [I] after early_init_dt_scan(). */
struct boot_params {
	char		command_line[COMMAND_LINE_SIZE];
	char		stdout_path[128];	/* "/pl011@9000000" or an alias, options cut off */
	char		stdout_options[32];	/* "115200n8" */
	/* the root's model, for the log and /proc/cpuinfo */
	char		model[64];
	phys_addr_t	initrd_start;		/* both 0: none */
	phys_addr_t	initrd_end;
	/* lowest DMA limit of the buses; 0: none was found */
	u64		dma_limit;
};
extern struct boot_params boot_params;

/*
 * First thing after entry: check the blob (@fdt is mapped and at most MAX_FDT_SIZE long) and take
 * from it the memory (memblock_add), reservations (memreserve block, /reserved-memory, the
 * initrd), and /chosen. The blob itself and the kernel image are reserved by the arch.  0;
 * -EINVAL: not a tree; -ENODEV: it names no memory (the caller says so on the early console and
 * stops).
 */
int early_init_dt_scan(void *fdt);
/*
 * Make the CPUs of /cpus possible and present, and tell their hardware ids.  cpu_hwid(0) is
 * already that of the boot CPU, which becomes CPU 0 wherever it stands in the tree.  Before
 * setup_per_cpu_areas().
 */
void early_init_dt_scan_cpus(void);
/* Console of /chosen's stdout-path (or earlycon= / the first known UART) through
 * early_ioremap(). */
void earlycon_init(void);
/* The blob, as long as it is mapped (until unflatten_device_tree()). */
const void *early_fdt(void);

/* After the slab allocator works: copy the blob, make of_root. Errors leave an empty tree. */
void unflatten_device_tree(void);
/* The copy that was unflattened, for /sys/firmware/fdt; NULL without one. */
const void *of_fdt_blob(size_t *size);
/* One word of /chosen/rng-seed and kaslr-seed into the pool; after random_init(). Wipes the
 * seed. */
void of_add_rng_seed(void);
