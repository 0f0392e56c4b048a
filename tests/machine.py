# SPDX-License-Identifier: GPL-2.0-only
"""machine.py: a virtual machine on the end of a pseudo-terminal.

Machine boots a kernel through scripts/qemu.sh and talks to its console: expect() waits for text,
run() types a shell command and returns what it printed. Three things end a machine before its time,
and each is an exception that carries what is known: KernelPanic (the panic's text), Hang (nothing
expected came in time: the last output, and where every CPU was, from QEMU's monitor and the kernel's
symbols), Died (QEMU ended).
"""

import bisect
import re
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pexpect

TOP = Path(__file__).resolve().parent.parent
PANIC = re.compile(r"Kernel panic|Internal error: |BUG: |kernel BUG at|ASSERT(?:ION)? failed")
PROMPT = re.compile(r"root@thimble:[^\r\n]*# (?:\x1b\[6n)?")
KERNEL_LINE = re.compile(r"^\[ *\d+\.\d+\].*\n?", re.M)


class MachineError(Exception):
    """Something is wrong with the machine, not with an answer it gave."""


class KernelPanic(MachineError):
    pass


class Hang(MachineError):
    pass


class Died(MachineError):
    pass


class Symbols:
    """Addresses to names, from the ELF file of a kernel."""

    def __init__(self, elf):
        self.addresses, self.names = [], []
        if not elf or not Path(elf).exists():
            return
        out = subprocess.run(["nm", "-n", str(elf)], capture_output=True, text=True, check=False)
        for line in out.stdout.splitlines():
            parts = line.split()
            if len(parts) == 3 and parts[1] in "tTwW" and not parts[2].startswith("$"):
                self.addresses.append(int(parts[0], 16))
                self.names.append(parts[2])

    def lookup(self, address):
        i = bisect.bisect_right(self.addresses, address) - 1
        if i < 0 or address - self.addresses[i] > 0x10000:
            return hex(address)
        return f"{self.names[i]}+{address - self.addresses[i]:#x}"


