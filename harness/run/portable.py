"""Watches a snippet in a fresh interpreter where Linux's means are missing.

Weaker than `harness.run.supervisor`: no network namespace, no memory limit, and
orphans that left the process tree are not found. It walks the tree instead.
"""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

from harness.run import processes
from harness.run.job import Job, Result, load_job
from harness.run.supervisor import collect

WINDOWS = sys.platform == "win32"

_running: set[subprocess.Popen] = set()
_lock = threading.Lock()


def supervise(job: Job, env: dict[str, str]) -> Result:
    """Run a job in a fresh interpreter and return how it ended."""
    folder = Path(job.folder)
    file = job.save()
    command = [sys.executable, "-P", "-m", "harness.run.child", str(file)]
    out = err = subprocess.DEVNULL
    if job.command:
        launcher, *arguments = job.command
        module = ["-m", "torch.distributed.run"] if launcher == "torchrun" else []
        command = [sys.executable, *module, *arguments, job.path]
        out, err = open(folder / "stdout", "wb"), open(folder / "stderr", "wb")
    process = subprocess.Popen(
        command,
        cwd=job.work if job.command else None,
        env=env | job.env,
        stdin=subprocess.DEVNULL,
        stdout=out,
        stderr=err,
        start_new_session=not WINDOWS,
    )
    with _lock:
        _running.add(process)
    try:
        process.wait(job.limit)
        code = process.returncode
        ended = f"signal {-code}" if code < 0 else f"exit {code}"
    except subprocess.TimeoutExpired:
        ended = "limit"
    finally:
        left = (
            []
            if WINDOWS
            else [processes.command(pid) for pid in processes.descendants(process.pid)]
        )
        _kill(process)
        with _lock:
            _running.discard(process)
        for stream in (out, err):
            if stream is not subprocess.DEVNULL:
                stream.close()
    return collect(load_job(file), ended, left, cut=False)


def _kill(process: subprocess.Popen) -> None:
    """End a process and everything below it."""
    if WINDOWS:
        subprocess.run(
            ["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True
        )
    else:
        processes.kill_below(process.pid)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
    process.wait()


def end_all() -> None:
    """End every snippet that is still running."""
    with _lock:
        rest = list(_running)
    for process in rest:
        _kill(process)
