// SPDX-License-Identifier: GPL-2.0-only
/* The order in which the special files come to life. Locking: boot, one task. */
#include <fs/special.h>

#include <fs/devfs/devtmpfs.h>
#include <fs/devpts/devpts.h>
#include <kernel/lib/compiler.h>
#include <net/socket.h>

void __init special_files_init(void)
{
	pipe_init();
	sock_init();
	eventpoll_init();
	inotify_init();
	devtmpfs_init();
	devpts_init();
}
