/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The state of a path walk, for namei.c and namei_open.c.
 *
 * The walk holds a reference to the mount and the dentry it stands on.  A symbolic link that is being walked
 * has a frame: the link itself (its text lives there) and, in `rest`, what of the outer name follows it.
 */
#pragma once

#include <fs/internal.h>

#define MAXSYMLINKS	40
#define INLINE_LINKS	2

struct link_frame {
	const char	*rest;		/* name stack of link_path_walk() */
	struct path	link;		/* references */
	void		(*done)(void *);	/* gives the text back */
	void		*arg;
};

struct nameidata {
	struct path	path;		/* where we are; references */
	struct inode	*inode;		/* of path.dentry */
	struct path	root;		/* where ".." ends; references if root_set */
	bool		root_set, root_borrowed;
	bool		created;	/* open(O_CREAT) made the file */
	struct qstr	last;
	enum last_type	last_type;
	unsigned int	flags;		/* LOOKUP_* */
	unsigned int	depth;		/* frames in use */
	unsigned int	total_links;
	u32		rename_seq, mount_seq; /* RESOLVE_BENEATH, RESOLVE_IN_ROOT: nothing moved meanwhile */
	int		dfd;
	struct link_frame *frames;
	struct link_frame inline_frames[INLINE_LINKS];
	struct nameidata *outer;	/* an earlier walk of this task that is still going on */
};

/* walk_component() and step_into() */
#define WALK_TRAILING	1	/* the last component: links only with LOOKUP_FOLLOW */
#define WALK_MORE	2	/* the name goes on after it */

void nd_begin(struct nameidata *nd, int dfd, unsigned int flags, const struct path *root);
void nd_end(struct nameidata *nd);
const char *path_init(struct nameidata *nd, const char *name);
const char *lazy_walk(struct nameidata *nd, const char *name, const struct path *start, struct fs_struct *fs);
int link_path_walk(const char *name, struct nameidata *nd);
const char *walk_component(struct nameidata *nd, unsigned int flags);
const char *handle_dots(struct nameidata *nd);
struct dentry *lookup_fast(struct nameidata *nd);
const char *step_into(struct nameidata *nd, unsigned int flags, struct dentry *dentry);
void put_link(struct nameidata *nd);
extern int sysctl_protected_hardlinks;	/* fs.protected_hardlinks */
extern int sysctl_protected_symlinks;	/* fs.protected_symlinks */

/* @last becomes the component that @name begins with; returns what follows it. */
static inline const char *scan_component(const char *name, struct qstr *last)
{
	const unsigned char *s = (const unsigned char *)name;
	u32 hash = name_hash_seed;
	unsigned char c = *s;

	do {
		hash = name_hash_step(hash, c);
		c = *++s;
	} while (c && c != '/');
	last->hash = hash;
	last->len = s - (const unsigned char *)name;
	last->name = (const unsigned char *)name;
	return (const char *)s;
}
static inline enum last_type last_type_of(const struct qstr *name)
{
	if (likely(name->name[0] != '.'))
		return LAST_NORM;
	if (name->len == 1)
		return LAST_DOT;
	return name->len == 2 && name->name[1] == '.' ? LAST_DOTDOT : LAST_NORM;
}
static inline const char *skip_slashes(const char *name)
{
	while (*name == '/')
		name++;
	return name;
}
/* The last component was followed by a slash. */
static inline bool last_has_slash(const struct nameidata *nd)
{
	return nd->last.name[nd->last.len];
}
