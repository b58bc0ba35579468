"""Runs one snippet inside the process that was made for it, and notes how it ended.

`run` is called in a forked child; `python -m harness.child JOB` is the same in a
fresh interpreter. What was seen goes to `child.json`; the supervisor does the rest.
"""

import atexit
import faulthandler
import gc
import json
import os
import random
import runpy
import signal
import sys
import tempfile
import threading
import time
import traceback
import warnings
from dataclasses import asdict
from multiprocessing import util
from pathlib import Path

from harness.core.tree import HERE
from harness.judge import figures
from harness.run import gpu, guards, landlock, processes
from harness.run.job import Job, Raised, Warned, load_job

SCRATCH = ("work", "tmp", "home")


def run(job: Job) -> None:
    """Run the snippet of a job in this process, which must end right after."""
    folder = Path(job.folder)
    notes = os.open(folder / "notes.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(kind: str, value) -> None:
        # One write call a line: forked workers of the snippet share this file.
        os.write(notes, (json.dumps([kind, value]) + "\n").encode())

    _enter(job, folder)
    _collect_warnings(note)
    _seed(job.seed)
    writable = [folder, *_caches()]
    if job.limit_address_space and processes.LINUX:  # either one breaks CUDA
        guards.limit_memory(job.memory)
        landlock.allow_writes([*writable, Path("/dev")])
    guards.watch(
        lambda what: note("complaint", what),
        [*writable, Path("/dev"), Path(os.devnull)],
    )
    begin = time.perf_counter()
    seen = _execute(job.path)
    seen["seconds"] = time.perf_counter() - begin
    seen["figures"] = figures.plotted()
    seen["device"] = gpu.seen(sys.modules.get("torch")) or "cpu"
    _finish()
    (folder / "child.json").write_text(json.dumps(seen), encoding="utf-8")


def _enter(job: Job, folder: Path) -> None:
    """Make this process look like `python snippet.py` in an empty folder."""
    sys.argv[:] = [job.path]
    os.chdir(job.work)
    os.environ.update(job.env)
    for ours in ("PYTHONPATH", "KERAS_BACKEND"):  # a snippet sets what it needs
        os.environ.pop(ours, None)
    for name, place in {"TMPDIR": "tmp", "HOME": "home"}.items():
        os.environ[name] = str(folder / place)
    tempfile.tempdir = None  # what a preloaded compiler asked for was the parent's
    for stream, fd in (("stdout", 1), ("stderr", 2)):
        file = os.open(folder / stream, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(file, fd)
        os.close(file)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)
    if hasattr(signal, "SIGUSR1"):  # the supervisor asks where a snippet hangs
        where = open(folder / "hangs", "w", encoding="utf-8")
        faulthandler.register(signal.SIGUSR1, file=where, all_threads=False)


def hide_harness() -> None:
    """Forget our own modules: a snippet must not import what a reader lacks.

    Done before the forks, as a walk over torch's many modules copies their memory.
    """
    for name in [name for name in sys.modules if name.split(".")[0] == "harness"]:
        del sys.modules[name]
    root = str(HERE.root)
    sys.path[:] = [p for p in sys.path if p and os.path.realpath(p) != root]


def _collect_warnings(note) -> None:
    def show(message, category, filename, lineno, file=None, line=None):
        note(
            "warned", asdict(Warned(category.__name__, str(message), filename, lineno))
        )

    warnings.resetwarnings()
    warnings.simplefilter("default")  # once for each place, whatever the category
    warnings.showwarning = show


def _seed(seed: int) -> None:
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def _caches() -> list[Path]:
    names = ("MPLCONFIGDIR", "TORCHINDUCTOR_CACHE_DIR", "XDG_CACHE_HOME",
             "KERAS_HOME", "TRITON_CACHE_DIR")  # fmt: skip
    places = [Path(os.environ[name]).absolute() for name in names if name in os.environ]
    for place in places:  # the job's own one is not there yet
        place.mkdir(parents=True, exist_ok=True)
    return places


def _execute(path: str) -> dict:
    """Run the program as `__main__`; say how it ended."""
    seen = {"raised": None, "exits": False, "line": 0}
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as error:
        seen.update(exits=True, line=_line(error, path))
    except BaseException as error:
        kind = type(error)
        name = kind.__qualname__
        if kind.__module__ not in ("builtins", "__main__"):
            name = f"{kind.__module__}.{name}"
        seen["raised"] = asdict(
            Raised(
                type=name,
                text="".join(traceback.format_exception_only(error)).rstrip("\n"),
                line=_line(error, path),
                traceback="".join(traceback.format_exception(_from(error, path))),
            )
        )
    return seen


def _line(error: BaseException, path: str) -> int:
    """The snippet's own line on which an exception came up, 0 if there is none."""
    if isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno or 0
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno for f in reversed(frames) if f.filename == path), 0)


def _from(error: BaseException, path: str) -> BaseException:
    """The error, its traceback cut to begin in the snippet as a reader sees it."""
    frame = error.__traceback__
    while frame and frame.tb_frame.f_code.co_filename != path:
        frame = frame.tb_next
    return error.with_traceback(frame or error.__traceback__)


def _finish() -> None:
    """What an interpreter does at its end: threads, exit handlers, collection."""
    threading._shutdown()
    util._exit_function()
    atexit._run_exitfuncs()
    gc.collect()
    sys.stdout.flush()
    sys.stderr.flush()


if __name__ == "__main__":
    asked = load_job(Path(sys.argv[1]))
    hide_harness()
    run(asked)
    os._exit(0)
