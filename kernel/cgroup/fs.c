// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file system "cgroup2": one tree, whose directories are groups, however often it is mounted.
 *
 * Nothing is pinned: dentries and inodes are made when they are looked up, and looked at again each time.  What
 * was changed of a file by chown or chmod (which is how a subtree is delegated) is kept in a list of the group.
 * An inode's number tells what it is: the group's id, and which of its files.
 *
 * Locking: cgroup_mutex, inside the i_rwsem of directories; see internal.h.
 */
#include <kernel/cgroup/attr.h>

#include <fs/fs_context.h>
#include <fs/internal.h>
#include <fs/poll.h>
#include <fs/seq_file.h>
#include <fs/vfs.h>
#include <kernel/cgroup/internal.h>
#include <kernel/cred.h>
#include <kernel/nsproxy.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>

#define INO(id, file)	((id) << 8 | (file))
#define INO_DIR		1		/* the root's is 1, as on Linux */
#define INO_FILE	2		/* and up */

static const struct cgroup_file_set file_sets[] = {
	{ cgroup_core_files, &nr_cgroup_core_files, -1 },
	{ cgroup_cpu_files, &nr_cgroup_cpu_files, CGROUP_CPU },
	{ cgroup_memory_files, &nr_cgroup_memory_files, CGROUP_MEMORY },
	{ cgroup_pids_files, &nr_cgroup_pids_files, CGROUP_PIDS },
};

static struct file_system_type cgroup2_fs_type;
static const struct inode_operations cgroup_dir_iops, cgroup_file_iops;
static const struct file_operations cgroup_dir_fops, cgroup_file_fops;

static struct cgroup *cgroup_of(const struct inode *inode)
{
	return inode->i_private;
}

/* ---- which files there are ------------------------------------------------------------------- */

/* The @n-th of all files; NULL: no more. */
static const struct cgroup_file *file_at(unsigned int n, int *controller)
{
	const struct cgroup_file_set *set;

	for (set = file_sets; set < file_sets + ARRAY_SIZE(file_sets); set++) {
		if (n < *set->n) {
			*controller = set->controller;
			return &set->files[n];
		}
		n -= *set->n;
	}
	return NULL;
}

/* Has @c this file? [m] held. */
static bool has_file(struct cgroup *c, const struct cgroup_file *file, int controller)
{
	if (c->dead || (!c->parent && (file->flags & CGROUP_FILE_NOT_ON_ROOT)))
		return false;
	return controller < 0 || cgroup_has(c, controller);
}

static bool inode_has_file(struct inode *inode)
{
	int controller = -1;
	const struct cgroup_file *file = file_at((inode->i_ino & 0xff) - INO_FILE, &controller);
	bool has;

	mutex_lock(&cgroup_mutex);
	has = has_file(cgroup_of(inode), file, controller);
	mutex_unlock(&cgroup_mutex);
	return has;
}

static const struct cgroup_file *find_file(struct cgroup *c, const struct qstr *name, unsigned int *n)
{
	const struct cgroup_file *file;
	int controller;
	bool has;

	for (*n = 0; (file = file_at(*n, &controller)); ++*n)
		if (strlen(file->name) == name->len && !memcmp(file->name, name->name, name->len))
			break;
	if (!file)
		return NULL;
	mutex_lock(&cgroup_mutex);
	has = has_file(c, file, controller);
	mutex_unlock(&cgroup_mutex);
	return has ? file : NULL;
}

/* ---- inodes ---------------------------------------------------------------------------------- */

/* The inode of @c's directory, or of @file in it, the @n-th. NULL: no memory. */
static struct inode *get_inode(struct super_block *sb, struct cgroup *c, const struct cgroup_file *file, unsigned int n)
{
	struct inode *inode = iget_locked(sb, INO(c->id, file ? INO_FILE + n : INO_DIR));

