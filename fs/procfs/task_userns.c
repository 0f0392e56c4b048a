// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/uid_map, gid_map, projid_map, setgroups: the user namespace that the task was in when the file was
 * opened.  What may be written is kernel/user_map.c's business.
 *
 * Locking: none here; the open file holds the namespace.
 */
#include <fs/procfs/internal.h>

#include <kernel/cred.h>
#include <kernel/user_namespace.h>

static struct user_namespace *task_user_ns(struct inode *inode)
{
	struct task_struct *t = get_proc_task(inode);
	struct user_namespace *ns;
	const struct cred *c;

	if (!t)
		return NULL;
	c = get_task_cred(t);
	ns = get_user_ns(c->user_ns);
	put_cred(c);
	put_task_struct(t);
	return ns;
}

static struct user_namespace *file_user_ns(struct file *file)
{
	return ((struct seq_file *)file->private_data)->private;
}

static int open_shown(struct file *file, int (*show)(struct seq_file *, void *), struct user_namespace *ns)
{
	int err = single_open(file, show, ns);

	if (err)
		put_user_ns(ns);
	return err;
}

static int userns_file_release(struct inode *inode, struct file *file)
{
	put_user_ns(file_user_ns(file));
	return single_release(inode, file);
}

#define ID_MAP_FILE(name, kind)								\
static int name##_show(struct seq_file *m, void *v)					\
{											\
	id_map_show(m, m->private, kind);						\
	return 0;									\
}											\
static int name##_open(struct inode *inode, struct file *file)				\
{											\
	struct user_namespace *ns = task_user_ns(inode);				\
											\
	return ns ? open_shown(file, name##_show, ns) : -EINVAL;			\
}											\
static ssize_t name##_write(struct file *file, const char __user *buf, size_t count, loff_t *pos) \
{											\
	return id_map_write(file, file_user_ns(file), kind, buf, count, pos);		\
}											\
const struct file_operations proc_##name##_fops = {					\
	.open = name##_open,								\
	.read_iter = seq_read_iter,							\
	.write = name##_write,								\
	.llseek = seq_lseek,								\
	.release = userns_file_release,							\
}
ID_MAP_FILE(uid_map, ID_MAP_UID);
ID_MAP_FILE(gid_map, ID_MAP_GID);
ID_MAP_FILE(projid_map, ID_MAP_PROJID);

static int setgroups_show(struct seq_file *m, void *v)
{
	const struct user_namespace *ns = m->private;

	seq_puts(m, READ_ONCE(ns->setgroups_allowed) ? "allow\n" : "deny\n");
	return 0;
}

static int setgroups_open(struct inode *inode, struct file *file)
{
	struct user_namespace *ns = task_user_ns(inode);

	if (!ns)
		return -ESRCH;
	if ((file->f_mode & FMODE_WRITE) && !ns_capable(ns, CAP_SYS_ADMIN)) {
		put_user_ns(ns);
		return -EACCES;
	}
	return open_shown(file, setgroups_show, ns);
}

static ssize_t proc_setgroups_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	return setgroups_write(file_user_ns(file), buf, count, pos);
}

const struct file_operations proc_setgroups_fops = {
	.open = setgroups_open,
	.read_iter = seq_read_iter,
	.write = proc_setgroups_write,
	.llseek = seq_lseek,
	.release = userns_file_release,
};
