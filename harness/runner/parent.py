"""A process that has imported torch, and forks and watches one snippet at a time.

`python -m harness.runner.parent GROUP LANE`: the path of a job's file on each line of
standard input, and an empty line on standard output when its result is written. It
has one thread, so that forking is safe, and it adopts the orphans of its snippet.
"""

import os
import signal
import sys
from pathlib import Path

from harness.runner import child, guards, huge_pages, processes
from harness.runner.job import load_job
from harness.runner.preload import preload
from harness.runner.supervisor import supervise


def serve(group: str, lane: str) -> None:
    """Run jobs until standard input ends, or the process that gives them does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end_all)
    processes.die_with_parent(signal.SIGTERM)
    processes.adopt_orphans()
    cut = guards.cut_network()
    answers = os.dup(1)
    os.dup2(2, 1)  # what an import prints is no answer
    preload(group, train=lane != "gpu")
    child.hide_harness()
    if group != "none" and processes.LINUX:
        huge_pages.collapse()
    for line in sys.stdin:
        supervise(load_job(Path(line.rstrip("\n"))), cut)
        os.write(answers, b"\n")


def _end_all(*_) -> None:
    processes.kill_below(os.getpid())
    os._exit(1)


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
