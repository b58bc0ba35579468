"""`python -m lab bench`: what it costs to run snippets, by five ways of doing it.

All ways run the same programs on the same machine in turns; each figure is a median.
Overhead is the wall time, imports included, beyond the programs' own work divided by
the cores. Only the ratios are worth keeping.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import nbformat
from nbclient import NotebookClient

from harness.core import page, records
from harness.core.snippet import Snippet, find
from harness.core.tree import Tree
from harness.run.pool import environment
from harness.site.copies import EXPECTED
from harness.site.fragments import fence

SAMPLE = 120  # snippets, from every topic: fewer would measure the start of Python


class Bench:
    """The same programs, laid out for each way of running them."""

    def __init__(self, tree: Tree, folder: Path):
        self.cores = os.cpu_count() or 1
        self.tree = Tree(folder)
        self.env = environment("cpu", seed=0, cache=folder / "cache")
        self.work = 0.0  # seconds of the programs alone, all together
        self.pages: dict[str, list[Snippet]] = {}
        printing = [one for one in find(tree) if _only_prints(one)]
        shown = {i.snippet: one.name for one in page.find(tree) for i in one.includes}
        printing = [one for one in printing if one.name in shown]
        for one in printing[:: max(1, len(printing) // SAMPLE)]:
            copy = Snippet(self.tree, one.name)
            copy.path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(one.path, copy.path)
            shutil.copy(one.out, copy.out)
            self.pages.setdefault(shown[one.name], []).append(copy)
        self.snippets = [one for page in self.pages.values() for one in page]
        for name, snippets in self.pages.items():
            records.write(self.tree.pages / name, "\n".join(map(_block, snippets)))

    def harness(self) -> None:
        file = self.tree.root / "result.json"
        what = (f"--root={self.tree.root}", "run", "--json", str(file))
        self._run("-m", "harness", *what)
        rows = json.loads(file.read_text())["snippets"].values()
        self.work = sum(row["results"]["run"]["seconds"] for row in rows)

    def fresh(self) -> None:
        with ThreadPoolExecutor(self.cores) as workers:
            list(workers.map(lambda s: self._run(str(s.path)), self.snippets))

    def kernels(self) -> None:
        with ThreadPoolExecutor(self.cores) as workers:
            list(workers.map(self._notebook, self.pages.values()))

    def _notebook(self, snippets: list[Snippet]) -> None:
        cells = [nbformat.v4.new_code_cell(s.source) for s in snippets]
        notebook = nbformat.v4.new_notebook(cells=cells)
        with tempfile.TemporaryDirectory() as folder:
            NotebookClient(
                notebook,
                timeout=120,
                kernel_name="python3",
                extra_arguments=["--log-level=ERROR"],
                resources={"metadata": {"path": folder}},
            ).execute(env=self.env)

    def stock_codeblocks(self) -> None:
        pages = str(self.tree.pages)
        own = ["-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", pages]
        self._run("-m", "pytest", "--codeblocks", "--quiet", *own, pages)

    def imports(self) -> None:
        self._run("-c", "import torch, numpy, matplotlib.pyplot")

    def _run(self, *arguments: str) -> None:
        """Raises CalledProcessError: a way that fails has not done all of the work."""
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, *arguments],
                cwd=folder,
                env=self.env,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )


def _only_prints(one: Snippet) -> bool:
    """Whether each way can run it; stock pytest judges no error and no warning."""
    special = ("raises", "warns", "run", "figure", "needs")
    return not any(getattr(one.directives, name) for name in special)


def _block(one: Snippet) -> str:
    """A program and its output as stock `pytest --codeblocks` reads them."""
    printed = fence("text", one.out.read_text(encoding="utf-8"))
    return f"{fence('python', one.source)}\n{EXPECTED}\n{printed}"


def bench(tree: Tree, rounds: int) -> None:
    """Run every way `rounds` times in turns and print the medians as a table."""
    with tempfile.TemporaryDirectory() as folder:
        made = Bench(tree, Path(folder))
        ways = {
            "harness": made.harness,
            "pytest --codeblocks, one process": made.stock_codeblocks,
            "a notebook kernel a page": made.kernels,
            "a fresh interpreter a snippet": made.fresh,
            "imports": made.imports,
        }
        made.imports()
        made.harness()  # matplotlib and torch fill their caches on first use
        times: dict[str, list[float]] = {name: [] for name in ways}
        work = []
        for number in range(1, rounds + 1):
            for name, way in ways.items():
                begin = time.perf_counter()
                way()
                times[name].append(time.perf_counter() - begin)
                said = f"round {number}, {name}: {times[name][-1]:.1f} s"
                print(said, file=sys.stderr)
            work.append(made.work)
        _print(made, {n: median(t) for n, t in times.items()}, median(work), rounds)


def _print(made: Bench, wall: dict[str, float], work: float, rounds: int) -> None:
    share = work / made.cores
    wall["floor: one import + work ÷ cores"] = floor = wall.pop("imports") + share
    own = wall["harness"] - share
    print(
        f"{len(made.snippets)} snippets on {len(made.pages)} pages, "
        f"{made.cores} cores, medians of {rounds}; the programs' own work: {work:.1f} s"
    )
    print(f"{'':34}{'wall s':>8}{'overhead s':>12}{'÷ harness':>12}{'÷ floor':>10}")
    for name, seconds in sorted(wall.items(), key=lambda item: item[1]):
        over = seconds - share
        print(
            f"{name:34}{seconds:8.1f}{over:12.1f}{over / own:12.1f}"
            f"{seconds / floor:10.2f}"
        )
