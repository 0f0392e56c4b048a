// SPDX-License-Identifier: GPL-2.0-only
/*
 * The path walk: from a name to a mount and a dentry.
 *
 * Interface: <fs/vfs.h> (kernel users), <fs/internal.h> (system calls), <fs/namei.h> (open's last component).
 *
 * link_path_walk() goes component by component: check search permission, hash the name, find the dentry in
 * the cache (lookup_fast) or ask the file system under the directory's lock (lookup_hash), then step onto it
 * across mounts (step_into), or push the text of a symbolic link.  It stops before the last component,
 * whose treatment differs between callers.  No lock is held between components, only references.
 */
#include <fs/namei.h>

#include <fs/mount.h>
#include <kernel/lib/string.h>

int sysctl_protected_symlinks = 1;		/* as on Debian */

static struct kmem_cache *names_cache;

/* ---- names ----------------------------------------------------------------------------------- */

static int getname_into(char *buf, size_t size, const char __user *name, unsigned int flags)
{
	long len = strncpy_from_user(buf, name, size);

	if (len < 0)
		return len;
	if (!len && !(flags & LOOKUP_EMPTY))
		return -ENOENT;
	return len >= (long)size ? -ENAMETOOLONG : 0;
}

char *getname_flags(const char __user *name, int flags)
{
	char *buf = kmem_cache_alloc(names_cache, GFP_KERNEL);
	int err;

	if (!buf)
		return ERR_PTR(-ENOMEM);
	err = getname_into(buf, PATH_MAX, name, flags);
	if (!err)
		return buf;
	putname(buf);
	return ERR_PTR(err);
}

char *getname(const char __user *name)
{
	return getname_flags(name, 0);
}

void putname(char *name)
{
	if (!IS_ERR_OR_NULL(name))
		kmem_cache_free(names_cache, name);
}

int pathname_get(struct pathname *p, const char __user *name, unsigned int flags)
{
	int err = getname_into(p->buf, sizeof(p->buf), name, flags);

	p->heap = NULL;
	p->name = p->buf;
	if (err != -ENAMETOOLONG)
		return err;
	p->name = p->heap = getname_flags(name, flags);
	if (!IS_ERR(p->heap))
		return 0;
	err = PTR_ERR(p->heap);
	p->heap = NULL;
	return err;
}

void pathname_put_slow(struct pathname *p)
{
	putname(p->heap);
}

void __init names_init(void)
{
	names_cache = kmem_cache_create("names_cache", PATH_MAX, 0, SLAB_PANIC, NULL);
}

/* ---- beginning and end ----------------------------------------------------------------------- */

void nd_begin(struct nameidata *nd, int dfd, unsigned int flags, const struct path *root)
{
	nd->path.mnt = NULL;
	nd->path.dentry = NULL;
	nd->root_set = nd->root_borrowed = root;
	if (root)
		nd->root = *root;
	nd->created = false;
	nd->flags = flags;
	nd->depth = 0;
	nd->total_links = 0;
	nd->dfd = dfd;
	nd->frames = nd->inline_frames;
	nd->outer = current->nameidata;
	current->nameidata = nd;
}

void nd_end(struct nameidata *nd)
{
	current->nameidata = nd->outer;
	while (nd->depth)
		put_link(nd);
	if (nd->path.dentry)
		path_put(&nd->path);
	if (nd->root_set && !nd->root_borrowed)
		path_put(&nd->root);
	if (nd->frames != nd->inline_frames)
		kfree(nd->frames);
}

static void set_root(struct nameidata *nd)
{
	if (nd->root_set)
		return;
	get_fs_root(current->fs, &nd->root);
	nd->root_set = true;
}

static int start_at_fd(struct nameidata *nd, const char *name)
{
	struct fd f = fdget_raw(nd->dfd);

	if (!f.file)
		return -EBADF;
	if (*name && !S_ISDIR(file_inode(f.file)->i_mode)) {
		fdput(f);
		return -ENOTDIR;
	}
	nd->path = f.file->f_path;
	path_get(&nd->path);
	fdput(f);
	return 0;
}

static int start_at(struct nameidata *nd, const char *name)
{
	bool scoped = nd->flags & (LOOKUP_BENEATH | LOOKUP_IN_ROOT);

	if (nd->root_borrowed) {
		nd->path = nd->root;
		path_get(&nd->path);
		return 0;
	}
	if (*name == '/' && !scoped) {
		get_fs_root(current->fs, &nd->path);
		return 0;
	}
	if (*name == '/' && !(nd->flags & LOOKUP_IN_ROOT))
		return -EXDEV;
	if (nd->dfd == AT_FDCWD) {
		get_fs_pwd(current->fs, &nd->path);
		return 0;
	}
	return start_at_fd(nd, name);
}

