// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mount options of proc: hidepid= and gid= hide processes from other users, subset=pid all that is not a process.
 *
 * Interface: internal.h.  Locking: none; a remount changes words that readers look at one by one.
 */
#include <fs/procfs/internal.h>

#include <fs/fs_context.h>
#include <kernel/cred.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/string.h>
#include <kernel/ptrace.h>
#include <mm/slab.h>

enum { OPT_GID, OPT_HIDEPID, OPT_SUBSET };

static const struct fs_parameter_spec specs[] = {
	{ "gid", OPT_GID, FS_PARAM_U32 },
	{ "hidepid", OPT_HIDEPID, FS_PARAM_STRING },
	{ "subset", OPT_SUBSET, FS_PARAM_STRING },
	{ NULL },
};

/* What a context gathers. */
struct proc_options {
	unsigned int		seen;		/* 1 << OPT_* */
	struct proc_fs_info	info;
};

static const char *const hide_pid_names[] = {
	[HIDEPID_OFF] = "off", [HIDEPID_NO_ACCESS] = "noaccess", [HIDEPID_INVISIBLE] = "invisible",
	[HIDEPID_NOT_PTRACEABLE] = "ptraceable",
};

/* By number or by name. */
static int parse_hidepid(struct fs_context *fc, const char *text, unsigned int *value)
{
	unsigned int i, number;

	for (i = 0; i < ARRAY_SIZE(hide_pid_names); i++) {
		if (!hide_pid_names[i])
			continue;
		if (!strcmp(text, hide_pid_names[i]) || (!kstrtouint(text, 0, &number) && number == i)) {
			*value = i;
			return 0;
		}
	}
	return invalf(fc, "proc: unknown value of hidepid - %s\n", text);
}

static int parse_subset(struct fs_context *fc, char *text, bool *pid_only)
{
	char *word;

	while ((word = strsep(&text, ","))) {
		if (!*word)
			continue;
		if (strcmp(word, "pid"))
			return invalf(fc, "proc: unsupported subset option - %s\n", word);
		*pid_only = true;
	}
	return 0;
}

static int proc_parse_param(struct fs_context *fc, struct fs_parameter *param)
{
	struct proc_options *o = fc->fs_private;
	union fs_parse_result result;
	int opt = fs_parse(fc, specs, param, &result), err = 0;

	if (opt < 0)
		return opt;
	if (opt == OPT_GID)
		o->info.pid_gid = gid_from_user(result.number);
	else if (opt == OPT_HIDEPID)
		err = parse_hidepid(fc, param->string, &o->info.hide_pid);
	else
		err = parse_subset(fc, param->string, &o->info.pid_only);
	if (!err)
		o->seen |= 1u << opt;
	return err;
}

void proc_apply_options(struct super_block *sb, struct fs_context *fc)
{
	const struct proc_options *o = fc->fs_private;
	struct proc_fs_info *info = proc_sb_info(sb);

	if (o->seen & 1u << OPT_GID)
		WRITE_ONCE(info->pid_gid, o->info.pid_gid);
	if (o->seen & 1u << OPT_HIDEPID)
		WRITE_ONCE(info->hide_pid, o->info.hide_pid);
	if (o->seen & 1u << OPT_SUBSET)
		WRITE_ONCE(info->pid_only, o->info.pid_only);
}

static int proc_reconfigure(struct fs_context *fc)
{
	proc_apply_options(fc->root->d_sb, fc);
	return 0;
}

static void proc_free_fc(struct fs_context *fc)
{
	kfree(fc->fs_private);
}

static const struct fs_context_operations proc_context_ops = {
	.free		= proc_free_fc,
	.parse_param	= proc_parse_param,
	.get_tree	= proc_get_tree,
	.reconfigure	= proc_reconfigure,
};

int proc_init_fs_context(struct fs_context *fc)
{
	fc->fs_private = kzalloc(sizeof(struct proc_options), GFP_KERNEL);
	fc->ops = &proc_context_ops;
	return fc->fs_private ? 0 : -ENOMEM;
}

int proc_show_options(struct seq_file *m, struct dentry *root)
{
	const struct proc_fs_info *info = proc_sb_info(root->d_sb);

	if (info->pid_gid)
		seq_printf(m, ",gid=%u", info->pid_gid);
	if (info->hide_pid != HIDEPID_OFF)
		seq_printf(m, ",hidepid=%s", hide_pid_names[info->hide_pid]);
	if (info->pid_only)
		seq_puts(m, ",subset=pid");
	return 0;
}

bool proc_may_see(const struct super_block *sb, struct task_struct *t, unsigned int hide_pid_min)
{
	const struct proc_fs_info *info = proc_sb_info(sb);
	unsigned int hide_pid = READ_ONCE(info->hide_pid);

	if (hide_pid != HIDEPID_NOT_PTRACEABLE && (hide_pid < hide_pid_min || in_group_p(info->pid_gid)))
		return true;
	return ptrace_may_access(t, PTRACE_MODE_READ_FSCREDS);
}
