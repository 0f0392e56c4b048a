#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""soak.py ARCH SMP MINUTES MEM DEBUG: the driver behind scripts/soak.sh.

First as many tasks at a time as fit. Then rounds of about a minute: storm, crowd and grind together in the
background, terminal traffic in the foreground, then quiet, and a look at memory. Prints a line per round.
"""

import re
import subprocess
import sys
import time

from machine import TOP, Machine, MachineError

BAD = re.compile(r"WARNING|BUG|Kernel panic|Oops|not ok|saw a wrong result|leak|lock rank|deadlock")
ROUND_SECONDS = 50
SLACK_KB = 1500
TASKS = 30_000


def build(arch):
    subprocess.run(["make", "-s", "test-rootfs", f"ARCH={arch}"], cwd=TOP, check=True)
    return TOP / f"build/tests/rootfs-{arch}.cpio.gz"


def free_kb(machine):
    machine.run("sleep 1; sync")
    return int(re.search(r"MemFree: +(\d+)", machine.run("cat /proc/meminfo")).group(1))


def one_round(machine, number, smp):
    """Everything at once for a while; what went wrong, as text."""
    start = len(machine.output)
    machine.run(f"/tests/storm {ROUND_SECONDS} {2 * smp} >/tmp/storm.out 2>&1 & storm=$!")
    machine.run(f"/tests/crowd {ROUND_SECONDS} {smp} >/tmp/crowd.out 2>&1 & crowd=$!")
    machine.run(f"/tests/grind {ROUND_SECONDS} {number} >/tmp/grind.out 2>&1 & grind=$!")
    end = time.time() + ROUND_SECONDS
    while time.time() < end:
        machine.run("seq 1 500", 300)
        machine.run("ls -laR /proc/self /dev >/dev/null; ps; dmesg | tail -1", 300)
    machine.run("wait $storm; echo status $?", 600)
    machine.run("wait $crowd", 600)
    machine.run("wait $grind", 600)
    out = machine.run("cat /tmp/*.out; rm /tmp/*.out", 60)
    if out.count(" 0 bad") != 2 or "grind: " not in out:
        return f"round {number}: {out}"
    bad = BAD.search(machine.output, start)
    if bad:
        return f"round {number}: {machine.output[max(0, bad.start() - 300):bad.end() + 800]}"
    return ""


def soak(machine, minutes, smp):
    machine.boot(180)
    machine.run("dmesg -n 8")
    out = machine.run(f"/tests/crowd -n {TASKS}", 600)
    print(f"soak: {out.strip()}", flush=True)
    if " 0 bad" not in out:
        return out
    free, number, end = [], 0, time.time() + 60 * minutes
    while time.time() < end or number < 2:
        number += 1
        trouble = one_round(machine, number, smp)
        free.append(free_kb(machine))
        print(f"soak: round {number}: {free[-1]} KiB free", flush=True)
        if trouble:
            return trouble
    if len(free) > 2 and free[1] - free[-1] > SLACK_KB:
        return f"memory is gone: {free} KiB free after each round"
    machine.sendline("poweroff")
    return "" if machine.expect_end(60) == 0 else "poweroff failed"


def main():
    arch, smp, minutes, mem, debug = sys.argv[1:6]
    variant = arch + ("-debug" if debug == "1" else "")
    log = TOP / f"build/tests/soak-{arch}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    image = TOP / "build" / variant / ("kernel8.img" if arch == "arm64" else "kernel7.img")
    machine = Machine(elf=image.parent / "thimble.elf", log=log, timeout=120, arch=arch, smp=smp,
                      mem=mem, kernel=image, initrd=build(arch))
    try:
        trouble = soak(machine, float(minutes), int(smp))
    except MachineError as error:
        trouble = f"{type(error).__name__}: {error}"
    finally:
        machine.close()
    if trouble:
        sys.exit(f"soak: {arch}: FAILED: {trouble}")
    print(f"soak: {arch}: {minutes} minutes on {smp} CPUs: good")


if __name__ == "__main__":
    main()
