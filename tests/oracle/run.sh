#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh ARCH [PROGRAM...]: run the user-space tests on the oracle, Debian's own Linux 6.1.
#
# Builds the tests, boots Linux in QEMU with /tests/run as process 1, prints what it prints, and
# ends with status 0 only if every program is good. SMP, MEM, CPU, GIC and APPEND come from the environment, and
# USER_ARCH, the programs' architecture: arm programs run on the arm64 kernel, too.
set -euo pipefail

top=$(realpath "$(dirname "$0")/../..")
arch=${1:?architecture (arm64 or arm)}
shift
user=${USER_ARCH:-$arch}
out=$top/build/oracle
tests=$top/build/tests/$user
limit=${LIMIT:-600}

make -s -C "$top/tests/user" ARCH="$user" OUT="$tests"
"$top/tests/oracle/fetch-kernel.sh" "$arch" "$out/vmlinuz-$arch"
"$top/scripts/mkrootfs.sh" "$user" "$out/rootfs-$user.cpio.gz" --tests "$tests/bin" --dyn --list "$out/vmlinuz-$arch.list"

log=$out/$arch${USER_ARCH:+-$user}.log
timeout "$limit" "$top/scripts/qemu.sh" ARCH="$arch" SMP="${SMP:-2}" MEM="${MEM:-512M}" CPU="${CPU:-}" GIC="${GIC:-}" REBOOT=no \
	KERNEL="$out/vmlinuz-$arch" INITRD="$out/rootfs-$user.cpio.gz" \
	APPEND="quiet rdinit=/tests/run ${APPEND:-} -- $*" </dev/null | tr -d '\r' | tee "$log" |
	grep -v '^ok ' || :

summary=$(grep '^# SUMMARY' "$log") || {
	echo "oracle: $arch: no summary; see $log" >&2
	exit 1
}
echo "oracle: $arch: ${summary#\# } ($(grep -c '^ok ' "$log") ok, $(grep -c '^not ok' "$log" || :) not ok)"
grep -q ' failed=0 ' <<<"$summary"
