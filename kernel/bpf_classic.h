/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Classic BPF: programs that user space hands in and that the kernel runs on a block of data, here for
 * seccomp.  Jumps go forward only, so a program that bpf_classic_check() has accepted ends.
 */
#pragma once

#include <linux/filter.h>

#include <kernel/lib/types.h>

/* Is @insns a good program over @size bytes of data, read as aligned 32-bit words? 0 or -EINVAL. */
int bpf_classic_check(const struct sock_filter *insns, unsigned int len, unsigned int size);
/* Run a checked program on @data. */
u32 bpf_classic_run(const struct sock_filter *insns, const u32 *data, unsigned int size);
