"""`python -m harness notebooks`: executes each walkthrough, once per change.

`docs/<topic>/<name>.ipynb` is what mkdocs-jupyter renders; git ignores it.
"""

import hashlib
import importlib.metadata
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from harness.core import records
from harness.core.problem import Problem
from harness.core.tree import HERE, Tree
from harness.notebooks import walkthrough
from harness.notebooks.execute import LIMIT, STYLE, execute
from harness.notebooks.walkthrough import Walkthrough

UNCHANGED = "unchanged"
PENDING = "*This notebook is being executed. Its outputs come in a minute.*"


def make(tree: Tree, limit: float = LIMIT, say=print) -> list[Problem]:
    """Write the executed notebooks; every reason why one could not be."""
    problems, names = [], set()
    for one in walkthrough.find(tree):
        names.add(one.name)
        faults = sorted(one.problems())
        if not faults:
            try:
                _write(one, _executed(one, limit, say))
            except Problem as fault:
                faults = [fault]
        problems += faults
    for folder in (tree.docs, tree.build / "notebooks"):
        for file in folder.rglob("*.ipynb"):
            if file.relative_to(folder).as_posix() not in names:
                file.unlink()
    return problems


def _executed(one: Walkthrough, limit: float, say) -> NotebookNode:
    """From the cache, where nothing changed that it was made from."""
    cache, now = one.tree.build / "notebooks" / one.name, key(one)
    if cache.is_file():
        kept = read(cache)
        if kept.metadata.get("proven", {}).get("key") == now:
            say(f"{one.shown}: {UNCHANGED}")
            return kept
    made = execute(one, limit)
    made.metadata["proven"]["key"] = now
    records.write(cache, text(made))
    facts = made.metadata["proven"]
    say(f"{one.shown}: {facts['cells']} cells in {facts['seconds']} s")
    return made


def key(one: Walkthrough) -> str:
    """A digest of all that a run depends on. Raises Problem."""
    files = [
        one.path,
        *one.included,
        *weights(one),
        one.tree.root / "requirements.txt",
        STYLE,
        HERE.root / "harness/notebooks/execute.py",
        HERE.root / "harness/notebooks/walkthrough.py",
    ]
    every = hashlib.sha256(importlib.metadata.version("torch").encode())
    for file in files:
        if file.is_file():
            every.update(hashlib.sha256(file.read_bytes()).digest())
    return every.hexdigest()[:16]


def weights(one: Walkthrough) -> list[Path]:
    """The weights of this site that it names. Raises Problem."""
    words = "\n".join(line.text for line in one.lines)
    every = sorted((one.tree.docs / "assets" / "weights").glob("*.pt"))
    return [file for file in every if file.stem in words]


def cards(one: Walkthrough) -> list[Path]:
    """What is said of them: recipe and metric. Raises Problem."""
    files = (file.with_suffix(".json") for file in weights(one))
    return [file for file in files if file.is_file()]


def pending(tree: Tree) -> None:
    """Give each walkthrough that was never executed a notebook to look at."""
    for one in walkthrough.find(tree):
        if one.notebook_path.is_file():
            continue
        try:
            made = one.notebook()
        except Problem:
            continue  # the execution says so
        note = nbformat.v4.new_markdown_cell(PENDING, id="pending")
        made.cells.insert(1, note)
        made.metadata["proven"] = {"pending": True}
        _write(one, made)


def _write(one: Walkthrough, made: NotebookNode) -> None:
    records.write(one.notebook_path, text(made))


def read(file: Path) -> NotebookNode:
    return nbformat.read(file, as_version=4)


def text(made: NotebookNode) -> str:
    return nbformat.writes(made) + "\n"
