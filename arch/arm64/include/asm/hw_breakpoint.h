/* SPDX-License-Identifier: GPL-2.0-only */
/* Hardware breakpoints and watchpoints: hw_breakpoint.c, for process.c and ptrace.c. */
#pragma once

#include <kernel/lib/types.h>

struct task_struct;

#define HW_POINTS_MAX	16

enum hw_kind { HW_BREAK, HW_WATCH };

/* irqs off: those of @t, which has TIF_HW_DEBUG, go to the CPU's registers; MDSCR_EL1.MDE makes them count. */
void hw_debug_load(const struct task_struct *t);
void hw_debug_free(struct task_struct *t);	/* @t is current, or not running any more */
unsigned int hw_debug_hit(enum hw_kind kind, u64 addr);
/* The register sets; @t is stopped. */
int hw_debug_get(struct task_struct *t, enum hw_kind kind, void *buf, unsigned int pos, unsigned int count);
/* The address or the control word of slot @i < HW_POINTS_MAX. */
int hw_debug_set_one(struct task_struct *t, enum hw_kind kind, unsigned int i, bool is_control, u32 val);
int hw_debug_set(struct task_struct *t, enum hw_kind kind, const void *buf, unsigned int count);
