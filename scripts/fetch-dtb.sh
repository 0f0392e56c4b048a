#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# fetch-dtb.sh DIR: put the Raspberry Pi device trees that QEMU's raspi machines want into DIR,
# from Debian's linux-image packages. No-op when they are there.
set -euo pipefail

dir=${1:?directory}
fetch=$(dirname "$0")/fetch-deb.sh

# board_tree ARCH IMAGE-REGEX FILE
board_tree() {
	[ -e "$dir/$3" ] || "$fetch" "$1" files "$dir" "$("$fetch" "$1" newest "$2")" "*/$3"
}

board_tree arm64 'linux-image-6\.1\.0-[0-9]+-arm64' bcm2837-rpi-3-b.dtb
board_tree armhf 'linux-image-6\.1\.0-[0-9]+-armmp-lpae' bcm2836-rpi-2-b.dtb
