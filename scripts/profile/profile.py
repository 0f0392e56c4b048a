#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""profile.py ARCH KERNEL-ELF ROW: where the instructions of a row of the benchmark go (`make profile`).

Boots the kernel with the row as its only work in a QEMU that counts every instruction (tcgprof.c,
built here for the QEMU that is installed), and prints a table by function: instructions per
operation, share, cumulative share. ROW=boot counts from power-on to the first instruction of init.
OUT.txt holds the whole table, OUT.svg the flame graph, OUT.raw what the plugin wrote.
"""
import argparse
import bisect
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import flame

TOP = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent
KERNEL_BASE = {"arm64": 0x8000000000000000, "arm": 0x80000000}
LOAD_BASE = 0x40000000		# where QEMU's virt has RAM: the kernel runs there until the MMU is on
CROSS = {"arm64": "aarch64-linux-gnu-", "arm": "arm-linux-gnueabihf-"}


def nm(cross, elf):
    """(address, name) of the functions of an ELF file, ascending, one for each address."""
    out = subprocess.run([cross + "nm", "-n", str(elf)], capture_output=True, text=True, check=True)
    found = {}
    for line in out.stdout.splitlines():
        parts = line.split()
        if len(parts) != 3 or parts[1] not in "tTwW" or re.match(r"\$|\.L|_text$|__text_start$", parts[2]):
            continue
        address = int(parts[0], 16) & ~1 if "hf" in cross else int(parts[0], 16)
        if address not in found or parts[1] in "TW":
            found[address] = parts[2]
    return sorted(found.items())


class Functions:
    """Kernel and program, as one ascending list of addresses; the index is the plugin's number."""

    def __init__(self, arch, kernel, program, boot):
        self.kernel_elf, self.program_elf = kernel, program
        self.base = KERNEL_BASE[arch]
        table = {0: "[user]"}
        if program:
            symbols = nm(CROSS[arch], program)
            table.update(symbols)
            table[symbols[-1][0] + 0x1000] = "[user]"
        if boot:
            table[LOAD_BASE] = "[before the MMU]"
        symbols = nm(CROSS[arch], kernel)
        self.kernel = {name: address for address, name in symbols}
        table.update(symbols)
        if arch == "arm":
            table[0xffff0000] = "vectors"
            table[0xffff0fa0] = "[kuser helpers]"
        self.addresses = sorted(table)
        self.names = [table[a] for a in self.addresses]

    def index(self, address):
        return max(0, bisect.bisect_right(self.addresses, address) - 1)

    def end_of(self, name):
        i = self.index(self.kernel[name])
        return self.addresses[i + 1]

    def label(self, i):
        in_program = self.addresses[i] < self.base and not self.names[i].startswith("[")
        return self.names[i] + (" [u]" if in_program else "")

    def elf_of(self, address):
        return self.kernel_elf if address >= self.base else self.program_elf


def qemu_api():
    """The version of the plugin interface that the installed QEMU wants."""
    text = subprocess.run(["qemu-system-aarch64", "--version"], capture_output=True, text=True,
                          check=True).stdout
    major, minor = map(int, re.search(r"version (\d+)\.(\d+)", text).groups())
    return 1 if major < 9 else 2 if (major, minor) == (9, 0) else 3 if (major, minor) == (9, 1) else 4


def build_plugin(directory):
    api = qemu_api()
    source, target = HERE / "tcgprof.c", directory / f"tcgprof-{api}.so"
    newest = max(source.stat().st_mtime, (HERE / "plugin_api.h").stat().st_mtime)
    if not target.exists() or target.stat().st_mtime < newest:
        subprocess.run(["gcc", "-std=gnu11", "-O2", "-Wall", "-fPIC", "-shared", f"-DPLUGIN_API={api}",
                        "-o", str(target), str(source)], check=True)
    return target


