/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of mm/ share among themselves. */
#pragma once

#include <mm/mm.h>

/* page_alloc.c */
unsigned int buddy_free_blocks(unsigned int order);	/* for unit tests and reports */
