"""Watches one program: starts it, kills it at a limit, finds what it left behind.

`supervise` does so on Linux. `supervise_portably` is weaker: no network namespace, no
memory limit, and orphans that left the process tree are not found.
"""

import atexit
import json
import os
import pickle
import re
import signal
import subprocess
import sys
import time
import traceback
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from harness.core import limits
from harness.judge.result import Raised, Result, Warned
from harness.run import child, launcher, processes
from harness.run.job import PLACES, Job

GRACE = 1.0  # seconds for helper processes to notice that their program ended
# Those of Python may take longer: since 3.14 the one that forks workers imports the
# program, and with it torch, which takes its time to end.
HELPER = re.compile(r"from multiprocessing\.(forkserver|resource_tracker) import main")
HELPERS_GRACE = 10.0
WRITES = 2.0  # seconds for a program at its limit to write where it is
PAUSE, MEMORY_PAUSE = 0.003, 0.2  # seconds between looks
MOST = limits.SAID << 20  # bytes that are read of what a program printed
WINDOWS = sys.platform == "win32"

_running: set[subprocess.Popen] = set()  # by `supervise_portably`


def supervise(job: Job) -> tuple[str, list[str]]:
    """Run a job to its end and kill the rest of it: how it ended, and what was left.

    The caller must have adopted orphans (`processes.adopt_orphans`) and run nothing
    else meanwhile: every process below it counts as the program's.
    """
    if job.fresh:
        process = _start(job, os.environ, preexec_fn=lambda: _detach(job))
        ended = _watch(process.pid, process.poll, job)
    else:
        pid = _fork(job)
        ended = _watch(pid, lambda: _exit_code(pid), job)
    if ended in ("limit", "memory"):
        processes.kill_below(os.getpid())
    return ended, _wait_for_rest()


def _start(job: Job, env: Mapping[str, str], **how) -> subprocess.Popen:
    """Start a job in a fresh interpreter, or by the launcher that it asks for."""
    env = {**env, **job.env}
    if job.command:
        command = ["-m", "torch.distributed.run", *job.command[1:], job.path]
        env |= job.places
        if processes.LINUX:
            env["GLOO_SOCKET_IFNAME"] = "lo"
    else:
        file = job.folder / "job.pickle"
        file.write_bytes(pickle.dumps(vars(job)))
        command = ["-P", "-m", "harness.run.child", str(file)]
    with (
        open(job.folder / "stdout", "ab") as stdout,
        open(job.folder / "stderr", "ab") as stderr,
    ):
        return subprocess.Popen(
            [sys.executable, *command],
            cwd=job.work,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            **how,
        )


def _fork(job: Job) -> int:
    """Run a job in a fork of this process; returns its id, and only here."""
    if pid := os.fork():
        return pid
    try:
        _detach(job)
        # What is registered belongs to the process that forked this one.
        atexit._clear()
        weakref.finalize._registry.clear()
        weakref.finalize._registered_with_atexit = False
        (launcher if job.command else child).run(job)
        os._exit(0)
    except BaseException:
        with open(job.folder / "stderr", "a", encoding="utf-8") as file:
            traceback.print_exc(file=file)
    finally:
        os._exit(70)


def _detach(job: Job) -> None:
    """Give this process, which will be the program's, a session; it dies with ours."""
    if job.fresh and job.command:  # no code of ours will run in it
        child.confine(job, os.environ)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    processes.die_with_parent(signal.SIGKILL)


def _exit_code(pid: int) -> int | None:
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def crowd(job: Job) -> float:
    """How many times its limit a program may take now, as others want the cores."""
    asked = getattr(os, "getloadavg", lambda: (0.0,))()[0]  # Windows has none
    return min(job.crowded, max(1.0, asked / (os.cpu_count() or 1)))


def _watch(pid: int, poll: Callable[[], int | None], job: Job) -> str:
    """Wait for a process, or notice that it is at a limit; say which."""
    begin = time.monotonic()
    look = begin + MEMORY_PAUSE
    while (code := poll()) is None:
        now = time.monotonic()
        ended = "limit" if now - begin > job.limit * crowd(job) else ""
        if now > look:
            look = now + MEMORY_PAUSE
            if processes.resident(processes.descendants(os.getpid())) > job.memory:
                ended = "memory"
        if ended:
            os.kill(pid, signal.SIGUSR1)  # it writes where it is
            while not _hangs_at(job) and time.monotonic() < now + WRITES:
                time.sleep(PAUSE)
            return ended
        time.sleep(PAUSE)
    return _told(code)


