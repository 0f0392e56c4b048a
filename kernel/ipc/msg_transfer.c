// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages of System V queues: msgsnd(2) and msgrcv(2).
 *
 * Whoever sends hands the message to the first sleeping receiver that wants it; only if there is none does it
 * go onto the queue.  Sleepers are on the queue's lists while they sleep and are told the outcome, under its
 * lock, by whoever takes them off.  A sender that is woken tries again from the start.
 *
 * Interface: msg.h.  Locking: the queue's lock; a sleeper has a reference to the queue.
 */
#include <kernel/ipc/msg.h>

#include <generated/syscalls.h>
#include <kernel/compat.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

/* How a receiver chooses. */
enum msg_mode { MSG_ANY, MSG_EQUAL, MSG_NOT_EQUAL, MSG_LOWEST, MSG_NTH };

struct msg_receiver {
	struct list_head	list;		/* [l] */
	struct task_struct	*task;		/* [I] */
	enum msg_mode		mode;		/* [I] */
	long			type;		/* [I] for MSG_NTH: which */
	size_t			size;		/* [I] most bytes it takes */
	struct msg_message	*msg;		/* [l] ERR_PTR(-EAGAIN): nothing yet */
};

struct msg_sender {
	struct list_head	list;		/* [l]; empty: woken */
	struct task_struct	*task;		/* [I] */
	size_t			size;		/* [I] */
};

/* ---- messages and user memory -------------------------------------------------------------- */

static struct msg_message *load_message(long type, const void __user *text, size_t size)
{
	struct msg_message *msg = kvmalloc(sizeof(*msg) + size, GFP_KERNEL);

	if (!msg)
		return ERR_PTR(-ENOMEM);
	msg->type = type;
	msg->size = size;
	if (!copy_from_user(msg->text, text, size))
		return msg;
	kvfree(msg);
	return ERR_PTR(-EFAULT);
}

/* ---- waking -------------------------------------------------------------------------------- */

static void wake_receiver(struct msg_receiver *r, struct msg_message *msg)
{
	list_del_init(&r->list);
	r->msg = msg;
	wake_up_process(r->task);
}

static void wake_sender(struct msg_sender *s)
{
	list_del_init(&s->list);
	wake_up_process(s->task);
}

void msg_wake_all(struct msg_queue *q, int err)
{
	struct msg_receiver *r, *next_r;
	struct msg_sender *s, *next_s;

	assert_held(&q->obj.lock);
	list_for_each_entry_safe(r, next_r, &q->receivers, list)
		wake_receiver(r, ERR_PTR(err));
	list_for_each_entry_safe(s, next_s, &q->senders, list)
		wake_sender(s);
}

static bool has_room(const struct msg_queue *q, size_t size)
{
	return q->bytes + size <= q->max_bytes && q->count + 1 <= q->max_bytes;
}

/* Something was taken off: those whose message fits now. */
static void wake_senders(struct msg_queue *q)
{
	struct msg_sender *s, *next;

	list_for_each_entry_safe(s, next, &q->senders, list) {
		if (has_room(q, s->size))
			wake_sender(s);
	}
}

/* ---- sending ------------------------------------------------------------------------------- */

static bool suits(const struct msg_message *msg, enum msg_mode mode, long type)
{
	switch (mode) {
	case MSG_EQUAL:
		return msg->type == type;
	case MSG_NOT_EQUAL:
		return msg->type != type;
	case MSG_LOWEST:
		return msg->type <= type;
	default:
		return true;
	}
}

/* To a sleeping receiver: true. One for which it is too long is woken with the error. */
static bool hand_over(struct msg_queue *q, struct msg_message *msg)
{
	struct msg_receiver *r, *next;

	list_for_each_entry_safe(r, next, &q->receivers, list) {
		if (!suits(msg, r->mode, r->type))
			continue;
		if (r->size < msg->size) {
			wake_receiver(r, ERR_PTR(-E2BIG));
			continue;
		}
		ipc_set_pid(&q->lrpid, task_tgid(r->task));
		q->rtime = ktime_get_real_seconds();
		wake_receiver(r, msg);
		return true;
	}
	return false;
}

