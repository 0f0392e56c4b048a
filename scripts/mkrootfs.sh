#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# mkrootfs.sh ARCH OUT [OPTION...]: make an initramfs for arm64 or arm.
#
# OUT is a newc cpio archive, compressed if its name ends in .gz, reproducible to the byte. It holds
# Debian's busybox-static unchanged at /bin/busybox with a link per applet, the files under
# usr/rootfs and the nodes of usr/rootfs.list. /init is BusyBox's init. Options:
#
#	--tests DIR	DIR, the built test programs, as /tests
#	--dyn		Debian's dynamically linked bash, coreutils and capability tools under /dyn, with the dynamic
#			linker and libraries at their usual places
#	--list FILE	another mkcpio.py list, applied last
#	--no-init	without /init and /sbin/init (to test how the kernel reports that)
set -euo pipefail

top=$(realpath "$(dirname "$0")/..")
scripts=$top/scripts
arch=${1:?architecture (arm64 or arm)}
out=${2:?output file}
shift 2

case $arch in
arm64)	deb=arm64 ;;
arm)	deb=armhf ;;
*)	echo "mkrootfs: unknown architecture $arch" >&2; exit 2 ;;
esac

tests='' dyn='' list='' init=yes
while [ $# -gt 0 ]; do
	case $1 in
	--tests)	tests=$2; shift 2 ;;
	--list)		list=$2; shift 2 ;;
	--dyn)		dyn=yes; shift ;;
	--no-init)	init=; shift ;;
	*)	echo "mkrootfs: unknown option $1" >&2; exit 2 ;;
	esac
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$scripts/fetch-deb.sh" "$deb" files "$work" busybox-static ./bin/busybox

{
	cat "$top/usr/rootfs.list"
	echo "tree / $top/usr/rootfs"
	echo "file /etc/shadow $top/usr/rootfs/etc/shadow 0600 0 0"
	echo "file /bin/busybox $work/busybox 0755 0 0"
	for applet in $("$scripts/busybox-applets.py" "$work/busybox"); do
		case $applet in
		busybox)	;;
		init)		[ -z "$init" ] || echo "slink /bin/init busybox" ;;
		*)		echo "slink /bin/$applet busybox" ;;
		esac
	done
} >"$work/list"
[ -n "$init" ] || sed -i '/^slink \/init /d' "$work/list"

if [ -n "$dyn" ]; then
	"$scripts/fetch-deb.sh" "$deb" closure "$work/dyn" bash coreutils libcap2-bin util-linux
	# The programs move to /dyn so that they do not hide BusyBox's; libraries stay where ld.so looks.
	find "$work/dyn" -type f '(' -path '*bin/*' ')' |
		grep -E '/(bash|capsh|cat|cp|cut|date|dd|env|expr|factor|getcap|ls|nice|od|seq|setcap|setpriv|sha256sum|sort|tr|wc)$' |
		awk '{ name = $1; sub(/.*\//, "", name); print "file /dyn/" name, $1, "0755 0 0" }' |
		sort >>"$work/list"
	libs='ld-linux.*|lib(c|m|dl|pthread|gcc_s|tinfo|acl|attr|gmp|selinux|pcre2-8|cap|cap-ng)'
	find "$work/dyn" -regextype posix-extended -regex ".*/($libs)\.so\..*" \
		-printf '%y /%P %p %l\n' | awk '
		$1 == "f" { print "file", $2, $3, "0755 0 0" }
		$1 == "l" { print "slink", $2, $4 }' | sort >>"$work/list"
fi
[ -z "$tests" ] || echo "tree /tests $(realpath "$tests")" >>"$work/list"

mkdir -p "$(dirname "$out")"
"$scripts/mkcpio.py" "$out" "$work/list" ${list:+"$list"}
