#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""gen-syscall-doc.py [--check]: make docs/syscalls.md from kernel/syscalls.tbl.

The numbers are those of the UAPI headers that the kernel is built with (arch/*/flags.mk names
them), so the page says for each name of Linux 6.1 what its number is and whether it is built, for both
ABIs.  With --check nothing is written, and the exit status is 1 if the page is out of date.
"""
import re
import subprocess
import sys
from pathlib import Path

from gensyscalls import NR_SYSCALLS, parse

TOP = Path(__file__).resolve().parent.parent
TABLE = TOP / "kernel/syscalls.tbl"
PAGE = TOP / "docs/syscalls.md"
ABIS = {"arm64": "64", "arm": "32"}
# Macros that are no calls, and the one that only renames sync_file_range2.
NOT_CALLS = {"syscalls", "SYSCALL_BASE", "arch_specific_syscall", "arm_sync_file_range"}

HEAD = """<!-- SPDX-License-Identifier: GPL-2.0-only -->
# System calls

Made by `scripts/gen-syscall-doc.py` from `kernel/syscalls.tbl`; do not edit. The numbers are those
of Linux 6.1's user-space headers; an empty field means that the architecture has no such call. A call
listed as missing returns `ENOSYS`. What a listed call does not do as Linux does it is in
[CAVEATS](../CAVEATS).

| | built | missing | Linux 6.1 |
|---|---|---|---|
"""

COLUMNS = ["| call | arm64 | arm |", "|---|---|---|"]

TAIL = """

ARM's private calls (numbers from 0x0f0001 on) are in `arch/arm/syscall.c`: breakpoint, cacheflush,
set_tls and get_tls.
"""


def flag(arch, name):
    text = (TOP / f"arch/{arch}/flags.mk").read_text(encoding="ascii")
    return re.search(rf"^{name} := (\S+)", text, re.M).group(1)


def numbers(arch):
    """name -> number of every call that the architecture's UAPI headers define."""
    include = flag(arch, "UAPI_DIR")
    command = [flag(arch, "CROSS") + "gcc", "-E", "-dM", "-nostdinc", "-isystem", include,
               "-D__ARM_EABI__", "-D__linux__", "-x", "c", "-"]
    output = subprocess.run(command, input="#include <asm/unistd.h>\n", check=True, text=True,
                            capture_output=True).stdout
    macros = dict(re.findall(r"^#define (\w+) (.+)$", output, re.M))

    def value(text):
        text = re.sub(r"__NR\w+", lambda m: str(value(macros[m.group()])), text)
        return sum(int(n, 0) for n in text.strip("() ").split("+"))

    calls = {}
    for macro, text in macros.items():
        name = re.fullmatch(r"__NR_(\w+)", macro)
        if name and name.group(1) not in NOT_CALLS:
            calls[name.group(1)] = value(text)
    return {name: nr for name, nr in calls.items() if nr < NR_SYSCALLS}


def sections():
    """[(title, [name...])] in the order of the table: its comments of one line are the titles."""
    result, names = [], set()
    for line in TABLE.read_text(encoding="ascii").splitlines():
        title = re.fullmatch(r"# ([a-z][^.]*)", line)
        word = re.match(r"(\w+)\s+(?:both|64|32)\s", line)
        if title:
            result.append((title.group(1), []))
        elif word and word.group(1) not in names:
            names.add(word.group(1))
            result[-1][1].append(word.group(1))
    return result


def cell(arch, name, nrs, built):
    if name not in nrs[arch]:
        return ""
    return str(nrs[arch][name]) if name in built[arch] else f"{nrs[arch][name]}, missing"


def row(name, nrs, built):
    return f"| {name} | {cell('arm64', name, nrs, built)} | {cell('arm', name, nrs, built)} |"


def page():
    nrs = {arch: numbers(arch) for arch in ABIS}
    built = {arch: {name for name, _, _ in parse(TABLE, abi)} & nrs[arch].keys()
             for arch, abi in ABIS.items()}
    out = [HEAD.rstrip("\n")]
    for arch in ABIS:
        have, total = len(built[arch]), len(nrs[arch])
        out.append(f"| {arch} | {have} | {total - have} | {total} |")
    listed = set()
    for title, names in sections():
        out += ["", f"## {title[0].upper() + title[1:]}", "", *COLUMNS]
        for name in names:
            listed.add(name)
            if any(name in nrs[arch] for arch in ABIS):
                out.append(row(name, nrs, built))
    missing = sorted((set().union(*nrs.values())) - listed)
    out += ["", "## Missing", "", *COLUMNS]
    out += [row(name, nrs, {arch: set(nrs[arch]) for arch in ABIS}) for name in missing]
    return "\n".join(out) + TAIL


def main():
    text = page()
    if sys.argv[1:] == ["--check"]:
        if not PAGE.exists() or PAGE.read_text(encoding="ascii") != text:
            sys.exit("error: docs/syscalls.md is out of date: run scripts/gen-syscall-doc.py")
    elif len(sys.argv) == 1:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(text, encoding="ascii")
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
