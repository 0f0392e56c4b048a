# SPDX-License-Identifier: GPL-2.0-only
"""gdb commands for a Thimble kernel under QEMU's gdb stub.

th-tasks                  all processes and threads: pid, state, CPU, name
th-stack PID              the kernel stack of a sleeping task
th-pagetable PID ADDRESS  what a user address of a process maps to
"""
import gdb

STATES = ((0x08, "t"), (0x04, "T"), (0x02, "D"), (0x01, "S"))


def container_of(node, typename, member):
    """The structure of @typename whose @member lies at the address @node."""
    pointer = gdb.lookup_type(typename).pointer()
    offset = int(gdb.parse_and_eval(f"(unsigned long)&((({typename} *)0)->{member})"))
    return gdb.Value(int(node) - offset).cast(pointer)


def list_entries(head, typename, member):
    node = head["next"]
    while int(node) != int(head.address):
        yield container_of(node, typename, member)
        node = node["next"]


def all_tasks():
    init = gdb.parse_and_eval("init_task")
    yield gdb.parse_and_eval("&init_task")
    for leader in list_entries(init["tasks"], "struct task_struct", "tasks"):
        yield from list_entries(leader["signal"]["thread_head"], "struct task_struct", "thread_node")


def find_task(pid):
    for task in all_tasks():
        if int(task["pid"]) == pid:
            return task
    raise gdb.GdbError(f"no task has pid {pid}: see th-tasks")


def state_letter(task):
    if int(task["exit_state"]):
        return "Z"
    state = int(task["__state"])
    return next((letter for bit, letter in STATES if state & bit), "R")


class Tasks(gdb.Command):
    """th-tasks: list all processes and threads."""

    def __init__(self):
        super().__init__("th-tasks", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        print(f"{'task':18} {'pid':>6} {'tgid':>6} S CPU name")
        for task in all_tasks():
            print(f"{int(task):#018x} {int(task['pid']):6} {int(task['tgid']):6} {state_letter(task)} "
                  f"{int(task['cpu']):3} {task['comm'].string()}{' *' if int(task['on_cpu']) else ''}")


class Stack(gdb.Command):
    """th-stack PID: the calls on a sleeping task's kernel stack."""

    def __init__(self):
        super().__init__("th-stack", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        task = find_task(int(argument, 0))
        if int(task["on_cpu"]):
            raise gdb.GdbError("that task runs right now: use gdb's own thread and bt commands")
        context = task["thread"]["cpu_context"]
        word = gdb.lookup_type("unsigned long")
        low = int(task["stack"])
        frame, pc = int(context["fp"]), int(context["pc"])
        while pc:
            print(f"{pc:#x} {gdb.execute(f'info symbol {pc:#x}', to_string=True).strip()}")
            if not low <= frame < low + 16384 - 2 * word.sizeof:
                break
            pair = gdb.Value(frame).cast(word.pointer())
            # arm64: (fp, lr) at fp; arm (APCS): fp points at the saved pc, lr and fp lie below.
            if word.sizeof == 8:
                frame, pc = int(pair[0]), int(pair[1])
            else:
                pc, frame = int(pair[-1]), int(pair[-3])


class PageTable(gdb.Command):
    """th-pagetable PID ADDRESS: ask the kernel's own walk what an address maps to (needs a stopped CPU)."""

    def __init__(self):
        super().__init__("th-pagetable", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        pid, address = (int(a, 0) for a in gdb.string_to_argv(argument))
        task = find_task(pid)
        if not int(task["mm"]):
            raise gdb.GdbError("a kernel thread has no address space of its own")
        gdb.execute("set $th_info = (struct pte_info *)(&init_stack[64])")
        present = gdb.parse_and_eval(f"(int)pgtable_query(&((struct task_struct *){int(task)})->mm->pgt, "
                                     f"{address:#x}, $th_info)")
        if not int(present):
            print(f"{address:#x}: nothing is mapped")
            return
        print(gdb.parse_and_eval("*$th_info").format_string(symbols=False))


Tasks()
Stack()
PageTable()
