#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""gensyscalls.py ARCH TABLE OUT: make <generated/syscalls.h> from kernel/syscalls.tbl.

The header declares every handler.  Where SYSCALL_TABLE is defined it also has the initialisers
SYSCALL_TABLE_ENTRIES, by __NR_ number of the UAPI headers; on arm64 COMPAT_SYSCALL_TABLE gives
COMPAT_SYSCALL_TABLE_ENTRIES, by __NR_compat_ number, for its 32-bit programs.
  64-bit ABI: the handlers themselves, called with six register values;
  32-bit ABI: one wrapper a call, taking the saved r0-r6.  It widens them by the parameter's type and
              puts 64-bit parameters together from even register pairs as the EABI passes them.
"""
import re
import sys

NR_SYSCALLS = 451	# one past the highest number of Linux 6.1
WIDE = {"loff_t", "u64", "s64"}
SIGNED_WORD = {"long", "off_t"}	# of 32 bits in the 32-bit ABI, whatever the kernel's are


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


def wrapper(handler, params, register):
    """A function from saved registers, of type @register, to a call of @handler."""
    args, reg = [], 0
    for param in [] if params == "void" else params.split(","):
        ctype = re.sub(r"\w+$", "", param.strip()).strip()
        if ctype in WIDE:
            reg += reg & 1
            args.append(f"({ctype})((u64)a[{reg + 1}] << 32 | a[{reg}])")
            reg += 2
        else:
            word = "(s32)" if ctype in SIGNED_WORD else "(unsigned long)(u32)"
            args.append(f"({ctype}){word}a[{reg}]")
            reg += 1
    if reg > 7:
        sys.exit(f"error: {handler} wants {reg} registers")
    return (f"static long call_{handler}(const {register} *a __attribute__((unused)))\n"
            f"{{\n\treturn {handler}({', '.join(args)});\n}}")


def table(calls, prefix, nr, register):
    """The initialisers <prefix>SYSCALL_TABLE_ENTRIES; with wrappers if @register is given."""
    out = [f"#ifdef {prefix}SYSCALL_TABLE"]
    if register:
        for name, handler, params in calls:	# two names may share a handler
            out.append(f"#if defined({nr}{name}) && !defined(CALL_{handler})\n#define CALL_{handler}")
            out += [wrapper(handler, params, register), "#endif"]
    for name, handler, _ in calls:
        entry = f"call_{handler}" if register else f"(syscall_fn_t)(void *){handler}"
        out.append(f"#ifdef {nr}{name}\n#define ENTRY_{entry_id(name)} [{nr}{name}] = {entry},\n"
                   f"#else\n#define ENTRY_{entry_id(name)}\n#endif")
    out.append(f"#define {prefix}SYSCALL_TABLE_ENTRIES \\")
    out += [f"\tENTRY_{entry_id(name)} \\" for name, _, _ in calls]
    out += ["", "#endif"]
    return out


def tables(path, arch):
    if arch == "arm":
        return table(parse(path, "32"), "", "__NR_", "unsigned long")
    return (table(parse(path, "64"), "", "__NR_", None) +
            ["#ifdef COMPAT_SYSCALL_TABLE", "#include <generated/unistd32.h>", "#endif"] +
            table(parse(path, "32"), "COMPAT_", "__NR_compat_", "u64"))


def entry_id(name):
    return name.strip("_")


def main():
    arch, path, dest = sys.argv[1:]
    lines = ["/* Made by scripts/gensyscalls.py from kernel/syscalls.tbl. */", "#pragma once",
             "#include <kernel/lib/types.h>", "#include <kernel/uapi.h>", "#include <kernel/signal_types.h>",
             f"#define NR_SYSCALLS {NR_SYSCALLS}"]
    lines.append("long sys_ni_syscall(void);	/* what every other number leads to: -ENOSYS */")
    lines += prototypes(parse(path, None)) + tables(path, arch)
    with open(dest, "w", encoding="ascii") as f:
        f.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
