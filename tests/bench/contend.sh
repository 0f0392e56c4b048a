#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# contend.sh N: process 1 of a debug kernel: N copies of a row at once, each with its own processes
# and memory, then the locks that were taken and how many times somebody had to wait.
# Prints `LOCK row copies name acquired contended spins` for each lock class.
mount -t proc proc /proc
mount -t devtmpfs dev /dev
n=$1
for row in fork_small first_write switch_pipe; do
	echo 0 >/proc/lock_stat
	i=0
	while [ $i -lt "$n" ]; do
		/bench/bench row $row >/dev/null &
		i=$((i + 1))
	done
	wait
	while read -r name rank acquired contended spins; do
		echo "LOCK $row $n $name $acquired $contended $spins"
	done </proc/lock_stat
done
echo "BENCH end"
poweroff -f
