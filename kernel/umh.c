// SPDX-License-Identifier: GPL-2.0-only
/*
 * User-mode helpers: programs that the kernel starts on its own account, such as the receiver of core dumps.
 *
 * A work queue's thread forks them, so that they inherit nothing from the task on whose behalf they run: root's
 * credentials, the first namespaces, no descriptors.  That thread ignores SIGCHLD, which reaps them.
 *
 * Locking: none.  The request lives on the caller's stack until it is completed.
 */
#include <kernel/umh.h>

#include <fs/binfmts.h>
#include <kernel/lib/cpumask.h>
#include <kernel/sched/completion.h>
#include <kernel/signal.h>
#include <kernel/workqueue.h>

struct helper_request {
	struct work_struct	work;
	const char *const	*argv;
	int			(*prepare)(void *data);
	void			*data;
	int			result;
	struct completion	started;
};

/* The new process. @req is gone once it is completed. */
static int become_helper(void *arg)
{
	static const char *const no_environment[] = { NULL };
	struct helper_request *req = arg;
	int err = 0;

	spin_lock_irq(&current->sighand->siglock);
	flush_signal_handlers(current, true);
	spin_unlock_irq(&current->sighand->siglock);
	set_cpus_allowed(current, cpu_possible_mask);
	set_user_nice(current, 0);
	if (req->prepare)
		err = req->prepare(req->data);
	if (!err)
		err = kernel_execve(req->argv[0], req->argv, no_environment);
	req->result = err;
	complete(&req->started);
	if (err)
		do_exit(0);
	return 0;				/* to the program */
}

static void fork_helper(struct work_struct *work)
{
	struct helper_request *req = container_of(work, struct helper_request, work);
	pid_t pid = user_mode_thread(become_helper, req, 0);

	if (pid < 0) {
		req->result = pid;
		complete(&req->started);
	}
}

int usermodehelper_start(const char *const *argv, int (*prepare)(void *data), void *data)
{
	struct helper_request req = { .argv = argv, .prepare = prepare, .data = data };

	INIT_WORK(&req.work, fork_helper);
	init_completion(&req.started);
	schedule_work(&req.work);
	wait_for_completion(&req.started);
	return req.result;
}
