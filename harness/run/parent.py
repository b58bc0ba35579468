"""Processes that have imported torch; each forks and watches one program at a time.

`python -m harness.run.parent LANE FOLDER GROUP,SOCKET,OWN ...` imports torch once and
forks one such process for each group. By its socket it says whether it is in a network
of its own, and then answers each job. It has one thread, so that forking is safe. When
the process that started it is gone, so are all programs, and FOLDER, which held them:
those of a group in the folder OWN.
"""

import os
import select
import shutil
import signal
import sys
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from harness.run import child, guards, processes
from harness.run.job import Job
from harness.run.preload import GROUPS, preload
from harness.run.supervisor import supervise


def fork_all(lane: str, folder: Path, groups: list[tuple[str, int, str]]) -> None:
    """Fork a process for each (group, socket, own), and wait until all have ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: _end_all(folder))
    processes.die_with_parent(signal.SIGTERM)
    if select.select([socket for _, socket, _ in groups], [], [], 0)[0]:
        _end_all(folder)  # nothing is asked yet: it was gone before
    processes.adopt_orphans()
    os.dup2(2, 1)  # what an import prints belongs to no program
    sys.dont_write_bytecode = False  # what is imported here is compiled once for all
    train = lane != "gpu"
    groups = sorted(groups, key=lambda one: bool(GROUPS[one[0]]))
    for place, (group, socket, own) in enumerate(groups, start=1):
        if GROUPS[group]:
            preload("torch", train)  # once: the other groups go on from it
        if os.fork() == 0:
            for _, other, _ in groups[place:]:
                os.close(other)
            _serve(group, socket, folder, folder / own, train)
        os.close(socket)
    with suppress(ChildProcessError):
        while True:
            os.wait()


def _serve(group: str, socket: int, scratch: Path, own: Path, train: bool) -> None:
    """Run jobs until there are no more, or the process above ends; never returns."""
    try:
        processes.die_with_parent(signal.SIGTERM)
        processes.adopt_orphans()
        cut = guards.cut_network()
        apart = train and guards.own_memory(scratch, own)  # not tried with CUDA
        # A program has another standard input, so that it cannot answer itself.
        os.dup2(socket, 0)
        os.close(socket)
        preload(group, train)
        sys.dont_write_bytecode = True  # programs leave nothing
        child.hide_harness()
        pool = Connection(0)
        pool.send((cut, os.getpid()))
        while True:
            ended, left = supervise(Job(**pool.recv()))
            pool.send((ended, left, guards.take_shared(scratch) if apart else []))
    except EOFError:
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def _end_all(folder: Path) -> None:
    processes.kill_below(os.getpid())
    processes.reap()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    lane, folder, *asked = sys.argv[1:]
    groups = [argument.split(",") for argument in asked]
    fork_all(lane, Path(folder), [(group, int(fd), own) for group, fd, own in groups])