static void enqueue(struct ipc_namespace *ns, struct msg_queue *q, struct msg_message *msg)
{
	ipc_set_pid(&q->lspid, task_tgid(current));
	q->stime = ktime_get_real_seconds();
	if (hand_over(q, msg))
		return;
	list_add_tail(&msg->list, &q->messages);
	q->bytes += msg->size;
	q->count++;
	atomic_long_add(msg->size, &ns->msg_bytes);
	atomic_long_inc(&ns->msg_count);
}

/* The queue's lock is held, and again on return. 0: look again. */
static int wait_for_room(struct msg_queue *q, size_t size)
{
	struct msg_sender s = { .task = current, .size = size };

	list_add_tail(&s.list, &q->senders);
	set_current_state(TASK_INTERRUPTIBLE);
	spin_unlock(&q->obj.lock);
	schedule();
	spin_lock(&q->obj.lock);
	if (q->obj.deleted)
		return -EIDRM;
	list_del(&s.list);
	return signal_pending(current) ? -ERESTARTNOHAND : 0;
}

static int send_locked(struct ipc_namespace *ns, struct msg_queue *q, struct msg_message *msg, int flags)
{
	int err;

	for (;;) {
		err = ipc_check_access(ns, &q->obj, IPC_WRITE);
		if (err)
			return err;
		if (has_room(q, msg->size))
			break;
		if (flags & IPC_NOWAIT)
			return -EAGAIN;
		err = wait_for_room(q, msg->size);
		if (err)
			return err;
	}
	enqueue(ns, q, msg);
	return 0;
}

static int send_message(struct ipc_namespace *ns, int id, struct msg_message *msg, int flags)
{
	struct ipc_object *obj = ipc_find(msg_ids(ns), id);
	int err;

	if (IS_ERR(obj))
		return PTR_ERR(obj);
	spin_lock(&obj->lock);
	err = send_locked(ns, msg_queue_of(obj), msg, flags);
	spin_unlock(&obj->lock);
	ipc_put(obj);
	return err;
}

/* struct msgbuf is a word of the program, the type, and then the text. */
static const char __user *text_of(const void __user *umsg)
{
	return (const char __user *)umsg + user_word_size();
}

long sys_msgsnd(int id, const void __user *umsg, size_t size, int flags)
{
	struct ipc_namespace *ns = current_ipc_ns();
	struct msg_message *msg;
	unsigned long word;
	long type;
	int err;

	if (get_user_word(&word, umsg))
		return -EFAULT;
	type = is_compat_task() ? (compat_long_t)word : (long)word;
	if (size > (unsigned long)ns->msg_ctlmax || id < 0 || type < 1)
		return -EINVAL;
	msg = load_message(type, text_of(umsg), size);
	if (IS_ERR(msg))
		return PTR_ERR(msg);
	err = send_message(ns, id, msg, flags);
	if (err)
		kvfree(msg);
	return err;
}

/* ---- receiving ----------------------------------------------------------------------------- */

static enum msg_mode choose_mode(long *type, int flags)
{
	if (flags & MSG_COPY)
		return MSG_NTH;
	if (!*type)
		return MSG_ANY;
	if (*type < 0) {
		*type = *type == LONG_MIN ? LONG_MAX : -*type;
		return MSG_LOWEST;
	}
	return flags & MSG_EXCEPT ? MSG_NOT_EQUAL : MSG_EQUAL;
}

/* NULL: none suits. */
static struct msg_message *find_message(const struct msg_queue *q, const struct msg_receiver *r)
{
	struct msg_message *msg, *lowest = NULL;
	long n = 0;

	list_for_each_entry(msg, &q->messages, list) {
		if (r->mode == MSG_NTH) {
			if (n++ == r->type)
				return msg;
		} else if (r->mode == MSG_LOWEST) {
			if (suits(msg, r->mode, r->type) && (!lowest || msg->type < lowest->type))
				lowest = msg;
		} else if (suits(msg, r->mode, r->type)) {
			return msg;
		}
	}
	return lowest;
}

