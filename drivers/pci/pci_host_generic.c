// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic PCI host with ECAM configuration space: QEMU's virt.  The tree gives the place of the
 * configuration space and, in ranges, the windows of memory space.
 */
#include <drivers/base/driver.h>
#include <drivers/pci/pci.h>
#include <kernel/lib/err.h>
#include <kernel/printk.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>

#define ECAM_BUS_SIZE	(1u << 20)	/* 256 functions of 4 KiB */

/* phys.hi of a three-cell address (IEEE 1275 PCI binding, 2.2.1.1) */
#define SPACE(hi)	((hi) >> 24 & 3)
#define SPACE_MEM32	2
#define SPACE_MEM64	3

static void add_window(struct pci_host *host, u32 hi, u64 pci, u64 cpu, u64 size)
{
	struct pci_window *w = &host->windows[host->nr_windows];

	if ((SPACE(hi) != SPACE_MEM32 && SPACE(hi) != SPACE_MEM64) || !size || cpu + size < cpu ||
	    pci + size < pci || host->nr_windows == ARRAY_SIZE(host->windows))
		return;
	/* Beyond what a pointer can be: out of reach of a 32-bit CPU's page tables. */
	if (sizeof(long) == 4 && cpu + size > 1ULL << 32)
		return;
	*w = (struct pci_window){ .cpu = cpu, .pci = pci, .size = size };
	host->nr_windows++;
}

static int read_windows(struct pci_host *host)
{
	int na = of_bus_addr_cells(host->np), ns = of_bus_size_cells(host->np);
	int pna = of_n_addr_cells(host->np);
	int entry = na + pna + ns, len;
	const __be32 *p = of_get_property(host->np, "ranges", &len);

	if (!p || na != 3 || pna <= 0 || ns <= 0)
		return -EINVAL;
	for (len /= 4; len >= entry; len -= entry, p += entry) {
		u64 cpu = of_read_number(p + na, pna);

		if (!of_translate_address(host->np->parent, &cpu))
			add_window(host, of_read_number(p, 1), of_read_number(p + 1, 2), cpu,
				   of_read_number(p + na + pna, ns));
	}
	return host->nr_windows ? 0 : -ENXIO;
}

static int host_probe(struct device *dev)
{
	struct pci_host *host = kzalloc(sizeof(*host), GFP_KERNEL);
	struct resource res;
	int error;

	if (!host)
		return -ENOMEM;
	host->dev = dev;
	host->np = dev->of_node;
	error = of_address_to_resource(dev->of_node, 0, &res);
	if (!error && res.size < ECAM_BUS_SIZE)
		error = -ENXIO;
	if (!error && sizeof(long) == 4 && res.start + ECAM_BUS_SIZE > 1ULL << 32) {
		pr_info("pci: host at %#llx is above 4 GiB, out of a 32-bit kernel's reach: not used\n",
			(unsigned long long)res.start);
		error = -ENODEV;
	}
	if (!error)
		error = read_windows(host);
	if (error)
		goto free;
	host->ecam = ioremap(res.start, ECAM_BUS_SIZE);
	error = -ENOMEM;
	if (!host->ecam)
		goto free;
	dev->driver_data = host;
	pr_info("pci: host at %#llx, %u memory windows\n", (unsigned long long)res.start,
		host->nr_windows);
	pci_scan_host(host);
	return 0;
free:
	kfree(host);
	return error;
}

static const char *const host_match[] = { "pci-host-ecam-generic", NULL };
DRIVER(pci_host_generic, DRIVER_BUS, host_match, host_probe);
