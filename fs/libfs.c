// SPDX-License-Identifier: GPL-2.0-only
/*
 * What simple file systems share: directories that live in the dcache, attributes, buffers.
 *
 * Interface: <fs/vfs.h>.  In such a directory the dentries are the truth: each that exists is pinned by a
 * reference of its own.  They are listed with the parent's d_lock held; a cursor dentry marks how far an open
 * directory has been read.
 */
#include <fs/internal.h>

#include <kernel/lib/string.h>

int simple_statfs(struct dentry *dentry, struct kstatfs *buf)
{
	buf->f_type = dentry->d_sb->s_magic;
	buf->f_bsize = PAGE_SIZE;
	buf->f_namelen = NAME_MAX;
	return 0;
}

/* What is not cached does not exist. */
struct dentry *simple_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	if (dentry->d_name.len > NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	d_add(dentry, NULL);
	return NULL;
}

/* ---- directories ----------------------------------------------------------------------------- */

static bool is_listed(const struct dentry *dentry)
{
	return d_is_positive(dentry) && !d_unhashed(dentry);
}

bool simple_empty(struct dentry *dentry)
{
	struct dentry *child;
	bool empty = true;

	spin_lock(&dentry->d_lock);
	list_for_each_entry(child, &dentry->d_subdirs, d_child) {
		if (is_listed(child)) {
			empty = false;
			break;
		}
	}
	spin_unlock(&dentry->d_lock);
	return empty;
}

static void stamp(struct inode *inode, struct timespec64 now, bool contents)
{
	spin_lock(&inode->i_lock);
	if (contents)
		inode->i_mtime = now;
	inode->i_ctime = now;
	spin_unlock(&inode->i_lock);
}

/* @dir has changed, and @other got a link more or less. */
static void touch_dirs(struct inode *dir, struct inode *other)
{
	struct timespec64 now = current_time(dir);

	stamp(dir, now, true);
	if (other)
		stamp(other, now, false);
}

int simple_link(struct dentry *old, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(old);

	touch_dirs(dir, inode);
	inc_nlink(inode);
	ihold(inode);
	dget(dentry);
	d_instantiate(dentry, inode);
	return 0;
}

int simple_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);

	touch_dirs(dir, inode);
	drop_nlink(inode);
	dput(dentry);
	return 0;
}

int simple_rmdir(struct inode *dir, struct dentry *dentry)
{
	if (!simple_empty(dentry))
		return -ENOTEMPTY;
	drop_nlink(d_inode(dentry));
	simple_unlink(dir, dentry);
	drop_nlink(dir);
	return 0;
}

static int simple_exchange(struct inode *odir, struct dentry *od, struct inode *ndir, struct dentry *nd)
{
	bool old_is_dir = S_ISDIR(d_inode(od)->i_mode), new_is_dir = S_ISDIR(d_inode(nd)->i_mode);

	if (odir != ndir && old_is_dir != new_is_dir) {
		if (old_is_dir) {
			drop_nlink(odir);
			inc_nlink(ndir);
		} else {
			drop_nlink(ndir);
			inc_nlink(odir);
		}
	}
	touch_dirs(odir, d_inode(od));
	touch_dirs(ndir, d_inode(nd));
	return 0;
}

