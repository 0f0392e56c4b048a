// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of AF_UNIX sockets: in the file system, or abstract (a zero byte first, then any bytes).
 *
 * One table has both: an abstract name is found by its bytes, the socket's type and its network namespace, a node
 * by its inode, which stays as long as the bound socket holds the path.
 *
 * Locking: see unix.h; a bucket's lock for its chain, bind_lock so that a socket is bound once.
 */
#include <net/unix/unix.h>

#include <fs/fs_struct.h>
#include <fs/vfs.h>
#include <kernel/lib/err.h>
#include <kernel/lib/hash.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <mm/slab.h>
#include <net/net_namespace.h>

#define NAME_HASH_BITS	8
#define NAME_OFFSET	((int)offsetof(struct sockaddr_un, sun_path))
#define AUTOBIND_MASK	0xfffff

struct name_bucket {
	spinlock_t		lock;
	struct hlist_head	head;		/* [lock] */
};
static struct name_bucket name_table[1 << NAME_HASH_BITS];

/* ---- addresses ------------------------------------------------------------------------------- */

int unix_check_addr(const struct sockaddr_storage *addr, int len)
{
	if (len <= NAME_OFFSET || len > (int)sizeof(struct sockaddr_un))
		return -EINVAL;
	return addr->ss_family == AF_UNIX ? 0 : -EINVAL;
}

static struct unix_address *new_address(const struct sockaddr_un *name, int len)
{
	struct unix_address *addr = kzalloc(sizeof(*addr), GFP_KERNEL);

	if (!addr)
		return NULL;
	refcount_set(&addr->refs, 1);
	addr->len = len;
	memcpy(&addr->name, name, len);
	return addr;
}

void unix_put_address(struct unix_address *addr)
{
	if (addr && refcount_dec_and_test(&addr->refs))
		kfree(addr);
}

static const struct unix_address *address_of(const struct unix_sock *u)
{
	return smp_load_acquire(&u->addr);
}

void unix_copy_addr(struct msghdr *msg, const struct unix_sock *from)
{
	const struct unix_address *addr = address_of(from);

	if (addr && msg->name) {
		msg->namelen = addr->len;
		memcpy(msg->name, &addr->name, addr->len);
	}
}

int unix_getname(struct socket *sock, struct sockaddr_storage *to, bool peer)
{
	struct unix_sock *u = unix_sk(sock->sk), *who = u;
	const struct unix_address *addr;
	int len = NAME_OFFSET;

	spin_lock(&u->lock);
	if (peer)
		who = u->peer;
	if (who)
		sock_hold(&who->sk);
	spin_unlock(&u->lock);
	if (!who)
		return -ENOTCONN;
	addr = address_of(who);
	to->ss_family = AF_UNIX;
	if (addr) {
		len = addr->len;
		memcpy(to, &addr->name, len);
	}
	sock_put(&who->sk);
	return len;
}

/* ---- the table ------------------------------------------------------------------------------- */

/* A name is one of sockets of @u's type in its namespace. */
static unsigned int abstract_bucket(const struct unix_sock *u, const struct sockaddr_un *name, int len)
{
	u32 hash = u->sk.type + u->sk.net->ns.inum;
	int i;

	for (i = NAME_OFFSET; i < len; i++)
		hash = hash * 31 + ((const unsigned char *)name)[i];
	return hash_32(hash, NAME_HASH_BITS);
}

static unsigned int inode_bucket(const struct inode *inode)
{
	return hash_ptr(inode, NAME_HASH_BITS);
}

/* Bucket lock held. */
static struct unix_sock *find_abstract_locked(struct name_bucket *b, const struct unix_sock *like,
					      const struct sockaddr_un *name, int len)
{
	struct unix_sock *u;

	hlist_for_each_entry(u, &b->head, name_node)
		if (u->sk.net == like->sk.net && u->sk.type == like->sk.type && u->addr->len == len &&
		    !memcmp(&u->addr->name, name, len))
			return u;
	return NULL;
}

