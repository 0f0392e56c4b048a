// SPDX-License-Identifier: GPL-2.0-only
/*
 * devpts: a directory with a node for each open pseudo terminal.
 *
 * Every mount is an instance of its own, with its own numbers and its own ptmx node.  Options: uid=, gid=,
 * mode= of new slaves, ptmxmode=, max=; newinstance is accepted and says what is true anyway.  Interface:
 * devpts_ops of <drivers/tty/pty.h>.
 *
 * Locking: fsi->lock for numbers and options; the root directory's i_rwsem for its entries.
 */
#include <fs/devpts/devpts.h>

#include <drivers/tty/pty.h>
#include <fs/fs_context.h>
#include <fs/internal.h>
#include <fs/seq_file.h>
#include <kernel/lib/idr.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>

#define PTMX_INO		2
#define FIRST_SLAVE_INO		3
#define DEFAULT_MODE		0600
#define DEFAULT_PTMX_MODE	0000

int pty_limit = 4096;
int pty_reserve = 1024;
static atomic_t ptys_in_use = ATOMIC_INIT(0);

struct pts_options {
	bool		set_uid, set_gid;
	uid_t		uid;
	gid_t		gid;
	umode_t		mode, ptmx_mode;
	int		max;
};

struct pts_fs_info {
	struct super_block	*sb;		/* [I] */
	struct dentry		*ptmx;		/* [I] pinned */
	struct mutex		lock;
	struct ida		numbers;	/* [lock] */
	struct pts_options	opts;		/* [lock] */
};

int pty_count(void)
{
	return atomic_read(&ptys_in_use);
}

/* ---- options --------------------------------------------------------------------------------- */

static const struct pts_options default_options = {
	.mode		= DEFAULT_MODE,
	.ptmx_mode	= DEFAULT_PTMX_MODE,
	.max		= UNIX98_PTY_MAX,
};

enum { OPT_GID, OPT_MAX, OPT_MODE, OPT_NEWINSTANCE, OPT_PTMXMODE, OPT_UID };

static const struct fs_parameter_spec specs[] = {
	{ "gid", OPT_GID, FS_PARAM_U32 },
	{ "max", OPT_MAX, FS_PARAM_U32 },
	{ "mode", OPT_MODE, FS_PARAM_U32_OCT },
	{ "newinstance", OPT_NEWINSTANCE, FS_PARAM_FLAG },
	{ "ptmxmode", OPT_PTMXMODE, FS_PARAM_U32_OCT },
	{ "uid", OPT_UID, FS_PARAM_U32 },
	{ NULL },
};

static int devpts_parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	struct pts_options *o = fc->fs_private;
	union fs_parse_result result;
	int opt = fs_parse(fc, specs, param, &result);

	switch (opt) {
	case OPT_UID:
		o->uid = uid_from_user(result.number);
		if (o->uid == ID_INVALID)
			return invalfc(fc, "Bad value for 'uid'");
		o->set_uid = true;
		break;
	case OPT_GID:
		o->gid = gid_from_user(result.number);
		if (o->gid == ID_INVALID)
			return invalfc(fc, "Bad value for 'gid'");
		o->set_gid = true;
		break;
	case OPT_MODE:
		o->mode = result.number & S_IALLUGO;
		break;
	case OPT_PTMXMODE:
		o->ptmx_mode = result.number & S_IALLUGO;
		break;
	case OPT_MAX:
		if (result.number > UNIX98_PTY_MAX)
			return invalfc(fc, "Bad value for 'max'");
		o->max = result.number;
		break;
	}
	return min(opt, 0);
}

static int devpts_show_options(struct seq_file *m, struct dentry *root)
{
	struct pts_fs_info *fsi = root->d_sb->s_fs_info;
	const struct pts_options *o = &fsi->opts;

	if (o->set_uid)
		seq_printf(m, ",uid=%u", o->uid);
	if (o->set_gid)
		seq_printf(m, ",gid=%u", o->gid);
	seq_printf(m, ",mode=%03o,ptmxmode=%03o", o->mode, o->ptmx_mode);
	if (o->max < UNIX98_PTY_MAX)
		seq_printf(m, ",max=%d", o->max);
	return 0;
}

/* What is not said goes back to its default. */
static int devpts_reconfigure(struct fs_context *fc)
{
	struct pts_fs_info *fsi = fc->root->d_sb->s_fs_info;
	const struct pts_options *o = fc->fs_private;
	struct inode *ptmx = d_inode(fsi->ptmx);

	mutex_lock(&fsi->lock);
	fsi->opts = *o;
	mutex_unlock(&fsi->lock);
	spin_lock(&ptmx->i_lock);
	ptmx->i_mode = S_IFCHR | o->ptmx_mode;
	spin_unlock(&ptmx->i_lock);
	return 0;
}

