"""`python -m lab bench`: what it costs to run snippets, by five ways of doing it.

All ways run the same programs on the same machine in turns; each figure is a median.
Overhead is the wall time, imports included, beyond the programs' own work divided by
the cores. Times depend on the machine and its mood: only the ratios are worth keeping.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

import nbformat
from harness.gate.wrap import wrap
from nbclient import NotebookClient

from harness.core.snippet import Snippet, find
from harness.core.tree import Tree
from harness.run import lanes
from harness.run.pool import THREADS, environment
from harness.run.preload import GROUPS
from harness.site.copies import EXPECTED
from harness.site.fragments import fence

LEAST = 120  # snippets: fewer would measure the start of Python alone


class Bench:
    """The same programs, laid out for each way of running them."""

    def __init__(self, tree: Tree, folder: Path):
        self.cores = os.cpu_count() or 1
        self.tree = Tree(folder)
        self.env = environment("cpu", seed=0, cache=folder / "cache")
        plan = lanes.plan(find(tree), "cpu")
        own = [s for s in plan.run if not s.directives.run and not s.directives.needs]
        own = own[:: max(1, len(own) // LEAST)]  # of many, a sample from every topic
        copies = -(-LEAST // len(own))
        self.snippets = [self._copy(s, n) for n in range(copies) for s in own]
        self.pages = self._write_pages()
        self.work = 0.0  # seconds of the programs alone, all together

    def _copy(self, snippet: Snippet, number: int) -> Snippet:
        topic, idea = snippet.name.rsplit("/", 1)
        copy = Snippet(self.tree, f"{topic}{number}/{idea}")
        copy.path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(snippet.path, copy.path)
        if snippet.out.exists():
            shutil.copy(snippet.out, copy.out)
        if snippet.figure_data.exists():
            copy.figure_data.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(snippet.figure_data, copy.figure_data)
        return copy

    def _write_pages(self) -> dict[str, list[Snippet]]:
        """One page for each topic, as stock `pytest --codeblocks` reads it."""
        pages: dict[str, list[Snippet]] = {}
        for snippet in self.snippets:
            pages.setdefault(snippet.name.rsplit("/", 1)[0], []).append(snippet)
        for topic, snippets in pages.items():
            text = []
            for one in snippets:
                declared = one.directives
                code = wrap(one.source, declared.raises, declared.warns)
                text.append(fence("python", code))
                if one.out.exists():
                    text.append(f"{EXPECTED}\n{fence('text', one.out.read_text())}")
            file = self.tree.pages / f"{topic}.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("\n".join(text), encoding="utf-8")
        return pages

    def harness(self) -> None:
        file = self.tree.root / "result.json"
        self._run("-m", "harness", "--root", str(self.tree.root), "run",
                  "--json", str(file), check=True)  # fmt: skip
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
                allow_errors=True,  # some programs raise, on purpose
                kernel_name="python3",
                extra_arguments=["--log-level=ERROR"],
                resources={"metadata": {"path": folder}},
            ).execute(env=self.env)

    def codeblocks(self) -> None:
        self._run("-m", "pytest", "--codeblocks", "--quiet", "-p", "no:cacheprovider",
                  "-c", os.devnull, "--rootdir", str(self.tree.pages),
                  str(self.tree.pages))  # fmt: skip

    def imports(self) -> None:
        self._run("-c", f"import {', '.join(GROUPS['torch'])}", check=True)

    def _run(self, *arguments: str, check: bool = False) -> None:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                [sys.executable, *arguments],
                cwd=folder,
                env=self.env | dict.fromkeys(THREADS, "1"),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=check,
            )


def bench(tree: Tree, rounds: int) -> None:
    """Run every way `rounds` times in turns and print the medians as a table."""
    with tempfile.TemporaryDirectory() as folder:
        made = Bench(tree, Path(folder))
        ways = {
            "harness": made.harness,
            "pytest --codeblocks, one process": made.codeblocks,
            "a notebook kernel a page": made.kernels,
            "a fresh interpreter a snippet": made.fresh,
            "imports": made.imports,
        }
        made.imports()
        made.harness()  # matplotlib and torch fill their caches on first use
        times: dict[str, list[float]] = {name: [] for name in ways}
        work = []
        for number in range(rounds):
            for name, way in ways.items():
                times[name].append(_seconds(way))
                print(f"round {number + 1}, {name}: {times[name][-1]:.1f} s",
                      file=sys.stderr)  # fmt: skip
            work.append(made.work)
        _print(made, {n: median(t) for n, t in times.items()}, median(work), rounds)


def _seconds(way: Callable[[], None]) -> float:
    begin = time.perf_counter()
    way()
    return time.perf_counter() - begin


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
