/* SPDX-License-Identifier: GPL-2.0-only */
/* Restarting and switching off. Drivers register the handlers at probe; the last one wins. */
#pragma once

#include <kernel/lib/compiler.h>

/* Called with irqs off and the other CPUs stopped; returning means it did not work. */
void register_restart_handler(void (*fn)(const char *cmd));
void register_power_off_handler(void (*fn)(void));
