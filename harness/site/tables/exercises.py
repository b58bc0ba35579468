"""The list of all exercises, in the order of the nav."""

from collections.abc import Iterator

from markdown.extensions.toc import slugify

from harness.core.exercise import SUFFIX
from harness.core.tree import Tree
from harness.notebooks.walkthrough import every, of
from harness.site.markdown import Site
from harness.site.template import fill


def text(tree: Tree) -> str:
    names = [one.name for one in every(tree)]
    known = {name: tree.known(f"{__name__}.rows", name) for name in names}
    site = Site(tree)
    parts = {
        label: [(name, *row) for name in names for row in known.get(name, ())]
        for label, names in site.parts()
    }
    known = {label: shown for label, shown in parts.items() if shown}
    if not known:
        return ""
    return fill("exercises", parts=known, lessons=site.labels(), slug=slugify)


def rows(tree: Tree, name: str) -> Iterator[tuple[str, str, str]]:
    """Of each exercise of a page the heading, its anchor, the name of its start."""
    one = of(tree, name)
    title, names = "", {include.line: include.snippet for include in one.includes}
    for number in one.practise:
        line, name = one.outside[number - 1], names.get(number, "")
        if line.startswith("### "):
            title = line.removeprefix("### ")
        elif title and tree.has(tree.snippets / f"{name}{SUFFIX}.py"):
            yield title, slugify(title, "-"), name
