/* SPDX-License-Identifier: GPL-2.0-only */
/* What the system calls of net/ share. */
#pragma once

#include <fs/file.h>
#include <net/socket.h>

/* The socket behind @fd; f->file is to be put back with fdput(). ERR_PTR(-EBADF, -ENOTSOCK). */
struct socket *sockfd_lookup(int fd, struct fd *f);
/* Addresses: -EINVAL, -EFAULT. A value-result length, as of getsockname(2), is written back. */
int move_addr_to_kernel(const void __user *uaddr, int len, struct sockaddr_storage *addr);
int move_addr_to_user(const struct sockaddr_storage *addr, int len, void __user *uaddr, int __user *ulen);