	if (!inode || !(inode->i_state & I_NEW))
		return inode;
	inode->i_private = cgroup_get(c);
	inode->i_atime = inode->i_mtime = inode->i_ctime = current_time(inode);
	cgroup_attr_apply(inode, c, file ? S_IFREG | file->mode : c->mode);
	inode->i_op = file ? &cgroup_file_iops : &cgroup_dir_iops;
	inode->i_fop = file ? &cgroup_file_fops : &cgroup_dir_fops;
	set_nlink(inode, file ? 1 : 2);
	if (file && file->event < NR_CGROUP_EVENTS)
		cgroup_event_set_inode(&c->events[file->event], inode);
	unlock_new_inode(inode);
	return inode;
}

static void cgroup_evict_inode(struct inode *inode)
{
	struct cgroup *c = cgroup_of(inode);
	const struct cgroup_file *file = NULL;
	int unused;

	truncate_inode_pages(&inode->i_data, 0);
	if (!c)
		return;
	if ((inode->i_ino & 0xff) >= INO_FILE)
		file = file_at((inode->i_ino & 0xff) - INO_FILE, &unused);
	if (file && file->event < NR_CGROUP_EVENTS)
		cgroup_event_clear_inode(&c->events[file->event], inode);
	inode->i_private = NULL;
	cgroup_put(c);
}

/* A group's inodes go with it, others stay while there is memory. */
static int cgroup_drop_inode(struct inode *inode)
{
	return !inode->i_nlink || !cgroup_of(inode) || READ_ONCE(cgroup_of(inode)->dead);
}

static int cgroup_getattr(const struct path *path, struct kstat *stat, u32 mask, unsigned int flags)
{
	struct inode *inode = d_inode(path->dentry);

	generic_fillattr(inode, stat);
	if (S_ISDIR(inode->i_mode) && inode->i_nlink)
		stat->nlink = 2 + cgroup_nr_children(cgroup_of(inode));
	return 0;
}

int cgroup_may_write(struct cgroup *c)
{
	return cgroup_attr_permission(c, INO_FILE + CGROUP_PROCS, S_IFREG | cgroup_core_files[CGROUP_PROCS].mode,
				      MAY_WRITE);
}

/* ---- files ----------------------------------------------------------------------------------- */

static int file_show(struct seq_file *m, void *v)
{
	struct cgroup_open *open = m->private;

	if (READ_ONCE(open->cgrp->dead))
		return -ENODEV;
	if (!open->file->show)
		return -EINVAL;
	if (open->file->event < NR_CGROUP_EVENTS)
		open->seq = READ_ONCE(open->cgrp->events[open->file->event].seq);
	return open->file->show(m, open->cgrp);
}

static int cgroup_file_open(struct inode *inode, struct file *f)
{
	struct cgroup_open *open = kzalloc(sizeof(*open), GFP_KERNEL);
	int err, unused;

	if (!open)
		return -ENOMEM;
	open->file = file_at((inode->i_ino & 0xff) - INO_FILE, &unused);
	open->filp = f;
	err = inode_has_file(inode) ? single_open(f, file_show, open) : -ENODEV;
	if (err) {
		kfree(open);
		return err;
	}
	open->cgrp = cgroup_get(cgroup_of(inode));
	open->ns = current_cgroup_ns();
	get_ns(&open->ns->ns);
	if (open->file->event < NR_CGROUP_EVENTS)
		open->seq = READ_ONCE(open->cgrp->events[open->file->event].seq);
	return 0;
}

static struct cgroup_open *open_of(struct file *f)
{
	return ((struct seq_file *)f->private_data)->private;
}

static int cgroup_file_release(struct inode *inode, struct file *f)
{
	struct cgroup_open *open = open_of(f);

	put_ns(&open->ns->ns);
	cgroup_put(open->cgrp);
	kfree(open);
	return single_release(inode, f);
}

/* Inside a namespace its root belongs to whoever made it. */
static bool is_delegation_boundary(const struct cgroup_open *open)
{
	return cgroup_nsdelegate && !(open->file->flags & CGROUP_FILE_DELEGATED) && open->ns != &init_cgroup_ns &&
	       open->ns->root == open->cgrp;
}

