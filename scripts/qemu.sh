#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# qemu.sh KEY=VALUE... [-- QEMU-OPTION...]: start a kernel in QEMU, console on stdin/stdout.
#
#	ARCH=arm64|arm		default arm64
#	MACHINE=virt|raspi3b|raspi2b
#	KERNEL=FILE INITRD=FILE	what is booted
#	APPEND=TEXT		kernel command line
#	SMP=N MEM=SIZE CPU=NAME	default 1, 512M, cortex-a53 (arm: cortex-a15); fixed by the Pis
#	GIC=2|3			virt's interrupt controller, default 2
#	HIGHMEM=on|off		virt: devices above 4 GiB, default on for arm64, off for arm
#	DRIVE=FILE		virt: raw image as virtio-blk
#	DTB=FILE DTBDIR=DIR	device tree, or where the Pis' are (default build/dtb)
#	MONITOR=SOCKET		QEMU's monitor on a Unix socket; stdin then goes to the guest unfiltered
#	REBOOT=no		leave QEMU when the guest reboots
#	GDB=PORT		gdb stub, waiting for gdb to connect
#	PRINT=yes		print the command instead of running it
#
# Without MONITOR, Ctrl-A X leaves QEMU and Ctrl-A C reaches its monitor.
set -euo pipefail

top=$(realpath "$(dirname "$0")/..")
ARCH=arm64 MACHINE=virt KERNEL='' INITRD='' APPEND='' SMP='' MEM='' CPU='' GIC='' HIGHMEM='' DRIVE='' DTB=''
DTBDIR=$top/build/dtb MONITOR='' REBOOT=yes GDB='' PRINT=''

while [ $# -gt 0 ]; do
	case $1 in
	--)	shift; break ;;
	ARCH=*|MACHINE=*|KERNEL=*|INITRD=*|APPEND=*|SMP=*|MEM=*|CPU=*|GIC=*|HIGHMEM=*|DRIVE=*|DTB=*|DTBDIR=*|\
	MONITOR=*|REBOOT=*|GDB=*|PRINT=*)
		printf -v "${1%%=*}" %s "${1#*=}"; shift ;;
	*)	echo "qemu.sh: unknown argument $1" >&2; exit 2 ;;
	esac
done

case $ARCH in
arm64)	qemu=(qemu-system-aarch64) cpu=cortex-a53 high=on ;;
arm)	qemu=(qemu-system-arm) cpu=cortex-a15 high=off ;;
*)	echo "qemu.sh: unknown ARCH $ARCH" >&2; exit 2 ;;
esac

# The Pis' second serial port is the mini UART, the console of the Pi 3's device tree.
serials=(-serial chardev:console)
case $MACHINE in
virt)
	qemu+=(-M "virt,gic-version=${GIC:-2},highmem=${HIGHMEM:-$high}" -cpu "${CPU:-$cpu}" -smp "${SMP:-1}" -m "${MEM:-512M}"
		-nic none -device virtio-rng-device)
	[ -z "$DRIVE" ] || qemu+=(-drive "if=none,id=disk,format=raw,file=$DRIVE"
		-device virtio-blk-device,drive=disk)
	;;
raspi3b)
	qemu+=(-M raspi3b -dtb "${DTB:-$DTBDIR/bcm2837-rpi-3-b.dtb}")
	serials=(-serial null -serial chardev:console)
	;;
raspi2b)
	qemu+=(-M raspi2b -dtb "${DTB:-$DTBDIR/bcm2836-rpi-2-b.dtb}")
	;;
*)
	echo "qemu.sh: unknown MACHINE $MACHINE" >&2; exit 2 ;;
esac
[ -z "$DTB" ] || [ "$MACHINE" != virt ] || qemu+=(-dtb "$DTB")

# With a multiplexed monitor Ctrl-A is QEMU's; without, every byte is the guest's, Ctrl-C included.
if [ -n "$MONITOR" ]; then
	qemu+=(-chardev stdio,id=console,signal=off "${serials[@]}"
		-monitor "unix:$MONITOR,server=on,wait=off")
else
	qemu+=(-chardev stdio,id=console,mux=on,signal=off "${serials[@]}"
		-mon chardev=console,mode=readline)
fi
qemu+=(-display none)
[ "$REBOOT" = yes ] || qemu+=(-no-reboot)
[ -z "$KERNEL" ] || qemu+=(-kernel "$KERNEL")
[ -z "$INITRD" ] || qemu+=(-initrd "$INITRD")
[ -z "$APPEND" ] || qemu+=(-append "$APPEND")
[ -z "$GDB" ] || qemu+=(-gdb "tcp::$GDB" -S)
qemu+=("$@")

command -v "${qemu[0]}" >/dev/null || {
	echo "qemu.sh: ${qemu[0]} is not installed (scripts/setup.sh installs it)" >&2
	exit 1
}
if [ -n "$PRINT" ]; then
	printf '%q ' "${qemu[@]}"
	echo
	exit
fi
exec "${qemu[@]}"
