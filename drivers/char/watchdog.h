/* SPDX-License-Identifier: GPL-2.0-only */
/* /dev/watchdog for the one watchdog that a machine has. */
#pragma once

#include <kernel/lib/compiler.h>

struct watchdog_ops {
	const char	*identity;
	unsigned int	max_timeout;		/* seconds */
	void		(*start)(unsigned int seconds);	/* also: start over */
	void		(*stop)(void);
	unsigned int	(*time_left)(void);	/* optional */
};
/* 0, -EBUSY: there is one. May sleep. */
int __must_check watchdog_register(const struct watchdog_ops *ops);
