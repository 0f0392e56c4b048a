#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""mkcpio.py OUT LIST...: write a cpio archive (newc) from list files, without being root.

The archive is the same to the byte for the same input: inode numbers count up, times are
SOURCE_DATE_EPOCH (default 0), owners and modes come from the lists, a gzip OUT (*.gz) has no
name or time in its header. In a plain OUT the data of a file of a page or more begin at a multiple
of 4096, so that the kernel can take the pages as they are: the name before it is followed by as many
zeros as that takes, which newc allows (Linux does not mind). A list line, '-' meaning stdin for LIST, is one of

    dir PATH MODE UID GID
    file PATH SOURCE MODE UID GID
    slink PATH TARGET
    nod PATH MODE UID GID c|b MAJOR MINOR
    tree PATH SOURCE        a host directory: owner root, mode 755 if executable, else 644

Missing parent directories are made (755 root). A path that is named twice keeps its last meaning.
"""

import gzip
import os
import stat
import sys
from dataclasses import dataclass


@dataclass
class Entry:
    """One archive member; data is bytes, a symlink's target included."""
    mode: int
    uid: int = 0
    gid: int = 0
    data: bytes = b""
    rdev: tuple = (0, 0)


def add(entries, path, entry):
    """Put entry at path, making parents."""
    path = path.strip("/")
    parent = os.path.dirname(path)
    if parent and parent not in entries:
        add(entries, parent, Entry(stat.S_IFDIR | 0o755))
    entries[path] = entry


def read_file(path):
    with open(path, "rb") as file:
        return file.read()


def add_tree(entries, path, source):
    """Add a host directory recursively, in sorted order."""
    for name in sorted(os.listdir(source)):
        host = os.path.join(source, name)
        guest = f"{path}/{name}"
        mode = os.lstat(host).st_mode
        if stat.S_ISLNK(mode):
            add(entries, guest, Entry(stat.S_IFLNK | 0o777, data=os.readlink(host).encode()))
        elif stat.S_ISDIR(mode):
            if guest.strip("/") not in entries:
                add(entries, guest, Entry(stat.S_IFDIR | 0o755))
            add_tree(entries, guest, host)
        elif stat.S_ISREG(mode):
            perm = 0o755 if mode & 0o100 else 0o644
            add(entries, guest, Entry(stat.S_IFREG | perm, data=read_file(host)))


def add_line(entries, words):
    """Add what one list line says."""
    kind, path = words[0], words[1]
    if kind == "dir":
        mode, uid, gid = int(words[2], 8), int(words[3]), int(words[4])
        add(entries, path, Entry(stat.S_IFDIR | mode, uid, gid))
    elif kind == "file":
        mode, uid, gid = int(words[3], 8), int(words[4]), int(words[5])
        add(entries, path, Entry(stat.S_IFREG | mode, uid, gid, read_file(words[2])))
    elif kind == "slink":
        add(entries, path, Entry(stat.S_IFLNK | 0o777, data=words[2].encode()))
    elif kind == "nod":
        mode, uid, gid = int(words[2], 8), int(words[3]), int(words[4])
        kind_bits = stat.S_IFCHR if words[5] == "c" else stat.S_IFBLK
        add(entries, path, Entry(kind_bits | mode, uid, gid, rdev=(int(words[6]), int(words[7]))))
    elif kind == "tree":
        add_tree(entries, path, words[2])
    else:
        raise ValueError(f"unknown kind {kind!r}")


HEADER = 110
PAGE = 4096


def member(ino, name, entry, mtime, zeros=1):
    """One member in newc format, header, name and data each padded to 4 bytes."""
    nlink = 2 if stat.S_ISDIR(entry.mode) else 1
    name = name.encode() + bytes(zeros)
    fields = (ino, entry.mode, entry.uid, entry.gid, nlink, mtime, len(entry.data),
              0, 0, *entry.rdev, len(name), 0)
    head = b"070701" + b"".join(b"%08X" % field for field in fields) + name
    return head + bytes(-len(head) % 4) + entry.data + bytes(-len(entry.data) % 4)


def aligned(ino, name, entry, mtime, offset):
    """A member at offset in the archive whose data begin at a page. A name of more than PATH_MAX is not
    allowed: then the root directory, named once more, takes half of the zeros."""
    shortest = HEADER + len(name.encode()) + 1
    zeros = 1 + -(offset + shortest) % PAGE
    if len(name.encode()) + zeros < PAGE:
        return member(ino, name, entry, mtime, zeros)
    filler = member(720, ".", Entry(stat.S_IFDIR | 0o755), mtime, PAGE // 2)
    return filler + aligned(ino, name, entry, mtime, offset + len(filler))


def archive(entries, mtime, align):
    data = bytearray()
    for i, (name, entry) in enumerate(entries.items()):
        if align and stat.S_ISREG(entry.mode) and len(entry.data) >= PAGE:
            data += aligned(721 + i, name, entry, mtime, len(data))
        else:
            data += member(721 + i, name, entry, mtime)
    data += member(0, "TRAILER!!!", Entry(0), 0)
    return bytes(data) + bytes(-len(data) % 512)


def main():
    if len(sys.argv) < 3:
        sys.exit("usage: mkcpio.py OUT LIST...")
    out, entries = sys.argv[1], {}
    for name in sys.argv[2:]:
        with (sys.stdin if name == "-" else open(name, encoding="utf-8")) as lines:
            for number, line in enumerate(lines, 1):
                words = line.split()
                if not words or words[0].startswith("#"):
                    continue
                try:
                    add_line(entries, words)
                except (IndexError, ValueError, OSError) as error:
                    sys.exit(f"mkcpio: {name}:{number}: {error}")
    # A directory named before its content stays before it: dicts keep the order of first insertion.
    data = archive(entries, int(os.environ.get("SOURCE_DATE_EPOCH", "0")), not out.endswith(".gz"))
    if out.endswith(".gz"):
        data = gzip.compress(data, 9, mtime=0)
    with open(out + ".new", "wb") as file:
        file.write(data)
    os.replace(out + ".new", out)


if __name__ == "__main__":
    main()