class Machine:
    """One run of QEMU. Arguments are scripts/qemu.sh's, in lower case."""

    def __init__(self, elf=None, log=None, timeout=60, **settings):
        self.dir = tempfile.mkdtemp(prefix="thimble-")
        self.monitor_path = f"{self.dir}/monitor"
        self.elf = elf
        self.timeout = timeout
        settings.setdefault("reboot", "no")
        args = [f"{key.upper()}={value}" for key, value in settings.items() if value]
        args.append(f"MONITOR={self.monitor_path}")
        self.command = "scripts/qemu.sh " + " ".join(args)
        self.child = pexpect.spawn(str(TOP / "scripts/qemu.sh"), args, encoding="utf-8",
                                   codec_errors="replace", timeout=timeout, echo=False,
                                   dimensions=(50, 200))
        self.child.delaybeforesend = None
        self.transcript = []
        self.child.logfile_read = self
        self.log = open(log, "a", encoding="utf-8") if log else None

    # pexpect writes everything it reads here
    def write(self, text):
        self.transcript.append(text)
        if self.log:
            self.log.write(text)

    def flush(self):
        if self.log:
            self.log.flush()

    @property
    def output(self):
        """Everything the machine has said so far."""
        return "".join(self.transcript).replace("\r", "")

    @property
    def alive(self):
        return self.child.isalive()

    def tail(self, lines=30):
        return "\n".join(self.output.splitlines()[-lines:])

    def expect(self, patterns, timeout=None):
        """Wait for one of the patterns; the index of the one that came."""
        if not isinstance(patterns, list):
            patterns = [patterns]
        patterns = [re.compile(p) if isinstance(p, str) else p for p in patterns]
        timeout = self.timeout if timeout is None else timeout
        try:
            index = self.child.expect([PANIC] + patterns, timeout=timeout)
        except pexpect.TIMEOUT:
            report = self.where_are_we()
            self.kill()
            raise Hang(f"no {patterns[0].pattern!r} within {timeout} s; last output:\n"
                       f"{self.tail()}\n{report}") from None
        except pexpect.EOF:
            self.child.close()
            raise Died(f"QEMU ended with status {self.child.exitstatus}; last output:\n"
                       f"{self.tail()}") from None
        if index == 0:
            self.collect_panic()
        return index - 1

    def collect_panic(self):
        """Read on until the panic has said everything, then report it."""
        try:
            self.child.expect(pexpect.EOF, timeout=3)
        except pexpect.TIMEOUT:
            pass
        text = self.output
        self.kill()
        start = PANIC.search(text)
        begin = text.rfind("\n", 0, max(0, start.start() - 1500)) if start else 0
        raise KernelPanic(text[begin + 1:][:6000])

    def expect_end(self, timeout=30):
        """Wait until QEMU ends by itself; its status."""
        try:
            index = self.child.expect([PANIC, pexpect.EOF], timeout=timeout)
        except pexpect.TIMEOUT:
            report = self.where_are_we()
            self.kill()
            raise Hang(f"QEMU did not end within {timeout} s:\n{self.tail()}\n{report}") from None
        if index == 0:
            self.collect_panic()
        self.child.close()
        return self.child.exitstatus

    def send(self, text):
        self.child.send(text)

    def sendline(self, text=""):
        self.child.send(text + "\r")

    def wait_prompt(self, timeout=None):
        self.expect(PROMPT, timeout)

    def boot(self, timeout=None):
        """Wait for the first prompt, and make the terminal wide enough not to wrap lines."""
        self.wait_prompt(timeout)
        self.run("stty cols 250 rows 50")

    def run(self, command, timeout=None):
        """Type one line at the prompt; its output, without echo, prompt and kernel messages."""
        self.sendline(command)
        self.wait_prompt(timeout)
        text = self.child.before.replace("\r", "")
        text = text.split("\n", 1)[1] if "\n" in text else ""
        return KERNEL_LINE.sub("", text.replace("\x1b[6n", "").replace("\x1b[J", ""))

    def status(self):
        """The exit status of the last command."""
        return int(self.run("echo $?"))

    def sync(self):
        """Back to a prompt whatever was going on: Ctrl-C, and a marker that the echo cannot fake."""
        for _ in range(3):
            self.send("\x03\x15")
            self.sendline("echo sync-$((40+2))")
            try:
                index = self.child.expect([PANIC, "sync-42", pexpect.EOF], timeout=5)
            except pexpect.TIMEOUT:
                continue
            if index == 1:
                self.wait_prompt(10)
                return
            break
        report = self.where_are_we() if self.alive else ""
        self.kill()
        raise Hang(f"the shell does not come back:\n{self.tail()}\n{report}")

    def monitor(self, command):
        """Ask QEMU's monitor; its answer."""
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(5)
            sock.connect(self.monitor_path)
            answer = b""
            sock.sendall(command.encode() + b"\n")
            try:
                while answer.count(b"(qemu)") < 2:
                    data = sock.recv(65536)
                    if not data:
                        break
                    answer += data
            except TimeoutError:
                pass
        return answer.decode(errors="replace")

    def where_are_we(self):
        """What every CPU is doing, for the report of a hang."""
        try:
            registers = self.monitor("info registers -a")
        except OSError as error:
            return f"(no monitor: {error})"
        symbols = Symbols(self.elf)
        lines = []
        for cpu, text in re.findall(r"CPU#(\d+)\s(.*?)(?=CPU#|\(qemu\)|$)", registers, re.S):
            values = dict(re.findall(r"\b(PC|X30|SP|R14|R15|R13)\s*=\s*([0-9a-fA-F]+)", text))
            pc = values.get("PC") or values.get("R15")
            link = values.get("X30") or values.get("R14")
            if pc:
                lines.append(f"CPU {cpu}: pc {symbols.lookup(int(pc, 16))}, "
                             f"called from {symbols.lookup(int(link or '0', 16))}")
        return "\n".join(lines) or "(the monitor told nothing)"

    def kill(self):
        self.child.close(force=True)

    def close(self):
        if self.child.isalive():
            self.kill()
        if self.log:
            self.log.close()
        shutil.rmtree(self.dir, ignore_errors=True)
