"""What newer releases print otherwise, and why: `recorded/changes.yml`."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from markdown.extensions.toc import slugify
from pydantic import BaseModel, Field

from harness.core import records
from harness.core.directives import NEWER
from harness.core.snippet import Snippet, digest, find
from harness.core.tree import Tree
from harness.notebooks.walkthrough import INCLUDED, every
from harness.site.tables import data, sources
from harness.site.tables.data import Fault, Text
from harness.site.template import fill

# What a change is to a reader, by what it breaks: that comes first in each release.
KINDS = {
    "code": "breaks code",
    "numbers": "numbers",
    "warnings": "warning",
    "messages": "message",
}


class Change(BaseModel, frozen=True):
    """One change, and the programs that show it."""

    name: Text
    since: Text  # the first release that has it
    breaks: str = Field(pattern=f"^({'|'.join(KINDS)})$")
    what: Text
    programs: list[Text]
    do: str = ""
    sources: list[Text] = []  # addresses in recorded/sources.yml
    plain: bool = False  # its output itself says why
    lane: str = Field("newest", pattern=f"^({'|'.join(NEWER)})$")

    @property
    def release(self) -> str:
        """As a reader names it: torch 2.15."""
        return f"{NEWER[self.lane]} {self.since.removesuffix('.0')}"

    @property
    def anchor(self) -> str:
        """Of its line on the page."""
        return slugify(self.name.replace("`", ""), "-")


class Lane(BaseModel, frozen=True):
    """What was run on another torch or Python: `recorded/<lane>.json`."""

    torch: Text
    python: Text
    date: date  # of the last run
    programs: dict[str, Text]  # the digest of each program's source


def load(tree: Tree) -> list[Change]:
    def rules(changes: list[Change]) -> Iterator[Fault]:
        for lane in NEWER:
            named = {n for one in changes if one.lane == lane for n in one.programs}
            for name in sorted(named ^ set(records.names(tree, lane))):
                yield (0,), f"'{name}' changed either here or on the lane {lane}, only"
        read = sources.titles(tree)
        for at, one in enumerate(changes):
            for address in one.sources:
                if address not in read:
                    yield (at, "sources"), f"{address} is not in recorded/sources.yml"
            if one.plain and one.sources:
                yield (at, "plain"), "needs no source, and has one"

    return data.load(tree, "changes.yml", list[Change], rules=rules) or []


def first(tree: Tree, lane: str, name: str) -> Change | None:
    """The oldest change of a program on a lane: the file has the newest first."""
    every = data.load(tree, "changes.yml", list[Change]) or []
    found = [one for one in every if one.lane == lane and name in one.programs]
    oldest = [one for one in found if one.since == found[-1].since]
    return oldest[0] if oldest else None


def lanes(tree: Tree) -> dict[str, Lane]:
    """What was run there, by lane: of programs that have not changed since."""
    now = {one.name: tree.known(f"{__name__}.source", one.name) for one in find(tree)}
    found = {}
    for lane in records.BUILDS:
        torch = {one.torch for one in records.load(tree, lane).values()}

        def rules(said: Lane, torch=torch, lane=lane) -> Iterator[Fault]:
            for other in sorted(torch - {said.torch}):
                yield ("torch",), f"{said.torch}, while the records have {other}"

        if one := data.load(tree, f"{lane}.json", Lane, f"make record-{lane}", rules):
            ran = dict(one.programs.items() & now.items())
            found[lane] = one.model_copy(update={"programs": ran})
    return found


def source(tree: Tree, name: str) -> str:
    return digest(Snippet(tree, name).source)


def places(tree: Tree) -> dict[str, str]:
    """The last page that shows each snippet."""
    known = {one.name: tree.known(INCLUDED, one.name) for one in every(tree)}
    return {snippet: name for name, shown in known.items() for snippet, _ in shown}


def text(tree: Tree) -> str:
    changes, ran = load(tree), lanes(tree)
    if not (changes and ran):
        return ""
    differ = {lane: len(records.names(tree, lane)) for lane in ran}
    shown = [one for one in changes if one.lane in ran]
    releases = [
        (release, sorted(every, key=lambda one: [*KINDS].index(one.breaks)))
        for release, every in groupby(shown, lambda one: one.release)
    ]
    facts = {"releases": releases, "kinds": KINDS, "names": NEWER, "ran": ran}
    facts |= {"differ": differ, "read": sources.titles(tree)}
    return fill("changes", places=places(tree), **facts)


def feed(tree: Tree, config) -> str:
    """The same for readers of feeds: a change is as new as its last record."""
    ran = {lane: records.load(tree, lane) for lane in NEWER}
    days = [(max(ran[c.lane][n].date for n in c.programs), c) for c in load(tree)]
    return fill("feed", changes=days, site=config, names=NEWER)
