#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""nm -n KERNEL | gen-kallsyms.py > kallsyms.S: the table of text symbols that kernel/kallsyms.c reads.

Addresses are halfwords from a base that every 64 symbols share, an offset from _text.  The names,
each with nm's letter before it and a NUL after it, are packed together (zlib) and unpacked into
kallsyms_text when the first of them is asked for.  The size depends on the names only, so the table
can be linked in and made again without anything moving.
"""
import sys
import zlib

MARKER_EVERY = 64	# symbols for each entry of kallsyms_markers and kallsyms_bases
MAX_NAME = 0x7e


def read_symbols(lines):
    symbols, text, end = [], None, 0
    for line in lines:
        fields = line.split()
        if len(fields) != 3:
            continue
        address, kind, name = int(fields[0], 16), fields[1], fields[2]
        if name == "_text":
            text = address
        if name == "_etext":
            end = address
        if kind in "tTwW" and not name.startswith(("$", ".L", "kallsyms_")):
            symbols.append((address, kind, name))
    if text is None:
        return []
    return sorted({(address - text, kind, name) for address, kind, name in symbols if text <= address < end})


def emit(directive, values):
    for i in range(0, len(values), 32):
        print(f"\t.{directive} " + ",".join(str(v) for v in values[i:i + 32]))


def halfwords(distance):
    if distance % 2 or distance > 2 * 0xffff:
        sys.exit(f"gen-kallsyms.py: a symbol {distance} bytes from its base")
    return distance // 2


def label(name, align):
    print(f"\t.balign {align}\n\t.globl {name}\n{name}:")


def main():
    symbols = read_symbols(sys.stdin)
    bases = [offset for offset, _, _ in symbols[::MARKER_EVERY]]
    names = [f"{kind}{name[:MAX_NAME]}\0".encode() for _, kind, name in symbols]
    text = b"".join(names)
    packed = zlib.compress(text, 9)

    print('\t.section .kallsyms, "a"')
    for name, value in ("num_syms", len(symbols)), ("text_size", len(text)), ("packed_size", len(packed)):
        label(f"kallsyms_{name}", 4)
        emit("long", [value])
    label("kallsyms_bases", 4)
    emit("long", bases)
    label("kallsyms_markers", 4)
    emit("long", [sum(map(len, names[:i])) for i in range(0, len(names), MARKER_EVERY)])
    label("kallsyms_offsets", 2)
    emit("short", [halfwords(offset - bases[i // MARKER_EVERY]) for i, (offset, _, _) in enumerate(symbols)])
    label("kallsyms_packed", 1)
    emit("byte", list(packed))
    print("\t.balign 4")

    print('\t.bss')
    label("kallsyms_text", 1)
    print(f"\t.space {max(len(text), 1)}")


main()
