# SPDX-License-Identifier: GPL-2.0-only
"""test_stress.py: short runs of tests/stress, and a comparison of memory before and after.

The long runs are scripts/soak.sh. Every test ends with free memory where it was: what a run leaves
behind for good shows as a steady fall from round to round.
"""

import re

SUITE = "stress"
ROUND_SLACK_KB = 400


def memory_kb(shell):
    shell.run("sync")
    text = shell.run("cat /proc/meminfo")
    return int(re.search(r"MemFree: +(\d+)", text).group(1))


def rounds_leak_nothing(shell, command, timeout, check, config):
    """Run three times; the third must not end lower than the second did."""
    after = []
    for _ in range(3):
        out = shell.run(command, timeout)
        assert check in out, out
        shell.run("sleep 0.3")
        after.append(memory_kb(shell))
    slack = 20_000 if config.oracle else ROUND_SLACK_KB
    assert after[1] - after[2] < slack, f"free memory falls: {after} KiB"


def test_storm(shell, config):
    rounds_leak_nothing(shell, "/tests/storm 6", 120, " 0 bad", config)


def test_grind(shell, config):
    rounds_leak_nothing(shell, "/tests/grind 6", 120, "grind: ", config)


def test_forkbomb(shell, config):
    rounds_leak_nothing(shell, "/tests/forkbomb 100", 60, " 0 odd errors", config)


def test_programs_leak_nothing(shell, config):
    """The user-space programs that allocate most, again and again; t_failnth counts itself."""
    command = ("/tests/run 't_f[!a]*' 't_fa[!i]*' 't_e*' t_pipe t_unix t_threads 't_m*' t_tty t_proc "
               "| grep -E '^not ok|SUMMARY'")
    rounds_leak_nothing(shell, command, 300, " failed=0 ", config)
