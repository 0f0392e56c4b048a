// SPDX-License-Identifier: GPL-2.0-only
/* The order in which the file systems come to life. Boot, one task, interrupts on. */
#include <fs/internal.h>

#include <fs/binfmts.h>
#include <fs/procfs/proc_fs.h>
#include <fs/sysfs/sysfs.h>
#include <fs/special.h>
#include <kernel/cgroup/cgroup.h>
#include <kernel/ucounts.h>
#include <net/net_namespace.h>

void __init vfs_init(void)
{
	names_init();
	dcache_init();
	inode_init();
	files_init();
	fdtable_init();
	fs_struct_init();
	rename_init();
	locks_init();
	mnt_init();		/* tmpfs, and the rootfs mounted as / */
	anon_inode_init();
	special_files_init();	/* pipes, epoll, inotify, devtmpfs, devpts */
	proc_init();
	ucounts_init();			/* /proc/sys/user */
	net_ns_init();			/* /proc/<pid>/net, /proc/sys/net */
	sysfs_init();
	cgroup_init();
	exec_init();
}
