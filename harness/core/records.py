"""What was run where: `recorded/runs/<lane>/<name>.json`, one file a snippet.

Each has a file of its own, so that branches which add snippets merge, and two
recordings at the same time cannot lose each other's entries.
"""

import contextlib
import json
import os
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from harness.core.directives import APART
from harness.core.problem import Problem
from harness.core.tree import Tree

LANES = ("cpu", "gpu", *APART)
MARK = "<<<<<<< "  # what git writes where a merge found two versions
PART = ".part"  # ends the hidden name of a file that is being written
UNREADABLE = (ValueError, LookupError, TypeError)


def _once(pairs: list[tuple[str, object]]) -> dict:
    """A merge by hand that keeps both sides leaves two lines for one key."""
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError("a key stands twice")
    return table


READER = json.JSONDecoder(object_pairs_hook=_once)


@dataclass(frozen=True)
class Entry:
    """One snippet on one lane."""

    source: str  # digest of the program
    output: str  # digest of what it printed
    torch: str
    python: str
    device: str  # "cpu", or the name of the card
    seconds: float  # its own work, imports of the harness's parent excluded
    date: str  # ISO 8601
    driver: str | None = None
    packages: dict[str, str] | None = None  # versions of what else it needs

    def same_run(self, other: "Entry") -> bool:
        """Whether nothing that matters changed: then the older entry stays."""
        mine, theirs = asdict(self), asdict(other)
        return all(mine[k] == theirs[k] for k in mine.keys() - {"seconds", "date"})


def path(tree: Tree, lane: str, name: str) -> Path:
    return tree.recorded / "runs" / lane / f"{name}.json"


def files(tree: Tree, lane: str) -> Iterator[tuple[str, Path]]:
    """The entries of a lane, as names of snippets and files."""
    top = tree.recorded / "runs" / lane
    for folder, inside, found in os.walk(top):
        inside.sort()
        below = Path(folder).relative_to(top).as_posix()
        for file in sorted(found):
            if file.endswith(".json") and not file.startswith("."):
                yield f"{below}/{file.removesuffix('.json')}", Path(folder, file)


def load(tree: Tree, lane: str) -> dict[str, Entry]:
    """The entries of a lane by snippet name; none where nothing was recorded.

    Raises Problem that names all the files which cannot be read.
    """
    entries, broken = {}, {}
    for name, file in files(tree, lane):
        try:
            entries[name] = _entry(file.read_bytes())
        except FileNotFoundError:
            continue  # another run has just removed it
        except UNREADABLE as error:
            broken[name] = error
    if broken:
        raise _problem(tree, lane, broken)
    return entries


def save(tree: Tree, lane: str, name: str, entry: Entry) -> None:
    """Write an entry."""
    table = {key: value for key, value in asdict(entry).items() if value is not None}
    write(path(tree, lane, name), json.dumps(table, indent=1) + "\n")


def renew(tree: Tree, lane: str, name: str, entry: Entry) -> None:
    """Write an entry, unless nothing that matters changed: then the older one stays."""
    try:
        if _entry(path(tree, lane, name).read_bytes()).same_run(entry):
            return
    except (FileNotFoundError, *UNREADABLE):
        pass
    save(tree, lane, name, entry)


def command(lane: str, names: list[str]) -> str:
    """The command that records these snippets on a lane."""
    if lane == "gpu":
        return f"python -m harness run {' '.join(names)} --lane gpu --record"
    job = "record" if lane == "cpu" else f"record-{lane}"
    only = names[0] if len(names) == 1 else f'"{" ".join(names)}"'
    return f"make {job} ONLY={only}"


def _entry(data: bytes) -> Entry:
    return Entry(**READER.decode(data.decode()))


def _problem(tree: Tree, lane: str, broken: dict[str, Exception]) -> Problem:
    shown = [tree.show(path(tree, lane, name)) for name in broken]
    names, every, error = list(broken), " ".join(shown), next(iter(broken.values()))
    text = path(tree, lane, names[0]).read_text("utf-8", errors="replace")
    lines = [line.startswith(MARK) for line in text.split("\n")]
    if merged := any(lines):
        line, why = lines.index(True) + 1, "git stopped in a merge here"
    else:
        line, why = getattr(error, "lineno", 0), error
        if isinstance(error, TypeError):
            why = "it does not hold what a record holds"
    what = f"cannot be read: {why}"
    if len(names) > 1:
        what += f" (nor can {', '.join(shown[1:])})"
    fix = command(lane, names)
    if lane == "gpu":  # which is perhaps not here
        take = f"checkout --theirs {every} && git add" if merged else "checkout"
        fix = f"git {take} {every}\n    or, on a machine with a GPU: {fix}"
    elif merged:
        fix += f" && git add {every}"
    return Problem(shown[0], line, what, fix)


def write(file: Path, data: str | bytes) -> None:
    """Replace a file in one step, so that no reader sees half of it.

    A file that already holds the data is left alone: live reload watches dates.
    """
    if isinstance(data, str):
        data = data.encode()
    if file.exists() and file.read_bytes() == data:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}{PART}")
    try:
        part.write_bytes(data)
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Remove what writers that were killed had begun, a minute later or more."""
    for part in folder.rglob(f".*{PART}"):
        with contextlib.suppress(FileNotFoundError):  # its writer has just ended
            if time.time() - part.stat().st_mtime > 60:
                part.unlink()
