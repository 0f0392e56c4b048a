# SPDX-License-Identifier: GPL-2.0-only
"""test_build.py: what is checked without booting: lint, the second compiler, and the targets a user types."""

import re
import shutil
import subprocess

import pytest

from machine import TOP


def make(*args, timeout=1800):
    """Run make; what it printed. The test fails with that if make does."""
    result = subprocess.run(["make", "--no-print-directory", *args], cwd=TOP, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, text=True, check=False, timeout=timeout)
    assert result.returncode == 0, f"make {' '.join(args)}:\n{result.stdout[-4000:]}"
    return result.stdout


def test_lint():
    out = make("lint")
    for arch in ("arm64", "arm"):
        assert f"checked for {arch}, 0 errors" in out, out


@pytest.mark.check
def test_lifecycle():
    """Each line of the specification has tests that exist, or a remark."""
    check = subprocess.run(["/usr/bin/python3", "scripts/gen-lifecycle-status.py", "--check"], cwd=TOP,
                           capture_output=True, text=True, check=False)
    assert check.returncode == 0, check.stderr


@pytest.mark.check
def test_help():
    out = make("help")
    for target in ("run", "kernel", "test", "check", "oracle", "soak", "debug", "menuconfig", "size", "lint"):
        assert re.search(rf"^make {target}\b", out, re.M), f"make help does not tell of {target}"


@pytest.mark.check
@pytest.mark.parametrize("arch", ["arm64", "arm"])
def test_size(arch):
    """Text, data and bss by directory, and their sum."""
    out = make("size", f"ARCH={arch}")
    for directory in (f"arch/{arch}", "kernel", "mm", "fs", "drivers", "net"):
        assert re.search(rf"\b{directory}\b", out), f"make size does not tell of {directory}:\n{out}"


@pytest.mark.check
def test_unknown_architecture():
    result = subprocess.run(["make", "kernel", "ARCH=pdp11"], cwd=TOP, capture_output=True, text=True, check=False)
    assert result.returncode and "ARCH=pdp11 is not known" in result.stderr


@pytest.mark.check
def test_configuration(tmp_path):
    """What `make menuconfig` edits: a default configuration is written, and can be turned into headers."""
    config = tmp_path / ".config"
    script = ["/usr/bin/python3", str(TOP / "scripts/config.py")]
    subprocess.run([*script, "default", str(config), "DEBUG=y"], cwd=TOP, check=True)
    subprocess.run([*script, "generate", str(config), str(tmp_path / "autoconf.h"), str(tmp_path / "auto.conf")],
                   cwd=TOP, check=True)
    assert "#define CONFIG_DEBUG 1" in (tmp_path / "autoconf.h").read_text()


@pytest.mark.parametrize("arch", ["arm64", "arm"])
def test_clang(arch):
    """The whole tree with the second compiler, without a warning."""
    if not shutil.which("clang"):
        pytest.skip("clang is not installed (scripts/setup.sh installs it)")
    make("-j2", "kernel", f"ARCH={arch}", "LLVM=1", f"O=build/clang-{arch}")
