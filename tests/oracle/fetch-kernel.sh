#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# fetch-kernel.sh arm64|arm OUT: Debian's newest Linux 6.1 kernel image, the oracle, as file OUT, and the modules
# that tests load (t_binfmt) as files named in mkcpio list OUT.list.
set -euo pipefail

arch=${1:?architecture}
out=${2:?output file}
fetch=$(dirname "$0")/../../scripts/fetch-deb.sh

case $arch in
arm64)	deb=arm64	flavour=arm64 ;;
arm)	deb=armhf	flavour=armmp-lpae ;;
*)	echo "fetch-kernel: unknown architecture $arch" >&2; exit 2 ;;
esac
[ ! -e "$out" ] || [ ! -e "$out.list" ] || exit 0
pkg=$("$fetch" "$deb" newest "linux-image-6\.1\.0-[0-9]+-$flavour")
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
"$fetch" "$deb" files "$tmp" "$pkg" './boot/vmlinuz-*' './lib/modules/*/kernel/fs/binfmt_misc.ko'
mkdir -p "$(dirname "$out")"
mv "$tmp"/vmlinuz-* "$out"
mv "$tmp/binfmt_misc.ko" "$out.binfmt_misc.ko"
echo "file /binfmt_misc.ko $(realpath "$out").binfmt_misc.ko 0644 0 0" >"$out.list"
