#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""bench.py COMMAND [ROW...] [--arch ARCH]...: what operations cost in instructions.

    rows      on Thimble only, printed (`make bench-row`)
    compare   on Debian's Linux, lean Linux and Thimble: the table, plots, docs/performance.md (`make bench`)
    check     Thimble against the committed figures; fails when a row costs more than 3 % more
    update    rewrite the committed figures
    scale     with 10, 1,000 and 30,000 tasks, and idle interrupts (`make bench-scale`)
    contend   lock contention of a debug kernel with 1, 2, 4 and 8 CPUs (`make bench-scale`)

The kernels of Thimble are built already (make does). QEMU counts instructions: -icount makes one
instruction one virtual nanosecond, so the host's load does not show in any figure but the wall clock's.
"""

import argparse
import json
import re
import statistics
import sys

import machines
import report
from machines import ARCHES, TOP, BenchError, boot, parse

FIGURES = TOP / "tests/bench/figures.json"
WORSE = 1.03		# more is a failure
BETTER = 0.97		# less is worth new figures
WALL_ROWS = ["getppid", "fork_small", "vfork_exec", "switch_pipe", "first_write"]
WALL_RUNS = 5
CPUS = [1, 2, 4, 8]


def print_rows(results):
    for name, (value, note) in results.items():
        print(f"{name:24} " + (f"missing: {note}" if value is None else f"{value:14,.1f} {note}"))


def do_rows(args):
    for arch in args.arch:
        machines.prepare(arch, False)
        print_rows(parse(boot(arch, rows=args.rows, path=args.kernel, append=args.append)))


def load_figures():
    return json.loads(FIGURES.read_text()) if FIGURES.exists() else {}


def judge(arch, results, figures):
    """Print every row that changed; whether none got worse."""
    good = True
    for row, (value, note) in results.items():
        figure = figures.get(arch, {}).get(row)
        if value is None:
            print(f"bench: {arch}: {row} is missing: {note}")
            good = False
        elif figure is None:
            print(f"bench: {arch}: {row} has no committed figure; `make bench-update` records {value:,.1f}")
        elif value > figure * WORSE:
            print(f"bench: {arch}: {row} costs {value:,.1f} {note}, {value / figure - 1:+.1%} against the "
                  f"committed {figure:,.1f}. Look with `make profile ROW={row} ARCH={arch}`; if the cost is "
                  "meant, `make bench-update` and say why in the commit.")
            good = False
        elif value < figure * BETTER:
            print(f"bench: {arch}: {row} costs {value:,.1f} {note}, {value / figure - 1:+.1%}: better; "
                  "`make bench-update` keeps it so")
    return good


def do_check(args):
    good = True
    for arch in args.arch:
        machines.prepare(arch, False)
        results = parse(boot(arch, rows=args.rows))
        good &= judge(arch, results, load_figures())
        print(f"bench: {arch}: {len(results)} rows compared")
    if not good:
        sys.exit(1)


def save_figures(arch, results):
    figures = load_figures()
    figures.setdefault(arch, {}).update({row: value for row, (value, _) in results.items() if value is not None})
    FIGURES.write_text(json.dumps(figures, indent=1, sort_keys=True) + "\n")


def do_update(args):
    for arch in args.arch:
        machines.prepare(arch, False)
        save_figures(arch, parse(boot(arch, rows=args.rows)))
    print(f"bench: {FIGURES.relative_to(TOP)} written")


def wall_append(arch, kernel):
    """What `make run` adds to the command line for QEMU's sake."""
    return "nopan" if (arch, kernel) == ("arm", "thimble") else ""


def wall_clock(arch):
    """Medians of interleaved runs without -icount, in nanoseconds: {row: {kernel: ns}}."""
    samples = {}
    for _ in range(WALL_RUNS):
        for kernel in ("linux", "thimble"):
            text = boot(arch, kernel, WALL_ROWS, counted=False, append=wall_append(arch, kernel))
            for row, (value, _) in parse(text).items():
                if value is not None:
                    samples.setdefault(row, {}).setdefault(kernel, []).append(value)
    return {row: {kernel: statistics.median(v) for kernel, v in by.items()} for row, by in samples.items()}


def wall_table(wall):
    lines = [["row", "operation", "Linux, ns", "Thimble, ns", "ratio"]]
    what = report.descriptions()
    for row, by in wall.items():
        linux, thimble = by.get("linux"), by.get("thimble")
        lines.append([row, what[row], report.number(linux), report.number(thimble), report.ratio(thimble, linux)])
    return lines


def boot_logs(arch, linux):
    """{title: (kernel log, milliseconds to init)} of the kernels whose boot is drawn."""
    logs = {}
    for kernel, title in (("linux", "Linux 6.1"), ("thimble", "Thimble"))[0 if linux else 1:]:
        text = boot(arch, kernel, ["boot", "boot_log"])
        logs[title] = (machines.parse_log(text), parse(text)["boot"][0] / 1e6)
    return logs


def command_text(arch, memory="512M"):
    command = machines.command_line(arch, "KERNEL", [], memory=memory)
    return " ".join(c if " " not in c else f"'{c}'" for c in command).replace(str(TOP) + "/", "")


