// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/sys: variables of the kernel as files.
 *
 * A room registers a table of variables for a directory (sysctl_register()); a variable's handler
 * makes its text or takes a new value from one.  The kernel's own tables are in sysctl_tables.c.
 *
 * Permissions are Linux's: the owner's bits count for effective user 0, the group's for group 0,
 * and no capability overrides them.
 *
 * Locking: none here.  An integer is read and written in one access; handlers of more lock what
 * they touch.
 */
#include <fs/procfs/internal.h>

#include <kernel/cred.h>
#include <kernel/lib/ctype.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <mm/slab.h>

#define SYSCTL_TEXT_MAX	PAGE_SIZE	/* longest text of a variable, with its NUL */
#define SYSCTL_VECTOR_MAX 8		/* most numbers in one variable */

/* ---- integers ------------------------------------------------------------------------------ */

/* The next word of a list, cut off; NULL: there are no more. */
static char *next_word(char **list)
{
	char *word = skip_spaces(*list), *end = word;

	if (!*word)
		return NULL;
	while (*end && !isspace(*end))
		end++;
	*list = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

/* All of the text into values[]: how many, or -EINVAL. */
static int parse_ints(const struct ctl_table *t, char *text, int *values, unsigned int max)
{
	unsigned int n = 0;
	char *word;

	while ((word = next_word(&text))) {
		if (n == max || kstrtoint(word, 0, &values[n]))
			return -EINVAL;
		if (t->max > t->min && (values[n] < t->min || values[n] > t->max))
			return -EINVAL;
		n++;
	}
	return n ? (int)n : -EINVAL;
}

static int parse_ulongs(char *text, unsigned long *values, unsigned int max)
{
	unsigned int n = 0;
	char *word;

	while ((word = next_word(&text))) {
		if (n == max || kstrtoul(word, 0, &values[n]))
			return -EINVAL;
		n++;
	}
	return n ? (int)n : -EINVAL;
}

int sysctl_int(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	unsigned int i, max = min_t(unsigned int, t->maxlen / sizeof(int), SYSCTL_VECTOR_MAX);
	int *data = t->data, values[SYSCTL_VECTOR_MAX], n = 0;

	if (!write) {
		for (i = 0; i < max; i++)
			n += scnprintf(buf + n, *len - n, "%s%d", i ? "\t" : "",
				       READ_ONCE(data[i]));
		*len = n + scnprintf(buf + n, *len - n, "\n");
		return 0;
	}
	n = parse_ints(t, buf, values, max);
	if (n < 0)
		return n;
	for (i = 0; i < n; i++)
		WRITE_ONCE(data[i], values[i]);
	return 0;
}

int sysctl_ulong(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	unsigned int i, max = min_t(unsigned int, t->maxlen / sizeof(long), SYSCTL_VECTOR_MAX);
	unsigned long *data = t->data, values[SYSCTL_VECTOR_MAX];
	int n = 0;

	if (!write) {
		for (i = 0; i < max; i++)
			n += scnprintf(buf + n, *len - n, "%s%lu", i ? "\t" : "",
				       READ_ONCE(data[i]));
		*len = n + scnprintf(buf + n, *len - n, "\n");
		return 0;
	}
	n = parse_ulongs(buf, values, max);
	if (n < 0)
		return n;
	for (i = 0; i < n; i++)
		WRITE_ONCE(data[i], values[i]);
	return 0;
}

/* ---- strings ------------------------------------------------------------------------------- */

/* A write at a position continues the string; it ends at a newline. */
int sysctl_string(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	size_t old = strnlen(t->data, t->maxlen - 1), n;

	if (!write) {
		*len = scnprintf(buf, *len, "%.*s\n", (int)old, (char *)t->data);
		return 0;
	}
	if (*pos > (loff_t)old)
		return 0;
	n = min_t(size_t, strchrnul(buf, '\n') - buf, t->maxlen - 1 - *pos);
	memcpy((char *)t->data + *pos, buf, n);
	((char *)t->data)[*pos + n] = '\0';
	return 0;
}

/* ---- the files ----------------------------------------------------------------------------- */

static int call_handler(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	return (t->handler ? t->handler : sysctl_int)(t, write, buf, len, pos);
}

static ssize_t proc_sys_read(struct file *file, char __user *ubuf, size_t count, loff_t *pos)
{
	const struct ctl_table *t = PROC_I(file_inode(file))->pde->ctl;
	size_t len = SYSCTL_TEXT_MAX;
	char *buf = kmalloc(len, GFP_KERNEL);
	ssize_t ret;

	if (!buf)
		return -ENOMEM;
	ret = call_handler(t, 0, buf, &len, pos);
	if (!ret)
		ret = simple_read_from_buffer(ubuf, count, pos, buf, len);
	kfree(buf);
	return ret;
}

static ssize_t proc_sys_write(struct file *file, const char __user *ubuf, size_t count, loff_t *pos)
{
	const struct ctl_table *t = PROC_I(file_inode(file))->pde->ctl;
	size_t len = count;
	ssize_t ret = 0;
	char *buf;

	if (count >= SYSCTL_TEXT_MAX)
		return -ENOMEM;
	buf = memdup_user_nul(ubuf, count);
	if (IS_ERR(buf))
		return PTR_ERR(buf);
	/* Numbers come in one write: what follows is ignored, and so is nothing. */
	if (count && (!*pos || t->handler == sysctl_string))
		ret = call_handler(t, 1, buf, &len, pos);
	if (!ret) {
		*pos += count;
		ret = count;
	}
	kfree(buf);
	return ret;
}

const struct file_operations proc_sys_file_fops = {
	.read = proc_sys_read, .write = proc_sys_write, .llseek = generic_file_llseek,
};

static int proc_sys_permission(struct inode *inode, int mask)
{
	const struct ctl_table *t = PROC_I(inode)->pde->ctl;
	umode_t mode = inode->i_mode;

	if (t->permission)
		mode = t->permission(t);
	else if (!current_euid())
		mode >>= 6;
	else if (in_egroup_p(0))
		mode >>= 3;
	return mask & ~mode & (MAY_READ | MAY_WRITE | MAY_EXEC) ? -EACCES : 0;
}

static int proc_sys_setattr(struct dentry *dentry, struct iattr *attr)
{
	if (attr->ia_valid & (ATTR_MODE | ATTR_UID | ATTR_GID))
		return -EPERM;
	return simple_setattr(dentry, attr);
}

const struct inode_operations proc_sys_file_iops = {
	.permission = proc_sys_permission, .setattr = proc_sys_setattr,
};

/* ---- the tree ------------------------------------------------------------------------------ */

static struct proc_dir_entry *find_child(struct proc_dir_entry *dir, const char *name, size_t len)
{
	struct proc_dir_entry *de;

	list_for_each_entry(de, &dir->children, sibling) {
		if (strlen(de->name) == len && !memcmp(de->name, name, len))
			return de;
	}
	return NULL;
}

/* "a/b" below @dir, made where it is not there yet; NULL: no memory. */
static struct proc_dir_entry *make_path(struct proc_dir_entry *dir, const char *path)
{
	char name[32];

	while (dir && *path) {
		size_t len = strchrnul(path, '/') - path;
		struct proc_dir_entry *child = find_child(dir, path, len);

		if (!child) {
			strscpy(name, path, min(len + 1, sizeof(name)));
			child = proc_mkdir(name, dir);
		}
		dir = child;
		path += len;
		while (*path == '/')
			path++;
	}
	return dir;
}

void sysctl_register(const char *dir, const struct ctl_table *table, unsigned int n)
{
	struct proc_dir_entry *parent = make_path(make_path(&proc_root, "sys"), dir), *de;
	unsigned int i;

	for (i = 0; parent && i < n; i++) {
		de = proc_create(table[i].procname, table[i].mode, parent, NULL, NULL);
		if (de)
			de->ctl = &table[i];
	}
}
