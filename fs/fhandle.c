// SPDX-License-Identifier: GPL-2.0-only
/*
 * name_to_handle_at(2), open_by_handle_at(2): a file by what its file system calls it, without a path.
 *
 * A handle is made and understood by encode_fh() and fh_to_dentry() of struct super_operations; a file system
 * without them has no handles.  Locking: none of its own.
 */
#include <fs/internal.h>

#include <fs/file.h>
#include <fs/mount.h>
#include <generated/syscalls.h>

#define MAX_HANDLE_BYTES	128

/* As user space has it; what follows is the file system's. */
struct file_handle {
	u32	handle_bytes;
	s32	handle_type;
};
static_assert(sizeof(struct file_handle) == 8);

struct full_handle {
	struct file_handle head;
	u32		id[MAX_HANDLE_BYTES / sizeof(u32)];
};

/* ---- name_to_handle_at(2) -------------------------------------------------------------------- */

/* -EOVERFLOW: @h->head.handle_bytes is what it takes, and there is no id. */
static int encode(struct dentry *dentry, struct full_handle *h)
{
	u32 room = h->head.handle_bytes;
	unsigned int words = room / sizeof(u32);
	int type = dentry->d_sb->s_op->encode_fh(d_inode(dentry), h->id, &words);

	h->head.handle_bytes = words * sizeof(u32);
	h->head.handle_type = type;
	return type == FILEID_INVALID ? -EOVERFLOW : 0;
}

static int name_to_handle(const struct path *path, struct file_handle __user *uhandle, int __user *mnt_id)
{
	struct full_handle h = { 0 };
	size_t size = sizeof(h.head);
	int err;

	if (!path->dentry->d_sb->s_op->encode_fh)
		return -EOPNOTSUPP;
	if (copy_from_user(&h.head, uhandle, sizeof(h.head)))
		return -EFAULT;
	if (h.head.handle_bytes > MAX_HANDLE_BYTES)
		return -EINVAL;
	err = encode(path->dentry, &h);
	if (!err)
		size += h.head.handle_bytes;
	if (put_user(real_mount(path->mnt)->mnt_id, mnt_id) || copy_to_user(uhandle, &h, size))
		return -EFAULT;
	return err;
}

long sys_name_to_handle_at(int dfd, const char __user *name, void __user *handle, int __user *mnt_id, int flags)
{
	unsigned int lookup = ((flags & AT_SYMLINK_FOLLOW) ? LOOKUP_FOLLOW : 0) |
			      ((flags & AT_EMPTY_PATH) ? LOOKUP_EMPTY : 0);
	struct path path;
	int err;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	err = user_path_at(dfd, name, lookup, &path);
	if (err)
		return err;
	err = name_to_handle(&path, handle, mnt_id);
	path_put(&path);
	return err;
}

/* ---- open_by_handle_at(2) -------------------------------------------------------------------- */

static struct vfsmount *mount_of_fd(int fd)
{
	struct vfsmount *mnt;
	struct path pwd;
	struct fd f;

	if (fd == AT_FDCWD) {
		get_fs_pwd(current->fs, &pwd);
		mnt = mntget(pwd.mnt);
		path_put(&pwd);
		return mnt;
	}
	f = fdget(fd);
	if (!f.file)
		return ERR_PTR(-EBADF);
	mnt = mntget(f.file->f_path.mnt);
	fdput(f);
	return mnt;
}

static struct file *open_handle(struct vfsmount *mnt, const struct full_handle *h, int flags)
{
	const struct super_operations *op = mnt->mnt_sb->s_op;
	struct path path = { .mnt = mnt };
	unsigned int words = h->head.handle_bytes / sizeof(u32);
	struct file *file;

	path.dentry = op->fh_to_dentry ? op->fh_to_dentry(mnt->mnt_sb, h->id, words) : NULL;
	if (!path.dentry)
		return ERR_PTR(-ESTALE);
	file = file_open_path(&path, flags);
	dput(path.dentry);
	return file;
}

static int install_handle(int mount_fd, const struct full_handle *h, int flags)
{
	struct vfsmount *mnt = mount_of_fd(mount_fd);
	struct file *file;
	int fd;

	if (IS_ERR(mnt))
		return PTR_ERR(mnt);
	fd = get_unused_fd_flags(flags);
	if (fd >= 0) {
		file = open_handle(mnt, h, flags);
		if (IS_ERR(file)) {
			put_unused_fd(fd);
			fd = PTR_ERR(file);
		} else {
			fd_install(fd, file);
		}
	}
	mntput(mnt);
	return fd;
}

long sys_open_by_handle_at(int mount_fd, void __user *uhandle, int flags)
{
	struct full_handle h;
	u32 bytes;

	/* The path to the file may be one that current could not walk. */
	if (!capable(CAP_DAC_READ_SEARCH))
		return -EPERM;
	if (copy_from_user(&h.head, uhandle, sizeof(h.head)))
		return -EFAULT;
	bytes = h.head.handle_bytes;
	if (!bytes || bytes > MAX_HANDLE_BYTES)
		return -EINVAL;
	if (copy_from_user(h.id, (char __user *)uhandle + sizeof(h.head), bytes))
		return -EFAULT;
	return install_handle(mount_fd, &h, flags);
}
