# SPDX-License-Identifier: GPL-2.0-only
"""test_shell.py: what must work at the prompt: each test types commands and checks the answer.

All tests of a configuration share one machine with Debian's BusyBox on its console; a test leaves no
files and no jobs behind. Commands are typed as a person types them; run() gives what they printed.
"""

import base64
import gzip
import hashlib
import re
import subprocess
import time

import pytest

from machine import TOP

SUITE = "shell"


def numbers(text):
    return [int(n) for n in re.findall(r"\d+", text)]


def free_kb(shell):
    """MemFree + what the page cache could give back, in KiB."""
    text = shell.run("cat /proc/meminfo")
    return int(re.search(r"MemFree: +(\d+) kB", text).group(1))


# ---- looking around ----------------------------------------------------------------------------


def test_ls_root(shell):
    out = shell.run("ls -la /")
    for name in ("bin", "dev", "etc", "proc", "root", "sys", "tmp"):
        assert re.search(rf"^d\S+ .* {name}$", out, re.M), out
    assert re.search(r"^l\S+ .* init -> bin/busybox$", out, re.M)
    assert re.search(r"^drwxrwxrwt .* tmp$", out, re.M)


def test_ls_dev(shell):
    out = shell.run("ls -la /dev")
    for line in (r"crw------- .* 5, +1 .* console", r"crw-rw-rw- .* 1, +3 .* null",
                 r"crw-rw-rw- .* 1, +5 .* zero", r"crw-rw-rw- .* 1, +7 .* full",
                 r"crw-rw-rw- .* 5, +0 .* tty", r"crw-rw-rw- .* 1, +9 .* urandom",
                 r"crw.* 5, +2 .* ptmx", r"drwx.* pts"):
        assert re.search(rf"^{line}$", out, re.M), (line, out)


def test_ls_proc_self_fd(shell):
    out = shell.run("ls -la /proc/self/fd")
    for fd in range(3):
        assert re.search(rf" {fd} -> /dev/(console|tty\S+)$", out, re.M), out


def test_ps(shell):
    # Debian's BusyBox is built without "time" among the columns that ps knows.
    out = shell.run("ps -o pid,ppid,pgid,sid,tty,stat,vsz,rss,args")
    lines = out.splitlines()
    assert lines[0].split() == ["PID", "PPID", "PGID", "SID", "TT", "STAT", "VSZ", "RSS", "COMMAND"]
    assert re.search(r"^ +1 +0 +\d+ +\d+ .* S\S* .*init$", out, re.M), out
    shells = re.findall(r"^ +(\d+) +1 +(\d+) +(\d+) (\S+) .* -/bin/sh$", out, re.M)
    assert shells, out
    pid, pgid, sid, tty = shells[0]
    assert pid == pgid == sid and tty != "?", "the login shell leads a session with a terminal"
    assert re.search(r" R\S* .*ps", out, re.M), out


def test_sysctl(shell):
    # Debian's busybox-static has no lsof, pmap and pstree.
    assert shell.run("sysctl kernel.ostype") == "kernel.ostype = Linux\n"
    out = shell.run("sysctl -w kernel.hostname=other >/dev/null; hostname; hostname thimble; hostname")
    assert out == "other\nthimble\n"


def test_top(shell):
    out = shell.run("top -b -n 2 -d 1", 30)
    assert len(re.findall(r"^Mem: \d+K used, \d+K free", out, re.M)) == 2, out
    assert len(re.findall(r"^CPU: +\d+% usr +\d+% sys", out, re.M)) == 2, out
    assert len(re.findall(r"^Load average: ", out, re.M)) == 2
    idle = [int(n) for n in re.findall(r"(\d+)% idle", out)]
    assert len(idle) == 2 and idle[1] > 50, "an idle machine is busy:\n" + out


def test_free(shell):
    out = shell.run("free")
    total, used, free, *_ = numbers(re.search(r"^Mem: (.*)$", out, re.M).group(1))
    assert 100_000 < total < 4_200_000
    assert 0 < free < total and 0 < used < total
    assert re.search(r"^Swap: +0 +0 +0$", out, re.M)


