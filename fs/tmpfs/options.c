// SPDX-License-Identifier: GPL-2.0-only
/* Mount options of tmpfs: size, nr_blocks, nr_inodes, mode, uid, gid. */
#include <fs/tmpfs/tmpfs.h>

#include <fs/seq_file.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>
#include <mm/page_alloc.h>

#define DEFAULT_MODE 01777

void tmpfs_default_limits(struct tmpfs_sb *info)
{
	info->limits.max_pages = totalram_pages() / 2;
	info->max_inodes = totalram_pages() / 2;
	info->mode = DEFAULT_MODE;
}

/* Bytes with a suffix, or a part of memory: "64m", "50%". */
static int parse_size(const char *value, unsigned long *pages)
{
	char *rest;
	u64 size = memparse(value, &rest);

	if (*rest == '%') {
		size = div_u64(size * totalram_pages(), 100) << PAGE_SHIFT;
		rest++;
	}
	if (*rest || !*value)
		return -EINVAL;
	*pages = (size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	return 0;
}

static int parse_count(const char *value, unsigned long *count)
{
	char *rest;

	*count = memparse(value, &rest);
	return *rest || !*value ? -EINVAL : 0;
}

static int parse_option(struct tmpfs_sb *info, const char *key, const char *value)
{
	unsigned int mode;
	int err;

	if (!strcmp(key, "inode32") || !strcmp(key, "inode64") || !strcmp(key, "noswap"))
		return 0;
	if (!value)
		return -EINVAL;
	if (!strcmp(key, "size"))
		return parse_size(value, &info->limits.max_pages);
	if (!strcmp(key, "nr_blocks"))
		return parse_count(value, &info->limits.max_pages);
	if (!strcmp(key, "nr_inodes"))
		return parse_count(value, &info->max_inodes);
	if (!strcmp(key, "uid"))
		return kstrtou32(value, 0, &info->uid);
	if (!strcmp(key, "gid"))
		return kstrtou32(value, 0, &info->gid);
	if (!strcmp(key, "huge") || !strcmp(key, "mpol"))
		return 0;
	if (strcmp(key, "mode"))
		return -EINVAL;
	err = kstrtouint(value, 8, &mode);
	if (!err)
		info->mode = mode & 07777;
	return err;
}

int tmpfs_parse_options(struct tmpfs_sb *info, char *options)
{
	char *option, *value;
	int err = 0;

	while (!err && (option = strsep(&options, ",")) != NULL) {
		if (!*option)
			continue;
		value = strchr(option, '=');
		if (value)
			*value++ = '\0';
		err = parse_option(info, option, value);
		if (err)
			pr_err("tmpfs: bad mount option '%s'\n", option);
	}
	return err ? -EINVAL : 0;
}

int tmpfs_show_options(struct seq_file *m, struct dentry *root)
{
	const struct tmpfs_sb *info = TMPFS_SB(root->d_sb);
	struct tmpfs_sb normal = { 0 };

	if (root->d_sb->s_magic == RAMFS_MAGIC)
		return 0;		/* it has no limits to show */
	tmpfs_default_limits(&normal);
	if (info->limits.max_pages != normal.limits.max_pages)
		seq_printf(m, ",size=%luk", info->limits.max_pages << (PAGE_SHIFT - 10));
	if (info->max_inodes != normal.max_inodes)
		seq_printf(m, ",nr_inodes=%lu", info->max_inodes);
	if (info->mode != DEFAULT_MODE)
		seq_printf(m, ",mode=%03o", info->mode);
	if (info->uid)
		seq_printf(m, ",uid=%u", info->uid);
	if (info->gid)
		seq_printf(m, ",gid=%u", info->gid);
	return 0;
}
