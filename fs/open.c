// SPDX-License-Identifier: GPL-2.0-only
/*
 * open(2) and its relatives, and the calls that change what a path or descriptor is: chdir, chroot, chmod,
 * chown, access.  Truncation is in truncate.c, the walk to the last component in namei_open.c.
 */
#include <fs/internal.h>

#include <generated/syscalls.h>
#include <fs/locks.h>
#include <fs/mount.h>
#include <kernel/compat.h>
#include <kernel/lib/string.h>

#define VALID_OPEN_FLAGS	(O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | \
				 O_SYNC | O_DSYNC | FASYNC | O_DIRECT | O_LARGEFILE | O_DIRECTORY | \
				 O_NOFOLLOW | O_NOATIME | O_CLOEXEC | O_PATH | __O_TMPFILE)
#define O_PATH_FLAGS		(O_DIRECTORY | O_NOFOLLOW | O_PATH | O_CLOEXEC)
#define VALID_RESOLVE_FLAGS	(RESOLVE_NO_XDEV | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS | \
				 RESOLVE_BENEATH | RESOLVE_IN_ROOT | RESOLVE_CACHED)

/* ---- flags ----------------------------------------------------------------------------------- */

static int resolve_to_lookup(u64 resolve)
{
	int flags = 0;

	if (resolve & RESOLVE_NO_XDEV)
		flags |= LOOKUP_NO_XDEV;
	if (resolve & RESOLVE_NO_MAGICLINKS)
		flags |= LOOKUP_NO_MAGICLINKS;
	if (resolve & RESOLVE_NO_SYMLINKS)
		flags |= LOOKUP_NO_SYMLINKS | LOOKUP_NO_MAGICLINKS;
	if (resolve & RESOLVE_BENEATH)
		flags |= LOOKUP_BENEATH | LOOKUP_NO_MAGICLINKS;
	if (resolve & RESOLVE_IN_ROOT)
		flags |= LOOKUP_IN_ROOT | LOOKUP_NO_MAGICLINKS;
	return flags;
}

static int check_open_how(const struct open_how *how, u64 *flags)
{
	if ((how->flags & ~(u64)VALID_OPEN_FLAGS) || (how->resolve & ~(u64)VALID_RESOLVE_FLAGS))
		return -EINVAL;
	if ((how->resolve & RESOLVE_BENEATH) && (how->resolve & RESOLVE_IN_ROOT))
		return -EINVAL;
	if (how->flags & (O_CREAT | __O_TMPFILE)) {
		if (how->mode & ~(u64)S_IALLUGO)
			return -EINVAL;
	} else if (how->mode) {
		return -EINVAL;
	}
	if ((*flags & (O_DIRECTORY | O_CREAT)) == (O_DIRECTORY | O_CREAT))
		return -EINVAL;
	if ((*flags & __O_TMPFILE) && (!(*flags & O_DIRECTORY) || (*flags & O_ACCMODE) == O_RDONLY))
		return -EINVAL;
	if ((*flags & O_PATH) && (*flags & ~(u64)O_PATH_FLAGS))
		return -EINVAL;
	/* RESOLVE_CACHED promises not to do what these do. */
	if ((how->resolve & RESOLVE_CACHED) && (*flags & (O_TRUNC | O_CREAT | __O_TMPFILE)))
		return -EAGAIN;
	return 0;
}

int build_open_flags(const struct open_how *how, struct open_flags *op)
{
	u64 flags = how->flags;
	bool follow = !(flags & O_NOFOLLOW);
	int err, acc = flags & O_ACCMODE;

	flags &= ~(u64)O_CLOEXEC;
	err = check_open_how(how, &flags);
	if (err)
		return err;
	op->mode = (flags & (O_CREAT | __O_TMPFILE)) ? (how->mode & S_IALLUGO) | S_IFREG : 0;
	/* O_SYNC is O_DSYNC and a bit more. */
	if (flags & __O_SYNC)
		flags |= O_DSYNC;
	op->acc_mode = "\004\002\006\006"[acc];	/* MAY_READ, MAY_WRITE, both, both */
	op->lookup_flags = resolve_to_lookup(how->resolve);
	if (flags & O_PATH) {
		flags &= O_PATH_FLAGS;
		op->acc_mode = 0;
	}
	if (flags & O_TRUNC)
		op->acc_mode |= MAY_WRITE;
	if (flags & O_APPEND)
		op->acc_mode |= MAY_APPEND;
	op->intent = (flags & O_PATH) ? 0 : LOOKUP_OPEN;
	if (flags & O_CREAT) {
		op->intent |= LOOKUP_CREATE;
		if (flags & O_EXCL) {
			op->intent |= LOOKUP_EXCL;
			op->lookup_flags |= LOOKUP_PARENT;	/* the walk is not to begin with the last name */
			follow = false;
		}
	}
	if (flags & O_DIRECTORY)
		op->lookup_flags |= LOOKUP_DIRECTORY;
	if (follow)
		op->lookup_flags |= LOOKUP_FOLLOW;
	op->open_flag = flags;
	return 0;
}