def test_uptime(shell):
    out = shell.run("uptime")
    assert re.search(r" up +(\d+ min|\d+:\d\d|0 min),.* load average: \d+\.\d\d, \d+\.\d\d, \d+\.\d\d",
                     out), out
    first = float(shell.run("cat /proc/uptime").split()[0])
    shell.run("sleep 1")
    second = float(shell.run("cat /proc/uptime").split()[0])
    assert 0.9 < second - first < 10


def test_dmesg(shell):
    shell.sendline("dmesg")
    shell.wait_prompt()
    lines = shell.child.before.replace("\r", "").splitlines()
    stamped = [line for line in lines if re.match(r"\[ *\d+\.\d{6}\] \S", line)]
    assert len(stamped) > 10, lines
    times = [float(re.match(r"\[ *([\d.]+)\]", line).group(1)) for line in stamped]
    assert times == sorted(times)


def test_mount_lists(shell):
    out = shell.run("mount")
    for line in (r"^\S+ on / type \w+ \(rw", "^proc on /proc type proc ",
                 "^sysfs on /sys type sysfs ", "^devtmpfs on /dev type devtmpfs ",
                 "^devpts on /dev/pts type devpts ", "^tmpfs on /tmp type tmpfs "):
        assert re.search(line, out, re.M), (line, out)


def test_proc_cpuinfo(shell, config):
    out = shell.run("cat /proc/cpuinfo")
    assert len(re.findall(r"^processor\s*: \d+$", out, re.M)) == config.smp
    assert re.search(r"^Features\s*: .*\b(fp|vfpv3|neon)\b", out, re.M)
    assert re.search(r"^CPU implementer\s*: 0x", out, re.M)


def test_proc_meminfo(shell):
    out = shell.run("cat /proc/meminfo")
    for name in ("MemTotal", "MemFree", "MemAvailable", "Buffers", "Cached", "SwapTotal", "Slab",
                 "AnonPages", "Mapped", "Shmem"):
        assert re.search(rf"^{name}: +\d+ kB$", out, re.M), name


def test_proc_interrupts(shell, config):
    first = shell.run("cat /proc/interrupts")
    assert first.split()[0] == "CPU0"
    assert len(re.findall(r"CPU\d+", first.splitlines()[0])) == config.smp
    second = shell.run("cat /proc/interrupts")
    assert sum(numbers(second)) > sum(numbers(first)), "no interrupt came between two commands"


def test_proc_self_maps(shell):
    out = shell.run("cat /proc/self/maps")
    assert re.search(r"^[0-9a-f]+-[0-9a-f]+ r-xp [0-9a-f]{8} .* /bin/busybox$", out, re.M), out
    assert re.search(r" rw-p .*\[stack\]$", out, re.M)
    assert not re.search(r" rwx", out), "a writable and executable mapping"


def test_find_counts_files(shell):
    count = int(shell.run("find / -xdev | wc -l", 60))
    assert 280 < count < 2000
    assert int(shell.run("find / -xdev -type f -name busybox | wc -l")) == 1


# ---- the shell language -------------------------------------------------------------------------


def test_pipeline(shell):
    out = shell.run("seq 1 200000 | sort -rn | head -3 | tac", 120)
    assert out.split() == ["199998", "199999", "200000"]


def test_here_document(shell):
    shell.sendline("cat <<END | tr a-z A-Z")
    shell.sendline("first $((6*7))")
    shell.sendline("second")
    out = shell.run("END")
    assert "FIRST 42\nSECOND\n" in out


def test_command_substitution(shell):
    assert shell.run('echo "<$(echo a; echo b)>" `echo c`') == "<a\nb> c\n"
    assert shell.run("echo $(seq 1 1000 | wc -l) $((2**10))") == "1000 1024\n"


