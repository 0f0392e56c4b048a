/* SPDX-License-Identifier: GPL-2.0-only */
/* The vDSO inside the kernel: its image, and where signal handlers return to. */
#pragma once

extern const char vdso_image_start[], vdso_image_end[];	/* page aligned: vdso/image.S */

unsigned long vdso_sigreturn_address(void);	/* in current's address space; 0 without a vDSO */
