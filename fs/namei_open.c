// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last component of open(2): find or create it, check, open; O_TMPFILE and O_PATH.
 *
 * Interface: do_filp_open(), do_file_open_root() of <fs/internal.h>.  A file is created under its directory's
 * write lock; O_CREAT of something the dcache knows takes no lock.
 */
#include <fs/namei.h>

#include <fs/mount.h>

/* ---- may it be opened this way? -------------------------------------------------------------- */

static int may_open(const struct path *path, int acc_mode, int flag)
{
	struct inode *inode = d_inode(path->dentry);
	int err;

	switch (inode->i_mode & S_IFMT) {
	case S_IFLNK:
		return -ELOOP;
	case S_IFDIR:
		if (acc_mode & MAY_WRITE)
			return -EISDIR;
		if (acc_mode & MAY_EXEC)
			return -EACCES;
		break;
	case S_IFBLK:
	case S_IFCHR:
		if ((path->mnt->mnt_flags & MNT_NODEV) || path->mnt->mnt_sb->s_nodev)
			return -EACCES;
		fallthrough;
	case S_IFIFO:
	case S_IFSOCK:
		if (acc_mode & MAY_EXEC)
			return -EACCES;
		break;
	case S_IFREG:
		if ((acc_mode & MAY_EXEC) && (path->mnt->mnt_flags & MNT_NOEXEC))
			return -EACCES;
		break;
	}
	err = inode_permission(inode, MAY_OPEN | acc_mode);
	if (err)
		return err;
	if (inode->i_flags & S_APPEND_INODE) {
		if (((flag & O_ACCMODE) != O_RDONLY && !(flag & O_APPEND)) || (flag & O_TRUNC))
			return -EPERM;
	}
	if ((flag & O_NOATIME) && !inode_owner_or_capable(inode))
		return -EPERM;
	return 0;
}

static int truncate_opened(struct file *f)
{
	struct inode *inode = file_inode(f);
	int err = get_write_access(inode);

	if (err)
		return err;
	err = do_truncate(f->f_path.dentry, 0, ATTR_MTIME | ATTR_CTIME | ATTR_OPEN, f);
	put_write_access(inode);
	return err;
}

/* ---- the last component ---------------------------------------------------------------------- */

static int create_file(struct nameidata *nd, struct dentry *dentry, const struct open_flags *op)
{
	struct inode *dir = nd->inode;
	umode_t mode = op->mode & ~current_umask();
	int err = may_create(dir, dentry);

	if (err)
		return err;
	if (!dir->i_op->create)
		return -EACCES;
	err = dir->i_op->create(dir, dentry, mode, op->open_flag & O_EXCL);
	if (err)
		return err;
	nd->created = true;
	if (unlikely(atomic_read(&fsnotify_marks)))
		fsnotify_inode(dir, IN_CREATE, (const char *)dentry->d_name.name, 0);
	return 0;
}

/* The negative dentry that was found without the lock, or a fresh look. Directory write-locked. */
static struct dentry *lookup_again(struct nameidata *nd, struct dentry *negative)
{
	if (negative && !d_unhashed(negative) && negative->d_parent == nd->path.dentry &&
	    !(nd->inode->i_flags & S_DEAD))
		return negative;
	dput(negative);
	return lookup_hash(&nd->last, nd->path.dentry, nd->flags);
}

/* Directory write-locked. A negative dentry means: not there and not to be made. Consumes @negative. */
static struct dentry *lookup_or_create(struct nameidata *nd, const struct open_flags *op, int ro,
				       struct dentry *negative)
{
	struct dentry *dentry = lookup_again(nd, negative);
	int err;

	if (IS_ERR(dentry) || d_is_positive(dentry) || !(op->open_flag & O_CREAT))
		return dentry;
	err = ro ?: create_file(nd, dentry, op);
	if (!err)
		return dentry;
	dput(dentry);
	return ERR_PTR(err);
}

static struct dentry *last_locked(struct nameidata *nd, const struct open_flags *op, struct dentry *negative)
{
	struct inode *dir = nd->inode;
	struct dentry *dentry;
	int ro = 0;

	if (op->open_flag & O_CREAT)
		ro = mnt_want_write(nd->path.mnt);
	inode_lock(dir);
	dentry = lookup_or_create(nd, op, ro, negative);
	inode_unlock(dir);
	if ((op->open_flag & O_CREAT) && !ro)
		mnt_drop_write(nd->path.mnt);
	return dentry;
}

static const char *open_last(struct nameidata *nd, const struct open_flags *op)
{
	struct dentry *dentry;

	nd->flags |= op->intent;
	if (nd->last_type != LAST_NORM) {
		if (nd->depth)
			put_link(nd);
		return handle_dots(nd);
	}
	if (last_has_slash(nd)) {
		if (op->open_flag & O_CREAT)
			return ERR_PTR(-EISDIR);
		nd->flags |= LOOKUP_FOLLOW | LOOKUP_DIRECTORY;
	}
	dentry = lookup_fast(nd);
	if (IS_ERR(dentry))
		return ERR_CAST(dentry);
	if (!dentry || ((op->open_flag & O_CREAT) && d_is_negative(dentry)))
		dentry = last_locked(nd, op, dentry);
	if (IS_ERR(dentry))
		return ERR_CAST(dentry);
	if (nd->depth)
		put_link(nd);
	return step_into(nd, WALK_TRAILING, dentry);
}

