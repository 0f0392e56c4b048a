// SPDX-License-Identifier: GPL-2.0-only
/* The driver subsystems that serve no device-tree node, in the order in which they need each
 * other. */
#include <drivers/base/driver.h>
#include <drivers/block/blk.h>
#include <drivers/char/char.h>
#include <drivers/tty/pty_internal.h>
#include <drivers/tty/tty.h>

void drivers_init(void)
{
	mem_init_devices();	/* /dev/null, /dev/zero, /dev/urandom, /dev/kmsg */
	/* /dev/tty, /dev/console; drivers register their terminals from here on */
	tty_init();
	pty_init();
	block_init();
}
