"""Finding and ending every process that a program started."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
LINUX = sys.platform.startswith("linux")


def adopt_orphans() -> None:
    """Become the parent of every orphan below (Linux): torchrun's, too, in sessions."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent(how: int) -> None:
    """Have the kernel send this process a signal when its parent ends (Linux)."""
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
        ask = ["ps", "-Ao", "pid=,ppid=,stat="]
        said = subprocess.run(ask, capture_output=True, text=True).stdout
        rows = [line.split() for line in said.splitlines()]
        return [(int(row[0]), int(row[1])) for row in rows if row[2][0] != "Z"]
    table = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):  # it ended meanwhile
            stat = Path(f"/proc/{entry}/stat").read_text()
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
    """Resident memory in bytes of some processes together (Linux)."""
    pages = 0
    for pid in pids:
        with suppress(OSError):  # it ended meanwhile
            pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def reap() -> bool:
    """Collect every child that has ended, without waiting; whether any is left.

    If not, a process that adopts orphans has no descendant either.
    """
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return False
    return True


def kill_below(root: int) -> None:
    """Kill every process below `root`, until none is left."""
    while below := descendants(root):
        for pid in below:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.002)