/* ---- the super block ------------------------------------------------------------------------- */

static struct inode *new_node_inode(struct super_block *sb, u64 ino, umode_t mode)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = ino;
	inode->i_mode = mode;
	inode->i_atime = inode->i_mtime = inode->i_ctime = inode->i_btime = current_time(inode);
	return inode;
}

static int make_root(struct super_block *sb)
{
	struct inode *inode = new_node_inode(sb, 1, S_IFDIR | 0755);

	if (!inode)
		return -ENOMEM;
	inode->i_op = &simple_dir_inode_operations;
	inode->i_fop = &simple_dir_operations;
	set_nlink(inode, 2);
	sb->s_root = d_make_root(inode);
	return sb->s_root ? 0 : -ENOMEM;
}

/* Hang @inode into the root directory under @name: the dentry with a reference. Consumes the inode. */
static struct dentry *add_entry(struct super_block *sb, const char *name, struct inode *inode, void *data)
{
	struct inode *dir = d_inode(sb->s_root);
	struct dentry *dentry;

	inode_lock(dir);
	dentry = lookup_one_len(name, sb->s_root, strlen(name));
	if (!IS_ERR(dentry) && d_is_positive(dentry)) {
		dput(dentry);
		dentry = ERR_PTR(-EEXIST);
	}
	if (IS_ERR(dentry)) {
		iput(inode);
	} else {
		dentry->d_fsdata = data;
		d_instantiate(dentry, inode);
	}
	inode_unlock(dir);
	return dentry;
}

static int make_ptmx(struct super_block *sb, struct pts_fs_info *fsi)
{
	struct inode *inode = new_node_inode(sb, PTMX_INO, S_IFCHR);

	if (!inode)
		return -ENOMEM;
	init_special_inode(inode, S_IFCHR | fsi->opts.ptmx_mode, PTMX_DEV);
	inode->i_uid = fsi->opts.set_uid ? fsi->opts.uid : current_fsuid();
	inode->i_gid = fsi->opts.set_gid ? fsi->opts.gid : current_fsgid();
	fsi->ptmx = add_entry(sb, "ptmx", inode, NULL);
	return PTR_ERR_OR_ZERO(fsi->ptmx);
}

static const struct super_operations devpts_super_ops = {
	.statfs		= simple_statfs,
	.show_options	= devpts_show_options,
};

static int devpts_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct pts_fs_info *fsi;
	int err;

	sb->s_blocksize = 1024;
	sb->s_blocksize_bits = 10;
	sb->s_magic = DEVPTS_SUPER_MAGIC;
	sb->s_op = &devpts_super_ops;
	sb->s_nodev = false;		/* its nodes are the terminals it makes itself */
	sb->s_time_gran = 1;
	fsi = kzalloc(sizeof(*fsi), GFP_KERNEL);
	if (!fsi)
		return -ENOMEM;
	fsi->sb = sb;
	mutex_init(&fsi->lock);
	ida_init(&fsi->numbers);
	fsi->opts = *(const struct pts_options *)fc->fs_private;
	sb->s_fs_info = fsi;		/* kill_sb frees it, also after an error */
	err = make_root(sb);
	if (!err)
		err = make_ptmx(sb, fsi);
	return err;
}

static int devpts_get_tree(struct fs_context *fc)
{
	return get_tree_nodev(fc, devpts_fill_super);
}

static void devpts_free_fc(struct fs_context *fc)
{
	kfree(fc->fs_private);
}

static const struct fs_context_operations devpts_context_ops = {
	.free		= devpts_free_fc,
	.parse_param	= devpts_parse_param,
	.get_tree	= devpts_get_tree,
	.reconfigure	= devpts_reconfigure,
};

static int devpts_init_fs_context(struct fs_context *fc)
{
	fc->fs_private = kmemdup(&default_options, sizeof(default_options), GFP_KERNEL);
	fc->ops = &devpts_context_ops;
	return fc->fs_private ? 0 : -ENOMEM;
}

static void devpts_kill_sb(struct super_block *sb)
{
	struct pts_fs_info *fsi = sb->s_fs_info;

	kill_litter_super(sb);
	if (fsi) {
		ida_destroy(&fsi->numbers);
		kfree(fsi);
	}
}

static struct file_system_type devpts_type = {
	.name			= "devpts",
	.fs_flags		= FS_USERNS_MOUNT,
	.init_fs_context	= devpts_init_fs_context,
	.kill_sb		= devpts_kill_sb,
};

/* ---- what the pty driver asks for ------------------------------------------------------------ */

static bool is_devpts(const struct vfsmount *mnt)
{
	return mnt->mnt_sb->s_magic == DEVPTS_SUPER_MAGIC;
}

