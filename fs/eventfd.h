/* SPDX-License-Identifier: GPL-2.0-only */
/* eventfd(2) for the kernel's own use. */
#pragma once

#include <kernel/lib/types.h>

struct file;

bool file_is_eventfd(const struct file *file);
/* One more in the counter of an eventfd, as far as it goes. Process context. */
void eventfd_signal(struct file *file);