def _told(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit {code}"


def _wait_for_rest() -> list[str]:
    """The processes that are still there some time after their program ended."""
    ended = time.monotonic()
    patience = GRACE
    while processes.reap():
        if time.monotonic() > ended + patience:
            names = [processes.command(p) for p in processes.descendants(os.getpid())]
            if patience == GRACE and all(map(HELPER.search, names)):
                patience = HELPERS_GRACE
                continue
            processes.kill_below(os.getpid())
            return names
        time.sleep(PAUSE)
    return []


def supervise_portably(job: Job, env: dict[str, str]) -> Result:
    """Run a job in a fresh interpreter to its end, and kill what is below it."""
    process = _start(job, env, start_new_session=not WINDOWS)
    _running.add(process)
    try:
        ended = _told(process.wait(job.limit * crowd(job)))
    except subprocess.TimeoutExpired:
        ended = "limit"
    finally:
        _kill(process)
        _running.discard(process)
    return collect(job, ended, left=[], shared=[], cut=False)


def _kill(process: subprocess.Popen) -> None:
    if WINDOWS:
        tree = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
        subprocess.run(tree, capture_output=True)
    else:
        processes.kill_below(process.pid)
        process.kill()
    process.wait()


def end_all() -> None:
    """End every program that is supervised portably."""
    for process in list(_running):
        _kill(process)


def collect(
    job: Job, ended: str, left: list[str], shared: list[str], cut: bool
) -> Result:
    """Put together what a job's folder says of how its program ended.

    It left processes, and files in shared memory.
    """
    notes = _notes(job)
    if ended == "exit 0" and (notes["end"] or job.command):  # else it left by os._exit
        ended = "finished"
    seen = {"line": 0, "raised": None}
    for end in notes["end"]:
        seen |= end
    seen["line"] = _hangs_at(job) or seen["line"]
    drawn = job.work / f"{Path(job.path).stem}.svg"
    return Result(
        ended=ended,
        stdout=_text(job.folder / "stdout"),
        stderr=_text(job.folder / "stderr"),
        warned=tuple(notes["warned"]),
        complaints=tuple(dict.fromkeys(notes["complaint"])),
        files=(*_files(job, drawn), *shared),
        processes=tuple(left),
        svg=_text(drawn) or None,
        cut=cut,
        **seen,
    )


def _hangs_at(job: Job) -> int:
    """The line at which its process wrote that it hangs or crashed; else 0."""
    where = rf'File "{re.escape(job.path)}", line (\d+) in '
    found = re.search(where, _text(job.folder / "hangs"))
    return int(found[1]) if found else 0


def _notes(job: Job) -> dict[str, list]:
    """What its process noted by kind, and what is not as it should be."""
    found = {"warned": [], "complaint": [], "end": []}
    for line in _text(job.folder / "notes.jsonl").splitlines():
        try:
            kind, value = json.loads(line)
            if kind == "warned":
                value = Warned(**value)
            elif kind == "end" and value.get("raised"):
                value["raised"] = Raised(**value["raised"])
            found[kind].append(value)
        except (ValueError, TypeError, KeyError, AttributeError):
            found["complaint"].append("writes into the notes of the harness")
    for name in ("stdout", "stderr"):
        with suppress(FileNotFoundError):
            if (job.folder / name).stat().st_size > MOST:
                found["complaint"].append(f"prints more than {limits.SAID} MiB")
    return found


def _files(job: Job, drawn: Path) -> Iterator[str]:
    """Those left, and empty folders; a launcher leaves folders of its own."""
    for place in PLACES:
        for path in sorted((job.folder / place).rglob("*")):
            passed = path.is_dir() and (job.command or any(path.iterdir()))
            if path != drawn and not passed:
                yield path.relative_to(job.folder).as_posix()


def _text(file: Path) -> str:
    """The beginning of a file; empty where it is none, such as a pipe."""
    if file.is_symlink() or not file.is_file():
        return ""
    with open(file, "rb") as opened:
        text = opened.read(MOST).decode(errors="backslashreplace")
    return text.replace(os.linesep, "\n")  # but a carriage return stays one
