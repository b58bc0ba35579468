"""The lists on top of the error pages: the short name of each of their entries."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown.extensions.toc import slugify

from harness.core import page
from harness.core.page import Page
from harness.core.tree import Tree
from harness.site.template import fill

FOLDER = "errors/"
INDEX = "errors/index.md"
HEADING = re.compile(r"### (?P<name>.+?) \{ #(?P<anchor>[\w-]+) \}\s*")
SAID = re.compile(r"`+ ?(?P<text>.+?) ?`+")
CLASS = "{ .said }"  # below the line that is the text as torch prints it


@dataclass(frozen=True)
class Entry:
    """One heading of an error page, and the text of torch below it."""

    page: Page
    line: int
    end: int  # the line of the next heading
    name: str  # the error in a few words
    anchor: str
    said: str  # what torch says; … stands for a gap, nothing for a wrong number
    group: str = ""  # the heading of level 2 above it


def listed(pages: list[Page]) -> Iterator[Entry]:
    """The headings of level 3 on the error pages, in order."""
    for one in pages:
        if not one.name.startswith(FOLDER) or one.name == INDEX:
            continue
        heads = [
            n for n, line in enumerate(one.outside, 1) if re.match("#{1,3} ", line)
        ]
        group = ""
        for start, end in itertools.pairwise([*heads, len(one.outside) + 1]):
            if (line := one.outside[start - 1]).startswith("### "):
                yield _entry(one, start, end, line, group)
            elif line.startswith("## "):
                group = line.removeprefix("## ").partition(" {")[0]


def _entry(one: Page, start: int, end: int, heading: str, group: str) -> Entry:
    below = one.outside[start : end - 1]
    said = next((a for a, b in itertools.pairwise(below) if b == CLASS), "")
    found, text = HEADING.fullmatch(heading), SAID.fullmatch(said)
    name = found["name"] if found else heading.removeprefix("### ")
    anchor = found["anchor"] if found else slugify(name.replace("`", ""), "-")
    return Entry(one, start, end, name, anchor, text["text"] if text else "", group)


def text(tree: Tree) -> str:
    """A section for each page: its entries by their short names, below their groups."""
    by_page: dict[str, dict[str, list[Entry]]] = {}
    for entry in listed(page.find(tree)):
        groups = by_page.setdefault(section(entry.page), {})
        groups.setdefault(entry.group, []).append(entry)
    return fill("errors", pages=by_page.items())


def section(one: Page) -> str:
    """The name of a page's section in a table."""
    return one.name.removeprefix(FOLDER).removesuffix(".md")
