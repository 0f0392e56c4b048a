// SPDX-License-Identifier: GPL-2.0-only
/*
 * The system calls that move data: send, recv and their relatives for addresses, vectors, and many messages.
 *
 * Locking: none of its own.
 */
#include <net/internal.h>

#include <fs/time32_syscalls.h>
#include <kernel/compat.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define FAST_IOV	8
#define CONTROL_INLINE	64
#define CONTROL_MAX	20480	/* net.core.optmem_max */
#define MAX_RW_BYTES	((size_t)INT_MAX & ~(size_t)(PAGE_SIZE - 1))

/* ---- one buffer ------------------------------------------------------------------------------ */

long sys_sendto(int fd, void __user *buf, size_t len, unsigned int flags, struct sockaddr __user *uaddr, int addr_len)
{
	struct sockaddr_storage addr;
	struct msghdr msg = { .flags = flags & ~MSG_CMSG_COMPAT };
	struct iov_iter iter;
	struct iovec seg;
	struct socket *sock;
	struct fd f;
	ssize_t ret;

	if (unlikely(!access_ok(buf, len)))
		return -EFAULT;
	sock = sockfd_lookup(fd, &f);
	if (IS_ERR(sock))
		return PTR_ERR(sock);
	iov_iter_ubuf(&iter, true, &seg, buf, min(len, MAX_RW_BYTES));
	msg.iter = &iter;
	ret = 0;
	if (uaddr) {
		ret = move_addr_to_kernel(uaddr, addr_len, &addr);
		msg.name = &addr;
		msg.namelen = addr_len;
	}
	if (f.file->f_flags & O_NONBLOCK)
		msg.flags |= MSG_DONTWAIT;
	if (!ret)
		ret = sock_sendmsg(sock, &msg);
	fdput(f);
	return ret;
}

long sys_send(int fd, void __user *buf, size_t len, unsigned int flags)
{
	return sys_sendto(fd, buf, len, flags, NULL, 0);
}

long sys_recvfrom(int fd, void __user *buf, size_t len, unsigned int flags, struct sockaddr __user *uaddr,
		  int __user *addr_len)
{
	struct sockaddr_storage addr;
	struct msghdr msg = { .name = uaddr ? &addr : NULL };
	struct iov_iter iter;
	struct iovec seg;
	struct socket *sock;
	struct fd f;
	ssize_t ret;

	if (unlikely(!access_ok(buf, len)))
		return -EFAULT;
	sock = sockfd_lookup(fd, &f);
	if (IS_ERR(sock))
		return PTR_ERR(sock);
	iov_iter_ubuf(&iter, false, &seg, buf, min(len, MAX_RW_BYTES));
	msg.iter = &iter;
	if (f.file->f_flags & O_NONBLOCK)
		flags |= MSG_DONTWAIT;
	ret = sock_recvmsg(sock, &msg, flags & ~MSG_CMSG_COMPAT);
	if (ret >= 0 && uaddr) {
		int err = move_addr_to_user(&addr, msg.namelen, uaddr, addr_len);

		if (err)
			ret = err;
	}
	fdput(f);
	return ret;
}

long sys_recv(int fd, void __user *buf, size_t len, unsigned int flags)
{
	return sys_recvfrom(fd, buf, len, flags, NULL, NULL);
}

/* ---- message headers ------------------------------------------------------------------------- */

/* struct user_msghdr of 32-bit programs; struct mmsghdr has a word more. */
struct compat_msghdr {
	compat_uptr_t	msg_name;
	s32		msg_namelen;
	compat_uptr_t	msg_iov;
	compat_size_t	msg_iovlen;
	compat_uptr_t	msg_control;
	compat_size_t	msg_controllen;
	u32		msg_flags;
};
static_assert(sizeof(struct compat_msghdr) == 28);