/* Where the walk starts without a reference of its own, and whose lock protects that; NULL: see start_at(). */
static const struct path *lazy_start(const struct nameidata *nd, const char *name, struct fs_struct **fs)
{
	*fs = NULL;
	if (nd->root_borrowed)
		return &nd->root;
	*fs = current->fs;
	if (*name == '/')
		return &current->fs->root;
	return nd->dfd == AT_FDCWD ? &current->fs->pwd : NULL;
}

/* As far as it goes without locks; returns what is left of @name. NULL: start properly. */
static const char *start_lazily(struct nameidata *nd, const char *name)
{
	struct fs_struct *fs;
	const struct path *start;

	if (nd->flags & (LOOKUP_BENEATH | LOOKUP_IN_ROOT | LOOKUP_NO_XDEV))
		return NULL;
	start = lazy_start(nd, name, &fs);
	return start ? lazy_walk(nd, name, start, fs) : NULL;
}

const char *path_init(struct nameidata *nd, const char *name)
{
	const char *rest = start_lazily(nd, name);
	int err;

	if (rest)
		return rest;
	if (nd->flags & (LOOKUP_BENEATH | LOOKUP_IN_ROOT)) {
		nd->mount_seq = read_seqbegin(&mount_lock);
		nd->rename_seq = read_seqbegin(&rename_lock);
	}
	err = start_at(nd, name);
	if (err)
		return ERR_PTR(err);
	nd->inode = d_inode(nd->path.dentry);
	if ((nd->flags & (LOOKUP_BENEATH | LOOKUP_IN_ROOT)) && !nd->root_set) {
		nd->root = nd->path;
		path_get(&nd->root);
		nd->root_set = true;
	}
	return name;
}

/* ---- symbolic links -------------------------------------------------------------------------- */

void put_link(struct nameidata *nd)
{
	struct link_frame *frame = &nd->frames[--nd->depth];

	if (frame->done)
		frame->done(frame->arg);
	path_put(&frame->link);
}

static struct link_frame *push_frame(struct nameidata *nd)
{
	struct link_frame *frames;

	if (nd->depth == INLINE_LINKS && nd->frames == nd->inline_frames) {
		frames = kmalloc_array(MAXSYMLINKS, sizeof(*frames), GFP_KERNEL);
		if (!frames)
			return NULL;
		memcpy(frames, nd->inline_frames, sizeof(nd->inline_frames));
		nd->frames = frames;
	}
	return &nd->frames[nd->depth];
}

/* An absolute link, or ".." beyond what there is: back to the root. */
static int jump_to_root(struct nameidata *nd)
{
	if (nd->flags & LOOKUP_BENEATH)
		return -EXDEV;
	set_root(nd);
	if ((nd->flags & LOOKUP_NO_XDEV) && nd->path.mnt != nd->root.mnt)
		return -EXDEV;
	path_get(&nd->root);
	path_put(&nd->path);
	nd->path = nd->root;
	nd->inode = d_inode(nd->path.dentry);
	return 0;
}

int nd_jump_link(const struct path *path)
{
	struct nameidata *nd = current->nameidata;
	int err = 0;

	if (nd->flags & LOOKUP_NO_MAGICLINKS)
		err = -ELOOP;
	else if ((nd->flags & LOOKUP_NO_XDEV) && nd->path.mnt != path->mnt)
		err = -EXDEV;
	else if (nd->flags & (LOOKUP_BENEATH | LOOKUP_IN_ROOT))
		err = -EXDEV;
	if (err) {
		path_put(path);
		return err;
	}
	path_put(&nd->path);
	nd->path = *path;
	nd->inode = d_inode(path->dentry);
	return 0;
}

/* fs.protected_symlinks: in a sticky world-writable directory follow only one's own or its owner's. */
static int may_follow_link(const struct nameidata *nd, const struct inode *inode)
{
	const struct inode *dir = nd->inode;

	if (!sysctl_protected_symlinks || current_fsuid() == inode->i_uid)
		return 0;
	if ((dir->i_mode & (S_ISVTX | S_IWOTH)) != (S_ISVTX | S_IWOTH) || dir->i_uid == inode->i_uid)
		return 0;
	return -EACCES;
}

