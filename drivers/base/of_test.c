// SPDX-License-Identifier: GPL-2.0-only
/* Unit tests of the device-tree readers, on a small tree built by hand. */
#include <drivers/base/of.h>
#include <kernel/irq/irq.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/lib/unit.h>

#define C(x)		cpu_to_be32(x)

/* soc maps 0x7e000000 to 0x3f000000, the DMA view 0xc0000000 to 0; a device with two regs is
 * below it. */
static const __be32 soc_ranges[] = { C(0x7e000000), C(0x3f000000), C(0x01000000) };
static const __be32 soc_dma_ranges[] = { C(0xc0000000), C(0), C(0x40000000) };
static const __be32 uart_reg[] = { C(0x7e201000), C(0x200), C(0x60000000), C(0x10) };
static const __be32 one_cell[] = { C(1) };
static const __be32 uart_ints[] = { C(2), C(25), C(2), C(26) };
static const __be32 two_cells[] = { C(2) };

static struct property root_props[] = {
	{ "#address-cells", one_cell, 4, &root_props[1] },
	{ "#size-cells", one_cell, 4, NULL },
};
static struct property soc_props[] = {
	{ "#address-cells", one_cell, 4, &soc_props[1] },
	{ "#size-cells", one_cell, 4, &soc_props[2] },
	{ "ranges", soc_ranges, sizeof(soc_ranges), &soc_props[3] },
	{ "dma-ranges", soc_dma_ranges, sizeof(soc_dma_ranges), &soc_props[4] },
	{ "#interrupt-cells", two_cells, 4, &soc_props[5] },
	{ "interrupt-controller", "", 0, NULL },
};
static struct property uart_props[] = {
	{ "compatible", "arm,pl011\0arm,primecell", 24, &uart_props[1] },
	{ "reg", uart_reg, sizeof(uart_reg), &uart_props[2] },
	{ "interrupts", uart_ints, sizeof(uart_ints), &uart_props[3] },
	{ "unterminated", "abc", 3, &uart_props[4] },
	{ "status", "okay", 5, NULL },
};
static struct device_node test_uart, test_soc;
static struct device_node test_root = { .name = "", .properties = root_props, .child = &test_soc };
static struct device_node test_soc = {
	.name = "soc", .properties = soc_props, .parent = &test_root, .child = &test_uart,
};
static struct device_node test_uart = {
	.name = "serial@7e201000", .properties = uart_props, .parent = &test_soc,
};

UNIT_TEST(of_strings)
{
	const char *s = NULL;

	EXPECT(of_device_is_compatible(&test_uart, "arm,primecell"));
	EXPECT(!of_device_is_compatible(&test_uart, "arm,prime"));
	EXPECT_EQ(of_property_read_string_index(&test_uart, "compatible", 1, &s), 0);
	EXPECT_STREQ(s, "arm,primecell");
	EXPECT_EQ(of_property_read_string_index(&test_uart, "compatible", 2, &s), -EILSEQ);
	EXPECT_EQ(of_property_read_string(&test_uart, "unterminated", &s), -EILSEQ);
	EXPECT_EQ(of_property_read_string(&test_uart, "absent", &s), -EINVAL);
	EXPECT(of_device_is_available(&test_uart));
	EXPECT(of_node_name_eq(&test_uart, "serial"));
	EXPECT(!of_node_name_eq(&test_uart, "serial@7e201000"));
}

UNIT_TEST(of_cells)
{
	u32 v = 0;
	u64 w = 0;

	EXPECT_EQ(of_property_read_u32_index(&test_uart, "interrupts", 3, &v), 0);
	EXPECT_EQ(v, 26);
	EXPECT_EQ(of_property_read_u32_index(&test_uart, "interrupts", 4, &v), -EOVERFLOW);
	EXPECT_EQ(of_property_read_u32_index(&test_uart, "interrupts", -1, &v), -EINVAL);
	EXPECT_EQ(of_property_read_u64(&test_soc, "ranges", &w), 0);
	EXPECT_EQ(w, 0x7e0000003f000000ULL);
	EXPECT_EQ(of_property_count_u32(&test_soc, "ranges"), 3);
}

UNIT_TEST(of_addresses)
{
	struct resource res;
	u64 dma = 0;

	EXPECT_EQ(of_address_to_resource(&test_uart, 0, &res), 0);
	EXPECT_EQ(res.start, 0x3f201000);
	EXPECT_EQ(res.size, 0x200);
	EXPECT_EQ(of_address_to_resource(&test_uart, 1, &res), -ENXIO);	/* in no window */
	EXPECT_EQ(of_address_to_resource(&test_uart, 2, &res), -EINVAL);
	EXPECT_EQ(of_phys_to_dma(&test_uart, 0x1000, &dma), 0);
	EXPECT_EQ(dma, 0xc0001000);
	EXPECT_EQ(of_phys_to_dma(&test_uart, 0x40000000, &dma), -ENXIO);
}

UNIT_TEST(of_interrupts)
{
	struct irq_fwspec spec;

	EXPECT_EQ(of_irq_parse_one(&test_uart, 1, &spec), 0);
	EXPECT(spec.np == &test_soc);
	EXPECT_EQ(spec.param_count, 2);
	EXPECT_EQ(spec.param[1], 26);
	EXPECT_EQ(of_irq_parse_one(&test_uart, 2, &spec), -ENOENT);
}
