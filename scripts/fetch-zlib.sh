#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# fetch-zlib.sh DIR: put the sources of zlib's inflate, from Debian's source package, into DIR.
# The kernel compiles them (with -DZ_SOLO) to unpack a gzip initramfs. No-op when they are there.
set -euo pipefail

dir=${1:?directory}
files=(inflate.c inffast.c inftrees.c adler32.c crc32.c zutil.c crc32.h inffast.h inffixed.h
	inflate.h inftrees.h zconf.h zlib.h zutil.h gzguts.h)

[ ! -e "$dir/.complete" ] || exit 0
src=$("$(dirname "$0")/fetch-deb.sh" arm64 source zlib)
mkdir -p "$dir"
for file in "${files[@]}"; do
	cp "$src/$file" "$dir/$file" || {
		echo "fetch-zlib: Debian's zlib source has no $file" >&2
		exit 1
	}
done
touch "$dir/.complete"
