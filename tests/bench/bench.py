#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""bench.py rows [--arch ARCH] [ROW...]: run rows of the benchmark on Thimble and print what they cost.

The kernel and the initramfs are built already (`make bench-row` does both). QEMU counts instructions:
-icount makes one instruction one virtual nanosecond, so the host's load does not show in any figure.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
QEMU = {
    "arm64": ["qemu-system-aarch64", "-M", "virt,gic-version=2", "-cpu", "cortex-a72"],
    "arm": ["qemu-system-arm", "-M", "virt,gic-version=2,highmem=off", "-cpu", "cortex-a15"],
}
# The fixed seed makes the rng-seed of virt's device tree, and with it all randomization, repeat.
COUNTED = ["-icount", "shift=0,sleep=off", "-seed", "1", "-smp", "1"]
ROW = re.compile(r"^ROW (\S+) (?:missing (.*)|(\S+) (\S+) (\S+) (\S+))$", re.M)


def kernel_image(arch):
    return TOP / f"build/{arch}" / {"arm64": "kernel8.img", "arm": "kernel7.img"}[arch]


def boot(arch, kernel, rows, append="", memory="512M", extra=None, limit=900):
    """Boot kernel with the benchmark as process 1; the console's text."""
    command = QEMU[arch] + (COUNTED if extra is None else extra) + [
        "-m", memory, "-nic", "none", "-display", "none", "-monitor", "none", "-serial", "stdio",
        "-no-reboot", "-kernel", str(kernel), "-initrd", str(TOP / f"build/bench/{arch}/initramfs.cpio"),
        "-append", f"quiet {append} rdinit=/bench/bench -- {','.join(rows) or 'all'}"]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit, check=False)
    text = run.stdout.decode(errors="replace").replace("\r", "")
    if "BENCH end" not in text:
        sys.exit(f"bench: the benchmark did not reach its end; command:\n{' '.join(command)}\n"
                 f"{text[-3000:]}{run.stderr.decode(errors='replace')}")
    return text


def parse(text):
    """{row: (median, unit) or (None, why it is missing)}"""
    return {name: (None, why) if why else (float(median), unit)
            for name, why, median, _, _, unit in ROW.findall(text)}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["rows"])
    parser.add_argument("--arch", default="arm64", choices=sorted(QEMU))
    parser.add_argument("--kernel", help="another image than build/ARCH's")
    parser.add_argument("--append", default="", help="more kernel command line")
    parser.add_argument("rows", nargs="*")
    args = parser.parse_args()
    kernel = args.kernel or kernel_image(args.arch)
    for name, (value, note) in parse(boot(args.arch, kernel, args.rows, args.append)).items():
        print(f"{name:24} " + (f"missing: {note}" if value is None else f"{value:14,.1f} {note}"))


if __name__ == "__main__":
    main()
