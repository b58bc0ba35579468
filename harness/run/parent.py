"""Processes that have imported torch; each forks and watches one snippet at a time.

`python -m harness.run.parent LANE FOLDER GROUP,JOBS,ANSWERS ...` imports torch once and
forks one such process for each group, which imports the rest of its group. It reads
the paths of jobs' files, a line each, from the pipe JOBS, and writes an empty line to
the pipe ANSWERS when it is ready, and when a job's result is there. It has one thread,
so that forking is safe, and it adopts the orphans of its snippet. When the process
that started it is gone, so are all programs, and FOLDER, which held them.
"""

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Iterable
from pathlib import Path

from harness.run import child, guards, huge_pages, processes
from harness.run.job import load_job
from harness.run.preload import GROUPS, preload
from harness.run.supervisor import supervise

COMMON = "torch"  # the group that all go on from but those that import nothing


def fork_all(lane: str, folder: str, wanted: list[tuple[str, int, int]]) -> None:
    """Fork a process for each (group, jobs, answers), and wait until all have ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: _end_all(folder))
    processes.die_with_parent(signal.SIGTERM)
    processes.adopt_orphans()
    os.dup2(2, 1)  # what an import prints is no answer
    train = lane != "gpu"
    wanted = sorted(wanted, key=lambda one: bool(GROUPS[one[0]]))
    prepared = False
    for place, (group, *pipes) in enumerate(wanted, start=1):
        if GROUPS[group] and not prepared:
            _prepare(COMMON, train)
            prepared = True
        if os.fork() == 0:
            _close(pipe for _, *later in wanted[place:] for pipe in later)
            _serve(group, *pipes, train)
        _close(pipes)
    while processes.wait():
        pass


def _prepare(group: str, train: bool) -> None:
    preload(group, train)
    if processes.LINUX:
        huge_pages.collapse()


def _close(pipes: Iterable[int]) -> None:
    for pipe in pipes:
        os.close(pipe)


def _serve(group: str, jobs: int, answers: int, train: bool) -> None:
    """Run jobs until there are no more, or the process above ends; never returns."""
    try:
        processes.die_with_parent(signal.SIGTERM)
        processes.adopt_orphans()
        cut = guards.cut_network()
        os.dup2(jobs, 0)
        os.close(jobs)
        if GROUPS[group] and group != COMMON:
            _prepare(group, train)
        child.hide_harness()
        os.write(answers, b"\n")
        for line in sys.stdin:
            supervise(load_job(Path(line.rstrip("\n"))), cut)
            os.write(answers, b"\n")
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def _end_all(folder: str) -> None:
    processes.kill_below(os.getpid())
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    lane, folder, *asked = sys.argv[1:]
    groups = [argument.split(",") for argument in asked]
    fork_all(lane, folder, [(group, int(j), int(a)) for group, j, a in groups])
