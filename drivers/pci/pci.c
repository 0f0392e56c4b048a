// SPDX-License-Identifier: GPL-2.0-only
/*
 * PCI devices: configuration space, placing of BARs (PCI 3.0, 6.2.5.1), interrupts through the
 * host's interrupt-map, drivers.  Boot CPU only; see pci.h.
 */
#include <drivers/pci/pci.h>
#include <drivers/base/of.h>
#include <kernel/irq/irq.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/err.h>
#include <kernel/printk.h>
#include <mm/slab.h>
#include <asm/io.h>
#include <linux/pci_regs.h>

#define NR_DEVFN	256
#define MAX_CAPS	48	/* more than fit into 256 bytes: a loop */

static const struct pci_driver *const pci_drivers[] = { &virtio_pci_driver };

/* ---- configuration space ------------------------------------------------------------------- */

static void __iomem *config(const struct pci_dev *pdev, unsigned int offset)
{
	return pdev->host->ecam + (pdev->devfn << 12) + (offset & 0xfff);
}

u8 pci_read_config8(const struct pci_dev *pdev, unsigned int offset)
{
	return readb(config(pdev, offset));
}

u16 pci_read_config16(const struct pci_dev *pdev, unsigned int offset)
{
	return readw(config(pdev, offset));
}

u32 pci_read_config32(const struct pci_dev *pdev, unsigned int offset)
{
	return readl(config(pdev, offset));
}

void pci_write_config16(const struct pci_dev *pdev, unsigned int offset, u16 val)
{
	writew(val, config(pdev, offset));
}

void pci_write_config32(const struct pci_dev *pdev, unsigned int offset, u32 val)
{
	writel(val, config(pdev, offset));
}

static unsigned int capability_pointer(const struct pci_dev *pdev, unsigned int at)
{
	unsigned int pos = pci_read_config8(pdev, at) & ~3u;

	return pos >= 0x40 ? pos : 0;
}

unsigned int pci_next_capability(const struct pci_dev *pdev, unsigned int pos, u8 id)
{
	if (!(pci_read_config16(pdev, PCI_STATUS) & PCI_STATUS_CAP_LIST))
		return 0;
	pos = capability_pointer(pdev, pos ? pos + PCI_CAP_LIST_NEXT : PCI_CAPABILITY_LIST);
	for (int i = 0; pos && i < MAX_CAPS; i++) {
		if (pci_read_config8(pdev, pos + PCI_CAP_LIST_ID) == id)
			return pos;
		pos = capability_pointer(pdev, pos + PCI_CAP_LIST_NEXT);
	}
	return 0;
}

