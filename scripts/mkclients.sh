#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# mkclients.sh ARCH OUT: an initramfs for arm64 or arm with Debian programs that ask much of a kernel.
#
# It is mkrootfs.sh's, and besides: crun, bubblewrap, tini, strace, gdb, tools of util-linux and libcap2-bin for
# namespaces and credentials in /bin, where they hide BusyBox's, each as Debian ships it, with the libraries they name.
# tests/test_clients.py boots it.
set -euo pipefail

scripts=$(realpath "$(dirname "$0")")
arch=${1:?architecture (arm64 or arm)}
out=${2:?output file}

case $arch in
arm64)	deb=arm64 cc=aarch64-linux-gnu-gcc ;;
arm)	deb=armhf cc=arm-linux-gnueabihf-gcc ;;
*)	echo "mkclients: unknown architecture $arch" >&2; exit 2 ;;
esac
packages=(crun bubblewrap tini util-linux libcap2-bin strace gdb-minimal gdbserver)
programs=(crun bwrap tini unshare nsenter setpriv prlimit setarch lsns ipcmk ipcs ipcrm capsh strace gdb gdbserver)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
"$scripts/fetch-deb.sh" "$deb" closure "$root" "${packages[@]}"

# What FILE names as needed, by readelf: its loader and its libraries.
needs() {
	readelf -dl "$1" 2>/dev/null | sed -nE 's/.*(NEEDED.*\[|interpreter: )([^]]+)\]$/\2/p'
}

# The line for mkcpio.py of a program or library, once, and those of what it needs.
declare -A listed=()
add() {
	local name=$1 source need

	[ -z "${listed[$1]:-}" ] || return 0
	listed[$1]=yes
	source=$(find "$root" -name "$name" '(' -path '*bin/*' -o -path '*lib/*' ')' | head -n 1)
	[ -n "$source" ] || { echo "mkclients: no $name in ${packages[*]}" >&2; exit 1; }
	source=$(realpath "$source")
	case $source in
	*bin/*)	echo "file /bin/$name $source 0755 0 0" ;;
	*)	echo "file /lib/$name $source 0755 0 0" ;;
	esac
	for need in $(needs "$source"); do
		add "${need##*/}"
	done
}
{
	for program in "${programs[@]}"; do
		add "$program"
	done
	echo "file /bin/debuggee $work/debuggee 0755 0 0"
	[ "$arch" = arm ] || echo "file /bin/busybox-arm $work/busybox 0755 0 0"
	echo "file /init $work/init 0755 0 0"
	echo "file /etc/init.d/rcS $work/rcS 0755 0 0"
} >"$work/list"

"$cc" -g -O0 -o "$work/debuggee" "$scripts/../tests/clients/debuggee.c"
[ "$arch" = arm ] || "$scripts/fetch-deb.sh" armhf files "$work" busybox-static ./bin/busybox

# pivot_root(2), which containers call, refuses the initramfs itself for an old root: a bind mount of it will do.
cat >"$work/init" <<X
#!/bin/sh
mount --bind / /mnt && cd /mnt && mount --move . / && exec chroot . /bin/init
X
{ cat "$scripts/../usr/rootfs/etc/init.d/rcS"; echo "mount -t cgroup2 cgroup2 /sys/fs/cgroup"; } >"$work/rcS"

"$scripts/mkrootfs.sh" "$arch" "$out" --list "$work/list"
