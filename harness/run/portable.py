"""Watches a program in a fresh interpreter where Linux's means are missing.

Weaker than `harness.run.supervisor`: no network namespace, no memory limit, and
orphans that left the process tree are not found. It walks the tree instead.
"""

import subprocess
import sys

from harness.judge.result import Result
from harness.run import processes
from harness.run.job import Job
from harness.run.supervisor import collect, start, told

WINDOWS = sys.platform == "win32"

_running: set[subprocess.Popen] = set()


def supervise(job: Job, env: dict[str, str]) -> Result:
    """Run a job in a fresh interpreter and return how it ended."""
    process = start(job, env, start_new_session=not WINDOWS)
    _running.add(process)
    try:
        ended = told(process.wait(job.limit))
    except subprocess.TimeoutExpired:
        ended = "limit"
    finally:
        _kill(process)
        _running.discard(process)
    return collect(job, ended, left=[], cut=False)


def _kill(process: subprocess.Popen) -> None:
    """End a process and everything below it."""
    if WINDOWS:
        tree = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(tree, capture_output=True)
    else:
        processes.kill_below(process.pid)
        process.kill()
    process.wait()


def end_all() -> None:
    """End every program that is still running."""
    for process in list(_running):
        _kill(process)
