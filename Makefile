# SPDX-License-Identifier: GPL-2.0-only
# Thimble: see `make help`.  One pass, no recursion: each directory's Makefile lists obj-y.

ARCH ?= arm64
DEBUG ?= 0
MACHINE ?= virt
VERSION := 6.1.0-thimble

ifeq ($(filter $(ARCH),arm64 arm),)
$(error ARCH=$(ARCH) is not known: use arm64 or arm)
endif

VARIANT := $(ARCH)$(if $(filter 1,$(DEBUG)),-debug)
O ?= build/$(VARIANT)
PYTHON := /usr/bin/python3
Q := $(if $(V),,@)
MAKEFLAGS += -rR		# none of the built-in rules

.DEFAULT_GOAL := help
include arch/$(ARCH)/flags.mk		# CROSS, UAPI_DIR, IMAGE, ARCH_CFLAGS ...
-include scripts/targets.mk		# what a user types: run, test, check, oracle, debug, help ...

# ---- tools -------------------------------------------------------------------------------
ifeq ($(LLVM),1)
CC := clang --target=$(CLANG_TARGET)
else
CC := $(CROSS)gcc
endif
LD := $(CROSS)ld
OBJCOPY := $(CROSS)objcopy
NM := $(CROSS)nm
SIZE := $(CROSS)size

-include $(O)/auto.conf

CC_INCLUDE := $(shell $(CC) -print-file-name=include 2>/dev/null)
CPPFLAGS := -DTHIMBLE_RELEASE='"$(VERSION)"' -DTHIMBLE_VERSION='"\#1 SMP PREEMPT"' -nostdinc -isystem $(CC_INCLUDE) -I. -Iarch/$(ARCH)/include -I$(O)/include \
	-isystem $(O)/uapi -include $(O)/include/autoconf.h -D__KERNEL__ -D__linux__ $(ARCH_CPPFLAGS)
CFLAGS := -std=gnu11 -O2 -g -ffreestanding -fno-common -fno-strict-aliasing -fno-pie -fno-pic \
	-fno-delete-null-pointer-checks -fno-asynchronous-unwind-tables -fno-strict-overflow \
	-falign-functions=4 $(if $(filter 1,$(LLVM)),,-fno-align-jumps -fno-align-loops -fno-align-labels) \
	-ffunction-sections -fdata-sections -Wall -Wextra -Werror -Wno-unused-parameter \
	-Wno-missing-field-initializers -Wno-sign-compare -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -fno-omit-frame-pointer $(ARCH_CFLAGS)
# A member's address is taken of user pointers, which may be anything.
CFLAGS += $(if $(CONFIG_UBSAN),-fsanitize=undefined -fsanitize-undefined-trap-on-error \
	-fno-sanitize=alignment -fno-sanitize=null -fno-sanitize=pointer-overflow,)
CFLAGS += $(if $(CONFIG_STACKPROTECTOR),-fstack-protector-strong $(ARCH_STACKPROTECTOR),-fno-stack-protector)
AFLAGS := -D__ASSEMBLY__ -g $(ARCH_AFLAGS)

# ---- the object list ---------------------------------------------------------------------
# collect(dir): obj-y of dir/Makefile; an entry that ends in / is a directory.
objs :=
define collect
obj-y :=
include $(1)/Makefile
cur := $$(addprefix $(1)/,$$(obj-y))
objs += $$(filter %.o,$$(cur))
$$(foreach d,$$(patsubst %/,%,$$(filter %/,$$(cur))),$$(if $$(wildcard $$(d)/Makefile),$$(eval $$(call collect,$$(d)))))
endef
$(foreach d,arch/$(ARCH) kernel mm fs drivers net,$(if $(wildcard $(d)/Makefile),$(eval $(call collect,$(d)))))
objs := $(addprefix $(O)/,$(objs))

# zlib's inflate comes from Debian's source package (scripts/fetch-zlib.sh), not from this tree.
ZLIB := build/zlib
zlib-objs := $(addprefix $(O)/zlib/,inflate.o inffast.o inftrees.o adler32.o crc32.o)
objs += $(zlib-objs)
head := $(O)/arch/$(ARCH)/head.o
objs := $(head) $(filter-out $(head),$(objs))

# ---- configuration and generated headers -------------------------------------------------
generated := $(O)/include/autoconf.h $(O)/include/generated/syscalls.h \
	$(O)/include/generated/asm-offsets.h $(O)/uapi/.stamp $(if $(UAPI32_DIR),$(O)/include/generated/unistd32.h)

