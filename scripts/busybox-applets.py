#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""busybox-applets.py BUSYBOX: print the applet names a BusyBox binary holds, without running it.

The names are one run of sorted NUL-terminated strings that begins with "[" and "[[".
"""

import sys


def applets(binary):
    start = binary.find(b"\0[\0[[\0") + 1
    if not start:
        return []
    names = []
    for name in binary[start:].split(b"\0"):
        if not name or (names and name <= names[-1]):
            break
        names.append(name)
    return [name.decode() for name in names]


def main():
    with open(sys.argv[1], "rb") as file:
        names = applets(file.read())
    if len(names) < 100:
        sys.exit(f"busybox-applets: {sys.argv[1]}: found {len(names)} applets; not BusyBox?")
    print("\n".join(names))


if __name__ == "__main__":
    main()
