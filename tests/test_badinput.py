# SPDX-License-Identifier: GPL-2.0-only
"""test_badinput.py: bad input gives a clear error; nothing is lost, nothing hangs.

Each test boots with something wrong and looks for the message a user needs, or gives a running system
bad input and checks that it goes on. Wild pointers, unknown system calls and infinite recursion are in
tests/user (t_efault, t_enosys, t_stack) and run in the userspace suite.
"""

import gzip
import random
import re
import shlex
import subprocess

import pytest

from machine import TOP, Died, KernelPanic, MachineError

SUITE = "badinput"


def panic_of(machine, timeout):
    """Boot; the text of the panic that must come."""
    with pytest.raises(KernelPanic) as caught:
        machine.wait_prompt(timeout)
    return str(caught.value)


def rootfs_variant(path, config, *options):
    subprocess.run([str(TOP / "scripts/mkrootfs.sh"), config.arch, str(path), *options], check=True)
    return path


# ---- initramfs and init ----------------------------------------------------------------------


def test_no_initramfs(boot, config):
    text = panic_of(boot(initrd=None), 60 * config.slow)
    assert re.search(r"No init found|no initramfs", text, re.I), text
    for path in ("/init", "/sbin/init", "/bin/sh"):
        assert path in text, f"does not say that {path} was tried:\n{text}"
    trace = re.search(r"Call trace:(.*?)(?:CPU: |---\[ end)", text, re.S)[1]	# of the CPU that panicked
    names = re.findall(r"(\w+)\+0x[0-9a-f]+/0x[0-9a-f]+", trace)
    assert "panic" in names and names[-1] == "ret_from_fork", f"the trace does not go down to where process 1 began:\n{text}"


def test_initramfs_without_init(boot, config, tmp_path):
    archive = tmp_path / "empty.cpio.gz"
    (tmp_path / "list").write_text("dir /dev 0755 0 0\nnod /dev/console 0600 0 0 c 5 1\n")
    subprocess.run([str(TOP / "scripts/mkcpio.py"), str(archive), str(tmp_path / "list")], check=True)
    text = panic_of(boot(initrd=archive), 60 * config.slow)
    assert "/sbin/init" in text and "/bin/sh" in text


def test_falls_back_to_sh(boot, config, tmp_path):
    """No init, but a shell: the last of the usual list."""
    archive = rootfs_variant(tmp_path / "noinit.cpio.gz", config, "--no-init")
    machine = boot(initrd=archive)
    machine.expect(r"[#$] ", 60 * config.slow)


def test_init_of_the_wrong_kind(boot, config, tmp_path):
    archive = tmp_path / "bad.cpio.gz"
    (tmp_path / "init").write_bytes(b"\x7fELF" + bytes(200))
    (tmp_path / "list").write_text(
        "dir /dev 0755 0 0\nnod /dev/console 0600 0 0 c 5 1\n"
        f"file /init {tmp_path}/init 0755 0 0\n")
    subprocess.run([str(TOP / "scripts/mkcpio.py"), str(archive), str(tmp_path / "list")], check=True)
    text = panic_of(boot(initrd=archive), 60 * config.slow)
    assert "/init" in text


def test_named_init_missing(boot, config):
    text = panic_of(boot(append="rdinit=/no/such/program"), 60 * config.slow)
    assert "/no/such/program" in text