$(O)/.config: Kconfig scripts/config.py
	$(Q)mkdir -p $(O)/include/generated
	$(Q)$(PYTHON) scripts/config.py default $@ $(if $(filter 1,$(DEBUG)),DEBUG=y) $(CONFIG)
$(O)/include/autoconf.h $(O)/auto.conf &: $(O)/.config
	$(Q)$(PYTHON) scripts/config.py generate $(O)/.config $(O)/include/autoconf.h $(O)/auto.conf

$(O)/uapi/.stamp: Makefile scripts/link-uapi.sh
	$(Q)scripts/link-uapi.sh $(UAPI_DIR) $(O)/uapi
	$(Q)touch $@

$(O)/include/generated/syscalls.h: kernel/syscalls.tbl scripts/gensyscalls.py
	$(Q)mkdir -p $(@D)
	$(Q)$(PYTHON) scripts/gensyscalls.py $(ARCH) $< $@

# The 32-bit ABI's numbers, for a kernel that has both, as __NR_compat_*.
$(O)/include/generated/unistd32.h: arch/$(ARCH)/flags.mk
	$(Q)mkdir -p $(@D)
	$(Q)echo '#include <asm/unistd.h>' | $(CC) -E -dM -nostdinc -isystem $(UAPI32_DIR) -D__ARM_EABI__ -x c - | \
		sed -nE '/^#define __(NR|ARM_NR)_/{s/__NR_/__NR_compat_/g;p}' | sort > $@

$(O)/include/generated/asm-offsets.h: arch/$(ARCH)/asm-offsets.c $(O)/include/autoconf.h $(O)/uapi/.stamp
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(filter-out -Werror,$(CFLAGS)) -DGENERATING_OFFSETS -MMD -MP -MT $@ -MF $@.d -S -o $@.s $<
	$(Q)sed -n 's/^[^#@]*->\([A-Za-z0-9_]*\) [#$$]*\([-0-9]*\).*/#define \1 \2/p' $@.s > $@.tmp
	$(Q)mv $@.tmp $@

.PHONY: headers
headers: $(generated) ; @:

# ---- rules -------------------------------------------------------------------------------
$(O)/%.o: %.c $(generated) arch/$(ARCH)/flags.mk
	@mkdir -p $(@D)
	@echo "  CC      $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(CFLAGS_$(*F)) -MMD -MP -c -o $@ $<
$(O)/%.o: %.S $(generated) arch/$(ARCH)/flags.mk
	@mkdir -p $(@D)
	@echo "  AS      $<"
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(AFLAGS) -MMD -MP -c -o $@ $<

# The image stays below 1 MiB: what no hot path enters is built for size.
COLD_ROOMS := arch/$(ARCH)/compat drivers/base drivers/block drivers/char drivers/clk drivers/firmware drivers/gpio \
	drivers/pci drivers/tty drivers/virtio fs/devfs fs/devpts fs/procfs fs/sysfs kernel/cgroup kernel/ipc kernel/keys \
	drivers/irqchip net/netlink
