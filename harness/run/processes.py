"""Finding and ending every process that a snippet started."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LINUX = sys.platform.startswith("linux")


def adopt_orphans() -> None:
    """Become the parent of every orphan below (Linux): none can slip away.

    torchrun's workers open a session of their own, so a process group is not enough.
    """
    if LINUX:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent(how: int) -> None:
    """Have the kernel send this process a signal when its parent ends (Linux)."""
    if LINUX:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, how, 0, 0, 0)


def descendants(root: int) -> list[int]:
    """Every living process below `root`, zombies left out."""
    children: dict[int, list[int]] = {}
    for pid, parent in _table():
        children.setdefault(parent, []).append(pid)
    found, queue = [], [root]
    while queue:
        below = children.get(queue.pop(), [])
        found += below
        queue += below
    return found


def _table() -> list[tuple[int, int]]:
    """(process, parent) of every living process."""
    if not LINUX:
        rows = subprocess.run(
            ["ps", "-Aww", "-o", "pid=,ppid=,stat="], capture_output=True, text=True
        ).stdout.split("\n")
        cells = [row.split() for row in rows if row.strip()]
        return [(int(c[0]), int(c[1])) for c in cells if not c[2].startswith("Z")]
    table = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path(f"/proc/{entry}/stat").read_text()
            except OSError:
                continue  # it ended meanwhile
            state, parent = stat.rpartition(")")[2].split()[:2]
            if state not in "ZX":
                table.append((int(entry), int(parent)))
    return table


def command(pid: int) -> str:
    """The command line of a process, for people."""
    try:
        raw = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return f"process {pid}"
    return raw.replace(b"\0", b" ").decode(errors="replace").strip()[:120]


def resident(pids: list[int]) -> int:
    """Resident memory in bytes of some processes together (Linux, else 0)."""
    total = 0
    for pid in pids:
        try:
            total += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        except OSError:
            continue
    return total * os.sysconf("SC_PAGE_SIZE") if total else 0


def reap() -> bool:
    """Collect every child that has ended, without waiting; whether any is left.

    For a process that adopts orphans, no child means no descendant either, which is
    much cheaper to ask than to read the table of processes.
    """
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def wait() -> bool:
    """Wait until a child ends; whether there was one."""
    try:
        os.wait()
    except ChildProcessError:
        return False
    return True


def kill_below(root: int) -> None:
    """Kill every process below `root`, until none is left."""
    while below := descendants(root):
        for pid in below:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        reap()
        time.sleep(0.002)