def test_trap(shell):
    assert shell.run("(trap 'echo got TERM' TERM; kill -TERM $(exec sh -c 'echo $PPID'); echo on)"
                     ) == "got TERM\non\n"
    assert shell.run("sh -c 'trap \"echo bye\" EXIT; echo hi'") == "hi\nbye\n"


def test_background_pid_and_wait(shell):
    shell.run("sleep 0.2 & p=$!")
    out = shell.run("wait $p; echo waited $? $p")
    assert re.search(r"waited 0 \d+", out), out
    # On one line: at its next prompt the shell reports a finished job and forgets it.
    assert "status 7" in shell.run("sh -c 'exit 7' & wait $!; echo status $?")
    assert "127" in shell.run("wait 99999; echo $?")


def test_subshells(shell):
    assert shell.run("x=1; (x=2; cd /tmp; echo $x $(pwd)); echo $x $(pwd)") == "2 /tmp\n1 /root\n"
    assert shell.run("(exit 3); echo $?") == "3\n"
    assert shell.run("{ echo a; echo b; } | (read x; read y; echo $y $x)") == "b a\n"


def test_pipefail(shell):
    assert shell.run("false | true; echo $?") == "0\n"
    assert shell.run("set -o pipefail; false | true; echo $?; set +o pipefail") == "1\n"


def test_redirections(shell):
    assert shell.run("echo out >/tmp/o; echo more >>/tmp/o; cat </tmp/o; rm /tmp/o") == "out\nmore\n"
    assert shell.run("ls /missing 2>&1 | wc -l; ls /missing 2>/dev/null; echo $?") == "1\n1\n"
    assert shell.run("exec 7>/tmp/seven; echo x >&7; exec 7>&-; cat /tmp/seven; rm /tmp/seven") == "x\n"


# ---- jobs and signals ------------------------------------------------------------------------------


def test_jobs(shell):
    out = shell.run("sleep 30 &")
    assert re.search(r"\[?\d", out) or out == ""
    shell.run("sleep 31 &")
    out = shell.run("jobs")
    assert len(re.findall(r"^\[\d\].*Running", out, re.M)) == 2, out
    shell.run("kill %1 %2; wait")
    shell.run("")
    assert "Running" not in shell.run("jobs")


def test_ctrl_c(shell):
    shell.sendline("sleep 100")
    time.sleep(0.5)
    shell.send("\x03")
    shell.wait_prompt(10)
    assert shell.status() == 130


def test_ctrl_c_ends_a_pipeline(shell):
    shell.sendline("yes | cat >/dev/null")
    time.sleep(0.5)
    shell.send("\x03")
    shell.wait_prompt(10)
    assert "yes" not in shell.run("ps | grep -v grep | grep yes")


def test_ctrl_z_fg_bg(shell):
    shell.sendline("sleep 3")
    time.sleep(0.5)
    shell.send("\x1a")
    shell.wait_prompt(10)
    assert re.search(r"Stopped", shell.run("jobs"))
    shell.run("bg")
    assert re.search(r"Running|Done", shell.run("jobs"))
    shell.sendline("fg")
    shell.wait_prompt(15)
    assert "sleep" not in shell.run("jobs")


def test_ctrl_z_cat_and_fg(shell):
    shell.sendline("cat")
    time.sleep(0.3)
    shell.sendline("one")
    shell.expect(r"one[\r\n]+one")
    shell.send("\x1a")
    shell.wait_prompt(10)
    shell.sendline("fg")
    shell.expect("cat")
    time.sleep(0.3)
    shell.sendline("two")
    shell.expect(r"two[\r\n]+two")
    shell.send("\x04")
    shell.wait_prompt(10)
    assert shell.status() == 0


def test_ctrl_d(shell):
    shell.sendline("wc -c")
    time.sleep(0.3)
    shell.sendline("12345")
    shell.send("\x04")
    shell.wait_prompt(10)
    assert "6" in shell.child.before.split()