def run_qemu(args, functions, raw, log):
    """Boot once; what the console said."""
    names = raw.with_suffix(".functions")
    names.write_text("".join(f"{a:x}\n" for a in functions.addresses))
    symbol = functions.kernel.__getitem__
    if args.arch == "arm":
        vectors, vectors_end = 0xffff0000, 0xffff0020
    else:
        vectors, vectors_end = symbol("vectors"), symbol("vectors") + 0x800
    plugin = {
        "out": raw, "functions": names, "kernel": f"{functions.base:x}", "vectors": f"{vectors:x}",
        "vectors_end": f"{vectors_end:x}", "switch": f"{symbol('cpu_switch_to'):x}",
        "switch_end": f"{functions.end_of('cpu_switch_to'):x}",
        "fork_return": f"{symbol('ret_from_fork'):x}", "arm32": int(args.arch == "arm"),
        "marks": int(args.row != "boot"), "user_ends": int(args.row == "boot"),
    }
    if args.row == "boot":
        append = "rdinit=/bin/poweroff -- -f"
    else:
        append = f"rdinit=/bench/bench -- {args.row}"
    command = [
        str(TOP / "scripts/qemu.sh"), f"ARCH={args.arch}", f"KERNEL={args.image}", f"INITRD={args.initrd}",
        f"CPU={'cortex-a72' if args.arch == 'arm64' else 'cortex-a15'}", f"MEM={args.mem}", "SMP=1",
        f"APPEND={append}", "REBOOT=no", "--", "-seed", "1", "-icount", "shift=0,sleep=off", "-plugin",
        ",".join([str(args.plugin)] + [f"{key}={value}" for key, value in plugin.items()]),
    ]
    raw.unlink(missing_ok=True)
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", timeout=args.timeout, check=False)
        text = done.stdout + done.stderr
    except subprocess.TimeoutExpired as error:
        text = (error.stdout or b"").decode(errors="replace")
        sys.exit(f"profile: QEMU did not end within {args.timeout} s:\n{text[-2000:]}")
    finally:
        names.unlink()
    log.write_text(text)
    if not raw.exists():
        sys.exit(f"profile: QEMU wrote no counts:\n{text[-2000:]}")
    return text


class Counts:
    """What the plugin wrote: instructions by address, and the tree of calls."""

    def __init__(self, raw):
        self.address = Counter()
        self.nodes = {}			# id: (parent, function, count)
        self.entered = Counter()	# how often execution came to an address
        self.window = "never"
        with open(raw, encoding="ascii") as lines:
            for line in lines:
                kind, *rest = line.split()
                if kind == "block":
                    address, count = int(rest[0], 16), int(rest[1])
                    self.entered[address] += count
                    for size in rest[2]:
                        self.address[address] += count
                        address += int(size)
                elif kind == "node":
                    ident, parent, function, count = map(int, rest)
                    self.nodes[ident] = (parent, function, count)
                else:
                    self.window = rest[0]

    def by_function(self, functions):
        total, calls = Counter(), Counter()
        for address, count in self.address.items():
            total[functions.index(address)] += count
        for i in total:
            calls[i] = self.entered[functions.addresses[i]]
        return total, calls

    def inclusive(self):
        """Instructions of each function and all it called; recursion counts once."""
        below = Counter()
        for parent, function, count in self.nodes.values():
            seen = {function}
            below[function] += count
            while parent:
                parent, function, _ = self.nodes[parent]
                if function not in seen:
                    seen.add(function)
                    below[function] += count
        return below

    def stacks(self, functions):
        """{(outermost, ..., innermost): count} for the flame graph."""
        stacks = Counter()
        for ident, (_, _, count) in self.nodes.items():
            path = []
            while ident:
                ident, function, _ = self.nodes[ident]
                path.append(functions.label(function))
            if count:
                stacks[tuple(reversed(path))] += count
        return stacks

    def callers(self, functions, name):
        """Who called a function, and what it cost (all below it) on their behalf."""
        costs = defaultdict(int)
        wanted = {i for i, n in enumerate(functions.names) if n == name}
        for ident, (parent, function, count) in self.nodes.items():
            while ident:
                parent, function, _ = self.nodes[ident]
                if function in wanted:
                    costs[functions.label(self.nodes[parent][1]) if parent else "(top)"] += count
                    break
                ident = parent
        return costs


