// SPDX-License-Identifier: GPL-2.0-only
/* t_file_ioctl.c: ioctl requests that file systems answer: chattr's flags, clones, block maps, freezing. */
#include "tap.h"

#include <linux/fiemap.h>
#include <linux/fs.h>
#include <sys/ioctl.h>

#define NOWHERE ((void *)8)

static int get_flags(int fd)
{
	int flags = -1;

	CHECK_OK(ioctl(fd, FS_IOC_GETFLAGS, &flags));
	return flags;
}

static int set_flags(int fd, int flags)
{
	return ioctl(fd, FS_IOC_SETFLAGS, &flags);
}

static uint64_t statx_attributes(int fd)
{
	struct statx sx;

	CHECK_OK(statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &sx));
	return sx.stx_attributes & (STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND | STATX_ATTR_NODUMP);
}

TEST(immutable)
{
	int fd = open("f", O_CREAT | O_RDWR, 0644);

	CHECK_EQ(get_flags(fd), 0);
	CHECK_OK(set_flags(fd, FS_IMMUTABLE_FL | FS_NODUMP_FL));
	CHECK_EQ(get_flags(fd), FS_IMMUTABLE_FL | FS_NODUMP_FL);
	CHECK_EQ(statx_attributes(fd), STATX_ATTR_IMMUTABLE | STATX_ATTR_NODUMP);
	CHECK_ERR(open("f", O_WRONLY), EPERM);
	CHECK_ERR(truncate("f", 0), EPERM);
	CHECK_ERR(unlink("f"), EPERM);
	CHECK_ERR(rename("f", "g"), EPERM);
	CHECK_ERR(link("f", "g"), EPERM);
	CHECK_ERR(chmod("f", 0600), EPERM);
	CHECK_ERR(chown("f", 1, 1), EPERM);
	CHECK_ERR(fallocate(fd, 0, 0, 1), EPERM);
	CHECK_OK(set_flags(fd, 0));
	CHECK_OK(rename("f", "g"));
}

TEST(append_only)
{
	int fd = open("f", O_CREAT | O_RDWR, 0644);

	CHECK_OK(set_flags(fd, FS_APPEND_FL));
	CHECK_EQ(statx_attributes(fd), STATX_ATTR_APPEND);
	CHECK_ERR(open("f", O_WRONLY), EPERM);
	CHECK_ERR(open("f", O_WRONLY | O_APPEND | O_TRUNC), EPERM);
	CHECK_OK(close(CHECK_OK(open("f", O_WRONLY | O_APPEND))));
	CHECK_ERR(ftruncate(fd, 0), EPERM);
	CHECK_ERR(unlink("f"), EPERM);
	CHECK_OK(set_flags(fd, 0));
}

TEST(directory_flags)
{
	int dir, fd;

	mkdir("d", 0755);
	dir = open("d", O_RDONLY);
	CHECK_OK(set_flags(dir, FS_NODUMP_FL));
	fd = open("d/f", O_CREAT | O_RDWR, 0644);
	CHECK_EQ(get_flags(fd), FS_NODUMP_FL);		/* inherited */
	CHECK_OK(set_flags(dir, FS_IMMUTABLE_FL));
	CHECK_ERR(open("d/g", O_CREAT | O_WRONLY, 0644), EPERM);
	CHECK_ERR(unlink("d/f"), EPERM);
	CHECK_OK(set_flags(dir, FS_APPEND_FL));
	CHECK_OK(close(CHECK_OK(open("d/g", O_CREAT | O_WRONLY, 0644))));
	CHECK_ERR(unlink("d/g"), EPERM);
	CHECK_OK(set_flags(dir, 0));
	CHECK_OK(unlink("d/g"));
}

static void as_user(void)
{
	int fd = open("mine", O_RDONLY), other = open("roots", O_RDONLY);

	become_user();
	CHECK_ERR(set_flags(fd, FS_IMMUTABLE_FL), EPERM);
	CHECK_ERR(set_flags(fd, FS_APPEND_FL), EPERM);
	CHECK_OK(set_flags(fd, FS_NODUMP_FL));
	CHECK_ERR(set_flags(other, FS_NODUMP_FL), EPERM);
}

TEST(flags_of_a_user)
{
	write_file("mine", "x");
	write_file("roots", "x");
	CHECK_OK(chown("mine", 1000, 1000));
	in_child(as_user);
}

