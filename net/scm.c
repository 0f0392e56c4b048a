// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control messages of SOL_SOCKET: descriptors (SCM_RIGHTS) and credentials (SCM_CREDENTIALS) that travel with a
 * message.
 *
 * Locking: none; a cookie belongs to one call, a list of files to whoever holds it.
 */
#include <net/socket.h>

#include <fs/file.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

/* ---- lists of files -------------------------------------------------------------------------- */

void scm_fp_free(struct scm_fp_list *fp)
{
	unsigned int i;

	if (!fp)
		return;
	for (i = 0; i < fp->count; i++)
		fput(fp->fp[i]);
	free_uid(fp->user);
	kfree(fp);
}

struct scm_fp_list *scm_fp_dup(const struct scm_fp_list *fp)
{
	struct scm_fp_list *copy;
	unsigned int i;

	copy = kmemdup(fp, offsetof(struct scm_fp_list, fp) + fp->count * sizeof(fp->fp[0]), GFP_KERNEL);
	if (!copy)
		return NULL;
	for (i = 0; i < copy->count; i++)
		get_file(copy->fp[i]);
	get_uid(copy->user);
	return copy;
}

/* ---- sending --------------------------------------------------------------------------------- */

static int add_rights(const struct cmsghdr *cmsg, struct scm_cookie *scm)
{
	const int *fds = (const void *)((const char *)cmsg + CMSG_LEN(0));
	unsigned int n = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int), i;
	struct scm_fp_list *fp = scm->fp;

	if (!n)
		return 0;
	if (n > SCM_MAX_FD)
		return -EINVAL;
	if (!fp) {
		fp = kmalloc(sizeof(*fp), GFP_KERNEL);
		if (!fp)
			return -ENOMEM;
		fp->count = 0;
		fp->user = get_uid(current_cred()->user);
		scm->fp = fp;
	}
	if (fp->count + n > SCM_MAX_FD)
		return -EINVAL;
	for (i = 0; i < n; i++) {
		struct file *file = fds[i] >= 0 ? fget_raw(fds[i]) : NULL;

		if (!file)
			return -EBADF;
		fp->fp[fp->count++] = file;
	}
	return 0;
}

