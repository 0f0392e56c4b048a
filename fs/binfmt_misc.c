// SPDX-License-Identifier: GPL-2.0-only
/*
 * binfmt_misc: formats that user space registers, each with a program that runs its files.
 *
 * The file system "binfmt_misc" has one instance.  Writing ":name:type:offset:magic:mask:interpreter:flags" into
 * its file "register" makes an entry, a file that tells what it does and takes 1, 0 and -1 to enable, disable and
 * remove it; "status" does that for all at once.  They all go when it is mounted nowhere any more.
 *
 * argv becomes interpreter, the file's name, then the old argv without its first (flag P: with it).  Flag O keeps
 * the file open for the interpreter (AT_EXECFD), C takes the credentials from it, too, and F opens the interpreter
 * when the entry is made, so that it works in other mount namespaces and roots.
 *
 * Locking: the root directory's i_rwsem to add and remove; entries_lock for the list, inside it.  An entry is
 * counted: by its inode, which takes it off the list at the latest, and by whoever found it there.
 */
#include <fs/binfmts.h>

#include <fs/fs_context.h>
#include <fs/internal.h>
#include <fs/procfs/proc_fs.h>
#include <kernel/lib/ctype.h>
#include <kernel/lib/hexdump.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/refcount.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/printk.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define BINFMTFS_MAGIC	0x42494e4d
#define REGISTER_MIN	11
#define REGISTER_MAX	1920
#define PADDING		8		/* delimiters after the line: fields that are left out are empty */

#define FLAG_ARGV0	0x1		/* P */
#define FLAG_OPEN	0x2		/* O */
#define FLAG_CREDS	0x4		/* C, which has O in it */
#define FLAG_FIX	0x8		/* F */
static const char flag_letters[] = "POCF";

struct misc_entry {
	struct list_head list;		/* entries_lock; empty once removed */
	refcount_t	users;		/* [a] */
	struct dentry	*dentry;	/* [I] alive while it is listed and its file system in use */
	const struct super_block *sb;	/* [I] */
	struct file	*file;		/* [I] F: the interpreter, not to be written to */
	const char	*name, *interpreter; /* [I] into text, as the next two */
	char		*magic;		/* [I] or the extension */
	char		*mask;		/* [I] NULL: all bits count */
	int		offset, size;	/* [I] of magic */
	bool		by_magic;	/* [I] */
	bool		enabled;	/* [a] */
	unsigned int	flags;		/* [I] FLAG_* */
	char		text[];		/* the line it was made from */
};

static DEFINE_SPINLOCK(entries_lock);
static LIST_HEAD(entries);		/* entries_lock; the newest first */
static bool all_enabled = true;		/* [a] */

/* ---- the line that makes an entry ------------------------------------------------------------ */

/* The field before the next delimiter, which becomes its end; NULL: there is none. */
static char *take_field(char **p, char delimiter)
{
	char *field = *p, *end = strchr(field, delimiter);

	if (!end)
		return NULL;
	*end = '\0';
	*p = end + 1;
	return field;
}

/* The same for one with \xHH in it. */
static char *take_escaped(char **p, const char *end, char delimiter)
{
	char *field = *p, *s;

	for (s = field; *s != delimiter; s++) {
		if (s[0] == '\\' && s[1] == 'x') {
			if (!isxdigit(s[2]) || !isxdigit(s[3]))
				return NULL;
			s += 3;
		}
		if (s >= end)
			return NULL;
	}
	*s = '\0';
	*p = s + 1;
	return field;
}

/* In place: the number of bytes. A backslash before anything else stands for itself. */
static int unescape(char *text)
{
	char *from = text, *to = text;

	while (*from) {
		if (from[0] == '\\' && from[1] == 'x') {
			hex2bin((u8 *)to++, from + 2, 1);
			from += 4;
			continue;
		}
		if (from[0] == '\\' && from[1])
			*to++ = *from++;
		*to++ = *from++;
	}
	return to - text;
}

/* offset:magic:mask */
static int parse_magic(struct misc_entry *e, char **p, const char *end, char delimiter)
{
	char *offset = take_field(p, delimiter);

	if (!offset || (*offset && (kstrtoint(offset, 10, &e->offset) || e->offset < 0)))
		return -EINVAL;
	e->magic = take_escaped(p, end, delimiter);
	if (!e->magic || !*e->magic)
		return -EINVAL;
	e->mask = take_escaped(p, end, delimiter);
	if (!e->mask)
		return -EINVAL;
	if (!*e->mask)
		e->mask = NULL;
	e->size = unescape(e->magic);
	if (e->mask && unescape(e->mask) != e->size)
		return -EINVAL;
	return e->size > BINPRM_BUF_SIZE || BINPRM_BUF_SIZE - e->size < e->offset ? -EINVAL : 0;
}