def test_ctrl_d_ends_a_shell(shell):
    shell.sendline("sh")
    shell.wait_prompt(10)
    outer = shell.run("echo $PPID")
    shell.send("\x04")
    shell.wait_prompt(10)
    assert shell.run("echo $$") == outer


def test_ctrl_backslash(shell):
    shell.sendline("sleep 100")
    time.sleep(0.5)
    shell.send("\x1c")
    shell.wait_prompt(10)
    assert shell.status() == 131


def test_kill_segv_is_reported(shell):
    shell.run("sleep 100 & p=$!")
    # In one line: at the next prompt the shell would report the job and forget it.
    out = shell.run("kill -SEGV $p; wait $p; echo status $?")
    assert "status 139" in out
    assert "Segmentation fault" in shell.run("sh -c 'kill -SEGV $$'")


def test_ulimit(shell):
    out = shell.run("ulimit -a")
    assert re.search(r"open files|nofile", out) or "-n" in out, out
    assert shell.run("(ulimit -n 5; ulimit -n)") == "5\n"
    out = shell.run("sh -c 'ulimit -f 1; dd if=/dev/zero of=/tmp/big bs=1k count=10' 2>&1")
    assert "File size limit exceeded" in out or "File too large" in out, out
    shell.run("rm -f /tmp/big")
    out = shell.run("sh -c 'ulimit -v 3000; dd if=/dev/zero of=/dev/null bs=64M count=1' 2>&1")
    assert re.search("out of memory|Cannot allocate|can't", out, re.I), out


# ---- programs -----------------------------------------------------------------------------------------


def test_vi(shell):
    shell.run("printf 'first\\nthird\\n' >/tmp/edited")
    shell.sendline("vi /tmp/edited")
    shell.expect("third")
    for keys, seen in (("o", "I "), ("second", "second"), ("\x1b", "- "), ("G", "100%"),
                       ("o", "I "), ("fourth", "fourth"), ("\x1b", "- "), ("1G", "25%"),
                       ("x", "irst")):
        time.sleep(0.3)     # a key right after ESC would make an escape sequence of both
        shell.send(keys)
        # vi may draw a word in several pieces, each with its place before it.
        shell.expect(r"(?:\x1b\[[0-9;]*[A-Z])*".join(map(re.escape, seen)), 10)
    time.sleep(0.3)
    shell.send(":wq\r")
    shell.wait_prompt(15)
    assert shell.run("cat /tmp/edited") == "irst\nsecond\nthird\nfourth\n"
    shell.run("rm /tmp/edited")


def test_dd_and_sha256sum(shell, config):
    out = shell.run("dd if=/dev/zero of=/tmp/zeros bs=1M count=64", 120)
    assert "64+0 records out" in out
    out = shell.run("sha256sum /tmp/zeros", 120 * config.slow)
    assert out.split()[0] == hashlib.sha256(bytes(64 << 20)).hexdigest()
    shell.run("rm /tmp/zeros")


def test_tar_and_gzip(shell):
    shell.run("mkdir -p /tmp/a/b; for i in 1 2 3; do seq 1 1000 >/tmp/a/b/f$i; done; ln -s b/f1 /tmp/a/l")
    shell.run("mkdir /tmp/out; tar -C /tmp -cf - a | gzip | gunzip | tar -C /tmp/out -xf -", 60)
    assert shell.run("diff -r /tmp/a /tmp/out/a && echo same").strip() == "same"
    assert shell.run("readlink /tmp/out/a/l") == "b/f1\n"
    shell.run("rm -r /tmp/a /tmp/out")


def test_chroot(shell):
    shell.run("mkdir -p /tmp/jail/bin; cp /bin/busybox /tmp/jail/bin; ln -s busybox /tmp/jail/bin/sh")
    out = shell.run("chroot /tmp/jail /bin/sh -c 'cd /; echo /*; pwd'")
    assert out == "/bin\n/\n"
    shell.run("rm -r /tmp/jail")


