"""What is in `recorded/sources.yml`, for the tables that cite it."""

from pydantic import BaseModel

from harness.core.tree import Tree
from harness.site.tables import data
from harness.site.tables.data import Text


class Source(BaseModel, frozen=True):
    """Something that was read elsewhere."""

    url: Text
    title: Text
    read: Text  # when: "2026-11"
    holds: list[Text]  # what it says, of what a page repeats


def load(tree: Tree) -> list[Source]:
    """Every source, none where there is no file. Raises Problem."""
    return data.load(tree, "sources.yml", list[Source]) or []


def titles(tree: Tree) -> dict[str, str]:
    """By address, what each source is called and when it was read."""
    return {one.url: f"{one.title}, read {one.read}" for one in load(tree)}
