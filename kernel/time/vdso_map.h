/* SPDX-License-Identifier: GPL-2.0-only */
/* Mapping the vDSO into a program: for the ports' arch_map_vdso(). */
#pragma once

struct mm_struct;
struct vm_area_struct;

/* A vDSO as the kernel has it: whole pages. */
struct vdso_image {
	const char *start, *end;
};

unsigned long vdso_map_len(const struct vdso_image *image);	/* bytes that vdso_map() needs at @addr */
/* mmap_lock of @mm held for write. The mapping of the code, whose start is the ELF header; or ERR_PTR. */
struct vm_area_struct *vdso_map(struct mm_struct *mm, unsigned long addr, const struct vdso_image *image);