def write_document(arch, results, logs, wall):
    report.plot_fork(arch, results)
    report.plot_boot(arch, logs)
    body = [f"`make bench`, that is `{command_text(arch)}` with Thimble's kernel, and with Debian's "
            "(lean: with `" + machines.LEAN + "`).", "",
            report.markdown(report.table(arch, results)), ""]
    body += [f"* {line}." for line in report.means(results)]
    body += ["", f"![fork against resident memory](fork-{arch}.svg)", "", f"![boot](boot-{arch}.svg)"]
    if wall:
        append = wall_append(arch, "thimble")
        body += ["", f"Wall clock, without counting{', with ' + append if append else ''}: medians of {WALL_RUNS} "
                 "interleaved runs on one host. For information; these depend on the host.", "",
                 report.markdown(wall_table(wall))]
    report.replace_section(report.DOCS / "performance.md", arch, "\n".join(body))


def do_compare(args):
    for arch in args.arch:
        linux = any(machines.KERNELS[k][0] for k in args.kernels)
        machines.prepare(arch, linux)
        results = {kernel: parse(boot(arch, kernel, args.rows)) for kernel in args.kernels}
        print(f"\n{arch}: instructions (QEMU -icount, one CPU, 512 MiB)\n")
        print(report.plain(report.table(arch, results)))
        print("\n".join([""] + report.means(results)))
        if args.rows or not linux:
            continue
        wall = {} if args.no_wall else wall_clock(arch)
        if wall:
            print("\nWall clock (information):\n\n" + report.plain(wall_table(wall)))
        write_document(arch, results, boot_logs(arch, linux), wall)
        save_figures(arch, results["thimble"])
    if not args.rows:
        print("\nbench: docs/performance.md and tests/bench/figures.json written")


def contention(arch):
    """Lines of a table: for each row and number of CPUs, the locks that were waited for most."""
    lines = [["row", "CPUs", "acquired", "contended", "most contended (times)"]]
    for copies in CPUS:
        rows = {}
        for row, lock, acquired, contended, _ in machines.contend(arch, copies):
            rows.setdefault(row, []).append((contended, acquired, lock))
        for row, locks in rows.items():
            worst = [f"{lock} ({n:,} of {taken:,})" for n, taken, lock in sorted(locks, reverse=True)[:3] if n]
            lines.append([row, str(copies), f"{sum(taken for _, taken, _ in locks):,}",
                          f"{sum(n for n, _, _ in locks):,}", ", ".join(worst) or "-"])
    return [lines[0]] + sorted(lines[1:], key=lambda line: line[0])


def do_contend(args):
    for arch in args.arch:
        machines.prepare(arch, False)
        lines = contention(arch)
        print(f"\n{arch}: locks of a debug kernel, as many copies of a row at once as CPUs\n\n"
              + report.plain([line[:1] + [""] + line[1:] for line in lines]))
        report.replace_section(
            report.DOCS / "performance.md", f"Lock contention, {arch}",
            "`make bench-scale`: as many copies of a row at once as there are CPUs, each with processes and memory "
            "of its own, on a debug kernel in QEMU with a thread per CPU, counted by `/proc/lock_stat`. The host's "
            "scheduling of those threads shows: a lock whose holder's thread does not run is contended.\n\n"
            + report.markdown(lines))


def do_scale(args):
    for arch in args.arch:
        machines.prepare(arch, False)
        text = boot(arch, rows=["scale", "idle_interrupts", "mem_process", "mem_thread"],
                    memory={"arm64": "2G", "arm": "1G"}[arch])
        scale, rows = machines.parse_scale(text), parse(text)
        counts = [tasks for tasks, _ in next(iter(scale.values()), [])]
        lines = [["operation", "", *(f"{n:,} tasks" for n in counts), "growth"]]
        for name, points in scale.items():
            costs = [cost for _, cost in points]
            lines.append([name, "", *map(report.number, costs), f"{costs[-1] / costs[0]:.2f}"])
        print(f"\n{arch}: instructions of one operation\n\n" + report.plain(lines))
        print_rows({k: v for k, v in rows.items() if k != "scale"})
        report.plot_scale(arch, scale)
        facts = [f"* {report.descriptions()[row]}: {report.number(rows[row][0])} {rows[row][1]}"
                 for row in ("idle_interrupts", "mem_process", "mem_thread")]
        shown = [line[:1] + line[2:] for line in lines]
        report.replace_section(
            report.DOCS / "performance.md", f"Scale, {arch}",
            "`make bench-scale`: instructions of one operation while so many processes sleep.\n\n"
            + report.markdown(shown) + "\n\n" + "\n".join(facts) + f"\n\n![scale](scale-{arch}.svg)")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["rows", "compare", "check", "update", "scale", "contend"])
    parser.add_argument("rows", nargs="*", help="default: all")
    parser.add_argument("--arch", action="append", choices=ARCHES, help="default: both (rows: arm64)")
    parser.add_argument("--kernels", default=",".join(machines.KERNELS), help="compare: which, by comma")
    parser.add_argument("--kernel", help="rows: another image than build/ARCH's")
    parser.add_argument("--append", default="", help="rows: more kernel command line")
    parser.add_argument("--no-wall", action="store_true", help="compare: leave out the wall clock")
    args = parser.parse_args()
    args.arch = args.arch or (["arm64"] if args.command == "rows" else ARCHES)
    args.kernels = re.split("[, ]+", args.kernels)
    try:
        {"rows": do_rows, "compare": do_compare, "check": do_check, "update": do_update,
         "scale": do_scale, "contend": do_contend}[args.command](args)
    except BenchError as error:
        sys.exit(f"bench: {error}")


if __name__ == "__main__":
    main()
