/* SPDX-License-Identifier: GPL-2.0-only */
/* The view of devices under /sys. It follows the registry of <drivers/base/device.h> by itself. */
#pragma once

void sysfs_init(void);		/* boot, after vfs_init(); devices may come before or after */
