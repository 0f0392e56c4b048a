// SPDX-License-Identifier: GPL-2.0-only
/*
 * The system calls on sockets that move no data: making them, names, connections, options.
 *
 * Locking: none of its own.  An accepted socket is not visible before its descriptor is installed.
 */
#include <net/internal.h>

#include <generated/syscalls.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <asm/uaccess.h>

/* ---- arguments ------------------------------------------------------------------------------- */

struct socket *sockfd_lookup(int fd, struct fd *f)
{
	struct socket *sock;

	*f = fdget(fd);
	if (unlikely(!f->file))
		return ERR_PTR(-EBADF);
	sock = sock_from_file(f->file);
	if (likely(sock))
		return sock;
	fdput(*f);
	return ERR_PTR(-ENOTSOCK);
}

int move_addr_to_kernel(const void __user *uaddr, int len, struct sockaddr_storage *addr)
{
	if (len < 0 || len > (int)sizeof(*addr))
		return -EINVAL;
	return len && copy_from_user(addr, uaddr, len) ? -EFAULT : 0;
}

int move_addr_to_user(const struct sockaddr_storage *addr, int len, void __user *uaddr, int __user *ulen)
{
	int room;

	if (get_user(room, ulen))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	room = min(room, len);
	if (room && copy_to_user(uaddr, addr, room))
		return -EFAULT;
	return put_user(len, ulen);	/* the true length, even if it was cut off */
}

/* SOCK_NONBLOCK and SOCK_CLOEXEC out of @type; -EINVAL for others. */
static int type_flags(int *type)
{
	int flags = *type & ~SOCK_TYPE_MASK;

	if (flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK))
		return -EINVAL;
	*type &= SOCK_TYPE_MASK;
	return flags;
}

/* ---- making ---------------------------------------------------------------------------------- */

