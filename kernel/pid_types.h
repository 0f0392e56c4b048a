/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways a struct pid is used by a task. */
#pragma once

enum pid_type {
	PIDTYPE_PID,
	PIDTYPE_TGID,
	PIDTYPE_PGID,
	PIDTYPE_SID,
	PIDTYPE_MAX,
};
