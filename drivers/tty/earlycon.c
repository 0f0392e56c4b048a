// SPDX-License-Identifier: GPL-2.0-only
/*
 * The early console: polled output through the UART that /chosen's stdout-path names, mapped by
 * early_ioremap().  It works from the first lines of the boot until the real console registers.
 * Boot CPU only; printk serialises the calls.  Errors are silent: there is nobody to tell.
 */
#include <drivers/base/of_fdt.h>
#include <drivers/tty/bcm2835_aux.h>
#include <drivers/tty/pl011.h>
#include <kernel/arch.h>
#include <kernel/lib/fdt.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>
#include <asm/io.h>

#define SPIN_LIMIT	1000000		/* a UART that never drains must not stop the boot */

static void __iomem *early_base;	/* [I] after earlycon_init() */

static void pl011_early_putc(char c)
{
	for (int i = 0; i < SPIN_LIMIT && (readl(early_base + UART_FR) & FR_TXFF); i++)
		cpu_relax();
	writel((u8)c, early_base + UART_DR);
}

static void mu_early_putc(char c)
{
	for (int i = 0; i < SPIN_LIMIT && !(readl(early_base + MU_LSR) & LSR_TX_ROOM); i++)
		cpu_relax();
	writel((u8)c, early_base + MU_IO);
}

static const struct early_uart {
	const char	*compatible;
	void		(*putc)(char c);
} early_uarts[] = {
	{ "arm,pl011", pl011_early_putc },
	{ "arm,sbsa-uart", pl011_early_putc },
	{ "brcm,bcm2835-aux-uart", mu_early_putc },
};
static const struct early_uart *early_uart;	/* [I] after earlycon_init() */

static void early_write(struct console *con, const char *s, size_t n)
{
	for (; n; n--, s++) {
		if (*s == '\n')
			early_uart->putc('\r');
		early_uart->putc(*s);
	}
}

static struct console early_console = {
	.name = "earlycon",
	.write = early_write,
	.flags = CON_BOOT | CON_PRINTBUFFER | CON_ENABLED,
	.index = -1,
};

static const struct early_uart *match(const void *fdt, int node)
{
	for (size_t i = 0; i < ARRAY_SIZE(early_uarts); i++)
		if (fdt_node_is_compatible(fdt, node, early_uarts[i].compatible))
			return &early_uarts[i];
	return NULL;
}

/* stdout-path, else serial0, else the first UART that is switched on and that we know. */
static int find_uart(const void *fdt)
{
	int node = boot_params.stdout_path[0] ? fdt_path_offset(fdt, boot_params.stdout_path) : -1;

	if (node >= 0 && match(fdt, node)) {
		early_console.flags |= CON_CONSDEV;	/* none but this port's driver is to take over */
		return node;
	}
	node = fdt_path_offset(fdt, "serial0");
	if (node >= 0 && match(fdt, node))
		return node;
	fdt_for_each_node(node, fdt)
		if (match(fdt, node) && fdt_node_is_available(fdt, node))
			return node;
	return -1;
}

void earlycon_init(void)
{
	const void *fdt = early_fdt();
	int node = fdt ? find_uart(fdt) : -1;
	u64 address, size;

	if (node < 0 || fdt_get_reg_translated(fdt, node, 0, &address, &size))
		return;
	early_base = early_ioremap(address, 0x100);
	if (!early_base)
		return;
	early_uart = match(fdt, node);
	register_console(&early_console);
}