/* The devpts that @ptmx belongs to: its own mount, or for /dev/ptmx what is mounted on pts/ beside it. */
static int devpts_path(struct file *ptmx, struct path *path)
{
	struct path beside = { .mnt = ptmx->f_path.mnt };
	int err;

	if (is_devpts(ptmx->f_path.mnt)) {
		*path = ptmx->f_path;
		path_get(path);
		return 0;
	}
	beside.dentry = dget_parent(ptmx->f_path.dentry);
	err = vfs_path_lookup(&beside, "pts", LOOKUP_FOLLOW | LOOKUP_DIRECTORY, path);
	dput(beside.dentry);
	if (err)
		return -ENODEV;
	if (!is_devpts(path->mnt) || path->mnt->mnt_root != path->dentry) {
		path_put(path);
		return -ENODEV;
	}
	return 0;
}

static struct pts_fs_info *devpts_acquire(struct file *ptmx)
{
	struct super_block *sb;
	struct path path;
	int err = devpts_path(ptmx, &path);

	if (err)
		return ERR_PTR(err);
	sb = path.mnt->mnt_sb;
	atomic_inc(&sb->s_active);	/* the mount in @path has one already */
	path_put(&path);
	return sb->s_fs_info;
}

static void devpts_put(struct pts_fs_info *fsi)
{
	deactivate_super(fsi->sb);
}

static int devpts_new_index(struct pts_fs_info *fsi)
{
	int index = -ENOSPC;

	mutex_lock(&fsi->lock);
	if (atomic_inc_return(&ptys_in_use) <= pty_limit)
		index = fsi->opts.max ? ida_alloc_max(&fsi->numbers, fsi->opts.max - 1, GFP_KERNEL) : -ENOSPC;
	if (index < 0)
		atomic_dec(&ptys_in_use);
	mutex_unlock(&fsi->lock);
	return index;
}

static void devpts_kill_index(struct pts_fs_info *fsi, int index)
{
	mutex_lock(&fsi->lock);
	ida_free(&fsi->numbers, index);
	atomic_dec(&ptys_in_use);
	mutex_unlock(&fsi->lock);
}

static struct dentry *devpts_new_node(struct pts_fs_info *fsi, int index, void *slave)
{
	struct inode *inode = new_node_inode(fsi->sb, FIRST_SLAVE_INO + index, S_IFCHR);
	struct dentry *dentry;
	char name[16];

	if (!inode)
		return ERR_PTR(-ENOMEM);
	mutex_lock(&fsi->lock);
	init_special_inode(inode, S_IFCHR | fsi->opts.mode, MKDEV(UNIX98_PTY_SLAVE_MAJOR, index));
	inode->i_uid = fsi->opts.set_uid ? fsi->opts.uid : current_fsuid();
	inode->i_gid = fsi->opts.set_gid ? fsi->opts.gid : current_fsgid();
	mutex_unlock(&fsi->lock);
	snprintf(name, sizeof(name), "%d", index);
	dentry = add_entry(fsi->sb, name, inode, slave);
	if (!IS_ERR(dentry))
		fsnotify_inode(d_inode(fsi->sb->s_root), IN_CREATE, name, 0);
	return dentry;
}

static void devpts_kill_node(struct dentry *dentry)
{
	struct inode *dir = d_inode(dentry->d_sb->s_root);

	inode_lock(dir);
	dentry->d_fsdata = NULL;
	drop_nlink(d_inode(dentry));
	fsnotify_inode(dir, IN_DELETE, (const char *)dentry->d_name.name, 0);
	d_drop(dentry);
	inode_unlock(dir);
	dput(dentry);
}

static void *devpts_get_private(struct dentry *dentry)
{
	return dentry->d_sb->s_magic == DEVPTS_SUPER_MAGIC ? READ_ONCE(dentry->d_fsdata) : NULL;
}

static struct vfsmount *devpts_mount_of(struct file *ptmx, struct pts_fs_info *fsi)
{
	struct vfsmount *mnt;
	struct path path;
	int err = devpts_path(ptmx, &path);

	if (err)
		return ERR_PTR(err);
	mnt = path.mnt->mnt_sb == fsi->sb ? mntget(path.mnt) : ERR_PTR(-ENODEV);
	path_put(&path);
	return mnt;
}

static const struct devpts_ops devpts_ops = {
	.acquire	= devpts_acquire,
	.put		= devpts_put,
	.new_index	= devpts_new_index,
	.kill_index	= devpts_kill_index,
	.new_node	= devpts_new_node,
	.kill_node	= devpts_kill_node,
	.get_private	= devpts_get_private,
	.mount		= devpts_mount_of,
};

void __init devpts_init(void)
{
	BUG_ON(register_filesystem(&devpts_type));
	pty_set_devpts(&devpts_ops);
}
