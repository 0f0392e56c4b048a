/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file system that is being configured: for a new super block, or to change one that is there.
 *
 * mount(2) makes a context, gives it all options in one text and uses it at once.  fsopen(2) and fspick(2) make
 * one behind a descriptor; fsconfig(2) gives it option by option, fsmount(2) mounts what came of it.  The file
 * system sees the same calls either way:
 *
 *	type->init_fs_context()	sets ops, and fs_private for what it gathers
 *	ops->parse_param()	for each option; usually fs_parse() with a table of them
 *	ops->get_tree()		finds or makes the super block: get_tree_nodev(), get_tree_single()
 *	ops->reconfigure()	changes the super block of root
 *	ops->free()		drops fs_private
 *
 * Locks:  [c] fs_context->lock, if there is a descriptor: else it belongs to its maker   [I] immutable
 */
#pragma once

#include <fs/vfs.h>
#include <kernel/locking/mutex.h>

struct fc_log;
struct file;
struct fs_context;
struct user_namespace;

enum fs_purpose {
	FS_FOR_MOUNT,
	FS_FOR_RECONFIGURE,
};

/* What a descriptor's context waits for. */
enum fs_phase {
	FS_CREATE_PARAMS,		/* options of a new super block */
	FS_CREATING,
	FS_AWAITING_MOUNT,
	FS_AWAITING_RECONF,		/* mounted, and forgotten all options */
	FS_RECONF_PARAMS,		/* options to change */
	FS_RECONFIGURING,
	FS_FAILED,
};

enum fs_value_type {
	FS_VALUE_FLAG,			/* no value */
	FS_VALUE_STRING,
	FS_VALUE_BLOB,
	FS_VALUE_FILENAME,
	FS_VALUE_FILE,
};

/* One option. */
struct fs_parameter {
	const char		*key;
	enum fs_value_type	type;
	char			*string;	/* string, blob, file name; who keeps it sets it NULL */
	size_t			size;
	struct file		*file;
	int			dirfd;
};

struct fs_context_operations {
	void (*free)(struct fs_context *fc);	/* default: nothing to free */
	/* 0 or -errno; -ENOPARAM: not an option of this file system. Default: there are none. */
	int (*parse_param)(struct fs_context *fc, struct fs_parameter *param);
	/* All of mount(2)'s text, which may be changed. Default: parse_param() for what commas separate. */
	int (*parse_monolithic)(struct fs_context *fc, char *data);
	int (*get_tree)(struct fs_context *fc);	/* set root: a reference, and one of its super block's s_active */
	int (*reconfigure)(struct fs_context *fc);	/* s_umount held for writing. Default: nothing to change */
};

struct fs_context {
	const struct fs_context_operations *ops; /* [I] */
	struct mutex		lock;
	struct file_system_type	*fs_type;	/* [I] */
	void			*fs_private;	/* [c] the file system's */
	struct dentry		*root;		/* [c] reference, and one of the super block */
	struct user_namespace	*user_ns;	/* [c] whose privileges count for the super block */
	char			*source;	/* [c] */
	struct fc_log		*log;		/* [c] messages; NULL: they go to the kernel's log */
	unsigned int		sb_flags;	/* [c] MS_* */
	unsigned int		sb_flags_mask;	/* [c] which of them were given */
	enum fs_purpose		purpose;	/* [c] */
	enum fs_phase		phase;		/* [c] */
	bool			need_free;	/* [c] ops->free() is due */
};

/* Contexts: ERR_PTR. */
struct fs_context *fs_context_for_mount(struct file_system_type *t, unsigned int sb_flags);
struct fs_context *fs_context_for_reconfigure(struct dentry *root, unsigned int sb_flags, unsigned int mask);
void put_fs_context(struct fs_context *fc);
void vfs_clean_context(struct fs_context *fc);		/* mounted: it may be used to reconfigure */
int finish_clean_context(struct fs_context *fc);	/* and is about to */

/* Options. */
int vfs_parse_fs_param(struct fs_context *fc, struct fs_parameter *param);
int vfs_parse_fs_string(struct fs_context *fc, const char *key, const char *value);	/* NULL: a flag */
int vfs_parse_fs_param_source(struct fs_context *fc, struct fs_parameter *param);	/* -ENOPARAM: not "source" */
int parse_monolithic_mount_data(struct fs_context *fc, char *data);

/* Super blocks: super.c */
bool mount_capable(const struct fs_context *fc);
int vfs_get_tree(struct fs_context *fc);
int reconfigure_super(struct fs_context *fc);		/* s_umount held for writing */
int get_tree_nodev(struct fs_context *fc, int (*fill)(struct super_block *, struct fs_context *));
int get_tree_single(struct fs_context *fc, int (*fill)(struct super_block *, struct fs_context *));

/* ---- the table of options -------------------------------------------------------------------- */

#define ENOPARAM	519		/* not an option that is known here */

enum fs_param_type {
	FS_PARAM_FLAG,
	FS_PARAM_U32,
	FS_PARAM_U32_OCT,
	FS_PARAM_STRING,
	FS_PARAM_ENUM,
};

struct fs_constant {
	const char		*name;
	int			value;
};

struct fs_parameter_spec {
	const char		*name;		/* NULL ends the table */
	int			opt;		/* what fs_parse() answers */
	enum fs_param_type	type;
	const struct fs_constant *constants;	/* of an enumeration, ended by a NULL name */
};

union fs_parse_result {
	unsigned int		number;		/* U32, U32_OCT, ENUM */
};

/* Which option is it? Its opt, -ENOPARAM, or -EINVAL (and a message) for a value that is not of its type. */
int fs_parse(struct fs_context *fc, const struct fs_parameter_spec *table, const struct fs_parameter *param,
	     union fs_parse_result *result);

/* ---- messages -------------------------------------------------------------------------------- */

/* @level: 'e' or 'w'. With a descriptor to be read from it, else to the kernel's log. */
void logfc(struct fs_context *fc, char level, const char *fmt, ...) __printf_like(3, 4);
int fs_log_alloc(struct fs_context *fc);
void fs_log_free(struct fs_context *fc);
/* The oldest message, which the caller frees: ERR_PTR(-ENODATA), -EMSGSIZE for one longer than @max. [c] */
char *fs_log_take(struct fs_context *fc, size_t max);
/* With the file system's name in front; and: without. Both are -EINVAL. */
#define invalfc(fc, fmt, ...)	(logfc(fc, 'e', "%s: " fmt, (fc)->fs_type->name, ##__VA_ARGS__), -EINVAL)
#define invalf(fc, fmt, ...)	(logfc(fc, 'e', fmt, ##__VA_ARGS__), -EINVAL)