static int write_text(struct cgroup_open *open, char *text)
{
	int err;

	if (is_delegation_boundary(open))
		return -EPERM;
	if (!open->file->write)
		return -EINVAL;
	if (open->file->flags & CGROUP_FILE_UNLOCKED)
		return open->file->write(open, strim(text));
	err = cgroup_lock_live(open->cgrp);
	if (err)
		return err;
	err = open->file->write(open, strim(text));
	mutex_unlock(&cgroup_mutex);
	return err;
}

static ssize_t cgroup_file_write(struct file *f, const char __user *buf, size_t count, loff_t *pos)
{
	struct cgroup_open *open = open_of(f);
	char *text;
	int err;

	if (count > PAGE_SIZE)
		return -E2BIG;
	text = memdup_user_nul(buf, count);
	if (IS_ERR(text))
		return PTR_ERR(text);
	err = READ_ONCE(open->cgrp->dead) ? -ENODEV : count ? write_text(open, text) : 0;
	kfree(text);
	if (err)
		return err;
	*pos += count;
	return count;
}

static __poll_t cgroup_file_poll(struct file *f, struct poll_table_struct *table)
{
	struct cgroup_open *open = open_of(f);
	__poll_t ready = EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM;
	struct cgroup_event_file *e;

	if (READ_ONCE(open->cgrp->dead))
		return ready | EPOLLERR | EPOLLPRI;
	if (open->file->event >= NR_CGROUP_EVENTS)
		return ready;
	e = &open->cgrp->events[open->file->event];
	poll_wait(f, &e->wait, table);
	return READ_ONCE(e->seq) != open->seq ? ready | EPOLLERR | EPOLLPRI : ready;
}

static const struct file_operations cgroup_file_fops = {
	.open = cgroup_file_open,
	.release = cgroup_file_release,
	.read_iter = seq_read_iter,
	.write = cgroup_file_write,
	.llseek = seq_lseek,
	.poll = cgroup_file_poll,
};
static const struct inode_operations cgroup_file_iops = {
	.setattr = cgroup_setattr,
	CGROUP_XATTR_OPS,
};

/* ---- directories ----------------------------------------------------------------------------- */

static int cgroup_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = d_inode(dentry);

	if (!inode)
		return 0;		/* it may have come meanwhile */
	if ((inode->i_ino & 0xff) == INO_DIR)
		return !READ_ONCE(cgroup_of(inode)->dead);
	return inode_has_file(inode);
}

static int cgroup_delete_dentry(const struct dentry *dentry)
{
	const struct inode *inode = d_inode(dentry);

	return inode && READ_ONCE(cgroup_of(inode)->dead);
}

static const struct dentry_operations cgroup_dentry_operations = {
	.d_revalidate = cgroup_revalidate,
	.d_delete = cgroup_delete_dentry,
};

static struct dentry *cgroup_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct cgroup *c = cgroup_of(dir), *child = NULL;
	const struct cgroup_file *file;
	struct inode *inode;
	unsigned int n;

	if (dentry->d_name.len > NAME_MAX)
		return ERR_PTR(-ENAMETOOLONG);
	file = find_file(c, &dentry->d_name, &n);
	if (!file)
		child = cgroup_find_child(c, (const char *)dentry->d_name.name, dentry->d_name.len);
	if (!file && !child) {
		d_add(dentry, NULL);
		return NULL;
	}
	inode = get_inode(dir->i_sb, child ? child : c, file, n);
	cgroup_put(child);
	return inode ? d_splice_alias(inode, dentry) : ERR_PTR(-ENOMEM);
}

static int cgroup_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct cgroup *c = cgroup_create(cgroup_of(dir), (const char *)dentry->d_name.name, S_IFDIR | mode);
	struct inode *inode;

	if (IS_ERR(c))
		return PTR_ERR(c);
	inode = get_inode(dir->i_sb, c, NULL, 0);
	if (inode)
		d_instantiate(dentry, inode);
	else
		d_drop(dentry);		/* it is there, and will be looked up */
	cgroup_put(c);
	return 0;
}

