"""What was run where: `recorded/runs/<lane>/<name>.json`, one file a snippet.

So branches which add snippets merge, and two recordings at the same time cannot lose
each other's entries.
"""

import contextlib
import json
import os
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from harness.core.directives import APART, BUILDS
from harness.core.problem import Problem
from harness.core.tree import PART, Tree, write

LANES = ("cpu", "gpu", *APART, *BUILDS)
MARK = "<<<<<<< "  # what git writes where a merge found two versions


def _once(pairs: list[tuple[str, object]]) -> dict:
    """A merge by hand that keeps both sides leaves two lines for one key."""
    if len(table := dict(pairs)) < len(pairs):
        raise ValueError("a key stands twice")
    return table


@dataclass(frozen=True)
class Entry:
    source: str  # digest of the program
    output: str  # digest of what it printed
    torch: str
    python: str
    device: str  # "cpu", or the name of the card
    seconds: float  # its own work, imports of the harness's parent excluded
    date: str  # ISO 8601
    driver: str | None = None
    packages: dict[str, str] | None = None  # versions of what else it needs


def path(tree: Tree, lane: str, name: str) -> Path:
    return tree.recorded / "runs" / lane / f"{name}.json"


def names(tree: Tree, lane: str) -> list[str]:
    """Of the snippets that have an entry on a lane."""
    top = tree.recorded / "runs" / lane
    files = (one.relative_to(top).as_posix() for one in tree.files(top, ".json"))
    return sorted(file.removesuffix(".json") for file in files)


def load(tree: Tree, lane: str) -> dict[str, Entry]:
    """The entries of a lane by snippet name. Raises Problem, which names all faults."""
    entries, broken = {}, {}
    for name in names(tree, lane):
        try:
            if (data := tree.data(path(tree, lane, name))) is not None:
                entries[name] = _parsed(data)
        except ValueError as error:
            broken[name] = error
    if broken:
        raise _problem(tree, lane, broken)
    return entries


def entry(tree: Tree, lane: str, name: str) -> Entry | None:
    """That of one snippet. Raises Problem, which names all faults of the lane."""
    data = tree.data(path(tree, lane, name))
    try:
        return None if data is None else _parsed(data)
    except ValueError:
        return load(tree, lane).get(name)


def save(tree: Tree, lane: str, name: str, entry: Entry) -> None:
    """Write an entry, unless nothing that matters changed: then the older one stays."""
    file = path(tree, lane, name)
    with contextlib.suppress(FileNotFoundError, ValueError):
        old = _parsed(file.read_bytes())
        if replace(old, seconds=entry.seconds, date=entry.date) == entry:
            return
    table = {key: value for key, value in asdict(entry).items() if value is not None}
    write(file, json.dumps(table, indent=1) + "\n")


def command(lane: str, snippets: list[str]) -> str:
    every = " ".join(snippets)
    if lane == "gpu":
        return f'on a GPU: make record-gpu ONLY="{every}"'
    job = "record" if lane == "cpu" else f"record-{lane}"
    return f'make {job} ONLY="{every}"' if snippets[1:] else f"make {job} ONLY={every}"


def _parsed(data: bytes) -> Entry:
    """Raises ValueError for what is no record."""
    table = json.loads(data.decode(), object_pairs_hook=_once)
    try:
        return Entry(**table)
    except TypeError:
        raise ValueError("it does not hold what a record holds") from None


def _problem(tree: Tree, lane: str, broken: dict[str, ValueError]) -> Problem:
    first, *others = [tree.show(path(tree, lane, name)) for name in broken]
    error, every = next(iter(broken.values())), " ".join([first, *others])
    merged, fix = MARK in getattr(error, "doc", ""), command(lane, list(broken))
    why = "git stopped in a merge here" if merged else str(error)
    why += f" (nor can {', '.join(others)})" if others else ""
    add = f" && git add {every}" if merged else ""
    if lane == "gpu":  # which is perhaps not here
        fix = f"git checkout{' --theirs' * merged} {every}{add}\n    or, {fix}"
    else:
        fix += add
    return Problem(first, getattr(error, "lineno", 0), f"cannot be read: {why}", fix)


def fill(tree: Tree, folder: Path, texts: dict[str, str]) -> None:
    """Write texts by name, and remove all others."""
    for name, text in texts.items():
        tree.write(folder / name, text)
    only(tree, folder, texts)


def only(tree: Tree, folder: Path, names: Iterable[str]) -> None:
    """Remove all files of a folder but these."""
    made = {os.path.normpath(f"{folder}/{name}") for name in names}
    for above, _, files in os.walk(folder):
        for file in files:
            if (one := os.path.join(above, file)) not in made:
                tree.remove(Path(one))


def sweep(folder: Path) -> None:
    """Remove what writers that were killed had begun, a minute later or more."""
    for part in folder.rglob(f".*{PART}"):
        with contextlib.suppress(FileNotFoundError):  # its writer has just ended
            if time.time() - part.stat().st_mtime > 60:
                part.unlink()
