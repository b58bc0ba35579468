"""The index of the error pages: every text, its type, and the torch that said it."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown.extensions.toc import slugify

from harness import record, snippet
from harness.pages import page, rules
from harness.pages.page import Page
from harness.tree import Tree

INDEX = "errors/index.md"  # the page that shows it: links start there
HEADING = re.compile(r"###\s+`+ ?(?P<text>.+?) ?`+\s*")


@dataclass(frozen=True)
class Entry:
    """One heading of an error page, and the snippets that are shown below it."""

    page: Page
    line: int
    end: int  # the line of the next heading
    text: str  # what torch says, without its type; … stands for a gap
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
                yield Entry(one, start, end, text, tuple(dict.fromkeys(shown)))


def text(tree: Tree) -> str:
    """A table by page: the text, what raises or warns, and on which torch it did."""
    known = {s.name: s for s in snippet.find(tree) if rules.readable(s)}
    record_of = record.load(tree, "cpu")
    lines, last = [], None
    for entry in entries(page.find(tree)):
        if entry.page != last:
            title = next(line for line in entry.page.outside if line.startswith("# "))
            lines += ["", f"## {title[2:]}", "", "| Text | Type | torch |"]
            lines.append("| --- | --- | --- |")
            last = entry.page
        declared = [known[name] for name in entry.snippets if name in known]
        said = [s for s in declared if s.directives.raises or s.directives.warns]
        types = {s.directives.raises or s.directives.warns for s in said}
        ran = {record_of[s.name].torch for s in said if s.name in record_of}
        link = posixpath.relpath(entry.page.name, posixpath.dirname(INDEX))
        cells = [
            f"[{_code(entry.text)}]({link}#{entry.anchor})".replace("|", "\\|"),
            ", ".join(f"`{name}`" for name in sorted(types)) or "-",
            ", ".join(sorted(v.partition("+")[0] for v in ran)) or "not run yet",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines).strip("\n")


def _code(text: str) -> str:
    """A text as inline code, whatever backticks are in it."""
    if "`" not in text:
        return f"`{text}`"
    mark = "`" * (1 + max(map(len, re.findall("`+", text))))
    return f"{mark} {text} {mark}"
