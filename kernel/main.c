// SPDX-License-Identifier: GPL-2.0-only
/*
 * start_kernel: the order in which the kernel comes to life, and the first process.
 *
 * Read this list as the map of the kernel: each line names a room, and each may use those above it.
 */
#include <kernel/arch.h>

#include <drivers/base/driver.h>
#include <drivers/base/of_fdt.h>
#include <fs/binfmts.h>
#include <fs/file.h>
#include <fs/fs_struct.h>
#include <fs/initramfs.h>
#include <fs/vfs.h>
#include <kernel/cred.h>
#include <kernel/fault_inject.h>
#include <kernel/fork.h>
#include <kernel/futex.h>
#include <kernel/ipc/ipc.h>
#include <kernel/keys/keys.h>
#include <kernel/irq/irq.h>
#include <kernel/kthread.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/lib/unit.h>
#include <kernel/lib/xarray.h>
#include <kernel/utsname.h>
#include <kernel/panic.h>
#include <kernel/percpu.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/random.h>
#include <kernel/sched/completion.h>
#include <kernel/signal.h>
#include <kernel/smp.h>
#include <kernel/time/timekeeping.h>
#include <kernel/workqueue.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>

static DECLARE_COMPLETION(kthreadd_done);

static const char *const init_candidates[] = { "/init", "/sbin/init", "/etc/init", "/bin/init", "/bin/sh" };
static const char *init_argv[32] = { "init" };
static const char *init_envp[32] = { "HOME=/", "TERM=linux" };

static int try_init(const char *path)
{
	int err;

	init_argv[0] = path;
	err = kernel_execve(path, init_argv, init_envp);
	if (err && err != -ENOENT)
		pr_err("init: cannot run %s: error %d\n", path, err);
	return err;
}

/* What follows "--" on the command line goes to init. */
static void collect_init_args(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(init_argv) - 2 && cmdline_init_arg(i); i++)
		init_argv[i + 1] = cmdline_init_arg(i);
}

/* The last thing the kernel does for itself: become pid 1's program. */
static int run_init(void)
{
	char tried[256] = "", path[128];
	unsigned int i, n = 0;

	if (cmdline_find("rdinit", path, sizeof(path)) > 0 || cmdline_find("init", path, sizeof(path)) > 0) {
		if (!try_init(path))
			return 0;
		panic("Requested init %s failed: does the initramfs hold it, and is it for this CPU?", path);
	}
	for (i = 0; i < ARRAY_SIZE(init_candidates); i++) {
		if (!try_init(init_candidates[i]))
			return 0;
		n += scnprintf(tried + n, sizeof(tried) - n, " %s", init_candidates[i]);
	}
	panic("No init found. Tried:%s. Give an initramfs (-initrd) or init= on the command line", tried);
}

static void open_console(void)
{
	struct file *console = filp_open("/dev/console", O_RDWR, 0);
	int i;

	if (IS_ERR(console)) {
		pr_warn("Warning: cannot open /dev/console (%ld): init has no input or output\n", PTR_ERR(console));
		return;
	}
	for (i = 0; i < 3; i++)
		receive_fd(console, 0);
	fput(console);
}

/* pid 1, still in kernel mode: everything that may sleep. */
static int kernel_init(void *unused)
{
	wait_for_completion(&kthreadd_done);
	drivers_probe(DRIVER_FIRMWARE);	/* how CPUs are started, clocks, pins */
	smp_init();			/* the other CPUs */
	workqueue_init();
	kswapd_init();
	vm_account_init();
	writeback_init();
	drivers_init();			/* tty, block, ... cores */
	drivers_probe(DRIVER_BUS);
	drivers_probe(DRIVER_DEVICE);
	drivers_report_deferred();
	populate_rootfs();		/* the initramfs becomes / */
	task_work_run();		/* its files are really closed: a program must not be open for writing */
	if (IS_ENABLED(CONFIG_UNIT_TESTS) && cmdline_bool("unit_tests"))
		unit_run_all();
	open_console();
	collect_init_args();
	pr_info("Memory: %lu KiB free of %lu KiB; %u CPU%s\n", nr_free_pages() * (PAGE_SIZE / 1024),
		totalram_pages() * (PAGE_SIZE / 1024), num_online_cpus(), num_online_cpus() > 1 ? "s" : "");
	return run_init();
}

/* The two first processes. They start to run when the boot CPU goes idle. */
static void start_first_processes(void)
{
	pid_t pid = user_mode_thread(kernel_init, NULL, CLONE_FS);

	ASSERT(pid == 1);
	pid = kernel_thread(kthreadd, NULL, "kthreadd", CLONE_FS | CLONE_FILES);
	ASSERT(pid == 2);
	complete(&kthreadd_done);
}

/* Without a tree, or memory in it, there is nothing to go on with but this message. */
static void __noreturn no_memory_node(int err)
{
	panic(err == -ENODEV ? "The device tree names no memory: give one with a memory node" :
	      "No device tree: pass one (QEMU: -dtb FILE) in x0 or r2, as Linux's boot protocol says");
}

void __noreturn start_kernel(void *fdt)
{
	int err = early_init_dt_scan(fdt);	/* memory, command line, initrd */

	cmdline_init(boot_params.command_line);
	earlycon_init();
	pr_notice("Thimble %s (%s)\n", THIMBLE_RELEASE, THIMBLE_VERSION);
	if (err)
		no_memory_node(err);
	arch_setup(fdt);		/* page tables for all of memory */
	early_init_dt_scan_cpus();
	setup_per_cpu_areas();
	arch_cpu_init();
	if (boot_params.dma_limit)
		set_dma_limit(boot_params.dma_limit);
	fault_inject_init();
	page_alloc_init();
	kmem_cache_init();
	xarray_init();
	vmalloc_init();
	unflatten_device_tree();
	random_init();
	of_add_rng_seed();
	sched_init();
	irq_init();
	timekeeping_init();
	hrtimers_init_cpu(0);
	drivers_probe(DRIVER_IRQCHIP);
	drivers_probe(DRIVER_TIMER);
	irq_enable();
	strscpy(init_uts_ns.name.machine, arch_machine_name(), sizeof(init_uts_ns.name.machine));
	cred_init();
	fork_init();
	fork_caches_init();
	signals_init();
	pid_init();
	mm_init();
	futex_init();
	vfs_init();			/* rootfs: an empty / */
	ipc_init();
	keys_init();
	start_first_processes();
	schedule_idle_loop();
}
