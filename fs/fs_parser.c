// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options by table, and the messages that their parsing gives.
 *
 * Interface: fs_context.h.  A context with a descriptor keeps the last few messages, to be read from it.
 */
#include <fs/fs_context.h>

#include <stdarg.h>

#include <kernel/lib/kstrtox.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/printk.h>
#include <mm/slab.h>

#define MESSAGE_MAX	256
#define LOG_SIZE	8		/* messages; the oldest make room */

/* [c] */
struct fc_log {
	unsigned int	first, count;
	char		*messages[LOG_SIZE];
};

/* ---- the table ------------------------------------------------------------------------------- */

static const struct fs_parameter_spec *find_spec(const struct fs_parameter_spec *table,
						 const struct fs_parameter *param)
{
	for (; table->name; table++)
		if (!strcmp(table->name, param->key))
			return table;
	return NULL;
}

static bool parse_number(const char *text, unsigned int base, union fs_parse_result *result)
{
	return !kstrtouint(text, base, &result->number);
}

static bool parse_enum(const char *text, const struct fs_constant *c, union fs_parse_result *result)
{
	for (; c->name; c++) {
		if (!strcmp(c->name, text)) {
			result->number = c->value;
			return true;
		}
	}
	return false;
}

static bool parse_value(const struct fs_parameter_spec *spec, const struct fs_parameter *param,
			union fs_parse_result *result)
{
	if (param->type != FS_VALUE_STRING)
		return false;
	switch (spec->type) {
	case FS_PARAM_U32:
		return parse_number(param->string, 0, result);
	case FS_PARAM_U32_OCT:
		return parse_number(param->string, 8, result);
	case FS_PARAM_ENUM:
		return parse_enum(param->string, spec->constants, result);
	case FS_PARAM_STRING:
		return *param->string;
	case FS_PARAM_FLAG:
		break;
	}
	return false;
}

int fs_parse(struct fs_context *fc, const struct fs_parameter_spec *table, const struct fs_parameter *param,
	     union fs_parse_result *result)
{
	const struct fs_parameter_spec *spec = find_spec(table, param);

	if (!spec)
		return -ENOPARAM;
	if (spec->type == FS_PARAM_FLAG) {
		if (param->type != FS_VALUE_FLAG)
			return invalfc(fc, "Unexpected value for '%s'", param->key);
	} else if (!parse_value(spec, param, result)) {
		return invalfc(fc, "Bad value for '%s'", param->key);
	}
	return spec->opt;
}

/* ---- messages -------------------------------------------------------------------------------- */

int fs_log_alloc(struct fs_context *fc)
{
	fc->log = kzalloc(sizeof(*fc->log), GFP_KERNEL);
	return fc->log ? 0 : -ENOMEM;
}

void fs_log_free(struct fs_context *fc)
{
	while (fc->log && fc->log->count)
		kfree(fs_log_take(fc, SIZE_MAX));
	kfree(fc->log);
	fc->log = NULL;
}

char *fs_log_take(struct fs_context *fc, size_t max)
{
	struct fc_log *log = fc->log;
	char *message;

	if (!log->count)
		return ERR_PTR(-ENODATA);
	message = log->messages[log->first];
	if (strlen(message) > max)
		return ERR_PTR(-EMSGSIZE);
	log->first = (log->first + 1) % LOG_SIZE;
	log->count--;
	return message;
}

static void log_add(struct fs_context *fc, const char *text)
{
	struct fc_log *log = fc->log;
	char *message = kstrdup(text, GFP_KERNEL);

	if (!message)
		return;
	if (log->count == LOG_SIZE)
		kfree(fs_log_take(fc, SIZE_MAX));
	log->messages[(log->first + log->count++) % LOG_SIZE] = message;
}

void logfc(struct fs_context *fc, char level, const char *fmt, ...)
{
	char text[MESSAGE_MAX];
	int n = scnprintf(text, sizeof(text), "%c ", level);
	va_list args;

	va_start(args, fmt);
	n += vscnprintf(text + n, sizeof(text) - n - 1, fmt, args);
	va_end(args);
	strcpy(text + n, "\n");
	if (fc->log)
		log_add(fc, text);
	else if (level == 'e')
		pr_err("%s", text + 2);
	else
		pr_warn("%s", text + 2);
}
