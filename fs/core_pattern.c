// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel.core_pattern: where a core dump goes; core(5) describes the language.
 *
 * A pattern that begins with '|' is a command: it is cut into words at its own blanks, before the specifiers are
 * replaced, so that a blank in a program's name does not make two words of it.
 *
 * Locking: none; a pattern that is written meanwhile gives an odd name, as on Linux.
 */
#include <fs/coredump.h>

#include <fs/vfs.h>
#include <kernel/cred.h>
#include <kernel/lib/ctype.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <kernel/utsname.h>
#include <mm/mm.h>
#include <mm/slab.h>

char core_pattern[CORE_NAME_SIZE] = "core";
int core_uses_pid;

/* ---- a text that grows ----------------------------------------------------------------------- */

static int grow(struct core_name *name, size_t need)
{
	char *text;

	if (need <= name->size)
		return 0;
	text = kmalloc(need + CORE_NAME_SIZE, GFP_KERNEL);
	if (!text)
		return -ENOMEM;
	memcpy(text, name->text, name->used);
	kfree(name->text);
	name->text = text;
	name->size = need + CORE_NAME_SIZE;
	return 0;
}

static int put_text(struct core_name *name, const char *text, size_t len)
{
	int err = grow(name, name->used + len + 1);

	if (err)
		return err;
	memcpy(name->text + name->used, text, len);
	name->used += len;
	name->text[name->used] = '\0';
	return 0;
}

static int put_number(struct core_name *name, const char *format, long long value)
{
	char text[24];

	return put_text(name, text, snprintf(text, sizeof(text), format, value));
}

/* A name that a user chose: it may not lead to another directory. */
static int put_component(struct core_name *name, const char *text)
{
	size_t start = name->used, i;
	int err;

	if (!*text)
		text = "!";
	err = put_text(name, text, strlen(text));
	if (err)
		return err;
	if (!strcmp(name->text + start, ".") || !strcmp(name->text + start, ".."))
		name->text[start] = '!';
	for (i = start; i < name->used; i++)
		if (name->text[i] == '/')
			name->text[i] = '!';
	return 0;
}

/* ---- the specifiers -------------------------------------------------------------------------- */

static int put_comm(struct core_name *name)
{
	char comm[TASK_COMM_LEN];

	get_task_comm(comm, current);
	return put_component(name, comm);
}

static int put_program(struct core_name *name, bool whole_path)
{
	struct file *exe = get_mm_exe_file(current->mm);
	char *buf, *path, *slash;
	int err;

	if (!exe) {
		err = put_comm(name);
		return err ? err : put_text(name, " (path unknown)", 15);
	}
	buf = kmalloc(PATH_MAX, GFP_KERNEL);
	path = buf ? d_path(&exe->f_path, buf, PATH_MAX) : ERR_PTR(-ENOMEM);
	err = PTR_ERR(path);
	if (!IS_ERR(path)) {
		slash = whole_path ? NULL : strrchr(path, '/');
		err = put_component(name, slash ? slash + 1 : path);
	}
	kfree(buf);
	fput(exe);
	return err;
}

static int put_host(struct core_name *name)
{
	char host[__NEW_UTS_LEN + 1];

	down_read(&uts_sem);
	strscpy(host, utsns()->name.nodename, sizeof(host));
	up_read(&uts_sem);
	return put_component(name, host);
}

static int put_specifier(struct core_name *name, const struct core_dump *dump, char c)
{
	const struct cred *cred = current_cred();

	switch (c) {
	case '%':
		return put_text(name, "%", 1);
	case 'p':
		return put_number(name, "%lld", pid_vnr(task_tgid(current)));
	case 'P':
		return put_number(name, "%lld", current->tgid);
	case 'i':
		return put_number(name, "%lld", pid_vnr(current->thread_pid));
	case 'I':
		return put_number(name, "%lld", current->pid);
	case 'u':
		return put_number(name, "%lld", cred->uid);
	case 'g':
		return put_number(name, "%lld", cred->gid);
	case 'd':
		return put_number(name, "%lld", dump->dumpable);
	case 's':
		return put_number(name, "%lld", dump->info->si_signo);
	case 't':
		return put_number(name, "%lld", ktime_get_real_seconds());
	case 'h':
		return put_host(name);
	case 'e':
		return put_comm(name);
	case 'f':
		return put_program(name, false);
	case 'E':
		return put_program(name, true);
	case 'c':
		return put_number(name, "%llu", rlimit(RLIMIT_CORE));
	}
	return 0;				/* an unknown one is nothing */
}

/* ---- the pattern ----------------------------------------------------------------------------- */

static int begin_word(struct core_name *name)
{
	if (name->argc && put_text(name, "", 1))	/* ends the word before */
		return -ENOMEM;
	name->word[name->argc++] = name->used;
	return 0;
}

static int expand(struct core_name *name, const struct core_dump *dump, const char *p)
{
	bool between_words = name->pipe, pid_seen = false;
	int err = 0;

	for (; *p && !err; p++) {
		if (name->pipe && isspace(*p)) {
			between_words = true;
			continue;
		}
		if (between_words) {
			err = begin_word(name);
			between_words = false;
		}
		if (err)
			break;
		if (*p != '%') {
			err = put_text(name, p, 1);
		} else if (!*++p) {
			break;			/* a lone % at the end */
		} else {
			pid_seen |= *p == 'p';
			err = put_specifier(name, dump, *p);
		}
	}
	if (!err && !name->pipe && !pid_seen && core_uses_pid)
		err = put_number(name, ".%lld", pid_vnr(task_tgid(current)));
	return err;
}

static void point_to_words(struct core_name *name)
{
	for (unsigned int i = 0; i < name->argc; i++)
		name->argv[i] = name->text + name->word[i];
	name->argv[name->argc] = NULL;
}

int core_name_make(struct core_name *name, const struct core_dump *dump)
{
	char pattern[CORE_NAME_SIZE];
	int err;

	memset(name, 0, sizeof(*name));
	strscpy(pattern, core_pattern, sizeof(pattern));
	name->pipe = pattern[0] == '|';
	err = put_text(name, "", 0);
	if (!err && name->pipe) {
		name->word = kmalloc_array(CORE_NAME_SIZE, sizeof(*name->word), GFP_KERNEL);
		name->argv = kmalloc_array(CORE_NAME_SIZE, sizeof(*name->argv), GFP_KERNEL);
		if (!name->word || !name->argv)
			err = -ENOMEM;
	}
	if (!err)
		err = expand(name, dump, pattern + name->pipe);
	if (err)
		core_name_free(name);
	else if (name->pipe)
		point_to_words(name);
	return err;
}

void core_name_free(struct core_name *name)
{
	kfree(name->text);
	kfree(name->word);
	kfree(name->argv);
}
