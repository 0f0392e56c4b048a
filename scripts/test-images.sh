#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# test-images.sh: build what the tests boot: four kernels, four initramfs images, the Pis' device trees.
# A line for each; what the compilers say is shown when one fails.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p build
log=build/test-images.log

step() {
	echo "building $1"
	shift
	"$@" >"$log" 2>&1 || { tail -n 60 "$log"; echo "failed: $*; the whole output is in $log" >&2; exit 1; }
}

for arch in arm64 arm; do
	step "the $arch kernel" make -j2 kernel ARCH=$arch DEBUG=0
	step "the $arch kernel that checks itself" make -j2 kernel ARCH=$arch DEBUG=1
	step "the $arch test programs and their initramfs" make test-rootfs ARCH=$arch
	step "the $arch initramfs with crun and its like" scripts/mkclients.sh $arch build/tests/clients-$arch.cpio.gz
done
step "the Pis' device trees" scripts/fetch-dtb.sh build/dtb