TEST(bad_flags)
{
	int fd = open("f", O_CREAT | O_RDWR, 0644), p[2];
	struct fsxattr fx;

	CHECK_ERR(set_flags(fd, FS_COMPR_FL), EOPNOTSUPP);
	CHECK_ERR(ioctl(fd, FS_IOC_SETFLAGS, NOWHERE), EFAULT);
	CHECK_ERR(ioctl(fd, FS_IOC_GETFLAGS, NOWHERE), EFAULT);
	CHECK_OK(set_flags(fd, FS_NODUMP_FL));
	CHECK_OK(ioctl(fd, FS_IOC_FSGETXATTR, &fx));
	CHECK_EQ(fx.fsx_xflags, FS_XFLAG_NODUMP);
	fx.fsx_xflags = FS_XFLAG_APPEND;
	CHECK_OK(ioctl(fd, FS_IOC_FSSETXATTR, &fx));
	CHECK_EQ(get_flags(fd), FS_APPEND_FL);
	fx.fsx_xflags = FS_XFLAG_EXTSIZE;
	fx.fsx_extsize = 4096;
	CHECK_ERR(ioctl(fd, FS_IOC_FSSETXATTR, &fx), EOPNOTSUPP);
	CHECK_ERR(ioctl(fd, FS_IOC_FSSETXATTR, NOWHERE), EFAULT);
	CHECK_OK(set_flags(fd, 0));
	REQUIRE(!pipe(p));
	CHECK_ERR(set_flags(p[0], 0), ENOTTY);
}

TEST(clone)
{
	int from = open("a", O_CREAT | O_RDWR, 0644), to = open("b", O_CREAT | O_RDWR, 0644);
	int app = open("b", O_WRONLY | O_APPEND), dir = open(".", O_RDONLY), null = open("/dev/null", O_RDWR);
	struct file_clone_range range = { .src_fd = from };

	CHECK_ERR(ioctl(to, FICLONE, from), EOPNOTSUPP);
	CHECK_ERR(ioctl(to, FICLONE, 999), EBADF);
	CHECK_ERR(ioctl(app, FICLONE, from), EBADF);
	CHECK_ERR(ioctl(open("b", O_RDONLY), FICLONE, from), EBADF);
	CHECK_ERR(ioctl(dir, FICLONE, from), EISDIR);
	CHECK_ERR(ioctl(null, FICLONE, null), EINVAL);
	CHECK_ERR(ioctl(to, FICLONE, null), EXDEV);
	CHECK_ERR(ioctl(to, FICLONERANGE, &range), EOPNOTSUPP);
	CHECK_ERR(ioctl(to, FICLONERANGE, NOWHERE), EFAULT);
}

TEST(dedupe)
{
	struct file_dedupe_range range = { .src_length = 1 };
	int fd = open("a", O_CREAT | O_RDWR, 0644);

	CHECK_ERR(ioctl(fd, FIDEDUPERANGE, &range), EOPNOTSUPP);
	CHECK_ERR(ioctl(fd, FIDEDUPERANGE, NOWHERE), EFAULT);
	CHECK_ERR(ioctl(open(".", O_RDONLY), FIDEDUPERANGE, &range), EISDIR);
	CHECK_ERR(ioctl(open("a", O_WRONLY), FIDEDUPERANGE, &range), EINVAL);
	CHECK_ERR(ioctl(open("/dev/null", O_RDWR), FIDEDUPERANGE, &range), EINVAL);
	range.reserved1 = 1;
	CHECK_ERR(ioctl(fd, FIDEDUPERANGE, &range), EINVAL);
	range.reserved1 = 0;
	range.dest_count = 1000;
	CHECK_ERR(ioctl(fd, FIDEDUPERANGE, &range), ENOMEM);
}

static void blocks_as_user(void)
{
	int fd = open("a", O_RDONLY), block = 0;

	become_user();
	CHECK_ERR(ioctl(fd, FIBMAP, &block), EPERM);
	CHECK_ERR(ioctl(fd, FIFREEZE, 0), EPERM);
	CHECK_ERR(ioctl(fd, FITHAW, 0), EPERM);
}

TEST(block_maps)
{
	int fd = open("a", O_CREAT | O_RDWR, 0644), block = 0;
	struct fiemap map = { .fm_length = 1 };

	CHECK_ERR(ioctl(fd, FIBMAP, &block), EINVAL);
	CHECK_ERR(ioctl(fd, FIBMAP, NOWHERE), EFAULT);
	CHECK_ERR(ioctl(open(".", O_RDONLY), FIBMAP, &block), ENOTTY);
	CHECK_ERR(ioctl(fd, FS_IOC_FIEMAP, &map), EOPNOTSUPP);
	CHECK_ERR(ioctl(fd, FIFREEZE, 0), EOPNOTSUPP);
	CHECK_ERR(ioctl(fd, FITHAW, 0), EINVAL);
	in_child(blocks_as_user);
}
