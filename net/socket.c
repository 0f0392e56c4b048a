// SPDX-License-Identifier: GPL-2.0-only
/*
 * Socket objects: the sockfs inodes they live in, their files, and the table of families.
 *
 * Interface: socket.h.  Locking: none of its own; families register at boot.  The protocol locks what it needs.
 */
#include <net/socket.h>

#include <fs/fcntl.h>
#include <fs/internal.h>
#include <fs/nsfs.h>
#include <fs/poll.h>
#include <fs/pseudofs.h>
#include <kernel/cred.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/err.h>
#include <mm/slab.h>
#include <net/net_namespace.h>
#include <net/unix/unix.h>

struct socket_alloc {
	struct socket	socket;
	struct inode	vfs_inode;
};

static const struct net_family *families[AF_MAX];	/* [I] after boot */
static struct kmem_cache *sock_inode_cache;

/* ---- sockfs ---------------------------------------------------------------------------------- */

static struct inode *sock_alloc_inode(struct super_block *sb)
{
	struct socket_alloc *sa = kmem_cache_alloc(sock_inode_cache, GFP_KERNEL);

	if (!sa)
		return NULL;
	sa->socket = (struct socket) { .state = SS_UNCONNECTED };
	return &sa->vfs_inode;
}

static void sock_free_inode(struct inode *inode)
{
	kmem_cache_free(sock_inode_cache, container_of(inode, struct socket_alloc, vfs_inode));
}

static char *sockfs_dname(struct dentry *dentry, char *buf, int len)
{
	return pseudo_dname("socket", dentry, buf, len);
}

static const struct super_operations sockfs_ops = {
	.alloc_inode	= sock_alloc_inode,
	.free_inode	= sock_free_inode,
	.statfs		= simple_statfs,
};
static const struct dentry_operations sockfs_dentry_operations = {
	.d_dname	= sockfs_dname,
};
static struct pseudo_fs sock_fs = {
	.type		= { .name = "sockfs" },
	.magic		= SOCKFS_MAGIC,
	.s_op		= &sockfs_ops,
	.d_op		= &sockfs_dentry_operations,
};

struct inode *sock_inode(struct socket *sock)
{
	return &container_of(sock, struct socket_alloc, socket)->vfs_inode;
}

/* ---- life ------------------------------------------------------------------------------------ */

struct socket *sock_alloc(void)
{
	struct inode *inode = pseudo_inode(&sock_fs, S_IFSOCK | 0777);

	return inode ? &container_of(inode, struct socket_alloc, vfs_inode)->socket : NULL;
}

static void release_ops(struct socket *sock)
{
	if (sock->ops) {
		sock->ops->release(sock);
		sock->sk = NULL;
		sock->ops = NULL;
	}
}

void sock_release(struct socket *sock)
{
	release_ops(sock);
	iput(sock_inode(sock));
}

int sock_create(int family, int type, int protocol, struct socket **res)
{
	struct socket *sock;
	int err;

	if (family < 0 || family >= AF_MAX)
		return -EAFNOSUPPORT;
	if (type < 0 || type >= SOCK_MAX)
		return -EINVAL;
	if (!families[family])
		return -EAFNOSUPPORT;
	sock = sock_alloc();
	if (!sock)
		return -ENFILE;
	sock->type = type;
	err = families[family]->create(sock, protocol);
	if (err) {
		sock_release(sock);
		return err;
	}
	*res = sock;
	return 0;
}

void __init sock_register(const struct net_family *family)
{
	BUG_ON(families[family->family]);
	families[family->family] = family;
}

/* ---- the file -------------------------------------------------------------------------------- */

ssize_t sock_sendmsg(struct socket *sock, struct msghdr *msg)
{
	return sock->ops->sendmsg(sock, msg, iov_iter_count(msg->iter));
}

ssize_t sock_recvmsg(struct socket *sock, struct msghdr *msg, unsigned int flags)
{
	return sock->ops->recvmsg(sock, msg, iov_iter_count(msg->iter), flags);
}

static bool is_nonblocking(const struct kiocb *iocb)
{
	return (iocb->ki_filp->f_flags & O_NONBLOCK) || (iocb->ki_flags & IOCB_NOWAIT);
}

static ssize_t sock_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct msghdr msg = { .iter = to };

	if (!iov_iter_count(to))
		return 0;
	return sock_recvmsg(iocb->ki_filp->private_data, &msg, is_nonblocking(iocb) ? MSG_DONTWAIT : 0);
}

static ssize_t sock_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct socket *sock = iocb->ki_filp->private_data;
	struct msghdr msg = { .iter = from };

	if (is_nonblocking(iocb))
		msg.flags = MSG_DONTWAIT;
	if (sock->type == SOCK_SEQPACKET)
		msg.flags |= MSG_EOR;
	return sock_sendmsg(sock, &msg);
}

static __poll_t sock_poll(struct file *file, poll_table *table)
{
	struct socket *sock = file->private_data;

	return sock->ops->poll(file, sock, table);
}

static long sock_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct socket *sock = file->private_data;
	long err = -ENOTTY;
	int who;

	if (cmd == SIOCGSKNS) {
		struct ns_common *ns = &sock->sk->net->ns;

		return ns_capable(ns->user_ns, CAP_NET_ADMIN) ? nsfs_open(get_ns(ns)) : -EPERM;
	}
	if (cmd == FIOSETOWN || cmd == SIOCSPGRP)
		return get_user(who, (int __user *)arg) ? -EFAULT : do_fcntl(0, file, F_SETOWN, who);
	if (cmd == FIOGETOWN || cmd == SIOCGPGRP)
		return put_user((int)do_fcntl(0, file, F_GETOWN, 0), (int __user *)arg);
	if (sock->ops->ioctl)
		err = sock->ops->ioctl(sock, cmd, arg);
	return err == -ENOTTY ? net_ioctl(sock->sk->net, cmd, (void __user *)arg) : err;
}

static int sock_fasync(int fd, struct file *file, int on)
{
	struct socket *sock = file->private_data;

	return fasync_update(fd, file, on, &sock->sk->fasync);
}

static int sock_close(struct inode *inode, struct file *file)
{
	release_ops(file->private_data);
	return 0;
}

static void sock_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct socket *sock = file->private_data;

	if (sock->ops->show_fdinfo)
		sock->ops->show_fdinfo(m, sock);
}

static const struct file_operations socket_file_ops = {
	.read_iter	= sock_read_iter,
	.write_iter	= sock_write_iter,
	.poll		= sock_poll,
	.unlocked_ioctl	= sock_ioctl,
	.fasync		= sock_fasync,
	.release	= sock_close,
	.show_fdinfo	= sock_show_fdinfo,
};

struct file *sock_alloc_file(struct socket *sock, int flags)
{
	struct file *file = alloc_file_pseudo(sock_inode(sock), sock_fs.mnt, "", O_RDWR | (flags & O_NONBLOCK),
					      &socket_file_ops);

	if (IS_ERR(file)) {
		sock_release(sock);
		return file;
	}
	file->f_mode = (file->f_mode & ~(FMODE_PREAD | FMODE_PWRITE)) | FMODE_STREAM | FMODE_NONOTIFY;
	file->private_data = sock;
	sock->file = file;
	return file;
}

struct socket *sock_from_file(const struct file *file)
{
	return file->f_op == &socket_file_ops ? file->private_data : NULL;
}

void __init sock_init(void)
{
	sock_inode_cache = kmem_cache_create("sock_inode_cache", sizeof(struct socket_alloc), 0,
					     SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	pseudo_fs_mount(&sock_fs);
	unix_init();
	sock_register(&netlink_family);
}
