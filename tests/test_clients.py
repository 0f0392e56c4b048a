# SPDX-License-Identifier: GPL-2.0-only
"""test_clients.py: Debian programs that ask much of a kernel, unmodified: containers, namespaces, debuggers.

The machine is one of its own, with the initramfs of scripts/mkclients.sh. Its root can be pivoted and control
groups are at /sys/fs/cgroup. What a test starts it stops; files go to a directory of /tmp that is emptied.
"""

import base64
import json
import re

import pytest

from conftest import SharedShell

SUITE = "clients"
BUNDLE = "/tmp/bundle"
APPLETS = "sh cat id hostname mount ps sleep kill ls echo true head dd"


@pytest.fixture(scope="session")
def shared_shell(config, builder):
    """The machine of this suite, in place of the one that test_shell.py uses."""
    shared = SharedShell(config, builder.clients(config.user or config.arch), disk=False)
    yield shared
    shared.close()


def put(shell, path, text):
    """Write a file in the machine. A terminal takes lines up to 4095 bytes."""
    data = base64.b64encode(text.encode()).decode()
    shell.sendline(f"base64 -d >{path} <<END")
    for start in range(0, len(data), 200):
        shell.sendline(data[start:start + 200])
    shell.run("END")


# ---- containers ---------------------------------------------------------------------------------


def mount(destination, kind, *options):
    return {"destination": destination, "type": kind, "source": kind, "options": list(options)}


