#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""check-headers.py ARCH BUILD-DIR: each header compiles alone; no header includes itself through others.

BUILD-DIR must have been built once (it holds the generated headers).  The compiler command is make's own.
"""
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor


def headers(arch):
    out = subprocess.run(["git", "ls-files", "*.h"], capture_output=True, text=True, check=True).stdout
    for path in out.split():
        if path.startswith("arch/") and not path.startswith(f"arch/{arch}/"):
            continue
        if path.startswith(("tests/", "usr/")) or "/vdso/" in path:
            continue
        if path.endswith("/assembler.h"):
            continue        # macros of the assembler, not C
        yield path


def include_name(path, arch):
    prefix = f"arch/{arch}/include/"
    return path[len(prefix):] if path.startswith(prefix) else path


def compiler(arch, build):
    """make's command for one C file, without the file."""
    out = subprocess.run(["make", "-n", "-W", "kernel/sys.c", f"ARCH={arch}", f"O={build}",
                          f"{build}/kernel/sys.o"], capture_output=True, text=True, check=True).stdout
    line = next(l for l in out.splitlines() if " -c -o " in l)
    return re.sub(r"-MMD -MP -c -o .*", "-fsyntax-only", line)


def try_header(command, name):
    with tempfile.NamedTemporaryFile("w", suffix=".c") as f:
        f.write(f"#include <{name}>\n")
        f.flush()
        run = subprocess.run(f"{command} -Wno-unused-function {f.name}", shell=True, capture_output=True, text=True,
                             check=False)
    return None if run.returncode == 0 else run.stderr.splitlines()[0] if run.stderr else "failed"


def find_cycle(graph):
    state = {}

    def visit(node, trail):
        state[node] = 1
        for other in graph.get(node, ()):
            if state.get(other) == 1:
                return trail[trail.index(other):] + [other] if other in trail else [node, other]
            if other not in state:
                cycle = visit(other, trail + [other])
                if cycle:
                    return cycle
        state[node] = 2
        return None

    for node in graph:
        if node not in state:
            cycle = visit(node, [node])
            if cycle:
                return cycle
    return None


def main():
    arch, build = sys.argv[1:3]
    paths = list(headers(arch))
    names = [include_name(p, arch) for p in paths]
    command = compiler(arch, build)
    errors = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, error in zip(paths, pool.map(lambda n: try_header(command, n), names)):
            if error:
                errors.append(f"{path} does not compile alone: {error}")
    graph = {}
    for path, name in zip(paths, names):
        with open(path, encoding="utf-8") as f:
            graph[name] = [i for i in re.findall(r"^#include <([^>]+)>", f.read(), re.M) if i in names]
    cycle = find_cycle(graph)
    if cycle:
        print("note: include cycle: " + " -> ".join(cycle))
    for error in errors:
        print(f"error: {error}")
    print(f"headers: {len(paths)} checked for {arch}, {len(errors)} errors")
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
