"""What newer releases print otherwise, and why: `recorded/changes.yml`."""

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel, Field

from harness.core import page, records
from harness.core.directives import NEWER
from harness.core.snippet import Snippet, digest, find
from harness.core.tree import Tree
from harness.site.tables import data, sources
from harness.site.tables.data import Fault, Text
from harness.site.template import fill


class Change(BaseModel, frozen=True):
    """One change, and the programs that show it."""

    name: Text
    since: Text  # the first release that has it
    breaks: str = Field(pattern="^(code|numbers|warnings|messages)$")
    what: Text
    programs: list[Text]
    do: str = ""
    source: str = ""  # address in recorded/sources.yml
    lane: str = Field("newest", pattern=f"^({'|'.join(NEWER)})$")


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
            if one.source and one.source not in read:
                yield (at, "source"), f"{one.source} is not in recorded/sources.yml"

    return data.load(tree, "changes.yml", list[Change], rules=rules) or []


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
    known = {one.name: tree.known(page.SHOWN, one.name) for one in page.find(tree)}
    return {snippet: name for name, shown in known.items() for snippet, _ in shown}


def text(tree: Tree) -> str:
    changes, ran = load(tree), lanes(tree)
    if not (changes and ran):
        return ""
    differ = {lane: len(records.names(tree, lane)) for lane in ran}
    facts = {"changes": changes, "ran": ran, "names": NEWER, "places": places(tree)}
    return fill("changes", differ=differ, read=sources.titles(tree), **facts)


def feed(tree: Tree, config) -> str:
    """The same for readers of feeds: a change is as new as its last record."""
    ran = {lane: records.load(tree, lane) for lane in NEWER}
    days = [(max(ran[c.lane][n].date for n in c.programs), c) for c in load(tree)]
    return fill("feed", changes=days, site=config, names=NEWER)
