// SPDX-License-Identifier: GPL-2.0-only
/*
 * A few bytes from the kernel to a netlink socket that are made at one time and sent at another: what mq_notify(2)
 * tells a thread of the C library.
 *
 * Interface: net/socket.h.  Locking: a note is its owner's; nl_deliver() locks the socket's queue.
 */
#include <net/netlink/netlink.h>

#include <fs/file.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>

struct netlink_note {
	struct netlink_sock	*to;	/* reference */
	struct nl_msg		*msg;
};

struct netlink_note *netlink_note_alloc(struct file *file, const void *data, unsigned int len)
{
	struct socket *sock = sock_from_file(file);
	struct netlink_note *n;

	if (!sock)
		return ERR_PTR(-ENOTSOCK);
	if (sock->ops->family != AF_NETLINK)
		return ERR_PTR(-EINVAL);
	n = kmalloc(sizeof(*n), GFP_KERNEL);
	if (!n)
		return ERR_PTR(-ENOMEM);
	n->msg = nl_alloc(len);
	if (!n->msg) {
		kfree(n);
		return ERR_PTR(-ENOMEM);
	}
	memcpy(n->msg->data, data, len);
	n->msg->len = len;
	n->to = nl_sk(sock_hold(sock->sk));
	return n;
}

void netlink_note_free(struct netlink_note *n)
{
	if (!n)
		return;
	if (n->msg)
		nl_free(n->msg);
	sock_put(&n->to->sk);
	kfree(n);
}

void netlink_note_send(struct netlink_note *n, char last)
{
	if (!n)
		return;
	n->msg->data[n->msg->len - 1] = last;
	nl_deliver(n->to, n->msg);
	n->msg = NULL;
	netlink_note_free(n);
}