static int check_link(struct nameidata *nd, const struct path *link, struct inode *inode, unsigned int flags)
{
	if (++nd->total_links > MAXSYMLINKS || (nd->flags & LOOKUP_NO_SYMLINKS) ||
	    (link->mnt->mnt_flags & MNT_NOSYMFOLLOW))
		return -ELOOP;
	if (!inode->i_link && !inode->i_op->get_link)
		return -ELOOP;
	return (flags & WALK_TRAILING) ? may_follow_link(nd, inode) : 0;
}

/* Push @link (references consumed) and return its text; NULL: the walk is already where it leads. */
static const char *pick_link(struct nameidata *nd, const struct path *link, struct inode *inode,
			     unsigned int flags)
{
	struct link_frame *frame;
	const char *text;
	int err = check_link(nd, link, inode, flags);

	frame = err ? NULL : push_frame(nd);
	if (!frame) {
		path_put(link);
		return ERR_PTR(err ?: -ENOMEM);
	}
	nd->depth++;
	frame->link = *link;
	frame->done = NULL;
	touch_atime(link);
	text = inode->i_link;
	if (!text)
		text = inode->i_op->get_link(link->dentry, inode, &frame->done, &frame->arg);
	if (IS_ERR(text))
		return text;
	if (text && *text == '/') {
		err = jump_to_root(nd);
		if (err)
			return ERR_PTR(err);
		while (*++text == '/')
			;
	}
	if (text && *text)
		return text;
	put_link(nd);
	return NULL;
}

/* ---- one component --------------------------------------------------------------------------- */

/* "..": out of mounts, but not out of the root. */
static int follow_dotdot(struct nameidata *nd)
{
	set_root(nd);
	for (;;) {
		if (nd->path.dentry == nd->root.dentry && nd->path.mnt == nd->root.mnt) {
			if (nd->flags & LOOKUP_BENEATH)
				return -EXDEV;
			break;
		}
		if (nd->path.dentry != nd->path.mnt->mnt_root) {
			struct dentry *old = nd->path.dentry;

			nd->path.dentry = dget_parent(old);
			dput(old);
			/* A directory that was renamed out of the mounted subtree has no way up. */
			if (nd->path.mnt->mnt_root != nd->path.mnt->mnt_sb->s_root &&
			    !is_subdir(nd->path.dentry, nd->path.mnt->mnt_root))
				return -ENOENT;
			break;
		}
		if (!follow_up(&nd->path))
			break;
		if (nd->flags & LOOKUP_NO_XDEV)
			return -EXDEV;
	}
	if ((nd->path.dentry->d_flags & DCACHE_MOUNTED) && follow_down(&nd->path) &&
	    (nd->flags & LOOKUP_NO_XDEV))
		return -EXDEV;
	nd->inode = d_inode(nd->path.dentry);
	if ((nd->flags & (LOOKUP_BENEATH | LOOKUP_IN_ROOT)) &&
	    (read_seqretry(&mount_lock, nd->mount_seq) || read_seqretry(&rename_lock, nd->rename_seq)))
		return -EAGAIN;
	return 0;
}

const char *handle_dots(struct nameidata *nd)
{
	if (nd->last_type == LAST_DOTDOT)
		return ERR_PTR(follow_dotdot(nd));
	return NULL;
}

/* 1: the cached entry may be used; 0: it is stale (and dropped); -errno. */
static int revalidate(struct dentry *dentry, unsigned int flags)
{
	int status;

	if (likely(!dentry->d_op || !dentry->d_op->d_revalidate))
		return 1;
	status = dentry->d_op->d_revalidate(dentry, flags);
	if (!status)
		d_invalidate(dentry);
	return status;
}

static struct dentry *lookup_cached(const struct qstr *name, struct dentry *dir, unsigned int flags)
{
	struct dentry *dentry = d_lookup(dir, name);
	int status;

	if (!dentry)
		return NULL;
	status = revalidate(dentry, flags);
	if (likely(status > 0))
		return dentry;
	dput(dentry);
	return ERR_PTR(status);
}

/* The dcache alone: NULL if it does not know. */
struct dentry *lookup_fast(struct nameidata *nd)
{
	return lookup_cached(&nd->last, nd->path.dentry, nd->flags);
}

struct dentry *lookup_hash(const struct qstr *name, struct dentry *base, unsigned int flags)
{
	struct inode *dir = d_inode(base);
	struct dentry *dentry = lookup_cached(name, base, flags), *other;