def test_mkfifo(shell):
    shell.run("mkfifo /tmp/p; (sleep 0.2; echo through the fifo >/tmp/p) &")
    assert "through the fifo" in shell.run("cat /tmp/p")
    assert shell.run("ls -l /tmp/p").startswith("prw")
    shell.run("rm /tmp/p; wait")


def test_nice_and_renice(shell):
    assert shell.run("/dyn/nice") == "0\n"
    assert shell.run("/dyn/nice -n 7 /dyn/nice") == "7\n"
    shell.run("/dyn/nice -n 3 sleep 30 & p=$!")
    # nice adds its 3 when it comes to run: renice must not come before.
    shell.run("until [ $(cut -d' ' -f19 /proc/$p/stat) = 3 ]; do sleep 0.1; done")
    shell.run("renice 12 -p $p")
    assert shell.run("cut -d' ' -f19 /proc/$p/stat") == "12\n"
    shell.run("kill $p; wait $p")
    shell.run("")


def test_taskset(shell, config):
    assert "affinity mask: 1" in shell.run("taskset 1 sh -c 'taskset -p $$'")
    assert shell.run("taskset 1 nproc") == "1\n"
    mask = f"{(1 << config.smp) - 1:x}"
    assert f"affinity mask: {mask}" in shell.run("taskset -p $$")


def test_nproc(shell, config):
    assert shell.run("nproc") == f"{config.smp}\n"


def test_sleep_is_measured(shell):
    out = shell.run("time sleep 0.1", 30)
    real = re.search(r"real\s+0m ?(\d+\.\d+)s", out)
    assert real, out
    assert 0.1 <= float(real.group(1)) < 10


def test_date_s(shell):
    shell.run("date -s '2031-05-06 07:08:09'")
    assert shell.run("date '+%Y-%m-%d %H:%M'") == "2031-05-06 07:08\n"
    shell.run(f"date -s @{int(time.time())}")
    assert abs(int(shell.run("date +%s")) - time.time()) < 60


def test_su(shell):
    assert "uid=1000(user) gid=1000(user)" in shell.run("su user -c id")
    assert "Permission denied" in shell.run("su user -c 'cat /etc/shadow' 2>&1")
    assert "Permission denied" in shell.run("su user -c 'echo x >/etc/passwd' 2>&1")
    assert "not permitted" in shell.run("su user -c 'kill 1' 2>&1")
    assert "root" in shell.run("id")
    out = shell.run("su user -c 'cd; touch mine; ls -l mine; rm mine'")
    assert " user " in out and "user     " in out


def test_block_device(shell, config):
    if config.machine != "virt":
        pytest.skip("no virtio on this board")
    if config.oracle:
        pytest.skip("Debian has virtio-blk as a module")
    want = hashlib.md5(bytes(range(256)) * 4096).hexdigest()
    assert shell.run("dd if=/dev/vda bs=64k 2>/dev/null | md5sum", 30).split()[0] == want
    assert shell.run("blockdev --getsize64 /dev/vda") == "1048576\n"
    out = shell.run("echo written | dd of=/dev/vda bs=512 seek=3 conv=notrunc 2>&1")
    assert "0+1 records" in out
    shell.run("sync")
    assert shell.run("dd if=/dev/vda bs=512 skip=3 count=1 2>/dev/null | head -1") == "written\n"
    assert re.search(r"^ *\d+ +\d+ +1024 vda$", shell.run("cat /proc/partitions"), re.M)


def test_watch(shell):
    shell.sendline("watch -n 1 'echo tick-$((20+3))'")
    shell.expect(r"Every 1\.0s")
    shell.expect("tick-23")
    shell.expect("tick-23")
    time.sleep(0.4)     # while its command runs, watch does not mind a Ctrl-C
    shell.send("\x03")
    shell.wait_prompt(10)


def test_less(shell):
    shell.sendline("seq 1 1000 | less")
    shell.expect(r"\D10\r")
    time.sleep(0.5)
    shell.send("G")
    shell.expect("1000")
    shell.send("g")
    time.sleep(0.5)
    shell.send("/")
    time.sleep(0.3)
    shell.send("999")
    time.sleep(0.3)
    shell.send("\r")
    shell.expect("998")
    shell.send("q")
    shell.wait_prompt(10)


