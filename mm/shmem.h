/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory objects behind MAP_SHARED|MAP_ANONYMOUS, memfd, SysV shm: an unlinked tmpfs file. */
#pragma once

#include <kernel/lib/types.h>

struct file;
struct vm_area_struct;
/* A file of @size bytes on the internal tmpfs mount, not in any directory. ERR_PTR. */
struct file *shmem_file_setup(const char *name, loff_t size, unsigned long vm_flags);
/* Give an anonymous shared VMA its object. */
int shmem_zero_setup(struct vm_area_struct *vma);
