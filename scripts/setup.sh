#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# setup.sh: install the Debian packages that Thimble is built, run and tested with.
#
#	scripts/setup.sh [LIST...]	default: scripts/packages.txt beside this script
#
# With everything installed it prints nothing and takes a few milliseconds, so `make` may call it
# every time. Otherwise it says which packages it is going to install and installs them through
# apt-get, with sudo when not root. A failure is one line on stderr and status 1.
set -euo pipefail

here=$(dirname "$(realpath "$0")")
lists=("$@")
[ ${#lists[@]} -gt 0 ] || lists=("$here/packages.txt")

die() {
	echo "setup: $*" >&2
	exit 1
}

command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
	die "this needs Debian's dpkg and apt-get; install by hand what is listed in ${lists[*]}"

mapfile -t wanted < <(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "${lists[@]}")
mapfile -t missing < <(
	dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null |
		awk '$1 == "installed" { print $2 }' | sort -u |
		comm -13 - <(printf '%s\n' "${wanted[@]}" | sort -u))
[ ${#missing[@]} -gt 0 ] || exit 0

echo "setup: installing ${#missing[@]} missing Debian packages: ${missing[*]}"
sudo=()
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null ||
		die "not root and no sudo; as root run: apt-get install ${missing[*]}"
	sudo=(sudo)
fi

install_missing() {
	"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
		apt-get -q -y --no-install-recommends -o DPkg::Lock::Timeout=120 install "${missing[@]}"
}

# A machine that was never updated has no package lists; a stale list names versions now gone.
# One unreachable third-party source must not stop us, hence the tolerated update failure.
if ! install_missing; then
	echo "setup: refreshing the package lists and trying again"
	"${sudo[@]}" apt-get -q update || echo "setup: apt-get update had errors; going on" >&2
	install_missing || die "apt-get could not install: ${missing[*]}"
fi
