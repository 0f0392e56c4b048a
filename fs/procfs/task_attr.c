// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/attr: what security modules say about a task.
 *
 * There are none.  Debian's Linux has AppArmor, and what is here is what that says where no profile is loaded:
 * everybody is "unconfined", and nothing else has a value.  No profile can be named in a write.
 */
#include <fs/procfs/internal.h>

#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <mm/mm.h>

static int attr_open(struct inode *inode, struct file *file)
{
	return proc_mm_may_access(inode, PTRACE_MODE_READ_FSCREDS);
}

static ssize_t attr_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	static const char text[] = "unconfined\n";
	struct inode *inode = file_inode(file);
	struct task_struct *t = get_proc_task(inode);

	if (!t)
		return -ESRCH;
	put_task_struct(t);
	if (strcmp(PROC_I(inode)->entry->name, "current"))
		return -EINVAL;
	return simple_read_from_buffer(buf, count, pos, text, sizeof(text) - 1);
}

/* Only the thread itself may, and what it may write does not exist. */
static ssize_t attr_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct task_struct *t = get_proc_task(file_inode(file));
	ssize_t ret = -EINVAL;

	if (!t)
		return -ESRCH;
	if (t->tgid != current->tgid)
		ret = -EPERM;
	else if (t != current)
		ret = -EACCES;
	put_task_struct(t);
	return ret;
}

static const struct file_operations attr_file_fops = {
	.open = attr_open, .read = attr_read, .write = attr_write, .llseek = generic_file_llseek,
};

static const struct inode_operations apparmor_iops;
static const struct file_operations apparmor_fops;

static const struct pid_entry attr_entries[] = {
	PID_FILE("current", 0666, &attr_file_fops),
	PID_FILE("prev", 0444, &attr_file_fops),
	PID_FILE("exec", 0666, &attr_file_fops),
	PID_FILE("fscreate", 0666, &attr_file_fops),
	PID_FILE("keycreate", 0666, &attr_file_fops),
	PID_FILE("sockcreate", 0666, &attr_file_fops),
	PID_DIR("apparmor", 0555, &apparmor_iops, &apparmor_fops),
};
#define NR_APPARMOR 3	/* the first ones */

static struct dentry *attr_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return proc_pid_lookup_in(dir, dentry, attr_entries, ARRAY_SIZE(attr_entries));
}

static int attr_readdir(struct file *file, struct dir_context *ctx)
{
	return proc_pid_readdir_in(file, ctx, attr_entries, ARRAY_SIZE(attr_entries));
}

static struct dentry *apparmor_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return proc_pid_lookup_in(dir, dentry, attr_entries, NR_APPARMOR);
}

static int apparmor_readdir(struct file *file, struct dir_context *ctx)
{
	return proc_pid_readdir_in(file, ctx, attr_entries, NR_APPARMOR);
}

const struct inode_operations proc_attr_iops = {
	.lookup = attr_lookup, .getattr = proc_pid_getattr, .setattr = proc_pid_setattr,
};
const struct file_operations proc_attr_fops = { .iterate = attr_readdir, .llseek = generic_file_llseek };
static const struct inode_operations apparmor_iops = {
	.lookup = apparmor_lookup, .getattr = proc_pid_getattr, .setattr = proc_pid_setattr,
};
static const struct file_operations apparmor_fops = { .iterate = apparmor_readdir, .llseek = generic_file_llseek };
