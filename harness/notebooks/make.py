"""`python -m harness notebooks`: executes each walkthrough, once per change.

`docs/<topic>/<name>.ipynb` is what mkdocs-jupyter renders; git ignores it.
"""

import hashlib
import importlib.metadata
import json
from collections.abc import Iterator
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
    walks = walkthrough.find(tree)
    problems = list(strays(tree))
    for one in walks:
        faults = sorted(one.problems())
        if not faults and is_ours(one.notebook_path):
            try:
                _write(one, _executed(one, limit, say))
            except Problem as fault:
                faults = [fault]
        problems += faults
    for folder in (tree.docs, tree.build / "notebooks"):
        for file in set(visible(folder)) - {folder / one.name for one in walks}:
            if is_ours(file):
                file.unlink()
    return problems


def visible(folder: Path) -> list[Path]:
    """The notebooks below a folder, without the copies that Jupyter keeps hidden."""
    return [
        file
        for file in sorted(folder.rglob("*.ipynb"))
        if not any(part.startswith(".") for part in file.relative_to(folder).parts)
    ]


def is_ours(file: Path) -> bool:
    """Whether a notebook may be replaced: nobody wrote it, and nobody edited it."""
    if not file.exists():
        return True
    try:
        made = json.loads(file.read_text(encoding="utf-8"))
        now = _sources(made["cells"])
        return made["metadata"]["proven"].get("sources", now) == now
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return False


def strays(tree: Tree) -> Iterator[Problem]:
    """The notebooks in docs/ that a person wrote or edited: they would be lost."""
    for file in visible(tree.docs):
        if is_ours(file):
            continue
        name, source = tree.show(file), tree.show(file.with_suffix(".py"))
        if file.with_suffix(".py").is_file():
            what = f"a notebook other than the one that {source} makes"
            fix = f"put what it adds into {source}, then move it away"
        else:
            what = "a notebook that no walkthrough makes"
            convert = f".venv/bin/jupytext --to py:percent {name}"
            fix = f"make it one: {convert}; then move the notebook out of docs/"
        yield Problem(name, 0, what, fix)


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
    made.metadata["proven"]["sources"] = _sources(made.cells)
    records.write(one.notebook_path, text(made))


def _sources(cells: list[dict]) -> str:
    """A digest of what a person may have typed into a notebook."""
    typed = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    return hashlib.sha256(json.dumps(typed).encode()).hexdigest()[:16]


def read(file: Path) -> NotebookNode:
    return nbformat.read(file, as_version=4)


def text(made: NotebookNode) -> str:
    return nbformat.writes(made) + "\n"