static struct unix_sock *find_abstract(const struct unix_sock *from, const struct sockaddr_un *name, int len)
{
	struct name_bucket *b = &name_table[abstract_bucket(from, name, len)];
	struct unix_sock *u;

	spin_lock(&b->lock);
	u = find_abstract_locked(b, from, name, len);
	if (u)
		sock_hold(&u->sk);
	spin_unlock(&b->lock);
	return u;
}

static struct unix_sock *find_inode(const struct inode *inode)
{
	struct name_bucket *b = &name_table[inode_bucket(inode)];
	struct unix_sock *u, *found = NULL;

	spin_lock(&b->lock);
	hlist_for_each_entry(u, &b->head, name_node) {
		if (u->path.dentry && d_inode(u->path.dentry) == inode) {
			found = u;
			sock_hold(&u->sk);
			break;
		}
	}
	spin_unlock(&b->lock);
	return found;
}

static void hash_locked(struct unix_sock *u, unsigned int bucket)
{
	u->bucket = bucket;
	hlist_add_head(&u->name_node, &name_table[bucket].head);
}

void unix_unhash(struct unix_sock *u)
{
	struct name_bucket *b = &name_table[u->bucket];

	if (hlist_unhashed(&u->name_node))
		return;
	spin_lock(&b->lock);
	hlist_del_init(&u->name_node);
	spin_unlock(&b->lock);
}

/* ---- finding --------------------------------------------------------------------------------- */

/* The name as a string: it need not end in a zero byte on the user's side. */
static void path_string(char path[UNIX_PATH_MAX + 1], const struct sockaddr_un *name, int len)
{
	memcpy(path, name->sun_path, len - NAME_OFFSET);
	path[len - NAME_OFFSET] = '\0';
}

static struct unix_sock *find_by_path(const struct sockaddr_un *name, int len, int type)
{
	char text[UNIX_PATH_MAX + 1];
	struct unix_sock *u = NULL;
	struct path path;
	int err;

	path_string(text, name, len);
	err = kern_path(text, LOOKUP_FOLLOW, &path);
	if (err)
		return ERR_PTR(err);
	err = path_permission(&path, MAY_WRITE);
	if (!err) {
		if (S_ISSOCK(d_inode(path.dentry)->i_mode))
			u = find_inode(d_inode(path.dentry));
		err = u ? 0 : -ECONNREFUSED;
	}
	if (!err && u->sk.type != type) {
		sock_put(&u->sk);
		err = -EPROTOTYPE;
	}
	if (!err)
		touch_atime(&path);
	path_put(&path);
	return err ? ERR_PTR(err) : u;
}

struct unix_sock *unix_find_other(const struct unix_sock *from, struct sockaddr_storage *addr, int len)
{
	const struct sockaddr_un *name = (const struct sockaddr_un *)addr;
	struct unix_sock *u;

	if (name->sun_path[0])
		return find_by_path(name, len, from->sk.type);
	u = find_abstract(from, name, len);
	return u ? u : ERR_PTR(-ECONNREFUSED);
}

/* ---- binding --------------------------------------------------------------------------------- */

/* bind_lock held, no name yet. Consumes @addr. */
static int take_abstract(struct unix_sock *u, struct unix_address *addr)
{
	unsigned int bucket = abstract_bucket(u, &addr->name, addr->len);
	struct name_bucket *b = &name_table[bucket];
	bool taken;

	spin_lock(&b->lock);
	taken = find_abstract_locked(b, u, &addr->name, addr->len);
	if (!taken) {
		smp_store_release(&u->addr, addr);
		hash_locked(u, bucket);
	}
	spin_unlock(&b->lock);
	if (taken)
		unix_put_address(addr);
	return taken ? -EADDRINUSE : 0;
}

static int bind_abstract(struct unix_sock *u, const struct sockaddr_un *name, int len)
{
	struct unix_address *addr = new_address(name, len);
	int err = -EINVAL;

	if (!addr)
		return -ENOMEM;
	mutex_lock(&u->bind_lock);
	if (!u->addr)
		err = take_abstract(u, addr);
	else
		unix_put_address(addr);
	mutex_unlock(&u->bind_lock);
	return err;
}

