# SPDX-License-Identifier: GPL-2.0-only
"""test_boot.py: from power on to the prompt, the command line, memory and CPUs, and the way out."""

import hashlib
import re
import struct
import subprocess

import pytest

from machine import TOP

SUITE = "boot"


def test_banner_prompt_and_reboot(boot, config):
    """One boot, looked at closely, then once round through `reboot`."""
    machine = boot(append="hello=world quiet2", reboot="yes")
    machine.boot(60 * config.slow)
    lines = [line for line in machine.output.splitlines() if line.startswith("[")]
    assert lines, "no kernel message before the prompt:\n" + machine.tail()
    assert re.match(r"\[ +0\.\d{6}\] .*(Linux|Thimble)", lines[0]), lines[0]
    assert not [l for l in lines if re.search(r"WARN|warning:|failed", l)], "\n".join(lines)
    assert len(lines) < 80, "a boot banner of a few lines, not " + str(len(lines))
    assert len(set(lines)) == len(lines), "printed twice:\n" + "\n".join(lines)
    assert "hello=world" in machine.run("cat /proc/cmdline")
    assert ("user memory stays open" in machine.output) == ("nopan" in config.append)
    assert machine.run("nproc") == f"{config.smp}\n"
    assert machine.run("uname -s") == "Linux\n"
    assert machine.run("uname -r") == "6.1.0-thimble\n"
    assert machine.run("hostname") == "thimble\n"
    machine.sendline("reboot")
    machine.boot(90 * config.slow)
    assert float(machine.run("cat /proc/uptime").split()[0]) < 60 * config.slow


def test_poweroff(boot, config):
    machine = boot()
    machine.boot(60 * config.slow)
    machine.sendline("poweroff")
    assert machine.expect_end(30 * config.slow) == 0


def test_reboot_leaves_qemu_with_no_reboot(boot, config):
    machine = boot()
    machine.boot(60 * config.slow)
    machine.sendline("reboot -f")
    assert machine.expect_end(30 * config.slow) == 0


@pytest.mark.parametrize("memory", ["128M", "2G"])
def test_memory_size(boot, config, memory):
    if config.machine != "virt":
        pytest.skip("a Pi has the memory it has")
    if config.arch == "arm" and memory == "2G" and config.debug:
        pytest.skip("one run with much memory is enough for 32 bits")
    machine = boot(mem=memory)
    machine.boot(60 * config.slow)
    total = int(re.search(r"MemTotal: +(\d+)", machine.run("cat /proc/meminfo")).group(1))
    size = {"128M": 128 << 10, "2G": 2 << 20}[memory]
    # 32-bit kernels may use only what their linear map reaches.
    least = min(size, 700 << 10) if config.arch == "arm" else size
    assert least * 0.85 < total <= size


def make_run_rootfs(path, config):
    """What `make run` boots: a plain archive whose larger files lie on page boundaries. Its busybox's digest."""
    subprocess.run([str(TOP / "scripts/mkrootfs.sh"), config.arch, str(path)], check=True)
    busybox = subprocess.run(["cpio", "-i", "--quiet", "--to-stdout", "bin/busybox"], capture_output=True,
                             input=path.read_bytes(), check=True).stdout
    return hashlib.sha256(busybox).hexdigest()


def test_pages_in_place(boot, config, tmp_path):
    """Files that are made of the archive's own pages hold what the archive says, to the last byte."""
    plain = tmp_path / "plain.cpio"
    digest = make_run_rootfs(plain, config)
    machine = boot(initrd=plain)
    machine.boot(60 * config.slow)
    assert digest in machine.run("sha256sum /bin/busybox")
    # Such a page is like any other: written, cut, grown, freed.
    machine.run("cp /bin/busybox /tmp/b; cp /etc/profile /bin/busybox.old; mv /tmp/b /bin/busybox")
    assert digest in machine.run("sha256sum /bin/busybox")
    assert "alive" in machine.run("rm /bin/busybox.old; echo alive")


@pytest.mark.parametrize("memory", ["8M", "16M"])
def test_little_memory(boot, config, tmp_path, memory):
    """To a shell that forks, with the initramfs of `make run`."""
    if config.machine != "virt":
        pytest.skip("a Pi has the memory it has")
    if config.debug and memory == "8M":
        pytest.skip("the debug kernel is larger")
    plain = tmp_path / "plain.cpio"
    digest = make_run_rootfs(plain, config)
    machine = boot(mem=memory, initrd=plain)
    machine.boot(60 * config.slow)
    assert digest in machine.run("cat /bin/busybox | sha256sum")


def test_plain_cpio(boot, config, initrd, tmp_path):
    """An initramfs that is not compressed."""
    plain = tmp_path / "plain.cpio"
    plain.write_bytes(subprocess.run(["zcat", str(initrd)], capture_output=True, check=True).stdout)
    machine = boot(initrd=plain)
    machine.boot(60 * config.slow)
    assert "busybox" in machine.run("ls /bin/busybox")


def test_rdinit_and_arguments(boot, config):
    machine = boot(append="quiet rdinit=/bin/busybox -- echo init says $0 hello")
    machine.expect(r"init says \S+ hello", 60 * config.slow)


def test_unit_tests(boot, config):
    """The unit tests inside the kernel (debug builds)."""
    if not config.debug:
        pytest.skip("release build")
    machine = boot(append="unit_tests")
    machine.boot(180 * config.slow)
    text = machine.output
    assert not re.search(r"\bnot ok\b", text), "\n".join(
        line for line in text.splitlines() if "not ok" in line or "EXPECT" in line)
    assert re.search(r"\bok \d+", text), "no unit test reported"


def test_image(config):
    """The image's header and size."""
    data = config.kernel.read_bytes()
    if config.arch == "arm64":
        magic, = struct.unpack_from("<I", data, 56)
        text_offset, image_size, flags = struct.unpack_from("<QQQ", data, 8)
        assert magic == 0x644d5241
        assert image_size >= len(data) and text_offset < 0x200000
        assert flags & 1 == 0, "little-endian"
        if not config.debug:
            assert len(data) < 1 << 20, "the arm64 image is to stay under 1 MiB"
    else:
        magic, start, end = struct.unpack_from("<III", data, 36)
        assert magic == 0x016f2818
        assert end - start >= len(data) - 4096 or start == 0


def test_symbols_are_in_the_image(config):
    """Panics print names: the symbol table is linked in."""
    elf = (TOP / config.elf).read_bytes()
    assert b"start_kernel" in elf
