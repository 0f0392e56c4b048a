// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scripts: "#!interpreter [argument]" as the first line.
 *
 * argv becomes interpreter, the one optional argument, the script's name, then the rest of the old argv; the
 * interpreter takes the script's place in the bprm and the formats are tried again.
 */
#include <fs/binfmts.h>

#include <fs/internal.h>
#include <kernel/lib/string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Split the first line in place. -ENOEXEC: no interpreter, or its name was cut off by the buffer. */
static int parse_line(char *buf, char **name, char **arg)
{
	char *end = buf + BINPRM_BUF_SIZE - 1, *p, *stop;

	stop = strnchr(buf, BINPRM_BUF_SIZE, '\n');
	if (!stop) {
		for (p = buf + 2; is_blank(*p); p++)
			;
		for (; p <= end && *p && !is_blank(*p); p++)
			;
		if (p > end)
			return -ENOEXEC;	/* the name itself is too long: do not run another one */
		stop = end;
	}
	while (stop > buf + 2 && is_blank(stop[-1]))
		stop--;
	*stop = '\0';
	for (p = buf + 2; is_blank(*p); p++)
		;
	if (p == stop)
		return -ENOEXEC;
	if (!*p)
		return -EACCES;			/* an empty name: Linux opens the current directory */
	*name = p;
	while (*p && !is_blank(*p))
		p++;
	*arg = NULL;
	if (*p) {
		*p++ = '\0';
		while (is_blank(*p))
			p++;
		*arg = *p ? p : NULL;
	}
	return 0;
}

static int load_script(struct linux_binprm *bprm)
{
	char *name, *arg;
	struct file *file;
	int err;

	if (bprm->buf[0] != '#' || bprm->buf[1] != '!')
		return -ENOEXEC;
	err = parse_line(bprm->buf, &name, &arg);
	if (err)
		return err;
	if (bprm->path_inaccessible)
		return -ENOENT;			/* the interpreter could not open it */
	err = remove_arg_zero(bprm);
	if (!err)
		err = copy_string_kernel(bprm->interp, bprm);
	if (!err && arg) {
		err = copy_string_kernel(arg, bprm);
		bprm->argc++;
	}
	if (!err)
		err = copy_string_kernel(name, bprm);
	if (err)
		return err;
	bprm->argc += 2;
	err = bprm_change_interp(name, bprm);
	if (err)
		return err;
	file = do_open_execat(AT_FDCWD, name, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	bprm->interpreter = file;
	return 0;
}

struct linux_binfmt script_format = { .load_binary = load_script };
