/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A program that is being executed: what fs/exec.c, the binary formats and kernel/cred.c share.
 *
 * The strings of the new program are collected in kernel pages, top down as on the stack they will become;
 * when a format has decided where the stack goes, bprm_install_stack() maps those pages there.
 * Nothing here is shared between tasks: no locks.
 */
#pragma once

#include <kernel/cred.h>
#include <kernel/lib/list.h>
#include <mm/mm.h>

#define BINPRM_BUF_SIZE		256
#define MAX_ARG_STRLEN		(32 * 4096UL)
#define MAX_ARG_STRINGS		0x7fffffff
#define BINPRM_INLINE_PAGES	8
#define AT_FLAGS_PRESERVE_ARGV0	1	/* in AT_FLAGS */

struct file;

struct linux_binprm {
	char		buf[BINPRM_BUF_SIZE];	/* the beginning of @file, zero filled */
	struct file	*file;			/* what is looked at now: the program, then its interpreter */
	struct file	*interpreter;		/* a format wants this one looked at next */
	struct file	*executable;		/* have_execfd: the program, once @file is its interpreter */
	const char	*filename;		/* as the user named it: AT_EXECFN */
	const char	*interp;		/* what is run in the end; == filename without a script */
	char		*interp_alloc;		/* kmalloc'ed interp, or NULL */
	char		*fdpath;		/* "/dev/fd/N/..." of execveat, or NULL */
	bool		have_execfd;		/* binfmt_misc: the interpreter gets the program's descriptor, */
	bool		execfd_creds;		/* and credentials as the program's file would give them */
	bool		preserve_argv0;		/* and argv[0] is still there: AT_FLAGS says so */
	int		execfd;			/* AT_EXECFD, after begin_new_exec() */
	bool		path_inaccessible;	/* the name will be gone after exec: scripts get ENOENT */
	const struct user_abi *abi;		/* set by formats before begin_new_exec() */
	struct mm_struct *mm;			/* the new address space; NULL once it is current's */
	struct cred	*cred;			/* the new credentials; NULL once committed */
	unsigned int	unsafe;			/* LSM_UNSAFE_*: why set-id bits may not count */
	bool		secureexec;		/* AT_SECURE: set by prepare_exec_creds() */
	int		dumpable;		/* what the file and the old credentials allow */
	unsigned long	per_clear;		/* personality bits that go */
	bool		point_of_no_return;
	bool		executable_stack_default; /* set by formats */
	int		argc, envc;
	unsigned long	rlim_stack;		/* RLIMIT_STACK when exec began */

	/* the strings: bytes [args_pos, args_end) of a downward growing area */
	struct page	**pages;		/* pages[0] is the topmost */
	unsigned int	nr_pages, max_pages;
	struct page	*inline_pages[BINPRM_INLINE_PAGES];
	unsigned long	used;			/* bytes taken from the top */
	unsigned long	limit;			/* most of them */
	unsigned long	exec_off, env_off, arg_off;	/* where strings begin, as bytes below the top */
	unsigned long	stack_top;		/* user address of the top, once installed */
	unsigned long	p;			/* user address of the lowest string byte, once installed */
};
#define LSM_UNSAFE_SHARE	1	/* fs_struct is shared with another process */
#define LSM_UNSAFE_PTRACE	2
#define LSM_UNSAFE_NO_NEW_PRIVS	4

struct linux_binfmt {
	struct list_head list;
	/* -ENOEXEC: not mine. After begin_new_exec() an error kills the process. 0 and bprm->interpreter: again. */
	int (*load_binary)(struct linux_binprm *bprm);
};
void register_binfmt(struct linux_binfmt *fmt);
extern struct linux_binfmt elf_format, script_format;

/* The point of no return: other threads die, the new mm is current's, descriptors close, signals reset. */
int begin_new_exec(struct linux_binprm *bprm);
/* After the format knows the layout: mmap_base and the rest of the mm. */
void setup_new_exec(struct linux_binprm *bprm);
/* Make the stack VMA below @top and map the strings: @executable EXSTACK_*. */
#define EXSTACK_DEFAULT		0
#define EXSTACK_DISABLE_X	1
#define EXSTACK_ENABLE_X	2
int bprm_install_stack(struct linux_binprm *bprm, unsigned long top, int executable);
/* Push a kernel string in front of the others (scripts); -E2BIG, -ENOMEM. */
int copy_string_kernel(const char *s, struct linux_binprm *bprm);
int remove_arg_zero(struct linux_binprm *bprm);
int bprm_change_interp(const char *interp, struct linux_binprm *bprm);
int kernel_execve(const char *filename, const char *const *argv, const char *const *envp);

void exec_init(void);		/* registers the formats */
void binfmt_misc_init(void);
