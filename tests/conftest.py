# SPDX-License-Identifier: GPL-2.0-only
"""conftest.py: configurations, builds and booted machines for the tests.

matrix.toml says which configurations exist. A test module names its suite (SUITE = "shell"); each of
its tests that takes `config` or `shell` runs once per configuration which lists that suite, grouped
so that a configuration boots once for all of them. Kernels, test programs and initramfs images are
built on first use; with several pytest workers (-n 2) nothing is built: make test-images has done it.
Options: --oracle (Debian's Linux instead of our kernel), --no-build.
"""

import functools
import os
import re
import subprocess
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from machine import TOP, Machine, MachineError

LOGS = TOP / "build/tests/logs"
MAX_BOOTS = 6


@dataclass(frozen=True)
class Config:
    """One line of the matrix."""
    name: str
    arch: str
    user: str = ""      # the programs' architecture, if not arch
    machine: str = "virt"
    smp: int = 1
    memory: str = ""
    cpu: str = ""
    gic: int = 0
    append: str = ""    # more kernel command line
    debug: bool = False
    oracle: bool = False
    full: bool = False
    suites: tuple = field(default=(), compare=False)
    check: tuple = field(default=(), compare=False)

    @property
    def build_dir(self):
        return TOP / "build" / (self.arch + ("-debug" if self.debug else ""))

    @property
    def kernel(self):
        if self.oracle:
            return TOP / f"build/oracle/vmlinuz-{self.arch}"
        return self.build_dir / ("kernel8.img" if self.arch == "arm64" else "kernel7.img")

    @property
    def elf(self):
        return None if self.oracle else self.build_dir / "thimble.elf"

    @property
    def slow(self):
        """How much longer than a plain arm64 boot to wait."""
        return 3 if self.debug or self.machine != "virt" else 1

    def boot(self, initrd, **settings):
        """A Machine of this configuration; settings override."""
        pi = self.machine != "virt"
        base = {
            "arch": self.arch, "machine": self.machine, "kernel": self.kernel, "initrd": initrd,
            "smp": "" if pi else self.smp, "mem": "" if pi else self.memory, "cpu": self.cpu,
            "gic": self.gic or "", "dtbdir": TOP / "build/dtb" if pi else "",
        }
        base.update(settings)
        base["append"] = f"{self.append} {base.get('append', '')}".strip()
        LOGS.mkdir(parents=True, exist_ok=True)
        return Machine(elf=self.elf, log=LOGS / f"{self.name}.log", timeout=30 * self.slow, **base)


@functools.cache
def load_matrix(oracle):
    with open(TOP / "tests/matrix.toml", "rb") as file:
        matrix = tomllib.load(file)
    return [Config(oracle=oracle, **{k: tuple(v) if isinstance(v, list) else v
                                     for k, v in entry.items()})
            for entry in matrix["oracle" if oracle else "config"]]


def pytest_addoption(parser):
    parser.addoption("--oracle", action="store_true", help="run on Debian's Linux 6.1")
    parser.addoption("--no-build", action="store_true", help="use what is built already")


def pytest_configure(config):
    config.addinivalue_line("markers", "check: part of `make check`")
    config.addinivalue_line("markers", "slow: not part of it nevertheless")


def pytest_generate_tests(metafunc):
    if "config" not in metafunc.fixturenames:
        return
    suite = metafunc.module.SUITE
    params = [
        pytest.param(c, id=c.name, marks=[pytest.mark.check] if suite in c.check else [])
        for c in load_matrix(metafunc.config.getoption("--oracle")) if suite in c.suites
    ]
    metafunc.parametrize("config", params, indirect=True, scope="session")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """With -n: what shares a configuration runs in one worker, in order; the rest is one such group."""
    from xdist.scheduler import LoadScopeScheduling  # pylint: disable=import-outside-toplevel

    names = [c.name for c in load_matrix(config.getoption("--oracle"))]
    pattern = re.compile(rf"[\[-]({'|'.join(sorted(names, key=len, reverse=True))})[-\]]")

    class ByConfiguration(LoadScopeScheduling):
        """The scope of a test is its configuration."""

        def _split_scope(self, nodeid):
            found = pattern.search(nodeid)
            return found.group(1) if found else ""

    return ByConfiguration(config, log)


