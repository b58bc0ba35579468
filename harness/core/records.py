"""What was run where: `recorded/<lane>.json`, one entry a snippet, with provenance."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from harness.core.directives import APART
from harness.core.problem import Problem
from harness.core.tree import Tree

# lane -> name of its record
LANES = {"cpu": "cpu", "gpu": "cuda"} | {name: name for name in APART}


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


def path(tree: Tree, lane: str) -> Path:
    return tree.recorded / f"{LANES[lane]}.json"


def load(tree: Tree, lane: str) -> dict[str, Entry]:
    """The entries of a lane by snippet name; none where nothing was recorded."""
    try:
        text = path(tree, lane).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        table = json.loads(text)["snippets"]
        return {name: Entry(**entry) for name, entry in table.items()}
    except (ValueError, LookupError, TypeError) as error:
        where = tree.show(path(tree, lane))
        fix = "take one side of a merge, then make record"
        raise Problem.general(f"{where} cannot be read: {error}\n    {fix}") from error


def save(tree: Tree, lane: str, entries: dict[str, Entry]) -> None:
    """Write the entries of a lane, sorted by name."""
    table = {
        name: {k: v for k, v in asdict(entry).items() if v is not None}
        for name, entry in sorted(entries.items())
    }
    write(path(tree, lane), json.dumps({"snippets": table}, indent=1) + "\n")


def write(file: Path, data: str | bytes) -> None:
    """Replace a file in one step, so that no reader sees half of it.

    A file that already holds the data is left alone: live reload watches dates.
    """
    if isinstance(data, str):
        data = data.encode()
    if file.exists() and file.read_bytes() == data:
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        part.write_bytes(data)
        os.replace(part, file)
    finally:
        part.unlink(missing_ok=True)
