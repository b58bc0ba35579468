"""Feeds jobs to preloaded parents and hands back results as they come."""

import itertools
import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

from harness.core.problem import Problem
from harness.core.tree import HERE
from harness.run import gpu, lanes, portable, scratch
from harness.run.child import SCRATCH
from harness.run.job import Job, Result, load_result
from harness.run.preload import GROUPS
from harness.run.processes import LINUX

THREADS = (
    "OMP_NUM_THREADS",
    "MKL_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
)
SHARE = 20  # snippets: fewer do not repay the import of one more parent
ORDER = {group: place for place, group in enumerate(GROUPS)}


def environment(lane: str, seed: int, cache: Path) -> dict[str, str]:
    """The environment of everything that runs snippets.

    Threads are limited before torch is imported: a preload that ran with two
    threads makes its children hang. Caches are shared, so no snippet leaves one.
    """
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "TORCH_", "PYTEST", "COVERAGE"))
    }
    env |= dict.fromkeys(THREADS, "1")
    env |= {
        "PYTHONPATH": str(HERE.root),
        "PYTHONHASHSEED": str(seed % 2**32),
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "svg",
        "MPLCONFIGDIR": str(cache / "matplotlib"),
        "MATPLOTLIBRC": str(Path(__file__).with_name("figure.mplstyle")),
        "TF_CPP_MIN_LOG_LEVEL": "3",  # TensorFlow greets on standard error
        "SOURCE_DATE_EPOCH": "0",  # matplotlib's SVG names this date
        "TORCHINDUCTOR_CACHE_DIR": str(cache / "inductor"),
        # It would precompile them into the temporary folder, and leave them there:
        "TORCHINDUCTOR_CPP_CACHE_PRECOMPILE_HEADERS": "0",
        "XDG_CACHE_HOME": str(cache / "xdg"),
        "KERAS_HOME": str(cache / "keras"),
    }
    env |= gpu.environment(cache) if lane == "gpu" else lanes.HIDDEN
    for place in ("matplotlib", "inductor", "xdg", "keras"):
        (cache / place).mkdir(parents=True, exist_ok=True)
    return env


class Parent:
    """Gives jobs to a process of `harness.run.parent`, one at a time."""

    def __init__(self, group: str):
        self._waiting: tuple[Future, Job] | None = None
        self.alive, self.ready = True, False
        self._ending = threading.Lock()
        jobs, self._give = os.pipe()
        self._take, answers = os.pipe()
        self.pipes = jobs, answers  # its ends
        self.order = f"{group},{jobs},{answers}"
        self._reader = threading.Thread(target=self._read, daemon=True)

    def started(self) -> None:
        """Let go of the ends that the process has now, and listen to it."""
        for pipe in self.pipes:
            os.close(pipe)
        self._reader.start()

    @property
    def free(self) -> bool:
        return self.alive and self._waiting is None

    def submit(self, job: Job) -> Future:
        """Run a job; the future holds its Result. The process must be free."""
        done: Future = Future()
        self._waiting = done, job
        try:
            os.write(self._give, f"{job.save()}\n".encode())
        except BrokenPipeError:
            self._end()
        return done

    def _read(self) -> None:
        """An empty line says that the imports are done, each later one ends a job."""
        while os.read(self._take, 1):
            if not self.ready:
                self.ready = True
                continue
            done, job = self._waiting
            self._waiting = None
            done.set_result(load_result(Path(job.folder)))
        self._end()

    def _end(self) -> None:
        """The process has ended: a program that it watched has no result."""
        self.alive = False
        with self._ending:  # the reader and a submission may both notice
            waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        if self.ready:
            waiting[0].set_result(load_result(Path(waiting[1].folder)))
        else:
            what = "the processes that run programs do not start: see above"
            waiting[0].set_exception(Problem.general(what))

    def close(self) -> None:
        """Called once the process has ended."""
        if self._reader.is_alive():
            self._reader.join()
        os.close(self._give)
        os.close(self._take)


class Local:
    """Fresh interpreters from this process, where there is no safe fork."""

    def __init__(self, env: dict[str, str], workers: int):
        self._env, self._threads = env, ThreadPoolExecutor(workers)

    alive = free = True  # the pool counts what runs

    def submit(self, job: Job) -> Future:
        return self._threads.submit(portable.supervise, job, self._env)

    def close(self) -> None:
        portable.end_all()
        self._threads.shutdown(cancel_futures=True)


class Pool:
    """Runs jobs, at most `workers` at a time; leaving its context ends them all."""

    def __init__(
        self, lane: str, seed: int, workers: int, cache: Path, fork: bool = LINUX
    ):
        self._lane, self._workers, self._fork = lane, workers, fork
        self._env = environment(lane, seed, cache)
        self._parents: dict[str, list[Parent | Local]] = {}
        self._above: list[subprocess.Popen] = []  # they fork the parents
        self.folder = scratch.make()
        self._made = 0

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_) -> None:
        for process in self._above:
            process.terminate()  # with all that it started
            process.wait()
        for parent in itertools.chain(*self._parents.values()):
            parent.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, jobs: list[tuple[object, Job]]) -> Iterator[tuple[object, Result]]:
        """Results in the order in which they end; each comes with its job's tag.

        A program that ends its parent gets the result "harness", and another parent
        takes over. Raises Problem where parents cannot start.
        """
        waiting = sorted(jobs, key=lambda item: ORDER[item[1].group])
        running: dict[Future, object] = {}
        while waiting or running:
            self._start_parents(Counter(self._group(job) for _, job in waiting))
            for item in list(waiting):
                if len(running) == self._workers:
                    break
                if parent := self._free(item[1]):
                    waiting.remove(item)
                    running[parent.submit(self._placed(item[1]))] = item[0]
            done, _ = wait(running, timeout=1.0, return_when=FIRST_COMPLETED)
            for future in done:
                yield running.pop(future), future.result()

    def _start_parents(self, wanted: Counter[str]) -> None:
        """Start what is missing, all at once: the quick work while the slow import."""
        new = []
        for group, jobs in wanted.items():
            there = self._parents.setdefault(group, [])
            alive = sum(parent.alive for parent in there)
            if group == "local":
                there += [] if alive else [Local(self._env, self._workers)]
                continue
            worth = -(-jobs // SHARE) if GROUPS[group] else jobs
            for _ in range(min(worth, self._workers) - alive):
                there.append(Parent(group))
                new.append(there[-1])
        if new:
            self._launch(new)

    def _launch(self, parents: list[Parent]) -> None:
        command = [sys.executable, "-P", "-m", "harness.run.parent", self._lane]
        command.append(str(self.folder))
        process = subprocess.Popen(
            [*command, *(parent.order for parent in parents)],
            stdin=subprocess.DEVNULL,
            pass_fds=[pipe for parent in parents for pipe in parent.pipes],
            env=self._env,
            start_new_session=True,  # Ctrl-C on the terminal reaches us alone
        )
        self._above.append(process)
        for parent in parents:
            parent.started()

    def _group(self, job: Job) -> str:
        if not self._fork:
            return "local"
        # A fresh interpreter needs no preload, only a process that watches it.
        return "none" if job.fresh or job.command else job.group

    def _free(self, job: Job) -> Parent | Local | None:
        return next((p for p in self._parents[self._group(job)] if p.free), None)

    def _placed(self, job: Job) -> Job:
        """The job with a folder of its own."""
        self._made += 1
        folder = self.folder / str(self._made)
        for place in SCRATCH:
            (folder / place).mkdir(parents=True)
        return replace(job, folder=str(folder))
