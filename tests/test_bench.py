# SPDX-License-Identifier: GPL-2.0-only
"""test_bench.py: some rows of the benchmark still cost what the committed figures say.

Instructions are counted, so the host's load does not matter. tests/bench/README.md has the rest.
"""

import re
import subprocess
from xml.etree import ElementTree

import pytest

from machine import TOP

SUITE = "bench"
ROWS = ["getppid", "open_close", "first_write", "fork_small", "vfork_exec", "switch_pipe", "boot"]


def test_cost(config):
    """Builds the benchmark, boots the configuration's architecture as make bench-check does."""
    run = subprocess.run([TOP / "tests/bench/bench.py", "check", *ROWS, "--arch", config.arch],
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if run.returncode:
        pytest.fail(run.stdout, pytrace=False)


def test_profile(config):
    """make profile: the table's sum is the row's cost, the flame graph is a picture with the kernel in it."""
    run = subprocess.run(["make", "-s", "profile", "ROW=switch_pipe", f"ARCH={config.arch}"], cwd=TOP,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
    total = re.search(r"switch_pipe on \w+: ([\d,]+\.\d) instructions per operation", run.stdout)
    assert total and "do_pipe_read" in run.stdout, run.stdout
    console = (TOP / f"build/profile/{config.arch}-switch_pipe.log").read_text()
    row = float(re.search(r"ROW switch_pipe (\S+)", console)[1])
    assert float(total[1].replace(",", "")) == pytest.approx(row, rel=0.05)
    picture = ElementTree.parse(TOP / f"build/profile/{config.arch}-switch_pipe.svg")
    assert "__schedule" in {group.get("data-n") for group in picture.iter() if group.get("data-n")}
