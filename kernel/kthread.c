// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kernel threads; see kthread.h.
 *
 * A request is queued for kthreadd, which forks; the new thread announces itself, sleeps until it
 * is woken for the first time, and then calls its function.  kthreadd ignores SIGCHLD, so that
 * threads which end leave no zombies.  Locks: create_lock for the list of requests.
 */
#include <kernel/kthread.h>

#include <kernel/lib/bitops.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/printk.h>
#include <kernel/sched/completion.h>
#include <kernel/signal.h>

#define KTHREAD_SHOULD_STOP	0	/* bits of task->kthread_flags */
#define KTHREAD_EXITED		1

struct create_request {
	struct list_head	entry;		/* [create_lock] */
	int			(*fn)(void *);
	void			*data;
	char			name[TASK_COMM_LEN];
	struct task_struct	*result;	/* ERR_PTR on failure */
	struct completion	done;
};

static DEFINE_SPINLOCK(create_lock);
static LIST_HEAD(create_list);
static DECLARE_WAIT_QUEUE_HEAD(exit_wait);	/* those who wait for threads to end */
struct task_struct *kthreadd_task;

bool kthread_should_stop(void)
{
	return test_bit(KTHREAD_SHOULD_STOP, &current->kthread_flags);
}

void *kthread_data(struct task_struct *t)
{
	return t->kthread_data;
}

static void __noreturn kthread_exit(int result)
{
	current->kthread_result = result;
	smp_mb__before_atomic();
	set_bit(KTHREAD_EXITED, &current->kthread_flags);
	wake_up_all(&exit_wait);
	do_exit(0);
}

/* The first function of each thread. The request is gone once it was answered. */
static int kthread_main(void *arg)
{
	struct create_request *req = arg;
	int (*fn)(void *) = req->fn;
	void *data = req->data;

	set_task_comm(current, req->name);
	current->kthread_data = data;
	set_current_state(TASK_IDLE);
	req->result = current;
	complete(&req->done);
	schedule();
	kthread_exit(kthread_should_stop() ? -EINTR : fn(data));
}

static void answer(struct create_request *req)
{
	struct kernel_clone_args args = {
		.flags = CLONE_VM | CLONE_UNTRACED | CLONE_FS | CLONE_FILES,
		.exit_signal = SIGCHLD,
		.fn = kthread_main, .fn_arg = req, .name = req->name, .kthread = true,
	};
	pid_t pid = kernel_clone(&args);

	if (pid < 0) {
		req->result = ERR_PTR(pid);
		complete(&req->done);
	}
}

static struct create_request *next_request(void)
{
	struct create_request *req;

	spin_lock(&create_lock);
	req = list_first_entry_or_null(&create_list, struct create_request, entry);
	if (req)
		list_del(&req->entry);
	spin_unlock(&create_lock);
	return req;
}

static void ignore_all_signals(void)
{
	int i;

	spin_lock_irq(&current->sighand->siglock);
	for (i = 0; i < _NSIG; i++)
		current->sighand->action[i].handler = (unsigned long)SIG_IGN;
	current->sighand->touched = ~0ULL;
	spin_unlock_irq(&current->sighand->siglock);
}

int kthreadd(void *unused)
{
	struct create_request *req;

	set_task_comm(current, "kthreadd");
	ignore_all_signals();
	/* Requests may have come before. */
	WRITE_ONCE(kthreadd_task, current);
	for (;;) {
		set_current_state(TASK_IDLE);
		req = next_request();
		if (!req) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		answer(req);
	}
}

static struct task_struct *create(struct create_request *req)
{
	init_completion(&req->done);
	spin_lock(&create_lock);
	list_add_tail(&req->entry, &create_list);
	spin_unlock(&create_lock);
	smp_mb();
	if (READ_ONCE(kthreadd_task))
		wake_up_process(kthreadd_task);
	wait_for_completion(&req->done);
	return req->result;
}

struct task_struct *kthread_create(int (*threadfn)(void *data), void *data, const char *namefmt, ...)
{
	struct create_request req = { .fn = threadfn, .data = data };
	va_list args;

	va_start(args, namefmt);
	vsnprintf(req.name, sizeof(req.name), namefmt, args);
	va_end(args);
	return create(&req);
}

struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
					  const char *name)
{
	struct create_request req = { .fn = threadfn, .data = data };
	struct task_struct *t;

	snprintf(req.name, sizeof(req.name), "%s/%u", name, cpu);
	t = create(&req);
	if (IS_ERR(t))
		return t;
	wait_task_inactive(t);
	set_cpus_allowed(t, cpumask_of(cpu));
	t->flags |= PF_NO_SETAFFINITY;	/* it sleeps, so nobody else writes */
	return t;
}

int kthread_stop(struct task_struct *t)
{
	int result;

	get_task_struct(t);
	set_bit(KTHREAD_SHOULD_STOP, &t->kthread_flags);
	smp_mb__after_atomic();
	wake_up_process(t);
	wait_event(exit_wait, test_bit(KTHREAD_EXITED, &t->kthread_flags));
	result = t->kthread_result;
	put_task_struct(t);
	return result;
}
