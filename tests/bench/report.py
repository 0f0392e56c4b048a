# SPDX-License-Identifier: GPL-2.0-only
"""report.py: tables, docs/performance.md and the plots (gnuplot, SVG) out of the benchmark's figures."""

import math
import re
import subprocess
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent.parent / "docs"
NOTES = "## Notes"		# what people write in docs/performance.md begins here and is kept


def goals(arch):
    return tomllib.loads((HERE / "goals.toml").read_text()).get(arch, {})


def descriptions():
    """{row: what it is}, from the C sources."""
    found = {}
    for source in sorted(HERE.glob("*.c")):
        found.update(re.findall(r'^\t\{ "(\w+)", "([^"]+)"', source.read_text(), re.M))
    return found


def number(value):
    if value is None:
        return "missing"
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def ratio(value, base):
    if value is None or not base:
        return "-"
    quotient = value / base
    return f"{quotient:.2f}" if quotient >= 0.1 else f"{quotient:.4f}"


def table(arch, results):
    """[header, row...]: every row with all that is known of it. results: {kernel: parse()}."""
    what, goal = descriptions(), goals(arch)
    lines = [["row", "operation", "Linux", "lean", "Thimble", "to Linux", "to lean", "goal", "met"]]
    for row, (value, note) in results["thimble"].items():
        linux, lean = (results.get(k, {}).get(row, (None, ""))[0] for k in ("linux", "lean"))
        limit = goal.get(row)
        unit = "" if note == "instructions" or value is None else f" ({note})"
        lines.append([row, what.get(row, row) + unit, number(linux) if linux else "-",
                      number(lean) if lean else "-", number(value), ratio(value, linux), ratio(value, lean),
                      number(limit) if limit else "-",
                      "-" if not limit else "yes" if value is not None and value <= limit else "no"])
    return lines


def means(results):
    """Geometric means of Thimble's cost to Linux's and to lean, of all rows and without the extremes."""
    lines = []
    for label, skip in (("all rows", ()), ("without boot and the forks of 16 MiB and more",
                        ("boot", "fork_16m", "fork_64m", "fork_128m", "fork_256m", "fork_call_256m"))):
        text = []
        for kernel in ("linux", "lean"):
            quotients = [value / results[kernel][row][0] for row, (value, _) in results["thimble"].items()
                         if value and row not in skip and (results.get(kernel, {}).get(row) or (0,))[0]]
            if quotients:
                mean = math.exp(sum(map(math.log, quotients)) / len(quotients))
                text.append(f"{mean:.3f} of {kernel} ({len(quotients)} rows, worst {max(quotients):.2f})")
        if text:
            lines.append(f"Geometric mean, {label}: " + ", ".join(text))
    return lines


def plain(lines):
    """Columns for a terminal; names to the left, numbers to the right."""
    lines = [line[:1] + line[2:] for line in lines]
    widths = [max(len(cell) for cell in column) for column in zip(*lines)]
    return "\n".join("  ".join(cell.ljust(w) if i == 0 else cell.rjust(w)
                               for i, (cell, w) in enumerate(zip(line, widths))) for line in lines)


def markdown(lines):
    rule = ["---" if i < 2 else "---:" for i in range(len(lines[0]))]
    return "\n".join("| " + " | ".join(line) + " |" for line in [lines[0], rule] + lines[1:])


def gnuplot(name, script):
    """Run gnuplot; the plot is docs/NAME.svg."""
    head = f"set terminal svg size 900,520 font 'sans,13' background 'white'\nset output '{DOCS / name}.svg'\n"
    subprocess.run(["gnuplot"], input=head + script, text=True, check=True)


def data(name, points):
    return f"${name} << EOD\n" + "\n".join(" ".join(map(str, p)) for p in points) + "\nEOD\n"


RESIDENT = [(1, "fork_small"), (16, "fork_16m"), (64, "fork_64m"), (128, "fork_128m"), (256, "fork_256m")]


