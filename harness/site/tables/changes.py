"""What the newest torch prints otherwise, and why: `recorded/changes.yml`."""

from collections.abc import Iterator
from datetime import date

from pydantic import BaseModel

from harness.core import page, records
from harness.core.tree import Tree
from harness.site.tables import data, sources
from harness.site.tables.data import Fault, Text
from harness.site.template import fill

LANE = "newest"


class Change(BaseModel, frozen=True):
    """One change, and the programs that show it."""

    since: Text  # the first release that has it
    what: Text
    programs: list[Text]
    source: str = ""  # address in recorded/sources.yml


class Lane(BaseModel, frozen=True):
    """What one whole recording on another torch ran: `recorded/<lane>.json`."""

    torch: Text
    python: Text
    date: date
    programs: int


def load(tree: Tree) -> list[Change]:
    def rules(changes: list[Change]) -> Iterator[Fault]:
        named = {name for one in changes for name in one.programs}
        for name in sorted(named ^ set(records.names(tree, LANE))):
            yield (0,), f"'{name}' changed either here or on the lane {LANE}, only"
        read = sources.titles(tree)
        for at, one in enumerate(changes):
            if one.source and one.source not in read:
                yield (at, "source"), f"{one.source} is not in recorded/sources.yml"

    return data.load(tree, "changes.yml", list[Change], rules=rules) or []


def lanes(tree: Tree) -> dict[str, Lane]:
    found = {
        lane: data.load(tree, f"{lane}.json", Lane, f"make record-{lane}")
        for lane in records.BUILDS
    }
    return {lane: one for lane, one in found.items() if one}


def text(tree: Tree) -> str:
    changes, newest = load(tree), lanes(tree).get(LANE)
    if not (changes and newest):
        return ""
    places = {i.snippet: one.name for one in page.find(tree) for i in one.includes}
    facts = {"changes": changes, "newest": newest, "places": places}
    differ = len(records.names(tree, LANE))
    return fill("changes", differ=differ, read=sources.titles(tree), **facts)
