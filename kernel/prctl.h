/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of prctl(2) share. */
#pragma once

/* PR_SET_MM: the remaining arguments of the call. */
long prctl_set_mm(int what, unsigned long addr, unsigned long size, unsigned long arg5);
