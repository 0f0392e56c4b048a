// SPDX-License-Identifier: GPL-2.0-only
/*
 * Path names of dentries, and getcwd(2).
 *
 * Names are written from the end of the buffer towards its beginning, while mount_lock and rename_lock (their
 * spin parts) keep both trees still.
 */
#include <fs/internal.h>
#include <fs/mount.h>

#include <generated/syscalls.h>
#include <kernel/lib/string.h>

struct path_buf {
	char	*pos;		/* where the text begins */
	int	room;		/* bytes before it; negative: too long */
};

static void prepend(struct path_buf *b, const char *text, int len)
{
	b->room -= len;
	if (b->room < 0)
		return;
	b->pos -= len;
	memcpy(b->pos, text, len);
}

static void prepend_name(struct path_buf *b, const struct dentry *dentry)
{
	prepend(b, (const char *)dentry->d_name.name, dentry->d_name.len);
	prepend(b, "/", 1);
}

static void path_buf_init(struct path_buf *b, char *buf, int len)
{
	b->pos = buf + len;
	b->room = len;
	prepend(b, "", 1);
}

static char *path_buf_result(const struct path_buf *b)
{
	return b->room < 0 ? ERR_PTR(-ENAMETOOLONG) : b->pos;
}

/* Up to @root. Returns 0: reached it; 1: a global root; 2: the root of a mount that hangs nowhere. */
static int prepend_path(struct path_buf *b, const struct path *path, const struct path *root)
{
	struct mount *m = real_mount(path->mnt);
	const struct dentry *dentry = path->dentry;
	int error = 0;

	spin_lock(&mount_lock.lock);
	spin_lock(&rename_lock.lock);
	while (dentry != root->dentry || &m->mnt != root->mnt) {
		if (dentry == m->mnt.mnt_root) {
			if (!mnt_has_parent(m)) {
				error = m->mnt_ns && !is_anon_ns(m->mnt_ns) ? 1 : 2;
				break;
			}
			dentry = m->mnt_mountpoint;
			m = m->mnt_parent;
			continue;
		}
		if (dentry->d_parent == dentry) {
			error = 2;
			break;
		}
		prepend_name(b, dentry);
		dentry = dentry->d_parent;
	}
	spin_unlock(&rename_lock.lock);
	spin_unlock(&mount_lock.lock);
	return error;
}

static int prepend_whole(struct path_buf *b, const struct path *path, const struct path *root)
{
	char *end = b->pos;
	int error = prepend_path(b, path, root);

	if (b->room >= 0 && b->pos == end)
		prepend(b, "/", 1);
	return error;
}

char *d_path(const struct path *path, char *buf, int len)
{
	struct path_buf b;
	struct path root;

	if (path->dentry->d_op && path->dentry->d_op->d_dname &&
	    (path->dentry->d_parent != path->dentry || path->dentry != path->mnt->mnt_root))
		return path->dentry->d_op->d_dname(path->dentry, buf, len);
	path_buf_init(&b, buf, len);
	if (d_unlinked(path->dentry)) {
		b.pos++;
		b.room++;
		prepend(&b, " (deleted)", sizeof(" (deleted)"));
	}
	get_fs_root(current->fs, &root);
	prepend_whole(&b, path, &root);
	path_put(&root);
	return path_buf_result(&b);
}

char *d_absolute_path(const struct path *path, char *buf, int len)
{
	struct path root = { NULL, NULL };
	struct path_buf b;

	path_buf_init(&b, buf, len);
	if (prepend_whole(&b, path, &root) > 1)
		return ERR_PTR(-EINVAL);
	return path_buf_result(&b);
}

/* As seen from @root; NULL: not below it. For mount tables. */
char *d_path_from(const struct path *path, const struct path *root, char *buf, int len)
{
	struct path_buf b;

	path_buf_init(&b, buf, len);
	if (prepend_whole(&b, path, root))
		return NULL;
	return path_buf_result(&b);
}

/* Within its file system. */
char *dentry_path(struct dentry *dentry, char *buf, int len)
{
	struct path_buf b;
	char *end;

	if (dentry->d_op && dentry->d_op->d_dname)
		return dentry->d_op->d_dname(dentry, buf, len);
	path_buf_init(&b, buf, len);
	if (d_unlinked(dentry)) {
		b.pos++;
		b.room++;
		prepend(&b, "//deleted", sizeof("//deleted"));
	}
	end = b.pos;
	spin_lock(&rename_lock.lock);
	for (; dentry->d_parent != dentry; dentry = dentry->d_parent)
		prepend_name(&b, dentry);
	spin_unlock(&rename_lock.lock);
	if (b.room >= 0 && b.pos == end)
		prepend(&b, "/", 1);
	return path_buf_result(&b);
}

static long getcwd_text(const struct path *pwd, const struct path *root, char *page, char **text)
{
	struct path_buf b;

	if (d_unlinked(pwd->dentry))
		return -ENOENT;
	path_buf_init(&b, page, PATH_MAX);
	if (prepend_whole(&b, pwd, root))
		prepend(&b, "(unreachable)", 13);
	*text = path_buf_result(&b);
	return IS_ERR(*text) ? PTR_ERR(*text) : page + PATH_MAX - *text;
}

long sys_getcwd(char __user *buf, unsigned long size)
{
	char *page = kmalloc(PATH_MAX, GFP_KERNEL), *text;
	struct path root, pwd;
	long len;

	if (!page)
		return -ENOMEM;
	get_fs_root(current->fs, &root);
	get_fs_pwd(current->fs, &pwd);
	len = getcwd_text(&pwd, &root, page, &text);
	path_put(&pwd);
	path_put(&root);
	if (len > 0 && (unsigned long)len > size)
		len = -ERANGE;
	if (len > 0 && copy_to_user(buf, text, len))
		len = -EFAULT;
	kfree(page);
	return len;
}