static int copy_header(struct user_msghdr *u, const void __user *umsg)
{
	struct compat_msghdr c;

	if (!is_compat_task())
		return copy_from_user(u, umsg, sizeof(*u)) ? -EFAULT : 0;
	if (copy_from_user(&c, umsg, sizeof(c)))
		return -EFAULT;
	*u = (struct user_msghdr){
		.msg_name = compat_ptr(c.msg_name), .msg_namelen = c.msg_namelen,
		.msg_iov = compat_ptr(c.msg_iov), .msg_iovlen = c.msg_iovlen,
		.msg_control = compat_ptr(c.msg_control), .msg_controllen = c.msg_controllen,
	};
	return 0;
}

/* The user's msg_namelen, msg_controllen, msg_flags; of a struct mmsghdr, msg_len and the next one. */
static void __user *namelen_of(void __user *umsg)
{
	return (char __user *)umsg + (is_compat_task() ? offsetof(struct compat_msghdr, msg_namelen) :
				      offsetof(struct user_msghdr, msg_namelen));
}

static void __user *controllen_of(void __user *umsg)
{
	return (char __user *)umsg + (is_compat_task() ? offsetof(struct compat_msghdr, msg_controllen) :
				      offsetof(struct user_msghdr, msg_controllen));
}

static void __user *flags_of(void __user *umsg)
{
	return (char __user *)umsg + (is_compat_task() ? offsetof(struct compat_msghdr, msg_flags) :
				      offsetof(struct user_msghdr, msg_flags));
}

static void __user *mmsg_len_of(void __user *ummsg)
{
	return (char __user *)ummsg + (is_compat_task() ? sizeof(struct compat_msghdr) :
				       offsetof(struct mmsghdr, msg_len));
}

static void __user *mmsg_next(void __user *ummsg)
{
	return (char __user *)ummsg + (is_compat_task() ? sizeof(struct compat_msghdr) + sizeof(u32) :
				       sizeof(struct mmsghdr));
}

static int get_header(struct user_msghdr *u, const void __user *umsg)
{
	if (copy_header(u, umsg))
		return -EFAULT;
	if (!u->msg_name)
		u->msg_namelen = 0;
	if (u->msg_namelen < 0)
		return -EINVAL;
	u->msg_namelen = min_t(int, u->msg_namelen, sizeof(struct sockaddr_storage));
	return u->msg_iovlen > UIO_MAXIOV ? -EMSGSIZE : 0;
}

/* The user's control data, in @inline_buf if it fits. ERR_PTR. */
static void *get_control(const struct user_msghdr *u, void *inline_buf)
{
	void *control = inline_buf;

	if (u->msg_controllen > CONTROL_MAX)
		return ERR_PTR(-ENOBUFS);
	if (u->msg_controllen > CONTROL_INLINE) {
		control = kmalloc(u->msg_controllen, GFP_KERNEL);
		if (!control)
			return ERR_PTR(-ENOBUFS);
	}
	if (copy_from_user(control, u->msg_control, u->msg_controllen)) {
		if (control != inline_buf)
			kfree(control);
		return ERR_PTR(-EFAULT);
	}
	return control;
}

static ssize_t send_one(struct socket *sock, const void __user *umsg, unsigned int flags)
{
	u64 inline_control[CONTROL_INLINE / sizeof(u64)];
	struct iovec fast[FAST_IOV], *iov = fast;
	struct sockaddr_storage addr;
	struct msghdr msg = { .flags = flags };
	struct user_msghdr u;
	struct iov_iter iter;
	ssize_t ret = get_header(&u, umsg);

	if (ret)
		return ret;
	if (u.msg_namelen) {
		ret = move_addr_to_kernel(u.msg_name, u.msg_namelen, &addr);
		if (ret)
			return ret;
		msg.name = &addr;
		msg.namelen = u.msg_namelen;
	}
	ret = import_iovec(true, u.msg_iov, u.msg_iovlen, FAST_IOV, &iov, &iter);
	if (ret < 0)
		return ret;
	msg.iter = &iter;
	if (u.msg_control && u.msg_controllen) {
		msg.control = get_control(&u, inline_control);
		ret = PTR_ERR_OR_ZERO(msg.control);
		if (ret)
			goto out;
		msg.controllen = u.msg_controllen;
	}
	ret = sock_sendmsg(sock, &msg);
	if (msg.control != inline_control)
		kfree(msg.control);
out:
	kfree(iov);
	return ret;
}

