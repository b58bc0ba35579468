"""Parents of programs, forked from a process that has imported torch already.

`harness run` starts them anew each time. Tests that are not about this start share two
servers: one that has imported torch, and one that has not.
"""

import atexit
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

from harness.run import figure_fonts, parent, pool
from harness.run.preload import GROUPS, preload


class Started:
    """The processes of one run, used like a `subprocess.Popen`."""

    def __init__(self, command: list[str], pass_fds: list[int], env: dict, **_):
        lane, folder, *orders = command[command.index("harness.run.parent") + 1 :]
        asked = {}
        for (group, _, own), fd in zip(map(_split, orders), pass_fds, strict=True):
            asked.setdefault(bool(GROUPS[group]), []).append((group, own, fd))
        self._processes = [
            _ask(_server(torch), groups, lane=lane, folder=folder, env=env)
            for torch, groups in asked.items()
        ]

    def terminate(self) -> None:
        for process in self._processes:
            with suppress(ProcessLookupError):  # it has ended
                signal.pidfd_send_signal(process, signal.SIGTERM)

    def wait(self) -> None:
        for process in self._processes:
            select.select([process], [], [])
            os.close(process)


def share(patch) -> None:
    """Have runs take such parents, until the patch is undone."""
    patch.setattr(pool, "subprocess", SimpleNamespace(Popen=Started, DEVNULL=None))


def servers() -> list[socket.socket]:
    """What another process has to `adopt`."""
    return [_server(False), _server(True)]


def adopt(given: list[socket.socket]) -> None:
    """Have all runs of this process take such parents, from servers of another one."""
    global _server
    _server = given.__getitem__
    pool.subprocess = SimpleNamespace(Popen=Started, DEVNULL=None)


def _split(order: str) -> list[str]:
    return order.split(",")


def _ask(server: socket.socket, groups: list[tuple], **how) -> int:
    """A descriptor of the process that is forked for some groups."""
    order = how | {"groups": [one[:2] for one in groups]}
    fds = [1, 2, *(fd for _, _, fd in groups)]
    socket.send_fds(server, [json.dumps(order).encode()], fds)
    _, (process,), *_ = socket.recv_fds(server, 1, 1)
    return process


@functools.cache
def _server(torch: bool) -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with tempfile.TemporaryDirectory() as cache:
        env = pool.environment("cpu", 0, Path(cache))
        figure_fonts.write(Path(env["MPLCONFIGDIR"]))
        process = subprocess.Popen(
            [sys.executable, "-P", __file__, str(theirs.fileno()), "torch" * torch],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            env=env,
        )
        theirs.close()
        ours.recv(1)  # it has read what it needs
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


def _serve(orders: socket.socket, torch: bool) -> None:
    """Fork for each order what `python -m harness.run.parent` is."""
    if torch:
        preload("torch", train=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who has ended is gone
    orders.send(b"1")
    while True:
        text, fds, *_ = socket.recv_fds(orders, 1 << 20, 64)
        if not text:
            return
        pid = os.fork()
        if pid == 0:
            orders.close()
            _become(fds, **json.loads(text))
        process = os.pidfd_open(pid)
        socket.send_fds(orders, [b"1"], [process])
        for fd in (process, *fds):
            os.close(fd)


def _become(fds: list[int], lane: str, folder: str, env: dict, groups: list) -> None:
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        for number, fd in enumerate(fds[:2], start=1):
            os.dup2(fd, number)
            os.close(fd)
        os.environ.clear()
        os.environ.update(env)
        if "SYSTEM" in env:
            from tests import elsewhere

            elsewhere.become(env["SYSTEM"])
        given = zip(groups, fds[2:], strict=True)
        orders = [(group, fd, own) for (group, own), fd in given]
        parent.fork_all(lane, Path(folder), orders)
    finally:
        os._exit(0)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])), bool(sys.argv[2]))
