/* SPDX-License-Identifier: GPL-2.0-only */
/* The vDSO inside the kernel: its image. Signal handlers return through the sigpage. */
#pragma once

extern const char vdso_image_start[], vdso_image_end[];	/* page aligned: vdso/image.S */
