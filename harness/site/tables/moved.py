"""Where the entries went that stood on another error page: old links lead there."""

from collections.abc import Iterator

from pydantic import BaseModel

from harness.core import page
from harness.core.page import Page
from harness.core.tree import Tree
from harness.site.tables import data, errors
from harness.site.template import fill

FILE = "error_anchors.yml"


class Old(BaseModel, frozen=True):
    """What the error pages had: anchors by page, and where the groups of these went."""

    anchors: dict[str, list[str]]
    groups: dict[str, dict[str, str]]
    names: dict[str, str]


def moves(tree: Tree, pages: list[Page]) -> Iterator[tuple[str, list]]:
    """For each old page, the anchors that are elsewhere now, with name and address."""
    old = data.load(tree, FILE, Old)
    now = {entry.anchor: entry for entry in errors.listed(pages)}
    for name, anchors in old.anchors.items() if old else ():
        groups, rows = old.groups.get(name, {}), []
        for anchor in anchors:
            one = now.get(anchor)
            if one and (anchor in groups or one.page.name != name):
                rows.append((anchor, one.name, one.page.name, anchor))
            elif anchor in groups:
                words = old.names.get(anchor, anchor.replace("-", " "))
                rows.append((anchor, words, f"errors/{groups[anchor]}.md", ""))
        yield name.removeprefix(errors.FOLDER).removesuffix(".md"), rows


def text(tree: Tree) -> str:
    return fill("moved", pages=[one for one in moves(tree, page.find(tree)) if one[1]])
