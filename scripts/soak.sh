#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# soak.sh ARCH=arm64|arm SMP=4 MINUTES=10 [MEM=SIZE] [DEBUG=1]: 30,000 tasks at a time, then every CPU busy with
# forks, execs, groups that are killed, pipes, faults, signals, random system calls and terminal traffic for
# MINUTES, on the debug kernel.
#
# Fails on a warning, a panic, a wrong result, a hang, or memory that is not there again afterwards.
# The console's output stays in build/tests/soak-ARCH.log.
set -euo pipefail

top=$(realpath "$(dirname "$0")/..")
ARCH=arm64 SMP=4 MINUTES=10 MEM=1G DEBUG=1
for arg; do
	case $arg in
	ARCH=*|SMP=*|MINUTES=*|MEM=*|DEBUG=*)	printf -v "${arg%%=*}" %s "${arg#*=}" ;;
	*)	echo "soak.sh: unknown argument $arg" >&2; exit 2 ;;
	esac
done

cd "$top"
make --no-print-directory ARCH="$ARCH" DEBUG="$DEBUG" kernel
exec /usr/bin/python3 tests/soak.py "$ARCH" "$SMP" "$MINUTES" "$MEM" "$DEBUG"