def table(args, functions, counts, operations):
    total, calls = counts.by_function(functions)
    inclusive = counts.inclusive()
    whole = sum(total.values())
    lines = [f"{args.row} on {args.arch}: {whole / operations:,.1f} instructions per operation "
             f"({operations} operations, {whole:,} instructions)", "",
             f"{'self/op':>12} {'%':>6} {'cum %':>6} {'with callees':>13} {'calls/op':>9}  function"]
    sofar = 0
    for i, count in total.most_common():
        sofar += count
        lines.append(f"{count / operations:12,.1f} {100 * count / whole:6.2f} {100 * sofar / whole:6.2f} "
                     f"{inclusive[i] / operations:13,.1f} {calls[i] / operations:9,.2f}  {functions.label(i)}")
    return lines


def annotate(args, functions, counts, operations, name):
    """The disassembly of a function with the instructions per operation of each line."""
    where = [i for i, n in enumerate(functions.names) if n == name]
    if not where:
        sys.exit(f"profile: no function {name}: was it inlined?")
    for i in where:
        start, end = functions.addresses[i], functions.addresses[i + 1]
        elf = functions.elf_of(start)
        out = subprocess.run([CROSS[args.arch] + "objdump", "-d", "-l", "--no-show-raw-insn",
                              f"--start-address={start:#x}", f"--stop-address={end:#x}", str(elf)],
                             capture_output=True, text=True, check=True).stdout
        for line in out.splitlines():
            found = re.match(r"\s*([0-9a-f]+):\t(.*)", line)
            if found:
                count = counts.address[int(found[1], 16)]
                print(f"{count / operations:12,.2f}  {found[1]}  {found[2]}" if count else
                      f"{'':12}  {found[1]}  {found[2]}")
            elif re.match(r"\S+:\d+", line):
                source = re.sub(r"^/.*?/(?=(arch|kernel|mm|fs|drivers|net)/)", "", line)
                print(f"{'':14}{source}")
    print("\ncalled by (instructions per operation, callees included):")
    for caller, count in sorted(counts.callers(functions, name).items(), key=lambda c: -c[1]):
        print(f"{count / operations:12,.1f}  {caller}")


def operations_of(text, row):
    """How many operations were in the window, as the benchmark says it."""
    found = re.search(rf"MARKED {re.escape(row)} (\d+)", text)
    return int(found[1]) if found else 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("arch", choices=("arm64", "arm"))
    parser.add_argument("kernel", help="thimble.elf")
    parser.add_argument("row")
    parser.add_argument("--image", required=True)
    parser.add_argument("--initrd", required=True)
    parser.add_argument("--program", help="ELF file with the symbols of the user program")
    parser.add_argument("--mem", default="512M")
    parser.add_argument("--out", default="build/profile", help="directory of the results")
    parser.add_argument("--top", type=int, default=40, help="lines of the table to print")
    parser.add_argument("--annotate", help="print this function's code with counts")
    parser.add_argument("--timeout", type=int, default=300)
    args = parser.parse_args()

    out = Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    args.plugin = build_plugin(out)
    base = out / f"{args.arch}-{args.row}"
    functions = Functions(args.arch, args.kernel, args.program, args.row == "boot")
    raw = base.with_suffix(".raw")
    text = run_qemu(args, functions, raw, base.with_suffix(".log"))
    counts = Counts(raw)
    if counts.window != "closed":
        sys.exit(f"profile: the measured part was {counts.window}:\n{text[-2000:]}")
    operations = operations_of(text, args.row)
    lines = table(args, functions, counts, operations)
    base.with_suffix(".txt").write_text("\n".join(lines) + "\n")
    flame.write_svg(base.with_suffix(".svg"), counts.stacks(functions), operations,
                    f"{args.row} on {args.arch}: instructions per operation")
    if args.annotate:
        annotate(args, functions, counts, operations, args.annotate)
    else:
        print("\n".join(lines[:args.top + 3]))
    print(f"\nwhole table {base}.txt, flame graph {base}.svg")


main()
