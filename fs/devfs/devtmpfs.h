/* SPDX-License-Identifier: GPL-2.0-only */
/* devtmpfs: the kernel's own tree of device nodes, the same one in each mount. */
#pragma once

void devtmpfs_init(void);	/* after tmpfs is registered; devices may come before and after */