/* The same three fields, two of which say nothing. */
static int parse_extension(struct misc_entry *e, char **p, char delimiter)
{
	if (!take_field(p, delimiter))
		return -EINVAL;
	e->magic = take_field(p, delimiter);
	if (!e->magic || !*e->magic || strchr(e->magic, '/'))
		return -EINVAL;
	return take_field(p, delimiter) ? 0 : -EINVAL;
}

static void parse_flags(struct misc_entry *e, char **p)
{
	const char *letter;

	for (; **p && (letter = strchr(flag_letters, **p)); ++*p)
		e->flags |= 1 << (letter - flag_letters);
	if (e->flags & FLAG_CREDS)
		e->flags |= FLAG_OPEN;
}

static bool is_file_name(const char *name)
{
	return *name && strcmp(name, ".") && strcmp(name, "..") && !strchr(name, '/');
}

/* The @count bytes of text, padded, into the entry's fields. */
static int parse_entry(struct misc_entry *e, size_t count)
{
	char *p = e->text, delimiter = *p++;
	const char *end = e->text + count;
	int err;

	e->name = take_field(&p, delimiter);
	if (!e->name || !is_file_name(e->name) || (*p != 'E' && *p != 'M'))
		return -EINVAL;
	e->by_magic = *p++ == 'M';
	if (*p++ != delimiter)
		return -EINVAL;
	err = e->by_magic ? parse_magic(e, &p, end + PADDING, delimiter) : parse_extension(e, &p, delimiter);
	if (err)
		return err;
	e->interpreter = take_field(&p, delimiter);
	if (!e->interpreter || !*e->interpreter)
		return -EINVAL;
	parse_flags(e, &p);
	if (*p == '\n')
		p++;
	return p == end ? 0 : -EINVAL;
}

static struct misc_entry *create_entry(const char __user *buf, size_t count)
{
	struct misc_entry *e;
	int err = -EFAULT;

	if (count < REGISTER_MIN || count > REGISTER_MAX)
		return ERR_PTR(-EINVAL);
	e = kzalloc(sizeof(*e) + count + 2 * PADDING, GFP_KERNEL);	/* zeros behind all: no look ahead leaves it */
	if (!e)
		return ERR_PTR(-ENOMEM);
	if (!copy_from_user(e->text, buf, count)) {
		memset(e->text + count, e->text[0], PADDING);
		err = parse_entry(e, count);
	}
	if (!err && (e->flags & FLAG_FIX)) {
		e->file = do_open_execat(AT_FDCWD, e->interpreter, 0);
		err = PTR_ERR_OR_ZERO(e->file);
		if (err)
			pr_notice("binfmt_misc: register: failed to install interpreter file %s\n", e->interpreter);
	}
	refcount_set(&e->users, 1);
	if (!err)
		return e;
	kfree(e);
	return ERR_PTR(err);
}

static void put_entry(struct misc_entry *e)
{
	if (!refcount_dec_and_test(&e->users))
		return;
	if (e->file) {
		allow_write_access(e->file);
		fput(e->file);
	}
	kfree(e);
}

/* ---- running a file -------------------------------------------------------------------------- */

static bool magic_matches(const struct misc_entry *e, const char *buf)
{
	int i;

	for (i = 0; i < e->size; i++)
		if ((buf[e->offset + i] ^ e->magic[i]) & (e->mask ? e->mask[i] : 0xff))
			return false;
	return true;
}

/* With a reference; NULL: nobody wants it. */
static struct misc_entry *find_entry(const struct linux_binprm *bprm)
{
	const char *dot = strrchr(bprm->interp, '.');
	struct misc_entry *e;

	spin_lock(&entries_lock);
	list_for_each_entry(e, &entries, list) {
		if (READ_ONCE(e->enabled) &&
		    (e->by_magic ? magic_matches(e, bprm->buf) : dot && !strcmp(e->magic, dot + 1))) {
			refcount_inc(&e->users);
			spin_unlock(&entries_lock);
			return e;
		}
	}
	spin_unlock(&entries_lock);
	return NULL;
}

