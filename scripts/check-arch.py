#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""check-arch.py: hold both ports against the contract in kernel/arch.h.

Every function that arch.h declares above "What the arch calls" must be defined in each port; both must
have the same <asm/...> headers; a source file name of one port is expected in the other.
"""
import os
import re
import sys

PORTS = ("arm", "arm64")
# What one port has and the other cannot: user helpers, tables smaller than a page, the soft canary and PAN by domains
# of 32-bit; 64-bit's assembler macros and its 32-bit programs, pointer authentication, and a memcmp() that wants words that
# need not be aligned.
ONLY = {"arm": {"kuser.S", "pan.c", "pgtable_small.c", "smccc.h"},
        "arm64": {"assembler.h", "compat.h", "memcmp.c", "pac.c", "pac.h"}}


def contract():
    with open("kernel/arch.h", encoding="utf-8") as f:
        text = f.read().split("What the arch calls")[0]
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"static inline.*?\n}", "", text, flags=re.S)
    names = re.findall(r"^[\w][\w\s\*]*?\b(\w+)\([^;{]*\)\s*;", text, flags=re.M)
    return sorted(set(names) - {"__must_check"})


def sources(port):
    for folder, _, files in os.walk(f"arch/{port}"):
        for name in files:
            if name.endswith((".c", ".h", ".S")):
                yield os.path.join(folder, name)


def defined(name, texts):
    """As a C function, an inline, a macro or an assembly symbol."""
    pattern = re.compile(rf"^(?!\s*return)[^\n;=]*\b{name}\([^;]*?\)\s*\n?{{|#define\s+{name}\b|"
                         rf"^\s*(FUNC|ENTRY|SYM_FUNC|FUNCTION|func|entry|function)\w*[\s(]+{name}\b|"
                         rf"^{name}:|\.globl\s+{name}\b", re.M)
    return any(pattern.search(t) for t in texts)


def main():
    errors = []
    texts = {p: [open(f, encoding="utf-8").read() for f in sources(p)] for p in PORTS}
    for name in contract():
        for port in PORTS:
            if not defined(name, texts[port]):
                errors.append(f"arch/{port} does not define {name}() of kernel/arch.h")
    for kind in ("", "/include/asm"):
        files = {p: {f for f in os.listdir(f"arch/{p}{kind}") if f.endswith((".c", ".S", ".h"))} for p in PORTS}
        for port, other in (PORTS, PORTS[::-1]):
            for name in sorted(files[port] - files[other] - ONLY[port]):
                errors.append(f"arch/{port}{kind}/{name} has no counterpart in arch/{other}{kind}")
    for error in errors:
        print(f"error: {error}")
    print(f"arch: {len(contract())} functions of the contract, {len(errors)} errors")
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