/* What recvmsg tells in the header: lengths and flags. */
static int put_header(void __user *umsg, const struct user_msghdr *u, const struct msghdr *msg,
		      const struct sockaddr_storage *addr)
{
	unsigned long used = u->msg_control ? u->msg_controllen - msg->controllen : 0;

	if (u->msg_name) {
		int err = msg->namelen ? copy_to_user(u->msg_name, addr, min(msg->namelen, u->msg_namelen)) : 0;

		if (err || put_user(msg->namelen, (int __user *)namelen_of(umsg)))
			return -EFAULT;
	}
	if (put_user(msg->flags, (unsigned int __user *)flags_of(umsg)) || put_user_word(used, controllen_of(umsg)))
		return -EFAULT;
	return 0;
}

static ssize_t recv_one(struct socket *sock, void __user *umsg, unsigned int flags)
{
	struct iovec fast[FAST_IOV], *iov = fast;
	struct sockaddr_storage addr;
	struct msghdr msg = { 0 };
	struct user_msghdr u;
	struct iov_iter iter;
	ssize_t ret;
	int err;

	if (copy_header(&u, umsg))
		return -EFAULT;
	if (u.msg_name && u.msg_namelen < 0)
		return -EINVAL;
	if (u.msg_iovlen > UIO_MAXIOV)
		return -EMSGSIZE;
	ret = import_iovec(false, u.msg_iov, u.msg_iovlen, FAST_IOV, &iov, &iter);
	if (ret < 0)
		return ret;
	msg.iter = &iter;
	msg.name = u.msg_name ? &addr : NULL;
	msg.control_user = u.msg_control;
	msg.controllen = u.msg_control ? u.msg_controllen : 0;
	msg.flags = flags & MSG_CMSG_CLOEXEC;
	ret = sock_recvmsg(sock, &msg, flags);
	kfree(iov);
	if (ret < 0)
		return ret;
	err = put_header(umsg, &u, &msg, &addr);
	return err ? err : ret;
}

static unsigned int with_nonblock(unsigned int flags, const struct file *file)
{
	return (flags & ~MSG_CMSG_COMPAT) | ((file->f_flags & O_NONBLOCK) ? MSG_DONTWAIT : 0);
}

/* The kernel's own mark of a 32-bit caller, which a 64-bit program may not set. */
static bool has_compat_flag(unsigned int flags)
{
	return (flags & MSG_CMSG_COMPAT) && user_word_size() == sizeof(u64);
}

long sys_sendmsg(int fd, struct user_msghdr __user *umsg, unsigned int flags)
{
	struct fd f;
	struct socket *sock = has_compat_flag(flags) ? ERR_PTR(-EINVAL) : sockfd_lookup(fd, &f);
	ssize_t ret;

	if (IS_ERR(sock))
		return PTR_ERR(sock);
	ret = send_one(sock, umsg, with_nonblock(flags, f.file));
	fdput(f);
	return ret;
}

long sys_recvmsg(int fd, struct user_msghdr __user *umsg, unsigned int flags)
{
	struct fd f;
	struct socket *sock = has_compat_flag(flags) ? ERR_PTR(-EINVAL) : sockfd_lookup(fd, &f);
	ssize_t ret;

	if (IS_ERR(sock))
		return PTR_ERR(sock);
	ret = recv_one(sock, umsg, with_nonblock(flags, f.file));
	fdput(f);
	return ret;
}

/* ---- many messages --------------------------------------------------------------------------- */

