// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/net/unix: every AF_UNIX socket of the network namespace, named or not.
 *
 * unix_list_add() and unix_list_del() keep the roll, at creation and release.  It is spread over buckets by
 * address, so that sockets made on several CPUs do not meet; reading shows a bucket at a time.
 *
 * Locking: a bucket's lock for its chain, outside of u->lock. [b] of unix.h is not needed: a name, once there, stays.
 */
#include <net/unix/unix.h>

#include <fs/procfs/proc_fs.h>
#include <fs/seq_file.h>
#include <fs/vfs.h>
#include <kernel/lib/hash.h>
#include <net/net_namespace.h>

#define ROLL_BITS	6
#define HEADING		((void *)1)	/* what the iterator calls the first line */
#define FLAG_ACCEPTS	0x10000		/* __SO_ACCEPTCON, as the ABI has it */

struct roll_bucket {
	spinlock_t		lock;
	struct hlist_head	head;		/* [lock] of unix_sock.roll_node */
};
static struct roll_bucket roll[1 << ROLL_BITS];

static struct roll_bucket *bucket_of(const struct unix_sock *u)
{
	return &roll[hash_ptr(u, ROLL_BITS)];
}

void unix_list_add(struct unix_sock *u)
{
	struct roll_bucket *b = bucket_of(u);

	spin_lock(&b->lock);
	hlist_add_head(&u->roll_node, &b->head);
	spin_unlock(&b->lock);
}

void unix_list_del(struct unix_sock *u)
{
	struct roll_bucket *b = bucket_of(u);

	spin_lock(&b->lock);
	hlist_del_init(&u->roll_node);
	spin_unlock(&b->lock);
}

/* ---- the file -------------------------------------------------------------------------------- */

/* A path as it is; an abstract name, which may hold any byte, with '@' for each zero. */
static void show_name(struct seq_file *m, const struct unix_address *addr)
{
	int i, len = addr->len - (int)offsetof(struct sockaddr_un, sun_path);

	if (addr->name.sun_path[0])
		len--;				/* the zero byte at its end */
	seq_putc(m, ' ');
	for (i = 0; i < len; i++)
		seq_putc(m, addr->name.sun_path[i] ? addr->name.sun_path[i] : '@');
}

/* One of those without a file waits to be accepted, or is closed and was not let go by everybody. */
static unsigned int state_of(const struct unix_sock *u)
{
	bool connected = u->state == UNIX_CONNECTED || u->peer;

	if (u->sk.socket)
		return connected ? SS_CONNECTED : SS_UNCONNECTED;
	return connected ? SS_CONNECTING : SS_DISCONNECTING;
}

static void show_socket(struct seq_file *m, struct unix_sock *u)
{
	const struct unix_address *addr;

	spin_lock(&u->lock);
	seq_printf(m, "%pK: %08X %08X %08X %04X %02X %5lu", u, refcount_read(&u->sk.refs), 0,
		   u->state == UNIX_LISTENING ? FLAG_ACCEPTS : 0, u->sk.type, state_of(u),
		   u->sk.socket ? (unsigned long)sock_inode(u->sk.socket)->i_ino : 0);
	spin_unlock(&u->lock);
	addr = smp_load_acquire(&u->addr);
	if (addr)
		show_name(m, addr);
	seq_putc(m, '\n');
}

/* Position 0 is the heading, n bucket n - 1. */
static void *roll_start(struct seq_file *m, loff_t *pos)
{
	if (!*pos)
		return HEADING;
	return *pos <= (loff_t)ARRAY_SIZE(roll) ? &roll[*pos - 1] : NULL;
}

static void *roll_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return roll_start(m, pos);
}

static void roll_stop(struct seq_file *m, void *v)
{
}

static int roll_show(struct seq_file *m, void *v)
{
	struct roll_bucket *b = v;
	struct unix_sock *u;

	if (v == HEADING) {
		seq_puts(m, "Num       RefCount Protocol Flags    Type St Inode Path\n");
		return 0;
	}
	spin_lock(&b->lock);
	hlist_for_each_entry(u, &b->head, roll_node)
		if (u->sk.net == proc_seq_net(m))
			show_socket(m, u);
	spin_unlock(&b->lock);
	return 0;
}

static const struct seq_operations roll_ops = {
	.start = roll_start, .next = roll_next, .stop = roll_stop, .show = roll_show,
};

static int roll_open(struct inode *inode, struct file *file)
{
	return seq_open(file, &roll_ops);
}

static const struct file_operations roll_fops = {
	.open = roll_open,
	.read_iter = seq_read_iter,
	.llseek = seq_lseek,
	.release = seq_release,
};

void __init unix_list_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(roll); i++)
		spin_lock_init_rank(&roll[i].lock, LOCK_RANK_FS_STRUCT);
}

void __init unix_proc_init(void)
{
	proc_create("unix", 0444, proc_net, &roll_fops, NULL);
}