COLD_FILES := $(wildcard arch/$(ARCH)/cpu.c arch/$(ARCH)/hw_breakpoint.c arch/$(ARCH)/mmu.c arch/$(ARCH)/pan.c arch/$(ARCH)/ptrace.c \
	arch/$(ARCH)/setup.c fs/aio*.c fs/attr.c fs/d_path.c fs/elf_core32.c fs/fasync.c fs/libfs.c fs/rename.c fs/seq_file.c fs/syscalls32.c \
	fs/special.c fs/statfs.c fs/sync.c fs/tmpfs/options.c fs/tmpfs/super.c \
	fs/*core*.c fs/*mount.c fs/binfmt_misc.c fs/char_dev.c fs/fhandle.c fs/file_caps.c fs/fs_[!s]*.c fs/fsopen.c fs/init.c \
	fs/[di]notify.c fs/fsnotify.c fs/inode_flags.c fs/lease.c fs/locks*.c fs/memfd.c fs/mount*.c fs/namespace.c fs/nsfs.c \
	fs/pivot_root.c fs/pnode.c fs/quota.c fs/remap_range.c fs/sendfile.c fs/signalfd.c fs/splice.c fs/super.c fs/timerfd.c \
	fs/xattr*.c \
	kernel/*_namespace.c kernel/acct.c kernel/bpf_classic.c kernel/compat*.c kernel/console.c kernel/cred_syscalls.c \
	kernel/futex_*.c kernel/ioprio.c kernel/kallsyms.c kernel/kcmp.c kernel/kthread.c kernel/main.c \
	kernel/panic.c kernel/prctl*.c kernel/printk*.c kernel/ptrace*.c kernel/random.c kernel/reboot.c kernel/rlimit.c \
	kernel/seccomp*.c kernel/setns.c kernel/sys.c kernel/ucounts.c kernel/umh.c kernel/user_map.c kernel/workqueue.c \
	kernel/yama.c kernel/irq/domain.c kernel/irq/manage.c kernel/irq/show.c kernel/lib/cmdline.c \
	kernel/lib/vsprintf.c kernel/sched/syscalls.c kernel/time/[!h]*timer.c kernel/time/ntp.c kernel/time/time[!k]*.c \
	kernel/cred16.c kernel/nsproxy.c kernel/pidfd.c kernel/smp.c kernel/membarrier.c kernel/sched/group.c kernel/sched/policy.c \
	kernel/lib/bitmap.c kernel/lib/errname.c kernel/lib/kstrtox.c kernel/lib/vsscanf.c kernel/lib/sort.c \
	mm/madvise.c mm/mremap.c mm/reclaim.c mm/truncate.c mm/mincore.c mm/msync.c \
	mm/dma.c mm/maps.c mm/mempolicy*.c mm/mlock.c mm/numa*.c mm/oom.c mm/process_*.c mm/remap_file_pages.c mm/swapfile.c mm/vmalloc.c \
	mm/vmstat.c mm/writeback.c net/net_namespace.c net/scm.c net/socket.c net/socket_syscalls.c net/netlink/note.c net/unix/af_unix.c \
	net/unix/garbage.c net/unix/name.c net/unix/proc.c)
$(foreach room,$(COLD_ROOMS),$(eval $(O)/$(room)/%.o: CFLAGS += -Os))
$(COLD_FILES:%.c=$(O)/%.o) $(O)/zlib/inflate.o $(O)/zlib/adler32.o: CFLAGS += -Os -fno-jump-tables

$(ZLIB)/.complete:
	$(Q)scripts/fetch-zlib.sh $(ZLIB)
$(zlib-objs): $(O)/zlib/%.o: $(ZLIB)/.complete $(generated)
	@mkdir -p $(@D)
	@echo "  CC      zlib/$*.c"
	$(Q)$(CC) $(CPPFLAGS) $(filter-out -Werror,$(CFLAGS)) -w -DZ_SOLO -DHAVE_MEMCPY -include kernel/lib/string.h -c -o $@ $(ZLIB)/$*.c
$(O)/kernel/lib/inflate.o: CFLAGS += -DZ_SOLO -isystem $(ZLIB)
$(O)/kernel/lib/inflate.o: $(ZLIB)/.complete
$(filter-out zlib/%,$(objs:$(O)/%=%)): %.o: $(O)/%.o ;

$(O)/kernel.lds: arch/$(ARCH)/kernel.lds.S $(generated)
	$(Q)$(CC) $(CPPFLAGS) -D__ASSEMBLY__ -E -P -x assembler-with-cpp -o $@ $<

# Two links: the second carries the symbol table made from the first (scripts/gen-kallsyms.py
# sizes the empty table in advance, so addresses do not move).
link = $(LD) $(ARCH_LDFLAGS) --gc-sections -T $(O)/kernel.lds -o $(1) $(objs) $(2) $(ARCH_LIBS)
$(O)/thimble.elf: $(O)/kernel.lds $(objs) scripts/gen-kallsyms.py
	@echo "  LD      $@"
	$(Q)$(call link,$(O)/.tmp1.elf,)
	$(Q)$(NM) -n $(O)/.tmp1.elf | $(PYTHON) scripts/gen-kallsyms.py > $(O)/.kallsyms.S
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(AFLAGS) -c -o $(O)/.kallsyms.o $(O)/.kallsyms.S
	$(Q)$(call link,$(O)/.tmp2.elf,$(O)/.kallsyms.o)
	$(Q)$(NM) -n $(O)/.tmp2.elf | $(PYTHON) scripts/gen-kallsyms.py > $(O)/.kallsyms.S
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(AFLAGS) -c -o $(O)/.kallsyms.o $(O)/.kallsyms.S
	$(Q)$(call link,$@,$(O)/.kallsyms.o)
$(O)/$(IMAGE): $(O)/thimble.elf
	$(Q)$(OBJCOPY) -O binary $< $@
	@echo "  IMAGE   $@ ($$(stat -c %s $@) bytes)"

.PHONY: kernel
kernel: $(O)/$(IMAGE)

-include $(objs:.o=.d) $(O)/include/generated/asm-offsets.h.d