	if (dentry)
		return dentry;
	if (unlikely((dir->i_flags & S_DEAD) || !dir->i_op->lookup))
		return ERR_PTR(-ENOENT);
	dentry = d_alloc(base, name);
	if (!dentry)
		return ERR_PTR(-ENOMEM);
	other = dir->i_op->lookup(dir, dentry, flags);
	if (other) {
		dput(dentry);
		dentry = other;
	}
	return dentry;
}

/* The directory's lock is taken for writing, so that two walks do not look the same name up at once. */
static struct dentry *lookup_slow(struct nameidata *nd)
{
	struct inode *dir = nd->inode;
	struct dentry *dentry;

	inode_lock(dir);
	dentry = lookup_hash(&nd->last, nd->path.dentry, nd->flags);
	inode_unlock(dir);
	return dentry;
}

/* Move onto @dentry (reference consumed), a child of where we are: over mounts, into links. */
const char *step_into(struct nameidata *nd, unsigned int flags, struct dentry *dentry)
{
	struct path path = { .mnt = nd->path.mnt, .dentry = dentry };
	struct inode *inode;

	if (unlikely(READ_ONCE(dentry->d_flags) & DCACHE_MOUNTED)) {
		mntget(path.mnt);
		if (!follow_down(&path)) {
			mntput(path.mnt);
		} else if (nd->flags & LOOKUP_NO_XDEV) {
			path_put(&path);
			return ERR_PTR(-EXDEV);
		}
	}
	inode = d_inode(path.dentry);
	if (unlikely(!inode)) {
		dput(path.dentry);
		return ERR_PTR(-ENOENT);
	}
	if (S_ISLNK(inode->i_mode) && (!(flags & WALK_TRAILING) || (nd->flags & LOOKUP_FOLLOW))) {
		if (path.mnt == nd->path.mnt)
			mntget(path.mnt);
		return pick_link(nd, &path, inode, flags);
	}
	if (path.mnt != nd->path.mnt)
		mntput(nd->path.mnt);
	dput(nd->path.dentry);
	nd->path = path;
	nd->inode = inode;
	return NULL;
}

/* NULL: done; text of a link to walk next; ERR_PTR. */
const char *walk_component(struct nameidata *nd, unsigned int flags)
{
	struct dentry *dentry;

	if (unlikely(nd->last_type != LAST_NORM)) {
		if (!(flags & WALK_MORE) && nd->depth)
			put_link(nd);
		return handle_dots(nd);
	}
	dentry = lookup_fast(nd);
	if (!dentry)
		dentry = lookup_slow(nd);
	if (IS_ERR(dentry))
		return ERR_CAST(dentry);
	if (!(flags & WALK_MORE) && nd->depth)
		put_link(nd);
	return step_into(nd, flags, dentry);
}

/* ---- the walk -------------------------------------------------------------------------------- */

static int may_lookup(struct inode *inode)
{
	/* Everybody may search: no need to find out who we are. */
	if (likely((inode->i_mode & 0111) == 0111 && !inode->i_op->permission))
		return 0;
	return inode_permission(inode, MAY_EXEC);
}

/* Walk all but the last component of @name, which is left in nd->last. */
int link_path_walk(const char *name, struct nameidata *nd)
{
	unsigned int nested = 0;	/* names that wait for a link in their midst */
	const char *link;
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	name = skip_slashes(name);
	nd->last_type = LAST_ROOT;
	nd->last.name = (const unsigned char *)"";
	nd->last.len = 0;
	if (!*name)
		return 0;
	for (;;) {
		err = may_lookup(nd->inode);
		if (err)
			return err;
		name = scan_component(name, &nd->last);
		if (unlikely(nd->last.len > NAME_MAX))
			return -ENAMETOOLONG;
		nd->last_type = last_type_of(&nd->last);
		name = skip_slashes(name);
		if (*name) {
			link = walk_component(nd, WALK_MORE);
		} else if (nested) {
			/* the end of a link in the middle: its last component is not the name's */
			name = nd->frames[--nested].rest;
			link = walk_component(nd, 0);
		} else {
			return 0;
		}
		if (unlikely(link)) {
			if (IS_ERR(link))
				return PTR_ERR(link);
			nd->frames[nested++].rest = name;
			name = link;
			continue;
		}
		if (unlikely(!S_ISDIR(nd->inode->i_mode)))
			return -ENOTDIR;
	}
}

