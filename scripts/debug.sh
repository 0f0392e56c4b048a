#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# debug.sh KEY=VALUE...: start QEMU stopped, with the debug kernel, and gdb attached to it.
# The console goes to build/debug-console.log; keys are those of qemu.sh.
set -euo pipefail
top=$(realpath "$(dirname "$0")/..")
arch=arm64
args=()
for a in "$@"; do
	case $a in
	ARCH=*) arch=${a#ARCH=} ;;
	esac
	args+=("$a")
done
case $arch in
arm64)	image=kernel8.img ;;
arm)	image=kernel7.img ;;
*)	echo "debug.sh: unknown ARCH $arch" >&2; exit 2 ;;
esac
out=$top/build/$arch-debug
port=$((20000 + RANDOM % 20000))
log=$top/build/debug-console.log
monitor=$(mktemp -u /tmp/thimble-monitor.XXXXXX)
"$top/scripts/qemu.sh" "${args[@]}" KERNEL="$out/$image" INITRD="$top/build/rootfs-$arch.cpio" \
	GDB=$port MONITOR="$monitor" >"$log" 2>&1 </dev/null &
qemu=$!
trap 'kill $qemu 2>/dev/null || :; rm -f "$monitor"' EXIT
echo "Console output: $log. gdb commands of ours: th-tasks, th-stack TASK, th-pagetable TASK ADDRESS."
gdb-multiarch -q "$out/thimble.elf" -ex "source $top/scripts/gdb/thimble.py" -ex "target remote :$port"
