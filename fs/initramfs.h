/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

/* Boot, process context: unpack the initrd that the boot loader passed into /, and free its memory. What is
 * wrong with it is said in one line; what came before the damage stays. */
void populate_rootfs(void);
