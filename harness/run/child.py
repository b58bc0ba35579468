"""Runs one program inside the process that was made for it, and notes how it ended.

`run` is called in a forked child; `python -m harness.run.child FILE` is the same in a
fresh interpreter. What was seen goes to `notes.jsonl`; the supervisor does the rest.
"""

import atexit
import contextlib
import faulthandler
import gc
import io
import json
import os
import pickle
import random
import runpy
import signal
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import asdict
from multiprocessing import util
from pathlib import Path

from harness.core import limits
from harness.core.tree import HERE
from harness.judge import figures
from harness.judge.result import Raised, Warned
from harness.run import gpu, guards, processes
from harness.run.job import Job
from harness.run.preload import GROUPS, load


def run(job: Job) -> None:
    """Run the program of a job in this process, which must end right after."""
    note = notes(job)

    def warn(message, category, filename, lineno, file=None, line=None) -> None:
        warned = Warned(category.__name__, str(message), filename, lineno)
        note("warned", asdict(warned))

    enter(job)
    warnings.resetwarnings()
    warnings.simplefilter("default")  # once for each place, whatever the category
    warnings.showwarning = warn
    if job.confined and processes.LINUX:
        guards.limit_memory(job.memory)
    guards.watch(lambda what: note("complaint", what), confine(job, os.environ))
    begin = time.perf_counter()
    seen = _execute(job.path)
    seen["seconds"] = round(time.perf_counter() - begin, 3)
    drawn = figures.plotted()
    seen["figure"] = drawn[0] if len(drawn) == 1 else None
    seen["device"] = gpu.seen(sys.modules.get("torch")) or "cpu"
    finish()
    note("end", seen)


def notes(job: Job) -> Callable[[str, object], None]:
    """Notes what the supervisor has to know of a job."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    file = os.open(job.folder / "notes.jsonl", flags)

    def note(kind: str, value) -> None:
        # One write call a line: forked workers of the program share this file.
        os.write(file, (json.dumps([kind, value]) + "\n").encode())

    return note


def confine(job: Job, env: Mapping[str, str]) -> list[Path]:
    """Let the kernel guard this process where it can; the places that it may write.

    What is open already stays open: the files of what it prints, and of its notes.
    """
    places = job.writable(env)
    for place in places:
        place.mkdir(parents=True, exist_ok=True)
    places += [*guards.DEVICES, Path(os.devnull)]
    if job.confined and processes.LINUX:
        guards.limit_files(limits.FILE << 20)
        guards.allow_writes([*places, guards.SHARED])
    return places


def finish() -> None:
    """What an interpreter does at its end: threads, exit handlers, collection."""
    threading._shutdown()
    util._exit_function()
    atexit._run_exitfuncs()
    # A thread of Gloo may wait for the interpreter to free its last work. A collection
    # that destroys its group waits for the thread, and gives nothing away meanwhile.
    time.sleep(0.002)
    gc.collect()
    sys.stdout.flush()
    sys.stderr.flush()


def enter(job: Job) -> None:
    """Make this process look like `python snippet.py` in an empty folder."""
    sys.argv[:] = [job.path]
    os.chdir(job.work)
    os.environ.update(job.env)
    for ours in ("PYTHONPATH", "KERAS_BACKEND"):  # a program sets what it needs
        os.environ.pop(ours, None)
    os.environ.update(job.places)
    tempfile.tempdir = None  # what a preloaded compiler asked for was the parent's
    streams = (os.devnull, job.folder / "stdout", job.folder / "stderr")
    for number, place in enumerate(streams):
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND if number else os.O_RDONLY
        file = os.open(place, flags)
        os.dup2(file, number)
        os.close(file)
    sys.stdin = open(0, encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)
    if hasattr(signal, "SIGUSR1"):  # the supervisor asks where a program hangs
        where = open(job.folder / "hangs", "w", encoding="utf-8")
        faulthandler.register(signal.SIGUSR1, file=where, all_threads=False)
        faulthandler.enable(where, all_threads=False)  # and where it crashes
    _seed(job.seed)


def hide_harness() -> None:
    """Forget our own modules: a program must not import what a reader lacks.

    Done before the forks, as a walk over torch's many modules copies their memory.
    """
    for name in [name for name in sys.modules if name.split(".")[0] == "harness"]:
        del sys.modules[name]
    root = str(HERE.root)
    sys.path[:] = [p for p in sys.path if p and os.path.realpath(p) != root]
    sys.path.append(str(HERE.docs / "assets"))  # modules that readers download


def _seed(seed: int) -> None:
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(seed)


def _execute(path: str) -> dict:
    """Run the program as `__main__`; say how it ended."""
    try:
        runpy.run_path(path, run_name="__main__")
    except SystemExit as error:
        return {"exits": True, "line": _raised(error, path).line}
    except BaseException as error:
        return {"raised": asdict(_raised(error, path))}
    return {}


def _advised(error: BaseException, text: str) -> str:
    """A message with "Did you mean: …?", which Python adds to it in a terminal.

    Before 3.12 the module traceback knows nothing of that.
    """
    if not isinstance(error, (AttributeError, NameError)) or "Did you mean" in text:
        return text
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        sys.__excepthook__(type(error), error, error.__traceback__)
    _, found, more = said.getvalue().rpartition(text)
    return text + more.split("\n")[0] if found else text


def _raised(error: BaseException, path: str) -> Raised:
    """An error as a reader sees it: its traceback begins in the program."""
    told = traceback.TracebackException.from_exception(error)
    own = [frame for frame in told.stack if frame.filename == path]
    line = own[-1].lineno if own else 0
    if own:
        del told.stack[: told.stack.index(own[0])]
    elif isinstance(error, SyntaxError) and error.filename == path:
        line = error.lineno or 0
    kind = type(error)
    known = kind.__module__ in ("builtins", "__main__")
    return Raised(
        type=kind.__qualname__ if known else f"{kind.__module__}.{kind.__qualname__}",
        text=_advised(error, "".join(told.format_exception_only()).rstrip("\n")),
        line=line,
        traceback="".join(told.format()),
    )


if __name__ == "__main__":
    asked = Job(**pickle.loads(Path(sys.argv[1]).read_bytes()))
    if asked.preloaded and GROUPS[asked.group]:
        load("torch", train=False)
        load(asked.group, train=False)
    hide_harness()
    run(asked)
    os._exit(0)
