#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# size.sh SIZE-TOOL BUILD-DIR: text, data and bss of each top-level directory's objects, and of the image.
set -euo pipefail
size=$1 out=$2
printf '%10s %9s %9s  %s\n' text data bss directory
for dir in arch/arm arch/arm64 kernel mm fs drivers net; do
	[ -d "$out/$dir" ] || continue
	find "$out/$dir" -name '*.o' ! -name '.*' -print0 | xargs -0 -r "$size" |
		awk -v d="$dir" '$1 ~ /^[0-9]+$/ { t += $1; a += $2; b += $3 }
			END { printf "%10d %9d %9d  %s\n", t, a, b, d }'
done
"$size" "$out/thimble.elf" | awk 'NR == 2 { printf "%10d %9d %9d  linked\n", $1, $2, $3 }'
ls -l "$out"/kernel*.img | awk '{ printf "%10d bytes: %s\n", $5, $NF }'
