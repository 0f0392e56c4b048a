/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Power off and restart: firmware and watchdog drivers register how, reboot(2) and panic() ask for it.
 * The handler with the highest priority goes first; one that returns did not work, and the next is tried.
 * Locks: registration at boot only; the callers run with the other CPUs stopped, any context.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/list.h>

struct power_handler {
	struct list_head	list;
	int			priority;
	const char		*name;
	void			(*fn)(struct power_handler *h);
};
void register_power_off_handler(struct power_handler *h);
void register_restart_handler(struct power_handler *h);
bool can_power_off(void);
void machine_power_off(void);	/* returns only when nothing could */
void machine_restart(void);	/* ditto */
