"""Which torch goes with which torchvision, Python and CUDA: `recorded/versions.yml`."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from pydantic import BaseModel, Field

from harness.core.tree import Tree
from harness.site.tables import data, sources
from harness.site.tables.data import Fault, Text
from harness.site.template import fill


class Release(BaseModel, frozen=True):
    """One release of torch, as a source tells it."""

    torch: Text
    released: date
    torchvision: Text
    python: Text  # "3.10 to 3.14"
    cuda: list[Text] = Field(min_length=1)  # of the builds for NVIDIA GPUs
    source: Text  # address in recorded/sources.yml


def load(tree: Tree) -> list[Release]:
    def rules(releases: list[Release]) -> Iterator[Fault]:
        read = sources.titles(tree)
        for at, one in enumerate(releases):
            if one.source not in read:
                yield (at, "source"), f"{one.source} is not in recorded/sources.yml"
        for at, (one, older) in enumerate(pairwise(releases)):
            if one.released <= older.released:
                what = f"torch {one.torch} is not newer than {older.torch} below it"
                yield (at, "released"), what

    return data.load(tree, "versions.yml", list[Release], rules=rules) or []


def text(tree: Tree) -> str:
    releases = load(tree)
    if not releases:
        return ""
    read_at: dict[str, list[str]] = {}
    for one in releases:
        read_at.setdefault(one.source, []).append(one.torch)
    titles = sources.titles(tree)
    return fill("versions", releases=releases, read_at=read_at, titles=titles)
