"""Runs blocks in the pool and judges them: one run for equal blocks."""

from collections.abc import Iterable, Iterator

from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.judge.result import Result
from harness.judge.verdict import judge
from harness.proof.block import Block
from harness.run.job import Job
from harness.run.options import Options
from harness.run.pool import Pool


class Lane:
    """A pool for one session; leaving its context ends every program.

    Programs run while verdicts are waited for, all from the thread that asks: the
    kernel ends a process's children when the thread that started them is gone.
    """

    def __init__(self, tree: Tree, seed: int):
        self.tree, self.seed = tree, seed
        self._options = Options(seed=seed)
        self._jobs: dict[str, Job] = {}
        self._results: dict[str, Result] = {}
        self._running: Iterator[tuple[str, Result]] = iter(())

    def __enter__(self) -> "Lane":
        cache = self.tree.build / "cache"
        self._pool = Pool("cpu", self.seed, self._options.jobs, cache)
        return self

    def __exit__(self, *what) -> None:
        self._pool.__exit__(*what)

    @property
    def programs(self) -> int:
        """How many have run to their end."""
        return len(self._results)

    def submit(self, blocks: Iterable[Block]) -> None:
        """Take blocks on; the programs of those that no lane can read do not run."""
        new = {}
        for block in blocks:
            if block.key not in self._jobs and block.readable and not block.elsewhere:
                folder = self._pool.folder / "blocks"
                new[block.key] = block.job(folder, self._options)
        self._jobs |= new
        self._running = self._pool.run(list(new.items()))

    def problems(self, block: Block) -> list[Problem]:
        """The verdict on a block, once its program has ended."""
        try:
            assert block.directives
        except Problem as problem:
            return [problem]
        if block.key not in self._jobs:
            self.submit([block])
        while block.key not in self._results:
            key, result = next(self._running)
            self._results[key] = result
        subject = block.subject(self._jobs[block.key])
        return judge(subject, {"run": self._results[block.key]})
