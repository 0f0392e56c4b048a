# SPDX-License-Identifier: GPL-2.0-only
"""test_userspace.py: the C programs of tests/user, one pytest item per program and configuration.

The machine boots with /tests/run as process 1, which runs all programs in turn; the items then look
up what their program printed. When only some programs were selected, only these run. A program in which the kernel panicked or hung fails with that report,
and the machine is booted again for the programs after it.
"""

import re
from dataclasses import dataclass, field

import pytest

from machine import PANIC, TOP, MachineError

SUITE = "userspace"
PROGRAMS = sorted(path.stem for path in (TOP / "tests/user").glob("t_*.c"))
SLOW = {"t_cgroup_cpu", "t_failnth", "t_fork_shared", "t_pidns", "t_walk"}	# not for every day
PROGRAM_SECONDS = 250
COMMAND_LINE = 1000			# characters: a kernel takes 2,047


@dataclass
class Results:
    """What each program printed, its status, and what went wrong with the machine."""
    text: dict = field(default_factory=dict)
    status: dict = field(default_factory=dict)
    error: dict = field(default_factory=dict)
    stop: str = ""


def arguments(selected):
    """What tells /tests/run to run these programs: their names, or those of the others, or all of them."""
    others = [p for p in PROGRAMS if p not in selected]
    names, exclude = " ".join(selected), " ".join(others and ["-x", *others])
    shorter = min(names, exclude, key=len)
    return shorter if len(shorter) <= COMMAND_LINE else ""


def run_from(config, initrd, first, selected, results):
    """Boot and run programs from `first` on; the program that took the machine down, or None."""
    machine = config.boot(initrd, append=f"quiet rdinit=/tests/run -- -m -f {first} {arguments(selected)}")
    current = None
    try:
        while True:
            index = machine.expect([r"# BEGIN (\w+)\r*\n", r"# END (\w+) (\d+) (\d+)\r*\n",
                                    r"# SUMMARY [^\n]*\n"],
                                   (PROGRAM_SECONDS if current else 60) * config.slow)
            if index == 0:
                current = machine.child.match.group(1)
            elif index == 1:
                results.text[current] = machine.child.before.replace("\r", "")
                results.status[current] = int(machine.child.match.group(2))
            else:
                assert machine.expect_end(60) == 0, "poweroff: QEMU's status is not 0"
                return None
    except MachineError as error:
        current = current or first
        results.error[current] = f"{type(error).__name__} in {current}: {error}"
        return current
    finally:
        machine.close()


def selected_programs(session, config):
    params = [item.callspec.params for item in session.items if hasattr(item, "callspec")]
    return [p["program"] for p in params if "program" in p and p["config"] == config]


@pytest.fixture(scope="session")
def results(request, config, initrd):
    selected = sorted(selected_programs(request.session, config))
    results, first = Results(), selected[0]
    for _ in range(8):
        culprit = run_from(config, initrd, first, selected, results)
        if culprit is None:
            return results
        later = [p for p in selected if p > culprit]
        if not later:
            return results
        first = later[0]
    results.stop = f"the machine went down too often, last in {culprit}"
    return results


@pytest.mark.parametrize("program", [pytest.param(p, marks=[pytest.mark.slow] if p in SLOW else [])
                                     for p in PROGRAMS])
def test_program(results, config, program):
    if program in results.error:
        pytest.fail(results.error[program], pytrace=False)
    if program not in results.status:
        pytest.fail(results.stop or f"{program} did not run", pytrace=False)
    text = results.text[program]
    if results.status[program] != 0:
        bad = [line for line in text.splitlines() if not line.startswith("ok ")]
        pytest.fail(f"{program} on {config.name}:\n" + "\n".join(bad), pytrace=False)
    assert re.search(r"^ok ", text, re.M), "no test ran"
    assert not PANIC.search(text)