int simple_rename(struct inode *odir, struct dentry *od, struct inode *ndir, struct dentry *nd, unsigned int flags)
{
	bool is_dir = S_ISDIR(d_inode(od)->i_mode);

	if (flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	if (flags & RENAME_EXCHANGE)
		return simple_exchange(odir, od, ndir, nd);
	if (d_is_positive(nd)) {
		if (is_dir && !simple_empty(nd))
			return -ENOTEMPTY;
		if (is_dir) {
			drop_nlink(d_inode(nd));
			drop_nlink(odir);
		}
		simple_unlink(ndir, nd);
	} else if (is_dir && odir != ndir) {
		drop_nlink(odir);
		inc_nlink(ndir);
	}
	touch_dirs(odir, d_inode(od));
	touch_dirs(ndir, NULL);
	return 0;
}

int dcache_dir_open(struct inode *inode, struct file *f)
{
	f->private_data = d_alloc_cursor(f->f_path.dentry);
	return f->private_data ? 0 : -ENOMEM;
}

int dcache_dir_close(struct inode *inode, struct file *f)
{
	dput(f->private_data);
	return 0;
}

bool dir_emit_dots(struct file *file, struct dir_context *ctx)
{
	struct dentry *dentry = file->f_path.dentry, *parent;
	u64 ino;

	if (ctx->pos == 0) {
		if (!dir_emit(ctx, ".", 1, d_inode(dentry)->i_ino, DT_DIR))
			return false;
		ctx->pos = 1;
	}
	if (ctx->pos == 1) {
		parent = dget_parent(dentry);
		ino = d_inode(parent)->i_ino;
		dput(parent);
		if (!dir_emit(ctx, "..", 2, ino, DT_DIR))
			return false;
		ctx->pos = 2;
	}
	return true;
}

/* The @skip-th listed child after @from (in d_subdirs), with a reference; @dir's d_lock is taken. */
static struct dentry *listed_child(struct dentry *dir, struct list_head *from, loff_t skip)
{
	struct dentry *found = NULL;
	struct list_head *pos;

	spin_lock(&dir->d_lock);
	for (pos = from->next; pos != &dir->d_subdirs; pos = pos->next) {
		struct dentry *child = list_entry(pos, struct dentry, d_child);

		/* Listed dentries are pinned: a reference may be taken. */
		if (is_listed(child) && !skip--) {
			found = dget(child);
			break;
		}
	}
	spin_unlock(&dir->d_lock);
	return found;
}

static void cursor_move(struct dentry *cursor, struct dentry *after)
{
	struct dentry *dir = cursor->d_parent;

	spin_lock(&dir->d_lock);
	if (after)
		list_move(&cursor->d_child, &after->d_child);
	else
		list_move_tail(&cursor->d_child, &dir->d_subdirs);
	spin_unlock(&dir->d_lock);
}

int dcache_readdir(struct file *f, struct dir_context *ctx)
{
	struct dentry *dir = f->f_path.dentry, *cursor = f->private_data;
	struct list_head *from = ctx->pos <= 2 ? &dir->d_subdirs : &cursor->d_child;
	struct dentry *child, *last = NULL;

	if (!dir_emit_dots(f, ctx))
		return 0;
	while ((child = listed_child(dir, from, 0))) {
		struct inode *inode = d_inode(child);

		if (!dir_emit(ctx, (const char *)child->d_name.name, child->d_name.len, inode->i_ino,
			      (inode->i_mode & S_IFMT) >> 12)) {
			dput(child);
			break;
		}
		ctx->pos++;
		dput(last);
		last = child;
		from = &child->d_child;
	}
	if (last)
		cursor_move(cursor, last);
	dput(last);
	return 0;
}

loff_t dcache_dir_lseek(struct file *f, loff_t off, int whence)
{
	struct dentry *dir = f->f_path.dentry, *cursor = f->private_data, *child = NULL;

	if (whence == SEEK_CUR)
		off += f->f_pos;
	else if (whence != SEEK_SET)
		return -EINVAL;
	if (off < 0)
		return -EINVAL;
	if (off == f->f_pos)
		return off;
	inode_lock_shared(d_inode(dir));
	if (off > 2) {
		child = listed_child(dir, &dir->d_subdirs, off - 3);
		cursor_move(cursor, child);
		dput(child);
	}
	f->f_pos = off;
	inode_unlock_shared(d_inode(dir));
	return off;
}

const struct file_operations simple_dir_operations = {
	.open		= dcache_dir_open,
	.release	= dcache_dir_close,
	.llseek		= dcache_dir_lseek,
	.iterate	= dcache_readdir,
	.fsync		= noop_fsync,
};

const struct inode_operations simple_dir_inode_operations = {
	.lookup		= simple_lookup,
};

int noop_fsync(struct file *f, loff_t start, loff_t end, int datasync)
{
	return 0;
}

/* ---- attributes, links ----------------------------------------------------------------------- */

int simple_setattr(struct dentry *dentry, struct iattr *attr)
{
	struct inode *inode = d_inode(dentry);
	int err = setattr_prepare(dentry, attr);

	if (err)
		return err;
	if (attr->ia_valid & ATTR_SIZE)
		truncate_setsize(inode, attr->ia_size);
	setattr_copy(inode, attr);
	mark_inode_dirty(inode);
	return 0;
}

const char *simple_get_link(struct dentry *dentry, struct inode *inode, void (**done)(void *), void **arg)
{
	return inode->i_link;
}

/* ---- buffers --------------------------------------------------------------------------------- */

ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos, const void *from, size_t available)
{
	loff_t pos = *ppos;
	size_t left;

	if (pos < 0)
		return -EINVAL;
	if (pos >= (loff_t)available || !count)
		return 0;
	count = min(count, (size_t)(available - pos));
	left = copy_to_user(to, (const char *)from + pos, count);
	if (left == count)
		return -EFAULT;
	*ppos = pos + count - left;
	return count - left;
}

ssize_t simple_write_to_buffer(void *to, size_t available, loff_t *ppos, const void __user *from, size_t count)
{
	loff_t pos = *ppos;
	size_t left;

	if (pos < 0)
		return -EINVAL;
	if (pos >= (loff_t)available || !count)
		return 0;
	count = min(count, (size_t)(available - pos));
	left = copy_from_user((char *)to + pos, from, count);
	if (left == count)
		return -EFAULT;
	*ppos = pos + count - left;
	return count - left;
}
