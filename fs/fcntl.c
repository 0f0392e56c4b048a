// SPDX-License-Identifier: GPL-2.0-only
/*
 * fcntl(2): descriptors, status flags, owners; locks, pipe sizes and seals are handed on.
 *
 * Interface: sys_fcntl(), and <fs/fcntl.h> for the 32-bit form.  f_flags and f_owner change under
 * f_lock.
 */
#include <fs/fcntl.h>

#include <fs/fsnotify.h>
#include <fs/internal.h>
#include <fs/locks.h>
#include <fs/memfd.h>
#include <fs/pipe_fs_i.h>
#include <generated/syscalls.h>
#include <kernel/pid.h>
#include <kernel/signal.h>

#define SETFL_MASK (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME)

/* ---- status flags ------------------------------------------------------------------------ */

static bool can_do_direct(const struct file *f)
{
	return S_ISFIFO(file_inode(f)->i_mode) || file_can_direct(f);	/* or: a pipe of packets */
}

static int check_setfl(const struct file *f, unsigned long arg)
{
	const struct inode *inode = file_inode(f);

	if (((arg ^ f->f_flags) & O_APPEND) && (inode->i_flags & S_APPEND_INODE))
		return -EPERM;
	if ((arg & O_NOATIME) && !(f->f_flags & O_NOATIME) && !inode_owner_or_capable(inode))
		return -EPERM;
	return (arg & O_DIRECT) && !can_do_direct(f) ? -EINVAL : 0;
}

static int setfl(unsigned int fd, struct file *f, unsigned long arg)
{
	int err = check_setfl(f, arg);

	if (err)
		return err;
	if (((arg ^ f->f_flags) & FASYNC) && f->f_op->fasync) {
		err = f->f_op->fasync(fd, f, !!(arg & FASYNC));
		if (err < 0)
			return err;
	}
	spin_lock(&f->f_lock);
	f->f_flags = (arg & SETFL_MASK) | (f->f_flags & ~SETFL_MASK);
	spin_unlock(&f->f_lock);
	return 0;
}

/* ---- owners ------------------------------------------------------------------------------ */

/* Consumes the reference to @pid, which may be NULL. */
static void set_owner(struct file *f, struct pid *pid, int pid_type)
{
	struct pid *old;

	spin_lock(&f->f_lock);
	old = fasync_set_owner(f, pid, pid_type);
	spin_unlock(&f->f_lock);
	put_pid(old);
}

static int set_owner_nr(struct file *f, int nr, int pid_type)
{
	struct pid *pid = NULL;

	if (nr) {
		pid = find_get_pid(nr);
		if (!pid)
			return -ESRCH;
	}
	set_owner(f, pid, pid_type);
	return 0;
}

static int setown(struct file *f, int who)
{
	if (who == INT_MIN)
		return -EINVAL;
	return who < 0 ? set_owner_nr(f, -who, PIDTYPE_PGID) : set_owner_nr(f, who, PIDTYPE_TGID);
}

/* The owner's number as current sees it, 0: none, or gone. */
static pid_t get_owner(struct file *f, int *pid_type)
{
	pid_t nr = 0;

	read_lock(&tasklist_lock);
	spin_lock(&f->f_lock);
	*pid_type = f->f_owner.pid_type;
	if (f->f_owner.pid && pid_task(f->f_owner.pid, *pid_type))
		nr = pid_vnr(f->f_owner.pid);
	spin_unlock(&f->f_lock);
	read_unlock(&tasklist_lock);
	return nr;
}

static pid_t getown(struct file *f)
{
	int pid_type;
	pid_t nr = get_owner(f, &pid_type);

	return pid_type == PIDTYPE_PGID ? -nr : nr;
}

static int setown_ex(struct file *f, const struct f_owner_ex __user *uowner)
{
	struct f_owner_ex owner;

	if (copy_from_user(&owner, uowner, sizeof(owner)))
		return -EFAULT;
	switch (owner.type) {
	case F_OWNER_TID:
		return set_owner_nr(f, owner.pid, PIDTYPE_PID);
	case F_OWNER_PID:
		return set_owner_nr(f, owner.pid, PIDTYPE_TGID);
	case F_OWNER_PGRP:
		return set_owner_nr(f, owner.pid, PIDTYPE_PGID);
	}
	return -EINVAL;
}

static int getown_ex(struct file *f, struct f_owner_ex __user *uowner)
{
	struct f_owner_ex owner;
	int pid_type;

	owner.pid = get_owner(f, &pid_type);
	if (pid_type == PIDTYPE_PGID)
		owner.type = F_OWNER_PGRP;
	else if (pid_type == PIDTYPE_TGID)
		owner.type = F_OWNER_PID;
	else
		owner.type = F_OWNER_TID;
	return copy_to_user(uowner, &owner, sizeof(owner)) ? -EFAULT : 0;
}

static int set_owner_signal(struct file *f, unsigned long sig)
{
	if (sig > _NSIG)
		return -EINVAL;
	spin_lock(&f->f_lock);
	f->f_owner.signum = sig;
	spin_unlock(&f->f_lock);
	return 0;
}