/* The old calls ignore what they do not know. */
static struct open_how build_open_how(int flags, umode_t mode)
{
	struct open_how how = {
		.flags = flags & VALID_OPEN_FLAGS,
		.mode = mode & S_IALLUGO,
	};

	if (how.flags & O_PATH)
		how.flags &= O_PATH_FLAGS;
	if (!(how.flags & (O_CREAT | __O_TMPFILE)))
		how.mode = 0;
	return how;
}

/* ---- opening --------------------------------------------------------------------------------- */

static int take_write_access(struct file *f, struct inode *inode)
{
	umode_t mode = inode->i_mode;
	int err;

	if (!(f->f_mode & FMODE_WRITE) || S_ISCHR(mode) || S_ISBLK(mode) || S_ISFIFO(mode) || S_ISSOCK(mode))
		return 0;
	err = get_write_access(inode);
	if (err)
		return err;
	err = mnt_want_write(f->f_path.mnt);
	if (err) {
		put_write_access(inode);
		return err;
	}
	f->f_mode |= FMODE_WRITER;
	return 0;
}

/* f->f_path is set, its references are the file's from now on, whatever happens. */
int do_dentry_open(struct file *f, struct inode *inode, const struct cred *cred)
{
	int err;

	f->f_inode = inode;
	f->f_mapping = inode->i_mapping;
	if (unlikely(f->f_flags & O_PATH)) {
		f->f_mode = FMODE_PATH | FMODE_OPENED;
		return 0;
	}
	err = take_write_access(f, inode);
	if (err)
		goto fail;
	if (S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode))
		f->f_mode |= FMODE_ATOMIC_POS;
	f->f_op = inode->i_fop;
	f->f_mode |= FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE;
	err = S_ISSOCK(inode->i_mode) ? -ENXIO : break_lease(inode, f->f_flags);
	if (!err && f->f_op->open)
		err = f->f_op->open(inode, f);
	if (!err && (f->f_flags & O_DIRECT) && !file_can_direct(f)) {
		if (f->f_op->release)
			f->f_op->release(inode, f);
		err = -EINVAL;
	}
	if (err)
		goto fail;
	f->f_mode |= FMODE_OPENED;
	if (!f->f_op->llseek)
		f->f_mode &= ~FMODE_LSEEK;
	f->f_flags &= ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);
	return 0;

fail:
	if (f->f_mode & FMODE_WRITER) {
		put_write_access(inode);
		mnt_drop_write(f->f_path.mnt);
	}
	path_put(&f->f_path);
	f->f_path.mnt = NULL;
	f->f_path.dentry = NULL;
	f->f_inode = NULL;
	return err;
}

int vfs_open(const struct path *path, struct file *f)
{
	int err;

	f->f_path = *path;
	path_get(path);
	err = do_dentry_open(f, d_inode(path->dentry), f->f_cred);
	if (!err)
		fsnotify_file(f, IN_OPEN);
	return err;
}

struct file *dentry_open(const struct path *path, int flags, const struct cred *cred)
{
	struct file *f = alloc_empty_file(flags, cred);
	int err;

	if (IS_ERR(f))
		return f;
	err = vfs_open(path, f);
	if (!err)
		return f;
	__fput_sync(f);
	return ERR_PTR(err);
}

struct file *filp_open(const char *name, int flags, umode_t mode)
{
	struct open_how how = build_open_how(flags, mode);
	struct open_flags op;
	int err = build_open_flags(&how, &op);

	return err ? ERR_PTR(err) : do_filp_open(AT_FDCWD, name, &op);
}

