/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PCI, as much as virtio needs: the devices of a host's first bus, with their BARs placed in the
 * host's windows. Bridges are not crossed.  Everything is set up at boot by one CPU and is [I]
 * afterwards, but configuration accesses, which are single ones.
 */
#pragma once

#include <drivers/base/device.h>
#include <kernel/lib/types.h>

#define PCI_NR_BARS	6

struct device_node;
struct pci_dev;

/* A range of CPU addresses that the host forwards to PCI memory space. */
struct pci_window {
	phys_addr_t	cpu;
	u64		pci;		/* the same place as the devices see it */
	u64		size;
	u64		used;		/* given to BARs, from the beginning */
};

struct pci_host {
	struct device	*dev;
	struct device_node *np;
	void __iomem	*ecam;		/* 4 KiB for each function of bus 0 */
	struct pci_window windows[4];
	unsigned int	nr_windows;
};

struct pci_bar {
	phys_addr_t	start;		/* CPU address; 0 size: none, or not placed */
	u64		size;
};

struct pci_dev {
	struct device	dev;		/* bus "pci", name "0000:00:01.0" */
	struct pci_host	*host;
	unsigned int	devfn;
	u16		vendor, device;
	u32		class;
	struct pci_bar	bars[PCI_NR_BARS];
	int		irq;		/* virq of the INTx pin; 0: none */
};

struct pci_driver {
	const char	*name;
	int		(*probe)(struct pci_dev *pdev);	/* -ENODEV: not mine */
};

u8 pci_read_config8(const struct pci_dev *pdev, unsigned int offset);
u16 pci_read_config16(const struct pci_dev *pdev, unsigned int offset);
u32 pci_read_config32(const struct pci_dev *pdev, unsigned int offset);
void pci_write_config16(const struct pci_dev *pdev, unsigned int offset, u16 val);
void pci_write_config32(const struct pci_dev *pdev, unsigned int offset, u32 val);
/* Position of the capability @id after @pos (0: the first); 0: no more. */
unsigned int pci_next_capability(const struct pci_dev *pdev, unsigned int pos, u8 id);
void pci_enable(const struct pci_dev *pdev);		/* memory space, bus master */
/* Find the devices of @host's bus 0, place their BARs, probe drivers. */
void pci_scan_host(struct pci_host *host);

extern const struct pci_driver virtio_pci_driver;