/* May current say that it is these? */
static int check_creds(const struct ucred *c)
{
	const struct cred *cred = current_cred();

	if (c->pid != task_tgid_vnr(current) && !ns_capable(task_active_pid_ns(current)->ns.user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	if (c->uid != cred->uid && c->uid != cred->euid && c->uid != cred->suid && !capable(CAP_SETUID))
		return -EPERM;
	if (c->gid != cred->gid && c->gid != cred->egid && c->gid != cred->sgid && !capable(CAP_SETGID))
		return -EPERM;
	return 0;
}

static int add_creds(const struct cmsghdr *cmsg, struct scm_cookie *scm)
{
	struct ucred creds;
	struct pid *pid;
	int err;

	if (cmsg->cmsg_len != CMSG_LEN(sizeof(creds)))
		return -EINVAL;
	memcpy(&creds, (const char *)cmsg + CMSG_LEN(0), sizeof(creds));
	err = check_creds(&creds);
	if (err)
		return err;
	pid = find_get_pid(creds.pid);
	if (!pid)
		return -ESRCH;
	put_pid(scm->pid);
	scm->pid = pid;
	scm->uid = creds.uid;
	scm->gid = creds.gid;
	scm->has_creds = true;
	return 0;
}

void scm_set_creds(struct scm_cookie *scm)
{
	scm->pid = get_pid(task_tgid(current));
	scm->uid = current_uid();
	scm->gid = current_gid();
	scm->has_creds = true;
}

static int scm_add(const struct cmsghdr *cmsg, struct scm_cookie *scm)
{
	if (cmsg->cmsg_level != SOL_SOCKET)
		return 0;		/* the protocol's */
	switch (cmsg->cmsg_type) {
	case SCM_RIGHTS:
		return add_rights(cmsg, scm);
	case SCM_CREDENTIALS:
		return add_creds(cmsg, scm);
	default:
		return -EINVAL;
	}
}

int scm_send(struct msghdr *msg, struct scm_cookie *scm)
{
	size_t pos = 0;
	int err;

	memset(scm, 0, sizeof(*scm));
	while (msg->controllen - pos >= sizeof(struct cmsghdr)) {
		const struct cmsghdr *cmsg = (const void *)((const char *)msg->control + pos);

		err = -EINVAL;
		if (cmsg->cmsg_len < sizeof(*cmsg) || cmsg->cmsg_len > msg->controllen - pos)
			goto fail;
		err = scm_add(cmsg, scm);
		if (err)
			goto fail;
		if (CMSG_ALIGN(cmsg->cmsg_len) >= msg->controllen - pos)
			break;
		pos += CMSG_ALIGN(cmsg->cmsg_len);
	}
	return 0;
fail:
	scm_destroy(scm);
	return err;
}

void scm_destroy(struct scm_cookie *scm)
{
	put_pid(scm->pid);
	scm->pid = NULL;
	scm_fp_free(scm->fp);
	scm->fp = NULL;
}

/* ---- receiving ------------------------------------------------------------------------------- */

/* The message's place was used: go on behind it. */
static void advance(struct msghdr *msg, size_t len)
{
	size_t space = min(CMSG_SPACE(len), msg->controllen);

	msg->control_user = (char __user *)msg->control_user + space;
	msg->controllen -= space;
}

void put_cmsg(struct msghdr *msg, int level, int type, const void *data, size_t len)
{
	struct cmsghdr hdr = { .cmsg_len = CMSG_LEN(len), .cmsg_level = level, .cmsg_type = type };
	char __user *to = msg->control_user;

	if (!to || msg->controllen < sizeof(hdr)) {
		msg->flags |= MSG_CTRUNC;
		return;
	}
	if (msg->controllen < hdr.cmsg_len) {
		msg->flags |= MSG_CTRUNC;
		hdr.cmsg_len = msg->controllen;
		len = hdr.cmsg_len > CMSG_LEN(0) ? hdr.cmsg_len - CMSG_LEN(0) : 0;
	}
	if (copy_to_user(to, &hdr, sizeof(hdr)) || copy_to_user(to + CMSG_LEN(0), data, len)) {
		msg->flags |= MSG_CTRUNC;
		return;
	}
	advance(msg, len);
}

/* A descriptor for @file, its number stored at @slot. 0 or -errno: this one and the rest stay away. */
static int install_one(struct file *file, int __user *slot, unsigned int o_flags)
{
	int fd = get_unused_fd_flags(o_flags);

	if (fd < 0)
		return fd;
	if (put_user(fd, slot)) {
		put_unused_fd(fd);
		return -EFAULT;
	}
	fd_install(fd, get_file(file));
	return 0;
}

static void recv_rights(struct msghdr *msg, const struct scm_fp_list *fp, unsigned int flags)
{
	char __user *to = msg->control_user;
	struct cmsghdr hdr = { .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS };
	unsigned int room = 0, n;

	if (to && msg->controllen > CMSG_LEN(0))
		room = min_t(size_t, (msg->controllen - CMSG_LEN(0)) / sizeof(int), fp->count);
	for (n = 0; n < room; n++)
		if (install_one(fp->fp[n], (int __user *)(to + CMSG_LEN(0)) + n,
				(flags & MSG_CMSG_CLOEXEC) ? O_CLOEXEC : 0))
			break;
	if (n < fp->count)
		msg->flags |= MSG_CTRUNC;
	if (!n)
		return;
	hdr.cmsg_len = CMSG_LEN(n * sizeof(int));
	if (copy_to_user(to, &hdr, sizeof(hdr)))
		msg->flags |= MSG_CTRUNC;
	advance(msg, n * sizeof(int));
}

void scm_recv(struct sock *sk, struct msghdr *msg, struct scm_cookie *scm, unsigned int flags)
{
	if (sock_option(sk, SOCK_OPT_PASSCRED)) {
		struct ucred creds = {
			.pid = scm->pid ? pid_vnr(scm->pid) : 0,
			.uid = scm->has_creds ? scm->uid : SCM_OVERFLOW_ID,
			.gid = scm->has_creds ? scm->gid : SCM_OVERFLOW_ID,
		};

		put_cmsg(msg, SOL_SOCKET, SCM_CREDENTIALS, &creds, sizeof(creds));
	}
	if (scm->fp)
		recv_rights(msg, scm->fp, flags);
	scm_destroy(scm);
}