void pci_enable(const struct pci_dev *pdev)
{
	u16 command = pci_read_config16(pdev, PCI_COMMAND);

	pci_write_config16(pdev, PCI_COMMAND, command | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
}

/* ---- BARs ---------------------------------------------------------------------------------- */

/* A naturally aligned place; a 64-bit BAR may be anywhere, a 32-bit one below 4 GiB. */
static int place(struct pci_host *host, u64 size, bool is_64bit, u64 *pci, phys_addr_t *cpu)
{
	for (unsigned int i = 0; i < host->nr_windows; i++) {
		struct pci_window *w = &host->windows[i];
		u64 offset = ALIGN(w->pci + w->used, size) - w->pci;

		if (offset >= w->size || size > w->size - offset)
			continue;
		if (!is_64bit && w->pci + offset + size > 1ULL << 32)
			continue;
		w->used = offset + size;
		*pci = w->pci + offset;
		*cpu = w->cpu + offset;
		return 0;
	}
	return -ENOSPC;
}

static u64 bar_size(const struct pci_dev *pdev, unsigned int reg, bool is_64bit)
{
	u64 mask;

	pci_write_config32(pdev, reg, U32_MAX);
	mask = pci_read_config32(pdev, reg) & PCI_BASE_ADDRESS_MEM_MASK;
	if (is_64bit) {
		pci_write_config32(pdev, reg + 4, U32_MAX);
		mask |= (u64)pci_read_config32(pdev, reg + 4) << 32;
	} else if (mask) {
		mask |= 0xffffffffULL << 32;
	}
	return mask ? ~mask + 1 : 0;
}

/* Returns how many BAR registers it takes. */
static unsigned int assign_bar(struct pci_dev *pdev, unsigned int i)
{
	unsigned int reg = PCI_BASE_ADDRESS_0 + 4 * i;
	u32 flags = pci_read_config32(pdev, reg);
	bool is_64bit = (flags & PCI_BASE_ADDRESS_MEM_TYPE_MASK) == PCI_BASE_ADDRESS_MEM_TYPE_64;
	u64 size, pci;
	phys_addr_t cpu;

	if (flags & PCI_BASE_ADDRESS_SPACE_IO)
		return 1;			/* I/O ports: nothing here wants them */
	if (is_64bit && i + 1 == PCI_NR_BARS)
		return 1;
	size = bar_size(pdev, reg, is_64bit);
	if (size && !(size & (size - 1)) && !place(pdev->host, size, is_64bit, &pci, &cpu)) {
		pci_write_config32(pdev, reg, (u32)pci);
		if (is_64bit)
			pci_write_config32(pdev, reg + 4, (u32)(pci >> 32));
		pdev->bars[i] = (struct pci_bar){ .start = cpu, .size = size };
	} else if (size) {
		pr_warn("%s: no room for BAR %u\n", pdev->dev.name, i);
	}
	return is_64bit ? 2 : 1;
}

static void assign_bars(struct pci_dev *pdev)
{
	u16 command = pci_read_config16(pdev, PCI_COMMAND);

	/* Sizing writes nonsense into the BARs: nobody may decode it meanwhile. */
	pci_write_config16(pdev, PCI_COMMAND, command & ~(PCI_COMMAND_MEMORY | PCI_COMMAND_IO));
	for (unsigned int i = 0; i < PCI_NR_BARS; )
		i += assign_bar(pdev, i);
}

/* ---- interrupt ----------------------------------------------------------------------------- */

/* The unit address of a device in interrupt-map is its configuration address. */
static int map_interrupt(const struct pci_dev *pdev)
{
	u8 pin = pci_read_config8(pdev, PCI_INTERRUPT_PIN);
	__be32 address[3] = { cpu_to_be32(pdev->devfn << 8), 0, 0 };
	struct irq_fwspec spec = { .np = pdev->host->np, .param_count = 1, .param = { pin } };

	if (!pin || pin > 4)
		return 0;
	if (of_irq_map_raw(pdev->host->np, address, ARRAY_SIZE(address), &spec))
		return 0;
	return irq_create_fwspec_mapping(&spec);
}

/* ---- devices ------------------------------------------------------------------------------- */

static void pci_release(struct device *dev)
{
	kfree(container_of(dev, struct pci_dev, dev));
}

static void probe_drivers(struct pci_dev *pdev)
{
	for (size_t i = 0; i < ARRAY_SIZE(pci_drivers); i++) {
		int error = pci_drivers[i]->probe(pdev);

		if (!error)
			return;
		if (error != -ENODEV) {
			pr_err("%s: %s: probe failed with error %d, device is not used\n",
			       pdev->dev.name, pci_drivers[i]->name, error);
			return;
		}
	}
	pr_debug("%s: no driver for %04x:%04x\n", pdev->dev.name, pdev->vendor, pdev->device);
}

/* True if there is a function at this address. */
static bool scan_function(struct pci_host *host, unsigned int devfn, bool *multi)
{
	struct pci_dev probe = { .host = host, .devfn = devfn };
	struct pci_dev *pdev;
	u16 vendor = pci_read_config16(&probe, PCI_VENDOR_ID);
	u8 type;

	if (vendor == 0xffff || vendor == 0)
		return false;
	type = pci_read_config8(&probe, PCI_HEADER_TYPE);
	*multi = type & 0x80;
	if ((type & 0x7f) != PCI_HEADER_TYPE_NORMAL)
		return true;			/* a bridge */
	pdev = kzalloc(sizeof(*pdev), GFP_KERNEL);
	if (!pdev)
		return true;
	device_initialize(&pdev->dev);
	device_set_name(&pdev->dev, "0000:00:%02x.%u", devfn >> 3, devfn & 7);
	pdev->dev.bus = "pci";
	pdev->dev.parent = host->dev;
	pdev->dev.release = pci_release;
	pdev->host = host;
	pdev->devfn = devfn;
	pdev->vendor = vendor;
	pdev->device = pci_read_config16(pdev, PCI_DEVICE_ID);
	pdev->class = pci_read_config32(pdev, PCI_CLASS_REVISION) >> 8;
	assign_bars(pdev);
	pdev->irq = map_interrupt(pdev);
	if (device_register(&pdev->dev))
		pr_debug("%s: not shown in /sys\n", pdev->dev.name);
	probe_drivers(pdev);
	return true;
}

void pci_scan_host(struct pci_host *host)
{
	for (unsigned int devfn = 0; devfn < NR_DEVFN; devfn += 8) {
		bool multi = false, ignored;

		if (!scan_function(host, devfn, &multi) || !multi)
			continue;
		for (unsigned int function = 1; function < 8; function++)
			scan_function(host, devfn + function, &ignored);
	}
}
