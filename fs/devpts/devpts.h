/* SPDX-License-Identifier: GPL-2.0-only */
/* devpts: the slave sides of pseudo terminals. What the pty driver asks of it is in <drivers/tty/pty.h>. */
#pragma once

void devpts_init(void);
extern int pty_limit;		/* kernel.pty.max: of all instances together */
extern int pty_reserve;		/* kernel.pty.reserve */
int pty_count(void);		/* kernel.pty.nr */