static void dequeue(struct ipc_namespace *ns, struct msg_queue *q, struct msg_message *msg)
{
	list_del(&msg->list);
	q->count--;
	q->bytes -= msg->size;
	q->rtime = ktime_get_real_seconds();
	ipc_set_pid(&q->lrpid, task_tgid(current));
	atomic_long_sub(msg->size, &ns->msg_bytes);
	atomic_long_dec(&ns->msg_count);
	wake_senders(q);
}

/* The queue's lock is held, and again on return. ERR_PTR(-EAGAIN): look again. */
static struct msg_message *wait_for_message(struct msg_queue *q, struct msg_receiver *r)
{
	r->task = current;
	r->msg = ERR_PTR(-EAGAIN);
	list_add_tail(&r->list, &q->receivers);
	set_current_state(TASK_INTERRUPTIBLE);
	spin_unlock(&q->obj.lock);
	schedule();
	spin_lock(&q->obj.lock);
	list_del_init(&r->list);
	if (r->msg == ERR_PTR(-EAGAIN) && signal_pending(current))
		return ERR_PTR(-ERESTARTNOHAND);
	return r->msg;
}

/* MSG_COPY: @copy, which has room, becomes like the message, which stays. */
static struct msg_message *copy_message(struct msg_message *copy, const struct msg_message *msg)
{
	if (msg->size > copy->size)
		return ERR_PTR(-EINVAL);
	copy->type = msg->type;
	copy->size = msg->size;
	__builtin_memcpy(copy->text, msg->text, msg->size);
	return copy;
}

static struct msg_message *receive_locked(struct ipc_namespace *ns, struct msg_queue *q, struct msg_receiver *r,
					  int flags, struct msg_message *copy)
{
	struct msg_message *msg;
	int err;

	do {
		err = ipc_check_access(ns, &q->obj, IPC_READ);
		if (err)
			return ERR_PTR(err);
		msg = find_message(q, r);
		if (msg && r->size < msg->size)
			return ERR_PTR(-E2BIG);
		if (msg && copy)
			return copy_message(copy, msg);
		if (msg) {
			dequeue(ns, q, msg);
			return msg;
		}
		if (flags & IPC_NOWAIT)
			return ERR_PTR(-ENOMSG);
		msg = wait_for_message(q, r);
	} while (msg == ERR_PTR(-EAGAIN));
	return msg;
}

static struct msg_message *receive_message(struct ipc_namespace *ns, int id, size_t size, long type, int flags,
					   struct msg_message *copy)
{
	struct msg_receiver r = {
		/* With MSG_NOERROR a longer one is cut. */
		.size = flags & MSG_NOERROR ? INT_MAX : size,
	};
	struct ipc_object *obj = ipc_find(msg_ids(ns), id);
	struct msg_message *msg;

	if (IS_ERR(obj))
		return ERR_CAST(obj);
	r.mode = choose_mode(&type, flags);
	r.type = type;
	spin_lock(&obj->lock);
	msg = receive_locked(ns, msg_queue_of(obj), &r, flags, copy);
	spin_unlock(&obj->lock);
	ipc_put(obj);
	return msg;
}

long sys_msgrcv(int id, void __user *umsg, size_t size, long type, int flags)
{
	struct ipc_namespace *ns = current_ipc_ns();
	struct msg_message *msg, *copy = NULL;
	long ret;

	if (id < 0 || (is_compat_task() ? (compat_long_t)size : (long)size) < 0)
		return -EINVAL;
	if (flags & MSG_COPY) {
		if ((flags & MSG_EXCEPT) || !(flags & IPC_NOWAIT))
			return -EINVAL;
		/* As Linux, which reads the buffer, too: room for the copy. */
		copy = load_message(0, umsg, min_t(size_t, size, ns->msg_ctlmax));
		if (IS_ERR(copy))
			return PTR_ERR(copy);
	}
	msg = receive_message(ns, id, size, type, flags, copy);
	if (IS_ERR(msg)) {
		kvfree(copy);
		return PTR_ERR(msg);
	}
	ret = min(size, msg->size);
	if (put_user_word(msg->type, umsg) || copy_to_user((void __user *)text_of(umsg), msg->text, ret))
		ret = -EFAULT;
	kvfree(msg);
	return ret;
}