static const char *lookup_last(struct nameidata *nd)
{
	if (nd->last_type == LAST_NORM && last_has_slash(nd))
		nd->flags |= LOOKUP_FOLLOW | LOOKUP_DIRECTORY;
	return walk_component(nd, WALK_TRAILING);
}

int filename_lookup(int dfd, const char *name, unsigned int flags, struct path *path,
		    const struct path *root)
{
	struct nameidata nd;
	const char *s;
	int err;

	nd_begin(&nd, dfd, flags, root);
	s = path_init(&nd, name);
	do
		err = link_path_walk(s, &nd);
	while (!err && (s = lookup_last(&nd)));
	if (!err && (nd.flags & LOOKUP_DIRECTORY) && !S_ISDIR(nd.inode->i_mode))
		err = -ENOTDIR;
	if (!err) {
		*path = nd.path;
		nd.path.dentry = NULL;
	}
	nd_end(&nd);
	return err;
}

int filename_parentat(int dfd, const char *name, unsigned int flags, struct path *parent,
		      struct qstr *last, enum last_type *type)
{
	struct nameidata nd;
	int err;

	nd_begin(&nd, dfd, flags | LOOKUP_PARENT, NULL);
	err = link_path_walk(path_init(&nd, name), &nd);
	if (!err) {
		*parent = nd.path;
		nd.path.dentry = NULL;
		*last = nd.last;
		*type = nd.last_type;
	}
	nd_end(&nd);
	return err;
}

int user_path_at(int dfd, const char __user *name, unsigned int flags, struct path *path)
{
	struct pathname p;
	int err = pathname_get(&p, name, flags);

	if (err)
		return err;
	err = filename_lookup(dfd, p.name, flags, path, NULL);
	pathname_put(&p);
	return err;
}

int kern_path(const char *name, unsigned int flags, struct path *path)
{
	return filename_lookup(AT_FDCWD, name, flags, path, NULL);
}

int vfs_path_lookup(const struct path *root, const char *name, unsigned int flags, struct path *path)
{
	return filename_lookup(-1, name, flags, path, root);
}

struct dentry *lookup_one_len(const char *name, struct dentry *base, int len)
{
	struct qstr q = {
		.name = (const unsigned char *)name, .len = len,
		.hash = name_hash((const unsigned char *)name, len),
	};

	if (!len || (name[0] == '.' && (len == 1 || (len == 2 && name[1] == '.'))) || memchr(name, '/', len))
		return ERR_PTR(-EACCES);
	return lookup_hash(&q, base, 0);
}

/* ---- making something new -------------------------------------------------------------------- */

static struct dentry *create_target(struct path *path, const struct qstr *last, unsigned int flags)
{
	struct dentry *dentry = lookup_hash(last, path->dentry, flags | LOOKUP_CREATE | LOOKUP_EXCL);
	int err = 0;

	if (IS_ERR(dentry))
		return dentry;
	if (d_is_positive(dentry))
		err = -EEXIST;
	else if (!(flags & LOOKUP_DIRECTORY) && last->name[last->len])
		err = -ENOENT;		/* only a directory's name may end in a slash */
	if (!err)
		return dentry;
	dput(dentry);
	return ERR_PTR(err);
}

struct dentry *filename_create(int dfd, const char *name, struct path *path, unsigned int flags)
{
	struct dentry *dentry;
	enum last_type type;
	struct qstr last;
	int err, ro;

	err = filename_parentat(dfd, name, 0, path, &last, &type);
	if (err)
		return ERR_PTR(err);
	if (type != LAST_NORM) {
		path_put(path);
		return ERR_PTR(-EEXIST);
	}
	ro = mnt_want_write(path->mnt);
	inode_lock(d_inode(path->dentry));
	dentry = create_target(path, &last, flags);
	if (ro && !IS_ERR(dentry)) {
		dput(dentry);
		dentry = ERR_PTR(ro);
	}
	if (!IS_ERR(dentry))
		return dentry;
	inode_unlock(d_inode(path->dentry));
	if (!ro)
		mnt_drop_write(path->mnt);
	path_put(path);
	return dentry;
}

struct dentry *kern_path_create(const char *name, struct path *parent, bool is_dir)
{
	return filename_create(AT_FDCWD, name, parent, is_dir ? LOOKUP_DIRECTORY : 0);
}

void done_path_create(struct path *parent, struct dentry *dentry)
{
	dput(dentry);
	inode_unlock(d_inode(parent->dentry));
	mnt_drop_write(parent->mnt);
	path_put(parent);
}
