/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for children, in the kernel's own interest. */
#pragma once

void reap_all_children(void);	/* until there is none; no signal ends it */
