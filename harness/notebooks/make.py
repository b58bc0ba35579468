"""`python -m harness notebooks`: executes each walkthrough, once per change."""

import importlib.metadata
import json
import os
from collections.abc import Iterator
from multiprocessing.pool import ThreadPool
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from harness.core import limits, records
from harness.core.problem import Problem
from harness.core.snippet import digest
from harness.core.tree import Tree
from harness.notebooks import execute, walkthrough
from harness.notebooks.walkthrough import Walkthrough, weights


def make(tree: Tree, limit: float = limits.CELL, say=print) -> list[Problem]:
    """Write the executed notebooks; every reason why one could not be."""
    walks = walkthrough.find(tree)
    problems, changed = list(strays(tree)), []
    for one in walks:
        faults = sorted(one.problems())
        problems += faults
        made = one.executed
        if not (faults or made and made.metadata.proven.key == key(one, made)):
            changed.append(one)

    def run(one: Walkthrough) -> tuple[Walkthrough, NotebookNode, list[Problem]]:
        return one, *execute.execute(one, limit)

    # Each has a kernel of its own, with one thread. One more runs than there are cores,
    # so that the last ones, which may take long, begin sooner.
    with ThreadPool(os.cpu_count() + 1) as workers:
        for one, made, faults in workers.imap_unordered(run, changed):
            problems += faults
            if not faults:
                known = made.metadata.proven
                known.key = key(one, made)
                records.write(one.notebook_path, nbformat.writes(made) + "\n")
                say(f"{one.shown}: {known.cells} cells in {known.seconds} s")
    old = set(tree.notebooks.rglob("*.ipynb")) - {one.notebook_path for one in walks}
    for file in old:
        file.unlink()
    return problems


def strays(tree: Tree) -> Iterator[Problem]:
    """The notebooks in docs/: a person put them there, and no walkthrough says so."""
    for file in walkthrough.files(tree, ".ipynb"):
        name, source = tree.show(file), file.with_suffix(".py")
        fix = f"make it one: .venv/bin/jupytext --to py:percent {name}"
        if tree.has(source):
            fix = f"put what it adds into {tree.show(source)}"
        what = "a notebook that no walkthrough makes"
        yield Problem(name, 0, what, f"{fix}; then move the notebook out of docs/")


def key(one: Walkthrough, made: NotebookNode) -> str:
    """A digest of all that a run depends on, and of what came of it."""
    files = [
        one.path,
        *weights(one),
        one.tree.root / "requirements.txt",
        execute.STYLE,
        Path(execute.__file__),
    ]
    parts = [file.read_bytes() for file in files if file.is_file()]
    torch = importlib.metadata.version("torch")
    facts = [torch, one.notebook().cells, one.requirements(), made.cells]
    parts.append(json.dumps(facts, sort_keys=True).encode())
    return digest(b"\0".join(parts))
