#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# link-uapi.sh SRC DST: make DST a directory that holds only the kernel's own user-ABI headers of
# SRC (Debian's cross include directory also has glibc's, which a kernel must not see).
set -euo pipefail
src=$1 dst=$2
[ -e "$src/linux/types.h" ] || { echo "error: no Linux UAPI headers in $src: run scripts/setup.sh" >&2; exit 1; }
mkdir -p "$dst"
for d in asm asm-generic linux drm sound mtd misc rdma; do
	ln -sfn "$src/$d" "$dst/$d"
done
# linux/shm.h wants the C library's unistd.h, and nothing in it.
: > "$dst/unistd.h"
