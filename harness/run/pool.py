"""Feeds jobs to preloaded parents and hands back results as they come."""

import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from multiprocessing import Pipe
from pathlib import Path

from harness.core.problem import Problem
from harness.core.tree import HERE
from harness.judge.result import Result
from harness.run import figure_fonts, guards, supervisor
from harness.run.job import CACHES, COMPILES, HIDDEN, OWN_CACHE, PLACES, Job
from harness.run.options import Options
from harness.run.preload import GROUPS

THREADS = tuple(f"{who}_NUM_THREADS" for who in ("OMP", "MKL", "OPENBLAS", "NUMEXPR"))
SHARE = 20  # snippets: fewer do not repay the import of one more parent
ORDER = list(GROUPS)
STUCK = 30  # seconds after a program's limit until its parent has to answer
MEMORY, ROOM = Path("/dev/shm"), 2 << 30  # bytes; containers often have 64 MB there


def environment(lane: str, seed: int, cache: Path) -> dict[str, str]:
    """The environment of everything that runs snippets.

    Threads are limited before torch is imported: a preload that ran with two
    threads makes its children hang.
    """
    env = guards.environment() | dict.fromkeys(THREADS, "1")
    env |= {name: str(cache / folder) for name, folder in CACHES.items()}
    env |= {
        "PYTHONPATH": str(HERE.root),
        "PYTHONHASHSEED": str(seed % 2**32),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",  # letters are drawn by the rules of a language
        "MPLBACKEND": "svg",
        "MATPLOTLIBRC": str(Path(__file__).with_name("figure.mplstyle")),
        "TF_CPP_MIN_LOG_LEVEL": "3",  # TensorFlow greets on standard error
        "SOURCE_DATE_EPOCH": figure_fonts.DATE,
        # It would precompile them into the temporary folder, and leave them there:
        "TORCHINDUCTOR_CPP_CACHE_PRECOMPILE_HEADERS": "0",
    }
    if lane != "gpu":
        return env | HIDDEN
    # A preloaded module may ask whether there is a GPU: that must not set up CUDA.
    return env | {"PYTORCH_NVML_BASED_CUDA_CHECK": "1"}


def make_folder() -> Path:
    """A new one, for ten files a program: below TMPDIR, or in memory if it has room."""
    place = None
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK):  # only Linux has it
        found = os.statvfs(MEMORY)
        loads_code = not found.f_flag & os.ST_NOEXEC
        if loads_code and found.f_bavail * found.f_frsize >= ROOM:
            place = MEMORY
    return Path(tempfile.mkdtemp(prefix="snippets-", dir=place))


class Parent:
    """Gives jobs to a process of `harness.run.parent`, one at a time."""

    def __init__(self, group: str, scratch: Path):
        self.folder = Path(tempfile.mkdtemp(dir=scratch))  # its jobs' folders are there
        self.group, self.alive, self.busy = group, True, False
        self.socket, self.theirs = Pipe()
        self.order = f"{group},{self.theirs.fileno()},{self.folder.name}"
        # From the network; None while it imports. And its process.
        self._cut: bool | None = None
        self._pid = 0

    def run(self, job: Job) -> Result:
        """The result of a job: "harness" where it ended its parent."""
        try:
            if self._cut is None:
                self._cut, self._pid = self.socket.recv()
            self.socket.send(vars(job))
            if not self.socket.poll(job.limit * job.crowded + STUCK):
                os.kill(self._pid, signal.SIGKILL)  # a program has stopped it
            ended, left, shared = self.socket.recv()
        except (EOFError, ConnectionError):
            self.alive = False
            if self._cut is None:
                what = "the processes that run programs do not start: see above"
                raise Problem.general(what) from None
            return Result(ended="harness")
        finally:
            self.busy = False
        return supervisor.collect(job, ended, left, shared, self._cut)


class Pool:
    """Runs jobs, as many at a time as it may; leaving its context ends them all."""

    def __init__(self, options: Options, cache: Path):
        self._lane, self._fork = options.lane, options.fork
        self._env = environment(options.lane, options.seed, cache)
        # A compiler is given its cache's path without quotes.
        self._compiles = COMPILES if " " in str(cache) else {}
        figure_fonts.write(Path(self._env["MPLCONFIGDIR"]))
        cores = os.cpu_count() or 1
        # One more than cores, as programs wait for each other, for a start, for an end;
        # but each on a card takes some of its memory.
        most = min(4, cores) if options.lane == "gpu" else cores + 1
        self._workers = options.jobs or most
        self._parents: list[Parent] = []
        self._above: list[subprocess.Popen] = []  # they fork the parents
        self._threads = ThreadPoolExecutor(self._workers)  # each waits for one program
        self._numbers = itertools.count()
        self.folder = make_folder()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_) -> None:
        for process in self._above:
            process.terminate()  # with all that it started
            process.wait()
        supervisor.end_all()
        self._threads.shutdown(cancel_futures=True)
        for parent in self._parents:
            parent.socket.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, jobs: list[tuple[object, Job]]) -> Iterator[tuple[object, Result]]:
        """Results in the order in which they end; each comes with its job's tag.

        A program that ends its parent gets the result "harness", and another parent
        takes over. Raises Problem where parents cannot start. The kernel ends parents
        when the thread that started them, which is the one that asks here, is gone.
        """
        waiting = sorted(jobs, key=lambda item: ORDER.index(item[1].group))
        running: dict[Future, object] = {}
        while waiting or running:
            if self._fork:
                self._start_parents(job for _, job in waiting)
            for item in list(waiting):
                tag, job = item
                if len(running) == self._workers:
                    break
                if free := self._free(job):
                    waiting.remove(item)
                    run, place = free
                    folder = place / str(next(self._numbers))
                    for name in (*PLACES, OWN_CACHE):
                        (folder / name).mkdir(parents=True)
                    placed = replace(job, folder=folder, env=self._compiles | job.env)
                    running[self._threads.submit(run, placed)] = tag
            done, _ = wait(running, timeout=1.0, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()

    def _start_parents(self, jobs: Iterable[Job]) -> None:
        """Start what is missing, all at once: the quick work while the slow import."""
        new = []
        for group, number in Counter(map(_group, jobs)).items():
            worth = -(-number // SHARE) if GROUPS[group] else number
            alive = sum(one.alive for one in self._parents if one.group == group)
            more = range(min(worth, self._workers) - alive)
            new += [Parent(group, self.folder) for _ in more]
        if not new:
            return
        command = [sys.executable, "-P", "-m", "harness.run.parent", self._lane]
        process = subprocess.Popen(
            [*command, str(self.folder), *(one.order for one in new)],
            stdin=subprocess.DEVNULL,
            pass_fds=[one.theirs.fileno() for one in new],
            env=self._env,
            start_new_session=True,  # Ctrl-C on the terminal reaches us alone
        )
        self._above.append(process)
        self._parents += new
        for parent in new:
            parent.theirs.close()

    def _free(self, job: Job) -> tuple[Callable[[Job], Result], Path] | None:
        """What can run a job now, and where."""
        if not self._fork:
            return partial(supervisor.supervise_portably, env=self._env), self.folder
        for parent in self._parents:
            if parent.group == _group(job) and parent.alive and not parent.busy:
                parent.busy = True
                return parent.run, parent.folder
        return None


def _group(job: Job) -> str:
    """A fresh interpreter needs no preload, only a process that watches it."""
    return "none" if job.fresh else job.group
