// SPDX-License-Identifier: GPL-2.0-only
/*
 * What seccomp writes to the kernel log, and /proc/sys/kernel/seccomp, which chooses.
 *
 * Kills and SECCOMP_RET_LOG are logged, the other refusals where the filter that answered asked for it
 * (SECCOMP_FILTER_FLAG_LOG); all of it only if actions_logged has the action.
 *
 * Locking: none, one word.
 */
#include <kernel/seccomp_internal.h>

#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/printk.h>

/* In Linux's order: the most restrictive first. */
static const struct {
	u32		action;
	const char	*name;
} actions[] = {
	{ SECCOMP_RET_KILL_PROCESS, "kill_process" }, { SECCOMP_RET_KILL_THREAD, "kill_thread" },
	{ SECCOMP_RET_TRAP, "trap" }, { SECCOMP_RET_ERRNO, "errno" }, { SECCOMP_RET_USER_NOTIF, "user_notif" },
	{ SECCOMP_RET_TRACE, "trace" }, { SECCOMP_RET_LOG, "log" }, { SECCOMP_RET_ALLOW, "allow" },
};
#define ALLOW	(ARRAY_SIZE(actions) - 1)

static u32 logged = (1U << ALLOW) - 1;		/* [a] bits of actions[] */

/* An unknown action kills the process. */
static unsigned int find_action(u32 action)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(actions); i++)
		if (actions[i].action == action)
			return i;
	return 0;
}

void seccomp_log(const struct seccomp_filter *match, int nr, u32 ret)
{
	unsigned int i = find_action(ret & SECCOMP_RET_ACTION_FULL);
	bool always = actions[i].action == SECCOMP_RET_LOG || actions[i].action == SECCOMP_RET_KILL_THREAD || !i;

	if ((READ_ONCE(logged) & 1U << i) && (always || (match && match->log)))
		pr_info_ratelimited("seccomp: %s[%d]: %s for system call %d\n", current->comm, current->pid,
				    actions[i].name, nr);
}

size_t seccomp_list_actions(char *buf, size_t size, bool available)
{
	u32 set = available ? ~0U : READ_ONCE(logged);
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(actions); i++)
		if (set & 1U << i)
			len += scnprintf(buf + len, size - len, "%s%s", len ? " " : "", actions[i].name);
	return len + scnprintf(buf + len, size - len, "\n");
}

int seccomp_set_logged(char *names)
{
	unsigned int i;
	char *name;
	u32 set = 0;

	while ((name = strsep(&names, " ")) && *name) {
		for (i = 0; i < ALLOW && strcmp(actions[i].name, name); i++)
			;
		if (i == ALLOW)
			return -EINVAL;
		set |= 1U << i;
	}
	WRITE_ONCE(logged, set);
	return 0;
}
