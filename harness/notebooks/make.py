"""`python -m harness notebooks`: executes each walkthrough, once per change.

`docs/<topic>/<name>.ipynb` is what is rendered and given away; git ignores it.
"""

import hashlib
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
from harness.core.tree import Tree
from harness.notebooks import execute, walkthrough
from harness.notebooks.walkthrough import Walkthrough

UNCHANGED = "unchanged"
PENDING = "*This notebook is being executed. Its outputs come in a minute.*"


def make(tree: Tree, limit: float = limits.CELL, say=print) -> list[Problem]:
    """Write the executed notebooks; every reason why one could not be."""
    walks = walkthrough.find(tree)
    problems, waiting = list(strays(tree)), []
    for one in walks:
        if faults := sorted(one.problems()):
            problems += faults
        elif is_ours(one.notebook_path):
            waiting.append(one)
    # Each has a kernel of its own, with one thread: as many run as there are cores.
    with ThreadPool(os.cpu_count()) as workers:
        for faults, said in workers.imap(lambda one: _make(one, limit), waiting):
            problems += faults
            if said:
                say(said)
    for file in set(visible(tree)) - {one.notebook_path for one in walks}:
        if is_ours(file):
            file.unlink()
    return problems


def _make(one: Walkthrough, limit: float) -> tuple[list[Problem], str]:
    """What is wrong with one, and what to say of it."""
    if one.notebook_path.is_file():
        made = read(one.notebook_path)
        if facts(made).get("key") == key(one, made):
            return [], f"{one.shown}: {UNCHANGED}"
    try:
        made = execute.execute(one, limit)
    except Problem as fault:
        return [fault], ""
    if faults := list(execute.problems(one, made)):
        return faults, ""
    made.metadata["proven"]["key"] = key(one, made)
    write(one, made)
    known = facts(made)
    return [], f"{one.shown}: {known['cells']} cells in {known['seconds']} s"


def visible(tree: Tree) -> list[Path]:
    """The notebooks in docs/, without the copies that Jupyter keeps hidden."""
    return [
        file
        for file in sorted(tree.docs.rglob("*.ipynb"))
        if not any(part.startswith(".") for part in file.relative_to(tree.docs).parts)
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
    for file in visible(tree):
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
    parts.append(importlib.metadata.version("torch").encode())
    for part in (one.notebook().cells, one.requirements(), made.cells):
        parts.append(json.dumps(part, sort_keys=True).encode())
    return _digest(*parts)


def weights(one: Walkthrough, suffix: str = ".pt") -> list[Path]:
    """The weights of this site that it names; with ".json", what is said of them."""
    words = "\n".join(line.text for cell in one.cells for line in cell.lines)
    every = sorted((one.tree.docs / "assets" / "weights").glob(f"*{suffix}"))
    return [file for file in every if file.stem in words]


def pending(tree: Tree) -> None:
    """Give each walkthrough that was never executed a notebook to look at."""
    for one in walkthrough.find(tree):
        if not one.notebook_path.is_file():
            made = one.notebook()
            made.cells.insert(1, nbformat.v4.new_markdown_cell(PENDING, id="pending"))
            made.metadata["proven"] = {"pending": True}
            write(one, made)


def write(one: Walkthrough, made: NotebookNode) -> None:
    made.metadata["proven"]["sources"] = _sources(made.cells)
    records.write(one.notebook_path, text(made))


def _sources(cells: list[dict]) -> str:
    """A digest of what a person may have typed into a notebook."""
    typed = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    return _digest(json.dumps(typed).encode())


def _digest(*parts: bytes) -> str:
    every = b"".join(hashlib.sha256(part).digest() for part in parts)
    return hashlib.sha256(every).hexdigest()[:16]


def facts(made: NotebookNode) -> dict:
    """What is known of its run; empty where it was not executed."""
    found = made.metadata.get("proven", {})
    return {} if found.get("pending") else found


def read(file: Path) -> NotebookNode:
    return nbformat.read(file, as_version=4)


def text(made: NotebookNode) -> str:
    return nbformat.writes(made) + "\n"