def plot_fork(arch, results):
    """fork + _exit + wait against resident memory, one curve a kernel."""
    script, curves = "", []
    for kernel, title in (("linux", "Linux 6.1"), ("lean", "Linux 6.1, lean"), ("thimble", "Thimble")):
        points = [(mib, results[kernel][row][0]) for mib, row in RESIDENT
                  if results.get(kernel, {}).get(row, (None,))[0]]
        if points:
            script += data(kernel, points)
            curves.append(f"${kernel} with linespoints lw 2 pt 7 title '{title}'")
    gnuplot(f"fork-{arch}", script + f"set title 'fork + _exit + wait, {arch}'\nset logscale xy\n"
            "set xlabel 'MiB resident'\nset ylabel 'instructions'\nset format y '%.0s%c'\n"
            "set xtics (1,4,16,64,256)\nset grid\nset key top left\nplot " + ", ".join(curves) + "\n")


def stages(log, init):
    """The longest stretches between two messages: [(from, to, message that ended it)], at most nine."""
    log = [(when, text) for when, text in log if when < init] + [(init, "first instruction of init")]
    spans, before = [], 0.0
    for when, text in log:
        spans.append((before, when, text))
        before = max(before, when)
    longest = sorted(spans, key=lambda s: s[0] - s[1])[:9]
    return sorted(longest)


def plot_boot(arch, logs):
    """A bar of stages for each kernel, each with its own scale. logs: {title: (log, init in ms)}"""
    script = f"set multiplot layout {len(logs)},1 title 'Boot, {arch} (virtual milliseconds)'\n" \
        "set yrange [0:10]\nunset ytics\nunset key\nset lmargin 2\nset rmargin 2\n"
    for title, (log, init) in logs.items():
        script += f"unset label\nunset object\nset title '{title}: {init:,.1f} ms' offset 0,-0.5\nset xrange [0:{init}]\n"
        for i, (start, end, text) in enumerate(stages(log, init)):
            label = re.sub(r"[^\w .,:/()+-]", "", text)[:60]
            side = "left" if start < init / 2 else "right"
            where = start if side == "left" else end
            script += (f"set object {i + 1} rect from {start},{9 - i} to {end},{9.8 - i} fc rgb "
                       f"'{('#4477aa', '#cc6677')[i % 2]}' fs solid noborder\n"
                       f"set label {i + 1} ' {end - start:,.2f}: {label} ' at {where},{9.4 - i} {side} font ',10'\n")
        script += "plot -1\n"
    gnuplot(f"boot-{arch}", script + "unset multiplot\n")


def plot_scale(arch, scale):
    curves = ", ".join(f"${name} with linespoints lw 2 pt 7 title '{name}'" for name in scale)
    gnuplot(f"scale-{arch}", "".join(data(name, points) for name, points in scale.items())
            + f"set title 'Cost of one operation among many sleeping tasks, {arch}'\nset logscale xy\n"
            "set xlabel 'tasks'\nset ylabel 'instructions'\nset format y '%.0s%c'\nset grid\n"
            f"set xrange [8:40000]\nset key outside\nplot {curves}\n")


def replace_section(path, title, body):
    """Put body under the heading `title` of a document, in place of what is there."""
    text = path.read_text() if path.exists() else "<!-- SPDX-License-Identifier: GPL-2.0-only -->\n# Performance\n"
    notes = ""
    if f"\n{NOTES}" in text:
        text, _, rest = text.partition(f"\n{NOTES}")
        notes = f"\n{NOTES}{rest}"
    parts = re.split(r"^(?=## )", text, flags=re.M)
    new = f"## {title}\n\n{body.strip()}\n\n"
    for i, part in enumerate(parts):
        if part.startswith(f"## {title}\n"):
            parts[i] = new
            break
    else:
        parts.append(new)
    path.write_text("".join(p if p.endswith("\n\n") else p.rstrip("\n") + "\n\n" for p in parts).rstrip("\n")
                    + "\n" + notes)