@pytest.mark.parametrize("damage", ["truncated", "garbage", "bitflips", "cpio"])
def test_corrupt_initramfs(boot, config, initrd, tmp_path, damage):
    data = bytearray(initrd.read_bytes())
    rng = random.Random(5)
    if damage == "truncated":
        del data[len(data) // 2:]
    elif damage == "garbage":
        data = bytearray(rng.randbytes(100_000))
    elif damage == "bitflips":
        for _ in range(50):
            data[rng.randrange(1000, len(data))] ^= 1 << rng.randrange(8)
    else:
        plain = bytearray(gzip.decompress(data))
        plain[6:14] = b"ZZZZZZZZ"       # a header that is no number
        data = plain
    bad = tmp_path / "bad.cpio.gz"
    bad.write_bytes(data)
    machine = boot(initrd=bad)
    try:
        machine.wait_prompt(60 * config.slow)   # part of it may have been enough
    except MachineError as error:
        assert isinstance(error, KernelPanic), error
    assert re.search(r"initramfs|initrd|cpio|gzip", machine.output, re.I), machine.tail()


# ---- command line and device tree ----------------------------------------------------------------


def test_nonsense_command_line(boot, config):
    nonsense = ('=, == a= =b "unclosed quote smp=-1 loglevel=banana mem=fish console= init '
                "%s%n " + "x" * 300)
    machine = boot(append=nonsense)
    machine.boot(60 * config.slow)
    assert "banana" in machine.run("cat /proc/cmdline")


def edit_tree(tmp_path, config, edit):
    """QEMU's own device tree for this machine, changed by a function of its source text."""
    tree = tmp_path / "virt.dtb"
    args = subprocess.run(
        [str(TOP / "scripts/qemu.sh"), f"ARCH={config.arch}", f"SMP={config.smp}",
         f"KERNEL={config.kernel}", "PRINT=yes"] + ([f"CPU={config.cpu}"] if config.cpu else []),
        capture_output=True, text=True, check=True).stdout
    args = shlex.split(args)
    args[args.index("-M") + 1] += f",dumpdtb={tree}"
    subprocess.run(args, check=True, capture_output=True)
    source = subprocess.run(["dtc", "-I", "dtb", "-O", "dts", "-q", str(tree)],
                            capture_output=True, text=True, check=True).stdout
    changed = edit(source)
    assert changed != source
    subprocess.run(["dtc", "-I", "dts", "-O", "dtb", "-q", "-o", str(tree), "-"], input=changed,
                   text=True, check=True)
    return tree


def test_no_memory_node(boot, config, tmp_path):
    # QEMU puts memory into the tree it is given; a node that is not called memory hides it.
    def edit(source):
        return re.sub(r'device_type = "memory";', 'device_type = "nothing";', source)

    tree = edit_tree(tmp_path, config, edit)
    machine = boot(dtb=tree)
    try:
        machine.wait_prompt(60 * config.slow)
    except KernelPanic as panic:
        assert "memory" in str(panic)


def test_unknown_device(boot, config, tmp_path):
    def edit(source):
        node = ('\n\tfrobnicator@b000000 {\n\t\tcompatible = "acme,frobnicator";\n'
                "\t\treg = <0x00 0xb000000 0x00 0x1000>;\n\t};\n};\n")
        return source.rstrip().removesuffix("};") + node

    machine = boot(dtb=edit_tree(tmp_path, config, edit))
    machine.boot(60 * config.slow)
    machine.sendline("dmesg | grep -c frobnicator")
    machine.expect(r"\r\n([01])\r*\n", 20)     # ignored, and logged at most once
    machine.wait_prompt()


def test_devices_above_4g(boot, config):
    """A 32-bit kernel says in one line what it cannot reach, and goes on."""
    if config.arch != "arm" or config.machine != "virt":
        pytest.skip("a 64-bit kernel reaches everything")
    machine = boot(highmem="on")
    machine.boot(60 * config.slow)
    assert len(re.findall(r"pci: .*above 4 GiB.*not used", machine.output)) == 1
    assert "failed" not in machine.output


@pytest.mark.parametrize("memory", ["6M", "8M", "12M"])
def test_too_little_memory(boot, config, tmp_path, memory):
    """It works, or the message says how much is needed, in a unit that a person reads."""
    machine = boot(mem=memory, initrd=rootfs_variant(tmp_path / "small.cpio.gz", config))
    try:
        machine.wait_prompt(40 * config.slow)
    except Died as died:
        if "space" not in str(died) and "could not load" not in str(died):
            raise
        pytest.skip("QEMU itself refuses so little")
    except KernelPanic as panic:
        assert re.search(r"needs? (at least |about )?\d+ ?[KM]i?B", machine.output), panic


# ---- a running system ------------------------------------------------------------------------------


def test_fork_bomb(shell):
    out = shell.run("/tests/forkbomb", 60)
    assert re.search(r"forkbomb: \d+ forks, [1-9]\d* refused, 0 odd errors", out), out
    assert shell.run("echo alive") == "alive\n"


def test_processes_under_ulimit(shell):
    """What a user's shell says when it may not fork any more, and that root's goes on."""
    out = shell.run("su user -c 'ulimit -u 8; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 3 & done; wait' 2>&1", 60)
    assert "can't fork" in out, out
    shell.run("killall sleep 2>/dev/null")
    assert shell.run("echo alive") == "alive\n"


def test_shell_that_calls_itself(shell):
    out = shell.run("sh -c 'f() { f; }; f'; echo status $?", 60)
    assert "Segmentation fault" in out and "status 139" in out, out


def test_unknown_calls_are_logged_once(shell):
    for _ in range(2):
        shell.run("/tests/run t_enosys", 60)
    log = re.findall(r"system call (\d+) is not built", shell.run("dmesg"))
    assert len(log) == len(set(log)), log


def test_full_device(shell):
    assert "No space left on device" in shell.run("(echo x >/dev/full) 2>&1")


def test_full_tmpfs(shell):
    shell.run("mkdir -p /tmp/small; mount -t tmpfs -o size=1m none /tmp/small")
    out = shell.run("dd if=/dev/zero of=/tmp/small/f bs=64k count=100 2>&1")
    assert "No space left on device" in out
    assert shell.run("rm /tmp/small/f; echo ok >/tmp/small/g; cat /tmp/small/g") == "ok\n"
    shell.run("umount /tmp/small; rmdir /tmp/small")


def test_out_of_memory(shell, config):
    shell.sendline("/tests/oom")
    shell.wait_prompt(120 * config.slow)
    out = shell.child.before
    assert re.search(r"oom: child \d+ was killed", out), out
    assert len(re.findall(r"Out of memory: Killed process", out)) <= 1, "one kill is enough"
    assert shell.run("echo alive") == "alive\n"
    out = shell.run("dmesg | grep -c 'Killed process'")
    assert int(out) >= 1, "the log does not say which process was killed"


def test_out_of_memory_in_shared_tables(shell, config):
    """Nobody who is left sees a wrong byte when the copies of what fork shared run out of memory."""
    shell.sendline("/tests/oom family")
    shell.wait_prompt(240 * config.slow)
    assert re.search(r"oom: \d of 6 children were killed, 0 wrong", shell.child.before), shell.child.before
    assert shell.run("/tests/oom family >/dev/null 2>&1; echo $?", 240 * config.slow) == "0\n"


def test_segfaults_leave_the_shell(shell):
    for command in ("sh -c 'kill -SEGV $$'", "sh -c 'kill -ILL $$'", "sh -c 'kill -BUS $$'"):
        shell.run(command)
    assert shell.run("echo alive") == "alive\n"


def test_odd_commands(shell):
    assert "not found" in shell.run("/no/such/program; nosuchcommand")
    assert "Permission denied" in shell.run("/etc/passwd; /dev")
    assert "syntax error" in shell.run("sh -c 'if ; then' 2>&1")
    shell.run("printf '\\177ELF\\002' >/tmp/badelf; chmod +x /tmp/badelf")
    out = shell.run("/tmp/badelf 2>&1; echo status $?")
    assert re.search(r"status (126|127|2)", out), out
    shell.run("rm /tmp/badelf")
    assert "Invalid argument" in shell.run("mount -t tmpfs -o size=banana x /mnt 2>&1")
    assert re.search("No such device|can't", shell.run("mount -t nosuchfs x /mnt 2>&1"))
