/* SPDX-License-Identifier: GPL-2.0-only */
/* The mailbox between the ARM and the VideoCore: a word with a channel in its low four bits. */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

#define RPI_MBOX_CHAN_PROPERTY	8

/* Send @data (low 4 bits zero) and wait for the answer on the same channel. May sleep; -ENXIO
 * before the mailbox is probed, -ETIMEDOUT. */
int __must_check rpi_mailbox_call(unsigned int channel, u32 data, u32 *answer);
