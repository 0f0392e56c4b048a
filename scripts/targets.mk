# SPDX-License-Identifier: GPL-2.0-only
# What a user types.  `make help` prints the lines that start with "##".

SMP ?= 1
MEM ?= 512M
APPEND ?=
CPU ?=
GIC ?=
KERNEL = $(O)/$(IMAGE)
INITRD = build/rootfs-$(ARCH).cpio
QEMU = scripts/qemu.sh ARCH=$(ARCH) MACHINE=$(MACHINE) SMP=$(SMP) MEM=$(MEM) $(if $(CPU),CPU=$(CPU)) \
	$(if $(GIC),GIC=$(GIC)) KERNEL=$(KERNEL) INITRD=$(INITRD)

## make run            install what is missing, build, boot to a shell (Ctrl-A X leaves QEMU)
##                     ARCH=arm64|arm  MACHINE=virt|raspi3b|raspi2b  SMP=4  MEM=256M  APPEND='...'
##                     DEBUG=1 runs the kernel that checks itself, DISK=file adds a disk as /dev/vda
# QEMU is slow at what closes user memory to the 32-bit kernel: arch/arm/pan.c.
RUN_APPEND = $(if $(filter arm0,$(ARCH)$(DEBUG)),nopan )$(APPEND)
.PHONY: run
run: setup
	@$(MAKE) --no-print-directory kernel rootfs $(if $(filter raspi%,$(MACHINE)),dtb)
	@$(QEMU) $(if $(DISK),DRIVE=$(DISK)) APPEND='$(RUN_APPEND)'

## make kernel         only the image: build/arm64/kernel8.img or build/arm/kernel7.img
## make rootfs         the initramfs of Debian's BusyBox
.PHONY: rootfs
rootfs: $(INITRD) ; @:
$(INITRD): scripts/mkrootfs.sh scripts/mkcpio.py $(wildcard usr/rootfs.list) $(shell find usr/rootfs -type f 2>/dev/null)
	@scripts/mkrootfs.sh $(ARCH) $@
.PHONY: dtb
dtb:
	@scripts/fetch-dtb.sh build/dtb

## make setup          install the Debian packages that are needed (apt-get, sudo when not root)
.PHONY: setup
setup:
	@scripts/setup.sh

## make test           everything: all configurations of tests/matrix.toml; 25 minutes
## make check          the everyday part of it; under 3 minutes
## make oracle         the same user programs, shell and stress tests on Debian's own Linux, in the same QEMU
## make soak           ten minutes of stress on a debug kernel (MINUTES=10, SMP=4)
## make fuzz           10,000 mutated ELF images and 2 million random system calls, on debug kernels of both ports
.PHONY: test check test-images test-rootfs oracle soak fuzz
# Emulated time is the host's: on a busy machine a test can miss its moment. What failed is run once more, alone,
# and must pass then; both runs' summaries are printed.
# PARALLEL configurations run at a time, and so each is what one machine of two cores leaves it.
PARALLEL ?= 2
pytest = $(PYTHON) -m pytest tests -q -n $(PARALLEL)
test: setup test-images
	@$(pytest) $(TESTFLAGS) || { echo "Failed tests are run once more:"; \
		$(PYTHON) -m pytest tests -q --last-failed --last-failed-no-failures none $(TESTFLAGS); }
check: setup test-images
	@$(pytest) -m "check and not slow" $(TESTFLAGS)
# What the machines of the tests boot.
test-images: setup
	@scripts/test-images.sh
test-rootfs:
	@$(MAKE) --no-print-directory -s -j2 -C tests/user OUT=$(CURDIR)/build/tests/$(ARCH)
	@scripts/mkrootfs.sh $(ARCH) build/tests/rootfs-$(ARCH).cpio.gz --tests build/tests/$(ARCH)/bin --dyn
oracle: setup
	@PYTHON=$(PYTHON) TESTFLAGS='$(TESTFLAGS)' tests/oracle/all.sh
fuzz: setup
	@THIMBLE_FUZZ=1 $(PYTHON) -m pytest tests/test_fuzz.py -q $(TESTFLAGS)
soak: setup
	@scripts/soak.sh ARCH=$(ARCH) SMP=$(if $(filter 1,$(SMP)),4,$(SMP)) MINUTES=$(or $(MINUTES),10)

## make lifecycle-status  docs/lifecycle-status.md from what the last make test and make oracle said
.PHONY: lifecycle-status
lifecycle-status:
	@$(PYTHON) scripts/gen-lifecycle-status.py