static int run_entry(struct linux_binprm *bprm, const struct misc_entry *e)
{
	struct file *file;
	int err = 0;

	if (bprm->path_inaccessible)
		return -ENOENT;			/* the interpreter could not open it */
	if (e->flags & FLAG_ARGV0)
		bprm->preserve_argv0 = true;
	else
		err = remove_arg_zero(bprm);
	if (e->flags & FLAG_OPEN)
		bprm->have_execfd = true;
	if (!err)
		err = copy_string_kernel(bprm->interp, bprm);
	if (!err)
		err = copy_string_kernel(e->interpreter, bprm);
	bprm->argc += 2;
	if (!err)
		err = bprm_change_interp(e->interpreter, bprm);
	if (err)
		return err;
	if (e->file)
		file = deny_write_access(e->file) ? ERR_PTR(-ETXTBSY) : get_file(e->file);
	else
		file = do_open_execat(AT_FDCWD, e->interpreter, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	bprm->interpreter = file;
	if (e->flags & FLAG_CREDS)
		bprm->execfd_creds = true;
	return 0;
}

static int load_misc(struct linux_binprm *bprm)
{
	struct misc_entry *e;
	int err;

	/* Empty is the usual case, and may be seen a moment late. */
	if (list_empty(&entries) || !READ_ONCE(all_enabled))
		return -ENOEXEC;
	e = find_entry(bprm);
	if (!e)
		return -ENOEXEC;
	err = run_entry(bprm, e);
	put_entry(e);
	return err;
}

static struct linux_binfmt misc_format = { .load_binary = load_misc };

/* ---- adding and removing --------------------------------------------------------------------- */

static struct inode *misc_inode(struct super_block *sb, u64 ino, umode_t mode, const struct file_operations *fops)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = ino;
	inode->i_mode = mode;
	inode->i_fop = fops;
	inode->i_atime = inode->i_mtime = inode->i_ctime = inode->i_btime = current_time(inode);
	return inode;
}

/* A new file in the root directory, whose i_rwsem is held; its dentry, with the reference that keeps it there. */
static struct dentry *add_file(struct super_block *sb, const char *name, u64 ino, umode_t mode,
			       const struct file_operations *fops)
{
	struct dentry *dentry = lookup_one_len(name, sb->s_root, strlen(name));
	struct inode *inode;
	int err = -EEXIST;

	if (IS_ERR(dentry))
		return dentry;
	if (d_is_negative(dentry)) {
		inode = misc_inode(sb, ino, S_IFREG | mode, fops);
		if (inode) {
			d_instantiate(dentry, inode);
			return dentry;
		}
		err = -ENOMEM;
	}
	dput(dentry);
	return ERR_PTR(err);
}

static void unlist_entry(struct misc_entry *e)
{
	spin_lock(&entries_lock);
	list_del_init(&e->list);
	spin_unlock(&entries_lock);
}

/* The root's i_rwsem is held, and its file system is in use. */
static void remove_entry(struct misc_entry *e)
{
	struct dentry *dentry = e->dentry;

	unlist_entry(e);
	drop_nlink(d_inode(dentry));
	d_drop(dentry);
	dput(dentry);
}

/* One of this file system's; NULL: there are no more. */
static struct misc_entry *any_entry(const struct super_block *sb)
{
	struct misc_entry *e, *found = NULL;

	spin_lock(&entries_lock);
	list_for_each_entry(e, &entries, list)
		if (e->sb == sb)		/* or of one that is just going */
			found = e;
	spin_unlock(&entries_lock);
	return found;
}

/* 0, 1, -1 with or without newline; nothing at all is 2. */
static int parse_command(const char __user *buf, size_t count)
{
	char s[4];

	if (count > 3)
		return -EINVAL;
	if (copy_from_user(s, buf, count))
		return -EFAULT;
	if (!count)
		return 2;
	if (s[count - 1] == '\n')
		count--;
	if (count == 1 && (s[0] == '0' || s[0] == '1'))
		return s[0] - '0';
	return count == 2 && s[0] == '-' && s[1] == '1' ? -1 : -EINVAL;
}

/* What was written to @only's file, or (NULL) to "status". */
static ssize_t do_command(struct file *file, struct misc_entry *only, const char __user *buf, size_t count)
{
	struct super_block *sb = file_inode(file)->i_sb;
	int command = parse_command(buf, count);

	if (command < -1)
		return command;
	if (command >= 0) {
		if (command < 2)
			WRITE_ONCE(*(only ? &only->enabled : &all_enabled), command);
		return count;
	}
	inode_lock(d_inode(sb->s_root));
	if (!only)
		while ((only = any_entry(sb)))
			remove_entry(only);
	else if (!list_empty(&only->list))	/* once more is no mistake */
		remove_entry(only);
	inode_unlock(d_inode(sb->s_root));
	return count;
}

/* ---- the files ------------------------------------------------------------------------------- */

