"""The index of the error pages: every text, its type, and the torch that said it."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown.extensions.toc import slugify

from harness import snippet
from harness.pages import fragments, page, rules
from harness.pages.fragments import Recorded
from harness.pages.page import Page
from harness.tree import Tree

INDEX = "errors/index.md"  # the page that shows it: links start there
HEADING = re.compile(r"###\s+`+ ?(?P<text>.+?) ?`+\s*")


@dataclass(frozen=True)
class Entry:
    """One heading of an error page, and the snippets that are shown below it."""

    page: Page
    line: int
    text: str  # what torch says, without its type
    snippets: tuple[str, ...]

    @property
    def anchor(self) -> str:
        return slugify(self.text, "-")


def entries(pages: list[Page]) -> Iterator[Entry]:
    """The headings of level 3 on the error pages that quote a text, in order."""
    for one in pages:
        if not one.name.startswith("errors/") or one.name == INDEX:
            continue
        heads = [
            (number, found["text"] if (found := HEADING.fullmatch(line)) else None)
            for number, line in enumerate(one.outside, 1)
            if re.match("#{1,3} ", line)
        ]
        ends = [number for number, _ in heads[1:]] + [len(one.outside) + 1]
        for (start, text), end in zip(heads, ends, strict=True):
            if text:
                shown = [i.snippet for i in one.includes if start < i.line < end]
                yield Entry(one, start, text, tuple(dict.fromkeys(shown)))


def text(tree: Tree) -> str:
    """A table by page: the text, what raises or warns, and on which torch it did."""
    readable = [s for s in snippet.find(tree) if rules.readable(s)]
    known = {one.snippet.name: one for one in fragments.load(tree, readable)}
    lines, last = [], None
    for entry in entries(page.find(tree)):
        if entry.page != last:
            title = next(line for line in entry.page.outside if line.startswith("# "))
            lines += ["", f"## {title[2:]}", "", "| Text | Type | torch |"]
            lines.append("| --- | --- | --- |")
            last = entry.page
        declared = [known[name] for name in entry.snippets if name in known]
        said = [one for one in declared if _type(one)]
        types = {_type(one) for one in said}
        ran = {one.cpu.torch for one in said if one.cpu}
        link = posixpath.relpath(entry.page.name, posixpath.dirname(INDEX))
        cells = [  # a bar in code is no column
            f"[`{entry.text}`]({link}#{entry.anchor})",
            ", ".join(f"`{name}`" for name in sorted(types)) or "-",
            ", ".join(sorted(v.partition("+")[0] for v in ran)) or "not run yet",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines).strip("\n")


def _type(one: Recorded) -> str | None:
    return one.snippet.directives.raises or one.snippet.directives.warns
