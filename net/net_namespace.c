// SPDX-License-Identifier: GPL-2.0-only
/*
 * Network namespaces: their life, /proc/net/dev and /proc/sys/net.  Interface: net_namespace.h.
 * network_namespaces(7)
 *
 * Locking: none of its own.
 */
#include <net/net_namespace.h>

#include <fs/procfs/proc_fs.h>
#include <kernel/user_namespace.h>
#include <mm/slab.h>
#include <net/unix/unix.h>

struct net init_net = {
	.ns = {
		.ops = &netns_operations,
		.user_ns = &init_user_ns,
		.inum = NS_INUM_NET,
		.count = REFCOUNT_INIT(1),
	},
	.unix_max_dgram_qlen = UNIX_MAX_DGRAM_QLEN,
	.netlink = LIST_HEAD_INIT(init_net.netlink),
	.inet = LIST_HEAD_INIT(init_net.inet),
	.inet6 = LIST_HEAD_INIT(init_net.inet6),
};

static struct ns_common *netns_clone(struct ns_common *old, struct user_namespace *user_ns, struct fs_struct *fs)
{
	struct net *net = kzalloc(sizeof(*net), GFP_KERNEL);
	int err;

	if (!net)
		return ERR_PTR(-ENOMEM);
	err = ns_init(&net->ns, &netns_operations, user_ns);
	if (err) {
		kfree(net);
		return ERR_PTR(err);
	}
	net->unix_max_dgram_qlen = UNIX_MAX_DGRAM_QLEN;
	INIT_LIST_HEAD(&net->netlink);
	INIT_LIST_HEAD(&net->inet);
	INIT_LIST_HEAD(&net->inet6);
	return &net->ns;
}

static void free_addresses(struct list_head *list)
{
	struct ifaddr *a, *next;

	list_for_each_entry_safe(a, next, list, link)
		kfree(a);
}

static void netns_free(struct ns_common *ns)
{
	struct net *net = to_net(ns);

	ns_exit(ns);
	free_addresses(&net->inet);
	free_addresses(&net->inet6);
	kfree(net);
}

const struct ns_operations netns_operations = {
	.name = "net",
	.type = CLONE_NEWNET,
	.slot = NS_NET,
	.ucount = UCOUNT_NET,
	.clone = netns_clone,
	.free = netns_free,
};

/* ---- /proc ----------------------------------------------------------------------------------- */

struct net *proc_seq_net(const struct seq_file *m)
{
	return proc_inode_net(file_inode(m->file));
}

/* What is sent to lo never gets there: nobody can. */
static void show_dev(struct seq_file *m)
{
	seq_puts(m, "Inter-|   Receive                                                |  Transmit\n"
		 " face |bytes    packets errs drop fifo frame compressed multicast|"
		 "bytes    packets errs drop fifo colls carrier compressed\n"
		 "    lo:       0       0    0    0    0     0          0         0"
		 "        0       0    0    0    0     0       0          0\n");
}

/* A number in struct net, at the offset that @data is. */
static int net_int(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	struct ctl_table own = *t;

	own.data = (char *)current_net() + (unsigned long)t->data;
	return sysctl_int(&own, write, buf, len, pos);
}

static const struct ctl_table unix_table[] = {
	{ .procname = "max_dgram_qlen", .data = (void *)offsetof(struct net, unix_max_dgram_qlen),
	  .maxlen = sizeof(int), .mode = 0644, .handler = net_int },
};

void __init net_ns_init(void)
{
	proc_create_text("dev", 0444, proc_net, show_dev);
	unix_proc_init();
	sysctl_register("net/unix", unix_table, ARRAY_SIZE(unix_table));
}
