// SPDX-License-Identifier: GPL-2.0-only
/*
 * PSCI (Arm DEN 0022): the firmware or hypervisor starts and stops CPUs, and the machine.
 * Locking: none; a call is atomic as far as we are concerned.
 */
#include <drivers/base/driver.h>
#include <drivers/firmware/cpu_method.h>
#include <kernel/arch.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>
#include <kernel/reboot.h>
#include <asm/smccc.h>

/* DEN 0022, 5.2.1: function identifiers; the 64-bit form has bit 30 set */
#define PSCI_VERSION		0x84000000u
#define PSCI_CPU_OFF		0x84000002u
#define PSCI_CPU_ON_32		0x84000003u
#define PSCI_CPU_ON_64		0xc4000003u
#define PSCI_SYSTEM_OFF		0x84000008u
#define PSCI_SYSTEM_RESET	0x84000009u

#define PSCI_POWER_STATE_POWER_DOWN	(1u << 16)

typedef long (*psci_conduit)(unsigned long fn, unsigned long a1, unsigned long a2,
			     unsigned long a3);

static psci_conduit psci_call;		/* [I] after probe */
static u32 psci_cpu_on_id, psci_cpu_off_id;	/* [I] after probe; 0: not offered */

static int psci_error(s32 ret)
{
	switch (ret) {
	case 0:		return 0;
	case -1:	return -EOPNOTSUPP;
	case -3:	return -EPERM;
	case -4:	return -EALREADY;
	case -5:	return -EINPROGRESS;
	default:	return -EINVAL;
	}
}

static int psci_boot(unsigned int cpu)
{
	return psci_error(psci_call(psci_cpu_on_id, cpu_hwid(cpu), smp_secondary_entry_pa(), 0));
}

static void psci_die(void)
{
	if (psci_cpu_off_id)
		psci_call(psci_cpu_off_id, PSCI_POWER_STATE_POWER_DOWN, 0, 0);
}

static const struct cpu_ops psci_cpu_ops = {
	.name = "psci",
	.boot = psci_boot,
	.die = psci_die,
};

static void psci_system_off(void)
{
	psci_call(PSCI_SYSTEM_OFF, 0, 0, 0);
}

static void psci_system_reset(const char *cmd)
{
	psci_call(PSCI_SYSTEM_RESET, 0, 0, 0);
}

static int find_conduit(const struct device_node *np)
{
	const char *method;

	if (of_property_read_string(np, "method", &method))
		return -EINVAL;
	if (!strcmp(method, "hvc"))
		psci_call = smccc_hvc;
	else if (!strcmp(method, "smc"))
		psci_call = smccc_smc;
	else
		return -EINVAL;
	return 0;
}

/* Version 0.1 had no fixed identifiers: the tree says them. */
static void init_0_1(const struct device_node *np)
{
	of_property_read_u32(np, "cpu_on", &psci_cpu_on_id);
	of_property_read_u32(np, "cpu_off", &psci_cpu_off_id);
	pr_info("psci: version 0.1\n");
}

static void init_0_2(void)
{
	u32 version = psci_call(PSCI_VERSION, 0, 0, 0);

	psci_cpu_on_id = sizeof(long) == 8 ? PSCI_CPU_ON_64 : PSCI_CPU_ON_32;
	psci_cpu_off_id = PSCI_CPU_OFF;
	register_power_off_handler(psci_system_off);
	register_restart_handler(psci_system_reset);
	pr_info("psci: version %u.%u\n", version >> 16, version & 0xffff);
}

static int psci_probe(struct device *dev)
{
	int error;

	if (psci_call)
		return -EBUSY;
	error = find_conduit(dev->of_node);
	if (error)
		return error;
	if (!strcmp(dev->compatible, "arm,psci"))
		init_0_1(dev->of_node);
	else
		init_0_2();
	if (psci_cpu_on_id)
		cpu_method_register("psci", &psci_cpu_ops);
	return 0;
}

static const char *const psci_match[] = { "arm,psci-1.0", "arm,psci-0.2", "arm,psci", NULL };
DRIVER(psci, DRIVER_FIRMWARE, psci_match, psci_probe);
