// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clock rates: fixed clocks, fixed factors, and what the Raspberry Pi firmware says of the
 * BCM2835's clock manager (its registers belong to the firmware).  No state, no locks.
 */
#include <drivers/base/of.h>
#include <drivers/clk/clk.h>
#include <drivers/firmware/rpi_firmware.h>
#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>

#define MAX_CHAIN	8	/* clocks fed by clocks before we call it a loop */

/* Indices of dt-bindings/clock/bcm2835.h, and the firmware's numbers. */
static const struct {
	u32	cprman;
	enum rpi_clock firmware;
} cprman_clocks[] = {
	{ 19, RPI_CLOCK_UART },
	{ 20, RPI_CLOCK_CORE },		/* "VPU": peripherals run at the core's rate */
	{ 21, RPI_CLOCK_V3D },
	{ 28, RPI_CLOCK_EMMC },
	{ 51, RPI_CLOCK_EMMC2 },
};

static int rate_of(const struct of_phandle_args *clk, u32 *hz, int depth);

static int cprman_rate(u32 index, u32 *hz)
{
	if (!rpi_firmware_ready())
		return -EPROBE_DEFER;
	for (size_t i = 0; i < ARRAY_SIZE(cprman_clocks); i++)
		if (cprman_clocks[i].cprman == index)
			return rpi_firmware_clock_rate(cprman_clocks[i].firmware, hz);
	return -EOPNOTSUPP;
}

static int parent_rate(const struct device_node *np, u32 *hz, int depth)
{
	struct of_phandle_args parent;
	int error = of_parse_phandle_with_args(np, "clocks", "#clock-cells", 0, &parent);

	return error ? error : rate_of(&parent, hz, depth + 1);
}

static int factor_rate(const struct device_node *np, u32 *hz, int depth)
{
	u32 mult = 1, div = 1;
	int error = parent_rate(np, hz, depth);

	if (error)
		return error;
	of_property_read_u32(np, "clock-mult", &mult);
	of_property_read_u32(np, "clock-div", &div);
	if (!div)
		return -EINVAL;
	*hz = div_u64((u64)*hz * mult, div);
	return 0;
}

static int rate_of(const struct of_phandle_args *clk, u32 *hz, int depth)
{
	const struct device_node *np = clk->np;

	if (depth > MAX_CHAIN)
		return -EINVAL;
	if (of_device_is_compatible(np, "fixed-clock"))
		return of_property_read_u32(np, "clock-frequency", hz);
	if (of_device_is_compatible(np, "fixed-factor-clock"))
		return factor_rate(np, hz, depth);
	if (of_device_is_compatible(np, "brcm,bcm2835-cprman") ||
	    of_device_is_compatible(np, "brcm,bcm2711-cprman"))
		return clk->args_count ? cprman_rate(clk->args[0], hz) : -EINVAL;
	if (of_device_is_compatible(np, "raspberrypi,firmware-clocks"))
		return clk->args_count ? rpi_firmware_clock_rate(clk->args[0], hz) : -EINVAL;
	if (of_device_is_compatible(np, "brcm,bcm2835-aux"))
		return parent_rate(np, hz, depth);	/* gates only */
	return -EOPNOTSUPP;
}

int of_clk_get_rate(const struct device_node *np, int index, u32 *hz)
{
	struct of_phandle_args clk;
	int error = of_parse_phandle_with_args(np, "clocks", "#clock-cells", index, &clk);

	return error ? error : rate_of(&clk, hz, 0);
}

int of_clk_get_rate_byname(const struct device_node *np, const char *name, u32 *hz)
{
	int index = of_property_match_string(np, "clock-names", name);

	return index < 0 ? -ENOENT : of_clk_get_rate(np, index, hz);
}
