"""What is in `recorded/sources.yml`, for the tables that cite it."""

from collections.abc import Iterator
from datetime import date, timedelta

from pydantic import BaseModel

from harness.core.page import plain
from harness.core.tree import Tree
from harness.site.tables import data
from harness.site.tables.data import Fault, Text


class Source(BaseModel, frozen=True):
    """Something that was read elsewhere."""

    url: Text
    title: Text
    read: date | Text  # a day, or 2026-11
    holds: list[Text]  # what it says, of what a page repeats


def load(tree: Tree) -> list[Source]:
    def rules(found: list[Source]) -> Iterator[Fault]:
        every = [plain(one.url) for one in found]
        for at, address in enumerate(every):
            if address in every[:at]:
                yield (at, "url"), f"{address} stands twice"
            if not address.startswith("https://"):
                yield (at, "url"), f"{address} is no https address"
            if str(found[at].read) > str(date.today() + timedelta(days=1)):
                yield (at, "read"), f"{found[at].read} is still to come"

    return data.load(tree, "sources.yml", list[Source], rules=rules) or []


def held(tree: Tree) -> dict[str, list[str]]:
    """What each source holds, by its address."""
    return {plain(one.url): one.holds for one in load(tree)}


def titles(tree: Tree) -> dict[str, str]:
    """By address, what each source is called and when it was read."""
    return {one.url: f"{one.title}, read {one.read}" for one in load(tree)}
