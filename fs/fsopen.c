// SPDX-License-Identifier: GPL-2.0-only
/*
 * fsopen(2), fspick(2), fsconfig(2): contexts (fs_context.h) behind descriptors.  read(2) of one gives its messages,
 * one at a time.
 *
 * Locking: fc->lock around every use of a descriptor's context.
 */
#include <fs/fs_context.h>

#include <fs/file.h>
#include <fs/internal.h>
#include <fs/mount.h>
#include <generated/syscalls.h>
#include <kernel/lib/string.h>

#define KEY_MAX		256
#define BLOB_MAX	(1024 * 1024)

/* ---- the descriptor -------------------------------------------------------------------------- */

static ssize_t fscontext_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct fs_context *fc = file->private_data;
	ssize_t n = mutex_lock_interruptible(&fc->lock);
	char *message;

	if (n)
		return n;
	message = fs_log_take(fc, count);
	mutex_unlock(&fc->lock);
	if (IS_ERR(message))
		return PTR_ERR(message);
	n = strlen(message);
	if (copy_to_user(buf, message, n))
		n = -EFAULT;
	kfree(message);
	return n;
}

static int fscontext_release(struct inode *inode, struct file *file)
{
	put_fs_context(file->private_data);
	return 0;
}

static const struct file_operations fscontext_fops = {
	.read		= fscontext_read,
	.release	= fscontext_release,
	.llseek		= no_llseek,
};

struct fs_context *fs_context_of_file(const struct file *file)
{
	return file->f_op == &fscontext_fops ? file->private_data : NULL;
}

/* A descriptor for @fc, which is consumed. */
static int fscontext_get_fd(struct fs_context *fc, bool cloexec)
{
	int fd = fs_log_alloc(fc);

	if (!fd)
		fd = anon_inode_getfd("[fscontext]", &fscontext_fops, fc, O_RDWR | (cloexec ? O_CLOEXEC : 0));
	if (fd < 0)
		put_fs_context(fc);
	return fd;
}

long sys_fsopen(const char __user *name, unsigned int flags)
{
	struct file_system_type *t;
	struct fs_context *fc;
	char *text;

	if (!may_mount())
		return -EPERM;
	if (flags & ~FSOPEN_CLOEXEC)
		return -EINVAL;
	text = name ? copy_user_string(name, PAGE_SIZE) : ERR_PTR(-EFAULT);
	if (IS_ERR(text))
		return PTR_ERR(text);
	t = get_fs_type(text);
	kfree(text);
	if (!t)
		return -ENODEV;
	fc = fs_context_for_mount(t, 0);
	if (IS_ERR(fc))
		return PTR_ERR(fc);
	fc->phase = FS_CREATE_PARAMS;
	return fscontext_get_fd(fc, flags & FSOPEN_CLOEXEC);
}