## make bench          what operations cost on Linux, lean Linux and Thimble, on both ports: one table,
##                     docs/performance.md, plots (KERNELS='linux thimble', ARCHES=arm64, ROWS='...')
## make bench-row      only Thimble's figures: ROWS='getppid fork_small', default all
## make bench-check    against the committed figures: fails when a row costs over 3 % more
## make bench-update   commits to present figures (tests/bench/figures.json)
## make bench-scale    with 10, 1,000 and 30,000 tasks; idle interrupts; lock contention
ARCHES ?= arm64 arm
KERNELS ?= linux lean thimble
comma := ,
empty :=
bench = tests/bench/bench.py $(1) $(ROWS) $(ARCHES:%=--arch %)
.PHONY: bench bench-row bench-check bench-update bench-scale bench-kernels bench-programs bench-setup
bench-setup:
	@scripts/setup.sh scripts/packages.txt tests/bench/packages.txt
bench-kernels: setup
	@for arch in $(ARCHES); do $(MAKE) --no-print-directory -s kernel ARCH=$$arch || exit; done
bench-programs:
	@tests/bench/mkinitramfs.sh $(ARCH) build/bench/$(ARCH)
bench: bench-setup bench-kernels
	@$(call bench,compare) --kernels $(subst $(empty) $(empty),$(comma),$(strip $(KERNELS)))
bench-check: bench-kernels
	@$(call bench,check)
bench-update: bench-kernels
	@$(call bench,update)
bench-scale: bench-setup bench-kernels
	@for arch in $(ARCHES); do $(MAKE) --no-print-directory -s kernel ARCH=$$arch DEBUG=1 || exit; done
	@$(call bench,scale)
	@$(call bench,contend)
bench-row: setup kernel bench-programs
	@tests/bench/bench.py rows $(ROWS) --arch $(ARCH) --kernel $(KERNEL)

## make profile        where a row's instructions go, by function, with a flame graph (SVG):
##                     ROW=fork_small|...|boot  ARCH=arm  TOP=40  ANNOTATE=function
.PHONY: profile
profile: kernel bench-programs $(if $(filter boot,$(ROW)),rootfs)
	@$(PYTHON) scripts/profile/profile.py $(ARCH) $(O)/thimble.elf '$(or $(ROW),fork_small)' --image $(KERNEL) \
		--initrd $(if $(filter boot,$(ROW)),$(INITRD),build/bench/$(ARCH)/initramfs.cpio) \
		--program build/bench/$(ARCH)/bench.debug --mem $(MEM) \
		$(if $(TOP),--top $(TOP)) $(if $(ANNOTATE),--annotate $(ANNOTATE))

## make debug          QEMU under gdb, with symbols and helpers (th-tasks, th-stack, th-pagetable)
.PHONY: debug
debug: setup
	@$(MAKE) --no-print-directory kernel rootfs DEBUG=1
	@scripts/debug.sh ARCH=$(ARCH) MACHINE=$(MACHINE) SMP=$(SMP) MEM=$(MEM) APPEND='$(APPEND)'

## make menuconfig     change the configuration of build/$(ARCH)
.PHONY: menuconfig
menuconfig: setup
	@mkdir -p $(O)
	@[ -e $(O)/.config ] || $(PYTHON) scripts/config.py default $(O)/.config $(if $(filter 1,$(DEBUG)),DEBUG=y)
	@$(PYTHON) scripts/config.py menu $(O)/.config

## make size           text, data and bss by directory
.PHONY: size
size: kernel
	@scripts/size.sh $(SIZE) $(O)

# cppcheck is not called: it takes container_of() for a NULL dereference. clang-tidy is not used.
## make lint           style, headers, the architecture contract, sparse; both architectures
.PHONY: lint
lint: setup
	@$(PYTHON) scripts/check-style.py
	@$(PYTHON) scripts/check-arch.py
	@set -e; for arch in arm64 arm; do \
		$(MAKE) --no-print-directory headers ARCH=$$arch O=build/$$arch; \
		$(PYTHON) scripts/check-headers.py $$arch build/$$arch; \
		$(PYTHON) scripts/check-sparse.py $$arch build/$$arch; done

## make clean          remove what was built; make distclean: downloads too
.PHONY: clean distclean help
clean:
	@rm -rf build/arm64 build/arm build/arm64-debug build/arm-debug build/rootfs-*
distclean:
	@rm -rf build

help:
	@echo "Thimble: a small kernel that runs unmodified Debian programs on ARM"
	@echo
	@sed -n 's/^## \{0,1\}//p' scripts/targets.mk
