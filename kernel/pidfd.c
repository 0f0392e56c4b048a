// SPDX-License-Identifier: GPL-2.0-only
/*
 * pidfds: a file that stands for a process and cannot come to mean another one.
 *
 * The file holds a struct pid.  poll() says readable once the thread group is dead.
 */
#include <generated/syscalls.h>

#include <fs/file.h>
#include <fs/poll.h>
#include <fs/procfs/proc_fs.h>
#include <fs/seq_file.h>
#include <kernel/cred.h>
#include <kernel/pid.h>
#include <kernel/signal.h>

#ifndef PIDFD_NONBLOCK
#define PIDFD_NONBLOCK O_NONBLOCK
#endif

static int pidfd_release(struct inode *inode, struct file *file)
{
	put_pid(file->private_data);
	return 0;
}

static __poll_t pidfd_poll(struct file *file, struct poll_table_struct *pt)
{
	struct pid *pid = file->private_data;
	struct task_struct *t;
	__poll_t mask = 0;

	poll_wait(file, &pid->wait_pidfd, pt);
	read_lock(&tasklist_lock);
	t = pid_task(pid, PIDTYPE_PID);
	if (!t || (t->exit_state && t->signal->nr_threads == 1))
		mask = EPOLLIN | EPOLLRDNORM;
	read_unlock(&tasklist_lock);
	return mask;
}

static void pidfd_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct pid_namespace *ns = proc_seq_pid_ns(m);
	struct pid *pid = file->private_data;
	unsigned int i;
	int nr = -1;

	read_lock(&tasklist_lock);
	if (pid_task(pid, PIDTYPE_PID))
		nr = pid_nr_ns(pid, ns);
	read_unlock(&tasklist_lock);
	seq_printf(m, "Pid:\t%d\nNSpid:\t%d", nr, nr);
	for (i = ns->level + 1; nr > 0 && i <= pid->level; i++)
		seq_printf(m, "\t%d", pid->numbers[i].nr);
	seq_putc(m, '\n');
}

static const struct file_operations pidfd_fops = {
	.release = pidfd_release,
	.poll = pidfd_poll,
	.show_fdinfo = pidfd_show_fdinfo,
};

struct pid *pidfd_pid(const struct file *file)
{
	return file->f_op == &pidfd_fops ? file->private_data : ERR_PTR(-EBADF);
}

static struct pid *get_pid_of_fd(unsigned int fd, unsigned int *flags, struct pid *(*pid_of)(const struct file *))
{
	struct fd f = fdget(fd);
	struct pid *pid;

	if (!f.file)
		return ERR_PTR(-EBADF);
	pid = pid_of(f.file);
	if (!IS_ERR(pid)) {
		get_pid(pid);
		if (flags)
			*flags = f.file->f_flags;
	}
	fdput(f);
	return pid;
}

struct pid *pidfd_get_pid(unsigned int fd, unsigned int *flags)
{
	return get_pid_of_fd(fd, flags, pidfd_pid);
}

/* Before there was pidfd_open(2), an open /proc/<pid> was what signals were sent through; it still is. */
static struct pid *pidfd_or_proc_pid(const struct file *file)
{
	struct pid *pid = pidfd_pid(file);

	return IS_ERR(pid) ? proc_tgid_pid(file) : pid;
}

struct pid *pidfd_get_signalled(unsigned int fd)
{
	return get_pid_of_fd(fd, NULL, pidfd_or_proc_pid);
}

struct task_struct *pidfd_get_task(unsigned int fd)
{
	struct pid *pid = pidfd_get_pid(fd, NULL);
	struct task_struct *t;

	if (IS_ERR(pid))
		return ERR_CAST(pid);
	t = get_pid_task(pid, PIDTYPE_TGID);
	put_pid(pid);
	return t ?: ERR_PTR(-ESRCH);
}

/* The group is dead: pollers look again. tasklist_lock held for write. */
void pidfd_notify_exit(struct task_struct *t)
{
	struct pid *pid = t->group_leader->thread_pid;

	if (pid && wq_has_sleeper(&pid->wait_pidfd))
		wake_up_all(&pid->wait_pidfd);
}

int pidfd_prepare(struct pid *pid, unsigned int flags, struct file **file)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *f;

	if (fd < 0)
		return fd;
	f = anon_inode_getfile("[pidfd]", &pidfd_fops, get_pid(pid), flags);
	if (IS_ERR(f)) {
		put_pid(pid);
		put_unused_fd(fd);
		return PTR_ERR(f);
	}
	*file = f;
	return fd;
}

int pidfd_create(struct pid *pid, unsigned int flags)
{
	struct file *file;
	int fd = pidfd_prepare(pid, O_RDWR | flags, &file);

	if (fd >= 0)
		fd_install(fd, file);
	return fd;
}

long sys_pidfd_open(pid_t nr, unsigned int flags)
{
	struct task_struct *t;
	struct pid *pid;
	int fd;

	if ((flags & ~PIDFD_NONBLOCK) || nr <= 0)
		return -EINVAL;
	pid = find_get_pid(nr);
	if (!pid)
		return -ESRCH;
	t = get_pid_task(pid, PIDTYPE_TGID);	/* a thread that leads no group: refused */
	if (!t) {
		put_pid(pid);
		return -EINVAL;
	}
	put_task_struct(t);
	fd = pidfd_create(pid, flags);
	put_pid(pid);
	return fd;
}

long sys_pidfd_getfd(int pidfd, int fd, unsigned int flags)
{
	struct task_struct *t;
	struct file *file = NULL;
	struct pid *pid;
	int ret = -ESRCH;

	if (flags)
		return -EINVAL;
	pid = pidfd_get_pid(pidfd, NULL);
	if (IS_ERR(pid))
		return PTR_ERR(pid);
	t = get_pid_task(pid, PIDTYPE_PID);
	put_pid(pid);
	if (!t)
		return ret;
	ret = -EPERM;
	if (ptrace_may_access(t, PTRACE_MODE_ATTACH_REALCREDS)) {
		file = fget_task(t, fd);
		ret = READ_ONCE(t->flags) & PF_EXITING ? -ESRCH : -EBADF;
	}
	put_task_struct(t);
	if (!file)
		return ret;
	ret = receive_fd(file, O_CLOEXEC);
	fput(file);
	return ret;
}
