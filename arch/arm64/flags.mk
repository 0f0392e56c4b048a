# SPDX-License-Identifier: GPL-2.0-only
# What the top Makefile needs to know of arm64.
CROSS := aarch64-linux-gnu-
CLANG_TARGET := aarch64-linux-gnu
UAPI_DIR := /usr/aarch64-linux-gnu/include
UAPI32_DIR := /usr/arm-linux-gnueabihf/include	# of the 32-bit programs it runs, too
ABI64 := y		# the system calls that 32-bit programs do not have
IMAGE := kernel8.img

# No FP/SIMD registers in the kernel, no calls to libgcc's atomics, every access may be unaligned
# except what the device accessors do. x18 is an ordinary register.
ARCH_CFLAGS := -march=armv8-a -mgeneral-regs-only -mcmodel=small -mno-outline-atomics
ARCH_CFLAGS += $(if $(filter 1,$(LLVM)),,-fno-tree-loop-distribute-patterns)
# The canary is task_struct.stack_canary (offset asserted in asm-offsets.c) of current.
ARCH_STACKPROTECTOR := -mstack-protector-guard=sysreg -mstack-protector-guard-reg=sp_el0 \
	-mstack-protector-guard-offset=8
ARCH_CPPFLAGS :=
ARCH_AFLAGS :=
ARCH_LDFLAGS := -EL -nostdlib -z norelro -z noexecstack -z max-page-size=4096 --no-warn-rwx-segments
ARCH_LIBS :=