long sys_fspick(int dfd, const char __user *name, unsigned int flags)
{
	unsigned int lookup = LOOKUP_FOLLOW | LOOKUP_AUTOMOUNT;
	struct fs_context *fc;
	struct path path;
	int err;

	if (!may_mount())
		return -EPERM;
	if (flags & ~(FSPICK_CLOEXEC | FSPICK_SYMLINK_NOFOLLOW | FSPICK_NO_AUTOMOUNT | FSPICK_EMPTY_PATH))
		return -EINVAL;
	if (flags & FSPICK_SYMLINK_NOFOLLOW)
		lookup &= ~LOOKUP_FOLLOW;
	if (flags & FSPICK_NO_AUTOMOUNT)
		lookup &= ~LOOKUP_AUTOMOUNT;
	if (flags & FSPICK_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	err = user_path_at(dfd, name, lookup, &path);
	if (err)
		return err;
	fc = path.dentry == path.mnt->mnt_root ? fs_context_for_reconfigure(path.dentry, 0, 0) : ERR_PTR(-EINVAL);
	path_put(&path);
	if (IS_ERR(fc))
		return PTR_ERR(fc);
	fc->phase = FS_RECONF_PARAMS;
	return fscontext_get_fd(fc, flags & FSPICK_CLOEXEC);
}

/* ---- fsconfig(2): arguments ------------------------------------------------------------------ */

static bool arguments_fit(unsigned int cmd, const char __user *key, const void __user *value, int aux)
{
	switch (cmd) {
	case FSCONFIG_SET_FLAG:
		return key && !value && !aux;
	case FSCONFIG_SET_STRING:
		return key && value && !aux;
	case FSCONFIG_SET_BINARY:
		return key && value && aux > 0 && aux <= BLOB_MAX;
	case FSCONFIG_SET_PATH:
	case FSCONFIG_SET_PATH_EMPTY:
		return key && value && (aux == AT_FDCWD || aux >= 0);
	case FSCONFIG_SET_FD:
		return key && !value && aux >= 0;
	}
	return !key && !value && !aux;		/* the commands */
}

static int copy_blob(struct fs_parameter *param, const void __user *value, unsigned int size)
{
	char *blob = memdup_user_nul(value, size);

	if (IS_ERR(blob))
		return PTR_ERR(blob);
	param->string = blob;
	param->size = size;
	return 0;
}

static int copy_text(struct fs_parameter *param, const char __user *value, size_t max)
{
	char *text = copy_user_string(value, max);

	if (IS_ERR(text))
		return PTR_ERR(text);
	param->string = text;
	param->size = strlen(text);
	return 0;
}

static int copy_filename(struct fs_parameter *param, const char __user *value, bool may_be_empty)
{
	int err = copy_text(param, value, PATH_MAX);

	if (err == -EINVAL)
		return -ENAMETOOLONG;
	return !err && !param->size && !may_be_empty ? -ENOENT : err;
}

/* The value of an option; free_value() afterwards, whatever is returned. */
static int copy_value(struct fs_parameter *param, unsigned int cmd, const void __user *value, int aux)
{
	param->dirfd = aux;
	switch (cmd) {
	case FSCONFIG_SET_FLAG:
		param->type = FS_VALUE_FLAG;
		return 0;
	case FSCONFIG_SET_STRING:
		param->type = FS_VALUE_STRING;
		return copy_text(param, value, KEY_MAX);
	case FSCONFIG_SET_BINARY:
		param->type = FS_VALUE_BLOB;
		return copy_blob(param, value, aux);
	case FSCONFIG_SET_PATH:
	case FSCONFIG_SET_PATH_EMPTY:
		param->type = FS_VALUE_FILENAME;
		return copy_filename(param, value, cmd == FSCONFIG_SET_PATH_EMPTY);
	case FSCONFIG_SET_FD:
		param->type = FS_VALUE_FILE;
		param->file = fget_raw(aux);
		return param->file ? 0 : -EBADF;
	}
	return 0;
}

static void free_value(struct fs_parameter *param)
{
	kfree(param->string);
	if (param->file)
		fput(param->file);
}

/* ---- fsconfig(2): what is asked -------------------------------------------------------------- */

static int create(struct fs_context *fc)
{
	int err;

	if (fc->phase != FS_CREATE_PARAMS)
		return -EBUSY;
	if (!mount_capable(fc))
		return -EPERM;
	fc->phase = FS_CREATING;
	err = vfs_get_tree(fc);
	fc->phase = err ? FS_FAILED : FS_AWAITING_MOUNT;
	return err;
}

static int reconfigure(struct fs_context *fc)
{
	struct super_block *sb = fc->root->d_sb;
	int err = -EPERM;

	if (fc->phase != FS_RECONF_PARAMS)
		return -EBUSY;
	fc->phase = FS_RECONFIGURING;
	if (ns_capable(sb->s_user_ns, CAP_SYS_ADMIN)) {
		down_write(&sb->s_umount);
		err = reconfigure_super(fc);
		up_write(&sb->s_umount);
	}
	if (err)
		fc->phase = FS_FAILED;
	else
		vfs_clean_context(fc);
	return err;
}

static int fsconfig_locked(struct fs_context *fc, unsigned int cmd, struct fs_parameter *param)
{
	int err = finish_clean_context(fc);

	if (err)
		return err;
	if (cmd == FSCONFIG_CMD_CREATE)
		return create(fc);
	if (cmd == FSCONFIG_CMD_RECONFIGURE)
		return fc->root ? reconfigure(fc) : -EBUSY;
	if (fc->phase != FS_CREATE_PARAMS && fc->phase != FS_RECONF_PARAMS)
		return -EBUSY;
	return vfs_parse_fs_param(fc, param);
}

static int fsconfig(struct fs_context *fc, unsigned int cmd, const char __user *ukey, const void __user *value,
		    int aux)
{
	struct fs_parameter param = { 0 };
	char *key = ukey ? copy_user_string(ukey, KEY_MAX) : NULL;
	int err;

	if (IS_ERR(key))
		return PTR_ERR(key);
	param.key = key;
	err = copy_value(&param, cmd, value, aux);
	if (!err)
		err = mutex_lock_interruptible(&fc->lock);
	if (!err) {
		err = fsconfig_locked(fc, cmd, &param);
		mutex_unlock(&fc->lock);
	}
	free_value(&param);
	kfree(key);
	return err;
}

long sys_fsconfig(int fd, unsigned int cmd, const char __user *key, const void __user *value, int aux)
{
	struct fs_context *fc;
	struct fd f;
	int err;

	if (fd < 0)
		return -EINVAL;
	if (cmd > FSCONFIG_CMD_RECONFIGURE)
		return -EOPNOTSUPP;
	if (!arguments_fit(cmd, key, value, aux))
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	fc = fs_context_of_file(f.file);
	err = fc ? fsconfig(fc, cmd, key, value, aux) : -EINVAL;
	fdput(f);
	return err;
}