static int describe(const struct misc_entry *e, char *buf)
{
	char *p = buf;
	int i;

	p += sprintf(p, "%s\ninterpreter %s\nflags: ", READ_ONCE(e->enabled) ? "enabled" : "disabled", e->interpreter);
	for (i = 0; flag_letters[i]; i++)
		if (e->flags & (1 << i))
			*p++ = flag_letters[i];
	if (!e->by_magic)
		return p + sprintf(p, "\nextension .%s\n", e->magic) - buf;
	p += sprintf(p, "\noffset %d\nmagic ", e->offset);
	p = bin2hex(p, e->magic, e->size);
	if (e->mask) {
		p += sprintf(p, "\nmask ");
		p = bin2hex(p, e->mask, e->size);
	}
	*p++ = '\n';
	return p - buf;
}

static ssize_t entry_read(struct file *file, char __user *ubuf, size_t count, loff_t *pos)
{
	char *buf = kmalloc(PAGE_SIZE, GFP_KERNEL);	/* twice as long as the longest text */
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	n = simple_read_from_buffer(ubuf, count, pos, buf, describe(file_inode(file)->i_private, buf));
	kfree(buf);
	return n;
}

static ssize_t entry_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	return do_command(file, file_inode(file)->i_private, buf, count);
}

static const struct file_operations entry_fops = {
	.read = entry_read, .write = entry_write, .llseek = generic_file_llseek,
};

static ssize_t register_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	struct super_block *sb = file_inode(file)->i_sb;
	struct misc_entry *e = create_entry(buf, count);
	struct dentry *dentry;

	if (IS_ERR(e))
		return PTR_ERR(e);
	inode_lock(d_inode(sb->s_root));
	dentry = add_file(sb, e->name, get_next_ino(), 0644, &entry_fops);
	if (IS_ERR(dentry)) {
		inode_unlock(d_inode(sb->s_root));
		put_entry(e);
		return PTR_ERR(dentry);
	}
	e->dentry = dentry;
	e->sb = sb;
	e->enabled = true;
	d_inode(dentry)->i_private = e;
	spin_lock(&entries_lock);
	list_add(&e->list, &entries);
	spin_unlock(&entries_lock);
	inode_unlock(d_inode(sb->s_root));
	return count;
}

static const struct file_operations register_fops = { .write = register_write, .llseek = noop_llseek };

static ssize_t status_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	const char *text = READ_ONCE(all_enabled) ? "enabled\n" : "disabled\n";

	return simple_read_from_buffer(buf, count, pos, text, strlen(text));
}

static ssize_t status_write(struct file *file, const char __user *buf, size_t count, loff_t *pos)
{
	return do_command(file, NULL, buf, count);
}

static const struct file_operations status_fops = {
	.read = status_read, .write = status_write, .llseek = generic_file_llseek,
};

/* ---- the file system ------------------------------------------------------------------------- */

static void misc_evict_inode(struct inode *inode)
{
	struct misc_entry *e = inode->i_private;

	if (!e)
		return;				/* not an entry's */
	unlist_entry(e);
	put_entry(e);
}

static const struct super_operations misc_super_ops = { .evict_inode = misc_evict_inode, .statfs = simple_statfs };

static int misc_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct dentry *status, *reg;
	struct inode *root;

	sb->s_magic = BINFMTFS_MAGIC;
	sb->s_op = &misc_super_ops;
	root = misc_inode(sb, 1, S_IFDIR | 0755, &simple_dir_operations);
	if (!root)
		return -ENOMEM;
	root->i_op = &simple_dir_inode_operations;
	set_nlink(root, 2);
	sb->s_root = d_make_root(root);
	if (!sb->s_root)
		return -ENOMEM;
	inode_lock(root);
	status = add_file(sb, "status", 2, 0644, &status_fops);
	reg = add_file(sb, "register", 3, 0200, &register_fops);
	inode_unlock(root);
	return IS_ERR(status) || IS_ERR(reg) ? -ENOMEM : 0;
}

static int misc_get_tree(struct fs_context *fc)
{
	return get_tree_single(fc, misc_fill_super);
}

static const struct fs_context_operations misc_context_ops = { .get_tree = misc_get_tree };

static int misc_init_fs_context(struct fs_context *fc)
{
	fc->ops = &misc_context_ops;
	return 0;
}

static struct file_system_type misc_fs_type = {
	.name = "binfmt_misc", .init_fs_context = misc_init_fs_context, .kill_sb = kill_litter_super,
};

void binfmt_misc_init(void)
{
	register_filesystem(&misc_fs_type);
	sysctl_register("fs/binfmt_misc", NULL, 0);	/* where it is mounted */
	register_binfmt(&misc_format);
}
