/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NUMA memory policies on a machine of one node: kept and told, without effect (mempolicy.c).
 *
 * A policy is one word: the mode and its flags (MPOL_*) in the low half, in the high half the node mask that
 * get_mempolicy() tells.  0 is the default policy.  There is one in each task ([o], others read it without a lock)
 * and one in each VMA ([M]).
 */
#pragma once

#include <kernel/lib/types.h>

/* Debian's 32-bit kernel is built without NUMA: all calls are ENOSYS there. */
#define HAVE_MEMPOLICY	(sizeof(long) == 8)

/* As numa_maps shows it: into @buf, which has MEMPOLICY_TEXT bytes. */
#define MEMPOLICY_TEXT	32
void mempolicy_to_str(char *buf, u32 policy);
