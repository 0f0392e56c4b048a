#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""gensyscalls.py ARCH TABLE OUT: make <generated/syscalls.h> from kernel/syscalls.tbl.

The header declares every handler (arm64 keeps those of the 32-bit ABI for its 32-bit programs).  Where SYSCALL_TABLE is defined it also has the
initialisers SYSCALL_TABLE_ENTRIES, by __NR_ number of the UAPI headers:
  arm64: the handlers themselves, called with six register values;
  arm:   one wrapper a call, taking the saved r0-r6, which puts 64-bit parameters together from
         even register pairs as the EABI passes them.
"""
import re
import sys

NR_SYSCALLS = 451	# one past the highest number of Linux 6.1
WIDE = {"loff_t", "u64", "s64"}


def parse(path, abi):
    calls = []
    for number, line in enumerate(open(path, encoding="ascii"), 1):
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        m = re.fullmatch(r"(\w+)\s+(both|64|32)\s+(\w+)\s+\((.*)\)", line)
        if not m:
            sys.exit(f"{path}:{number}: want: name abi handler (parameters)")
        name, only, handler, params = m.groups()
        if abi is None or only in ("both", abi):
            calls.append((name, handler, params))
    return calls


def prototypes(calls):
    structs = sorted({s for _, _, p in calls for s in re.findall(r"struct (\w+)", p)})
    out = [f"struct {s};" for s in structs]
    seen = set()
    for _, handler, params in calls:
        if handler not in seen:
            seen.add(handler)
            out.append(f"long {handler}({params});")
    return out


def wrapper(handler, params):
    """A function from saved registers to a call of @handler."""
    args, reg = [], 0
    for param in [] if params == "void" else params.split(","):
        ctype = re.sub(r"\w+$", "", param.strip()).strip()
        if ctype in WIDE:
            reg += reg & 1
            args.append(f"({ctype})((u64)a[{reg + 1}] << 32 | a[{reg}])")
            reg += 2
        else:
            args.append(f"({ctype})a[{reg}]")
            reg += 1
    if reg > 7:
        sys.exit(f"error: {handler} wants {reg} registers")
    return (f"static long call_{handler}(const unsigned long *a __attribute__((unused)))\n"
            f"{{\n\treturn {handler}({', '.join(args)});\n}}")


def table(calls, arch):
    out = ["#ifdef SYSCALL_TABLE"]
    present = []
    for name, handler, params in calls:
        entry = f"(syscall_fn_t)(void *){handler}" if arch == "arm64" else f"call_{handler}"
        present.append((name, entry))
    if arch == "arm":
        for name, handler, params in calls:	# two names may share a handler
            out.append(f"#if defined(__NR_{name}) && !defined(CALL_{handler})\n#define CALL_{handler}")
            out += [wrapper(handler, params), "#endif"]
    for name, entry in present:
        out.append(f"#ifdef __NR_{name}\n#define ENTRY_{entry_id(name)} [__NR_{name}] = {entry},\n"
                   f"#else\n#define ENTRY_{entry_id(name)}\n#endif")
    out.append("#define SYSCALL_TABLE_ENTRIES \\")
    out += [f"\tENTRY_{entry_id(name)} \\" for name, _ in present]
    out.append("")
    out.append("#endif")
    return out


def entry_id(name):
    return name.strip("_")


def main():
    arch, path, dest = sys.argv[1:]
    calls = parse(path, "64" if arch == "arm64" else "32")
    lines = ["/* Made by scripts/gensyscalls.py from kernel/syscalls.tbl. */", "#pragma once",
             "#include <kernel/lib/types.h>", "#include <kernel/uapi.h>", "#include <kernel/signal_types.h>",
             f"#define NR_SYSCALLS {NR_SYSCALLS}"]
    lines.append("long sys_ni_syscall(void);	/* what every other number leads to: -ENOSYS */")
    lines += prototypes(parse(path, None)) + table(calls, arch)
    with open(dest, "w", encoding="ascii") as f:
        f.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
