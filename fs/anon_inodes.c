// SPDX-License-Identifier: GPL-2.0-only
/*
 * Open files without an inode of their own: epoll, eventfd, timerfd, pidfd...
 *
 * Interface: anon_inode_getfile() and anon_inode_getfd() of <fs/vfs.h>.  All such files share one
 * inode; what tells them apart is the name of their dentry, shown as "anon_inode:NAME".
 *
 * Locking: none; the inode is made at boot and never changes.
 */
#include <fs/internal.h>
#include <fs/pseudofs.h>

#include <kernel/lib/bug.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>

static struct inode *anon_inode;

static char *anon_inode_dname(struct dentry *dentry, char *buf, int len)
{
	char text[64];
	const char *name = (const char *)dentry->d_name.name;
	int n = scnprintf(text, sizeof(text), "anon_inode:%s", name) + 1;

	if (n > len)
		return ERR_PTR(-ENAMETOOLONG);
	return memcpy(buf + len - n, text, n);
}

static const struct dentry_operations anon_inode_dentry_ops = {
	.d_dname	= anon_inode_dname,
};

static struct pseudo_fs anon_fs = {
	.type		= { .name = "anon_inodefs" },
	.magic		= ANON_INODE_FS_MAGIC,
	.d_op		= &anon_inode_dentry_ops,
};

/* There is no way back to such a file by its inode (/proc/PID/fd/N). */
static int anon_inode_open(struct inode *inode, struct file *file)
{
	return -ENXIO;
}

static const struct file_operations anon_inode_fops = {
	.open		= anon_inode_open,
};

struct file *anon_inode_getfile(const char *name, const struct file_operations *fops, void *priv,
				int flags)
{
	struct file *f;

	ihold(anon_inode);
	f = alloc_file_pseudo(anon_inode, anon_fs.mnt, name, flags & (O_ACCMODE | O_NONBLOCK),
			      fops);
	if (IS_ERR(f))
		iput(anon_inode);
	else
		f->private_data = priv;
	return f;
}

int anon_inode_getfd(const char *name, const struct file_operations *fops, void *priv, int flags)
{
	int fd = get_unused_fd_flags(flags);
	struct file *f;

	if (fd < 0)
		return fd;
	f = anon_inode_getfile(name, fops, priv, flags);
	if (IS_ERR(f)) {
		put_unused_fd(fd);
		return PTR_ERR(f);
	}
	fd_install(fd, f);
	return fd;
}

/* The inode has no file type: it is nothing one could name. */
void __init anon_inode_init(void)
{
	pseudo_fs_mount(&anon_fs);
	anon_inode = pseudo_inode(&anon_fs, S_IRUSR | S_IWUSR);
	BUG_ON(!anon_inode);
	anon_inode->i_fop = &anon_inode_fops;
}
