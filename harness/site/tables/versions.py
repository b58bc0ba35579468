"""Which torch goes with which torchvision, Python and CUDA: `recorded/versions.yml`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import yaml

from harness.core.problem import Problem
from harness.core.tree import Tree
from harness.site.tables import sources


@dataclass(frozen=True)
class Release:
    """One release of torch, as a source tells it."""

    torch: str
    released: date
    torchvision: str
    python: str  # "3.10 to 3.14"
    cuda: tuple[str, ...]  # of the builds for NVIDIA GPUs
    source: str  # address in recorded/sources.yml


def load(tree: Tree) -> list[Release]:
    """The releases, newest first, none where there is no file. Raises Problem."""
    file = tree.recorded / "versions.yml"
    if not file.exists():
        return []
    try:
        rows = yaml.safe_load(file.read_text(encoding="utf-8"))
        found = [Release(**{**row, "cuda": tuple(row["cuda"])}) for row in rows]
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise Problem.general(f"{tree.show(file)} cannot be read: {error}") from error
    for problem in _problems(found, sources.titles(tree)):
        raise Problem.general(f"{tree.show(file)}: {problem}")
    return found


def _problems(releases: list[Release], read: dict[str, str]) -> Iterator[str]:
    for one in releases:
        texts = (one.torch, one.torchvision, one.python, *one.cuda)
        if not all(isinstance(text, str) for text in texts):
            yield f"torch {one.torch}: versions are texts, put them in quotes"
        if not isinstance(one.released, date):
            yield f"torch {one.torch}: '{one.released}' is no date"
        if one.source not in read:
            yield f"torch {one.torch}: {one.source} is not in recorded/sources.yml"
    for newer, older in pairwise(releases):
        if newer.released <= older.released:
            yield f"torch {newer.torch} is not newer than {older.torch} below it"


def text(tree: Tree) -> str:
    """A table of the releases, and where each row was read."""
    releases = load(tree)
    if not releases:
        return ""
    lines = [
        '<div class="versions" markdown>',
        "",
        "| torch | torchvision | Python | released | CUDA |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in releases:
        cells = [one.torch, one.torchvision, one.python, str(one.released)]
        lines.append(f"| {' | '.join(cells)} | {', '.join(one.cuda)} |")
    titles = sources.titles(tree)
    rows: dict[str, list[str]] = {}
    for one in releases:
        rows.setdefault(one.source, []).append(one.torch)
    lines += ["", "</div>", "", "Read at:", ""]
    for url, torches in rows.items():
        which = f"{torches[-1]} to {torches[0]}" if torches[1:] else torches[0]
        lines.append(f"- {which}: [{titles[url]}]({url})")
    return "\n".join(lines)
