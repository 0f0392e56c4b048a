#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""gen-lifecycle-status.py [--check]: docs/lifecycle-status.md from tests/lifecycle.txt and the last test runs.

Reads the TAP in the machines' logs of `make test` and `make oracle` (build/tests/logs). With --check it only
makes sure that every test that tests/lifecycle.txt names exists, and that every row has one or a remark.
"""

import re
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
COLUMNS = {
    "arm64": ["arm64-smp4-debug"],
    "arm": ["arm-smp4-a15-debug"],
    "arm on arm64": ["arm-on-arm64"],
    "Linux": ["oracle-arm64", "oracle-arm"],
}


def rows():
    """(section, line, tests, remark); a section's heading has no tests."""
    section = ""
    for line in (TOP / "tests/lifecycle.txt").read_text().splitlines():
        if line.startswith("## "):
            section = line[3:]
        elif line and not line.startswith("#"):
            text, _, rest = line.partition(" => ")
            tests, _, remark = f" {rest}".partition(" -- ")
            yield section, text.strip(), tests.split(), remark.strip()


def existing_tests():
    tests = {}
    for path in (TOP / "tests/user").glob("t_*.c"):
        tests[path.stem] = set(re.findall(r"^(?:TEST|SWEEP)\((\w+)", path.read_text(), re.M))
    return tests


def unknown_tests():
    known = existing_tests()
    for _, text, tests, remark in rows():
        if not tests and not remark:
            yield f"{text}: no test and no remark"
        for test in tests:
            program, _, name = test.partition(".")
            if program not in known or (name and name not in known[program]):
                yield f"{text}: there is no {test}"


def results(log):
    """program.test -> "ok", "skip" or "not ok" of one machine's log."""
    found, program = {}, ""
    path = TOP / "build/tests/logs" / f"{log}.log"
    text = path.read_text(errors="replace") if path.exists() else ""
    for line in text.replace("\r", "").splitlines():
        begin = re.match(r"# BEGIN (\S+)", line)
        if begin:
            program = begin[1]
        result = re.match(r"(not ok|ok) \d+ - (\w+)( # SKIP)?", line, re.I)
        if result and program:
            found[f"{program}.{result[2]}"] = "skip" if result[3] else result[1]
    return found


def cell(tests, logs):
    seen, failed = set(), []
    for found in logs:
        for test in tests:
            hits = {k: v for k, v in found.items() if k == test or k.startswith(test + ".")}
            seen.update(hits.values())
            failed += [k for k, v in hits.items() if v == "not ok"]
            if not hits and any(k.startswith(test.split(".")[0] + ".") for k in found):
                seen.add("skip")	# its program ran without it: compiled for another architecture
    if failed:
        return "**fails**: " + ", ".join(sorted(set(failed)))
    return "yes" if "ok" in seen else "does not apply" if "skip" in seen else "not run"


def table():
    logs = {name: [results(log) for log in names] for name, names in COLUMNS.items()}
    out = [
        "<!-- SPDX-License-Identifier: GPL-2.0-only -->",
        "<!-- Made by scripts/gen-lifecycle-status.py of tests/lifecycle.txt; do not edit. -->",
        "# The life of a process: what is tested, and where it passes",
        "",
        "Each row is a line of the specification. Its tests are programs of `tests/user` (`program.test`; a program",
        "alone is all of its tests), which run on Thimble's two ports, as 32-bit programs on the arm64 kernel, and on",
        "Debian's Linux 6.1 of both architectures. \"does not apply\": the tests skip themselves there.",
    ]
    section = None
    for sec, text, tests, remark in rows():
        if sec != section:
            section = sec
            out += ["", f"## {sec}", "", "| | tests | " + " | ".join(COLUMNS) + " |",
                    "|---|---|" + "---|" * len(COLUMNS)]
        names = " ".join(f"`{t}`" for t in tests) or "-"
        cells = [cell(tests, logs[name]) if tests else "-" for name in COLUMNS]
        out.append(f"| {text}{': ' + remark if remark else ''} | {names} | " + " | ".join(cells) + " |")
    return "\n".join(out) + "\n"


def main():
    wrong = list(unknown_tests())
    for line in wrong:
        print(f"tests/lifecycle.txt: {line}", file=sys.stderr)
    if "--check" not in sys.argv:
        (TOP / "docs/lifecycle-status.md").write_text(table())
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