static int check_existing(const struct nameidata *nd, const struct open_flags *op)
{
	bool dir = S_ISDIR(nd->inode->i_mode);

	if ((op->open_flag & O_CREAT) && !nd->created) {
		if (op->open_flag & O_EXCL)
			return -EEXIST;
		if (dir)
			return -EISDIR;
	}
	return (nd->flags & LOOKUP_DIRECTORY) && !dir ? -ENOTDIR : 0;
}

static int open_found(struct nameidata *nd, struct file *f, const struct open_flags *op)
{
	int flag = op->open_flag, acc_mode = op->acc_mode;
	bool truncate = false;
	int err = check_existing(nd, op);

	if (err)
		return err;
	if (nd->created) {
		flag &= ~O_TRUNC;
		acc_mode = 0;
	} else if ((flag & O_TRUNC) && S_ISREG(nd->inode->i_mode)) {
		err = mnt_want_write(nd->path.mnt);
		if (err)
			return err;
		truncate = true;
	}
	err = may_open(&nd->path, acc_mode, flag);
	if (!err)
		err = vfs_open(&nd->path, f);
	if (!err && truncate)
		err = truncate_opened(f);
	if (truncate)
		mnt_drop_write(nd->path.mnt);
	return err;
}

/* ---- the special kinds ----------------------------------------------------------------------- */

static const char *open_lookup_last(struct nameidata *nd)
{
	if (nd->last_type == LAST_NORM && last_has_slash(nd))
		nd->flags |= LOOKUP_FOLLOW | LOOKUP_DIRECTORY;
	return walk_component(nd, WALK_TRAILING);
}

static int walk_all(struct nameidata *nd, const char *name)
{
	const char *s = path_init(nd, name);
	int err;

	do
		err = link_path_walk(s, nd);
	while (!err && (s = open_lookup_last(nd)));
	if (!err && (nd->flags & LOOKUP_DIRECTORY) && !S_ISDIR(nd->inode->i_mode))
		err = -ENOTDIR;
	return err;
}

static int open_path_only(struct nameidata *nd, const char *name, struct file *f)
{
	int err = walk_all(nd, name);

	return err ?: vfs_open(&nd->path, f);
}

static int make_tmpfile(struct nameidata *nd, const struct open_flags *op, struct dentry **result)
{
	struct inode *dir = nd->inode;
	struct dentry *child;
	int err = inode_permission(dir, MAY_WRITE | MAY_EXEC);

	if (err)
		return err;
	if (!dir->i_op->tmpfile)
		return -EOPNOTSUPP;
	child = d_alloc(nd->path.dentry, &QSTR("#tmpfile"));
	if (!child)
		return -ENOMEM;
	err = dir->i_op->tmpfile(dir, child, op->mode & ~current_umask());
	if (err) {
		dput(child);
		return err;
	}
	if (!(op->open_flag & O_EXCL)) {
		spin_lock(&d_inode(child)->i_lock);
		d_inode(child)->i_state |= I_LINKABLE;
		spin_unlock(&d_inode(child)->i_lock);
	}
	*result = child;
	return 0;
}

static int open_tmpfile(struct nameidata *nd, const char *name, struct file *f, const struct open_flags *op)
{
	struct path path;
	int err;

	nd->flags |= LOOKUP_DIRECTORY;
	err = walk_all(nd, name);
	if (err)
		return err;
	err = mnt_want_write(nd->path.mnt);
	if (err)
		return err;
	path.mnt = nd->path.mnt;
	err = make_tmpfile(nd, op, &path.dentry);
	if (!err) {
		err = vfs_open(&path, f);
		dput(path.dentry);
	}
	mnt_drop_write(nd->path.mnt);
	return err;
}

static int open_by_name(struct nameidata *nd, const char *name, struct file *f, const struct open_flags *op)
{
	const char *s;
	int err;

	if (unlikely((op->open_flag & __O_TMPFILE)))
		return open_tmpfile(nd, name, f, op);
	if (unlikely(op->open_flag & O_PATH))
		return open_path_only(nd, name, f);
	s = path_init(nd, name);
	do
		err = link_path_walk(s, nd);
	while (!err && (s = open_last(nd, op)));
	return err ?: open_found(nd, f, op);
}

static struct file *open_with_root(int dfd, const char *name, const struct open_flags *op,
				   const struct path *root)
{
	struct file *f = alloc_empty_file(op->open_flag, current_cred());
	struct nameidata nd;
	int err;

	if (IS_ERR(f))
		return f;
	nd_begin(&nd, dfd, op->lookup_flags, root);
	err = open_by_name(&nd, name, f, op);
	nd_end(&nd);
	if (!err)
		return f;
	__fput_sync(f);
	return ERR_PTR(err);
}

struct file *do_filp_open(int dfd, const char *name, const struct open_flags *op)
{
	return open_with_root(dfd, name, op, NULL);
}

struct file *do_file_open_root(const struct path *root, const char *name, const struct open_flags *op)
{
	return open_with_root(-1, name, op, root);
}