def oci_config(command, namespaces=("pid", "ipc", "uts", "mount", "cgroup"), **resources):
    """A config.json of an OCI bundle. It has no rules for devices: crun makes a program for bpf(2) of any that
    denies something, and gives up where there is no such call."""
    return {
        "ociVersion": "1.0.0",
        "process": {
            "terminal": False, "user": {"uid": 0, "gid": 0}, "cwd": "/", "args": ["sh", "-c", command],
            "env": ["PATH=/bin", "HOME=/"], "noNewPrivileges": True,
            "capabilities": {kind: ["CAP_KILL", "CAP_SETUID"] for kind in ("bounding", "effective", "permitted")},
            "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 77, "soft": 55}],
        },
        "root": {"path": "rootfs", "readonly": True},
        "hostname": "inside",
        "mounts": [
            mount("/proc", "proc"), mount("/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
            mount("/dev/pts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"),
            mount("/dev/shm", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
            mount("/dev/mqueue", "mqueue", "nosuid", "noexec", "nodev"),
            mount("/sys", "sysfs", "nosuid", "noexec", "nodev", "ro"),
            mount("/sys/fs/cgroup", "cgroup2", "nosuid", "noexec", "nodev", "relatime", "ro"),
        ],
        "linux": {
            "namespaces": [{"type": name} for name in namespaces],
            "resources": resources,
            "maskedPaths": ["/proc/keys", "/sys/firmware"],
            "readonlyPaths": ["/proc/sys", "/proc/irq"],
        },
    }


@pytest.fixture
def bundle(shell):
    """A bundle with BusyBox in it: bundle(config) writes its config.json."""
    shell.run(f"mkdir -p {BUNDLE}/rootfs/bin; cp /bin/busybox {BUNDLE}/rootfs/bin/; "
              f"for a in {APPLETS}; do ln -sf busybox {BUNDLE}/rootfs/bin/$a; done; cd {BUNDLE}")
    yield lambda config: put(shell, f"{BUNDLE}/config.json", json.dumps(config))
    if shell.alive:
        shell.run(f"crun delete --force box 2>/dev/null; cd; rm -rf {BUNDLE}")


def test_crun_container(shell, bundle):
    """Pids, mounts, name, capabilities and limits of its own; read-only and masked paths."""
    bundle(oci_config("ps -o pid,args; mount; hostname; cat /proc/self/status; ulimit -Sn; ulimit -Hn; "
                      "cat /proc/self/cgroup; echo x >/new; echo 1 >/proc/sys/kernel/pid_max; ls -l /dev; "
                      "cat /proc/keys | head -c 1; ls /sys/firmware; echo end"))
    out = shell.run("crun run box; echo status $?")
    pids = re.findall(r"^ +(\d+) \S", out, re.M)
    assert pids[:2] == ["1", "2"] and len(pids) <= 3, out
    for line in (r"\S+ on / type \w+ \(ro,.*\)", r"proc on /proc type proc \(rw,.*\)",
                 r"tmpfs on /dev type tmpfs \(rw,nosuid,size=65536k,mode=755.*\)", r"mqueue on /dev/mqueue .*",
                 r"devpts on /dev/pts type devpts \(rw,nosuid,noexec,relatime,mode=620,ptmxmode=666\)",
                 r"cgroup2 on /sys/fs/cgroup type cgroup2 \(ro,nosuid,nodev,noexec,relatime\)",
                 r"proc on /proc/sys type proc \(ro,.*\)", "inside", "55", "77", "0::/",
                 r"CapBnd:\s+00000000000000a0", r"CapEff:\s+00000000000000a0", r"NoNewPrivs:\s+1",
                 "sh: can't create /new: Read-only file system",
                 "sh: can't create /proc/sys/kernel/pid_max: Read-only file system",
                 r"crw-rw-rw- .* 1, +3 .* null", r"crw-rw-rw- .* 1, +9 .* urandom", "end", "status 0"):
        assert re.search(rf"^{line}$", out, re.M), (line, out)
    assert shell.run("hostname; ls /sys/fs/cgroup | grep box; crun list") == "thimble\n" + \
        shell.run("crun list"), "nothing of the container is left"


def test_crun_status(shell, bundle):
    """The status of crun is its container's; a signal's is 128 more."""
    bundle(oci_config("exit 7"))
    assert shell.run("crun run box; echo $?") == "7\n"
    bundle(oci_config("kill -USR1 $$; sleep 5; exit 3"))
    assert shell.run("crun run box; echo $?") == "3\n", "process 1 does not die of its own signals"
    bundle(oci_config("sh -c 'kill -TERM $$'; echo $?"))
    assert shell.run("crun run box") == "Terminated\n143\n"


def test_crun_limits(shell, bundle):
    """pids.max, memory.max and cpu.max: set from config.json, and obeyed."""
    config = oci_config("cd /sys/fs/cgroup; cat pids.max memory.max cpu.max; cd /; "
                        "for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait; echo forked; "
                        "dd if=/dev/zero of=/dev/null bs=48M count=1; echo dd $?; echo end",
                        pids={"limit": 6}, memory={"limit": 16 << 20}, cpu={"quota": 50000, "period": 100000})
    bundle(config)
    out = shell.run("crun run box 2>&1; echo status $?", 60)
    assert out.startswith("6\n16777216\n50000 100000\n"), out
    assert re.search(r"can't fork: Resource temporarily unavailable", out), out
    config["process"]["args"][2] = "dd if=/dev/zero of=/dev/null bs=48M count=1; echo dd $?; echo end"
    bundle(config)
    out = shell.run("crun run box 2>&1; echo status $?", 60)
    assert re.search(r"^dd 137$", out, re.M) and out.endswith("end\nstatus 0\n"), out


def test_crun_life(shell, bundle):
    """create, start, exec, kill and delete of a container that runs in the background."""
    bundle(oci_config("trap 'echo got TERM; exit 5' TERM; echo up >/dev/shm/up; while :; do sleep 0.1; done"))
    shell.run("crun create box >/tmp/box.out 2>&1")
    state = json.loads(shell.run("crun state box"))
    assert state["status"] == "created" and state["pid"] > 1, state
    shell.run("crun start box")
    out = shell.run("for i in 1 2 3 4 5 6 7 8 9; do crun exec box cat /dev/shm/up 2>/dev/null && break; "
                    "sleep 0.5; done; crun exec box sh -c 'hostname; echo $$; cat /proc/1/comm; exit 9'; echo $?", 60)
    name, pid, comm, status = out.splitlines()[-4:]
    assert "up" in out and name == "inside" and int(pid) > 1 and comm == "sh" and status == "9", out
    assert shell.run(f"readlink /proc/{state['pid']}/ns/pid") != shell.run("readlink /proc/self/ns/pid")
    assert "box" in shell.run(f"cat /proc/{state['pid']}/cgroup")
    out = shell.run("crun delete box; echo $?")
    assert out.endswith("\n1\n"), "a container that runs is not deleted: " + out
    shell.run("crun kill box TERM")
    shell.run("for i in 1 2 3 4 5 6 7 8 9; do crun state box | grep -q stopped && break; sleep 0.5; done", 60)
    assert json.loads(shell.run("crun state box"))["status"] == "stopped"
    assert shell.run("crun delete box; echo $?; cat /tmp/box.out; rm /tmp/box.out") == "0\ngot TERM\n"
    assert shell.run("crun state box 2>/dev/null; echo $?") == "1\n"


def test_crun_pause(shell, bundle):
    """crun pause freezes the container's group, resume thaws it; KILL ends it."""
    bundle(oci_config("while :; do sleep 0.1; done"))
    shell.run("crun create box >/dev/null 2>&1; crun start box; crun pause box")
    assert json.loads(shell.run("crun state box"))["status"] == "paused"
    assert "frozen 1" in shell.run("cat $(find /sys/fs/cgroup -path '*box*' -name cgroup.events | head -n 1)")
    shell.run("crun resume box")
    assert json.loads(shell.run("crun state box"))["status"] == "running"
    shell.run("crun kill box KILL")
    assert shell.run("sleep 0.5; crun delete box; echo $?; ls /sys/fs/cgroup | grep box") == "0\n"


def test_crun_rootless(shell, bundle):
    """A user without rights runs a container in which it is root."""
    config = oci_config("id -u; cat /proc/self/uid_map; hostname; echo $$; mount -t tmpfs none /mnt 2>&1; echo end",
                        namespaces=("user", "pid", "ipc", "uts", "mount"))
    config["linux"]["uidMappings"] = [{"containerID": 0, "hostID": 1000, "size": 1}]
    config["linux"]["gidMappings"] = [{"containerID": 0, "hostID": 1000, "size": 1}]
    config["linux"].pop("resources")
    # Of a sysfs a user may make one more only in a network namespace of its own: the machine's is bound.
    config["mounts"] = [m for m in config["mounts"] if m["type"] not in ("sysfs", "cgroup2")]
    config["linux"]["maskedPaths"] = ["/proc/keys"]
    bundle(config)
    shell.run(f"mkdir -p /tmp/run; chown -R 1000:1000 {BUNDLE} /tmp/run")
    out = shell.run("/bin/setpriv --reuid 1000 --regid 1000 --clear-groups env XDG_RUNTIME_DIR=/tmp/run "
                    "crun --cgroup-manager=disabled run box; echo status $?; rm -rf /tmp/run")
    assert re.search(r"^0\n +0 +1000 +1\ninside\n1\n(mount: .*\n)?end\nstatus 0$", out, re.M), out


# ---- namespaces and credentials -----------------------------------------------------------------

# BusyBox's shell runs applets of its own for the bare names of these.
UNSHARE, NSENTER, SETPRIV = "/bin/unshare", "/bin/nsenter", "/bin/setpriv"
AS_USER = f"{SETPRIV} --reuid 1000 --regid 1000 --clear-groups"


def lines(text):
    return [line.strip() for line in text.splitlines()]


def test_unshare_mount(shell):
    out = shell.run(f"{UNSHARE} -m sh -c 'mount -t tmpfs x /mnt; touch /mnt/f; ls /mnt'; ls /mnt; echo end")
    assert out == "f\nend\n"


def test_unshare_uts(shell):
    assert shell.run(f"{UNSHARE} -u sh -c 'hostname other; hostname'; hostname") == "other\nthimble\n"


def test_unshare_ipc(shell):
    shell.run("id=$(ipcmk -M 4096 | sed 's/.*: //')")
    out = shell.run(f"/bin/ipcs -m | grep -c 4096; {UNSHARE} -i sh -c '/bin/ipcs -m | grep -c 4096; "
                    "ipcmk -Q >/dev/null; /bin/ipcs -q | grep -c 644'; /bin/ipcs -q | grep -c 644; ipcrm -m $id")
    assert lines(out) == ["1", "0", "1", "0"]


def test_unshare_pid(shell):
    out = shell.run(f"{UNSHARE} -p --fork --mount-proc sh -c 'echo $$; sleep 0 & wait; cd /proc; ls -d [1-9]*; "
                    "exit 4'; echo $?")
    assert lines(out)[:2] == ["1", "1"] and lines(out)[-1] == "4" and len(lines(out)) <= 4, out
    out = shell.run(f"{UNSHARE} -p sh -c 'sh -c \"echo \\$\\$\"; sh -c \"echo never\"; :'; echo end")
    assert lines(out)[0] == "1" and "can't fork: Cannot allocate memory" in out and "never" not in out, out


def test_unshare_user(shell):
    out = shell.run(f"{AS_USER} {UNSHARE} --map-root-user sh -c 'id -u; cat /proc/self/uid_map /proc/self/setgroups; "
                    "grep CapEff /proc/self/status; hostname x'; hostname")
    root, uid_map, setgroups, caps, refused, name = lines(out)
    assert root == "0" and uid_map.split() == ["0", "1000", "1"] and setgroups == "deny", out
    assert caps == "CapEff:\t000001ffffffffff" and "Operation not permitted" in refused and name == "thimble", out
    out = shell.run(f"{AS_USER} {UNSHARE} -Umpf --map-root-user --mount-proc sh -c 'echo $$; ls -d /proc/[2-9]*; "
                    "mount -t tmpfs x /tmp && echo ok'")
    assert lines(out)[0] == "1" and lines(out)[-1] == "ok", out
    out = shell.run(f"{UNSHARE} -U --map-user=77 --map-group=78 id")
    assert out.startswith("uid=77 gid=78"), out


def test_unshare_cgroup(shell):
    out = shell.run("mkdir /sys/fs/cgroup/x; sh -c 'echo $$ >/sys/fs/cgroup/x/cgroup.procs; cat /proc/self/cgroup; "
                    f"exec {UNSHARE} -C cat /proc/self/cgroup'; rmdir /sys/fs/cgroup/x; echo $?")
    assert lines(out) == ["0::/x", "0::/", "0"]


def has_namespace(shell, kind):
    return shell.run(f"test -e /proc/self/ns/{kind}; echo $?") == "0\n"


def test_unshare_net(shell):
    if not has_namespace(shell, "net"):
        pytest.skip("no network namespaces")
    out = shell.run(f"{UNSHARE} -n cat /proc/net/dev")
    assert re.findall(r"^ *(\w+):", out, re.M) == ["lo"], out


def test_unshare_time(shell):
    if not has_namespace(shell, "time"):
        pytest.skip("no time namespaces")
    out = shell.run(f"{UNSHARE} -T --boottime 1000000 --monotonic 500000 --fork cat /proc/uptime "
                    "/proc/self/timens_offsets; cat /proc/uptime")
    inside, monotonic, boottime, outside = lines(out)
    assert 1e6 < float(inside.split()[0]) < 1e6 + 9000 and float(outside.split()[0]) < 9000, out
    assert monotonic.split() == ["monotonic", "500000", "0"] and boottime.split() == ["boottime", "1000000", "0"]


def test_nsenter(shell):
    """Into each namespace of another process, and all at once; --kill-child ends them."""
    shell.run(f"{UNSHARE} -muipC --fork --kill-child --mount-proc sh -c 'hostname within; mount -t tmpfs x /mnt; "
              "touch /mnt/here /tmp/ready; sleep 100; :' & p=$!; while ! test -e /tmp/ready; do sleep 0.1; done; "
              "rm /tmp/ready; c=$(echo $(cat /proc/$p/task/$p/children))", 60)
    out = shell.run(f"{NSENTER} -t $c -u hostname; {NSENTER} -t $c -m ls /mnt; "
                    f"{NSENTER} -t $c -m -p sh -c 'cat /proc/1/comm; test $$ -lt 30 && echo small'")
    assert lines(out) == ["within", "here", "sh", "small"], out
    names = "for n in uts ipc mnt pid cgroup; do readlink $n; done"
    out = shell.run(f"{NSENTER} -t $c -a sh -c 'hostname; ls /mnt; cd /proc/self/ns; {names}'")
    assert lines(out)[:2] == ["within", "here"] and len(lines(out)) == 7, out
    assert lines(out)[2:] == lines(shell.run(f"cd /proc/$c/ns; {names}; cd")), out
    out = shell.run("lsns -n -o TYPE -p $c")
    assert {"mnt", "uts", "ipc", "pid", "cgroup", "user"} <= set(out.split()), out
    out = shell.run("kill -KILL $p; wait $p; sleep 0.5; test -d /proc/$c; echo $?")
    assert re.search("^1$", out, re.M), out


def test_nsenter_user_and_files(shell):
    """A user namespace of another process; a namespace that a file keeps."""
    shell.run(f"{AS_USER} {UNSHARE} -r sleep 100 & p=$!; while ! grep -q 1000 /proc/$p/uid_map; do sleep 0.1; done")
    out = shell.run(f"{NSENTER} -t $p -U sh -c 'id -u; cat /proc/self/uid_map'; kill $p; wait $p")
    assert lines(out)[0] == "0" and lines(out)[1].split()[1] == "1000", out
    out = shell.run(f"touch /tmp/ns; {UNSHARE} --uts=/tmp/ns hostname kept; "
                    f"{NSENTER} --uts=/tmp/ns hostname; hostname; "
                    "umount /tmp/ns; rm /tmp/ns; echo $?")
    assert lines(out) == ["kept", "thimble", "0"]


def test_setpriv(shell):
    out = shell.run(f"{SETPRIV} --reuid 1000 --regid 1000 --groups 5,7 --bounding-set=-all,+kill,+chown "
                    f"--inh-caps=-all,+kill --no-new-privs "
                    f"--securebits +noroot,+noroot_locked --pdeathsig TERM {SETPRIV} --dump")
    for line in ("uid: 1000", "euid: 1000", "gid: 1000", "Supplementary groups: 5,7", "no_new_privs: 1",
                 "Inheritable capabilities: kill", "Ambient capabilities: .none.",
                 "Capability bounding set: chown,kill", "Securebits: noroot,noroot_locked",
                 "Parent death signal: TERM"):
        assert re.search(rf"^{line}$", out, re.M), (line, out)
    out = shell.run(f"{SETPRIV} --reuid 1000 --inh-caps=-all,+kill --ambient-caps=-all,+kill cat /proc/self/status")
    assert re.search(r"^CapEff:\t0000000000000020$", out, re.M) and re.search(r"^CapAmb:\t0+20$", out, re.M), out


def test_capsh(shell):
    capsh = "capsh --shell=/bin/sh"
    out = shell.run(f"{capsh} --drop=cap_sys_admin,cap_chown -- -c 'grep Cap /proc/self/status; chown 1 /tmp'")
    assert re.search(r"^CapBnd:\t000001ffffdffffe$", out, re.M) and re.search(r"^CapPrm:\t000001ffffdffffe$", out, re.M)
    assert "Operation not permitted" in out
    out = shell.run(f"{capsh} --keep=1 --uid=1000 --caps=cap_kill=eip --addamb=cap_kill -- -c 'id -u; "
                    "grep CapEff /proc/self/status'")
    assert lines(out) == ["1000", "CapEff:\t0000000000000020"], out
    assert "Mode: NOPRIV" in shell.run(f"{capsh} --mode=NOPRIV --mode")
    assert "secure-no-suid-fixup: yes" in shell.run(f"{capsh} --secbits=0x2f --print")


def test_prlimit(shell):
    assert shell.run("prlimit --nofile=99:100 --core=0 sh -c 'ulimit -Sn; ulimit -Hn; ulimit -c'") == "99\n100\n0\n"
    out = shell.run("sleep 100 & p=$!; prlimit -p $p --stack=65536: --nproc=11:12; "
                    "prlimit -p $p --stack --nproc --noheadings --raw -o RESOURCE,SOFT,HARD; kill $p; wait $p")
    assert "NPROC 11 12" in out and "STACK 65536 unlimited" in out, out


def test_bwrap(shell):
    """A shell in namespaces of its own, for root and for a user without rights."""
    put(shell, "/etc/in-the-box", "hostname; echo $X; id -u; ls /tmp | wc -l; echo $(ls /dev); echo $$; "
        "grep NoNewPrivs /proc/self/status; sed -n 's/:.*//p' /proc/net/dev; touch /etc/x; echo hi >/tmp/x; cat /tmp/x; exit 6\n")
    put(shell, "/tmp/box", "bwrap --ro-bind / / --proc /proc --dev /dev --tmpfs /tmp "
        "--unshare-user --unshare-pid --unshare-ipc --unshare-net "
        "--unshare-uts --unshare-cgroup --hostname boxed --cap-drop ALL --setenv X y --new-session sh /etc/in-the-box; "
        "echo $?\n")
    for prefix, uid in (("", "0"), (AS_USER + " ", "1000")):
        out = shell.run(prefix + "sh /tmp/box")
        name, x, user, files, dev, pid, nnp, interface, refused, written, status = lines(out)
        assert (name, x, user, files, nnp) == ("boxed", "y", uid, "0", "NoNewPrivs:\t1"), out
        assert interface.strip() == "lo", out
        assert {"null", "zero", "full", "random", "tty", "ptmx", "pts", "shm", "fd"} <= set(dev.split()), out
        assert int(pid) in (2, 3) and "Read-only" in refused and (written, status) == ("hi", "6"), out
    shell.run("rm /tmp/box /etc/in-the-box")


def test_tini(shell):
    """Process 1 of a pid namespace: reaps what is left to it, hands on signals and the status."""
    out = shell.run(f"{UNSHARE} -pf --mount-proc tini -- sh -c '(sleep 0.2 &); sleep 0.6; cat /proc/1/comm; "
                    "echo $(cat /proc/1/task/1/children); exit 33'; echo $?")
    comm, children, status = lines(out)
    assert comm == "tini" and children.split() == ["2"] and status == "33", out
    shell.run(f"{UNSHARE} -pf --mount-proc tini -g -- sh -c 'trap \"echo TERM; exit 8\" TERM; touch /tmp/ready; "
              "while :; do sleep 0.1; done' & p=$!; while ! test -e /tmp/ready; do sleep 0.1; done; rm /tmp/ready")
    out = shell.run("kill -TERM $(cat /proc/$p/task/$p/children); wait $p; echo status $?")
    assert "TERM" in out and "status 8" in out, out


# ---- tracers and debuggers (Debian has no ltrace for arm64 and armhf) ---------------------------


def test_strace(shell):
    """A pipeline: every child with its number, its calls, its end; and what -c and -e choose."""
    assert shell.run("strace -f -tt -o /tmp/trace sh -c 'echo abc | cat | (read x; exit 5)'; echo $?", 60) == "5\n"
    out = shell.run("cat /tmp/trace; rm /tmp/trace", 60)
    traced = re.findall(r"^(\d+) +\d\d:\d\d:\d\d\.\d{6} (.*)$", out, re.M)
    assert len(traced) == len(out.splitlines()), out
    first = traced[0][0]
    forked = re.compile(r"(?:clone\w*|vfork|fork)(?:\(.*| resumed.*)\) = (\d+)$")
    children = {n for _, what in traced for n in forked.findall(what)}
    ended = {pid: what for pid, what in traced if what.startswith("+++ exited with")}
    assert len(children) == 3 and set(ended) == children | {first}, out
    assert ended[first] == "+++ exited with 5 +++" and "execve(" in traced[0][1], out
    assert sum("SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, " in what for _, what in traced) >= 1, out
    for call in (r'write\(1, "abc\\n", 4(\) += 4| <unf)', r"pipe2\(\[\d+, \d+\], |pipe\(\[",
                 r"exit_group\(5(\) += \?| <unf)", r"wait4\(-1, "):
        assert re.search(call, out), (call, out)
    out = shell.run("strace -c -f -e trace=getppid,write sh -c 'echo x >/dev/null' 2>&1 | cat")
    assert re.search(r" 1 +(0 +)?write$", out, re.M), out
    out = shell.run("strace -e inject=getcwd:error=EIO:when=1 -e trace=getcwd pwd -P 2>&1")
    assert "(INJECTED)" in out, out
    out = shell.run("sleep 100 & p=$!; (sleep 1; kill $p) & strace -p $p 2>&1; wait")
    assert "SIGTERM {si_signo=SIGTERM, si_code=SI_USER" in out and "+++ killed by SIGTERM +++" in out, out


GDB = "gdb -nx -batch -ex 'set width 0' -ex 'set debuginfod enabled off'"


def test_gdb_child(shell):
    """Follow a fork, break in the child, a backtrace, a watchpoint, single steps, registers."""
    out = shell.run(f"{GDB} -ex 'set follow-fork-mode child' -ex 'break child_work' -ex run -ex backtrace "
                    "-ex 'watch counter' -ex continue -ex 'print counter' -ex continue -ex 'print counter' "
                    "-ex finish -ex 'x/i $pc' -ex stepi -ex 'info inferiors' -ex 'delete' -ex continue "
                    "/bin/debuggee 2>&1", 120)
    for line in (r"#0  child_work \(first=12\) at .*debuggee\.c:\d+", r"#1  0x[0-9a-f]+ in main \(argc=1, .*",
                 "Old value = 0", "New value = 12", r"\$1 = 12", "Old value = 12", "New value = 42", r"\$2 = 42",
                 r"=> 0x[0-9a-f]+ <.*", r".*exited with code 052\]"):
        assert re.search(rf"^{line}$", out, re.M), (line, out)


def test_gdb_core(shell):
    shell.run("cd /tmp; ulimit -c unlimited; echo /tmp/core >/proc/sys/kernel/core_pattern; debuggee crash")
    out = shell.run(f"{GDB} -ex backtrace -ex 'print counter' -ex 'info registers pc' -ex 'print $_siginfo.si_signo' "
                    "/bin/debuggee /tmp/core 2>&1; rm core; cd; ulimit -c 0; "
                    "echo core >/proc/sys/kernel/core_pattern", 120)
    for line in ("Program terminated with signal SIGSEGV, Segmentation fault\\.", r"#0 .* crash \(p=0x10\) at .*",
                 r"#1 .* main \(argc=2, .*", r"\$1 = 17", r"pc .* <crash\+\d+>", r"\$2 = 11"):
        assert re.search(rf"^{line}$", out, re.M), (line, out)


def test_gdbserver(shell):
    out = shell.run(f"{GDB} -ex 'set sysroot /' -ex 'target remote | gdbserver - /bin/debuggee' -ex 'break add' "
                    "-ex 'set follow-fork-mode child' -ex continue -ex backtrace -ex kill /bin/debuggee 2>&1", 120)
    assert re.search(r"^#0  add \(n=12\) at .*\n#1 .* child_work \(first=12\) .*\n#2 .* main ", out, re.M), out


def test_gdb_attach(shell):
    out = shell.run(f"sleep 100 & p=$!; {GDB} -p $p -ex 'info inferiors' -ex detach 2>&1; "
                    "kill $p; wait $p; echo $?", 120)
    assert re.search(r"^\* 1 +process \d+ ", out, re.M) and "detached" in out and re.search("^143$", out, re.M), out


def test_setarch(shell, config):
    out = shell.run("for i in 1 2 3; do setarch -R sh -c 'grep stack /proc/self/maps'; done | sort -u | wc -l; "
                    "setarch -R cat /proc/self/personality; for i in 1 2 3 4 5 6; do grep stack /proc/self/maps; "
                    "done | sort -u | wc -l")
    fixed, personality, free = lines(out)
    # On arm ADDR_LIMIT_32BIT comes with all that is executed.
    expected = {"arm64": 0x40000, "arm": 0x840000}[config.arch]
    assert fixed == "1" and int(personality, 16) == expected and int(free) > 1, out
    machine = {"arm64": ("aarch64", "armv8l"), "arm": ("armv7l", "armv7l")}[config.arch]
    assert lines(shell.run("uname -m; setarch linux32 uname -m; uname -m")) == [machine[0], machine[1], machine[0]]


def test_two_classes(shell, config):
    """A 32-bit and a 64-bit program talk over pipes, both ways."""
    if config.arch != "arm64":
        pytest.skip("this kernel has one class of programs")
    out = shell.run("seq 1 20000 | busybox-arm tac | busybox sort -n | busybox-arm md5sum; seq 1 20000 | md5sum", 60)
    assert len(set(lines(out))) == 1 and len(lines(out)) == 2, out
    out = shell.run("mkfifo /tmp/to /tmp/from; busybox-arm sh -c 'while read x; do echo $((x*x)); done' "
                    "</tmp/to >/tmp/from & "
                    "exec 8>/tmp/to 9</tmp/from; for i in 3 5 7; do echo $i >&8; read y <&9; echo $y; done; "
                    "exec 8>&- 9<&-; wait; rm /tmp/to /tmp/from")
    assert [line for line in lines(out) if line.isdigit()] == ["9", "25", "49"], out
