# SPDX-License-Identifier: GPL-2.0-only
"""machines.py: the kernels that are compared, and booting one with the benchmark as process 1.

Thimble is always run. What Linux costs does not change while its image, the initramfs and the command
line stay, so its console output is kept in build/bench/cache under a hash of all three and of QEMU's
version and options.
"""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
ARCHES = ["arm64", "arm"]
QEMU = {
    "arm64": ["qemu-system-aarch64", "-M", "virt,gic-version=2", "-cpu", "cortex-a72"],
    "arm": ["qemu-system-arm", "-M", "virt,gic-version=2,highmem=off", "-cpu", "cortex-a15"],
}
# The fixed seed makes the rng-seed of virt's device tree, and with it all randomization, repeat.
COUNTED = ["-icount", "shift=0,sleep=off", "-seed", "1"]
LEAN = ("mitigations=off kpti=off nokaslr init_on_alloc=0 randomize_kstack_offset=off "
        "hardened_usercopy=off audit=0 apparmor=0 lsm=none cgroup_disable=memory "
        "numa_balancing=disable norandmaps")
# What is compared: name to (whether it is Debian's Linux, more command line).
KERNELS = {"linux": (True, ""), "lean": (True, LEAN), "thimble": (False, "")}
ROW = re.compile(r"^ROW (\S+) (?:missing (.*)|(\S+) (\S+) (\S+) (\S+))$", re.M)


class BenchError(Exception):
    """A machine did not do what it was started for."""


def image(arch, linux=False):
    if linux:
        return TOP / f"build/oracle/vmlinuz-{arch}"
    return TOP / f"build/{arch}" / {"arm64": "kernel8.img", "arm": "kernel7.img"}[arch]


def initramfs(arch):
    return TOP / f"build/bench/{arch}/initramfs.cpio"


def prepare(arch, linux):
    """Build the benchmark's programs; fetch Debian's kernel."""
    subprocess.run([TOP / "tests/bench/mkinitramfs.sh", arch, TOP / f"build/bench/{arch}"], check=True)
    if linux:
        subprocess.run([TOP / "tests/oracle/fetch-kernel.sh", arch, image(arch, True)], check=True)


def command_line(arch, kernel, rows, append="", memory="512M", smp=1, counted=True):
    """QEMU's command: counted says whether instructions are the clock, or the host's time is."""
    return QEMU[arch] + (COUNTED if counted else []) + [
        "-smp", str(smp), "-m", memory, "-nic", "none", "-display", "none", "-monitor", "none",
        "-serial", "stdio", "-no-reboot", "-kernel", str(kernel), "-initrd", str(initramfs(arch)),
        "-append", " ".join(f"quiet {append} rdinit=/bench/bench -- {','.join(rows) or 'all'}".split())]


def run(command, limit=1800):
    """Run QEMU to the end of the benchmark; the console's text."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=limit, check=False)
        text = done.stdout.decode(errors="replace").replace("\r", "")
    except subprocess.TimeoutExpired as error:
        text = (error.stdout or b"").decode(errors="replace")
    if "BENCH end" not in text:
        raise BenchError(f"the benchmark did not reach its end; command:\n{' '.join(command)}\n"
                         f"{text[-3000:]}")
    return text


def cached_run(command, files):
    """run(), or what it said before for the same command and contents of files."""
    version = subprocess.run([command[0], "--version"], capture_output=True, check=True).stdout
    key = hashlib.sha256(version + repr([c for c in command if c not in map(str, files)]).encode())
    for path in files:
        key.update(Path(path).read_bytes())
    kept = TOP / f"build/bench/cache/{key.hexdigest()[:20]}.txt"
    if not kept.exists():
        text = run(command)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(text)
    return kept.read_text()


def boot(arch, kernel="thimble", rows=(), **settings):
    """The console's text of one of KERNELS, running rows."""
    linux, append = KERNELS[kernel]
    settings["append"] = f"{append} {settings.get('append', '')}"
    path = settings.pop("path", None) or image(arch, linux)
    command = command_line(arch, path, rows, **settings)
    if linux and settings.get("counted", True):
        print(f"bench: {arch} {kernel} ...", file=sys.stderr)
        return cached_run(command, [path, initramfs(arch)])
    return run(command)


def contend(arch, copies):
    """[(row, lock, acquired, contended, spins)]: a debug kernel with as many CPUs as copies of a row."""
    both = TOP / f"build/bench/{arch}/contend.cpio"
    files = TOP / f"build/bench/{arch}/contend.list"
    files.write_text((TOP / f"build/bench/{arch}/list").read_text()
                     + f"file /contend.sh {TOP}/tests/bench/contend.sh 0755 0 0\n")
    subprocess.run([TOP / "scripts/mkrootfs.sh", arch, both, "--list", files], check=True)
    kernel = TOP / f"build/{arch}-debug" / image(arch).name
    command = command_line(arch, kernel, [str(copies)], smp=copies, counted=False, memory="1G")
    command = [c.replace("rdinit=/bench/bench", "rdinit=/contend.sh").replace(
        str(initramfs(arch)), str(both)) for c in command]
    found = re.findall(r"^LOCK (\S+) \d+ (\S+) (\d+) (\d+) (\d+)$", run(command), re.M)
    return [(row, lock, *map(int, counts)) for row, lock, *counts in found]


def parse(text):
    """{row: (median, unit) or (None, why it is missing)}"""
    return {name: (None, why) if why else (float(median), unit)
            for name, why, median, _, _, unit in ROW.findall(text)}


def parse_log(text):
    """[(milliseconds since power on, what the kernel said)]"""
    return [(float(when) / 1000, said) for when, said in re.findall(r"^LOG (-?\d+) (.*)$", text, re.M)]


def parse_scale(text):
    """{operation: [(tasks, instructions)]}"""
    result = {}
    for name, tasks, cost in re.findall(r"^SCALE (\S+) (\d+) (\S+)$", text, re.M):
        result.setdefault(name, []).append((int(tasks), float(cost)))
    return result