static int cgroup_rmdir(struct inode *dir, struct dentry *dentry)
{
	int err = cgroup_remove(cgroup_of(d_inode(dentry)));

	if (!err)
		clear_nlink(d_inode(dentry));
	return err;
}

/* First the files by their number, then the groups by their ids. */
static bool emit_files(struct cgroup *c, struct dir_context *ctx)
{
	const struct cgroup_file *file;
	int controller;

	for (; (file = file_at(ctx->pos - 2, &controller)); ctx->pos++) {
		bool has;

		mutex_lock(&cgroup_mutex);
		has = has_file(c, file, controller);
		mutex_unlock(&cgroup_mutex);
		if (has && !dir_emit(ctx, file->name, strlen(file->name), INO(c->id, ctx->pos - 2 + INO_FILE), DT_REG))
			return false;
	}
	return true;
}

#define FIRST_CHILD_POS	0x100

static int cgroup_readdir(struct file *f, struct dir_context *ctx)
{
	struct cgroup *c = cgroup_of(file_inode(f)), *child;
	bool ok = true;

	if (!dir_emit_dots(f, ctx))
		return 0;
	if (ctx->pos < FIRST_CHILD_POS) {
		if (!emit_files(c, ctx))
			return 0;
		ctx->pos = FIRST_CHILD_POS;
	}
	while (ok && (child = cgroup_next_child(c, ctx->pos - FIRST_CHILD_POS))) {
		ctx->pos = FIRST_CHILD_POS + child->id;
		ok = dir_emit(ctx, child->name, strlen(child->name), INO(child->id, INO_DIR), DT_DIR);
		if (ok)
			ctx->pos++;
		cgroup_put(child);
	}
	return 0;
}

static const struct inode_operations cgroup_dir_iops = {
	.lookup = cgroup_lookup,
	.mkdir = cgroup_mkdir,
	.rmdir = cgroup_rmdir,
	.setattr = cgroup_setattr,
	.getattr = cgroup_getattr,
	CGROUP_XATTR_OPS,
};
static const struct file_operations cgroup_dir_fops = {
	.iterate = cgroup_readdir,
	.llseek = generic_file_llseek,
};

struct cgroup *cgroup_of_dir(struct file *f)
{
	struct inode *inode = file_inode(f);

	if (inode->i_sb->s_type != &cgroup2_fs_type || !S_ISDIR(inode->i_mode))
		return ERR_PTR(-EBADF);
	return cgroup_of(inode);
}

/* ---- mounting -------------------------------------------------------------------------------- */

/* What a context gathers. */
struct cgroup_options {
	bool	nsdelegate, recursiveprot;
};

enum { OPT_IGNORED, OPT_NSDELEGATE, OPT_RECURSIVEPROT };

static const struct fs_parameter_spec option_specs[] = {
	{ "favordynmods", OPT_IGNORED, FS_PARAM_FLAG },
	{ "memory_localevents", OPT_IGNORED, FS_PARAM_FLAG },
	{ "memory_recursiveprot", OPT_RECURSIVEPROT, FS_PARAM_FLAG },
	{ "nsdelegate", OPT_NSDELEGATE, FS_PARAM_FLAG },
	{ NULL },
};

static int cgroup_parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	struct cgroup_options *o = fc->fs_private;
	union fs_parse_result result;
	int opt = fs_parse(fc, option_specs, param, &result);

	if (opt == OPT_NSDELEGATE)
		o->nsdelegate = true;
	else if (opt == OPT_RECURSIVEPROT)
		o->recursiveprot = true;
	return min(opt, 0);
}

static int cgroup_reconfigure(struct fs_context *fc)
{
	const struct cgroup_options *o = fc->fs_private;

	if (current_cgroup_ns() != &init_cgroup_ns)
		return 0;		/* elsewhere they are read, and that is all */
	mutex_lock(&cgroup_mutex);
	cgroup_nsdelegate = o->nsdelegate;
	cgroup_recursiveprot = o->recursiveprot;
	mutex_unlock(&cgroup_mutex);
	return 0;
}

