#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# all.sh [ARCH...]: what matrix.toml lists under [[oracle]], on Debian's own Linux 6.1.
#
# One pytest run for each architecture (default both), which prints a line per test; at the end one
# line per architecture. Status 0 only if nothing failed. PYTHON and TESTFLAGS come from the environment.
set -uo pipefail

cd "$(dirname "$0")/../.."
[ $# -gt 0 ] || set -- arm64 arm
mkdir -p build/oracle
status=0 lines=()
for arch in "$@"; do
	log=build/oracle/pytest-$arch.log word=passed
	only=oracle-$arch
	[ "$arch" = arm64 ] || only="$only and not oracle-arm64"
	"${PYTHON:-/usr/bin/python3}" -m pytest tests --oracle -v -k "$only" ${TESTFLAGS:-} 2>&1 | tee "$log" ||
		status=1 word=FAILED
	lines+=("oracle: $arch: $word: $(tail -n 1 "$log" | tr -d '=')")
done
printf '%s\n' "${lines[@]}"
exit $status