static long open_to_fd(int dfd, const char *name, const struct open_flags *op, unsigned int flags)
{
	struct file *f;
	int fd = get_unused_fd_flags(flags);

	if (fd < 0)
		return fd;
	f = do_filp_open(dfd, name, op);
	if (IS_ERR(f)) {
		put_unused_fd(fd);
		return PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
}

static long do_sys_openat2(int dfd, const char __user *name, const struct open_how *how)
{
	struct open_flags op;
	struct pathname p;
	long result;
	int err = build_open_flags(how, &op);

	if (err)
		return err;
	err = pathname_get(&p, name, op.lookup_flags);
	if (err)
		return err;
	result = open_to_fd(dfd, p.name, &op, how->flags);
	pathname_put(&p);
	return result;
}

/* 64-bit programs need not say that large files are all right. */
static int force_largefile(int flags)
{
	return user_word_size() > 4 ? flags | O_LARGEFILE : flags;
}

struct file *file_open_path(const struct path *path, int flags)
{
	struct open_how how = build_open_how(force_largefile(flags), 0);
	struct open_flags op;
	int err = build_open_flags(&how, &op);

	return err ? ERR_PTR(err) : do_file_open_root(path, "", &op);
}

long sys_openat(int dfd, const char __user *name, int flags, umode_t mode)
{
	struct open_how how = build_open_how(force_largefile(flags), mode);

	return do_sys_openat2(dfd, name, &how);
}

long sys_open(const char __user *name, int flags, umode_t mode)
{
	return sys_openat(AT_FDCWD, name, flags, mode);
}

long sys_creat(const char __user *name, umode_t mode)
{
	return sys_openat(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

/* Structures that grow: what we do not know must be zero. */
static int copy_open_how(struct open_how *how, const struct open_how __user *uhow, size_t size)
{
	size_t i;
	char c;

	if (size < sizeof(*how))	/* OPEN_HOW_SIZE_VER0: there was no smaller one */
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	if (copy_from_user(how, uhow, sizeof(*how)))
		return -EFAULT;
	for (i = sizeof(*how); i < size; i++) {
		if (get_user(c, (const char __user *)uhow + i))
			return -EFAULT;
		if (c)
			return -E2BIG;
	}
	return 0;
}

long sys_openat2(int dfd, const char __user *name, struct open_how __user *uhow, size_t size)
{
	struct open_how how;
	int err = copy_open_how(&how, uhow, size);

	if (err)
		return err;
	if (!(how.flags & O_PATH))
		how.flags |= force_largefile(0);
	return do_sys_openat2(dfd, name, &how);
}

int nonseekable_open(struct inode *inode, struct file *f)
{
	f->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE);
	return 0;
}

int stream_open(struct inode *inode, struct file *f)
{
	f->f_mode &= ~(FMODE_LSEEK | FMODE_PREAD | FMODE_PWRITE | FMODE_ATOMIC_POS);
	f->f_mode |= FMODE_STREAM;
	return 0;
}

/* ---- access ---------------------------------------------------------------------------------- */

/* The real ids ask, with the capabilities the real user would have. */
static const struct cred *access_creds(struct cred **made)
{
	struct cred *c = prepare_creds();

	if (!c)
		return NULL;
	c->fsuid = c->uid;
	c->fsgid = c->gid;
	if (!(c->securebits & (1 << SECURE_NO_SETUID_FIXUP)))
		c->cap_effective = c->uid == make_kuid(c->user_ns, 0) ? c->cap_permitted : CAP_EMPTY_SET;
	*made = c;
	return override_creds(c);
}

static int access_check(const struct path *path, int mode)
{
	struct inode *inode = d_inode(path->dentry);
	int err;

	if ((mode & MAY_EXEC) && S_ISREG(inode->i_mode) && (path->mnt->mnt_flags & MNT_NOEXEC))
		return -EACCES;
	err = inode_permission(inode, mode | MAY_ACCESS);
	if (err || !(mode & MAY_WRITE) || S_ISCHR(inode->i_mode) || S_ISBLK(inode->i_mode) ||
	    S_ISFIFO(inode->i_mode) || S_ISSOCK(inode->i_mode))
		return err;
	return (path->mnt->mnt_flags & MNT_READONLY) ? -EROFS : 0;
}

static bool access_creds_differ(void)
{
	const struct cred *c = current_cred();

	if (c->fsuid != c->uid || c->fsgid != c->gid)
		return true;
	if (c->uid == make_kuid(c->user_ns, 0))
		return c->cap_effective.val != c->cap_permitted.val;
	return c->cap_effective.val;
}

static long do_faccessat(int dfd, const char __user *name, int mode, int flags)
{
	const struct cred *old = NULL;
	struct cred *made = NULL;
	struct path path;
	unsigned int lookup = (flags & AT_SYMLINK_NOFOLLOW) ? 0 : LOOKUP_FOLLOW;
	long err;

	if ((mode & ~7) || (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	if (!(flags & AT_EACCESS) && access_creds_differ()) {
		old = access_creds(&made);
		if (!old)
			return -ENOMEM;
	}
	err = user_path_at(dfd, name, lookup, &path);
	if (!err) {
		err = access_check(&path, mode);
		path_put(&path);
	}
	if (old) {
		revert_creds(old);
		put_cred(made);
	}
	return err;
}

long sys_faccessat2(int dfd, const char __user *name, int mode, int flags)
{
	return do_faccessat(dfd, name, mode, flags);
}

long sys_faccessat(int dfd, const char __user *name, int mode)
{
	return do_faccessat(dfd, name, mode, 0);
}

long sys_access(const char __user *name, int mode)
{
	return do_faccessat(AT_FDCWD, name, mode, 0);
}

/* ---- where we are ---------------------------------------------------------------------------- */

long sys_chdir(const char __user *name)
{
	struct path path;
	int err = user_path_at(AT_FDCWD, name, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

	if (err)
		return err;
	err = path_permission(&path, MAY_EXEC | MAY_CHDIR);
	if (!err)
		set_fs_pwd(current->fs, &path);
	path_put(&path);
	return err;
}

long sys_fchdir(unsigned int fd)
{
	struct fd f = fdget_raw(fd);
	int err = -EBADF;

	if (!f.file)
		return err;
	err = -ENOTDIR;
	if (S_ISDIR(file_inode(f.file)->i_mode))
		err = path_permission(&f.file->f_path, MAY_EXEC | MAY_CHDIR);
	if (!err)
		set_fs_pwd(current->fs, &f.file->f_path);
	fdput(f);
	return err;
}

long sys_chroot(const char __user *name)
{
	struct path path;
	int err = user_path_at(AT_FDCWD, name, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &path);

	if (err)
		return err;
	err = path_permission(&path, MAY_EXEC | MAY_CHDIR);
	if (!err && !ns_capable(current_user_ns(), CAP_SYS_CHROOT))
		err = -EPERM;
	if (!err)
		set_fs_root(current->fs, &path);
	path_put(&path);
	return err;
}

/* ---- mode and owner -------------------------------------------------------------------------- */

static int change_attr(const struct path *path, struct iattr *attr)
{
	struct inode *inode = d_inode(path->dentry);
	int err = mnt_want_write(path->mnt);

	if (err)
		return err;
	inode_lock(inode);
	err = notify_change(path->dentry, attr);
	inode_unlock(inode);
	mnt_drop_write(path->mnt);
	return err;
}

static int chmod_path(const struct path *path, umode_t mode)
{
	struct inode *inode = d_inode(path->dentry);
	struct iattr attr = {
		.ia_valid = ATTR_MODE | ATTR_CTIME,
		.ia_mode = (mode & S_IALLUGO) | (inode->i_mode & ~S_IALLUGO),
	};

	if (S_ISLNK(inode->i_mode))
		return -EOPNOTSUPP;
	return change_attr(path, &attr);
}

long sys_fchmodat(int dfd, const char __user *name, umode_t mode)
{
	struct path path;
	int err = user_path_at(dfd, name, LOOKUP_FOLLOW, &path);

	if (err)
		return err;
	err = chmod_path(&path, mode);
	path_put(&path);
	return err;
}

long sys_chmod(const char __user *name, umode_t mode)
{
	return sys_fchmodat(AT_FDCWD, name, mode);
}

long sys_fchmod(unsigned int fd, umode_t mode)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = chmod_path(&f.file->f_path, mode);
	fdput(f);
	return err;
}

static int chown_path(const struct path *path, uid_t user, gid_t group)
{
	struct inode *inode = d_inode(path->dentry);
	struct iattr attr = {
		.ia_valid = ATTR_CTIME, .ia_uid = uid_from_user(user), .ia_gid = gid_from_user(group),
	};

	if (user != (uid_t)-1) {
		if (attr.ia_uid == ID_INVALID)
			return -EINVAL;
		attr.ia_valid |= ATTR_UID;
	}
	if (group != (gid_t)-1) {
		if (attr.ia_gid == ID_INVALID)
			return -EINVAL;
		attr.ia_valid |= ATTR_GID;
	}
	if (!S_ISDIR(inode->i_mode))
		attr.ia_valid |= ATTR_KILL_SUID | ATTR_KILL_SGID | ATTR_KILL_CAPS;
	return change_attr(path, &attr);
}

long sys_fchownat(int dfd, const char __user *name, uid_t user, gid_t group, int flag)
{
	unsigned int lookup = (flag & AT_SYMLINK_NOFOLLOW) ? 0 : LOOKUP_FOLLOW;
	struct path path;
	int err;

	if (flag & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (flag & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	err = user_path_at(dfd, name, lookup, &path);
	if (err)
		return err;
	err = chown_path(&path, user, group);
	path_put(&path);
	return err;
}

long sys_chown(const char __user *name, uid_t user, gid_t group)
{
	return sys_fchownat(AT_FDCWD, name, user, group, 0);
}

long sys_lchown(const char __user *name, uid_t user, gid_t group)
{
	return sys_fchownat(AT_FDCWD, name, user, group, AT_SYMLINK_NOFOLLOW);
}

long sys_fchown(unsigned int fd, uid_t user, gid_t group)
{
	struct fd f = fdget(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = chown_path(&f.file->f_path, user, group);
	fdput(f);
	return err;
}
