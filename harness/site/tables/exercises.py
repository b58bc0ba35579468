"""The list of all exercises, in the order of the nav."""

from collections.abc import Iterator

from markdown.extensions.toc import slugify

from harness.core import page
from harness.core.exercise import SUFFIX
from harness.core.page import Page
from harness.core.tree import Tree
from harness.site.markdown import Site
from harness.site.template import fill


def text(tree: Tree) -> str:
    known = {one.name: [*rows(one)] for one in page.find(tree)}
    parts = {
        label: [(name, *row) for name in names for row in known.get(name, ())]
        for label, names in Site(tree).parts()
    }
    return fill("exercises", parts=parts) if any(parts.values()) else ""


def rows(one: Page) -> Iterator[tuple[str, str, str]]:
    """Of each exercise the heading, its anchor, and the name of its start."""
    title, names = "", {include.line: include.snippet for include in one.includes}
    for number in one.practise:
        line, name = one.outside[number - 1], names.get(number, "")
        if line.startswith("### "):
            title = line.removeprefix("### ")
        elif title and (one.tree.snippets / f"{name}{SUFFIX}.py").is_file():
            yield title, slugify(title, "-"), name
