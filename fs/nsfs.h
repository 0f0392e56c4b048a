/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that stand for namespaces. */
#pragma once

#include <fs/vfs.h>

struct ns_common;

void nsfs_init(void);
/* The file of @ns, whose reference goes over to it in any case. */
int nsfs_get_path(struct ns_common *ns, struct path *path);
/* A new descriptor of @ns, or what is wrong with it; consumed. */
long nsfs_open(struct ns_common *ns);
/* "uts:[4026531838]", as much as fits */
int nsfs_name(const struct ns_common *ns, char *buf, size_t size);
struct ns_common *nsfs_file_ns(const struct file *file);	/* borrowed; NULL: not such a file */
struct ns_common *nsfs_dentry_ns(const struct dentry *dentry);	/* the same */