static int get_owner_uids(struct file *f, uid_t __user *uids)
{
	uid_t now[2];

	spin_lock(&f->f_lock);
	now[0] = uid_to_user(f->f_owner.uid);
	now[1] = uid_to_user(f->f_owner.euid);
	spin_unlock(&f->f_lock);
	return copy_to_user(uids, now, sizeof(now)) ? -EFAULT : 0;
}

/* How long what is written will live: kept with the inode, and of no consequence. */
static int rw_hint(struct file *f, unsigned int cmd, u64 __user *uhint)
{
	struct inode *inode = file_inode(f);
	u64 hint = READ_ONCE(inode->i_write_hint);

	if (cmd == F_GET_RW_HINT)
		return copy_to_user(uhint, &hint, sizeof(hint)) ? -EFAULT : 0;
	if (copy_from_user(&hint, uhint, sizeof(hint)))
		return -EFAULT;
	if (hint > RWH_WRITE_LIFE_EXTREME)
		return -EINVAL;
	WRITE_ONCE(inode->i_write_hint, hint);
	return 0;
}

/* ---- record locks ------------------------------------------------------------------------ */

long fcntl_lock(unsigned int fd, struct file *f, unsigned int cmd, struct flock64 *fl)
{
	if (cmd == F_GETLK || cmd == F_OFD_GETLK)
		return fcntl_getlk(f, cmd, fl);
	return fcntl_setlk(fd, f, cmd, fl);
}

long fcntl_lock64(unsigned int fd, struct file *f, unsigned int cmd, struct flock64 __user *ufl)
{
	struct flock64 fl;
	long err;

	if (copy_from_user(&fl, ufl, sizeof(fl)))
		return -EFAULT;
	err = fcntl_lock(fd, f, cmd, &fl);
	if (!err && (cmd == F_GETLK || cmd == F_OFD_GETLK) && copy_to_user(ufl, &fl, sizeof(fl)))
		err = -EFAULT;
	return err;
}

/* ---- the call ---------------------------------------------------------------------------- */

/* Descriptors made with O_PATH know only the commands about the descriptor itself. */
struct fd fcntl_fdget(unsigned int fd, unsigned int cmd)
{
	switch (cmd) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
	case F_GETFD:
	case F_SETFD:
	case F_GETFL:
		return fdget_raw(fd);
	}
	return fdget(fd);
}

static long fcntl_other(unsigned int fd, struct file *f, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case F_GETOWN:
		return getown(f);
	case F_SETOWN:
		return setown(f, (int)arg);
	case F_GETOWN_EX:
		return getown_ex(f, (struct f_owner_ex __user *)arg);
	case F_SETOWN_EX:
		return setown_ex(f, (const struct f_owner_ex __user *)arg);
	case F_GETSIG:
		return f->f_owner.signum;
	case F_SETSIG:
		return set_owner_signal(f, arg);
	case F_NOTIFY:
		return fcntl_dirnotify(fd, f, arg);
	case F_SETLEASE:
		return fcntl_setlease(fd, f, arg);
	case F_GETLEASE:
		return fcntl_getlease(f);
	case F_GETOWNER_UIDS:
		return get_owner_uids(f, (uid_t __user *)arg);
	case F_GET_RW_HINT:
	case F_SET_RW_HINT:
		return rw_hint(f, cmd, (u64 __user *)arg);
	}
	return -EINVAL;
}

long do_fcntl(unsigned int fd, struct file *f, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case F_DUPFD:
		return f_dupfd(arg, f, 0);
	case F_DUPFD_CLOEXEC:
		return f_dupfd(arg, f, O_CLOEXEC);
	case F_GETFD:
		return get_close_on_exec(fd) ? FD_CLOEXEC : 0;
	case F_SETFD:
		set_close_on_exec(fd, arg & FD_CLOEXEC);
		return 0;
	case F_GETFL:
		return f->f_flags;
	case F_SETFL:
		return setfl(fd, f, arg);
	case F_SETPIPE_SZ:
	case F_GETPIPE_SZ:
		return pipe_fcntl(f, cmd, arg);
	case F_ADD_SEALS:
	case F_GET_SEALS:
		return memfd_fcntl(f, cmd, arg);
	}
	return fcntl_other(fd, f, cmd, arg);
}

static long fcntl_file(unsigned int fd, struct file *f, unsigned int cmd, unsigned long arg)
{
	switch (cmd) {
	case F_OFD_GETLK:
	case F_OFD_SETLK:
	case F_OFD_SETLKW:
	case F_GETLK:
	case F_SETLK:
	case F_SETLKW:
		return fcntl_lock64(fd, f, cmd, (struct flock64 __user *)arg);
	}
	return do_fcntl(fd, f, cmd, arg);
}

/* Of 64-bit programs: struct flock is wide. */
long sys_fcntl(unsigned int fd, unsigned int cmd, unsigned long arg)
{
	struct fd f = fcntl_fdget(fd, cmd);
	long result;

	if (!f.file)
		return -EBADF;
	result = fcntl_file(fd, f.file, cmd, arg);
	fdput(f);
	return result;
}
