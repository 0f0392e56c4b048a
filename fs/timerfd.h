/* SPDX-License-Identifier: GPL-2.0-only */
/* The one thing the clock has to tell timerfd. */
#pragma once

void timerfd_clock_was_set(void);	/* CLOCK_REALTIME jumped: TFD_TIMER_CANCEL_ON_SET. Any context */
