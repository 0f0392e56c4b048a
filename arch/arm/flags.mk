# SPDX-License-Identifier: GPL-2.0-only
# What the top Makefile needs to know of arm (32-bit).
CROSS := arm-none-eabi-
CLANG_TARGET := arm-linux-gnueabi
UAPI_DIR := /usr/arm-linux-gnueabihf/include
IMAGE := kernel7.img

# ARM state throughout, no VFP in the kernel, and no unaligned accesses made up by the compiler (user
# programs may make them). Frame pointers as GCC sets them are what stacktrace.c walks.
ARCH_CFLAGS := -mabi=aapcs-linux -marm -march=armv7-a -mfloat-abi=soft -mno-unaligned-access
ARCH_CFLAGS += $(if $(filter 1,$(LLVM)),,-mtp=soft -fno-tree-loop-distribute-patterns)
# One canary for all tasks: the compiler's per-thread form reads the user's thread register.
ARCH_STACKPROTECTOR := -mstack-protector-guard=global
ARCH_CPPFLAGS := -D__ARM_EABI__
ARCH_AFLAGS := -march=$(if $(filter 1,$(LLVM)),armv7ve,armv7-a+mp+sec)
ARCH_LDFLAGS := -EL -nostdlib -z noexecstack -z max-page-size=4096 --no-warn-rwx-segments \
	--no-warn-mismatch
ARCH_LIBS = $(shell $(CROSS)gcc -march=armv7-a -marm -mfloat-abi=soft -print-libgcc-file-name)
