# SPDX-License-Identifier: GPL-2.0-only
"""test_fuzz.py: mutated programs (tests/fuzz) and random system calls: no panic, no hang, no leak.

`make test` runs a few hundred images; `make fuzz` sets THIMBLE_FUZZ and runs all. An image that misbehaves
is made again by its number: /tests/elfmut 1 NUMBER.
"""

import os

import pytest

from test_stress import ROUND_SLACK_KB, memory_kb

SUITE = "stress"
FULL = "THIMBLE_FUZZ" in os.environ
IMAGES = 10_000 if FULL else 500
CALLS = 2_000_000
ROUNDS = 4


def test_elf_images(shell, config):
    """In rounds of other images each; the last ones must not lose memory."""
    per_round = IMAGES // ROUNDS
    after = []
    for number in range(ROUNDS):
        out = shell.run(f"/tests/elfmut {per_round} {1 + number * per_round}", 60 + per_round // 2)
        assert f"elfmut: {per_round} images, 0 bad" in out, out
        shell.run("sleep 0.3")
        after.append(memory_kb(shell))
    slack = 20_000 if config.oracle else ROUND_SLACK_KB
    assert after[-2] - after[-1] < slack, f"free memory falls: {after} KiB"


@pytest.mark.skipif(not FULL, reason="make fuzz")
def test_system_calls(shell):
    out = shell.run(f"/tests/grind {CALLS}c 1", 1800)
    assert "grind: " in out, out
