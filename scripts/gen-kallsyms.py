#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""nm -n KERNEL | gen-kallsyms.py > kallsyms.S: the table of text symbols that kernel/kallsyms.c reads.

Addresses are halfwords from a base that every 64 symbols share, an offset from _text.  A name is a
sequence of words (cut after each "_"), each an index into a table of words: one byte for the most
frequent ones, two for the rest.  The size depends on the names only, so the table can be linked in
and made again without anything moving.
"""
import collections
import re
import sys

ONE_BYTE = 0xc0		# indices below take one byte; kernel/kallsyms.c knows this too
MARKER_EVERY = 64	# symbols for each entry of kallsyms_markers and kallsyms_bases
MAX_ENCODED = 0x7f


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


def split_words(name):
    return re.findall(r"[^_]*_|[^_]+", name)


def encode(words, index):
    out = []
    for word in words:
        i = index[word]
        if i < ONE_BYTE:
            out.append(i)
        else:
            i -= ONE_BYTE
            out += [ONE_BYTE | i >> 8, i & 0xff]
    return out


def emit_bytes(values):
    for i in range(0, len(values), 32):
        print("\t.byte " + ",".join(str(v) for v in values[i:i + 32]))


def halfwords(distance):
    if distance % 2 or distance > 2 * 0xffff:
        sys.exit(f"gen-kallsyms.py: a symbol {distance} bytes from its base")
    return distance // 2


def label(name, align):
    print(f"\t.balign {align}\n\t.globl {name}\n{name}:")


def main():
    symbols = read_symbols(sys.stdin)
    names = [split_words(name) for _, _, name in symbols]
    count = collections.Counter(word for words in names for word in words)
    words = sorted(count, key=lambda w: (-count[w], w))
    index = {word: i for i, word in enumerate(words)}
    if len(words) > ONE_BYTE + (0x100 - ONE_BYTE) * 0x100:
        sys.exit("gen-kallsyms.py: too many different words in symbol names")

    print('\t.section .kallsyms, "a"')
    label("kallsyms_num_syms", 4)
    print(f"\t.long {len(symbols)}")
    bases = [offset for offset, _, _ in symbols[::MARKER_EVERY]]
    label("kallsyms_bases", 4)
    for base in bases:
        print(f"\t.long {base:#x}")
    label("kallsyms_offsets", 2)
    for i, (offset, _, _) in enumerate(symbols):
        print(f"\t.short {halfwords(offset - bases[i // MARKER_EVERY])}")

    stream, markers = [], []
    for i, ((_, kind, _), parts) in enumerate(zip(symbols, names)):
        if i % MARKER_EVERY == 0:
            markers.append(len(stream))
        code = encode(parts, index)[:MAX_ENCODED]
        stream += [len(code) | (0x80 if kind.islower() else 0)] + code
    label("kallsyms_names", 1)
    emit_bytes(stream)
    label("kallsyms_markers", 4)
    for marker in markers:
        print(f"\t.long {marker}")

    label("kallsyms_words", 1)
    starts, position = [], 0
    for word in words:
        print(f'\t.asciz "{word}"')
        starts.append(position)
        position += len(word) + 1
    if position > 0xffff:
        sys.exit("gen-kallsyms.py: too many words in symbol names")
    label("kallsyms_word_index", 2)
    for start in starts:
        print(f"\t.short {start}")
    print("\t.balign 4")


main()
