"""Watches one snippet: starts it, kills it at a limit, finds what it left behind."""

import atexit
import json
import os
import re
import signal
import sys
import time
import weakref
from pathlib import Path

from harness.core.tree import HERE
from harness.run import child, processes
from harness.run.job import Job, Raised, Result, Warned

GRACE = 1.0  # seconds for helper processes to notice that their snippet ended
PAUSE, MEMORY_PAUSE = 0.003, 0.2  # seconds between looks


def supervise(job: Job, cut: bool) -> None:
    """Run a job to its end, kill the rest of it, and write `result.json`.

    The caller must have adopted orphans (`processes.adopt_orphans`) and run nothing
    else meanwhile: every process below it counts as the snippet's. `cut` says whether
    it is in a network of its own.
    """
    pid = os.fork()
    if pid == 0:
        _become_snippet(job)
    ended = _watch(pid, job)
    if ended in ("limit", "memory"):
        processes.kill_below(os.getpid())
    left = _wait_for_rest()
    collect(job, ended, left, cut).save(Path(job.folder))


def _become_snippet(job: Job) -> None:
    """Turn this fork into the snippet's process; never returns."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    processes.die_with_parent(signal.SIGKILL)
    try:
        if job.command or job.fresh:
            _execute_fresh(job)
        # What is registered belongs to the process that forked this one.
        atexit._clear()
        weakref.finalize._registry.clear()
        weakref.finalize._registered_with_atexit = False
        child.run(job)
        os._exit(0)
    except BaseException:
        import traceback

        with open(Path(job.folder) / "stderr", "a", encoding="utf-8") as file:
            traceback.print_exc(file=file)
    finally:
        os._exit(70)


def _execute_fresh(job: Job) -> None:
    folder = Path(job.folder)
    env = os.environ | job.env
    if not job.command:
        os.execve(
            sys.executable,
            [
                sys.executable,
                "-P",
                "-m",
                child.__name__,
                str(folder / "job.json"),
            ],
            env | {"PYTHONPATH": str(HERE.root)},
        )
    for stream, fd in (("stdout", 1), ("stderr", 2)):
        os.dup2(os.open(folder / stream, os.O_WRONLY | os.O_CREAT | os.O_APPEND), fd)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.chdir(job.work)
    env |= {
        "TMPDIR": str(folder / "tmp"),
        "HOME": str(folder / "home"),
        "GLOO_SOCKET_IFNAME": "lo",
    }
    launcher, *arguments = job.command
    module = ["-m", "torch.distributed.run"] if launcher == "torchrun" else []
    os.execve(sys.executable, [sys.executable, *module, *arguments, job.path], env)


def _watch(pid: int, job: Job) -> str:
    """Wait for a process, or end it at a limit; say which."""
    deadline = time.monotonic() + job.limit
    look = time.monotonic() + MEMORY_PAUSE
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            code = os.waitstatus_to_exitcode(status)
            return f"signal {-code}" if code < 0 else f"exit {code}"
        now = time.monotonic()
        if now > deadline:
            os.kill(pid, signal.SIGUSR1)  # it writes where it hangs
            time.sleep(0.1)
            return "limit"
        if now > look:
            look = now + MEMORY_PAUSE
            if processes.resident(processes.descendants(os.getpid())) > job.memory:
                return "memory"
        time.sleep(PAUSE)


def _wait_for_rest() -> list[str]:
    """The processes that are still there some time after their snippet ended."""
    deadline = time.monotonic() + GRACE
    while processes.reap():
        if time.monotonic() > deadline:
            names = [processes.command(p) for p in processes.descendants(os.getpid())]
            processes.kill_below(os.getpid())
            return names
        time.sleep(PAUSE)
    return []


def collect(job: Job, ended: str, left: list[str], cut: bool) -> Result:
    """Put together what a job's folder says of how its snippet ended."""
    folder = Path(job.folder)
    seen = {}
    if ended == "exit 0":
        ended = "finished"
    if not job.command:
        try:
            seen = json.loads((folder / "child.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            if ended == "finished":
                ended = "exit 0"  # os._exit: it left before its own end
    notes = [json.loads(line) for line in _text(folder / "notes.jsonl").splitlines()]
    figures = seen.get("figures", [])
    drawn = job.work / f"{Path(job.path).stem}.svg"
    return Result(
        ended=ended,
        line=seen.get("line", 0) or _hanging_line(job),
        stdout=_text(folder / "stdout"),
        stderr=_text(folder / "stderr"),
        raised=Raised(**seen["raised"]) if seen.get("raised") else None,
        exits=seen.get("exits", False),
        warned=tuple(Warned(**value) for kind, value in notes if kind == "warned"),
        complaints=tuple(dict.fromkeys(v for kind, v in notes if kind == "complaint")),
        files=tuple(_left(job, drawn)),
        processes=tuple(left),
        figure=figures[0] if len(figures) == 1 else None,
        svg=_text(drawn) or None,
        seconds=round(seen.get("seconds", 0.0), 3),
        device=seen.get("device", "cpu"),
        cut=cut,
    )


def _left(job: Job, drawn: Path) -> list[str]:
    """The files and empty folders; a launcher leaves folders of its own."""
    folder, found = Path(job.folder), []
    for scratch in child.SCRATCH:
        for path in sorted((folder / scratch).rglob("*")):
            passed = path.is_dir() and (job.command or any(path.iterdir()))
            if path != drawn and not passed:
                found.append(path.relative_to(folder).as_posix())
    return found


def _text(file: Path) -> str:
    try:
        text = file.read_bytes().decode(errors="backslashreplace")
    except FileNotFoundError:
        return ""
    return text.replace(os.linesep, "\n")  # but a carriage return stays one


def _hanging_line(job: Job) -> int:
    where = re.search(
        rf'File "{re.escape(job.path)}", line (\d+)', _text(Path(job.folder) / "hangs")
    )
    return int(where.group(1)) if where else 0