static int cgroup_show_options(struct seq_file *m, struct dentry *root)
{
	if (cgroup_nsdelegate)
		seq_puts(m, ",nsdelegate");
	if (cgroup_recursiveprot)
		seq_puts(m, ",memory_recursiveprot");
	return 0;
}

/* In mountinfo, the mounted group as the reader's namespace names it. */
static int cgroup_show_path(struct seq_file *m, struct dentry *root)
{
	char *buf = kmalloc(PATH_MAX, GFP_KERNEL), *path;

	if (!buf)
		return -ENOMEM;
	path = cgroup_path(cgroup_of(d_inode(root)), current_cgroup_ns()->root, buf, PATH_MAX);
	if (path)
		seq_escape(m, path, " \t\n\\");
	kfree(buf);
	return path ? 0 : -ERANGE;
}

static const struct super_operations cgroup_super_ops = {
	.evict_inode = cgroup_evict_inode,
	.drop_inode = cgroup_drop_inode,
	.statfs = simple_statfs,
	.show_options = cgroup_show_options,
	.show_path = cgroup_show_path,
};

static int fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct inode *root;

	sb->s_blocksize = PAGE_SIZE;
	sb->s_blocksize_bits = PAGE_SHIFT;
	sb->s_magic = CGROUP2_SUPER_MAGIC;
	sb->s_op = &cgroup_super_ops;
	sb->s_d_op = &cgroup_dentry_operations;
	sb->s_time_gran = 1;
	root = get_inode(sb, &cgroup_root, NULL, 0);
	if (!root)
		return -ENOMEM;
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

/* @c's ancestor, or itself, that is @level deep. */
static struct cgroup *ancestor_at(struct cgroup *c, unsigned int level)
{
	while (c->level > level)
		c = c->parent;
	return c;
}

/* From the super block's root (which is consumed) to that of current's namespace. */
static struct dentry *namespace_root(struct dentry *dentry)
{
	struct super_block *sb = dentry->d_sb;
	struct cgroup *root = current_cgroup_ns()->root;
	unsigned int level;

	for (level = 1; level <= root->level && !IS_ERR(dentry); level++) {
		const char *name = ancestor_at(root, level)->name;
		struct dentry *parent = dentry;

		inode_lock(d_inode(parent));
		dentry = lookup_one_len(name, parent, strlen(name));
		inode_unlock(d_inode(parent));
		dput(parent);
		if (!IS_ERR(dentry) && d_is_negative(dentry)) {
			dput(dentry);
			dentry = ERR_PTR(-ENOENT);	/* the root was removed */
		}
	}
	if (IS_ERR(dentry))
		deactivate_super(sb);
	return dentry;
}

static int cgroup_get_tree(struct fs_context *fc)
{
	struct dentry *root;
	int err = get_tree_single(fc, fill_super);

	if (err)
		return err;
	root = namespace_root(fc->root);
	fc->root = IS_ERR(root) ? NULL : root;
	return IS_ERR(root) ? PTR_ERR(root) : cgroup_reconfigure(fc);
}

static void cgroup_free_fc(struct fs_context *fc)
{
	kfree(fc->fs_private);
}

static const struct fs_context_operations cgroup_context_ops = {
	.free = cgroup_free_fc,
	.parse_param = cgroup_parse_param,
	.get_tree = cgroup_get_tree,
	.reconfigure = cgroup_reconfigure,
};

static int cgroup_init_fs_context(struct fs_context *fc)
{
	fc->fs_private = kzalloc(sizeof(struct cgroup_options), GFP_KERNEL);
	fc->ops = &cgroup_context_ops;
	return fc->fs_private ? 0 : -ENOMEM;
}

static struct user_namespace *cgroup_fs_owner(void)
{
	return current->nsproxy->ns[NS_CGROUP]->user_ns;
}

static struct file_system_type cgroup2_fs_type = {
	.name = "cgroup2",
	.owner = cgroup_fs_owner,
	.fs_flags = FS_USERNS_MOUNT,
	.init_fs_context = cgroup_init_fs_context,
	.kill_sb = kill_anon_super,
};

int cgroup_fs_init(void)
{
	return register_filesystem(&cgroup2_fs_type);
}