def run_build(command):
    result = subprocess.run(command, cwd=TOP, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            text=True, check=False, env={**os.environ, "MAKEFLAGS": ""})
    if result.returncode:
        pytest.exit(f"{' '.join(map(str, command))} failed:\n{result.stdout[-4000:]}", 2)


class Builder:
    """Builds each thing once per session."""

    def __init__(self, enabled):
        self.enabled = enabled
        self.done = set()

    def once(self, key, *commands):
        if not self.enabled or key in self.done:
            return
        self.done.add(key)
        for command in commands:
            run_build(command)

    def kernel(self, config):
        if config.oracle:
            self.once(("oracle", config.arch),
                      ["tests/oracle/fetch-kernel.sh", config.arch, str(config.kernel)])
            return
        self.once(("kernel", config.arch, config.debug),
                  ["make", "-j2", f"ARCH={config.arch}", f"DEBUG={int(config.debug)}", "kernel"])
        if config.machine != "virt":
            self.once("dtb", ["scripts/fetch-dtb.sh", "build/dtb"])

    def rootfs(self, arch):
        """The initramfs with everything the tests use."""
        self.once(("rootfs", arch), ["make", "test-rootfs", f"ARCH={arch}"])
        return TOP / f"build/tests/rootfs-{arch}.cpio.gz"

    def clients(self, arch):
        """The initramfs with crun and its like."""
        image = TOP / f"build/tests/clients-{arch}.cpio.gz"
        self.once(("clients", arch), ["scripts/mkclients.sh", arch, str(image)])
        return image


@pytest.fixture(scope="session")
def builder(request):
    worker = hasattr(request.config, "workerinput")
    return Builder(not (worker or request.config.getoption("--no-build")))


@pytest.fixture(scope="session")
def config(request, builder):
    builder.kernel(request.param)
    log = LOGS / f"{request.param.name}.log"
    log.unlink(missing_ok=True)
    return request.param


@pytest.fixture(scope="session")
def initrd(config, builder):
    return builder.rootfs(config.user or config.arch)


@pytest.fixture
def boot(config, initrd):
    """Boot a machine of one's own: boot(append=..., mem=...); closed after the test."""
    machines = []

    def start(initrd=initrd, **settings):
        machines.append(config.boot(initrd, **settings))
        return machines[-1]

    yield start
    for machine in machines:
        machine.close()


class SharedShell:
    """The one machine that the tests of a configuration share; booted again if it died."""

    def __init__(self, config, initrd, disk=True):
        self.config, self.initrd, self.has_disk = config, initrd, disk and config.machine == "virt"
        self.machine, self.boots = None, 0
        self.disk = TOP / f"build/tests/disk-{config.name}.img"

    def get(self):
        if self.machine and self.machine.alive:
            return self.machine
        if self.boots >= MAX_BOOTS:
            pytest.fail(f"{self.config.name} died {self.boots} times; not booting it again")
        self.close()
        self.boots += 1
        settings = {"append": "quiet"}
        if self.has_disk:
            self.disk.write_bytes(bytes(range(256)) * 4096)
            settings["drive"] = self.disk
        self.machine = self.config.boot(self.initrd, **settings)
        self.machine.boot(120 * self.config.slow)
        return self.machine

    def close(self):
        if self.machine:
            self.machine.close()
            self.machine = None


@pytest.fixture(scope="session")
def shared_shell(config, initrd):
    shared = SharedShell(config, initrd)
    yield shared
    shared.close()


@pytest.fixture
def shell(request, shared_shell):
    """A machine at its prompt. If the test fails the shell is brought back for the next one."""
    machine = shared_shell.get()
    yield machine
    report = getattr(request.node, "call_report", None)
    if report is not None and report.failed and machine.alive:
        try:
            machine.sync()
        except MachineError:
            machine.kill()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Keep the report for fixtures, and show machine errors as their text, without a traceback."""
    outcome = yield
    report = outcome.get_result()
    if call.excinfo and isinstance(call.excinfo.value, MachineError):
        report.longrepr = f"{type(call.excinfo.value).__name__}: {call.excinfo.value}"
    if report.when == "call":
        item.call_report = report
