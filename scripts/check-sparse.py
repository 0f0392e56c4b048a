#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""check-sparse.py ARCH BUILD-DIR: pointers to user space, devices and per-CPU data are not mixed up.

Runs sparse over every C file with make's own options and reports what it says about address spaces (__user, __iomem,
__percpu). Its other opinions are GCC's and clang's business, which know more of the language. BUILD-DIR must have been
built once (it holds the generated headers).
"""
import os
import re
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

TARGET = {
    "arm64": ["-m64", "-D__aarch64__", "-D__LP64__"],
    "arm": ["--arch=arm", "-m32", "-D__arm__", "-U__i386__"],
}
WANTED = re.compile(r"(error|warning): .*(address space|noderef)")
SKIPPED = re.compile(r"_test\.c$|/vdso/|asm-offsets\.c$")


def options(arch, build):
    """make's options for a C file, as far as sparse looks at them."""
    out = subprocess.run(["make", "-n", "-W", "kernel/sys.c", f"ARCH={arch}", f"O={build}",
                          f"{build}/kernel/sys.o"], capture_output=True, text=True, check=True).stdout
    line = next(l for l in out.splitlines() if " -c -o " in l)
    words = shlex.split(line.split(" -MMD ")[0])[1:]
    return [w for w in words if not w.startswith(("-W", "-fsanitize", "-fstack", "-mstack", "-m"))]


def sources(arch):
    out = subprocess.run(["git", "ls-files", "kernel/*.c", "mm/*.c", "fs/*.c", "net/*.c", "drivers/*.c",
                          f"arch/{arch}/*.c"], capture_output=True, text=True, check=True).stdout
    return [path for path in out.split() if not SKIPPED.search(path)]


def main():
    arch, build = sys.argv[1:3]
    if not shutil.which("sparse"):
        print("sparse is not installed (scripts/setup.sh installs it): skipped")
        return
    command = ["sparse", *TARGET[arch], *options(arch, build), "-Wno-decl"]
    paths = sources(arch)

    def run(path):
        return subprocess.run([*command, path], capture_output=True, text=True, check=False).stderr

    found = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for text in pool.map(run, paths):
            found += [line for line in text.splitlines() if WANTED.search(line)]
    for line in found:
        print(line)
    print(f"sparse: {len(paths)} files checked for {arch}, {len(found)} mix-ups of address spaces")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
