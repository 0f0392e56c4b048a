// SPDX-License-Identifier: GPL-2.0-only
/*
 * reboot(2).  Drivers register how the machine restarts and powers off.
 *
 * Locking: reboot_mutex around a reboot.
 */
#include <kernel/reboot.h>

#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/locking/mutex.h>
#include <kernel/panic.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/signal.h>
#include <kernel/smp.h>
#include <asm/uaccess.h>

static void (*restart_handler)(const char *cmd);	/* [I] after boot */
static void (*power_off_handler)(void);		/* ditto */
static bool ctrl_alt_del_reboots = true;	/* reboot_mutex */
static DEFINE_MUTEX(reboot_mutex);

/* After a panic, in any context. */
static void restart_after_panic(void)
{
	restart_handler(NULL);
}

void register_restart_handler(void (*fn)(const char *cmd))
{
	restart_handler = fn;
	panic_restart_hook = restart_after_panic;
}

void register_power_off_handler(void (*fn)(void))
{
	power_off_handler = fn;
}

/* The other CPUs stop, the firmware acts; where it cannot, stand still. */
static void __noreturn machine_restart(const char *cmd)
{
	smp_send_stop();
	irq_disable();
	if (restart_handler)
		restart_handler(cmd);
	pr_emerg("This machine has no way to restart itself: reset it by hand\n");
	arch_halt();
}

static void __noreturn machine_power_off(void)
{
	smp_send_stop();
	irq_disable();
	if (power_off_handler)
		power_off_handler();
	pr_emerg("This machine has no way to switch itself off: it is safe to do so by hand\n");
	arch_halt();
}

static void __noreturn machine_halt(void)
{
	smp_send_stop();
	irq_disable();
	arch_halt();
}

static bool good_magic(unsigned int magic1, unsigned int magic2)
{
	return magic1 == LINUX_REBOOT_MAGIC1 &&
	       (magic2 == LINUX_REBOOT_MAGIC2 || magic2 == LINUX_REBOOT_MAGIC2A ||
		magic2 == LINUX_REBOOT_MAGIC2B || magic2 == LINUX_REBOOT_MAGIC2C);
}

static void __noreturn restart2(const char *cmd)
{
	pr_emerg("reboot: Restarting system with command '%s'\n", cmd);
	machine_restart(cmd);
}

static long do_reboot(unsigned int cmd, const char *text)
{
	switch (cmd) {
	case LINUX_REBOOT_CMD_RESTART:
		pr_emerg("reboot: Restarting system\n");
		machine_restart(NULL);
	case LINUX_REBOOT_CMD_CAD_ON:
	case LINUX_REBOOT_CMD_CAD_OFF:
		ctrl_alt_del_reboots = cmd == LINUX_REBOOT_CMD_CAD_ON;
		return 0;
	case LINUX_REBOOT_CMD_HALT:
		pr_emerg("reboot: System halted\n");
		machine_halt();
	case LINUX_REBOOT_CMD_POWER_OFF:
		pr_emerg("reboot: Power down\n");
		machine_power_off();
	case LINUX_REBOOT_CMD_RESTART2:
		restart2(text);
	}
	return -EINVAL;
}

long sys_reboot(int magic1, int magic2, unsigned int cmd, void __user *arg)
{
	struct pid_namespace *ns = task_active_pid_ns(current);
	char text[256];
	long ret;

	if (!ns_capable(ns->ns.user_ns, CAP_SYS_BOOT))
		return -EPERM;
	if (!good_magic(magic1, magic2))
		return -EINVAL;
	if (ns != &init_pid_ns)
		return reboot_pid_ns(ns, cmd);
	/* Not under the mutex: reading may wait for a page. */
	if (cmd == LINUX_REBOOT_CMD_RESTART2) {
		if (strncpy_from_user(text, arg, sizeof(text) - 1) < 0)
			return -EFAULT;
		text[sizeof(text) - 1] = '\0';
	}
	mutex_lock(&reboot_mutex);
	ret = do_reboot(cmd, text);
	mutex_unlock(&reboot_mutex);
	return ret;
}