long sys_sendmmsg(int fd, struct mmsghdr __user *umsg, unsigned int vlen, unsigned int flags)
{
	void __user *ummsg = umsg;
	struct fd f;
	struct socket *sock = has_compat_flag(flags) ? ERR_PTR(-EINVAL) : sockfd_lookup(fd, &f);
	ssize_t ret = 0;
	unsigned int n;

	if (IS_ERR(sock))
		return PTR_ERR(sock);
	flags = with_nonblock(flags, f.file);
	vlen = min_t(unsigned int, vlen, UIO_MAXIOV);
	for (n = 0; n < vlen; n++, ummsg = mmsg_next(ummsg)) {
		ret = send_one(sock, ummsg, flags);
		if (ret < 0)
			break;
		if (put_user((unsigned int)ret, (unsigned int __user *)mmsg_len_of(ummsg))) {
			ret = -EFAULT;
			break;
		}
		cond_resched();
	}
	fdput(f);
	return n ? (long)n : ret;
}

/* @until: absolute; only looked at after each message, as Linux does. NULL: no limit. */
static long do_recvmmsg(int fd, void __user *ummsg, unsigned int vlen, unsigned int flags, const u64 *until)
{
	struct fd f;
	struct socket *sock = has_compat_flag(flags) ? ERR_PTR(-EINVAL) : sockfd_lookup(fd, &f);
	ssize_t ret;
	unsigned int n;

	if (IS_ERR(sock))
		return PTR_ERR(sock);
	ret = sock_error(sock->sk);
	flags = with_nonblock(flags, f.file);
	vlen = min_t(unsigned int, vlen, UIO_MAXIOV);
	for (n = 0; !ret && n < vlen; n++, ummsg = mmsg_next(ummsg)) {
		ret = recv_one(sock, ummsg, flags & ~MSG_WAITFORONE);
		if (ret < 0)
			break;
		if (put_user((unsigned int)ret, (unsigned int __user *)mmsg_len_of(ummsg))) {
			ret = -EFAULT;
			break;
		}
		ret = 0;
		if (flags & MSG_WAITFORONE)
			flags |= MSG_DONTWAIT;
		if (until && ktime_get_ns() >= *until) {
			n++;
			break;
		}
		cond_resched();
	}
	/* The error is not lost: the next call gets it. */
	if (n && ret < 0 && ret != -EAGAIN && ret != -ERESTARTSYS && ret != -EINTR)
		WRITE_ONCE(sock->sk->err, -ret);
	fdput(f);
	return n ? (long)n : ret;
}

static int until_of(const struct timespec64 *ts, u64 *until)
{
	u64 now = ktime_get_ns(), ns;

	if (!timespec64_valid(ts))
		return -EINVAL;
	ns = timespec64_to_ns(ts);
	*until = ns > (u64)KTIME_MAX - now ? (u64)KTIME_MAX : now + ns;
	return 0;
}

static struct timespec64 time_left(u64 until)
{
	u64 now = ktime_get_ns();

	return ns_to_timespec64(until > now ? (s64)(until - now) : 0);
}

long sys_recvmmsg(int fd, struct mmsghdr __user *umsg, unsigned int vlen, unsigned int flags,
		  struct __kernel_timespec __user *timeout)
{
	struct timespec64 ts;
	u64 until;
	long ret;

	if (!timeout)
		return do_recvmmsg(fd, umsg, vlen, flags, NULL);
	if (get_timespec64(&ts, timeout))
		return -EFAULT;
	ret = until_of(&ts, &until);
	if (!ret)
		ret = do_recvmmsg(fd, umsg, vlen, flags, &until);
	if (ret > 0) {
		ts = time_left(until);
		if (put_timespec64(&ts, timeout))
			ret = -EFAULT;
	}
	return ret;
}

long sys_recvmmsg_time32(int fd, struct mmsghdr __user *umsg, unsigned int vlen, unsigned int flags,
			 void __user *timeout)
{
	struct timespec64 ts;
	u64 until;
	long ret;

	if (!timeout)
		return do_recvmmsg(fd, umsg, vlen, flags, NULL);
	if (get_old_timespec32(&ts, timeout))
		return -EFAULT;
	ret = until_of(&ts, &until);
	if (!ret)
		ret = do_recvmmsg(fd, umsg, vlen, flags, &until);
	if (ret > 0) {
		ts = time_left(until);
		if (put_old_timespec32(&ts, timeout))
			ret = -EFAULT;
	}
	return ret;
}
