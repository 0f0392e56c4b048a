#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""check-style.py [FILE...]: the mechanical part of how the code is written.

Errors (exit 1): no SPDX line, a file of more than 1,000 lines, a line of more than 100 columns, white space at a
line's end, spaces where tabs belong, a header without #pragma once, a function of more than 100 lines, an
architecture conditional outside arch/, a left-over marker. Notes: files of more than 600 lines, functions of more
than 50.
"""
import re
import subprocess
import sys

MAX_COLUMNS = 120
MARKERS = re.compile(r"\b(TODO|FIXME|XXX|HACK|PLACEHOLDER)\b")
ARCH_IF = re.compile(r"^#\s*(if|ifdef|ifndef|elif)\b.*(__arm__|__aarch64__|CONFIG_ARM|RASPI|BCM2)")


def tracked():
    out = subprocess.run(["git", "ls-files", "*.c", "*.h", "*.S", "*.py", "*.sh", "*.mk"],
                         capture_output=True, text=True, check=True).stdout
    return out.split()


def columns(line):
    return len(line.expandtabs(8))


def functions(lines):
    """(name, first line, length) of each function with its brace in column 0."""
    start = name = None
    for number, line in enumerate(lines, 1):
        if line == "{" and number > 1:
            start = number
            head = " ".join(lines[max(0, number - 4):number - 1])
            names = re.findall(r"(\w+)\s*\(", head)
            name = names[0] if names else "?"
        elif line.startswith("}") and start:
            yield name, start, number - start + 1
            start = None


def check(path, errors, notes):
    with open(path, encoding="utf-8") as f:
        lines = f.read().split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    if not any("SPDX-License-Identifier: GPL-2.0-only" in line for line in lines[:3]):
        errors.append(f"{path}:1: no SPDX-License-Identifier: GPL-2.0-only")
    if len(lines) > 1000:
        errors.append(f"{path}: {len(lines)} lines: is it one concept?")
    elif len(lines) > 600:
        notes.append(f"{path}: {len(lines)} lines")
    code = path.endswith((".c", ".h", ".S"))
    if path.endswith(".h") and "#pragma once" not in lines:
        errors.append(f"{path}: no #pragma once")
    for number, line in enumerate(lines, 1):
        where = f"{path}:{number}:"
        if line != line.rstrip():
            errors.append(f"{where} white space at the end")
        if code and columns(line) > MAX_COLUMNS:
            errors.append(f"{where} {columns(line)} columns")
        if code and line.startswith("        "):
            errors.append(f"{where} spaces instead of tabs")
        if code and MARKERS.search(line):
            errors.append(f"{where} left-over marker")
        if code and not path.startswith(("arch/", "tests/")) and ARCH_IF.match(line):
            errors.append(f"{where} architecture conditional outside arch/")
    if path.endswith(".c"):
        for name, start, length in functions(lines):
            if length > 100:
                errors.append(f"{path}:{start}: {name}() has {length} lines")
            elif length > 50:
                notes.append(f"{path}:{start}: {name}() has {length} lines")


def main():
    errors, notes = [], []
    for path in sys.argv[1:] or tracked():
        check(path, errors, notes)
    for note in notes:
        print(f"note: {note}")
    for error in errors:
        print(f"error: {error}")
    print(f"style: {len(errors)} errors, {len(notes)} notes")
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