/* A descriptor for @sock, which is released on failure. */
static int sock_map_fd(struct socket *sock, int flags)
{
	int fd = get_unused_fd_flags(flags);
	struct file *file;

	if (fd < 0) {
		sock_release(sock);
		return fd;
	}
	file = sock_alloc_file(sock, flags);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

long sys_socket(int family, int type, int protocol)
{
	int flags = type_flags(&type), err;
	struct socket *sock;

	if (flags < 0)
		return flags;
	err = sock_create(family, type, protocol, &sock);
	return err ? err : sock_map_fd(sock, flags);
}

/* Two connected sockets with files; the caller owns both. */
static int make_pair(int family, int type, int protocol, int flags, struct file *files[2])
{
	struct socket *a, *b;
	int err = sock_create(family, type, protocol, &a);

	if (err)
		return err;
	err = sock_create(family, type, protocol, &b);
	if (err)
		goto err_a;
	err = a->ops->socketpair ? a->ops->socketpair(a, b) : -EOPNOTSUPP;
	if (err)
		goto err_b;
	files[0] = sock_alloc_file(a, flags);
	if (IS_ERR(files[0])) {
		sock_release(b);
		return PTR_ERR(files[0]);
	}
	files[1] = sock_alloc_file(b, flags);
	if (IS_ERR(files[1])) {
		fput(files[0]);
		return PTR_ERR(files[1]);
	}
	return 0;
err_b:
	sock_release(b);
err_a:
	sock_release(a);
	return err;
}

long sys_socketpair(int family, int type, int protocol, int __user *sv)
{
	int flags = type_flags(&type), fds[2], err;
	struct file *files[2] = { NULL, NULL };

	if (flags < 0)
		return flags;
	err = fds[0] = get_unused_fd_flags(flags);
	if (err < 0)
		return err;
	err = fds[1] = get_unused_fd_flags(flags);
	if (err < 0)
		goto err_fd0;
	err = -EFAULT;
	if (copy_to_user(sv, fds, sizeof(fds)))
		goto err_fd1;
	err = make_pair(family, type, protocol, flags, files);
	if (err)
		goto err_fd1;
	fd_install(fds[0], files[0]);
	fd_install(fds[1], files[1]);
	return 0;
err_fd1:
	put_unused_fd(fds[1]);
err_fd0:
	put_unused_fd(fds[0]);
	return err;
}

/* ---- names and connections ------------------------------------------------------------------- */

long sys_bind(int fd, struct sockaddr __user *uaddr, int len)
{
	struct sockaddr_storage addr;
	struct fd f;
	struct socket *sock = sockfd_lookup(fd, &f);
	int err;

	if (IS_ERR(sock))
		return PTR_ERR(sock);
	err = move_addr_to_kernel(uaddr, len, &addr);
	if (!err)
		err = sock->ops->bind(sock, &addr, len);
	fdput(f);
	return err;
}

long sys_listen(int fd, int backlog)
{
	struct fd f;
	struct socket *sock = sockfd_lookup(fd, &f);
	int err;

	if (IS_ERR(sock))
		return PTR_ERR(sock);
	if ((unsigned int)backlog > SOMAXCONN)
		backlog = SOMAXCONN;
	err = sock->ops->listen ? sock->ops->listen(sock, backlog) : -EOPNOTSUPP;
	fdput(f);
	return err;
}

long sys_connect(int fd, struct sockaddr __user *uaddr, int len)
{
	struct sockaddr_storage addr;
	struct fd f;
	struct socket *sock = sockfd_lookup(fd, &f);
	int err;

	if (sock == ERR_PTR(-ENOTSOCK))		/* the address is looked at first */
		return move_addr_to_kernel(uaddr, len, &addr) ?: -ENOTSOCK;
	if (IS_ERR(sock))
		return PTR_ERR(sock);
	err = move_addr_to_kernel(uaddr, len, &addr);
	if (!err)
		err = sock->ops->connect(sock, &addr, len, f.file->f_flags);
	fdput(f);
	return err;
}

/* An accepted connection's file. */
static struct file *do_accept(struct socket *sock, int file_flags, struct sockaddr __user *uaddr, int __user *ulen,
			      int flags)
{
	struct socket *newsock = sock_alloc();
	struct sockaddr_storage addr;
	struct file *file;
	int err, len;

	if (!newsock)
		return ERR_PTR(-ENFILE);
	newsock->type = sock->type;
	err = sock->ops->accept ? sock->ops->accept(sock, newsock, file_flags) : -EOPNOTSUPP;
	if (err) {
		sock_release(newsock);
		return ERR_PTR(err);
	}
	file = sock_alloc_file(newsock, flags);
	if (IS_ERR(file) || !uaddr)
		return file;
	len = newsock->ops->getname(newsock, &addr, true);
	err = len < 0 ? -ECONNABORTED : move_addr_to_user(&addr, len, uaddr, ulen);
	if (err) {
		fput(file);
		return ERR_PTR(err);
	}
	return file;
}

long sys_accept4(int fd, struct sockaddr __user *uaddr, int __user *ulen, int flags)
{
	bool bad_flags = flags & ~(SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct file *file;
	struct fd f;
	struct socket *sock = sockfd_lookup(fd, &f);
	int newfd;

	if (IS_ERR(sock))
		return bad_flags && sock != ERR_PTR(-EBADF) ? -EINVAL : PTR_ERR(sock);
	newfd = bad_flags ? -EINVAL : get_unused_fd_flags(flags);
	if (newfd < 0)
		goto out;
	file = do_accept(sock, f.file->f_flags, uaddr, ulen, flags);
	if (IS_ERR(file)) {
		put_unused_fd(newfd);
		newfd = PTR_ERR(file);
		goto out;
	}
	fd_install(newfd, file);
out:
	fdput(f);
	return newfd;
}

long sys_accept(int fd, struct sockaddr __user *addr, int __user *len)
{
	return sys_accept4(fd, addr, len, 0);
}

static long get_name(int fd, struct sockaddr __user *uaddr, int __user *ulen, bool peer)
{
	struct sockaddr_storage addr;
	struct fd f;
	struct socket *sock = sockfd_lookup(fd, &f);
	int len;

	if (IS_ERR(sock))
		return PTR_ERR(sock);
	len = sock->ops->getname(sock, &addr, peer);
	if (len >= 0)
		len = move_addr_to_user(&addr, len, uaddr, ulen);
	fdput(f);
	return len;
}

long sys_getsockname(int fd, struct sockaddr __user *addr, int __user *len)
{
	return get_name(fd, addr, len, false);
}

long sys_getpeername(int fd, struct sockaddr __user *addr, int __user *len)
{
	return get_name(fd, addr, len, true);
}

long sys_shutdown(int fd, int how)
{
	struct fd f;
	struct socket *sock = sockfd_lookup(fd, &f);
	int err = -EINVAL;

	if (IS_ERR(sock))
		return PTR_ERR(sock);
	if (how >= SHUT_RD && how <= SHUT_RDWR)
		err = sock->ops->shutdown(sock, how);
	fdput(f);
	return err;
}

/* ---- options --------------------------------------------------------------------------------- */

long sys_setsockopt(int fd, int level, int name, char __user *val, int len)
{
	struct socket *sock;
	struct fd f;
	int err;

	if (len < 0)
		return -EINVAL;
	sock = sockfd_lookup(fd, &f);
	if (IS_ERR(sock))
		return PTR_ERR(sock);
	if (level == SOL_SOCKET)
		err = sock_setsockopt(sock, level, name, val, len);
	else if (sock->ops->setsockopt)
		err = sock->ops->setsockopt(sock, level, name, val, len);
	else
		err = -EOPNOTSUPP;
	fdput(f);
	return err;
}

long sys_getsockopt(int fd, int level, int name, char __user *val, int __user *len)
{
	struct fd f;
	struct socket *sock = sockfd_lookup(fd, &f);
	int err;

	if (IS_ERR(sock))
		return PTR_ERR(sock);
	if (level == SOL_SOCKET)
		err = sock_getsockopt(sock, level, name, val, len);
	else if (sock->ops->getsockopt)
		err = sock->ops->getsockopt(sock, level, name, val, len);
	else
		err = -EOPNOTSUPP;
	fdput(f);
	return err;
}
