// SPDX-License-Identifier: GPL-2.0-only
/*
 * Contexts of file systems that are being configured: their life, and the options all file systems have.
 *
 * Interface: fs_context.h.
 */
#include <fs/fs_context.h>

#include <fs/file.h>
#include <fs/internal.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/user_namespace.h>
#include <mm/slab.h>

/* ---- life ------------------------------------------------------------------------------------ */

static int init_context(struct fs_context *fc)
{
	int err = fc->fs_type->init_fs_context(fc);

	fc->need_free = !err;
	return err;
}

static struct fs_context *alloc_fs_context(struct file_system_type *t, struct dentry *root, enum fs_purpose purpose,
					   unsigned int sb_flags, unsigned int mask)
{
	struct fs_context *fc = kzalloc(sizeof(*fc), GFP_KERNEL);
	int err;

	if (!fc)
		return ERR_PTR(-ENOMEM);
	mutex_init_rank(&fc->lock, LOCK_RANK_FS_CONTEXT);
	fc->fs_type = t;
	fc->purpose = purpose;
	fc->sb_flags = sb_flags;
	fc->sb_flags_mask = mask;
	if (root) {
		atomic_inc(&root->d_sb->s_active);
		fc->root = dget(root);
		fc->user_ns = get_user_ns(root->d_sb->s_user_ns);
	} else {
		fc->user_ns = get_user_ns(sb_flags & MS_KERNMOUNT ? &init_user_ns : fs_type_owner(t));
	}
	err = init_context(fc);
	if (err) {
		put_fs_context(fc);
		return ERR_PTR(err);
	}
	return fc;
}

struct fs_context *fs_context_for_mount(struct file_system_type *t, unsigned int sb_flags)
{
	return alloc_fs_context(t, NULL, FS_FOR_MOUNT, sb_flags, 0);
}

struct fs_context *fs_context_for_reconfigure(struct dentry *root, unsigned int sb_flags, unsigned int mask)
{
	return alloc_fs_context(root->d_sb->s_type, root, FS_FOR_RECONFIGURE, sb_flags, mask);
}

static void free_private(struct fs_context *fc)
{
	if (fc->need_free && fc->ops->free)
		fc->ops->free(fc);
	fc->need_free = false;
	fc->fs_private = NULL;
	kfree(fc->source);
	fc->source = NULL;
}

void put_fs_context(struct fs_context *fc)
{
	struct super_block *sb = fc->root ? fc->root->d_sb : NULL;

	free_private(fc);
	if (sb) {
		dput(fc->root);
		deactivate_super(sb);
	}
	fs_log_free(fc);
	put_user_ns(fc->user_ns);
	kfree(fc);
}

void vfs_clean_context(struct fs_context *fc)
{
	free_private(fc);
	fc->sb_flags = 0;
	fc->sb_flags_mask = 0;
	fc->purpose = FS_FOR_RECONFIGURE;
	fc->phase = FS_AWAITING_RECONF;
}

int finish_clean_context(struct fs_context *fc)
{
	int err;

	if (fc->phase != FS_AWAITING_RECONF)
		return 0;
	err = init_context(fc);
	fc->phase = err ? FS_FAILED : FS_RECONF_PARAMS;
	return err;
}

/* ---- options --------------------------------------------------------------------------------- */

static const struct {
	const char	*name;
	unsigned int	flag;
	bool		set;
} sb_flag_names[] = {
	{ "dirsync", MS_DIRSYNC, true }, { "lazytime", MS_LAZYTIME, true }, { "mand", MS_MANDLOCK, true },
	{ "ro", MS_RDONLY, true }, { "sync", MS_SYNCHRONOUS, true },
	{ "async", MS_SYNCHRONOUS, false }, { "nolazytime", MS_LAZYTIME, false },
	{ "nomand", MS_MANDLOCK, false }, { "rw", MS_RDONLY, false },
};

/* Options that every super block has. */
static int parse_sb_flag(struct fs_context *fc, const char *key)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sb_flag_names); i++) {
		if (strcmp(key, sb_flag_names[i].name))
			continue;
		if (sb_flag_names[i].set)
			fc->sb_flags |= sb_flag_names[i].flag;
		else
			fc->sb_flags &= ~sb_flag_names[i].flag;
		fc->sb_flags_mask |= sb_flag_names[i].flag;
		return 0;
	}
	return -ENOPARAM;
}

int vfs_parse_fs_param_source(struct fs_context *fc, struct fs_parameter *param)
{
	if (strcmp(param->key, "source"))
		return -ENOPARAM;
	if (param->type != FS_VALUE_STRING)
		return invalf(fc, "Non-string source");
	if (fc->source)
		return invalf(fc, "Multiple sources");
	fc->source = param->string;
	param->string = NULL;
	return 0;
}

int vfs_parse_fs_param(struct fs_context *fc, struct fs_parameter *param)
{
	int err = parse_sb_flag(fc, param->key);

	if (err == -ENOPARAM && fc->ops->parse_param)
		err = fc->ops->parse_param(fc, param);
	if (err == -ENOPARAM)
		err = vfs_parse_fs_param_source(fc, param);
	if (err == -ENOPARAM)
		err = invalfc(fc, "Unknown parameter '%s'", param->key);
	return err;
}

int vfs_parse_fs_string(struct fs_context *fc, const char *key, const char *value)
{
	struct fs_parameter param = { .key = key, .type = FS_VALUE_FLAG, .dirfd = AT_FDCWD };
	int err;

	if (value) {
		param.type = FS_VALUE_STRING;
		param.size = strlen(value);
		param.string = kstrdup(value, GFP_KERNEL);
		if (!param.string)
			return -ENOMEM;
	}
	err = vfs_parse_fs_param(fc, &param);
	kfree(param.string);
	return err;
}

static int parse_options(struct fs_context *fc, char *options)
{
	char *key, *value;
	int err = 0;

	while (!err && (key = strsep(&options, ","))) {
		value = strchr(key, '=');
		if (!*key || value == key)
			continue;
		if (value)
			*value++ = '\0';
		err = vfs_parse_fs_string(fc, key, value);
	}
	return err;
}

int parse_monolithic_mount_data(struct fs_context *fc, char *data)
{
	if (!data)
		return 0;
	return (fc->ops->parse_monolithic ?: parse_options)(fc, data);
}
