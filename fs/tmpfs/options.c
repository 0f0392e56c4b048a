// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mount options of tmpfs.  Interface: <fs/tmpfs/tmpfs.h>.
 *
 * Locking: what a context gathers is the context's; what is shown may change while it is.
 */
#include <fs/tmpfs/tmpfs.h>

#include <fs/fs_context.h>
#include <fs/seq_file.h>
#include <kernel/cred.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>
#include <kernel/lib/kstrtox.h>
#include <mm/page_alloc.h>

#define DEFAULT_MODE 01777

enum {
	OPT_GID, OPT_HUGE, OPT_INODE32, OPT_INODE64, OPT_MODE, OPT_MPOL, OPT_NR_BLOCKS, OPT_NR_INODES, OPT_SIZE,
	OPT_UID,
};

static const struct fs_constant huge_values[] = {
	{ "never", 0 }, { "always", 1 }, { "within_size", 2 }, { "advise", 3 }, { NULL },
};

static const struct fs_parameter_spec specs[] = {
	{ "gid", OPT_GID, FS_PARAM_U32 },
	{ "huge", OPT_HUGE, FS_PARAM_ENUM, huge_values },
	{ "inode32", OPT_INODE32, FS_PARAM_FLAG },
	{ "inode64", OPT_INODE64, FS_PARAM_FLAG },
	{ "mode", OPT_MODE, FS_PARAM_U32_OCT },
	{ "mpol", OPT_MPOL, FS_PARAM_STRING },
	{ "nr_blocks", OPT_NR_BLOCKS, FS_PARAM_STRING },
	{ "nr_inodes", OPT_NR_INODES, FS_PARAM_STRING },
	{ "size", OPT_SIZE, FS_PARAM_STRING },
	{ "uid", OPT_UID, FS_PARAM_U32 },
	{ NULL },
};

unsigned long tmpfs_default_pages(void)
{
	return totalram_pages() / 2;
}

unsigned long tmpfs_default_inodes(void)
{
	return totalram_pages() / 2;
}

/* ---- reading --------------------------------------------------------------------------------- */

/* Bytes with a suffix, or a part of memory: "64m", "50%". */
static bool parse_size(const char *value, unsigned long *pages)
{
	char *rest;
	u64 size = memparse(value, &rest);

	if (*rest == '%') {
		size = div_u64((size << PAGE_SHIFT) * totalram_pages(), 100);
		rest++;
	}
	*pages = DIV_ROUND_UP_ULL(size, PAGE_SIZE);
	return !*rest;
}

static bool parse_count(const char *value, unsigned long *count)
{
	char *rest;

	*count = memparse(value, &rest);
	return !*rest;
}

/* The policy of the only node there is: any that does not name others. */
static bool parse_mpol(const char *value)
{
	static const char *const policies[] = {
		"default", "local", "prefer", "prefer:0", "prefer=static:0", "prefer=relative:0", "bind:0",
		"bind=static:0", "bind=relative:0", "interleave", "interleave:0", "interleave=static:0",
		"interleave=relative:0",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(policies); i++)
		if (!strcmp(value, policies[i]))
			return true;
	return false;
}

static int set_option(struct fs_context *fc, int opt, const struct fs_parameter *param, unsigned int number)
{
	struct tmpfs_options *o = fc->fs_private;
	bool good = true;

	switch (opt) {
	case OPT_SIZE:
		good = parse_size(param->string, &o->max_pages);
		o->seen |= TMPFS_SEEN_BLOCKS;
		break;
	case OPT_NR_BLOCKS:
		good = parse_count(param->string, &o->max_pages);
		o->seen |= TMPFS_SEEN_BLOCKS;
		break;
	case OPT_NR_INODES:
		good = parse_count(param->string, &o->max_inodes);
		o->seen |= TMPFS_SEEN_INODES;
		break;
	case OPT_MODE:
		o->mode = number & 07777;
		break;
	case OPT_UID:
		o->uid = uid_from_user(number);
		good = o->uid != ID_INVALID;
		break;
	case OPT_GID:
		o->gid = gid_from_user(number);
		good = o->gid != ID_INVALID;
		break;
	case OPT_HUGE:
		o->huge = number;
		o->seen |= TMPFS_SEEN_HUGE;
		break;
	case OPT_INODE32:
		o->inode64 = false;
		o->seen |= TMPFS_SEEN_INUMS;
		break;
	case OPT_INODE64:
		if (sizeof(long) < 8)
			return invalfc(fc, "Cannot use inode64 with <64bit inums in kernel");
		o->inode64 = true;
		o->seen |= TMPFS_SEEN_INUMS;
		break;
	case OPT_MPOL:
		good = parse_mpol(param->string);
		break;
	}
	return good ? 0 : invalfc(fc, "Bad value for '%s'", param->key);
}

int tmpfs_parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	union fs_parse_result result = { 0 };
	int opt = fs_parse(fc, specs, param, &result);

	return opt < 0 ? opt : set_option(fc, opt, param, result.number);
}

/* ---- showing --------------------------------------------------------------------------------- */

int tmpfs_show_options(struct seq_file *m, struct dentry *root)
{
	const struct tmpfs_sb *info = TMPFS_SB(root->d_sb);

	if (info->limits.max_pages != tmpfs_default_pages())
		seq_printf(m, ",size=%luk", info->limits.max_pages << (PAGE_SHIFT - 10));
	if (info->max_inodes != tmpfs_default_inodes())
		seq_printf(m, ",nr_inodes=%lu", info->max_inodes);
	if (info->mode != DEFAULT_MODE)
		seq_printf(m, ",mode=%03o", info->mode);
	if (info->uid)
		seq_printf(m, ",uid=%u", info->uid);
	if (info->gid)
		seq_printf(m, ",gid=%u", info->gid);
	if (info->inode64)
		seq_puts(m, ",inode64");
	if (info->huge)
		seq_printf(m, ",huge=%s", huge_values[info->huge].name);
	return 0;
}
