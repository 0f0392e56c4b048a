/* SPDX-License-Identifier: GPL-2.0-only */
/* Native asynchronous I/O (fs/aio.c): what an address space and /proc have to do with it. */
#pragma once

struct mm_struct;

extern unsigned long aio_nr, aio_max_nr;	/* fs.aio-nr, fs.aio-max-nr: requests, of all contexts */
/* The last user of @mm goes: requests that wait end, and all contexts go. May sleep. */
void exit_aio(struct mm_struct *mm);
