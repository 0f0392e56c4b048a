# SPDX-License-Identifier: GPL-2.0-only
"""test_bench.py: some rows of the benchmark still cost what the committed figures say.

Instructions are counted, so the host's load does not matter. tests/bench/README.md has the rest.
"""

import subprocess

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