def test_dynamic_programs(shell):
    out = shell.run("/dyn/bash -c 'x=(a b c); echo ${#x[@]} ${BASH_VERSION%%.*}; /dyn/expr 6 \\* 7'")
    assert out == "3 5\n42\n"


def test_large_pipe(shell, config):
    # As programs of their own: the shell's built-in yes writes two bytes at a time.
    count = 100_000_000 if config.full else 10_000_000
    out = shell.run(f"/bin/yes | /bin/head -c {count} | /bin/wc -c", 300)
    assert out == f"{count}\n"


def test_small_writes_into_a_pipe(shell):
    assert shell.run("yes | head -c 100000 | wc -c", 60) == "100000\n"


def test_thousand_commands_leak_nothing(shell, config):
    shell.run("i=0; while [ $i -lt 100 ]; do /bin/busybox true; i=$((i+1)); done", 120)
    before = free_kb(shell)
    shell.run("i=0; while [ $i -lt 1000 ]; do /bin/busybox true; i=$((i+1)); done", 240 * config.slow)
    after = free_kb(shell)
    slack = 4000 if config.oracle else 300
    assert before - after < slack, f"{before - after} KiB less than before"


def test_terminal_size_and_modes(shell):
    assert shell.run("stty size") == "50 250\n"
    out = shell.run("stty -a")
    assert "icanon" in out and "intr = ^C" in out
    assert shell.run("tty").startswith("/dev/")


def test_busybox_is_debians(shell, config, tmp_path):
    """Byte for byte what the package holds: the sum that the host computes of it."""
    debian = {"arm64": "arm64", "arm": "armhf"}[config.user or config.arch]
    subprocess.run([str(TOP / "scripts/fetch-deb.sh"), debian, "files", str(tmp_path), "busybox-static",
                    "./bin/busybox"], check=True, capture_output=True)
    want = hashlib.sha256((tmp_path / "busybox").read_bytes()).hexdigest()
    assert shell.run("sha256sum /bin/busybox", 30).split()[0] == want


# ---- ends: these come last ---------------------------------------------------------------------------


def test_exit_respawns_the_shell(shell):
    shell.sendline("echo $$; exit")
    shell.expect(r"(\d+)\r*\n")
    old = int(shell.child.match.group(1))
    shell.boot(30)
    new = int(shell.run("echo $$"))
    assert new != old


def test_poweroff(shell):
    shell.sendline("poweroff")
    assert shell.expect_end(60) == 0


# ---- debugging -----------------------------------------------------------------------------------


def test_gdb_reads_core_dump(shell, config, tmp_path):
    """A program crashes; Debian's gdb finds where, in the core that it left."""
    shell.run("cd /tmp; ulimit -c unlimited; /tests/run @t_coredump.crash; ulimit -c 0")
    text = shell.run("gzip -c core | base64; rm core; cd", timeout=60 * config.slow)
    core = tmp_path / "core"
    core.write_bytes(gzip.decompress(base64.b64decode("".join(text.split()))))
    program = TOP / f"build/tests/{config.user or config.arch}/obj/run.debug"
    gdb = subprocess.run(["gdb-multiarch", "-nx", "-batch", "-ex", "bt", "-ex", "info auxv", "-ex",
                          "info proc mappings", str(program), str(core)],
                         capture_output=True, text=True, check=False)
    assert "Program terminated with signal SIGSEGV" in gdb.stdout, gdb.stdout + gdb.stderr
    assert re.search(r"#0 .*fault_in.*\n#1 .*called_by_main.*\n#2 .*helper_crash", gdb.stdout), gdb.stdout
    assert re.search(r"AT_ENTRY +Entry point of program", gdb.stdout), gdb.stdout
    assert "/tests/run" in gdb.stdout, gdb.stdout
