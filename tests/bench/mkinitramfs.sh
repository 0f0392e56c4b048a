#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# mkinitramfs.sh ARCH DIR: build the benchmark's programs and DIR/initramfs.cpio with them.
#
# The archive is the ordinary root file system and /bench, with Debian's libc for the dynamic
# program. It is not compressed, so that booting is not the measure of an inflate. Nothing is done
# when nothing changed.
set -euo pipefail

here=$(realpath "$(dirname "$0")")
top=$here/../..
arch=${1:?architecture (arm64 or arm)}
dir=$(realpath -m "${2:?output directory}")

case $arch in
arm64)	deb=arm64	triplet=aarch64-linux-gnu	loader=ld-linux-aarch64.so.1 ;;
arm)	deb=armhf	triplet=arm-linux-gnueabihf	loader=ld-linux-armhf.so.3 ;;
*)	echo "mkinitramfs: unknown architecture $arch" >&2; exit 2 ;;
esac

make -s -C "$here" ARCH="$arch" OUT="$dir"
newer=$(find "$here/mkinitramfs.sh" "$dir/bin" "$top/usr" "$top/scripts/mkrootfs.sh" -newer "$dir/initramfs.cpio" 2>&1 || :)
[ -n "$newer" ] || exit 0

mkdir -p "$dir/libc"
"$top/scripts/fetch-deb.sh" "$deb" files "$dir/libc" libc6 \
	"./lib/$triplet/libc.so.6" "./lib/$triplet/$loader"
cat >"$dir/list" <<END
tree /bench $dir/bin
file /lib/$loader $dir/libc/$loader 0755 0 0
file /lib/$triplet/libc.so.6 $dir/libc/libc.so.6 0755 0 0
END
"$top/scripts/mkrootfs.sh" "$arch" "$dir/initramfs.cpio" --list "$dir/list"
