# Runs a program behind what a systemd unit forbids, without systemd: the system calls of SystemCallFilter, the sockets of
# RestrictAddressFamilies and the namespaces of RestrictNamespaces by seccomp (libseccomp), a file system of which nothing but one folder can be written, no
# capability, and processes of its own (bubblewrap).
#
#   unit-filter.py UNIT STATE ROOT [--deny-write-execute] -- COMMAND ...
#
# UNIT is the unit's file, STATE the folder that may be written, ROOT one that stays visible below /tmp or a home.
import os
import subprocess
import sys

import seccomp


# CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET.
new_namespaces = 0x7E020000


def settings(unit):
    """The values of each setting, in their order."""
    found = {}
    with open(unit, encoding="utf-8") as lines:
        for line in lines:
            if "=" in line and not line.startswith("#"):
                name, value = line.strip().split("=", 1)
                found.setdefault(name, []).append(value)
    return found


def calls_of(names):
    """System calls of names and of groups, whatever they lie in, as systemd itself lists them."""
    calls = set()
    for name in names:
        if not name.startswith("@"):
            calls.add(name)
            continue
        listed = subprocess.run(
            ["systemd-analyze", "syscall-filter", "--no-pager", name], check=True, capture_output=True, text=True
        ).stdout
        members = [line.strip() for line in listed.splitlines()[1:]]
        calls |= calls_of([each for each in members if each and not each.startswith("#")])
    return calls


def allowed(values):
    calls = set()
    for value in values:
        if value.startswith("~"):
            calls -= calls_of(value[1:].split())
        else:
            calls |= calls_of(value.split())
    return calls


def filter_of(found, deny_write_execute):
    rules = seccomp.SyscallFilter(seccomp.ERRNO(1))
    # What starts the program is the same process, before it.
    calls = allowed(found["SystemCallFilter"]) | {"execve"}
    judged = {"socket"}
    if found["RestrictNamespaces"][0] == "yes":
        # The flags of clone3 lie where no filter can look: it is said not to be there, and clone is used.
        judged |= {"unshare", "setns", "clone", "clone3"}
        rules.add_rule(seccomp.ALLOW, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, new_namespaces, 0))
        rules.add_rule(seccomp.ERRNO(38), "clone3")
    if deny_write_execute:
        judged |= {"mmap", "mprotect"}
    for call in sorted(calls - judged):
        try:
            rules.add_rule(seccomp.ALLOW, call)
        except (RuntimeError, OSError, ValueError):
            # A call of another processor, or one that this library does not know.
            continue
    for family in found["RestrictAddressFamilies"][0].split():
        number = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}[family]
        rules.add_rule(seccomp.ALLOW, "socket", seccomp.Arg(0, seccomp.EQ, number))
    if deny_write_execute:
        # As MemoryDenyWriteExecute=yes: nothing that can be written is executed, nor made executable.
        rules.add_rule(seccomp.ALLOW, "mmap", seccomp.Arg(2, seccomp.MASKED_EQ, 4, 0))
        rules.add_rule(seccomp.ALLOW, "mmap", seccomp.Arg(2, seccomp.MASKED_EQ, 6, 4))
        rules.add_rule(seccomp.ALLOW, "mprotect", seccomp.Arg(2, seccomp.MASKED_EQ, 4, 0))
    return rules


def main():
    split = sys.argv.index("--")
    unit, state, root, *options = sys.argv[1:split]
    command = sys.argv[split + 1 :]
    rules = filter_of(settings(unit), "--deny-write-execute" in options)
    program = os.memfd_create("filter", 0)
    with os.fdopen(os.dup(program), "wb") as file:
        rules.export_bpf(file)
    os.lseek(program, 0, os.SEEK_SET)
    os.execvp(
        "bwrap",
        ["bwrap", "--die-with-parent", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--cap-drop", "ALL"]
        + ["--uid", "64321", "--gid", "64321", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
        + ["--tmpfs", "/tmp", "--tmpfs", "/home", "--ro-bind", root, root, "--bind", state, state]
        + ["--chdir", "/", "--seccomp", str(program), "--"]
        + command,
    )


main()