/* A node in the file system; *made has its references. */
static int make_node(const char *text, umode_t mode, struct path *made)
{
	struct path parent;
	struct dentry *dentry = kern_path_create(text, &parent, false);
	int err;

	if (IS_ERR(dentry))
		return PTR_ERR(dentry) == -EEXIST ? -EADDRINUSE : PTR_ERR(dentry);
	err = vfs_mknod(d_inode(parent.dentry), dentry, mode & ~current_umask(), 0);
	if (!err) {
		made->mnt = mntget(parent.mnt);
		made->dentry = dget(dentry);
	}
	done_path_create(&parent, dentry);
	return err == -EEXIST ? -EADDRINUSE : err;
}

static void remove_node(const struct path *path)
{
	struct dentry *parent = dget_parent(path->dentry);

	inode_lock(d_inode(parent));
	if (path->dentry->d_parent == parent)
		vfs_unlink(d_inode(parent), path->dentry);
	inode_unlock(d_inode(parent));
	dput(parent);
}

static int bind_path(struct unix_sock *u, const struct sockaddr_un *name, int len)
{
	char text[UNIX_PATH_MAX + 1];
	struct unix_address *addr;
	struct path path;
	unsigned int bucket;
	int err;

	path_string(text, name, len);
	addr = new_address(name, NAME_OFFSET);
	if (!addr)
		return -ENOMEM;
	addr->len = min_t(int, NAME_OFFSET + strlen(text) + 1, sizeof(addr->name));
	memcpy(addr->name.sun_path, text, addr->len - NAME_OFFSET);
	err = make_node(text, S_IFSOCK | sock_inode(u->sk.socket)->i_mode, &path);
	if (err) {
		unix_put_address(addr);
		return err;
	}
	mutex_lock(&u->bind_lock);
	if (u->addr) {			/* has a name; a node that is there already was said first */
		mutex_unlock(&u->bind_lock);
		remove_node(&path);
		path_put(&path);
		unix_put_address(addr);
		return -EINVAL;
	}
	bucket = inode_bucket(d_inode(path.dentry));
	spin_lock(&name_table[bucket].lock);
	u->path = path;
	smp_store_release(&u->addr, addr);
	hash_locked(u, bucket);
	spin_unlock(&name_table[bucket].lock);
	mutex_unlock(&u->bind_lock);
	return 0;
}

/* A free abstract name of five hexadecimal digits. */
int unix_autobind(struct unix_sock *u)
{
	static atomic_t ordernum = ATOMIC_INIT(0);
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	unsigned int tries;
	int err = 0;

	for (tries = 0; tries <= AUTOBIND_MASK; tries++) {
		struct unix_address *addr;

		snprintf(name.sun_path + 1, 6, "%05x", atomic_inc_return(&ordernum) & AUTOBIND_MASK);
		addr = new_address(&name, NAME_OFFSET + 6);
		if (!addr)
			return -ENOMEM;
		mutex_lock(&u->bind_lock);
		if (u->addr) {
			unix_put_address(addr);
			err = 0;
		} else {
			err = take_abstract(u, addr);
		}
		mutex_unlock(&u->bind_lock);
		if (err != -EADDRINUSE)
			return err;
	}
	return -ENOSPC;
}

int unix_bind(struct socket *sock, struct sockaddr_storage *addr, int len)
{
	const struct sockaddr_un *name = (const struct sockaddr_un *)addr;
	struct unix_sock *u = unix_sk(sock->sk);
	int err;

	if (len == NAME_OFFSET && addr->ss_family == AF_UNIX)
		return unix_autobind(u);
	err = unix_check_addr(addr, len);
	if (err)
		return err;
	return name->sun_path[0] ? bind_path(u, name, len) : bind_abstract(u, name, len);
}

void __init unix_names_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(name_table); i++)
		spin_lock_init_rank(&name_table[i].lock, LOCK_RANK_FS_STRUCT);
}
