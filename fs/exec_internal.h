/* SPDX-License-Identifier: GPL-2.0-only */
/* What exec.c and exec_strings.c share. */
#pragma once

#include <fs/binfmts.h>

/* argv or envp: one of the two is set, or neither (an empty list). */
struct arg_list {
	const char __user *const __user *user;
	const char *const	*kernel;
};

int count_strings(const struct arg_list *list);		/* -EFAULT, -E2BIG, -EINTR */
int bprm_stack_limits(struct linux_binprm *bprm);	/* argc, envc, rlim_stack are set */
int copy_strings(int n, const struct arg_list *list, struct linux_binprm *bprm);
void free_string_pages(struct linux_binprm *bprm);	/* what is not mapped yet */
