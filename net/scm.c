// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control messages of SOL_SOCKET: descriptors (SCM_RIGHTS) and credentials (SCM_CREDENTIALS) that travel with a
 * message.
 *
 * Locking: none; a cookie belongs to one call, a list of files to whoever holds it.
 */
#include <net/socket.h>

#include <fs/file.h>
#include <kernel/compat.h>
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

/* ---- headers --------------------------------------------------------------------------------- */

/* struct cmsghdr of 32-bit programs. What follows a header is aligned to the program's word. */
struct compat_cmsghdr {
	compat_size_t	cmsg_len;
	s32		cmsg_level, cmsg_type;
};
static_assert(CMSG_LEN(0) == sizeof(struct cmsghdr));

static size_t cmsg_header_size(void)
{
	return is_compat_task() ? sizeof(struct compat_cmsghdr) : sizeof(struct cmsghdr);
}

/* What a message with @len bytes takes of the control data. */
static size_t cmsg_space(size_t len)
{
	return cmsg_header_size() + ALIGN(len, user_word_size());
}

/* A control message that current sends. */
struct control {
	int		level, type;
	size_t		len;		/* of data */
	const void	*data;
};

/* At @from, where there are @room bytes: at least a header. */
static int parse_control(const char *from, size_t room, struct control *c)
{
	size_t header = cmsg_header_size(), len;

	if (is_compat_task()) {
		const struct compat_cmsghdr *h = (const void *)from;

		*c = (struct control){ .level = h->cmsg_level, .type = h->cmsg_type };
		len = h->cmsg_len;
	} else {
		const struct cmsghdr *h = (const void *)from;

		*c = (struct control){ .level = h->cmsg_level, .type = h->cmsg_type };
		len = h->cmsg_len;
	}
	if (len < header || len > room)
		return -EINVAL;
	c->len = len - header;
	c->data = from + header;
	return 0;
}

/* A header for @len bytes to the user: 0 or -EFAULT. */
static int put_control_header(void __user *to, int level, int type, size_t len)
{
	struct compat_cmsghdr narrow = {
		.cmsg_len = sizeof(narrow) + len, .cmsg_level = level, .cmsg_type = type,
	};
	struct cmsghdr wide = { .cmsg_len = sizeof(wide) + len, .cmsg_level = level, .cmsg_type = type };

	if (is_compat_task())
		return copy_to_user(to, &narrow, sizeof(narrow)) ? -EFAULT : 0;
	return copy_to_user(to, &wide, sizeof(wide)) ? -EFAULT : 0;
}

/* ---- sending --------------------------------------------------------------------------------- */

static int add_rights(const struct control *c, struct scm_cookie *scm)
{
	const int *fds = c->data;
	unsigned int n = c->len / sizeof(int), i;
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
	uid_t uid = uid_from_user(c->uid);
	gid_t gid = gid_from_user(c->gid);

	if (uid == ID_INVALID || gid == ID_INVALID)
		return -EINVAL;
	if (c->pid != task_tgid_vnr(current) && !ns_capable(task_active_pid_ns(current)->ns.user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	if (uid != cred->uid && uid != cred->euid && uid != cred->suid && !ns_capable(cred->user_ns, CAP_SETUID))
		return -EPERM;
	if (gid != cred->gid && gid != cred->egid && gid != cred->sgid && !ns_capable(cred->user_ns, CAP_SETGID))
		return -EPERM;
	return 0;
}

static int add_creds(const struct control *c, struct scm_cookie *scm)
{
	struct ucred creds;
	struct pid *pid;
	int err;

	if (c->len != sizeof(creds))
		return -EINVAL;
	memcpy(&creds, c->data, sizeof(creds));
	err = check_creds(&creds);
	if (err)
		return err;
	pid = find_get_pid(creds.pid);
	if (!pid)
		return -ESRCH;
	put_pid(scm->pid);
	scm->pid = pid;
	scm->uid = uid_from_user(creds.uid);
	scm->gid = gid_from_user(creds.gid);
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

static int scm_add(const struct control *c, struct scm_cookie *scm)
{
	if (c->level != SOL_SOCKET)
		return 0;		/* the protocol's */
	switch (c->type) {
	case SCM_RIGHTS:
		return add_rights(c, scm);
	case SCM_CREDENTIALS:
		return add_creds(c, scm);
	default:
		return -EINVAL;
	}
}

int scm_send(struct msghdr *msg, struct scm_cookie *scm)
{
	size_t pos = 0;
	int err;

	memset(scm, 0, sizeof(*scm));
	while (msg->controllen - pos >= cmsg_header_size()) {
		struct control c;

		err = parse_control((const char *)msg->control + pos, msg->controllen - pos, &c);
		if (!err)
			err = scm_add(&c, scm);
		if (err)
			goto fail;
		if (cmsg_space(c.len) >= msg->controllen - pos)
			break;
		pos += cmsg_space(c.len);
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
	size_t space = min(cmsg_space(len), msg->controllen);

	msg->control_user = (char __user *)msg->control_user + space;
	msg->controllen -= space;
}

void put_cmsg(struct msghdr *msg, int level, int type, const void *data, size_t len)
{
	char __user *to = msg->control_user;
	size_t header = cmsg_header_size();

	if (!to || msg->controllen < header) {
		msg->flags |= MSG_CTRUNC;
		return;
	}
	if (msg->controllen - header < len) {
		msg->flags |= MSG_CTRUNC;
		len = msg->controllen - header;
	}
	if (put_control_header(to, level, type, len) || copy_to_user(to + header, data, len)) {
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
	size_t header = cmsg_header_size();
	unsigned int room = 0, n;

	if (to && msg->controllen > header)
		room = min_t(size_t, (msg->controllen - header) / sizeof(int), fp->count);
	for (n = 0; n < room; n++)
		if (install_one(fp->fp[n], (int __user *)(to + header) + n,
				(flags & MSG_CMSG_CLOEXEC) ? O_CLOEXEC : 0))
			break;
	if (n < fp->count)
		msg->flags |= MSG_CTRUNC;
	if (!n)
		return;
	if (put_control_header(to, SOL_SOCKET, SCM_RIGHTS, n * sizeof(int)))
		msg->flags |= MSG_CTRUNC;
	advance(msg, n * sizeof(int));
}

void scm_recv(struct sock *sk, struct msghdr *msg, struct scm_cookie *scm, unsigned int flags)
{
	if (sock_option(sk, SOCK_OPT_PASSCRED)) {
		struct ucred creds = {
			.pid = scm->pid ? pid_vnr(scm->pid) : 0,
			.uid = scm->has_creds ? uid_to_user(scm->uid) : OVERFLOW_ID,
			.gid = scm->has_creds ? gid_to_user(scm->gid) : OVERFLOW_ID,
		};

		put_cmsg(msg, SOL_SOCKET, SCM_CREDENTIALS, &creds, sizeof(creds));
	}
	if (scm->fp)
		recv_rights(msg, scm->fp, flags);
	scm_destroy(scm);
}
